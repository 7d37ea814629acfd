"""The roles that an organisation can have: those that a control binds, and those that a rule looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from ccpolicy.assessment.library import Library
from ccpolicy.documents.path import Path


def known_roles(library: Library) -> frozenset[str]:
    """All roles that the catalogues and the rules of the packs name."""
    binding = {role for catalogue in library.catalogues.values() for control in catalogue.controls.values() for role in control.roles}
    return frozenset(binding.union(*(_looked_at(rule) for rule in library.rulebook.rules.values())))


def _looked_at(node: Any) -> Iterator[str]:
    """The `x` of each `$organisation.roles.x`, at every depth."""
    waiting = [node]
    while waiting:
        match waiting.pop():
            case Path("organisation", ("roles", str() as role, *_)):
                yield role
            case tuple() as parts:
                waiting += parts
            case Mapping() as parts:
                waiting += parts.values()
            case part if is_dataclass(part):
                waiting += [getattr(part, one.name) for one in fields(part)]
            case _:
                pass
