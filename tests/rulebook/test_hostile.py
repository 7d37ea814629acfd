"""Rule files that mean harm: every one is refused in a sentence, soon, and without a traceback."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.documents.source import read_value
from ccpolicy.rulebook.misreading import keys_of
from ccpolicy.rulebook.reading import MAX_FILE
from ccpolicy.rulebook.syntax import Condition
from tests.rulebook.shop import CATALOGUE, CHECK, DEFINITION, GOOD, RULE, as_json, edited, loaded, refusals, rule_problems

BARE: Any = read_value(RULE.encode(), "rule", "yaml")
SOON = 60  # seconds, on a machine that is busy; nothing here takes more than two on one that is not


def require(text: str) -> str:
    """The good rule with another `require`."""
    head, _, rest = RULE.partition("require:\n")
    return f"{head}require: {text}\nmessage:{rest.partition('message:')[2]}"


def nested(word: str, depth: int, inner: str = "{name: {is: x}}") -> str:
    """A predicate of this many words within one another."""
    opening, closing = ("{" + word + ": [", "]}") if word.endswith("_of") else ("{" + word + ": ", "}")
    return opening * depth + inner + closing * depth


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{last}'] * 9)}]\n" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "100,000 lists": ("[" * 100_000, "too-deep"),
    "100,000 maps": ("{a: " * 100_000, "too-deep"),
    "100,000 levels of require": (require(nested("not", 100_000)), "too-deep"),
    "100,000 levels of all_of": (require(nested("all_of", 100_000)), "too-deep"),
    "just too deep": (require(nested("not", 127)), "too-deep"),
    "50 MB": (b"id: x\n" + b"# " + b"a" * 50_000_000, "too-large"),
    "a billion laughs": (LAUGHS, "alias-bomb"),
    "an alias of itself": ("id: &a [*a]\n", "recursive-alias"),
    "no UTF-8": (RULE.encode().replace(b"Switch it on", b"Switch it \xff on"), "not-utf-8"),
    "UTF-16": (RULE.encode("utf-16"), "binary"),
    "NUL": (RULE.encode() + b"\0", "binary"),
    "an object of Python": ("id: !!python/object/apply:os.system [ls]\n", "unknown-tag"),
    "a merge key": (edited(RULE, ("params:\n", "params:\n  <<: {x: {type: text}}\n")), "merge-key"),
    "a number beyond measure": (edited(RULE, ("default: 90", "default: 1e999999999")), "number-too-large"),
    "a number of 10,000 digits": (edited(RULE, ("default: 90", "default: " + "9" * 10_000)), "number-too-large"),
    "a regex of a million characters": (edited(RULE, ("[A-Z][a-z]*", "[A-Z]" * 200_000)), "bad-pattern"),
    "a regex of 100,000 groups": (edited(RULE, ("[A-Z][a-z]*", "(" * 100_000 + ")" * 100_000)), "bad-pattern"),
    "a regex that counts to 10^12": (edited(RULE, ("[A-Z][a-z]*", "(((a{1000}){1000}){1000}){1000}")), "bad-pattern"),
    "a range the wrong way round": (edited(RULE, ("[A-Z][a-z]*", "[z-a]")), "bad-pattern"),
    "a word of a million letters": (edited(RULE, ("{is: true}", "{? " + "i" * 1_000_000 + " : true}")), "unknown-word"),
    "a path of a million steps": (edited(RULE, ("keep_for: {at_least: P90D}", "{? a" + ".a" * 500_000 + " : {is: 1}}")), "unknown-path"),
    "a path of half a character": (edited(RULE, ("keep_for: {", "\"['\\\\ud800']\": {")), "unknown-path"),
    "a path with a line break": (edited(RULE, ("keep_for: {", "\"['a\\nb']\": {")), "unknown-path"),
    "a time zone out of the folder": (edited(RULE, ("Europe/London", "../../../etc/passwd")), "unknown-timezone"),
    "a time zone that is a folder": (edited(RULE, ("Europe/London", "Europe")), "unknown-timezone"),
    "an empty time zone": (edited(RULE, ("Europe/London", '""')), "unknown-timezone"),
    "a time zone with a NUL": (edited(RULE, ("Europe/London", '"a\\0b"')), "unknown-timezone"),
    "10,000 mistakes": (require("{" + ", ".join(f"p{n}: {{iz: 1}}" for n in range(10_000)) + "}"), "unknown-word"),
    "10,000 unknown paths": (require("{" + ", ".join(f"p{n}: {{is: 1}}" for n in range(10_000)) + "}"), "unknown-path"),
    "null everywhere": ("".join(f"{line.partition(':')[0]}:\n" for line in RULE.splitlines() if line[:1].isalpha()), "null-argument"),
    "lists everywhere": ("".join(f"{line.partition(':')[0]}: [[]]\n" for line in RULE.splitlines() if line[:1].isalpha()), "wrong-type"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_soon(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """With its place, in a message that can be printed and read, and no noise of a library."""
    text, code = HOSTILE[name]
    start = time.monotonic()
    problems = rule_problems(tmp_path, text)
    assert time.monotonic() - start < SOON
    assert code in {problem.code for problem in problems}
    for problem in problems:
        assert (problem.file, problem.line > 0, problem.column > 0) == (f"shop/{CHECK}", True, True)
        assert len(str(problem).encode("utf-8").splitlines()) == 1
        assert len(str(problem)) < 1_200
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("word", "depth"), [("not", 125), ("all_of", 62), ("any_of", 62)])
def test_a_rule_as_deep_as_may_be_is_read(tmp_path: Path, word: str, depth: int) -> None:
    """Down to the limit of nesting, without a RecursionError."""
    assert rule_problems(tmp_path, require(nested(word, depth))) == ()


@pytest.mark.parametrize("inner", ["{name: {iz: x}}", "{nam: {is: x}}", "{name: {is: null}}", "{}", "{meets: pays}"])
def test_a_mistake_in_the_deep_is_told(tmp_path: Path, inner: str) -> None:
    """One complaint, however deep."""
    assert len(rule_problems(tmp_path, require(nested("not", 124, inner)))) == 1


def test_a_rule_of_10_000_conditions_is_read(tmp_path: Path) -> None:
    """In a time that grows with their number."""
    conditions = ", ".join(f"{{name: {{is_not: a{number}}}}}" for number in range(10_000))
    start = time.monotonic()
    assert rule_problems(tmp_path, require("{any_of: [" + conditions + "]}")) == ()
    assert time.monotonic() - start < SOON


def _chain(length: int, predicate: str) -> dict[str, str]:
    """Definitions each of which meets the next."""
    last = {f"definitions/d{length:05}.yaml": "on: queue\npredicate: {name: {is: x}}\n"}
    return last | {
        f"definitions/d{number:05}.yaml": f"on: queue\npredicate: {predicate.format(f'd{number + 1:05}')}\n" for number in range(length)
    }


@pytest.mark.parametrize(
    ("length", "predicate"),
    [
        (3_000, "{{meets: {0}}}"),
        (40, "{{any_of: [{{meets: {0}}}, {{meets: {0}}}]}}"),
        (50, "{{not: {{not: {{not: {{not: {{meets: {0}}}}}}}}}}}"),
    ],
)
def test_definitions_do_not_grow_without_bound(tmp_path: Path, length: int, predicate: str) -> None:
    """Neither as a chain, nor doubled at each step, nor as one deep predicate."""
    start = time.monotonic()
    problems = refusals(tmp_path, {**GOOD, **_chain(length, predicate)})
    assert time.monotonic() - start < SOON
    assert {problem.code for problem in problems} == {"too-deep"}


def test_a_chain_of_ten_definitions_is_read(tmp_path: Path) -> None:
    """What people write is far below the limits."""
    assert refusals(tmp_path, {**GOOD, **_chain(10, "{{meets: {0}}}")}) == ()


def test_all_parts_of_a_pack_have_the_limit_of_size(tmp_path: Path) -> None:
    """Catalogues, definitions and cases as well as rules."""
    tail = "# " + "a" * MAX_FILE
    files = {"catalogues/house-1.yaml": CATALOGUE + tail, "definitions/pays.yaml": DEFINITION + tail}
    problems = refusals(tmp_path, {**GOOD, "catalogues/house-1.yaml": files["catalogues/house-1.yaml"]})
    assert [(problem.code, problem.file) for problem in problems] == [("too-large", "shop/catalogues/house-1.yaml")]
    problems = refusals(tmp_path / "b", {**GOOD, "definitions/pays.yaml": files["definitions/pays.yaml"]})
    assert ("too-large", "shop/definitions/pays.yaml") in [(problem.code, problem.file) for problem in problems]


def test_a_link_that_leads_nowhere_is_no_file(tmp_path: Path) -> None:
    """It is left out, as a folder is."""
    loaded(tmp_path, GOOD)
    (tmp_path / "checks" / "gone.yaml").symlink_to(tmp_path / "nothing.yaml")
    (tmp_path / "checks" / "folder.yaml").mkdir()
    assert list(loaded(tmp_path, GOOD).rules) == ["recording/pause"]


VALUES: tuple[Any, ...] = (None, True, 0, 1.5, "x", [], [None], [{}], [[{}]], ["x"], {}, {"x": 1}, {"x": {}}, {"x": None}, {"x": []})
ARGUMENTS: tuple[Any, ...] = ({"param": []}, {"path": []}, {"path": "name", "plus": []}, {"where": {}}, {"at": 1}, {"id": "id", "next": []})
PLACES = ("name", "waits", "opened_on", "keep_for", "skills", "steps", "recording", "$late", "$scans", "$as_of", ".")
KEYS = [line.partition(":")[0] for line in RULE.splitlines() if line[:1].isalpha()]


@pytest.mark.parametrize("word", keys_of(Condition))
def test_no_argument_of_an_operator_breaks_the_reader(tmp_path: Path, word: str) -> None:
    """Whatever stands there, at whatever place, it is taken or refused."""
    rules = {
        f"checks/r{number}.json": as_json({**BARE, "id": f"r{number}", "require": {path: {word: value}}})
        for number, (path, value) in enumerate(product(PLACES, (*VALUES, *ARGUMENTS)))
    }
    assert all(problem.message for problem in refusals(tmp_path, {**GOOD, **rules}))


@pytest.mark.parametrize("word", KEYS)
def test_no_value_of_a_key_breaks_the_reader(tmp_path: Path, word: str) -> None:
    """Whatever stands there, it is taken or refused."""
    values = (*VALUES, *ARGUMENTS, {"month": None}, {"x": {"count": None}}, {"x": {"from": "scan", "as": "x", "key": None}})
    rules = {f"checks/r{number}.json": as_json({**BARE, "id": f"r{number}", word: value}) for number, value in enumerate(values)}
    assert all(problem.message for problem in refusals(tmp_path, {**GOOD, **rules}))
