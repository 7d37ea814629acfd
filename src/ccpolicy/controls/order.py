"""Control ids in the order in which a standard prints them: 2.1 before 10.1."""

from __future__ import annotations

import re

_DIGITS = re.compile(r"(\d+)")


def printed_order(control: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which ids sort as printed; numbers by their size, the rest as text."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(control) if part)
