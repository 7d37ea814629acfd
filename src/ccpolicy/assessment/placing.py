"""Lines and columns: found once for each file, at the end, and only for what the report names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ccpolicy.assessment.finding import Detail, Finding, Passed, RuleResult
from ccpolicy.documents.document import SourceFile
from ccpolicy.documents.places import Places, Wanted, places_in


def place(sources: Mapping[str, SourceFile], findings: list[Finding], results: list[RuleResult]) -> None:
    """Gives every finding (sorted by file and record), detail and witness its line and column; the lists are changed in place."""
    places = Places(sources, _wanted(findings, results))
    position = 0
    for file, count in Counter(finding.file for finding in findings).items():  # the findings are sorted by file
        position = _place_own(sources.get(file), findings, position, position + count)
    for position, finding in enumerate(findings):
        if finding.detail:
            findings[position] = replace(finding, detail=tuple(_detail(detail, places) for detail in finding.detail))
    for position, result in enumerate(results):
        results[position] = replace(result, passed=tuple(_passed(passed, places) for passed in result.passed))


def _wanted(findings: Iterable[Finding], results: Iterable[RuleResult]) -> Iterator[Wanted]:
    for finding in findings:
        yield from _of_details(finding.detail)
    for result in results:
        for passed in result.passed:
            yield passed.file, passed.record, passed.at


def _of_details(details: tuple[Detail, ...]) -> Iterator[Wanted]:
    for detail in details:
        yield detail.file, detail.record, detail.at
        yield from _of_details(detail.detail)


def _place_own(source: SourceFile | None, findings: list[Finding], first: int, end: int) -> int:
    """Line and column of findings in one file, one after the other; where the next file's start."""
    wanted = ((findings[position].record, findings[position].at) for position in range(first, end))
    for position, (line, column) in enumerate(places_in(source, wanted, findings[end - 1].record), first):
        findings[position] = replace(findings[position], line=line, column=column)
    return end


def _detail(detail: Detail, places: Places) -> Detail:
    line, column = places.of(detail.file, detail.record, detail.at)
    return replace(detail, line=line, column=column, detail=tuple(_detail(inner, places) for inner in detail.detail))


def _passed(passed: Passed, places: Places) -> Passed:
    line, column = places.of(passed.file, passed.record, passed.at)
    return replace(passed, line=line, column=column)
