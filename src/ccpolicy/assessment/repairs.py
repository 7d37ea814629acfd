"""Repairs: what could be put right so that controls pass, each with what would then stand behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ccpolicy.assessment.behind import Backing, Part, backings_of, own_at
from ccpolicy.assessment.blocking import GOOD
from ccpolicy.assessment.control import Place, Ruling, Standing
from ccpolicy.assessment.premises import Premises
from ccpolicy.assessment.rollup import bindings_of, looked_at
from ccpolicy.assessment.statements import Statement
from ccpolicy.controls.register import Entry
from ccpolicy.documents.document import Cover, Document

Sort: TypeAlias = Literal["rule", "responsibility", "attestation"]
_OPEN = ("fail", "undetermined", "waived")  # what a rule comes to while some of its findings are left


@dataclass(frozen=True, slots=True)
class Repair:
    """A rule made to hold everywhere, a provider's statement made valid again, or a control attested.

    `statements` are those that do not count today: the rows of a responsibility document, or attestations that lapsed.
    """

    sort: Sort
    name: str  # the rule, the responsibility document, or the control
    controls: tuple[str, ...]  # that it touches, sorted
    statements: tuple[Statement, ...] = ()

    @property
    def id(self) -> str:
        """Unique within a plan."""
        return f"{self.sort}:{self.name}"


def repairs_in(premises: Premises) -> tuple[Repair, ...]:
    """Every repair that may help: rules that do not hold, statements that do not count, and controls that nobody vouches for."""
    found = [*_of_rules(premises), *_of_providers(premises)]
    return (*found, *_of_attestations(premises, repaired(premises, found)))


def repaired(premises: Premises, repairs: Iterable[Repair]) -> Premises:
    """What would be if these were done, and nothing else."""
    done = {repair.id: repair for repair in repairs}
    rulings = [passing(ruling) if f"rule:{ruling.rule}" in done else ruling for ruling in premises.rulings]
    renewed = {id(row) for repair in done.values() if repair.sort == "responsibility" for row in repair.statements}
    statements = [valid(one) if id(one) in renewed else one for one in premises.statements]
    statements += [attested(repair.name) for repair in done.values() if repair.sort == "attestation"]
    return replace(premises, rulings=tuple(rulings), statements=tuple(statements))


def passing(ruling: Ruling) -> Ruling:
    """The rule when all that it finds is put right, and all documents are known to be there."""
    whole = None if ruling.whole is None else _holding(ruling.whole)
    return replace(ruling, whole=whole, places={place: _holding(one) for place, one in ruling.places.items()})


def _holding(one: Standing) -> Standing:
    return replace(one, status="pass", tainted=False) if one.status in _OPEN else one


def valid(row: Statement) -> Statement:
    """The row when the provider's attestation is valid and all of it is known."""
    return replace(row, state="applied")


def attested(control: str) -> Statement:
    """An attestation of a control that is valid everywhere."""
    document = Document(Cover("attestation", {}, ""), "", {})
    return Statement("attestation", document, (), control, "applied", "attested")


# ---- which there are -----------------------------------------------------------------------------------------------------------


def _of_rules(premises: Premises) -> Iterator[Repair]:
    places = looked_at(premises.places, premises.whole)
    for ruling in sorted(premises.rulings, key=lambda one: one.rule):
        found = {standing.status for place in places if (standing := ruling.at(place)) is not None}
        if found & {"fail", "undetermined"}:
            named = {premises.register.find(citation.control) for citation in ruling.citations}
            yield Repair("rule", ruling.rule, tuple(sorted(control for control in named if control is not None)))


def _of_providers(premises: Premises) -> Iterator[Repair]:
    rows: dict[str, list[Statement]] = {}
    for one in premises.statements:
        if one.kind == "responsibility" and one.state not in ("applied", "ours") and one.control in premises.register.entries:
            rows.setdefault(one.document.id, []).append(one)
    for name, own in sorted(rows.items()):
        yield Repair("responsibility", name, tuple(sorted({row.control for row in own})), tuple(own))


def _of_attestations(premises: Premises, after: Premises) -> Iterator[Repair]:
    """The controls that an attestation would help, once everything else is put right."""
    behind = backings_of(premises.register, after.rulings, after.statements)
    bindings = bindings_of(premises.register, premises.roles, premises.as_of)
    places = looked_at(premises.places, premises.whole)
    lapsed: dict[str, list[Statement]] = {}
    for one in premises.statements:
        if one.kind == "attestation" and one.state != "applied":
            lapsed.setdefault(one.control, []).append(one)
    for name, entry in sorted(premises.register.entries.items()):
        if bindings[name][0] == "binds" and _helps(entry, behind.get(name), places):
            yield Repair("attestation", name, (name,), tuple(lapsed.get(name, ())))


def _helps(entry: Entry, behind: Backing | None, places: Sequence[Place]) -> bool:
    """Whether an attestation would fill what is lacking, whether those below the control count or not."""
    children = len(entry.children)
    for place in places if behind is not None else places[:1]:
        own = own_at(entry.control, behind, place)
        better = replace(own, attestations=(attested(entry.id),))
        if any(_bad(better.parts(children, counted)) < _bad(own.parts(children, counted)) for counted in {0, children}):
            return True
    return False


def _bad(parts: Iterable[Part]) -> int:
    return sum(part.status not in GOOD for part in parts)
