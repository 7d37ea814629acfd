"""The summary of a step of GitHub Actions: a page behind the run, in Markdown."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ccpolicy.cli.messages import complain
from ccpolicy.cli.outputs import Output
from ccpolicy.errors import Problem
from ccpolicy.reports.formats import View, put_report
from ccpolicy.reports.model import Report

VARIABLE = "GITHUB_STEP_SUMMARY"


def add_step_summary(report: Report, view: View, outputs: Iterable[Output]) -> None:
    """Adds the report to the file that the runner names, if the form `github` was asked for; earlier commands of the step may be in it."""
    name = os.environ.get(VARIABLE)
    if not name or all(output.form != "github" for output in outputs):
        return
    try:
        with open(name, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            put_report(report, "markdown", view, file.write)
    except OSError as error:
        reason = (error.strerror or "the system refuses").lower()
        message = f"the step summary cannot be written to `{name}`: {reason}"
        complain([Problem(code="not-written", message=message, hint=f"the runner names the file in {VARIABLE}")], "warning")
