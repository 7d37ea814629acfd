"""Statuses carried over to other standards by `check`: in place of nothing, beside what is computed, and never mixed with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.cli.main import ccpolicy
from ccpolicy.controls.inference import Standing, infer
from ccpolicy.controls.web import web_of
from tests.controls.models import fullest, links_of
from tests.controls.test_inference import FACTS, NAMES, STATUSES, Facts

CATALOGUE = """\
id: {id}
title: The {id} standard
edition: "1"
publisher: nobody
source: made up
{more}controls:
  - {{id: "1", title: First, kind: requirement, status: {status}, reason: a person looks at it}}
  - {{id: "2", title: Second, kind: requirement, status: {status}, reason: a person looks at it}}
"""
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Thing",
    "type": "object",
    "properties": {"id": {"type": "string"}, "good": {"type": "boolean"}},
    "examples": [{"id": "t", "good": True}],
}
RULE = """\
id: made/good
title: Things are good
severity: high
controls:
  - {{control: {control}, coverage: full, why: it is all that is asked}}
applies_to: thing
require: {{good: {{is: true}}}}
message: "thing is {{actual}}"
remediation: Make it good.
"""
LINK = (
    "  - {{source: '{source}', relation: {relation}, target: '{target}', rationale: semantic, scope: {scope}, why: because,"
    " status: reviewed, reviewed_by: [auditor, engineer], on: '2026-06-01', origin: read}}\n"
)


def told(
    folder: Path, links: list[tuple[str, str, str]], good: bool = True, scope: str = "organisation", classes: str = "", tags: str = ""
) -> dict[str, Any]:
    """The report of one rule on a/1 and its evidence, with links from a to b."""
    pack, centre = folder / "pack", folder / "centre"
    for part in ("catalogues", "crosswalks", "schemas", "checks/made"):
        (pack / part).mkdir(parents=True)
    centre.mkdir()
    for standard, status in (("a", "partial"), ("b", "manual")):
        more = f"data_class: {classes.split()['ab'.index(standard)]}\n" if classes else ""
        (pack / "catalogues" / f"{standard}.yaml").write_text(CATALOGUE.format(id=standard, status=status, more=more))
    (pack / "schemas" / "thing.schema.json").write_text(json.dumps(SCHEMA))
    (pack / "checks" / "made" / "good.yaml").write_text(RULE.format(control="a/1"))
    lines = [LINK.format(source=source, relation=relation, target=target, scope=scope) for source, relation, target in links]
    (pack / "crosswalks" / "a--b.yaml").write_text("between: [a, b]\nlinks:\n" + "".join(lines))
    claim = {"by": "ops", "on": "2026-06-30", "basis": "export"}
    head: dict[str, Any] = {"kind": "thing", "observed_at": "2026-06-30", "complete": claim}
    head |= {"data_classes": tags.split()} if tags else {}
    (centre / "things.json").write_text(json.dumps({**head, "records": [{"id": "t", "good": good}]}))
    words = ["check", str(centre), "--as-of", "2026-06-30", "--pack", str(pack), "--no-shipped-rules"]
    done = CliRunner().invoke(ccpolicy, [*words, "--format", "json"])
    report: dict[str, Any] = json.loads(done.stdout)
    report["text"] = CliRunner().invoke(ccpolicy, words).stdout
    report["by_id"] = {one["id"]: one for one in report["controls"]}
    return report


def test_a_pass_fills_a_control_of_which_nothing_else_speaks(tmp_path: Path) -> None:
    """It is marked, has its path, and is not counted with what was tested."""
    report = told(tmp_path, [("1", "superset_of", "1")])
    one = report["by_id"]["b/1"]
    assert (one["status"], one["method"]) == ("pass", "inferred")
    assert one["inferred"]["paths"] == [[{"from": "a/1", "to": "b/1", "relation": "superset_of", "origin": "read"}]]
    assert report["summary"]["controls_by_status"]["pass"] == 1
    assert report["summary"]["controls_inferred"] == {"fail": 0, "pass": 1, "not_applicable": 0}
    assert "inferred from other standards, not tested (1)" in report["text"]
    assert "1 pass by a/1 superset_of b/1" in report["text"]


@pytest.mark.parametrize(
    ("relation", "good", "status", "candidates"),
    [
        ("superset_of", True, "pass", []),
        ("equal", True, "pass", []),
        ("subset_of", True, "undetermined", ["a/1"]),
        ("intersects", True, "undetermined", ["a/1"]),
        ("none", True, "undetermined", []),
        ("subset_of", False, "fail", []),
        ("equal", False, "fail", []),
        ("superset_of", False, "undetermined", ["a/1"]),
    ],
)
def test_only_what_follows_is_carried(relation: str, good: bool, status: str, candidates: list[str], tmp_path: Path) -> None:
    """What does not follow is offered as evidence, where the two certainly share something."""
    report = told(tmp_path, [("1", relation, "1")], good)
    assert (report["by_id"]["b/1"]["status"], report["by_id"]["b/1"]["candidate_evidence"]) == (status, candidates)
    assert report["by_id"]["b/2"]["status"] == "undetermined"


@pytest.mark.parametrize(("tags", "status"), [("", "undetermined"), ("cardholder_data", "undetermined"), ("cardholder_data ephi", "pass")])
def test_evidence_about_other_data_carries_nothing(tags: str, status: str, tmp_path: Path) -> None:
    """Between standards on different data, an activity is carried only by documents that are tagged with both."""
    report = told(tmp_path, [("1", "equal", "1")], scope="activity", classes="cardholder_data ephi", tags=tags)
    assert report["by_id"]["b/1"]["status"] == status


def test_a_computed_status_is_never_changed(tmp_path: Path) -> None:
    """The inferred one of a control that fails stands in no place of a computed one."""
    report = told(tmp_path, [("1", "equal", "1"), ("1", "superset_of", "2")], good=False)
    assert report["by_id"]["a/1"]["status"] == "fail"
    assert report["by_id"]["a/1"]["inferred"] is None
    assert report["by_id"]["b/2"]["status"] == "undetermined"


@given(FACTS, STATUSES, st.data())
@settings(deadline=None, max_examples=150)
def test_without_a_link_nothing_passes_that_did_not(facts: Facts, statuses: dict[str, Any], data: st.DataObject) -> None:
    """Unless the link was one side of a contradiction."""
    triples = [(source, relation, target) for (source, target), relation in facts.items()]
    if not facts or fullest(NAMES, triples) is None:
        return
    standings = {name: Standing(status) for name, status in statuses.items()}
    before = infer(web_of(links_of(facts)), (), standings, {})
    fewer = {pair: relation for pair, relation in facts.items() if pair != data.draw(st.sampled_from(sorted(facts)))}
    after = infer(web_of(links_of(fewer)), (), standings, {})
    passing = {control for control, one in before.inferred.items() if one.status == "pass"} | {
        one.control for one, _ in before.contradictions
    }
    assert {control for control, one in after.inferred.items() if one.status == "pass"} <= passing
