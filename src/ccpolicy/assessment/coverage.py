"""Coverage of a rule by its cases: which of its leaves and branches they decide both ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ccpolicy.analysis.unfolding import predicates_of, unfolded
from ccpolicy.assessment.cases import Prepared, prepared
from ccpolicy.assessment.library import Library
from ccpolicy.backends.outcome import Outcome, Spot, Truth
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import Scene
from ccpolicy.language.expr import AllOf, AnyOf, IfThenElse, Leaf, Meets, Not, Predicate
from ccpolicy.language.walk import below, inner
from ccpolicy.rulebook.rule import Case, Rule

Part: TypeAlias = Literal["leaf", "branch"]


@dataclass(frozen=True, slots=True)
class Point:
    """A leaf or a branch of a rule, and how often the cases found it true, false and undecided."""

    place: str
    part: Part
    true: int
    false: int
    unknown: int

    @property
    def both_ways(self) -> bool:
        """Whether it was true at least once, and false at least once."""
        return self.true > 0 and self.false > 0

    @property
    def lack(self) -> str:
        """What no case makes of it, in words; empty if it is decided both ways."""
        if self.both_ways:
            return ""
        if not (self.true or self.false):
            return "never decided" if self.unknown else "never reached"
        return "never true" if self.false else "never false"


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """The leaves and branches of a rule, in the order in which they are evaluated."""

    rule: str
    cases: int
    points: tuple[Point, ...]

    def of(self, part: Part) -> tuple[Point, ...]:
        """Its leaves, or its branches."""
        return tuple(point for point in self.points if point.part == part)

    @property
    def lacking(self) -> tuple[Point, ...]:
        """Those that are not decided both ways."""
        return tuple(point for point in self.points if not point.both_ways)


def coverage_of(rule: Rule, cases: Iterable[Case], library: Library) -> RuleCoverage:
    """What those of the cases that are of this rule decide in it."""
    return covered(rule, [prepared(case, library) for case in cases if case.rule == rule.id])


def covered(rule: Rule, cases: Sequence[Prepared]) -> RuleCoverage:
    """What the cases decide in their rule."""
    whole = unfolded(rule)
    observer = Observer()
    for case in cases:
        case.run(whole, observer.judge)
    counts = Counter(observer.log)
    return RuleCoverage(rule.id, len(cases), tuple(_point(node, place, counts) for node, place in _points(whole)))


# ---- observing -----------------------------------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Observer:
    """Judges as the reference interpreter does, and notes every outcome but those of a branch that an `if` does not take."""

    log: list[tuple[int, Truth]] = field(default_factory=list)  # identity of the node, and what it was

    def judge(self, node: Predicate, at: Spot, scene: Scene) -> Outcome:
        """The outcome of a predicate where it stands."""
        start = len(self.log)
        outcome = judge(node, at, scene)
        if isinstance(node, IfThenElse):
            self._forget(_not_taken(node, dict(self.log[start:])), start)
        self.log.append((id(node), outcome.truth))
        return outcome

    def _forget(self, branch: Predicate | None, start: int) -> None:
        if branch is not None:
            gone = {id(node) for node in below(branch)}
            self.log[start:] = [note for note in self.log[start:] if note[0] not in gone]


def _not_taken(node: IfThenElse, noted: dict[int, Truth]) -> Predicate | None:
    truth = noted[id(node.condition)]
    return node.otherwise if truth == "T" else node.then if truth == "F" else None


# ---- points --------------------------------------------------------------------------------------------------------------------


def _point(node: Predicate, place: str, counts: Counter[tuple[int, Truth]]) -> Point:
    part: Part = "leaf" if isinstance(node, Leaf) else "branch"
    return Point(place, part, counts[id(node), "T"], counts[id(node), "F"], counts[id(node), "U"])


def _points(rule: Rule) -> Iterator[tuple[Predicate, str]]:
    for place, predicate in predicates_of(rule):
        yield from _of_branch(predicate, place)


def _of_branch(node: Predicate, place: str) -> Iterator[tuple[Predicate, str]]:
    """A node that stands where a branch does, and the points below it."""
    if not isinstance(node, Leaf):
        yield node, place
    yield from _inside(node)


def _inside(node: Predicate) -> Iterator[tuple[Predicate, str]]:
    match node:
        case AllOf() | Not() | Meets():
            for child in inner(node):
                if isinstance(child, Not):
                    yield child, child.place
                yield from _inside(child)
        case AnyOf(children):
            for number, child in enumerate(children):
                yield from _of_branch(child, f"{node.place}/{number}")
        case IfThenElse():
            for word, branch in zip(("if", "then", "else"), inner(node), strict=False):
                yield from _of_branch(branch, f"{node.place.removesuffix('if')}{word}")
        case Leaf():
            yield node, node.place
            for part in inner(node):
                yield from _of_branch(part, node.place)
