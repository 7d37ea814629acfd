"""The work of `ccpolicy rules list`."""

from __future__ import annotations

from typing import Any

from ccpolicy.assessment.library import load_library
from ccpolicy.assessment.run import Wanted
from ccpolicy.cli.printing import check_form, put_json, put_table
from ccpolicy.cli.selection import unknown_standards
from ccpolicy.cli.settings import given_packs
from ccpolicy.documents.moment import Duration
from ccpolicy.errors import Refused
from ccpolicy.rulebook.rule import Parameter, Rule


def list_rules(packs: tuple[str, ...], shipped: bool, standards: tuple[str, ...], form: str) -> int:
    """Prints the rules; returns the exit code. Raises Refused."""
    check_form(form)
    library = load_library(given_packs(packs), shipped)
    problems = list(unknown_standards(standards, library))
    if problems:
        raise Refused(problems)
    wanted = Wanted(standards=standards)
    rules = [rule for rule in library.rulebook.rules.values() if wanted.takes(rule)]
    if form == "json":
        put_json([_described(rule) for rule in rules])
    else:
        put_table([(rule.id, rule.severity, f"{rule.title} ({', '.join(_controls(rule))})") for rule in rules])
    return 0


def _controls(rule: Rule) -> list[str]:
    return [citation.control for citation in rule.citations]


def _described(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity,
        "controls": [{"control": one.control, "coverage": one.coverage, "why": one.why} for one in rule.citations],
        "applies_to": rule.foci.kind,
        "reads": list(rule.kinds),
        "parameters": [_parameter(parameter) for parameter in rule.parameters.values()],
        "file": rule.file,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "unit": parameter.unit,
        "default": _plain(parameter.default),
        "at_least": _plain(parameter.at_least),
        "at_most": _plain(parameter.at_most),
        "description": parameter.description,
    }


def _plain(value: Any) -> Any:
    """A parameter's value as JSON: numbers as they are, dates and durations as texts."""
    match value:
        case None | bool() | int() | str():
            return value
        case Duration():
            return value.text
        case tuple():
            return list(value)
        case _:
            return float(value) if hasattr(value, "numerator") else str(value)
