"""Measures: named values derived at a focus, exact but for the two that statistics defines in binary64."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from math import ceil, sqrt
from statistics import NormalDist, StatisticsError
from typing import Any, assert_never

from ccpolicy.backends.calendars import business_days_between, calendar_of
from ccpolicy.backends.outcome import KEPT, NO_REASON, Reasons, Spot
from ccpolicy.backends.scene import (
    Approx,
    Collection,
    Measured,
    Scene,
    Seen,
    Unknown,
    gathered,
    resolve,
    same_moment,
    scalar,
)
from ccpolicy.documents.moment import day_of
from ccpolicy.documents.path import WILD, Absent, Path, fan_out
from ccpolicy.documents.values import Gap
from ccpolicy.language.derived import Aggregate, DaysBetween, Measure, Over, Ratio, SampleSize, Share, WilsonLower
from ccpolicy.language.expr import FromParam, Sort

_EMPTY = Unknown(frozenset({"empty"}))
_ZERO = Unknown(frozenset({"zero_denominator"}))
_WRONG = Unknown(frozenset({"wrong_type"}))
_UNSET = Unknown(frozenset({"param_unset"}))


def measured(measure: Measure, scene: Scene) -> Measured:
    """The value of a measure, or why it cannot be told."""
    match measure.formula:
        case Aggregate() as formula:
            return _aggregate(formula, scene)
        case Share(over):
            return _share(over, scene)
        case Ratio(over, below):
            return _ratio(over, below, scene)
        case WilsonLower() as wilson:
            return _in_binary64(lambda: _wilson(wilson, scene))
        case SampleSize() as sample:
            return _in_binary64(lambda: _sample(sample, scene))
        case DaysBetween() as formula:
            return _days(formula, scene)
        case _:
            assert_never(measure.formula)


def _in_binary64(derive: Callable[[], Measured]) -> Measured:
    """What binary64 cannot hold is unresolved."""
    try:
        return derive()
    except (OverflowError, ZeroDivisionError, StatisticsError):
        return Unknown(frozenset({"unresolved"}))


# ---- members -------------------------------------------------------------------------------------------------------------------


def members_of(over: Over, scene: Scene) -> list[Spot] | Unknown:
    """The members a measure is taken over, if they are all there and `where` is decided for each."""
    found = entered(over.of, scene)
    if isinstance(found, Unknown):
        return found
    if not found.closed:
        return Unknown(found.openness)
    gaps = [member for member in found.members if isinstance(member.value, Gap)]
    if gaps:
        return Unknown(frozenset(member.value.reason for member in gaps), tuple(gaps[:KEPT]))
    if over.where is None:
        return list(found.members)
    judged = [(member, scene.world.judge(over.where, member, scene)) for member in found.members]
    doubtful = [member for member, outcome in judged if outcome.truth == "U"]
    if doubtful:
        return Unknown(NO_REASON.union(*(outcome.reasons for _, outcome in judged)), tuple(doubtful[:KEPT]))
    return [member for member, outcome in judged if outcome.truth == "T"]


def entered(of: Path, scene: Scene) -> Collection | Unknown:
    """The members that a measure's `of` names: of a list, a map, a join, or all that a source selects."""
    if WILD not in of.steps:
        return gathered(resolve(of, scene.focus, scene))
    split = of.steps.index(WILD)
    seen: Seen = resolve(Path(of.root, of.steps[:split]), scene.focus, scene)
    spots = [
        Spot(seen.spot.document, seen.spot.within + within, value, seen.spot.enveloped)
        for within, value in fan_out(seen.value, of.steps[split:])
    ]
    loose = [spot for spot in spots if isinstance(spot.value, Gap | Absent)]
    if loose:
        return Unknown(frozenset(spot.value.reason for spot in loose), tuple(loose[:KEPT]))
    return Collection(tuple(spots))


def column(members: Sequence[Spot], path: Path, sort: Sort, scene: Scene) -> list[Any] | Unknown:
    """What a path selects in each member, read by its sort."""
    values: list[Any] = []
    reasons: Reasons = NO_REASON
    culprits: list[Spot] = []
    for member in members:
        seen = resolve(path, member, scene)
        value = scalar(seen.value, sort)
        if isinstance(value, Unknown):
            reasons |= value.reasons
            culprits.append(seen.spot)
        else:
            values.append(value)
    return Unknown(reasons, tuple(culprits[:KEPT])) if reasons else values


def _values(over: Over, sort: Sort, scene: Scene) -> list[Any] | Unknown:
    members = members_of(over, scene)
    return members if isinstance(members, Unknown) else column(members, over.value, sort, scene)


# ---- aggregates ----------------------------------------------------------------------------------------------------------------


def _aggregate(formula: Aggregate, scene: Scene) -> Measured:
    if formula.word == "count":
        members = members_of(formula.over, scene)
        return members if isinstance(members, Unknown) else len(members)
    values = _values(formula.over, formula.sort, scene)
    if isinstance(values, Unknown):
        return values
    if formula.word == "distinct":
        return len({(type(value) is bool, value) for value in values})
    if formula.word == "sum":
        return sum(values, start=Fraction(0))
    if not values:
        return _ZERO if formula.word == "mean" else _EMPTY
    return _of_some(formula, _comparable(values, scene), scene)


def _comparable(values: list[Any], scene: Scene) -> list[Any]:
    """Dates and instants together are compared as dates."""
    if not isinstance(values[0], date):
        return values
    kinds = {type(value) for value in values}
    return values if len(kinds) == 1 else [day_of(value, scene.zone) for value in values]


def _of_some(formula: Aggregate, values: list[Any], scene: Scene) -> Measured:
    match formula.word:
        case "min":
            return min(values)  # type: ignore[no-any-return]
        case "max":
            return max(values)  # type: ignore[no-any-return]
        case "range":
            return max(values) - min(values)  # type: ignore[no-any-return]
        case "mean":
            return Fraction(sum(values)) / len(values)
        case "median":
            ordered, half = sorted(values), len(values) // 2
            return ordered[half] if len(values) % 2 else Fraction(ordered[half - 1] + ordered[half]) / 2
        case _:
            return _percentile(formula, sorted(values), scene)


def _percentile(formula: Aggregate, ordered: list[Any], scene: Scene) -> Measured:
    p = _given(formula.p, scene)
    if isinstance(p, Unknown):
        return p
    return ordered[ceil(p * len(ordered)) - 1] if 0 < p <= 1 else _WRONG


def _share(over: Over, scene: Scene) -> Measured:
    members = members_of(Over(over.of, over.value), scene)
    chosen = members_of(over, scene)
    if isinstance(members, Unknown):
        return members
    if isinstance(chosen, Unknown):
        return chosen
    return Fraction(len(chosen), len(members)) if members else _ZERO


def _ratio(over: Over, below: Path, scene: Scene) -> Measured:
    members = members_of(over, scene)
    if isinstance(members, Unknown):
        return members
    above, under = (column(members, path, "number", scene) for path in (over.value, below))
    if isinstance(above, Unknown) or isinstance(under, Unknown):
        parts = [part for part in (above, under) if isinstance(part, Unknown)]
        culprits = tuple(spot for part in parts for spot in part.culprits)[:KEPT]
        return Unknown(NO_REASON.union(*(part.reasons for part in parts)), culprits)
    total = sum(under)
    return Fraction(sum(above)) / Fraction(total) if total else _ZERO


# ---- statistics and dates ------------------------------------------------------------------------------------------------------


def _given(value: Fraction | FromParam | None, scene: Scene) -> Fraction | int | Unknown:
    if not isinstance(value, FromParam):
        return Fraction(0) if value is None else value
    found = scene.params.get(value.name)
    return found if isinstance(found, int | Fraction) else _UNSET


def _number_at(path: Path, scene: Scene) -> Any:
    found = scalar(resolve(path, scene.focus, scene).value, "number")
    return Unknown(frozenset({"unresolved"})) if isinstance(found, Approx) else found


def quantile(confidence: Fraction | int) -> float:
    """The two-sided z of a confidence."""
    return 1.959963984540054 if confidence == Fraction(95, 100) else NormalDist().inv_cdf(0.5 + float(confidence) / 2)


def _first_unknown(*values: Any) -> Unknown | None:
    reasons = NO_REASON.union(*(value.reasons for value in values if isinstance(value, Unknown)))
    culprits = tuple(spot for value in values if isinstance(value, Unknown) for spot in value.culprits)
    return Unknown(reasons, culprits[:KEPT]) if reasons else None


def _wilson(formula: WilsonLower, scene: Scene) -> Measured:
    successes, n, confidence = _number_at(formula.successes, scene), _number_at(formula.n, scene), _given(formula.confidence, scene)
    missing = _first_unknown(successes, n, confidence)
    if missing is not None:
        return missing
    if n == 0:
        return _ZERO
    if not 0 <= successes <= n or not 0 < confidence < 1:  # type: ignore[operator]
        return _WRONG
    z, size, p = quantile(confidence), float(n), float(Fraction(successes) / Fraction(n))  # type: ignore[arg-type]
    spread = z * sqrt(p * (1 - p) / size + z * z / (4 * size * size))
    return Approx((p + z * z / (2 * size) - spread) / (1 + z * z / size))


def _sample(formula: SampleSize, scene: Scene) -> Measured:
    margin, confidence, population = _given(formula.margin, scene), _given(formula.confidence, scene), _number_at(formula.population, scene)
    missing = _first_unknown(margin, confidence, population)
    if missing is not None:
        return missing
    if not 0 < margin < 1 or not 0 < confidence < 1 or population < 0:  # type: ignore[operator]
        return _WRONG
    if population == 0:
        return 0
    z, size = quantile(confidence), float(population)  # type: ignore[arg-type]
    wanted = z * z * 0.25 / float(margin) ** 2  # type: ignore[arg-type]
    needed = wanted / (1 + (wanted - 1) / size)
    return Unknown(frozenset({"unresolved"})) if abs(needed - round(needed)) <= 1e-9 and needed != size else ceil(needed - 1e-12)


def _days(formula: DaysBetween, scene: Scene) -> Measured:
    start, end = (scalar(resolve(path, scene.focus, scene).value, "moment") for path in (formula.start, formula.end))
    missing = _first_unknown(start, end)
    if missing is not None or not isinstance(start, date) or not isinstance(end, date):
        return missing or _WRONG
    first, last = (day_of(moment, scene.zone) for moment in same_moment(start, end, scene.zone))
    if not formula.calendar:
        return (last - first).days
    calendar = calendar_of(formula.calendar, scene)
    return calendar if isinstance(calendar, Unknown) else business_days_between(first, last, calendar)
