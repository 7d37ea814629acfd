"""The shipped pack holds what it promises: the fifteen policies, cases, examples, catalogues."""

from __future__ import annotations

import pytest

from ccpolicy.assessment.cases import run_case
from ccpolicy.controls.catalogue import Catalogue
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.rule import Case
from tests.test_fixtures import CENTRES, assessed, library

POLICIES = {
    "payment queues pause or mask": "recording/pause-on-payment",
    "retention bounds": "recording/retention-bounds",
    "MFA into the cardholder data environment": "access/mfa-into-cde",
    "payment agents trained": "training/payment-agents",
    "ASV scans": "scanning/asv-every-92-days",
    "service level": "service/level-80-20",
    "top box satisfaction": "survey/top-box-wilson",
    "five evaluations": "quality/five-evaluations",
    "calibration": "quality/calibration-range",
    "no PAN in transcripts": "transcripts/no-pan",
    "subcontractors assessed": "suppliers/chain-assessed",
    "log retention": "logging/retention-12-3",
    "addressable specifications": "hipaa/addressable-safeguards",
    "requester is not approver": "access/requester-is-not-approver",
    "no agent holds both roles": "access/no-conflicting-roles",
    "complaints": "complaints/acknowledged-and-closed",
    "recording off before payment": "flows/recording-off-before-payment",
}
CASES, PROBLEMS = load_cases(library().packs, library().rulebook.rules)


def test_the_fifteen_policies_are_shipped_rules() -> None:
    """Section 11 of the language page, rule by rule; 24 rules over 15 kinds at least."""
    rules = library().rulebook.rules
    assert [rule for rule in POLICIES.values() if rule not in rules] == []
    assert len(rules) >= 24
    assert len({rule.foci.kind for rule in rules.values()}) >= 15


def test_every_rule_has_its_cases() -> None:
    """No cases file without a rule, no rule without cases, and each status that a rule can have is tried."""
    assert PROBLEMS == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    """Status and pointer."""
    assert run_case(case, library()).message == ""


@pytest.mark.parametrize("kind", sorted(library().kinds))
def test_a_kind_describes_itself(kind: str) -> None:
    """Title, description, a description of every property, and an example that fits."""
    found = library().kinds[kind]
    assert found.schema["title"]
    assert found.schema["description"]
    assert [name for name, part in found.schema["properties"].items() if not (part.get("description") or "$ref" in part)] == []
    assert found.schema["examples"]
    assert [found.faults(example) for example in found.schema["examples"]] == [()] * len(found.schema["examples"])


@pytest.mark.parametrize("verdict", ["pass", "fail"])
def test_every_rule_is_exercised_by_a_fixture(verdict: str) -> None:
    """A rule that passes or fails on no whole centre is not shown to tell good from bad there."""
    shown = {result.rule.id for centre in CENTRES for result in assessed(centre).rules if result.counts[verdict]}
    assert sorted(set(library().rulebook.rules) - shown) == []


def test_a_control_is_automated_only_if_a_rule_covers_it_fully() -> None:
    """Status and rules are held together: `partial` needs a rule on the control or on one below it, and a cited one is nothing less."""
    rules = [rule for rule in library().rulebook.rules.values() if rule.severity != "info"]  # a hint judges nothing
    citations = [citation for rule in rules for citation in rule.citations]
    full = {citation.control for citation in citations if citation.coverage == "full"}
    own = {citation.control for citation in citations}
    wrong = []
    for catalogue in library().catalogues.values():
        reached = {number for control in own for number in _upwards(control, catalogue)}
        for number, control in catalogue.controls.items():
            honest = {"automated": f"{catalogue.id}/{number}" in full, "partial": number in reached}
            if not honest.get(control.status, f"{catalogue.id}/{number}" not in own):
                wrong.append(f"{catalogue.id}/{number} is {control.status}")
    assert wrong == []


def _upwards(control: str, catalogue: Catalogue) -> list[str]:
    """The number of a cited control and those above it."""
    standard, _, number = control.partition("/")
    found = []
    parent: str | None = number if standard == catalogue.id else None
    while parent is not None and parent in catalogue.controls:
        found.append(parent)
        parent = catalogue.controls[parent].parent
    return found
