"""Lists, by their members: what they contain, how they compare with others, and what stands in them twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from ccpolicy.backends.marks import Mark, decided, held, mark_of, undecided
from ccpolicy.backends.outcome import NO_REASON, Culprit, Spot, Truth, negate
from ccpolicy.backends.phrases import actual_of, named_members
from ccpolicy.backends.scalars import equal
from ccpolicy.backends.scene import Arguments, Collection, Scene, Seen, Unknown, arguments, distinct_key, operand, resolve, scalar
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.language.expr import Compared, Contains, FromPath, Leaf, Sort, UniqueBy


def contains(test: Contains, found: Collection, at: Spot, scene: Scene) -> Mark:
    """Whether the list holds the value."""
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


def compared(test: Compared, found: Collection, at: Spot, scene: Scene) -> Mark:
    """How the list stands to another: `contains_all`, `subset_of`, `disjoint_from`, `at_most_one_of`."""
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


def named(mark: Mark, node: Leaf, test: Compared, found: Collection, seen: Seen, at: Spot, scene: Scene) -> Mark:
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


def unique_by(test: UniqueBy, found: Collection, scene: Scene) -> Mark:
    """Whether no two members share what the paths select."""
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
