"""The report for the log of GitHub Actions: annotations of the gravest findings, then the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from ccpolicy.assessment.finding import Finding
from ccpolicy.errors import Problem
from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.findings_text import where
from ccpolicy.reports.gravest import gravest
from ccpolicy.reports.model import Report, Shown
from ccpolicy.reports.outcome import is_new
from ccpolicy.reports.page import number
from ccpolicy.reports.text import put_text
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import View

MOST = 10  # annotations of a kind that GitHub shows for a step
_KINDS = ("error", "warning", "notice")
_LONGEST = 1000  # characters of a message


def put_github(report: Report, view: View, write: Callable[[str], object]) -> None:
    """At most ten errors, warnings and notices each, the gravest first; what was left out is said; the text has everything."""
    titles = {rule.id: rule.title for rule in report.rules}
    problems = [_problem(problem, view) for problem in report.problems[:MOST]]
    for kind in _KINDS:
        room = MOST - (len(problems) if kind == "error" else 0)
        findings = gravest(report.shown, room, lambda finding, kind=kind: _kind(finding, view) == kind) if room else []  # type: ignore[misc]
        lines = (_finding(kind, shown, titles, view) for shown in findings)
        for line in chain(problems if kind == "error" else (), lines):
            write(line)
    for line in _left_out(report, view):
        write(line)
    put_text(report, view, write)


def _kind(finding: Finding, view: View) -> str:
    """What is certain and grave is an error, what is waived or known by the baseline is nothing, what binds nobody here is a notice."""
    if finding.status == "waived" or not is_new(finding, view):
        return ""
    if finding.moot or finding.severity in ("low", "info"):
        return "notice"
    return "error" if finding.status == "fail" and finding.severity != "medium" else "warning"


def _left_out(report: Report, view: View) -> Iterator[str]:
    counts = Counter({"error": len(report.problems)})
    counts.update(kind for shown in report.shown if (kind := _kind(shown.finding, view)))
    told = [number(counts[kind] - MOST, f"further {kind}") for kind in _KINDS if counts[kind] > MOST]
    if told:
        yield f"GitHub shows {MOST} annotations of a kind; without one: {', '.join(told)}. All of them are below.\n\n"


def _finding(kind: str, shown: Shown, titles: Mapping[str, str], view: View) -> str:
    finding = shown.finding
    title = f"{finding.severity} {finding.rule}{f': {titles[finding.rule]}' if finding.rule in titles else ''}"
    mends = [f"decided by {sentence(one)}" for one in shown.missing] or [f"fix: {finding.remediation}"]
    said = [finding.message, where(finding), *finding.notes, *mends]
    return _command(kind, f"{view.folder}{finding.file}" if finding.file else "", finding.line, finding.column, title, said)


def _problem(problem: Problem, view: View) -> str:
    file = f"{view.folder}{problem.file}" if problem.file else ""
    return _command("error", file, problem.line, problem.column, f"not read: {problem.code}", [problem.message, problem.hint])


def _command(kind: str, file: str, line: int, column: int, title: str, said: list[str]) -> str:
    given = {"file": file, "line": str(line or ""), "col": str(column or ""), "title": title}
    properties = ",".join(f"{name}={_property(value)}" for name, value in given.items() if value)
    return f"::{kind} {properties}::{'%0A'.join(_data(text) for text in said if text)}\n"


def _data(text: str) -> str:
    """As https://github.com/actions/toolkit writes it; line breaks of others are shown, not made."""
    shown = visible(text)[:_LONGEST]
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
