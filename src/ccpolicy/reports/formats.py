"""An assessment in one of the forms of a report."""

from __future__ import annotations

from ccpolicy.assessment.finding import Assessment
from ccpolicy.reports.json import json_of
from ccpolicy.reports.model import report_of
from ccpolicy.reports.text import text_of
from ccpolicy.reports.view import View

__all__ = ["FORMATS", "View", "render"]

FORMATS = ("text", "json")


def render(assessment: Assessment, form: str, view: View) -> str:
    """The report; the same bytes for the same assessment and view. Ends in a newline."""
    report = report_of(assessment)
    match form:
        case "text":
            return text_of(report, view)
        case "json":
            return json_of(report)
        case _:
            raise ValueError(f"there is no form `{form}`: known are {', '.join(FORMATS)}")
