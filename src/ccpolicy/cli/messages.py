"""Messages to the person at the terminal: on standard error, without card numbers, and with control characters made visible."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable
from typing import IO, TextIO

from ccpolicy.documents.detectors import redact_pans
from ccpolicy.errors import Problem, Refused

_CI_COMMAND = re.compile(r"#(?=#[A-Za-z]*\[)")  # ##[...] and the like act wherever they stand in a CI log
LONGEST = 2000  # characters of a message
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe(text: str) -> str:
    """The text without card numbers; characters that a terminal would obey, or that turn the writing direction, are escaped."""
    return "".join(map(_visible, _CI_COMMAND.sub(r"\\x23", redact_pans(text))))


def _visible(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in _UNSEEN:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def open_streams() -> None:
    """Puts something in the place of a standard stream that is closed."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it stays open until the end


def say(text: str) -> None:
    """Writes a message to standard error."""
    _write(sys.stderr, safe(text) + "\n")


def complain(problems: Iterable[Problem], word: str = "error") -> None:
    """Writes problems to standard error, one to a line."""
    for problem in problems:
        said = str(problem).replace("\n", " ")
        say(f"{word}: {said if len(said) <= LONGEST else said[:LONGEST] + '…'}")


def put(text: str, as_utf8: bool = False) -> None:
    """Writes a result to standard output, the same bytes on every system. Raises Refused, but not when the reader has gone."""
    put_all(lambda write: write(text), as_utf8)


def put_all(fill: Callable[[Callable[[str], object]], object], as_utf8: bool = False) -> None:
    """Writes what `fill` gives to its argument to standard output, as `put` does. Raises Refused."""
    encoding = "utf-8" if as_utf8 else sys.stdout.encoding or "utf-8"
    stream: IO[bytes] | None = getattr(sys.stdout, "buffer", None)

    def write(text: str) -> None:
        data = text.encode(encoding, "backslashreplace")
        if stream is None:
            sys.stdout.write(data.decode(encoding))
        else:
            stream.write(data)

    try:
        sys.stdout.flush()
        fill(write)
        sys.stdout.flush()
    except OSError as error:
        _close_quietly()
        if not isinstance(error, BrokenPipeError):
            reason = (error.strerror or "the system refuses").lower()
            raise Refused([Problem(code="not-written", message=f"standard output cannot be written to: {reason}")]) from None


def _write(stream: TextIO, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    with contextlib.suppress(OSError):
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def _close_quietly() -> None:
    """The reader has gone: what is still to be written goes nowhere, and the interpreter says nothing about it when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, sys.stdout.fileno())
