"""What the statuses of controls follow from: everything that the roll-up is given, so that it can be asked again about what would be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ccpolicy.assessment.control import ControlStatus, Place, Ruling
from ccpolicy.assessment.finding import RuleResult, Scope
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.rollup import control_statuses
from ccpolicy.assessment.standing import places_of, rulings_of
from ccpolicy.assessment.statements import Statement, statements_in
from ccpolicy.controls.register import Register, register_of
from ccpolicy.documents.document import Evidence


@dataclass(frozen=True, slots=True)
class Premises:
    """Rules with what they come to, statements, roles, and where controls are looked at."""

    register: Register
    rulings: tuple[Ruling, ...]
    statements: tuple[Statement, ...]
    roles: Mapping[str, bool]
    as_of: date
    places: Sequence[Place] = field(default=())
    whole: bool = True  # the organisation as a whole is looked at, and not only these places

    def statuses(self) -> tuple[ControlStatus, ...]:
        """What every control comes to."""
        return control_statuses(self.register, self.rulings, self.statements, self.roles, self.as_of, self.places, self.whole)


def premises_of(library: Library, evidence: Evidence, results: Sequence[RuleResult], scope: Scope, roles: Mapping[str, Any]) -> Premises:
    """The premises of a run: at the places that were selected, else everywhere."""
    register = register_of(library.catalogues)
    selected = [Place(site, client) for site in scope.sites or ("",) for client in scope.clients or ("",)]
    whole = selected == [Place()]
    places = places_of(evidence) if whole else selected
    rulings = rulings_of(library.rulebook.rules.values(), results, evidence, places)
    return Premises(register, tuple(rulings), statements_in(evidence, register), roles, evidence.as_of, places, whole)
