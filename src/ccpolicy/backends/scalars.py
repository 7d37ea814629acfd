"""Tests of one value: equality, order, dates, deadlines, texts, presence."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

import re2

from ccpolicy.backends.calendars import calendar_of, due_after
from ccpolicy.backends.marks import Mark, decided, undecided
from ccpolicy.backends.outcome import NO_REASON, Reasons, Spot
from ccpolicy.backends.scene import (
    WRONG_TYPE,
    Approx,
    Scene,
    Seen,
    Unknown,
    arguments,
    length,
    operand,
    same_moment,
    scalar,
    unknown,
)
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.documents.detectors import find_any
from ccpolicy.documents.moment import Duration, day_of, shift
from ccpolicy.documents.path import Absent
from ccpolicy.language.expr import (
    Between,
    Compares,
    DoneWithin,
    Equals,
    FreeOf,
    FromParam,
    FromPath,
    Matches,
    OneOf,
    Order,
    Present,
    Texts,
    Window,
)

_TOLERANCE = Fraction(1, 10**9)
_UNRESOLVED = Unknown(frozenset({"unresolved"}))
_ORDERS: dict[Order, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "before": operator.lt,
    "after": operator.gt,
    "on_or_before": operator.le,
    "on_or_after": operator.ge,
}


# ---- two values ----------------------------------------------------------------------------------------------------------------


def compared(order: Callable[[Any, Any], bool], left: Any, right: Any, scene: Scene) -> bool | Unknown:
    """An order of two known values; unknown when their types differ, or when rounding might turn it."""
    if isinstance(left, bool) or isinstance(right, bool):
        return order(left, right) if isinstance(left, bool) and isinstance(right, bool) else WRONG_TYPE
    if isinstance(left, Approx) or isinstance(right, Approx):
        return _nearly(order, left, right)
    if isinstance(left, date) and isinstance(right, date):
        return order(*same_moment(left, right, scene.zone))
    if isinstance(left, Duration) and isinstance(right, Duration):
        return _durations(order, left, right)
    if isinstance(left, int | Fraction) and isinstance(right, int | Fraction):
        return order(left, right)
    return order(left, right) if isinstance(left, str) and isinstance(right, str) else WRONG_TYPE


def _nearly(order: Callable[[Any, Any], bool], left: Any, right: Any) -> bool | Unknown:
    sides = [side.value if isinstance(side, Approx) else side for side in (left, right)]
    if not all(isinstance(side, int | float | Fraction) for side in sides):
        return WRONG_TYPE
    low, high = (Fraction(side) for side in sides)
    return _UNRESOLVED if abs(low - high) <= _TOLERANCE else order(low, high)


def _durations(order: Callable[[Any, Any], bool], left: Duration, right: Duration) -> bool | Unknown:
    families = {duration.family() for duration in (left, right) if duration.months or duration.days or duration.seconds}
    if len(families) > 1 or "mixed" in families:
        return WRONG_TYPE
    return order(left.size(), right.size())


def equal(left: Any, right: Any, scene: Scene) -> bool | Unknown:
    """Whether two known values are the same; values of different types cannot be compared."""
    return compared(operator.eq, left, right, scene)


def _told(found: bool | Unknown, negated: bool = False) -> Mark:
    return undecided(found) if isinstance(found, Unknown) else decided(found is not negated)


# ---- operators -----------------------------------------------------------------------------------------------------------------


def _missing(*values: Any) -> Unknown | None:
    reasons: Reasons = NO_REASON.union(*(value.reasons for value in values if isinstance(value, Unknown)))
    culprits = tuple(spot for value in values if isinstance(value, Unknown) for spot in value.culprits)
    return Unknown(reasons, culprits) if reasons else None


def equals(test: Equals, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """`is`, `is_not`."""
    left, right = scalar(seen.value, test.sort), operand(test.operand, test.sort, at, scene)
    missing = _missing(left, right)
    return undecided(missing) if missing else _told(equal(left, right, scene), test.negated)


def one_of(test: OneOf, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """`in`, `not_in`."""
    left, listed = scalar(seen.value, test.sort), arguments(test.values, test.sort, at, scene)
    missing = _missing(left, listed)
    if missing is not None or isinstance(listed, Unknown):
        return undecided(missing or WRONG_TYPE)
    found = [equal(left, value, scene) for value in listed.values]
    if True in found:
        return decided(not test.negated)
    doubts = listed.doubts.union(*(value.reasons for value in found if isinstance(value, Unknown)))
    return Mark("U", doubts) if doubts else decided(test.negated)


def compares(test: Compares, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """`at_least` ... `on_or_after`."""
    left, right = scalar(seen.value, test.sort), operand(test.operand, test.sort, at, scene)
    missing = _missing(left, right)
    return undecided(missing) if missing else _told(compared(_ORDERS[test.order], left, right, scene))


def between(test: Between, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """Strong Kleene and of the two bounds: below the low one is F whatever the high one is."""
    value = scalar(seen.value, test.sort)
    low, high = operand(test.low, test.sort, at, scene), operand(test.high, test.sort, at, scene)
    if isinstance(value, Unknown):
        return undecided(_missing(value, low, high) or value)
    sides = [
        bound if isinstance(bound, Unknown) else compared(order, value, bound, scene)
        for order, bound in ((operator.ge, low), (operator.le, high))
    ]
    if False in sides:
        return decided(False)
    missing = _missing(*sides)
    return undecided(missing) if missing else decided(True)


def window(test: Window, seen: Seen, scene: Scene) -> Mark:
    """`within_last`: (as_of - length, as_of]; `within_next`: [as_of, as_of + length)."""
    value, step = scalar(seen.value, "moment"), length(test.length, scene)
    missing = _missing(value, step)
    if missing is not None or not isinstance(value, date) or not isinstance(step, Duration):
        return undecided(missing or WRONG_TYPE)
    day = day_of(value, scene.zone)
    edge = shift(scene.as_of, step, -1 if test.word == "within_last" else 1)
    if edge is None:
        return undecided(WRONG_TYPE)
    return decided(edge < day <= scene.as_of if test.word == "within_last" else scene.as_of <= day < edge)


def done_within(test: DoneWithin, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """Done by the due date; what is missing is past due, or not yet due."""
    due = due_of(test, at, scene)
    if isinstance(due, Unknown):
        return undecided(due)
    hidden = isinstance(test.start, FromPath) and is_secret(test.start.path, at, scene)
    return _done_by(due, seen.value, scene, () if hidden else (f"due {due.isoformat()}",))


def due_of(test: DoneWithin, at: Spot, scene: Scene) -> date | Unknown:
    """The last day on which it is done in time."""
    start = operand(test.start, "moment", at, scene)
    amount = _amount(test, scene)
    missing = _missing(start, amount)
    if missing is not None or not isinstance(start, date) or not isinstance(amount, int):
        return missing or WRONG_TYPE
    return due_after(day_of(start, scene.zone), amount, test.unit, calendar_of(test.calendar, scene))


def _amount(test: DoneWithin, scene: Scene) -> int | Unknown:
    if not isinstance(test.amount, FromParam):
        return test.amount
    found = scene.params.get(test.amount.name)
    return found if isinstance(found, int) else Unknown(frozenset({"param_unset"}))


def _done_by(due: date, value: Any, scene: Scene, notes: tuple[str, ...]) -> Mark:
    done = scalar(value, "moment")
    if isinstance(done, date) and day_of(done, scene.zone) <= scene.as_of:
        return decided(day_of(done, scene.zone) <= due, notes=notes)
    if isinstance(done, Unknown) and not (value is None or value == Absent()):
        return undecided(done)
    if scene.as_of > due:
        return decided(False, reasons=done.reasons if isinstance(done, Unknown) else NO_REASON, notes=notes)
    return Mark("U", frozenset({"not_due"}), notes=notes)


def present(test: Present, seen: Seen) -> Mark:
    """Absence and null are what this looks at; only a gap, or a path into something that has no keys, leaves it open."""
    missing = unknown(seen.value)
    if missing is None:
        return decided(test.wanted)
    if missing.reasons <= {"absent", "null"}:
        return decided(not test.wanted, reasons=missing.reasons)
    return undecided(missing)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    return re2.compile(pattern)


def matches(test: Matches, seen: Seen) -> Mark:
    """The whole text matches, in linear time."""
    value = scalar(seen.value, "text")
    if isinstance(value, Unknown):
        return undecided(value)
    return decided(_compiled(test.compiled).fullmatch(value) is not None)


_TEXTS: dict[str, Callable[[str, str], bool]] = {
    "starts_with": str.startswith,
    "ends_with": str.endswith,
    "contains_text": str.__contains__,
}


def texts(test: Texts, seen: Seen, at: Spot, scene: Scene) -> Mark:
    """`starts_with`, `ends_with`, `contains_text`."""
    value, part = scalar(seen.value, "text"), operand(test.operand, "text", at, scene)
    missing = _missing(value, part)
    if missing is not None or not isinstance(value, str) or not isinstance(part, str):
        return undecided(missing or WRONG_TYPE)
    return decided(_TEXTS[test.word](value, part))


def free_of(test: FreeOf, seen: Seen) -> Mark:
    """No detector finds anything; what it found is never shown."""
    value = scalar(seen.value, "text")
    if isinstance(value, Unknown):
        return undecided(value)
    found = find_any(value, test.detectors) if isinstance(value, str) else ()
    return decided(not found, actual=f"text with {' and '.join(found)}" if found else None)


def instant_or_date(value: Any) -> date | datetime | None:
    """A known moment, or None."""
    read = scalar(value, "moment")
    return read if isinstance(read, date) else None
