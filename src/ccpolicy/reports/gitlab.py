"""The report as a Code Quality report of GitLab: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ccpolicy.reports.cleaning import visible, visible_json
from ccpolicy.reports.findings_text import where
from ccpolicy.reports.model import Report
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import Severity

_SEVERITIES: Mapping[Severity, str] = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def put_gitlab(report: Report, view: View, write: Callable[[str], object]) -> None:
    """An array with an entry for each finding that is not waived, and for each file that could not be read."""
    start = "[\n"
    for entry in _entries(report, view):
        write(start + visible_json(json.dumps(entry, ensure_ascii=False)))
        start = ",\n"
    write("[]\n" if start == "[\n" else "\n]\n")


def _entries(report: Report, view: View) -> Iterator[dict[str, Any]]:
    yield from _problems(report, view)
    for finding in (shown.finding for shown in report.shown):
        if finding.status != "waived":
            described = f"{finding.message} ({where(finding)})"
            yield _entry(described, finding.rule, finding.fingerprint, _SEVERITIES[finding.severity], view, finding.file, finding.line)


def _problems(report: Report, view: View) -> Iterator[dict[str, Any]]:
    met: Counter[str] = Counter()
    for problem in report.problems:
        identity = f"{problem.code}\n{problem.file}"
        met[identity] += 1
        fingerprint = hashlib.sha256(f"{identity}\n{met[identity]}".encode("utf-8", "surrogatepass")).hexdigest()
        described = f"{problem.message}{f' ({problem.hint})' if problem.hint else ''}"
        yield _entry(described, f"input/{problem.code}", fingerprint, "blocker", view, problem.file, problem.line)


def _entry(described: str, name: str, fingerprint: str, severity: str, view: View, file: str, line: int) -> dict[str, Any]:
    return {
        "description": visible(described),
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": f"{view.folder}{file}", "lines": {"begin": line or 1}},
    }
