"""`ccpolicy trend`."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.cli.conftest import Run, put, queue_config

RULE = ("--rule", "recording/pause-on-payment", "--format", "json")


@pytest.fixture
def reports(tmp_path: Path, run: Run) -> Path:
    """Two reports: a queue fails, and is repaired ten days later."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for day, mode in (("2026-06-30", "none"), ("2026-07-10", "mask")):
        put(tmp_path / "e", a_json=queue_config(mode))
        run("check", tmp_path / "e", *RULE, "--as-of", day, "--output", folder / f"{day}.json")
    return folder


def test_a_folder_or_its_files_in_any_order_are_one_trend(reports: Path, run: Run) -> None:
    """By the days of the reports, whatever they are called."""
    whole = run("trend", reports, "--format", "json")
    assert whole.code == 0
    assert whole == run("trend", reports / "2026-07-10.json", reports / "2026-06-30.json", "--format", "json")
    last = [row for row in whole.json["rows"] if row["by"] == "all"][-1]
    assert (last["fail"], last["repaired"], last["days_to_repair"]) == (0, 1, 10)


def test_as_text_csv_and_chart(reports: Path, tmp_path: Path, run: Run) -> None:
    """The chart goes to a file, beside the text."""
    ran = run("trend", reports, "--svg", tmp_path / "t.svg")
    assert ran.out.startswith("Trend of 2 reports  2026-06-30 to 2026-07-10\n")
    assert ran.err == f"the chart is in {tmp_path / 't.svg'}\n"
    assert ET.parse(tmp_path / "t.svg").getroot().tag.endswith("svg")
    assert run("trend", reports, "--format", "csv").out.splitlines()[1].startswith("2026-06-30,all,,1,0,0,0,1,0,0,,1,1,")


def test_what_is_no_report_of_ours_and_two_of_one_day_are_told(reports: Path, run: Run) -> None:
    """In a folder they are left out; the last of a day counts, by name."""
    (reports / "z.json").write_bytes((reports / "2026-06-30.json").read_bytes())
    put(reports, a_json={"report": 1}, b_json="{", c_txt="no")
    ran = run("trend", reports, "--format", "json")
    assert ran.code == 0
    assert [report["file"] for report in ran.json["reports"]] == [str(reports / "z.json"), str(reports / "2026-07-10.json")]
    assert [line.split(str(reports))[1][:7] for line in ran.err.splitlines()] == ["/a.json", "/b.json", "/2026-0"]
    assert [f"warning: {remark}" for remark in ran.json["remarks"]] == ran.err.splitlines()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no",), "there is no file or folder `no`"),
        (("x.json",), "x.json:1:1: this is no report of ours (hint: a report is written by"),
        (("empty",), "there is no report to read"),
        (("reports", "--format", "xml"), "`--format` does not know `xml`"),
        (("reports", "--svg", ""), "`--svg` takes the name of a file"),
        (("reports", "--svg", "no/t.svg"), "there is no folder `no`"),
    ],
)
def test_wrong_use_is_refused(
    reports: Path, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    """With exit 2, and nothing on standard output."""
    (tmp_path / "empty").mkdir()
    put(tmp_path, x_json=json.dumps({"a": 1}))
    monkeypatch.chdir(tmp_path)
    ran = run("trend", *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_the_chart_never_overwrites_a_report(reports: Path, run: Run) -> None:
    """Nor does a misspelt option cost one."""
    before = (reports / "2026-06-30.json").read_bytes()
    ran = run("trend", reports, "--svg", reports / "2026-06-30.json")
    assert (ran.code, (reports / "2026-06-30.json").read_bytes()) == (2, before)
    assert "which is one of the reports" in ran.err
