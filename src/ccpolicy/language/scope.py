"""Static names: what the paths of a rule lead to, by the schemas of the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ccpolicy.documents.path import HERE, Path, Step, Wild
from ccpolicy.documents.shape import Shape, shape_of
from ccpolicy.errors import did_you_mean

_TEXT = {"type": "string"}
_DATE = {"type": "string", "format": "date"}
_MOMENT = {"anyOf": [_DATE, {"type": "string", "format": "date-time"}]}
ENVELOPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("kind", "id", "site", "client"), _TEXT),
        **dict.fromkeys(("observed_at", "valid_from", "valid_to"), _MOMENT),
        "data_classes": {"type": "array", "items": {"enum": ["cardholder_data", "ephi", "personal_data"]}},
        "source": {"type": "object", "properties": dict.fromkeys(("system", "reference", "collected_by", "sha256"), _TEXT)},
    },
}
_ORGANISATION = {
    "type": "object",
    "properties": {"name": _TEXT, "roles": {"type": "object", "additionalProperties": {"type": "boolean"}}},
}
_PERIOD = {"type": "object", "properties": {"from": _DATE, "to": _DATE}}


def _shape(schema: dict[str, Any]) -> Shape:
    return shape_of({"here": schema}, "here")


@dataclass(frozen=True, slots=True)
class Place:
    """What a path leads to: a place in a kind's documents, a join (`joined`: its kind), or a measure (`types` alone)."""

    types: frozenset[str]
    shape: Shape | None = None
    kind: str = ""
    pattern: tuple[Step, ...] = ()  # from the body, with wildcards where members were entered
    enveloped: bool = False
    joined: bool = False

    def step(self, step: Step) -> Place | None:
        """One step further, or None when the schema has no such place."""
        if self.shape is None or self.joined:
            return None
        found = self.shape.member() if isinstance(step, Wild) else self.shape.step(step)
        return None if found is None else replace(self, types=found.types, shape=found, pattern=(*self.pattern, step))

    def member(self) -> Place | None:
        """The members of a list or map, or the documents of a join."""
        return replace(self, joined=False) if self.joined else self.step(Wild())


def body_of(kind: str, shape: Shape) -> Place:
    """The body of the documents of a kind."""
    return Place(shape.types, shape, kind)


def join_of(kind: str, shape: Shape) -> Place:
    """The collection of a join."""
    return Place(shape.types, shape, kind, joined=True)


class NoPlace(ValueError):
    """A path leads nowhere; `hint` may say where it should."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Scope:
    """The names that hold where a condition stands."""

    here: Place
    focus: Place | None = None
    period: bool = False
    joins: Mapping[str, Place] = field(default_factory=dict)
    measures: Mapping[str, Place] = field(default_factory=dict)

    def inside(self, here: Place) -> Scope:
        """The same names, with bare paths starting at a member."""
        return replace(self, here=here)

    def place(self, path: Path) -> Place:
        """What the path (or source) leads to. Raises NoPlace."""
        place = self._root(path)
        for number, step in enumerate(path.steps):
            found = place.step(step)
            if found is None:
                raise self._nowhere(path, number, place)
            place = found
        return place

    def _root(self, path: Path) -> Place:
        if path.root == HERE:
            return self.here
        known = self._names()
        if path.root not in known:
            raise NoPlace(f"`${path.root}` is no name here", did_you_mean(path.root, known) or f"known are {', '.join(sorted(known))}")
        return known[path.root]

    def _names(self) -> dict[str, Place]:
        given: dict[str, dict[str, Any]] = {"as_of": _DATE, "organisation": _ORGANISATION, **({"period": _PERIOD} if self.period else {})}
        names = {name: Place(_shape(schema).types, _shape(schema)) for name, schema in given.items()}
        names["document"] = Place(frozenset({"object"}), _shape(ENVELOPE), self.here.kind, enveloped=True)
        if self.focus is not None:
            names["focus"] = self.focus
        return {**names, **self.joins, **self.measures}

    def _nowhere(self, path: Path, number: int, place: Place) -> NoPlace:
        step = path.steps[number]
        reached = str(Path(path.root, path.steps[:number]))
        if place.joined:
            return NoPlace(f"`{path}`: `${path.root}` is a collection", "enter it with `some`, `every`, `none` or `count`")
        if isinstance(step, Wild):
            return NoPlace(f"`{path}`: `{reached}` is neither a list nor a map")
        keys = place.shape.keys() if place.shape else ()
        owner = f"`{reached}` of kind `{place.kind}`" if number else f"kind `{place.kind}`" if place.kind else f"`${path.root}`"
        hint = did_you_mean(str(step), keys)
        if not hint and "array" in place.types:
            hint = "it is a list: enter it with `some`, `every`, `none` or `count`"
        return NoPlace(f"{owner} has no `{step}`", hint or (f"it has {', '.join(keys)}" if keys else ""))
