"""A trace: the judgement of a predicate step by step, each step with its truth and what was seen there.

It decides nothing. The truth of every step is what the reference interpreter says of that node at that place; the trace only adds what
the interpreter looked at on its way. It reads every node there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, TypeAlias, assert_never

from ccpolicy.backends.given import Given, givens, standing
from ccpolicy.backends.outcome import NO_REASON, Outcome, Reasons, Spot, Truth
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import (
    Collection,
    Scene,
    Seen,
    Unknown,
    arguments,
    beside,
    gathered,
    length,
    operand,
    resolve,
    scalar,
)
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.backends.series import events_of
from ccpolicy.backends.walks import Flow, first_bad, flow_of, names_hidden
from ccpolicy.documents.document import Claim
from ccpolicy.documents.moment import shift
from ccpolicy.documents.path import HERE, Path
from ccpolicy.documents.values import Gap
from ccpolicy.language.expr import (
    AllOf,
    AnyOf,
    Cadence,
    Compared,
    Contains,
    Counts,
    Every,
    EveryPath,
    FromPath,
    IfThenElse,
    Leaf,
    Listed,
    Literally,
    Meets,
    NoneOf,
    Not,
    OneOf,
    Predicate,
    Some,
    Sort,
    UniqueBy,
)

DECIDING, OTHERS = 6, 3  # members of a collection that are traced: of the truth that decides, and of each other truth
Role: TypeAlias = Literal["", "if", "then", "else", "to", "first_passes", "undone_by"]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """How many members of a collection have each truth, and why there may be others."""

    counts: Mapping[Truth, int]
    openness: Reasons


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A value and whether it is found in the list that it is held against."""

    truth: Truth
    given: Given


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The members of a list, or the values that it is held against; `openness` says why there may be others."""

    parts: tuple[Part, ...]
    openness: Reasons


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The events of a cadence. `start` is the first day of the time looked back on."""

    start: date | None
    events: tuple[tuple[date, Spot], ...]
    undated: tuple[Spot, ...]
    openness: Reasons  # of the collection, without what claims say
    joined: bool  # they are documents, which have to be all there from `first` to `last`
    recorded: bool  # by their record date, of which claims speak
    first: date
    last: date
    claims: tuple[Claim, ...] | None  # that say so, if they do
    secret: bool


@dataclass(frozen=True, slots=True, eq=False)
class Walked:
    """A flow and the shortest bad path through it, or (`certain` is false) one that what is unknown leaves possible."""

    flow: Flow
    way: tuple[int, ...]  # positions of nodes
    certain: bool
    hidden: bool  # names of nodes are not to be shown
    nodes: tuple[Step, ...]  # along the way, what the guard says of each node; of the last one, what the target says


Insight: TypeAlias = "Tally | Parts | Series | Walked | None"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One node where it stands: its outcome, what it looked at, and the steps it was made of."""

    node: Predicate
    at: Spot
    outcome: Outcome
    role: Role = ""
    given: tuple[Given, ...] = ()
    children: tuple[Step, ...] = ()  # of a quantifier: the members that are traced, those that decide first
    insight: Insight = None


def trace(node: Predicate, at: Spot, scene: Scene, role: Role = "") -> Step:
    """The judgement of a predicate where it stands, step by step."""
    step = Step(node, at, judge(node, at, scene), role)
    match node:
        case Leaf():
            return _leaf(node, step, scene)
        case AllOf(children) | AnyOf(children):
            return replace(step, children=tuple(trace(child, at, scene) for child in children))
        case Not(child):
            return replace(step, children=(trace(child, at, scene),))
        case IfThenElse(condition, then, otherwise):
            parts: list[tuple[Role, Predicate]] = [("if", condition), ("then", then)]
            parts += [] if otherwise is None else [("else", otherwise)]
            return replace(step, children=tuple(trace(part, at, scene, own) for own, part in parts))
        case Meets(predicate=predicate):
            return replace(step, children=(trace(predicate, at, scene),))
        case _:
            assert_never(node)


def _leaf(node: Leaf, step: Step, scene: Scene) -> Step:
    seen = resolve(node.path, step.at, scene)
    secret = is_secret(node.path, step.at, scene)
    own = Given("seen", str(node.path), seen.value, standing(node.path, step.at, scene), secret)
    given = (own, *givens(node.test, step.at, scene))
    found = gathered(seen)
    if isinstance(found, Unknown):
        return replace(step, given=given)
    insight, children = _inside(node, step, seen, found, scene)
    return replace(step, given=given, insight=insight, children=children)


# ---- members -------------------------------------------------------------------------------------------------------------------


def _inside(node: Leaf, step: Step, seen: Seen, found: Collection, scene: Scene) -> tuple[Insight, tuple[Step, ...]]:
    match node.test:
        case Some(predicate) | Every(predicate) | NoneOf(predicate):
            return _quantified(predicate, _order(node.test, step.outcome.truth), found, scene)
        case Counts(where) as test:
            tally, members = _quantified(AllOf((), "") if where is None else where, _order(test, step.outcome.truth), found, scene)
            return tally, () if where is None else members
        case Contains(sort=sort):
            return _contained(node, step, found, sort, scene), ()
        case Compared() as test:
            return _compared(node, test, step, found, scene), ()
        case UniqueBy():
            return _twins(step, found), ()
        case Cadence() as test:
            return _series(test, found, scene), ()
        case EveryPath() as test:
            return _walked(test, found, step, scene), ()
        case _:
            return None, ()


def _order(test: Some | Every | NoneOf | Counts, truth: Truth) -> tuple[Truth, Truth, Truth]:
    """The truths of members: those that decide the outcome first."""
    match test:
        case Every():
            return "F", "U", "T"
        case NoneOf():
            return "T", "U", "F"
        case Some():
            return ("T", "U", "F") if truth == "T" else ("U", "F", "T")
        case Counts():
            wanted = "T" if test.at_least is not None else "F"
            return ("U", "T", "F") if truth == "U" else ("T", "U", "F") if truth == wanted else ("F", "U", "T")


def _quantified(predicate: Predicate, order: tuple[Truth, ...], found: Collection, scene: Scene) -> tuple[Tally, tuple[Step, ...]]:
    by_truth: dict[Truth, list[Spot]] = {truth: [] for truth in order}
    for member in found.members:
        by_truth[_member(predicate, member, scene).truth].append(member)
    first = next((truth for truth in order if by_truth[truth]), order[0])
    chosen = [spot for truth in order for spot in by_truth[truth][: DECIDING if truth == first else OTHERS]]
    tally = Tally({truth: len(by_truth[truth]) for truth in ("T", "F", "U")}, found.openness)
    return tally, tuple(_of_member(predicate, spot, scene) for spot in chosen)


def _member(predicate: Predicate, member: Spot, scene: Scene) -> Outcome:
    """A gap at a member is unknown under every predicate."""
    return Outcome("U", frozenset({member.value.reason})) if isinstance(member.value, Gap) else judge(predicate, member, scene)


def _of_member(predicate: Predicate, member: Spot, scene: Scene) -> Step:
    if isinstance(member.value, Gap):
        return Step(predicate, member, _member(predicate, member, scene))
    return trace(predicate, member, scene)


# ---- lists ---------------------------------------------------------------------------------------------------------------------


def _contained(node: Leaf, step: Step, found: Collection, sort: Sort, scene: Scene) -> Parts:
    """Each member, and whether it equals the value."""
    assert isinstance(node.test, Contains)
    wanted = operand(node.test.operand, sort, step.at, scene)
    return Parts(tuple(Part(_equal(member, [wanted], sort, scene), _listed(member)) for member in found.members), found.openness)


def _listed(member: Spot) -> Given:
    return Given("seen", "", member.value, member)


def _equal(member: Spot, values: Sequence[Any], sort: Sort, scene: Scene, doubts: Reasons = NO_REASON) -> Truth:
    """Whether a member is one of the values; unknown if one of them is, or if there may be others."""
    if isinstance(scalar(member.value, sort), Unknown):
        return "U"
    known = tuple(Literally(value) for value in values if not isinstance(value, Unknown))
    truth = judge(Leaf(Path(HERE, ()), "in", OneOf(Listed(known), sort), ""), member, scene).truth
    return "U" if truth == "F" and (doubts or len(known) < len(values)) else truth


def _compared(node: Leaf, test: Compared, step: Step, found: Collection, scene: Scene) -> Parts | None:
    listed = arguments(test.values, test.sort, step.at, scene)
    if isinstance(listed, Unknown):
        return None
    if test.word in ("contains_all", "at_most_one_of"):
        secret = isinstance(test.values, FromPath) and is_secret(test.values.path, step.at, scene)
        parts = [
            Part(
                judge(replace(node, word="contains", test=Contains(Literally(value), test.sort)), step.at, scene).truth,  # type: ignore[arg-type]
                Given("operand", "", value, None, secret),
            )
            for value in dict.fromkeys(listed.values)
        ]
        return Parts(tuple(parts), listed.doubts)
    truths = [_equal(member, listed.values, test.sort, scene, listed.doubts) for member in found.members]
    return Parts(tuple(Part(truth, _listed(member)) for truth, member in zip(truths, found.members, strict=True)), found.openness)


def _twins(step: Step, found: Collection) -> Parts:
    """The two members with one key, if there are such."""
    twins = step.outcome.culprits[0].detail if step.outcome.truth == "F" else ()
    return Parts(tuple(Part("T", _listed(culprit.spot)) for culprit in twins), found.openness)


# ---- cadence and flows ---------------------------------------------------------------------------------------------------------


def _series(test: Cadence, found: Collection, scene: Scene) -> Series:
    events, _ = events_of(test, found, scene)
    span = length(test.over_last, scene)
    start = None if isinstance(span, Unknown) else shift(scene.as_of, span, -1)
    undated = [member for member in found.members if isinstance(scalar(resolve(test.at, member, scene).value, "moment"), Unknown)]
    secret = any(scene.world.secret(resolve(test.at, member, scene).spot) for member in found.members)
    anchor = max((day for day, _ in events if start is not None and day <= start), default=start or scene.as_of)
    first = anchor if scene.zone.key == "UTC" else beside(anchor, -1)
    claims = scene.world.covering(found.kind, first, scene.as_of, scene.focus.document) if found.kind and test.recorded else None
    doubts = found.doubts if found.kind else found.openness
    joined = bool(found.kind)
    return Series(start, tuple(events), tuple(undated), doubts, joined, test.recorded, first, scene.as_of, claims, secret)


def _walked(test: EveryPath, found: Collection, step: Step, scene: Scene) -> Walked | None:
    flow = flow_of(test, found, step.at, scene)
    if isinstance(flow, Unknown):
        return None
    certain = first_bad(flow, worst=False)
    way = tuple(position for position, _ in certain or (first_bad(flow, worst=True) if step.outcome.truth == "U" else []))
    return Walked(flow, way, bool(certain), names_hidden(test, found, scene), tuple(_along(test, flow, way, scene)))


def _along(test: EveryPath, flow: Flow, way: Sequence[int], scene: Scene) -> Iterator[Step]:
    for number, position in enumerate(way, 1):
        last = number == len(way)
        yield trace(test.to if last else test.first_passes, flow.nodes[position].spot, scene, "to" if last else "first_passes")
