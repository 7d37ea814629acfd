"""`python -m ccpolicy` as a program: what it imports, its streams, and hostile input."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccpolicy import __version__
from tests.cli.conftest import PAN, Run, put, queue_config

HEAVY = ("pydantic", "jsonschema", "jsonschema_rs", "orjson", "networkx", "rich", "yaml", "re2")


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["check", "--help"], ["rules", "test", "--help"], ["init", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    """It has to come at once."""
    code = f"import sys; from ccpolicy.cli.main import ccpolicy; ccpolicy({words!r}, standalone_mode=False)"
    code += f"; print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_version_and_help(program: Run) -> None:
    """On standard output, exit 0; the help has examples and exit codes."""
    assert program("--version") == program("--version")
    assert program("--version").out == f"ccpolicy {__version__}\n"
    out = program("--help").out
    assert "ccpolicy check . --as-of 2026-06-30" in out
    assert "3  input that could not be read, parsed or identified" in out


def test_no_command_is_wrong_use(program: Run) -> None:
    """The help stands on standard error."""
    ran = program()
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: ccpolicy" in ran.err


@pytest.mark.parametrize(
    ("files", "code"), [({"a_json": queue_config()}, 0), ({"a_json": queue_config("none")}, 1), ({}, 2), ({"a_json": "{"}, 3)]
)
def test_exit_codes(tmp_path: Path, program: Run, files: dict[str, object], code: int) -> None:
    """As a program, too."""
    put(tmp_path / "e", **files)
    assert program("check", "e", "--rule", "recording/pause-on-payment", "--as-of", "2026-06-30").code == code


def test_a_reader_that_goes_away_is_no_matter(tmp_path: Path) -> None:
    """No message; the exit code is that of the check."""
    put(tmp_path / "e", a_json=queue_config("none"))
    process = subprocess.Popen(
        [sys.executable, "-m", "ccpolicy", "check", str(tmp_path / "e")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), err) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_is_said(tmp_path: Path) -> None:
    """Wrong use, for want of a better word; no traceback, also not when Python ends."""
    put(tmp_path / "e", a_json=queue_config())
    with open("/dev/full", "w") as full:
        words = [sys.executable, "-m", "ccpolicy", "check", str(tmp_path / "e")]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "error: standard output cannot be written to: no space left on device\n")


def test_closed_streams_are_no_matter(tmp_path: Path) -> None:
    """Neither of them."""
    put(tmp_path / "e", a_json=queue_config("none"))
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        words = ["sh", "-c", f'"$0" -m ccpolicy check "$1" {closed}', sys.executable, str(tmp_path / "e")]
        assert subprocess.run(words, capture_output=True, check=False).returncode == 1


def test_a_terminal_that_knows_only_ascii(tmp_path: Path, program: Run) -> None:
    """Gets escapes, no traceback; JSON is UTF-8 everywhere."""
    put(tmp_path / "e", a_json=queue_config(id="é"))
    assert program("check", "e", PYTHONIOENCODING="ascii").out.isascii()
    assert "é" in program("check", "e", "--format", "json", PYTHONIOENCODING="ascii").out


def test_no_progress_without_a_terminal(tmp_path: Path, program: Run) -> None:
    """Standard error stays empty."""
    put(tmp_path / "e", a_json=queue_config())
    assert program("check", "e").err == ""


HOSTILE = [
    ("check", "."),
    ("check", "-"),
    ("check", ""),
    ("check", b"e/\xff"),
    ("check", "e/\x1b[2J"),
    ("check", "loop"),
    ("check", "pipe"),
    ("check", "/dev/null"),
    ("check", "e", "e", "e/a.json"),
    ("check", "e", "--rule", "["),
    ("check", "e", "--rule", ""),
    ("check", "e", "--as-of", "0000-00-00"),
    ("check", "e", "--as-of", "9999-12-31"),
    ("check", "e", "--param", "max_payment_days=" + "[" * 50_000),
    ("check", "e", "--param", "max_payment_days=1e999"),
    ("check", "e", "--param", f"max_payment_days={PAN}"),
    ("check", "e", "--param", f"{PAN}\x1b]0;x\x07=1"),
    ("check", "e", "--param", "max_payment_days={a: &x [*x]}"),
    ("check", "e", "--output", "loop/x"),
    ("check", "e", "--output", "e"),
    ("check", "e", "--pack", "loop"),
    ("check", "e", "--pack", "binary"),
    ("check", "e", "--pack", "deep"),
    ("check", "names"),
    ("check", "names", "--format", "json"),
    ("check", "config-binary"),
    ("check", "config-deep"),
    ("check", "config-output"),
    ("rules", "test", "--pack", "binary"),
    ("rules", "list", "--pack", ""),
    ("schemas", "show", "x" * 100_000),
    ("schemas", "list", "--pack", "network"),
    ("init", "e/a.json"),
    ("init", "/dev/null/x"),
    ("\x1b[31m",),
]


ALONE: set[str | bytes] = {".", b"e/\xff", "names", "deep", "config-deep", "init"}  # words for which a process of its own is started


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Files and folders that are out to break the program."""
    put(tmp_path / "e", a_json=queue_config())
    os.symlink("loop", tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "names").mkdir()
    for name in (b"\xff\x1b[31m.json", PAN.encode() + b".json", b"new\nline.json"):
        (tmp_path / "names" / os.fsdecode(name)).write_text("{")
    put(tmp_path / "binary" / "checks", a_yaml="\x00")
    put(tmp_path / "deep" / "checks", a_yaml="[" * 100_000)
    put(tmp_path / "network" / "schemas")
    (tmp_path / "network" / "schemas" / "n.schema.json").write_text('{"$ref": "https://example.org/x"}')
    put(tmp_path / "config-binary", ccpolicy_toml="\x00\x01", a_json=queue_config())
    put(tmp_path / "config-deep", ccpolicy_toml="a=" + "[" * 50_000, a_json=queue_config())
    put(tmp_path / "config-output", ccpolicy_toml='output = "a\\u0000b"', a_json=queue_config())
    return tmp_path


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: " ".join(str(word)[:30] for word in words).encode("unicode_escape").decode())
def test_nothing_prints_a_traceback(
    hostile: Path, program: Run, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str | bytes, ...]
) -> None:
    """Whatever is typed: an exit code of ours, no control characters on the terminal, no card numbers, no more than a screenful."""
    monkeypatch.chdir(hostile)
    ran = program(*words, cwd=hostile) if ALONE.intersection(words) else run(*words)
    assert ran.code in (0, 1, 2, 3)
    assert "\x1b" not in ran.out + ran.err
    assert PAN not in ran.out + ran.err
    assert len(ran.err) < 10_000
