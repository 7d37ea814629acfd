"""Which controls people have to vouch for, and which of these anybody does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ccpolicy.assessment.control import Standing
from ccpolicy.assessment.needs import needs_of
from ccpolicy.assessment.premises import Premises
from ccpolicy.assessment.repairs import repairs_in
from ccpolicy.assessment.statements import Statement


def to_attest(premises: Premises) -> tuple[str, ...]:
    """The controls that hold by an attestation only, whatever rules find; headings ask for nothing themselves.

    Those of a role that is not stated are among them: nobody says that they do not bind.
    """
    register = premises.register
    entries = {name: replace(entry, requires=()) for name, entry in register.entries.items()}
    rulings = tuple(replace(ruling, whole=Standing("pass"), places={}) for ruling in premises.rulings)
    roles = {role: premises.roles.get(role, True) for entry in entries.values() for role in entry.control.roles}
    alone = replace(
        premises, register=replace(register, entries=entries), rulings=rulings, statements=(), roles=roles, places=(), whole=True
    )
    needs = needs_of(alone, repairs_in(alone))
    needed = {repair.name for need in needs.of.values() for repair in need}
    return tuple(name for name, entry in entries.items() if name in needed and entry.control.kind != "heading")


def vouched_for(controls: Iterable[str], statements: Iterable[Statement]) -> Mapping[str, tuple[Statement, ...]]:
    """By control, what people and providers state of it, valid or not."""
    found: dict[str, list[Statement]] = {name: [] for name in controls}
    for one in statements:
        if one.control in found and one.state != "ours":
            found[one.control].append(one)
    return {name: tuple(own) for name, own in found.items()}
