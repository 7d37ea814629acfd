"""The library of a run: packs, kinds, catalogues and rules, loaded and checked together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path as File

from ccpolicy.controls.catalogue import Catalogue, control_titles, load_catalogues
from ccpolicy.controls.crosswalk import Crosswalks, load_crosswalks
from ccpolicy.controls.web import Web, check_web, web_of
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.load import load_rulebook
from ccpolicy.rulebook.pack import Pack, pack_at, shipped
from ccpolicy.rulebook.rule import Rulebook


@dataclass(frozen=True, slots=True)
class Library:
    """What a run brings along, before any evidence is read."""

    packs: tuple[Pack, ...]
    kinds: Mapping[str, Kind]
    catalogues: Mapping[str, Catalogue]
    rulebook: Rulebook
    titles: Mapping[str, str]  # of controls
    crosswalks: Crosswalks = field(default_factory=Crosswalks)
    web: Web = field(default_factory=dict)  # of the reviewed links


def load_library(folders: Sequence[tuple[File, str]] = (), shipped_too: bool = True) -> Library:
    """The shipped pack (unless left out) and the user's packs, as (folder, how to show it). Raises Refused with all problems."""
    return _load(folders, shipped_too) if folders or not shipped_too else _shipped()


@cache
def _shipped() -> Library:
    """The shipped pack alone is a part of the program: it is read once."""
    return _load((), shipped_too=True)


def _load(folders: Sequence[tuple[File, str]], shipped_too: bool) -> Library:
    problems: list[Problem] = []
    packs = _packs(folders, shipped_too, problems)
    kinds: Mapping[str, Kind] = {}
    catalogues: Mapping[str, Catalogue] = {}
    try:
        kinds = load_kinds([pack.schemas for pack in packs if pack.schemas.is_dir()])
    except Refused as refused:
        problems += refused.problems
    try:
        catalogues = load_catalogues(packs)
    except Refused as refused:
        problems += refused.problems
    if problems:
        raise Refused(problems)
    titles = control_titles(catalogues)
    crosswalks = load_crosswalks(packs, catalogues)
    web = web_of(crosswalks.links)
    check_web(web)
    return Library(tuple(packs), kinds, catalogues, load_rulebook(packs, kinds, titles), titles, crosswalks, web)


def _packs(folders: Sequence[tuple[File, str]], shipped_too: bool, problems: list[Problem]) -> list[Pack]:
    packs = [shipped()] if shipped_too else []
    for folder, shown in folders:
        try:
            packs.append(pack_at(folder, shown))
        except Refused as refused:
            problems += refused.problems
    return packs
