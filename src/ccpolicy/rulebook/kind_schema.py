"""The JSON Schema of rules that apply to one kind: its paths, and for each the operators and values that its type allows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias
from urllib.parse import quote

from ccpolicy.documents.schema import Kind
from ccpolicy.documents.shape import Shape
from ccpolicy.rulebook.kind_conditions import Conditions
from ccpolicy.rulebook.kind_places import known_at, known_everywhere, sources_of

Schema: TypeAlias = dict[str, Any]

MAX_LISTS = 5  # lists within one another; in those below, every path is left to the loader
_ANY = {"$ref": "#/$defs/Predicate"}
_PATHS = "paths"  # of what can be named everywhere


def kind_schema(kind: Kind, base: Schema, kinds: Iterable[str], controls: Iterable[str]) -> Schema:
    """The schema of rules for a kind, from `base`, that of any rule. It names the kinds and controls that there are."""
    writer = _Writer(base["$defs"])
    body = kind.shape()
    at_body = writer.predicate(body, ".")
    sources = sources_of(body)
    refined = {spot.text: writer.predicate(spot.shape, spot.text) for spot in sources.spots if spot.shape.types - {"null"}}
    properties: Schema = {**base["properties"], **_listed(kind.name, sorted(kinds)), "each": _each(list(refined), sources.patterns)}
    properties |= {"when": {"description": "does the rule apply to this focus?"}, "require": {"description": "what has to hold"}}
    if controls := sorted(controls):
        link = writer.defs["ControlLink"]
        one = {"enum": controls, "description": "<standard>/<number>"}
        writer.defs["ControlLink"] = {**link, "properties": {**link["properties"], "control": one}}
    stands = [_where_each(None, at_body), *(_where_each(text, where) for text, where in refined.items()), _otherwise(list(refined))]
    head = {"$id": f"urn:ccpolicy:rule:{kind.name}:1", "title": f"Rule about {kind.title or kind.name}"}
    return {**base, **head, "properties": properties, "allOf": stands, "$defs": writer.defs}


def _listed(name: str, kinds: list[str]) -> Schema:
    start = {"description": "the kind that the chain starts from", "enum": kinds}
    reached = {"kind": start, "links": {"type": "string"}, "key": {"type": "string"}}
    closed = {"type": "object", "properties": reached, "required": ["kind", "links"], "additionalProperties": False}
    return {"applies_to": {"const": name}, "reached_from": closed}


def _text(listed: list[str], patterns: Iterable[str]) -> Schema:
    return {"anyOf": [{"enum": listed}, *({"type": "string", "pattern": pattern} for pattern in patterns)]}


def _each(texts: list[str], patterns: Iterable[str]) -> Schema:
    """The sources: those that select the members of a list are completed, the others are only known."""
    members = [text for text in texts if text.endswith("*")]
    others = "|".join(re.escape(text) for text in texts if not text.endswith("*"))
    return {"description": "a source of the body: one focus for each member", **_text(members, [*patterns, f"^(?:{others})$"])}


def _where_each(text: str | None, predicate: Schema) -> Schema:
    """What stands in `when` and `require` where `each` is the text, or is not there."""
    here: Schema = {"not": {"required": ["each"]}} if text is None else {"required": ["each"], "properties": {"each": {"const": text}}}
    return {"if": here, "then": {"properties": {"when": predicate, "require": predicate}}}


def _otherwise(texts: list[str]) -> Schema:
    other = {"required": ["each"], "properties": {"each": {"not": {"enum": texts}}}}
    return {"if": other, "then": {"properties": {"when": _ANY, "require": _ANY}}}


class _Writer:
    """Writes the predicates that a schema refers to, those at one place once."""

    def __init__(self, defs: Schema) -> None:
        self.defs = dict(defs)
        self.given = {**defs["Condition"], "$every_path": defs["EveryPathArgument"]}
        self.everywhere = known_everywhere()
        paths = self._share("path", "", _text([spot.text for spot in self.everywhere.spots], self.everywhere.patterns))
        anywhere: Schema = {"anyOf": [paths, {"type": "string"}]}  # beside `$as_of` a path starts at any place: the loader looks at it
        above = Conditions(self.given, paths, lambda name, schema: self._share(name, "", schema), lambda member, text: _ANY)
        day = Conditions(self.given, anywhere, lambda name, schema: self._share(f"day_{name}", "", schema), lambda member, text: _ANY)
        self.named = {
            spot.text: self._share(spot.text, "", (day if spot.text == "$as_of" else above).on(spot.shape, spot.text))
            for spot in self.everywhere.spots
        }

    def predicate(self, shape: Shape, place: str) -> Schema:
        """A reference to the predicates that may stand at a place, named by its source from the body."""
        if place.count("*") > MAX_LISTS or "any" in shape.types:
            return _ANY
        if f"at {place}" not in self.defs:
            reference = self._share("at", place, {})  # a list may hold lists of its own kind
            self.defs[f"at {place}"] = self._predicate(shape, place, reference)
        return _reference(f"at {place}")

    def _share(self, name: str, place: str, schema: Schema) -> Schema:
        """Defines a schema, once, and refers to it."""
        name = f"{name} {place}".strip()
        self.defs.setdefault(name, schema)
        return _reference(name)

    def _predicate(self, shape: Shape, place: str, itself: Schema) -> Schema:
        known = known_at(shape)
        listed = _text([spot.text for spot in known.spots], known.patterns)
        paths = self._share("path from", place, {"anyOf": [*listed["anyOf"], _reference("path")]})
        conditions = Conditions(
            self.given,
            paths,
            lambda name, schema: self._share(f"{name} at", place, schema),
            lambda member, text: self.predicate(member, _member_of(place, text)),
        )
        several = {"type": "array", "minItems": 1, "items": itself}
        words: Schema = {"all_of": several, "any_of": several, **dict.fromkeys(("not", "if", "then", "else"), itself)}
        patterns = (*known.patterns, *self.everywhere.patterns)
        return {
            "type": "object",
            "minProperties": 1,
            "properties": {
                **{spot.text: conditions.on(spot.shape, spot.text) for spot in known.spots},
                **words,
                "meets": {"type": "string", "description": "the name of a definition"},
                **self.named,
            },
            "patternProperties": {pattern: {"$ref": "#/$defs/Condition"} for pattern in patterns},
            "additionalProperties": False,
            "dependentRequired": {"if": ["then"], "then": ["if"], "else": ["if"]},
        }


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{quote(name.replace('~', '~0').replace('/', '~1'), safe='~.*$')}"}


def _member_of(place: str, text: str) -> str:
    """The source of the members of a list that a path names from a place."""
    return ".".join(part for part in (place, text, "*") if part != ".")
