"""What a lint is, what it is shown, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ccpolicy.analysis.lint.bound import Bound
from ccpolicy.documents.pointer import Pointer, read_pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.rulebook.ledger import Definition
from ccpolicy.rulebook.reading import Text
from ccpolicy.rulebook.rule import Case, Rule

RULE = "checks/queues/waiting.yaml"  # the rule of the examples
CASES = "checks/queues/waiting.cases.yaml"


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule, with the cases beside it if there are any."""

    name: str
    text: Text
    rule: Rule
    cases: tuple[Case, ...] = ()
    cases_text: Text | None = None


@dataclass(frozen=True, slots=True)
class DefinitionFile:
    """A definition; its name starts with `definitions/`."""

    name: str
    text: Text
    definition: Definition


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A catalogue; its name starts with `catalogues/`."""

    name: str
    text: Text


Subject: TypeAlias = RuleFile | DefinitionFile | CatalogueFile


@dataclass(frozen=True, slots=True)
class Undecided:
    """A leaf of a rule that its cases do not decide both ways; `lack` says how, as in `never false`."""

    place: str
    lack: str


@dataclass(frozen=True, slots=True)
class World:
    """What all packs of the run hold, which lints of one file look into."""

    kinds: Mapping[str, Kind] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # of controls
    bounds: Mapping[str, tuple[Bound, ...]] = field(default_factory=dict)  # by control
    met: frozenset[str] = frozenset()  # definitions that a rule meets, through others or not
    twins: Mapping[str, str] = field(default_factory=dict)  # rules, each with an equal one before it
    undecided: Mapping[str, tuple[Undecided, ...]] = field(default_factory=dict)  # by rule


@dataclass(frozen=True, slots=True)
class Note:
    """What a lint finds at a pointer of the file, or of the cases beside it, and what to do."""

    at: Pointer
    message: str
    hint: str
    beside: bool = False


Check: TypeAlias = Callable[[Subject, World], Iterator[Note]]


@dataclass(frozen=True, slots=True)
class Lint:
    """A rule about rules. The examples are files of a small pack, or parts of them; `more` is there in both."""

    id: str
    title: str
    why: str
    failing: str
    passing: str
    check: Check
    file: str = RULE
    more: Mapping[str, str] = field(default_factory=dict)


def for_rules(check: Callable[[RuleFile, World], Iterator[Note]]) -> Check:
    """A check that looks at rules alone."""

    def checked(subject: Subject, world: World) -> Iterator[Note]:
        return check(subject, world) if isinstance(subject, RuleFile) else iter(())

    return checked


def pointer_at(place: str) -> Pointer:
    """The pointer of a place in a rule."""
    return read_pointer(f"/{place}")
