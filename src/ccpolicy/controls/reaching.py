"""What stands behind a control before any evidence is read: rules, links, and what its catalogue says of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.controls.order import printed_order
from ccpolicy.rulebook.rule import Citation, Rule

Reach: TypeAlias = Literal["automated", "partial", "attested", "manual", "planned", "out_of_scope", "nothing"]
REACHES: tuple[Reach, ...] = ("automated", "partial", "manual", "planned", "out_of_scope", "nothing")  # that packs give


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule that cites a control."""

    rule: Rule
    citation: Citation


@dataclass(frozen=True, slots=True)
class Behind:
    """A control with the rules that cite it, itself or by an alias, and its children."""

    standard: str
    control: ControlModel
    rules: tuple[Cited, ...]
    children: tuple[str, ...]  # full ids, in printed order

    @property
    def id(self) -> str:
        """The full id."""
        return f"{self.standard}/{self.control.id}"

    @property
    def judged(self) -> bool:
        """Whether a rule decides anything about it."""
        return any(one.rule.severity != "info" for one in self.rules)

    @property
    def reach(self) -> Reach:
        """By whom it is judged: by a rule of full coverage, by rules that see a part, or as its catalogue says. Hints judge nothing."""
        judging = [one.citation.coverage for one in self.rules if one.rule.severity != "info"]
        if judging:
            return "automated" if "full" in judging else "partial"
        status = self.control.status
        return "nothing" if status in ("automated", "partial") else status


def behind_all(catalogue: Catalogue, rules: Iterable[Rule]) -> tuple[Behind, ...]:
    """Every control of a standard, in printed order."""
    numbers = {name: control.id for control in catalogue.controls.values() for name in (control.id, *control.aliases)}
    cited: dict[str, list[Cited]] = {}
    for rule in rules:
        for citation in rule.citations:
            standard, _, name = citation.control.partition("/")
            if standard == catalogue.id and name in numbers:
                cited.setdefault(numbers[name], []).append(Cited(rule, citation))
    children: dict[str, list[str]] = {}
    for control in catalogue.controls.values():
        if control.parent is not None:
            children.setdefault(control.parent, []).append(f"{catalogue.id}/{control.id}")
    ordered = sorted(catalogue.controls.values(), key=lambda control: printed_order(control.id))
    return tuple(_behind(catalogue.id, control, cited, children) for control in ordered)


def _behind(standard: str, control: ControlModel, cited: Mapping[str, list[Cited]], children: Mapping[str, list[str]]) -> Behind:
    rules = sorted(cited.get(control.id, ()), key=lambda one: one.rule.id)
    return Behind(standard, control, tuple(rules), tuple(sorted(children.get(control.id, ()), key=printed_order)))


def obligations(every: Sequence[Behind]) -> list[Behind]:
    """Those that ask for something themselves: no headings."""
    return [one for one in every if one.control.kind != "heading"]


def reach_counts(every: Sequence[Behind]) -> dict[Reach, int]:
    """How many of the controls that ask for something are judged by whom; rules on those below a control see a part of it."""
    found = list(reaches(every).values())
    return {reach: found.count(reach) for reach in REACHES}


def reaches(every: Sequence[Behind]) -> dict[str, Reach]:
    """By whom each control that asks for something is judged, by its id."""
    by_id = {one.id: one for one in every}
    return {one.id: "partial" if one.reach == "nothing" and _reached(one, by_id) else one.reach for one in obligations(every)}


def gaps(every: Sequence[Behind]) -> list[Behind]:
    """The controls that ask for something, are in scope, and that no rule reaches, itself or by a control below it."""
    by_id = {one.id: one for one in every}
    return [one for one in obligations(every) if one.control.status != "out_of_scope" and not _reached(one, by_id)]


def _reached(one: Behind, by_id: Mapping[str, Behind]) -> bool:
    return one.judged or any(_reached(by_id[child], by_id) for child in one.children)
