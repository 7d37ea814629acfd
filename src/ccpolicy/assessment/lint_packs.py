"""Packs, linted: their files, and what all packs of the run know about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from ccpolicy.analysis.lint.bound import Bound
from ccpolicy.analysis.lint.lint import CatalogueFile, DefinitionFile, RuleFile, Subject, World
from ccpolicy.analysis.lint.run import Linted, linted
from ccpolicy.analysis.lint.silences import read_silences
from ccpolicy.analysis.lint.table import LINTS
from ccpolicy.analysis.lint.twins import twins_of
from ccpolicy.analysis.lint.unused import met_by
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.lint_cases import undecided_in
from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.definitions import load_definitions
from ccpolicy.rulebook.ledger import Definition
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.rule import Case, Rule
from ccpolicy.rulebook.sources import is_cases, unique_files

_LINTED = frozenset({"no-cases", "untried-status", "duplicate-name"})  # what lints say of cases themselves


def lint_packs(library: Library, packs: Sequence[Pack], wanted: Collection[str] | None = None) -> list[Linted]:
    """What the lints find in each of the packs; only in some rules, if they are given. Raises Refused where cases or silences are wrong."""
    problems: list[Problem] = []
    cases, wrong = _cases(library)
    problems += wrong
    definitions, _ = load_definitions(library.packs, library.kinds, problems)
    subjects = [list(_subjects(pack, library, cases, definitions, problems)) for pack in packs]
    silences = []
    for pack, own in zip(packs, subjects, strict=True):
        try:
            silences.append(read_silences(pack, LINTS, [subject.name for subject in own]))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(sorted(set(problems)))
    chosen = [[file for file in own if wanted is None or file.name in wanted] for own in subjects]
    world = _world(library, [file.rule for own in chosen for file in own if isinstance(file, RuleFile)], cases)
    return [linted(own, world, *silence, whole=wanted is None) for own, silence in zip(chosen, silences, strict=True)]


def _cases(library: Library) -> tuple[Mapping[str, Sequence[Case]], list[Problem]]:
    found, wrong = load_cases(library.packs, library.rulebook.rules)
    by_rule: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        by_rule[case.rule].append(case)
    return by_rule, [problem for problem in wrong if problem.code not in _LINTED]


def _world(library: Library, rules: Sequence[Rule], cases: Mapping[str, Sequence[Case]]) -> World:
    return World(
        kinds=library.kinds,
        titles=library.titles,
        bounds=dict(_bounds(library.catalogues)),
        met=met_by(library.rulebook.rules),
        twins=twins_of(_shipped_first(library)),
        undecided=undecided_in(rules, cases, library),
    )


def _shipped_first(library: Library) -> dict[str, Rule]:
    """The rules by id, those of the user's packs last: of two equal ones, it is the user's that is found."""
    shipped = tuple(pack.name_of("checks", "") for pack in library.packs if not pack.given)
    return dict(sorted(library.rulebook.rules.items(), key=lambda item: (not item[1].file.startswith(shipped), item[0])))


# ---- the files of a pack -------------------------------------------------------------------------------------------------------


def _subjects(
    pack: Pack,
    library: Library,
    cases: Mapping[str, Sequence[Case]],
    definitions: Mapping[str, Definition],
    problems: list[Problem],
) -> Iterator[Subject]:
    beside = {name.removesuffix(".cases"): text for text, name in unique_files([pack], "checks", is_cases, problems)}
    for text, name in unique_files([pack], "checks", lambda below: not is_cases(below), problems):
        rule = library.rulebook.rules[name]
        if rule.file == text.shown:  # else it is a copy of a rule of another pack
            yield RuleFile(name, text, rule, tuple(cases.get(name, ())), beside.get(name))
    for text, name in unique_files([pack], "definitions", lambda below: True, problems):
        yield DefinitionFile(f"definitions/{name}", text, definitions[name])
    for text, name in unique_files([pack], "catalogues", lambda below: True, problems):
        yield CatalogueFile(f"catalogues/{name}", text)


# ---- bounds of controls --------------------------------------------------------------------------------------------------------


def _bounds(catalogues: Mapping[str, Catalogue]) -> Iterator[tuple[str, tuple[Bound, ...]]]:
    for catalogue in catalogues.values():
        for control in catalogue.controls.values():
            for name in (control.id, *control.aliases):
                yield f"{catalogue.id}/{name}", tuple(_of_control(control))


def _of_control(control: ControlModel) -> Iterator[Bound]:
    for name, parameter in control.parameters.items():
        kind, pattern = parameter.place
        yield Bound(
            name,
            kind,
            pattern,
            at_least=parameter.number("at_least"),
            at_most=parameter.number("at_most"),
            every=parameter.duration("every"),
            within=parameter.duration("within"),
            lesser=parameter.number("lesser"),
        )
