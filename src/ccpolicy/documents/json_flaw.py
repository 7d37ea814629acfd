"""What is wrong with a JSON text: a slow reading on an explicit stack that finds every flaw, and where."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from json import JSONDecodeError, decoder

from ccpolicy.documents.number import NoNumber, read_fraction, read_integer
from ccpolicy.documents.text import MAX_DEPTH, MAX_PROBLEMS, Flaw, naming

# The standard library's reader of one text in quotes (the type stubs do not know it): value and offset behind it.
scan_text: Callable[[str, int], tuple[str, int]] = getattr(decoder, "scanstring")  # noqa: B009

_TOKEN = re.compile(r"[ \t\n\r]*+([\[\]{},:\"]|[^\[\]{},:\"\s]++|\S|\s|\Z)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][-+]?[0-9]++)?")
_CUT_NUMBER = re.compile(r"-|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]*+)?(?:[eE][-+]?)?")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\.")
_LITERALS = ("true", "false", "null")
_NOT_FINITE = ("NaN", "Infinity", "-Infinity", "+Infinity", "nan", "inf", "-inf")
_NDJSON = 'several documents, one on each line? name the file `.ndjson`, or give `format = "ndjson"` in a mapping'


class _Stop(Exception):
    """Reading cannot go on: the last flaw says why."""


@dataclass(slots=True)
class _Reading:
    """`stack` holds, for each list or map that is open, None or the offsets of its keys."""

    text: str
    flaws: list[Flaw] = field(default_factory=list)
    stack: list[dict[str, int] | None] = field(default_factory=list)
    fresh: bool = False  # the innermost list or map has just been opened
    offset: int = 0
    token: str = ""

    def next(self) -> None:
        """Moves to the next token; at the end it is the empty string."""
        found = _TOKEN.match(self.text, self.offset + len(self.token))
        self.offset, self.token = (found.start(1), found[1]) if found else (len(self.text), "")

    def flaw(self, code: str, message: str, hint: str = "", offset: int | None = None, first: int | None = None) -> None:
        """Notes a flaw, by default at the token."""
        self.flaws.append(Flaw(self.offset if offset is None else offset, code, message, hint, first))
        if len(self.flaws) >= MAX_PROBLEMS:
            raise _Stop

    def stop(self, message: str, hint: str = "", code: str = "syntax", offset: int | None = None) -> _Stop:
        """Notes the flaw that ends the reading; at the end of the text this is that it was cut off."""
        if not self.token:
            code, message, hint = "truncated", "the text ends before the value does", "was the file written or copied to its end?"
        self.flaw(code, message, hint, offset)
        return _Stop()


def find_flaws(text: str) -> list[Flaw]:
    """All flaws of a text, up to the first that makes the rest unreadable; none if it is good JSON."""
    reading = _Reading(text)
    try:
        reading.next()
        _document(reading)
    except _Stop:
        pass
    return sorted(reading.flaws, key=lambda flaw: flaw.offset)


def _document(reading: _Reading) -> None:
    _value(reading)
    while reading.stack:
        _member(reading)
    if reading.token:
        raise reading.stop("more text stands behind the end of the value", _NDJSON, "trailing-data")


def _member(reading: _Reading) -> None:
    """One step inside the innermost list or map: behind its bracket, or behind one of its values."""
    keys = reading.stack[-1]
    close = "]" if keys is None else "}"
    if reading.token == close:
        reading.stack.pop()
        reading.fresh = False
        reading.next()
        return
    if not reading.fresh:
        _comma(reading, close)
    if keys is not None:
        _key(reading, keys)
    _value(reading)


def _comma(reading: _Reading, close: str) -> None:
    if reading.token != ",":
        raise reading.stop(f"expected `,` or `{close}` here", "is a comma, a bracket or a quote missing before it?")
    comma = reading.offset
    reading.next()
    if reading.token == close:
        raise reading.stop(f"a comma stands before `{close}`", "take it away", offset=comma)


def _key(reading: _Reading, keys: dict[str, int]) -> None:
    if reading.token != '"':
        raise reading.stop("expected a key in double quotes here", "in JSON every key stands in double quotes")
    offset = reading.offset
    key = _text(reading)
    if key in keys:
        reading.flaw("duplicate-key", f"{naming(key)} stands twice", "keep one of them", offset, keys[key])
    keys.setdefault(key, offset)
    if reading.token != ":":
        raise reading.stop("expected `:` here")
    reading.next()


def _value(reading: _Reading) -> None:
    reading.fresh = False
    match reading.token:
        case "{" | "[":
            _open(reading)
        case '"':
            _text(reading)
        case "]" | "}" | ":" | "," | "":
            raise reading.stop("expected a value here")
        case _:
            _word(reading)


def _open(reading: _Reading) -> None:
    if len(reading.stack) == MAX_DEPTH:
        message = f"more than {MAX_DEPTH} lists and maps stand within one another"
        raise reading.stop(message, "the rest of the document was not read", "too-deep")
    reading.stack.append({} if reading.token == "{" else None)
    reading.fresh = True
    reading.next()


def _text(reading: _Reading) -> str:
    start = reading.offset
    try:
        value, end = scan_text(reading.text, start + 1)
    except JSONDecodeError as error:
        raise _bad_text(reading, error) from None
    if "\\u" in reading.text[start:end]:
        _surrogates(reading, start, end)
    reading.offset, reading.token = end, ""
    reading.next()
    return value


def _surrogates(reading: _Reading, start: int, end: int) -> None:
    for found in _ESCAPE.finditer(reading.text, start, end):
        if found[1]:
            message = "the escape is half of a surrogate pair: it stands for no character"
            reading.flaw("surrogate", message, "write both halves, or the character itself", found.start())


def _bad_text(reading: _Reading, error: JSONDecodeError) -> _Stop:
    if error.msg.startswith("Unterminated"):
        return reading.stop("the text in quotes is never closed", "was the file written or copied to its end?", "truncated")
    if error.msg.startswith("Invalid control"):
        hint = "write it as an escape, such as `\\n`"
        return reading.stop("a control character or a line break stands in a text", hint, offset=error.pos)
    return reading.stop("no such escape", "a backslash is written `\\\\`", offset=error.pos)


def _word(reading: _Reading) -> None:
    word = reading.token
    number = _NUMBER.fullmatch(word)
    if number:
        _number(reading, word, bool(number[1] or number[2]))
    elif word in _NOT_FINITE:
        reading.flaw("not-finite", f"`{word}` is no number of JSON", "use null, or leave the key out")
    elif word not in _LITERALS:
        raise _bad_word(reading, word)
    reading.next()


def _number(reading: _Reading, word: str, fraction: bool) -> None:
    try:
        if fraction:
            read_fraction(word)
        else:
            read_integer(word)
    except NoNumber as error:
        reading.flaw(error.code, str(error), "write it as a text, in double quotes")


def _bad_word(reading: _Reading, word: str) -> _Stop:
    cut = any(literal.startswith(word) for literal in _LITERALS) or _CUT_NUMBER.fullmatch(word)
    if cut and not reading.text[reading.offset + len(word) :].strip():
        reading.token = ""  # the end of the text
        return reading.stop("")
    if word.startswith("'"):
        return reading.stop("single quotes stand here", "JSON has only double quotes")
    if word.startswith(("//", "/*", "#")):
        return reading.stop("JSON has no comments", "take the comment away, or name the file `.yaml` and use `#`")
    if word.lower() in ("true", "false", "null", "none"):
        return reading.stop(f"`{word}` is no value of JSON", "write `true`, `false` or `null`")
    return reading.stop("this is no value of JSON", "text stands in double quotes; a number has no leading zero, no `+` and no bare point")
