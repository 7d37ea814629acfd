"""An assessment in one of the forms of a report."""

from __future__ import annotations

from collections.abc import Callable

from ccpolicy.assessment.finding import Assessment
from ccpolicy.reports.json import json_pieces
from ccpolicy.reports.model import report_of
from ccpolicy.reports.text import put_text
from ccpolicy.reports.view import View

__all__ = ["FORMATS", "View", "render", "write_report"]

FORMATS = ("text", "json")


def render(assessment: Assessment, form: str, view: View) -> str:
    """The report; the same bytes for the same assessment and view. Ends in a newline. Raises ValueError for an unknown form."""
    pieces: list[str] = []
    write_report(assessment, form, view, pieces.append)
    return "".join(pieces)


def write_report(assessment: Assessment, form: str, view: View, write: Callable[[str], object]) -> None:
    """The report piece by piece: it is never in memory as a whole. Raises ValueError for an unknown form."""
    report = report_of(assessment)
    match form:
        case "text":
            put_text(report, view, write)
        case "json":
            for piece in json_pieces(report):
                write(piece)
        case _:
            raise ValueError(f"there is no form `{form}`: known are {', '.join(FORMATS)}")
