"""The README says what is so: its transcripts are run, its files are written, its tables are compared with the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import pytest

from ccpolicy.assessment.library import load_library
from ccpolicy.cli.check import check
from ccpolicy.cli.main import EPILOG
from ccpolicy.documents.config import config_schema
from ccpolicy.documents.text import MAX_DEPTH, MAX_DOCUMENT
from ccpolicy.rulebook.syntax import Condition, Predicate, RuleModel
from tests.transcripts import fits, followed, renewed

TOP = Path(__file__).resolve().parent.parent
README = TOP / "README.md"
PAGES = ("README.md", "CONTRIBUTING.md", "SECURITY.md")


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


@pytest.mark.parametrize(
    ("shown", "printed", "renewal"),
    [
        ("one\n[...]\nfour: 3\n", "one\ntwo\nthree\nfour: 4\n", "one\n[...]\nfour: 4\n"),
        ("[...]\nthree: 3\n[...]\n", "one\ntwo\nthree: 4\nend\n", "[...]\nthree: 4\n[...]\n"),
        ("[...]\ntwo\nthree\n[...]\n", "one\ntwo\nnew\nthree\nend\n", "[...]\ntwo\nnew\nthree\n[...]\n"),
        ("one\ntwo\n", "one\n2\n", "one\n2\n"),
        ("", "one\n", "one\n"),
    ],
)
def test_what_is_renewed_leaves_out_what_was_left_out(shown: str, printed: str, renewal: str) -> None:
    """Lines that say something else now are found by the lines that they were."""
    assert renewed(shown, printed) == renewal


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


def test_the_sizes_of_the_shipped_pack_are_true() -> None:
    """Of rules and kinds the README says at least how many, rounded down; of catalogues and crosswalks how many."""
    library = load_library()
    told = re.search(
        r"over (\d+) rules, on over (\d+) kinds of documents, (\d+) catalogues of standards and (\d+) crosswalks", README.read_text("utf-8")
    )
    assert told is not None
    rules, kinds, *whole = (int(number) for number in told.groups())
    assert rules < len(library.rulebook.rules) < 2 * rules
    assert kinds <= len(library.kinds) < 2 * kinds
    assert whole == [len(library.catalogues), len({link.file for link in library.crosswalks.links})]


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
