"""What a report is held against, as text: what has happened since an earlier one, and what the baseline knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from ccpolicy.assessment.finding import Finding
from ccpolicy.reports.applying import Applied, rules_by_severity
from ccpolicy.reports.difference import Difference
from ccpolicy.reports.findings_text import put_place
from ccpolicy.reports.looked import UNLOOKED, Unlooked
from ccpolicy.reports.model import Report
from ccpolicy.reports.page import Page, number, place
from ccpolicy.reports.trace import Trace, of_schema
from ccpolicy.reports.view import View

MOST = 50  # of a sort that are listed


def put_difference(page: Page, report: Report) -> None:
    """What is new, gone and changed, and of what nothing can be said; in short, that in one sentence."""
    since = page.view.since
    if since is None:
        return
    title = f"Since {since.earlier.as_of.isoformat()}: {_told(since)}"
    if page.view.quiet:
        page.say(title)
        return
    page.head(title)
    page.say(since.earlier.name, label="report     ", style="dim")
    for remark in since.remarks:
        page.say(remark, label="remark     ", style="undetermined")
    if since.first_run:
        page.say(", ".join(since.first_run), label="first run  ", style="dim")
    _put_findings(page, report, "new", len(since.new), lambda finding: "" if finding.fingerprint in since.new else None)
    _put_findings(page, report, "changed", len(since.changed), lambda finding: _change(since, finding))
    _put_traces(page, "gone", "pass", ((trace, "") for trace in since.gone), len(since.gone))
    put_unlooked(page, [why for _, why in since.unlooked])


def _told(since: Difference) -> str:
    told = [f"{len(since.new)} new", f"{len(since.gone)} gone", f"{len(since.changed)} changed", f"{since.same} the same"]
    told += [f"{len(since.unlooked)} not looked at"] if since.unlooked else []
    return ", ".join(told)


def _change(since: Difference, finding: Finding) -> str | None:
    pair = since.changed.get(finding.fingerprint)
    if pair is None:
        return None
    told = [f"was {pair.was.status}, is {pair.now.status}"] if pair.was.status != pair.now.status else []
    return "; ".join(told + ([f"was {pair.was.severity}"] if pair.was.severity != pair.now.severity else []))


def _put_findings(page: Page, report: Report, word: str, count: int, told: Callable[[Finding], str | None]) -> None:
    """The findings of which there is something to tell, each in two lines."""
    if not count:
        return
    page.gap()
    chosen = ((shown.finding, text) for shown in report.shown if (text := told(shown.finding)) is not None)
    for finding, text in islice(chosen, MOST):
        page.put(
            (f"{word:<10} ", finding.status),
            (place(finding.file, finding.line, finding.column), "bold"),
            *_named(finding.severity, finding.rule),
        )
        page.say(f"{text}: {finding.message}" if text else finding.message, 11, style="dim")
    _put_more(page, count)


def _named(severity: str, rule: str) -> Iterator[tuple[str, str]]:
    yield "  ", ""
    yield severity, severity
    yield f"  {rule}", ""


def _put_traces(page: Page, word: str, style: str, traces: Iterable[tuple[Trace, str]], count: int) -> None:
    if not count:
        return
    page.gap()
    for trace, text in islice(traces, MOST):
        page.put((f"{word:<10} ", style), (trace.file, "bold"), *_named(trace.severity, trace.rule))
        where = f"{f'at {trace.pointer} ' if trace.pointer else ''}in {trace.kind} {trace.document}"
        page.say("; ".join(one for one in (trace.message or where, text) if one), 11, style="dim")
    _put_more(page, count)


def _put_more(page: Page, count: int) -> None:
    if count > MOST:
        page.say(f"and {count - MOST} more, in the JSON report", 11)


def put_unlooked(page: Page, whys: Sequence[Unlooked]) -> None:
    """Of how many nothing can be said, and why."""
    if not whys:
        return
    counts = Counter(whys)
    page.gap()
    told = ", ".join(f"{counts[why]} {text}" for why, text in UNLOOKED.items() if counts[why])
    page.say(f"{number(len(whys), 'finding')} of then: {told}", label="not looked at  ", style="undetermined")


# ---- the baseline --------------------------------------------------------------------------------------------------------------


def known_in_short(view: View) -> str:
    """The part of the summary."""
    known = sum(view.applied.known.values()) if view.applied else 0
    return f", {known} of them known by the baseline" if known else ""


def put_known(page: Page, report: Report) -> None:
    """What the baseline knows, in short; in full what it does not excuse: schemas, what is worse now, stale and unowned entries."""
    applied = page.view.applied
    if applied is None:
        return
    known, baseline = sum(applied.known.values()), applied.baseline
    worsened = f", {len(applied.worse)} worse" if applied.worse else ""
    page.head(f"Baseline: {number(known, 'finding')} known, {applied.new} new{worsened}")
    page.say(f"{baseline.name}, of {baseline.as_of.isoformat()}, with {number(len(baseline.entries), 'entry', 'entries')}", style="dim")
    _put_rules(page, applied)
    _put_schemas(page, report, applied)
    worse = ((one.trace, f"was {one.entry.trace.status}, {one.entry.trace.severity}") for one in applied.worse)
    _put_traces(page, "worse", "fail", worse, len(applied.worse))
    stale = ((one.trace, "gone: write the baseline again") for one in applied.stale)
    _put_traces(page, "stale", "waived", stale, len(applied.stale))
    put_unlooked(page, [why for _, why in applied.unlooked])
    _put_unowned(page, applied)


def _put_rules(page: Page, applied: Applied) -> None:
    rules = [] if page.view.quiet else list(rules_by_severity(applied))
    if rules:
        page.say("known findings by rule, the gravest first:")
    for rule, severity, count in rules:
        page.put(f"{count:>6}  ", (f"{severity:<8}", severity), f"  {rule}")


def _put_schemas(page: Page, report: Report, applied: Applied) -> None:
    if not applied.of_schemas:
        return
    page.gap()
    told = number(applied.of_schemas, "known finding is", "known findings are")
    told += " about documents that do not fit their schema, or about claims that are contradicted; "
    page.say(told + "what they touch counts as not in evidence, whatever the baseline says:", label="schemas    ", style="fail")
    found = (shown.finding for shown in report.shown if of_schema(shown.finding.rule) and applied.knows(shown.finding))
    for finding in islice(found, MOST):
        put_place(page, finding, 4)
        page.say(finding.message, 8)
    _put_more(page, applied.of_schemas)


def _put_unowned(page: Page, applied: Applied) -> None:
    if not applied.unowned:
        return
    lacking = Counter(" and ".join(entry.lacks) for entry in applied.unowned)
    told = "; ".join(f"{number(count, 'entry has', 'entries have')} no {word}" for word, count in sorted(lacking.items()))
    page.gap()
    page.say(
        f"{told}: say in {applied.baseline.name} who answers for them, and why they may stand", label="unowned    ", style="undetermined"
    )
