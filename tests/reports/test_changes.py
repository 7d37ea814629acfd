"""What changed, in the comment on a pull request and in SARIF: new, changed, gone, and what was not looked at."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccpolicy import __version__
from ccpolicy.assessment.finding import Assessment
from ccpolicy.reports import markdown_tables
from ccpolicy.reports.applying import apply
from ccpolicy.reports.baseline import Baseline, Entry
from ccpolicy.reports.difference import difference
from ccpolicy.reports.formats import View, render
from ccpolicy.reports.trace import Trace
from tests.reports.fleet import Fleet, How, baseline_of, earlier_of, fleets, hows, judged
from tests.reports.test_forms import GOLDEN, run_of, suites_of
from tests.reports.test_forms_hostile import MARKDOWN, TEXTS, _check, _rows

THEN: Fleet = {
    "P-1": [{"id": "a", "pause": "none", "beep": True}, {"id": "b", "beep": True}, {"id": "c", "pause": "none", "beep": False}],
    "P-2": [{"id": "d", "pause": "none", "beep": True}],
    "P-3": [{"id": "e", "pause": "mask", "beep": False}],
}
NOW: Fleet = {
    "P-1": [
        {"id": "z", "beep": False},
        {"id": "a", "pause": "mask", "beep": True},
        {"id": "b", "pause": "none", "beep": True},
        {"id": "c", "pause": "none", "beep": False},
    ],
    "P-3": [{"id": "e", "pause": "none", "beep": True}],
}


@cache
def views() -> dict[str, View]:
    """The run of NOW held against THEN: by its baseline, by its report, and by both."""
    then, now = judged(THEN), judged(NOW)
    applied, since = apply(baseline_of(then), now), difference(earlier_of(then), now)
    return {
        "baseline": View(applied=applied, folder="centres/"),
        "report": View(since=since, folder="centres/"),
        "both": View(applied=applied, since=since),
    }


def states(assessment: Assessment, view: View) -> dict[str, str]:
    """The state of each result, by fingerprint."""
    results = json.loads(render(assessment, "sarif", view))["runs"][0]["results"]
    return {one["partialFingerprints"]["ccpolicy/v1"]: one.get("baselineState", "") for one in results}


@pytest.mark.parametrize("against", ["baseline", "report"])
def test_a_comment_says_what_changed(against: str) -> None:
    """Golden files; CCPOLICY_GOLDEN=write writes them anew, to be read before they are kept."""
    text = render(judged(NOW), "markdown", views()[against]).replace(__version__, "VERSION")
    file = GOLDEN / f"comment-{against}.md"
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        file.write_bytes(text.encode())
    assert text.encode() == file.read_bytes()


def test_what_changed_stands_right_behind_the_verdict() -> None:
    """With both, the baseline first, for it decides what counts; nothing that is told as new is told again as a failure."""
    heads = {name: re.findall(r"^### (.*)$", render(judged(NOW), "markdown", view), re.MULTILINE) for name, view in views().items()}
    assert heads["baseline"][:2] == ["Since the baseline of 2026-06-30", "What fails as it did before"]
    assert heads["report"][:2] == ["Since the report of 2026-06-30", "What fails as it did before"]
    assert heads["both"][:3] == ["Since the baseline of 2026-06-30", "Since the report of 2026-06-30", "What fails as it did before"]
    both = render(judged(NOW), "markdown", views()["both"])
    assert both.count("| new |") == 1
    assert "3 of the new stand above." in both.partition("### Since the report")[2]


@given(fleets(), fleets(), hows(), st.sampled_from(["baseline", "report"]))
def test_every_finding_has_its_place_in_a_comment(before: Fleet, after: Fleet, how: How, against: str) -> None:
    """Each new one and each that fails has a row, once, and the numbers are those of the rows."""
    then, now = judged(before), judged(after, how)
    applied = apply(baseline_of(then), now) if against == "baseline" else None
    since = difference(earlier_of(then), now) if against == "report" else None
    text = render(now, "markdown", View(applied=applied, since=since))
    tables = {
        name: len(rows.splitlines())
        for name, rows in re.findall(r"\| (new|worse|changed|gone|severity) \| where .*\n.*\n((?:\| .*\n)+)", text)
    }
    short = re.search(r"\*\*(\d+) new\*\*.*?, (\d+) gone, (\d+) (?:worse|changed)", text)
    assert short is not None
    counts = (tables.get("new", 0), tables.get("gone", 0), tables.get("worse", 0) + tables.get("changed", 0))
    assert tuple(map(int, short.groups())) == counts
    fails = {one.fingerprint for one in now.findings if one.status == "fail"}
    new = since.new if since else {one.fingerprint for one in now.findings if applied and not applied.knows(one)}
    changed = set(since.changed) if since else {one.trace.fingerprint for one in applied.worse} if applied else set()
    assert tables.get("severity", 0) == len(fails - new - changed)


def test_long_lists_of_changes_end_with_how_many_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gravest stay."""
    monkeypatch.setattr("ccpolicy.reports.markdown_changes.ROWS", 1)
    monkeypatch.setattr(markdown_tables, "ROWS", 1)
    text = render(judged(NOW), "markdown", views()["report"])
    new = text.partition("| new |")[2].partition("\n\n")[0]
    assert [line.split(" | ")[0] for line in new.splitlines()[2:]] == ["| critical"]
    assert "and 2 findings more" in text


@given(TEXTS, TEXTS, TEXTS)
def test_what_others_wrote_into_a_baseline_or_a_report_stays_text(rule: str, place: str, name: str) -> None:
    """Rules, files, pointers, documents, messages and file names come from files that anybody may have written."""
    now, view = judged(NOW), views()["both"]
    assert view.applied is not None
    assert view.since is not None
    trace = Trace("0" * 64, rule, "fail", "high", name, place, place, rule, name)
    stale = Entry(replace(trace, message=""), rule, place, date(2026, 1, 1))
    baseline = Baseline(name, "", date(2026, 1, 1), view.applied.baseline.entries)
    applied = replace(view.applied, baseline=baseline, stale=(stale,))
    remarks = f"the earlier report is of another organisation, {name}"
    since = replace(view.since, gone=(trace,), first_run=(rule,), remarks=(remarks,), earlier=replace(view.since.earlier, name=name))
    text = render(now, "markdown", View(applied=applied, since=since))
    tokens = MARKDOWN.parse(text)
    _check(tokens)
    assert all(len(set(rows)) == 1 for rows in _rows(tokens))
    heads = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert [head for head in heads if not head.startswith(("❌ ccpolicy", "Since the ", "What ", "Standards"))] == []
    for one in (View(applied=applied), View(since=since)):
        assert not set(render(now, "sarif", one)) & set("\x00\x07\x0b\x1b\u009b\u202e")


# ---- JUnit, GitHub -------------------------------------------------------------------------------------------------------------


def test_what_the_baseline_knows_fails_no_test_and_is_no_annotation() -> None:
    """Else a build with nothing new would be red in Jenkins, and old findings would crowd out new ones."""
    now = judged(THEN)
    known = View(applied=apply(baseline_of(now), now))
    cases = [case for suite in suites_of(render(now, "junit", known)).values() for case in suite.iter("testcase")]
    assert {child.tag for case in cases for child in case} == {"skipped"}
    told = [case.findtext("skipped", "") for case in cases if case.find("skipped") is not None]
    assert [text for text in told if not text.startswith(("known by the baseline: ", "there may be others"))] == []
    assert "::" not in render(now, "github", known)
    assert "::error" in render(now, "github", View())


def test_one_new_finding_fails_the_test_of_its_document() -> None:
    """Though others of the document are known."""
    suite = suites_of(render(judged(NOW), "junit", views()["baseline"]))["agents/beep"]
    [failed] = [case for case in suite.iter("testcase") if case.find("failure") is not None]
    assert failed.get("name") == "platform P-1"
    assert "known by the baseline: queue `c` has false" in failed.findtext("failure", "")
    files = re.findall(r"^::\w+ file=([^,]*),", render(judged(NOW), "github", views()["baseline"]), re.MULTILINE)
    assert files == ["centres/P-1.json", "centres/P-3.json", "centres/P-1.json", "centres/P-1.json"]


# ---- SARIF ---------------------------------------------------------------------------------------------------------------------


@given(fleets(), fleets(), hows())
def test_sarif_says_of_each_result_what_it_is_since_a_report(before: Fleet, after: Fleet, how: How) -> None:
    """New, updated or unchanged, and absent never: what is gone is no result."""
    then, now = judged(before), judged(after, how)
    since = difference(earlier_of(then), now)
    found = states(now, View(since=since))
    assert {name for name, state in found.items() if state == "new"} == since.new
    assert {name for name, state in found.items() if state == "updated"} == set(since.changed)
    assert Counter(found.values())["unchanged"] == since.same


@given(fleets(), fleets())
def test_sarif_says_the_same_since_a_baseline(before: Fleet, after: Fleet) -> None:
    """A baseline of everything is as good as a report, and it goes before one."""
    then, now = judged(before), judged(after)
    applied, since = apply(baseline_of(then), now), difference(earlier_of(then), now)
    assert states(now, View(applied=applied)) == states(now, View(since=since))
    empty = replace(applied, baseline=replace(applied.baseline, entries={}))
    assert set(states(now, View(applied=empty, since=since)).values()) <= {"new"}


def test_sarif_without_anything_to_compare_with_has_no_states() -> None:
    """A state is of every result or of none; so are suppressions."""
    results: Any = run_of(judged(NOW))["results"]
    assert [one for one in results if "baselineState" in one] == []
    assert [one for one in results if one["suppressions"] != []] == []


@pytest.mark.parametrize(("against", "name"), [("baseline", "the baseline baseline.json"), ("report", "the report report.json")])
def test_sarif_counts_what_is_gone_and_what_was_not_looked_at(against: str, name: str) -> None:
    """As notes about the run: one was repaired, the file of one is not there, and of one it cannot be told."""
    view = views()[against]
    run = run_of(judged(NOW), applied=view.applied, since=view.since)
    told = [(one["descriptor"]["id"], one["message"]["text"]) for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert told == [("gone", f"gone: 1 finding of {name}"), ("not-looked-at", f"not looked at: 2 findings of {name}")]
