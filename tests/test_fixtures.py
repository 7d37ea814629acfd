"""The fixture centres come out as their `expected.json` says, which was written from the meaning."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tools.fixtures.meridian.build import build

from ccpolicy.assessment.control import ControlStatus
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
FAILING = [name for name in CENTRES if name != "harbour-compliant"]
RULED = [name for name in CENTRES if "controls" in json.loads((FIXTURES / name / "expected.json").read_text("utf-8"))]
WHOLE = [name for name in CENTRES if name.startswith("harbour-")]


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
    standards = tuple(config.options.get("standard", ()))
    return assess(library(), evidence, Wanted(standards=standards, params=params, organisation=organisation))


def expected_of(centre: str) -> dict[str, Any]:
    """What the centre expects, with a reason for each line."""
    found: dict[str, Any] = json.loads((FIXTURES / centre / "expected.json").read_text("utf-8"))
    return found


def rules_of(centre: str) -> dict[str, Any]:
    """What the centre expects of rules alone."""
    return {name: line for name, line in expected_of(centre).items() if name != "findings" and not name.startswith("controls")}


def controls_of(centre: str) -> dict[str, Any]:
    """What the centre expects of each control of its standards: as listed, else by roles that nobody holds here, else as elsewhere."""
    expected = expected_of(centre)
    idle = expected.get("controls_not_binding", {"roles": {}})["roles"]
    found: dict[str, Any] = {}
    for standard in expected.get("controls_of", ()):
        for number, control in library().catalogues[standard].controls.items():
            unbound = control.roles and set(control.roles) <= set(idle)
            line = {"status": "not_applicable", "reason": idle[control.roles[0]]} if unbound else expected["controls_elsewhere"]
            found[f"{standard}/{number}"] = line
    listed: dict[str, Any] = expected["controls"]
    assert "controls_of" not in expected or listed.keys() <= found.keys()
    return found | listed


def sites_of(control: ControlStatus) -> dict[str, str]:
    """Its status at each site."""
    return {place.site: status for place, status in control.places if place.site}


@pytest.mark.parametrize("centre", CENTRES)
def test_every_rule_has_the_status_that_its_meaning_gives_it(centre: str) -> None:
    """Statuses are compared rule by rule; each expected one has a reason."""
    expected = {rule: line["status"] for rule, line in rules_of(centre).items()}
    actual = {result.rule.id: result.status for result in assessed(centre).rules}
    assert {rule: status for rule, status in actual.items() if rule in expected} == expected
    assert all(line.get("reason") or line.get("why") for line in rules_of(centre).values())


@pytest.mark.parametrize("centre", CENTRES)
def test_rules_find_fault_with_the_documents_that_were_spoilt_and_no_others(centre: str) -> None:
    """Where a line names documents, the findings of the rule stand on these."""
    expected = {rule: set(line["documents"]) for rule, line in rules_of(centre).items() if "documents" in line}
    actual: dict[str, set[str]] = {rule: set() for rule in expected}
    for found in assessed(centre).findings:
        if found.status == "fail" and found.rule in actual:
            actual[found.rule].add(found.document)
    assert actual == expected


@pytest.mark.parametrize("centre", RULED)
def test_every_control_has_the_status_that_its_meaning_gives_it(centre: str) -> None:
    """Each control of the standards named."""
    expected = {control: line["status"] for control, line in controls_of(centre).items()}
    actual = {control.id: control.status for control in assessed(centre).controls if control.id in expected}
    assert len(actual) > 0
    assert actual.keys() == expected.keys()
    assert {control: (status, actual[control]) for control, status in expected.items() if status != actual[control]} == {}
    assert all(line["reason"] for line in controls_of(centre).values())
    apart = {control: line["sites"] for control, line in controls_of(centre).items() if "sites" in line}
    assert {one.id: sites_of(one) for one in assessed(centre).controls if one.id in apart} == apart


@pytest.mark.parametrize("centre", WHOLE)
def test_every_control_that_a_rule_cites_has_a_line_of_its_own(centre: str) -> None:
    """And roles that bind nobody here are those that the centre does not hold."""
    expected = expected_of(centre)
    cited = {citation.control for result in assessed(centre).rules if result.rule.severity != "info" for citation in result.rule.citations}
    told = expected["controls"].keys()
    assert {control for control in cited if control.partition("/")[0] in expected["controls_of"]} <= told
    roles = find_config([FIXTURES / centre]).roles
    assert [role for role in expected["controls_not_binding"]["roles"] if roles.get(role) is not False] == []


def test_the_script_gives_the_bytes_of_the_big_centre() -> None:
    """`python -m tools.fixtures.meridian` would change nothing; it has no clock, and its chance is seeded."""
    folder = FIXTURES / "meridian-bpo"
    written = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    assert set(written) - {"README.md"} == set(build())
    assert [path for path, content in build().items() if written[path] != content] == []
    assert sum(map(len, written.values())) < 3_000_000


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


@pytest.mark.parametrize("centre", FAILING)
def test_a_centre_with_faults_fails(centre: str) -> None:
    """Exit 1, with no file that could not be read."""
    assessment = assessed(centre)
    assert assessment.problems == ()
    assert exit_code(assessment, View(fail_on="low")) == 1


def test_the_leaky_centre_leaves_some_things_undetermined() -> None:
    """Missing evidence is no pass."""
    assert sum(found.status == "undetermined" for found in assessed("harbour-leaky").findings) >= 5


def test_every_finding_says_where_it_stands() -> None:
    """File, line, column, expected or message, remediation and a fingerprint of its own."""
    findings = assessed("harbour-leaky").findings
    assert all(found.line > 0 and found.column > 0 and found.message and found.remediation for found in findings)
    assert len({found.fingerprint for found in findings}) == len(findings)
