"""Documents in memory: envelopes, collections, claims, gaps, age, faults and duplicates."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.document import Claim, Evidence
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.documents.values import Gap, OpenList, OpenMap

AS_OF = date(2026, 6, 30)
AGENT = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": ["string", "null"]},
        "skills": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "desk": {"type": ["object", "null"], "required": ["room"], "properties": {"room": {"type": "string"}}},
        "pay": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["amount"]}]},
    },
}
SCHEMAS = {
    "agent": AGENT,
    "scan": {"type": "object", "x-max-age": "P92D", "x-record-date": "on", "properties": {"on": {"format": "date"}}},
    "course": {"x-unique-key": ["agent", "name"], "properties": {"n": {"type": "integer"}}},
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Kind]:
    """A few small kinds."""
    folder: Path = tmp_path_factory.mktemp("schemas")
    for name, schema in SCHEMAS.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema), "utf-8")
    return load_kinds([folder])


def doc(data: Any, kind: str = "agent", own: str = "x", **envelope: Any) -> dict[str, Any]:
    """An enveloped document."""
    return {"kind": kind, "id": own, "observed_at": "2026-06-01", "data": data, **envelope}


def many(records: list[Any], kind: str = "agent", **envelope: Any) -> dict[str, Any]:
    """A collection."""
    return {"kind": kind, "observed_at": "2026-06-01", "records": records, **envelope}


def codes(evidence: Evidence) -> list[tuple[str, str]]:
    """The problems, by file and code."""
    return [(problem.file, problem.code) for problem in evidence.problems]


COMPLETE = {"by": "ops", "on": "2026-06-01", "basis": "export"}


def test_a_document_and_a_collection_are_taken_in_with_their_places(kinds: dict[str, Kind]) -> None:
    """The envelope is shared and without the id; the base leads from the root of the file to the body."""
    evidence = evidence_of([doc({"name": "A"}, site="s"), many([{"id": "b", "name": "B"}, {"name": "C"}])], kinds, AS_OF)
    found = [(d.id, d.file, d.base, d.body, dict(d.envelope)) for d in evidence.of("agent")]
    shared = {"kind": "agent", "observed_at": "2026-06-01"}
    assert found == [
        ("x", "case#0", ("data",), {"name": "A"}, {**shared, "site": "s"}),
        ("b", "case#1", ("records", 0), {"id": "b", "name": "B"}, shared),
        ("case#1#1", "case#1", ("records", 1), {"name": "C"}, shared),
    ]
    first, second = evidence.of("agent")[1:]
    assert first.envelope is second.envelope
    assert [(f.file, f.id, f.valid) for f in evidence.files] == [("case#0", "x", True), ("case#1", "", True)]
    assert (evidence.problems, evidence.violations, evidence.open_kinds, evidence.all_open) == ((), (), frozenset(), False)


ENVELOPES = [
    ({"kind": "agent"}, ["/", "/", "/"]),
    ({"kind": "agent", "id": "x", "data": {}}, ["/"]),
    (doc({}, own=""), ["/id"]),
    (doc({}, observed_at="June"), ["/observed_at"]),
    (doc({}, observed_at="2026-06-31"), ["/observed_at"]),
    (doc({}, valid_to=5), ["/valid_to"]),
    (doc({}, valid_from="2026-02-01", valid_to="2026-01-01"), ["/valid_to"]),
    (doc({}, sight="x"), ["/sight"]),
    (doc({}, site=5, client=""), ["/client", "/site"]),
    (doc({}, data_classes="ephi"), ["/data_classes"]),
    (doc({}, source={"system": "hr"}), ["/source/collected_by", "/source/reference"]),
    (doc({}, source={"system": "hr", "reference": "D", "collected_by": "p", "sha256": "zz", "by": "x"}), ["/source/by", "/source/sha256"]),
    (doc({}, records=[]), ["/id", "/records"]),
    (doc({"id": "y"}), ["/data/id"]),
    (doc({}, complete=COMPLETE), ["/complete"]),
    (many([], complete={"by": "ops", "on": "2026"}), ["/complete/basis", "/complete/on"]),
    (many([], complete={**COMPLETE, "from": "2026-02-01", "to": "2026-01-01"}), ["/complete/to"]),
    (many([], complete={**COMPLETE, "till": "x"}), ["/complete/till"]),
    (many([], complete="yes"), ["/complete"]),
    ({**many([]), "records": {}}, ["/records"]),
    (many([], id="x"), ["/id"]),
    (doc({}, gaps={}), ["/gaps"]),
    (doc({}, gaps=[{"pointer": "/data/x"}]), ["/gaps/0"]),
    (doc({}, gaps=[{"pointer": "data", "reason": "r"}]), ["/gaps/0/pointer"]),
    (doc({}, gaps=[{"pointer": "/site", "reason": "r"}]), ["/gaps/0/pointer"]),
    (doc({}, gaps=[{"pointer": "", "reason": "r"}]), ["/gaps/0/pointer"]),
    (doc({}, gaps=[{"pointer": "/data/a~2", "reason": "r"}]), ["/gaps/0/pointer"]),
]


@pytest.mark.parametrize(("value", "places"), ENVELOPES)
def test_everything_wrong_with_an_envelope_is_a_problem(kinds: dict[str, Kind], value: Any, places: list[str]) -> None:
    """The document is not used, and its kind is not complete."""
    evidence = evidence_of([value], kinds, AS_OF)
    assert [problem.code for problem in evidence.problems] == ["invalid-envelope"] * len(places)
    assert (dict(evidence.documents), set(evidence.open_kinds), evidence.all_open) == ({}, {"agent"}, False)


@pytest.mark.parametrize(
    ("value", "code", "opened", "all_open"),
    [
        (5, "not-a-document", [], True),
        ("text", "not-a-document", [], True),
        (None, "not-a-document", [], True),
        ([doc({})], "not-a-document", [], True),
        ({"a": 1}, "unmapped", [], True),
        ({"kind": 5, "data": {}}, "unmapped", [], True),
        (doc({}, kind="agnet"), "unknown-kind", ["agent"], False),
        (doc({}, kind="deployment"), "unknown-kind", [], False),
    ],
)
def test_what_is_no_document_is_a_problem(kinds: dict[str, Kind], value: Any, code: str, opened: list[str], all_open: bool) -> None:
    """What may be a document of any kind leaves no kind complete; a misspelt kind leaves those it may mean."""
    evidence = evidence_of([value], kinds, AS_OF)
    assert codes(evidence) == [("case#0", code)]
    assert (sorted(evidence.open_kinds), evidence.all_open) == (opened, all_open)
    assert all(problem.hint for problem in evidence.problems)


def test_documents_of_another_time_are_left_out_and_counted(kinds: dict[str, Kind]) -> None:
    """Both ends of the period are in it; instants are UTC days; a collection counts its records and claims nothing."""
    bad = {"name": 5}
    values = [
        doc(bad, own="1", observed_at="2026-07-01"),
        doc({"name": "A"}, own="2", observed_at="2026-07-01T01:00:00+02:00"),
        doc(bad, own="3", valid_to="2026-06-29"),
        doc({"name": "A"}, own="4", valid_from="2026-06-30", valid_to="2026-06-30"),
        many([bad, bad], valid_from="2026-07-01", complete=COMPLETE),
    ]
    evidence = evidence_of(values, kinds, AS_OF)
    assert [document.id for document in evidence.of("agent")] == ["2", "4"]
    assert (evidence.observed_later, evidence.not_in_force, evidence.violations, evidence.claims) == (1, 3, (), ())


def gap(*pointers: str) -> list[dict[str, str]]:
    """Declared gaps."""
    return [{"pointer": pointer, "reason": "redacted"} for pointer in pointers]


GAPS = [
    ({"name": "A"}, ["/data/name"], {"name": Gap("gap")}, []),
    ({}, ["/data/name"], {"name": Gap("gap")}, []),
    ({"name": 5}, ["/data/name"], {"name": Gap("gap")}, []),
    ({"name": 5}, ["/data"], Gap("gap"), []),
    ({"name": 5}, [], {"name": Gap("invalid")}, ["/name"]),
    ({}, [], {}, ["/name"]),
    ({"name": "A"}, ["/data/desk/room"], {"name": "A", "desk": Gap("gap")}, []),
    ({"name": "A", "desk": None}, ["/data/desk/room"], {"name": "A", "desk": Gap("gap")}, []),
    ({"name": "A", "desk": {}}, ["/data/desk/room"], {"name": "A", "desk": {"room": Gap("gap")}}, []),
    ({"name": "A", "desk": 5}, ["/data/desk/room"], {"name": "A", "desk": Gap("invalid")}, ["/desk"]),
    ({"name": "A", "skills": []}, ["/data/skills/-"], {"name": "A", "skills": OpenList()}, []),
    ({"name": "A", "skills": []}, [], {"name": "A", "skills": Gap("invalid")}, ["/skills"]),
    ({"name": "A", "skills": ["x", 5]}, ["/data/skills/1"], {"name": "A", "skills": ["x", Gap("gap")]}, []),
    ({"name": "A", "skills": ["x", 5]}, ["/data/skills/0"], {"name": "A", "skills": [Gap("gap"), Gap("invalid")]}, ["/skills/1"]),
    ({"name": "A", "pay": {}}, [], {"name": "A", "pay": Gap("invalid")}, ["/pay"]),
    ({"name": "A", "pay": {}}, ["/data/pay/amount"], {"name": "A", "pay": Gap("invalid")}, []),
    ({"name": "A", "pay": 5}, ["/data/pay"], {"name": "A", "pay": Gap("gap")}, []),
    ([], ["/data/name"], Gap("invalid"), [""]),
]


@pytest.mark.parametrize(("data", "pointers", "body", "violations"), GAPS)
def test_gaps_and_faults_are_weighed(kinds: dict[str, Kind], data: Any, pointers: list[str], body: Any, violations: list[str]) -> None:
    """What is not in evidence violates nothing; what violates the schema is not known."""
    evidence = evidence_of([doc(data, gaps=gap(*pointers))], kinds, AS_OF)
    assert evidence.problems == ()
    assert evidence.of("agent")[0].body == body
    assert ["".join(f"/{token}" for token in v.pointer[1:]) for v in evidence.violations] == violations
    assert [file.valid for file in evidence.files] == [not violations]


def test_a_gap_may_stand_for_the_whole_body_or_a_source(kinds: dict[str, Kind]) -> None:
    """`data` need not be there if a gap is."""
    value = {"kind": "agent", "id": "x", "observed_at": "2026-06-01", "gaps": gap("/data", "/source/reference"), "source": {}}
    evidence = evidence_of([value], kinds, AS_OF)
    assert codes(evidence) == []
    assert evidence.of("agent")[0].body == Gap("gap")
    assert evidence.of("agent")[0].envelope["source"] == {"reference": Gap("gap")}


def test_open_members_stay_open(kinds: dict[str, Kind]) -> None:
    """A list or map with `/-` or a position past its end may have more."""
    value = doc({"name": "A", "skills": ["x"], "desk": {"room": "1"}}, gaps=gap("/data/skills/1", "/data/desk/-"))
    found = evidence_of([value], kinds, AS_OF).of("agent")[0].body
    assert isinstance(found["skills"], OpenList)
    assert isinstance(found["desk"], OpenMap)


@pytest.mark.parametrize(
    ("pointer", "ids", "open_kinds"),
    [
        ("/records/-", ["a", "b"], {"agent"}),
        ("/records/2", ["a", "b"], {"agent"}),
        ("/records", [], {"agent"}),
        ("/records/1", ["a", "case#0#1"], set()),
        ("/records/1/id", ["a", "case#0#1"], set()),
        ("/records/1/name", ["a", "b"], set()),
    ],
)
def test_a_gap_in_a_collection(kinds: dict[str, Kind], pointer: str, ids: list[str], open_kinds: set[str]) -> None:
    """A list of records that may go on leaves its kind open; a gap in a record is that record's affair."""
    records = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]
    evidence = evidence_of([many(records, gaps=gap(pointer), complete=COMPLETE)], kinds, AS_OF)
    assert ([d.id for d in evidence.of("agent")], set(evidence.open_kinds), evidence.violations) == (ids, open_kinds, ())
    assert not any(isinstance(document.body, Gap) for document in evidence.of("agent")[:1])


@pytest.mark.parametrize(
    ("observed", "stale"), [("2026-03-30", False), ("2026-03-29", True), ("2026-03-30T00:30:00+01:00", True), ("0001-01-01", True)]
)
def test_an_old_body_is_one_gap(kinds: dict[str, Kind], observed: str, stale: bool) -> None:
    """92 days before 30 June is 30 March; instants count by their UTC day."""
    evidence = evidence_of([doc({"on": "2026-01-01"}, kind="scan", observed_at=observed)], kinds, AS_OF)
    assert (evidence.of("scan")[0].body == Gap("stale")) is stale


def test_a_stale_document_is_still_held_to_its_schema(kinds: dict[str, Kind]) -> None:
    """Validation comes before age."""
    evidence = evidence_of([doc({"on": "x"}, kind="scan", observed_at="2020-01-01")], kinds, AS_OF)
    assert [violation.keyword for violation in evidence.violations] == ["format"]
    assert evidence.of("scan")[0].body == Gap("stale")


def test_two_documents_of_one_id_are_not_used(kinds: dict[str, Kind]) -> None:
    """Each further one is a problem, and the kind is not complete; one that is not in force does not count."""
    values = [
        doc({"name": "A"}),
        doc({"name": "B"}),
        doc({"name": "C"}, own="y"),
        doc({}, own="y", valid_to="2026-01-01"),
        doc({}, kind="scan"),
    ]
    evidence = evidence_of(values, kinds, AS_OF)
    assert [document.id for document in evidence.of("agent")] == ["y"]
    assert codes(evidence) == [("case#1", "duplicate-id")]
    assert "case#0" in evidence.problems[0].message
    assert evidence.open_kinds == {"agent"}
    assert len(evidence.of("scan")) == 1


@pytest.mark.parametrize(
    ("bodies", "kept"),
    [
        ([{"agent": "a", "name": "pci"}, {"agent": "a", "name": "pci"}], []),
        ([{"agent": "a", "name": "pci"}, {"agent": "a", "name": "hipaa"}], ["0", "1"]),
        ([{"agent": "a"}, {"agent": "a"}], ["0", "1"]),
        ([{"agent": "a", "name": None}, {"agent": "a", "name": None}], ["0", "1"]),
        ([{"agent": 1, "name": "x"}, {"agent": 1.0, "name": "x"}], []),
        ([{"agent": 1, "name": "x"}, {"agent": True, "name": "x"}], ["0", "1"]),
        ([{"agent": ["a"], "name": "x"}, {"agent": ["a"], "name": "x"}, {"agent": ["b"], "name": "x"}], ["2"]),
    ],
)
def test_two_documents_of_one_unique_key_are_not_used(kinds: dict[str, Kind], bodies: list[Any], kept: list[str]) -> None:
    """Equal in all fields that the schema names, each of them known."""
    evidence = evidence_of([doc(body, kind="course", own=str(n)) for n, body in enumerate(bodies)], kinds, AS_OF)
    assert [document.id for document in evidence.of("course")] == kept
    assert (evidence.open_kinds == {"course"}) is (len(kept) < len(bodies))


def scans(*days: str, **rest: Any) -> dict[str, Any]:
    """A collection of scans."""
    return many([{"on": day} for day in days], kind="scan", **rest)


MAY = {**COMPLETE, "from": "2026-05-01", "to": "2026-05-31"}


@pytest.mark.parametrize(
    ("claim", "other", "is_void"),
    [
        (COMPLETE, doc({"on": "2026-05-01"}, kind="scan"), True),
        (COMPLETE, doc({}, kind="scan"), True),
        (COMPLETE, doc({"name": "A"}), False),
        (MAY, doc({"on": "2026-05-01"}, kind="scan"), True),
        (MAY, doc({"on": "2026-05-31"}, kind="scan"), True),
        (MAY, doc({"on": "2026-06-01"}, kind="scan"), False),
        (MAY, doc({"on": "2026-04-30"}, kind="scan"), False),
        (MAY, doc({}, kind="scan"), False),
        ({**COMPLETE, "from": "2026-05-01"}, doc({"on": "2026-06-01"}, kind="scan"), True),
        ({**COMPLETE, "to": "2026-05-01"}, doc({"on": "2026-06-01"}, kind="scan"), False),
    ],
)
def test_a_document_outside_a_collection_may_contradict_its_claim(kinds: dict[str, Kind], claim: Any, other: Any, is_void: bool) -> None:
    """It does if it lies in the range by its record date."""
    evidence = evidence_of([scans("2026-05-02", "2026-07-01", complete=claim), other], kinds, AS_OF)
    assert [made.void for made in evidence.claims] == [is_void]
    assert [(v.keyword, v.file, v.pointer) for v in evidence.violations] == [("complete", "case#1", ("data",))] * is_void


@pytest.mark.parametrize(
    ("site", "other", "is_void"), [(None, "a", True), (None, None, True), ("a", "a", True), ("a", "b", False), ("a", None, False)]
)
def test_a_scoped_claim_is_contradicted_in_its_scope(kinds: dict[str, Kind], site: Any, other: Any, is_void: bool) -> None:
    """A claim for a site says nothing of other sites."""
    evidence = evidence_of([scans(site=site, complete=COMPLETE), doc({}, kind="scan", site=other)], kinds, AS_OF)
    assert [(made.site, made.void) for made in evidence.claims] == [(site, is_void)]


def test_claims_a_file_a_month_do_not_contradict_each_other(kinds: dict[str, Kind]) -> None:
    """Claims over disjoint ranges add up; a claim of the config cannot be contradicted."""
    june = {**COMPLETE, "from": "2026-06-01", "to": "2026-06-30"}
    stated = Claim("scan", "ops", "2026-06-30", "register")
    values = [scans("2026-05-02", complete=MAY), scans("2026-06-02", complete=june), scans(complete={**MAY, "to": "2026-05-01"})]
    evidence = evidence_of(values, kinds, AS_OF, claims=[stated])
    assert [made.void for made in evidence.claims] == [False, False, False, False]
    assert evidence.claims[0] is stated
    assert [document.collection for document in evidence.of("scan")] == [1, 2]


def test_a_sensitive_value_is_never_part_of_a_violation(kinds: dict[str, Kind]) -> None:
    """Not in the message, not as the actual value."""
    waiver = {"kind": "waiver", "id": "w", "observed_at": "2026-06-01", "data": {"rule": 5}}
    evidence = evidence_of([waiver, doc({"name": "A", "desk": "4111111111111111"})], kinds, AS_OF)
    assert "4111111111111111" not in repr(evidence.violations)
