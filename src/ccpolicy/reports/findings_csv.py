"""Findings as CSV, a row for each, safe to open in a spreadsheet: RFC 4180, UTF-8, every cell quoted."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass

from ccpolicy.assessment.blame import said
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.cleaning import harmless
from ccpolicy.reports.model import Report, Shown
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import View

COLUMNS = (
    "rule", "status", "severity", "file", "line", "column", "kind", "document", "pointer", "message", "expected", "actual", "reasons",
    "controls", "remediation", "root_causes", "decided_by", "waiver", "from", "to", "fingerprint",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sink:
    """What the csv module takes for a file."""

    write: Callable[[str], object]


def put_csv(report: Report, view: View, write: Callable[[str], object]) -> None:
    """A head and the rows; a cell that a spreadsheet would take for a formula starts with an apostrophe."""
    rows = csv.writer(_Sink(write), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for shown in report.shown:
        rows.writerow(harmless(cell) for cell in _row(shown, report))


def _row(shown: Shown, report: Report) -> tuple[str, ...]:
    one = shown.finding
    first, last = one.period or (None, None)
    return (
        one.rule,
        one.status,
        one.severity,
        one.file,
        str(one.line or ""),
        str(one.column or ""),
        one.kind,
        one.document,
        write_pointer(one.pointer),
        one.message,
        one.expected,
        "" if one.actual is None else said(one.actual, ()),
        " ".join(one.reasons),
        " ".join(one.controls),
        one.remediation,
        " ".join(report.root_causes(one)),
        "; ".join(sentence(missing) for missing in shown.missing),
        one.waiver,
        first.isoformat() if first else "",
        last.isoformat() if last else "",
        one.fingerprint,
    )
