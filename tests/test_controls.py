"""From rules to controls: the conformance data holds, and evidence taken away never turns a control to pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.assessment.control import STATUSES, ControlStatus
from ccpolicy.assessment.finding import VERDICTS
from tests.control_cases import DATA, Case, differences, full_id, read_cases, register_in, statements_of, statuses_of

CASES = [case for file in sorted(DATA.glob("*.yaml")) for case in read_cases(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_controls_come_to_what_the_page_says(case: Case) -> None:
    """What a case expects of its controls, and of its statements, is what comes out."""
    found = statuses_of(case)
    assert [line for name, wanted in case.body["expect"].items() for line in differences(wanted, found[full_id(name)])] == []
    states = [(one.kind, one.state) for one in statements_of(case, register_in(case))]
    for kind, key in (("attestation", "attested"), ("responsibility", "shared")):
        assert [state for own, state in states if own == kind] == case.body.get(key, [state for own, state in states if own == kind])


def test_every_case_says_why_and_names_are_unique() -> None:
    """Expectations are written from the meaning, each with its reason."""
    assert [case.name for case in CASES if not case.body.get("why")] == []
    assert len({case.name for case in CASES}) == len(CASES)


# ---- properties ----------------------------------------------------------------------------------------------------------------

AS_OF = date(2026, 6, 30)
ROLES: dict[str, bool] = {"merchant": True, "issuer": False}
NUMBERS = ["1", "2", "3", "4", "5", "6"]
SITES = ["north", "south"]
ROLE_LISTS: list[list[str]] = [[], [], [], ["merchant"], ["issuer"], ["unknown"]]
VERDICT = st.sampled_from(VERDICTS)


@dataclass(frozen=True)
class Centre:
    """A random small standard, with all that is stated about it."""

    controls: tuple[dict[str, Any], ...]
    rules: tuple[dict[str, Any], ...]
    attestations: tuple[dict[str, Any], ...]
    responsibilities: tuple[dict[str, Any], ...]

    def statuses(self) -> dict[str, ControlStatus]:
        """Every control by number."""
        body = {"controls": self.controls, "rules": self.rules, "attestations": self.attestations, "sites": SITES}
        found = statuses_of(Case("", AS_OF, {**body, "responsibilities": self.responsibilities, "roles": ROLES}))
        return {one.control: one for one in found.values()}


@st.composite
def standards(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """Parents stand before their children; what is required may lead in a circle, through parents and without."""
    found: list[dict[str, Any]] = []
    for position, number in enumerate(NUMBERS[: draw(st.integers(1, len(NUMBERS)))]):
        earlier = NUMBERS[:position]
        one: dict[str, Any] = {"id": number, "reason": "people", "obligation": draw(st.sampled_from([None, "addressable"]))}
        one["kind"] = draw(st.sampled_from(["heading", "requirement"]))
        one["status"] = draw(st.sampled_from(["automated", "automated", "partial", "manual", "planned"]))
        one["roles"] = draw(st.sampled_from(ROLE_LISTS))
        one["parent"] = draw(st.sampled_from([None, *earlier]))
        found.append(one)
    for one in found:
        if draw(st.integers(0, 2)) == 0:
            one["requires"] = [draw(st.sampled_from(found))["id"]]
    return tuple(found)


def _rule(draw: st.DrawFn, numbers: list[str]) -> dict[str, Any]:
    cites = draw(st.dictionaries(st.sampled_from(numbers), st.sampled_from(["full", "full", "partial"]), min_size=1, max_size=2))
    sites = {site: draw(VERDICT) for site in SITES}
    whole = min([*sites.values(), draw(VERDICT)], key=VERDICTS.index)
    return {"cites": cites, "status": whole, "sites": sites}


@st.composite
def centres(draw: st.DrawFn) -> Centre:
    """A standard, a few rules, attestations that may have expired, and providers whose attestation is valid."""
    controls = draw(standards())
    numbers = [one["id"] for one in controls]
    control = st.sampled_from(numbers).map(full_id)
    dated = {"control": control, "valid_until": st.sampled_from(["2026-12-31", "2026-12-31", "2026-01-31"])}
    attestations = draw(st.lists(st.fixed_dictionaries(dated, optional={"site": st.sampled_from(SITES)}), max_size=4))
    provided = {"control": control, "responsible": st.just("provider")}
    providers = draw(st.lists(st.fixed_dictionaries(provided, optional={"site": st.sampled_from(SITES)}), max_size=2))
    rules = tuple(_rule(draw, numbers) for _ in range(draw(st.integers(0, 5))))
    return Centre(controls, rules, tuple(attestations), tuple(providers))


def _turned(before: Centre, after: Centre) -> list[str]:
    """The controls, anywhere, that pass afterwards and did not before."""
    old, new = before.statuses(), after.statuses()
    turned = [number for number in old if new[number].status == "pass" and old[number].status != "pass"]
    for number, one in old.items():
        then = dict(new[number].places)
        turned += [f"{number} at {place}" for place, status in one.places if then[place] == "pass" and status != "pass"]
    return turned


def _without(items: tuple[dict[str, Any], ...], position: int) -> tuple[dict[str, Any], ...]:
    return items[:position] + items[position + 1 :]


@given(centres())
@settings(max_examples=300)
def test_removing_a_statement_never_turns_a_control_to_pass(centre: Centre) -> None:
    """Attestations, and providers that stand behind a control."""
    for position in range(len(centre.attestations)):
        assert _turned(centre, replace(centre, attestations=_without(centre.attestations, position))) == []
    for position in range(len(centre.responsibilities)):
        assert _turned(centre, replace(centre, responsibilities=_without(centre.responsibilities, position))) == []


LESS: dict[str, list[str]] = {  # what a rule may come to when a waiver, a claim or a document of a kind not claimed complete goes
    "fail": ["fail", "undetermined"],
    "undetermined": ["undetermined"],
    "waived": ["fail", "undetermined"],
    "pass": ["undetermined"],
    "not_applicable": ["undetermined"],
}


@given(centres(), st.data())
@settings(max_examples=300)
def test_what_a_rule_loses_never_turns_a_control_to_pass(centre: Centre, data: st.DataObject) -> None:
    """Waivers, claims and documents reach controls by way of rules; `test_evidence_...` below goes the whole way."""
    rules = [dict(rule) for rule in centre.rules]
    for rule in rules:
        changed = {site: data.draw(st.sampled_from([status, *LESS[status]])) for site, status in rule["sites"].items()}
        rule["status"] = min([data.draw(st.sampled_from([rule["status"], *LESS[rule["status"]]])), *changed.values()], key=VERDICTS.index)
        rule["sites"] = changed
    assert _turned(centre, replace(centre, rules=tuple(rules))) == []


@given(centres())
@settings(max_examples=300)
def test_a_control_that_loses_its_last_rule_and_attestation_becomes_undetermined(centre: Centre) -> None:
    """Nothing is left behind it, unless it binds nobody here or has children that speak for it."""
    bare = replace(centre, rules=(), attestations=(), responsibilities=()).statuses()
    parents = {one.get("parent") for one in centre.controls}
    for one in centre.controls:
        if one["id"] not in parents:
            assert bare[one["id"]].status == ("not_applicable" if one["roles"] == ["issuer"] else "undetermined")
    assert all(one.status in ("undetermined", "not_applicable") for one in bare.values())


@given(centres())
@settings(max_examples=300)
def test_a_control_that_binds_is_never_better_than_its_rules_and_children(centre: Centre) -> None:
    """At every place the worst counts; partial rules give no pass."""
    found = centre.statuses()
    binding = {one["id"] for one in centre.controls if one["roles"] in ([], ["merchant"])}
    children = {one["id"]: one["parent"] for one in centre.controls if one.get("parent") in binding}
    for rule in centre.rules:
        for number in binding.intersection(rule["cites"]):
            assert STATUSES.index(found[number].status) <= STATUSES.index(rule["status"])
            at = {place.site: status for place, status in found[number].places}
            assert all(STATUSES.index(at[site]) <= STATUSES.index(status) for site, status in rule["sites"].items())
    for child, parent in children.items():
        assert found[child].status == "not_applicable" or STATUSES.index(found[parent].status) <= STATUSES.index(found[child].status)


@given(centres())
@settings(max_examples=200)
def test_what_is_blocked_names_a_root_cause_that_does_not_hold(centre: Centre) -> None:
    """And nothing that requires what does not hold passes."""
    found = centre.statuses()
    for number, one in found.items():
        if one.status == "blocked":
            assert found[one.root_cause.partition("/")[2]].status in ("fail", "undetermined"), number
    for one_control in centre.controls:
        for required in one_control.get("requires", ()):
            if found[required].status in ("fail", "undetermined", "blocked"):
                assert found[one_control["id"]].status not in ("pass", "waived")
