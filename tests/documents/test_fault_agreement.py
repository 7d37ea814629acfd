"""The engine that accepts and the engine that explains agree, and gaps never add a fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.fault import Checker
from ccpolicy.documents.path import members
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.values import Json

NAMES = st.sampled_from(["a", "b", "x1", "id"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.5, 1.0, -0.0, 2.5, 10**30, Decimal("0.1000000000000000000001"), Decimal("1E+2")]),
    st.sampled_from(["", "a", "ab", "2026-06-30", "2026-06-30T00:00:00Z", "P1D", "é", "a@b.c", "1"]),
)
BODIES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8)
TYPES = st.sampled_from(["string", "number", "integer", "boolean", "null", "object", "array"])


def one_keyword(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A schema of one keyword."""
    few = st.integers(0, 3)
    schemas, names = st.lists(inner, min_size=1, max_size=2), st.lists(NAMES, unique=True, max_size=2)
    by_name = st.dictionaries(NAMES, inner, max_size=2)
    stated: dict[str, st.SearchStrategy[Any]] = {
        "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
        "enum": st.lists(BODIES, min_size=1, max_size=3),
        "const": BODIES,
        "minimum": st.sampled_from([0, 1.5, Decimal("0.1000000000000000000002")]),
        "exclusiveMaximum": st.sampled_from([2, 0.5]),
        "multipleOf": st.sampled_from([2, 0.5, 0.1]),
        "minLength": few,
        "maxLength": few,
        "pattern": st.sampled_from(["^a", "b$", "^[a-z]*$", "é", "."]),
        "format": st.sampled_from(["date", "date-time", "duration", "email", "uuid"]),
        "minItems": few,
        "maxItems": few,
        "uniqueItems": st.booleans(),
        "minProperties": few,
        "maxProperties": few,
        "required": names,
        "dependentRequired": st.dictionaries(NAMES, names, max_size=2),
        "dependentSchemas": by_name,
        "properties": by_name,
        "patternProperties": st.dictionaries(st.sampled_from(["^x", "a|b", "1$"]), inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": st.sampled_from([{"pattern": "^[ab]"}, {"maxLength": 1}]),
        "unevaluatedProperties": inner,
        "items": inner,
        "prefixItems": schemas,
        "contains": inner,
        "allOf": schemas,
        "anyOf": schemas,
        "oneOf": schemas,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
    }
    return st.sampled_from(sorted(stated)).flatmap(lambda word: st.fixed_dictionaries({word: stated[word]}))


def merged(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A schema of a few keywords."""
    return st.lists(one_keyword(inner), min_size=1, max_size=4).map(lambda parts: {k: v for part in parts for k, v in part.items()})


SCHEMAS: st.SearchStrategy[Any] = st.recursive(st.booleans() | st.just({}), merged, max_leaves=6)


def checker(schema: Json) -> Checker:
    """The compiled schema."""
    return Checker({"x.schema.json": schema}, "x.schema.json", lambda _: False)


@settings(max_examples=150, deadline=None)
@given(SCHEMAS, BODIES)
def test_both_engines_agree_on_what_fits(schema: Any, body: Any) -> None:
    """What the fast one accepts has no faults, and what it refuses is explained at a place that is there (or would be)."""
    check = checker(schema)
    faults = check.faults(body)
    assert check.fast.is_valid(body) is (not faults)
    if "unevaluated" not in repr(schema):
        assert bool(list(check.slow.iter_errors(body))) is bool(faults)
    for fault in faults:
        assert fault.gaps in ((), (fault.pointer,))
        assert fault.keyword in ("required", "dependentRequired") or fault.gaps
        assert stands(body, fault.pointer[:-1])


@settings(max_examples=150, deadline=None)
@given(SCHEMAS, BODIES, st.data())
def test_a_gap_takes_violations_away_and_adds_none(schema: Any, body: Any, data: st.DataObject) -> None:
    """Taking evidence away makes nothing invalid."""
    kinds = {"x": Kind("x", {}, "", {"x.schema.json": schema})}
    places = list(all_places(body, ("data",)))
    chosen = data.draw(st.lists(st.sampled_from(places), max_size=2))
    plain = {"kind": "x", "id": "i", "observed_at": "2026-06-01", "data": body}
    if isinstance(body, dict) and body.get("id", "i") not in ("i", None):
        return
    gaps = [{"pointer": write_pointer(place), "reason": "r"} for place in chosen]
    whole = evidence_of([plain], kinds, date(2026, 6, 30))
    less = evidence_of([{**plain, "gaps": gaps}], kinds, date(2026, 6, 30))
    assert less.problems == ()
    assert {(v.pointer, v.keyword) for v in less.violations} <= {(v.pointer, v.keyword) for v in whole.violations}


def all_places(value: Json, at: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    """Every pointer into the value, those of missing members included."""
    found = [at]
    if isinstance(value, dict):
        found += [(*at, key) for key in ("a", "-", "missing") if key not in value]
        for key, member in value.items():
            found += all_places(member, (*at, key))
    if isinstance(value, list):
        found.append((*at, "-"))
        for position, member in enumerate(value):
            found += all_places(member, (*at, position))
    return found


@settings(max_examples=250, deadline=None)
@given(SCHEMAS, BODIES, BODIES, st.booleans(), st.data())
def test_a_violation_beside_a_gap_stands_whatever_the_gap_is(schema: Any, body: Any, filling: Any, drop: bool, data: st.DataObject) -> None:
    """It is a fault of every value that the gap may stand for, a missing key included."""
    kinds = {"x": Kind("x", {}, "", {"x.schema.json": schema})}
    place = data.draw(st.sampled_from([place for place in all_places(body, ()) if stands(body, place)]))
    if isinstance(body, dict) and "id" in body:
        return
    gaps = [{"pointer": write_pointer(("data", *place)), "reason": "r"}]
    evidence = evidence_of([{"kind": "x", "id": "i", "observed_at": "2026-06-01", "data": body, "gaps": gaps}], kinds, date(2026, 6, 30))
    if evidence.violations:
        assert kinds["x"].faults(filled(body, place, filling, drop))


def stands(value: Json, place: tuple[str | int, ...]) -> bool:
    """Whether something is at the pointer."""
    if not place:
        return True
    return any(pointer == place for pointer, _ in below(value, len(place)))


def below(value: Json, depth: int, at: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Json]]:
    """What stands at a depth of the value."""
    for pointer, member in members(value, at):
        yield from below(member, depth - 1, pointer) if depth > 1 else [(pointer, member)]


def filled(value: Json, place: tuple[str | int, ...], filling: Json, drop: bool) -> Json:
    """The value with another one at the pointer, or with nothing there if it is a key."""
    if not place:
        return filling
    token, rest = place[0], place[1:]
    if isinstance(value, dict):
        kept = {key: member for key, member in value.items() if key != token}
        return kept if drop and not rest else {**kept, token: filled(value[token], rest, filling, drop)}
    return [filled(member, rest, filling, drop) if position == token else member for position, member in enumerate(value)]
