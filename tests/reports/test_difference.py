"""What is new, gone and changed since an earlier report, by observation."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from ccpolicy.assessment.finding import Assessment
from ccpolicy.errors import Refused
from ccpolicy.reports.difference import Difference, difference
from ccpolicy.reports.earlier import read_earlier
from ccpolicy.reports.formats import View, render
from ccpolicy.reports.trace import Trace
from tests.reports.fleet import Fleet, How, earlier_of, fingerprints, fleets, hows, judged

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "report.schema.json").read_text("utf-8"))


def since(then: Assessment, now: Assessment) -> Difference:
    return difference(earlier_of(then), now)


def names(traces: Any) -> list[str]:
    return [trace.fingerprint for trace in traces]


@given(fleets(), fleets(), hows(), hows())
def test_every_finding_of_then_and_of_now_is_in_one_part(before: Fleet, after: Fleet, one: How, other: How) -> None:
    """New, changed and the same are those of now; gone, not looked at, changed and the same are those of then."""
    then, now = judged(before, one), judged(after, other)
    found = since(then, now)
    kept = fingerprints(then) & fingerprints(now)
    assert found.new == fingerprints(now) - kept
    assert set(found.changed) <= kept
    assert found.same == len(kept) - len(found.changed)
    lost = names(found.gone) + names(trace for trace, _ in found.unlooked)
    assert sorted(lost) == sorted(fingerprints(then) - kept)


@given(fleets(), fleets(), hows())
def test_nothing_is_gone_that_was_not_looked_at(before: Fleet, after: Fleet, how: How) -> None:
    """Of what is gone the rule was run, the platform was seen, and its queue is either repaired or no longer in the list."""
    now = judged(after, how)
    for trace in since(judged(before), now).gone:
        assert trace.document in after
        if trace.rule.startswith("schema/"):
            continue
        assert trace.rule in {result.rule.id for result in now.rules}
        assert not how.sites or how.sites_of.get(trace.document) in how.sites
        word = "pause" if trace.rule == "recording/pause" else "beep"
        queues = {queue["id"]: queue.get(word) for queue in after[trace.document]}
        then = before[trace.document][int(trace.pointer.split("/")[3])]["id"]
        assert queues.get(then, "left the list") in ("mask", True, "left the list")


@given(fleets(), hows())
def test_nothing_has_happened_since_a_report_of_the_same_evidence(fleet: Fleet, how: How) -> None:
    """However it is written."""
    then, now = judged(fleet, How(how.rules, how.sites)), judged(fleet, how)
    found = since(then, now)
    assert (found.new, found.changed, found.gone, found.unlooked, found.remarks) == (frozenset(), {}, (), (), ())
    assert found.same == len(now.findings)


THEN: Fleet = {
    "P-1": [{"id": "a", "pause": "none", "beep": True}, {"id": "b", "beep": True}, {"id": "c", "pause": "none", "beep": True}],
    "P-2": [{"id": "d", "pause": "none"}],
}
NOW: Fleet = {
    "P-1": [
        {"id": "z", "pause": "none", "beep": True},
        {"id": "a", "pause": "mask", "beep": True},
        {"id": "b", "pause": "none", "beep": True},
        {"id": "c", "beep": True},
    ],
}


def test_the_parts_in_an_example() -> None:
    """Queue z is new, a is repaired though b was undecided beside it, b and c have changed, and platform P-2 was not seen."""
    found = since(judged(THEN), judged(NOW))

    def brief(trace: Trace) -> tuple[str, str, str]:
        return trace.rule, trace.document, trace.status

    assert len(found.new) == 1
    assert [brief(trace) for trace in found.gone] == [("recording/pause", "P-1", "fail")]
    assert sorted((pair.was.status, pair.now.status) for pair in found.changed.values()) == [
        ("fail", "undetermined"),
        ("undetermined", "fail"),
    ]
    assert sorted((*brief(trace), why) for trace, why in found.unlooked) == [
        ("agents/beep", "P-2", "undetermined", "document"),
        ("recording/pause", "P-2", "fail", "document"),
    ]


def test_the_text_begins_with_it_and_the_json_fits_its_schema() -> None:
    """Right below the head; in short in one line."""
    now = judged(NOW)
    view = View(since=since(judged(THEN), now))
    title = "Since 2026-06-30: 1 new, 1 gone, 2 changed, 0 the same, 2 not looked at"
    heads = [line.split(" ─")[0] for line in render(now, "text", view).splitlines() if "──" in line]
    assert heads[:2] == [title, "Findings: 2 failures in 1 file"]
    text = " ".join(render(now, "text", view).split())
    assert re.search(r"changed P-1.json:\d+:\d+ critical recording/pause was undetermined, is fail: queue `b` has none", text)
    assert "gone P-1.json critical recording/pause queue `a` has none" in text
    assert "not looked at 2 findings of then: 2 whose document was not seen" in text
    assert render(now, "text", View(quiet=True, since=view.since)).startswith(title)
    report = json.loads(render(now, "json", view))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(report)] == []
    told = report.pop("diff")
    assert {name: len(told[name]) for name in ("new", "changed", "gone", "not_looked_at")} == {
        "new": 1, "changed": 2, "gone": 1, "not_looked_at": 2
    }  # fmt: skip
    assert report == json.loads(render(now, "json", View()))


def test_what_makes_two_reports_unlike_is_told() -> None:
    """Another day, another selection; a rule that had not been run is told with its new findings."""
    found = since(judged(NOW, How(rules=("agents/*",), as_of=date(2026, 7, 2))), judged(NOW))
    assert found.remarks == (
        "the earlier report is of a later day, 2026-07-02",
        "the earlier report was made of another selection of standards, rules, sites or clients",
    )
    assert found.first_run == ("recording/pause",)


def older(value: dict[str, Any]) -> dict[str, Any]:
    """A report as it was before findings had a site."""
    findings = [{key: told for key, told in finding.items() if key not in ("site", "client")} for finding in value["findings"]]
    return {**value, "findings": findings}


def test_older_reports_can_be_read() -> None:
    """With fields missing that came later, and with keys in any order."""
    value = json.loads(render(judged(THEN), "json", View()))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(older(value))] == []
    assert read_text(json.dumps(older(value), sort_keys=True)).keys() == fingerprints(judged(THEN))


def read_text(text: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "r.json").write_text(text, "utf-8")
        return read_earlier(Path(folder) / "r.json", "r.json").findings


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"report": 2},
            "r.json:1:12: this report is of version 2, and this ccpolicy knows version 1 (hint: use the ccpolicy that wrote it",
        ),
        ({"report": "1"}, "this is no report of ours"),
        ({"as_of": "now"}, "`as_of` is no date"),
        ({"findings": {}}, "`findings` is no list"),
        ({"findings": [1]}, "this is no object"),
        ({"findings": [{}]}, "`rule` is missing"),
        ({"rules": ["a"]}, "this is no member of `rules` of a report"),
        ({"findings": None}, "`findings` is no list"),
    ],
)
def test_what_is_no_report_is_refused(change: dict[str, Any], told: str) -> None:
    """With its place and a hint."""
    value = json.loads(render(judged(THEN), "json", View()))
    with pytest.raises(Refused) as refused:
        read_text(json.dumps({**value, **change}))
    assert told in "\n".join(str(problem) for problem in refused.value.problems)


def test_a_report_without_its_findings_is_none() -> None:
    """Else everything would seem to be gone."""
    value = json.loads(render(judged(THEN), "json", View()))
    with pytest.raises(Refused, match="this is no report of ours"):
        read_text(json.dumps({key: told for key, told in value.items() if key != "findings"}))
