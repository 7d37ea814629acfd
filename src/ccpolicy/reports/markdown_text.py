"""Text of others in Markdown that a code host renders: no markup, no link, no mention, no reference, no cell of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ccpolicy.reports.cleaning import visible

LONGEST = 300  # characters of one text
_SPAN = re.compile(r"`([^`]+)`")
_LINKS = r"@|://|\[\[|\b(?:www\.|mailto:|xmpp:)"
_REFERENCES = r"[#!~%$&^]\w|\bGH-\d|\b[0-9a-f]{7,}\b"  # of issues, of changes, of other things that a host names
_EMOJI = r":(?!(?<=\d:)\d\d:\d)[\w+-]+:"  # the minutes of a time are none
_RISKY = re.compile(f"{_LINKS}|{_REFERENCES}|{_EMOJI}", re.IGNORECASE)
_GAPS = re.compile(r"(\s+)")
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~#!$^{}]")


def cell(text: str, most: int = LONGEST) -> str:
    """The text for a cell of a table, or behind other words in a line.

    What stands in backticks is code, and so is a word that a host would make a link or a mention of: it looks for none in code.
    Code that touches other code is one span with it, or else the fences of the two would run together.
    """
    shown = visible(text)
    shown = shown if len(shown) <= most else f"{shown[:most]}…"
    pieces = groupby(_pieces(shown), key=lambda piece: piece[0])
    return "".join((_code if coded else _prose)("".join(text for _, text in run)) for coded, run in pieces)


def code(text: str) -> str:
    """The text as code."""
    return _code(visible(text))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a text in order, each with whether it is to be code."""
    for place, part in enumerate(_SPAN.split(text)):
        for word in [part] if place % 2 else _GAPS.split(part):
            if word:
                yield bool(place % 2 or _RISKY.search(word)), word


def _prose(text: str) -> str:
    """What could mean something as references by number: those never make markup."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def _code(text: str) -> str:
    """Code spans; a pipe would end the cell even within code, so it stands between them."""
    return "&#124;".join(_span(part) for part in text.split("|"))


def _span(text: str) -> str:
    if not text.strip():
        return text
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    gap = " " if longest or text[0] == text[-1] == " " else ""
    return f"{fence}{gap}{text}{gap}{fence}"
