"""Reports of several days in a row: what they count, how long repairs take, and how it is shown."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ccpolicy import __version__
from ccpolicy.documents.schema import load_kinds
from ccpolicy.reports.earlier import Earlier
from ccpolicy.reports.page import Page
from ccpolicy.reports.svg import element, places, words
from ccpolicy.reports.trend import ALL, COLUMNS, Trend, row_cells, trend_of, trend_value
from ccpolicy.reports.trend_svg import trend_svg
from ccpolicy.reports.trend_text import put_trend
from ccpolicy.reports.view import View
from tests.reports.fleet import Fleet, How, earlier_of, fleets, hows, judged

GOLDEN = Path(__file__).parent / "golden"
SCHEMAS = Path(__file__).parents[2] / "schemas"
SVG = "{http://www.w3.org/2000/svg}"


def on(day: str, fleet: Fleet, how: How | None = None) -> Earlier:
    """The report of a day."""
    asked = how or How()
    return replace(earlier_of(judged(fleet, replace(asked, as_of=date.fromisoformat(day)))), name=f"{day}.json")


def queue(pause: Any, beep: bool = True, name: str = "a") -> dict[str, Any]:
    return {"id": name, "beep": beep, **({} if pause is None else {"pause": pause})}


def weeks() -> list[Earlier]:
    """Two failures at Leeds and one at York; Leeds is repaired step by step, York drops out of sight, and one fault comes back."""
    return [
        on("2026-07-01", {"P-1": [queue("none"), queue("none", name="b")], "P-2": [queue("none")]}),
        on("2026-07-08", {"P-1": [queue("mask"), queue("none", name="b")], "P-2": [queue("none")]}),
        on("2026-07-29", {"P-1": [queue("mask"), queue("mask", name="b")]}),
        on("2026-08-05", {"P-1": [queue("none"), queue("mask", name="b")], "P-2": [queue(7)]}),
    ]


def put(trend: Trend, **options: Any) -> str:
    lines: list[str] = []
    put_trend(Page(View(**options), lines.append), trend)
    return "".join(lines)


def csv_of(trend: Trend) -> str:
    return "".join(",".join(cells) + "\n" for cells in [list(COLUMNS), *map(row_cells, trend.rows)])


FORMS: dict[str, Callable[[Trend], str]] = {
    "trend.txt": put,
    "trend.csv": csv_of,
    "trend.json": lambda trend: json.dumps(trend_value(trend), ensure_ascii=False, indent=2) + "\n",
    "trend.svg": trend_svg,
}


@pytest.mark.parametrize("name", FORMS)
def test_a_trend_says_what_it_said_before(name: str) -> None:
    """Golden files; CCPOLICY_GOLDEN=write writes them anew, to be read before they are kept."""
    text = FORMS[name](trend_of(weeks())).replace(__version__, "VERSION")
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, "utf-8")
    assert text == (GOLDEN / name).read_text("utf-8")


def test_repairs_are_counted_from_the_first_report_with_a_finding_to_the_first_without() -> None:
    """After 7 and 28 days; the one at York is not repaired by being out of sight, and what comes back is new."""
    rows = trend_of(weeks()).of(ALL)
    assert [(row.fail, row.not_looked_at, row.new, row.repaired, row.repaired_so_far, row.days_to_repair) for row in rows] == [
        (3, 0, 3, 0, 0, None),
        (2, 0, 0, 1, 1, 7),
        (0, 1, 0, 1, 2, 17.5),
        (2, 0, 2, 0, 2, 17.5),
    ]


def test_subjects_are_standards_areas_sites_and_clients() -> None:
    """As far as the reports name them; a site without a finding of its own on a day has nought."""
    trend = trend_of(weeks())
    assert [trend.subjects(sort) for sort in ("standard", "area", "site", "client")] == [
        [("standard", "house")],
        [("area", "agents"), ("area", "recording"), ("area", "schema")],
        [("site", "leeds"), ("site", "york")],
        [],
    ]
    assert [row.fail for row in trend.of(("site", "leeds"))] == [2, 1, 0, 1]
    assert [row.fail for row in trend.of(("site", "york"))] == [1, 1, 0, 1]


@pytest.mark.parametrize(
    ("second", "how", "repaired"),
    [
        ({"P-1": [queue("mask")]}, How(), 1),
        ({"P-1": []}, How(), 1),
        ({"P-1": [queue("mask")]}, How(rules=("agents/*",)), 0),
        ({"P-1": [queue("mask")]}, How(sites=("york",)), 0),
        ({"P-2": [queue("mask")]}, How(), 0),
        ({"P-1": "see attachment"}, How(), 0),
        ({"P-1": [queue(None)]}, How(), 0),
    ],
)
def test_only_what_was_looked_at_is_repaired(second: Any, how: How, repaired: int) -> None:
    """Its rule was run, its document was read, and it can be told."""
    trend = trend_of([on("2026-07-01", {"P-1": [queue("none")]}), on("2026-07-02", second, how)])
    assert trend.of(ALL)[-1].repaired == repaired


@given(st.lists(st.tuples(fleets(), hows()), min_size=1, max_size=4))
def test_numbers_add_up(days: list[tuple[Fleet, How]]) -> None:
    """What is open is what came less what was repaired; areas add up to all; every form can be written, the same each time."""
    reports = [on(f"2026-07-0{position}", fleet, how) for position, (fleet, how) in enumerate(days, 1)]
    trend = trend_of(reports)
    rows = trend.of(ALL)
    assert all(row.fail + row.undetermined + row.waived == len(one.findings) for row, one in zip(rows, reports, strict=True))
    assert sum(row.new for row in rows) - rows[-1].repaired_so_far == len(reports[-1].findings) + rows[-1].not_looked_at
    for row in rows:
        areas = [one for one in trend.rows if one.as_of == row.as_of and one.subject[0] == "area"]
        assert (row.fail, row.new, row.repaired) == tuple(sum(getattr(one, word) for one in areas) for word in ("fail", "new", "repaired"))
    schema = json.loads((SCHEMAS / "trend.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(trend_value(trend))] == []
    ET.fromstring(trend_svg(trend))
    assert [form(trend) for form in FORMS.values()] == [form(trend_of(reports)) for form in FORMS.values()]


def test_the_schema_of_trends_is_valid_and_no_kind() -> None:
    schema = json.loads((SCHEMAS / "trend.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert "trend" not in load_kinds([SCHEMAS])


def test_reports_that_are_unlike_are_told() -> None:
    """Of another organisation, or of another selection."""
    first, other = on("2026-07-01", {"P-1": []}), on("2026-07-02", {"P-1": []}, How(rules=("agents/*",)))
    assert trend_of([first, replace(other, organisation="Else")], ["said before"]).remarks == (
        "said before",
        "`2026-07-02.json` is of another organisation than `2026-07-01.json`",
        "`2026-07-02.json` was made of another selection of standards, rules, sites or clients than `2026-07-01.json`",
    )


# ---- the chart -----------------------------------------------------------------------------------------------------------------


def test_the_chart_is_read_by_an_xml_reader_and_keeps_within_its_frame() -> None:
    """With a title, a description, colours for light and dark, a dot for each number, and no text outside."""
    root = ET.fromstring(trend_svg(trend_of(weeks())))
    width, height = (float(number) for number in root.attrib["viewBox"].split()[2:])
    assert root.findtext(f"{SVG}title") == "Findings and coverage, 2026-07-01 to 2026-08-05"
    assert "prefers-color-scheme:dark" in str(root.findtext(f"{SVG}style"))
    assert len(root.findall(f"{SVG}circle[@class='dot waived']")) == 4
    for text in root.findall(f"{SVG}text"):
        assert 0 <= float(text.attrib["x"]) <= width
        assert 0 <= float(text.attrib["y"]) <= height


def test_words_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    """Lines that end at one height."""
    root = ET.fromstring(trend_svg(trend_of([on("2026-07-01", {"P-1": [queue("mask")]})])))
    ends = sorted(float(text.attrib["y"]) for text in root.findall(f"{SVG}text") if text.attrib["x"] == "774")[:3]
    assert [later - sooner >= 14 for sooner, later in pairwise(ends)] == [True, True]


HOSTILE = "</text><script>alert(1)</script> & \x00\x1b[31m \ufffe\ud800 ]]> 4111111111111111"


def test_text_of_others_is_text_in_the_chart() -> None:
    """Markup, control characters and card numbers, as text and as attribute."""
    read = ET.fromstring(f"<g>{words(HOSTILE, 1.0, 2.0, full=HOSTILE + '.')}{element('a', title=HOSTILE)}</g>")
    shown = "</text><script>alert(1)</script> & \\x00\\x1b[31m \\ufffe\\ud800 ]]> <redacted>"
    assert "".join(read.itertext()) == f"{shown}.{shown}"
    assert [child.tag for child in read.iter()] == ["g", "text", "title", "a"]
    assert read.findall("a")[0].attrib["title"] == shown


def test_hostile_names_of_sites_and_organisations_keep_the_chart_whole() -> None:
    reports = [replace(on("2026-07-01", {"P-1": [queue("none")]}, How(sites_of={"P-1": '"/><script>'})), organisation=HOSTILE[:60])]
    root = ET.fromstring(trend_svg(trend_of(reports)))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        "svg", "title", "desc", "style", "rect", "text", "line", "circle"
    }  # fmt: skip
    assert any('"/><script>' in "".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "\x1b" not in put(trend_of(reports))


@pytest.mark.parametrize(("value", "text"), [(0.0, "0"), (-0.04, "0"), (1.0, "1"), (1.25, "1.2"), (-3.16, "-3.2"), (10.0, "10")])
def test_coordinates_have_at_most_one_decimal(value: float, text: str) -> None:
    assert places(value) == text
