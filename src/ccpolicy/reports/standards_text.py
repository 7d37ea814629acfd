"""Standards as text: what the rules that cite a control came to, and the claims that the verdicts rest on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ccpolicy.assessment.finding import VERDICTS, Verdict
from ccpolicy.documents.document import Claim
from ccpolicy.reports.model import Report, RuleLine
from ccpolicy.reports.page import Page, number

_HONEST = (
    "Results of rules, not yet conclusions about controls: a rule sees part of what a control asks for, and people judge the rest. "
    "Shown is the worst status of the rules that cite a control, and their verdicts."
)
_COLUMNS: dict[Verdict, str] = {"fail": "fail", "undetermined": "undet.", "waived": "waived", "pass": "pass", "not_applicable": "n/a"}


@dataclass(frozen=True, slots=True)
class Row:
    """A control with the rules that cite it."""

    control: str  # <standard>/<number>
    rules: tuple[RuleLine, ...]

    @property
    def number(self) -> str:
        """The number within the standard."""
        return self.control.partition("/")[2]

    @property
    def worst(self) -> Verdict:
        """The worst status of its rules."""
        return min((rule.status for rule in self.rules), key=VERDICTS.index)

    @property
    def seen(self) -> bool:
        """Whether any of its rules looked at anything, or knows that there is nothing."""
        return any(rule.foci or rule.complete for rule in self.rules)

    def count(self, verdict: Verdict) -> int:
        """Over all its rules."""
        return sum(rule.counts[verdict] for rule in self.rules)


def put_standards(page: Page, report: Report) -> None:
    """A table for each standard."""
    standards = _standards(report)
    if not standards:
        return
    page.head("Standards")
    page.say(_HONEST)
    for standard, rows in standards.items():
        cited = {rule.id for row in rows for rule in row.rules}
        page.gap()
        page.put((standard, "bold"), f"  {number(len(rows), 'control')} cited by {number(len(cited), 'rule')}")
        _put_rows(page, report, [row for row in rows if row.seen])
        unseen = [row.number for row in rows if not row.seen]
        if unseen:
            page.say(", ".join(unseen), 2, f"no evidence yet ({len(unseen)}): ", "undetermined")


def _put_rows(page: Page, report: Report, rows: Sequence[Row]) -> None:
    if not rows:
        return
    first = max(len("control"), *(len(row.number) for row in rows))
    if page.narrow:
        for row in rows:
            told = ", ".join(f"{row.count(verdict)} {_word(verdict)}" for verdict in VERDICTS if row.count(verdict))
            page.say(told, 2, f"{row.number:<{first}}  {_word(row.worst):<14}  ", row.worst)
        return
    wide = {verdict: max(len(head), *(len(str(row.count(verdict))) for row in rows)) for verdict, head in _COLUMNS.items()}
    heads = "  ".join(f"{head:>{wide[verdict]}}" for verdict, head in _COLUMNS.items())
    page.put((f"{'control':<{first}}  {'worst status':<14}  {heads}  title", "dim"), indent=2)
    room = page.width - first - len(heads) - 22
    for row in rows:
        counts = "  ".join(f"{row.count(verdict) or '-':>{wide[verdict]}}" for verdict in _COLUMNS)
        title = _cut(report.titles.get(row.control, ""), room)
        page.put(f"{row.number:<{first}}  ", (f"{_word(row.worst):<14}", row.worst), f"  {counts}  {title}", indent=2)


def _word(verdict: str) -> str:
    return verdict.replace("_", " ")


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…" if room > 8 else ""


def _standards(report: Report) -> dict[str, list[Row]]:
    citing: dict[str, list[RuleLine]] = {}
    for rule in report.rules:
        for citation in rule.citations:
            citing.setdefault(citation.control, []).append(rule)
    found: dict[str, list[Row]] = {}
    for control in sorted(citing, key=_natural):
        wanted = report.scope.standards
        if not wanted or control.partition("/")[0] in wanted:
            found.setdefault(control.partition("/")[0], []).append(Row(control, tuple(citing[control])))
    return found


def _natural(control: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"([0-9]+)", control)]


# ---- assumptions ---------------------------------------------------------------------------------------------------------------


def put_assumptions(page: Page, report: Report) -> None:
    """The claims that verdicts rest on: who says that these are all there are."""
    using: dict[Claim, int] = {}
    for rule in report.rules:
        for claim in rule.assumptions:
            using[claim] = using.get(claim, 0) + 1
    if not using:
        return
    page.head(f"Assumptions: {number(len(using), 'claim')} that verdicts rest on")
    page.say("Somebody says that these are all the documents of a kind; nothing here proves it.")
    for claim in sorted(using, key=lambda claim: (claim.kind, claim.file, claim.line, claim.by, claim.on)):
        basis = f"{_claimed(claim)}: {claim.basis}; {number(using[claim], 'rule')}"
        page.say(basis, 2, f"{claim.kind}  ", "bold")


def _claimed(claim: Claim) -> str:
    told = [f"site {claim.site}"] * bool(claim.site) + [f"client {claim.client}"] * bool(claim.client)
    if claim.first or claim.last:
        first, last = (day.isoformat() if day else "" for day in (claim.first, claim.last))
        told.append(f"{first} to {last}" if first and last else f"from {first}" if first else f"to {last}")
    return ", ".join([*told, f"by {claim.by} on {claim.on}"])
