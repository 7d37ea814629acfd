"""The controls of all catalogues under their full ids, with their children, what they require, and when and whom they bind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.documents.moment import read_date

Binding: TypeAlias = Literal["binds", "unstated", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A control with its links; all ids are `<standard>/<number>`."""

    id: str
    standard: str
    control: ControlModel
    parent: str
    children: tuple[str, ...]
    requires: tuple[str, ...]  # an id that no catalogue has stays as it is written


@dataclass(frozen=True, slots=True)
class Register:
    """All controls by full id, in the order of their catalogues."""

    entries: Mapping[str, Entry]
    aliases: Mapping[str, str]  # other full ids -> full id

    def find(self, name: str) -> str | None:
        """The full id of a control, of which an alias may be given; None if no catalogue has it."""
        return name if name in self.entries else self.aliases.get(name)

    def bottom_up(self) -> tuple[Entry, ...]:
        """All controls, children before their parents."""
        found = [entry for entry in self.entries.values() if not entry.parent]
        for entry in found:  # grows while it is walked
            found += [self.entries[child] for child in entry.children]
        return tuple(reversed(found))

    def binding(self, entry: Entry, roles: Mapping[str, bool], as_of: date) -> tuple[Binding, str]:
        """Whether a control binds an organisation of these roles on a day, and why not, or what is not stated."""
        control = entry.control
        since = read_date(control.applies_from)
        if since is not None and as_of < since:
            return "not_applicable", f"applies from {since.isoformat()}"
        if successors := self._successors(entry, as_of):
            return "not_applicable", f"superseded by {', '.join(successors)}"
        return _by_roles(control.roles, roles)

    def _successors(self, entry: Entry, as_of: date) -> tuple[str, ...]:
        """The controls that have taken its place; none while one of them is still to come, or is not known."""
        stated = entry.control.superseded_by
        names = [stated] if isinstance(stated, str) else stated or []
        found = [self.find(_full(entry.standard, name)) for name in names]
        known = [self.entries[name] for name in found if name is not None]
        begun = [one for one in known if (read_date(one.control.applies_from) or date.min) <= as_of]
        return tuple(names) if len(begun) == len(names) else ()


def _by_roles(wanted: list[str], roles: Mapping[str, bool]) -> tuple[Binding, str]:
    if not wanted or any(roles.get(role) is True for role in wanted):
        return "binds", ""
    unstated = [_spoken(role) for role in wanted if roles.get(role) is not False]
    if unstated:
        return "unstated", f"role not stated: {', '.join(unstated)}"
    return "not_applicable", f"binds {', '.join(_spoken(role) for role in wanted)} only"


def _spoken(role: str) -> str:
    return role.replace("_", " ")


def _full(standard: str, name: str) -> str:
    return name if "/" in name else f"{standard}/{name}"


def register_of(catalogues: Mapping[str, Catalogue]) -> Register:
    """The register of the catalogues."""
    children: dict[str, list[str]] = {}
    numbers = {f"{catalogue.id}/{number}" for catalogue in catalogues.values() for number in catalogue.controls}
    aliases: dict[str, str] = {}
    for catalogue in catalogues.values():
        for control in catalogue.controls.values():
            own = f"{catalogue.id}/{control.id}"
            children.setdefault(f"{catalogue.id}/{control.parent}", []).append(own)
            for alias in control.aliases:
                aliases.setdefault(f"{catalogue.id}/{alias}", own)
    entries: dict[str, Entry] = {}
    for catalogue in catalogues.values():
        for control in catalogue.controls.values():
            own, parent = f"{catalogue.id}/{control.id}", f"{catalogue.id}/{control.parent}"
            required = [_full(catalogue.id, name) for name in control.requires]
            entries[own] = Entry(
                own,
                catalogue.id,
                control,
                parent if parent in numbers else "",
                tuple(children.get(own, ())),
                tuple(name if name in numbers else aliases.get(name, name) for name in required),
            )
    return Register(entries, aliases)
