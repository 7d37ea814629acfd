"""Numbers exactly as they are written: whole ones of any size, fractions as binary64 only where that loses nothing."""

from __future__ import annotations

from decimal import Decimal
from math import isinf

MAX_DIGITS = 1_000  # characters of one number


class NoNumber(ValueError):
    """The text is a number that cannot be held; the message says why, without the number."""

    code = "number-too-large"


def read_integer(text: str) -> int:
    """The whole number that decimal digits (with a sign) name. Raises NoNumber."""
    _limit(text)
    return int(text)


def read_fraction(text: str) -> float | Decimal:
    """The number that a decimal fraction or an exponent form names: a float if its shortest form denotes the same, else a Decimal.

    Raises NoNumber for what binary64 cannot reach: huge, or so small that it would turn into zero.
    """
    _limit(text)
    value = float(text)
    if repr(value) == text:
        return value
    if isinf(value):
        raise NoNumber("the number is beyond binary64: it has no place in a document")
    if value == 0:
        return _zero(text, value)
    decimal = Decimal(text)
    return value if Decimal(repr(value)) == decimal else decimal


def _zero(text: str, value: float) -> float:
    if text.lower().partition("e")[0].strip("+-.0"):
        raise NoNumber("the number is too near zero for binary64")
    return value


def _limit(text: str) -> None:
    if len(text) > MAX_DIGITS and len(text.lstrip("+-")) > MAX_DIGITS:
        raise NoNumber(f"the number has more than {MAX_DIGITS} digits")
