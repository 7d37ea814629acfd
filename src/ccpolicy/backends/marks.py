"""What one operator says of what its path selects, before it is given a place and a culprit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ccpolicy.backends.outcome import KEPT, NO_REASON, Culprit, Reasons, Spot, Truth, conjoin
from ccpolicy.backends.scene import Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Truth and reasons; `inside` are culprits that take the leaf's place; `actual` is said instead of the value seen."""

    truth: Truth
    reasons: Reasons = NO_REASON
    inside: tuple[Culprit, ...] = ()
    detail: tuple[Culprit, ...] = ()
    actual: Any = None
    notes: tuple[str, ...] = ()
    witnesses: tuple[Spot, ...] = ()


_TRUE, _FALSE = Mark("T"), Mark("F")


def decided(holds: bool, *, actual: Any = None, reasons: Reasons = NO_REASON, notes: tuple[str, ...] = ()) -> Mark:
    """T or F."""
    if actual is None and not reasons and not notes:
        return _TRUE if holds else _FALSE
    return Mark("T" if holds else "F", NO_REASON if holds else reasons, actual=actual, notes=notes)


def held(witnesses: tuple[Spot, ...]) -> Mark:
    """T, seen at these spots."""
    return Mark("T", witnesses=witnesses)


def undecided(missing: Unknown) -> Mark:
    """U, for the reasons of what is missing."""
    detail = tuple(Culprit("U", "unknown", "", spot, "a known value", spot.value, missing.reasons) for spot in missing.culprits[:KEPT])
    return Mark("U", missing.reasons, detail=detail)


def mark_of(parts: Sequence[tuple[Truth, Reasons]], spots: Sequence[Spot] = ()) -> Mark:
    """The and of parts; F and U parts that belong to a member are named in the detail."""
    truth = conjoin([part for part, _ in parts])
    if truth == "T":
        return _TRUE
    reasons = NO_REASON.union(*(reasons for part, reasons in parts if part == "U")) if truth == "U" else NO_REASON
    blamed = [spot for spot, (part, _) in zip(spots, parts, strict=False) if part == truth]
    detail = tuple(Culprit(truth, "member", "", spot, "", spot.value, reasons) for spot in blamed[:KEPT])
    return Mark(truth, reasons, detail=detail)
