"""What a rule says, as plain English that an auditor can sign; it only words, and decides nothing."""

from __future__ import annotations

from typing import assert_never

from ccpolicy.backends.english_predicates import behind, leaf_said, predicate_said
from ccpolicy.backends.english_words import (
    Names,
    Said,
    Setting,
    bounds_said,
    code,
    counted,
    entries_said,
    every,
    led,
    listing,
    names_of,
    noun,
    number_of_said,
    owned,
    place_said,
    plain,
    plural,
    quantity_said,
    value_said,
    words_in,
)
from ccpolicy.documents.path import HERE, WILD, Path
from ccpolicy.language.derived import (
    Aggregate,
    DaysBetween,
    Foci,
    Formula,
    Join,
    Measure,
    Over,
    Per,
    Ratio,
    ReachedFrom,
    SampleSize,
    Share,
    WilsonLower,
)

__all__ = [
    "Names",
    "Said",
    "Setting",
    "bounds_said",
    "code",
    "entries_said",
    "foci_said",
    "join_said",
    "leaf_said",
    "led",
    "listing",
    "measure_said",
    "names_of",
    "noun",
    "place_said",
    "plain",
    "plural",
    "predicate_said",
    "value_said",
    "words_in",
]

_AGGREGATES = {
    "sum": "sum of",
    "min": "smallest",
    "max": "greatest",
    "mean": "mean of",
    "median": "median of",
    "range": "difference between the greatest and the smallest",
    "distinct": "number of different values of",
}


# ---- populations ---------------------------------------------------------------------------------------------------------------


def foci_said(foci: Foci, names: Names) -> Said:
    """What the rule is asked of: `every agent, for each of the last 2 full months`."""
    one = noun(foci.kind, names)
    subject = every(one) if foci.each is None else f"{_every_member(foci.each)} in {every(one)}"
    reached = () if foci.reached_from is None else _reached_said(foci.reached_from, one, names)
    when = "" if foci.per is None else f", {_per_said(foci.per)}"
    return Said(f"{subject}{' in this chain' if reached else ''}{when}{':' if reached else ''}", reached)


def _every_member(each: Path) -> str:
    *above, last = each.steps
    if last == WILD and WILD not in above:
        return f"every entry of {code(Path(HERE, tuple(above)))}" if above else "every entry"
    return f"each thing that {code(each)} selects"


def _per_said(per: Per) -> str:
    return f"for the last full {per.unit}" if per.last == 1 else f"for each of the last {counted(per.last, f'full {per.unit}')}"


def _reached_said(reached: ReachedFrom, one: str, names: Names) -> tuple[Said, ...]:
    start = noun(reached.kind, names)
    first = Said(f"it starts with the {plural(one)} whose {code(reached.key)} any {start} names in {code(reached.start_links or '')}")
    if reached.own_links is None:
        return (first,)
    return first, Said(f"it goes on with those that any {one} in the chain names in its own {code(reached.own_links)}")


# ---- joins ---------------------------------------------------------------------------------------------------------------------


def join_said(join: Join, names: Names) -> Said:
    """Which documents a join brings along, under the name by which the rule speaks of them."""
    keys = [f"{code(theirs)} is {_our_key(ours, names)}" for ours, theirs in zip(join.ours, join.theirs, strict=True)]
    dated = f", dated within the {names.period} by {place_said(join.during, names)}" if join.during is not None else ""
    documents = plural(noun(join.kind, names))
    text = f"{join.phrase}: {'those' if documents == join.phrase else documents} whose {listing(keys)}{dated}"
    return Said(text) if join.where is None else behind(f"{text}, and for which ", join.where, names)


def _our_key(path: Path, names: Names) -> str:
    return place_said(path, names) if path.root or not path.steps else f"{owned(names.focus)} {code(path)}"


# ---- measures ------------------------------------------------------------------------------------------------------------------


def measure_said(measure: Measure, names: Names) -> Said:
    """What a measure is: `spread is the range of score over the entries of scores`."""
    return led(f"{code(measure.name)} is ", formula_said(measure.formula, names))


def formula_said(formula: Formula, names: Names) -> Said:
    """How a measure is computed, as a noun with its article."""
    match formula:
        case Aggregate():
            return _over(_aggregate(formula, names), formula.over, names)
        case Share(over):
            members = f"the share of those among {entries_said(over.of, names)}"
            return Said(members) if over.where is None else behind(f"{members} for which ", over.where, names)
        case Ratio(over, below):
            return _over(f"the sum of {place_said(over.value, names)} divided by the sum of {place_said(below, names)}", over, names)
        case WilsonLower(successes, n, confidence):
            counts = Said(f"for {place_said(successes, names)} out of {place_said(n, names)}")
            at = Said(f"at a confidence of {quantity_said(confidence, names)}")
            return Said("the lower end of the two-sided Wilson score interval:", (counts, at))
        case SampleSize():
            return _sample(formula, names)
        case DaysBetween(start, end, calendar):
            days, by = ("business days", f", by the calendar {code(calendar)}") if calendar else ("days", "")
            return Said(f"the number of {days} from {place_said(start, names)} to {place_said(end, names)}{by}")
        case _:
            assert_never(formula)


def _aggregate(formula: Aggregate, names: Names) -> str:
    if formula.word == "count":
        return f"the {number_of_said(formula.over.of, names)}"
    value = place_said(formula.over.value, names) if formula.over.value.steps or formula.over.value.root else "value"
    if formula.word == "percentile":
        return f"the percentile {quantity_said(formula.p, names)} (by nearest rank) of {value}"
    return f"the {_AGGREGATES[formula.word]} {value}"


def _over(text: str, over: Over, names: Names) -> Said:
    counting = text.startswith("the number of ") and not over.value.steps and text == f"the {number_of_said(over.of, names)}"
    whole = text if counting else f"{text} over {entries_said(over.of, names)}"
    return Said(whole) if over.where is None else behind(f"{whole} for which ", over.where, names)


def _sample(formula: SampleSize, names: Names) -> Said:
    margin, confidence = (quantity_said(value, names) for value in (formula.margin, formula.confidence))
    parts = (
        Said(f"for a margin of error of {margin}"),
        Said(f"at a confidence of {confidence}"),
        Said(f"out of {place_said(formula.population, names)}"),
    )
    return Said("the size that a random sample needs:", parts)
