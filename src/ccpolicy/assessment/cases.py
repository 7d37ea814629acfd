"""Rule cases: the examples beside a rule, run as its tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import Judge
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.document import Claim, Evidence
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.language.expr import Param
from ccpolicy.rulebook.parameters import settle
from ccpolicy.rulebook.rule import Case, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What a case gave. `message` says how it differs from what it expects; empty if it does not."""

    case: Case
    status: str
    message: str

    @property
    def ok(self) -> bool:
        """Whether the case gave what it expects."""
        return not self.message


@dataclass(frozen=True, slots=True)
class Prepared:
    """A case with its evidence, to be run by its rule, or by a mutant of that."""

    case: Case
    evidence: Evidence
    library: Library

    def run(self, rule: Rule, judging: Judge = judge) -> CaseResult:
        """The case, run by the rule."""
        case = self.case
        params, wrong = settle({name: [parameter] for name, parameter in rule.parameters.items()}, case.params)
        if wrong:
            return CaseResult(case, "", wrong[0][1])
        assessment = assess(_alone(rule, self.library), self.evidence, _wanted(case, params), judging=judging)
        status = assessment.rules[0].status
        return CaseResult(case, status, _difference(case, status, assessment))


def prepared(case: Case, library: Library) -> Prepared:
    """The case with its evidence: every kind counts as complete unless the case says otherwise."""
    return Prepared(case, _evidence(case, library.kinds), library)


def run_case(case: Case, library: Library) -> CaseResult:
    """The case, run."""
    return prepared(case, library).run(library.rulebook.rules[case.rule])


def _evidence(case: Case, kinds: Mapping[str, Kind]) -> Evidence:
    claims = [Claim(kind, "case", case.as_of.isoformat(), "case") for kind in sorted(kinds) if kind not in case.open_kinds]
    return evidence_of(list(case.documents), kinds, case.as_of, claims=claims)


def _alone(rule: Rule, library: Library) -> Library:
    return replace(library, packs=(), catalogues={}, rulebook=Rulebook({rule.id: rule}, touched=library.rulebook.touched))


def _wanted(case: Case, params: Mapping[str, Param]) -> Wanted:
    organisation: dict[str, Any] = {"name": case.organisation.get("name", ""), "roles": case.organisation.get("roles", {})}
    return Wanted(params=params, organisation=organisation)


def _difference(case: Case, status: str, assessment: Assessment) -> str:
    if assessment.problems:
        return f"its documents are not in order: {assessment.problems[0]}"
    unknown = [name for name in case.params if not any(name in result.rule.parameters for result in assessment.rules)]
    if unknown:
        return f"the rule has no parameter `{unknown[0]}`"
    if status != case.status:
        return f"expected {case.status}, got {status}"
    pointers = sorted({write_pointer(finding.pointer) for finding in assessment.findings if finding.rule == case.rule})
    if case.pointer is not None and case.pointer not in pointers:
        return f"expected a finding at {case.pointer}, got {', '.join(pointers) or 'none'}"
    return ""
