"""What a schema says of places: types, members, keys and values."""

from __future__ import annotations

from typing import Any

import pytest

from ccpolicy.documents.shape import Shape, shape_of


def shape(schema: Any, **others: Any) -> Shape:
    """The shape of a schema among others."""
    return shape_of({"a.schema.json": schema, **{f"{name}.schema.json": other for name, other in others.items()}}, "a.schema.json")


def types(schema: Any, *steps: str | int) -> list[str] | None:
    """The types behind the steps, or None where the schema has no such place."""
    found: Shape | None = shape(schema)
    for step in steps:
        found = None if found is None else found.step(step)
    return None if found is None else sorted(found.types)


THING = {"type": "object", "properties": {"a": {"type": "string"}, "l": {"items": {"type": "integer"}}}}
IF = {"if": {"properties": {"a": {"const": 1}}}, "then": {"properties": {"b": {"type": "string"}, "a": {"type": "integer"}}}}


@pytest.mark.parametrize(
    ("schema", "steps", "expected"),
    [
        ({}, (), ["any"]),
        (True, ("x", 3), ["any"]),
        ({"type": "number"}, (), ["number"]),
        ({"type": ["string", "null"]}, (), ["null", "string"]),
        ({"type": "string", "format": "date"}, (), ["date"]),
        ({"type": ["string", "null"], "format": "date-time"}, (), ["date-time", "null"]),
        ({"format": "duration"}, (), ["duration"]),
        ({"type": "string", "format": "email"}, (), ["string"]),
        ({"enum": ["x", 1, 1.5, True, None]}, (), ["boolean", "integer", "null", "number", "string"]),
        ({"type": "string", "enum": ["x", None]}, (), ["string"]),
        ({"const": "2026-01-01", "format": "date"}, (), ["date"]),
        ({"properties": {}}, (), ["object"]),
        (THING, ("a",), ["string"]),
        (THING, ("b",), None),
        (THING, (0,), None),
        (THING, ("a", "b"), None),
        (THING, ("l", 3), ["integer"]),
        (THING, ("l", "x"), None),
        ({"type": "object"}, ("x",), ["any"]),
        ({"type": "string"}, ("x",), None),
        ({"additionalProperties": {"type": "boolean"}}, ("x",), ["boolean"]),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "boolean"}}, ("x",), ["boolean"]),
        ({"properties": {"a": {}}, "additionalProperties": {"type": "boolean"}}, ("a",), ["any"]),
        ({"additionalProperties": False}, ("x",), None),
        ({"properties": {"a": {}}, "additionalProperties": True}, ("x",), None),
        ({"patternProperties": {"^x": {"type": "null"}}}, ("xy",), ["null"]),
        ({"patternProperties": {"^x": {"type": "null"}}}, ("y",), None),
        ({"prefixItems": [{"type": "string"}], "items": {"type": "null"}}, (0,), ["string"]),
        ({"prefixItems": [{"type": "string"}], "items": {"type": "null"}}, (1,), ["null"]),
        ({"prefixItems": [{}], "items": False}, (1,), None),
        ({"$ref": "#/$defs/x", "$defs": {"x": THING}}, ("a",), ["string"]),
        ({"$ref": "#x", "$defs": {"y": {"$anchor": "x", "type": "null"}}}, (), ["null"]),
        ({"allOf": [THING, {"properties": {"b": {"type": "null"}}}]}, ("b",), ["null"]),
        ({"allOf": [THING, {"properties": {"a": {"format": "date"}}}]}, ("a",), ["date"]),
        ({"allOf": [THING, {"properties": {"b": {}}}]}, ("c",), None),
        ({"allOf": [{"type": "number"}, {"type": ["integer", "string"]}]}, (), ["integer"]),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, (), ["integer", "string"]),
        ({"oneOf": [THING, {"type": "null"}]}, ("a",), ["string"]),
        ({"oneOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "null"}}}]}, ("b",), ["null"]),
        ({"type": "string", "anyOf": [{"type": ["string", "null"]}, {}]}, (), ["string"]),
        ({**IF, "properties": {"a": {"type": ["integer", "null"]}}}, ("a",), ["integer", "null"]),
        ({**IF, "properties": {"a": {}}}, ("b",), ["string"]),
        ({**IF, "properties": {"a": {}}}, ("c",), None),
        ({"properties": {"next": {"$ref": "#"}, "id": {"type": "string"}}}, ("next", "next", "id"), ["string"]),
        ({"$ref": "#"}, (), ["any"]),
    ],
)
def test_types_behind_steps(schema: Any, steps: tuple[str | int, ...], expected: list[str] | None) -> None:
    """References, combinations and recursion are understood; None says that there is no such place."""
    assert types(schema, *steps) == expected


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"items": {"type": "string"}}, ["string"]),
        ({"prefixItems": [{"type": "null"}], "items": {"type": "string"}}, ["null", "string"]),
        ({"additionalProperties": {"type": "integer"}}, ["integer"]),
        ({"properties": {"a": {"type": "integer"}, "b": {"type": "string"}}}, ["integer", "string"]),
        ({"type": "array"}, ["any"]),
        ({"type": "string"}, None),
        ({"type": ["array", "null"], "items": {"$ref": "#/$defs/x"}, "$defs": {"x": {"type": "null"}}}, ["null"]),
    ],
)
def test_members(schema: Any, expected: list[str] | None) -> None:
    """The members of a list or a map, whichever there are."""
    member = shape(schema).member()
    assert (None if member is None else sorted(member.types)) == expected


def test_keys_values_and_unique_key() -> None:
    """What a hint, an English phrase and a fingerprint need."""
    whole = shape({"$ref": "b.schema.json", "properties": {"x": {"enum": ["r", "g"]}}}, b={"properties": {"y": {}}, "x-unique-key": ["y"]})
    assert whole.keys() == ("x", "y")
    assert whole.unique_key == ("y",)
    assert [place.values for place in (whole.step("x"), whole.step("y")) if place is not None] == [("r", "g"), None]


def test_sensitivity_is_kept_on_the_way_down() -> None:
    """A member of what is sensitive is sensitive."""
    place = shape({"properties": {"x": {"sensitive": True, "properties": {"y": {}}}}}).step("x")
    below = place.step("y") if place is not None else None
    assert below is not None
    assert below.sensitive
    assert not shape({}).sensitive
