"""Lowering of operands: literals, paths and parameters, read by the sort of their comparison."""

from __future__ import annotations

from typing import Any

from ccpolicy.documents.moment import read_duration
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import exact
from ccpolicy.errors import did_you_mean
from ccpolicy.language.expr import FromParam, FromPath, Length, Listed, Literally, Operand, Sort, Values
from ccpolicy.language.scope import Place, Scope
from ccpolicy.language.typecheck import Misfit, common, families, literal, scalar_sorts
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.rule import Parameter

_PARAM_SORT: dict[str, Sort] = {
    "integer": "number",
    "number": "number",
    "text": "text",
    "boolean": "boolean",
    "date": "moment",
    "duration": "duration",
}


def parameter(name: object, ledger: Ledger, at: Pointer) -> Parameter | None:
    """The parameter of this name, or None with a complaint."""
    found = ledger.params.get(name) if isinstance(name, str) else None
    if found is None:
        hint = did_you_mean(str(name), ledger.params) or "name it under `params` of the rule"
        ledger.complain(at, "unknown-param", f"there is no parameter `{name}`", hint)
    return found


def operand(value: Any, sorts: frozenset[Sort], word: str, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Operand, Sort] | None:
    """An operand and the sort in which it is compared with a left side of these sorts; None with a complaint."""
    try:
        if not isinstance(value, dict):
            return literal(value, sorts, word)
        if set(value) == {"param"}:
            found = parameter(value["param"], ledger, (*at, "param"))
            return None if found is None else (FromParam(found.name), common(sorts, _sorts_of(found, word), word))
        return _from_path(value, sorts, word, scope, ledger, at)
    except Misfit as error:
        ledger.complain(at, "wrong-type", str(error), error.hint)
        return None


def _sorts_of(found: Parameter, word: str) -> frozenset[Sort]:
    if found.type == "list":
        raise Misfit(f"`{word}` compares a single value, and the parameter `{found.name}` is a list")
    return frozenset({_PARAM_SORT[found.type]})


def _from_path(
    value: dict[str, Any], sorts: frozenset[Sort], word: str, scope: Scope, ledger: Ledger, at: Pointer
) -> tuple[FromPath, Sort] | None:
    if "path" not in value or set(value) - {"path", "plus", "minus"} or len(value) > 2:
        keys = ", ".join(f"`{key}`" for key in value)
        raise Misfit(f"an operand is a value, `path` (with `plus` or `minus`) or `param`, not a map of {keys or 'nothing'}")
    found = ledger.path(value["path"], scope, (*at, "path"))
    if found is None:
        return None
    path, place = found
    sort = common(sorts, scalar_sorts(place.types, f"{word}: path", _all_sorts()), word)
    moved = next((key for key in ("plus", "minus") if key in value), None)
    if moved is None:
        return FromPath(path), sort
    if sort != "moment":
        raise Misfit(f"`{moved}` moves a date, and `{path}` is none")
    by = length(value[moved], ledger, (*at, moved))
    return None if by is None else (FromPath(path, by, -1 if moved == "minus" else 1), sort)


def _all_sorts() -> frozenset[Sort]:
    return frozenset({"number", "text", "boolean", "moment", "duration"})


def length(value: Any, ledger: Ledger, at: Pointer) -> Length | None:
    """A duration, or a parameter that is one; None with a complaint."""
    if isinstance(value, dict) and set(value) == {"param"}:
        found = parameter(value["param"], ledger, (*at, "param"))
        if found is None or found.type == "duration":
            return None if found is None else FromParam(found.name)
        ledger.complain(at, "wrong-type", f"the parameter `{found.name}` is no duration")
        return None
    read = read_duration(value)
    if read is None:
        ledger.complain(at, "bad-duration", f"`{value}` is no duration", "write it as P90D, P3M, P1Y or PT15M")
    return read


def number(value: Any, ledger: Ledger, at: Pointer, whole: bool = False) -> Any:
    """A number written in the rule, or a parameter that is one; None with a complaint."""
    if isinstance(value, dict) and set(value) == {"param"}:
        found = parameter(value["param"], ledger, (*at, "param"))
        if found is None or found.type == "integer" or (found.type == "number" and not whole):
            return None if found is None else FromParam(found.name)
        ledger.complain(at, "wrong-type", f"the parameter `{found.name}` is no {'whole ' if whole else ''}number")
        return None
    read = exact(value)
    if read is None or (whole and not isinstance(read, int)):
        ledger.complain(at, "wrong-type", f"`{value}` is no {'whole ' if whole else ''}number")
        return None
    return read


def values(value: Any, sorts: frozenset[Sort], word: str, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Values, Sort] | None:
    """A list argument and the sort in which its members are compared; None with a complaint."""
    if isinstance(value, list):
        return _written(value, sorts, word, ledger, at)
    if isinstance(value, dict) and set(value) == {"param"}:
        found = parameter(value["param"], ledger, (*at, "param"))
        if found is None or found.type == "list":
            return None if found is None else _shared(FromParam(found.name), sorts, frozenset({"text"}), word, ledger, at)
        ledger.complain(at, "wrong-type", f"the parameter `{found.name}` is no list")
        return None
    if not isinstance(value, dict) or set(value) != {"path"}:
        ledger.complain(at, "wrong-type", f"`{word}` takes a list, `path` to a list, or `param`")
        return None
    place = ledger.path(value["path"], scope, (*at, "path"))
    member = None if place is None else member_of(place[1], word, ledger, at)
    return None if place is None or member is None else _shared(FromPath(place[0]), sorts, families(member.types), word, ledger, at)


def _written(value: list[Any], sorts: frozenset[Sort], word: str, ledger: Ledger, at: Pointer) -> tuple[Listed, Sort] | None:
    if not value:
        ledger.complain(at, "empty-list", f"`{word}` is given an empty list")
        return None
    read: list[Literally] = []
    used: set[Sort] = set()
    for position, item in enumerate(value):
        try:
            found, sort = literal(item, sorts, word)
        except Misfit as error:
            ledger.complain((*at, position), "wrong-type", str(error), error.hint)
            return None
        read.append(found)
        used.add(sort)
    if len(used) > 1:
        ledger.complain(at, "mixed-list", f"`{word}` is given a list of mixed types", "give it values of one type")
        return None
    return Listed(tuple(read)), used.pop()


def _shared(
    found: Values, sorts: frozenset[Sort], others: frozenset[Sort], word: str, ledger: Ledger, at: Pointer
) -> tuple[Values, Sort] | None:
    try:
        return found, common(sorts, others, word)
    except Misfit as error:
        ledger.complain(at, "wrong-type", str(error), error.hint)
        return None


def member_of(place: Place, word: str, ledger: Ledger, at: Pointer) -> Place | None:
    """What the members of a list, map or join are; None with a complaint."""
    entered = place.joined or place.types & {"array", "object", "any"}
    member = place.member() if entered else None
    if member is None:
        ledger.complain(at, "wrong-type", f"`{word}` enters a list or map, and this is neither")
    return member


def duration_or_none(value: Any, ledger: Ledger, at: Pointer) -> Length | None:
    """A duration that may be left out."""
    return None if value is None else length(value, ledger, at)


