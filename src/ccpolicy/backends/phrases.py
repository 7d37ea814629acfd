"""What was expected and what was seen, in a few words: for findings, never for rules (those read in plain English elsewhere)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

from ccpolicy.backends.outcome import Spot
from ccpolicy.backends.scene import Approx, Arguments, Collection, Scene, Unknown, arguments, length, operand
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.moment import Duration
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
    FromParam,
    FromPath,
    Leaf,
    Length,
    Matches,
    NoneOf,
    OneOf,
    Operand,
    Present,
    Some,
    Sort,
    Test,
    Texts,
    UniqueBy,
    Values,
    Window,
)

REDACTED = "<redacted>"
_SHOWN = 12  # list members shown in a phrase
_NAMED = 5  # of those that a list lacks, or has besides
_LONGEST = 60  # characters of such a member


def number_text(value: int | Fraction) -> str:
    """A number as a person writes it: exactly if it has at most 12 decimals, else rounded to 6."""
    if isinstance(value, int) or value.denominator == 1:
        return str(int(value))
    with localcontext() as context:
        context.prec = 60 + len(str(abs(value.numerator) // value.denominator))
        whole = Decimal(value.numerator) / Decimal(value.denominator)
        finely = whole.quantize(Decimal("1e-12"), ROUND_HALF_EVEN)
        shown = f"{finely if Fraction(finely) == value else whole.quantize(Decimal('1e-6'), ROUND_HALF_EVEN):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def value_text(value: Any) -> str:
    """A scalar in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Fraction):
        return number_text(value)
    if isinstance(value, Approx):
        return f"{value.value:.6f}"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return f"`{value}`" if isinstance(value, str) else str(value)


def actual_of(value: Any) -> Any:
    """What a report may show of the value seen: a scalar itself, of a list or map only its size; absence stays as it is."""
    if isinstance(value, Collection):
        return f"{len(value.members)} members"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a map of {len(value)}"
    return value


def named_members(values: Iterable[Any]) -> str:
    """Which members a list has or lacks: a few of them, none of them endless."""
    told = list(dict.fromkeys(value_text(_cut(value)) for value in values))
    return ", ".join(told[:_NAMED]) + (f" and {len(told) - _NAMED} more" if len(told) > _NAMED else "")


def _cut(value: Any) -> Any:
    """A short text instead of a long one. Half a card number would pass for none, so it is taken out first."""
    shown = redact_pans(value) if isinstance(value, str) else value
    return f"{shown[:_LONGEST]}…" if isinstance(shown, str) and len(shown) > _LONGEST else shown


def expected_of(node: Leaf, at: Spot, scene: Scene) -> str:
    """What the operator asks for, with its operands resolved."""
    return _phrase(node.test, node.word, at, scene)


def _operand(node: Operand, sort: Sort, at: Spot, scene: Scene) -> str:
    if isinstance(node, FromPath) and is_secret(node.path, at, scene):
        return REDACTED
    value = operand(node, sort, at, scene)
    if not isinstance(value, Unknown):
        return value_text(value)
    if isinstance(node, FromParam):
        return f"the parameter `{node.name}`"
    return _unknown_operand(node, sort, at, scene) if isinstance(node, FromPath) else ""


def _unknown_operand(node: FromPath, sort: Sort, at: Spot, scene: Scene) -> str:
    """What cannot be told: the value at the path, or how far it is moved."""
    start = operand(FromPath(node.path), sort, at, scene)
    if not isinstance(start, Unknown) and node.by is not None:
        return f"{value_text(start)} {'plus' if node.sign > 0 else 'minus'} {_length(node.by, scene)}"
    return f"the unknown measure `{node.path.root}`" if node.path.root in scene.measures else f"the unknown value of `{node.path}`"


def _values(node: Values, sort: Sort, at: Spot, scene: Scene) -> str:
    if isinstance(node, FromPath) and is_secret(node.path, at, scene):
        return REDACTED
    listed = arguments(node, sort, at, scene)
    if not isinstance(listed, Arguments):
        return f"the parameter `{node.name}`" if isinstance(node, FromParam) else "an unknown list"
    shown = [value_text(value) for value in listed.values[:_SHOWN]]
    more = len(listed.values) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _length(node: Length, scene: Scene) -> str:
    found = length(node, scene)
    return found.text if isinstance(found, Duration) else f"`{node.name}`" if isinstance(node, FromParam) else ""


def _phrase(test: Test, word: str, at: Spot, scene: Scene) -> str:
    spoken = word.replace("_", " ")
    match test:
        case Equals(value, sort, negated):
            return ("anything but " if negated else "") + _operand(value, sort, at, scene)
        case OneOf(values, sort, negated):
            return ("none of " if negated else "one of ") + _values(values, sort, at, scene)
        case Compares(_, value, sort):
            return f"{spoken} {_operand(value, sort, at, scene)}"
        case Between(low, high, sort):
            return f"between {_operand(low, sort, at, scene)} and {_operand(high, sort, at, scene)}"
        case Window(_, span):
            return f"a date in the {_length(span, scene)} {'up to' if word == 'within_last' else 'from'} {scene.as_of.isoformat()}"
        case DoneWithin():
            return _deadline(test, at, scene)
        case Matches(pattern=pattern):
            return f"text that matches `{pattern}`"
        case Texts(_, value):
            return f"text that {spoken.replace('contains text', 'contains')} {_operand(value, 'text', at, scene)}"
        case FreeOf(detectors):
            return f"text free of {' and '.join(detectors)}"
        case Present(wanted):
            return "a value" if wanted else "no value"
        case _:
            return _about_members(test, at, scene)


def _deadline(test: DoneWithin, at: Spot, scene: Scene) -> str:
    return f"done within {_amount(test, scene)} {test.unit.replace('_', ' ')} of {_operand(test.start, 'moment', at, scene)}"


def _amount(test: DoneWithin, scene: Scene) -> str:
    if isinstance(test.amount, int):
        return str(test.amount)
    value = scene.params.get(test.amount.name)
    return f"`{test.amount.name}`" if value is None else value_text(value)


def _about_members(test: Test, at: Spot, scene: Scene) -> str:
    match test:
        case Some():
            return "at least one such member"
        case Every():
            return "every member to hold"
        case NoneOf():
            return "no such member"
        case Counts():
            bounds = [("at least", test.at_least), ("at most", test.at_most)]
            return " and ".join(f"{name} {_operand(bound, 'number', at, scene)}" for name, bound in bounds if bound is not None)
        case Contains(value, sort):
            return f"a list that contains {_operand(value, sort, at, scene)}"
        case Compared(listed, values, sort):
            words = {"contains_all": "all of", "subset_of": "nothing but", "disjoint_from": "none of", "at_most_one_of": "at most one of"}
            return f"{words[listed]} {_values(values, sort, at, scene)}"
        case UniqueBy(paths):
            return f"no two members with the same {', '.join(str(path) for path in paths)}"
        case Cadence():
            return f"one every {_length(test.every, scene)} over the last {_length(test.over_last, scene)}"
        case EveryPath():
            return "every path to pass the guarding step first"
        case _:
            return ""
