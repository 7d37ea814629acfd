"""Where a key of a TOML file stands: a search of its text, since the standard library's reader keeps no places."""

from __future__ import annotations

import re
from collections.abc import Iterator

Place = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?\Z")
_KEY = re.compile(r"""\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*\.?""")


def toml_place(text: str, at: Place) -> tuple[int, int]:
    """Line and column, from 1, of a key, or of the nearest table or key around it."""
    best, line, column = -1, 1, 1
    lines = text.splitlines()
    for number, start, place in _places(lines):
        if place == at[: len(place)] and len(place) > best:
            best, line, column = len(place), number, start
    rest = [token for token in at[max(best, 0) :] if isinstance(token, str)]
    return _within(lines, line, column, rest[-1]) if rest and best > 0 else (line, column)


def _places(lines: list[str]) -> Iterator[tuple[int, int, Place]]:
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in enumerate(lines, 1):
        if header := _HEADER.match(line):
            table = _numbered(_names(header[2]), counts, header[1] == "[[")
            yield number, header.start(2) + 1, table
        elif key := _KEY.match(line):
            yield number, key.start(1) + 1, (*table, *_names(key[1]))


def _names(dotted: str) -> Place:
    return tuple(next(part for part in found.groups() if part is not None) for found in _PART.finditer(dotted))


def _numbered(names: Place, counts: dict[Place, int], is_new: bool) -> Place:
    """The path of a table, with the position of each list of tables that it lies in."""
    path: Place = ()
    for depth, name in enumerate(names, 1):
        path = (*path, name)
        if is_new and depth == len(names):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _within(lines: list[str], line: int, column: int, key: str) -> tuple[int, int]:
    """The key inside the value that starts at a line: of an inline table, maybe some lines below."""
    wanted = re.compile(rf"""(?<![A-Za-z0-9_-])["']?{re.escape(key)}["']?\s*=""")
    for number in range(line, min(line + 50, len(lines) + 1)):
        if number > line and _HEADER.match(lines[number - 1]):
            break
        if found := wanted.search(lines[number - 1], column if number == line else 0):
            return number, found.start() + 1
    return line, column
