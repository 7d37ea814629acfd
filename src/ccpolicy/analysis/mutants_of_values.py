"""The nearest neighbours of what a rule writes down: numbers, dates, durations, operands and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from ccpolicy.documents.moment import Duration
from ccpolicy.language.expr import FromParam, FromPath, Length, Listed, Literally, Operand, Scalar, Values

T = TypeVar("T")
_HUNDREDTH = Fraction(1, 100)
_DAY = timedelta(days=1)
_FINEST = 10**1100  # a written number has fewer digits


def text_of(value: Scalar) -> str:
    """A value as ids of mutants write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Fraction():
            return _decimal(value)
        case date():
            return value.isoformat()
        case "":
            return '""'
        case _:
            return str(value)


def neighbours(value: Scalar) -> tuple[Scalar, ...]:
    """The values one step below and above: the smallest step that matters. Texts and truth values have none."""
    match value:
        case bool() | str():
            return ()
        case int():
            return (value - 1, value + 1)
        case Fraction():
            step = _step(value)
            return (value - step, value + step)
        case date():
            return (value - _DAY, value + _DAY) if date.min < date(value.year, value.month, value.day) < date.max else ()
        case Duration():
            return tuple(near for near in (_longer(value, -1), _longer(value, 1)) if near.size() > 0)


def _step(value: Fraction) -> Fraction:
    """One of the last decimal it has, and a hundredth at most. Rules write decimals only."""
    step = _HUNDREDTH
    while value % step and step.denominator < _FINEST:
        step /= 10
    return step


def _decimal(value: Fraction) -> str:
    """The number with all its decimals: two that differ are never written alike."""
    step = _step(value)
    places = len(str(step.denominator)) - 1
    digits = str(abs(round(value / step))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 else text


def _longer(value: Duration, by: int) -> Duration:
    """A day more where days or weeks are counted, a month where only months and years are, else the smallest unit of time."""
    months, days, seconds = value.months, value.days, value.seconds
    if seconds:
        seconds += by * next(unit for unit in (3600, 60, 1) if seconds % unit == 0)
    elif days or not months:
        days += by
    else:
        months += by
    return Duration(months, days, seconds, _written(months, days, seconds))


def _written(months: int, days: int, seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    dates = "".join(f"{count}{unit}" for count, unit in ((months, "M"), (days, "D")) if count)
    times = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (left, "S")) if count)
    return f"P{dates}{'T' if times else ''}{times}" if dates or times else "P0D"


def moved_length(length: Length) -> Iterator[tuple[str, Length]]:
    """A duration that is written in the rule, longer and shorter."""
    if isinstance(length, Duration):
        for near in neighbours(length):
            if isinstance(near, Duration):
                yield f"{length}->{near}", near


def moved_operand(operand: Operand) -> Iterator[tuple[str, Operand]]:
    """A written value by one step; a date moved by a longer or shorter span, or the other way."""
    match operand:
        case Literally(value):
            for near in neighbours(value):
                yield f"{text_of(value)}->{text_of(near)}", Literally(near)
        case FromPath(path, by, sign) if by is not None:
            word, other = ("minus", "plus") if sign < 0 else ("plus", "minus")
            for what, longer in moved_length(by):
                yield f"{path} {word} {what}", replace(operand, by=longer)
            yield f"{path} {word}->{other}", replace(operand, sign=-sign)


def shorter_values(values: Values) -> Iterator[tuple[str, Values]]:
    """A written list without one of its members."""
    if isinstance(values, Listed):
        for gone, rest in without_one(values.values):
            yield text_of(gone.value), Listed(rest)


def without_one(items: tuple[T, ...]) -> Iterator[tuple[T, tuple[T, ...]]]:
    """Each item of several, and the rest of them; one that stands twice goes twice."""
    several = tuple(dict.fromkeys(items))
    if len(several) > 1:
        for gone in several:
            yield gone, tuple(item for item in items if item != gone)


def moved_part(value: Fraction | FromParam) -> Iterator[tuple[str, Fraction]]:
    """A written number between 0 and 1, moved by a hundredth or less, still between them."""
    if isinstance(value, Fraction):
        for near in neighbours(value):
            if isinstance(near, Fraction) and 0 < near < 1:
                yield f"{text_of(value)}->{text_of(near)}", near
