"""From rules to controls: the status of every control of the catalogues, at each site, for each client and on the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ccpolicy.assessment.behind import Backing, Own, Part, backings_of, own_at, signature
from ccpolicy.assessment.blocking import block
from ccpolicy.assessment.control import METHODS, ORGANISATION, STATUSES, ControlStatus, Place, Ruling, Status, worst
from ccpolicy.assessment.statements import Statement
from ccpolicy.controls.register import Binding, Entry, Register
from ccpolicy.documents.document import Claim

NAMED = 5  # children named in a note
_UNBOUND: tuple[Binding, ...] = ("unstated", "not_applicable")


def control_statuses(
    register: Register,
    rulings: Sequence[Ruling],
    statements: Sequence[Statement],
    roles: Mapping[str, bool],
    as_of: date,
    places: Iterable[Place] = (),
    whole: bool = True,
) -> tuple[ControlStatus, ...]:
    """Every control in the order of the register: the worst of all the places, and of the whole organisation unless that is left out."""
    behind = backings_of(register, rulings, statements)
    run = RollUp(register, behind, bindings_of(register, roles, as_of))
    by_place: dict[Place, dict[str, ControlStatus]] = {}
    same: dict[tuple[object, ...], dict[str, ControlStatus]] = {}
    for place in looked_at(places, whole):
        key = signature(behind, place)
        by_place[place] = same[key] if key in same else same.setdefault(key, run.at(place))
    return tuple(_everywhere([(place, found[name]) for place, found in by_place.items()]) for name in register.entries)


def bindings_of(register: Register, roles: Mapping[str, bool], as_of: date) -> dict[str, tuple[Binding, str]]:
    """Whether each control binds, and why not."""
    return {entry.id: register.binding(entry, roles, as_of) for entry in register.entries.values()}


def looked_at(places: Iterable[Place], whole: bool) -> list[Place]:
    """The places at which controls are looked at: the whole organisation first, unless it is left out for others."""
    apart = sorted({*places} - {ORGANISATION})
    return [ORGANISATION, *apart] if whole or not apart else apart


def _everywhere(at: Sequence[tuple[Place, ControlStatus]]) -> ControlStatus:
    """The worst, of equal ones the first: the whole organisation stands before its places."""
    place, lowest = min(at, key=lambda pair: STATUSES.index(pair[1].status))
    places = tuple((own, one.status) for own, one in at if own != ORGANISATION)
    if place == ORGANISATION or len(at) == 1:
        return replace(lowest, places=places) if places else lowest
    return replace(lowest, note=f"{place}: {lowest.note}" if lowest.note else str(place), places=places)


@dataclass(slots=True, eq=False)
class RollUp:
    """The roll-up at one place after another."""

    register: Register
    behind: Mapping[str, Backing]
    bindings: Mapping[str, tuple[Binding, str]]
    order: tuple[Entry, ...] = field(init=False)  # children before their parents
    assumptions: dict[str, tuple[Claim, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.order = self.register.bottom_up()
        self.assumptions = {name: _claims(one) for name, one in self.behind.items()}

    def at(self, place: Place) -> dict[str, ControlStatus]:
        """Every control at a place."""
        parts, statuses = self.unblocked(place)
        causes = block(self.register, statuses)
        results: dict[str, ControlStatus] = {}
        for entry in self.order:
            children = [results[child] for child in self._counted(entry, statuses)]
            cause = causes.get(entry.id, "")
            results[entry.id] = self._result(entry, statuses[entry.id], parts[entry.id], children, cause)
        return results

    def unblocked(self, place: Place) -> tuple[dict[str, list[Part]], dict[str, Status]]:
        """What stands behind every control at a place, and what it comes to before blocking."""
        parts: dict[str, list[Part]] = {}
        statuses: dict[str, Status] = dict.fromkeys(self.register.entries, "undetermined")
        for entry in self.order:
            parts[entry.id] = self._parts(entry, place, statuses)
            statuses[entry.id] = self._status(entry, parts[entry.id], statuses)
        return parts, statuses

    def again(self, entry: Entry, place: Place, statuses: Mapping[str, Status]) -> Status:
        """What a control comes to before blocking, where those below it come to these."""
        return self._status(entry, self._parts(entry, place, statuses), statuses)

    def _status(self, entry: Entry, parts: Iterable[Part], statuses: Mapping[str, Status]) -> Status:
        below = [statuses[child] for child in self._counted(entry, statuses)]
        return worst([*(part.status for part in parts), *below] or ["not_applicable"])

    def _parts(self, entry: Entry, place: Place, statuses: Mapping[str, Status]) -> list[Part]:
        binding, note = self.bindings[entry.id]
        if binding != "binds":
            return [Part("undetermined" if binding == "unstated" else "not_applicable", "none", note)]
        own: Own = own_at(entry.control, self.behind.get(entry.id), place)
        return own.parts(len(entry.children), len(self._counted(entry, statuses)))

    def _counted(self, entry: Entry, statuses: Mapping[str, Status]) -> list[str]:
        """The children that count; those of a control that does not bind say nothing about it."""
        return [] if self.bindings[entry.id][0] in _UNBOUND else self._standing_below(entry, statuses)

    def _standing_below(self, entry: Entry, statuses: Mapping[str, Status]) -> list[str]:
        """The children that count, and in the place of one that no longer binds (or not yet, or nobody here) those below it."""
        found: list[str] = []
        for child in entry.children:
            if statuses[child] != "not_applicable":
                found.append(child)
            elif self.bindings[child][0] == "not_applicable":
                found += self._standing_below(self.register.entries[child], statuses)
        return found

    def _result(self, entry: Entry, status: Status, parts: list[Part], children: list[ControlStatus], cause: str) -> ControlStatus:
        deciding = [part for part in parts if part.status == status or status == "blocked"]
        below = [child for child in children if child.status == status]
        every: list[Part | ControlStatus] = [*parts, *children]
        alternative = status in ("pass", "waived") and any(one.alternative for one in every)
        notes = [*(part.note for part in deciding), *_below(below, status), f"blocked by {cause}" if cause else ""]
        if status == "pass" and entry.control.obligation == "addressable" and not alternative:
            notes.insert(0, "implemented")
        behind = self.behind.get(entry.id)
        return ControlStatus(
            id=entry.id,
            status=status,
            method=min([*(one.method for one in deciding), *(one.method for one in below)], key=METHODS.index, default="none"),
            rules=tuple(sorted(behind.rulings)) if behind is not None else (),
            note="; ".join(dict.fromkeys(note for note in notes if note)),
            root_cause=cause,
            assumptions=self.assumptions.get(entry.id, ()),
            tainted=any(one.tainted for one in every),
            alternative=alternative,
            data_classes=_classes([one.data_classes for one in every]),
        )


def _claims(behind: Backing) -> tuple[Claim, ...]:
    found = {claim for ruling, _ in behind.rulings.values() for claim in ruling.assumptions}
    return tuple(sorted(found, key=lambda claim: (claim.kind, claim.file, claim.line, claim.by, claim.on)))


def _classes(stated: list[frozenset[str] | None]) -> frozenset[str]:
    """The classes that all documents are tagged with."""
    known = [classes for classes in stated if classes is not None]
    return frozenset.intersection(*known) if known else frozenset()


_WORDS: Mapping[Status, tuple[str, str]] = {
    "fail": ("fails", "fail"),
    "undetermined": ("is undetermined", "are undetermined"),
    "blocked": ("is blocked", "are blocked"),
    "waived": ("is waived", "are waived"),
}


def _below(children: Sequence[ControlStatus], status: Status) -> list[str]:
    """What its children do to it, the first few of them by number."""
    if status not in _WORDS or not children:
        return [f"{child.control} by its documented alternative" for child in children if child.alternative]
    named = ", ".join(child.control for child in children[:NAMED])
    more = f" and {len(children) - NAMED} more" if len(children) > NAMED else ""
    return [f"{named}{more} {_WORDS[status][len(children) > 1]}"]
