"""Plans of repair: what a step buys is what a whole new roll-up finds; root causes first, then what turns most for its price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.assessment.blocking import GOOD
from ccpolicy.assessment.control import Status
from ccpolicy.assessment.needs import needs_of
from ccpolicy.assessment.plan import Plan, plan_of
from ccpolicy.assessment.premises import Premises
from ccpolicy.assessment.repairs import Repair, repaired, repairs_in
from ccpolicy.documents.planning import Price, Prices
from ccpolicy.rulebook.rule import Rule, Severity
from tests.control_cases import Case, places_in, register_in, rulings_in, statements_of
from tests.test_controls import AS_OF, ROLES, SITES, Centre, centres


def premises_in(case: Case) -> Premises:
    """What the case's controls follow from."""
    register = register_in(case)
    return Premises(
        register, tuple(rulings_in(case)), statements_of(case, register), case.body.get("roles", {}), case.as_of, places_in(case)
    )


class _Rules(dict[str, Any]):
    """Rules of which only the severity is asked: high, unless it is given."""

    def __missing__(self, name: str) -> Any:
        return _Severe("high")


class _Severe:
    def __init__(self, severity: Severity) -> None:
        self.severity = severity


def planned(premises: Premises, severities: Mapping[str, Severity] | None = None, prices: Prices | None = None) -> Plan:
    """The plan for all standards of a case."""
    rules: Mapping[str, Rule] = _Rules({name: _Severe(one) for name, one in (severities or {}).items()})
    return plan_of(premises, rules, ["std", "other"], prices or Prices())


# ---- against the whole roll-up -------------------------------------------------------------------------------------------------


def _premises(centre: Centre, statements: Sequence[Mapping[str, Any]] = ()) -> Premises:
    providers = [*centre.responsibilities, *statements]
    body = {"controls": centre.controls, "rules": centre.rules, "attestations": centre.attestations, "sites": SITES}
    return premises_in(Case("", AS_OF, {**body, "responsibilities": providers, "roles": ROLES}))


def _statuses(premises: Premises, done: Sequence[Repair]) -> dict[str, Status]:
    """What a whole new roll-up finds when these are done."""
    return {one.id: one.status for one in repaired(premises, done).statuses()}


LAPSED = st.fixed_dictionaries(
    {
        "control": st.sampled_from(["std/1", "std/2", "std/3"]),
        "responsible": st.sampled_from(["provider", "shared"]),
        "valid_until": st.just("2026-01-31"),
    },
    optional={"site": st.sampled_from(SITES)},
)


@given(centres(), st.lists(LAPSED, max_size=2))
@settings(max_examples=300, deadline=None)
def test_what_a_step_buys_is_what_a_new_roll_up_finds(centre: Centre, lapsed: list[dict[str, Any]]) -> None:
    """Step after step, given those before; what it opens together with others holds when those are done, and not without any of them."""
    premises = _premises(centre, lapsed)
    plan = planned(premises)
    done: list[Repair] = []
    before = _statuses(premises, done)
    by_id = {step.repair.id: step.repair for step in plan.steps}
    for step in plan.steps:
        after = _statuses(premises, [*done, step.repair])
        counted = {one.id for one in plan.now}
        turned = {name for name in counted if after[name] in GOOD and before[name] not in GOOD}
        assert set(step.turns) == turned, step.repair.id
        others = [by_id[name] for name in step.together]
        opened = _statuses(premises, [*done, step.repair, *others])
        assert bool(step.together) == bool(step.opens)
        for name in step.opens:
            assert opened[name] in GOOD
            for left_out in (step.repair, *others):
                assert _statuses(premises, [*done, *(one for one in (step.repair, *others) if one != left_out)])[name] not in GOOD
        done.append(step.repair)
        before = after
    assert {one.id for one in plan.then if one.status in GOOD} == {one.id for one in plan.now if before[one.id] in GOOD}


@given(centres(), st.lists(LAPSED, max_size=2), st.data())
@settings(max_examples=300, deadline=None)
def test_a_control_holds_exactly_when_all_that_it_needs_is_done(centre: Centre, lapsed: list[dict[str, Any]], data: st.DataObject) -> None:
    """Whichever repairs are done, in whatever order."""
    premises = _premises(centre, lapsed)
    repairs = repairs_in(premises)
    needs = needs_of(premises, repairs)
    done = data.draw(st.lists(st.sampled_from(repairs), unique_by=lambda one: one.id)) if repairs else []
    found, now = _statuses(premises, done), _statuses(premises, [])
    for name in premises.register.entries:
        held = name in needs.of and needs.of[name] <= set(done)
        assert (found[name] in GOOD) == (held or now[name] in GOOD), name


# ---- the order -----------------------------------------------------------------------------------------------------------------


def _control(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, **more}


def _rule(status: str, *cites: str, **more: str) -> dict[str, Any]:
    return {"status": status, "cites": {**dict.fromkeys(cites, "full"), **more}}


def _plan(body: Mapping[str, Any], severities: Mapping[str, Severity] | None = None, prices: Prices | None = None) -> Plan:
    return planned(premises_in(Case("", AS_OF, {"roles": ROLES, **body})), severities, prices)


THREE = [_control("1"), _control("2"), _control("3")]
FAILS = {"controls": THREE, "rules": [_rule("fail", "1"), _rule("fail", "2"), _rule("fail", "3")]}
PAIR = {"controls": THREE, "rules": [_rule("fail", "1"), _rule("fail", "1"), _rule("fail", "2", "3")]}


@pytest.mark.parametrize(
    ("body", "severities", "prices", "order"),
    [
        pytest.param(FAILS, {}, Prices(), ["rule:r1", "rule:r2", "rule:r3"], id="ties by id"),
        pytest.param(FAILS, {"r3": "critical", "r1": "low"}, Prices(), ["rule:r3", "rule:r2", "rule:r1"], id="the gravest first"),
        pytest.param(
            {"controls": THREE, "rules": [_rule("fail", "1"), _rule("undetermined", "2", "3")]},
            {"r1": "critical"},
            Prices(),
            ["rule:r2", "rule:r1"],
            id="what turns two before what turns one, however grave",
        ),
        pytest.param(FAILS, {}, Prices(rules={"r1": Price(Fraction(3))}), ["rule:r2", "rule:r3", "rule:r1"], id="effort"),
        pytest.param(
            FAILS,
            {},
            Prices(day_rate=Fraction(500), rules={"r[12]": Price(cost=Fraction(250)), "r2": Price(cost=Fraction(100))}),
            ["rule:r3", "rule:r2", "rule:r1"],
            id="cost, by the pattern that says most",
        ),
        pytest.param(
            FAILS,
            {},
            Prices(rules={"*": Price(Fraction(2)), "r3": Price(Fraction(0))}),
            ["rule:r3", "rule:r1", "rule:r2"],
            id="what is free",
        ),
        pytest.param(
            {"controls": [_control("1")], "other": [_control("1")], "rules": [_rule("fail", "std/1"), _rule("fail", "other/1")]},
            {},
            Prices(standards={"std": Fraction(1, 2)}),
            ["rule:r2", "rule:r1"],
            id="a control of a standard that weighs less",
        ),
        pytest.param(
            {"controls": [_control("1"), _control("2", requires=["1"]), _control("3"), _control("4")],
             "rules": [_rule("fail", "1"), _rule("pass", "2"), _rule("fail", "3", "4")]},
            {"r1": "info"},
            Prices(rules={"r1": Price(Fraction(90))}),
            ["rule:r1", "rule:r3"],
            id="a root cause before all, whatever it takes",
        ),
        pytest.param(
            {"controls": [_control("1", requires=["2"]), _control("2", requires=["3"]), _control("3")],
             "rules": [_rule("fail", "1"), _rule("fail", "2"), _rule("fail", "3")]},
            {"r1": "critical"},
            Prices(),
            ["rule:r3", "rule:r2", "rule:r1"],
            id="the deepest root cause first",
        ),
        pytest.param(PAIR, {"r1": "critical"}, Prices(), ["rule:r3", "rule:r1", "rule:r2"], id="two that only help together count as both"),
        pytest.param(
            {"controls": [_control("1"), _control("2", status="manual", reason="shown"), _control("3")],
             "rules": [_rule("fail", "3"), _rule("fail", "3")]},
            {},
            Prices(),
            ["rule:r1", "rule:r2", "attestation:std/1", "attestation:std/2"],
            id="what nobody vouches for yet comes last",
        ),
        pytest.param(
            {"controls": [_control("1", status="manual", reason="shown"), _control("2")],
             "rules": [_rule("fail", "2")], "attestations": [{"control": "std/1", "valid_until": "2026-01-31"}]},
            {},
            Prices(controls={"std/1": Price(Fraction(1, 2))}),
            ["attestation:std/1", "rule:r1"],
            id="an attestation that expired is a repair like others",
        ),
        pytest.param(
            {"controls": [_control("1"), _control("2")], "rules": [_rule("fail", "2")],
             "responsibilities": [{"control": "std/1", "responsible": "provider", "valid_until": "2026-01-31"}]},
            {},
            Prices(responsibilities={"RM-*": Price(Fraction(2))}),
            ["rule:r1", "responsibility:RM-1"],
            id="what a provider states has to be renewed",
        ),
        pytest.param(
            {"controls": [_control("1", roles=["unknown"]), _control("2")], "rules": [_rule("fail", "1"), _rule("fail", "2")]},
            {"r1": "critical"},
            Prices(),
            ["rule:r2", "rule:r1"],
            id="what turns nothing stands behind what does",
        ),
        pytest.param(
            {"controls": [_control("1", roles=["issuer"])], "rules": [_rule("fail", "1")]}, {}, Prices(), [], id="what binds nobody here"
        ),
        pytest.param({"controls": THREE, "rules": [_rule("pass", "1", "2"), _rule("waived", "3")]}, {}, Prices(), [], id="nothing to do"),
    ],
)  # fmt: skip
def test_repairs_stand_in_order(body: Mapping[str, Any], severities: Mapping[str, Severity], prices: Prices, order: list[str]) -> None:
    """Root causes, then what turns most for its price, then the gravest, then the first."""
    assert [step.repair.id for step in _plan(body, severities, prices).steps] == order


def test_a_step_says_what_it_buys_and_with_which_others() -> None:
    """The first of two turns nothing alone."""
    first, second, third = _plan(PAIR).steps
    assert (first.turns, first.together, first.opens) == (("std/2", "std/3"), (), ())
    assert (second.turns, second.together, second.opens) == ((), ("rule:r2",), ("std/1",))
    assert (third.turns, third.together, third.opens) == (("std/1",), (), ())


def test_a_root_cause_says_who_waits_for_it() -> None:
    """And turns them with it, where nothing else is wrong with them."""
    controls = [_control("1"), _control("2", requires=["1"]), _control("3", requires=["2"])]
    (step,) = _plan({"controls": controls, "rules": [_rule("fail", "1"), _rule("pass", "2", "3")]}).steps
    assert (step.part, step.root_cause_of, step.turns) == ("root_cause", ("std/2", "std/3"), ("std/1", "std/2", "std/3"))


def test_a_heading_is_no_control_to_turn() -> None:
    """It asks for nothing itself."""
    controls = [_control("1", kind="heading"), _control("1.1", parent="1")]
    (step,) = _plan({"controls": controls, "rules": [_rule("fail", "1.1")]}).steps
    assert step.turns == ("std/1.1",)


@given(centres())
@settings(max_examples=100, deadline=None)
def test_every_repair_stands_once_and_what_is_late_last(centre: Centre) -> None:
    """Root causes, repairs, attestations that nobody made yet."""
    steps = planned(_premises(centre)).steps
    assert len({step.repair.id for step in steps}) == len(steps)
    parts = [step.part for step in steps]
    assert parts == sorted(parts, key=["root_cause", "repair", "attestation"].index)
