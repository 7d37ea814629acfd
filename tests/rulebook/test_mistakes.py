"""Typical mistakes of authors: each is refused at its line, in a sentence that says what to do, and all at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from ccpolicy.errors import Problem
from tests.rulebook.mistakes import FILES, REMARKS, RULE_EDITS, in_rule
from tests.rulebook.shop import CHECK, GOOD, RULE, edited, listing, loaded, refusals

GOLDEN = Path(__file__).parent / "golden" / "mistakes.txt"
WRITE = os.environ.get("CCPOLICY_GOLDEN") == "write"
MISTAKES: dict[str, Mapping[str, str]] = {**{name: in_rule(*edits) for name, edits in RULE_EDITS.items()}, **FILES}


def _golden() -> dict[str, str]:
    """The text of each mistake, by its name."""
    found: dict[str, str] = {}
    name = ""
    for line in GOLDEN.read_text("utf-8").splitlines(keepends=True) if GOLDEN.exists() else ():
        name = name if line.startswith("  ") else line.strip()
        found[name] = found.get(name, "") + line
    return found


KEPT = _golden()


def test_the_good_pack_is_good(tmp_path: Path) -> None:
    """What the mistakes are edits of."""
    assert refusals(tmp_path, GOOD) == ()


@pytest.mark.skipif(not WRITE, reason="CCPOLICY_GOLDEN=write writes the golden file anew, to be read before it is kept")
def test_writing(tmp_path: Path) -> None:
    """One file for all."""
    texts = [listing(name, refusals(tmp_path / str(number), files)) for number, (name, files) in enumerate(MISTAKES.items())]
    GOLDEN.write_text("".join(texts), "utf-8")


@pytest.mark.skipif(WRITE, reason="the golden file is being written")
@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_as_before(tmp_path: Path, name: str) -> None:
    """Golden text: place, sentence and hint."""
    assert listing(name, refusals(tmp_path, MISTAKES[name])) == KEPT.get(name)


@pytest.mark.parametrize(
    ("name", "warning"),
    [
        (
            "between upside down",
            "30:20: nothing is between these: the first bound is above the second (hint: the lowest comes first)",
        ),
        (
            "value outside of the schema",
            "19:30: `masc` is none of the values that the schema lists (hint: did you mean `mask`?)",
        ),
        (
            "anchors in a pattern",
            "21:14: in the pattern `^[A-Z][a-z]*$`, `^` and `$` stand for themselves "
            "(hint: leave them out: a pattern always matches the whole text)",
        ),
        (
            "key that is unique on neither side",
            "13:47: the join `scans` has a key that is unique on neither side: many documents may meet many foci "
            "(hint: state `x-unique-key` in a schema if it is unique)",
        ),
    ],
)
def test_what_is_hardly_meant_is_a_warning(tmp_path: Path, name: str, warning: str) -> None:
    """The rule is taken all the same."""
    book = loaded(tmp_path, in_rule(*REMARKS[name]))
    assert [str(found) for found in book.warnings] == [f"/{CHECK}:{warning}"]
    assert loaded(tmp_path / "good", GOOD).warnings == ()


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_in_form(tmp_path: Path, name: str) -> None:
    """With file, line and column, in lower-case sentences, each place told once."""
    problems = refusals(tmp_path, MISTAKES[name])
    assert problems
    for problem in problems:
        assert problem.file.removeprefix("shop/") in MISTAKES[name]
        assert problem.line >= 1
        assert problem.column >= 1
        assert problem.code
        assert _is_sentence(problem), str(problem)
    assert len({(problem.line, problem.column, problem.code, problem.message) for problem in problems}) == len(problems)


def _is_sentence(problem: Problem) -> bool:
    return not problem.message[0].isupper() and not problem.message.endswith(".") and "\n" not in problem.message


def test_no_mistake_is_left_in_the_golden_file_that_is_not_made() -> None:
    """The file is in step with the list."""
    assert WRITE or list(KEPT) == list(MISTAKES)


def test_all_mistakes_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    """Syntax, types, names and citations alike."""
    problems = refusals(tmp_path, MISTAKES["five at once"])
    assert [problem.code for problem in problems] == ["bad-value", "unknown-control", "unknown-word", "unknown-path", "unknown-param"]
    assert len(refusals(tmp_path / "ten", MISTAKES["ten at once"])) == 10


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Definitions and rules."""
    wrong = edited(RULE, ("keep_for: {", "keep_fro: {"))
    problems = refusals(tmp_path, {**FILES["definition on an unknown kind"], CHECK: wrong, "checks/other.yaml": wrong})
    files = ["checks/other.yaml", CHECK, "definitions/pays.yaml"]
    assert sorted({problem.file for problem in problems}) == [f"shop/{file}" for file in files]
