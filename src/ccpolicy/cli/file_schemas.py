"""JSON Schemas of the files that are no documents: rules, cases, definitions and the config."""

from __future__ import annotations

import json
from typing import Any

from ccpolicy.cli.messages import put
from ccpolicy.documents.config import config_schema
from ccpolicy.documents.schema import NO_KIND
from ccpolicy.rulebook import syntax

DRAFT = "https://json-schema.org/draft/2020-12/schema"
MODELS: dict[str, type[syntax.Model]] = {"rule": syntax.RuleModel, "cases": syntax.CasesModel, "definition": syntax.DefinitionModel}
TITLES = {"rule": "Rule", "cases": "Cases of a rule", "definition": "Named predicate", "config": "ccpolicy.toml"}
FORMS = tuple(TITLES)

# Lists that may be written as their only member: the models make lists of them before pydantic looks, which its schema does not say.
LONE = {
    "config": {"packs", "ignore", "standard", "rule", "site", "client", "files", "placeholders", "lacks", "true", "false", "null"},
    "rule": {"key", "next"},
    "definition": {"next"},
}


def file_schema(form: str) -> dict[str, Any]:
    """The schema of a rule, cases, definition or config file."""
    found = config_schema() if form == "config" else MODELS[form].model_json_schema(by_alias=True)
    head = {"$schema": DRAFT, "$id": f"urn:ccpolicy:{form}:1", NO_KIND: True, "title": TITLES[form]}
    return {**head, **{word: _loosened(value, LONE.get(form, set())) for word, value in found.items() if word not in head}}


def _loosened(node: Any, lone: set[str]) -> Any:
    match node:
        case dict():
            changed = {word: _loosened(value, lone) for word, value in node.items()}
            properties = changed.get("properties", {})
            return {**changed, "properties": {**properties, **_alone(properties, lone)}} if properties else changed
        case list():
            return [_loosened(item, lone) for item in node]
        case _:
            return node


def _alone(properties: dict[str, Any], lone: set[str]) -> dict[str, Any]:
    return {name: _or_member(name, properties[name]) for name in properties if name in lone}


def _or_member(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a list, widened to its only member; an edge may be a path alone."""
    branches = schema.get("anyOf", [schema])
    widened = []
    for branch in branches:
        if branch.get("type") != "array":
            widened.append(branch)
            continue
        member = {"anyOf": [{"type": "string"}, branch["items"]]} if name == "next" else branch["items"]
        array = {word: value for word, value in branch.items() if word not in ("default", "title", "description")}
        widened += [member, {**array, "items": member}]
    kept = {word: value for word, value in schema.items() if word in ("default", "title", "description")}
    return {**kept, "anyOf": widened}


def schema_text(form: str) -> str:
    """The schema as it stands in `schemas/<form>.schema.json`."""
    return json.dumps(file_schema(form), ensure_ascii=False, indent=2) + "\n"


def print_file_schema(form: str) -> int:
    """Prints the schema; returns the exit code."""
    put(schema_text(form), as_utf8=True)
    return 0
