"""The public API: its names, its signatures, and that it says what the command line says."""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import re
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import ccpolicy
from ccpolicy.cli.main import ccpolicy as command

TOP = Path(__file__).parents[2]
LEAKY = TOP / "fixtures" / "harbour-leaky"
SIGNATURES = Path(__file__).parent / "signatures.txt"
LOG: dict[str, Any] = {
    "kind": "log-retention",
    "id": "LOG-1",
    "observed_at": "2026-06-20",
    "data": {"id": "LOG-1", "system": "acd", "in_pci_scope": True, "kept_months": 6, "at_hand_months": 3},
}


LOG_RULE = "logging/retention-12-3"


@pytest.fixture(scope="module")
def library() -> ccpolicy.Library:
    return ccpolicy.load()


def _signatures() -> str:
    lines: list[str] = []
    for name in ccpolicy.__all__:
        one = getattr(ccpolicy, name)
        if inspect.isfunction(one):
            lines += [f"{name}{inspect.signature(one)}"]
        elif isinstance(one, type):
            lines += [
                name,
                *(f"    .{field.name}: {field.type}" for field in (fields(one) if is_dataclass(one) else ()) if field.name[0] != "_"),
            ]
            own = [(key, value) for key, value in vars(one).items() if not key.startswith("_")]
            lines += [f"    .{key}{inspect.signature(value)}" for key, value in own if inspect.isfunction(value)]
            lines += [f"    .{key}: property" for key, value in own if isinstance(value, property)]
    return "".join(f"{line}\n" for line in lines)


def test_the_public_names_keep_their_signatures() -> None:
    """CCPOLICY_GOLDEN=write writes them anew: a change here is one for the changelog."""
    found = _signatures()
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        SIGNATURES.write_text(found, "utf-8")
    assert found == SIGNATURES.read_text("utf-8")


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    with pytest.raises(AttributeError, match="no attribute `asess`"):
        getattr(ccpolicy, "asess")  # noqa: B009 - it is the attribute that is tested


def test_a_report_says_what_the_command_line_says() -> None:
    done = CliRunner().invoke(command, ["check", str(LEAKY), "--format", "json"])
    report = ccpolicy.assess(LEAKY)
    assert report.to_json() == done.stdout
    assert report.exit_code() == done.return_value if isinstance(done.return_value, int) else done.exit_code
    told = json.loads(done.stdout)
    assert [(one.rule, one.status, one.file, one.line, one.column, one.pointer) for one in report.findings] == [
        (one["rule"], one["status"], one["file"], one["line"], one["column"], one["pointer"]) for one in told["findings"]
    ]
    assert {name: rule.status for name, rule in report.rules.items()} == {rule["id"]: rule["status"] for rule in told["rules"]}
    assert report.to_dict() == told


def test_files_and_folders_select_as_the_options_do(library: ccpolicy.Library) -> None:
    report = ccpolicy.assess([LEAKY / "config", LEAKY / "evidence"], as_of=date(2026, 6, 30), library=library, standards="hipaa")
    assert report.rules.keys() == {
        name for name, rule in library.rules.items() if any(c.control.startswith("hipaa/") for c in rule.controls)
    }


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (LOG, "fail"),
        ({**LOG, "observed_at": date(2026, 6, 20)}, "fail"),
        ({**LOG, "data": {**LOG["data"], "kept_months": Decimal("12")}}, "undetermined"),
        ({**LOG, "data": {**LOG["data"], "in_pci_scope": False}}, "undetermined"),
    ],
)
def test_documents_in_memory_are_judged(document: dict[str, Any], status: str, library: ccpolicy.Library) -> None:
    """An open population never gives more than undetermined."""
    report = ccpolicy.assess([document], as_of="2026-06-30", library=library, rules=LOG_RULE)
    assert [rule.status for rule in report.rules.values()] == [status]


def test_one_document_needs_no_list(library: ccpolicy.Library) -> None:
    one = ccpolicy.assess(LOG, as_of="2026-06-30", library=library, rules="logging/*")
    assert one == ccpolicy.assess([LOG], as_of="2026-06-30", library=library, rules="logging/*")


def test_parameters_and_roles_are_passed_on(library: ccpolicy.Library) -> None:
    """A parameter is held to its bounds."""
    report = ccpolicy.assess(
        LEAKY, library=library, rules="service/*", params={"service_level_target": 0.99}, roles={"service_provider": True}
    )
    told = report.to_dict()
    assert ("service_level_target", 0.99, "option") in [(one["name"], one["value"], one["set_by"]) for one in told["parameters"]]
    assert told["organisation"]["roles"]["service_provider"] is True


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"evidence": "nowhere"}, "no file or folder `nowhere`"),
        ({"evidence": []}, "no document to assess"),
        ({"evidence": [LOG, "nowhere"]}, "either paths or documents"),
        ({"evidence": [LOG], "as_of": "soon"}, "`soon` is none"),
        ({"evidence": [LOG], "as_of": "2026-06-01"}, "no document to assess on 2026-06-01"),
        ({"evidence": [LOG], "rules": "loging/*"}, "no rule fits `loging/*`"),
        ({"evidence": [LOG], "sites": ["nowhere"]}, "no document is of the site `nowhere`"),
        ({"evidence": [LOG], "params": {"nobody": 1}}, "no rule has a parameter `nobody`"),
        ({"evidence": [{**LOG, "data": {"id": {1}}}]}, "`set` is none of these"),
    ],
)
def test_wrong_use_is_refused(arguments: dict[str, Any], message: str, library: ccpolicy.Library) -> None:
    with pytest.raises(ccpolicy.Refused) as refused:
        ccpolicy.assess(**{"library": library, **arguments})
    assert message in str(refused.value)


def test_input_that_cannot_be_read_is_a_problem_of_the_report(library: ccpolicy.Library) -> None:
    report = ccpolicy.assess(
        [LOG, {"kind": "log-retentoin", "id": "x", "observed_at": "2026-06-20", "data": {}}], as_of="2026-06-30", library=library
    )
    assert [problem.code for problem in report.problems] == ["unknown-kind"]
    assert report.exit_code() == 3


def test_a_notebook_shows_a_table_in_which_nothing_is_markup(library: ccpolicy.Library) -> None:
    document = {**LOG, "data": {**LOG["data"], "system": "<script>alert(1)</script>"}}
    html = ccpolicy.assess([document], as_of="2026-06-30", library=library, rules=LOG_RULE)._repr_html_()
    assert "&lt;script&gt;" in html
    assert "<script>" not in html
    assert "1 rules" not in html


def test_the_page_about_python_says_what_is_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its blocks run one after the other, and print what stands below them."""
    monkeypatch.chdir(TOP)
    page = (TOP / "docs" / "python-api.md").read_text("utf-8")
    names: dict[str, Any] = {}
    for code, shown in re.findall(r"^```python\n(.*?)^```\n(?:\n^```text\n(.*?)^```$)?", page, re.DOTALL | re.MULTILINE):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(code, names)  # noqa: S102 - it is our own page
        assert printed.getvalue() == shown
