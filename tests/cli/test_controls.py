"""`ccpolicy controls`: what the packs say of two standards."""

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

TOP = Path(__file__).parents[2]
REVIEWED = "rationale: semantic, scope: organisation, status: reviewed, reviewed_by: [auditor, engineer], on: '2026-06-01', origin: read"
CATALOGUE = """\
id: {id}
title: The {id} standard
edition: "1"
publisher: nobody
source: made up
controls:
  - {{id: "1", title: Heading, kind: heading, status: partial}}
  - {{id: "1.2", title: First, kind: requirement, status: manual, reason: seen by a person}}
  - {{id: "1.10", title: Second, kind: requirement, status: manual, reason: seen by a person}}
  - {{id: "1.11", title: Third, kind: requirement, status: manual, reason: seen by a person}}
"""
LEFT_RIGHT = f"""\
between: [left, right]
links:
  - {{source: '1.2', relation: subset_of, target: '1.10', why: narrower, {REVIEWED}}}
  - {{source: '1.10', relation: none, target: right, why: "=looked in vain", {REVIEWED}}}
  - {{source: '1.11', relation: equal, target: '1.11', why: perhaps, rationale: semantic, scope: data, status: draft, origin: guess}}
conflicts:
  - left: left/1.2
    right: right/1.10
    object: recordings
    left_bound: {{text: at most ninety days, at_most: P90D}}
    right_bound: {{text: at least a hundred days, at_least: P100D}}
    resolution: split them by what they hold
"""
RIGHT_THIRD = f"""\
between: [right, third]
links:
  - {{source: '1.10', relation: equal, target: '1.2', why: the same words, {REVIEWED}}}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for part in ("catalogues", "crosswalks"):
        (tmp_path / part).mkdir()
    for standard in ("left", "right", "third"):
        (tmp_path / "catalogues" / f"{standard}.yaml").write_text(CATALOGUE.format(id=standard))
    (tmp_path / "crosswalks" / "left--right.yaml").write_text(LEFT_RIGHT)
    (tmp_path / "crosswalks" / "right--third.yaml").write_text(RIGHT_THIRD)
    return tmp_path


def mapped(pack: Path, *words: str) -> Result:
    return CliRunner().invoke(ccpolicy, ["controls", "map", "--pack", str(pack), "--no-shipped-rules", *words])


def test_a_map_shows_what_is_proved_and_by_which_path(pack: Path) -> None:
    """Across a third standard too; the relation is read from left to right."""
    told = json.loads(mapped(pack, "third", "left", "--format", "json").stdout)
    assert told["pairs"] == [
        {
            "source": "third/1.2",
            "target": "left/1.2",
            "relation": ["superset_of"],
            "certain": True,
            "path": [
                {"from": "third/1.2", "to": "right/1.10", "relation": "equal", "origin": "read"},
                {"from": "right/1.10", "to": "left/1.2", "relation": "superset_of", "origin": "read"},
            ],
            "further_paths": [],
            "same_evidence": [],
            "status": "derived",
        }
    ]
    assert json.loads(mapped(pack, "third", "left", "--format", "json", "--hops", "1").stdout)["pairs"] == []


def test_a_map_shows_conflicts_blanks_drafts_and_what_nobody_looked_at(pack: Path) -> None:
    told = json.loads(mapped(pack, "left", "right", "--format", "json").stdout)
    assert [(pair["source"], pair["target"], pair["status"]) for pair in told["pairs"]] == [("left/1.2", "right/1.10", "reviewed")]
    (conflict,) = told["conflicts"]
    assert (conflict["object"], conflict["both"]) == ("recordings", "nothing is both at least P100D and at most P90D")
    assert told["no_counterpart"] == [{"control": "left/1.10", "standard": "right", "why": "=looked in vain"}]
    assert [(one["source"], one["target"], one["relation"]) for one in told["unreviewed"]] == [("left/1.11", "right/1.11", "equal")]
    assert told["not_looked_at"] == ["right/1.2"]


def test_the_table_and_the_page_say_the_same(pack: Path) -> None:
    """In the table, no cell is a formula; controls stand in printed order."""
    rows = list(csv.DictReader(io.StringIO(mapped(pack, "left", "right", "--format", "csv").stdout)))
    assert [row["part"] for row in rows] == ["pair", "conflict", "no_counterpart", "unreviewed", "not_looked_at"]
    assert rows[2]["note"] == "'=looked in vain"
    text = mapped(pack, "left", "right").stdout
    for said in (
        "subset of right/1.10",
        "resolved: split them",
        "=looked in vain",
        "equal right/1.11: perhaps",
        "Not looked at yet: 1 control",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("left", "rigth"), "no catalogue describes the standard `rigth` (hint: did you mean `right`?)"),
        (("left", "left"), "`left` is held against itself"),
        (("left", "right", "--format", "jsn"), "`--format` does not know `jsn` (hint: did you mean `json`?)"),
    ],
)
def test_wrong_use_is_told(words: tuple[str, ...], told: str, pack: Path) -> None:
    done = mapped(pack, *words)
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 2
    assert told in done.stderr


def test_crosswalks_that_contradict_each_other_are_refused(pack: Path) -> None:
    (pack / "crosswalks" / "left--third.yaml").write_text(
        f"between: [left, third]\nlinks:\n  - {{source: '1.2', relation: none, target: '1.2', why: apart, {REVIEWED}}}\n"
    )
    done = mapped(pack, "left", "right")
    assert done.exit_code == 2
    assert "contradict each other about `left/1.2`" in done.stderr
    assert "left/1.2 none third/1.2" in done.stderr


def test_shipped_standards_share_evidence(tmp_path: Path) -> None:
    """Two standards that no crosswalk joins have rules in common: that is no relation."""
    told = json.loads(CliRunner().invoke(ccpolicy, ["controls", "map", "pci-dss-4.0.1", "iso-18295-1-2017", "--format", "json"]).stdout)
    shared = [pair for pair in told["pairs"] if pair["same_evidence"]]
    assert shared
    assert all(len(pair["relation"]) == 5 and not pair["certain"] for pair in shared if pair["status"] == "evidence")


# ---- one control, coverage, gaps -----------------------------------------------------------------------------------------------


def told_by(*words: str) -> Any:
    done = CliRunner().invoke(ccpolicy, ["controls", *words, "--format", "json"])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return json.loads(done.stdout)


def test_a_control_is_shown_with_its_rules_and_the_evidence_they_read() -> None:
    told = told_by("show", "pci-dss-4.0.1/10.5.1")
    assert [(rule["id"], rule["coverage"]) for rule in told["rules"]] == [("logging/retention-12-3", "partial")]
    assert (told["parent"], told["judged"], told["evidence"]) == ("pci-dss-4.0.1/10.5", "partial", ["log-retention"])
    text = CliRunner().invoke(ccpolicy, ["controls", "show", "pci-dss-4.0.1/10.5.1"]).stdout
    assert "logging/retention-12-3  high, partial coverage" in text


def test_an_unknown_control_is_told_with_those_that_are_near() -> None:
    done = CliRunner().invoke(ccpolicy, ["controls", "show", "pci-dss-4.0.1/10.5.11"])
    assert done.exit_code == 2
    assert "did you mean `pci-dss-4.0.1/10.5.1`" in done.stderr


def test_a_control_is_shown_with_its_neighbours(pack: Path) -> None:
    done = CliRunner().invoke(ccpolicy, ["controls", "show", "third/1.2", "--pack", str(pack), "--no-shipped-rules", "--format", "json"])
    assert [(one["control"], one["relation"]) for one in json.loads(done.stdout)["neighbours"]] == [
        ("left/1.2", ["superset_of"]),
        ("right/1.10", ["equal"]),
    ]


def test_coverage_counts_every_control_that_asks_for_something() -> None:
    """Each once; the gaps are those that no rule reaches."""
    for one in told_by("coverage"):
        counted = [one[reach] for reach in ("automated", "partial", "manual", "planned", "out_of_scope", "nothing")]
        assert sum(counted) == one["controls"] > 0
        missing = told_by("gaps", "--standard", one["standard"])
        assert len(missing) == one["controls"] - one["automated"] - one["partial"] - one["out_of_scope"]
        assert all(gap["reason"] or gap["status"] == "partial" for gap in missing)


def test_a_gap_names_the_controls_whose_evidence_may_serve(pack: Path) -> None:
    """Only those that a rule reaches, and that certainly share something with it."""
    (pack / "crosswalks" / "left--pci-dss-4.0.1.yaml").write_text(
        f"between: [left, pci-dss-4.0.1]\nlinks:\n  - {{source: '1.2', relation: intersects, target: '10.5.1', why: logs, {REVIEWED}}}\n"
    )
    done = CliRunner().invoke(ccpolicy, ["controls", "gaps", "--standard", "left", "--pack", str(pack), "--format", "json"])
    assert {gap["control"]: gap["candidates"] for gap in json.loads(done.stdout)}["left/1.2"] == ["pci-dss-4.0.1/10.5.1"]


# ---- impact and graph ----------------------------------------------------------------------------------------------------------

RETENTION = ["pci-dss-4.0.1/10", "pci-dss-4.0.1/10.5", "pci-dss-4.0.1/10.5.1"]


@pytest.mark.parametrize(
    ("words", "rules", "controls"),
    [
        (["logging/retention-12-3"], ["logging/retention-12-3"], RETENTION),
        (["rules/checks/logging/retention-12-3.yaml"], ["logging/retention-12-3"], RETENTION),
        (["rules/checks/logging/retention-12-3.cases.yaml"], ["logging/retention-12-3"], RETENTION),
        (["schemas/log-retention.schema.json"], ["logging/retention-12-3"], RETENTION),
        (["pci-dss-4.0.1/10.5.1"], [], RETENTION),
        (
            ["fixtures/harbour-leaky/config/log-retention.yaml", "--evidence", "fixtures/harbour-leaky"],
            ["logging/retention-12-3"],
            RETENTION,
        ),
        (
            ["fixtures/harbour-leaky/config/log-retention.yaml#/records/0/kept_months", "--evidence", "fixtures/harbour-leaky"],
            ["logging/retention-12-3"],
            RETENTION,
        ),
        (["fixtures/harbour-leaky/config/log-retention.yaml#/records/0/store", "--evidence", "fixtures/harbour-leaky"], [], []),
        (
            ["fixtures/harbour-leaky/config/log-retention.yaml#/observed_at", "--evidence", "fixtures/harbour-leaky"],
            ["logging/retention-12-3"],
            RETENTION,
        ),
    ],
)
def test_impact_names_what_depends_on_a_change(
    words: list[str], rules: list[str], controls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(TOP)
    told = told_by("impact", *words)
    touched = {sort: {one["id"] for one in told[sort]} for sort in ("rules", "controls")}
    assert set(rules) <= touched["rules"]
    assert set(controls) <= touched["controls"]
    assert [bool(names) for names in touched.values()] == [bool(rules), bool(controls)]
    assert "access/lockout" not in touched["rules"]  # it reads no log


def test_impact_reads_what_a_diff_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that nothing depends on are listed, and are no mistake."""
    monkeypatch.chdir(TOP)
    words = ["controls", "impact", "-", "--format", "json"]
    done = CliRunner().invoke(ccpolicy, words, input="README.md\nrules/checks/logging/retention-12-3.yaml\n\n")
    told = json.loads(done.stdout)
    assert ([one["id"] for one in told["rules"]], told["unrelated"]) == (["logging/retention-12-3"], ["README.md"])
    wrong = CliRunner().invoke(ccpolicy, ["controls", "impact", "logging/retention-12"])
    assert wrong.exit_code == 2
    assert "did you mean `logging/retention-12-3`" in wrong.stderr


def test_a_relation_is_followed_once(pack: Path) -> None:
    """From third/1.2 to right/1.10, which equals it, and not on to left/1.2."""
    done = CliRunner().invoke(ccpolicy, ["controls", "impact", "third/1.2", "--pack", str(pack), "--no-shipped-rules", "--format", "json"])
    assert [one["id"] for one in json.loads(done.stdout)["controls"]] == ["right/1.10", "third/1.2"]


def test_every_form_of_the_graph_is_read_by_its_own_reader() -> None:
    """The same nodes and edges in JSON and GraphML; DOT and Mermaid name each node."""
    forms = {
        form: CliRunner().invoke(ccpolicy, ["controls", "graph", "--format", form]).stdout for form in ("dot", "mermaid", "graphml", "json")
    }
    told = json.loads(forms["json"])
    read = nx.parse_graphml(forms["graphml"], force_multigraph=True)
    assert {node["id"] for node in told["nodes"]} == set(read.nodes)
    found = sorted((str(source), str(target)) for source, target in read.edges())
    assert sorted((one["from"], one["to"]) for one in told["edges"]) == found
    assert forms["dot"].count(" [label=") == len(told["nodes"]) + len(told["edges"])
    assert forms["mermaid"].count('["') == len(told["nodes"])
    assert {"control", "field", "kind", "rule", "standard"} == {node["sort"] for node in told["nodes"]}
