"""A page of plain text: wrapped to a width, coloured if asked, and safe to send to a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import wrap
from typing import TypeAlias

from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.view import View

NARROW, LEAST = 72, 40
LONGEST = 600  # characters of one text; the JSON report has the whole of it

STYLES = {
    "bold": "1",
    "dim": "2",
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "2",
    "fail": "31",
    "undetermined": "33",
    "blocked": "33",
    "waived": "35",
    "pass": "32",
    "not_applicable": "2",
}
Part: TypeAlias = "str | tuple[str, str]"  # a text, or a text and its style
_WORKFLOW_COMMAND = re.compile(r"^(\s*):(?=:)")  # a CI runner obeys lines that start with `::`


@dataclass(slots=True, eq=False)
class Page:
    """Lines, written as they come."""

    view: View
    write: Callable[[str], object]
    _begun: bool = False
    _gap: bool = False  # an empty line is due before the next one

    @property
    def width(self) -> int:
        """The columns there are; never fewer than can be read."""
        return max(self.view.width, LEAST)

    @property
    def narrow(self) -> bool:
        """Whether tables and rules have no room."""
        return self.width < NARROW

    def gap(self) -> None:
        """An empty line, never two."""
        self._gap = self._begun

    def head(self, title: str) -> None:
        """A heading."""
        self.gap()
        rule = "" if self.narrow else " " + "─" * (self.width - len(title) - 1)
        self.put((title, "bold"), (rule, "dim"))

    def put(self, *parts: Part, indent: int = 0) -> None:
        """One line, never wrapped: places stay whole, so that an editor can follow them."""
        styled = [part if isinstance(part, tuple) else (part, "") for part in parts]
        line = " " * indent + "".join(self._styled(_short(text), style) for text, style in styled)
        self._line(line.rstrip())

    def say(self, text: str, indent: int = 0, label: str = "", style: str = "") -> None:
        """A text, wrapped; lines after the first hang below it, right of the label. The style is the label's, if there is one."""
        hang = indent + len(label)
        room = max(self.width - hang, 24)
        lines = wrap(_short(text), room, break_long_words=False, break_on_hyphens=False) or [""]
        first, *rest = [self._styled(line, "" if label else style) for line in lines]
        self._line((" " * indent + self._styled(visible(label), style) + first).rstrip())
        for line in rest:
            self._line(" " * hang + line)

    def _line(self, text: str) -> None:
        self.write(("\n" if self._gap else "") + _harmless(text) + "\n")
        self._begun, self._gap = True, False

    def _styled(self, text: str, style: str) -> str:
        if not (self.view.color and style and text.strip()):
            return text
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m"


def _short(text: str) -> str:
    shown = visible(text)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}… ({len(shown) - LONGEST} more characters)"


def _harmless(line: str) -> str:
    return _WORKFLOW_COMMAND.sub(r"\1\\x3a", line)


def number(count: int, one: str, many: str = "") -> str:
    """`1 document`, `2 documents`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def place(file: str, line: int, column: int) -> str:
    """`file:line:column`, as far as they are known."""
    return ":".join([file, *(str(part) for part in (line, column) if part)])
