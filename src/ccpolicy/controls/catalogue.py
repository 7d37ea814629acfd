"""Catalogues: the controls of a standard and edition, with our own titles, never its text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ccpolicy.controls.parameters import ParameterModel, complaints_about
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.pointer import Pointer
from ccpolicy.errors import Problem, Refused, did_you_mean
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
    parameters: dict[str, ParameterModel] = Field(default_factory=dict)
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
    data_class: str | None = None  # which data it is about; None: all
    numbers: Mapping[str, str] = field(init=False, repr=False, compare=False)  # every name that a control goes by -> its number

    def __post_init__(self) -> None:
        names = {name: control.id for control in self.controls.values() for name in (control.id, *control.aliases)}
        object.__setattr__(self, "numbers", names)


def load_catalogues(packs: Sequence[Pack]) -> dict[str, Catalogue]:
    """The catalogues of all packs by standard. Raises Refused with every problem."""
    problems: list[Problem] = []
    found: dict[str, Catalogue] = {}
    seen: dict[str, str] = {}
    for pack in packs:
        for file, below in pack.files("catalogues"):
            shown = pack.name_of("catalogues", below)
            try:
                catalogue = _catalogue(file, shown)
            except Refused as refused:
                problems += refused.problems
                continue
            if catalogue.id in found and found[catalogue.id] != catalogue:
                message = f"the catalogue `{catalogue.id}` is defined differently in {seen[catalogue.id]}"
                problems.append(Problem(shown, 1, 1, "defined-twice", message, "give yours another id, or leave the shipped rules out"))
            found.setdefault(catalogue.id, catalogue)
            seen.setdefault(catalogue.id, shown)
    if problems:
        raise Refused(sorted(set(problems)))
    return found


def _catalogue(file: File, shown: str) -> Catalogue:
    text = Text(file, shown)
    made = text.attempt(CatalogueModel)
    read = _readable(text.value) if made.model is None else dict(enumerate(made.model.controls))
    complaints = [*made.complaints, *_about_controls(read)]
    name = file.name.rsplit(".", 1)[0]
    if made.model is not None and name != made.model.id:
        message = f"the id is `{made.model.id}`, and the file is `{file.name}`"
        complaints.append(Complaint(("id",), "wrong-id", message, f"write `id: {name}`, or name the file after the id"))
    if made.model is None or complaints:
        raise Refused(text.problems(complaints))
    model = made.model
    return Catalogue(model.id, model.title, model.edition, {control.id: control for control in model.controls}, model.data_class)


def _readable(value: Any) -> dict[int, ControlModel]:
    """The controls that can be read, by their position, whatever else is wrong with the file."""
    given = value.get("controls") if isinstance(value, dict) else None
    found: dict[int, ControlModel] = {}
    for number, item in enumerate(given if isinstance(given, list) else ()):
        with suppress(ValidationError):
            found[number] = ControlModel.model_validate(_known_part(item))
    return found


def _known_part(item: Any) -> Any:
    """The control without what its form refuses, as far as its links can still be followed."""
    if not isinstance(item, dict):
        return item
    kept = {word: value for word, value in item.items() if word in ControlModel.model_fields}
    for error in _errors(kept):
        word = str(error["loc"][0])
        kept.pop(word, None)
        kept |= {word: _STUBS[word]} if word in _STUBS else {}
    return kept


_STUBS = {"title": "-", "kind": "topic", "status": "partial"}


def _errors(item: Any) -> list[Any]:
    try:
        ControlModel.model_validate(item)
    except ValidationError as error:
        return list(error.errors(include_url=False))
    return []


def _about_controls(controls: Mapping[int, ControlModel]) -> Iterator[Complaint]:
    by_id: dict[str, int] = {}
    for number, control in controls.items():
        at: Pointer = ("controls", number)
        if control.id in by_id:
            message = f"`{control.id}` stands twice: it is control {by_id[control.id] + 1} of the file as well"
            yield Complaint((*at, "id"), "duplicate-id", message, "keep one of them")
        by_id.setdefault(control.id, number)
        if control.status in ("manual", "planned", "out_of_scope") and not control.reason:
            message = f"the control `{control.id}` is {control.status} and gives no `reason`"
            yield Complaint(at, "missing-word", message, _REASONS[control.status])
        if control.applies_from is not None and read_date(control.applies_from) is None:
            message = f"`{control.applies_from}` is no date"
            yield Complaint((*at, "applies_from"), "bad-date", message, "write the first day on which it binds, such as `2025-04-01`")
    for number, control in controls.items():
        for name, parameter in control.parameters.items():
            yield from complaints_about(parameter, ("controls", number, "parameters", name))
        yield from _about_links(control, ("controls", number), controls, by_id)


_REASONS = {
    "manual": "say what a person must show",
    "planned": "say what is still to come",
    "out_of_scope": "say why no rule can see it",
}


def _about_links(control: ControlModel, at: Pointer, controls: Mapping[int, ControlModel], by_id: Mapping[str, int]) -> Iterator[Complaint]:
    """Parents and required controls that there are none of, or that lead back to where they start."""
    stated = control.superseded_by
    successors = [stated] if isinstance(stated, str) else stated or []
    links = {"parent": [control.parent] if control.parent is not None else [], "requires": control.requires, "superseded_by": successors}
    for word, others in links.items():
        for other in others:
            if other not in by_id and (word == "parent" or "/" not in other):
                yield Complaint((*at, word), "unknown-control", f"the catalogue has no control `{other}`", did_you_mean(other, by_id))
    if _returns(control.id, "parent", controls, by_id):
        message = f"the parents of `{control.id}` lead back to it"
        yield Complaint((*at, "parent"), "cycle", message, "a control without parent stands on top")
    if _returns(control.id, "requires", controls, by_id):
        yield Complaint((*at, "requires"), "cycle", f"what `{control.id}` requires leads back to it", "let one of them require less")


def _returns(start: str, word: str, controls: Mapping[int, ControlModel], by_id: Mapping[str, int]) -> bool:
    """Whether the links from a control lead back to it; of each circle only its first control says so."""
    waiting, met = [start], set[str]()
    while waiting:
        control = controls[by_id[waiting.pop()]]
        links = control.requires if word == "requires" else [control.parent] if control.parent is not None else []
        if start in links:
            return by_id[start] == min(by_id[name] for name in {start, *met})
        fresh = [link for link in links if link in by_id and link not in met]
        met |= set(fresh)
        waiting += fresh
    return False


def control_titles(catalogues: Mapping[str, Catalogue]) -> dict[str, str]:
    """Every control id, `<standard>/<number>`, with its title; aliases count."""
    titles: dict[str, str] = {}
    for catalogue in catalogues.values():
        for control in catalogue.controls.values():
            for name in (control.id, *control.aliases):
                titles[f"{catalogue.id}/{name}"] = control.title
    return titles
