"""JSON text -> value, exactly: the standard library's C scanner reads, and whatever it or we doubt is read again to be explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from json import JSONDecoder
from sys import intern
from typing import Any, NoReturn

from ccpolicy.documents.json_flaw import find_flaws
from ccpolicy.documents.number import read_fraction, read_integer
from ccpolicy.documents.text import MAX_DEPTH, Flawed, Shared, problems_of, read_text
from ccpolicy.documents.values import Json
from ccpolicy.errors import Refused

_BLANK = re.compile(r"[ \t\n\r]*+")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F])|\\.")
_FOUR_BYTES = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")


_SCAN = "scan_once"  # public, but unknown to the type stubs: the C scanner itself


class _Doubt(ValueError):
    """The scanner met something that only `find_flaws` can explain."""


def _doubt(_: str) -> NoReturn:
    raise _Doubt


class JsonReader:
    """Reads JSON texts; those that one reader has read share their keys and their short texts in memory."""

    def __init__(self) -> None:
        self._shared = Shared()
        decoder = JSONDecoder(object_pairs_hook=self._map, parse_float=read_fraction, parse_int=read_integer, parse_constant=_doubt)
        self._scan: Callable[[str, int], tuple[Json, int]] = getattr(decoder, _SCAN)

    def read(self, text: str) -> Json:
        """The value of a JSON text. Raises Flawed with all that is wrong, in the order of the text."""
        try:
            return self._read(text)
        except (StopIteration, ValueError, RecursionError):
            pass  # explained when the scanner's frames are gone
        flaws = find_flaws(text)
        if not flaws:
            raise AssertionError("the two readings of JSON differ")
        raise Flawed(flaws)

    def read_lean(self, data: bytes, file: str) -> Json:
        """The value of a whole file, without ever holding its text at four bytes a character. Raises Refused."""
        try:
            return self._read(read_text(_without_wide(data), file))
        except (StopIteration, ValueError, RecursionError, Refused):
            pass
        text = read_text(data, file)
        try:
            return self.read(text)
        except Flawed as flawed:
            raise Refused(problems_of(flawed.flaws, text, file)) from None

    def _map(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        shared = self._shared
        found = {intern(key): shared[value] if type(value) is str else value for key, value in pairs}
        if len(found) != len(pairs):
            raise _Doubt
        return found

    def _read(self, text: str) -> Json:
        value, end = self._scan(text, _after_blank(text, 0))
        if _after_blank(text, end) != len(text) or _has_lone_surrogate(text) or _too_deep(value, text):
            raise _Doubt
        return value


def _without_wide(data: bytes) -> bytes:
    """The same JSON with the characters beyond the basic plane as escapes, if they are few.

    One of them would make Python hold the whole text at four bytes a character.
    """
    count = sum(1 for _ in _FOUR_BYTES.finditer(data))
    return _FOUR_BYTES.sub(_escaped, data) if 0 < count < len(data) // 14 else data


def _escaped(found: re.Match[bytes]) -> bytes:
    try:
        code = ord(found[0].decode()) - 0x10000
    except UnicodeDecodeError:
        return found[0]
    return b"\\u%04x\\u%04x" % (0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF))


def _after_blank(text: str, offset: int) -> int:
    found = _BLANK.match(text, offset)
    return found.end() if found else offset


def _has_lone_surrogate(text: str) -> bool:
    return "\\u" in text and _ESCAPED_SURROGATE.search(text) is not None and any(found[1] for found in _ESCAPE.finditer(text))


def _too_deep(value: Json, text: str) -> bool:
    return text.count("[") + text.count("{") > MAX_DEPTH and deeper_than(value, MAX_DEPTH)


def deeper_than(value: Json, limit: int) -> bool:
    """Whether more than `limit` lists and maps stand within one another."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        level = [
            member
            for holder in level
            for member in (holder.values() if type(holder) is dict else holder)
            if type(member) is dict or type(member) is list
        ]
        if not level:
            return False
    return bool(level)
