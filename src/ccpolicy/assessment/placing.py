"""Lines and columns: found once for each file, at the end, and only for what the report names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from ccpolicy.assessment.finding import Detail, Finding, Passed, RuleResult
from ccpolicy.assessment.pile import part
from ccpolicy.documents.document import SourceFile
from ccpolicy.documents.places import Places, Wanted, places_in


def placed(sources: Mapping[str, SourceFile], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Every finding with its line and column, and with those of its details. They come sorted by file and record."""
    places = Places(sources, (one for finding in findings for one in _of_details(finding.detail)))
    end = 0
    for file, last, count in _files(findings):
        first, end = end, end + count
        wanted = ((finding.record, finding.at) for finding in part(findings, first, end))
        found = places_in(sources.get(file), wanted, last)
        for finding, (line, column) in zip(part(findings, first, end), found, strict=True):
            detail = tuple(_detail(one, places) for one in finding.detail)
            yield replace(finding, line=line, column=column, detail=detail)


def placed_passes(sources: Mapping[str, SourceFile], results: Sequence[RuleResult]) -> list[RuleResult]:
    """The results, with line and column of what passed."""
    places = Places(sources, ((passed.file, passed.record, passed.at) for result in results for passed in result.passed))
    return [replace(result, passed=tuple(_passed(passed, places) for passed in result.passed)) for result in results]


def _files(findings: Iterable[Finding]) -> Iterator[tuple[str, int, int]]:
    """Each file with its last record and the number of its findings."""
    for file, own in groupby(findings, attrgetter("file")):
        last, count = 0, 0
        for count, finding in enumerate(own, 1):  # noqa: B007 - the count is that of the last
            last = finding.record
        yield file, last, count


def _of_details(details: tuple[Detail, ...]) -> Iterator[Wanted]:
    for detail in details:
        yield detail.file, detail.record, detail.at
        yield from _of_details(detail.detail)


def _detail(detail: Detail, places: Places) -> Detail:
    line, column = places.of(detail.file, detail.record, detail.at)
    return replace(detail, line=line, column=column, detail=tuple(_detail(inner, places) for inner in detail.detail))


def _passed(passed: Passed, places: Places) -> Passed:
    line, column = places.of(passed.file, passed.record, passed.at)
    return replace(passed, line=line, column=column)
