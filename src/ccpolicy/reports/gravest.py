"""The gravest of very many findings, for forms that a reader cuts off: never all of them in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from heapq import nsmallest
from typing import TypeAlias

from ccpolicy.assessment.finding import Finding, FindingStatus
from ccpolicy.reports.model import Shown
from ccpolicy.rulebook.rule import SEVERITIES, Severity

Rank: TypeAlias = tuple[bool, int, int]
_ORDER: tuple[FindingStatus, ...] = ("fail", "undetermined", "waived")


def rank(status: FindingStatus, severity: Severity) -> Rank:
    """Lower is graver: what is waived comes last, then severity decides, then whether it is certain."""
    return status == "waived", SEVERITIES.index(severity), _ORDER.index(status)


def gravest(every: Iterable[Shown], most: int, wanted: Callable[[Finding], bool]) -> list[Shown]:
    """The gravest that are wanted, at most so many, in order of gravity and then of the report."""
    ranked = ((rank(one.finding.status, one.finding.severity), place, one) for place, one in enumerate(every) if wanted(one.finding))
    return [one for *_, one in nsmallest(most, ranked)]


class Quota:
    """Which findings are among the gravest so many: it is asked once for each, in the order of the report."""

    def __init__(self, found: Mapping[tuple[FindingStatus, Severity, bool], int], most: int) -> None:
        counts: Counter[Rank] = Counter()
        for (status, severity, _), count in found.items():
            counts[rank(status, severity)] += count
        self._left: dict[Rank, int] = {}
        for place in sorted(counts):
            self._left[place] = min(counts[place], most)
            most -= self._left[place]
        self.refused = counts.total() - sum(self._left.values())

    def takes(self, finding: Finding) -> bool:
        """Whether it is one of them."""
        place = rank(finding.status, finding.severity)
        self._left[place] -= 1
        return self._left[place] >= 0
