"""Controls in a run: rules, documents, claims, waivers and statements, all the way to the status of every control."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.assessment.control import ControlStatus
from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.document import Claim
from ccpolicy.reports.formats import View, render
from ccpolicy.reports.outcome import exit_code
from tests.rulebook.shop import CATALOGUE, GOOD, edited, refusals, written

AS_OF = date(2026, 6, 30)
_CATALOGUE = """
id: house
title: House rules
edition: "1"
publisher: us
source: ours
controls:
  - {id: "1", title: Recording, kind: heading, status: automated}
  - {id: "1.1", parent: "1", title: Lines pause, kind: requirement, status: automated}
  - {id: "1.2", parent: "1", title: Agents are trained, kind: requirement, status: automated}
  - {id: "2", title: Desks are clear, kind: requirement, status: automated, requires: ["1.1"]}
  - {id: "3", title: Cards are issued safely, kind: requirement, status: automated, roles: [issuer]}
  - {id: "4", title: Desks are counted, kind: requirement, status: automated}
"""


def _rule(name: str, controls: str, rest: str) -> str:
    text = f"id: {name}\ntitle: t\nseverity: high\ncontrols: [{controls}]\nmessage: it does not hold\nremediation: make it hold\n"
    return text + rest


_FORMS: dict[str, Any] = {
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
    "array": {"type": "array", "items": {"type": "object", "properties": {"locked": {"type": "boolean"}}}},
}
_FILES = {
    "catalogues/house.yaml": _CATALOGUE,
    "checks/line/pauses.yaml": _rule(
        "line/pauses",
        "{control: house/1.1, coverage: full, why: all of it}, {control: house/3, coverage: full, why: all of it}",
        "applies_to: line\nwhen: {pays: {is: true}}\nrequire: {pauses: {is: true}}\n",
    ),
    "checks/line/issues.yaml": _rule(
        "line/issues",
        "{control: house/3, coverage: full, why: all of it}",
        "applies_to: line\nrequire: {pauses: {is: true}}\n",
    ),
    "checks/agent/trained.yaml": _rule(
        "agent/trained",
        "{control: house/1.2, coverage: full, why: all of it}",
        "applies_to: agent\nwith: {courses: {from: course, as: courses, key: {theirs: agent, ours: id}}}\n"
        "require: {$courses: {every: {passed: {is: true}}}}\n",
    ),
    "checks/agent/clear.yaml": _rule(
        "agent/clear", "{control: house/2, coverage: partial, why: a part of it}", "applies_to: agent\nrequire: {clear: {is: true}}\n"
    ),
    "checks/agent/desks.yaml": _rule(
        "agent/desks",
        "{control: house/4, coverage: full, why: all of it}",
        "applies_to: agent\neach: desks.*\nwhen: {$document.id: {is_not: A-9}}\nrequire: {locked: {is: true}}\n",
    ),
    **{
        f"schemas/{kind}.schema.json": json.dumps(
            {"type": "object", "properties": {"id": {"type": "string"}, **{name: _FORMS[sort] for name, sort in fields.items()}}}
        )
        for kind, fields in {
            "line": {"pays": "boolean", "pauses": "boolean"},
            "agent": {"clear": "boolean", "desks": "array"},
            "course": {"agent": "string", "passed": "boolean"},
        }.items()
    },
}


@cache
def library() -> Library:
    """The small pack."""
    with TemporaryDirectory() as folder:
        return load_library([(written(Path(folder), _FILES), "house")], shipped_too=False)


def document(kind: str, name: str, site: str = "", classes: tuple[str, ...] = (), **data: Any) -> dict[str, Any]:
    """A document; without a site it is of all."""
    around: dict[str, Any] = {"site": site} if site else {}
    around |= {"data_classes": list(classes)} if classes else {}
    return {"kind": kind, "id": name, "observed_at": "2026-06-01", **around, "data": {"id": name, **data}}


def attestation(name: str, control: str, site: str = "", **more: Any) -> dict[str, Any]:
    """An attestation in force."""
    given = {"control": control, "by": "Ann", "approved_by": "Bob", "on": "2026-01-10", "valid_until": "2026-12-31"}
    return document("attestation", name, site, **{**given, **more})


def waiver(name: str, rule: str) -> dict[str, Any]:
    """A waiver in force of all that a rule finds."""
    given: dict[str, Any] = {"requested_by": "Ann", "approved_by": "Bob", "expires_on": "2026-12-31"}
    return document("waiver", name, rule=rule, **given)


def claim(kind: str, site: str | None = None) -> Claim:
    """These are all there are."""
    return Claim(kind, "ops", "2026-06-30", "export", site=site)


def run(documents: list[dict[str, Any]], claims: list[Claim], **wanted: Any) -> Assessment:
    """The assessment of the documents by the small pack."""
    evidence = evidence_of(documents, library().kinds, AS_OF, claims=claims)
    assert not evidence.problems
    return assess(library(), evidence, Wanted(**{"organisation": {"name": "", "roles": {"issuer": True}}, **wanted}))


def controls(assessment: Assessment) -> dict[str, ControlStatus]:
    """By number."""
    return {one.control: one for one in assessment.controls}


def sites(one: ControlStatus) -> dict[str, str]:
    """Its status at each site."""
    return {place.site: status for place, status in one.places if place.site}


# ---- places --------------------------------------------------------------------------------------------------------------------

NORTH = document("line", "L1", "north", pays=True, pauses=True)
SOUTH = document("line", "L2", "south", pays=True, pauses=False)
EVERYWHERE = document("line", "L3", pays=True, pauses=False)


@pytest.mark.parametrize(
    ("documents", "claims", "whole", "at"),
    [
        ([NORTH, SOUTH], [claim("line")], "fail", {"north": "pass", "south": "fail"}),
        ([NORTH, EVERYWHERE], [claim("line")], "fail", {"north": "fail"}),
        ([NORTH, SOUTH], [], "fail", {"north": "undetermined", "south": "fail"}),
        ([NORTH, SOUTH], [claim("line", "north")], "fail", {"north": "pass", "south": "fail"}),
        ([NORTH], [claim("line", "north")], "undetermined", {"north": "pass"}),
        ([NORTH, document("agent", "A", "south")], [claim("line")], "pass", {"north": "pass", "south": "not_applicable"}),
    ],
    ids=["each its own", "of all sites", "open", "one site closed", "other sites not ruled out", "nothing there"],
)
def test_a_rule_holds_per_site(documents: list[dict[str, Any]], claims: list[Claim], whole: str, at: dict[str, str]) -> None:
    """A document without a site is of every site; a claim about one site closes that one only."""
    found = controls(run(documents, claims))["1.1"]
    assert (found.status, sites(found)) == (whole, at)


@pytest.mark.parametrize(("name", "status"), [("A-1", "pass"), ("A-9", "undetermined")])
def test_a_site_with_a_list_that_is_not_there_is_open(name: str, status: str) -> None:
    """Though the rule does not apply to what stands in its place, for there may be more."""
    desks: dict[str, Any] = {"desks": [{"locked": True}]} if name == "A-1" else {}
    found = controls(run([document("agent", name, "north", **desks), NORTH], [claim("agent", "north")]))["4"]
    assert sites(found) == {"north": status}


def test_a_selected_site_is_all_that_is_spoken_of() -> None:
    """The attestation of one site is enough for it."""
    documents = [NORTH, SOUTH, attestation("AT-1", "house/2", "north")]
    found = controls(run(documents, [claim("line"), claim("agent")], sites=("north",)))
    assert (found["1.1"].status, sites(found["1.1"])) == ("pass", {"north": "pass"})
    assert (found["2"].status, found["2"].method) == ("pass", "attested")


def test_a_rule_that_was_not_run_leaves_its_controls_undetermined() -> None:
    """With `--rule`; and with `--standard` other standards are not spoken of."""
    found = controls(run([NORTH], [claim("line")], rules=("agent/*",)))
    assert (found["1.1"].status, found["1.1"].note) == ("undetermined", "rule line/pauses was not run")
    assert run([NORTH], [claim("line")], standards=("other",)).controls == ()


def test_a_standard_of_which_no_rule_was_run_is_counted_and_not_listed() -> None:
    """Its rules, left out, say nothing of it."""
    left_out = render(run([NORTH], [claim("line")], rules=("other/*",)), "text", View())
    assert "1 further standard: no rule that was run, no attestation and no provider speaks of them." in left_out
    assert "\nhouse\n" not in left_out
    assert "\nhouse\n" in render(run([NORTH], [claim("line")], rules=("line/*",)), "text", View())


# ---- what inference will ask ---------------------------------------------------------------------------------------------------


def test_a_pass_with_an_undecided_condition_is_marked() -> None:
    """Whether the line takes payments is not known, and it pauses."""
    found = controls(run([document("line", "L1", pauses=True)], [claim("line")]))["1.1"]
    assert (found.status, found.tainted) == ("pass", True)
    assert not controls(run([NORTH], [claim("line")]))["1.1"].tainted


def test_only_classes_with_which_every_document_is_tagged_count() -> None:
    """Those of joined kinds too."""
    claims = [claim("agent"), claim("course")]
    agent = document("agent", "A", classes=("ephi", "cardholder_data"))
    course = document("course", "C", classes=("ephi",), agent="A", passed=True)
    assert controls(run([agent, course], claims))["1.2"].data_classes == {"ephi"}
    untagged = document("course", "D", agent="B", passed=True)
    assert controls(run([agent, course, untagged], claims))["1.2"].data_classes == frozenset()


# ---- what concerns nobody ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("issuer", "code"), [({"issuer": False}, 0), ({"issuer": True}, 1), ({}, 1)], ids=["false", "true", "unstated"])
def test_a_finding_whose_controls_do_not_bind_does_not_count(issuer: dict[str, bool], code: int) -> None:
    """It is shown with a note, and leaves the exit code alone."""
    documents = [document("line", "L1", pays=False, pauses=False), document("agent", "A", clear=True, desks=[{"locked": True}])]
    claims = [claim("line"), claim("agent"), claim("course")]
    documents.append(document("course", "C", agent="A", passed=True))
    assessment = run(documents, claims, organisation={"name": "", "roles": issuer})
    assert exit_code(assessment, View()) == code
    assert [finding.rule for finding in assessment.findings] == ["line/issues"]
    assert [bool(finding.notes) for finding in assessment.findings] == [issuer == {"issuer": False}]


def test_a_finding_with_one_control_that_binds_counts() -> None:
    """The line takes payments, so its rule serves 1.1 as well."""
    documents = [SOUTH]
    assessment = run(documents, [claim("line")], organisation={"name": "", "roles": {"issuer": False}}, rules=("line/pauses",))
    assert exit_code(assessment, View()) == 1


@pytest.mark.parametrize("pauses", [True, False])
def test_a_hint_decides_no_control(pauses: bool) -> None:
    """Neither its pass nor its fail: a rule of severity info is no judge of a standard."""
    documents = [document("line", "L", pays=True, pauses=pauses)]
    rules = library().rulebook.rules
    hints = {name: replace(rule, severity="info") for name, rule in rules.items()}
    hinting = replace(library(), rulebook=replace(library().rulebook, rules=hints))
    evidence = evidence_of(documents, library().kinds, AS_OF, claims=[claim("line")])
    assert controls(assess(library(), evidence))["1.1"].status == ("pass" if pauses else "fail")
    found = controls(assess(hinting, evidence))["1.1"]
    assert (found.status, found.method) == ("undetermined", "none")


# ---- reports -------------------------------------------------------------------------------------------------------------------


def test_reports_show_controls_and_group_what_is_blocked_under_its_root_cause() -> None:
    """In JSON with the statement that does not count; in text with places where they differ."""
    documents = [NORTH, SOUTH, attestation("AT-1", "house/2"), attestation("AT-2", "house/1.2", valid_until="2026-01-31")]
    documents.append(document("agent", "A", clear=True))
    assessment = run(documents, [claim("line"), claim("agent")])
    report = json.loads(render(assessment, "json", View()))
    by_id = {one["id"]: one for one in report["controls"]}
    assert (by_id["house/2"]["status"], by_id["house/2"]["root_cause"]) == ("blocked", "house/1.1")
    assert [place["status"] for place in by_id["house/1.1"]["scopes"]] == ["pass", "fail"]
    assert [(one["id"], one["state"]) for one in report["attestations"]] == [("AT-1", "applied"), ("AT-2", "expired")]
    text = render(assessment, "text", View())
    assert "  fail  1.1  Lines pause  at south" in text
    assert "  at south\n      root cause: it blocks (1)\n        2\n" in text
    assert "AT-2  expired  house/1.2" in text


# ---- loading -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("applies_from: next year", "`next year` is no date"),
        ("applies_from: 2026-02-30", "`2026-02-30` is no date"),
        ('superseded_by: "1.3"', "the catalogue has no control `1.3`"),
        ('superseded_by: ["1.2", "1.3"]', "the catalogue has no control `1.3`"),
    ],
)
def test_a_catalogue_with_a_wrong_date_or_successor_is_refused(tmp_path: Path, field: str, message: str) -> None:
    """Before any evidence is read; successors of other standards may be unknown."""
    files = {**GOOD, "catalogues/house-1.yaml": edited(CATALOGUE, ("status: automated", f"status: automated, {field}"))}
    assert [problem.message for problem in refusals(tmp_path, files)] == [message]


# ---- less evidence -------------------------------------------------------------------------------------------------------------

_SITE = st.sampled_from(["", "", "north", "south"])


@dataclass(frozen=True)
class World:
    """Evidence, part by part."""

    documents: tuple[dict[str, Any], ...]
    statements: tuple[dict[str, Any], ...]  # waivers and attestations
    claims: tuple[Claim, ...]

    def controls(self) -> dict[str, ControlStatus]:
        """What every control comes to."""
        return controls(run([*self.documents, *self.statements], list(self.claims)))

    def smaller(self) -> list[World]:
        """Every world that lacks one waiver, attestation or claim, or one document of a kind that nobody claims to be complete."""
        claimed = {one.kind for one in self.claims}
        loose = [number for number, one in enumerate(self.documents) if one["kind"] not in claimed]
        found = [replace(self, documents=_less(self.documents, number)) for number in loose]
        found += [replace(self, statements=_less(self.statements, number)) for number in range(len(self.statements))]
        return found + [replace(self, claims=_less(self.claims, number)) for number in range(len(self.claims))]


def _less(items: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    return items[:number] + items[number + 1 :]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A few lines, agents and courses at sites, and what is stated about them."""
    documents = []
    for number in range(draw(st.integers(0, 3))):
        flags: dict[str, Any] = {name: draw(st.booleans()) for name in ("pays", "pauses") if draw(st.integers(0, 3))}
        documents.append(document("line", f"L{number}", draw(_SITE), **flags))
    for number in range(draw(st.integers(0, 2))):
        documents.append(document("agent", f"A{number}", draw(_SITE), clear=draw(st.booleans())))
    for number in range(draw(st.integers(0, 3))):
        agent, passed = draw(st.sampled_from(["A0", "A1"])), draw(st.sampled_from([True, True, False]))
        documents.append(document("course", f"C{number}", draw(_SITE), agent=agent, passed=passed))
    numbers = st.lists(st.sampled_from(["1", "1.1", "1.2", "2", "3"]), max_size=3)
    statements = [attestation(f"AT-{place}", f"house/{number}", draw(_SITE)) for place, number in enumerate(draw(numbers))]
    rules = draw(st.lists(st.sampled_from(sorted(library().rulebook.rules)), max_size=2, unique=True))
    statements += [waiver(f"W-{rule}", rule) for rule in rules]
    kinds = draw(st.lists(st.tuples(st.sampled_from(["line", "agent", "course"]), _SITE), max_size=4, unique=True))
    return World(tuple(documents), tuple(statements), tuple(claim(kind, site or None) for kind, site in kinds))


@given(worlds())
@settings(max_examples=250)
def test_evidence_taken_away_never_turns_a_control_to_pass(world: World) -> None:
    """On the whole, and at every place that is still spoken of."""
    before = world.controls()
    for smaller in world.smaller():
        for number, one in smaller.controls().items():
            assert one.status != "pass" or before[number].status == "pass", number
            old = dict(before[number].places)
            assert [place for place, status in one.places if status == "pass" and old[place] != "pass"] == [], number
