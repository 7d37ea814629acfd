"""The report: an assessment as it may be shown, cleaned once, for every form alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, get_args, overload

from ccpolicy import __version__
from ccpolicy.assessment.clearing import Cleared
from ccpolicy.assessment.control import STATUSES, ControlStatus
from ccpolicy.assessment.finding import (
    VERDICTS,
    Assessment,
    Finding,
    FindingStatus,
    Passed,
    RuleResult,
    Scope,
    SetParameter,
    Verdict,
    WaiverNote,
)
from ccpolicy.assessment.pile import part
from ccpolicy.assessment.statements import Party, State, Statement
from ccpolicy.backends.phrases import number_text
from ccpolicy.documents.document import Claim, Evidence, FileRecord, Undated
from ccpolicy.documents.moment import Duration, read_date
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.sharing import shared
from ccpolicy.errors import Problem
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.deciding import Known, Missing, known_of, missing_of, open_because
from ccpolicy.rulebook.rule import SEVERITIES, Citation, Severity

VERSION = 1  # of the JSON report


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What a rule came to. `missing` is what keeps its population open."""

    id: str
    title: str
    status: Verdict
    severity: Severity
    kind: str
    complete: bool
    counts: Mapping[str, int]
    citations: tuple[Citation, ...]
    assumptions: tuple[Claim, ...]
    passes: tuple[Passed, ...]
    reasons: tuple[str, ...]
    left_out: int
    missing: tuple[Missing, ...]
    remediation: str
    references: tuple[str, ...]
    cleared: Cleared | None  # documents that nothing speaks against, if they were asked for

    @property
    def foci(self) -> int:
        """How many foci it looked at."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding; if it is undetermined, `missing` would decide it."""

    finding: Finding
    missing: tuple[Missing, ...] = ()


class _Lazily(Sequence[Shown]):
    """Very many findings, cleaned when they are looked at and not kept."""

    def __init__(self, findings: Sequence[Finding], known: Known) -> None:
        self._findings, self._known = findings, known

    def __len__(self) -> int:
        return len(self._findings)

    def __iter__(self) -> Iterator[Shown]:
        return self.part(0, len(self))

    def part(self, first: int, end: int) -> Iterator[Shown]:
        """Those from one position up to another."""
        return (_shown(finding, self._known) for finding in part(self._findings, first, end))

    @overload
    def __getitem__(self, index: int) -> Shown: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Shown, ...]: ...
    def __getitem__(self, index: int | slice) -> Shown | tuple[Shown, ...]:
        if isinstance(index, slice):
            return tuple(_shown(finding, self._known) for finding in self._findings[index])
        return _shown(self._findings[index], self._known)


def part_of(shown: Sequence[Shown], first: int, end: int) -> Iterator[Shown]:
    """Findings from one position up to another."""
    return shown.part(first, end) if isinstance(shown, _Lazily) else iter(shown[first:end])


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was not looked at, in numbers."""

    rules: int
    foci: int
    observed_later: int
    not_in_force: int
    claims: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What became of an attestation (`party` is empty), or of a row of a responsibility document."""

    id: str
    control: str
    party: Party | str
    state: State
    message: str
    file: str
    record: int
    pointer: Pointer


@dataclass(frozen=True, slots=True, order=True)
class Pack:
    """A pack of rules and schemas."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that any form of a report says. Nothing in it needs hiding, but its text may hold control characters."""

    version: str
    as_of: date
    period: tuple[date, date] | None  # first and last day on which the documents were observed
    organisation: str
    roles: Mapping[str, bool]
    scope: Scope
    left_out: LeftOut
    packs: tuple[Pack, ...]
    parameters: tuple[SetParameter, ...]
    documents: int
    rules: tuple[RuleLine, ...]
    shown: Sequence[Shown]
    found: Mapping[tuple[FindingStatus, Severity, bool], int]  # findings by status, severity, and whether none of their controls binds
    waivers: tuple[WaiverNote, ...]
    files: tuple[FileRecord, ...]
    undated: tuple[Undated, ...]
    problems: tuple[Problem, ...]
    titles: Mapping[str, str]
    controls: tuple[ControlStatus, ...]
    causes: Mapping[str, str]  # the root cause behind a control, by full id
    statements: tuple[StatementLine, ...]
    justifications: Mapping[str, str]  # why a waiver was granted, by whom and until when, by its id

    def root_causes(self, finding: Finding) -> tuple[str, ...]:
        """The controls that keep those of a finding from passing whatever becomes of it: they are to be repaired first."""
        return tuple(sorted({cause for control in finding.controls if (cause := self.causes.get(control))}))

    def by_status(self) -> dict[str, int]:
        """How many findings have each status that a finding can have."""
        return {word: sum(count for (status, _, _), count in self.found.items() if status == word) for word in get_args(FindingStatus)}

    def by_severity(self) -> dict[str, int]:
        """How many findings have each severity."""
        return {word: sum(count for (_, severity, _), count in self.found.items() if severity == word) for word in SEVERITIES}

    def rules_by_status(self) -> dict[str, int]:
        """How many rules have each status."""
        found = Counter(rule.status for rule in self.rules)
        return {verdict: found[verdict] for verdict in VERDICTS}

    def controls_inferred(self) -> dict[str, int]:
        """How many controls of which nothing was computed have each inferred status."""
        found = Counter(one.inferred.status for one in self.controls if one.inferred is not None and one.filled)
        return {status: found[status] for status in ("fail", "pass", "not_applicable")}

    def controls_by_status(self) -> dict[str, int]:
        """How many controls have each computed status."""
        found = Counter(control.status for control in self.controls)
        return {status: found[status] for status in STATUSES}

    def verdicts(self) -> dict[str, int]:
        """How many foci of all rules have each verdict."""
        return {verdict: sum(rule.counts[verdict] for rule in self.rules) for verdict in VERDICTS}


def report_of(assessment: Assessment) -> Report:
    """The report of an assessment, sorted and cleaned."""
    evidence, scope, known = assessment.evidence, _sorted(assessment.scope), known_of(assessment)
    scopes = [(site, client) for site in scope.sites or (None,) for client in scope.clients or (None,)]
    results = sorted(assessment.rules, key=lambda result: result.rule.id)
    return Report(
        version=__version__,
        as_of=assessment.as_of,
        period=_period(evidence),
        organisation=clean(str(assessment.organisation.get("name") or "")),
        roles=clean(dict(sorted(assessment.organisation.get("roles", {}).items()))),
        scope=clean(scope),
        left_out=_left_out(assessment),
        packs=tuple(sorted(Pack(clean(name), clean(version), sha256) for name, version, sha256 in assessment.packs)),
        parameters=tuple(SetParameter(clean(one.name), clean(plain(one.value)), one.set_by) for one in assessment.parameters),
        documents=sum(len(documents) for documents in evidence.documents.values()),
        rules=tuple(_line(result, known, scopes) for result in results),
        shown=_all_shown(assessment.findings, known),
        found=Counter((finding.status, finding.severity, finding.moot) for finding in assessment.findings),
        waivers=clean(assessment.waivers),
        files=clean(tuple(sorted(evidence.files, key=lambda one: (one.file, one.kind, one.id)))),
        undated=clean(evidence.undated),
        problems=clean(assessment.problems),
        titles=clean(dict(assessment.titles)),
        controls=clean(assessment.controls),
        causes={one.id: one.root_cause for one in assessment.controls if one.root_cause},
        statements=tuple(_statement(one) for one in assessment.statements),
        justifications=_justifications(assessment),
    )


def _left_out(assessment: Assessment) -> LeftOut:
    scope, evidence = assessment.scope, assessment.evidence
    return LeftOut(scope.rules_left_out, scope.foci_left_out, evidence.observed_later, evidence.not_in_force, evidence.claims_left_out)


def _justifications(assessment: Assessment) -> dict[str, str]:
    applied = {waiver.id for waiver in assessment.waivers if waiver.state == "applied"}
    return {clean(one.id): clean(_justification(one.body)) for one in assessment.evidence.of("waiver") if one.id in applied}


def _justification(body: Mapping[str, Any]) -> str:
    def stated(word: str, label: str) -> str:
        value = body.get(word)
        return f"{label}{value}" if isinstance(value, str) and value.strip() else ""

    reason = stated("rationale", "") or "no rationale is stated"
    measure = stated("compensating_control", "compensating control: ")
    persons = ", ".join(part for part in (stated("requested_by", "requested by "), stated("approved_by", "approved by ")) if part)
    return "; ".join(part for part in (reason, measure, persons, stated("expires_on", "until ")) if part)


def _sorted(scope: Scope) -> Scope:
    def once(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    chosen = once(scope.standards), once(scope.rules), once(scope.sites), once(scope.clients)
    return Scope(*chosen, scope.rules_left_out, scope.foci_left_out, scope.file, scope.change, scope.untouched)


def _all_shown(findings: Sequence[Finding], known: Known) -> Sequence[Shown]:
    return tuple(_shown(finding, known) for finding in findings) if isinstance(findings, tuple) else _Lazily(findings, known)


def _shown(finding: Finding, known: Known) -> Shown:
    missing = clean(missing_of(finding, known)) if finding.status == "undetermined" else ()
    return Shown(clean(finding), shared(missing))


def _statement(one: Statement) -> StatementLine:
    document = one.document
    return clean(StatementLine(document.id, one.control, one.party, one.state, one.message, document.file, document.line, one.pointer))


def _line(result: RuleResult, known: Known, scopes: list[tuple[str | None, str | None]]) -> RuleLine:
    rule = result.rule
    return RuleLine(
        id=rule.id,
        title=clean(rule.title),
        status=result.status,
        severity=rule.severity,
        kind=rule.foci.kind,
        complete=result.complete,
        counts=result.counts,
        citations=clean(rule.citations),
        assumptions=clean(result.assumptions),
        passes=clean(result.passed),
        reasons=result.reasons,
        left_out=result.left_out,
        missing=clean(open_because(result, known, scopes)),
        remediation=clean(rule.remediation),
        references=clean(rule.references),
        cleared=result.cleared,
    )


def _period(evidence: Evidence) -> tuple[date, date] | None:
    stated = {document.envelope.get("observed_at") for documents in evidence.documents.values() for document in documents}
    days = [day for text in stated if isinstance(text, str) and (day := read_date(text[:10])) is not None]
    return (min(days), max(days)) if days else None


def plain(value: Any) -> Any:
    """A value of a parameter as JSON has it."""
    match value:
        case Fraction():
            return int(value) if value.denominator == 1 else float(number_text(value))
        case Duration():
            return value.text
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case tuple():
            return [plain(item) for item in value]
        case _:
            return value
