"""Reading of rule, case and definition files: YAML to models, with every complaint placed at its line."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path as File
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from ccpolicy.documents.source import form_of, positions, read_value
from ccpolicy.documents.text import MAX_PROBLEMS
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.repair import Attempt, attempt

ModelT = TypeVar("ModelT", bound=BaseModel)

MAX_FILE = 5_000_000  # bytes of one file of a pack
_LONGEST = 400  # characters of a message


class Text:
    """One file: its bytes, its value, and the places in it."""

    def __init__(self, file: File, shown: str) -> None:
        """Raises Refused when the file cannot be read, is too large, or is no YAML or JSON."""
        self.shown = shown
        self.data = _bytes(file, shown)
        form = form_of(file.name)
        self.form: Literal["json", "yaml"] = "json" if form == "json" else "yaml"
        self.value: Any = read_value(self.data, shown, self.form)

    def problems(self, complaints: Iterable[Complaint]) -> list[Problem]:
        """The complaints, each at its line and column."""
        noted = list(islice(complaints, MAX_PROBLEMS))
        if not noted:
            return []
        places = positions(self.data, self.form, [(0, complaint.at) for complaint in noted])
        return [
            Problem(self.shown, *place, one.code, printable(one.message), printable(one.hint))
            for one, place in zip(noted, places, strict=True)
        ]

    def attempt(self, kind: type[ModelT]) -> Attempt[ModelT]:
        """The file as a model with all that is wrong with its form."""
        return attempt(kind, self.value)

    def model(self, kind: type[ModelT]) -> ModelT:
        """The file as a model. Raises Refused with every complaint about its form."""
        made = self.attempt(kind)
        if made.model is None or made.complaints:
            raise Refused(self.problems(made.complaints))
        return made.model


def _bytes(file: File, shown: str) -> bytes:
    try:
        if file.stat().st_size <= MAX_FILE:
            return file.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise Refused([Problem(shown, 1, 1, "unreadable", f"the file cannot be read: {reason}")]) from None
    message = f"the file is larger than {MAX_FILE // 1_000_000} MB, the most that a file of a pack may be"
    raise Refused([Problem(shown, 1, 1, "too-large", message, "split it into several")])


def printable(text: str) -> str:
    """The text as it can be printed on one line: without halves of surrogate pairs, line breaks and all that is beyond measure."""
    line = " ".join(text.encode("utf-8", "backslashreplace").decode().splitlines())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]} ..."
