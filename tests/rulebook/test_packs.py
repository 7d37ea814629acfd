"""Packs: folders laid out like ours, what they are called, and what two of them may not say differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccpolicy.assessment.library import load_library
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.pack import Pack, pack_at, shipped
from tests.rulebook.mistakes import CASES
from tests.rulebook.shop import CATALOGUE, CHECK, DEFINITION, GOOD, RULE, edited, loaded, refusals, written


def refusal(folder: Path, shown: str = "mine") -> tuple[Problem, ...]:
    """Why the folder is no pack."""
    with pytest.raises(Refused) as refused:
        pack_at(folder, shown)
    return refused.value.problems


def test_a_folder_that_is_not_there_is_no_pack(tmp_path: Path) -> None:
    """Nor is a file."""
    hint = "a pack is a folder with checks/ and schemas/"
    assert refusal(tmp_path / "gone") == (Problem("mine", code="no-pack", message="there is no folder `mine`", hint=hint),)
    (tmp_path / "file").write_text("")
    assert [problem.code for problem in refusal(tmp_path / "file")] == ["no-pack"]


def test_a_folder_without_any_part_is_no_pack(tmp_path: Path) -> None:
    """It may be the wrong folder."""
    assert [str(problem) for problem in refusal(tmp_path)] == [
        "mine: this folder is no pack (hint: a pack has one of checks/, definitions/, catalogues/, crosswalks/, schemes/, schemas/)"
    ]


def test_all_folders_that_are_no_packs_are_told(tmp_path: Path) -> None:
    """Not only the first."""
    with pytest.raises(Refused) as refused:
        load_library([(tmp_path / "a", "a"), (tmp_path / "b", "b")], shipped_too=False)
    assert [problem.file for problem in refused.value.problems] == ["a", "b"]


@pytest.mark.parametrize("part", ["checks", "definitions", "catalogues", "crosswalks", "schemes", "schemas"])
def test_one_part_makes_a_pack(tmp_path: Path, part: str) -> None:
    """All are optional."""
    (tmp_path / part).mkdir()
    pack = pack_at(tmp_path, "mine/")
    assert (pack.id, pack.version, pack.name_of(part, "x.yaml")) == (tmp_path.name, "0", f"mine/{part}/x.yaml")
    assert list(pack.files(part)) == []


def test_a_pack_states_its_id_and_version(tmp_path: Path) -> None:
    """In pack.yaml."""
    written(tmp_path, {**GOOD, "pack.yaml": 'id: shop\nversion: "1.2"\n'})
    assert (pack_at(tmp_path, "x").id, pack_at(tmp_path, "x").version) == ("shop", "1.2")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("id: 1\n", "bad-pack"),
        ("- id\n", "bad-pack"),
        ("name: x\n", "bad-pack"),
        ("id: [\n", "truncated"),
        ("id: a\nid: b\n", "duplicate-key"),
    ],
)
def test_a_bad_pack_yaml_is_refused(tmp_path: Path, text: str, code: str) -> None:
    """With its line."""
    written(tmp_path, {**GOOD, "pack.yaml": text})
    (problem,) = refusal(tmp_path)
    assert (problem.file, problem.code, problem.line > 0) == ("mine/pack.yaml", code, True)


def test_the_digest_is_of_names_and_bytes(tmp_path: Path) -> None:
    """Not of where the folder lies, nor of what is no part of a pack."""

    def digest(name: str, files: dict[str, str]) -> str:
        return pack_at(written(tmp_path / name, files), name).sha256()

    assert digest("a", GOOD) == digest("b", {**GOOD, "README.md": "x", "checks/note.txt": "x"})
    assert digest("a", GOOD) != digest("c", {**GOOD, CHECK: RULE + "\n"})
    assert digest("d", {"checks/a.yaml": "x"}) != digest("e", {"checks/b.yaml": "x"})


def test_the_shipped_pack_is_there() -> None:
    """With rules, catalogues and schemas."""
    pack: Pack = shipped()
    assert not pack.given
    assert all(list(pack.files(part)) for part in ("checks", "catalogues", "schemas"))


@pytest.mark.parametrize(
    ("name", "other", "message"),
    [
        (
            CHECK,
            edited(RULE, ("severity: critical", "severity: low")),
            "`recording/pause` is defined differently in shop/checks/recording/pause.yaml",
        ),
        (
            "definitions/pays.yaml",
            edited(DEFINITION, ("is: payment", "is: pay")),
            "`pays` is defined differently in shop/definitions/pays.yaml",
        ),
        (
            "catalogues/house-1.yaml",
            edited(CATALOGUE, ("title: Pause", "title: Pausing")),
            "the catalogue `house-1` is defined differently in shop/catalogues/house-1.yaml",
        ),
    ],
)
def test_two_packs_may_not_define_one_id_differently(tmp_path: Path, name: str, other: str, message: str) -> None:
    """Whichever part it is of."""
    problems = refusals(tmp_path, GOOD, {name: other})
    assert [(problem.file, problem.code, problem.message) for problem in problems] == [(f"other/{name}", "defined-twice", message)]
    assert "another id" in problems[0].hint


def test_two_packs_may_say_the_same(tmp_path: Path) -> None:
    """The same bytes under the same name."""
    assert refusals(tmp_path, GOOD, {CHECK: RULE, "catalogues/house-1.yaml": CATALOGUE}) == ()


def test_one_name_with_two_extensions_is_one_id(tmp_path: Path) -> None:
    """Within one pack as well."""
    problems = refusals(tmp_path, {**GOOD, "checks/recording/pause.yml": RULE + "\n"})
    assert [(problem.file, problem.code) for problem in problems] == [("shop/checks/recording/pause.yml", "defined-twice")]


def test_packs_use_what_others_define(tmp_path: Path) -> None:
    """Kinds, controls and definitions."""
    rule = edited(RULE, ("id: recording/pause", "id: mine"))
    assert refusals(tmp_path, GOOD, {"checks/mine.yaml": rule}) == ()


@pytest.mark.parametrize("extension", ["yaml", "yml", "json"])
def test_a_cases_file_is_no_rule(tmp_path: Path, extension: str) -> None:
    """Whatever its extension."""
    text = CASES if extension != "json" else '{"rule": "recording/pause", "cases": []}'
    assert list(loaded(tmp_path, {**GOOD, f"checks/recording/pause.cases.{extension}": text}).rules) == ["recording/pause"]


def test_what_a_definition_reads_and_must_not_show_counts_for_every_rule_that_meets_it(tmp_path: Path) -> None:
    """Also through a definition that meets another."""
    met = {"definitions/inner.yaml": "on: queue\npredicate: {name: {free_of: [ssn]}}\n"}
    met["definitions/outer.yaml"] = "on: queue\npredicate: {waits: {is: 1}, meets: inner}\n"
    rule = GOOD[CHECK].partition("require:")[0] + "require: {meets: outer}\nmessage: no\nremediation: yes.\n"
    rulebook = loaded(tmp_path, {**GOOD, **met, CHECK: rule})
    assert {("queue", ("name",)), ("queue", ("waits",))} <= rulebook.rules["recording/pause"].reads
    assert rulebook.touched == {("queue", ("name",))}
