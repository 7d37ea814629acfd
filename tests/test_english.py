"""Plain English: every operator has its phrase, no phrase loses anything, and no line is longer than a breath."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.analysis.mutants import mutants_of
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.backends.english import (
    Names,
    Said,
    foci_said,
    join_said,
    leaf_said,
    measure_said,
    names_of,
    noun,
    plain,
    plural,
    predicate_said,
    words_in,
)
from ccpolicy.documents.schema import load_kinds
from ccpolicy.errors import Refused
from ccpolicy.language.expr import AllOf, Leaf
from ccpolicy.rulebook.load import load_rulebook
from ccpolicy.rulebook.pack import pack_at
from ccpolicy.rulebook.rule import Rule
from ccpolicy.rulebook.syntax import Condition
from tests.conformance import DATA, GIVEN, read_cases, world_of
from tests.spread import spread

BREATH = 30  # words of a line; ten letters in backticks are about a word


@cache
def library() -> Library:
    return load_library()


def names_for(rule: Rule) -> Names:
    return names_of(rule.foci, rule.joins, rule.measures, rule.parameters, {})


def said_of(rule: Rule) -> tuple[Said, ...]:
    """All that is said of a rule."""
    names = names_for(rule)
    parts = [foci_said(rule.foci, names), *(join_said(join, names) for join in rule.joins.values())]
    parts += [measure_said(measure, names) for measure in rule.measures.values()]
    parts += [predicate_said(node, names) for node in (rule.when, rule.require) if node is not None]
    return tuple(parts)


def lines(said: Said) -> Iterator[str]:
    yield said.text
    for part in said.parts:
        yield from lines(part)


# ---- a small world to word predicates in ----------------------------------------------------------------------------------------

AGENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Agent",
    "type": "object",
    "properties": {
        **{name: {"type": "string"} for name in ("id", "team", "site")},
        **{name: {"type": "integer"} for name in ("age", "limit")},
        **{name: {"type": "string", "format": "date"} for name in ("hired_on", "left_on")},
        "rest": {"type": "string", "format": "duration"},
        "home": {"type": "boolean"},
        "skills": {"type": "array", "items": {"type": "string"}},
        "wanted": {"type": "array", "items": {"type": "string"}},
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"},
                    "next": {"type": "array", "items": {"type": "string"}},
                    "on": {"type": "string", "format": "date"},
                    "score": {"type": "integer"},
                },
            },
        },
    },
}
TRAINING: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "agent": {"type": "string"},
        "course": {"type": "string"},
        "on": {"type": "string", "format": "date"},
        "minutes": {"type": "integer"},
    },
}
RULE: dict[str, Any] = {
    **GIVEN,
    "applies_to": "agent",
    "params": {
        "least": {"type": "integer", "default": 3, "bounds": {"at_least": 1, "at_most": 9}},
        "open": {"type": "integer"},
        "span": {"type": "duration", "default": "P6M"},
        "teams": {"type": "list", "default": ["a", "b"]},
    },
    "with": {"courses": {"from": "training", "as": "courses of this agent", "key": {"theirs": "agent", "ours": "id"}}},
    "measure": {"sat": {"count": {"of": "$courses"}}},
}
PATH = {"id": "id", "next": ["next.*"], "start": {"path": "$focus.id"}, "to": {"id": {"is": "b"}}, "first_passes": {"id": {"is": "a"}}}


@pytest.fixture
def worded(tmp_path: Path) -> Any:
    """Words a predicate, or a rule with something changed, in the small world."""
    for folder in ("schemas", "checks/conformance", "definitions"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "schemas/agent.schema.json").write_text(json.dumps(AGENT), "utf-8")
    (tmp_path / "schemas/training.schema.json").write_text(json.dumps(TRAINING), "utf-8")
    (tmp_path / "definitions/old.json").write_text(json.dumps({"on": "agent", "predicate": {"age": {"more_than": 60}}}), "utf-8")
    kinds = load_kinds([tmp_path / "schemas"])

    def rule_with(**changed: Any) -> Rule:
        (tmp_path / "checks/conformance/case.json").write_text(json.dumps({**RULE, **changed}), "utf-8")
        return load_rulebook([pack_at(tmp_path, "small")], kinds).rules["conformance/case"]

    def told(require: Any, **changed: Any) -> str:
        return " | ".join(plain(said) for said in said_of(rule_with(require=require, **changed)))

    told.rule_with = rule_with  # type: ignore[attr-defined]
    return told


# ---- every operator ------------------------------------------------------------------------------------------------------------

PHRASES: dict[str, tuple[Any, str]] = {
    "is": ({"team": {"is": "red"}}, "`team` is `red`"),
    "is_not": ({"team": {"is_not": {"path": "site"}}}, "`team` is not the same as `site`"),
    "in": ({"team": {"in": ["red", "blue"]}}, "`team` is either `red` or `blue`"),
    "not_in": ({"team": {"not_in": ["a", "b", "c"]}}, "`team` is none of `a`, `b` and `c`"),
    "at_least": ({"age": {"at_least": {"param": "least"}}}, "`age` is at least `least` (3 by default, from 1 to 9)"),
    "at_most": ({"age": {"at_most": {"param": "open"}}}, "`age` is at most `open` (to be set)"),
    "more_than": ({"rest": {"more_than": "PT1H30M"}}, "`rest` is more than 1 hour and 30 minutes"),
    "less_than": ({"$sat": {"less_than": 2}}, "the measure `sat` is less than 2"),
    "between": ({"age": {"between": [1, {"path": "limit"}]}}, "`age` is between 1 and `limit`, both included"),
    "before": ({"hired_on": {"before": {"path": "$as_of"}}}, "`hired_on` is before the date of assessment"),
    "after": ({"hired_on": {"after": "2026-01-01"}}, "`hired_on` is after 2026-01-01"),
    "on_or_before": (
        {"left_on": {"on_or_before": {"path": "hired_on", "plus": "P1Y"}}},
        "`left_on` is on or before the day 1 year after `hired_on`",
    ),
    "on_or_after": (
        {"left_on": {"on_or_after": {"path": "$as_of", "minus": {"param": "span"}}}},
        "`left_on` is on or after the day `span` (6 months by default) before the date of assessment",
    ),
    "within_last": ({"hired_on": {"within_last": "P12M"}}, "`hired_on` is in the 12 months up to the date of assessment"),
    "within_next": (
        {"left_on": {"within_next": {"param": "span"}}},
        "`left_on` is in the period `span` (6 months by default) from the date of assessment on",
    ),
    "done_within": (
        {"left_on": {"done_within": {"of": {"path": "hired_on"}, "business_days": 1, "calendar": "uk"}}},
        "`left_on` meets the deadline of 1 business day after `hired_on`, by the calendar `uk`",
    ),
    "matches": ({"team": {"matches": "[a-z]+"}}, "`team` matches the pattern `[a-z]+` as a whole"),
    "starts_with": ({"team": {"starts_with": "re"}}, "`team` starts with `re`"),
    "ends_with": ({"team": {"ends_with": {"path": "site"}}}, "`team` ends with the value of `site`"),
    "contains_text": ({"team": {"contains_text": "e"}}, "`team` contains the text `e`"),
    "free_of": (
        {"team": {"free_of": ["pan", "ssn"]}},
        "`team` contains no payment card number and no US social security number",
    ),
    "present": ({"team": {"present": False}}, "`team` is absent"),
    "some": ({"skills": {"some": {".": {"in": ["a", "b"]}}}}, "at least one entry of `skills` is either `a` or `b`"),
    "every": (
        {"$courses": {"every": {"minutes": {"at_least": 9}}}},
        "for every one of the courses of this agent (of which there is at least one), `minutes` is at least 9",
    ),
    "none": ({"$courses": {"none": {"course": {"is": "x"}}}}, "for none of the courses of this agent, `course` is `x`"),
    "count": (
        {"steps": {"count": {"where": {"score": {"at_least": 3}}, "at_least": 1, "at_most": 4}}},
        "at least 1 and at most 4 of the entries of `steps` are such that `score` is at least 3",
    ),
    "contains": ({"skills": {"contains": {"path": "team"}}}, "`skills` contains the value of `team`"),
    "contains_all": ({"skills": {"contains_all": ["a", "b"]}}, "`skills` contains all of `a` and `b`"),
    "at_most_one_of": (
        {"skills": {"at_most_one_of": {"param": "teams"}}},
        "`skills` contains at most one of the values of `teams` (`a` and `b` by default)",
    ),
    "subset_of": ({"skills": {"subset_of": {"path": "wanted"}}}, "`skills` contains nothing but the entries of `wanted`"),
    "disjoint_from": ({"skills": {"disjoint_from": ["a"]}}, "`skills` contains none of `a`"),
    "unique_by": ({"steps": {"unique_by": ["id", "on"]}}, "no two entries of `steps` have the same `id` and `on`"),
    "cadence": (
        {"$courses": {"cadence": {"at": "on", "every": "P1Y", "over_last": "P3Y", "tolerance": "P5D"}}},
        "no more than 1 year (and a tolerance of 5 days) pass without one of the courses of this agent:"
        " (dated by `on`; in the 3 years up to the date of assessment)",
    ),
    "every_path": (
        {"steps": {"every_path": PATH}},
        "on every path through the steps in `steps`, the safeguard comes before every step that needs it:"
        " (the safeguard is a step where `id` is `a`; a step needs it where `id` is `b`;"
        " paths start at this agent's `id` and follow `next.*`; steps are named by `id`;"
        " at the start, the safeguard has not been passed)",
    ),
}


def test_every_operator_of_the_language_has_its_phrase() -> None:
    words = {field.alias or name for name, field in Condition.model_fields.items()} - {"allow_empty"}  # a modifier of `every`
    assert set(PHRASES) == words


@pytest.mark.parametrize("word", PHRASES)
def test_an_operator_reads_as_a_person_would_say_it(word: str, worded: Any) -> None:
    """Whole sentences are compared: each says its path, its operator and its argument."""
    require, expected = PHRASES[word]
    rule = worded.rule_with(require=require)
    assert isinstance(rule.require, Leaf)
    assert rule.require.word == word
    assert str(predicate_said(rule.require, names_for(rule))) == expected
    assert leaf_said(rule.require, names_for(rule)) == Said(expected)


LOGIC: list[tuple[Any, str]] = [
    ({"home": {"is": True}, "age": {"at_least": 3}}, "`home` is true and `age` is at least 3"),
    ({"age": {"at_most": 9, "at_least": 3}}, "`age` is at least 3 and at most 9"),
    ({"team": {"is": "red", "present": True}}, "`team` is present and is `red`"),
    ({"any_of": [{"left_on": {"present": False}}, {"home": {"is": True}}]}, "either `left_on` is absent or `home` is true"),
    ({"not": {"team": {"is": "red"}}}, "it is not the case that `team` is `red`"),
    (
        {"not": {"any_of": [{"team": {"is": "red"}}, {"home": {"is": True}}]}},
        "none of these holds: (`team` is `red`; `home` is true)",
    ),
    (
        {"not": {"all_of": [{"team": {"is": "red"}}, {"home": {"is": True}}]}},
        "at least one of these does not hold: (`team` is `red`; `home` is true)",
    ),
    ({"not": {"not": {"home": {"is": True}}}}, "this does not hold: (it is not the case that `home` is true)"),
    ({"if": {"home": {"is": True}}, "then": {"age": {"at_least": 3}}}, "if `home` is true, then `age` is at least 3"),
    (
        {
            "if": {"home": {"is": True}},
            "then": {"age": {"is": 1}},
            "else": {"if": {"age": {"is": 2}}, "then": {"limit": {"is": 2}}, "else": {"limit": {"is": 3}}},
        },
        "as the case may be: (if `home` is true, then `age` is 1; otherwise, if `age` is 2, then `limit` is 2; otherwise, `limit` is 3)",
    ),
    (
        {
            "if": {"any_of": [{"home": {"is": True}}, {"steps": {"count": {"at_most": 0}}}]},
            "then": {"age": {"is": 1}},
        },
        "`age` is 1, if at least one of these holds: (`home` is true; `steps` has no entries)",
    ),
    ({"meets": "old"}, "`old` is met, that is, `age` is more than 60"),
    ({"$courses": {"count": {"at_most": 0}}}, "there are no courses of this agent"),
    ({"skills": {"every": {".": {"is": "x"}}, "allow_empty": True}}, "every entry of `skills` (if there are any) is `x`"),
    ({"skills": {"unique_by": "."}}, "no two entries of `skills` are the same"),
    ({"team": {"in": ["red"]}}, "`team` is `red`"),
    ({"team": {"is": ""}}, "`team` is the empty text"),
    ({"team": {"is": "a`b"}}, "`team` is `aˋb`"),
]


@pytest.mark.parametrize(("require", "expected"), LOGIC, ids=[expected for _, expected in LOGIC])
def test_words_between_conditions_read_as_a_person_would_say_them(require: Any, expected: str, worded: Any) -> None:
    rule = worded.rule_with(require=require)
    assert plain(predicate_said(rule.require, names_for(rule))) == expected


DERIVED: list[tuple[dict[str, Any], str]] = [
    ({"measure": {"m": {"sum": {"of": "steps", "value": "score"}}}}, "`m` is the sum of `score` over the entries of `steps`"),
    ({"measure": {"m": {"count": {"of": "steps.*.next.*"}}}}, "`m` is the number of all that `steps.*.next.*` selects"),
    (
        {"measure": {"m": {"share": {"of": "$courses", "where": {"course": {"is": "x"}}}}}},
        "`m` is the share of those among the courses of this agent for which `course` is `x`",
    ),
    (
        {"measure": {"m": {"percentile": {"of": "steps", "value": "score", "p": 0.95, "method": "nearest_rank"}}}},
        "`m` is the percentile 0.95 (by nearest rank) of `score` over the entries of `steps`",
    ),
    (
        {"measure": {"m": {"business_days_between": {"from": "hired_on", "to": "$as_of", "calendar": "uk"}}}},
        "`m` is the number of business days from `hired_on` to the date of assessment, by the calendar `uk`",
    ),
    ({"each": "steps.*", "require": {"score": {"at_most": {"path": "$focus.score"}}}}, "every entry of `steps` in every agent"),
    (
        {"each": "steps.*", "require": {"next": {"none": {".": {"is": {"path": "$focus.id"}}}}}},
        "no entry of `next` is this `steps` entry's `id`",
    ),
    ({"per": {"week": {"last": 1}}}, "every agent, for the last full week"),
    (
        {"per": {"quarter": {"last": 4}}, "require": {"hired_on": {"before": {"path": "$period.from"}}}},
        "`hired_on` is before the first day of the quarter",
    ),
    (
        {"reached_from": {"kind": "agent", "links": "wanted.*", "key": "id"}},
        "every agent in this chain: (it starts with the agents whose `id` any agent names in `wanted.*`;"
        " it goes on with those that any agent in the chain names in its own `wanted.*`)",
    ),
    (
        {"with": {"c": {"from": "training", "as": "trainings", "key": {"theirs": "agent", "ours": "id"}}}, "measure": {}},
        "trainings: those whose `agent` is this agent's `id`",
    ),
]


@pytest.mark.parametrize(("changed", "expected"), DERIVED, ids=[expected for _, expected in DERIVED])
def test_what_a_rule_looks_up_and_measures_reads_as_a_person_would_say_it(changed: dict[str, Any], expected: str, worded: Any) -> None:
    rule = worded.rule_with(**{"require": {"home": {"is": True}}, **changed})
    assert expected in [plain(said) for said in said_of(rule)]


# ---- nothing is lost -----------------------------------------------------------------------------------------------------------

LOOKALIKES: dict[str, list[Any]] = {
    "a text, a field, a parameter and a measure": [
        {"age": {"at_least": {"path": "limit"}}},
        {"age": {"at_least": {"param": "least"}}},
        {"age": {"at_least": {"path": "$sat"}}},
        {"age": {"at_least": 3}},
    ],
    "a text and a field of that name": [{"team": {"is": "site"}}, {"team": {"is": {"path": "site"}}}],
    "a field here and at the focus": [
        {"steps": {"some": {"id": {"is": {"path": "id"}}}}},
        {"steps": {"some": {"id": {"is": {"path": "$focus.id"}}}}},
        {"steps": {"some": {"id": {"is": {"path": "$document.id"}}}}},
    ],
    "quantifiers": [
        {"steps": {"some": {"score": {"is": 1}}}},
        {"steps": {"none": {"score": {"is": 1}}}},
        {"steps": {"every": {"score": {"is": 1}}}},
        {"steps": {"every": {"score": {"is": 1}}, "allow_empty": True}},
        {"steps": {"count": {"where": {"score": {"is": 1}}, "at_least": 1}}},
        {"steps": {"count": {"where": {"score": {"is": 1}}, "at_most": 1}}},
        {"steps": {"count": {"at_least": 1}}},
        {"not": {"steps": {"some": {"score": {"is": 1}}}}},
    ],
    "and, or, not, if": [
        {"all_of": [{"home": {"is": True}}, {"age": {"is": 1}}]},
        {"any_of": [{"home": {"is": True}}, {"age": {"is": 1}}]},
        {"not": {"all_of": [{"home": {"is": True}}, {"age": {"is": 1}}]}},
        {"not": {"any_of": [{"home": {"is": True}}, {"age": {"is": 1}}]}},
        {"if": {"home": {"is": True}}, "then": {"age": {"is": 1}}},
        {"if": {"home": {"is": True}}, "then": {"age": {"is": 1}}, "else": {"age": {"is": 2}}},
    ],
    "and within or, or within and": [
        {"any_of": [{"home": {"is": True}}, {"age": {"is": 1}, "limit": {"is": 1}}]},
        {"any_of": [{"home": {"is": True}}, {"age": {"is": 1}}], "limit": {"is": 1}},
    ],
    "is not, and not is": [{"team": {"is_not": "red"}}, {"not": {"team": {"is": "red"}}}, {"team": {"is": "red"}}],
    "true, the text true": [{"home": {"is": True}}, {"home": {"is": False}}, {"home": {"is_not": True}}],
    "cadences": [
        {"$courses": {"cadence": {"at": "on", "every": "P90D", "over_last": "P1Y"}}},
        {"$courses": {"cadence": {"at": "on", "every": "P3M", "over_last": "P1Y"}}},
        {"$courses": {"cadence": {"at": "on", "every": "P90D", "over_last": "P2Y"}}},
        {"$courses": {"cadence": {"at": "on", "every": "P90D", "over_last": "P1Y", "tolerance": "P1D"}}},
    ],
    "windows and deadlines": [
        {"left_on": {"within_last": "P30D"}},
        {"left_on": {"within_next": "P30D"}},
        {"left_on": {"done_within": {"of": {"path": "hired_on"}, "days": 30}}},
        {"left_on": {"done_within": {"of": {"path": "hired_on"}, "months": 30}}},
        {"left_on": {"done_within": {"of": {"path": "hired_on"}, "business_days": 30, "calendar": "uk"}}},
        {"left_on": {"done_within": {"of": {"path": "hired_on"}, "business_days": 30, "calendar": "us"}}},
        {"left_on": {"on_or_before": {"path": "hired_on", "plus": "P30D"}}},
        {"left_on": {"on_or_before": {"path": "hired_on", "minus": "P30D"}}},
    ],
    "lists": [{"skills": {word: ["a", "b", "c"]}} for word in ("contains_all", "subset_of", "disjoint_from", "at_most_one_of")]
    + [{"skills": {"contains": "a"}}, {"skills": {"subset_of": {"path": "wanted"}}}],
    "flows": [
        {"steps": {"every_path": {**PATH, **changed}}}
        for changed in (
            {},
            {"next": [{"of": "next.*", "takes_effect": False}]},
            {"undone_by": {"id": {"is": "c"}}},
            {"starts": "done"},
            {"starts": "unknown"},
            {"start": "a"},
            {"to": {"id": {"is": "a"}}, "first_passes": {"id": {"is": "b"}}},
        )
    ],
}


@pytest.mark.parametrize("group", LOOKALIKES)
def test_what_differs_in_one_word_reads_differently(group: str, worded: Any) -> None:
    told = [worded(require) for require in LOOKALIKES[group]]
    assert sorted(set(told)) == sorted(told)


def test_every_mutant_of_a_shipped_rule_reads_differently_from_the_rule_and_from_every_other() -> None:
    """An operator swapped, a bound moved, a branch left out: an auditor who reads the page sees it."""
    unseen = []
    for rule in map(library().rulebook.rules.__getitem__, spread(library().rulebook.rules, most=2)):
        told = {tuple(plain(said) for said in said_of(rule)): "the rule itself"}
        for mutant in mutants_of(rule):
            text = tuple(plain(said) for said in said_of(mutant.rule))
            if text in told:
                unseen.append(f"{rule.id}: {mutant.id} reads as {told[text]}")
            told[text] = mutant.id
    assert unseen == []


# ---- breath, and everything can be said ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", sorted(library().rulebook.rules))
def test_no_line_about_a_shipped_rule_is_longer_than_a_breath(rule: str) -> None:
    found = [line for said in said_of(library().rulebook.rules[rule]) for line in lines(said)]
    assert [line for line in found if words_in(line) > BREATH] == []


def test_a_list_stands_behind_a_colon_and_nowhere_else() -> None:
    def untrue(said: Said) -> list[str]:
        own = [] if said.text.endswith(":") == bool(said.parts) else [said.text]
        return own + [text for part in said.parts for text in untrue(part)]

    told = [said for rule in library().rulebook.rules.values() for said in said_of(rule)]
    assert [text for said in told for text in untrue(said)] == []


@pytest.mark.parametrize("file", sorted(DATA.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_rule_of_the_conformance_data_can_be_worded(file: Path, tmp_path: Path) -> None:
    """Without a trace of how the expression is kept, and with all backticks in pairs."""
    worded = 0
    for number, case in enumerate(read_cases(file)):
        try:
            rule = world_of(case, tmp_path / str(number)).rule
        except Refused:
            continue
        for line in (line for said in said_of(rule) for line in lines(said)):
            assert re.search(r"\(\)|  | ,|None|<|Path\(|`", re.sub(r"`[^`]*`", "x", line)) is None, line
            worded += 1
    assert worded > 0


def test_conditions_on_one_place_are_said_together_and_those_of_another_are_not() -> None:
    rule = library().rulebook.rules["access/lockout"]
    assert isinstance(rule.require, AllOf)
    assert predicate_said(rule.require, names_for(rule)).parts[0] == Said("`lockout.attempts` is at least 1 and at most 10")


@pytest.mark.parametrize(
    ("kind", "title", "one", "many"),
    [
        ("agent", "", "agent", "agents"),
        ("asv-scan", "ASV scan", "ASV scan", "ASV scans"),
        ("connect-flow", "Amazon Connect flow", "Amazon Connect flow", "Amazon Connect flows"),
        ("queue-config", "Queue configuration", "queue configuration", "queue configurations"),
        ("policy", "Retention policy", "retention policy", "retention policies"),
        ("risk-analysis", "", "risk analysis", "risk analyses"),
        ("box", "", "box", "boxes"),
    ],
)
def test_a_kind_is_called_by_its_title_as_within_a_sentence(kind: str, title: str, one: str, many: str) -> None:
    found = noun(kind, Names(titles={kind: title} if title else {}))
    assert (found, plural(found)) == (one, many)
