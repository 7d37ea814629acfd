"""A JSON file of ours read again: field by field, and the members of its lists one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from ccpolicy.errors import Problem, Refused

_BLANK = re.compile(r"[ \t\n\r]*+")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"`{word}` is no number of JSON")


_SCAN = json.JSONDecoder(parse_constant=_no_number).raw_decode


class JsonFile:
    """The text of a file whose root is an object; `name` is how messages show it. Raises Refused where it cannot be read."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        try:
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or "it cannot be opened").lower()
            raise Refused([Problem(code="unreadable", message=f"`{path}` cannot be read: {reason}")]) from None
        self.sha256 = sha256(data).hexdigest()
        try:
            self._text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused([Problem(name, code="not-utf-8", message="the file is not UTF-8")]) from None
        self._at = self._member = 0

    def fields(self) -> Iterator[tuple[str, Any]]:
        """The fields of the root; a list is an iterator of its members, to be used before the next field is asked for."""
        self._expect("{", "the file is no JSON object")
        while not self._closed("}"):
            key = self._value()
            if not isinstance(key, str):
                self._fail("this is no JSON: a key is a text in double quotes")
            self._expect(":", "this is no JSON: after a key comes a colon")
            if self._next() == "[":
                members = self._members()
                yield key, members
                for _ in members:
                    pass
            else:
                self._member = self._at
                yield key, self._value()
            self._separated("}")
        if self._next():
            self._fail("this is no JSON: there is more after its end")

    def problem(self, message: str, hint: str = "", word: str = "") -> Problem:
        """Something wrong with the field or the member read last: where the word stands in it in quotes, else where it begins."""
        found = self._text.find(json.dumps(word, ensure_ascii=False), self._member, self._at) if word else -1
        return Problem(self.name, *self._place(self._member if found < 0 else found), "bad-file", message, hint)

    def _members(self) -> Iterator[Any]:
        self._expect("[", "")
        while not self._closed("]"):
            self._next()
            self._member = self._at
            yield self._value()
            self._separated("]")

    def _next(self) -> str:
        """The next character that is not blank, or the empty text at the end."""
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _expect(self, character: str, message: str) -> None:
        if self._next() != character:
            self._fail(message)
        self._at += 1

    def _closed(self, end: str) -> bool:
        if self._next() != end:
            return False
        self._at += 1
        return True

    def _separated(self, end: str) -> None:
        """A comma with something after it, or the end, which stays."""
        if self._next() == end:
            return
        self._expect(",", f"this is no JSON: here stands a comma or `{end}`")
        if self._next() == end:
            self._fail("this is no JSON: nothing comes after the comma")

    def _value(self) -> Any:
        self._next()
        try:
            value, self._at = _SCAN(self._text, self._at)
        except json.JSONDecodeError as error:
            self._at = error.pos
            self._fail("this is no JSON: " + error.msg[:1].lower() + error.msg[1:])
        except (ValueError, RecursionError):
            self._fail("this is no JSON that we write: a number is too large, or it is nested too deep")
        return value

    def _fail(self, message: str) -> NoReturn:
        hint = "is the file complete? write it again" if self._at >= len(self._text) else ""
        raise Refused([Problem(self.name, *self._place(self._at), "bad-json", message, hint)])

    def _place(self, offset: int) -> tuple[int, int]:
        return self._text.count("\n", 0, offset) + 1, offset - self._text.rfind("\n", 0, offset)
