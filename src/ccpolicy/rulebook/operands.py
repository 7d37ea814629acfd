"""Lowering of operands: literals, paths and parameters, read by the sort of their comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ccpolicy.documents.moment import Duration, read_duration
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import exact
from ccpolicy.errors import did_you_mean, either
from ccpolicy.language.expr import FromParam, FromPath, Length, Listed, Literally, Operand, Sort, Values
from ccpolicy.language.scope import Place, Scope
from ccpolicy.language.typecheck import Misfit, common, container, families, literal, scalar_sorts
from ccpolicy.rulebook.ledger import Ledger, container_of
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
    if not isinstance(name, str):
        ledger.complain(at, "wrong-type", f"a parameter is called by its name, and this is {container_of(name)}", "write `{param: name}`")
        return None
    found = ledger.params.get(name)
    if found is None and ("params", name) not in ledger.lost:
        hint = did_you_mean(name, ledger.params) or "name it under `params` of the rule"
        ledger.complain(at, "unknown-param", f"there is no parameter `{name}`", hint)
    return found


def operand(value: Any, sorts: frozenset[Sort], word: str, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Operand, Sort] | None:
    """An operand and the sort in which it is compared with a left side of these sorts; None with a complaint."""
    try:
        if not isinstance(value, dict):
            return literal(value, sorts, word)
        if set(value) == {"param"}:
            found = parameter(value["param"], ledger, (*at, "param"))
            if found is None:
                return None
            return FromParam(found.name), common(sorts, _sorts_of(found, word), word, f"the parameter `{found.name}`")
        return _from_path(value, sorts, word, scope, ledger, at)
    except Misfit as error:
        ledger.complain(at, error.code, str(error), error.hint)
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
        known = ("param", "path", "plus", "minus")
        hint = next((near for key in value if key not in known and (near := did_you_mean(key, known))), "")
        message = f"an operand is a value, `path` (with `plus` or `minus`) or `param`, not a map of {keys or 'nothing'}"
        raise Misfit(message, hint)
    found = ledger.path(value["path"], scope, (*at, "path"))
    if found is None:
        return None
    path, place = found
    if place.joined:
        raise Misfit(f"`{word}` compares a single value, and `{path}` is a collection", "count it by a measure")
    sort = common(sorts, scalar_sorts(place.types, f"{word}: path", _all_sorts()), word, f"`{path}`")
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
        ledger.complain(at, "bad-duration", f"{container_of(value)} is no duration", "write it as P90D, P3M, P1Y or PT15M")
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
        ledger.complain(at, "wrong-type", f"{container_of(value)} is no {'whole ' if whole else ''}number")
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
        ledger.complain(at, "wrong-type", f"`{word}` takes a list, and the parameter `{found.name}` is none")
        return None
    if not isinstance(value, dict) or set(value) != {"path"}:
        hint = f"write `[{value}]`" if isinstance(value, str | int) else ""
        ledger.complain(at, "wrong-type", f"`{word}` is given {container_of(value)}, and takes a list, `path` to a list, or `param`", hint)
        return None
    place = ledger.path(value["path"], scope, (*at, "path"))
    member = None if place is None else member_of(place[1], word, ledger, at)
    return None if place is None or member is None else _shared(FromPath(place[0]), sorts, families(member.types), word, ledger, at)


def _written(value: list[Any], sorts: frozenset[Sort], word: str, ledger: Ledger, at: Pointer) -> tuple[Listed, Sort] | None:
    if not value:
        ledger.complain(at, "empty-list", f"`{word}` is given an empty list", "list at least one value")
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


def one_family(given: list[Operand]) -> None:
    """Durations compare within years and months, or within weeks and days."""
    spans = [node.value for node in given if isinstance(node, Literally) and isinstance(node.value, Duration)]
    families = {span.family() for span in spans}
    if "mixed" in families or len(families) > 1:
        written = " and ".join(f"`{span}`" for span in spans)
        raise Misfit(f"{written} cannot be compared: months are not days", "write all in years and months, or all in weeks and days")


def upside_down(low: Operand, high: Operand) -> bool:
    """Whether both bounds are written in the rule, and the first is above the second."""
    if not isinstance(low, Literally) or not isinstance(high, Literally):
        return False
    first, second = (node.value.size() if isinstance(node.value, Duration) else node.value for node in (low, high))
    return first > second  # type: ignore[operator]


def remark_unlisted(place: Place, given: Iterable[Operand], ledger: Ledger, at: Pointer) -> None:
    """A remark on each text written in the rule that the schema does not list at the place."""
    listed = place.shape.values if place.shape is not None else None
    known = [value for value in listed or () if isinstance(value, str)]
    for operand_ in given:
        value = operand_.value if isinstance(operand_, Literally) else None
        if known and isinstance(value, str) and value not in known:
            hint = did_you_mean(value, known) or f"the schema lists {either(known[:12])}"
            ledger.remark(at, "unlisted-value", f"`{value}` is none of the values that the schema lists", hint)


def member_of(place: Place, word: str, ledger: Ledger, at: Pointer) -> Place | None:
    """What the members of a list, map or join are; None with a complaint."""
    entered = place.joined or place.types & {"array", "object", "any"}
    member = place.member() if entered else None
    if member is None:
        hint = "compare it by `is`, `in` or another operator of single values"
        ledger.complain(at, "wrong-type", f"`{word}` enters a list or map, and this is {container(place.types)}", hint)
    return member


def duration_or_none(value: Any, ledger: Ledger, at: Pointer) -> Length | None:
    """A duration that may be left out."""
    return None if value is None else length(value, ledger, at)
