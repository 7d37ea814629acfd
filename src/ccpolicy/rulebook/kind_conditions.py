"""The JSON Schema of the condition on one path: the operators that its type allows, and what they may be given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ccpolicy.documents.shape import Shape
from ccpolicy.language.expr import Sort
from ccpolicy.language.typecheck import container, families
from ccpolicy.rulebook.kind_places import members_known

Schema: TypeAlias = dict[str, Any]
Share: TypeAlias = Callable[[str, Schema], Schema]  # gives a schema a name, and is given a reference to it
Member: TypeAlias = Callable[[Shape, str], Schema]  # the predicate on the members, of a shape, of the list or map that a path names

_LITERALS: dict[Sort, Schema] = {
    "number": {"type": "number"},
    "text": {"type": "string"},
    "boolean": {"type": "boolean"},
    "moment": {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"},
    "duration": {"type": "string", "pattern": "^P"},
}
PARAM: Schema = {"type": "object", "properties": {"param": {"type": "string"}}, "required": ["param"], "additionalProperties": False}
_LENGTH: Schema = {"anyOf": [_LITERALS["duration"], PARAM]}
_SIZES: frozenset[Sort] = frozenset({"number", "duration"})
_MOMENTS: frozenset[Sort] = frozenset({"moment"})
_TEXTS: frozenset[Sort] = frozenset({"text"})
_LETTERS = frozenset({"string", "date", "date-time", "duration"})  # types whose letters can be looked at


class Conditions:
    """Writes conditions that stand at a place. `given` is the schema of any condition, `paths` that of a path from there."""

    def __init__(self, given: Schema, paths: Schema, share: Share, member: Member) -> None:
        self.given = given
        self.paths = paths
        self.share = share
        self.member = member

    def on(self, shape: Shape, text: str) -> Schema:
        """The condition on a place."""
        head = {"title": shape.title or text, "description": _described(shape)}
        if "any" in shape.types:
            return {**head, "$ref": "#/$defs/Condition"}
        words = self._scalars(shape) | {"present": {"type": "boolean"}} | self._members(shape, text)
        told = {word: self._told(word) | schema for word, schema in words.items()}
        return {**head, "type": "object", "minProperties": 1, "properties": told, "additionalProperties": False}

    def _told(self, word: str) -> Schema:
        """What the schema of any condition says of an operator."""
        return {key: value for key, value in self.given["properties"][word].items() if key in ("description", "markdownDescription")}

    # ---- single values

    def _scalars(self, shape: Shape) -> Schema:
        sorts = families(shape.types)
        words: Schema = {}
        if sorts:
            values = shape.values
            words |= dict.fromkeys(("is", "is_not"), self._operand(sorts, values))
            words |= dict.fromkeys(("in", "not_in"), self._values(sorts, values))
        if sizes := sorts & _SIZES:
            one = self._operand(sizes)
            words |= dict.fromkeys(("at_least", "at_most", "more_than", "less_than"), one)
            words["between"] = {"type": "array", "minItems": 2, "maxItems": 2, "items": one}
        if sorts & _MOMENTS:
            words |= dict.fromkeys(("before", "after", "on_or_before", "on_or_after"), self._operand(_MOMENTS))
            words |= dict.fromkeys(("within_last", "within_next"), _LENGTH)
            words["done_within"] = {"$ref": "#/$defs/DoneWithinArgument"}
        if shape.types & _LETTERS:
            words |= dict.fromkeys(("starts_with", "ends_with", "contains_text"), self._operand(_TEXTS))
            words["matches"] = {"type": "string"}
            words["free_of"] = {"type": "array", "minItems": 1, "items": {"enum": ["pan", "ssn"]}}
        return words

    def _literals(self, sorts: frozenset[Sort], values: tuple[Any, ...] | None) -> list[Schema]:
        if values is not None:
            return [{"enum": [value for value in values if value is not None]}]
        return [_LITERALS[sort] for sort in sorted(sorts)]

    def _operand(self, sorts: frozenset[Sort], values: tuple[Any, ...] | None = None) -> Schema:
        moving = "moment" in sorts
        told = self.share("date elsewhere" if moving else "elsewhere", {"anyOf": [PARAM, self._path(moving)]})
        schema: Schema = {"anyOf": [*self._literals(sorts, values), told]}
        return schema if values is not None else self.share(" or ".join(sorted(sorts)), schema)

    def _values(self, sorts: frozenset[Sort], values: tuple[Any, ...] | None = None) -> Schema:
        listed = {"type": "array", "minItems": 1, "items": {"anyOf": self._literals(sorts, values)}}
        schema: Schema = {"anyOf": [listed, self.share("list elsewhere", {"anyOf": [PARAM, self._path(False)]})]}
        return schema if values is not None else self.share(f"list of {' or '.join(sorted(sorts))}", schema)

    def _path(self, moving: bool) -> Schema:
        moved = {"plus": _LENGTH, "minus": _LENGTH} if moving else {}
        return {"type": "object", "properties": {"path": self.paths, **moved}, "required": ["path"], "additionalProperties": False}

    # ---- lists and maps

    def _members(self, shape: Shape, text: str) -> Schema:
        member = shape.member() if shape.types & {"array", "object"} else None
        if member is None:
            return {}
        inside = self.member(member, text) if members_known(shape) else {"$ref": "#/$defs/Predicate"}
        words: Schema = dict.fromkeys(("some", "every", "none"), inside)
        bounds = {word: self._operand(frozenset({"number"})) for word in ("at_least", "at_most")}
        words["count"] = {
            "type": "object",
            "properties": {"where": inside, **bounds},
            "additionalProperties": False,
            "anyOf": [{"required": ["at_least"]}, {"required": ["at_most"]}],
        }
        words["allow_empty"] = {"type": "boolean"}
        return words | (self._of_lists(member, inside) if "array" in shape.types else {})

    def _of_lists(self, member: Shape, inside: Schema) -> Schema:
        words: Schema = {word: _bare(self.given["properties"][word]) for word in ("unique_by", "cadence")}
        argument = self.given["$every_path"]
        parts: Schema = dict.fromkeys(("to", "first_passes", "undone_by"), inside)
        words["every_path"] = {**argument, "properties": {**argument["properties"], **parts}}
        sorts = families(member.types)
        if "any" in sorts:
            listed = ("contains", "contains_all", "at_most_one_of", "subset_of", "disjoint_from")
            return words | {word: _bare(self.given["properties"][word]) for word in listed}
        if sorts:
            words["contains"] = self._operand(sorts, member.values)
            words |= dict.fromkeys(("contains_all", "at_most_one_of", "subset_of", "disjoint_from"), self._values(sorts, member.values))
        return words


def _bare(schema: Schema) -> Schema:
    """An operator's argument without what is said about it: its null, which the loader refuses, and its default."""
    branches = [branch for branch in schema.get("anyOf", [schema]) if branch != {"type": "null"}]
    return branches[0] if len(branches) == 1 and "$ref" in branches[0] else {"anyOf": branches}


def _described(shape: Shape) -> str:
    """What an editor shows of a place."""
    values = [str(value) for value in shape.values or () if value is not None]
    what = f"one of {', '.join(values)}" if values else container(shape.types)
    return f"{shape.description}\n\n{what}".strip() + ("; never shown in a report" if shape.sensitive else "")
