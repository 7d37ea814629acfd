"""Text of others in Markdown that a code host renders: no markup, no link, no mention, no reference, no cell of its own."""

from __future__ import annotations

import re

from ccpolicy.reports.cleaning import visible

LONGEST = 300  # characters of one text
_SPAN = re.compile(r"`([^`]+)`")
_LINKS = r"@|://|\[\[|\b(?:www\.|mailto:|xmpp:)"
_REFERENCES = r"[#!~%$&^]\w|\bGH-\d|\b[0-9a-f]{7,}\b|:[\w+-]+:"  # of issues, of changes, of other things that a host names, and emoji
_RISKY = re.compile(f"{_LINKS}|{_REFERENCES}", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~#!$^{}]")


def cell(text: str, most: int = LONGEST) -> str:
    """The text for a cell of a table, or behind other words in a line.

    What stands in backticks is code, and so is what a host would make a link or a mention of: it looks for none in code.
    """
    shown = visible(text)
    shown = shown if len(shown) <= most else f"{shown[:most]}…"
    parts = _SPAN.split(shown)
    return "".join(_code(part) if place % 2 or _RISKY.search(part) else _prose(part) for place, part in enumerate(parts))


def code(text: str) -> str:
    """The text as code."""
    return _code(visible(text))


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
