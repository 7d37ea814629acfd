"""The reference interpreter: the definition of what an expression means, one arm per node.

It does everything; there is nothing it does not do. It is not fast: where another backend differs from it, the other has a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, assert_never

from ccpolicy.backends.lists import compared, contains, named, unique_by
from ccpolicy.backends.marks import Mark, held, undecided
from ccpolicy.backends.outcome import (
    HOLDS,
    KEPT,
    NO_REASON,
    Culprit,
    Outcome,
    Spot,
    Truth,
    both,
    conjoin,
    count_truth,
    disjoin,
    negate,
    reasons_of,
)
from ccpolicy.backends.phrases import actual_of, expected_of
from ccpolicy.backends.scalars import (
    between,
    compares,
    done_within,
    equals,
    free_of,
    matches,
    one_of,
    present,
    texts,
    window,
)
from ccpolicy.backends.scene import (
    Approx,
    Collection,
    Scene,
    Seen,
    Unknown,
    gathered,
    operand,
    resolve,
)
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.backends.series import cadence
from ccpolicy.backends.walks import every_path
from ccpolicy.documents.values import Gap
from ccpolicy.language.expr import (
    AllOf,
    AnyOf,
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
    IfThenElse,
    Leaf,
    Matches,
    Meets,
    NoneOf,
    Not,
    OneOf,
    Predicate,
    Present,
    Some,
    Texts,
    UniqueBy,
    Window,
)


def judge(node: Predicate, at: Spot, scene: Scene) -> Outcome:
    """The outcome of a predicate where it stands. Those below it are judged as the world judges, so that an observer sees each of them."""
    inner = scene.world.judge
    match node:
        case Leaf():
            return _leaf(node, at, scene)
        case AllOf(children):
            return both([inner(child, at, scene) for child in children])
        case AnyOf(children):
            return _any_of(node, [inner(child, at, scene) for child in children], at)
        case Not(child):
            return _not(node, inner(child, at, scene), at)
        case IfThenElse(condition, then, otherwise):
            return _if(inner(condition, at, scene), inner(then, at, scene), HOLDS if otherwise is None else inner(otherwise, at, scene))
        case Meets(predicate=predicate):
            return inner(predicate, at, scene)
        case _:
            assert_never(node)


def _any_of(node: AnyOf, branches: Sequence[Outcome], at: Spot) -> Outcome:
    truth = disjoin([branch.truth for branch in branches])
    if truth == "T":
        return Outcome("T", witnesses=next(branch for branch in branches if branch.truth == "T").witnesses)
    detail = tuple(culprit for branch in branches for culprit in branch.culprits)
    reasons = reasons_of(branches)
    expected, actual = f"one of {len(branches)} alternatives", "none of them holds" if truth == "F" else "none of them is known to hold"
    return Outcome(truth, reasons, (Culprit(truth, "any_of", node.place, at, expected, actual, reasons, detail=detail),))


def _not(node: Not, inner: Outcome, at: Spot) -> Outcome:
    truth = negate(inner.truth)
    if truth == "T":
        return Outcome("T", witnesses=tuple(culprit.spot for culprit in inner.culprits))
    actual = "it holds" if truth == "F" else "it cannot be told"
    culprit = Culprit(truth, "not", node.place, at, "that this does not hold", actual, inner.reasons, detail=inner.culprits)
    return Outcome(truth, inner.reasons, (culprit,))


def _if(condition: Outcome, then: Outcome, otherwise: Outcome) -> Outcome:
    if condition.truth == "T":
        return then
    if condition.truth == "F":
        return otherwise
    truth = conjoin([disjoin(["U", then.truth]), disjoin(["U", otherwise.truth])])
    if truth == "T":
        return both([then, otherwise])
    parts = [part for part in (condition, then, otherwise) if part.truth == "U"]
    return Outcome("U", reasons_of(parts), tuple(culprit for part in parts for culprit in part.culprits))


def _leaf(node: Leaf, at: Spot, scene: Scene) -> Outcome:
    seen = resolve(node.path, at, scene)
    mark = _marked(node, seen, at, scene)
    if mark.truth == "T":
        return Outcome("T", witnesses=mark.witnesses or (seen.spot,))
    if mark.inside:
        return Outcome(mark.truth, mark.reasons, mark.inside)
    actual = actual_of(seen.value) if mark.actual is None else mark.actual
    secret = isinstance(node.test, FreeOf) or (node.path.root in scene.measures and is_secret(node.path, at, scene))
    expected = expected_of(node, at, scene)
    subject = _subject(node, scene)
    culprit = Culprit(
        mark.truth, node.word, node.place, seen.spot, expected, actual, mark.reasons, secret, mark.detail[:KEPT], mark.notes, subject
    )
    return Outcome(mark.truth, mark.reasons if mark.truth == "U" else NO_REASON, (culprit,))


def _subject(node: Leaf, scene: Scene) -> str:
    """What a join or a measure is called in a sentence; empty for what has a pointer."""
    if node.path.root in scene.joins:
        join = scene.joins[node.path.root]
        return f"{join.phrase} (kind `{join.kind}`)"
    return f"the measure `{node.path.root}`" if node.path.root in scene.measures else ""


def _marked(node: Leaf, seen: Seen, at: Spot, scene: Scene) -> Mark:
    match node.test:
        case Equals() as test:
            return equals(test, seen, at, scene)
        case OneOf() as test:
            return one_of(test, seen, at, scene)
        case Compares() as test:
            return compares(test, seen, at, scene)
        case Between() as test:
            return between(test, seen, at, scene)
        case Window() as test:
            return window(test, seen, scene)
        case DoneWithin() as test:
            return done_within(test, seen, at, scene)
        case Matches() as test:
            return matches(test, seen)
        case Texts() as test:
            return texts(test, seen, at, scene)
        case FreeOf() as test:
            return free_of(test, seen)
        case Present() as test:
            return present(test, seen)
        case _:
            return _over(node, seen, at, scene)


def _over(node: Leaf, seen: Seen, at: Spot, scene: Scene) -> Mark:
    found = gathered(seen)
    if isinstance(found, Unknown):
        return undecided(found)
    match node.test:
        case Some(predicate):
            return _some(_judged(predicate, found, scene), found)
        case Every() as test:
            return _every(test, node, _judged(test.predicate, found, scene), found, seen)
        case NoneOf(predicate):
            return _none(_judged(predicate, found, scene), found)
        case Counts() as test:
            return _counts(test, found, at, scene)
        case Contains() as test:
            return contains(test, found, at, scene)
        case Compared() as test:
            return named(compared(test, found, at, scene), node, test, found, seen, at, scene)
        case UniqueBy() as test:
            return unique_by(test, found, scene)
        case Cadence() as test:
            return cadence(test, found, scene)
        case EveryPath() as test:
            return every_path(test, found, at, scene)
        case _:
            raise AssertionError(node.word)


# ---- quantifiers ---------------------------------------------------------------------------------------------------------------


def _judged(predicate: Predicate, found: Collection, scene: Scene) -> list[Outcome]:
    inner = scene.world.judge
    return [_of_gap(member) if isinstance(member.value, Gap) else inner(predicate, member, scene) for member in found.members]


def _of_gap(member: Spot) -> Outcome:
    """A gap at a member is unknown under every predicate, also one that does not look at it: it may turn out not to be there."""
    reasons = frozenset({member.value.reason})
    return Outcome("U", reasons, (Culprit("U", "member", "", member, "a known member", member.value, reasons),))


def _blamed(outcomes: Sequence[Outcome], truth: Truth) -> tuple[Culprit, ...]:
    return tuple(culprit for outcome in outcomes if outcome.truth == truth for culprit in outcome.culprits)


def _members(outcomes: Sequence[Outcome], found: Collection, truth: Truth) -> tuple[Spot, ...]:
    return tuple(spot for spot, outcome in zip(found.members, outcomes, strict=True) if outcome.truth == truth)


def _some(outcomes: Sequence[Outcome], found: Collection) -> Mark:
    holding = _members(outcomes, found, "T")
    if holding:
        return held(holding[:1])
    truth: Truth = "F" if found.closed and all(outcome.truth == "F" for outcome in outcomes) else "U"
    actual = f"none of {len(found.members)}" if truth == "F" else f"none known to hold of {len(found.members)}"
    return Mark(truth, reasons_of(outcomes) | found.openness, detail=_blamed(outcomes, truth), actual=actual)


def _every(test: Every, node: Leaf, outcomes: Sequence[Outcome], found: Collection, seen: Seen) -> Mark:
    if any(outcome.truth == "F" for outcome in outcomes):
        return _members_blamed("F", outcomes, NO_REASON, found)
    unsure = reasons_of(outcomes)
    open_or_empty = found.openness or (frozenset({"empty"}) if not found.members and not test.allow_empty else NO_REASON)
    if not unsure and not open_or_empty:
        return held((seen.spot,) if not found.members else found.members[:KEPT])
    if not open_or_empty:
        return _members_blamed("U", outcomes, unsure, found)
    itself = Culprit("U", node.word, node.place, seen.spot, "a complete list", f"{len(found.members)} known members", open_or_empty)
    mark = _members_blamed("U", outcomes, unsure | open_or_empty, found)
    return mark if found.kind else Mark("U", mark.reasons, inside=(*mark.inside, itself))


def _members_blamed(truth: Truth, outcomes: Sequence[Outcome], reasons: frozenset[str], found: Collection) -> Mark:
    blamed = _blamed(outcomes, truth)
    if found.kind:
        count = sum(outcome.truth == truth for outcome in outcomes)
        word = "fail" if truth == "F" else "cannot be decided"
        return Mark(truth, reasons, detail=blamed, actual=f"{count} of {len(outcomes)} {word}")
    return Mark(truth, reasons, inside=blamed)


def _none(outcomes: Sequence[Outcome], found: Collection) -> Mark:
    bad = _members(outcomes, found, "T")
    if bad:
        shown = tuple(Culprit("F", "none", "", spot, "no such member", actual_of(spot.value), NO_REASON) for spot in bad[:KEPT])
        return Mark("F", detail=shown, actual=f"{len(bad)} of {len(found.members)}")
    unsure = reasons_of(outcomes) | found.openness
    if unsure:
        return Mark("U", unsure, detail=_blamed(outcomes, "U"), actual=f"{len(found.members)} known members")
    return held(())


def _counts(test: Counts, found: Collection, at: Spot, scene: Scene) -> Mark:
    outcomes = _judged(AllOf((), "") if test.where is None else test.where, found, scene)
    sure = sum(outcome.truth == "T" for outcome in outcomes)
    unsure = sum(outcome.truth == "U" for outcome in outcomes)
    low, high = (None if bound is None else operand(bound, "number", at, scene) for bound in (test.at_least, test.at_most))
    unset = NO_REASON.union(*(bound.reasons for bound in (low, high) if isinstance(bound, Unknown)))
    unset |= {"unresolved"} if isinstance(low, Approx) or isinstance(high, Approx) else NO_REASON
    truths = [_bounded(sure, unsure, found.closed, low, None), _bounded(sure, unsure, found.closed, None, high)]
    truth = conjoin(truths)
    reasons = (reasons_of(outcomes) | found.openness | unset) if truth == "U" else NO_REASON
    rest = "" if not unsure and found.closed else f" known, {unsure} undecided" if found.closed else " known, and perhaps more"
    actual = f"{sure}{rest}"
    holding = _members(outcomes, found, "T")
    return Mark(truth, reasons, detail=_blamed(outcomes, "U"), actual=actual, witnesses=holding[:KEPT])


def _bounded(sure: int, unsure: int, closed: bool, low: Any, high: Any) -> Truth:
    if isinstance(low, Unknown | Approx) or isinstance(high, Unknown | Approx):
        return "U"
    return count_truth(sure, unsure, closed, low, high)
