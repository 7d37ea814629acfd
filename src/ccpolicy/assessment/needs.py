"""Which repairs each control needs: those without which it would not hold, though all the others were done."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from ccpolicy.assessment.behind import Backing, backings_of, signature
from ccpolicy.assessment.blocking import GOOD, requiring_of, spread
from ccpolicy.assessment.control import Place, Status, worst
from ccpolicy.assessment.premises import Premises
from ccpolicy.assessment.repairs import Repair, repaired
from ccpolicy.assessment.rollup import RollUp, bindings_of, looked_at


@dataclass(frozen=True, slots=True)
class Needs:
    """`of` gives the repairs that a control needs, all of them and only together, and `then` what every control comes to by all repairs.

    A control that does not hold even then needs what is no repair: it is in `then`, and not in `of`.
    """

    of: Mapping[str, frozenset[Repair]]
    then: Mapping[str, Status]


def needs_of(premises: Premises, repairs: Sequence[Repair]) -> Needs:
    """The needs of all controls.

    A control is as bad as the worst thing behind it, and each thing is put right by one repair alone. So a control holds exactly when all
    repairs that it needs are done; to find them, the roll-up is asked again without each of them, of what it can touch.
    """
    trial = _Trial(premises, repairs)
    then: dict[str, list[Status]] = {}
    lost: dict[str, set[Repair]] = {}
    for place in _distinct(premises):
        found = trial.at(place)
        for name, status in found.items():
            then.setdefault(name, []).append(status)
        for repair in repairs:
            for name in trial.lost_without(repair):
                lost.setdefault(name, set()).add(repair)
    settled = {name: worst(found) for name, found in then.items()}
    return Needs({name: frozenset(own) for name, own in lost.items() if settled[name] in GOOD}, settled)


def _distinct(premises: Premises) -> list[Place]:
    """One of the places at which all controls come to the same, whatever is repaired."""
    behind = backings_of(premises.register, premises.rulings, premises.statements)
    found: dict[tuple[object, ...], Place] = {}
    for place in looked_at(premises.places, premises.whole):
        found.setdefault(signature(behind, place), place)
    return list(found.values())


class _Trial:
    """The roll-up at a place when all is repaired, and again without one repair after another."""

    def __init__(self, premises: Premises, repairs: Sequence[Repair]) -> None:
        self._register = premises.register
        after = repaired(premises, repairs)
        self._behind: dict[str, Backing] = backings_of(after.register, after.rulings, after.statements)
        self._before = backings_of(premises.register, premises.rulings, premises.statements)
        self._run = RollUp(self._register, self._behind, bindings_of(premises.register, premises.roles, premises.as_of))
        self._rank = {entry.id: number for number, entry in enumerate(self._run.order)}
        self._requiring = requiring_of(self._register)
        self._changed = {repair: {name: self._backing(name, repair) for name in repair.controls} for repair in repairs}
        self._place = Place()
        self._plain: dict[str, Status] = {}  # before blocking
        self._final: dict[str, Status] = {}

    def at(self, place: Place) -> Mapping[str, Status]:
        """What every control comes to at a place when all is repaired."""
        self._place = place
        self._plain = self._run.unblocked(place)[1]
        self._final = dict(self._plain)
        spread(self._register, self._requiring, self._final)
        return {name: self._final[name] for name in self._register.entries}

    def lost_without(self, repair: Repair) -> Iterable[str]:
        """The controls that would not hold at the place if all but this were done."""
        statuses = dict(self._plain)
        self._run.behind = ChainMap(self._changed[repair], self._behind)
        touched = {
            *self._lowered(repair.controls, statuses),
            *(spread(self._register, self._requiring, statuses) if self._requiring else ()),
        }
        self._run.behind = self._behind
        return [name for name in touched if statuses[name] not in GOOD and self._final[name] in GOOD]

    def _lowered(self, controls: Iterable[str], statuses: dict[str, Status]) -> list[str]:
        """Asks again about these and those above them as far as anything changes, from below; the statuses are changed in place."""
        entries, bindings = self._register.entries, self._run.bindings
        waiting = sorted(self._rank[name] for name in controls)
        changed: list[str] = []
        while waiting:
            entry = self._run.order[heappop(waiting)]
            while waiting and waiting[0] == self._rank[entry.id]:
                heappop(waiting)
            status = self._run.again(entry, self._place, statuses)
            if status != statuses[entry.id]:
                statuses[entry.id] = status
                changed.append(entry.id)
            elif bindings[entry.id][0] != "not_applicable":  # one that does not bind lets those below it through
                continue
            if entry.parent in entries:
                heappush(waiting, self._rank[entry.parent])
        return changed

    def _backing(self, name: str, repair: Repair) -> Backing:
        """What would stand behind a control if all but this repair were done."""
        full, before = self._behind[name], self._before.get(name, Backing())
        match repair.sort:
            case "rule":
                return replace(full, rulings={**full.rulings, repair.name: before.rulings[repair.name]})
            case "responsibility":
                stale = {(one.document.id, one.pointer): one for one in repair.statements}
                return replace(full, statements=[stale.get((one.document.id, one.pointer), one) for one in full.statements])
            case "attestation":
                return replace(full, statements=[one for one in full.statements if one.document.id])
