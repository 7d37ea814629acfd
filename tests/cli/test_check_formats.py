"""`ccpolicy check`: several forms of one report in one run, and where each goes."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ccpolicy.assessment.run import assess
from ccpolicy.reports.formats import FORMATS
from tests.cli.conftest import Run, put, queue_config


def test_one_assessment_is_written_in_every_form(centre: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file holds what a run of its own would print; the documents are judged once."""
    judged = 0

    def counted(*args: Any) -> Any:
        nonlocal judged
        judged += 1
        return assess(*args)

    monkeypatch.setattr("ccpolicy.cli.checking.assess", counted)
    pairs = [part for form in FORMATS for part in ("--format", form, "--output", tmp_path / f"report.{form}")]
    ran = run("check", centre, *pairs)
    assert (ran.code, ran.out, judged) == (1, "", 1)
    assert ran.err.splitlines() == [f"the report is in {tmp_path / f'report.{form}'}" for form in FORMATS]
    for form in FORMATS:
        alone = run("check", centre, "--format", form)
        assert (tmp_path / f"report.{form}").read_text("utf-8") == alone.out


@pytest.mark.parametrize(
    ("options", "printed", "written"),
    [
        (("--format", "csv", "--output", "a", "--format", "json"), "json", {"a": "csv"}),
        (("--format", "json", "--format", "csv", "--output", "a"), "json", {"a": "csv"}),
        (("--output", "a", "--format", "csv"), "", {"a": "csv"}),
        (("--output", "a", "--format", "csv", "--format", "json"), "json", {"a": "csv"}),
        (("--output", "a", "--output", "b", "--format", "csv", "--format", "json"), "", {"a": "csv", "b": "json"}),
        (("--format", "json", "--output", "-", "--format", "csv", "--output", "a"), "json", {"a": "csv"}),
        (("--output", "a"), "", {"a": "text"}),
        (("--output", "-"), "text", {}),
        (("--format=junit", "--output=a", "--format=csv"), "csv", {"a": "junit"}),
    ],
)
def test_forms_and_files_go_together_in_their_order(
    centre: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], printed: str, written: dict[str, str]
) -> None:
    """A form that no file follows goes to standard output, and so does one whose file is `-`."""
    monkeypatch.chdir(tmp_path)
    ran = run("check", centre, *options)
    assert form_of(ran.out) == printed
    assert {path.name: form_of(path.read_text("utf-8")) for path in tmp_path.iterdir() if path.is_file()} == written


def form_of(text: str) -> str:
    """Which form a report is, by its first characters."""
    starts = {"{": "json", '"rule"': "csv", "ccpolicy": "text", "<?xml": "junit"}
    return next((form for start, form in starts.items() if text.startswith(start)), text[:20])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "json", "--format", "csv"), ["`json` and `csv` would both go to standard output", "--format sarif --output"]),
        (("--format", "json", "--output", "-", "--format", "csv"), ["`json` and `csv` would both go to standard output"]),
        (
            ("--format", "json", "--output", "a", "--output", "b"),
            ["`--format` stands once and `--output` 2 times", "each file takes one form"],
        ),
        (("--output", "a", "--output", "b"), ["`--format` stands nowhere and `--output` 2 times"]),
        (
            ("--format", "json", "--format", "csv", "--format", "text", "--output", "a"),
            ["`--format` stands 3 times and `--output` once"],
        ),
        (("--format", "json", "--output", "a", "--format", "csv", "--output", "./a"), ["`a` would be written 2 times"]),
        (("--format", "json", "--output", "a", "--format", "srif", "--output", "b"), ["does not know `srif`", "did you mean `sarif`?"]),
        (("--format", "json", "--output", "a", "--format", "csv", "--output", "nowhere/b"), ["there is no folder `nowhere`"]),
        (("--format", "json", "--output", ""), ["`--output` takes the name of a file"]),
    ],
)
def test_forms_and_files_that_do_not_go_together_are_refused(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], words: list[str]
) -> None:
    """2, before any work is done, and nothing is written."""
    put(tmp_path / "e", a_json=queue_config())
    monkeypatch.chdir(tmp_path)
    ran = run("check", "e", *options)
    assert (ran.code, ran.out, sorted(path.name for path in tmp_path.iterdir())) == (2, "", ["e"])
    assert [word for word in words if word not in ran.err] == []


def test_none_of_several_reports_overwrites_evidence(centre: Path, run: Run, tmp_path: Path) -> None:
    """Nor is any other written then."""
    before = (centre / "ccpolicy.toml").read_bytes()
    ran = run("check", centre, "--format", "csv", "--output", tmp_path / "a", "--format", "json", "--output", centre / "ccpolicy.toml")
    assert (ran.code, (centre / "ccpolicy.toml").read_bytes(), (tmp_path / "a").exists()) == (2, before, False)
    assert "would overwrite" in ran.err


@pytest.mark.parametrize("form", FORMATS)
def test_a_config_names_any_form(tmp_path: Path, run: Run, form: str) -> None:
    """With the file it goes to."""
    put(tmp_path / "e", a_json=queue_config(), ccpolicy_toml=f'as_of = "2026-06-30"\nformat = "{form}"\noutput = "out"\n')
    assert run("check", tmp_path / "e").out == ""
    written = (tmp_path / "e" / "out").read_text("utf-8")
    assert written == run("check", tmp_path / "e", "--format", form, "--output", "-").out


def test_files_are_told_from_the_top_of_the_repository(tmp_path: Path, run: Run) -> None:
    """To code hosts; in the other forms they are relative to the config as ever."""
    put(tmp_path / "repo" / "centres" / "leeds", a_json=queue_config("none"), ccpolicy_toml='as_of = "2026-06-30"\n')
    asked = ("check", tmp_path / "repo" / "centres" / "leeds", "--rule", "recording/pause-on-payment")
    before = json.loads(run(*asked, "--format", "gitlab").out)
    (tmp_path / "repo" / ".git").write_text("gitdir: elsewhere\n")
    [entry] = json.loads(run(*asked, "--format", "gitlab").out)
    assert (before[0]["location"]["path"], entry["location"]["path"]) == ("a.json", "centres/leeds/a.json")
    assert '"uri": "centres/leeds/a.json"' in run(*asked, "--format", "sarif").out
    assert "::error file=centres/leeds/a.json,line=" in run(*asked, "--format", "github").out
    assert "`centres/leeds/a.json:" in run(*asked, "--format", "markdown").out
    assert next(csv.DictReader(run(*asked, "--format", "csv").out.splitlines()))["file"] == "a.json"


def test_junit_of_the_command_line_lists_every_document(tmp_path: Path, run: Run) -> None:
    """Also those beyond the passes that other reports keep."""
    records = [{**queue_config(id=f"q{place}")["data"], "id": f"q{place}"} for place in range(130)]
    put(tmp_path / "e", a_json={"kind": "queue-config", "observed_at": "2026-06-29", "records": records})
    ran = run("check", tmp_path / "e", "--rule", "recording/pause-on-payment", "--as-of", "2026-06-30", "--format", "junit")
    cases = list(ElementTree.fromstring(ran.out).iter("testcase"))
    assert [case.get("name") for case in cases if not len(case)] == [f"queue-config q{place}" for place in range(130)]


# ---- the summary of a step -----------------------------------------------------------------------------------------------------


def test_github_gets_a_step_summary(centre: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind what earlier commands of the step wrote; no other form writes one."""
    summary = tmp_path / "summary.md"
    summary.write_text("# earlier\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    run("check", centre, "--format", "sarif")
    assert summary.read_text() == "# earlier\n"
    ran = run("check", centre, "--format", "github")
    assert ran.out.startswith("::error file=")
    assert summary.read_text("utf-8") == "# earlier\n" + run("check", centre, "--format", "markdown").out


def test_a_step_summary_that_cannot_be_written_is_a_remark(centre: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is there, and the exit code is that of the check."""
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary.md"))
    ran = run("check", centre, "--format", "github")
    assert (ran.code, ran.out.startswith("::error file=")) == (1, True)
    assert ran.err.startswith(f"warning: the step summary cannot be written to `{tmp_path}/nowhere/summary.md`")
