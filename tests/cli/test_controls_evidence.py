"""`ccpolicy controls ... --evidence`: what the packs say, and what the evidence shows beside it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import CliRunner, Result

from ccpolicy.cli.main import ccpolicy

LEAKY = str(Path(__file__).parents[2] / "fixtures" / "harbour-leaky")
CATALOGUE = """\
id: house
title: House rules
edition: "1"
publisher: us
source: ours
controls:
  - {id: "1", title: Recording, kind: heading, status: partial}
  - {id: "1.1", parent: "1", title: Lines pause, kind: requirement, status: partial}
  - {id: "2", title: Desks are clear, kind: requirement, status: manual, reason: seen by a person, requires: ["1.1"]}
  - {id: "3", title: Staff are told, kind: requirement, status: manual, reason: seen by a person}
  - {id: "4", title: Cards are issued safely, kind: requirement, status: manual, reason: seen by a person, roles: [issuer]}
  - {id: "5", title: Desks are counted, kind: requirement, status: partial, requires: ["1.1"]}
"""
RULE = """\
id: line/{name}
title: Lines {name}
severity: high
controls: [{{control: house/{control}, coverage: partial, why: a part of it}}]
applies_to: line
require: {{{name}: {{is: true}}}}
message: it does not hold
remediation: make it hold
"""
KIND = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "urn:ccpolicy:schema:line",
    "title": "Line",
    "description": "A telephone line.",
    "type": "object",
    "properties": {
        "id": {"type": "string", "description": "Its id."},
        "pause": {"type": "boolean", "description": "Whether it pauses."},
        "count": {"type": "boolean", "description": "Whether it counts."},
    },
    "examples": [{"id": "a", "pause": True}],
}
ATTESTED = {"control": "house/2", "statement": "seen", "by": "Ann", "approved_by": "Ben", "on": "2026-06-01", "valid_until": "2027-06-01"}
DOCUMENTS: list[dict[str, Any]] = [
    {"kind": "line", "id": "L-1", "observed_at": "2026-06-30", "data": {"id": "L-1", "pause": False, "count": False}},
    {"kind": "attestation", "id": "AT-1", "observed_at": "2026-06-30", "data": ATTESTED},
    {
        "kind": "attestation",
        "id": "AT-2",
        "observed_at": "2026-06-30",
        "data": {**ATTESTED, "control": "house/3", "valid_until": "2026-06-29"},
    },
]
CONFIG = 'as_of = "2026-06-30"\n[organisation.roles]\nissuer = false\n'


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A pack and a folder of evidence: lines do not pause, which keeps two other controls from passing."""
    for part in ("catalogues", "checks/line", "schemas"):
        (tmp_path / "pack" / part).mkdir(parents=True)
    (tmp_path / "evidence").mkdir()
    (tmp_path / "pack/catalogues/house.yaml").write_text(CATALOGUE)
    for name, control in (("pause", "1.1"), ("count", "5")):
        (tmp_path / f"pack/checks/line/{name}.yaml").write_text(RULE.format(name=name, control=control))
    (tmp_path / "pack/schemas/line.schema.json").write_text(json.dumps(KIND))
    (tmp_path / "evidence/ccpolicy.toml").write_text(CONFIG)
    for document in DOCUMENTS:
        (tmp_path / "evidence" / f"{document['id']}.json").write_text(json.dumps(document))
    return tmp_path


def done(*words: str) -> Result:
    return CliRunner().invoke(ccpolicy, list(words))


def asked(house: Path, *words: str) -> Result:
    """A command about the controls of the house, with its evidence."""
    pack = ["--pack", str(house / "pack"), "--no-shipped-rules"]
    return done("controls", words[0], *pack, "--evidence", str(house / "evidence"), *words[1:])


def told(house: Path, *words: str) -> Any:
    return json.loads(asked(house, *words, "--format", "json").stdout)


def test_a_control_is_shown_with_what_it_came_to(house: Path) -> None:
    """Status, rules, statements and files; without evidence there is none of it."""
    seen = told(house, "show", "house/1.1")["assessed"]
    assert (seen["as_of"], seen["status"], seen["method"]) == ("2026-06-30", "fail", "rules")
    assert seen["rules"] == [{"id": "line/pause", "status": "fail", "complete": False, "foci": {"fail": 1}, "findings": 1}]
    assert seen["evidence"] == [{"kind": "line", "documents": 1, "files": ["L-1.json"]}]
    packs = ["--pack", str(house / "pack"), "--no-shipped-rules"]
    assert json.loads(done("controls", "show", *packs, "house/1.1", "--format", "json").stdout)["assessed"] is None


def test_a_statement_is_shown_whether_it_counts_or_not(house: Path) -> None:
    """And what keeps a control from passing although somebody attests it."""
    attested, expired = (told(house, "show", f"house/{number}")["assessed"] for number in (2, 3))
    assert (attested["status"], attested["root_cause"], attested["method"]) == ("blocked", "house/1.1", "attested")
    assert [(one["id"], one["state"]) for one in attested["statements"]] == [("AT-1", "applied")]
    assert (expired["status"], [(one["id"], one["state"]) for one in expired["statements"]]) == ("undetermined", [("AT-2", "expired")])
    page = asked(house, "show", "house/2").stdout
    assert "blocked, attested" in page
    assert "behind: house/1.1" in page
    rows = dict(csv.reader(io.StringIO(asked(house, "show", "house/2", "--format", "csv").stdout)))
    assert (rows["assessed status"], rows["assessed root_cause"]) == ("blocked", "house/1.1")


def test_coverage_counts_what_is_attested_and_what_controls_came_to(house: Path) -> None:
    """Each control that asks for something once in either count."""
    (one,) = told(house, "coverage")
    assert (one["partial"], one["attested"], one["manual"], one["controls"]) == (2, 1, 2, 5)
    assert (one["fail"], one["blocked"], one["undetermined"], one["not_applicable"], one["pass"]) == (2, 1, 1, 1, 0)
    (row,) = csv.DictReader(io.StringIO(asked(house, "coverage", "--format", "csv").stdout))
    assert {name: row[name] for name in ("standard", "attested", "fail", "blocked")} == {
        "standard": "house",
        "attested": "1",
        "fail": "2",
        "blocked": "1",
    }
    assert "as assessed: 2 fail, 1 no conclusion: evidence missing, 1 blocked, 1 not applicable" in asked(house, "coverage").stdout


def test_what_is_attested_or_does_not_bind_is_no_gap(house: Path) -> None:
    """An attestation that expired fills none."""
    assert [one["control"] for one in told(house, "gaps")] == ["house/3"]
    packs = ["--pack", str(house / "pack"), "--no-shipped-rules"]
    left = json.loads(done("controls", "gaps", *packs, "--format", "json").stdout)
    assert [one["control"] for one in left] == ["house/2", "house/3", "house/4"]


def test_the_graph_holds_files_statements_and_statuses(house: Path) -> None:
    """In each form; a statement that does not count says so on its edge."""
    value = told(house, "graph")
    nodes = {node["id"]: node for node in value["nodes"]}
    assert nodes["control:house/1.1"]["status"] == "fail"
    assert nodes["rule:line/pause"]["status"] == "fail"
    assert "status" not in nodes["kind:line"]
    edges = {(edge["from"], edge["to"], edge["label"]) for edge in value["edges"]}
    assert ("evidence:L-1.json", "kind:line", "holds documents of") in edges
    assert ("attestation:AT-1", "control:house/2", "attests") in edges
    assert ("attestation:AT-2", "control:house/3", "attests (expired)") in edges
    assert ("evidence:AT-1.json", "attestation:AT-1", "holds") in edges
    assert 'fillcolor="#f4b6b6"' in asked(house, "graph", "--format", "dot").stdout
    read = nx.parse_graphml(asked(house, "graph", "--format", "graphml").stdout)
    assert read.nodes["control:house/1.1"]["status"] == "fail"


def test_a_changed_attestation_or_waiver_touches_what_it_speaks_of(house: Path) -> None:
    """By its file, and by its id."""
    for name in (str(house / "evidence/AT-1.json"), "AT-1"):
        value = told(house, "impact", name)
        assert [one["id"] for one in value["controls"]] == ["house/2"]
        assert [one["id"] for one in value["attestations"]] == ["AT-1"]
    waived = json.loads(done("controls", "impact", "W-2026-01", "--evidence", LEAKY, "--format", "json").stdout)
    assert [one["id"] for one in waived["rules"]] == ["connect/identity-can-carry-mfa"]


def test_check_names_root_causes_first_and_findings_behind_them(house: Path) -> None:
    """What is blocked stands under its cause; a finding whose control is behind one says so."""
    packs = ["--pack", str(house / "pack"), "--no-shipped-rules"]
    text = done("check", str(house / "evidence"), *packs).stdout
    assert text.index("root cause: it blocks (1)") > text.index("fail  1.1")
    assert "behind:   house/1.1 Lines pause does not hold: repair that first" in text
    report = json.loads(done("check", str(house / "evidence"), *packs, "--format", "json").stdout)
    causes = {one["rule"]: one["root_causes"] for one in report["findings"]}
    assert causes == {"line/pause": [], "line/count": ["house/1.1"]}


@pytest.mark.parametrize("command", [("show", "pci-dss-4.0.1/8.4.2"), ("coverage",), ("gaps",), ("graph",)])
def test_the_same_question_has_the_same_answer(command: tuple[str, ...]) -> None:
    """Byte for byte; standard output holds the report alone."""
    first, second = (done("controls", *command, "--evidence", LEAKY, "--format", "json") for _ in range(2))
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    json.loads(first.stdout)


@pytest.mark.parametrize("command", [("show", "pci-dss-4.0.1/8.4.2"), ("coverage",), ("gaps",), ("graph",)])
def test_evidence_that_is_not_there_is_refused(command: tuple[str, ...]) -> None:
    """Nothing is printed then."""
    refused = done("controls", *command, "--evidence", "no-such-folder")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "no-such-folder" in refused.stderr
