"""`ccpolicy baseline`, and `check` with --baseline and --diff."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.conftest import PAN, Run, put, queue_config

PAUSE = ("--rule", "recording/pause-on-payment", "--as-of", "2026-06-30")


@pytest.fixture
def failing(tmp_path: Path) -> Path:
    """A folder with one queue that fails."""
    return put(tmp_path / "e", a_json=queue_config("none"))


def test_from_findings_to_a_green_build(centre: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A baseline is written once, named in the config, and from then on only what is new fails."""
    monkeypatch.chdir(centre)
    assert run("check").code == 1
    ran = run("baseline", "write", "--output", "baseline.json", "--owner", "J. Doe", "--reason", "plan 7")
    assert (ran.code, ran.out, ran.err) == (0, "", "the baseline is in baseline.json: 6 entries\n")
    assert run("check", "--baseline", "baseline.json").code == 0
    config = (centre / "ccpolicy.toml").read_text()
    (centre / "ccpolicy.toml").write_text(f'baseline = "baseline.json"\n{config}')
    assert run("check").code == 0
    (centre / "config/queues.yaml").write_text((centre / "config/queues.yaml").read_text().replace("pause_mode: mask", "pause_mode: none"))
    ran = run("check")
    assert ran.code == 1
    assert "Exit 1: 1 new finding counts." in ran.out


def test_a_baseline_among_the_evidence_is_no_evidence(centre: Path, run: Run) -> None:
    """And it is written over itself; the same evidence gives the same bytes."""
    asked = ("baseline", "write", centre, "--output", centre / "evidence/known.json", "--owner", "A", "--reason", "B")
    assert run(*asked).code == 0
    before = (centre / "evidence/known.json").read_bytes()
    assert run(*asked).err.endswith(": 6 entries, 0 new\n")
    assert (centre / "evidence/known.json").read_bytes() == before
    assert [problem["file"] for problem in run("check", centre, "--format", "json").json["problems"]] == []


def test_the_config_says_where_it_is_written(failing: Path, run: Run) -> None:
    """Within its own folder only."""
    put(failing, ccpolicy_toml='baseline = "known.json"\n')
    assert run("baseline", "write", failing, *PAUSE).code == 0
    assert len(json.loads((failing / "known.json").read_text())["entries"]) == 1
    put(failing, ccpolicy_toml='baseline = "../known.json"\n')
    ran = run("check", failing, *PAUSE)
    assert ran.code == 2
    assert "`baseline` leads out of the folder of the config (hint: name the file by --baseline)" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("baseline", "write", "e"), "no file is named for the baseline (hint: such as `--output baseline.json`"),
        (("baseline", "write", "e", "--output", ""), "`--output` takes the name of a file"),
        (("baseline", "write", "e", "--output", "e/a.json"), "a.json:1:1: `baseline` is missing"),
        (("baseline", "write", "e", "--output", "no/b.json"), "there is no folder `no`"),
        (("baseline", "show", "no.json"), "there is no file `no.json`"),
        (("check", "e", "--baseline", "no.json"), "there is no file `no.json` (hint: `ccpolicy baseline write` makes a baseline)"),
        (("check", "e", "--baseline", "e"), "`e` cannot be read: is a directory"),
        (("check", "e", "--diff", "no.json"), "(hint: `ccpolicy check --format json --output FILE` writes a report)"),
        (("check", "e", "--diff", "e/a.json"), "a.json:1:1: this is no report of ours"),
        (("check", "e", "--diff", ""), "`--diff` takes the name of a file"),
    ],
)
def test_wrong_use_is_refused(
    failing: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """With exit 2 and what to do; the evidence stays as it was."""
    monkeypatch.chdir(tmp_path)
    before = (failing / "a.json").read_bytes()
    ran = run(*words)
    assert (ran.code, ran.out, (failing / "a.json").read_bytes()) == (2, "", before)
    assert told in ran.err


def test_all_that_is_wrong_with_baseline_and_report_is_told_at_once(failing: Path, tmp_path: Path, run: Run) -> None:
    """Each with its place."""
    put(tmp_path, base_json='{\n  "baseline": 1,\n  "entries": [}\n', report_json="[]")
    ran = run("check", failing, "--baseline", tmp_path / "base.json", "--diff", tmp_path / "report.json")
    assert ran.code == 2
    assert "base.json:3:15: this is no JSON" in ran.err
    assert "report.json:1:1: the file is no JSON object" in ran.err


def test_a_report_never_overwrites_the_baseline(failing: Path, tmp_path: Path, run: Run) -> None:
    """An earlier report may be overwritten, once it has been compared with."""
    known, report = tmp_path / "known.json", tmp_path / "report.json"
    assert run("baseline", "write", failing, "--output", known, *PAUSE).code == 0
    ran = run("check", failing, *PAUSE, "--baseline", known, "--output", known)
    assert ran.code == 2
    assert "which is read as evidence, config or baseline" in ran.err
    for _ in range(2):
        run("check", failing, *PAUSE, "--format", "json", "--output", report, *(("--diff", report) if report.exists() else ()))
    assert json.loads(report.read_text())["diff"]["same"] == 1


def test_the_working_directory_does_not_matter(failing: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Baseline and report are named relative to the config."""
    known, report = tmp_path / "known.json", tmp_path / "report.json"
    run("baseline", "write", failing, "--output", known, *PAUSE)
    run("check", failing, *PAUSE, "--format", "json", "--output", report)
    first = run("check", failing, *PAUSE, "--baseline", known, "--diff", report, "--format", "json")
    monkeypatch.chdir(tmp_path)
    assert run("check", "e", *PAUSE, "--baseline", "known.json", "--diff", "report.json", "--format", "json") == first
    assert (first.json["baseline"]["file"], first.json["diff"]["report"]) == ("../known.json", "../report.json")


def test_unreadable_input_is_told_and_the_rest_is_written(failing: Path, tmp_path: Path, run: Run) -> None:
    """With exit 3."""
    put(failing, broken_json="{")
    ran = run("baseline", "write", failing, "--output", tmp_path / "known.json", *PAUSE)
    assert ran.code == 3
    assert "warning: broken.json:1:2" in ran.err
    assert len(json.loads((tmp_path / "known.json").read_text())["entries"]) == 1


HOSTILE = f'\x1b[31m ##[error]x\n::error::{PAN} </text>,"=1+1'


def test_owners_and_reasons_of_others_steer_nothing(failing: Path, tmp_path: Path, run: Run) -> None:
    """Neither the terminal nor the log of a CI run, nor a spreadsheet; card numbers are taken out."""
    known = tmp_path / "known.json"
    run("baseline", "write", failing, "--output", known, *PAUSE)
    value = json.loads(known.read_text())
    value["entries"][0] |= {"owner": "=cmd|x", "reason": HOSTILE, "file": HOSTILE, "fingerprint": "0" * 64}
    known.write_text(json.dumps(value))
    shown = [run("baseline", "show", known, "--format", form).out for form in ("text", "csv", "json")]
    shown += [run("check", failing, *PAUSE, "--baseline", known, "--format", form).out for form in ("text", "json")]
    for text in shown:
        assert PAN not in text
        assert not set(text) & set("\x1b\x07")
    for text in (shown[0], shown[3]):
        assert [line for line in text.splitlines() if line.lstrip().startswith("::") or "##[" in line] == []
    row = next(csv.DictReader(shown[1].splitlines()))
    assert row["owner"] == "'=cmd|x"
    assert json.loads(shown[4])["baseline"]["stale"][0]["owner"] == "=cmd|x"


def test_a_report_in_the_place_of_a_baseline_is_named(failing: Path, tmp_path: Path, run: Run) -> None:
    """In one line, not key by key."""
    report = tmp_path / "report.json"
    run("check", failing, *PAUSE, "--format", "json", "--output", report, "--quiet")
    told = run("check", failing, *PAUSE, "--baseline", report)
    assert (told.code, told.out) == (2, "")
    [line] = told.err.splitlines()
    assert "this is a report, not a baseline" in line


@pytest.mark.parametrize("cell", ["\uff1d1+1", " =1+1", "a;=1+1"])
def test_no_owner_is_a_formula(failing: Path, tmp_path: Path, run: Run, cell: str) -> None:
    """Nor one in full width, behind a blank, or where a semicolon ends a cell."""
    known = tmp_path / "known.json"
    run("baseline", "write", failing, "--output", known, "--owner", cell, *PAUSE)
    row = next(csv.DictReader(run("baseline", "show", known, "--format", "csv").out.splitlines()))
    assert row["owner"] == cell.replace("a;", "a;'") if cell.startswith("a") else f"'{cell}"


def test_show_lists_the_entries_and_what_they_lack(failing: Path, tmp_path: Path, run: Run) -> None:
    """Sorted, in one line each."""
    known = tmp_path / "known.json"
    run("baseline", "write", failing, "--output", known, "--owner", "J. Doe", *PAUSE)
    head, line = run("baseline", "show", known).out.splitlines()
    assert head == f"{known}, of 2026-06-30: 1 entry"
    assert line == (
        "critical  recording/pause-on-payment  fail  a.json#/data/queues/0/recording/pause_mode  since 2026-06-30  J. Doe; no reason"
    )
