"""Coverage: which leaves and branches of a rule its cases decide both ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.assessment.coverage import Point, RuleCoverage, coverage_of
from ccpolicy.assessment.library import load_library
from ccpolicy.rulebook.load import load_cases
from tests.rulebook.shop import CHECK, GOOD, written
from tests.test_fixtures import library

HEAD = """\
id: recording/pause
title: Queues
severity: low
controls:
  - {control: house-1/1.1, coverage: full, why: so}
applies_to: queue
message: "no"
remediation: yes.
"""


def covered(folder: Path, text: str, *queues: Any, scans: tuple[Any, ...] = ()) -> RuleCoverage:
    """The coverage of a rule with these sections by a case for each of the queues; what the cases expect does not matter here."""
    others = [{"kind": "scan", "id": str(number), "observed_at": "2026-06-30", "data": scan} for number, scan in enumerate(scans)]
    cases = [
        {
            "name": str(number),
            "as_of": "2026-06-30",
            "documents": [{"kind": "queue", "id": queue.get("id", "q"), "observed_at": "2026-06-30", "data": queue}, *others],
            "expect": {"status": "pass"},
        }
        for number, queue in enumerate(queues)
    ]
    file = json.dumps({"rule": "recording/pause", "cases": cases})
    pack = written(folder, {**GOOD, CHECK: HEAD + text, "checks/recording/pause.cases.json": file})
    found = load_library([(pack, "shop")], shipped_too=False)
    return coverage_of(found.rulebook.rules["recording/pause"], load_cases(found.packs, found.rulebook.rules)[0], found)


def told(found: RuleCoverage) -> list[str]:
    """A line for each point: place, part, how often it was true, false and undecided."""
    return [f"{point.place} {point.part} {point.true} {point.false} {point.unknown}" for point in found.points]


def test_a_leaf_is_counted_by_what_the_cases_make_of_it(tmp_path: Path) -> None:
    """True twice, false once, undecided once."""
    found = covered(tmp_path, "require: {waits: {at_least: 3}}", {"waits": 3}, {"waits": 9}, {"waits": 2}, {})
    assert found == RuleCoverage("recording/pause", 4, (Point("require/waits/at_least", "leaf", 2, 1, 1),))
    assert found.lacking == ()


@pytest.mark.parametrize(
    ("queues", "lack"),
    [
        ([{"waits": 3}], "never false"),
        ([{"waits": 2}, {}], "never true"),
        ([{}], "never decided"),
        ([{"waits": 2}, {"waits": 3}], ""),
    ],
)
def test_what_a_leaf_lacks(tmp_path: Path, queues: list[Any], lack: str) -> None:
    """In words."""
    assert covered(tmp_path, "require: {waits: {at_least: 3}}", *queues).points[0].lack == lack


def test_a_branch_that_no_case_reaches_is_named(tmp_path: Path) -> None:
    """What an `if` does not take is not decided, although the interpreter looks at both sides."""
    text = "require: {if: {id: {is: a}}, then: {waits: {at_least: 3}, name: {is: x}}, else: {name: {is: y}}}"
    found = covered(tmp_path, text, {"id": "b", "waits": 9, "name": "x"}, {"id": "b", "waits": 9, "name": "y"})
    assert told(found) == [
        "require branch 1 1 0",
        "require/if/id/is leaf 0 2 0",
        "require/then branch 0 0 0",
        "require/then/waits/at_least leaf 0 0 0",
        "require/then/name/is leaf 0 0 0",
        "require/else/name/is leaf 1 1 0",
    ]
    assert [f"{point.place} {point.lack}" for point in found.lacking] == [
        "require/if/id/is never true",
        "require/then never reached",
        "require/then/waits/at_least never reached",
        "require/then/name/is never reached",
    ]


def test_both_sides_of_an_undecided_if_are_reached(tmp_path: Path) -> None:
    """Both may count for the verdict."""
    text = "require: {if: {id: {is: a}}, then: {name: {is: x}}, else: {name: {is: y}}}"
    assert told(covered(tmp_path, text, {"name": "x"}))[2:] == ["require/then/name/is leaf 1 0 0", "require/else/name/is leaf 0 1 0"]


def test_require_is_not_reached_where_the_rule_does_not_apply(tmp_path: Path) -> None:
    """`when` is decided, and nothing else."""
    text = "when: {id: {is: a}}\nrequire: {waits: {at_least: 3}}"
    assert told(covered(tmp_path, text, {"id": "b", "waits": 9})) == ["when/id/is leaf 0 1 0", "require/waits/at_least leaf 0 0 0"]


def test_alternatives_and_what_must_not_hold_are_branches(tmp_path: Path) -> None:
    """Each alternative of several conditions, and each `not`."""
    text = "require: {any_of: [{id: {is: a}, name: {is: x}}, {not: {waits: {is: 1}}}]}"
    assert told(covered(tmp_path, text, {"id": "a", "name": "x", "waits": 1}, {"id": "a", "name": "y", "waits": 2})) == [
        "require branch 2 0 0",
        "require/any_of/0 branch 1 1 0",
        "require/any_of/0/id/is leaf 2 0 0",
        "require/any_of/0/name/is leaf 1 1 0",
        "require/any_of/1 branch 1 1 0",
        "require/any_of/1/not/waits/is leaf 1 1 0",
    ]


def test_members_joins_and_measures_are_looked_into(tmp_path: Path) -> None:
    """Each member counts; the conditions of joins and measures are decided where they are used."""
    text = (
        "with: {s: {from: scan, as: scans, key: {theirs: queue, ours: id}, where: {passed: {is: true}, number: {more_than: 0}}}}\n"
        "measure: {m: {count: {of: $s, where: {number: {at_least: 5}}}}}\n"
        "require: {skills: {some: {.: {is: pay}}}, $m: {at_least: 1}}"
    )
    scans = tuple({"queue": "q", "passed": passed, "number": number} for passed, number in ((True, 5), (True, 2), (False, 7), (True, 0)))
    assert told(covered(tmp_path, text, {"id": "q", "skills": ["pay", "call", "mail"]}, scans=scans)) == [
        "with/s/where branch 2 2 0",
        "with/s/where/passed/is leaf 3 1 0",
        "with/s/where/number/more_than leaf 3 1 0",
        "measure/m/count/where/number/at_least leaf 1 1 0",
        "require branch 1 0 0",
        "require/skills/some leaf 1 0 0",
        "require/skills/some/./is leaf 1 2 0",
        "require/$m/at_least leaf 1 0 0",
    ]


def test_a_definition_that_is_met_twice_is_two_places(tmp_path: Path) -> None:
    """What one of them decides says nothing of the other."""
    text = "require: {if: {id: {is: a}}, then: {steps: {some: {meets: pays}}}, else: {steps: {none: {meets: pays}}}}"
    found = covered(tmp_path, text, {"id": "a", "steps": [{"type": "payment"}, {"type": "other"}]})
    assert [line for line in told(found) if "meets" in line] == [
        "require/then/steps/some/meets/predicate/type/is leaf 1 1 0",
        "require/else/steps/none/meets/predicate/type/is leaf 0 0 0",
    ]


def test_only_cases_of_the_rule_count() -> None:
    """Others are left alone."""
    rules = library().rulebook.rules
    cases, _ = load_cases(library().packs, rules)
    own = [case for case in cases if case.rule == "recording/pause-on-payment"]
    rule = rules["recording/pause-on-payment"]
    assert coverage_of(rule, cases, library()) == coverage_of(rule, own, library())
    assert coverage_of(rule, [], library()).cases == 0


def test_the_cases_of_the_shipped_rules_decide_almost_everything_both_ways() -> None:
    """But for the two conditions that name every value which the schema of a queue allows."""
    cases, _ = load_cases(library().packs, library().rulebook.rules)
    lacking = {rule.id: coverage_of(rule, cases, library()).lacking for rule in library().rulebook.rules.values()}
    assert {name: [f"{point.place} {point.lack}" for point in points] for name, points in lacking.items() if points} == {
        "service/abandonment": ["require/all_of/0/abandonment_variant/in never false"],
        "service/level-80-20": ["require/all_of/0/service_level_variant/in never false"],
        "service/level-agreed": ["require/all_of/0/service_level_variant/in never false"],
    }
