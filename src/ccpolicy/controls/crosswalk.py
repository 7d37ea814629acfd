"""Crosswalks: how the controls of one standard relate to those of another, link by link, and where the two pull apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path as File
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ccpolicy.controls.catalogue import Catalogue
from ccpolicy.controls.relations import Relation
from ccpolicy.documents.moment import Duration, read_date, read_duration
from ccpolicy.documents.pointer import Pointer
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class LinkModel(_Model):
    """A link as its file states it: `relation` and `target`, or several sources that together cover one control."""

    source: str | list[str]
    relation: Relation | None = None
    target: str | None = None
    covers: str | None = None
    rationale: Literal["semantic", "functional", "syntactic"]
    scope: Literal["activity", "data", "organisation"]
    why: str = Field(min_length=1)
    status: Literal["draft", "reviewed"]
    reviewed_by: list[str] = Field(default_factory=list)
    on: str | None = None
    origin: str = Field(min_length=1)


class BoundModel(_Model):
    """What one side asks of the object of a conflict: in words, and as an interval where it is one."""

    text: str = Field(min_length=1)
    at_least: str | int | None = None
    at_most: str | int | None = None


class ConflictModel(_Model):
    """Two controls that pull one object apart."""

    left: str
    right: str
    object: str = Field(min_length=1)
    left_bound: BoundModel
    right_bound: BoundModel
    resolution: str = Field(min_length=1)


class CrosswalkModel(_Model):
    """A crosswalk file."""

    between: list[str] = Field(min_length=2, max_length=2)
    links: list[LinkModel] = Field(default_factory=list)
    conflicts: list[ConflictModel] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """One control to another, by full ids. A whole standard as target says that no counterpart was found in it."""

    source: str
    target: str
    relation: Relation
    rationale: str
    scope: str
    why: str
    reviewed: bool
    reviewed_by: tuple[str, ...]
    on: date | None
    origin: str
    file: str


@dataclass(frozen=True, slots=True, order=True)
class Cover:
    """Controls that together, and only together, cover another."""

    sources: tuple[str, ...]
    target: str
    scope: str
    why: str
    reviewed: bool
    origin: str
    file: str


@dataclass(frozen=True, slots=True)
class Bound:
    """An interval (a missing end is open), or nothing but words."""

    text: str
    low: int | Duration | None = None
    high: int | Duration | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two controls that pull one object apart, and what resolves it."""

    left: str
    right: str
    object: str
    left_bound: Bound
    right_bound: Bound
    resolution: str
    file: str


@dataclass(frozen=True, slots=True)
class Crosswalks:
    """The links, covers and conflicts of all packs, sorted."""

    links: tuple[Link, ...] = ()
    covers: tuple[Cover, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def load_crosswalks(packs: Sequence[Pack], catalogues: Mapping[str, Catalogue]) -> Crosswalks:
    """The crosswalks of all packs. Raises Refused with every problem of their files; contradictions between links are not sought here."""
    problems: list[Problem] = []
    links: dict[tuple[str, str], Link] = {}
    covers: list[Cover] = []
    conflicts: list[Conflict] = []
    for pack in packs:
        for file, below in pack.files("crosswalks"):
            try:
                text, model = _read(file, pack.name_of("crosswalks", below), catalogues)
            except Refused as refused:
                problems += refused.problems
                continue
            problems += text.problems(_add_links(model, text.shown, catalogues, links))
            covers += _covers(model, text.shown, catalogues)
            conflicts += [_conflict(one, text.shown) for one in model.conflicts]
    if problems:
        raise Refused(sorted(set(problems)))
    return Crosswalks(
        tuple(sorted(links.values())), tuple(sorted(covers)), tuple(sorted(conflicts, key=lambda one: (one.left, one.right, one.object)))
    )


def _read(file: File, shown: str, catalogues: Mapping[str, Catalogue]) -> tuple[Text, CrosswalkModel]:
    text = Text(file, shown)
    model = text.model(CrosswalkModel)
    complaints = [*_about_name(model, file), *_about_links(model, catalogues), *_about_conflicts(model, catalogues)]
    if complaints:
        raise Refused(text.problems(complaints))
    return text, model


# ---- what can be wrong ---------------------------------------------------------------------------------------------------------


def _about_name(model: CrosswalkModel, file: File) -> Iterator[Complaint]:
    name = "--".join(model.between)
    if file.name.rsplit(".", 1)[0] != name:
        yield Complaint(("between",), "wrong-id", f"the file is `{file.name}`", f"name it {name}.yaml, or turn `between` round")


def _about_links(model: CrosswalkModel, catalogues: Mapping[str, Catalogue]) -> Iterator[Complaint]:
    left, right = model.between
    unknown = [standard for standard in model.between if standard not in catalogues]
    for standard in unknown:
        yield Complaint(("between",), "unknown-standard", f"no catalogue describes `{standard}`", did_you_mean(standard, catalogues))
    if unknown:
        return
    for number, link in enumerate(model.links):
        at: Pointer = ("links", number)
        yield from _about_form(link, at)
        yield from _about_review(link, at)
        for source in _sources(link):
            yield from _about_control(source, (*at, "source"), catalogues[left])
        target, word = (link.covers, "covers") if link.target is None else (link.target, "target")
        if target is not None and not (target == right and link.relation == "none"):
            yield from _about_control(target, (*at, word), catalogues[right])


def _about_form(link: LinkModel, at: Pointer) -> Iterator[Complaint]:
    several = isinstance(link.source, list)
    if several and (len(set(_sources(link))) < 2 or link.relation is not None or link.target is not None or link.covers is None):
        hint = "such as `source: [1.1, 1.2]` with `covers: 2.1`"
        yield Complaint(at, "bad-link", "several sources, two at least, together cover one control, and have no relation to it", hint)
    if not several and (link.relation is None or link.target is None or link.covers is not None):
        yield Complaint(at, "bad-link", "a link from one control has a `relation` and a `target`, and covers nothing", "")


def _about_review(link: LinkModel, at: Pointer) -> Iterator[Complaint]:
    if link.on is not None and read_date(link.on) is None:
        yield Complaint((*at, "on"), "bad-date", f"`{link.on}` is no date", "write it as 2026-06-30")
    if link.status == "reviewed" and (len({name.strip().casefold() for name in link.reviewed_by}) < 2 or link.on is None):
        message = "a reviewed link names two readers who agree, and the day"
        yield Complaint((*at, "status"), "bad-review", message, "fill `reviewed_by` and `on`, or call it a draft")


def _about_control(name: str, at: Pointer, catalogue: Catalogue) -> Iterator[Complaint]:
    if name not in catalogue.numbers:
        yield Complaint(at, "unknown-control", f"`{catalogue.id}` has no control `{name}`", did_you_mean(name, catalogue.numbers))


def _about_conflicts(model: CrosswalkModel, catalogues: Mapping[str, Catalogue]) -> Iterator[Complaint]:
    for number, conflict in enumerate(model.conflicts):
        for word, control in (("left", conflict.left), ("right", conflict.right)):
            standard, _, name = control.partition("/")
            if standard not in catalogues:
                hint = did_you_mean(standard, catalogues) or "a control is written <standard>/<number>"
                yield Complaint(("conflicts", number, word), "unknown-standard", f"no catalogue describes `{standard}`", hint)
            else:
                yield from _about_control(name, ("conflicts", number, word), catalogues[standard])
        for word, bound in (("left_bound", conflict.left_bound), ("right_bound", conflict.right_bound)):
            for end in ("at_least", "at_most"):
                value = getattr(bound, end)
                if isinstance(value, str) and read_duration(value) is None:
                    at = ("conflicts", number, word, end)
                    yield Complaint(at, "bad-duration", f"`{value}` is neither a number nor a duration", "such as P90D or P6Y")


# ---- from models to values -----------------------------------------------------------------------------------------------------


def _sources(link: LinkModel) -> list[str]:
    return [link.source] if isinstance(link.source, str) else link.source


def _add_links(
    model: CrosswalkModel, shown: str, catalogues: Mapping[str, Catalogue], links: dict[tuple[str, str], Link]
) -> Iterator[Complaint]:
    left, right = model.between
    for number, one in enumerate(model.links):
        if one.relation is None or one.target is None or not isinstance(one.source, str):
            continue
        source = f"{left}/{catalogues[left].numbers[one.source]}"
        target = right if one.target == right else f"{right}/{catalogues[right].numbers[one.target]}"
        reviewed = one.status == "reviewed"
        names = tuple(sorted(one.reviewed_by))
        link = Link(source, target, one.relation, one.rationale, one.scope, one.why, reviewed, names, read_date(one.on), one.origin, shown)
        earlier = links.setdefault((source, target) if source < target else (target, source), link)
        if earlier is not link:
            message = f"`{one.source}` and `{one.target}` are linked twice: here, and in {earlier.file} as {earlier.relation}"
            yield Complaint(("links", number), "defined-twice", message, "a pair is linked once")


def _covers(model: CrosswalkModel, shown: str, catalogues: Mapping[str, Catalogue]) -> Iterator[Cover]:
    left, right = model.between
    for one in model.links:
        if one.covers is not None:
            numbers = catalogues[left].numbers
            sources = tuple(sorted({f"{left}/{numbers[source]}" for source in _sources(one)}))
            target = f"{right}/{catalogues[right].numbers[one.covers]}"
            yield Cover(sources, target, one.scope, one.why, one.status == "reviewed", one.origin, shown)


def _conflict(one: ConflictModel, shown: str) -> Conflict:
    return Conflict(one.left, one.right, one.object, _bound(one.left_bound), _bound(one.right_bound), one.resolution, shown)


def _bound(model: BoundModel) -> Bound:
    return Bound(model.text, _end(model.at_least), _end(model.at_most))


def _end(value: str | int | None) -> int | Duration | None:
    return read_duration(value) if isinstance(value, str) else value
