"""`ccpolicy check`: what would make a check green without a word is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.conftest import Run, put, queue_config
from tests.cli.test_check import COMPLETE, PAUSE

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "schemas" / "report.schema.json").read_text("utf-8"))
ACCOUNTS = '[[documents]]\nfiles = "{}"\nkind = "account"\n'
ALL = '[[complete]]\nkind = "account"\nby = "ops"\non = "2026-06-30"\nbasis = "export"\n'
INACTIVE = ("--rule", "access/inactive-accounts", "--as-of", "2026-06-30")
TABLE = "id,enabled\n"


def test_a_misspelt_pattern_is_never_green(tmp_path: Path, run: Run) -> None:
    """With a claim for the kind it is input that could not be read, and nothing follows from the claim."""
    put(tmp_path / "e", queues_json=queue_config(), ccpolicy_toml=ACCOUNTS.format("acounts.csv") + ALL)
    ran = run("check", tmp_path / "e", *INACTIVE, "--format", "json")
    assert (ran.code, [problem["code"] for problem in ran.json["problems"]]) == (3, ["no-file"])
    assert [(rule["status"], rule["population"]) for rule in ran.json["rules"]] == [("undetermined", "open")]


def test_a_pattern_that_fits_nothing_is_a_warning_without_a_claim(tmp_path: Path, run: Run) -> None:
    """With its place in the config; the exit code is that of the findings."""
    put(tmp_path / "e", queues_json=queue_config(), ccpolicy_toml=COMPLETE + ACCOUNTS.format("acounts.csv"))
    ran = run("check", tmp_path / "e", *PAUSE, "--quiet")
    assert ran.code == 0
    assert ran.err == (
        "warning: ccpolicy.toml:7:1: no file fits `acounts.csv`, and so the mapping reads nothing "
        "(hint: is the pattern relative to the folder of the config?)\n"
    )


def test_a_table_without_rows_that_is_all_there_is_is_named(tmp_path: Path, run: Run) -> None:
    """It still counts: there are none."""
    claim = 'complete = {by = "ops", on = "2026-06-30", basis = "export"}\n'
    put(tmp_path / "e", accounts_csv=TABLE, ccpolicy_toml=ACCOUNTS.format("accounts.csv") + claim)
    ran = run("check", tmp_path / "e", *INACTIVE, "--format", "json")
    assert (ran.code, [rule["status"] for rule in ran.json["rules"]]) == (0, ["not_applicable"])
    said = "warning: accounts.csv: the file holds no record, and its mapping says that these are all there are (hint: "
    assert ran.err.startswith(said)


@pytest.mark.parametrize(("count", "said"), [(1, "1 file counts"), (2, "2 files count")])
def test_files_that_do_not_say_when_they_held_are_assumptions(tmp_path: Path, run: Run, count: int, said: str) -> None:
    """One line for a mapping in the text, and a member of the JSON report."""
    mapping = '[[documents]]\nfiles = "e*.json"\nkind = "queue-config"\nid = "/platform"\n'
    files: dict[str, Any] = {f"e{place}_json": {**queue_config()["data"], "platform": f"p{place}"} for place in range(count)}
    put(tmp_path / "e", ccpolicy_toml=mapping + COMPLETE, **files)
    text = " ".join(run("check", tmp_path / "e", *PAUSE).out.split())
    assert f"{said} as observed on the day of assessment, because" in text
    report = run("check", tmp_path / "e", *PAUSE, "--format", "json").json
    assert report["undated"] == [{"files": ["e*.json"], "kind": "queue-config", "count": count, "file": "ccpolicy.toml", "line": 2}]
    Draft202012Validator(SCHEMA).validate(report)
    put(tmp_path / "e", ccpolicy_toml=mapping + 'observed_at = "2026-06-29"\n' + COMPLETE)
    assert "undated" not in run("check", tmp_path / "e", *PAUSE, "--format", "json").json
    assert "day of assessment" not in run("check", tmp_path / "e", *PAUSE).out


ROLES = "[organisation]\nname = 'x'\n\n[organisation.roles]\nmerchant = true\nmrchant = true\n"


@pytest.mark.parametrize(
    ("files", "place"),
    [
        ({"ccpolicy_toml": ROLES}, "ccpolicy.toml:6:1"),
        ({"ccpolicy_toml": "[organisation]\nroles = {mrchant = true}\n"}, "ccpolicy.toml:2:1"),
        ({"pyproject_toml": "[tool.ccpolicy.organisation.roles]\nmrchant = false\n"}, "pyproject.toml:2:1"),
    ],
)
@pytest.mark.parametrize("command", [("check",), ("explain", "recording/pause-on-payment"), ("controls", "plan", "--evidence")])
def test_a_role_that_nobody_knows_is_refused(tmp_path: Path, run: Run, files: dict[str, Any], place: str, command: tuple[str, ...]) -> None:
    """A misspelt role would leave out the controls of the right one."""
    put(tmp_path / "e", queues_json=queue_config(), **files)
    ran = run(*command, tmp_path / "e")
    said = f"error: {place}: no control and no rule knows the role `mrchant` (hint: did you mean `merchant`?)\n"
    assert (ran.code, ran.out, ran.err) == (2, "", said)


def test_a_pack_may_bring_roles(tmp_path: Path, run: Run, pack: Path) -> None:
    """Those of its catalogues, and those that its rules look at."""
    catalogue = "id: house\ntitle: House\nedition: '1'\npublisher: us\nsource: us\ncontrols:\n"
    catalogue += "  - {id: '1', title: t, kind: requirement, status: manual, reason: r, roles: [franchise]}\n"
    put(pack / "catalogues", house_yaml=catalogue)
    rule = pack / "checks" / "house" / "mask.yaml"
    rule.write_text(rule.read_text().replace("require:", "when: {not: {$organisation.roles.reseller: {is: true}}}\nrequire:"))
    put(tmp_path / "e", queues_json=queue_config(), ccpolicy_toml="[organisation.roles]\nfranchise = true\nreseller = true\n")
    assert run("check", tmp_path / "e", "--pack", pack, *PAUSE).code == 0
    told = run("check", tmp_path / "e", *PAUSE).err.splitlines()
    assert [line.partition(" (")[0].rpartition(" ")[2] for line in told] == ["`franchise`", "`reseller`"]


def test_where_files_cannot_be_read_nothing_else_is_said_to_be_missing(tmp_path: Path, run: Run) -> None:
    """The problems name them; an example would not help."""
    ran = run("check", put(tmp_path / "e", queues_json={"queues": []}), *PAUSE)
    assert (ran.code, "there is no document" in ran.err, "queues.json:1:1  unmapped" in ran.out) == (3, False, True)
