"""Reports: what they say, what they never show, and that they say it in the same bytes every time."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ccpolicy import __version__
from ccpolicy.assessment.finding import Assessment
from ccpolicy.documents.schema import load_kinds
from ccpolicy.reports.cleaning import clean, visible
from ccpolicy.reports.formats import FORMATS, View, render
from ccpolicy.reports.outcome import counts_against, exit_code
from ccpolicy.reports.view import Threshold
from tests.reports.centre import EVIDENCE, PAN, PROBLEM, SECRET, SPACED_PAN, assessed, written

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = Path(__file__).parents[2] / "schemas"
SCHEMA = json.loads((SCHEMAS / "report.schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assessed(written(tmp_path_factory.mktemp("small")))


def shown(assessment: Assessment, form: str, **options: Any) -> str:
    return render(assessment, form, View(**options)).replace(__version__, "VERSION")


@pytest.mark.parametrize(
    ("name", "form", "options"),
    [
        ("report.txt", "text", {}),
        ("narrow.txt", "text", {"width": 60}),
        ("quiet.txt", "text", {"quiet": True, "undetermined": "warn"}),
        ("report.json", "json", {}),
    ],
)
def test_a_report_says_what_it_said_before(small: Assessment, name: str, form: str, options: dict[str, Any]) -> None:
    """Golden files; CCPOLICY_GOLDEN=write writes them anew, to be read before they are kept."""
    text = shown(small, form, **options)
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def test_the_schema_of_reports_is_valid_says_what_every_field_is_and_is_no_kind() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:ccpolicy:report:1"
    assert [name for name, node in _fields(SCHEMA) if "description" not in node] == []
    assert "report" not in load_kinds([SCHEMAS])


def _fields(node: Any) -> list[tuple[str, Any]]:
    if isinstance(node, list):
        return [field for item in node for field in _fields(item)]
    if not isinstance(node, dict):
        return []
    own = [(name, field) for name, field in node.get("properties", {}).items() if not (name in ("from", "to") and "format" not in field)]
    return own + [field for item in node.values() for field in _fields(item)]


@pytest.mark.parametrize("texts", [{}, PROBLEM])
def test_a_json_report_fits_its_schema(tmp_path: Path, texts: dict[str, str]) -> None:
    report = json.loads(render(assessed(written(tmp_path, texts=texts)), "json", View()))
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(report)] == []


def test_the_same_evidence_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs over folders whose files were written in opposite order."""
    one = assessed(written(tmp_path / "a"))
    other = assessed(written(tmp_path / "b", dict(reversed(EVIDENCE.items()))))
    for form in FORMATS:
        assert render(one, form, View()) == render(other, form, View())


def test_colour_adds_escapes_and_changes_no_word(small: Assessment) -> None:
    coloured = render(small, "text", View(color=True))
    stripped = coloured
    while "\x1b[" in stripped:
        before, _, after = stripped.partition("\x1b[")
        stripped = before + after.partition("m")[2]
    assert "\x1b[" in coloured
    assert stripped == render(small, "text", View())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_keep_to_the_width_but_for_places_and_the_last_one(small: Assessment, width: int) -> None:
    *lines, _ = render(small, "text", View(width=width)).splitlines()
    assert [line for line in lines if len(line) > width and ".json" not in line] == []


def test_a_narrow_report_draws_no_lines(small: Assessment) -> None:
    assert "─" not in render(small, "text", View(width=60))


# ---- exit codes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fail_on", "undetermined", "code"),
    [("low", "fail", 1), ("info", "warn", 1), ("critical", "fail", 1), ("critical", "warn", 1), ("never", "fail", 0)],
)
def test_the_exit_code_follows_the_threshold(small: Assessment, fail_on: Threshold, undetermined: Any, code: int) -> None:
    assert exit_code(small, View(fail_on=fail_on, undetermined=undetermined)) == code


def test_what_counts_is_decided_by_status_and_severity(small: Assessment) -> None:
    failed = next(finding for finding in small.findings if finding.status == "fail" and finding.severity == "high")
    assert [counts_against(failed, View(fail_on=threshold)) for threshold in ("critical", "high", "low")] == [False, True, True]
    unsure = replace(failed, status="undetermined")
    assert [counts_against(unsure, View(undetermined=option)) for option in ("fail", "warn")] == [True, False]
    assert not counts_against(unsure, View(fail_on="critical"))
    assert not counts_against(replace(failed, status="waived"), View(fail_on="info"))


def test_unreadable_input_wins_over_findings_and_over_none(tmp_path: Path, small: Assessment) -> None:
    broken = assessed(written(tmp_path, texts=PROBLEM))
    assert exit_code(broken, View()) == exit_code(broken, View(fail_on="never")) == 3
    assert exit_code(replace(small, findings=()), View()) == 0
    assert "no claim counts while" in render(broken, "text", View())


def test_of_many_places_that_one_thing_would_decide_the_text_names_five(tmp_path: Path) -> None:
    """And counts the others, which the table and the JSON report name."""
    lines = [{"id": f"L-{n}", "token": SECRET} for n in range(8)]
    found = assessed(written(tmp_path, {"lines.json": {"kind": "line", "observed_at": "2026-06-29", "records": lines}}))
    text = render(found, "text", View())
    assert text.count("lines.json:") == 5
    assert "and at 3 more places, which the reports csv and json name" in text
    assert render(found, "csv", View()).count("recording/pause") == 8


# ---- what is never shown -------------------------------------------------------------------------------------------------------


def test_card_numbers_and_sensitive_values_are_in_no_report(tmp_path: Path) -> None:
    """Planted in ids, names, keys, values, numbers, file names, waivers, claims and the config."""
    lines = [
        {"id": f"L-{PAN}", "name": SPACED_PAN, "pause": PAN, "token": SECRET},
        {"id": "L-5", "name": "x", "pause": "none", "token": SECRET, PAN: 1, "minutes": "a"},
        {"id": "L-6", "token": "wrong", "pause": int(PAN)},
        {"id": "L-7", "token": [SECRET], "pause": float(PAN)},
    ]
    claim = {"by": SPACED_PAN, "on": "2026-06-30", "basis": f"card {PAN}"}
    evidence = EVIDENCE | {
        f"config/{PAN}.json": {"kind": "line", "observed_at": "2026-06-29", "records": lines},
        f"people/{PAN}.json": {"kind": "log", "id": PAN, "observed_at": "2026-06-29", "data": {"days": int(PAN)}},
        "people/courses.json": {
            "kind": "course",
            "observed_at": "2026-06-29",
            "complete": claim,
            "records": [{"id": PAN, "agent_id": PAN}],
        },
        "waivers/v.json": {"kind": "waiver", "id": f"W {PAN}", "observed_at": "2026-06-01", "data": {"rule": "recording/pause"}},
    }
    centre = written(tmp_path, evidence, {f"{PAN}.txt.json": "{", "scalar.json": PAN})
    (centre / "ccpolicy.toml").write_text((centre / "ccpolicy.toml").read_text().replace("Small Centre", f"Centre {PAN}"))
    assessment = assessed(centre)
    for form in FORMATS:
        text = render(assessment, form, View(width=10_000))
        assert "<redacted>" in unescape(text)
        assert [planted for planted in (PAN, SPACED_PAN, SECRET, 'wrong"') if planted in text] == []


def test_text_of_others_cannot_steer_a_terminal_or_a_ci_runner(tmp_path: Path) -> None:
    name = "\x1b[31mred\x1b]0;title\x07 \u202eevil\u202c \u009b2J\r\n::error::x ##vso[task.x]"
    lines = {"kind": "line", "observed_at": "2026-06-29", "records": [{"id": "L-1", "name": name, "pause": "none", "token": "t"}]}
    assessment = assessed(written(tmp_path, EVIDENCE | {"config/lines.json": lines}))
    text = render(assessment, "text", View(width=60))
    assert not set(text) & set("\x1b\x07\r\u202e\u202c\u009b")
    assert "\\x1b[31mred" in text
    assert [line for line in text.splitlines() if line.lstrip().startswith("::") or "##vso[" in line] == []
    machine = render(assessment, "json", View())
    assert not set(machine) & set("\x1b\x07\r\u202e\u202c\u009b")
    assert any(name in finding["message"] for finding in json.loads(machine)["findings"])


def test_values_are_cleaned_but_hashes_are_not() -> None:
    assert clean({"a": [PAN, int(PAN), 1.5, True, None]}) == {"a": ["<redacted>", "<redacted>", 1.5, True, None]}
    assert visible("a\u200bb\ud800c") == "a\\u200bb\\ud800c"
    assert clean("a\udcffb") == "a\\udcffb"
