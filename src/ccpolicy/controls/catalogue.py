"""Catalogues: the controls of a standard and edition, with our own titles, never its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as File
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ControlModel(_Model):
    """A control as its catalogue states it."""

    id: str = Field(min_length=1)
    parent: str | None = None
    title: str = Field(min_length=1)
    kind: Literal["heading", "requirement", "standard", "specification", "topic"]
    status: Literal["automated", "partial", "manual", "planned", "out_of_scope"]
    reason: str | None = None
    roles: list[str] = Field(default_factory=list)
    obligation: Literal["required", "addressable", "recommended"] | None = None
    applies_from: str | None = None
    superseded_by: str | list[str] | None = None
    aliases: list[str] = Field(default_factory=list)
    exemptions: str | list[Any] | None = None
    requires: list[str] = Field(default_factory=list)
    certainty: Literal["seen", "second_hand", "topic"] | None = None


class CatalogueModel(_Model):
    """A catalogue file."""

    id: str = Field(min_length=1)
    title: str
    edition: str
    publisher: str
    source: Any
    data_class: Literal["cardholder_data", "ephi", "personal_data"] | None = None
    controls: list[ControlModel] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A standard in one edition, with its controls by number."""

    id: str
    title: str
    edition: str
    controls: dict[str, ControlModel]


def load_catalogues(packs: Sequence[Pack]) -> dict[str, Catalogue]:
    """The catalogues of all packs by standard. Raises Refused with every problem."""
    problems: list[Problem] = []
    found: dict[str, Catalogue] = {}
    for pack in packs:
        for file, below in pack.files("catalogues"):
            try:
                catalogue = _catalogue(file, pack.name_of("catalogues", below))
            except Refused as refused:
                problems += refused.problems
                continue
            if catalogue.id in found and found[catalogue.id] != catalogue:
                message = f"the catalogue `{catalogue.id}` is defined differently in two packs"
                problems.append(Problem(pack.name_of("catalogues", below), 1, 1, "defined-twice", message))
            found.setdefault(catalogue.id, catalogue)
    if problems:
        raise Refused(sorted(set(problems)))
    return found


def _catalogue(file: File, shown: str) -> Catalogue:
    text = Text(file, shown)
    model = text.model(CatalogueModel)
    complaints: list[Complaint] = []
    controls: dict[str, ControlModel] = {}
    known = {control.id for control in model.controls}
    for number, control in enumerate(model.controls):
        at = ("controls", number)
        if control.id in controls:
            complaints.append(Complaint((*at, "id"), "duplicate-id", f"`{control.id}` stands twice"))
        if control.parent is not None and control.parent not in known:
            complaints.append(Complaint((*at, "parent"), "unknown-control", f"there is no control `{control.parent}`"))
        if control.status in ("manual", "planned", "out_of_scope") and not control.reason:
            complaints.append(Complaint(at, "missing-word", f"`{control.id}` is {control.status} and gives no `reason`"))
        controls[control.id] = control
    if file.name.rsplit(".", 1)[0] != model.id:
        complaints.append(Complaint(("id",), "wrong-id", f"the id is `{model.id}` and the file is `{file.name}`"))
    if complaints:
        raise Refused(text.problems(complaints))
    return Catalogue(model.id, model.title, model.edition, controls)


def control_titles(catalogues: Mapping[str, Catalogue]) -> dict[str, str]:
    """Every control id, `<standard>/<number>`, with its title; aliases count."""
    titles: dict[str, str] = {}
    for catalogue in catalogues.values():
        for control in catalogue.controls.values():
            for name in (control.id, *control.aliases):
                titles[f"{catalogue.id}/{name}"] = control.title
    return titles
