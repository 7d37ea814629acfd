"""A baseline written anew: the findings of an assessment, with what an old baseline says of them."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ccpolicy.assessment.finding import Assessment, Finding
from ccpolicy.assessment.pile import Pile
from ccpolicy.reports.baseline import Baseline, Entry, order_of_entry
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.looked import split
from ccpolicy.reports.page import number
from ccpolicy.reports.trace import trace_of


def is_worth_noting(finding: Finding) -> bool:
    """Whether the finding may make exit 1: it fails or is undetermined, and one of its controls binds."""
    return finding.status != "waived" and not finding.moot


@dataclass(slots=True)
class Rewriting:
    """The entries, one by one, and in the end how many there were of each sort."""

    assessment: Assessment
    old: Baseline | None
    owner: str
    reason: str
    _counts: Counter[str] = field(default_factory=Counter)

    def entries(self) -> Iterator[Entry]:
        """In the order of a baseline. To be gone through once."""
        pile = Pile(_order)
        met: set[str] = set()
        for finding in self.assessment.findings:
            met.add(finding.fingerprint)
            if is_worth_noting(finding):
                pile.add(clean(finding))
        yield from heapq.merge(map(self._entry, pile.drain()), self._unlooked(met), key=order_of_entry)

    def _entry(self, finding: Finding) -> Entry:
        trace, old = trace_of(finding), self.old.entries.get(finding.fingerprint) if self.old else None
        self._counts["new" if old is None else "kept"] += 1
        if old is None:
            return self._counted(Entry(trace, clean(self.owner), clean(self.reason), self.assessment.as_of))
        owner, reason = old.owner or clean(self.owner), old.reason or clean(self.reason)
        return self._counted(replace(old, trace=trace, owner=owner, reason=reason))

    def _counted(self, entry: Entry) -> Entry:
        self._counts["unowned"] += bool(entry.lacks)
        return entry

    def _unlooked(self, met: set[str]) -> list[Entry]:
        """Old entries of which this assessment says nothing; those that are gone leave."""
        entries = self.old.entries if self.old else {}
        lost = [entry.trace for name, entry in entries.items() if name not in met]
        gone, left = split(lost, self.assessment, entries)
        self._counts["gone"], self._counts["unlooked"] = len(gone), len(left)
        self._counts["waived"] = sum(
            1 for finding in self.assessment.findings if finding.fingerprint in entries and not is_worth_noting(finding)
        )
        return sorted((self._counted(entries[trace.fingerprint]) for trace, _ in left), key=order_of_entry)

    def told(self) -> str:
        """What has become of it, in words."""
        counts = self._counts
        told = [f"{number(counts['new'] + counts['kept'] + counts['unlooked'], 'entry', 'entries')}"]
        told += [f"{counts['new']} new"] if self.old else []
        told += [f"{counts['gone']} gone and left out"] if counts["gone"] else []
        told += [f"{counts['waived']} waived and left out"] if counts["waived"] else []
        told += [f"{counts['unlooked']} not looked at and kept"] if counts["unlooked"] else []
        told += [f"{counts['unowned']} without an owner or a reason"] if counts["unowned"] else []
        return ", ".join(told)


def _order(finding: Finding) -> tuple[str, ...]:
    return finding.rule, finding.kind, finding.document, finding.fingerprint
