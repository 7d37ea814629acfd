"""The README says what is so: its transcripts are run, its files are written, its tables are compared with the code."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import pytest

from ccpolicy.cli.check import check
from ccpolicy.cli.door import BUG
from ccpolicy.cli.main import EPILOG
from ccpolicy.documents.config import config_schema
from ccpolicy.documents.text import MAX_DEPTH, MAX_DOCUMENT
from ccpolicy.rulebook.syntax import Condition, Predicate, RuleModel

TOP = Path(__file__).resolve().parent.parent
README = TOP / "README.md"
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md")
LEFT_OUT = "[...]"
TITLE = r"(?:^(?P<at>Add at the (?:top|end) of )?`(?P<file>[^`\n]+)`:\n\n)?"
BLOCK = re.compile(TITLE + r"^```(?P<form>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
READ_ONLY = {"sh"}  # make and pip: the tests are run by the one, and need no registry for the other


@dataclass(slots=True)
class Reader:
    """Somebody who types off the README, in a folder of their own."""

    folder: Path
    code: int = 0
    files: set[str] = field(default_factory=set)

    def follow(self, block: re.Match[str]) -> str:
        """Does what the block says; returns the block as it should be."""
        form, body = block["form"], block["body"]
        if form == "console":
            return block[0].replace(body, "".join(self._session(body)))
        if block["file"]:
            self._write(block)
        elif form not in READ_ONLY:
            raise AssertionError(f"a block that is neither run nor written: {body}")
        return block[0]

    def _write(self, block: re.Match[str]) -> None:
        file = self.folder / block["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        there = file.read_text("utf-8") if block["at"] else ""
        file.write_text(block["body"] + there if block["at"] and "top" in block["at"] else there + block["body"], "utf-8")
        self.files.add(block["file"])

    def _session(self, body: str) -> Iterator[str]:
        for entry in re.split(r"^(?=\$ )", body, flags=re.MULTILINE)[1:]:
            command, _, shown = entry.partition("\n")
            printed = self._run(shlex.split(command.removeprefix("$ "))) if command != "$ echo $?" else f"{self.code}\n"
            yield f"{command}\n{shown if fits(shown, printed) else printed}"

    def _run(self, words: list[str]) -> str:
        assert words[0] == "ccpolicy"
        kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "CCPOLICY_DEBUG")}
        words = [sys.executable, "-m", *words]
        done = subprocess.run(words, cwd=self.folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
        self.code = done.returncode
        assert done.returncode < BUG, done.stdout.decode()
        return done.stdout.decode()


def fits(shown: str, printed: str) -> bool:
    """Whether the lines shown are those printed, where `[...]` stands for one or more lines left out."""
    pieces = re.split(rf"^{re.escape(LEFT_OUT)}\n", shown, flags=re.MULTILINE)
    pattern = "(?:.*\n)+?".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, printed) is not None


def followed(text: str) -> str:
    """The README after somebody has done all it says: with what was really printed, where it showed something else."""
    with TemporaryDirectory() as folder:
        return BLOCK.sub(Reader(Path(folder)).follow, text)


def test_the_transcripts_and_the_tutorial_are_true() -> None:
    """Every command of the README, run in order among its files, prints what it shows. (`python -m tests.test_readme` renews it.)"""
    text = README.read_text("utf-8")
    assert followed(text) == text


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("a\nb\nc\n", True),
        ("a\n[...]\n", True),
        ("[...]\nc\n", True),
        ("a\n[...]\nc\n", True),
        ("a\n", False),
        ("a\nc\n", False),
        ("b\n[...]\n", False),
        ("a\nb\n[...]\nc\n", False),
        ("", False),
    ],
)
def test_what_is_left_out_is_marked(shown: str, same: bool) -> None:
    """Lines may be missing where `[...]` stands, and nowhere else."""
    assert fits(shown, "a\nb\nc\n") is same


def option_rows() -> list[str]:
    """The table of options, made from the help of `check`."""
    rows = ["| option | meaning |", "|---|---|"]
    for option in check.params:
        if isinstance(option, click.Option):
            shown = " ".join([*option.opts, *([option.metavar] if option.metavar else [])]).replace("|", "\\|")
            rows.append(f"| `{shown}` | {option.help} |")
    return rows


def section(title: str) -> str:
    """A section of the README by its title."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def test_the_options_are_those_of_the_help() -> None:
    """Each option of `ccpolicy check --help` stands in the README, in the same words."""
    assert [line for line in section("Options").splitlines() if line.startswith("|")] == option_rows()


def test_the_exit_codes_are_those_of_the_help() -> None:
    """In the same words as `ccpolicy --help`."""
    codes = re.findall(r"^  (\d)  (.+)$", EPILOG, re.MULTILINE)
    assert re.findall(r"^\| (\d) \| (.+) \|$", section("Exit codes"), re.MULTILINE) == codes
    assert len(codes) == 5


def test_the_keys_of_the_config_are_those_of_its_schema() -> None:
    """All of them, and no others."""
    rows = re.findall(r"^\| (`.+?) \|", section("Config"), re.MULTILINE)
    named = [word for row in rows for word in re.findall(r"`\[*(\w+)\]*`", row)]
    assert sorted(named) == sorted(config_schema()["properties"])


def words_of(*models: Any) -> set[str]:
    """The keys that the models of the rule file know."""
    return {name.alias or word for model in models for word, name in model.model_fields.items()}


def test_the_words_of_the_language_are_named() -> None:
    """Every operator stands in the table, and every other word of a condition or a rule in the README."""
    table = re.findall(r"`(\w+)`", "".join(line for line in section("The language in brief").splitlines() if line.startswith("|")))
    assert sorted(table) == sorted(words_of(Condition))
    named = set(re.findall(r"\w+", README.read_text("utf-8")))
    assert words_of(Predicate, RuleModel) - named <= {"timezone", "references"}


def test_the_limits_are_those_of_the_code() -> None:
    """The numbers of the README and of SECURITY.md are the numbers of the reader."""
    for text in (section("Limits"), (TOP / "SECURITY.md").read_text("utf-8")):
        assert f"{MAX_DEPTH} levels" in text
        assert f"{MAX_DOCUMENT // 1_000_000} MB" in text


@pytest.mark.parametrize("page", PAGES)
def test_what_the_pages_point_at_is_there(page: str) -> None:
    """Files, folders and targets of make that are named, unless they are patterns or the reader's own."""
    text = (TOP / page).read_text("utf-8")
    ours = r"`((?:src|tests|rules|schemas|fixtures|docs|benchmarks)/[\w./-]*\w/?)`"
    named = [*re.findall(ours, text), *re.findall(r"\]\((?!#)([^):]+)\)", text)]
    assert [name for name in named if not (TOP / name).exists()] == []
    targets = re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)`", text, re.MULTILINE)) <= {pair for t in targets for pair in ((t, ""), ("", t))}


if __name__ == "__main__":
    README.write_text(followed(README.read_text("utf-8")), "utf-8")
