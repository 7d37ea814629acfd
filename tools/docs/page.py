"""A page of the site, and the bits of Markdown that generated pages are made of."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NARROW = re.compile(r"(`+)(?:(?!\1).)*?\1")


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file of the site; `path` is relative to its root."""

    path: str
    title: str
    text: str

    @property
    def file(self) -> str:
        """The whole file: title and text."""
        return f"# {self.title}\n\n{self.text.strip()}\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; columns without any content are left out, and without rows it is empty."""
    filled = [list(row) for row in rows]
    kept = [n for n in range(len(heads)) if any(row[n] for row in filled)]
    lines = [[heads[n] for n in kept], ["---" for _ in kept], *[[_cell(row[n]) for n in kept] for row in filled]]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) if filled else ""


def _cell(text: str) -> str:
    """The text in one line; a bar outside of code is no border."""
    line = re.sub(r"\s+", " ", text).strip()
    pieces, at = [], 0
    for code in NARROW.finditer(line):
        pieces += [line[at : code.start()].replace("|", "&#124;"), code[0]]
        at = code.end()
    return "".join([*pieces, line[at:].replace("|", "&#124;")])


def prose(text: str) -> str:
    """Text that is no Markdown of ours: nothing in it outside of code is markup."""
    pieces, at = [], 0
    for code in NARROW.finditer(text):
        pieces += [_plain(text[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*pieces, _plain(text[at:])])


def _plain(text: str) -> str:
    return re.sub(r"([\\*_\[\]#])", r"\\\1", text).replace("<", "&lt;").replace(">", "&gt;")


def code(text: str) -> str:
    """The text as code within a line."""
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    space = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{space}{text}{space}{ticks}" if text else ""


def broken(path: str) -> str:
    """A path as code that may be broken behind each dot."""
    escaped = html.escape(path).replace("*", "&#42;").replace("_", "&#95;").replace("|", "&#124;").replace("[", "&#91;")
    return f"<code>{escaped.replace('.', '.<wbr>')}</code>" if "." in path else code(path)


def fence(text: str, form: str = "", title: str = "") -> str:
    """The text as a block of code."""
    ticks = "`" * max(3, max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    head = form + (f' title="{title}"' if title else "")
    return f"{ticks}{head}\n{text.rstrip()}\n{ticks}\n\n"


def details(title: str, body: str) -> str:
    """A part that is folded away."""
    quoted = title.replace('"', "'")
    indented = "".join(f"    {line}\n" if line else "\n" for line in body.rstrip().split("\n"))
    return f'??? example "{quoted}"\n\n{indented}\n'


def link(here: str, there: str, text: str) -> str:
    """A link from one page to another, both relative to the root of the site."""
    file, sign, anchor = there.partition("#")
    return f"[{text}]({posixpath.relpath(file, posixpath.dirname(here) or '.')}{sign}{anchor})"


def listed(items: Iterable[str]) -> str:
    """A bulleted list."""
    return "".join(f"* {item}\n" for item in items) + "\n"


def slug(text: str) -> str:
    """An anchor for a name such as `3.3.1.2` or `164.308(a)(1)(i)`."""
    return "c-" + re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
