"""The pages on files: the config, the report for programs, and an example of a mapping."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ccpolicy.documents.config import config_schema
from tools.docs.fields import fields_of, limits, resolved, type_text
from tools.docs.page import Page, broken, code, fence, prose, table

TOP = Path(__file__).resolve().parents[2]
KEYS = TOP / "docs" / "config.toml"


def file_pages() -> Iterator[Page]:
    """Their pages."""
    yield Page("reference/config.md", "The config", _config())
    yield Page("reference/report.md", "The report for programs", _report())
    yield Page("changelog.md", "Changelog", (TOP / "CHANGELOG.md").read_text("utf-8").removeprefix("# Changelog"))
    example = (TOP / "docs" / "examples" / "vendor-mapping.toml").read_text("utf-8")
    yield Page("examples/vendor-mapping.md", "Mapping vendors' exports", MAPPING + fence(example, "toml", "ccpolicy.toml"))


CONFIG = """\
`ccpolicy.toml`, or `[tool.ccpolicy]` of a `pyproject.toml`, is sought from the path that is checked upwards; one that lies further down,
or in the working directory only, is not used. Unknown keys are refused, with a hint. `ccpolicy schemas config` prints the JSON Schema.
"""
MAPPING = "The exports of Amazon Connect and Genesys Cloud, brought to kinds that rules know. The tests read it.\n\n"


def config_tables() -> dict[str, dict[str, Any]]:
    """The tables of the config with their keys, each with its schema; `` is the top."""
    schema = config_schema()
    tables = {"": schema["properties"]}
    for name, word in TABLES.items():
        tables[name] = resolved({"$ref": f"#/$defs/{word}"}, schema)["properties"]
    return tables


TABLES = {
    "organisation": "OrganisationTable",
    "documents": "DocumentsTable",
    "complete": "KindCompleteTable",
    "plan": "PlanTable",
    "price": "PriceTable",
    "owners": "OwnerTable",
}
HEADS = {
    "": "Top",
    "organisation": "[organisation]",
    "documents": "[[documents]]",
    "complete": "[[complete]]",
    "plan": "[plan]",
    "price": "[plan.rules], [plan.controls], [plan.responsibilities]",
    "owners": "[owners]",
}


def _config() -> str:
    said = tomllib.loads(KEYS.read_text("utf-8"))
    schema = config_schema()
    parts = [CONFIG]
    for name, keys in config_tables().items():
        rows = [(code(key), _type(below, schema), _default(below), said[name or "top"][key]) for key, below in keys.items()]
        parts.append(f"## {HEADS[name]}\n\n{said['about'][name or 'top']}\n\n{table(('key', 'type', 'default', 'meaning'), rows)}")
    return "\n".join(parts)


def _type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    if any(
        word in str(schema) for word in ("OrganisationTable", "DocumentsTable", "CompleteTable", "PlanTable", "PriceTable", "OwnerTable")
    ):
        return "tables" if schema.get("type") == "array" else "table"
    return type_text(schema, root).replace(" or null", "")


def _default(schema: Mapping[str, Any]) -> str:
    default = schema.get("default")
    return "" if default in (None, [], {}, "") or isinstance(default, dict) else code(json.dumps(default))


def _report() -> str:
    schema = json.loads((TOP / "schemas" / "report.schema.json").read_text("utf-8"))
    parts = [prose(schema["description"]), "", "The schema is `schemas/report.schema.json`.", "", _fields(schema, schema)]
    for name, below in schema["$defs"].items():
        rows = _fields(below, schema) if fields_of(below, schema, follow=False) else type_text(below, schema, follow=False) + "\n"
        parts += ["", f"## {name}", "", prose(str(below.get("description", ""))), "", rows]
    return "\n".join(parts)


def _fields(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    rows = [
        (
            broken(field.path),
            type_text(field.schema, root, follow=False),
            " ".join(filter(None, [prose(field.about), limits(field.schema)])),
        )
        for field in fields_of(schema, root, follow=False)
    ]
    return table(("field", "type", "meaning"), rows)
