"""Detectors of data that must not be kept: card numbers and US social security numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

_RUN = re.compile(r"(?<![0-9])[0-9](?:[ -]?[0-9])*", re.ASCII)
_DIGITS = re.compile(r"[0-9]+")
_SSN = re.compile(r"(?<![0-9])([0-9]{3})-([0-9]{2})-([0-9]{4})(?![0-9])", re.ASCII)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

WORDS = {"pan": "a card number", "ssn": "a social security number"}


def luhn(digits: str) -> bool:
    """Whether the check digit is right."""
    total = sum(_DOUBLED[int(digit)] if place % 2 else int(digit) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def pans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each card number: 13 to 19 digits, single spaces or hyphens between them, first digit 2 to 6, Luhn.

    A number is made of whole groups: it never starts or ends inside a longer run of digits.
    """
    for run in _RUN.finditer(text):
        if run.end() - run.start() >= 13:
            yield from _within(text, [(group.start() + run.start(), group.end() + run.start()) for group in _DIGITS.finditer(run[0])])


def _within(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(groups):
        last = _longest(text, groups, first)
        if last is None:
            first += 1
        else:
            yield groups[first][0], groups[last][1]
            first = last + 1


def _longest(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    digits, found = "", None
    if text[groups[first][0]] not in "23456":
        return None
    for last in range(first, len(groups)):
        digits += text[groups[last][0] : groups[last][1]]
        if len(digits) > 19:
            break
        if len(digits) >= 13 and luhn(digits):
            found = last
    return found


def ssns(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each social security number: ddd-dd-dddd; areas 000, 666 and 900 up, group 00 and serial 0000 were never given."""
    for match in _SSN.finditer(text):
        area, group, serial = match.groups()
        if area not in ("000", "666") and area < "900" and group != "00" and serial != "0000":
            yield match.span()


_DETECTORS = {"pan": pans, "ssn": ssns}


def find_any(text: str, names: Iterable[Literal["pan", "ssn"]]) -> tuple[str, ...]:
    """What was found, in words; never the thing itself."""
    return tuple(WORDS[name] for name in names if any(True for _ in _DETECTORS[name](text)))


def redact_pans(text: str) -> str:
    """The text with each card number replaced by `<redacted>`."""
    if len(text) < 13:
        return text
    kept, start = [], 0
    for first, last in pans(text):
        kept += [text[start:first], "<redacted>"]
        start = last
    return "".join([*kept, text[start:]]) if kept else text
