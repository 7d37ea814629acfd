"""What `--changed-since` leaves out: never a finding that a full run would show as new."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccpolicy.assessment.changing import change_since
from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.changes import Sought
from ccpolicy.documents.config import Config, find_config
from ccpolicy.documents.document import Evidence
from ccpolicy.documents.revision import revision_at
from ccpolicy.errors import Problem
from tests.changes.centre import AS_OF, CONFIG, EVIDENCE, FILES, PACK
from tests.changes.repository import commit, repository, write

State = dict[str, bytes]
FIRST: State = {name: variants[0] for name, variants in FILES.items() if variants[0] is not None}


def loaded(folder: Path) -> tuple[Config, Library, Evidence]:
    """What a run of `check` on the folder starts from."""
    config = find_config([folder])
    library = load_library([(pack, os.path.relpath(pack, folder)) for pack in config.packs], shipped_too=False)
    return config, library, load_evidence([folder], config, library.kinds, date.fromisoformat(AS_OF), config.packs)


def full(folder: Path) -> Assessment:
    """A run over everything."""
    _, library, evidence = loaded(folder)
    return assess(library, evidence)


def since(folder: Path) -> Assessment:
    """A run over what changed since `main`."""
    config, library, evidence = loaded(folder)
    sought = Sought((folder,), config, config.packs)
    return assess(library, evidence, Wanted(change=change_since(revision_at("main", folder), sought, library, evidence)))


@st.composite
def edits(draw: st.DrawFn) -> tuple[State, State]:
    """A centre, and the same after an edit of a few of its files; some edits move a file to another name."""
    names = st.sampled_from([*EVIDENCE, *EVIDENCE, *PACK, *CONFIG])
    before: dict[str, bytes | None] = dict(FIRST)
    for name in draw(st.lists(names, max_size=5)):
        before[name] = draw(st.sampled_from(FILES[name]))
    after = dict(before)
    for name in draw(st.lists(names, min_size=1, max_size=3)):
        after[name] = draw(st.sampled_from(FILES[name]))
    if draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from(sorted(EVIDENCE)))
        after[f"e/moved/{name.rpartition('/')[2]}"] = after.pop(name, None)
    return _there(before), _there(after)


def _there(files: Mapping[str, bytes | None]) -> State:
    return {name: data for name, data in files.items() if data is not None}


@dataclass(frozen=True)
class Told:
    """What a full run says."""

    findings: frozenset[tuple[str, str]]  # fingerprint, and what it came to
    passed: frozenset[str]  # controls
    problems: tuple[Problem, ...]


def told(assessment: Assessment) -> Told:
    """What it says."""
    findings = frozenset((finding.fingerprint, finding.status) for finding in assessment.findings)
    return Told(findings, frozenset(one.id for one in assessment.controls if one.status == "pass"), assessment.problems)


def missed(earlier: Told, later: Told, partial: Told) -> list[str]:
    """What is wrong with a partial run, held against the full runs before and after an edit."""
    new = {one for one in later.findings - earlier.findings if one[1] != "waived"}
    wrong = ["a new finding is missing"] * (not new <= partial.findings)
    wrong += ["a finding is made up"] * (not partial.findings <= later.findings)
    wrong += ["a control passes that does not"] * (not partial.passed <= later.passed)
    return wrong + ["a problem is missing"] * (partial.problems != later.problems)


@given(edits())
def test_nothing_new_is_missed(tmp_path_factory: pytest.TempPathFactory, edit: tuple[State, State]) -> None:
    """Every finding after an edit that was not there before is in the partial run; no control passes that does not pass in the full run."""
    folder = tmp_path_factory.mktemp("centre")
    before, after = edit
    repo = repository(folder)
    commit(repo, before)
    repo.close()
    write(folder, before)
    earlier = told(full(folder))
    write(folder, after)
    assert missed(earlier, told(full(folder)), told(since(folder))) == []


def every_edit(name: str) -> Iterator[tuple[int, int]]:
    """From each content of a file to each other one."""
    yield from permutations(range(len(FILES[name])), 2)


@pytest.mark.parametrize("name", [name for name, variants in FILES.items() if len(variants) > 1])
def test_no_edit_of_one_file_is_missed(tmp_path: Path, name: str) -> None:
    """From each of its contents to each other, where all else is as it was."""
    states = [_there({**FIRST, name: data}) for data in FILES[name]]
    repo = repository(tmp_path)
    full_runs: list[Told] = []
    for state in states:
        write(tmp_path, state)
        full_runs.append(told(full(tmp_path)))
    for before, after in every_edit(name):
        commit(repo, states[before])
        write(tmp_path, states[after])
        assert (missed(full_runs[before], full_runs[after], told(since(tmp_path))), before, after) == ([], before, after)
    repo.close()
