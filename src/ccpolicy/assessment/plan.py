"""The plan: repairs in the order in which to do them, and what each of them buys, given those before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from ccpolicy.assessment.blocking import GOOD
from ccpolicy.assessment.control import ControlStatus, Ruling, Standing
from ccpolicy.assessment.needs import needs_of
from ccpolicy.assessment.ordering import Bought, Need, Part, Scale, bought, ordered
from ccpolicy.assessment.premises import Premises
from ccpolicy.assessment.repairs import Repair, repaired, repairs_in
from ccpolicy.assessment.rollup import bindings_of
from ccpolicy.controls.catalogue import Catalogue
from ccpolicy.controls.register import register_of
from ccpolicy.documents.planning import Prices
from ccpolicy.rulebook.rule import SEVERITIES, Rule, Severity


@dataclass(frozen=True, slots=True)
class Step:
    """One repair with what it takes and what it buys: `turns` are the controls that hold from here on.

    One that turns none says which others it has to be done `together` with, and which controls that `opens`; if none are named, what its
    controls still lack is no repair.
    """

    repair: Repair
    part: Part
    severity: Severity | Literal[""]
    effort: Fraction
    cost: Fraction
    days: Fraction  # both
    turns: tuple[str, ...]
    together: tuple[str, ...]  # ids of repairs
    opens: tuple[str, ...]
    root_cause_of: tuple[str, ...]  # controls that wait for it now


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, and of the controls that count (no headings) what they come to now, and when all steps are done."""

    steps: tuple[Step, ...]
    now: tuple[ControlStatus, ...]
    then: tuple[ControlStatus, ...]


def plan_of(
    premises: Premises, rules: Mapping[str, Rule], standards: Iterable[str], prices: Prices, today: Sequence[ControlStatus] = ()
) -> Plan:
    """The plan for the controls of these standards. `today` is what all controls come to now, where that is known already."""
    asked = set(standards)
    repairs = repairs_in(premises)
    needs = needs_of(premises, repairs)
    entries = premises.register.entries
    counted = [name for name, entry in entries.items() if entry.standard in asked and entry.control.kind != "heading"]
    now = {one.id: one for one in today or premises.statuses()}
    then = {one.id: one for one in repaired(premises, repairs).statuses()}
    costing = _Costing(premises, rules, prices, now, frozenset(counted), frozenset(one.name for one in repairs if one.sort == "rule"))
    open_now = {name: need for name, need in needs.of.items() if now[name].status not in GOOD}
    aims = {name: open_now[name] for name in counted if name in open_now}
    needed = {name: open_now[name] for name in _with_required(aims, premises) if name in open_now}
    scale = Scale(costing.weight, costing.days, costing.rank, costing.late)
    order = ordered(needed, {name: entries[name].requires for name in needed}, scale)
    order = _with_the_rest(order, _helpless(premises, repairs, order, costing))
    waiting = _waiting(counted, now, needed)
    steps = zip(order, bought([repair for repair, _ in order], aims), strict=True)
    found = tuple(costing.step(repair, part, buys, waiting.get(repair, ())) for (repair, part), buys in steps)
    return Plan(found, tuple(now[name] for name in counted), tuple(then[name] for name in counted))


def _waiting(controls: Iterable[str], now: Mapping[str, ControlStatus], needs: Mapping[str, Need]) -> dict[Repair, list[str]]:
    """By repair, the controls whose root cause needs it."""
    found: dict[Repair, list[str]] = {}
    for name in controls:
        for repair in needs.get(now[name].root_cause, ()):
            found.setdefault(repair, []).append(name)
    return found


def _with_required(controls: Iterable[str], premises: Premises) -> list[str]:
    """These controls and what they require, at any distance, in whatever standard."""
    found = list(controls)
    seen = set(found)
    for name in found:  # grows while it is walked
        fresh = [one for one in premises.register.entries[name].requires if one in premises.register.entries and one not in seen]
        seen.update(fresh)
        found += fresh
    return found


_Order: TypeAlias = "list[tuple[Repair, Part]]"


def _helpless(premises: Premises, repairs: Sequence[Repair], order: _Order, costing: _Costing) -> _Order:
    """Rules and providers' statements whose repair turns no control: what these still lack is no repair."""
    done = {repair for repair, _ in order}
    bindings = bindings_of(premises.register, premises.roles, premises.as_of)
    bound = {name for name in costing.counted if bindings[name][0] != "not_applicable"}
    rest = [one for one in repairs if one not in done and one.sort != "attestation" and bound.intersection(one.controls)]
    return [(repair, "repair") for repair in sorted(rest, key=costing.rank)]


def _with_the_rest(order: _Order, rest: _Order) -> _Order:
    """What turns nothing stands behind the repairs of what was found, and before what nobody vouches for."""
    first = next((number for number, (_, part) in enumerate(order) if part == "attestation"), len(order))
    return [*order[:first], *rest, *order[first:]]


@dataclass(frozen=True, slots=True)
class _Costing:
    premises: Premises
    rules: Mapping[str, Rule]
    prices: Prices
    now: Mapping[str, ControlStatus]
    counted: frozenset[str]
    spoken_against: frozenset[str]  # by rules that do not hold

    def weight(self, control: str) -> Fraction:
        if control not in self.counted:
            return Fraction(0)
        return self.prices.standards.get(control.partition("/")[0], Fraction(1))

    def price(self, repair: Repair) -> tuple[Fraction, Fraction]:
        match repair.sort:
            case "rule":
                return self.prices.of(self.prices.rules, repair.name)
            case "responsibility":
                return self.prices.of(self.prices.responsibilities, repair.name)
            case "attestation":
                return self.prices.of(self.prices.controls, repair.name)

    def days(self, repair: Repair) -> Fraction:
        return self.prices.in_days(*self.price(repair))

    def rank(self, repair: Repair) -> tuple[object, ...]:
        severity = self.severity(repair)
        return SEVERITIES.index(severity) if severity else len(SEVERITIES), repair.id

    def severity(self, repair: Repair) -> Severity | Literal[""]:
        return self.rules[repair.name].severity if repair.sort == "rule" else ""

    def late(self, repair: Repair) -> bool:
        """Whether it is an attestation that nobody made yet, of a control that no rule speaks against."""
        return repair.sort == "attestation" and not repair.statements and not self.spoken_against.intersection(self.now[repair.name].rules)

    def step(self, repair: Repair, part: Part, buys: Bought, waiting: Iterable[str]) -> Step:
        effort, cost = self.price(repair)
        return Step(
            repair=repair,
            part=part,
            severity=self.severity(repair),
            effort=effort,
            cost=cost,
            days=self.prices.in_days(effort, cost),
            turns=buys.turns,
            together=tuple(one.id for one in buys.together),
            opens=buys.opens,
            root_cause_of=tuple(waiting),
        )


def packs_only(catalogues: Mapping[str, Catalogue], rules: Iterable[Rule]) -> Premises:
    """What is before any evidence is looked at: no rule is decided, nobody attested anything, and everything binds that has begun."""
    register = register_of(catalogues)
    roles = {role: True for entry in register.entries.values() for role in entry.control.roles}
    rulings = tuple(Ruling(rule.id, rule.citations, Standing("undetermined")) for rule in rules if rule.citations)
    return Premises(register, rulings, (), roles, date.max)
