"""The forms of a report for CI: what they say, and that their own schemas and readers take them."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from jsonschema import Draft4Validator, Draft202012Validator

from ccpolicy import __version__
from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import find_config
from ccpolicy.reports import github, markdown, markdown_tables, sarif
from ccpolicy.reports.findings_csv import COLUMNS
from ccpolicy.reports.formats import View, render
from tests.reports.centre import AS_OF, EVIDENCE, PROBLEM, SECRET, assessed, written

TOP = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden" / "forms"
DATA = TOP / "tests" / "data"
SARIF_SCHEMA = json.loads((DATA / "sarif-2.1.0.schema.json").read_text("utf-8"))
SARIF_SCHEMA["definitions"]["region"]["anyOf"] = [{"required": [word]} for word in ("startLine", "charOffset", "byteOffset")]  # Errata 01
SARIF = Draft4Validator(SARIF_SCHEMA)
GITLAB = [
    Draft202012Validator(json.loads((DATA / f"gitlab-{name}.schema.json").read_text("utf-8"))) for name in ("reader", "documentation")
]
JUNIT = [xmlschema.XMLSchema10(DATA / name) for name in ("junit-windyroad.xsd", "junit-jenkins.xsd")]
FORMS = {
    "sarif": "report.sarif",
    "junit": "junit.xml",
    "github": "log.txt",
    "gitlab": "gitlab.json",
    "markdown": "comment.md",
    "csv": "table.csv",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assessed(written(tmp_path_factory.mktemp("small"), texts=PROBLEM), cleared=True)


@pytest.fixture(scope="module")
def connect() -> Assessment:
    """A vendor's exports, with one path on which the recording is not switched off."""
    library, folder = load_library(), TOP / "fixtures" / "vendor-amazon-connect"
    config = find_config([folder])
    evidence = load_evidence([folder], config, library.kinds, AS_OF)
    return assess(library, evidence, Wanted(rules=("connect/recording-off-before-*",), cleared=True))


def lines_of(count: int, pause: str = "none") -> dict[str, object]:
    """Evidence with so many lines, each of which fails."""
    records = [{"id": f"L-{place:03d}", "name": f"line {place}", "pause": pause, "token": SECRET} for place in range(count)]
    return EVIDENCE | {"config/lines.json": {"kind": "line", "observed_at": "2026-06-29", "records": records}}


def run_of(assessment: Assessment, **options: Any) -> Any:
    """The one run of the SARIF report."""
    found = json.loads(render(assessment, "sarif", View(**options)))
    assert [error.message for error in SARIF.iter_errors(found)] == []
    [run] = found["runs"]
    return run


def suites_of(text: str) -> dict[str, ElementTree.Element]:
    """The suites of a JUnit report by name; both schemas take it, and its counts are those of its cases."""
    for schema in JUNIT:
        schema.validate(text)
    suites = {suite.get("name", ""): suite for suite in ElementTree.fromstring(text)}
    for suite in suites.values():
        words = Counter(child.tag for case in suite.iter("testcase") for child in case)
        counts = {"tests": len(list(suite.iter("testcase"))), **{f"{word}s": words[word] for word in ("failure", "error")}}
        assert {name: int(suite.get(name, "")) for name in counts} == counts
        assert int(suite.get("skipped", "")) == words["skipped"]
    return suites


def cases_of(suite: ElementTree.Element) -> dict[str, str]:
    """What each case came to."""
    return {case.get("name", ""): next((child.tag for child in case), "passed") for case in suite.iter("testcase")}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_says_what_it_said_before(small: Assessment, form: str) -> None:
    """Golden files; CCPOLICY_GOLDEN=write writes them anew, to be read before they are kept."""
    text = render(small, form, View(folder="centres/small/")).replace(__version__, "VERSION")
    file = GOLDEN / FORMS[form]
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        file.write_bytes(text.encode())
    assert text.encode() == file.read_bytes()


# ---- SARIF ---------------------------------------------------------------------------------------------------------------------


def test_sarif_has_every_finding_as_a_result_and_every_rule_that_was_run(small: Assessment, connect: Assessment) -> None:
    for assessment in (small, connect):
        run = run_of(assessment)
        results, rules = run["results"], run["tool"]["driver"]["rules"]
        assert [one["partialFingerprints"]["ccpolicy/v1"] for one in results] == [one.fingerprint for one in assessment.findings]
        assert [rules[one["ruleIndex"]]["id"] for one in results] == [one["ruleId"] for one in results]
        assert {result.rule.id for result in assessment.rules} <= {rule["id"] for rule in rules}
        assert all(len(rule["properties"]["tags"]) <= 20 and rule["help"]["markdown"] for rule in rules)


def test_sarif_gives_files_relative_to_the_top_of_the_repository(small: Assessment) -> None:
    """Percent-encoded, and never absolute: equal reports are equal bytes wherever the repository stands."""
    uris = re.findall(r'"uri": "([^"]*)", "uriBaseId": "%SRCROOT%"', render(small, "sarif", View(folder="my centres/")))
    assert set(uris) == {"my%20centres/config/lines.json", "my%20centres/people/agents.json", "my%20centres/broken.json"}
    assert list(run_of(small)["originalUriBaseIds"]) == ["%SRCROOT%"]


def test_sarif_tells_levels_kinds_suppressions_and_what_was_not_read(small: Assessment) -> None:
    run = run_of(small)
    told = {(one["properties"]["document"]["id"], one["properties"]["pointer"]): one for one in run["results"]}
    assert [(one["kind"], one["level"]) for one in told.values()].count(("open", "none")) == 2
    assert told["L-1", "/records/0/pause"]["level"] == "error"
    [suppression] = told["L-2", "/records/1/pause"]["suppressions"]
    why = "waiver W-1: moves next week; requested by P-1, approved by P-2; until 2026-07-31"
    assert suppression == {"kind": "external", "status": "accepted", "justification": why}
    [invocation] = run["invocations"]
    [notification] = invocation["toolExecutionNotifications"]
    assert (invocation["executionSuccessful"], invocation["exitCode"], notification["level"]) == (False, 3, "error")
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "broken.json"


def test_sarif_shows_the_path_on_which_something_is_not_done(connect: Assessment) -> None:
    """Step by step, each at its place; no step is a related location as well."""
    [result] = [one for one in run_of(connect)["results"] if one["kind"] == "fail"]
    [flow] = result["codeFlows"]
    steps = [one["location"] for one in flow["threadFlows"][0]["locations"]]
    assert [one["message"]["text"] for one in steps] == [f"step {n} of the path, /Actions/{n - 1}" for n in (1, 2, 3)]
    assert [one["physicalLocation"]["region"]["startLine"] for one in steps] == [12, 35, 72]
    assert "relatedLocations" not in result


def test_fingerprints_survive_moved_lines_and_inserted_members(tmp_path: Path) -> None:
    """A member before all others, and a file that is indented in another way."""
    before = {one["partialFingerprints"]["primaryLocationLineHash"] for one in run_of(assessed(written(tmp_path / "a")))["results"]}
    lines: Any = EVIDENCE["config/lines.json"]
    first = {"id": "L-0", "name": "new", "pause": "none", "token": SECRET}
    centre = written(tmp_path / "b", EVIDENCE | {"config/lines.json": {**lines, "records": [first, *lines["records"]]}})
    file = centre / "config" / "lines.json"
    file.write_text("\n\n" + json.dumps(json.loads(file.read_text("utf-8"))), "utf-8")
    after = [one["partialFingerprints"]["primaryLocationLineHash"] for one in run_of(assessed(centre))["results"]]
    assert before < set(after)
    assert len(after) == len(set(after)) == len(before) + 1


def test_what_github_does_not_take_is_left_out_by_severity_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waived findings go first, then the least grave; what is only not shown is said too."""
    assessment = assessed(written(tmp_path, lines_of(4)))
    monkeypatch.setattr(sarif, "MOST", 3)
    monkeypatch.setattr(sarif, "SHOWN", 2)
    run = run_of(assessment)
    assert [one["properties"]["severity"] for one in run["results"]] == ["critical"] * 3
    told = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert told == [
        "2 findings of 5 left out, the least grave: GitHub takes 3 results; the JSON report has all of them",
        "GitHub code scanning shows 2 of these 3 results, the gravest; the JSON report has all of them",
    ]


# ---- JUnit ---------------------------------------------------------------------------------------------------------------------


def test_junit_has_a_case_for_each_rule_and_document(small: Assessment) -> None:
    """Passes show; what is waived is skipped, what is undetermined an error, and an open population is said."""
    suites = suites_of(render(small, "junit", View()))
    assert cases_of(suites["recording/pause"]) == {
        "line L-1": "failure", "line L-2": "skipped", "line L-3": "passed", "line L-4": "error", "every line": "skipped"
    }  # fmt: skip
    assert cases_of(suites["training/yearly"]) == {"agent A-1": "passed", "agent A-2": "error", "every agent": "skipped"}
    assert cases_of(suites["schema/line"]) == {"line L-4": "failure"}
    assert cases_of(suites["input"]) == {"broken.json:1:2": "error"}


def test_junit_skips_what_only_warns(small: Assessment) -> None:
    suites = suites_of(render(small, "junit", View(undetermined="warn")))
    assert cases_of(suites["recording/pause"])["line L-4"] == "skipped"


def test_junit_lists_every_document_that_passed(tmp_path: Path) -> None:
    """Also beyond the passes of which the other reports keep the witnesses; without the list, what is missing is said."""
    centre = written(tmp_path, lines_of(150, "mask"))
    listed = suites_of(render(assessed(centre, cleared=True), "junit", View()))["recording/pause"]
    assert Counter(cases_of(listed).values()) == {"passed": 150}
    short = suites_of(render(assessed(centre), "junit", View()))["recording/pause"]
    assert Counter(cases_of(short).values()) == {"passed": 100}
    assert short.findtext("system-out") == "50 further passes of this rule not listed"


def test_junit_agrees_with_the_verdicts_of_a_whole_centre() -> None:
    """Every focus that passed is in a document that passed, or in one that is not clear."""
    library, folder = load_library(), TOP / "fixtures" / "harbour-leaky"
    config = find_config([folder])
    evidence = load_evidence([folder], config, library.kinds, config.as_of or AS_OF)
    assessment = assess(library, evidence, Wanted(each=True, cleared=True))
    suites = suites_of(render(assessment, "junit", View()))
    for result in assessment.rules:
        cases = cases_of(suites[result.rule.id])
        worst = {f"{focus.kind} {focus.document}": set[str]() for focus in result.foci}
        for focus in result.foci:
            worst[f"{focus.kind} {focus.document}"].add(focus.verdict)
        passed = {name for name, verdicts in worst.items() if verdicts <= {"pass", "not_applicable"} and "pass" in verdicts}
        assert {name for name, word in cases.items() if word == "passed"} == passed
        failed = {name for name, verdicts in worst.items() if "fail" in verdicts}
        assert {name for name, word in cases.items() if word == "failure"} <= failed


# ---- GitHub, GitLab ------------------------------------------------------------------------------------------------------------


def test_github_takes_ten_annotations_of_a_kind_and_hears_of_the_rest(tmp_path: Path) -> None:
    """What could not be read first, then the gravest; the text has everything."""
    text = render(assessed(written(tmp_path, lines_of(12), PROBLEM)), "github", View())
    kinds = re.findall(r"^::(\w+) ", text, re.MULTILINE)
    assert kinds == ["error"] * 10 + ["warning"]
    assert text.startswith("::error file=broken.json,line=1,col=2,title=not read%3A truncated::")
    assert f"GitHub shows {github.MOST} annotations of a kind; without one: 3 further errors. All of them are below." in text
    assert text.endswith(render(assessed(tmp_path / "centre"), "text", View()))


def test_gitlab_tells_findings_apart_and_leaves_out_what_is_waived(small: Assessment) -> None:
    entries = json.loads(render(small, "gitlab", View(folder="centres/")))
    assert [error.message for schema in GITLAB for entry in entries for error in schema.iter_errors(entry)] == []
    assert len({one["fingerprint"] for one in entries}) == len(entries)
    assert Counter(one["severity"] for one in entries) == {"blocker": 3, "critical": 2}
    assert len(entries) == 1 + sum(finding.status != "waived" for finding in small.findings)
    assert {one["location"]["path"].partition("/")[0] for one in entries} == {"centres"}


def test_gitlab_takes_a_report_without_findings(tmp_path: Path) -> None:
    clean = assessed(written(tmp_path, {"config/lines.json": lines_of(1, "mask")["config/lines.json"]}))
    assert json.loads(render(clean, "gitlab", View())) == []


# ---- Markdown, CSV -------------------------------------------------------------------------------------------------------------


def test_a_comment_is_never_longer_than_a_host_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables stop at fifty rows, the gravest; if that is too long still, it ends with a remark."""
    assessment = assessed(written(tmp_path, lines_of(300)))
    text = render(assessment, "markdown", View())
    assert text.count("| critical |") == markdown_tables.ROWS
    assert "and 250 failures more" in text
    monkeypatch.setattr(markdown, "MOST", 3000)
    short = render(assessment, "markdown", View())
    assert len(short) <= 3000
    assert short.endswith("The text and the JSON report have the rest.\n")


def test_csv_has_a_row_for_each_finding(small: Assessment) -> None:
    text = render(small, "csv", View())
    head, *rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert tuple(head) == COLUMNS
    assert [row[-1] for row in rows] == [finding.fingerprint for finding in small.findings]
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert text.replace("\r\n", "").count("\n") == 0
