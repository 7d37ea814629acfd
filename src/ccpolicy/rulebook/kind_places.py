"""The places in the documents of a kind that a rule can name: paths from where a condition stands, and sources for `each`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ccpolicy.documents.path import HERE, WILD, Path, Step
from ccpolicy.documents.shape import Shape, shape_of
from ccpolicy.language.scope import Scope, body_of

MOST = 500  # places below one another; of a schema that knows more, the others are left to the loader
DEEPEST = 8  # steps of a path, and of a source; likewise
_UNLISTED = "\u0001"  # no schema lists this key
_ROOTS = ("document", "as_of", "period", "organisation")
_NOTHING = shape_of({"": {}}, "")
_INDEXED = r"\["  # a position, or a quoted key: left to the loader
_OTHER_ROOTS = rf"^\$(?!({'|'.join(_ROOTS)})($|\.))"  # `$focus`, joins and measures: left to the loader


@dataclass(frozen=True, slots=True)
class Spot:
    """A place and the path or source that leads to it."""

    path: Path
    shape: Shape

    @property
    def text(self) -> str:
        """The path as the language writes it."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Known:
    """The paths that hold at a place, and patterns of those that only the loader can check."""

    spots: tuple[Spot, ...]
    patterns: tuple[str, ...]


def known_at(shape: Shape) -> Known:
    """What a bare path may name from a place of this shape."""
    here = Spot(Path(HERE, ()), shape)
    spots = [here, *_below(here)]
    return Known(tuple(spots), tuple(dict.fromkeys(_beyond(spot) for spot in spots if _is_open(spot))))


def known_everywhere() -> Known:
    """What a path may name wherever it stands: the envelope, the day, the period and the organisation."""
    scope = Scope(body_of("", _NOTHING), period=True)
    roots = [Spot(Path(name, ()), found) for name in _ROOTS if (found := scope.place(Path(name, ())).shape) is not None]
    spots = [spot for root in roots for spot in (root, *_below(root))]
    return Known(tuple(spots), (_OTHER_ROOTS, _INDEXED, *(_beyond(spot) for spot in spots if _is_open(spot))))


def members_known(shape: Shape) -> bool:
    """Whether the members of a list or map have one shape: those of a map with keys of its own do not."""
    return "any" not in shape.types and ("array" in shape.types or not shape.keys())


def _below(top: Spot) -> Iterator[Spot]:
    """The places below, the nearest first, without entering lists."""
    waiting, seen = [top], 0
    while waiting and seen < MOST:
        spot = waiting.pop(0)
        for key in spot.shape.keys() if len(spot.path.steps) < DEEPEST else ():
            shape = spot.shape.step(key)
            if shape is not None:
                found = Spot(Path(spot.path.root, (*spot.path.steps, key)), shape)
                seen += 1
                yield found
                waiting.append(found)


def _is_open(spot: Spot) -> bool:
    """Whether there may be keys below it that its schema does not list, or that were not followed."""
    deep = len(spot.path.steps) >= DEEPEST and bool(spot.shape.keys())
    return deep or spot.shape.patterned or spot.shape.step(_UNLISTED) is not None


def _beyond(spot: Spot) -> str:
    """A pattern of the paths below an open place."""
    return r"^[A-Za-z_]" if spot.text == "." else f"^{re.escape(spot.text)}\\."


def sources_of(body: Shape) -> Known:
    """What `each` may name: the members of lists, and of maps without keys of their own, and every place above or below them."""
    top = Spot(Path(HERE, ()), body)
    waiting, found = [top], list[Spot]()
    while waiting and len(found) < MOST:
        spot = waiting.pop(0)
        below = _steps(spot) if len(spot.path.steps) < DEEPEST else []
        found += below
        waiting += below
    loose = [_beyond(spot) for spot in found if _is_open(spot)]
    closed = [rf"^{re.escape(spot.text)}\.\*" for spot in found if "object" in spot.shape.types and spot.shape.keys()]
    return Known(tuple(found), (_INDEXED, r"^\*", *dict.fromkeys([*loose, *closed])))


def _steps(spot: Spot) -> list[Spot]:
    """What one step of a source leads to."""
    keys: tuple[str, ...] = spot.shape.keys()
    steps: list[tuple[Step, Shape | None]] = [(key, spot.shape.step(key)) for key in keys]
    if spot.shape.types & {"array", "object"} and members_known(spot.shape):
        steps.append((WILD, spot.shape.member()))
    return [Spot(Path(HERE, (*spot.path.steps, step)), shape) for step, shape in steps if shape is not None]
