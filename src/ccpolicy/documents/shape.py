"""What a schema says of a place: its types, its members and whether it is sensitive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from ccpolicy.documents.formats import compile_pattern
from ccpolicy.documents.reference import Schemas, resolve
from ccpolicy.documents.values import Json

ANY = frozenset({"any"})
NOWHERE: frozenset[str] = frozenset()
_STRINGS = frozenset({"date", "date-time", "duration"})  # the formats that are types of their own


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """One schema node without what it refers to or combines; `home` is the schema document that its `#` means."""

    schema: Mapping[str, Any]
    home: str


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """At least one of the branches holds."""

    branches: tuple[Node, ...]


Node: TypeAlias = "Atom | All | Either"
_FREE = Atom({}, "")


@dataclass(frozen=True, slots=True)
class Met:
    """What a step leads to. `definite` is false when some branch does not speak of the place."""

    node: Node
    definite: bool = True


@dataclass(frozen=True, slots=True)
class NotMet:
    """A step that no branch speaks of: `open` where nothing is said of members, `forbidden` where none may be."""

    how: str


_OPEN, _UNLISTED, _FORBIDDEN = NotMet("open"), NotMet("unlisted"), NotMet("forbidden")
Meeting: TypeAlias = "Met | NotMet"


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A place in the documents of a kind, as its schema knows it."""

    node: Node
    schemas: Schemas
    hidden: bool = False  # an ancestor is sensitive

    @property
    def types(self) -> frozenset[str]:
        """string date date-time duration number integer boolean null object array, or `any` where nothing is said."""
        return _types(self.node)

    @property
    def values(self) -> tuple[Json, ...] | None:
        """The only values there are, or None when the schema does not list them."""
        return _values(self.node)

    @property
    def sensitive(self) -> bool:
        """Whether values here are never to be shown."""
        return self.hidden or any(atom.schema.get("sensitive") is True for atom in _atoms(self.node))

    @property
    def unique_key(self) -> tuple[str, ...]:
        """The fields that tell members of a list apart, from `x-unique-key`."""
        return next((tuple(atom.schema["x-unique-key"]) for atom in _atoms(self.node) if "x-unique-key" in atom.schema), ())

    @property
    def title(self) -> str:
        """The schema's title of the place, or the empty string."""
        return next((str(atom.schema["title"]) for atom in _atoms(self.node) if "title" in atom.schema), "")

    @property
    def description(self) -> str:
        """The schema's description of the place, or the empty string."""
        return next((str(atom.schema["description"]) for atom in _atoms(self.node) if "description" in atom.schema), "")

    @property
    def patterned(self) -> bool:
        """Whether the schema lists some of the keys by a pattern only."""
        return any("patternProperties" in atom.schema for atom in _atoms(self.node))

    def step(self, step: str | int) -> Shape | None:
        """The shape behind one step of a path, or None when the schema has no such place."""
        return self._of(_step(self.node, step, self.schemas))

    def member(self) -> Shape | None:
        """The shape of the members of a list or map, or None when there are none."""
        return self._of(_member(self.node, self.schemas))

    def keys(self) -> tuple[str, ...]:
        """The property names that the schema lists."""
        return tuple(dict.fromkeys(key for atom in _atoms(self.node) for key in atom.schema.get("properties", ())))

    def _of(self, meeting: Meeting) -> Shape | None:
        match meeting:
            case Met(node):
                return Shape(node, self.schemas, self.sensitive)
            case NotMet("open"):
                return Shape(_FREE, self.schemas, self.sensitive)
            case _:
                return None


def shape_of(schemas: Schemas, home: str) -> Shape:
    """The shape of the whole body, by the schema document `home`."""
    return Shape(_node(schemas[home], home, schemas), schemas)


# From a schema to a node: references are followed until a keyword about members is met, which waits for a step.


def _node(schema: Any, home: str, schemas: Schemas, seen: frozenset[int] = frozenset()) -> Node:
    if not isinstance(schema, Mapping):
        return Atom({"enum": []}, home) if schema is False else _FREE
    if id(schema) in seen:
        return _FREE
    seen |= {id(schema)}
    parts: list[Node] = [Atom(schema, home)]
    if "$ref" in schema:
        target, place = resolve(schema["$ref"], home, schemas)
        parts.append(_node(target, place, schemas, seen))
    parts += [_node(part, home, schemas, seen) for part in schema.get("allOf", ())]
    for word in ("anyOf", "oneOf"):
        if word in schema:
            parts.append(Either(tuple(_node(branch, home, schemas, seen) for branch in schema[word])))
    if "if" in schema:
        parts.append(Either(tuple(_node(schema.get(word, True), home, schemas, seen) for word in ("then", "else"))))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _atoms(node: Node) -> Iterator[Atom]:
    waiting: list[Node] = [node]
    while waiting:
        match waiting.pop(0):
            case Atom() as atom:
                yield atom
            case All(parts):
                waiting = [*parts, *waiting]
            case Either(branches):
                waiting = [*branches, *waiting]


# Types


def _types(node: Node) -> frozenset[str]:
    match node:
        case Atom(schema):
            return _own_types(schema)
        case All(parts):
            found = ANY
            for part in parts:
                found = _meet(found, _types(part))
            return found
        case Either(branches):
            return _join(_types(branch) for branch in branches)


def _own_types(schema: Mapping[str, Any]) -> frozenset[str]:
    stated = schema.get("type")
    types = _implied_types(schema) if stated is None else frozenset([stated] if isinstance(stated, str) else stated)
    if schema.get("format") in _STRINGS and (types == ANY or "string" in types):
        types = (types - {"string", "any"}) | {schema["format"]}
    listed = [schema["const"]] if "const" in schema else schema.get("enum")
    return types if listed is None else _meet(types, frozenset(_type_of(value) for value in listed)) if listed else NOWHERE


def _implied_types(schema: Mapping[str, Any]) -> frozenset[str]:
    words = {"object": ("properties", "patternProperties", "additionalProperties"), "array": ("items", "prefixItems")}
    return frozenset(name for name, marks in words.items() if any(mark in schema for mark in marks)) or ANY


def _type_of(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float() | Decimal():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def _meet(left: frozenset[str], right: frozenset[str]) -> frozenset[str]:
    if left == ANY or right == ANY:
        return right if left == ANY else left
    narrow = {"string": _STRINGS, "number": frozenset({"integer"})}
    both = left & right
    for wide, kinds in narrow.items():
        both |= (kinds & right if wide in left else NOWHERE) | (kinds & left if wide in right else NOWHERE)
    return both


def _join(found: Iterable[frozenset[str]]) -> frozenset[str]:
    union: frozenset[str] = frozenset().union(*found)
    return ANY if "any" in union else union


def _values(node: Node) -> tuple[Json, ...] | None:
    match node:
        case Atom(schema):
            return (schema["const"],) if "const" in schema else tuple(schema["enum"]) if "enum" in schema else None
        case All(parts):
            lists = [found for found in map(_values, parts) if found is not None]
            return tuple(value for value in lists[0] if all(value in other for other in lists)) if lists else None
        case Either(branches):
            found = [_values(branch) for branch in branches]
            return None if None in found else tuple(value for values in found if values is not None for value in values)


# Steps


def _step(node: Node, step: str | int, schemas: Schemas) -> Meeting:
    match node:
        case Atom():
            return _into_map(node, step, schemas) if isinstance(step, str) else _into_list(node, step, schemas)
        case All(parts):
            return _all_met([_step(part, step, schemas) for part in parts])
        case Either(branches):
            return _either_met([_step(branch, step, schemas) for branch in branches])


def _into_map(atom: Atom, key: str, schemas: Schemas) -> Meeting:
    if not _admits(atom.schema, "object"):
        return _FORBIDDEN
    found = [atom.schema["properties"][key]] if key in atom.schema.get("properties", {}) else []
    found += [schema for pattern, schema in atom.schema.get("patternProperties", {}).items() if compile_pattern(pattern).search(key)]
    rest = atom.schema.get("additionalProperties", atom.schema.get("unevaluatedProperties"))
    if found:
        return _all_met([_met(schema, atom, schemas) for schema in found])
    if isinstance(rest, Mapping):
        return _met(rest, atom, schemas)
    if "additionalProperties" in atom.schema and rest is False:
        return _FORBIDDEN
    return _UNLISTED if "properties" in atom.schema or "patternProperties" in atom.schema else _OPEN


def _into_list(atom: Atom, position: int, schemas: Schemas) -> Meeting:
    if not _admits(atom.schema, "array"):
        return _FORBIDDEN
    first = atom.schema.get("prefixItems", ())
    if position < len(first):
        return _met(first[position], atom, schemas)
    rest = atom.schema.get("items", atom.schema.get("unevaluatedItems"))
    return _OPEN if rest is None or rest is True else _met(rest, atom, schemas)


def _met(schema: Any, atom: Atom, schemas: Schemas) -> Meeting:
    return _FORBIDDEN if schema is False else Met(_node(schema, atom.home, schemas))


def _admits(schema: Mapping[str, Any], name: str) -> bool:
    types = _own_types(schema)
    return types == ANY or name in types


def _all_met(found: list[Meeting]) -> Meeting:
    if _FORBIDDEN in found:
        return _FORBIDDEN
    met = [meeting for meeting in found if isinstance(meeting, Met)]
    definite = tuple(meeting.node for meeting in met if meeting.definite)
    if definite:
        return Met(definite[0] if len(definite) == 1 else All(definite))
    if met:
        return Met(Either(tuple(meeting.node for meeting in met)), definite=False)
    return _UNLISTED if _UNLISTED in found else _OPEN


def _either_met(found: list[Meeting]) -> Meeting:
    met = [meeting for meeting in found if isinstance(meeting, Met)]
    if met:
        return Met(Either(tuple(m.node for m in met)), all(m.definite for m in met) and _OPEN not in found and _UNLISTED not in found)
    return _OPEN if _OPEN in found else _UNLISTED if _UNLISTED in found else _FORBIDDEN


def _member(node: Node, schemas: Schemas) -> Meeting:
    match node:
        case Atom():
            return _own_member(node, schemas)
        case All(parts):
            return _all_met([_member(part, schemas) for part in parts])
        case Either(branches):
            return _either_met([_member(branch, schemas) for branch in branches])


def _own_member(atom: Atom, schemas: Schemas) -> Meeting:
    lists, maps = _admits(atom.schema, "array"), _admits(atom.schema, "object")
    if not (lists or maps):
        return _FORBIDDEN
    found = [_met(schema, atom, schemas) for schema in members_of(atom.schema, lists, maps)]
    return _either_met(found) if found else _OPEN


def members_of(schema: Mapping[str, Any], lists: bool = True, maps: bool = True) -> list[Any]:
    """The schemas that apply to members of a list or map, leaving out those that say nothing or forbid."""
    found: list[Any] = [*schema.get("prefixItems", ()), schema.get("items")] if lists else []
    if maps:
        found += [*schema.get("properties", {}).values(), *schema.get("patternProperties", {}).values()]
        found += [schema.get("additionalProperties")]
    return [member for member in found if isinstance(member, Mapping)]
