"""What the test cases of a JUnit report are: documents, by what a rule came to on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Literal, TypeAlias

from ccpolicy.assessment.finding import Finding
from ccpolicy.documents.document import Document
from ccpolicy.errors import Problem
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.findings_text import where
from ccpolicy.reports.model import RuleLine
from ccpolicy.reports.outcome import is_new
from ccpolicy.reports.page import number, place
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import View

Word: TypeAlias = Literal["failure", "error", "skipped", ""]
_WORST: tuple[Word, ...] = ("failure", "error", "skipped")
_LISTED = 20  # findings told of one document


@dataclass(frozen=True, slots=True)
class Case:
    """A test case; `word` is empty for one that passed, `sort` is the severity, and `lines` tell all of it."""

    name: str
    word: Word = ""
    sort: str = ""
    message: str = ""
    lines: tuple[str, ...] = ()


def cases_of_findings(findings: Iterable[Finding], view: View) -> Iterator[Case]:
    """One for each document that is not cleared; findings of a document come together."""
    for _, group in groupby(findings, attrgetter("kind", "document", "file")):
        yield _worst(group, view)


def _worst(findings: Iterable[Finding], view: View) -> Case:
    """A document is as bad as its worst finding; the first of that sort speaks for it."""
    first: Finding | None = None
    word: Word = "skipped"
    lines: list[str] = []
    count = 0
    for count, finding in enumerate(findings, 1):  # noqa: B007 - the count is that of the last
        own = _word(finding, view)
        if first is None or _WORST.index(own) < _WORST.index(word):
            first, word = finding, own
        if len(lines) < _LISTED:
            lines.append(_told(finding, view))
    assert first is not None
    lines += [f"and {number(count - _LISTED, 'finding')} more, in the JSON report"] if count > _LISTED else []
    lines += [f"fix: {first.remediation}"] if word == "failure" and first.remediation else []
    return Case(_name(first.kind, first.document), word, first.severity, _message(first, view), tuple(lines))


def _word(finding: Finding, view: View) -> Word:
    if finding.status == "waived" or finding.moot or not is_new(finding, view):
        return "skipped"
    if finding.status == "fail":
        return "failure"
    return "skipped" if view.undetermined == "warn" else "error"


def _message(finding: Finding, view: View) -> str:
    if finding.status == "waived":
        return f"waived by {finding.waiver}; was fail: {finding.message}"
    if finding.moot:
        return f"binds nobody here: {finding.message}"
    return finding.message if is_new(finding, view) else f"known by the baseline: {finding.message}"


def _told(finding: Finding, view: View) -> str:
    return f"{place(finding.file, finding.line, finding.column)}: {_message(finding, view)} ({where(finding)})"


def cases_cleared(rule: RuleLine) -> Iterator[Case]:
    """One for each document that passed, or to which the rule does not apply."""
    if rule.cleared is None:
        names = dict.fromkeys(_name(one.kind, one.document) for one in rule.passes)
        yield from (Case(name) for name in names)
        return
    yield from (Case(_named(document)) for document in rule.cleared.passed)
    yield from (Case(_named(document), "skipped", message="the rule does not apply") for document in rule.cleared.not_applicable)


def left_out(rule: RuleLine) -> str:
    """What is not listed, in words."""
    beyond = rule.counts["pass"] - len(rule.passes)
    if rule.cleared is not None or not beyond:
        return ""
    return f"{number(beyond, 'further pass', 'further passes')} of this rule not listed"


def case_of_population(rule: RuleLine) -> Iterator[Case]:
    """That there may be others, where nobody says that there are none; and that there is nothing to look at."""
    name = f"every {rule.kind}"
    if rule.missing:
        decided = "; and by ".join(sentence(one) for one in rule.missing)
        yield Case(name, "skipped", message=f"there may be others that nobody has shown; decided by {decided}")
    elif not rule.foci:
        yield Case(name, "skipped", message="there is nothing to look at")


def cases_of_problems(problems: Iterable[Problem]) -> Iterator[Case]:
    """One for each thing that could not be read or identified."""
    for problem in problems:
        hint = f" ({problem.hint})" if problem.hint else ""
        told = f"{problem.message}{hint}"
        spot = place(problem.file, problem.line, problem.column) or "no file"
        yield Case(spot, "error", problem.code, told, (f"{spot}: {told}",))


def _named(document: Document) -> str:
    return _name(document.kind, clean(document.id))


def _name(kind: str, document: str) -> str:
    return f"{kind} {document}"
