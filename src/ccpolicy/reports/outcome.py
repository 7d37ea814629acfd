"""What a run comes to: which findings count, and the exit code."""

from __future__ import annotations

from ccpolicy.assessment.finding import Assessment, Finding, FindingStatus
from ccpolicy.reports.applying import Sort
from ccpolicy.reports.model import Report
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import SEVERITIES, Severity

CLEAN, FOUND, UNREADABLE = 0, 1, 3


def counts_against(finding: Finding, view: View) -> bool:
    """Whether the finding makes exit 1: a fail, or an undetermined verdict unless those only warn, at or above the threshold.

    A finding that the baseline knows never does, nor one none of whose controls binds here.
    """
    return is_new(finding, view) and counts(finding.status, finding.severity, finding.moot, view)


def is_new(finding: Finding, view: View) -> bool:
    """Whether the baseline, if there is one, does not know the finding, or knows it as something less grave."""
    return view.applied is None or not view.applied.knows(finding)


def counts(status: FindingStatus, severity: Severity, moot: bool, view: View) -> bool:
    """The same of any finding of that sort that no baseline knows."""
    if view.fail_on == "never" or status == "waived" or moot:
        return False
    if status == "undetermined" and view.undetermined == "warn":
        return False
    return SEVERITIES.index(severity) <= SEVERITIES.index(view.fail_on)


def exit_code(assessment: Assessment | Report, view: View) -> int:
    """3 if some input could not be read, else 1 if a finding counts, else 0. (2 and 4 are for the command line to give.)"""
    if assessment.problems:
        return UNREADABLE
    if isinstance(assessment, Report):
        return FOUND if counted(assessment, view) else CLEAN
    return FOUND if any(counts_against(finding, view) for finding in assessment.findings) else CLEAN


def counted(report: Report, view: View) -> dict[Sort, int]:
    """How many findings of each sort count."""
    known = view.applied.known if view.applied else {}
    left = {sort: count - known.get(sort, 0) for sort, count in report.found.items() if counts(*sort, view)}
    return {sort: count for sort, count in left.items() if count}
