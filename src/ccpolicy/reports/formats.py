"""An assessment in one of the forms of a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from ccpolicy.assessment.finding import Assessment
from ccpolicy.reports.findings_csv import put_csv
from ccpolicy.reports.github import put_github
from ccpolicy.reports.gitlab import put_gitlab
from ccpolicy.reports.json import json_pieces
from ccpolicy.reports.junit import put_junit
from ccpolicy.reports.markdown import put_markdown
from ccpolicy.reports.model import Report, report_of
from ccpolicy.reports.sarif import put_sarif
from ccpolicy.reports.text import put_text
from ccpolicy.reports.view import View

__all__ = ["FORMATS", "View", "put_report", "render", "write_report"]

Write: TypeAlias = Callable[[str], object]


def put_json(report: Report, view: View, write: Write) -> None:
    """The whole report, for a program."""
    for piece in json_pieces(report, view):
        write(piece)


_FORMS: Mapping[str, Callable[[Report, View, Write], object]] = {
    "text": put_text,
    "json": put_json,
    "sarif": put_sarif,
    "junit": put_junit,
    "github": put_github,
    "gitlab": put_gitlab,
    "markdown": put_markdown,
    "csv": put_csv,
}
FORMATS = tuple(_FORMS)


def render(assessment: Assessment, form: str, view: View) -> str:
    """The report; the same bytes for the same assessment and view. Ends in a newline. Raises ValueError for an unknown form."""
    pieces: list[str] = []
    write_report(assessment, form, view, pieces.append)
    return "".join(pieces)


def write_report(assessment: Assessment, form: str, view: View, write: Write) -> None:
    """The report piece by piece: it is never in memory as a whole. Raises ValueError for an unknown form."""
    put_report(report_of(assessment), form, view, write)


def put_report(report: Report, form: str, view: View, write: Write) -> None:
    """The same of a report that is ready: one assessment may be written in several forms. Raises ValueError for an unknown form."""
    if form not in _FORMS:
        raise ValueError(f"there is no form `{form}`: known are {', '.join(FORMATS)}")
    _FORMS[form](report, view, write)
