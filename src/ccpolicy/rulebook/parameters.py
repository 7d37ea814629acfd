"""Parameters: their types, defaults and bounds, and the values that an organisation sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ccpolicy.documents.moment import Duration, read_date, read_duration
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import exact
from ccpolicy.language.expr import Param
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.rule import Parameter

_WRITTEN = {
    "integer": "a whole number",
    "number": "a number",
    "text": "a text",
    "boolean": "true or false",
    "date": "a date such as 2026-06-30",
    "duration": "a duration such as P90D",
    "list": "a list of texts",
}


def read_param(kind: str, value: Any) -> Param:
    """The value by the parameter's type, or None when it is none of it."""
    number = exact(value)
    match kind:
        case "integer":
            return number if isinstance(number, int) else int(number) if number is not None and number.denominator == 1 else None
        case "number":
            return number
        case "boolean":
            return value if isinstance(value, bool) else None
        case "date":
            return read_date(value)
        case "duration":
            return read_duration(value)
        case "list":
            return tuple(value) if isinstance(value, list) and all(isinstance(item, str) for item in value) else None
        case _:
            return value if isinstance(value, str) else None


def outside(found: Parameter, value: Param) -> str:
    """How a value breaks the bounds, in words; empty when it keeps to them."""
    for word, bound in (("at least", found.at_least), ("at most", found.at_most)):
        if bound is not None and not _keeps(value, bound, word == "at least"):
            return f"{word} {_bound(bound)}"
    return ""


def _bound(value: Any) -> str:
    if isinstance(value, Duration):
        return value.text
    return f"{float(value):.15g}" if isinstance(value, Fraction) else str(value)


def _keeps(value: Any, bound: Any, least: bool) -> bool:
    if isinstance(value, Duration) and isinstance(bound, Duration):
        if "mixed" in (value.family(), bound.family()) or value.family() != bound.family():
            return False
        return value.size() >= bound.size() if least else value.size() <= bound.size()
    return bool(value >= bound) if least else bool(value <= bound)


def parameter_of(name: str, model: syntax.ParamModel, ledger: Ledger, at: Pointer) -> Parameter:
    """The parameter; complaints about its default and bounds are noted."""
    low, high = (None, None) if model.bounds is None else (model.bounds.at_least, model.bounds.at_most)
    if model.bounds is not None and model.type not in _BOUNDED:
        hint = "bounds are for integer, number, date and duration"
        ledger.complain((*at, "bounds"), "wrong-type", f"`{name}` is {_WRITTEN[model.type]}, which has no bounds", hint)
        low = high = None
    read = {"default": model.default, "at_least": low, "at_most": high}
    values = {part: None if value is None else read_param(model.type, value) for part, value in read.items()}
    for part, value in read.items():
        if value is not None and values[part] is None:
            place = (*at, part) if part == "default" else (*at, "bounds", part)
            what = "the default" if part == "default" else f"the bound `{part}`"
            ledger.complain(place, "wrong-type", f"{what} of `{name}` is {_shown(value)}, not {_WRITTEN[model.type]}")
    found = Parameter(name, model.type, values["default"], values["at_least"], values["at_most"], model.unit or "", model.description or "")
    broken = "" if found.default is None else outside(found, found.default)
    if found.at_least is not None and found.at_most is not None and outside(replace(found, at_least=None), found.at_least):
        ledger.complain((*at, "bounds"), "out-of-bounds", f"no value of `{name}` is at least `{low}` and at most `{high}`")
    elif broken:
        ledger.complain((*at, "default"), "out-of-bounds", f"the default of `{name}`, {_shown(model.default)}, is not {broken}")
    return found


_BOUNDED = ("integer", "number", "date", "duration")


def _shown(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a map" if isinstance(value, dict) else f"`{value}`"


def settle(declared: Mapping[str, list[Parameter]], given: Mapping[str, Any]) -> tuple[dict[str, Param], list[tuple[str, str]]]:
    """The values set by the organisation, and what is wrong with them as (name, message): unknown names, types, bounds."""
    values: dict[str, Param] = {}
    wrong: list[tuple[str, str]] = []
    for name, value in given.items():
        for found in declared.get(name, []):
            read = read_param(found.type, value)
            if read is None:
                wrong.append((name, f"the parameter `{name}` is {_WRITTEN[found.type]}"))
                break
            broken = outside(found, read)
            if broken:
                wrong.append((name, f"the parameter `{name}` must be {broken}"))
                break
            values[name] = read
        if name not in declared:
            wrong.append((name, f"no rule has a parameter `{name}`"))
    return values, wrong
