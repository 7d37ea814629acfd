"""What findings say where nobody has set a parameter: which one it is, in words that somebody can act on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.conftest import run as run  # the fixture

CENTRE = Path(__file__).parents[1] / "fixtures" / "harbour-compliant"
NAMED = re.compile(r"it depends on ((?:`\w+`(?: and )?)+), (?:a parameter|parameters) that nobody has set$")
NONSENSE = re.compile(r"\bNone\b|unknown `|which nobody has set|the the\b")


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The centre as it is on the day that it starts: nothing is agreed."""
    folder = tmp_path_factory.mktemp("unset") / "centre"
    shutil.copytree(CENTRE, folder)
    config = folder / "ccpolicy.toml"
    config.write_text(config.read_text("utf-8").partition("[params]")[0], "utf-8")
    return folder


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from (text for one in value.values() for text in _texts(one))
        case list():
            yield from (text for one in value for text in _texts(one))
        case _:
            return


def test_every_finding_names_what_nobody_has_set(run: Run, centre: Path) -> None:
    """Of every shipped rule; the names are those of parameters that have no value."""
    report = json.loads(run("check", str(centre), "--format", "json").out)
    unset = {one["name"] for one in report["parameters"] if one["value"] is None}
    waiting = [finding for finding in report["findings"] if "param_unset" in finding["reasons"]]
    assert len({finding["rule"] for finding in waiting}) > 40
    for finding in waiting:
        found = NAMED.search(finding["message"])
        assert found is not None, finding["message"]
        assert set(re.findall(r"`(\w+)`", found[1])) <= unset
    assert [text for finding in report["findings"] for text in _texts(finding) if NONSENSE.search(text)] == []


@pytest.mark.parametrize(
    ("rule", "expected", "end"),
    [
        ("quality/feedback-in-time", "done within `feedback_days` days of 2026-04-03", "`feedback_days`, a parameter that nobody has set"),
        (
            "training/health-information-taught", "one of 2 alternatives",
            "for `/records/0` it depends on `health_training_joiner_time`, a parameter that nobody has set",
        ),
        (
            "accounts/vendor-window-length", "on or before 2026-04-07 plus `vendor_window_longest`",
            "it depends on `vendor_window_longest`, a parameter that nobody has set",
        ),
        (
            "survey/rhythm", "one every `survey_rhythm` over the last `survey_look_back`",
            "it depends on `survey_look_back` and `survey_rhythm`, parameters that nobody has set",
        ),
        (
            "payment/no-pin-stored", "every member to hold",  # what a join lets in
            "within the window set (kind `data-scan`) it depends on `data_scan_window`, a parameter that nobody has set",
        ),
        (
            "survey/top-box-wilson", "at least the unknown measure `needed`",
            "it depends on `survey_margin`, a parameter that nobody has set",
        ),
        ("suppliers/chain-assessed", "a date in the `chain_assessment_period` up to 2026-06-30", "that nobody has set"),
    ],
)  # fmt: skip
def test_a_condition_names_the_parameters_that_it_waits_for(run: Run, centre: Path, rule: str, expected: str, end: str) -> None:
    """Its own, those of joins and measures that it looks at, and those of the alternatives that are open; no others of the rule."""
    report = json.loads(run("check", str(centre), "--rule", rule, "--format", "json").out)
    [finding, *_] = [one for one in report["findings"] if "param_unset" in one["reasons"]]
    assert finding["expected"] == expected
    assert finding["message"].endswith(end)


def test_no_form_shows_a_value_that_is_not_there(run: Run, centre: Path) -> None:
    """As text and as a comment."""
    for options in (("--quiet",), (), ("--format", "markdown")):
        shown = " ".join(run("check", str(centre), *options).out.split())
        assert "nobody has set" in shown
        assert not re.search(r"\bNone\b|unknown `|found a parameter|the the\b", shown)
