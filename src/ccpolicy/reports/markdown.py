"""The report as a comment on a pull request: GitHub-flavoured Markdown of bounded length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ccpolicy.reports.comparison_text import known_in_short
from ccpolicy.reports.deciding import Missing
from ccpolicy.reports.markdown_changes import changes, told
from ccpolicy.reports.markdown_tables import ROWS, Block, gravest_rows, head, line, more, spot
from ccpolicy.reports.markdown_text import cell, code
from ccpolicy.reports.model import Report, RuleLine
from ccpolicy.reports.outcome import CLEAN, exit_code
from ccpolicy.reports.page import number
from ccpolicy.reports.standards_text import COLUMNS, standards_of
from ccpolicy.reports.text import came_to, changed_said, found_said, meaning
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import SEVERITIES, Severity

MOST = 65_536  # characters of a comment on GitHub
_CUT = "\nThis comment is cut: a code host takes no more than 65,536 characters. The text and the JSON report have the rest.\n"


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
    yield f"## {icon} ccpolicy: {cell(found_said(report) + known_in_short(view))}\n\n"
    yield f"**Exit {exit_with}**: {cell(meaning(exit_with, report, view))}.\n\n"
    name = f", {cell(report.organisation)}" if report.organisation else ""
    yield f"As of {report.as_of.isoformat()}{name}: {number(report.documents, 'document')}, {cell(came_to(report))}.\n"
    if report.scope.change is not None:
        yield f"\n{cell(f'Only what changed {changed_said(report)}', 1000)}.\n"


def _failures(report: Report, view: View) -> Iterator[Block]:
    """All that fails, or what of it has no row among what changed."""
    changed = told(view)
    title = "What fails" if view.applied is None and view.since is None else "What fails as it did before"
    yield from gravest_rows(title, report, view, lambda finding: finding.status == "fail" and not changed(finding), "failure")


def _standards(report: Report, view: View) -> Iterator[Block]:
    run = {rule.id for rule in report.rules}
    touched = [one for one in standards_of(report) if one.touched(run)]
    if touched:
        yield from head("Standards", ("standard", "controls", *COLUMNS.values()))
        for one in touched:
            counts = one.counts()
            yield line((cell(one.name), str(len(one.controls)), *(str(counts[status] or "–") for status in COLUMNS)))


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
        yield from head("What could not be decided, and what would decide it", ("severity", "decided by", "findings", "open populations"))
    for missing, group in sorted(groups.items(), key=lambda pair: (pair[1].gravest, -pair[1].findings, pair[0]))[:ROWS]:
        decided = "; and by ".join(cell(sentence(one)) for one in missing)
        yield line((SEVERITIES[group.gravest], decided, str(group.findings or "–"), str(group.rules or "–")))
    yield from more(len(groups), "group")
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
    yield from gravest_rows("What is waived", report, view, lambda finding: finding.status == "waived", "waived finding")
    idle = [one for one in report.waivers if one.state != "applied"]
    if idle:
        yield from head("Waivers that cover nothing", ("waiver", "state", "why"))
        yield from (line((cell(one.id), one.state.replace("_", " "), cell(one.message))) for one in idle[:ROWS])
        yield from more(len(idle), "waiver")


def _problems(report: Report, view: View) -> Iterator[Block]:
    if report.problems:
        yield from head("What could not be read or identified", ("where", "what"))
        for one in report.problems[:ROWS]:
            hint = f" ({one.hint})" if one.hint else ""
            yield line((spot(view, one.file, one.line), cell(f"{one.message}{hint}")))
        yield from more(len(report.problems), "problem")


# In the order of the page.
SECTIONS: tuple[Callable[[Report, View], Iterable[Block]], ...] = (
    _verdict,
    changes,
    _problems,
    _failures,
    _standards,
    _undetermined,
    _waived,
)
