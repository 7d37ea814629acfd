"""`ccpolicy check`: the same bytes, files, colours, progress, and what is never printed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PAN, Run, put, queue_config


@pytest.mark.parametrize("form", ["text", "json"])
def test_two_runs_give_the_same_bytes(centre: Path, run: Run, form: str) -> None:
    """And so does a run with its arguments in another order."""
    first = run("check", centre / "config", centre / "evidence", "--rule", "recording/*", "--rule", "training/*", "--format", form)
    again = run("check", centre / "config", centre / "evidence", "--rule", "recording/*", "--rule", "training/*", "--format", form)
    turned = run("check", "--format", form, "--rule", "training/*", "--rule", "recording/*", centre / "evidence", centre / "config")
    assert first == again == turned


def test_the_order_of_packs_does_not_matter(tmp_path: Path, run: Run, pack: Path) -> None:
    """Packs are sorted."""
    put(tmp_path / "e", a_json=queue_config())
    (tmp_path / "other" / "definitions").mkdir(parents=True)
    asked = ("check", tmp_path / "e", "--as-of", "2026-06-30", "--format", "json")
    assert run(*asked, "--pack", pack, "--pack", tmp_path / "other") == run(*asked, "--pack", tmp_path / "other", "--pack", pack)


def test_the_working_directory_does_not_matter(centre: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are relative to the config, wherever the command is run."""
    first = run("check", centre, "--format", "json")
    monkeypatch.chdir(centre / "config")
    assert run("check", "..", "--format", "json") == first
    monkeypatch.chdir(centre)
    assert run("check", "--format", "json") == first


@pytest.mark.parametrize("form", ["text", "json"])
def test_output_holds_what_would_be_printed(centre: Path, run: Run, form: str) -> None:
    """The same bytes, the same exit code; only messages on standard error, and no file beside it is left."""
    printed = run("check", centre, "--format", form)
    written = run("check", centre, "--format", form, "--output", centre / "report")
    assert (written.code, written.out, written.err) == (1, "", f"the report is in {centre / 'report'}\n")
    assert (centre / "report").read_text("utf-8") == printed.out
    assert sorted(path.name for path in centre.iterdir()) == ["ccpolicy.toml", "config", "evidence", "report"]


def test_a_report_among_the_evidence_is_no_evidence(centre: Path, run: Run) -> None:
    """It may be written anew, and changes nothing."""
    for _ in range(3):
        assert run("check", centre, "--format", "json", "--output", centre / "report.json").code == 1
    assert (centre / "report.json").read_text() == run("check", centre, "--format", "json").out


@pytest.mark.parametrize("name", ["ccpolicy.toml", "config/queues.yaml", "evidence/training.csv"])
def test_a_report_never_overwrites_evidence(centre: Path, run: Run, name: str) -> None:
    """Nor the config."""
    before = (centre / name).read_bytes()
    ran = run("check", centre, "--output", centre / name)
    assert (ran.code, (centre / name).read_bytes()) == (2, before)
    assert "would overwrite" in ran.err


def test_a_config_writes_only_into_its_own_folder(tmp_path: Path, run: Run) -> None:
    """It comes with the evidence, from whoever wrote that."""
    put(tmp_path / "e", a_json=queue_config(), ccpolicy_toml='output = "../report.txt"\n')
    ran = run("check", tmp_path / "e")
    assert ran.code == 2
    assert "leads out of the folder" in ran.err
    assert not (tmp_path / "report.txt").exists()


def test_a_report_is_never_half_written(centre: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it cannot be written whole, what was there stays, and nothing else does."""

    def full(*args: Any) -> None:
        raise OSError(28, "No space left on device")

    (centre / "report").write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    ran = run("check", centre, "--output", centre / "report")
    assert (ran.code, (centre / "report").read_text()) == (2, "old")
    assert "no space left on device" in ran.err
    assert not list(centre.glob(".*"))


def test_output_to_a_device_writes_to_it(centre: Path, run: Run) -> None:
    """/dev/null stays what it is."""
    assert run("check", centre, "--output", "/dev/null").code == 1
    assert not Path("/dev/null").is_file()


def test_quiet_says_nothing_but_the_report(centre: Path, run: Run) -> None:
    """On standard error there is nothing at all."""
    assert run("check", centre, "--quiet", "--output", centre / "report").err == ""
    assert run("check", centre, "--quiet").code == 1


@pytest.mark.parametrize(
    ("options", "env", "coloured"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "0"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (("--no-color",), {"FORCE_COLOR": "1"}, False),
        (("--format", "json"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours(
    centre: Path, run: Run, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], env: dict[str, str], coloured: bool
) -> None:
    """None when not a terminal, unless forced; NO_COLOR and --no-color win."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    from ccpolicy.cli.screen import colour

    ran = run("check", centre, *options)
    assert colour("--no-color" in options) is (coloured or "json" in options)
    assert ("\x1b[" in ran.out) is coloured


def test_the_width_is_that_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """And 100 columns where there is none."""
    import sys

    from ccpolicy.cli.screen import width

    monkeypatch.setenv("COLUMNS", "72")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False, raising=False)
    assert width() == 100
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert width() == 72


def test_progress_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Files, then rules; nothing with --quiet, nothing when work is short."""
    import sys

    from ccpolicy.cli import progress

    def shown(terminal: bool, quiet: bool, patience: float) -> str:
        monkeypatch.setattr(progress, "PATIENCE", patience)
        monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)
        with progress.Bar(quiet, True) as bar:
            bar.read(1, 2)
            bar.judged(1, 2)
        found = capsys.readouterr()
        assert found.out == ""
        return found.err

    assert "reading files" in shown(True, False, 0)
    assert shown(True, False, 60) == shown(True, True, 0) == shown(False, False, 0) == ""


def test_card_numbers_are_in_no_message(tmp_path: Path, run: Run) -> None:
    """Whatever option they stand in."""
    put(tmp_path / "e", a_json=queue_config())
    for name in ("--format", "--as-of", "--standard", "--rule", "--site", "--client", "--param", "--pack", "--fail-on", f"--{PAN}"):
        ran = run("check", tmp_path / "e", name, PAN)
        assert ran.code == 2
        assert PAN not in ran.err + ran.out
        assert "<redacted>" in ran.err
