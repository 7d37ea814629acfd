"""What each operator says of the place that its path selects, in plain English; operators that enter members stand elsewhere."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from ccpolicy.backends.english_words import (
    AS_OF,
    BREATH,
    Names,
    Said,
    code,
    duration_said,
    either_said,
    length_said,
    likeness_said,
    listing,
    operand_said,
    out_of_said,
    parameter_said,
    place_said,
    quantity_said,
    values_said,
    words_in,
)
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import Path
from ccpolicy.language.expr import (
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
    Matches,
    NoneOf,
    OneOf,
    Present,
    Some,
    Texts,
    UniqueBy,
    Window,
)

Members: TypeAlias = Some | Every | NoneOf | Counts | UniqueBy | Cadence | EveryPath
Single: TypeAlias = Equals | OneOf | Compares | Between | Window | DoneWithin | Matches | Texts | FreeOf | Present | Contains | Compared
_DETECTED = {"pan": "payment card number", "ssn": "US social security number"}
_TEXT_WORDS = {"starts_with": "starts with", "ends_with": "ends with", "contains_text": "contains the text"}
_LIST_WORDS = {
    "contains_all": "contains all of",
    "subset_of": "contains nothing but",
    "disjoint_from": "contains none of",
    "at_most_one_of": "contains at most one of",
}


def verb_said(test: Single, names: Names) -> Said:
    """The operator as a verb with all that follows it: `is at least 3`."""
    match test:
        case Equals(operand, _, negated):
            return Said(f"is {'not ' if negated else ''}{_same_as(likeness_said(operand, names))}")
        case OneOf(values, _, negated):
            return either_said(values, negated, names)
        case Compares(order, operand):
            word = order.replace("_", " ")
            return Said(f"is {word} {operand_said(operand, names)}")
        case Between(low, high):
            return Said(f"is between {operand_said(low, names)} and {operand_said(high, names)}, both included")
        case Window():
            return Said(f"is in {window_said(test, names)}")
        case DoneWithin():
            return Said(_deadline(test, names))
        case Matches(pattern):
            return Said(f"matches the pattern {code(pattern)} as a whole")
        case Texts(word, operand):
            return Said(f"{_TEXT_WORDS[word]} {likeness_said(operand, names)}")
        case FreeOf(detectors):
            return Said(f"contains no {listing([_DETECTED[name] for name in detectors], 'and no')}")
        case Present(wanted):
            return Said("is present" if wanted else "is absent")
        case Contains(operand):
            return Said(f"contains {likeness_said(operand, names)}")
        case Compared(word, values):
            return values_said(values, _LIST_WORDS[word], names)
        case _:
            assert_never(test)


def _same_as(found: str) -> str:
    return f"the same as {found.removeprefix('the value of ')}" if found.startswith(("the value", "the measure")) else found


def window_said(test: Window, names: Names) -> str:
    """The days of a window, seen from the date of assessment."""
    if isinstance(test.length, Duration):
        span = f"the {duration_said(test.length)}"
    else:
        span = f"the period {parameter_said(test.length.name, names)}"
    return f"{span} up to {AS_OF}" if test.word == "within_last" else f"{span} from {AS_OF} on"


def _deadline(test: DoneWithin, names: Names) -> str:
    unit = test.unit.replace("_", " ")
    amount = f"{quantity_said(test.amount, names)} {unit.removesuffix('s') if test.amount == 1 else unit}"
    calendar = f", by the calendar {code(test.calendar)}" if test.calendar else ""
    return f"meets the deadline of {amount} after {operand_said(test.start, names)}{calendar}"


def unique_said(test: UniqueBy, path: Path, names: Names) -> str:
    """That no two members have the same key."""
    places = [place_said(key, names) for key in test.paths]
    lead = out_of_said("no two", path, names).replace("no two entry", "no two entries", 1)
    return f"{lead} are the same" if places == ["it"] else f"{lead} have the same {listing(places)}"


def cadence_said(test: Cadence, path: Path, names: Names) -> Said:
    """How close together the events are, and over what time."""
    over = window_said(Window("within_last", test.over_last), names)
    grace = f" (and a tolerance of {length_said(test.tolerance, names)})" if test.tolerance is not None else ""
    by = f"by {place_said(test.at, names)}" if test.at.steps or test.at.root else "by its own date"
    lead = f"no more than {length_said(test.every, names)}{grace} pass without {out_of_said('an', path, names)}"
    text = f"{lead}, {by}, in {over}"
    return Said(text) if words_in(text) <= BREATH else Said(f"{lead}:", (Said(f"dated {by}"), Said(f"in {over}")))


def count_said(test: Counts, names: Names) -> str:
    """The bounds of a count."""
    bounds = [("at least", test.at_least), ("at most", test.at_most)]
    return " and ".join(f"{word} {operand_said(bound, names)}" for word, bound in bounds if bound is not None)
