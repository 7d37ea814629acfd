"""What changed since a revision, and which rules it can touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ccpolicy.analysis.reliance import kinds_read
from ccpolicy.rulebook.rule import Rule


@dataclass(frozen=True, slots=True)
class Change:
    """What changed. A rule that is not touched has the findings that it had, if all else (options, day, program) is the same."""

    since: str  # as it was asked for
    commit: str
    files: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()  # of which documents or claims came, went or are others, or whose schema did
    rules: frozenset[str] = frozenset()  # that changed themselves, or that a changed document names
    everything: str = ""  # why everything is checked, if it is

    def touches(self, rule: Rule) -> bool:
        """Whether a finding of the rule may be new."""
        return self.touches_kind(rule.foci.kind) or rule.id in self.rules or not self.kinds.isdisjoint(kinds_read(rule))

    def touches_kind(self, kind: str) -> bool:
        """Whether a document of the kind may break its schema, or contradict a claim, that did not before."""
        return bool(self.everything) or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Untouched:
    """A rule that was not run, since nothing that it reads changed."""

    rule: str
    reads: tuple[str, ...]  # kinds


def untouched(change: Change, rules: Iterable[Rule]) -> tuple[Untouched, ...]:
    """The rules that the change does not touch, sorted."""
    left = sorted((rule for rule in rules if not change.touches(rule)), key=lambda rule: rule.id)
    return tuple(Untouched(rule.id, tuple(sorted(kinds_read(rule)))) for rule in left)
