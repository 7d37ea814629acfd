"""The report as SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ccpolicy.reports.cleaning import visible_json
from ccpolicy.reports.gravest import Quota
from ccpolicy.reports.model import Report
from ccpolicy.reports.outcome import exit_code
from ccpolicy.reports.page import number
from ccpolicy.reports.sarif_place import ROOT, location, told
from ccpolicy.reports.sarif_result import result_value
from ccpolicy.reports.sarif_rules import sarif_rules
from ccpolicy.reports.text import changed_said
from ccpolicy.reports.view import View

MOST, SHOWN = 25_000, 5_000  # results that GitHub accepts in a file, and those that it shows
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "the folder that findings are relative to: the top of the repository, if there is one, else the folder that was checked"


def put_sarif(report: Report, view: View, write: Callable[[str], object]) -> None:
    """One run; a line for each rule and each result, so that it is never in memory as a whole."""
    rules = sarif_rules(report)
    quota = Quota(report.found, MOST)
    write(f'{{\n"$schema": "{_SCHEMA}",\n"version": "2.1.0",\n"runs": [{{\n"tool": {{"driver": {{\n')
    for key, value in _driver(report).items():
        write(f'"{key}": {_text(value)},\n')
    write('"rules": [')
    _put_lines(rules.values(), write)
    write("]\n}},\n")
    for key, value in _run(report, view, quota).items():
        write(f'"{key}": {_text(value)},\n')
    write('"results": [')
    _put_lines(_results(report, view, quota, rules), write)
    write("]\n}]\n}\n")


def _results(report: Report, view: View, quota: Quota, rules: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    places = {name: place for place, name in enumerate(rules)}
    for shown in report.shown:
        if quota.takes(shown.finding):
            yield result_value(shown, places[shown.finding.rule], report, view)


def _put_lines(values: Any, write: Callable[[str], object]) -> None:
    start = "\n"
    for value in values:
        write(start + _text(value))
        start = ",\n"
    write("\n")


def _text(value: Any) -> str:
    return visible_json(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _driver(report: Report) -> dict[str, Any]:
    return {"name": "ccpolicy", "version": report.version, "semanticVersion": report.version}


def _run(report: Report, view: View, quota: Quota) -> dict[str, Any]:
    return {
        "automationDetails": {"id": f"ccpolicy/{view.folder}"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": _HOME}}},
        "invocations": [
            {
                "executionSuccessful": not report.problems,
                "exitCode": exit_code(report, view),
                "toolExecutionNotifications": [*_problems(report, view), *_cuts(report, quota), *_part(report), *_lost(view)],
            }
        ],
        "properties": {
            "as_of": report.as_of.isoformat(),
            "documents": report.documents,
            "packs": [{"id": pack.id, "version": pack.version, "sha256": pack.sha256} for pack in report.packs],
            "rules_by_status": report.rules_by_status(),
        },
    }


def _problems(report: Report, view: View) -> Iterator[dict[str, Any]]:
    """What could not be read or identified."""
    for problem in report.problems:
        hint = f" ({problem.hint})" if problem.hint else ""
        found = {"descriptor": {"id": problem.code}, "level": "error", "message": told(f"{problem.message}{hint}")}
        place = location(view, problem.file, problem.line, problem.column)
        yield {**found, "locations": [place]} if problem.file else found


def _cuts(report: Report, quota: Quota) -> Iterator[dict[str, Any]]:
    """What the limits of GitHub leave out."""
    kept = len(report.shown) - quota.refused
    if quota.refused:
        yield _cut(
            f"{number(quota.refused, 'finding')} of {len(report.shown)} left out, the least grave: GitHub takes {MOST} results; "
            "the JSON report has all of them"
        )
    if kept > SHOWN:
        yield _cut(f"GitHub code scanning shows {SHOWN} of these {kept} results, the gravest; the JSON report has all of them")


def _part(report: Report) -> Iterator[dict[str, Any]]:
    """What was not looked at because it did not change."""
    if report.scope.change is not None:
        yield _notified("only-what-changed", "note", f"only what changed {changed_said(report)}")


def _lost(view: View) -> Iterator[dict[str, Any]]:
    """What was found then and is not found now: no results, for GitHub would take an absent one for an alert that is open."""
    if view.applied is not None:
        yield from _counted(f"the baseline {view.applied.baseline.name}", len(view.applied.stale), len(view.applied.unlooked))
    elif view.since is not None:
        yield from _counted(f"the report {view.since.earlier.name}", len(view.since.gone), len(view.since.unlooked))


def _counted(then: str, gone: int, unlooked: int) -> Iterator[dict[str, Any]]:
    if gone:
        yield _notified("gone", "note", f"gone: {number(gone, 'finding')} of {then}")
    if unlooked:
        yield _notified("not-looked-at", "note", f"not looked at: {number(unlooked, 'finding')} of {then}")


def _cut(message: str) -> dict[str, Any]:
    return _notified("too-many-results", "warning", message)


def _notified(name: str, level: str, message: str) -> dict[str, Any]:
    return {"descriptor": {"id": name}, "level": level, "message": told(message)}
