"""Findings by the hundred thousand: sorted and packed as they come, so that they cost a tenth of what they would cost as objects."""

from __future__ import annotations

import heapq
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from itertools import chain, islice
from operator import attrgetter
from typing import Any, TypeAlias, overload

from ccpolicy.assessment.finding import Detail, Finding

MOST = 10_000  # findings that stay objects; beyond that they are packed
_BATCH = 250  # findings packed together, and unpacked to look at one of them
_FAST = 1  # level of compression: findings repeat themselves so much that more would gain little

Order: TypeAlias = Callable[[Finding], Any]

_NAMES = tuple(field.name for field in fields(Finding))
_LISTED = tuple(_NAMES.index(name) for name in ("pointer", "reasons", "controls", "notes", "at"))  # JSON makes lists of these tuples
_DETAIL, _PERIOD = _NAMES.index("detail"), _NAMES.index("period")
_DETAIL_NAMES = tuple(field.name for field in fields(Detail))
_DETAIL_LISTED = tuple(_DETAIL_NAMES.index(name) for name in ("pointer", "reasons", "at"))
_WITHIN = _DETAIL_NAMES.index("detail")

_values_of = attrgetter(*_NAMES)
_detail_of = attrgetter(*_DETAIL_NAMES)


class Packed(Sequence[Finding]):
    """Findings in compressed batches."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        left, count = iter(findings), 0
        self._batches: list[bytes] = []
        while batch := [_packed(finding) for finding in islice(left, _BATCH)]:
            self._batches.append(zlib.compress(json.dumps(batch).encode(), _FAST))
            count += len(batch)
        self._count = count
        self._last: tuple[int, tuple[Finding, ...]] = (-1, ())  # the number of a batch, and what is in it

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Finding]:
        return self.part(0, self._count)

    def part(self, first: int, end: int) -> Iterator[Finding]:
        """Those from one position up to another; what stands before is not unpacked."""
        for number in range(first // _BATCH, -(-min(end, self._count) // _BATCH)):
            start = number * _BATCH
            yield from self._batch(number)[max(first - start, 0) : end - start]

    def _batch(self, number: int) -> tuple[Finding, ...]:
        """What is in a batch. The last one is at hand: many files with a few findings each share it."""
        if self._last[0] != number:
            self._last = number, tuple(map(_finding, json.loads(zlib.decompress(self._batches[number]))))
        return self._last[1]

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        if isinstance(index, slice):
            return tuple(self[position] for position in range(*index.indices(self._count)))
        position = range(self._count)[index]
        return next(self.part(position, position + 1))


def _packed(finding: Finding) -> list[Any]:
    """As JSON has it: all that a finding holds is a scalar, a date, or a tuple of them."""
    values = list(_values_of(finding))
    values[_DETAIL] = [_packed_detail(detail) for detail in finding.detail]
    values[_PERIOD] = None if finding.period is None else [day.toordinal() for day in finding.period]
    return values


def _packed_detail(detail: Detail) -> list[Any]:
    values = list(_detail_of(detail))
    values[_WITHIN] = [_packed_detail(inner) for inner in detail.detail]
    return values


def _finding(values: list[Any]) -> Finding:
    for position in _LISTED:
        values[position] = tuple(values[position])
    values[_DETAIL] = tuple(_detail(detail) for detail in values[_DETAIL])
    period = values[_PERIOD]
    values[_PERIOD] = None if period is None else (date.fromordinal(period[0]), date.fromordinal(period[1]))
    return Finding(*values)


def _detail(values: list[Any]) -> Detail:
    for position in _DETAIL_LISTED:
        values[position] = tuple(values[position])
    values[_WITHIN] = tuple(_detail(inner) for inner in values[_WITHIN])
    return Detail(*values)


def part(findings: Sequence[Finding], first: int, end: int) -> Iterator[Finding]:
    """Findings from one position up to another."""
    return findings.part(first, end) if isinstance(findings, Packed) else iter(findings[first:end])


def kept(findings: Iterable[Finding], most: int = MOST) -> Sequence[Finding]:
    """All of them, to be looked at again and again: a tuple, or packed if they are many."""
    left = iter(findings)
    head = tuple(islice(left, most))
    following = tuple(islice(left, 1))
    return Packed(chain(head, following, left)) if following else head


class Pile:
    """Findings that come in any order and leave in the one wanted; equal ones keep the order in which they came."""

    def __init__(self, order: Order, most: int = MOST) -> None:
        self._order, self._most = order, most
        self._loose: list[Finding] = []
        self._runs: list[Packed] = []

    def add(self, finding: Finding) -> None:
        """Puts one on the pile."""
        self._loose.append(finding)
        if len(self._loose) >= self._most:
            self._loose.sort(key=self._order)
            self._runs.append(Packed(self._loose))
            self._loose = []

    def __len__(self) -> int:
        return len(self._loose) + sum(map(len, self._runs))

    def drain(self) -> Iterator[Finding]:
        """All of them in order; the pile is empty then."""
        runs, loose = self._runs, sorted(self._loose, key=self._order)
        self._runs, self._loose = [], []
        return heapq.merge(*runs, loose, key=self._order)
