"""What an assessor asks for: kinds, fields, controls and how far back, from the rules alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from ccpolicy.assessment.library import Library, load_library
from ccpolicy.controls.register import Register, register_of
from ccpolicy.controls.requesting import Request, request_id, requests_of
from ccpolicy.documents.moment import Duration, read_duration
from ccpolicy.language.expr import Param


@cache
def library() -> Library:
    """The shipped pack."""
    return load_library()


@cache
def register() -> Register:
    """Its controls."""
    return register_of(library().catalogues)


def asked(*rules: str, params: dict[str, Param] | None = None) -> dict[str, Request]:
    """The requests for some of the shipped rules, by kind."""
    own = [library().rulebook.rules[name] for name in rules]
    return {one.kind: one for one in requests_of(own, register(), register().entries, params or {})}


def test_a_request_names_fields_rules_and_controls() -> None:
    """Fields of its own kind only, and no field within which another is read; controls in printed order."""
    found = asked("scanning/asv-every-92-days", "suppliers/aoc-current")
    missed = [f"/missed/{name}" for name in ("cause", "done_on", "noticed_on", "recorded_by")]  # of the definition that the rule names
    assert found["asv-scan"] == Request(
        "asv-scan",
        ("/completed_on", "/environment_id", *missed, "/result"),
        ("scanning/asv-every-92-days",),
        ("pci-dss-4.0.1/11.3.2",),
        read_duration("P12M"),
    )
    assert sorted(found) == ["asv-scan", "cardholder-environment", "service-provider"]


@pytest.mark.parametrize(
    ("rules", "kind", "back"),
    [
        (["scanning/asv-every-92-days"], "asv-scan", "P12M"),  # over_last of a cadence
        (["scanning/internal-authenticated"], "compliance-activity", "P12M"),  # within_last in `when`
        (["training/payment-agents"], "agent", None),  # the state on the day
        (["quality/five-evaluations"], "quality-evaluation", "P2M"),  # per month, and joined by month
        (["quality/five-evaluations"], "agent", None),
        (["training/payment-agents"], "training-record", "P366D"),  # on or after the day of assessment less a stretch
        (["suppliers/chain-assessed"], "service-provider", None),  # a parameter that nobody has set
        (["access/idle-session"], "session-policy", None),
        (["complaints/acknowledged-and-closed"], "calendar", None),  # business days
    ],
)
def test_how_far_back_is_the_longest_stretch_that_a_rule_looks_over(rules: list[str], kind: str, back: str | None) -> None:
    assert asked(*rules)[kind].back == (None if back is None else read_duration(back))


def test_a_stretch_may_be_a_parameter() -> None:
    """As it is set, else its default."""
    rules = {
        rule.id: name
        for rule in library().rulebook.rules.values()
        for name, one in rule.parameters.items()
        if isinstance(one.default, Duration) and any(request.back == one.default for request in asked(rule.id).values())
    }
    assert len(rules) > 1
    for rule, name in rules.items():
        longer = Duration(months=120, text="P10Y")
        assert any(request.back == longer for request in asked(rule, params={name: longer}).values()), rule


def test_an_id_depends_on_the_kind_alone() -> None:
    """More rules, more fields, more standards: the same id."""
    few, many = asked("access/inactive-accounts"), asked(*library().rulebook.rules)
    assert few["account"].id == many["account"].id == request_id("account") == "REQ-9af21132"
    assert len({one.id for one in many.values()}) == len(many)
    assert set(few["account"].fields) < set(many["account"].fields)


def test_only_rules_that_serve_what_is_asked_for_are_read() -> None:
    """A rule that cites nothing of it needs no evidence here."""
    served = [name for name in register().entries if name.startswith("hipaa/")]
    found = requests_of(library().rulebook.rules.values(), register(), served, {})
    assert {control.partition("/")[0] for one in found for control in one.controls} == {"hipaa"}
    assert requests_of(library().rulebook.rules.values(), register(), [], {}) == ()


def test_a_rule_without_citations_asks_for_nothing() -> None:
    rule = replace(library().rulebook.rules["access/idle-session"], citations=())
    assert requests_of([rule], register(), register().entries, {}) == ()
