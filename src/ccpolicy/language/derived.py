"""The IR of what a focus knows beside itself: its population, joins, measures and periods."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from ccpolicy.documents.path import Path
from ccpolicy.language.expr import FromParam, Predicate, Sort


@dataclass(frozen=True, slots=True)
class Join:
    """The documents of a kind whose `theirs` equal our `ours`, pair by pair, in the period if `during`, for which `where` holds."""

    name: str
    kind: str
    phrase: str  # `as`
    ours: tuple[Path, ...]
    theirs: tuple[Path, ...]
    sorts: tuple[Sort, ...]
    where: Predicate | None = None
    during: Path | None = None
    recorded: bool = False  # `during` is the kind's record date
    instant: bool = False  # `during` may be an instant, whose day depends on the zone


@dataclass(frozen=True, slots=True)
class Over:
    """The members a measure is taken over: of a join, or of what a source selects."""

    of: Path
    value: Path
    where: Predicate | None = None


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`sum min max mean median range count distinct percentile` (`p` for the last)."""

    word: Literal["sum", "min", "max", "mean", "median", "range", "count", "distinct", "percentile"]
    over: Over
    sort: Sort
    p: Fraction | FromParam | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the members for which `where` holds."""

    over: Over


@dataclass(frozen=True, slots=True)
class Ratio:
    """The sum of one column over the sum of another."""

    over: Over  # its value is the numerator
    below: Path


@dataclass(frozen=True, slots=True)
class WilsonLower:
    """The lower bound of the Wilson score interval, two-sided."""

    successes: Path
    n: Path
    confidence: Fraction | FromParam


@dataclass(frozen=True, slots=True)
class SampleSize:
    """The sample that reaches a margin, with the finite population correction."""

    margin: Fraction | FromParam
    confidence: Fraction | FromParam
    population: Path


@dataclass(frozen=True, slots=True)
class DaysBetween:
    """The days from one date to another; business days if a calendar is named."""

    start: Path
    end: Path
    calendar: str = ""


Formula: TypeAlias = Aggregate | Share | Ratio | WilsonLower | SampleSize | DaysBetween


@dataclass(frozen=True, slots=True)
class Measure:
    """A named value derived at the focus."""

    name: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Per:
    """One focus for each of the last `last` full calendar periods."""

    unit: Literal["day", "week", "month", "quarter"]
    last: int


@dataclass(frozen=True, slots=True)
class ReachedFrom:
    """The population as a transitive closure: `links` leads from a document of `kind`, or of the population, to values of `key`."""

    kind: str
    start_links: Path | None
    own_links: Path | None
    key: Path
    sort: Sort
    unique: bool = False  # no two documents of the population have the same key


@dataclass(frozen=True, slots=True)
class Foci:
    """The foci of a rule: its population, one focus per member, per period."""

    kind: str
    reached_from: ReachedFrom | None = None
    each: Path | None = None
    per: Per | None = None
