"""`ccpolicy rules test --mutate`: what it prints, which survivors may be listed, and that processes change nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ccpolicy.assessment.cases import prepared
from ccpolicy.assessment.library import load_library
from ccpolicy.assessment.mutation import mutation_of
from ccpolicy.cli import workers
from ccpolicy.rulebook.load import load_cases
from tests.cli.conftest import Ran, Run
from tests.rulebook.shop import CHECK, GOOD, written

SMALL = """id: recording/pause
title: Queues
severity: low
controls:
  - {control: house-1/1.1, coverage: full, why: so}
applies_to: queue
require: {waits: {at_least: 12}}
message: "no"
remediation: yes.
"""
EDGE = {"12 is enough": (12, "pass"), "11 is not": (11, "fail"), "13 is enough": (13, "pass"), "nobody knows": (None, "undetermined")}
FAR = {"20 is enough": (20, "pass"), "3 is not": (3, "fail"), "nobody knows": (None, "undetermined")}
SURVIVORS_OF_FAR = ["require/waits:at_least 12->11", "require/waits:at_least 12->13", "require/waits:at_least->more_than"]


def cases_of(numbers: Mapping[str, tuple[int | None, str]]) -> str:
    """A cases file."""
    rows = [
        {
            "name": name,
            "as_of": "2026-06-30",
            "documents": [{"kind": "queue", "id": "q", "observed_at": "2026-06-30", "data": {} if waits is None else {"waits": waits}}],
            "expect": {"status": status},
        }
        for name, (waits, status) in numbers.items()
    ]
    return json.dumps({"rule": "recording/pause", "cases": rows})


def pack_of(folder: Path, numbers: Mapping[str, tuple[int | None, str]], survivors: str = "") -> Path:
    """The small pack with one rule, these cases, and perhaps a list of survivors."""
    files = {**GOOD, CHECK: SMALL, "checks/recording/pause.cases.json": cases_of(numbers)}
    return written(folder / "shop", {**files, "survivors.yaml": survivors} if survivors else files)


def tried(run: Run, pack: Path, *more: str) -> Ran:
    """`rules test --mutate` on that pack alone."""
    return run("rules", "test", "--no-shipped-rules", "--pack", pack, "--mutate", *more)


def test_cases_at_the_edge_kill_every_mutant(run: Run, tmp_path: Path) -> None:
    """0, with the score."""
    ran = tried(run, pack_of(tmp_path, EDGE))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "4 cases of 1 rule: 4 passed, 0 failed",
        "recording/pause: 4 of 4 mutants killed",
        "mutants of 1 rule: 4 of 4 killed (100.0 %), 0 accepted, 0 survived",
    ]


def test_cases_far_from_the_edge_let_mutants_live(run: Run, tmp_path: Path) -> None:
    """1, with each survivor, its line and what it changes."""
    pack = pack_of(tmp_path, FAR)
    ran = tried(run, pack)
    assert ran.code == 1
    assert ran.out.splitlines() == [
        "3 cases of 1 rule: 3 passed, 0 failed",
        "recording/pause: 1 of 4 mutants killed",
        f"  survived: require/waits:at_least 12->11 ({pack}/checks/recording/pause.yaml:7)",
        "    on `waits`, `at_least 12` becomes `at_least 11`",
        f"  survived: require/waits:at_least 12->13 ({pack}/checks/recording/pause.yaml:7)",
        "    on `waits`, `at_least 12` becomes `at_least 13`",
        f"  survived: require/waits:at_least->more_than ({pack}/checks/recording/pause.yaml:7)",
        "    on `waits`, `at_least` becomes `more_than`",
        "mutants of 1 rule: 1 of 4 killed (25.0 %), 0 accepted, 3 survived",
    ]


def listed(*rows: tuple[str, str, str]) -> str:
    """A list of survivors."""
    return "survivors:\n" + "".join(f"  - {{rule: {rule}, mutant: '{mutant}', reason: '{reason}'}}\n" for rule, mutant, reason in rows)


def test_survivors_that_are_listed_are_accepted(run: Run, tmp_path: Path) -> None:
    """0, and they are counted; the JSON has the reasons."""
    pack = pack_of(tmp_path, FAR, listed(*(("recording/pause", name, "it is the same") for name in SURVIVORS_OF_FAR)))
    ran = tried(run, pack)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1:] == [
        "recording/pause: 1 of 4 mutants killed, 3 accepted",
        "mutants of 1 rule: 1 of 4 killed (25.0 %), 3 accepted, 0 survived",
    ]
    found = tried(run, pack, "--format", "json").json["mutation"]
    assert {key: found[key] for key in ("killed", "total", "survived")} == {"killed": 1, "total": 4, "survived": 0}
    assert found["rules"][0]["survivors"][0] == {
        "mutant": "require/waits:at_least 12->11",
        "file": f"{pack}/checks/recording/pause.yaml",
        "line": 7,
        "sentence": "on `waits`, `at_least 12` becomes `at_least 11`",
        "accepted": "it is the same",
    }


@pytest.mark.parametrize(
    ("survivors", "words"),
    [
        (
            listed(("recording/pause", "require/waits:at_least->at_most", "so")),
            "survivors.yaml:2:5: this survivor of `recording/pause` is stale",
        ),
        (
            listed(("recording/pause", "require/waits:at_least 12->14", "so")),
            "survivors.yaml:2:5: `recording/pause` has no mutant `require/waits:at_least 12->14` (hint: did you mean",
        ),
        (
            listed(("recording/pausse", "x", "so")),
            "survivors.yaml:2:5: this survivor is of no rule: `recording/pausse` (hint: did you mean `recording/pause`?)",
        ),
        (
            listed(*[("recording/pause", SURVIVORS_OF_FAR[0], "so")] * 2),
            "survivors.yaml:3:5: this survivor of `recording/pause` is listed in line 2",
        ),
        (listed(("recording/pause", "x", "")), "survivors.yaml:2:"),
        ("survivors:\n  - {rule: recording/pause, mutant: x}\n", "survivors.yaml:2:"),
        ("survivor: []\n", "survivors.yaml:1:1:"),
        ("survivors: [\n", "survivors.yaml:2:1:"),
    ],
)
def test_what_is_wrong_with_a_list_of_survivors(run: Run, tmp_path: Path, survivors: str, words: str) -> None:
    """2, with the place of the entry: it is stale, or names what is not there, or is no entry."""
    ran = tried(run, pack_of(tmp_path, FAR, survivors))
    assert ran.code == 2
    assert words in ran.err


def test_a_list_of_survivors_is_read_only_where_mutants_are_asked_for(run: Run, tmp_path: Path) -> None:
    """The pack can be used although its list is broken."""
    pack = pack_of(tmp_path, EDGE, "survivors: [\n")
    assert run("rules", "test", "--no-shipped-rules", "--pack", pack).code == 0
    assert run("rules", "list", "--no-shipped-rules", "--pack", pack).code == 0


def test_a_case_that_fails_kills_nothing(run: Run, tmp_path: Path) -> None:
    """It fails for the rule itself, so that it says nothing about mutants."""
    ran = tried(run, pack_of(tmp_path, {**FAR, "12 is not": (12, "fail")}))
    assert ran.code == 1
    assert "recording/pause: 1 of 4 mutants killed" in ran.out


def test_a_bound_of_a_parameter_is_noticed_by_a_case_that_sets_it(tmp_path: Path) -> None:
    """The tighter bound refuses what the case sets."""
    rule = SMALL.replace("applies_to", "params: {least: {type: integer, default: 12, bounds: {at_most: 20}}}\napplies_to").replace(
        "12}}", "{param: least}}}"
    )
    row = json.loads(cases_of({"20 is enough": (20, "pass")}))
    row["cases"][0]["params"] = {"least": 20}
    folder = written(tmp_path / "shop", {**GOOD, CHECK: rule, "checks/recording/pause.cases.json": json.dumps(row)})
    library = load_library([(folder, "shop")], shipped_too=False)
    cases = [prepared(case, library) for case in load_cases(library.packs, library.rulebook.rules)[0]]
    found = mutation_of(library.rulebook.rules["recording/pause"], cases)
    assert "params/least/bounds/at_most:20->19" in found.killed
    assert "params/least/default:12->13" in [survivor.id for survivor in found.survivors]


# ---- processes -----------------------------------------------------------------------------------------------------------------


def test_processes_change_nothing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes, whether the work is done here or by several processes."""
    words = ("rules", "test", "recording/*", "--coverage", "--mutate")
    here = run(*words, "--jobs", "1")
    monkeypatch.setattr(workers, "WORTH_IT", 0)
    elsewhere: list[str] = []
    monkeypatch.setattr(workers, "try_rule", lambda name, *rest: elsewhere.append(name))
    there = run(*words, "--jobs", "2")
    assert elsewhere == []
    assert (there.code, there.out, there.err) == (here.code, here.out, here.err) == (0, here.out, here.err)


def test_no_process_is_started_for_a_handful_of_cases(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take longer to start than it saves."""
    monkeypatch.setattr(workers, "_in_processes", lambda *rest: pytest.fail("started"))
    assert run("rules", "test", "recording/*", "--mutate", "--jobs", "8").code == 0


def test_a_system_without_room_for_processes_does_it_all_in_one(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same result."""

    def refuse(*rest: object) -> None:
        raise OSError("no semaphores")

    words = ("rules", "test", "recording/*", "--mutate")
    alone = run(*words, "--jobs", "1")
    monkeypatch.setattr(workers, "WORTH_IT", 0)
    monkeypatch.setattr(workers, "_in_processes", refuse)
    assert run(*words, "--jobs", "2") == alone


def test_jobs_is_one_at_least(run: Run) -> None:
    """Wrong use otherwise."""
    assert run("rules", "test", "--jobs", "0").code == 2
