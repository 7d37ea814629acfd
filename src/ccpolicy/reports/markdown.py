"""The report as a comment on a pull request: GitHub-flavoured Markdown of bounded length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ccpolicy.assessment.finding import FindingStatus
from ccpolicy.reports.deciding import Missing
from ccpolicy.reports.gravest import gravest
from ccpolicy.reports.markdown_text import cell, code
from ccpolicy.reports.model import Report, RuleLine, Shown
from ccpolicy.reports.outcome import CLEAN, exit_code
from ccpolicy.reports.page import number, place
from ccpolicy.reports.standards_text import COLUMNS, standards_of
from ccpolicy.reports.text import came_to, found_said, meaning
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import SEVERITIES, Severity

MOST = 65_536  # characters of a comment on GitHub
ROWS = 50  # of a table
_CUT = "\nThis comment is cut: a code host takes no more than 65,536 characters. The text and the JSON report have the rest.\n"

Block: TypeAlias = str  # lines that are kept or left out together


def put_markdown(report: Report, view: View, write: Callable[[str], object]) -> None:
    """The blocks of all sections, as far as there is room."""
    room = MOST - len(_CUT)
    for section in SECTIONS:
        for block in section(report, view):
            room -= len(block)
            if room < 0:
                write(_CUT)
                return
            write(block)


def _verdict(report: Report, view: View) -> Iterator[Block]:
    exit_with = exit_code(report, view)
    icon = "✅" if exit_with == CLEAN else "❌"
    yield f"## {icon} ccpolicy: {cell(found_said(report))}\n\n"
    yield f"**Exit {exit_with}**: {cell(meaning(exit_with, report, view))}.\n\n"
    name = f", {cell(report.organisation)}" if report.organisation else ""
    yield f"As of {report.as_of.isoformat()}{name}: {number(report.documents, 'document')}, {cell(came_to(report))}.\n"


def _failures(report: Report, view: View) -> Iterator[Block]:
    count = report.by_status()["fail"]
    if count:
        yield from _head("What fails", ("severity", "where", "rule", "what"))
        yield from (_row(one, view) for one in _gravest(report, "fail"))
        yield from _more(count, "failure")


def _standards(report: Report, view: View) -> Iterator[Block]:
    run = {rule.id for rule in report.rules}
    touched = [one for one in standards_of(report) if one.touched(run)]
    if touched:
        yield from _head("Standards", ("standard", "controls", *COLUMNS.values()))
        for one in touched:
            counts = one.counts()
            yield _line((cell(one.name), str(len(one.controls)), *(str(counts[status] or "–") for status in COLUMNS)))


@dataclass(slots=True)
class _Group:
    """How many findings and rules one thing would decide, and the gravest severity among them."""

    gravest: int = len(SEVERITIES)
    findings: int = 0
    rules: int = 0

    def add(self, severity: Severity, findings: int = 0, rules: int = 0) -> None:
        """Counts a finding or a rule."""
        self.gravest = min(self.gravest, SEVERITIES.index(severity))
        self.findings += findings
        self.rules += rules


def _undetermined(report: Report, view: View) -> Iterator[Block]:
    groups = _groups(report)
    if groups:
        yield from _head("What could not be decided, and what would decide it", ("severity", "decided by", "findings", "open populations"))
    for missing, group in sorted(groups.items(), key=lambda pair: (pair[1].gravest, -pair[1].findings, pair[0]))[:ROWS]:
        decided = "; and by ".join(cell(sentence(one)) for one in missing)
        yield _line((SEVERITIES[group.gravest], decided, str(group.findings or "–"), str(group.rules or "–")))
    yield from _more(len(groups), "group")
    unseen = [rule for rule in _open(report) if not rule.foci]
    if unseen:
        kinds = sorted({rule.missing[0].name for rule in unseen})
        yield f"\n{number(len(unseen), 'rule')} found nothing to look at, and nobody says that there is nothing: "
        yield f"{', '.join(code(kind) for kind in kinds[:ROWS])}{', …' if len(kinds) > ROWS else ''}.\n"


def _open(report: Report) -> Iterator[RuleLine]:
    return (rule for rule in report.rules if rule.status == "undetermined" and rule.missing)


def _groups(report: Report) -> dict[tuple[Missing, ...], _Group]:
    found: dict[tuple[Missing, ...], _Group] = defaultdict(_Group)
    for shown in report.shown:
        if shown.finding.status == "undetermined":
            found[shown.missing].add(shown.finding.severity, findings=1)
    for rule in _open(report):
        if rule.foci:
            found[rule.missing].add(rule.severity, rules=1)
    return found


def _waived(report: Report, view: View) -> Iterator[Block]:
    count = report.by_status()["waived"]
    if count:
        yield from _head("What is waived", ("severity", "where", "rule", "what"))
        yield from (_row(one, view) for one in _gravest(report, "waived"))
        yield from _more(count, "waived finding")
    idle = [one for one in report.waivers if one.state != "applied"]
    if idle:
        yield from _head("Waivers that cover nothing", ("waiver", "state", "why"))
        yield from (_line((cell(one.id), one.state.replace("_", " "), cell(one.message))) for one in idle[:ROWS])
        yield from _more(len(idle), "waiver")


def _problems(report: Report, view: View) -> Iterator[Block]:
    if report.problems:
        yield from _head("What could not be read or identified", ("where", "what"))
        for one in report.problems[:ROWS]:
            hint = f" ({one.hint})" if one.hint else ""
            yield _line((_place(view, one.file, one.line), cell(f"{one.message}{hint}")))
        yield from _more(len(report.problems), "problem")


# In the order of the page. What changed since a baseline belongs right behind the verdict.
SECTIONS: tuple[Callable[[Report, View], Iterable[Block]], ...] = (_verdict, _problems, _failures, _standards, _undetermined, _waived)


# ---- tables --------------------------------------------------------------------------------------------------------------------


def _gravest(report: Report, status: FindingStatus) -> list[Shown]:
    return gravest(report.shown, ROWS, lambda finding: finding.status == status)


def _head(title: str, columns: tuple[str, ...]) -> Iterator[Block]:
    yield f"\n### {title}\n\n{_line(columns)}|{'---|' * len(columns)}\n"


def _row(shown: Shown, view: View) -> Block:
    one = shown.finding
    return _line((one.severity, _place(view, one.file, one.line), code(one.rule), cell(one.message)))


def _place(view: View, file: str, line: int) -> str:
    return code(place(f"{view.folder}{file}", line, 0)) if file else ""


def _line(cells: tuple[str, ...]) -> Block:
    return f"| {' | '.join(cells)} |\n"


def _more(count: int, one: str) -> Iterator[Block]:
    if count > ROWS:
        yield f"\nand {number(count - ROWS, one)} more, in the text and the JSON report.\n"
