"""Lints: each by the examples on its own page, silences, the shipped pack, and what the command prints."""

from __future__ import annotations

import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ccpolicy.analysis.lint.examples import BASE, example_pack
from ccpolicy.analysis.lint.lint import CASES, RULE, RuleFile, World
from ccpolicy.analysis.lint.pages import lint_ids, lint_page
from ccpolicy.analysis.lint.run import linted
from ccpolicy.analysis.lint.table import LINTS
from ccpolicy.analysis.lint.twins import twins_of
from ccpolicy.cli.main import ccpolicy
from ccpolicy.errors import Refused
from ccpolicy.reports.lint_json import LintReport
from ccpolicy.rulebook.pack import pack_at, shipped
from ccpolicy.rulebook.reading import Text
from tests.conformance import DATA, read_cases, world_of
from tests.rulebook.shop import edited, written

CATALOGUE = "catalogues/house-1.yaml"


def ran(*args: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a run."""
    result = CliRunner().invoke(ccpolicy, [str(arg) for arg in args], prog_name="ccpolicy", env={"NO_COLOR": "1"})
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return result.exit_code, result.stdout, result.stderr


def report(folder: Path, files: Mapping[str, str], *options: object) -> Any:
    """The JSON report on a pack of these files, linted alone."""
    code, out, err = ran("lint", written(folder / "house", files), "--no-shipped-rules", "--format", "json", *options)
    assert (code in (0, 1), err) == (True, "")
    found = json.loads(out)
    assert code == (1 if found["findings"] else 0)
    return found


def lints(folder: Path, files: Mapping[str, str], *options: object) -> list[str]:
    """The lints that find something in a pack of these files, sorted."""
    return sorted(finding["lint"] for finding in report(folder, files, *options)["findings"])


def ruled(*edits: tuple[str, str], **files: str) -> dict[str, str]:
    """The pack of the examples with its rule edited."""
    return {**BASE, RULE: edited(BASE[RULE], *edits), **files}


REQUIRE = "require: {longest_wait: {at_most: 60}}"


def requiring(text: str) -> dict[str, str]:
    """The pack of the examples with another `require`, and without cases, which would not fit."""
    files = ruled((REQUIRE, f"require: {text}"))
    del files[CASES]
    return files


def about(folder: Path, files: Mapping[str, str], lint: str) -> list[str]:
    """What one lint says of a pack of these files."""
    return [finding["message"] for finding in report(folder, files)["findings"] if finding["lint"] == lint]


# ---- the pages -----------------------------------------------------------------------------------------------------------------


def test_the_pack_that_the_examples_are_parts_of_is_clean(tmp_path: Path) -> None:
    """So that what an example shows is its own doing."""
    assert lints(tmp_path, BASE) == []


@pytest.mark.parametrize("lint", lint_ids())
def test_a_lint_finds_what_its_page_says_to_avoid(tmp_path: Path, lint: str) -> None:
    """And names a line of the file that the example is a part of, or of the rule beside it."""
    found = [finding for finding in report(tmp_path, example_pack(LINTS[lint], passes=False))["findings"] if finding["lint"] == lint]
    assert found
    assert {finding["file"].split("house/")[1] for finding in found} <= {LINTS[lint].file, *LINTS[lint].more, RULE}
    assert all(finding["line"] > 0 and finding["column"] > 0 and finding["message"] and finding["hint"] for finding in found)


@pytest.mark.parametrize("lint", lint_ids())
def test_a_lint_is_silent_on_what_its_page_says_to_prefer(tmp_path: Path, lint: str) -> None:
    """The page does not send its reader from one finding into the same one."""
    assert lint not in lints(tmp_path, example_pack(LINTS[lint], passes=True))


@pytest.mark.parametrize("lint", lint_ids())
def test_a_page_shows_both_examples_and_how_to_silence(lint: str) -> None:
    """Made from the table by which the lint is tested."""
    page = lint_page(lint)
    assert page.startswith(f"# {lint}\n\n{LINTS[lint].title}.\n\n## Why\n")
    assert LINTS[lint].failing in page
    assert LINTS[lint].passing in page
    assert "## Silence" in page


@pytest.mark.parametrize("lint", [name for name in lint_ids() if name != "stale-silence"])
def test_the_silence_on_a_page_silences_its_example(tmp_path: Path, lint: str) -> None:
    """Word for word."""
    entry = lint_page(lint).split("# lint.yaml\n")[-1].removesuffix("```\n")
    found = report(tmp_path, {**example_pack(LINTS[lint], passes=False), "lint.yaml": entry})
    assert lint not in [finding["lint"] for finding in found["findings"]]
    assert {"why it is meant"} == {finding["reason"] for finding in found["silenced"]}


# ---- what each lint tells apart ------------------------------------------------------------------------------------------------

WHY = "the longest wait shows whether callers reach an agent, not how they are served"
REMEDY = "remediation: Add agents at the peak, or offer to call back."
WORDS = [
    (("title: Callers", "title: callers"), "id-and-path", "the title starts with `c`"),
    (("agreed\nsev", "agreed.\nsev"), "id-and-path", "the title ends in `.`"),
    (("Callers wait no longer than was agreed", "Waiting"), "id-and-path", "the title `Waiting` is no sentence"),
    (("than was agreed", "than AGREED"), "id-and-path", "the title shouts `AGREED`"),
    ((WHY, " "), "missing-why", "`why` says nothing of `house-1/1`"),
    ((WHY, "house policy"), "missing-why", "only `house policy`"),
    (
        (WHY, "callers wait no longer, than was agreed"),
        "missing-why",
        "`why` repeats the title of the rule",
    ),
    ((REMEDY, "remediation: ' '"), "missing-remediation", "the remediation says nothing"),
    (
        (REMEDY, "remediation: callers wait no longer than was agreed!"),
        "missing-remediation",
        "the remediation repeats the title",
    ),
    (
        ('message: "queue `{name}` lets callers wait {actual} seconds; expected {expected}"', "message: the wait is too long"),
        "message-without-values",
        "the message shows no value at all: the rule compares `longest_wait`",
    ),
]


@pytest.mark.parametrize(("edit", "lint", "words"), WORDS)
def test_words_that_say_nothing_are_found(tmp_path: Path, edit: tuple[str, str], lint: str, words: str) -> None:
    """Each with its own sentence."""
    (message,) = about(tmp_path, ruled(edit), lint)
    assert words in message


def test_abbreviations_in_a_title_are_no_shouting(tmp_path: Path) -> None:
    """PCI and MFA are written so."""
    assert lints(tmp_path, ruled(("than was agreed\nsev", "than the PCI DSS and MFA allow\nsev"))) == []


def test_an_id_is_kebab_case(tmp_path: Path) -> None:
    """Every part of it."""
    rule = edited(BASE[RULE], ("id: queues/waiting", "id: Queues/long_wait"))
    files = {name: text for name, text in BASE.items() if name not in (RULE, CASES)}
    said = about(tmp_path, {**files, "checks/Queues/long_wait.yaml": rule}, "id-and-path")
    assert said == ["`Queues` in the id is not kebab-case", "`long_wait` in the id is not kebab-case"]


MESSAGES = [
    ("{longest_wait: {at_most: 60}}", "queue `{longest_wait}`", True),
    ("{longest_wait: {at_most: 60}}", "queue `{name}` at {pointer}", False),
    ("{languages: {count: {at_least: 1}}}", "queue `{name}`", True),
    ("{name: {present: true}}", "a queue has no name", True),
    ("{name: {matches: '[a-z]+'}}", "a queue is misnamed", True),
    ("{any_of: [{longest_wait: {at_most: 60}}, {name: {is: x}}]}", "queue `{name}`", True),
    ("{if: {name: {is: x}}, then: {longest_wait: {at_most: 60}}}", "queue `{language}`", False),
    ("{languages: {every: {.: {is: en}}}}", "queue `{name}`", False),
]


@pytest.mark.parametrize(("require", "message", "clean"), MESSAGES)
def test_a_message_shows_the_value_where_there_is_one(tmp_path: Path, require: str, message: str, clean: bool) -> None:
    """Of lists, presence and alternatives there is none."""
    files = requiring(require)
    files[RULE] = edited(files[RULE], ("queue `{name}` lets callers wait {actual} seconds; expected {expected}", message))
    assert (about(tmp_path, files, "message-without-values") == []) is clean


NEGATIVE = [
    ("{language: {is_not: none}}", ["language"]),
    ("{language: {not_in: [none, other]}}", ["language"]),
    ("{languages: {none: {.: {is: none}}}}", ["languages"]),
    ("{language: {present: true, is_not: none}}", []),
    ("{all_of: [{language: {present: true}}, {language: {is_not: none}}]}", []),
    ("{if: {language: {present: true}}, then: {language: {is_not: none}}}", []),
    ("{if: {language: {present: false}}, then: {name: {present: true}}, else: {language: {is_not: none}}}", []),
    ("{if: {name: {is_not: x}}, then: {name: {present: true}}}", ["name"]),
    ("{any_of: [{language: {is_not: none}}, {language: {present: false}}]}", ["language"]),
    ("{not: {language: {is_not: none}}}", []),
    ("{languages: {some: {.: {is_not: en}}}}", []),
    ("{languages: {contains: en, none: {.: {is: none}}}}", []),
]


@pytest.mark.parametrize(("require", "paths"), NEGATIVE)
def test_a_negative_word_needs_something_said_of_absence(tmp_path: Path, require: str, paths: list[str]) -> None:
    """Beside it, around it, or by the schema; a member of a list is there."""
    said = about(tmp_path, requiring(require), "is-not-on-optional")
    assert [message.split("`")[1] for message in said] == paths


def test_a_field_that_the_schema_requires_is_not_missing(tmp_path: Path) -> None:
    """Its absence is a finding of its own; one that may be null can be missing all the same."""
    schema = json.loads(BASE["schemas/queue.schema.json"])
    files = {**requiring("{language: {is_not: none}}"), "schemas/queue.schema.json": json.dumps({**schema, "required": ["language"]})}
    assert about(tmp_path, files, "is-not-on-optional") == []
    schema["properties"]["language"] = {"type": ["string", "null"]}
    files["schemas/queue.schema.json"] = json.dumps({**schema, "required": ["language"]})
    assert len(about(tmp_path, files, "is-not-on-optional")) == 1


def test_when_may_speak_of_absence(tmp_path: Path) -> None:
    """What is missing there does not reach `require` unseen."""
    files = requiring("{language: {is_not: none}}\nwhen: {language: {present: true}}")
    assert about(tmp_path, files, "is-not-on-optional") == []


CONTRADICTIONS = [
    ("{longest_wait: {at_least: 90, at_most: 60}}", True),
    ("{longest_wait: {at_least: 60, at_most: 60}}", False),
    ("{longest_wait: {more_than: 60, at_most: 60}}", True),
    ("{longest_wait: {between: [1, 5], at_least: 6}}", True),
    ("{longest_wait: {is: 5, at_least: 5}}", False),
    ("{longest_wait: {is: 5, less_than: 5}}", True),
    ("{all_of: [{language: {is: en}}, {language: {is: fr}}]}", True),
    ("{any_of: [{language: {is: en}}, {language: {is: fr}}]}", False),
    ("{language: {in: [en, fr], not_in: [fr, en]}}", True),
    ("{language: {in: [en, fr], is_not: en}}", False),
    ("{language: {is: en, is_not: en}}", True),
    ("{language: {present: false, is: en}}", True),
    ("{language: {present: true, is: en}}", False),
    ("{languages: {count: {at_least: 5, at_most: 3}}}", True),
    ("{languages: {count: {at_least: 3, at_most: 5}}}", False),
    ("{languages: {some: {.: {is: en}}, every: {.: {is: fr}}}}", False),
    ("{opened_on: {before: 2026-01-01, after: 2026-06-30}}", True),
    ("{opened_on: {on_or_after: 2026-01-01, on_or_before: 2026-01-01}}", False),
    ("{kept: {at_least: P90D, at_most: P60D}}", True),
    ("{kept: {at_least: P12M, at_most: P1Y}}", False),
]


@pytest.mark.parametrize(("require", "found"), CONTRADICTIONS)
def test_conditions_that_never_hold_together(tmp_path: Path, require: str, found: bool) -> None:
    """Only those joined by and, and only what is written out."""
    schema = json.loads(BASE["schemas/queue.schema.json"])
    schema["properties"] |= {"opened_on": {"type": "string", "format": "date"}, "kept": {"type": "string", "format": "duration"}}
    files = {**requiring(require), "schemas/queue.schema.json": json.dumps(schema)}
    assert bool(about(tmp_path, files, "contradictory-conditions")) is found


NUMBERS: dict[str, Callable[[float, float], bool]] = {
    "is": lambda value, bound: value == bound,
    "is_not": lambda value, bound: value != bound,
    "at_least": lambda value, bound: value >= bound,
    "at_most": lambda value, bound: value <= bound,
    "more_than": lambda value, bound: value > bound,
    "less_than": lambda value, bound: value < bound,
}
ASKED = [(word, bound) for word in NUMBERS for bound in (1, 2, 3)]


PAIRS = list(product(ASKED, repeat=2))


def test_two_numbers_contradict_if_and_only_if_no_number_keeps_both(tmp_path: Path) -> None:
    """Every pair of words and bounds, held against numbers on, between and beyond the bounds."""
    conditions = [f"{{all_of: [{{longest_wait: {{{one}: {a}}}}}, {{longest_wait: {{{two}: {b}}}}}]}}" for (one, a), (two, b) in PAIRS]
    files = {name: text for name, text in BASE.items() if name not in (RULE, CASES)}
    files |= {f"definitions/d{number:03}.yaml": f"on: queue\npredicate: {text}\n" for number, text in enumerate(conditions)}
    found = {one["name"] for one in report(tmp_path, files)["findings"] if one["lint"] == "contradictory-conditions"}
    values = [number / 2 for number in range(9)]
    never = {
        f"definitions/d{number:03}"
        for number, ((one, a), (two, b)) in enumerate(PAIRS)
        if not any(NUMBERS[one](value, a) and NUMBERS[two](value, b) for value in values)
    }
    assert found == never
    assert 0 < len(never) < len(PAIRS)


NEEDLESS = [
    ("{any_of: [{longest_wait: {at_most: 60}}]}", ["`any_of` has one member only"]),
    ("{not: {not: {longest_wait: {at_most: 60}}}}", ["`not` of `not` says nothing"]),
    ("{language: {in: [en]}}", ["`in` has one value only"]),
    ("{languages: {contains_all: [en]}}", ["`contains_all` has one value only"]),
    ("{not: {any_of: [{language: {is: en}}, {language: {is: fr}}]}}", []),
    ("{languages: {some: {all_of: [{.: {is: en}}]}}}", ["`all_of` has one member only"]),
]


@pytest.mark.parametrize(("require", "said"), NEEDLESS)
def test_words_that_could_be_left_out(tmp_path: Path, require: str, said: list[str]) -> None:
    """At every depth."""
    assert about(tmp_path, requiring(require), "needless") == said


def test_definitions_are_linted_where_they_stand(tmp_path: Path) -> None:
    """Not in every rule that meets them."""
    files = {**requiring("{meets: patient}"), "definitions/patient.yaml": "on: queue\npredicate: {language: {in: [en]}}\n"}
    found = [finding for finding in report(tmp_path, files)["findings"] if finding["lint"] == "needless"]
    assert [(finding["name"], finding["line"]) for finding in found] == [("definitions/patient", 2)]


def test_a_definition_met_by_a_definition_is_met(tmp_path: Path) -> None:
    """If a rule meets that one."""
    files = {
        **requiring("{meets: outer}"),
        "definitions/outer.yaml": "on: queue\npredicate: {meets: inner}\n",
        "definitions/inner.yaml": "on: queue\npredicate: {name: {present: true}}\n",
    }
    assert about(tmp_path, files, "unused-definition") == []
    alone = {name: text for name, text in files.items() if name != RULE}
    assert len(about(tmp_path / "alone", alone, "unused-definition")) == 2


def test_names_that_only_unused_names_use_are_unused(tmp_path: Path) -> None:
    """A parameter in the message alone, a join in an unused measure alone."""
    derived = """\
params:
  longest: {type: integer, default: 60}
with:
  agents: {from: agent, as: agents of the queue, key: {theirs: queue_id, ours: id}}
measure:
  staff: {count: {of: $agents}}
"""
    files = ruled((REQUIRE, derived + REQUIRE), ("expected {expected}", "expected {param.longest}"))
    found = report(tmp_path, files)["findings"]
    assert [(one["lint"], one["message"]) for one in found] == [
        ("unused-parameter", "nothing depends on the parameter `longest`; only the message names it"),
        ("unused-join", "nothing looks at the join `agents`"),
        ("unused-measure", "nothing looks at the measure `staff`"),
    ]


# ---- equal rules ---------------------------------------------------------------------------------------------------------------

JOINED = """\
with:
  {join}: {{from: agent, as: agents, key: {{theirs: queue_id, ours: id}}}}
measure:
  {measure}: {{count: {{of: ${join}}}}}
require: {{{require}}}
"""
TWINS = [
    (("a", "m", "all_of: [{$m: {at_least: 1}}, {name: {present: true}}]"), ("b", "n", "name: {present: true}, $n: {at_least: 1}"), True),
    (("a", "m", "$m: {at_least: 1}"), ("b", "n", "$n: {at_least: 2}"), False),
    (("a", "m", "$m: {at_least: 1}, $a: {some: {id: {is: x}}}"), ("b", "n", "$n: {at_least: 1}, $b: {every: {id: {is: x}}}"), False),
]


@pytest.mark.parametrize(("left", "right", "equal"), TWINS)
def test_rules_are_equal_up_to_names_and_order(tmp_path: Path, left: tuple[str, ...], right: tuple[str, ...], equal: bool) -> None:
    """Of joins and measures; the number asked for makes a difference."""
    one, two = (JOINED.format(join=join, measure=measure, require=require) for join, measure, require in (left, right))
    files = requiring("{name: {present: true}}")
    files[RULE] = edited(files[RULE], ("require: {name: {present: true}}\n", one))
    files["checks/queues/zeal.yaml"] = edited(files[RULE], (one, two), ("id: queues/waiting", "id: queues/zeal"))
    found = [finding["name"] for finding in report(tmp_path, files)["findings"] if finding["lint"] == "equal-rules"]
    assert found == (["queues/zeal"] if equal else [])


# ---- thresholds ----------------------------------------------------------------------------------------------------------------

DRIFTED = [
    ("access/idle-session", ("at_most: 15", "at_most: 20"), "at most 20, and `pci-dss-4.0.1/8.2.8` for at most 15 (idle_minutes)"),
    ("access/idle-session", ("at_most: 15", "at_most: 10"), "the rule asks for at most 10, and `pci-dss-4.0.1/8.2.8` for at most 15"),
    ("access/idle-session", ("at_most: 15", "less_than: 16"), "the rule asks for less than 16, and"),
    ("access/idle-session", ("at_most: 15", "less_than: 15"), "the rule asks for less than 15, and"),
    ("access/lockout", ("at_least: 1, at_most: 10", "at_least: 1, less_than: 11"), ""),
    (
        "access/lockout",
        ("attempts: {at_least: 1, at_most: 10}", "attempts: {between: [1, 11]}"),
        "for at most 11, and `pci-dss-4.0.1/8.3.4`",
    ),
    ("access/lockout", ("at_least: 30", "at_least: 15"), "for at least 15, and `pci-dss-4.0.1/8.3.4` for at least 30 (lockout_minutes)"),
    (
        "access/password-length",
        ("{at_least: 8}", "{at_least: 7}"),
        "the rule asks for at least 7, and `pci-dss-4.0.1/8.3.6` for at least 12",
    ),
    ("access/password-length", ("{at_least: 8}", "{at_least: {param: min_characters}}"), ""),
    ("access/password-length", ("bounds: {at_least: 12}", "bounds: {at_least: 10}"), "the bounds of `min_characters` allow what breaks"),
    ("access/password-length", ("    bounds: {at_least: 12}\n", ""), "the bounds of `min_characters` allow what breaks"),
    (
        "access/password-length",
        ("default: 12\n    bounds: {at_least: 12}", "default: 7"),
        "the default of `min_characters` is 7, and `pci-dss-4.0.1/8.3.6` asks for at least 12",
    ),
    (
        "access/six-month-review",
        ("completed_on, every: P184D", "completed_on, every: P185D"),
        "one every P185D, and `pci-dss-4.0.1/7.2.4` for one every P6M",
    ),
    ("access/six-month-review", ("completed_on, every: P184D", "completed_on, every: P6M"), ""),
    (
        "access/six-month-review",
        ("completed_on, every: P184D", "completed_on, every: P180D"),
        "one every P180D, and `pci-dss-4.0.1/7.2.4` for one every P6M",
    ),
    (
        "access/six-month-review",
        ("completed_on, every: P184D", "completed_on, every: P184D, tolerance: P7D"),
        "one every P184D and a tolerance of P7D, and `pci-dss-4.0.1/7.2.4`",
    ),
    (
        "scanning/asv-every-92-days",
        ("every: P92D", "every: P4M"),
        "one every P4M, and `pci-dss-4.0.1/11.3.2` for one every P3M (asv_interval)",
    ),
    (
        "logging/retention-12-3",
        ("{at_least: 12}", "{at_least: 6}"),
        "for at least 6, and `pci-dss-4.0.1/10.5.1` for at least 12 (log_months)",
    ),
    ("suppliers/aoc-current", ("minus: P366D", "minus: P548D"), "one in the last P548D, and `pci-dss-4.0.1/12.8.4`"),
    ("training/payment-agents", ("minus: P366D", "minus: P730D"), "one in the last P730D, and `pci-dss-4.0.1/12.6.3`"),
    (
        "incident/plan-tested",
        ("held_on: {on_or_after: {path: $as_of, minus: P366D}", "held_on: {on_or_after: {path: $as_of, minus: P396D}"),
        "one in the last P396D, and `pci-dss-4.0.1/12.10.2`",
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped pack with the rules that are changed here alone."""
    pack, folder = shipped(), tmp_path_factory.mktemp("pack") / "copy"
    for part in ("catalogues", "definitions"):
        shutil.copytree(pack.root / part, folder / part)
    shutil.copytree(pack.schemas, folder / "schemas")
    for rule in {rule for rule, _, _ in DRIFTED}:
        (folder / "checks" / rule).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(pack.root / "checks" / f"{rule}.yaml", folder / "checks" / f"{rule}.yaml")
    return folder


@pytest.mark.parametrize(("rule", "edit", "words"), DRIFTED, ids=lambda value: value if isinstance(value, str) else value[1])
def test_a_threshold_is_held_against_the_control(copy: Path, rule: str, edit: tuple[str, str], words: str) -> None:
    """Weaker or stricter than what the shipped catalogues state; six months are at most 184 days."""
    file = copy / "checks" / f"{rule}.yaml"
    whole = file.read_text()
    file.write_text(edited(whole, edit))
    try:
        _, out, _ = ran("lint", copy, "--no-shipped-rules", "--rule", rule, "--format", "json")
    finally:
        file.write_text(whole)
    said = [one["message"] for one in json.loads(out)["findings"] if one["lint"] == "threshold-contradicts-control"]
    assert len(said) == (1 if words else 0)
    assert words in "".join(said)


PARAMETERS = [
    ("{at_most: 60}", "a parameter of a control has no `on`"),
    ("{on: queue/longest_wait}", "takes one of `at_least`, `at_most`, `every` or `within`; here is none"),
    ("{on: queue/longest_wait, at_least: 1, at_most: 60}", "here are `at_least` and `at_most`"),
    ("{on: queue/longest_wait, every: sometimes}", "`sometimes` is no duration"),
    ("{on: queue/longest_wait, every: P6M, lesser: 8}", "`lesser` is a number"),
    ("{on: queue, at_most: 60}", "`` is no path"),
    ("{on: queue/., at_most: 60}", "`queue/.` names no value"),
    ("{on: queue/longest_wait, at_mots: 60}", "did you mean `at_most`?"),
]


@pytest.mark.parametrize(("parameter", "words"), PARAMETERS)
def test_a_parameter_of_a_control_is_checked_when_it_is_read(tmp_path: Path, parameter: str, words: str) -> None:
    """With its line; the pack does not load."""
    control = '  - {id: "1", title: Callers are served, kind: requirement, status: partial}\n'
    text = edited(BASE[CATALOGUE], (control, control.replace("partial}", f"partial, parameters: {{wait: {parameter}}}}}")))
    code, out, err = ran("lint", written(tmp_path / "house", {**BASE, CATALOGUE: text}), "--no-shipped-rules")
    assert (code, out) == (2, "")
    assert words in err
    assert "house/catalogues/house-1.yaml:7:" in err


# ---- cases ---------------------------------------------------------------------------------------------------------------------


def test_a_boundary_counts_wherever_the_value_stands(tmp_path: Path) -> None:
    """In a collection, and by the value that a case gives to a parameter."""
    rule = ((REQUIRE, "params:\n  longest: {type: integer, default: 60}\nrequire: {longest_wait: {at_most: {param: longest}}}"),)
    text = edited(BASE[CASES], ("data: {longest_wait: 60}}]", "records: [{id: q1, longest_wait: 20}]}]"))
    moved = text.replace("id: q1, observed_at", "observed_at").replace("records: [{observed_at", "records: [{id")
    assert about(tmp_path / "a", {**ruled(*rule), CASES: moved}, "no-boundary-case") == [
        "no case has the value at which `at_most` turns: `longest_wait` is never 60"
    ]
    set_by_case = moved.replace("    expect: {status: pass}", "    params: {longest: 20}\n    expect: {status: pass}")
    assert about(tmp_path / "b", {**ruled(*rule), CASES: set_by_case}, "no-boundary-case") == []


def test_a_rule_without_cases_is_found(tmp_path: Path) -> None:
    """Once, and nothing else is said of its cases."""
    files = {name: text for name, text in BASE.items() if name != CASES}
    assert [(one["lint"], one["message"]) for one in report(tmp_path, files)["findings"]] == [("missing-cases", "the rule has no cases")]


def test_cases_of_one_name_are_found(tmp_path: Path) -> None:
    """At the name of the later one."""
    text = edited(BASE[CASES], ("a second longer", "as long as was agreed"))
    found = report(tmp_path, {**BASE, CASES: text})["findings"]
    assert [(one["lint"], one["line"], one["message"]) for one in found] == [
        ("equal-cases", 7, "`as long as was agreed` is the name of another case")
    ]


def test_a_value_that_no_schema_allows_needs_no_case(tmp_path: Path) -> None:
    """A list of all values that there are is false of none; of some of them it is."""
    schema = json.loads(BASE["schemas/queue.schema.json"])
    schema["properties"]["language"] = {"enum": ["en", "fr", "cy"]}
    text = BASE[CASES].replace("data: {longest_wait", "data: {language: en, longest_wait")
    for values, said in (("[en, fr, cy]", []), ("[en, fr]", ["in the cases, `in` on `language` is never false"])):
        files = ruled((REQUIRE, f"require: {{longest_wait: {{at_most: 60}}, language: {{in: {values}}}}}"))
        files |= {"schemas/queue.schema.json": json.dumps(schema), CASES: text}
        assert about(tmp_path / str(len(said)), files, "weak-cases") == said


# ---- silences ------------------------------------------------------------------------------------------------------------------

NEEDLESS_RULE = ruled((REQUIRE, "require: {all_of: [{longest_wait: {at_most: 60}}]}"))


def test_a_silence_keeps_its_finding_quiet(tmp_path: Path) -> None:
    """By a pattern; the report shows it with the reason."""
    silence = "silenced:\n  - {lint: needless, rule: 'queues/*', reason: a second one is to follow}\n"
    found = report(tmp_path, {**NEEDLESS_RULE, "lint.yaml": silence})
    assert found["findings"] == []
    assert [(one["lint"], one["name"], one["reason"]) for one in found["silenced"]] == [
        ("needless", "queues/waiting", "a second one is to follow")
    ]
    assert lints(tmp_path / "b", {**NEEDLESS_RULE, "lint.yaml": "silenced: []\n"}) == ["needless"]


def test_a_silence_that_silences_nothing_is_a_finding(tmp_path: Path) -> None:
    """At its line; but not where only some rules are asked for."""
    silence = "# why\nsilenced:\n  - {lint: needless, rule: queues/waiting, reason: it was}\n"
    (found,) = report(tmp_path, {**BASE, "lint.yaml": silence})["findings"]
    assert (found["lint"], found["name"], found["line"], found["column"]) == ("stale-silence", "lint", 3, 5)
    assert report(tmp_path, {**BASE, "lint.yaml": silence}, "--rule", "queues/*")["findings"] == []


BAD_SILENCES = [
    (
        "silenced:\n  - {lint: needles, rule: queues/waiting, reason: x}\n",
        "house/lint.yaml:2:6: there is no lint `needles` (hint: did you mean `needless`",
    ),
    (
        "silenced:\n  - {lint: needless, rule: queues/waitin, reason: x}\n",
        "house/lint.yaml:2:22: no rule of the pack fits `queues/waitin` (hint: did you mean `queues/waiting`?",
    ),
    ("silenced:\n  - {lint: needless, rule: queues/waiting}\n", "house/lint.yaml:2:5: a silence has no `reason`"),
    ("silenced:\n  - {lint: needless, rule: queues/waiting, reason: ' '}\n", "house/lint.yaml:2:44: `reason` says nothing"),
    ("silenced:\n  - {lint: needless, rules: queues/waiting, reason: x}\n", "`rules` is no key of a silence (hint: did you mean `rule`?"),
    ("silenced: needless\n", "house/lint.yaml:1:1: `silenced` is given `needless`"),
    ("quiet: []\n", "`quiet` is no key of a lint.yaml"),
    ("silenced:\n  - {lint: stale-silence, rule: queues/waiting, reason: x}\n", "`stale-silence` cannot be silenced"),
    ("silenced: [\n", "house/lint.yaml:"),
    ("silenced: []\nsilenced: []\n", "house/lint.yaml:2:1"),
    ("", "house/lint.yaml:1:1: there is nothing in it"),
]


@pytest.mark.parametrize(("text", "words"), BAD_SILENCES)
def test_a_bad_lint_yaml_is_wrong_use(tmp_path: Path, text: str, words: str) -> None:
    """With line, column and hint, as in a rule file."""
    code, out, err = ran("lint", written(tmp_path / "house", {**BASE, "lint.yaml": text}), "--no-shipped-rules")
    assert (code, out) == (2, "")
    assert words in err


def test_all_that_is_wrong_with_silences_is_told(tmp_path: Path) -> None:
    """Not only the first."""
    text = "silenced:\n  - {lint: a, rule: b, reason: ' '}\n  - {lint: needless, rule: c, reason: x}\n"
    _, _, err = ran("lint", written(tmp_path / "house", {**BASE, "lint.yaml": text}), "--no-shipped-rules")
    assert err.count("error: ") == 4


def test_a_pack_is_known_by_its_lint_yaml_too(tmp_path: Path) -> None:
    """Its digest covers the file, the rest of the program tolerates it, and a pack without one keeps its digest."""
    bare = pack_at(written(tmp_path / "a", BASE), "a").sha256()
    quiet = {**BASE, "lint.yaml": "silenced: []\n"}
    assert pack_at(written(tmp_path / "b", BASE), "b").sha256() == bare
    assert pack_at(written(tmp_path / "c", quiet), "c").sha256() != bare
    assert ran("rules", "test", "--pack", tmp_path / "c", "--no-shipped-rules")[0] == 0


def test_lint_yaml_of_a_pack_is_no_evidence(tmp_path: Path) -> None:
    """Where the documents lie in the folder of the pack itself."""
    files = {**BASE, "lint.yaml": "silenced: []\n", "ccpolicy.toml": 'packs = ["."]\nas_of = 2026-06-30\nno_shipped_rules = true\n'}
    document = '{"kind": "queue", "id": "q1", "observed_at": "2026-06-29", "data": {"longest_wait": 20}}'
    code, out, err = ran("check", written(tmp_path, {**files, "queue.json": document}))
    assert (code, err) == (0, "")
    assert "lint.yaml" not in out


# ---- the command ---------------------------------------------------------------------------------------------------------------


def test_the_shipped_pack_is_clean() -> None:
    """And every silence gives a reason."""
    code, out, _ = ran("lint", "--format", "json")
    found = json.loads(out)
    assert (code, found["findings"], found["packs"]) == (0, [], ["ccpolicy"])
    assert all(len(one["reason"].split()) >= 6 for one in found["silenced"])


def test_only_the_named_pack_is_found_fault_with(tmp_path: Path) -> None:
    """It is read together with the shipped one, whose controls it cites and whose rules it may equal."""
    rule = (shipped().root / "checks" / "quality" / "evaluator-is-not-agent.yaml").read_text()
    copied = edited(rule, ("id: quality/evaluator-is-not-agent", "id: house/own-contacts"))
    folder = written(tmp_path / "house", {"checks/house/own-contacts.yaml": copied})
    code, out, _ = ran("lint", folder, "--format", "json")
    found = json.loads(out)
    assert (code, found["packs"], found["files"]) == (1, ["house"], 1)
    assert {one["name"] for one in found["findings"]} == {"house/own-contacts"}
    assert Counter(one["lint"] for one in found["findings"]) == {"equal-rules": 1, "is-not-on-optional": 1, "missing-cases": 1}


def test_the_json_report_has_the_shape_that_it_states(tmp_path: Path) -> None:
    """Findings in the order of files and lines."""
    files = {**example_pack(LINTS["equal-rules"], passes=False), RULE: NEEDLESS_RULE[RULE]}
    found = report(tmp_path, files)
    assert LintReport.model_validate(found).model_dump() == found
    places = [(one["file"], one["line"], one["column"]) for one in found["findings"]]
    assert places == sorted(places)
    assert len(places) == 3


def test_the_text_shows_place_sentence_advice_and_page(tmp_path: Path) -> None:
    """A group of lines for each finding, then the counts."""
    folder = written(tmp_path / "house", NEEDLESS_RULE)
    code, out, err = ran("lint", folder, "--no-shipped-rules")
    assert (code, err) == (1, "")
    assert out == (
        f"{folder}/checks/queues/waiting.yaml:7:11  needless\n"
        "    `all_of` has one member only\n"
        "    do:   write the member in its place\n"
        "    page: ccpolicy lint --explain needless\n"
        "\n"
        "2 files: 1 finding in 1 file (1 needless)\n"
    )
    assert ran("lint", written(tmp_path / "clean", BASE), "--no-shipped-rules") == (0, "2 files: no findings\n", "")


WRONG = [
    (["--format", "yaml"], "`--format` does not know `yaml`"),
    (["--no-shipped-rules"], "there is no pack to lint"),
    (["gone"], "there is no folder `gone`"),
    (["--rule", "recodring/*"], "no rule fits `recodring/*` (hint: did you mean `recording/*`"),
    (["--explain", "needles"], "there is no lint `needles` (hint: did you mean `needless`?"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong_use_is_2(options: list[str], words: str) -> None:
    """With a hint, and nothing on standard output."""
    code, out, err = ran("lint", *options)
    assert (code, out) == (2, "")
    assert words in err


def test_a_pack_that_does_not_load_is_2(tmp_path: Path) -> None:
    """With all problems of the loader; so are cases that cannot be read."""
    folder = written(tmp_path / "house", ruled(("at_most: 60", "at_mots: 60"), ("severity: low", "severity: lov")))
    code, out, err = ran("lint", folder, "--no-shipped-rules")
    assert (code, out, err.count("error: ")) == (2, "", 2)
    folder = written(tmp_path / "other", {**BASE, CASES: edited(BASE[CASES], ("rule: queues/waiting", "rule: queues/waitin"))})
    code, out, err = ran("lint", folder, "--no-shipped-rules")
    assert (code, out) == (2, "")
    assert "these cases name no rule" in err


def test_every_lint_is_listed_and_explained() -> None:
    """As text and as JSON."""
    _, out, _ = ran("lint", "--list")
    assert [line.split("  ")[0] for line in out.splitlines()] == list(lint_ids())
    assert json.loads(ran("lint", "--list", "--format", "json")[1])[0] == {"lint": lint_ids()[0], "title": LINTS[lint_ids()[0]].title}
    assert ran("lint", "--explain", "needless") == (0, lint_page("needless"), "")
    assert json.loads(ran("lint", "--explain", "needless", "--format", "json")[1])["page"] == lint_page("needless")


# ---- hostile packs -------------------------------------------------------------------------------------------------------------


def test_text_of_a_pack_cannot_steer_the_terminal(tmp_path: Path) -> None:
    """Control characters are written as escapes, card numbers are taken out."""
    hostile = {**ruled(("title: Callers wait no longer than was agreed", 'title: "\\e[31m 4111111111111111"'))}
    folder = written(tmp_path / "house", hostile)
    for form in ("text", "json"):
        code, out, err = ran("lint", folder, "--no-shipped-rules", "--format", form)
        assert code == 1
        assert "\x1b" not in out + err
        assert "4111111111111111" not in out + err
        assert "the title" in out


def test_a_thousand_rules_are_linted_in_linear_time(tmp_path: Path) -> None:
    """All of them equal, so that each has a finding."""
    files = {name: text for name, text in BASE.items() if name not in (RULE, CASES)}
    files |= {f"checks/queues/r{number:04}.yaml": edited(BASE[RULE], ("queues/waiting", f"queues/r{number:04}")) for number in range(1000)}
    start = time.process_time()
    found = report(tmp_path, files)["findings"]
    assert Counter(one["lint"] for one in found) == {"missing-cases": 1000, "equal-rules": 999}
    assert time.process_time() - start < 60


def test_a_rule_as_deep_as_a_file_may_be_is_linted(tmp_path: Path) -> None:
    """Without an overflow of the stack."""
    deep = "{any_of: [{name: {is: x}}, {name: {is: y}}]}"
    for _ in range(57):
        deep = f"{{all_of: [{deep}, {{name: {{present: true}}}}]}}"
    assert lints(tmp_path, requiring(deep)) == ["missing-cases"]


def test_measures_that_build_on_one_another_cost_no_more_than_they_are(tmp_path: Path) -> None:
    """Each names the one before it twice: written out, they would double thirty times."""
    lines = ["measure:", "  m0: {count: {of: languages}}"]
    lines += [f"  m{n}: {{wilson_lower: {{successes: $m{n - 1}, n: $m{n - 1}, confidence: 0.95}}}}" for n in range(1, 31)]
    files = requiring("{$m30: {at_least: 0.5}}")
    files[RULE] = edited(files[RULE], ("require:", "\n".join(lines) + "\nrequire:"))
    assert lints(tmp_path, files) == ["missing-cases"]


@pytest.mark.parametrize("file", sorted(DATA.glob("*.yaml")), ids=lambda file: file.stem)
def test_no_rule_of_the_language_is_too_much_for_a_lint(tmp_path: Path, file: Path) -> None:
    """Every rule of the conformance data is linted, whatever is found; conditions that hold somewhere are not said to hold never."""
    for number, case in enumerate(read_cases(file)):
        with suppress(Refused):
            world = world_of(case, tmp_path / str(number))
            text = Text(tmp_path / str(number) / "checks" / f"{world.rule.id}.json", "rule")
            subject = RuleFile(world.rule.id, text, world.rule)
            known = World(kinds=world.library.kinds, titles={"none/1": "-"}, twins=twins_of({"a": world.rule}))
            found = {remark.lint for remark in linted([subject], known, None, ()).remarks}
            assert "missing-cases" in found
            assert not (case.body["expect"].get("truth") == "T" and "contradictory-conditions" in found)
