"""The fixture centres come out as their `expected.json` says, which was written from the meaning."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import find_config
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.outcome import exit_code
from ccpolicy.reports.view import View
from ccpolicy.rulebook.parameters import settle

FIXTURES = Path(__file__).parent.parent / "fixtures"
CENTRES = sorted(file.parent.name for file in FIXTURES.glob("*/expected.json"))
PLANTED = [name for name in CENTRES if name == "harbour-leaky"]


@cache
def library() -> Library:
    """The shipped pack."""
    return load_library()


@cache
def assessed(centre: str) -> Assessment:
    """The assessment of a centre by the shipped pack."""
    folder = FIXTURES / centre
    config = find_config([folder])
    assert config.as_of is not None
    evidence = load_evidence([folder], config, library().kinds, config.as_of)
    declared: dict[str, Any] = {}
    for rule in library().rulebook.rules.values():
        for name, parameter in rule.parameters.items():
            declared.setdefault(name, []).append(parameter)
    params, wrong = settle(declared, config.params)
    assert not wrong
    organisation = {"name": config.organisation_name, "roles": dict(config.roles)}
    return assess(library(), evidence, Wanted(params=params, organisation=organisation))


def expected_of(centre: str) -> dict[str, Any]:
    """What the centre expects, with a reason for each line."""
    found: dict[str, Any] = json.loads((FIXTURES / centre / "expected.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("centre", CENTRES)
def test_every_rule_has_the_status_that_its_meaning_gives_it(centre: str) -> None:
    """Statuses are compared rule by rule; each expected one has a reason."""
    expected = {rule: line["status"] for rule, line in expected_of(centre).items() if rule != "findings"}
    actual = {result.rule.id: result.status for result in assessed(centre).rules}
    assert {rule: status for rule, status in actual.items() if rule in expected} == expected
    assert all(line.get("reason") or line.get("why") for rule, line in expected_of(centre).items() if rule != "findings")


@pytest.mark.parametrize("centre", PLANTED)
def test_every_planted_fault_is_found_where_it_was_planted_and_nothing_else_is(centre: str) -> None:
    """Findings are compared by rule, status, file, document and pointer."""
    expected = {(row["rule"], row["status"], row["file"], row["document"], row["pointer"]) for row in expected_of(centre)["findings"]}
    actual = {(found.rule, found.status, found.file, found.document, write_pointer(found.pointer)) for found in assessed(centre).findings}
    assert actual - expected == set()
    assert expected - actual == set()
    assert len({row["rule"] for row in expected_of(centre)["findings"]}) >= 20


def test_the_compliant_centre_is_clean_and_proved_complete() -> None:
    """Exit 0, no finding, and every population closed by a claim."""
    assessment = assessed("harbour-compliant")
    assert assessment.findings == ()
    assert [result.rule.id for result in assessment.rules if not result.complete] == []
    assert exit_code(assessment, View(fail_on="info")) == 0


def test_the_leaky_centre_fails() -> None:
    """Exit 1, with no file that could not be read."""
    assessment = assessed("harbour-leaky")
    assert assessment.problems == ()
    assert exit_code(assessment, View(fail_on="low")) == 1
    assert sum(found.status == "undetermined" for found in assessment.findings) >= 5


def test_every_finding_says_where_it_stands() -> None:
    """File, line, column, expected or message, remediation and a fingerprint of its own."""
    findings = assessed("harbour-leaky").findings
    assert all(found.line > 0 and found.column > 0 and found.message and found.remediation for found in findings)
    assert len({found.fingerprint for found in findings}) == len(findings)
