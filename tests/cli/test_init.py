"""`ccpolicy init`: a small example that shows a pass, a fail and what cannot be told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.cli.init import ABOUT, EXAMPLE
from tests.cli.conftest import Run


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_writes_the_example(tmp_path: Path, run: Run) -> None:
    """Every file of it, and says what to do next."""
    ran = run("init", tmp_path / "new" / "centre")
    assert (ran.code, ran.err) == (0, "")
    assert f"ccpolicy check {tmp_path / 'new' / 'centre'}" in ran.out
    assert tree(tmp_path / "new" / "centre") == tree(EXAMPLE)
    assert set(tree(EXAMPLE)) == set(ABOUT)


def test_the_working_directory_is_the_default(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """And other files in it are left alone."""
    (tmp_path / "notes.txt").write_text("mine")
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    assert tree(tmp_path) == {**tree(EXAMPLE), "notes.txt": b"mine"}
    assert run("check").code == 1


def test_the_example_shows_every_verdict(centre: Path, run: Run) -> None:
    """Pass, fail, undetermined and not applicable; nothing about its documents is wrong."""
    ran = run("check", centre, "--format", "json")
    counts = {rule["id"]: rule["counts"] for rule in ran.json["rules"]}
    one_of_each = {"fail": 1, "undetermined": 1, "waived": 0, "pass": 1, "not_applicable": 1}
    assert ran.code == 1
    assert ran.json["problems"] == []
    assert counts["recording/pause-on-payment"] == one_of_each
    assert counts["training/payment-agents"] == one_of_each
    assert counts["recording/retention-bounds"] == {**one_of_each, "undetermined": 0, "not_applicable": 0}
    assert {rule["population"] for rule in ran.json["rules"]} == {"complete"}


def test_the_text_report_of_the_example_shows_them_too(centre: Path, run: Run) -> None:
    """With the place of each."""
    out = run("check", centre).out
    assert "config/queues.yaml:18:" in out
    assert "evidence/agents.yaml:7:" in out
    assert "pause_mode is missing" in out


@pytest.mark.parametrize("name", sorted(ABOUT))
def test_nothing_is_overwritten(tmp_path: Path, run: Run, name: str) -> None:
    """If one file is there, none is written."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    ran = run("init", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err
    assert tree(tmp_path) == {name: b"mine"}


def test_a_dangling_link_is_not_followed(tmp_path: Path, run: Run) -> None:
    """It would write somewhere else."""
    (tmp_path / "a").mkdir()
    os.symlink(tmp_path / "elsewhere", tmp_path / "a" / "ccpolicy.toml")
    assert run("init", tmp_path / "a").code == 2
    assert not (tmp_path / "elsewhere").exists()


def test_all_or_nothing(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the third file cannot be written, the first two and the folders go."""
    opened = Path.open

    def full(self: Path, mode: str = "r", *rest: Any, **named: Any) -> Any:
        if mode == "xb" and self.name == "retention.yaml":
            raise OSError(28, "No space left on device", str(self))
        return opened(self, mode, *rest, **named)

    monkeypatch.setattr(Path, "open", full)
    ran = run("init", tmp_path / "new")
    assert ran.code == 2
    assert "no space left on device" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_no_folder(tmp_path: Path, run: Run) -> None:
    """It is refused, without a traceback."""
    (tmp_path / "file").write_text("mine")
    assert run("init", tmp_path / "file").code == 2
