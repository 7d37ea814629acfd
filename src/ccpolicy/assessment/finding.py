"""Findings, verdicts and the assessment: what a run says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from ccpolicy.assessment.change import Change, Untouched
from ccpolicy.assessment.clearing import Cleared
from ccpolicy.assessment.control import ControlStatus
from ccpolicy.assessment.statements import Statement
from ccpolicy.assessment.tally import Group
from ccpolicy.documents.document import Claim, Evidence
from ccpolicy.documents.pointer import Pointer
from ccpolicy.errors import Problem
from ccpolicy.rulebook.rule import Rule, Severity

Verdict: TypeAlias = Literal["fail", "undetermined", "waived", "pass", "not_applicable"]
FindingStatus: TypeAlias = Literal["fail", "undetermined", "waived"]
VERDICTS: tuple[Verdict, ...] = ("fail", "undetermined", "waived", "pass", "not_applicable")  # worst first


@dataclass(frozen=True, slots=True)
class Detail:
    """A place behind a finding: a member of a join, a branch, a step of a path."""

    file: str
    record: int  # first line of the record in NDJSON and CSV, else 0
    pointer: Pointer
    operator: str
    expected: str
    actual: Any
    reasons: tuple[str, ...]
    detail: tuple[Detail, ...] = ()
    line: int = 0
    column: int = 0
    at: Pointer = field(default=(), repr=False)  # where it stands; `pointer` is that as it may be shown


@dataclass(frozen=True, slots=True)
class Finding:
    """One culprit of a focus that failed, is undetermined, or failed and is waived. Nothing in it needs hiding any more."""

    rule: str
    status: FindingStatus
    severity: Severity
    message: str
    remediation: str
    kind: str
    document: str
    file: str
    record: int
    pointer: Pointer
    operator: str
    expected: str
    actual: Any  # a scalar, or None where nothing known stands
    reasons: tuple[str, ...]
    controls: tuple[str, ...]
    detail: tuple[Detail, ...] = ()
    notes: tuple[str, ...] = ()
    waiver: str = ""  # id of the waiver that covers it
    period: tuple[date, date] | None = None
    fingerprint: str = ""
    line: int = 0
    column: int = 0
    at: Pointer = field(default=(), repr=False)  # where it stands; `pointer` is that as it may be shown
    moot: bool = False  # none of its controls binds here
    site: str = ""  # of its document
    client: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A focus that passed, and where that was seen."""

    kind: str
    document: str
    file: str
    record: int
    pointer: Pointer
    period: tuple[date, date] | None
    witnesses: tuple[tuple[str, int, Pointer], ...]
    line: int = 0
    column: int = 0
    at: Pointer = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class FocusVerdict:
    """The verdict on one focus."""

    kind: str
    document: str
    file: str
    pointer: Pointer
    period: tuple[date, date] | None
    verdict: Verdict
    note: str = ""  # such as "not yet due"
    stub: bool = False
    reasons: tuple[str, ...] = ()
    tainted: bool = False  # a pass, though `when` was undecided


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The status of a rule over its foci. `reasons` say why it is undetermined as a whole."""

    rule: Rule
    status: Verdict
    complete: bool
    counts: Mapping[str, int]  # how many of its foci have each verdict
    stubs: int
    passed: tuple[Passed, ...]
    assumptions: tuple[Claim, ...]
    reasons: tuple[str, ...] = ()
    left_out: int = 0  # foci of other sites or clients
    groups: tuple[Group, ...] = ()  # its foci by site, client and data
    foci: tuple[FocusVerdict, ...] = ()  # the verdict on each, if they were asked for
    cleared: Cleared | None = None  # documents that nothing speaks against, if they were asked for


@dataclass(frozen=True, slots=True)
class WaiverNote:
    """What became of a waiver: applied, expired, undated, same_person, stale (nothing it covers fails), not_run, undecided, invalid."""

    id: str
    rule: str
    state: str
    message: str
    file: str
    record: int
    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Scope:
    """What was selected, and how much was left out."""

    standards: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    rules_left_out: int = 0
    foci_left_out: int = 0
    file: str = ""  # only documents of this file
    change: Change | None = None
    untouched: tuple[Untouched, ...] = ()  # rules that the change does not touch


@dataclass(frozen=True, slots=True)
class SetParameter:
    """A parameter of the selected rules with the value used; `set_by` is default, config, option or nobody."""

    name: str
    value: Any
    set_by: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that a run says; a pure function of evidence, packs, parameters, roles and `as_of`."""

    as_of: date
    organisation: Mapping[str, Any]
    scope: Scope
    packs: tuple[tuple[str, str, str], ...]  # id, version, sha256
    parameters: tuple[SetParameter, ...]
    rules: tuple[RuleResult, ...]
    findings: Sequence[Finding]  # of rules, schemas and claims, sorted
    problems: tuple[Problem, ...]
    waivers: tuple[WaiverNote, ...]
    evidence: Evidence
    titles: Mapping[str, str] = field(default_factory=dict)  # of the controls cited, and of those with a status
    controls: tuple[ControlStatus, ...] = ()
    statements: tuple[Statement, ...] = ()  # attestations and responsibilities
