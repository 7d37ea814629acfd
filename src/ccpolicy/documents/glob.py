"""File patterns: `*` and `?` stay within a folder, `**` goes through folders."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ccpolicy.documents.formats import Pattern, compile_pattern


@dataclass(frozen=True, slots=True)
class Glob:
    """One pattern, relative to the config's folder, with forward slashes."""

    text: str

    def matches(self, file: str) -> bool:
        """Whether the whole path fits the pattern."""
        return _compiled(self.text.removeprefix("./").lstrip("/")).fullmatch(file) is not None


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Pattern:
    return compile_pattern(_translated(text))


_PARTS = re.compile(
    r"(?P<through>(?:^|(?<=/))\*\*/)|(?P<below>/\*\*$)|(?P<many>\*+)|(?P<one>\?)|(?P<set>\[!?\]?[^\]/]*\])|(?P<other>.)", re.DOTALL
)


def _translated(text: str) -> str:
    return "(?s)" + "".join(_piece(part) for part in _PARTS.finditer(text))


def _piece(part: re.Match[str]) -> str:
    match part.lastgroup:
        case "through":
            return "(?:[^/]+/)*"
        case "below":
            return "/.+"
        case "many":
            return ".*" if part[0] == "**" and part.string == "**" else "[^/]*"
        case "one":
            return "[^/]"
        case "set":
            return _set(part[0][1:-1])
        case _:
            return re.escape(part[0])


def _set(inner: str) -> str:
    negated = inner.startswith("!")
    return f"[{'^/' if negated else ''}{re.sub(r'([^A-Za-z0-9_-])', lambda found: chr(92) + found[1], inner.removeprefix('!'))}]"


@dataclass(frozen=True, slots=True)
class Ignored:
    """Patterns as in a .gitignore: one without a slash holds at any depth, a folder covers what is below, the last match wins."""

    patterns: Sequence[str]

    def covers(self, file: str) -> bool:
        """Whether a file, or a folder that it lies in, is ignored."""
        parts = file.split("/")
        return any(self._decides("/".join(parts[:length]), length < len(parts)) for length in range(1, len(parts) + 1))

    def _decides(self, path: str, is_folder: bool) -> bool:
        ignored = False
        for pattern in self.patterns:
            plain = pattern.removeprefix("!")
            if plain.endswith("/") and not is_folder:
                continue
            plain = plain.rstrip("/")
            rooted = plain if "/" in plain else f"**/{plain}"
            if Glob(rooted).matches(path):
                ignored = not pattern.startswith("!")
        return ignored
