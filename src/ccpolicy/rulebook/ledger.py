"""What is noted while a rule is lowered: complaints with their place, what it reads, what must never be shown."""

from __future__ import annotations

from collections.abc import Mapping
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


@dataclass(slots=True)
class Ledger:
    """The notes on one file."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    params: Mapping[str, Parameter] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    reads: set[tuple[str, tuple[Step, ...]]] = field(default_factory=set)
    touched: set[tuple[str, tuple[Step, ...]]] = field(default_factory=set)

    def complain(self, at: Pointer, code: str, message: str, hint: str = "") -> None:
        """Note a complaint."""
        self.complaints.append(Complaint(at, code, message, hint))

    def path(self, text: object, scope: Scope, at: Pointer, wild: bool = False) -> tuple[Path, Place] | None:
        """The path (or source) and what it leads to; None, with a complaint, when it is none or leads nowhere."""
        if not isinstance(text, str):
            self.complain(at, "wrong-type", "a path is a text", "write it as name.name")
            return None
        try:
            path = read_source(text) if wild else read_path(text)
            place = scope.place(path)
        except NoPath as error:
            self.complain(at, "bad-path", str(error))
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
        if place.kind and not place.enveloped and not place.joined:
            self.reads.add((place.kind, place.pattern))
