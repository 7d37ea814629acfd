"""Foci counted by where they are and over which data, so that a rule has a status at each site and for each client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ccpolicy.assessment.control import Status
from ccpolicy.assessment.statements import classes_of
from ccpolicy.documents.document import Cover


@dataclass(frozen=True, slots=True)
class Group:
    """What the foci of one site, one client and the same classes of data came to."""

    site: str | None
    client: str | None
    data_classes: frozenset[str]
    verdicts: frozenset[Status]
    stubs: bool = False
    tainted: bool = False  # one passed although its `when` was undecided


@dataclass(slots=True, eq=False)
class Tally:
    """The groups of a rule, as its foci are judged; documents of one cover are told apart by nothing that counts here."""

    counts: Counter[Status] = field(default_factory=Counter)
    stub_count: int = 0
    verdicts: dict[Cover, set[Status]] = field(default_factory=dict)
    stubs: set[Cover] = field(default_factory=set)
    tainted: set[Cover] = field(default_factory=set)

    def add(self, cover: Cover, verdict: Status, stub: bool, tainted: bool) -> None:
        """Counts a focus."""
        self.counts[verdict] += 1
        self.stub_count += stub
        self.verdicts.setdefault(cover, set()).add(verdict)
        if stub:
            self.stubs.add(cover)
        if tainted:
            self.tainted.add(cover)

    def groups(self) -> tuple[Group, ...]:
        """The groups, in the order in which they were met."""
        found: dict[tuple[str | None, str | None, frozenset[str]], list[Cover]] = {}
        for cover in self.verdicts:
            key = _name(cover, "site"), _name(cover, "client"), classes_of(cover.envelope)
            found.setdefault(key, []).append(cover)
        return tuple(Group(*key, self._verdicts(own), _any(own, self.stubs), _any(own, self.tainted)) for key, own in found.items())

    def _verdicts(self, covers: Iterable[Cover]) -> frozenset[Status]:
        return frozenset[Status]().union(*(self.verdicts[cover] for cover in covers))


def _any(covers: Iterable[Cover], among: set[Cover]) -> bool:
    return not among.isdisjoint(covers)


def _name(cover: Cover, word: str) -> str | None:
    stated = cover.envelope.get(word)
    return stated if isinstance(stated, str) else None
