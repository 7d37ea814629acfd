"""Typical mistakes of authors: each a smallest edit of the good rule, or of the files around it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.rulebook.shop import CATALOGUE, CHECK, DEFINITION, GOOD, RULE, edited

Edit = tuple[str, str]
LATE = "{count: {of: $scans, where: {passed: {is: false}}}}"

# In the rule: what stands there, and what the author wrote in its place.
RULE_EDITS: dict[str, tuple[Edit, ...]] = {
    # words
    "misspelt operator": (("{at_most: {param: max_days}}", "{at_mots: {param: max_days}}"),),
    "operator of another language": (("{is: true}", "{equals: true}"),),
    "misspelt rule key": (("severity: critical", "severty: critical"),),
    "misspelt quantifier": (("steps: {some: {meets: pays}}", "steps: {sme: {meets: pays}}"),),
    "misspelt word of a predicate": (("all_of:", "all_off:"),),
    "misspelt key of a join": (("during: on}", "durring: on}"),),
    "misspelt key of a parameter": (("{type: integer, default: 90,", "{type: integer, defualt: 90,"),),
    "misspelt measure": (("late: {count:", "late: {coutn:"),),
    "misspelt key of a measure": (("{of: $scans, where:", "{of: $scans, wher:"),),
    "misspelt key of a deadline": (("{of: opened_on, days: 30}", "{of: opened_on, dayz: 30}"),),
    "misspelt period": (("{month: {last: 2}}", "{monht: {last: 2}}"),),
    "operator beside the condition": (("when: {takes_payments: {is: true}}", "when: {is: true}"),),
    # paths
    "unknown path": (("keep_for: {at_least", "keep_fro: {at_least"),),
    "unknown path in a member": (("{type: {is_not: other}}", "{typ: {is_not: other}}"),),
    "unknown path in a join": (("{passed: {is: false}}", "{pased: {is: false}}"),),
    "unknown nested path": (("recording.pause_mode", "recording.pause_mod"),),
    "path below a text": (("- name: {matches", "- name.first: {matches"),),
    "nested maps instead of a path": (("- recording.pause_mode: {in: [pause, mask]}", "- recording: {pause_mode: {in: [pause, mask]}}"),),
    "list entered without quantifier": (("steps: {some: {meets: pays}}", "steps.type: {is: payment}"),),
    "list compared like a value": (("skills: {contains: payments}", "skills: {is: payments}"),),
    "quantifier on a single value": (("skills: {contains: payments}", "name: {some: {id: {present: true}}}"),),
    "contains on a text": (("skills: {contains: payments}", "name: {contains: payments}"),),
    "wildcard in a condition": (("steps: {some: {meets: pays}}", "steps.*.type: {is: payment}"),),
    "bad path syntax": (("opened_on: {before", "opened..on: {before"),),
    "JSONPath": (("opened_on: {before", "$.opened_on: {before"),),
    "JSON Pointer": (("opened_on: {before", "/opened_on: {before"),),
    "unknown name": (("$late: {at_most: 0}", "$lates: {at_most: 0}"),),
    "measure as a bare path": (("$late: {at_most: 0}", "late: {at_most: 0}"),),
    "join used as a value": (("$late: {at_most: 0}", "$scans: {at_most: 0}"),),
    "step into a join": (("$late: {at_most: 0}", "$scans.passed: {is: true}"),),
    # values
    "text where a number belongs": (("at_least: 1}", "at_least: one}"),),
    "number in quotes": (("between: [1, 3]", 'between: ["1", 3]'),),
    "number where a text belongs": (("{is_not: other}", "{is_not: 4}"),),
    "text where true or false belongs": (("{is: true}", "{is: yes}"),),
    "list where one value belongs": (("{is: true}", "{is: [true]}"),),
    "one value where a list belongs": (("{in: [pause, mask]}", "{in: pause}"),),
    "between without two bounds": (("[1, 3]", "[1]"),),
    "bad duration": (("P90D", "90 days"),),
    "mixed durations": (("{at_least: P90D}", "{between: [P30D, P6M]}"),),
    "duration of months and days": (("P90D", "P1M15D"),),
    "bad date": (("2026-06-30", "2026-06-31"),),
    "date the other way round": (("2026-06-30", "30/06/2026"),),
    "order of numbers on a date": (("{before: 2026-06-30}", "{at_most: 2026-06-30}"),),
    "order of dates on a number": (("waits: {between: [1, 3]}", "waits: {before: 2026-06-30}"),),
    "is null": (("{is_not: other}", "{is: null}"),),
    "present null": (("{present: true}", "{present: null}"),),
    "mixed list": (("- skills: {contains: payments}", "- name: {in: [pause, 1]}"),),
    "empty list": (("[pause, mask]", "[]"),),
    "bad I-Regexp class": (('"[A-Z][a-z]*"', "'\\d+'"),),
    "look-ahead": (('"[A-Z][a-z]*"', '"(?=a)b"'),),
    "unclosed group": (('"[A-Z][a-z]*"', '"(a|b"'),),
    "unknown detector": (("free_of: [pan]", "free_of: [pin]"),),
    "one detector": (("free_of: [pan]", "free_of: pan"),),
    "operand that is a map": (("{param: max_days}}", "{parm: max_days}}"),),
    "moved number": (("{at_most: {param: max_days}}", "{at_most: {path: recording.retention_days, plus: P1D}}"),),
    "moved by a bad duration": (("{before: 2026-06-30}", "{before: {path: $as_of, minus: 90D}}"),),
    "operand path of another type": (("{before: 2026-06-30}", "{before: {path: waits}}"),),
    # names
    "unknown control": (("house-1/1.1", "house-1/1.11"),),
    "control without its standard": (("house-1/1.1", '"1.1"'),),
    "unknown kind": (("applies_to: queue", "applies_to: queues"),),
    "unknown kind of a join": (("from: scan,", "from: scans,"),),
    "unknown definition": (("meets: pays", "meets: pay"),),
    "definition for another place": (("- steps: {some: {meets: pays}}", "- meets: pays"),),
    "unknown parameter": (("{param: max_days}", "{param: max_day}"),),
    "parameter of another type": (("{param: max_days}", "{param: label}"),),
    "reserved join name": (("scans: {from", "period: {from"), ("of: $scans", "of: steps"), ("{passed: {is: false}}", "{id: {is: x}}")),
    "join name with capitals": (("scans: {from", "Scans: {from"),),
    "measure named like a join": (("late: {count", "scans: {count"),),
    "mismatched key types": (("{theirs: queue, ours: id}", "{theirs: number, ours: id}"),),
    "key that is a text": (("{theirs: queue, ours: id}", "id"),),
    # shapes
    "during without per": (("per: {month: {last: 2}}\n", ""),),
    "per with two units": (("{month: {last: 2}}", "{month: {last: 2}, week: {last: 1}}"),),
    "per without last": (("{month: {last: 2}}", "{month: 2}"),),
    "last of zero": (("{last: 2}", "{last: 0}"),),
    "each from another place": (("per:", "each: $document.data_classes.*\nper:"),),
    "empty predicate": (("when: {takes_payments: {is: true}}", "when: {}"),),
    "empty when": (("when: {takes_payments: {is: true}}", "when:"),),
    "empty condition": (("{is: true}", "{}"),),
    "empty all_of": (("- if: {waits: {between: [1, 3]}}\n      then: {$late: {at_most: 0}}", "- all_of: []"),),
    "all_of that is a map": (("- if: {waits: {between: [1, 3]}}\n      then: {$late: {at_most: 0}}", "- all_of: {name: {is: x}}"),),
    "condition that is no map": (("takes_payments: {is: true}", "takes_payments: true"),),
    "then without if": (("- if: {waits: {between: [1, 3]}}\n      then:", "- then:"),),
    "if without then": (("\n      then: {$late: {at_most: 0}}", ""),),
    "allow_empty without every": (("steps: {every: {type: {is_not: other}}, allow", "steps: {some: {type: {is_not: other}}, allow"),),
    "done_within with two units": (("days: 30}", "days: 30, months: 1}"),),
    "done_within without unit": ((", days: 30}", "}"),),
    "business_days without calendar": (("days: 30}", "business_days: 3}"),),
    "days with calendar": (("days: 30}", "days: 3, calendar: uk}"),),
    "count without bounds": ((", at_least: 1}", "}"),),
    "percentile of 95": ((LATE, "{percentile: {of: $scans, value: number, p: 95, method: nearest_rank}}"),),
    "confidence in per cent": ((LATE, "{wilson_lower: {successes: waits, n: waits, confidence: 95}}"),),
    "measure of two formulas": ((LATE, "{count: {of: $scans}, sum: {of: $scans, value: number}}"),),
    "measure without formula": ((LATE, "{}"),),
    "sum of texts": ((LATE, "{sum: {of: $scans, value: queue}}"),),
    "wilson of a collection": ((LATE, "{wilson_lower: {successes: $scans, n: waits, confidence: 0.95}}"),),
    "ratio of a single value": (("{of: $scans, where: {passed: {is: false}}}", "{of: waits}"),),
    # parameters
    "default out of bounds": (("default: 90", "default: 900"),),
    "default of another type": (("default: 90", "default: ninety"),),
    "bounds on a text": (("{type: text, default: card}", "{type: text, default: card, bounds: {at_most: 3}}"),),
    "bounds upside down": (("bounds: {at_most: 365}", "bounds: {at_least: 400, at_most: 365}"),),
    "unknown type of a parameter": (("{type: text,", "{type: string,"),),
    # the rest of the rule
    "bad time zone": (("Europe/London", "Europe/Londn"),),
    "bad severity": (("severity: critical", "severity: hihg"),),
    "bad coverage": (("coverage: full", "coverage: most"),),
    "no why": ((", why: card data is not recorded", ""),),
    "empty why": (("why: card data is not recorded", 'why: ""'),),
    "one control": (("\n  - {control: house-1/1.1, coverage: full, why: card data is not recorded}", " house-1/1.1"),),
    "list of control ids": (("{control: house-1/1.1, coverage: full, why: card data is not recorded}", "house-1/1.1"),),
    "no controls": (("controls:\n  - {control: house-1/1.1, coverage: full, why: card data is not recorded}", "controls: []"),),
    "title that is a number": (("title: Payment queues pause the recording", "title: 4"),),
    "missing required key": (("remediation: Switch it on.\n", ""),),
    "id unlike its path": (("id: recording/pause", "id: recording/paus"),),
    "unknown placeholder": (("{name}", "{nam}"),),
    "unknown parameter in a placeholder": (("{param.max_days}", "{param.max_day}"),),
    "unclosed brace": (("{actual}", "{actual"),),
    # YAML
    "duplicate key": (("severity: critical", "severity: critical\nseverity: low"),),
    "tab indentation": (("  - {control", "\t- {control"),),
    "colon in a text": (("title: Payment queues", "title: Payment: queues"),),
    "bracket never closed": (("{in: [pause, mask]}", "{in: [pause, mask}"),),
    "five at once": (
        ("severity: critical", "severity: hihg"),
        ("house-1/1.1", "house-1/1.11"),
        ("{at_most: {param: max_days}}", "{at_mots: {param: max_days}}"),
        ("keep_for: {at_least: P90D}", "keep_fro: {at_least: P90D}"),
        ("{param.max_days}", "{param.max_day}"),
    ),
    "ten at once": (
        ("title: Payment queues pause the recording\n", ""),
        ("coverage: full", "coverage: most"),
        ("default: 90", "default: 900"),
        ("Europe/London", "Europe/Londn"),
        ("from: scan,", "from: scans,"),
        ("takes_payments: {is: true}", "takes_payments: true"),
        ("{in: [pause, mask]}", "{in: [pause, 1]}"),
        ("matches: ", "matchs: "),
        ("meets: pays", "meets: pay"),
        ("{actual}", "{actual"),
    ),
}

CYCLE = {"definitions/a.yaml": "on: queue\npredicate: {meets: b}\n", "definitions/b.yaml": "on: queue\npredicate: {not: {meets: a}}\n"}
CASES = """\
rule: recording/pause
cases:
  - {name: a, as_of: 2026-06-30, documents: [], expect: {status: fail}}
  - {name: b, as_of: 2026-06-30, documents: [], expect: {status: not_applicable}}
  - {name: c, as_of: 2026-06-30, documents: [], expect: {status: undetermined}}
  - name: pauses
    as_of: 2026-07-31
    documents: {}
    expect: {status: pass}
""".replace("{}", "[]")


def in_rule(*edits: Edit) -> dict[str, str]:
    """The good pack with these edits of its rule."""
    return {**GOOD, CHECK: edited(RULE, *edits)}


def _definition(text: str) -> dict[str, str]:
    return {**GOOD, "definitions/pays.yaml": text}


def _catalogue(*edits: Edit) -> dict[str, str]:
    return {**GOOD, "catalogues/house-1.yaml": edited(CATALOGUE, *edits)}


def _cases(*edits: Edit) -> dict[str, str]:
    return {**GOOD, "checks/recording/pause.cases.yaml": edited(CASES, *edits)}


# Allowed, and yet hardly meant: a warning each.
REMARKS: dict[str, tuple[Edit, ...]] = {
    "between upside down": (("[1, 3]", "[3, 1]"),),
    "value outside of the schema": (("{in: [pause, mask]}", "{in: [pause, masc]}"),),
    "anchors in a pattern": (("[A-Z][a-z]*", "^[A-Z][a-z]*$"),),
    "key that is unique on neither side": (("{theirs: queue, ours: id}", "{theirs: queue, ours: name}"),),
}

# Around the rule: the files of the pack.
FILES: dict[str, Mapping[str, str]] = {
    "rule that is a list": {**GOOD, CHECK: "- id: recording/pause\n"},
    "rule that is a text": {**GOOD, CHECK: "recording/pause\n"},
    "empty rule file": {**GOOD, CHECK: "\n"},
    "definition cycle": {**GOOD, **CYCLE},
    "definition of itself": {**GOOD, "definitions/a.yaml": "on: queue\npredicate: {meets: a}\n"},
    "definition that meets a refused one": {
        **GOOD,
        "definitions/a.yaml": "on: queue\npredicate: {nam: {is: x}}\n",
        "definitions/b.yaml": "on: queue\npredicate: {meets: a}\n",
    },
    "definition on an unknown kind": _definition(edited(DEFINITION, ("queue/", "queues/"))),
    "definition on an unknown path": _definition(edited(DEFINITION, ("steps.*", "step.*"))),
    "definition with an unknown key": _definition(DEFINITION + "params: {}\n"),
    "definition without on": _definition(edited(DEFINITION, ("on: queue/steps.*\n", ""))),
    "cases that name no rule": _cases(("recording/pause", "recording/paus")),
    "cases with a bad status": _cases(("status: pass", "status: passed")),
    "cases with a bad date": _cases(("2026-07-31", "31.7.2026")),
    "cases with an unknown key": _cases(("    documents:", "    document:")),
    "catalogue with an unknown parent": _catalogue(('id: "1.1", parent: "1"', 'id: "1.1", parent: "2"')),
    "catalogue with a duplicate id": _catalogue(('id: "1.2"', 'id: "1.1"')),
    "catalogue with a manual control without reason": _catalogue((", reason: show the records", "")),
    "catalogue whose file is named otherwise": _catalogue(("id: house-1", "id: house-2")),
    "catalogue with an unknown field": _catalogue(("status: automated", "status: automated, reasn: none")),
    "catalogue with a bad status": _catalogue(("status: automated", "status: auto")),
    "catalogue with a number for an id": _catalogue(('id: "1.1"', "id: 1.1")),
    "catalogue with parents in a circle": _catalogue(('{id: "1", title', '{id: "1", parent: "1.1", title')),
    "catalogue with requirements in a circle": _catalogue(
        ("status: automated", 'status: automated, requires: ["1.2"]'), ("reason: show", 'requires: ["1.1"], reason: show')
    ),
    "catalogue that is a list": {**GOOD, "catalogues/house-1.yaml": "- id: house-1\n"},
    "catalogue without title": _catalogue(("title: House rules\n", "")),
    "catalogue that requires an unknown control": _catalogue(("status: automated", 'status: automated, requires: ["1.3"]')),
    "catalogue with four mistakes": _catalogue(
        ("edition:", "editoin:"),
        ('parent: "1", title: Pause', 'parent: "2", title: Pause'),
        (", reason: show the records", ""),
        ("status: automated", "status: auto"),
    ),
}
