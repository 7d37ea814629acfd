"""What changed since a baseline or an earlier report, as a comment in Markdown tells it: what is new, what is another, what is gone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccpolicy.assessment.finding import Finding
from ccpolicy.reports.applying import Applied
from ccpolicy.reports.difference import Difference
from ccpolicy.reports.gravest import gravest
from ccpolicy.reports.looked import UNLOOKED, Unlooked
from ccpolicy.reports.markdown_tables import ROWS, Block, line, more, spot, table
from ccpolicy.reports.markdown_text import cell, code
from ccpolicy.reports.model import Report, Shown
from ccpolicy.reports.trace import Trace
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import SEVERITIES, Severity


@dataclass(frozen=True, slots=True)
class _Changes:
    """What happened since something. `changed` has what findings were, by fingerprint."""

    title: str
    is_new: Callable[[Finding], bool]
    change: str  # the word for what changed
    changed: Mapping[str, Trace]
    gone: Sequence[Trace]
    same: str
    unlooked: Sequence[Unlooked]
    remarks: Sequence[str] = ()


def changes(report: Report, view: View) -> Iterator[Block]:
    """What is new first, the gravest of it first; nothing if there is nothing to compare with."""
    above: Callable[[Finding], bool] = _nothing
    for one in _every(view):
        new = Counter(shown.finding.severity for shown in report.shown if one.is_new(shown.finding))
        yield f"\n### {cell(one.title)}\n\n{_in_short(one, new)}\n"
        yield from (f"\n{cell(remark)}.\n" for remark in one.remarks)
        yield from _new_rows(report, view, one, above)
        yield from _rows(one.change, len(one.changed), (_changed(shown, one.changed, view) for shown in _those(report, one)))
        yield from _rows("gone", len(one.gone), (_gone(trace, view) for trace in sorted(one.gone, key=_gravity)[:ROWS]))
        above = one.is_new


def _nothing(finding: Finding) -> bool:
    return False


def told(view: View) -> Callable[[Finding], bool]:
    """Whether a finding has its row among what changed."""
    every = list(_every(view))
    return lambda finding: any(one.is_new(finding) or finding.fingerprint in one.changed for one in every)


def _every(view: View) -> Iterator[_Changes]:
    if view.applied is not None:
        yield _since_baseline(view.applied)
    if view.since is not None:
        yield _since_report(view.since)


def _since_baseline(applied: Applied) -> _Changes:
    return _Changes(
        title=f"Since the baseline of {applied.baseline.as_of.isoformat()}",
        is_new=lambda finding: applied.standing(finding) == "new",
        change="worse",
        changed={one.trace.fingerprint: one.entry.trace for one in applied.worse},
        gone=[entry.trace for entry in applied.stale],
        same=f"{sum(applied.known.values())} known",
        unlooked=[why for _, why in applied.unlooked],
    )


def _since_report(since: Difference) -> _Changes:
    first = [f"First run of {', '.join(since.first_run)}"] if since.first_run else []
    return _Changes(
        title=f"Since the report of {since.earlier.as_of.isoformat()}",
        is_new=lambda finding: finding.fingerprint in since.new,
        change="changed",
        changed={name: pair.was for name, pair in since.changed.items()},
        gone=since.gone,
        same=f"{since.same} the same",
        unlooked=[why for _, why in since.unlooked],
        remarks=[*(remark[:1].upper() + remark[1:] for remark in since.remarks), *first],
    )


def _in_short(one: _Changes, new: Counter[Severity]) -> str:
    graded = ", ".join(f"{new[severity]} {severity}" for severity in SEVERITIES if severity in new)
    parts = [f"**{new.total()} new**{f' ({graded})' if graded else ''}"]
    parts += [f"{len(one.gone)} gone, {len(one.changed)} {one.change}, {one.same}"]
    whys = Counter(one.unlooked)
    if whys:
        reasons = ", ".join(f"{whys[why]} {text}" for why, text in UNLOOKED.items() if why in whys)
        parts += [f"{whys.total()} not looked at ({reasons})"]
    return ", ".join(parts) + "."


# ---- tables --------------------------------------------------------------------------------------------------------------------


def _rows(word: str, count: int, rows: Iterator[Block]) -> Iterator[Block]:
    if count:
        yield f"\n{table((word, 'where', 'rule', 'what'))}"
        yield from rows
        yield from more(count, "finding")


def _new_rows(report: Report, view: View, one: _Changes, above: Callable[[Finding], bool]) -> Iterator[Block]:
    """What is new since the baseline is not listed again as new since the report."""

    def wanted(finding: Finding) -> bool:
        return one.is_new(finding) and not above(finding)

    again = sum(one.is_new(shown.finding) and above(shown.finding) for shown in report.shown)
    if again:
        yield f"\n{again} of the new {'stands' if again == 1 else 'stand'} above.\n"
    count = sum(wanted(shown.finding) for shown in report.shown)
    yield from _rows("new", count, (_new(shown, view) for shown in gravest(report.shown, ROWS, wanted)))


def _those(report: Report, one: _Changes) -> list[Shown]:
    return gravest(report.shown, ROWS, lambda finding: finding.fingerprint in one.changed)


def _new(shown: Shown, view: View) -> Block:
    return _row(_state(shown.finding), shown.finding, view)


def _changed(shown: Shown, was: Mapping[str, Trace], view: View) -> Block:
    finding = shown.finding
    then = was[finding.fingerprint]
    pairs = ((then.status, finding.status), (then.severity, finding.severity))
    return _row(f"{_state(finding)} (was {', '.join(old for old, new in pairs if old != new)})", finding, view)


def _row(state: str, finding: Finding, view: View) -> Block:
    return line((state, spot(view, finding.file, finding.line), code(finding.rule), cell(finding.message)))


def _gone(trace: Trace, view: View) -> Block:
    what = trace.message or f"{f'{trace.pointer} ' if trace.pointer else ''}in {trace.kind} {trace.document}"
    return line((_state(trace), spot(view, trace.file), code(trace.rule), cell(what)))


def _state(one: Finding | Trace) -> str:
    """The severity, and the status unless it fails."""
    return one.severity if one.status == "fail" else f"{one.severity}, {one.status}"


def _gravity(trace: Trace) -> tuple[int, str, str, str, str]:
    return SEVERITIES.index(trace.severity), trace.file, trace.rule, trace.pointer, trace.fingerprint
