"""What an organisation says of the work ahead: what repairs take, what standards weigh, and who sees to which evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import TypeVar

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True)
class Price:
    """Effort in days and cost in money; None is what the plan says of all."""

    effort: Fraction | None = None
    cost: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """`[plan]`. The prices are by pattern: of rule ids, of controls (to attest them), of responsibility documents (to renew them)."""

    effort: Fraction = Fraction(1)
    cost: Fraction = Fraction(0)
    day_rate: Fraction | None = None  # the money that a day of work costs; None if no cost is stated
    standards: Mapping[str, Fraction] = field(default_factory=dict)  # what a control counts, 1 if not stated
    rules: Mapping[str, Price] = field(default_factory=dict)
    controls: Mapping[str, Price] = field(default_factory=dict)
    responsibilities: Mapping[str, Price] = field(default_factory=dict)

    def of(self, patterns: Mapping[str, Price], name: str) -> tuple[Fraction, Fraction]:
        """Effort and cost by the pattern that says most about a name."""
        found = nearest(patterns, name) or Price()
        return self.effort if found.effort is None else found.effort, self.cost if found.cost is None else found.cost

    def in_days(self, effort: Fraction, cost: Fraction) -> Fraction:
        """Both as days of work."""
        return effort + (cost / self.day_rate if self.day_rate else 0)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who brings evidence, and by when."""

    name: str
    due: date | None = None


def nearest(patterns: Mapping[str, ValueT], *names: str) -> ValueT | None:
    """What the longest of the patterns that fit says: of the first of the names that any fits."""
    for name in names:
        fitting = [pattern for pattern in patterns if pattern == name or fnmatchcase(name, pattern)]
        if fitting:
            return patterns[min(fitting, key=lambda pattern: (pattern != name, -len(pattern), pattern))]
    return None
