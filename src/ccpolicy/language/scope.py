"""Static names: what the paths of a rule lead to, by the schemas of the kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ccpolicy.documents.path import HERE, Path, Step, Wild
from ccpolicy.documents.shape import Shape, shape_of
from ccpolicy.errors import did_you_mean
from ccpolicy.language.typecheck import container

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


UNKNOWN = "?"  # stands for a kind that there is not


def nowhere(joined: bool = False) -> Place:
    """A place of which nothing is known, because a mistake stands before it: every path and every operator fits it."""
    return Place(frozenset({"any"}), _shape({}), UNKNOWN, joined=joined)


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
            names = [f"${name}" for name in sorted(known)]
            raise NoPlace(f"`${path.root}` is no name here", did_you_mean(f"${path.root}", names) or f"known are {', '.join(names)}")
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
        return NoPlace(f"{_owner(place, reached)} has no `{step}`", self._hint(path, str(step), place))

    def _hint(self, path: Path, step: str, place: Place) -> str:
        keys = place.shape.keys() if place.shape else ()
        if path.root == HERE and len(path.steps) == 1 and (step in self.joins or step in self.measures):
            return f"did you mean `${step}`?"
        if "array" in place.types:
            return "it is a list: enter it with `some`, `every`, `none` or `count`"
        if not keys:
            return f"it is {container(place.types)}" if place.types else ""
        shown = ", ".join(keys[:_MOST]) + (" ..." if len(keys) > _MOST else "")
        return did_you_mean(step, keys) or f"it has {shown}"


_MOST = 12  # keys named in a hint


def _owner(place: Place, reached: str) -> str:
    """What lacks a key: the envelope, a name, the body of a kind, or a place in it."""
    if not place.kind or place.enveloped:
        return f"`{reached}`"
    return f"`{Path(HERE, place.pattern)}` of kind `{place.kind}`" if place.pattern else f"kind `{place.kind}`"
