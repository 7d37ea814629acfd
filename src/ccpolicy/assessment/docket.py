"""The findings of a run, as they come, and in the order and with the names of a report in the end."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

from ccpolicy.assessment.blame import fingerprint
from ccpolicy.assessment.finding import Finding
from ccpolicy.assessment.pile import Pile, kept
from ccpolicy.documents.pointer import Pointer


class Docket:
    """Takes one finding after the other; of each fingerprint it remembers eight bytes, to know which may be met again."""

    def __init__(self) -> None:
        self._pile = Pile(order_of)
        self._marks = array("Q")

    def add(self, found: Finding) -> None:
        """Takes a finding."""
        self._marks.append(_mark(found))
        self._pile.add(found)

    def close(self) -> Sequence[Finding]:
        """All findings in the order of a report, each with a fingerprint of its own. The docket is empty then."""
        repeated = {one for one, other in pairwise(sorted(self._marks)) if one == other}
        self._marks = array("Q")
        return kept(_distinct(self._pile.drain(), repeated))


def _mark(found: Finding) -> int:
    return int(found.fingerprint[:16], 16)


def _distinct(findings: Iterable[Finding], repeated: Container[int]) -> Iterator[Finding]:
    """The findings, each with a fingerprint of its own: equal ones are numbered in order."""
    seen: dict[str, int] = {}
    for found in findings:
        rank = 0
        if _mark(found) in repeated:
            rank = seen.get(found.fingerprint, 0)
            seen[found.fingerprint] = rank + 1
        yield replace(found, fingerprint=fingerprint([found.fingerprint, rank])) if rank else found


def order_of(found: Finding) -> tuple[Any, ...]:
    """The order of a report: by place, then by rule."""
    return found.file, found.record, _natural(found.pointer), found.rule, _period(found), found.operator, found.fingerprint


@lru_cache(maxsize=8192)  # findings are in many files or records, but at few pointers
def _natural(pointer: Pointer) -> tuple[tuple[int, int, str], ...]:
    return tuple((0, token, "") if isinstance(token, int) else (1, 0, token) for token in pointer)


def _period(found: Finding) -> str:
    return "" if found.period is None else found.period[0].isoformat()
