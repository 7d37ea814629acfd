"""Type checking: which sort of value a comparison is about, and whether an operator fits what its path leads to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ccpolicy.documents.moment import read_duration, read_moment
from ccpolicy.documents.values import exact
from ccpolicy.language.expr import Literally, Scalar, Sort

_FAMILY: dict[str, Sort] = {
    "string": "text",
    "date": "moment",
    "date-time": "moment",
    "duration": "duration",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "any": "any",
}
_NOUN: dict[Sort, str] = {
    "number": "a number",
    "text": "a text",
    "boolean": "true or false",
    "moment": "a date",
    "duration": "a duration",
    "any": "anything",
}


class Misfit(ValueError):
    """An operator, its left side and its argument do not go together."""

    def __init__(self, message: str, hint: str = "", code: str = "wrong-type") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


def families(types: Iterable[str]) -> frozenset[Sort]:
    """The sorts of scalar that a place may hold; lists and maps are none."""
    return frozenset(_FAMILY[name] for name in types if name in _FAMILY)


def noun(sorts: Iterable[Sort]) -> str:
    """The sorts in words."""
    return " or ".join(sorted(_NOUN[sort] for sort in sorts)) or "a list or map"


def scalar_sorts(types: frozenset[str], word: str, allowed: frozenset[Sort]) -> frozenset[Sort]:
    """The sorts of the left side that the operator can compare. Raises Misfit when there is none."""
    found = families(types)
    if not found:
        raise Misfit(f"`{word}` compares a single value, and this is {container(types)}", _enter(types))
    fitting = (found & allowed) or (allowed if "any" in found else frozenset())
    if not fitting:
        raise Misfit(f"`{word}` is for {noun(allowed)}, and this is {noun(found)}", _instead(word, found))
    return fitting | ({"any"} if "any" in found else set())


def container(types: frozenset[str]) -> str:
    """What a place holds, in words."""
    if families(types):
        return noun(families(types))
    return "a list" if "array" in types else "a map" if "object" in types else "nothing but null"


def _enter(types: frozenset[str]) -> str:
    return "enter it with `some`, `every`, `none` or `count`" if types & {"array", "object"} else ""


def _instead(word: str, found: frozenset[Sort]) -> str:
    if "moment" in found and word in ("at_least", "at_most", "more_than", "less_than", "between"):
        return "dates are compared with `before`, `after`, `on_or_before`, `on_or_after`"
    if "number" in found and word in ("before", "after", "on_or_before", "on_or_after"):
        return "numbers are compared with `at_least`, `at_most`, `more_than`, `less_than`"
    return ""


def literal(value: Any, sorts: frozenset[Sort], word: str) -> tuple[Literally, Sort]:
    """A value written in the rule, read by the sort of the left side. Raises Misfit."""
    if value is None:
        raise Misfit(f"`{word}: null` is refused: null and absence are not values", "use `present: false`")
    for sort in _BY_JSON_TYPE if "any" in sorts else _BY_SCHEMA:
        read = _as(sort, value) if sort in sorts else None
        if read is not None:
            return Literally(read), sort
    raise Misfit(f"`{word}` is given {_shown(value)} where it needs {noun(sorts - {'any'})}", _written(value, sorts, word))


_BY_SCHEMA: tuple[Sort, ...] = ("number", "boolean", "moment", "duration", "text")
_BY_JSON_TYPE: tuple[Sort, ...] = ("number", "boolean", "text", "moment", "duration")


def _as(sort: Sort, value: Any) -> Scalar | None:
    match sort:
        case "number":
            return exact(value)
        case "boolean":
            return value if isinstance(value, bool) else None
        case "moment":
            return read_moment(value)
        case "duration":
            return read_duration(value)
        case _:
            return value if isinstance(value, str) else None


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a map"
    written = f"`{str(value).lower() if isinstance(value, bool) else value}`"
    return f"the text {written}" if isinstance(value, str) and (_is_number(value) or value in ("true", "false")) else written


_LIST_WORDS = {"is": "in", "is_not": "not_in", "contains": "contains_all"}


def _written(value: Any, sorts: frozenset[Sort], word: str) -> str:
    """How a value of one of the sorts is written."""
    if isinstance(value, list):
        return f"`{_LIST_WORDS[word]}` takes a list" if word in _LIST_WORDS else ""
    if "moment" in sorts:
        named = isinstance(value, str) and re.fullmatch(r"\$?[A-Za-z_][\w.-]*", value)
        return "write a date as 2026-06-30" + (f", or another field as `{{path: {value}}}`" if named else "")
    if "duration" in sorts:
        return "write a duration as P90D, P3M, P1Y or PT15M"
    if "number" in sorts and isinstance(value, str):
        return "write the number without quotes" if _is_number(value) else ""
    if "boolean" in sorts and isinstance(value, str):
        return "YAML 1.2 writes these `true` and `false`, without quotes"
    return "write the text in quotes" if "text" in sorts and isinstance(value, bool | int | float | Decimal | Fraction) else ""


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?[0-9]{1,30}(\.[0-9]{1,30})?", text) is not None


def common(left: frozenset[Sort], right: frozenset[Sort], word: str, other: str = "") -> Sort:
    """The one sort in which two places are compared. Raises Misfit when they have none in common; `other` names the right one."""
    firm_left, firm_right = left - {"any"}, right - {"any"}
    shared = firm_left & firm_right
    if not shared and "any" in left:
        shared = firm_right
    if not shared and "any" in right:
        shared = firm_left
    if len(shared) == 1:
        return next(iter(shared))
    if shared or ("any" in left and "any" in right):
        return "any"
    against = f"{other}, {noun(right)}" if other else noun(right)
    raise Misfit(f"`{word}` compares {noun(left)} with {against}", "both sides need the same type")
