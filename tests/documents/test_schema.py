"""Schemas of kinds: what is refused when they are loaded, and how faults of a body are explained."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.documents.fault import Fault
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import read_path
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.errors import Refused


def kinds_of(folder: Path, **schemas: Any) -> dict[str, Kind]:
    """The kinds of a folder that holds the schemas, whose names have underscores for hyphens."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas.items():
        text = schema if isinstance(schema, str) else json.dumps(schema, indent=1)
        (folder / f"{name.replace('_', '-')}.schema.json").write_text(text, "utf-8")
    return load_kinds([folder])


def one(folder: Path, schema: Any) -> Kind:
    """A kind `thing` with the schema."""
    return kinds_of(folder, thing=schema)["thing"]


def test_the_engines_own_kinds_are_always_there_and_their_examples_fit() -> None:
    """Waivers, attestations, calendars and responsibilities need no pack."""
    kinds = load_kinds([])
    assert list(kinds) == ["attestation", "calendar", "responsibility", "waiver"]
    assert [kind.name for kind in kinds.values() for example in kind.schema["examples"] if kind.faults(example)] == []
    assert all(kind.schema["examples"] for kind in kinds.values())


REFUSED = [
    ({"type": "strin"}, [("bad-schema", 2)]),
    ([], [("bad-schema", 1)]),
    ("{", [("truncated", 1)]),
    ('{"type": "object", "type": "object"}', [("duplicate-key", 1)]),
    ({"$schema": "http://json-schema.org/draft-07/schema#"}, [("bad-schema", 2)]),
    ({"properties": {"a": {"pattern": "(?=a)"}}}, [("bad-pattern", 4)]),
    ({"patternProperties": {"(a)\\1": {}}}, [("bad-pattern", 3)]),
    ({"$ref": "https://example.org/x.schema.json"}, [("bad-reference", 2)]),
    ({"$ref": "../x.schema.json"}, [("bad-reference", 2)]),
    ({"$ref": "file:///etc/passwd"}, [("bad-reference", 2)]),
    ({"$ref": "other.schema.json"}, [("bad-reference", 2)]),
    ({"$ref": "#/$defs/none"}, [("bad-reference", 2)]),
    ({"$ref": "#none"}, [("bad-reference", 2)]),
    ({"properties": {"a": {"$id": "https://example.org/"}}}, [("bad-reference", 4)]),
    ({"$dynamicRef": "#x"}, [("bad-reference", 2)]),
    ({"x-max-age": "1 year"}, [("bad-keyword", 2)]),
    ({"x-max-age": "P1Y", "properties": {"a": {"x-max-age": "P1Y"}}}, [("bad-keyword", 5)]),
    ({"x-record-date": "a.*"}, [("bad-keyword", 2)]),
    ({"x-record-date": "$focus.a"}, [("bad-keyword", 2)]),
    ({"x-unique-key": "id"}, [("bad-keyword", 2)]),
    ({"x-unique-key": []}, [("bad-keyword", 2)]),
    ({"items": {"sensitive": "yes"}}, [("bad-keyword", 3)]),
    ({"x-max-age": 3, "x-record-date": 4}, [("bad-keyword", 2), ("bad-keyword", 3)]),
]


@pytest.mark.parametrize(("schema", "expected"), REFUSED)
def test_a_bad_schema_is_refused_with_its_line(tmp_path: Path, schema: Any, expected: list[tuple[str, int]]) -> None:
    """Every problem is named, at the line of the keyword."""
    with pytest.raises(Refused) as refused:
        kinds_of(tmp_path, thing=schema)
    assert [(problem.code, problem.line) for problem in refused.value.problems] == expected


def test_kinds_are_kebab_case(tmp_path: Path) -> None:
    """The name of the file is the name of the kind."""
    with pytest.raises(Refused) as refused:
        kinds_of(tmp_path, Bad={})
    assert [problem.code for problem in refused.value.problems] == ["kind-name"]


def test_two_folders_may_repeat_a_kind_but_not_define_it_differently(tmp_path: Path) -> None:
    """Two packs that define one kind differently are an error."""
    kinds_of(tmp_path / "a", thing={"type": "object"})
    kinds_of(tmp_path / "b", thing={"type": "object"})
    kinds_of(tmp_path / "c", thing={"type": "array"})
    assert "thing" in load_kinds([tmp_path / "a", tmp_path / "b"])
    with pytest.raises(Refused) as refused:
        load_kinds([tmp_path / "a", tmp_path / "c"])
    assert [problem.code for problem in refused.value.problems] == ["kind-twice"]


def test_the_keywords_of_the_engine_are_read(tmp_path: Path) -> None:
    """Record date, age and unique key belong to the kind."""
    kind = one(tmp_path, {"title": "Thing", "x-record-date": "done.on", "x-max-age": "P92D", "x-unique-key": ["a", "b"]})
    assert (kind.title, kind.record_date, kind.max_age, kind.unique_key) == (
        "Thing",
        read_path("done.on"),
        Duration(days=92, text="P92D"),
        ("a", "b"),
    )
    assert str(one(tmp_path / "x", {}).record_date) == "$document.observed_at"


SCHEMA = {
    "type": "object",
    "required": ["a"],
    "additionalProperties": False,
    "properties": {
        "a": {"type": ["integer", "null"]},
        "n": {"type": "number", "maximum": 5, "multipleOf": 0.01},
        "d": {"format": "date"},
        "p": {"pattern": "^(a+)+$"},
        "s": {"type": "string", "sensitive": True, "maxLength": 3},
        "l": {"type": "array", "uniqueItems": True, "minItems": 1, "contains": {"const": 1}, "items": {"type": "integer"}},
        "u": {"anyOf": [{"type": "string"}, {"type": "object", "required": ["q"]}]},
        "m": {"propertyNames": {"pattern": "^x"}, "additionalProperties": {"type": "integer", "sensitive": True}},
        "x": {"$ref": "other.schema.json#/$defs/x"},
        "e": {"enum": ["red", 1, None]},
        "v": {"properties": {"a": True}, "unevaluatedProperties": False},
        "f": False,
        "o": {"dependentRequired": {"a": ["b"]}, "minProperties": 1},
        "c": {"if": {"properties": {"k": {"const": 1}}, "required": ["k"]}, "then": {"required": ["w"]}},
        "not": {"not": {"const": 1}},
    },
}
FAULTS = [
    ({"a": 1}, []),
    ({"a": Decimal("1.0")}, []),
    ({"a": None}, []),
    ({"a": 1, "n": 0.07}, []),
    ({}, [("a", "required", "the document has no `a`, which the schema requires", None, [])]),
    ({"a": "x"}, [("a", "type", "`a` is text, not a whole number or null", "x", ["a"])]),
    ({"a": True}, [("a", "type", "`a` is a boolean, not a whole number or null", True, ["a"])]),
    ({"a": 1, "n": Decimal("5.01")}, [("n", "maximum", "`n` is more than 5", Decimal("5.01"), ["n"])]),
    ({"a": 1, "n": 0.075}, [("n", "multipleOf", "`n` is no multiple of 0.01", 0.075, ["n"])]),
    ({"a": 1, "d": "2026-02-30"}, [("d", "format", "`d` is no date such as `2026-06-30`", "2026-02-30", ["d"])]),
    ({"a": 1, "p": "b"}, [("p", "pattern", "`p` does not match `^(a+)+$`", "b", ["p"])]),
    ({"a": 1, "s": "secret"}, [("s", "maxLength", "`s` is longer than 3", None, ["s"])]),
    ({"a": 1, "l": [1, 1]}, [("l", "uniqueItems", "`l` has a member twice", None, ["l"])]),
    ({"a": 1, "l": [1, "x"]}, [("l.1", "type", "`l[1]` is text, not a whole number", "x", ["l.1"])]),
    (
        {"a": 1, "u": {}},
        [("u", "anyOf", "`u` fits none of the alternatives; nearest: it has no `q`, which the schema requires", None, ["u"])],
    ),
    ({"a": 1, "m": {"y": 1}}, [("m", "propertyNames", "`m` has a property whose name the schema does not allow", None, ["m"])]),
    ({"a": 1, "m": {"x1": "secret"}}, [("m.x1", "type", "`x1` is text, not a whole number", None, ["m.x1"])]),
    ({"a": 1, "x": 3}, [("x", "type", "`x` is a number, not true or false", 3, ["x"])]),
    ({"a": 1, "e": True}, [("e", "enum", "`e` is not one of `red`, `1`, null", True, ["e"])]),
    (
        {"a": 1, "v": {"a": 1, "b": 2}},
        [("v.b", "unevaluatedProperties", "`v` has a property `b` that the schema does not know", None, ["v.b"])],
    ),
    ({"a": 1, "f": 1}, [("f", "false", "`f` may not stand here", 1, ["f"])]),
    ({"a": 1, "o": {"a": 1}}, [("o.b", "dependentRequired", "`o` has no `b`, which another of its properties requires", None, [])]),
    ({"a": 1, "o": {}}, [("o", "minProperties", "`o` has fewer properties than 1", None, ["o"])]),
    (
        {"a": 1, "c": {"k": 1}},
        [("c", "if", "`c` does not fit what its other values call for: it has no `w`, which the schema requires", None, ["c"])],
    ),
    ({"a": 1, "not": 1}, [("not", "not", "`not` is what the schema rules out", 1, ["not"])]),
    ({"a": 1, "z": 2}, [("z", "additionalProperties", "the document has a property `z` that the schema does not know", None, ["z"])]),
    (5, [("", "type", "the document is a number, not a map", 5, [""])]),
    (None, [("", "type", "the document is null, not a map", None, [""])]),
]


def dotted(pointer: tuple[str | int, ...]) -> str:
    """The pointer for people."""
    return ".".join(map(str, pointer))


@pytest.mark.parametrize(("body", "expected"), FAULTS)
def test_each_fault_is_explained_in_our_own_words(tmp_path: Path, body: Any, expected: list[Any]) -> None:
    """Pointer, keyword, sentence, the value if it may be shown, and which pointers become gaps."""
    kind = kinds_of(tmp_path, thing=SCHEMA, other={"$defs": {"x": {"type": "boolean"}}})["thing"]
    found = kind.faults(body)
    assert [(dotted(f.pointer), f.keyword, f.message, f.actual, [dotted(gap) for gap in f.gaps]) for f in found] == expected


def test_all_faults_are_told_in_order(tmp_path: Path) -> None:
    """Not only the first; a list position comes before the next one."""
    kind = one(tmp_path, {"items": {"type": "integer"}})
    assert [fault.pointer for fault in kind.faults([*map(str, range(12))])] == [(n,) for n in range(12)]


def test_no_message_shows_a_card_number(tmp_path: Path) -> None:
    """Neither as a value nor as a key, sensitive or not."""
    card = "4111 1111 1111 1111"
    kind = one(tmp_path, {"properties": {"a": {"type": "integer"}}, "additionalProperties": False})
    faults = kind.faults({"a": card, card: 1})
    assert [fault.keyword for fault in faults] == ["additionalProperties", "type"]
    assert card not in "".join(fault.message + str(fault.actual) for fault in faults)


def test_patterns_run_in_linear_time(tmp_path: Path) -> None:
    """A hostile value takes no longer than another of its length."""
    kind = one(tmp_path, {"pattern": "^(a+)+$", "patternProperties": {"^(a+)+$": {}}, "additionalProperties": False})
    assert [fault.keyword for fault in kind.faults("a" * 100_000 + "b")] == ["pattern"]
    assert [fault.keyword for fault in kind.faults({"a" * 100_000 + "b": 1})] == ["additionalProperties"]


def test_uniqueness_of_many_maps_is_told_in_linear_time(tmp_path: Path) -> None:
    """Maps cannot be sorted, so they are hashed."""
    kind = one(tmp_path, {"uniqueItems": True, "maxItems": 1})
    assert [fault.keyword for fault in kind.faults([{"a": n} for n in range(20_000)])] == ["maxItems"]


def test_a_recursive_schema_explains_a_deep_body(tmp_path: Path) -> None:
    """Nesting up to the limit of reading is no trouble."""
    body: Any = 1
    for _ in range(128):
        body = [body]
    kind = one(tmp_path, {"anyOf": [{"type": "array", "items": {"$ref": "#"}}, {"type": "null"}]})
    assert kind.faults(body)
    assert one(tmp_path / "b", {"$ref": "#"}).faults(1) == ()


def test_the_id_and_draft_of_a_schema_do_not_matter(tmp_path: Path) -> None:
    """References go by the place in the folder, and our keywords stay ours."""
    draft = "https://json-schema.org/draft/2020-12/schema"
    other = {"$schema": draft, "$id": "https://example.org/other", "required": ["a"]}
    kind = kinds_of(tmp_path, thing={"$schema": draft, "$id": "urn:x", "$ref": "other.schema.json"}, other=other)["thing"]
    message = "the document has no `a`, which the schema requires"
    assert kind.faults({}) == (Fault(("a",), "required", message, "present", None, ()),)


SENSITIVE = {
    "properties": {
        "plain": {},
        "marked": {"sensitive": True, "properties": {"in": {}}},
        "map": {"additionalProperties": {"sensitive": True}},
        "list": {"items": {"properties": {"x": {"$ref": "#/$defs/s"}}}},
        "first": {"prefixItems": [{"sensitive": True}]},
        "either": {"anyOf": [{"type": "null"}, {"sensitive": True}]},
        "then": {"if": {}, "then": {"properties": {"y": {"sensitive": True}}}},
    },
    "patternProperties": {"^secret_": {"sensitive": True}},
    "$defs": {"s": {"allOf": [{"sensitive": True}]}},
}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ((), False),
        (("plain",), False),
        (("plain", "x", 3), False),
        (("unknown",), False),
        (("marked",), True),
        (("marked", "in", "deep"), True),
        (("map",), False),
        (("map", "any key"), True),
        (("list", 3), False),
        (("list", 3, "x"), True),
        (("list", "3", "x"), True),
        (("first", 0), True),
        (("first", 1), False),
        (("either",), True),
        (("then", "y"), True),
        (("secret_key",), True),
    ],
)
def test_a_mark_hides_what_is_below_it(tmp_path: Path, pointer: Any, expected: bool) -> None:
    """Sensitive is what any branch of the schema marks, and all beneath it."""
    assert one(tmp_path, SENSITIVE).is_sensitive(pointer) is expected


FORMATS = [
    ("date", ["2026-06-30"], ["2026-6-30", "30.06.2026", "2026-02-29", ""]),
    ("date-time", ["2026-06-30T09:00:00Z", "2026-06-30t09:00:00.5+02:00"], ["2026-06-30", "2026-06-30T09:00:00", "2026-06-30T25:00:00Z"]),
    ("time", ["09:00:00Z", "09:00:00+01:00"], ["09:00", "24:00:00Z", "09:00:00"]),
    ("duration", ["P90D", "PT30M", "P1Y6M"], ["90 days", "P", "PT"]),
    ("email", ["a@example.org"], ["a", "a@", "@b", "a@b@c", "a b@c"]),
    ("uri", ["https://example.org/x?y#z", "urn:x:y"], ["example.org", "/x", "https://example.org/ x"]),
    ("uuid", ["no uuid"], []),
]


@pytest.mark.parametrize(("name", "good", "bad"), FORMATS)
def test_six_formats_are_asserted_and_no_other(tmp_path: Path, name: str, good: list[str], bad: list[str]) -> None:
    """Both engines ask the same functions; numbers have no format."""
    kind = one(tmp_path, {"items": {"format": name}})
    assert kind.faults([*good, 1, None]) == ()
    assert len(kind.faults(bad)) == len(bad)
