"""Bounds that a control states for what rules compare, and those that a rule sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ccpolicy.documents.moment import Duration, add_months
from ccpolicy.documents.path import Step

_DAY = 86_400
_STARTS = tuple(date(2096 + number // 12, number % 12 + 1, 1) for number in range(108))  # with and without a 29 February, 2100 included


@dataclass(frozen=True, slots=True)
class Bound:
    """What a control asks of a value: numbers for `at_least` and `at_most`; durations for `every` (how far apart) and `within` (how old).

    `lesser` is the number that is enough in a special case, which a rule asks for in a branch of an `if`.
    """

    name: str
    kind: str
    pattern: tuple[Step, ...]
    at_least: Fraction | None = None
    at_most: Fraction | None = None
    every: Duration | None = None
    within: Duration | None = None
    lesser: Fraction | None = None


def days_of(duration: Duration) -> tuple[Fraction, Fraction]:
    """The fewest and the most days that a duration lasts: six months are 181 to 184 days."""
    rest = Fraction(duration.days) + Fraction(duration.seconds, _DAY)
    if not duration.months:
        return rest, rest
    months = min(duration.months, 12_000)
    spans = [(add_months(start, months) - start).days for start in _STARTS]
    return min(spans) + rest, max(spans) + rest
