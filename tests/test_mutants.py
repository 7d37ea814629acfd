"""Mutants of rules: what each kind of change makes of a rule, which cases notice, and which survivors may be listed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from ccpolicy.analysis.mutants import mutants_of
from ccpolicy.analysis.unfolding import unfolded
from ccpolicy.assessment.cases import prepared
from ccpolicy.assessment.mutation import RuleMutation, misjudged, mutation_of
from ccpolicy.assessment.run import assess
from ccpolicy.errors import Refused
from ccpolicy.language.expr import Meets, Predicate
from ccpolicy.language.walk import inner, rebuilt
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.rule import Rule, Rulebook
from ccpolicy.rulebook.survivors import load_survivors
from tests.conformance import DATA, read_cases, world_of
from tests.rulebook.shop import CHECK, GOOD, loaded
from tests.spread import spread
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
SOME = "require: {name: {present: true}}\n"
STEPS = "require: {steps: {every_path: {id: id, next: [next.*, {of: type, takes_effect: false}], start: a, "
ENDS = "to: {type: {is: pay}}, first_passes: {type: {is: off}}"
LATE = "with: {s: {from: scan, as: scans, key: {theirs: queue, ours: id}}}\n"

# (id of the mutant, the rule, the rule that the mutant is)
KINDS = [
    ("require/waits:at_least 12->13", "require: {waits: {at_least: 12}}", "require: {waits: {at_least: 13}}"),
    ("require/waits:at_least 0.8->0.79", "require: {waits: {at_least: 0.80}}", "require: {waits: {at_least: 0.79}}"),
    ("require/waits:at_least 0.125->0.126", "require: {waits: {at_least: 0.125}}", "require: {waits: {at_least: 0.126}}"),
    (
        "require/waits:is 0.333333333333333333->0.333333333333333334",
        "require: {waits: {is: 0.333333333333333333}}",
        "require: {waits: {is: 0.333333333333333334}}",
    ),
    ("require/waits:is -0.5->-0.49", "require: {waits: {is: -0.5}}", "require: {waits: {is: -0.49}}"),
    ("require/waits:at_least->more_than", "require: {waits: {at_least: 12}}", "require: {waits: {more_than: 12}}"),
    ("require/waits:at_least->at_most", "require: {waits: {at_least: 12}}", "require: {waits: {at_most: 12}}"),
    ("require/waits:more_than->at_least", "require: {waits: {more_than: 12}}", "require: {waits: {at_least: 12}}"),
    ("require/waits:at_most->less_than", "require: {waits: {at_most: 12}}", "require: {waits: {less_than: 12}}"),
    ("require/waits:between high 3->4", "require: {waits: {between: [1, 3]}}", "require: {waits: {between: [1, 4]}}"),
    ("require/waits:between low 1->0", "require: {waits: {between: [1, 3]}}", "require: {waits: {between: [0, 3]}}"),
    ("require/name:is->is_not", "require: {name: {is: a}}", "require: {name: {is_not: a}}"),
    ("require/waits:is 3->4", "require: {waits: {is: 3}}", "require: {waits: {is: 4}}"),
    ("require/name:in->not_in", "require: {name: {in: [a, b]}}", "require: {name: {not_in: [a, b]}}"),
    ("require/name:in without a", "require: {name: {in: [a, b]}}", "require: {name: {in: [b]}}"),
    ('require/name:not_in without ""', 'require: {name: {not_in: ["", b]}}', "require: {name: {not_in: [b]}}"),
    ("require/name:present true->false", SOME, "require: {name: {present: false}}"),
    ("require/name:starts_with->ends_with", "require: {name: {starts_with: a}}", "require: {name: {ends_with: a}}"),
    ("require/name:contains_text->starts_with", "require: {name: {contains_text: a}}", "require: {name: {starts_with: a}}"),
    ("require/name:free_of without ssn", "require: {name: {free_of: [pan, ssn]}}", "require: {name: {free_of: [pan]}}"),
    ("require/keep_for:at_least P90D->P91D", "require: {keep_for: {at_least: P90D}}", "require: {keep_for: {at_least: P91D}}"),
    ("require/keep_for:at_most PT15M->PT16M", "require: {keep_for: {at_most: PT15M}}", "require: {keep_for: {at_most: PT16M}}"),
    (
        "require/opened_on:before->on_or_before",
        "require: {opened_on: {before: 2026-06-30}}",
        "require: {opened_on: {on_or_before: 2026-06-30}}",
    ),
    (
        "require/opened_on:after->on_or_after",
        "require: {opened_on: {after: 2026-06-30}}",
        "require: {opened_on: {on_or_after: 2026-06-30}}",
    ),
    (
        "require/opened_on:after 2026-06-30->2026-07-01",
        "require: {opened_on: {after: 2026-06-30}}",
        "require: {opened_on: {after: 2026-07-01}}",
    ),
    ("require/opened_on:within_last P1Y->P13M", "require: {opened_on: {within_last: P1Y}}", "require: {opened_on: {within_last: P13M}}"),
    ("require/opened_on:within_last->within_next", "require: {opened_on: {within_last: P1Y}}", "require: {opened_on: {within_next: P1Y}}"),
    (
        "require/opened_on:after $as_of minus P90D->P89D",
        "require: {opened_on: {after: {path: $as_of, minus: P90D}}}",
        "require: {opened_on: {after: {path: $as_of, minus: P89D}}}",
    ),
    (
        "require/opened_on:after $as_of minus->plus",
        "require: {opened_on: {after: {path: $as_of, minus: P90D}}}",
        "require: {opened_on: {after: {path: $as_of, plus: P90D}}}",
    ),
    (
        "require/opened_on:done_within days 30->31",
        "require: {opened_on: {done_within: {of: opened_on, days: 30}}}",
        "require: {opened_on: {done_within: {of: opened_on, days: 31}}}",
    ),
    ("require/skills:some->every", "require: {skills: {some: {.: {is: a}}}}", "require: {skills: {every: {.: {is: a}}}}"),
    ("require/skills:none->some", "require: {skills: {none: {.: {is: a}}}}", "require: {skills: {some: {.: {is: a}}}}"),
    (
        "require/skills:every allow_empty false->true",
        "require: {skills: {every: {.: {is: a}}}}",
        "require: {skills: {every: {.: {is: a}}, allow_empty: true}}",
    ),
    ("require/skills/some/.:is->is_not", "require: {skills: {some: {.: {is: a}}}}", "require: {skills: {some: {.: {is_not: a}}}}"),
    ("require/skills:count at_least 1->2", "require: {skills: {count: {at_least: 1}}}", "require: {skills: {count: {at_least: 2}}}"),
    ("require/skills:count at_least->at_most", "require: {skills: {count: {at_least: 1}}}", "require: {skills: {count: {at_most: 1}}}"),
    (
        "require/skills:count without at_most",
        "require: {skills: {count: {at_least: 1, at_most: 3}}}",
        "require: {skills: {count: {at_least: 1}}}",
    ),
    (
        "require/skills:count without where",
        "require: {skills: {count: {where: {.: {is: a}}, at_most: 0}}}",
        "require: {skills: {count: {at_most: 0}}}",
    ),
    ("require/skills:contains_all->at_most_one_of", "require: {skills: {contains_all: [a]}}", "require: {skills: {at_most_one_of: [a]}}"),
    ("require/skills:subset_of->disjoint_from", "require: {skills: {subset_of: [a]}}", "require: {skills: {disjoint_from: [a]}}"),
    ("require/skills:disjoint_from without b", "require: {skills: {disjoint_from: [a, b]}}", "require: {skills: {disjoint_from: [a]}}"),
    ("require/steps:unique_by without id", "require: {steps: {unique_by: [id, type]}}", "require: {steps: {unique_by: type}}"),
    (
        "require/steps:cadence every P92D->P93D",
        "require: {steps: {cadence: {at: done_on, every: P92D, over_last: P12M}}}",
        "require: {steps: {cadence: {at: done_on, every: P93D, over_last: P12M}}}",
    ),
    (
        "require/steps:cadence over_last P12M->P11M",
        "require: {steps: {cadence: {at: done_on, every: P92D, over_last: P12M}}}",
        "require: {steps: {cadence: {at: done_on, every: P92D, over_last: P11M}}}",
    ),
    (
        "require/steps:cadence without tolerance",
        "require: {steps: {cadence: {at: done_on, every: P92D, over_last: P12M, tolerance: P2D}}}",
        "require: {steps: {cadence: {at: done_on, every: P92D, over_last: P12M}}}",
    ),
    (
        "require/steps:every_path next next.* takes_effect true->false",
        f"{STEPS}{ENDS}}}}}}}",
        f"{STEPS.replace('next.*', '{of: next.*, takes_effect: false}')}{ENDS}}}}}}}",
    ),
    (
        "require/steps:every_path without next type",
        f"{STEPS}{ENDS}}}}}}}",
        f"{STEPS.replace(', {of: type, takes_effect: false}', '')}{ENDS}}}}}}}",
    ),
    ("require/steps:every_path starts not_done->done", f"{STEPS}{ENDS}}}}}}}", f"{STEPS}starts: done, {ENDS}}}}}}}"),
    ("require/steps:every_path without undone_by", f"{STEPS}{ENDS}, undone_by: {{type: {{is: on}}}}}}}}}}", f"{STEPS}{ENDS}}}}}}}"),
    ("require/steps/every_path/to/type:is->is_not", f"{STEPS}{ENDS}}}}}}}", f"{STEPS}{ENDS.replace('{is: pay}', '{is_not: pay}')}}}}}}}"),
    ("require:all_of->any_of", "require: {name: {is: a}, id: {is: b}}", "require: {any_of: [{name: {is: a}}, {id: {is: b}}]}"),
    ("require/id:without is", "require: {name: {is: a}, id: {is: b}}", "require: {all_of: [{name: {is: a}}]}"),
    (
        "require/all_of/1:left out",
        "require: {all_of: [{name: {is: a}}, {id: {is: b}, waits: {is: 1}}]}",
        "require: {all_of: [{name: {is: a}}]}",
    ),
    ("require/any_of:any_of->all_of", "require: {any_of: [{name: {is: a}}, {id: {is: b}}]}", "require: {name: {is: a}, id: {is: b}}"),
    ("require/any_of/0/name:without is", "require: {any_of: [{name: {is: a}}, {id: {is: b}}]}", "require: {any_of: [{id: {is: b}}]}"),
    ("require/not:without not", "require: {not: {name: {is: a}}}", "require: {name: {is: a}}"),
    ("require/if:without if", "require: {if: {name: {is: a}}, then: {id: {is: b}}}", "require: {id: {is: b}}"),
    (
        "require/if:then<->else",
        "require: {if: {name: {is: a}}, then: {id: {is: b}}, else: {id: {is: c}}}",
        "require: {if: {name: {is: a}}, then: {id: {is: c}}, else: {id: {is: b}}}",
    ),
    (
        "require/if:without else",
        "require: {if: {name: {is: a}}, then: {id: {is: b}}, else: {id: {is: c}}}",
        "require: {if: {name: {is: a}}, then: {id: {is: b}}}",
    ),
    (
        "require/steps/some/meets/predicate/type:is->is_not",
        "require: {steps: {some: {meets: pays}}}",
        "require: {steps: {some: {type: {is_not: payment}}}}",
    ),
    ("when:left out", f"when: {{id: {{is: a}}}}\n{SOME}", SOME),
    ("when/waits:without is", f"when: {{id: {{is: a}}, waits: {{is: 1}}}}\n{SOME}", f"when: {{all_of: [{{id: {{is: a}}}}]}}\n{SOME}"),
    ("per/month/last:2->3", f"per: {{month: {{last: 2}}}}\n{SOME}", f"per: {{month: {{last: 3}}}}\n{SOME}"),
    (
        "params/p/default:90->91",
        f"params: {{p: {{type: integer, default: 90}}}}\n{SOME}",
        f"params: {{p: {{type: integer, default: 91}}}}\n{SOME}",
    ),
    (
        "params/p/default:0.8->0.81",
        f"params: {{p: {{type: number, default: 0.80}}}}\n{SOME}",
        f"params: {{p: {{type: number, default: 0.81}}}}\n{SOME}",
    ),
    (
        "params/p/default:without a",
        f"params: {{p: {{type: list, default: [a, b]}}}}\n{SOME}",
        f"params: {{p: {{type: list, default: [b]}}}}\n{SOME}",
    ),
    (
        "params/p/bounds/at_most:365->364",
        f"params: {{p: {{type: integer, bounds: {{at_most: 365}}}}}}\n{SOME}",
        f"params: {{p: {{type: integer, bounds: {{at_most: 364}}}}}}\n{SOME}",
    ),
    (
        "with/s/key:without queue=id",
        LATE.replace("{theirs: queue, ours: id}", "[{theirs: queue, ours: id}, {theirs: id, ours: name}]") + SOME,
        LATE.replace("{theirs: queue, ours: id}", "[{theirs: id, ours: name}]") + SOME,
    ),
    (
        "with/s/during:left out",
        "per: {month: {last: 2}}\n" + LATE.replace("}}}", "}, during: on}}") + SOME,
        f"per: {{month: {{last: 2}}}}\n{LATE}{SOME}",
    ),
    ("with/s/where:left out", LATE.replace("}}}", "}, where: {passed: {is: true}}}}") + SOME, LATE + SOME),
    (
        "with/s/where/passed:is->is_not",
        LATE.replace("}}}", "}, where: {passed: {is: true}}}}") + SOME,
        LATE.replace("}}}", "}, where: {passed: {is_not: true}}}}") + SOME,
    ),
    (
        "measure/m/count/where:left out",
        f"{LATE}measure: {{m: {{count: {{of: $s, where: {{passed: {{is: true}}}}}}}}}}\n{SOME}",
        f"{LATE}measure: {{m: {{count: {{of: $s}}}}}}\n{SOME}",
    ),
    (
        "measure/m/p:0.95->0.96",
        f"{LATE}measure: {{m: {{percentile: {{of: $s, value: number, p: 0.95, method: nearest_rank}}}}}}\n{SOME}",
        f"{LATE}measure: {{m: {{percentile: {{of: $s, value: number, p: 0.96, method: nearest_rank}}}}}}\n{SOME}",
    ),
    (
        "measure/m/min:min->max",
        f"{LATE}measure: {{m: {{min: {{of: $s, value: number}}}}}}\n{SOME}",
        f"{LATE}measure: {{m: {{max: {{of: $s, value: number}}}}}}\n{SOME}",
    ),
]


def rule_of(folder: Path, text: str) -> Rule:
    """The rule of the small pack that has these sections."""
    return loaded(folder, {**GOOD, CHECK: HEAD + text}).rules["recording/pause"]


def meaning(rule: Rule) -> str:
    """All that a rule decides by, without the places of its nodes."""
    parts = (rule.parameters, rule.foci, rule.joins, rule.measures, rule.when, written_out(rule.require))
    return re.sub(r"place='[^']*'", "", repr(parts))


def written_out(node: Predicate) -> Predicate:
    """The predicate with what it meets in the place of the name."""
    whole = rebuilt(node, [written_out(part) for part in inner(node)])
    return whole.predicate if isinstance(whole, Meets) else whole


@pytest.mark.parametrize(("name", "before", "after"), KINDS, ids=[name for name, _, _ in KINDS])
def test_a_mutant_is_the_rule_with_one_thing_changed(name: str, before: str, after: str, tmp_path: Path) -> None:
    """It is the rule that somebody would have written with just that change."""
    found = {mutant.id: mutant for mutant in mutants_of(rule_of(tmp_path / "before", before))}
    assert name in found
    assert meaning(found[name].rule) == meaning(rule_of(tmp_path / "after", after))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (SOME, ["require/name:present true->false"]),
        ("require: {name: {matches: a}}", []),
        ("require: {name: {is: a}}", ["require/name:is->is_not"]),
        ("require: {name: {in: [a]}}", ["require/name:in->not_in"]),
        ("require: {any_of: [{name: {is: a}}]}", ["require/any_of/0/name:is->is_not"]),
        ("require: {skills: {count: {at_most: 0}}}", ["require/skills:count at_most 0->1", "require/skills:count at_most->at_least"]),
        (
            "require: {opened_on: {within_last: P1D}}",
            ["require/opened_on:within_last P1D->P2D", "require/opened_on:within_last->within_next"],
        ),
        (
            f"params: {{p: {{type: integer, default: 12, bounds: {{at_least: 12}}}}}}\n{SOME}",
            ["params/p/default:12->13", "require/name:present true->false"],
        ),
        (f"params: {{p: {{type: text, default: a}}}}\n{SOME}", ["require/name:present true->false"]),
        (f"per: {{month: {{last: 1}}}}\n{SOME}", ["per/month/last:1->2", "require/name:present true->false"]),
        (
            "require: {if: {id: {is: a}}, then: {name: {is: b}}}",
            ["require/if:without if", "require/if:then->else", "require/if/id:is->is_not", "require/then/name:is->is_not"],
        ),
    ],
)
def test_no_mutant_means_the_same_or_would_be_refused(text: str, ids: list[str], tmp_path: Path) -> None:
    """No lists without members, no counts below 0, no spans of nothing, no defaults outside of their bounds, no looser bounds."""
    assert [mutant.id for mutant in mutants_of(rule_of(tmp_path, text))] == ids


def test_a_mutant_says_in_a_sentence_what_it_changes(tmp_path: Path) -> None:
    """With the words of the rule in backticks."""
    text = "params: {p: {type: integer, default: 9}}\nwhen: {id: {is: a}}\nrequire: {waits: {at_least: 12}, name: {in: [a, b]}}"
    told = {mutant.id: mutant.sentence for mutant in mutants_of(rule_of(tmp_path, text))}
    assert told["params/p/default:9->10"] == "the default of the parameter `p` is 10, not 9"
    assert told["when:left out"] == "the rule applies everywhere: `when` is left out"
    assert told["require:all_of->any_of"] == "one of its conditions is enough"
    assert told["require/waits:without at_least"] == "the condition `at_least` on `waits` is left out"
    assert told["require/waits:at_least 12->13"] == "on `waits`, `at_least 12` becomes `at_least 13`"
    assert told["require/name:in without a"] == "on `name`, `in` loses `a`"


def test_a_definition_that_is_met_twice_has_mutants_in_both_places(tmp_path: Path) -> None:
    """Each changes one of the two."""
    rule = rule_of(tmp_path, "require: {all_of: [{steps: {some: {meets: pays}}}, {steps: {none: {meets: pays}}}]}")
    ids = [mutant.id for mutant in mutants_of(rule)]
    assert [name for name in ids if "meets" in name] == [
        "require/all_of/0/steps/some/meets/predicate/type:is->is_not",
        "require/all_of/1/steps/none/meets/predicate/type:is->is_not",
    ]
    assert unfolded(unfolded(rule)).joins == rule.joins


@pytest.mark.parametrize("file", sorted(DATA.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_mutant_of_the_conformance_rules_can_be_judged(file: Path, tmp_path: Path) -> None:
    """Whatever a rule says, its mutants have ids of their own, and are rules that end in a verdict."""
    for number, case in enumerate(read_cases(file)):
        try:
            world = world_of(case, tmp_path / str(number))
        except Refused:
            continue
        mutants = list(mutants_of(world.rule))
        assert len({mutant.id for mutant in mutants}) == len(mutants)
        for mutant in mutants:
            alone = replace(world.library, rulebook=Rulebook({mutant.rule.id: mutant.rule}))
            assert assess(alone, world.evidence, world.wanted).rules[0].status


# ---- the shipped rules ---------------------------------------------------------------------------------------------------------


@cache
def shipped() -> tuple[RuleMutation, ...]:
    """The mutants of some shipped rules of every subject, tried; CCPOLICY_EVERY=1 takes all rules."""
    rules = library().rulebook.rules
    chosen = set(spread(rules))
    cases = [prepared(case, library()) for case in load_cases(library().packs, rules)[0] if case.rule in chosen]
    return tuple(mutation_of(rules[name], [case for case in cases if case.case.rule == name]) for name in sorted(chosen))


def test_the_cases_of_the_shipped_rules_kill_their_mutants() -> None:
    """95 in a hundred at least, and every survivor is listed with its reason."""
    total, killed = sum(found.total for found in shipped()), sum(len(found.killed) for found in shipped())
    assert total > 1000
    assert killed * 100 >= total * 95
    accepted, problems = load_survivors(library().packs, library().rulebook.rules)
    assert problems == ()
    tried = {found.rule for found in shipped()}
    own = [one for one in accepted if one.rule in tried]
    assert list(misjudged(shipped(), own)) == []
    assert {(one.rule, one.mutant) for one in own} == {(found.rule, one.id) for found in shipped() for one in found.survivors}
