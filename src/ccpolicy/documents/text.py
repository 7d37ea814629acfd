"""From bytes to text: UTF-8 or a problem, offsets as lines and columns, and the limits of what is read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ccpolicy.errors import Problem, Refused

MAX_DOCUMENT = 100_000_000  # bytes of one document: a JSON or YAML file, one NDJSON line, one CSV row
MAX_DEPTH = 128  # lists and maps within one another
MAX_PROBLEMS = 1_000  # listed for one document; the rest are there, but nobody reads them

BOM = b"\xef\xbb\xbf"
UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SPLIT = "write one document on each line (`.ndjson`), or several files"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong at an offset of a text; `first` is the offset of the other place, for what stands twice."""

    offset: int
    code: str
    message: str
    hint: str = ""
    first: int | None = None


class Flawed(Exception):
    """Raised by a reader of text; `flaws` are all that were found, never none."""

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = tuple(flaws)
        super().__init__(f"{len(self.flaws)} flaws")


def read_text(data: bytes, file: str, line: int = 1) -> str:
    """The text of a document whose first line is `line`. Raises Refused where it is too large, binary, not UTF-8 or empty."""
    if problem := _unreadable(data, file, line):
        raise Refused([problem])
    body = data[len(BOM) :] if data.startswith(BOM) else data
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        row, column = _byte_place(body, error.start)
        message = f"the byte 0x{body[error.start]:02x} is not UTF-8"
        raise Refused([Problem(file, row + line - 1, column, "not-utf-8", message, "save the file as UTF-8")]) from None
    if not text or text.isspace():
        raise Refused([Problem(file, line, 1, "empty", "there is nothing in it", "delete it, list it under `ignore`, or fill it")])
    return text


def read_utf8(data: bytes, file: str) -> bytes:
    """The same bytes without the mark at their start, known to be text. Raises Refused as `read_text` does."""
    read_text(data, file)
    return data.removeprefix(BOM)


def too_large(file: str, line: int) -> Problem:
    """The problem of a document above the limit."""
    return Problem(file, line, 1, "too-large", f"the document is larger than {MAX_DOCUMENT // 1_000_000} MB", _SPLIT)


def _unreadable(data: bytes, file: str, line: int) -> Problem | None:
    if len(data) > MAX_DOCUMENT:
        return too_large(file, line)
    if data.startswith(UTF16):
        return Problem(file, line, 1, "binary", "this is UTF-16, or no text at all", "save the file as UTF-8")
    nul = data.find(b"\0")
    if nul < 0:
        return None
    row, column = _byte_place(data, nul)
    return Problem(file, row + line - 1, column, "binary", "a NUL byte: this is no text", "list it under `ignore`, or save it as UTF-8")


def _byte_place(data: bytes, offset: int) -> tuple[int, int]:
    start = data.rfind(b"\n", 0, offset) + 1
    return data.count(b"\n", 0, offset) + 1, len(data[start:offset].removeprefix(BOM).decode(errors="replace")) + 1


def place_offsets(text: str, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Line and column, from 1, of each offset: one pass over the text, however many there are."""
    places: dict[int, tuple[int, int]] = {}
    line, seen, newline = 1, 0, -1  # newline: the offset of the last line break before `seen`
    for offset in sorted(set(offsets)):
        breaks = text.count("\n", seen, offset)
        if breaks:
            line, newline = line + breaks, text.rfind("\n", seen, offset)
        seen = offset
        places[offset] = line, offset - newline
    return places


def place_bytes(data: bytes, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """The same for offsets into UTF-8: columns are characters all the same."""
    places: dict[int, tuple[int, int]] = {}
    line, column, seen = 1, 1, len(BOM) if data.startswith(BOM) else 0
    for offset in sorted(set(offsets)):
        breaks = data.count(b"\n", seen, offset)
        if breaks:
            line, column, seen = line + breaks, 1, data.rfind(b"\n", seen, offset) + 1
        column += len(data[seen:offset].decode(errors="replace"))
        seen = offset
        places[offset] = line, column
    return places


def problems_of(flaws: Iterable[Flaw], text: str, file: str, line: int = 1) -> list[Problem]:
    """The flaws of a text whose first line is `line` of the file, as problems in the order of the text."""
    found = sorted(flaws, key=lambda flaw: flaw.offset)
    places = place_offsets(text, [flaw.offset for flaw in found] + [flaw.first for flaw in found if flaw.first is not None])
    return [_problem(flaw, places, file, line - 1) for flaw in found]


def _problem(flaw: Flaw, places: dict[int, tuple[int, int]], file: str, above: int) -> Problem:
    row, column = places[flaw.offset]
    here = row + above, column
    told = "" if flaw.first is None else both_places((places[flaw.first][0] + above, places[flaw.first][1]), here)
    return Problem(file, *here, flaw.code, flaw.message + told, flaw.hint)


def both_places(first: tuple[int, int], second: tuple[int, int]) -> str:
    """The end of a sentence about what stands twice, by line and column: the columns matter where the line is the same."""
    if first[0] == second[0]:
        return f" on line {first[0]}, in columns {first[1]} and {second[1]}"
    return f": on line {first[0]} and on line {second[0]}"


_DIGITS = re.compile(r"(?:[0-9][ -]?){9}")


def naming(key: str) -> str:
    """A key as a message may show it: not when it is long, unprintable, or may be somebody's number."""
    shown = len(key) <= 60 and key.isprintable() and "`" not in key and not _DIGITS.search(key)
    return f"the key `{key}`" if shown and key else "a key"


_MAX_SHARED = 10_000
_LONGEST_SHARED = 40


class Shared(dict[str, str]):
    """Gives the same object for equal short texts, as far as it goes: records repeat their values, and each copy costs 50 bytes."""

    def __missing__(self, text: str) -> str:
        if len(self) < _MAX_SHARED and len(text) <= _LONGEST_SHARED:
            self[text] = text
        return text
