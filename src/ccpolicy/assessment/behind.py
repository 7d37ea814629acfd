"""What stands behind a control at a place: rules, attestations, providers, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ccpolicy.assessment.control import ORGANISATION, Method, Place, Ruling, Standing, Status
from ccpolicy.assessment.statements import Statement
from ccpolicy.controls.catalogue import ControlModel
from ccpolicy.controls.register import Register

Coverage: TypeAlias = Literal["full", "partial"]
_NOTHING = "nothing was checked"
_JUDGED = ("partial", "manual", "planned", "out_of_scope")  # people judge it, or the rest of it


@dataclass(frozen=True, slots=True)
class Part:
    """One thing behind a control."""

    status: Status
    method: Method
    note: str = ""
    tainted: bool = False
    alternative: bool = False
    data_classes: frozenset[str] | None = None  # None without documents


@dataclass(slots=True, eq=False)
class Backing:
    """All that names one control, at any place."""

    rulings: dict[str, tuple[Ruling, Coverage]] = field(default_factory=dict)  # by rule
    statements: list[Statement] = field(default_factory=list)


def backings_of(register: Register, rulings: Sequence[Ruling], statements: Sequence[Statement]) -> dict[str, Backing]:
    """By control, what names it; under which of its names does not matter, and of two citations by one rule the fuller counts."""
    found: dict[str, Backing] = {}
    for ruling in rulings:
        for citation in ruling.citations:
            control = register.find(citation.control)
            if control is not None:
                own = found.setdefault(control, Backing()).rulings
                if own.get(ruling.rule, (ruling, "partial"))[1] == "partial":
                    own[ruling.rule] = ruling, citation.coverage
    for statement in statements:
        if statement.control in register.entries:
            found.setdefault(statement.control, Backing()).statements.append(statement)
    return found


@dataclass(frozen=True, slots=True)
class Own:
    """What stands behind a control at one place, its children apart."""

    control: ControlModel
    standings: tuple[tuple[str, Standing | None, Coverage], ...]  # rule, what it comes to (None: it was not run), coverage
    attestations: tuple[Statement, ...]
    providers: tuple[Statement, ...]

    def parts(self, children: int, counted: int) -> list[Part]:
        """The parts, with one for what is lacking, beside so many children, of which so many count."""
        found = [*self._of_rules(), *self._of_providers(), *self._of_attestation()]
        return [*found, *self._lacking(bool(found), children, counted)]

    def _of_rules(self) -> Iterator[Part]:
        for rule, standing, _ in self.standings:
            if standing is None:
                yield Part("undetermined", "rules", f"rule {rule} was not run")
            else:
                note = _told(rule, standing)
                yield Part(standing.status, "rules", note, standing.tainted, standing.alternative, standing.data_classes)

    def _of_providers(self) -> Iterator[Part]:
        for one in self.providers:
            if one.state != "applied":
                yield Part("undetermined", "inherited", one.message, data_classes=one.data_classes)
            elif one.party == "shared" or not self._proved:
                yield Part("pass", "inherited", f"inherited from {one.message}", data_classes=one.data_classes)
        if any(one.party == "shared" for one in self.providers) and not self._full and self._attested is None:
            yield Part("undetermined", "inherited", "shared with a provider, and our half is not shown")

    def _of_attestation(self) -> Iterator[Part]:
        one = self._attested
        if one is not None and not self._proved:
            yield Part("pass", "attested", one.message, alternative=one.alternative, data_classes=one.data_classes)

    def _lacking(self, something: bool, children: int, counted: int) -> Iterator[Part]:
        if self._full or self._attested is not None or self._inherited:
            return
        partial = any(coverage == "partial" for _, _, coverage in self.standings)
        empty = not something and not counted and not (children and self.control.kind == "heading")
        judged = self.control.status in _JUDGED and (self.control.kind != "heading" or self.control.status in ("planned", "out_of_scope"))
        if not (partial or empty or (judged and not something)):
            return
        told = ["partial coverage only"] if partial else [_NOTHING] if empty else ["people judge the rest of it"]
        told += [self.control.reason] if self.control.reason and judged else []
        told += [f"attestation {one.document.id}: {one.message}" for one in self.attestations if one.state != "applied"]
        yield Part("undetermined", "rules" if partial else "none", "; ".join(told))

    @property
    def _full(self) -> bool:
        return any(coverage == "full" for _, _, coverage in self.standings)

    @property
    def _proved(self) -> bool:
        """A rule of full coverage holds, so that no statement is needed."""
        return any(coverage == "full" and one is not None and one.status in ("pass", "waived") for _, one, coverage in self.standings)

    @property
    def _attested(self) -> Statement | None:
        return next((one for one in self.attestations if one.state == "applied"), None)

    @property
    def _inherited(self) -> bool:
        """It is wholly with providers whose attestations are valid."""
        return bool(self.providers) and all(one.party == "provider" and one.state == "applied" for one in self.providers)


_TOLD: Mapping[Status, str] = {
    "fail": "rule {} fails",
    "undetermined": "rule {} is undetermined",
    "waived": "failures of rule {} are waived",
    "not_applicable": "rule {} applies to nothing",
}


def _told(rule: str, standing: Standing) -> str:
    told = "documented alternative, by rule {}" if standing.alternative else ""
    return _TOLD.get(standing.status, told).format(rule)


def own_at(control: ControlModel, behind: Backing | None, place: Place) -> Own:
    """What stands behind a control at a place.

    An attestation counts where it covers the place; what a provider has to show counts wherever it touches it.
    """
    if behind is None:
        return Own(control, (), (), ())
    standings = tuple((name, ruling.at(place), coverage) for name, (ruling, coverage) in sorted(behind.rulings.items()))
    attestations = tuple(one for one in behind.statements if one.kind == "attestation" and _covers(one, place))
    providers = tuple(one for one in behind.statements if one.kind == "responsibility" and one.state != "ours" and _counts(one, place))
    return Own(control, standings, attestations, providers)


def _covers(one: Statement, place: Place) -> bool:
    return place.covered_by(one.document.site, one.document.client)


def _counts(one: Statement, place: Place) -> bool:
    """A provider that stands behind a part of a place only does not help there; one that does not show its part harms."""
    if one.state == "applied" and one.party == "provider":
        return _covers(one, place)
    return place.touched_by(one.document.site, one.document.client)


def _distinct(behind: Backing, place: Place) -> tuple[object, ...]:
    standings = tuple(ruling.at(place) for ruling, _ in behind.rulings.values())
    return (*standings, *((_covers(one, place), _counts(one, place)) for one in behind.statements if place != ORGANISATION))


def signature(behind: Mapping[str, Backing], place: Place) -> tuple[object, ...]:
    """Equal for places at which all controls come to the same."""
    return tuple(_distinct(one, place) for one in behind.values())
