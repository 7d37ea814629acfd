"""The reference interpreter: the definition of what an expression means, one arm per node.

It does everything; there is nothing it does not do. It is not fast: where another backend differs from it, the other has a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, assert_never

from ccpolicy.backends.marks import Mark, decided, held, mark_of, undecided
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
from ccpolicy.backends.phrases import actual_of, expected_of, named_members
from ccpolicy.backends.scalars import (
    between,
    compares,
    done_within,
    equal,
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
    Arguments,
    Collection,
    Scene,
    Seen,
    Unknown,
    arguments,
    distinct_key,
    gathered,
    operand,
    resolve,
    scalar,
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
    FromPath,
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
    Sort,
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
            return _contains(test, found, at, scene)
        case Compared() as test:
            return _named(_compared(test, found, at, scene), node, test, found, seen, at, scene)
        case UniqueBy() as test:
            return _unique_by(test, found, scene)
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


# ---- lists ---------------------------------------------------------------------------------------------------------------------


def _contains(test: Contains, found: Collection, at: Spot, scene: Scene) -> Mark:
    wanted = operand(test.operand, test.sort, at, scene)
    if isinstance(wanted, Unknown):
        return undecided(wanted)
    truth, reasons = _contained(wanted, found, test.sort, scene)
    return Mark(truth, reasons)


def _contained(wanted: Any, found: Collection, sort: Sort, scene: Scene) -> tuple[Truth, frozenset[str]]:
    """Whether a member of the collection equals the value."""
    doubts = found.openness
    for member in found.members:
        value = scalar(member.value, sort)
        same = value if isinstance(value, Unknown) else equal(value, wanted, scene)
        if same is True:
            return "T", NO_REASON
        if isinstance(same, Unknown):
            doubts |= same.reasons
    return ("U", doubts) if doubts else ("F", NO_REASON)


def _listed(value: Any, listed: Arguments, scene: Scene) -> tuple[Truth, frozenset[str]]:
    """Whether the value stands in the argument."""
    if isinstance(value, Unknown):
        return "U", value.reasons
    doubts = listed.doubts
    for other in listed.values:
        same = equal(value, other, scene)
        if same is True:
            return "T", NO_REASON
        if isinstance(same, Unknown):
            doubts |= same.reasons
    return ("U", doubts) if doubts else ("F", NO_REASON)


def _compared(test: Compared, found: Collection, at: Spot, scene: Scene) -> Mark:
    listed = arguments(test.values, test.sort, at, scene)
    if isinstance(listed, Unknown):
        return undecided(listed)
    match test.word:
        case "contains_all":
            parts = [_contained(value, found, test.sort, scene) for value in listed.values]
            return mark_of([*parts, *_open(listed.doubts)])
        case "at_most_one_of":
            return _at_most_one(listed, found, test, scene)
        case "subset_of" | "disjoint_from":
            parts = [_listed(scalar(member.value, test.sort), listed, scene) for member in found.members]
            turned = parts if test.word == "subset_of" else [(negate(truth), reasons) for truth, reasons in parts]
            return mark_of([*turned, *_open(found.openness)], found.members)
        case _:
            assert_never(test.word)


def _named(mark: Mark, node: Leaf, test: Compared, found: Collection, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """The mark with the members that lack or are too many, if it is F and neither list must be kept secret."""
    listed = arguments(test.values, test.sort, at, scene)
    if mark.truth != "F" or isinstance(listed, Unknown) or test.word not in ("contains_all", "subset_of"):
        return mark
    if is_secret(node.path, at, scene) or (isinstance(test.values, FromPath) and is_secret(test.values.path, at, scene)):
        return mark
    if test.word == "contains_all":
        lacking = [value for value in listed.values if _contained(value, found, test.sort, scene)[0] == "F"]
        return replace(mark, actual=f"{actual_of(seen.value)} without {named_members(lacking)}")
    read = [scalar(member.value, test.sort) for member in found.members]
    others = [value for value in read if _listed(value, listed, scene)[0] == "F"]
    return replace(mark, actual=f"{actual_of(seen.value)} with {named_members(others)} besides")


def _open(doubts: frozenset[str]) -> list[tuple[Truth, frozenset[str]]]:
    return [("U", doubts)] if doubts else []


def _at_most_one(listed: Arguments, found: Collection, test: Compared, scene: Scene) -> Mark:
    parts = [_contained(value, found, test.sort, scene) for value in dict.fromkeys(listed.values)]
    low = sum(truth == "T" for truth, _ in parts)
    high = low + sum(truth == "U" for truth, _ in parts)
    if low > 1:
        return decided(False, actual=f"{low} of them")
    if high <= 1 and not listed.doubts:
        return decided(True)
    return Mark("U", listed.doubts.union(*(reasons for _, reasons in parts)))


def _unique_by(test: UniqueBy, found: Collection, scene: Scene) -> Mark:
    seen: dict[Any, Spot] = {}
    doubts = found.openness
    for member in found.members:
        parts = [scalar(resolve(path, member, scene).value, sort) for path, sort in zip(test.paths, test.sorts, strict=True)]
        missing = NO_REASON.union(*(part.reasons for part in parts if isinstance(part, Unknown)))
        doubts |= missing
        if missing:
            continue
        key = distinct_key(parts)
        if key in seen:
            return Mark("F", detail=_twins(seen[key], member), actual="two members with the same key")
        seen[key] = member
    return Mark("U", doubts) if doubts else held(())


def _twins(first: Spot, second: Spot) -> tuple[Culprit, ...]:
    return tuple(Culprit("F", "unique_by", "", spot, "a key of its own", "a key that stands twice", NO_REASON) for spot in (first, second))
