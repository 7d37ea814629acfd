"""Lines and columns: found once for each file, at the end, and only for what the report names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from ccpolicy.assessment.finding import Assessment, Detail, Finding, Passed
from ccpolicy.documents.places import place_all
from ccpolicy.documents.pointer import Pointer

Wanted: TypeAlias = "tuple[str, int, Pointer]"
Places: TypeAlias = Mapping[Wanted, tuple[int, int]]


def placed(assessment: Assessment) -> Assessment:
    """The assessment with line and column of every finding, detail and witness."""
    places = place_all(assessment.evidence, _wanted(assessment))
    results = tuple(
        replace(result, findings=(), passed=tuple(_passed(passed, places) for passed in result.passed)) for result in assessment.rules
    )
    findings = tuple(_finding(finding, places) for finding in assessment.findings)
    return replace(assessment, rules=results, findings=findings)


def _wanted(assessment: Assessment) -> Iterator[Wanted]:
    for finding in assessment.findings:
        yield finding.file, finding.record, finding.at
        yield from _of_details(finding.detail)
    for result in assessment.rules:
        for passed in result.passed:
            yield passed.file, passed.record, passed.at


def _of_details(details: tuple[Detail, ...]) -> Iterator[Wanted]:
    for detail in details:
        yield detail.file, detail.record, detail.at
        yield from _of_details(detail.detail)


def _finding(finding: Finding, places: Places) -> Finding:
    line, column = places.get((finding.file, finding.record, finding.at), (0, 0))
    return replace(finding, line=line, column=column, detail=tuple(_detail(detail, places) for detail in finding.detail))


def _detail(detail: Detail, places: Places) -> Detail:
    line, column = places.get((detail.file, detail.record, detail.at), (0, 0))
    return replace(detail, line=line, column=column, detail=tuple(_detail(inner, places) for inner in detail.detail))


def _passed(passed: Passed, places: Places) -> Passed:
    line, column = places.get((passed.file, passed.record, passed.at), (0, 0))
    return replace(passed, line=line, column=column)
