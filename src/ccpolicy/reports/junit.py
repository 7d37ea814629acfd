"""The report as JUnit XML: a suite for each rule, a case for each document that it looked at, so that passes show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from ccpolicy.assessment.finding import Finding
from ccpolicy.assessment.pile import Pile, kept, part
from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.junit_cases import Case, case_of_population, cases_cleared, cases_of_findings, cases_of_problems, left_out
from ccpolicy.reports.model import Report, RuleLine
from ccpolicy.reports.view import View

_FORBIDDEN = re.compile("[\ufffe\uffff]")  # XML cannot hold them, even by number; control characters and the like are made visible

_WORKFLOW_COMMAND = re.compile(r"^(\s*):(?=:)")  # should the file be printed to the log of a CI job


@dataclass(frozen=True, slots=True)
class _Suite:
    """A suite whose cases are gone through twice: they are counted before they are written."""

    name: str
    cases: Callable[[], Iterator[Case]]
    properties: Mapping[str, str] = field(default_factory=dict)
    out: str = ""


def put_junit(report: Report, view: View, write: Callable[[str], object]) -> None:
    """The suites, one after the other; the day of the assessment stands for the time, so that equal reports are equal bytes."""
    write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    for place, suite in enumerate(_suites(report, view)):
        _put_suite(place, suite, report, write)
    write("</testsuites>\n")


def _suites(report: Report, view: View) -> Iterator[_Suite]:
    """What could not be read, then rule by rule, then schemas and claims that something does not fit."""
    if report.problems:
        yield _Suite("input", lambda: cases_of_problems(report.problems))
    rules = {rule.id: rule for rule in report.rules}
    pile = Pile(lambda finding: finding.rule)
    for shown in report.shown:
        pile.add(shown.finding)
    findings = kept(pile.drain())
    bounds = _bounds(findings)
    for name in (*rules, *(other for other in bounds if other not in rules)):
        yield _suite(name, rules.get(name), findings, bounds.get(name, (0, 0)), view)


def _bounds(findings: Sequence[Finding]) -> dict[str, tuple[int, int]]:
    """Where the findings of each rule begin and end."""
    found: dict[str, tuple[int, int]] = {}
    for position, finding in enumerate(findings):
        found[finding.rule] = found.get(finding.rule, (position, 0))[0], position + 1
    return found


def _suite(name: str, rule: RuleLine | None, findings: Sequence[Finding], bounds: tuple[int, int], view: View) -> _Suite:
    def cases() -> Iterator[Case]:
        yield from cases_of_findings(part(findings, *bounds), view)
        if rule is not None:
            yield from cases_cleared(rule)
            yield from case_of_population(rule)

    if rule is None:
        return _Suite(name, cases)
    controls = ", ".join(sorted({one.control for one in rule.citations}))
    properties = {"title": rule.title, "severity": rule.severity, "status": rule.status, "controls": controls}
    return _Suite(name, cases, properties, left_out(rule))


# ---- XML -----------------------------------------------------------------------------------------------------------------------


def _put_suite(place: int, suite: _Suite, report: Report, write: Callable[[str], object]) -> None:
    write(f"<testsuite{_attributes(_counted(place, suite, report))}>\n<properties>\n")
    for name, value in {"as_of": report.as_of.isoformat(), **suite.properties}.items():
        write(f"<property{_attributes({'name': name, 'value': value})}/>\n")
    write("</properties>\n")
    for case in suite.cases():
        write(_case(case, suite.name))
    write(f"<system-out>{_text(suite.out)}</system-out>\n<system-err></system-err>\n</testsuite>\n")


def _counted(place: int, suite: _Suite, report: Report) -> dict[str, str]:
    counts = Counter(case.word for case in suite.cases())
    return {
        "id": str(place),
        "package": "ccpolicy",
        "name": suite.name,
        "tests": str(counts.total()),
        "failures": str(counts["failure"]),
        "errors": str(counts["error"]),
        "skipped": str(counts["skipped"]),
        "time": "0",
        "timestamp": f"{report.as_of.isoformat()}T00:00:00",
        "hostname": "localhost",
    }


def _case(case: Case, suite: str) -> str:
    head = f"<testcase{_attributes({'classname': suite, 'name': case.name, 'time': '0'})}"
    if not case.word:
        return f"{head}/>\n"
    if case.word == "skipped":
        return f"{head}><skipped>{_text(case.message)}</skipped></testcase>\n"
    told = _attributes({"type": case.sort, "message": case.message})
    return f"{head}><{case.word}{told}>{_text(*case.lines)}</{case.word}></testcase>\n"


def _attributes(given: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_shown(value))}" for name, value in given.items())


def _text(*lines: str) -> str:
    return "\n".join(_WORKFLOW_COMMAND.sub(r"\1&#58;", escape(_shown(line))) for line in lines)


def _shown(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", visible(text))
