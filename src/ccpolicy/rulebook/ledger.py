"""What is noted while a rule is lowered: complaints with their place, what it reads, what must never be shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ccpolicy.documents.path import NoPath, Path, Step, read_path, read_source
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.language.expr import Predicate
from ccpolicy.language.scope import NoPlace, Place, Scope
from ccpolicy.rulebook.rule import Parameter


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong at a pointer of the file."""

    at: Pointer
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A named predicate, and the place it may be met at."""

    name: str
    kind: str
    pattern: tuple[Step, ...]
    predicate: Predicate
    depth: int = 0  # levels of the file that its deepest word stands below, with what it meets written out
    size: int = 0  # leaves, likewise
    reads: frozenset[tuple[str, tuple[Step, ...]]] = frozenset()
    touched: frozenset[tuple[str, tuple[Step, ...]]] = frozenset()


@dataclass(slots=True)
class Ledger:
    """The notes on one file."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    params: Mapping[str, Parameter] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    refused: Collection[str] = frozenset()  # definitions that are there, and wrong
    lost: Collection[tuple[str, str]] = frozenset()  # names of params, joins and measures that are there, and wrong: (section, name)
    complaints: list[Complaint] = field(default_factory=list)
    remarks: list[Complaint] = field(default_factory=list)  # what is allowed, and yet hardly meant
    depth: int = 0
    size: int = 0
    reads: set[tuple[str, tuple[Step, ...]]] = field(default_factory=set)
    touched: set[tuple[str, tuple[Step, ...]]] = field(default_factory=set)

    def complain(self, at: Pointer, code: str, message: str, hint: str = "") -> None:
        """Note a complaint."""
        self.complaints.append(Complaint(at, code, message, hint))

    def remark(self, at: Pointer, code: str, message: str, hint: str = "") -> None:
        """Note a remark."""
        self.remarks.append(Complaint(at, code, message, hint))

    def path(self, text: object, scope: Scope, at: Pointer, wild: bool = False) -> tuple[Path, Place] | None:
        """The path (or source) and what it leads to; None, with a complaint, when it is none or leads nowhere."""
        if not isinstance(text, str):
            self.complain(at, "wrong-type", f"a path is a text, and this is {container_of(text)}", "write it as name.name")
            return None
        try:
            path = read_source(text) if wild else read_path(text)
            place = scope.place(path)
        except NoPath as error:
            self.complain(at, "bad-path", str(error), _path_hint(text))
        except NoPlace as error:
            self.complain(at, "unknown-path", str(error), error.hint)
        else:
            self.read(place)
            return path, place
        return None

    def is_record_date(self, path: Path, kind: str) -> bool:
        """Whether the path is the date by which documents of the kind are claimed complete."""
        return kind in self.kinds and self.kinds[kind].record_date == path

    def read(self, place: Place) -> None:
        """Note that the rule looks at a place."""
        if place.kind in self.kinds and not place.enveloped and not place.joined:
            self.reads.add((place.kind, place.pattern))

    def weigh(self, depth: int, size: int = 1) -> None:
        """Note how deep a leaf stands, and how many leaves there are."""
        self.depth = max(self.depth, depth)
        self.size += size


def container_of(value: object) -> str:
    """A value that should be a text, in words."""
    return "a list" if isinstance(value, list) else "a map" if isinstance(value, dict) else f"`{value}`"


def _path_hint(text: str) -> str:
    """How what the author probably meant is written."""
    for mark, hint in _FOREIGN.items():
        if text.startswith(mark) if mark in ("$.", "$[", "/") else mark in text:
            return hint
    return "" if "*" in text or re.fullmatch(r"[\w$.\[\]'-]*", text) else "a key with other characters is quoted, as in ['a key'].name"


_FOREIGN = {
    "$.": "leave out the `$.`: a path starts where the condition stands",
    "$[": "leave out the `$`: a path starts where the condition stands",
    "/": "a path is written with dots, as in a.b, and is no JSON Pointer",
    "..": "a path does not search: name every step",
    "[*]": "the wildcard is written `.*`, and stands only in `each`, `links`, `next` and `of`",
    "[-": "positions count from 0, and only from the front",
}
