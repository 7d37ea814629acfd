"""From a run of rules to controls: their statuses, what became of statements, and findings that concern nobody here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ccpolicy.assessment.carrying import carry
from ccpolicy.assessment.control import ControlStatus
from ccpolicy.assessment.finding import Finding, RuleResult, Scope
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.premises import premises_of
from ccpolicy.assessment.statements import Statement
from ccpolicy.controls.register import Register
from ccpolicy.documents.document import Evidence


@dataclass(frozen=True, slots=True)
class Conclusions:
    """What follows for controls. The statuses are those of the standards that were asked for."""

    controls: tuple[ControlStatus, ...]
    statements: tuple[Statement, ...]
    unbound: frozenset[str]  # controls that do not bind here
    register: Register


def conclude(
    library: Library, evidence: Evidence, results: Sequence[RuleResult], scope: Scope, organisation: Mapping[str, Any]
) -> Conclusions:
    """Every control of the catalogues: at the places that were selected, else everywhere."""
    roles = organisation.get("roles", {})
    premises = premises_of(library, evidence, results, scope, roles)
    register = premises.register
    bindings = {entry.id: register.binding(entry, roles, evidence.as_of)[0] for entry in register.entries.values()}
    unbound = {name for name, binding in bindings.items() if binding == "not_applicable"}
    carried = carry(premises.statuses(), library, {name for name, binding in bindings.items() if binding == "binds"})
    asked = tuple(one for one in carried if not scope.standards or one.standard in scope.standards)
    return Conclusions(asked, premises.statements, frozenset(unbound), register)


CONCERNS_NOBODY = "none of its controls binds here, so it does not count"


def set_aside(findings: Iterable[Finding], conclusions: Conclusions) -> Iterator[Finding]:
    """The findings; those none of whose controls binds here are marked."""
    for finding in findings:
        controls = {conclusions.register.find(control) for control in finding.controls} if conclusions.unbound else set()
        moot = bool(controls) and controls <= conclusions.unbound
        yield replace(finding, moot=True, notes=(*finding.notes, CONCERNS_NOBODY)) if moot else finding
