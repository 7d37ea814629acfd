"""Findings as text: by file, each at its place, with what to do said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby

from ccpolicy.assessment.blame import said
from ccpolicy.assessment.finding import Detail, Finding
from ccpolicy.assessment.pile import MOST
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.model import Report, part_of
from ccpolicy.reports.page import Page, number, place
from ccpolicy.rulebook.rule import SEVERITIES, Severity

DETAILS = 6  # shown of one finding; the JSON report has all that are kept
_EMPTY = frozenset({"", "that this does not hold"})  # expectations that say nothing beyond the message
_STATES = {"applied": "waived", "expired": "fail", "undated": "fail", "same_person": "fail", "invalid": "fail"}


def put_findings(page: Page, report: Report, wanted: Callable[[Finding], bool]) -> None:
    """Those that are wanted, grouped by file and rule."""
    files = list(_files(report, wanted))
    if not files:
        return
    if not page.view.quiet:
        count = sum(sum(group.rules.values()) for group in files)
        applied = page.view.applied
        title = "Findings" if applied is None else "New and worse findings" if applied.worse else "New findings"
        page.head(f"{title}: {number(count, 'failure')} in {number(len(files), 'file')}")
    earlier: dict[str, Finding] = {}
    for group in files:
        for findings in _by_rule(report, group, wanted):
            page.gap()
            first = next(findings)
            for finding in chain([first], findings):
                put_place(page, finding)
                _put_sentence(page, finding)
            _put_advice(page, report, first, earlier)


@dataclass(slots=True)
class _File:
    """The findings of a file: they stand together in a report. `rules` has how many there are of each rule and severity, in order."""

    first: int
    end: int
    rules: dict[tuple[str, Severity], int] = field(default_factory=dict)


def _files(report: Report, wanted: Callable[[Finding], bool]) -> Iterator[_File]:
    for _, group in groupby(enumerate(report.shown), lambda pair: pair[1].finding.file):
        found: _File | None = None
        for position, shown in group:
            if wanted(shown.finding):
                found = found or _File(position, position)
                found.end = position + 1
                rule = shown.finding.rule, shown.finding.severity
                found.rules[rule] = found.rules.get(rule, 0) + 1
        if found:
            yield found


def _by_rule(report: Report, group: _File, wanted: Callable[[Finding], bool]) -> Iterator[Iterator[Finding]]:
    """The findings of a file rule by rule, the gravest first. Many are gone through once for each rule, so as not to be kept."""
    rules = sorted(group.rules, key=lambda rule: SEVERITIES.index(rule[1]))
    inside = partial(part_of, report.shown, group.first, group.end)
    source = inside if group.end - group.first > MOST else partial(iter, list(inside()))
    for name, _ in rules:
        yield (one.finding for one in source() if one.finding.rule == name and wanted(one.finding))


def put_place(page: Page, finding: Finding, indent: int = 0) -> None:
    """The line an editor can follow."""
    status = [("  undetermined", "undetermined")] if finding.status == "undetermined" and page.view.quiet else []
    page.put(
        (place(finding.file, finding.line, finding.column), "bold"),
        "  ",
        (finding.severity, finding.severity),
        f"  {finding.rule}",
        *status,
        indent=indent,
    )


def _put_sentence(page: Page, finding: Finding) -> None:
    page.say(finding.message, 4)
    page.say(where(finding), 4, style="dim")
    for note in finding.notes:
        page.say(note, 4)
    _put_details(page, finding.detail, 6)


def where(finding: Finding) -> str:
    """What was expected and seen, where, and in which document; what the message says already is left out."""
    message, pointer = finding.message, write_pointer(finding.pointer)
    told = _expectation(finding) if finding.status != "undetermined" else []
    told += [f"at {pointer}"] if pointer and f"{pointer} " not in f"{message} " else []
    told += [f"for {days(finding)}"] if finding.period and finding.period[0].isoformat() not in message else []
    document = f"{finding.kind} {finding.document}".strip() if finding.document != finding.file else f"this {finding.kind}"
    return f"{', '.join(told)} in {document}" if told else f"in {document}"


def _expectation(finding: Finding) -> list[str]:
    schema = finding.rule.startswith("schema/") or finding.expected in _EMPTY
    told = [f"expected {finding.expected}"] if finding.expected and not schema and finding.expected not in finding.message else []
    if finding.actual is None:
        missing = said(None, finding.reasons)
        return [*told, f"but it is {missing}"] if told and finding.reasons and missing not in finding.message else told
    actual = said(finding.actual, ())
    return told if finding.expected in _EMPTY or actual in finding.message else [*told, f"found {actual}"]


def days(finding: Finding) -> str:
    """The period, in words."""
    return "" if finding.period is None else f"{finding.period[0].isoformat()} to {finding.period[1].isoformat()}"


def _put_details(page: Page, details: Sequence[Detail], indent: int) -> None:
    for detail in details[:DETAILS]:
        seen = said(detail.actual, detail.reasons) if detail.actual is not None or detail.reasons else ""
        told = f"expected {detail.expected}{f', found {seen}' if seen else ''}" if detail.expected else seen
        spot = f"{place(detail.file, detail.line, detail.column)} {write_pointer(detail.pointer)}".rstrip()
        page.say(f"{spot}{': ' if told else ''}{told}", indent, "- ")
        _put_details(page, detail.detail, indent + 2)
    if len(details) > DETAILS:
        page.say(f"and {len(details) - DETAILS} more, in the JSON report", indent, "- ")


def _put_advice(page: Page, report: Report, finding: Finding, first: dict[str, Finding]) -> None:
    """Controls and remediation: in full where a rule fails first, a pointer to that place afterwards."""
    earlier = first.setdefault(finding.rule, finding)
    if earlier is not finding:
        page.say(f"as at {place(earlier.file, earlier.line, earlier.column)}", 4, "fix:      ", "dim")
        return
    for position, control in enumerate(finding.controls):
        title = report.titles.get(control, "")
        page.say(f"{control} {title}".rstrip(), 4, "controls: " if position == 0 else " " * 10, "dim")
    for cause in report.root_causes(finding):
        page.say(f"{cause} {report.titles.get(cause, '')}".rstrip() + " does not hold: repair that first", 4, "behind:   ", "dim")
    page.say(finding.remediation, 4, "fix:      ", "dim")


# ---- waivers -------------------------------------------------------------------------------------------------------------------


def put_waivers(page: Page, report: Report) -> None:
    """Each waiver with what became of it, and the failures that one covers."""
    if not report.waivers:
        return
    page.head(f"Waivers: {len(report.waivers)}")
    covering = {(shown.finding.waiver, shown.finding.rule) for shown in report.shown}
    for waiver in report.waivers:
        state = waiver.state.replace("_", " ")
        page.put((f"{waiver.id}  ", "bold"), (state, _STATES.get(waiver.state, "undetermined")), f"  {waiver.rule}  ", (waiver.file, "dim"))
        page.say(waiver.message, 4)
        covered = report.shown if (waiver.id, waiver.rule) in covering else ()
        for finding in (shown.finding for shown in covered):
            if (finding.waiver, finding.rule) == (waiver.id, waiver.rule):
                put_place(page, finding, 4)
                page.say(f"was fail: {finding.message}", 8)
