"""The report, as a program reads it: the values of the JSON report with types, and its forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any, Literal

from ccpolicy.assessment.finding import Assessment, Verdict
from ccpolicy.assessment.finding import Finding as Found
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.errors import Problem
from ccpolicy.reports.formats import render
from ccpolicy.reports.model import Report as Inner
from ccpolicy.reports.model import RuleLine, Shown, report_of
from ccpolicy.reports.outcome import exit_code
from ccpolicy.reports.page import number, place
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import Threshold, View
from ccpolicy.rulebook.rule import Severity

ROWS_SHOWN = 50  # of a table in a notebook


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or cannot be told. Nothing in it needs hiding."""

    rule: str  # `schema/<kind>` for a body that does not fit its schema
    status: Literal["fail", "undetermined", "waived"]
    severity: Severity
    message: str
    remediation: str
    kind: str
    document: str  # id
    file: str
    line: int  # from 1; 0 where there is no file
    column: int
    pointer: str  # RFC 6901, from the root of the file (of the line in NDJSON)
    operator: str
    expected: str
    actual: Any  # a scalar, or None where nothing known stands
    reasons: tuple[str, ...]
    controls: tuple[str, ...]
    decided_by: tuple[str, ...]  # what would decide it, in words, if it is undetermined
    waiver: str  # id of the waiver that covers it, or empty
    period: tuple[date, date] | None
    fingerprint: str

    @property
    def place(self) -> str:
        """`file:line:column`, as far as they are known."""
        return place(self.file, self.line, self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.severity} {self.rule}: {self.message}"


@dataclass(frozen=True, slots=True)
class RuleStatus:
    """What a rule came to over all its foci."""

    id: str
    title: str
    status: Verdict
    severity: Severity
    kind: str
    complete: bool  # whether the population is; an open one never gives pass
    counts: Mapping[str, int]  # verdict -> foci
    controls: tuple[str, ...]
    decided_by: tuple[str, ...]  # what would complete the population, in words


@dataclass(frozen=True, slots=True)
class Report:
    """An assessment: sorted, without a clock, equal for equal input."""

    as_of: date
    organisation: str
    rules: Mapping[str, RuleStatus]  # by id
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]  # input that could not be read or identified
    _assessment: Assessment = field(repr=False, compare=False)

    def exit_code(self, fail_on: Threshold = "low", undetermined: Literal["fail", "warn"] = "fail") -> int:
        """What `ccpolicy check` would exit with: 3 if input could not be read, 1 if a finding counts, else 0."""
        return exit_code(self._assessment, View(fail_on=fail_on, undetermined=undetermined))

    def to_json(self) -> str:
        """The JSON report, as `schemas/report.schema.json` describes it."""
        return render(self._assessment, "json", View())

    def to_dict(self) -> dict[str, Any]:
        """The JSON report as a value."""
        value: dict[str, Any] = json.loads(self.to_json())
        return value

    def to_text(self, width: int = 100, color: bool = False, quiet: bool = False) -> str:
        """The text report, as in a terminal of that many columns."""
        return render(self._assessment, "text", View(width=width, color=color, quiet=quiet))

    def rows(self) -> list[dict[str, Any]]:
        """The findings as flat rows, for a data frame."""
        return [_row(finding) for finding in self.findings]

    def by_status(self) -> dict[str, int]:
        """How many rules have each status."""
        found = [rule.status for rule in self.rules.values()]
        return {status: found.count(status) for status in ("fail", "undetermined", "waived", "pass", "not_applicable")}

    def __repr__(self) -> str:
        told = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in self.by_status().items() if count)
        problems = f", {number(len(self.problems), 'problem')}" if self.problems else ""
        rules, findings = number(len(self.rules), "rule"), number(len(self.findings), "finding")
        return f"<Report as of {self.as_of}: {rules} ({told}), {findings}{problems}>"

    def _repr_html_(self) -> str:
        """How a notebook shows it."""
        cells: list[Callable[[Finding], str]] = [lambda one: one.status, lambda one: one.severity, lambda one: one.rule]
        cells += [lambda one: one.place, lambda one: one.message]
        head = "".join(f"<th>{name}</th>" for name in ("status", "severity", "rule", "place", "message"))
        body = "".join(f"<tr>{''.join(f'<td>{escape(cell(one))}</td>' for cell in cells)}</tr>" for one in self.findings[:ROWS_SHOWN])
        left = len(self.findings) - ROWS_SHOWN
        more = f"<p>and {left} more</p>" if left > 0 else ""
        return f"<p>{escape(repr(self)[1:-1])}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def report_from(assessment: Assessment) -> Report:
    """The public face of an assessment."""
    inner: Inner = report_of(assessment)
    return Report(
        as_of=inner.as_of,
        organisation=inner.organisation,
        rules={rule.id: _rule(rule) for rule in inner.rules},
        findings=tuple(_finding(shown) for shown in inner.shown),
        problems=inner.problems,
        _assessment=assessment,
    )


def _rule(rule: RuleLine) -> RuleStatus:
    controls = tuple(one.control for one in rule.citations)
    told = tuple(sentence(one) for one in rule.missing)
    return RuleStatus(rule.id, rule.title, rule.status, rule.severity, rule.kind, rule.complete, dict(rule.counts), controls, told)


_SAME = ["rule", "status", "severity", "message", "remediation", "kind", "document", "file", "line", "column", "operator", "expected"]
_SAME += ["actual", "reasons", "controls", "waiver", "period", "fingerprint"]


def _finding(shown: Shown) -> Finding:
    found: Found = shown.finding
    same = {name: getattr(found, name) for name in _SAME}
    return Finding(**same, pointer=write_pointer(found.pointer), decided_by=tuple(sentence(one) for one in shown.missing))


def _row(finding: Finding) -> dict[str, Any]:
    names = ["status", "severity", "rule", "kind", "document", "file", "line", "column", "pointer", "expected", "actual", "message"]
    return {name: getattr(finding, name) for name in names} | {"controls": ", ".join(finding.controls)}
