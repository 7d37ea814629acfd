"""Baselines: what they know counts no longer, and nothing else changes."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ccpolicy.assessment.finding import Assessment
from ccpolicy.documents.schema import load_kinds
from ccpolicy.errors import Refused
from ccpolicy.reports.applying import apply
from ccpolicy.reports.baseline import Baseline, baseline_parts, entry_value
from ccpolicy.reports.formats import View, render
from ccpolicy.reports.json import pieces_of
from ccpolicy.reports.outcome import counts_against, exit_code
from ccpolicy.reports.rewriting import Rewriting
from tests.reports.centre import EVIDENCE, PAN, PROBLEM, SECRET, assessed, written
from tests.reports.fleet import Fleet, How, Queue, baseline_of, fingerprints, fleets, hows, judged, queue_lists, read

SCHEMAS = Path(__file__).parents[2] / "schemas"
SCHEMA = json.loads((SCHEMAS / "baseline.schema.json").read_text("utf-8"))
REPORT_SCHEMA = json.loads((SCHEMAS / "report.schema.json").read_text("utf-8"))


def against(assessment: Assessment, baseline: Baseline, **options: Any) -> View:
    return View(**options, applied=apply(baseline, assessment))


def some_of(baseline: Baseline, keep: int) -> Baseline:
    """Every entry whose position is a bit of `keep`."""
    kept = [entry for place, (_, entry) in enumerate(sorted(baseline.entries.items())) if keep >> place & 1]
    return Baseline(baseline.name, baseline.sha256, baseline.as_of, {entry.trace.fingerprint: entry for entry in kept})


@given(fleets(), st.integers(0, 2**20), st.sampled_from(["critical", "low", "never"]), st.sampled_from(["fail", "warn"]))
def test_a_finding_counts_if_and_only_if_the_baseline_does_not_know_it(fleet: Fleet, keep: int, fail_on: Any, unsure: Any) -> None:
    """Among those that would count without one; the exit code follows, for the assessment and for the report alike."""
    assessment = judged(fleet)
    baseline = some_of(baseline_of(assessment), keep)
    plain, view = (View(fail_on=fail_on, undetermined=unsure), against(assessment, baseline, fail_on=fail_on, undetermined=unsure))
    for finding in assessment.findings:
        assert counts_against(finding, view) is (counts_against(finding, plain) and finding.fingerprint not in baseline.entries)
    assert exit_code(assessment, view) == int(any(counts_against(finding, view) for finding in assessment.findings))
    assert f"Exit {exit_code(assessment, view)}" in render(assessment, "text", view)


@given(fleets(), st.integers(0, 2**20))
def test_a_baseline_changes_nothing_but_what_counts(fleet: Fleet, keep: int) -> None:
    """The JSON report says new or known of each finding, fits its schema, and is otherwise the same."""
    assessment = judged(fleet)
    baseline = some_of(baseline_of(assessment), keep)
    report = json.loads(render(assessment, "json", against(assessment, baseline)))
    assert [error.message for error in Draft202012Validator(REPORT_SCHEMA).iter_errors(report)] == []
    states = [finding.pop("baseline") for finding in report["findings"]]
    assert states == ["known" if finding["fingerprint"] in baseline.entries else "new" for finding in report["findings"]]
    told = report.pop("baseline")
    assert (told["known"], told["new"]) == (states.count("known"), states.count("new"))
    assert report == json.loads(render(assessment, "json", View()))


@given(fleets(), hows())
def test_a_baseline_of_the_same_evidence_leaves_nothing_that_counts(fleet: Fleet, how: How) -> None:
    """No entry is stale, and none is left unsaid."""
    assessment = judged(fleet, how)
    applied = apply(baseline_of(assessment), assessment)
    assert exit_code(assessment, View(fail_on="info", applied=applied)) == 0
    assert (applied.new, applied.stale, applied.unlooked, applied.worse, applied.unowned) == (0, (), (), (), ())


@given(fleets(), st.data())
def test_moved_lines_and_inserted_members_are_nothing_new(fleet: Fleet, data: st.DataObject) -> None:
    """Members of a list with unique keys may stand anywhere, with others before them."""
    before = judged(fleet, How(indent=2))
    moved = {name: data.draw(st.permutations([*queues, *_fine(queues)])) for name, queues in fleet.items()}
    after = judged(moved, How(indent=data.draw(st.sampled_from([None, 0, 7]))))
    assert fingerprints(after) == fingerprints(before)
    applied = apply(baseline_of(before), after)
    assert exit_code(after, View(applied=applied)) == 0
    assert (applied.stale, applied.worse) == ((), ())


def _fine(queues: list[Queue]) -> list[Queue]:
    return [{"id": f"more-{queue['id']}", "pause": "mask", "beep": True} for queue in queues]


@given(fleets(), queue_lists(2), hows())
def test_a_baseline_written_again_keeps_what_people_said(fleet: Fleet, more: list[Queue], how: How) -> None:
    """Old entries keep owner, reason and day; new ones have those given; what was not looked at stays, what is gone leaves."""
    old = baseline_of(judged(fleet), owner="A. Old")
    again = judged({**fleet, "P-1": more}, how)
    baseline = baseline_of(again, old, owner="B. New", reason="")
    now = fingerprints(again)
    stale = {entry.trace.fingerprint for entry in apply(old, again).stale}
    assert set(baseline.entries) == now | (set(old.entries) - now - stale)
    for name, entry in baseline.entries.items():
        assert (entry.owner, entry.reason) == (("A. Old", "plan 7") if name in old.entries else ("B. New", ""))


def test_what_was_repaired_is_stale_and_what_was_not_seen_is_not() -> None:
    """So it is for a rule that was not run, a site that was not looked at, a document that is not there, and one that is undecided now."""
    fleet: Fleet = {"P-1": [{"id": "a", "pause": "none", "beep": True}, {"id": "b", "pause": 7, "beep": True}]}
    baseline = baseline_of(judged(fleet))
    fixed: Fleet = {"P-1": [{"id": "a", "pause": "mask", "beep": True}, {"id": "b", "pause": "mask", "beep": True}]}
    other: Fleet = {"P-3": [{"id": "a", "pause": "mask"}]}

    def came_to(now: Fleet, how: How | None = None) -> tuple[int, list[str]]:
        applied = apply(baseline, judged(now, how))
        return len(applied.stale), sorted(why for _, why in applied.unlooked)

    assert len(baseline.entries) == 3
    assert came_to(fixed) == (3, [])
    assert came_to(fixed, How(rules=("agents/*",))) == (1, ["rule", "rule"])  # the schema is looked at whatever the rules
    assert came_to(fixed, How(sites=("york",))) == (1, ["document", "document"])
    assert came_to(other) == (0, ["document", "document", "document"])


def test_what_cannot_be_told_any_more_is_not_gone() -> None:
    """A queue that failed is no longer exported, and neither is the list it was in."""
    fleet: Fleet = {"P-1": [{"id": "a", "pause": "none", "beep": True}]}
    baseline = baseline_of(judged(fleet))
    unread: Any = {"P-1": "see attachment"}
    applied = apply(baseline, judged(unread))
    assert (applied.stale, [why for _, why in applied.unlooked]) == ((), ["undecided"])


def test_schemas_and_what_is_worse_are_told_in_full() -> None:
    """A baseline never hides a document that does not fit its schema without a word, nor that what could not be told fails now."""
    before: Fleet = {"P-1": [{"id": "a", "beep": True}, {"id": "b", "pause": 7, "beep": True}]}
    baseline = baseline_of(judged(before), reason="")
    now = judged({"P-1": [{"id": "a", "pause": "none", "beep": True}, *before["P-1"][1:]]})
    view = against(now, baseline)
    assert exit_code(now, view) == 1
    for quiet in (False, True):
        text = " ".join(render(now, "text", against(now, baseline, quiet=quiet)).split())
        assert "1 known finding is about documents that do not fit their schema" in text
        assert "P-1.json:16:9 high schema/platform" in text
        assert "worse P-1.json critical recording/pause" in text
        assert "3 entries have no reason" in text
        assert "1 new or worse finding counts" in text
        assert "cannot tell whether this holds" not in text


def test_the_known_rules_stand_below_a_heading_of_their_own() -> None:
    """With none known, no heading; and none in short."""
    now = judged({"P-1": [{"id": "a", "pause": "none", "beep": True}]})
    known = baseline_of(now)
    heading = "known findings by rule, the gravest first:\n     1  critical  recording/pause\n"
    assert heading in render(now, "text", against(now, known))
    for view in (against(now, known, quiet=True), against(now, replace(known, entries={}))):
        assert "known findings by rule" not in render(now, "text", view)


def test_waived_findings_are_not_written(tmp_path: Path) -> None:
    """When the waiver expires they are new."""
    assessment = assessed(written(tmp_path))
    waived = [finding.fingerprint for finding in assessment.findings if finding.status == "waived"]
    baseline = baseline_of(assessment)
    assert len(waived) == 1
    assert set(baseline.entries) == fingerprints(assessment) - set(waived)


def test_no_value_of_the_evidence_stands_in_a_baseline(tmp_path: Path) -> None:
    """Neither sensitive ones, nor others, nor card numbers in ids."""
    lines = [{"id": f"L-{PAN}", "name": "queue-name", "pause": "quiet-value", "token": SECRET, "minutes": "ten"}]
    evidence = EVIDENCE | {"config/lines.json": {"kind": "line", "observed_at": "2026-06-29", "records": lines}}
    text = "".join(pieces_of(baseline_parts(Rewriting(assessed(written(tmp_path, evidence)), None, "", "").entries(), AS_OF)))
    assert [planted for planted in (PAN, SECRET, "queue-name", "quiet-value", 'ten"') if planted in text] == []
    assert "L-<redacted>" in text


AS_OF = judged({"P-1": []}).as_of
FLEET: Fleet = {"P-1": [{"id": "a", "pause": "none"}], "P-2": [{"id": "b", "pause": "none"}]}


def text_of(fleet: Fleet) -> str:
    return "".join(pieces_of(baseline_parts(Rewriting(judged(fleet), None, "J. Doe", "").entries(), AS_OF)))


def test_the_file_is_sorted_and_fits_its_schema() -> None:
    """By rule, document and fingerprint; the same evidence is the same bytes."""
    Draft202012Validator.check_schema(SCHEMA)
    assert "baseline" not in load_kinds([SCHEMAS])
    value = json.loads(text_of(FLEET))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(value)] == []
    assert value["entries"] == [entry_value(entry) for entry in read(text_of(FLEET)).entries.values()]
    keys = [(entry["rule"], entry["document"]["id"], entry["fingerprint"]) for entry in value["entries"]]
    assert keys == sorted(keys)
    assert text_of(dict(reversed(FLEET.items()))) == text_of(FLEET)


BROKEN: list[tuple[Any, Any, str]] = [
    (("baseline",), 2, "baseline.json:2:15: this baseline is of version 2, and this ccpolicy knows version 1"),
    (("baseline",), True, "this is no version of a baseline"),
    (("as_of",), "soon", "`as_of` is no date"),
    (("entries",), {}, "`entries` is no list"),
    (("entries", 0), 5, "this is no object"),
    (("entries", 0, "rule"), None, "`rule` is no text"),
    (("entries", 0, "fingerprint"), "ABC", "baseline.json:7:7: the fingerprint is not 64 hexadecimal digits"),
    (("entries", 0, "status"), "passed", "`status` is none of fail, undetermined, waived"),
    (("entries", 0, "severity"), "huge", "`severity` is none of"),
    (("entries", 0, "document"), "P-1", "`document` is missing, or no object"),
    (("entries", 0, "document", "extra"), "x", "a document has no key `extra`"),
    (("entries", 0, "onwer"), "me", "an entry has no key `onwer` (hint: did you mean `owner`"),
    (("entries", 0, "owner"), ["me"], "`owner` is no text"),
    (("entries", 0, "since"), "2026-02-30", "`since` is no date"),
    (("more",), 1, "a baseline has no key `more`"),
]


@pytest.mark.parametrize(("at", "value", "told"), BROKEN)
def test_a_broken_baseline_is_refused_and_its_schema_says_so_too(at: tuple[Any, ...], value: Any, told: str) -> None:
    """With its place, what is wrong, and what to do."""
    whole = json.loads(text_of(FLEET))
    node = whole
    for token in at[:-1]:
        node = node[token]
    node[at[-1]] = value
    with pytest.raises(Refused) as refused:
        read(json.dumps(whole, indent=2))
    assert told in "\n".join(str(problem) for problem in refused.value.problems)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(whole)] != [] or at[-1] in ("as_of", "since")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "baseline.json:1:1: the file is no JSON object (hint: is the file complete? write it again)"),
        ("[]", "the file is no JSON object"),
        ('{"baseline": 1,}', "nothing comes after the comma"),
        ('{"baseline" 1}', "after a key comes a colon"),
        ('{"baseline": 1, "entries": [{"a"', "this is no JSON"),
        ('{"baseline": NaN}', "this is no JSON that we write"),
        ('{"baseline": ' + "[" * 10 + '{"a":' * 100_000, "nested too deep"),
        ("{}", "`entries` is missing (hint: write it with `ccpolicy baseline write`)"),
        ("{} x", "there is more after its end"),
    ],
)
def test_a_text_that_is_no_baseline_is_refused(text: str, told: str) -> None:
    """With line and column."""
    with pytest.raises(Refused) as refused:
        read(text)
    assert told in "\n".join(str(problem) for problem in refused.value.problems)


def test_two_entries_of_one_finding_are_refused() -> None:
    """Two people cannot answer for one finding in two ways."""
    whole = json.loads(text_of(FLEET))
    whole["entries"].append(deepcopy(whole["entries"][0]))
    with pytest.raises(Refused, match="another entry has this fingerprint"):
        read(json.dumps(whole))


def test_unreadable_input_stays_unreadable(tmp_path: Path) -> None:
    """A baseline excuses no file that could not be read."""
    assessment = assessed(written(tmp_path, texts=PROBLEM))
    assert exit_code(assessment, against(assessment, baseline_of(assessment))) == 3
