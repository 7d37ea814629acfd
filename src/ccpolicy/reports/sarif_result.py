"""A finding as a result of SARIF: its place, the path that led there, its identity, and why it is waived."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ccpolicy.assessment.blame import said
from ccpolicy.assessment.finding import Detail, Finding
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.findings_text import where
from ccpolicy.reports.json import missing_value
from ccpolicy.reports.model import Report, Shown
from ccpolicy.reports.sarif_place import location, told
from ccpolicy.reports.sarif_rules import LEVELS
from ccpolicy.reports.view import View

RELATED, STEPS = 100, 1_000  # places behind a finding, and steps of a path, that are given


def result_value(shown: Shown, rule: int, report: Report, view: View) -> dict[str, Any]:
    """The result; what is undetermined is `open`, which has no level (3.27.9, 3.27.10)."""
    finding = shown.finding
    unsure = finding.status == "undetermined"
    value: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "kind": "open" if unsure else "fail",
        "level": "none" if unsure else LEVELS[finding.severity],
        "message": told(f"{finding.message} ({where(finding)})"),
        "locations": [_placed(finding, view)],
        "partialFingerprints": {"ccpolicy/v1": finding.fingerprint, "primaryLocationLineHash": f"{finding.fingerprint}:1"},
    }
    paths = [_flow(path, view) for path in _paths(finding.detail)]
    related = [_related(place, one, view) for place, one in enumerate(_others(finding.detail)[:RELATED], 1)]
    value |= {"codeFlows": paths} if paths else {}
    value |= {"relatedLocations": related} if related else {}
    value |= {"suppressions": [_suppression(finding, report)] if finding.status == "waived" else []}  # of all results or of none (3.27.23)
    state = _state(finding, view)
    value |= {"baselineState": state} if state else {}
    return {**value, "properties": _properties(shown, report)}


def _placed(finding: Finding, view: View) -> dict[str, Any]:
    name = f"{finding.kind}/{finding.document}{write_pointer(finding.pointer)}"
    return {**location(view, finding.file, finding.line, finding.column), "logicalLocations": [{"fullyQualifiedName": name}]}


def _state(finding: Finding, view: View) -> str:
    """Against the baseline, or else the earlier report; empty if there is neither (3.27.24)."""
    if view.applied is not None:
        entry = view.applied.baseline.entries.get(finding.fingerprint)
        was = None if entry is None else (entry.trace.status, entry.trace.severity)
        return "new" if was is None else "unchanged" if was == (finding.status, finding.severity) else "updated"
    if view.since is not None:
        is_new = finding.fingerprint in view.since.new
        return "new" if is_new else "updated" if finding.fingerprint in view.since.changed else "unchanged"
    return ""


def _suppression(finding: Finding, report: Report) -> dict[str, Any]:
    justification = report.justifications.get(finding.waiver, "no rationale is stated")
    return {"kind": "external", "status": "accepted", "justification": visible(f"waiver {finding.waiver}: {justification}")}


def _properties(shown: Shown, report: Report) -> dict[str, Any]:
    finding = shown.finding
    return {
        "status": finding.status,
        "severity": finding.severity,
        "document": {"kind": finding.kind, "id": finding.document},
        "pointer": write_pointer(finding.pointer),
        "expected": finding.expected,
        "actual": finding.actual,
        "reasons": list(finding.reasons),
        "controls": list(finding.controls),
        "root_causes": list(report.root_causes(finding)),
        "remediation": finding.remediation,
        "decided_by": [missing_value(one) for one in shown.missing],
    }


# ---- places behind it ----------------------------------------------------------------------------------------------------------


def _is_step(detail: Detail) -> bool:
    return detail.operator == "every_path" and isinstance(detail.actual, str) and detail.actual.startswith("step ")


def _paths(details: Sequence[Detail]) -> Iterator[list[Detail]]:
    """The paths on which something is not done that should be: that of the finding, or those of its branches."""
    steps = [one for one in details if _is_step(one)]
    if steps:
        yield steps
    for one in details:
        yield from _paths(one.detail)


def _others(details: Sequence[Detail]) -> list[Detail]:
    return [one for one in details if not _is_step(one)]


def _flow(steps: Sequence[Detail], view: View) -> dict[str, Any]:
    return {"threadFlows": [{"locations": [{"location": _spot(step, view)} for step in steps[:STEPS]]}]}


def _related(number: int, detail: Detail, view: View) -> dict[str, Any]:
    return {"id": number, **_spot(detail, view)}


def _spot(detail: Detail, view: View) -> dict[str, Any]:
    seen = said(detail.actual, detail.reasons) if detail.actual is not None or detail.reasons else ""
    found = f"found {seen}" if seen and not _is_step(detail) else seen
    message = ", ".join(part for part in (detail.expected, found, write_pointer(detail.pointer)) if part)
    return {**location(view, detail.file, detail.line, detail.column), "message": told(message or detail.operator or "here")}
