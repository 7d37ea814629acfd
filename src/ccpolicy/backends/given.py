"""What a condition is given beside its own value: operands, parameters, and the days that it counts to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, assert_never

from ccpolicy.backends.outcome import Spot
from ccpolicy.backends.scalars import due_of
from ccpolicy.backends.scene import Scene, Unknown, arguments, length, operand, resolve
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.documents.moment import Duration, shift
from ccpolicy.documents.path import HERE, Path
from ccpolicy.language.expr import (
    Between,
    Cadence,
    Compared,
    Compares,
    Contains,
    Counts,
    DoneWithin,
    Equals,
    Every,
    EveryPath,
    FreeOf,
    FromParam,
    FromPath,
    Matches,
    NoneOf,
    OneOf,
    Operand,
    Present,
    Some,
    Sort,
    Test,
    Texts,
    UniqueBy,
    Values,
    Window,
)

Source: TypeAlias = Literal["seen", "operand", "param", "derived"]


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A value that a step looked at: what it is called, what it came to, and where it stands (None for what stands nowhere)."""

    source: Source
    name: str
    value: Any  # a scalar, Gap, Absent, None, Unknown, a list or map, a Collection, or a tuple of scalars
    spot: Spot | None = None
    secret: bool = False
    node: FromPath | None = None  # the operand, where it is a path


def givens(test: Test, at: Spot, scene: Scene) -> Iterator[Given]:
    """All of it, in the order of the operator's arguments."""
    yield from _operands(test, at, scene)
    yield from _derived(test, at, scene)


def _operands(test: Test, at: Spot, scene: Scene) -> Iterator[Given]:
    """What the operands that are not written in the rule came to."""
    match test:
        case Equals(value, sort) | Contains(value, sort) | Compares(_, value, sort):
            yield from _operand(value, sort, at, scene)
        case OneOf(values, sort) | Compared(_, values, sort):
            yield from _values(values, sort, at, scene)
        case Between(low, high, sort):
            yield from _operand(low, sort, at, scene)
            yield from _operand(high, sort, at, scene)
        case Texts(_, value):
            yield from _operand(value, "text", at, scene)
        case Window(_, span):
            yield from param_given(span, scene)
        case DoneWithin(start, amount):
            yield from _operand(start, "moment", at, scene)
            yield from param_given(amount, scene)
        case Counts(_, low, high):
            for bound in (low, high):
                yield from () if bound is None else _operand(bound, "number", at, scene)
        case Cadence(_, every, over_last, tolerance):
            for length_of in (every, over_last, tolerance):
                yield from param_given(length_of, scene)
        case EveryPath(start=start):
            yield from _operand(start, "any", at, scene)
        case Matches() | FreeOf() | Present() | Some() | Every() | NoneOf() | UniqueBy():
            return
        case _:
            assert_never(test)


def _operand(node: Operand, sort: Sort, at: Spot, scene: Scene) -> Iterator[Given]:
    if isinstance(node, FromPath):
        secret = is_secret(node.path, at, scene)
        spot = standing(node.path, at, scene)
        by, moved = node.by, {1: "plus", -1: "minus"}[node.sign]
        name = f"{node.path}" if by is None else f"{node.path} {moved} {by.text if isinstance(by, Duration) else by.name}"
        yield Given("operand", name, operand(node, sort, at, scene), spot, secret, node)
        yield from param_given(by, scene)
    yield from param_given(node, scene)


def _values(node: Values, sort: Sort, at: Spot, scene: Scene) -> Iterator[Given]:
    if isinstance(node, FromPath):
        listed = arguments(node, sort, at, scene)
        value = listed if isinstance(listed, Unknown) else listed.values
        yield Given("operand", str(node.path), value, standing(node.path, at, scene), is_secret(node.path, at, scene), node)
    yield from param_given(node, scene)


def param_given(node: object, scene: Scene) -> Iterator[Given]:
    """A parameter, if the node is one."""
    if isinstance(node, FromParam):
        value = scene.params.get(node.name)
        yield Given("param", node.name, Unknown(frozenset({"param_unset"})) if value is None else value)


def standing(path: Path, at: Spot, scene: Scene) -> Spot | None:
    """Where what a path selects stands; None for what stands in no document, as joins, measures and the date of assessment."""
    return resolve(path, at, scene).spot if path.root in (HERE, "focus", "document") else None


def _derived(test: Test, at: Spot, scene: Scene) -> Iterator[Given]:
    """The days that an operator counts to."""
    if isinstance(test, DoneWithin):
        secret = isinstance(test.start, FromPath) and is_secret(test.start.path, at, scene)
        yield Given("derived", "due", due_of(test, at, scene), secret=secret)
    if isinstance(test, Window):
        span = length(test.length, scene)
        edge = None if isinstance(span, Unknown) else shift(scene.as_of, span, -1 if test.word == "within_last" else 1)
        if edge is not None:
            yield Given("derived", "after" if test.word == "within_last" else "before", edge)
