"""The report: an assessment as it may be shown, cleaned once, for every form alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ccpolicy import __version__
from ccpolicy.assessment.control import STATUSES, ControlStatus
from ccpolicy.assessment.finding import VERDICTS, Assessment, Finding, Passed, RuleResult, Scope, SetParameter, Verdict, WaiverNote
from ccpolicy.assessment.statements import Party, State, Statement
from ccpolicy.backends.phrases import number_text
from ccpolicy.documents.document import Claim, Evidence, FileRecord
from ccpolicy.documents.moment import Duration, read_date
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.sharing import shared
from ccpolicy.errors import Problem
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.deciding import Known, Missing, known_of, missing_of, open_because
from ccpolicy.rulebook.rule import SEVERITIES, Citation, Severity


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

    @property
    def foci(self) -> int:
        """How many foci it looked at."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding; if it is undetermined, `missing` would decide it."""

    finding: Finding
    missing: tuple[Missing, ...] = ()


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
    shown: tuple[Shown, ...]
    waivers: tuple[WaiverNote, ...]
    files: tuple[FileRecord, ...]
    problems: tuple[Problem, ...]
    titles: Mapping[str, str]
    controls: tuple[ControlStatus, ...]
    statements: tuple[StatementLine, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings alone."""
        return tuple(one.finding for one in self.shown)

    def by_status(self) -> dict[str, int]:
        """How many findings have each status that a finding can have."""
        found = Counter(finding.status for finding in self.findings)
        return {status: found[status] for status in ("fail", "undetermined", "waived")}

    def by_severity(self) -> dict[str, int]:
        """How many findings have each severity."""
        found = Counter(finding.severity for finding in self.findings)
        return {severity: found[severity] for severity in SEVERITIES}

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
        shown=tuple(_shown(finding, known) for finding in assessment.findings),
        waivers=clean(assessment.waivers),
        files=clean(tuple(sorted(evidence.files, key=lambda one: (one.file, one.kind, one.id)))),
        problems=clean(assessment.problems),
        titles=clean(dict(assessment.titles)),
        controls=clean(assessment.controls),
        statements=tuple(_statement(one) for one in assessment.statements),
    )


def _left_out(assessment: Assessment) -> LeftOut:
    scope, evidence = assessment.scope, assessment.evidence
    return LeftOut(scope.rules_left_out, scope.foci_left_out, evidence.observed_later, evidence.not_in_force, evidence.claims_left_out)


def _sorted(scope: Scope) -> Scope:
    def once(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))

    chosen = once(scope.standards), once(scope.rules), once(scope.sites), once(scope.clients)
    return Scope(*chosen, scope.rules_left_out, scope.foci_left_out)


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
        counts=result.counts(),
        citations=clean(rule.citations),
        assumptions=clean(result.assumptions),
        passes=clean(result.passed),
        reasons=result.reasons,
        left_out=result.left_out,
        missing=clean(open_because(result, known, scopes)),
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
