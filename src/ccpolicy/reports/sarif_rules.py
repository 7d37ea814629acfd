"""The rules of a run as SARIF has them: what each asks, why, and under which tags it is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.model import Report, RuleLine
from ccpolicy.reports.rule_page_markdown import prose
from ccpolicy.reports.sarif_place import told
from ccpolicy.rulebook.rule import Severity

LEVELS: Mapping[Severity, str] = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
_SCORES: Mapping[Severity, str] = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}  # GitHub: above 9, 7, 4, 0
_TAGS = 20  # of a rule, that GitHub takes
_LONGEST = 1000  # characters of a description; GitHub takes 1,024


def sarif_rules(report: Report) -> dict[str, dict[str, Any]]:
    """By id: every rule that was run, then schemas and claims that something does not fit."""
    found = {rule.id: _rule(rule, report.titles) for rule in report.rules}
    others: dict[str, tuple[str, Severity, str]] = {}
    for one in (shown.finding for shown in report.shown):
        if one.rule not in found and one.rule not in others:
            others[one.rule] = (one.kind, one.severity, one.remediation)
    return found | {name: _other(name, *others[name]) for name in sorted(others)}


def _rule(rule: RuleLine, titles: Mapping[str, str]) -> dict[str, Any]:
    controls = sorted({one.control for one in rule.citations})
    standards = sorted({control.partition("/")[0] for control in controls})
    value = _described(rule.id, rule.title, rule.severity, [*standards, *controls])
    value["fullDescription"] = told(f"{rule.title}. {'. '.join(f'{one.control}: {one.why}' for one in rule.citations)}"[:_LONGEST])
    value["help"] = {**told(*_help_text(rule, titles)), "markdown": "\n".join(_help_markdown(rule, titles))}
    return value


def _other(name: str, kind: str, severity: Severity, remediation: str) -> dict[str, Any]:
    schema = name.startswith("schema/")
    title = f"A document of kind `{kind}` fits its schema" if schema else f"Claims about `{kind}` are not contradicted"
    value = _described(name, title, severity, ["schema" if schema else "claim"])
    return {**value, "fullDescription": told(title), "help": {**told(remediation), "markdown": prose(remediation)}}


def _described(name: str, title: str, severity: Severity, tags: list[str]) -> dict[str, Any]:
    score = {"security-severity": _SCORES[severity]} if severity in _SCORES else {}
    every = ["security", "compliance", f"severity/{severity}", *tags]
    return {
        "id": visible(name),
        "shortDescription": told(title[:_LONGEST]),
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"severity": severity, **score, "tags": [visible(tag) for tag in every[:_TAGS]]},
    }


def _help_text(rule: RuleLine, titles: Mapping[str, str]) -> Iterator[str]:
    yield f"{rule.title}."
    yield f"To mend it: {rule.remediation}"
    for one in rule.citations:
        yield f"{one.control} {titles.get(one.control, '')} ({one.coverage} coverage): {one.why}"
    yield from rule.references


def _help_markdown(rule: RuleLine, titles: Mapping[str, str]) -> Iterator[str]:
    yield from (f"**{prose(rule.title)}**", "", prose(rule.remediation), "", "Controls:", "")
    for one in rule.citations:
        title = titles.get(one.control, "")
        yield f"- **{prose(one.control)}**{f' {prose(title)}' if title else ''} ({one.coverage} coverage): {prose(one.why)}"
    if rule.references:
        yield from ("", "References:", "", *(f"- {prose(one)}" for one in rule.references))
