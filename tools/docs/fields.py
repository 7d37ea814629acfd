"""JSON Schemas as tables: one row for each field, however deep it lies."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tools.docs.page import code

DEEPEST = 7  # schemas may refer to themselves
JsonSchema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a document; `steps` are its names from the body, `*` for each member."""

    steps: tuple[str, ...]
    schema: JsonSchema
    required: bool = False
    sensitive: bool = False

    @property
    def path(self) -> str:
        """As a rule would write it."""
        return ".".join(self.steps)

    @property
    def about(self) -> str:
        """What the schema says of it."""
        return str(self.schema.get("description", ""))


@dataclass(frozen=True, slots=True)
class Walk:
    """The way down a schema: where it is, what is hidden there, and which references it has followed."""

    root: JsonSchema
    follow: bool  # else a reference is left for a table of its own
    steps: tuple[str, ...] = ()
    sensitive: bool = False
    met: tuple[str, ...] = ()

    def enter(self, schema: JsonSchema) -> Walk | None:
        """The way through a reference; None where it leads in a circle, too deep, or is not to be followed."""
        reference = str(schema.get("$ref", ""))
        if len(self.steps) > DEEPEST or reference in self.met or (reference and not self.follow and self.steps):
            return None
        return replace(self, met=(*self.met, reference)) if reference else self

    def down(self, step: str, schema: JsonSchema) -> Walk:
        """The way to a field or member."""
        return replace(self, steps=(*self.steps, step), sensitive=self.sensitive or schema.get("sensitive") is True)


def fields_of(schema: JsonSchema, root: JsonSchema | None = None, follow: bool = True) -> list[Field]:
    """All fields below a schema, in its order; a field that several branches state is one row."""
    found: dict[tuple[str, ...], Field] = {}
    for field in _below(schema, Walk(root or schema, follow)):
        found.setdefault(field.steps, field)
    return list(found.values())


def _below(schema: JsonSchema, walk: Walk) -> Iterator[Field]:
    here = walk.enter(schema)
    if here is None:
        return
    whole = resolved(schema, walk.root)
    for name, below in whole.get("properties", {}).items():
        if isinstance(below, Mapping):
            yield from _field(below, here, name, name in whole.get("required", ()))
    for word in ("items", "additionalProperties"):
        if isinstance(whole.get(word), Mapping):
            yield from _members(whole[word], here)
    for word in ("allOf", "anyOf", "oneOf"):
        for branch in whole.get(word, ()):
            yield from _below(branch, here)


def _field(below: JsonSchema, walk: Walk, name: str, required: bool) -> Iterator[Field]:
    whole = resolved(below, walk.root)
    down = walk.down(name, whole)
    yield Field(down.steps, whole if walk.follow else below, required, down.sensitive)
    yield from _below(below, down)


def _members(below: JsonSchema, walk: Walk) -> Iterator[Field]:
    """Members are rows of their own only where they say something of themselves."""
    whole = resolved(below, walk.root)
    down = walk.down("*", whole)
    if whole.get("description") or whole.get("sensitive"):
        yield Field(down.steps, whole if walk.follow else below, False, down.sensitive)
    yield from _below(below, down)


def resolved(schema: JsonSchema, root: JsonSchema) -> JsonSchema:
    """The schema with what its `$ref` refers to; its own words win."""
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#"):
        return schema
    target: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        target = target[step.replace("~1", "/").replace("~0", "~")]
    own = {word: value for word, value in schema.items() if word != "$ref"}
    return {**resolved(target, root), **own}


def type_text(schema: JsonSchema, root: JsonSchema, follow: bool = True) -> str:
    """The type in a few words: `text`, `date`, `list of text`, one of the values of an enum."""
    if "$ref" in schema and not follow:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    schema = resolved(schema, root)
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    if "enum" in schema:
        return ", ".join(code(json.dumps(value) if not isinstance(value, str) else value) for value in schema["enum"])
    for word in ("anyOf", "oneOf"):
        if word in schema and "type" not in schema:
            return " or ".join(dict.fromkeys(type_text(branch, root, follow) for branch in schema[word]))
    types = schema.get("type", [])
    words = [_word(name, schema, root, follow) for name in (types if isinstance(types, list) else [types])]
    return " or ".join(words) or ("map" if "properties" in schema else "anything")


def _word(name: str, schema: JsonSchema, root: JsonSchema, follow: bool) -> str:
    if name == "string":
        return str(schema.get("format", "text"))
    members = schema.get("items" if name == "array" else "additionalProperties")
    if name == "array":
        return f"list of {type_text(members, root, follow)}" if isinstance(members, Mapping) else "list"
    if name == "object":
        return f"map of {type_text(members, root, follow)}" if isinstance(members, Mapping) else "map"
    return {"integer": "whole number", "boolean": "true or false"}.get(name, name)


LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} members",
    "maxItems": "at most {} members",
    "pattern": "fits `{}`",
}


def limits(schema: JsonSchema) -> str:
    """What else the schema asks of the value, as a sentence; empty if nothing."""
    said = ["not empty" if word.startswith("min") and word != "minimum" and schema[word] == 1 else text.format(schema[word])
            for word, text in LIMITS.items() if word in schema]  # fmt: skip
    return (", ".join(said).capitalize() if said and not said[0].startswith("fits") else ", ".join(said)) + "." if said else ""
