"""What a reviewer broke: one test for each defect, so that it stays mended."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.run import assess
from ccpolicy.documents.moment import read_date
from ccpolicy.errors import Refused
from tests.conformance import GIVEN, Case, world_of

TEXT, NUMBER = {"type": "string"}, {"type": "number"}
DATE, INSTANT = {"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}
HIDDEN = {"type": "string", "sensitive": True}
SECRET = "s3cr3t"
HUGE = 10**400


def kind(**properties: Any) -> dict[str, Any]:
    """The schema of a kind with these properties."""
    return {"type": "object", "properties": properties}


def listed(items: Any) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": items}


def document(name: str, own: str, data: Any, *gaps: str, **envelope: Any) -> dict[str, Any]:
    """A document with gaps at these pointers."""
    found = {"kind": name, "id": own, "observed_at": "2026-06-15", **envelope, "data": data}
    return {**found, "gaps": [{"pointer": gap, "reason": "redacted"} for gap in gaps]} if gaps else found


def collection(name: str, records: list[Any], **envelope: Any) -> dict[str, Any]:
    """A collection that claims to be complete for the days of `days`."""
    claim = {"by": "ops", "on": "2026-06-30", "basis": "export", **envelope.pop("days", {})}
    return {"kind": name, "observed_at": "2026-06-15", **envelope, "complete": claim, "records": records}


class Runs:
    """Runs a rule over documents, by the way a user's rule goes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    def __call__(self, schemas: Any, rule: Any, documents: list[Any], *complete: str, sites: tuple[str, ...] = ()) -> Assessment:
        self.count += 1
        day = read_date("2026-06-30")
        assert day is not None
        body = {"name": "", "documents": documents, "claims": [{"kind": name} for name in complete]}
        world = world_of(Case("review", schemas, {**GIVEN, **rule}, day, body), self.folder / str(self.count))
        return assess(world.library, world.evidence, replace(world.wanted, sites=sites))


@pytest.fixture
def run(tmp_path: Path) -> Runs:
    """A runner of rules."""
    return Runs(tmp_path)


def said(assessment: Assessment) -> str:
    """All that a report could say of it."""
    return str([replace(found, fingerprint="") for found in assessment.findings]) + str(assessment.waivers)


# ---- the promise ---------------------------------------------------------------------------------------------------------------

MAPS = {"thing": kind(m={"type": "object"}, flag={"type": "boolean"})}


@pytest.mark.parametrize(
    "rule",
    [
        {"require": {"m": {"count": {"at_least": 1}}}},
        {"require": {"m": {"some": {"$focus.flag": {"is": True}}}}},
        {"require": {"m": {"none": {"$focus.flag": {"is": True}}}}},
        {"require": {"m": {"every": {"$focus.flag": {"is": True}}}}},
        {"measure": {"x": {"count": {"of": "m"}}}, "require": {"$x": {"at_least": 1}}},
    ],
)
def test_a_gap_at_a_member_of_a_map_may_turn_out_not_to_be_there(run: Runs, rule: Any) -> None:
    """It is unknown under every predicate, also under one that does not look at it."""
    thing = document("thing", "x", {"flag": True, "m": {}}, "/data/m/k")
    assert run(MAPS, {"applies_to": "thing", **rule}, [thing], "thing").rules[0].status == "undetermined"


RECORDS = {"agent": kind(id=TEXT), "record": {**kind(agent=TEXT, at=INSTANT), "x-record-date": "at"}}
JOIN = {"from": "record", "as": "records", "key": {"theirs": "agent", "ours": "id"}}
AGENT = document("agent", "a", {"id": "a"})


@pytest.mark.parametrize(("zone", "at"), [("Europe/London", "2026-04-30T23:30:00Z"), ("America/New_York", "2026-06-01T02:00:00Z")])
def test_a_claim_in_days_of_utc_does_not_close_a_period_of_another_zone(run: Runs, zone: str, at: str) -> None:
    """A record at the border lies in the period but not in the claim: it contradicts nothing."""
    rule = {"applies_to": "agent", "timezone": zone, "per": {"month": {"last": 1}}, "with": {"j": {**JOIN, "during": "at"}}}
    rule["require"] = {"$j": {"count": {"at_most": 0}}}
    before = [AGENT, collection("record", [], days={"from": "2026-05-01", "to": "2026-05-31"})]
    late = run(RECORDS, rule, [*before, document("record", "r", {"agent": "a", "at": at})], "agent")
    assert [late.rules[0].status, late.evidence.violations] == ["fail", ()]
    assert run(RECORDS, rule, before, "agent").rules[0].status == "undetermined"


def test_a_cadence_that_fails_since_the_window_began_stays_failed(run: Runs) -> None:
    """An event before the claimed days moves the anchor back, and the gap only grows."""
    rule = {"applies_to": "agent", "with": {"j": JOIN}}
    rule["require"] = {"$j": {"cadence": {"at": "at", "every": "P30D", "over_last": "P60D"}}}
    claimed = collection("record", [{"agent": "a", "at": "2026-06-20T00:00:00Z"}], days={"from": "2026-05-01", "to": "2026-06-30"})
    earlier = document("record", "r", {"agent": "a", "at": "2026-04-15T00:00:00Z"})
    assert run(RECORDS, rule, [AGENT, claimed], "agent").rules[0].status == "fail"
    assert run(RECORDS, rule, [AGENT, claimed, earlier], "agent").rules[0].status == "fail"


CHAIN = {"start": kind(subs=listed(TEXT)), "sub": kind(id=TEXT, ok={"type": "boolean"}, subs=listed(TEXT)), "note": kind(sub=TEXT)}
REACHED = {"applies_to": "sub", "reached_from": {"kind": "start", "links": "subs.*", "key": "id"}, "require": {"ok": {"is": True}}}


def test_a_closure_needs_all_its_starts_also_when_a_site_is_selected(run: Runs) -> None:
    """A start of another site may lead to a document of this one."""
    starts = collection("start", [{"id": "s", "subs": ["x"]}], site="A")
    subs = [document("sub", own, {"id": own, "ok": own == "x", "subs": []}, site="A") for own in ("x", "y")]
    assert run(CHAIN, REACHED, [starts, *subs], sites=("A",)).rules[0].status == "undetermined"


@pytest.mark.parametrize("when", [{"$document.id": {"is_not": "q"}}, {"$j": {"some": {"sub": {"present": True}}}}])
def test_the_id_of_a_stub_is_a_gap_too(run: Runs, when: Any) -> None:
    """And so its joins are empty and not closed."""
    key = {"from": "note", "as": "notes", "key": {"theirs": "sub", "ours": "$document.id"}}
    reached = {"kind": "start", "links": "subs.*", "key": "$document.id"}
    rule = {**REACHED, "reached_from": reached, "with": {"j": key}, "when": when}
    result = run(CHAIN, rule, [document("start", "s", {"subs": ["q"]})], "start", "sub", "note").rules[0]
    assert {verdict: count for verdict, count in result.counts.items() if count} == {"undetermined": 1}


@pytest.mark.parametrize("gap", ["/records/0/id", "/records/0"])
def test_a_record_whose_id_is_a_gap_may_be_any(run: Runs, gap: str) -> None:
    """The name that the engine gives it is no value of `$document.id`."""
    schemas = {"thing": kind(ref=TEXT), "record": kind(id=TEXT)}
    join = {**JOIN, "key": {"theirs": "$document.id", "ours": "ref"}}
    rule = {"applies_to": "thing", "with": {"j": join}, "require": {"$j": {"count": {"at_most": 0}}}}
    records = {**collection("record", [{"id": "e"}]), "gaps": [{"pointer": gap, "reason": "redacted"}]}
    assert run(schemas, rule, [document("thing", "x", {"ref": "e"}), records], "thing").rules[0].status == "undetermined"


def test_a_key_pairs_no_date_with_an_instant(run: Runs) -> None:
    """They never meet, and a complete kind would prove that there is nothing."""
    schemas = {"thing": kind(d=DATE), "record": kind(at=INSTANT)}
    rule = {
        "applies_to": "thing",
        "with": {"j": {**JOIN, "key": {"theirs": "at", "ours": "d"}}},
        "require": {"$j": {"count": {"at_most": 0}}},
    }
    with pytest.raises(Refused):
        run(schemas, rule, [])


@pytest.mark.parametrize(
    ("place", "one", "other"),
    [(INSTANT, "2026-06-01T10:00:00Z", "2026-06-01T11:00:00+01:00"), ({"type": "string", "format": "duration"}, "P1Y", "P12M")],
)
def test_what_is_equal_is_one_key_however_it_is_written(run: Runs, place: Any, one: str, other: str) -> None:
    """In joins, in `unique_by` and in `distinct`."""
    schemas = {"thing": kind(k=place, items=listed(kind(k=place))), "record": kind(k=place)}
    thing = document("thing", "x", {"k": one, "items": [{"k": one}, {"k": other}]})
    documents = [thing, document("record", "r", {"k": other})]
    join = {**JOIN, "key": {"theirs": "k", "ours": "k"}}
    rules: list[dict[str, Any]] = [
        {"with": {"j": join}, "require": {"$j": {"count": {"at_least": 1}}}},
        {"require": {"not": {"items": {"unique_by": "k"}}}},
        {"measure": {"n": {"distinct": {"of": "items", "value": "k"}}}, "require": {"$n": {"at_most": 1}}},
    ]
    found = [run(schemas, {"applies_to": "thing", **rule}, documents, "thing", "record").rules[0].status for rule in rules]
    assert found == ["pass", "pass", "pass"]


FLOW: dict[str, Any] = {
    "every_path": {"id": "id", "next": "next.*", "start": 2, "to": {"t": {"is": "p"}}, "first_passes": {"t": {"is": "o"}}}
}


def test_a_node_named_true_is_not_the_node_named_1(run: Runs) -> None:
    """`true` is not 1, on an edge either."""
    nodes = [{"id": 2, "next": [1], "t": "a"}, {"id": 1, "next": [3], "t": "o"}, {"id": 3, "t": "p"}, {"id": True, "t": "p"}]
    rule = {"applies_to": "thing", "require": {"nodes": FLOW}}
    assert run({"thing": kind(nodes=listed({}))}, rule, [document("thing", "x", {"nodes": nodes})], "thing").rules[0].status == "pass"


def test_a_start_is_read_as_the_ids_are(run: Runs) -> None:
    """An id that looks like a duration is a text all the same."""
    walk = {**FLOW["every_path"], "start": "P1D"}
    schemas = {"thing": kind(nodes=listed(kind(id=TEXT, next=listed(TEXT), t=TEXT)))}
    thing = document("thing", "x", {"nodes": [{"id": "P1D", "t": "p"}]})
    assert run(schemas, {"applies_to": "thing", "require": {"nodes": {"every_path": walk}}}, [thing], "thing").rules[0].status == "fail"


def test_the_id_of_a_record_stands_in_the_record(run: Runs) -> None:
    """The envelope of a collection has none."""
    rule = {"applies_to": "thing", "require": {"$document.id": {"is": "q"}}}
    found = run({"thing": kind(id=TEXT)}, rule, [collection("thing", [{"id": "y"}, {"id": "z"}])]).findings
    assert [one.pointer for one in found] == [("records", 0, "id"), ("records", 1, "id")]


def test_a_gap_wins_over_the_value_at_the_key_that_is_a_hyphen(run: Runs) -> None:
    """`/-` opens the map, and it is a key of it as well."""
    rule = {"applies_to": "thing", "require": {"m['-']": {"is": 5}}}
    assert run(MAPS, rule, [document("thing", "x", {"m": {"-": 5}}, "/data/m/-")], "thing").rules[0].status == "undetermined"


# ---- waivers -------------------------------------------------------------------------------------------------------------------

WAIVED = {"rule": GIVEN["id"], "rationale": "r", "requested_by": "A", "approved_by": "B", "expires_on": "2026-12-31"}
PLAIN = {"applies_to": "thing", "require": {"n": {"is": 1}}}
THINGS = {"thing": kind(n=NUMBER, name=TEXT)}
BAD = document("thing", "x", {"n": 2, "name": "q"})


@pytest.mark.parametrize(
    ("where", "gap"),
    [
        (None, "/data/-"),
        ({"name": {"is": "q"}}, "/data/where/-"),
        ({"name": {"is": "q"}}, "/data/where/name/-"),
        ({"all_of": [{"name": {"is": "q"}}]}, "/data/where/all_of/-"),
    ],
)
def test_a_waiver_whose_where_is_not_known_whole_does_not_apply(run: Runs, where: Any, gap: str) -> None:
    """It may be narrower than what is in evidence."""
    waiver = document("waiver", "w", {**WAIVED, **({"where": where} if where else {})}, gap)
    assert run(THINGS, PLAIN, [BAD, waiver], "thing").rules[0].status == "fail"


def test_a_blank_does_not_make_a_second_person(run: Runs) -> None:
    """Requester and approver are two persons."""
    waiver = document("waiver", "w", {**WAIVED, "approved_by": "A "})
    assert [note.state for note in run(THINGS, PLAIN, [BAD, waiver], "thing").waivers] == ["same_person"]


def test_a_waiver_of_a_rule_that_was_not_run_is_not_stale(tmp_path: Path) -> None:
    """Nobody looked whether what it covers fails."""
    day = read_date("2026-06-30")
    assert day is not None
    body = {"name": "", "documents": [BAD, document("waiver", "w", WAIVED)]}
    world = world_of(Case("review", THINGS, {**GIVEN, **PLAIN}, day, body), tmp_path)
    notes = assess(world.library, world.evidence, replace(world.wanted, rules=("other/*",))).waivers
    assert "stale" not in [note.state for note in notes]


# ---- identity ------------------------------------------------------------------------------------------------------------------

_MEMBER = {**kind(name=TEXT, n=NUMBER, inner=listed(kind(ok={"type": "boolean"}))), "x-unique-key": ["name"]}
KEYED = {"thing": kind(id=TEXT, n=NUMBER, q=listed(_MEMBER))}


def fingerprints(assessment: Assessment, rule: str) -> set[str]:
    """Those of the findings of a rule."""
    return {found.fingerprint for found in assessment.findings if found.rule.startswith(rule)}


def test_a_violation_keeps_its_fingerprint_when_records_change_places(run: Runs) -> None:
    """The pointer counts from the document."""
    records = [{"id": "a", "n": 1}, {"id": "b", "n": "x"}]
    found = [fingerprints(run(KEYED, PLAIN, [collection("thing", order)]), "schema/") for order in (records, records[::-1])]
    assert found[0] == found[1] != set()


def test_a_violation_keeps_its_fingerprint_when_keyed_members_change_places(run: Runs) -> None:
    """Positions are replaced by the member's key."""
    members = [{"name": "p", "n": 1}, {"name": "r", "n": "x"}]
    orders = (members, members[::-1])
    found = [fingerprints(run(KEYED, PLAIN, [document("thing", "a", {"n": 1, "q": order})]), "schema/") for order in orders]
    assert found[0] == found[1] != set()


def test_a_stub_keeps_its_fingerprint_when_keyed_members_change_places(run: Runs) -> None:
    """Like any other finding."""
    members: list[Any] = [{"name": "p", "inner": []}, {"name": "r"}]
    rule = {"applies_to": "thing", "each": "q.*.inner.*", "require": {"ok": {"is": True}}}
    orders = (members, members[::-1])
    found = [fingerprints(run(KEYED, rule, [document("thing", "a", {"q": order})]), GIVEN["id"]) for order in orders]  # type: ignore[arg-type]
    assert found[0] == found[1] != set()


# ---- what is never shown -------------------------------------------------------------------------------------------------------

_SECRET_DATE = {"type": "string", "format": "date", "sensitive": True}
_NODE = kind(id=HIDDEN, next=listed(HIDDEN), type=TEXT)
LEAKY = {
    "thing": kind(
        code=TEXT,
        codes=listed(HIDDEN),
        lines=listed(TEXT),
        nums=listed({"type": "number", "sensitive": True}),
        n=NUMBER,
        d=_SECRET_DATE,
        done=DATE,
        dates=listed(kind(at=_SECRET_DATE)),
        labels={"type": "object", "sensitive": True},
        nodes=listed(_NODE),
        start=HIDDEN,
        short={"type": "string", "maxLength": 5},
    )
}
_CADENCE = {"dates": {"cadence": {"at": "at", "every": "P30D", "over_last": "P90D"}}}
_FLOW = {
    "nodes": {
        "every_path": {**FLOW["every_path"], "start": {"path": "start"}, "to": {"type": {"is": "p"}}, "first_passes": {"type": {"is": "o"}}}
    }
}
_SSN = "123-45-6789"


@pytest.mark.parametrize(
    ("rule", "data", "gap", "secret"),
    [
        ({"require": {"code": {"in": {"path": "codes"}}}}, {"code": "a", "codes": [SECRET]}, "", SECRET),
        ({"require": {"lines": {"subset_of": {"path": "codes"}}}}, {"lines": ["a"], "codes": [SECRET]}, "", SECRET),
        (
            {"require": {"lines": {"every": {".": {"free_of": ["ssn"]}}}, "code": {"in": {"path": "lines"}}}},
            {"code": "a", "lines": [_SSN]},
            "",
            _SSN,
        ),
        (
            {"measure": {"x": {"max": {"of": "nums"}}}, "require": {"$x": {"at_most": 5}}, "message": "{$x} {actual}"},
            {"nums": [777123]},
            "",
            "777123",
        ),
        (
            {"measure": {"x": {"max": {"of": "nums"}}}, "require": {"n": {"at_least": {"path": "$x"}}}},
            {"nums": [777123], "n": 1},
            "",
            "777123",
        ),
        (
            {"measure": {"x": {"min": {"of": "dates", "value": "at"}}}, "require": {"$x": {"after": "2026-01-01"}}},
            {"dates": [{"at": "1987-03-04"}]},
            "",
            "1987-03-04",
        ),
        ({"require": {"done": {"done_within": {"of": "d", "days": 1}}}}, {"d": "1987-03-04", "done": "2026-01-01"}, "", "1987-03-0"),
        ({"require": _CADENCE}, {"dates": [{"at": "2026-01-07"}]}, "", "2026-01-07"),
        ({"require": _CADENCE}, {"dates": [{"at": "2026-01-07"}]}, "/data/dates/-", "2026-01-07"),
        ({"require": {"labels": {"every": {".": {"is": "a"}}}}, "message": "{pointer}"}, {"labels": {SECRET: "b"}}, "", SECRET),
        ({"require": _FLOW}, {"start": SECRET, "nodes": [{"id": SECRET, "next": [], "type": "p"}]}, "", SECRET),
        ({"require": {"short": {"free_of": ["ssn"]}}}, {"short": f"ssn {_SSN}"}, "", _SSN),
    ],
)
def test_a_sensitive_value_stays_hidden(run: Runs, rule: Any, data: Any, gap: str, secret: str) -> None:
    """In operands, measures, notes, pointers and violations as well as in what was seen."""
    thing = document("thing", "x", data, *([gap] if gap else []))
    assert secret not in said(run(LEAKY, {"applies_to": "thing", **rule}, [thing], "thing"))


def test_a_sensitive_id_names_no_document(run: Runs) -> None:
    """A record's id is a value of its body."""
    rule = {"applies_to": "thing", "require": {"a": {"is": "b"}}, "message": "{$document.id}"}
    with pytest.raises(Refused):
        run({"thing": kind(id=HIDDEN, a=TEXT)}, rule, [collection("thing", [{"id": SECRET, "a": "c"}])])


def test_a_stub_is_not_named_by_a_sensitive_link(run: Runs) -> None:
    """Where it was named is told; what it is called is not."""
    schemas = {"start": kind(subs=listed(HIDDEN)), "sub": kind(id=TEXT, ok={"type": "boolean"})}
    assert SECRET not in said(run(schemas, REACHED, [document("start", "s", {"subs": [SECRET]})], "start", "sub"))


# ---- odd evidence --------------------------------------------------------------------------------------------------------------

_WILSON: dict[str, Any] = {"wilson_lower": {"successes": "n", "n": "m", "confidence": Decimal("0.95")}}


def _sampled(margin: Any = Decimal("0.05"), confidence: Any = Decimal("0.95"), of: str = "n") -> dict[str, Any]:
    return {"measure": {"w": _WILSON, "x": {"sample_size": {"margin": margin, "confidence": confidence, "population": of}}}}


ODD = {"thing": kind(n=NUMBER, m=NUMBER, at=INSTANT, nums=listed(NUMBER))}
_X = {"require": {"$x": {"at_least": 1}}}


@pytest.mark.parametrize(
    ("rule", "data", "gap"),
    [
        ({"timezone": "Asia/Tokyo", "require": {"at": {"before": "2026-01-01"}}}, {"at": "9999-12-31T23:30:00Z"}, ""),
        ({"timezone": "America/New_York", "require": {"at": {"within_last": "P1D"}}}, {"at": "0001-01-01T00:30:00Z"}, ""),
        ({"require": {"nums": {"every": {".": {"is": 1}}}}}, {"nums": [1]}, "/data/nums/" + "9" * 5000),
        ({"measure": {"x": _WILSON}, "require": {"nums": {"count": {"at_least": {"path": "$x"}}}}}, {"n": 1, "m": 2, "nums": [1]}, ""),
        ({"measure": {"w": _WILSON, "x": {"wilson_lower": {**_WILSON["wilson_lower"], "successes": "$w"}}}, **_X}, {"n": 1, "m": 2}, ""),
        ({**_sampled(of="$w"), **_X}, {"n": 1, "m": 2}, ""),
        ({"measure": {"x": _WILSON}, **_X}, {"n": HUGE, "m": HUGE}, ""),
        ({"measure": {"x": _WILSON}, "require": {"$x": {"at_least": {"path": "nums[0]"}}}}, {"n": 1, "m": 2, "nums": [HUGE]}, ""),
        ({**_sampled(), **_X}, {"n": HUGE, "m": 1}, ""),
        ({**_sampled(margin=Decimal("1e-200")), **_X}, {"n": 10, "m": 1}, ""),
        ({**_sampled(confidence=Decimal("0.99999999999999999999")), **_X}, {"n": 10, "m": 1}, ""),
        ({"measure": {"x": {"mean": {"of": "nums"}}}, "require": {"$x": {"at_most": 1}}}, {"nums": [HUGE, 1]}, ""),
    ],
)
def test_odd_evidence_is_no_bug_of_ours(run: Runs, rule: Any, data: Any, gap: str) -> None:
    """Years at the ends of the calendar, numbers beyond binary64, measures of measures: some verdict, never a traceback."""
    thing = document("thing", "x", data, *([gap] if gap else []))
    assert run(ODD, {"applies_to": "thing", **rule}, [thing], "thing").rules[0].status in ("pass", "fail", "undetermined")


def test_a_number_beyond_binary64_has_a_place_in_json(run: Runs) -> None:
    """A median between two whole numbers is shown, and not as Infinity."""
    rule = {"applies_to": "thing", "measure": {"x": {"median": {"of": "nums"}}}, "require": {"$x": {"at_most": 1}}}
    found = run(ODD, rule, [document("thing", "x", {"nums": [10**320, 10**320 + 1]})], "thing").findings[0]
    json.dumps(found.actual, allow_nan=False)


def test_a_parameter_is_written_in_a_message_as_a_person_writes_it(run: Runs) -> None:
    """0.8 and true, not 4/5 and True."""
    params = {"share": {"type": "number", "default": Decimal("0.8")}, "on": {"type": "boolean", "default": True}}
    rule = {**PLAIN, "params": params, "message": "{param.share} {param.on}"}
    assert run(THINGS, rule, [BAD], "thing").findings[0].message == "0.8 true"


def test_a_rule_without_documents_of_the_selected_site_is_not_left_out(run: Runs) -> None:
    """Nobody says that the site has none: its population is open."""
    things = [document("thing", "x", {"n": 1}, site="B")]
    assert [result.status for result in run(THINGS, PLAIN, things, sites=("A",)).rules] == ["undetermined"]
