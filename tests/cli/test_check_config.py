"""`ccpolicy check`: parameters, packs, and the config."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, put, queue_config
from tests.cli.test_check import PAUSE, rules_of


def test_parameters_say_who_set_them(centre: Path, pack: Path, run: Run) -> None:
    """By default, by the config, by an option; the option wins over the config."""
    rules = ("--pack", pack, "--rule", "house/mask", "--rule", "recording/retention-bounds", "--rule", "training/payment-agents")
    ran = run("check", centre, *rules, "--param", "max_payment_days=90", "--param", "payment_training_course=007", "--format", "json")
    assert ran.json["parameters"] == [
        {"name": "max_payment_days", "value": 90, "set_by": "option"},
        {"name": "min_dispute_days", "value": 180, "set_by": "config"},
        {"name": "mode", "value": "mask", "set_by": "default"},
        {"name": "payment_training_course", "value": "007", "set_by": "option"},
    ]
    stated = run("check", centre, "--format", "json").json["parameters"][0]
    assert stated == {"name": "max_payment_days", "value": 60, "set_by": "config"}


def test_a_wrong_parameter_of_the_config_is_placed(tmp_path: Path, run: Run) -> None:
    """File, line and column."""
    put(tmp_path / "e", a_json=queue_config(), ccpolicy_toml="[params]\nmax_payment_days = 400\n")
    ran = run("check", tmp_path / "e")
    assert (ran.code, ran.err) == (2, "error: ccpolicy.toml:2:1: the parameter `max_payment_days` must be at most 365\n")


def test_packs_add_rules(tmp_path: Path, run: Run, pack: Path) -> None:
    """By option and by config, each folder once; the shipped pack can be left out if the pack brings its own schemas and catalogue."""
    put(tmp_path / "e", a_json=queue_config(), ccpolicy_toml='packs = ["../pack"]\nrule = "house/*"\n')
    ran = run("check", tmp_path / "e", "--pack", pack, "--format", "json")
    assert [one["id"] for one in ran.json["packs"]] == ["ccpolicy", "pack"]
    assert rules_of(ran.json) == ["house/mask"]


def test_the_shipped_pack_can_be_left_out(tmp_path: Path, run: Run, pack: Path) -> None:
    """Its rules and its schemas are gone."""
    put(tmp_path / "e", a_json=queue_config())
    ran = run("check", tmp_path / "e", "--pack", pack, "--no-shipped-rules")
    assert ran.code == 2
    assert "queue-config" in ran.err


def test_a_pack_inside_the_evidence_is_no_evidence(tmp_path: Path, run: Run, pack: Path) -> None:
    """Its files are rules, not unmapped documents."""
    put(tmp_path, a_json=queue_config(), ccpolicy_toml='packs = ["pack"]\n')
    assert run("check", tmp_path, *PAUSE, "--format", "json").json["problems"] == []


def test_the_config_is_sought_from_the_path_upwards(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the common folder of all paths, and never from the working directory."""
    put(tmp_path / "top", ccpolicy_toml='as_of = "2026-06-30"\n')
    put(tmp_path / "top" / "a", a_json=queue_config())
    put(tmp_path / "top" / "b", ccpolicy_toml='as_of = "2027-01-01"\n', b_json=queue_config(id="b"))
    put(tmp_path / "elsewhere", ccpolicy_toml='as_of = "2028-01-01"\n')
    monkeypatch.chdir(tmp_path / "elsewhere")
    top = tmp_path / "top"

    def as_of(*paths: Path) -> Any:
        return run("check", *paths, "--format", "json").json["as_of"]

    assert as_of(top / "a") == "2026-06-30"
    assert as_of(top / "b") == "2027-01-01"
    assert as_of(top / "b" / "b.json") == "2027-01-01"
    assert as_of(top / "a", top / "b") == "2026-06-30"


def test_pyproject_may_hold_the_config(tmp_path: Path, run: Run) -> None:
    """In [tool.ccpolicy]; a parameter in it is placed as well."""
    put(tmp_path / "e", a_json=queue_config(), pyproject_toml='[tool.ccpolicy]\nas_of = "2026-06-30"\n\n[tool.ccpolicy.params]\nx = 1\n')
    ran = run("check", tmp_path / "e")
    assert ran.code == 2
    assert ran.err.startswith("error: pyproject.toml:5:1: no rule has a parameter `x` (hint: `ccpolicy rules list --format json`")


def test_the_command_line_wins_over_the_config(tmp_path: Path, run: Run) -> None:
    """Whatever the config says of the options of `check`."""
    config = """\
as_of = "2025-01-01"
rule = "access/*"
site = "york"
standard = "hipaa"
format = "text"
output = "report.txt"
fail_on = "never"
undetermined = "warn"
"""
    put(tmp_path / "e", a_json=queue_config("none", site="leeds", client="acme"), ccpolicy_toml=config)
    target = tmp_path / "mine.json"
    options = ("--site", "leeds", "--standard", "pci-dss-4.0.1", "--fail-on", "low", "--undetermined", "fail", "--format", "json")
    ran = run("check", tmp_path / "e", *PAUSE, *options, "--output", target)
    report = json.loads(target.read_text())
    assert ran.code == 1
    assert (report["as_of"], report["scope"]["sites"], rules_of(report)) == ("2026-06-30", ["leeds"], ["recording/pause-on-payment"])
    assert not (tmp_path / "e" / "report.txt").exists()


def test_options_of_the_config_count(tmp_path: Path, run: Run) -> None:
    """Where the command line is silent."""
    config = 'as_of = "2026-06-30"\nrule = "recording/pause-on-pay*"\n'
    config += 'format = "json"\nfail_on = "never"\noutput = "report.json"\nquiet = true\n'
    put(tmp_path / "e", a_json=queue_config("none"), ccpolicy_toml=config)
    ran = run("check", tmp_path / "e")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert rules_of(json.loads((tmp_path / "e" / "report.json").read_text())) == ["recording/pause-on-payment"]


def test_as_of_is_today_in_utc_by_default(tmp_path: Path, run: Run) -> None:
    """It is always printed."""
    from datetime import UTC, datetime

    put(tmp_path / "e", a_json=queue_config(observed_at="2020-01-01"))
    before = datetime.now(UTC).date().isoformat()
    found = run("check", tmp_path / "e", "--format", "json").json["as_of"]
    assert before <= found <= datetime.now(UTC).date().isoformat()


def test_a_config_below_the_folder_that_is_checked_is_not_used_in_silence(run: Run, tmp_path: Path) -> None:
    """Files that only it maps are problems, and a warning says why."""
    centre = tmp_path / "centre"
    centre.mkdir()
    mapping = '[[documents]]\nfiles = "*.json"\nkind = "log-retention"\n'
    (centre / "ccpolicy.toml").write_text(mapping, "utf-8")
    (centre / "logs.json").write_text('{"kept_months": 12}', "utf-8")
    assert "centre/ccpolicy.toml: this config is not used" in run("check", tmp_path, "--as-of", "2026-06-30").err
    assert "is not used" not in run("check", centre, "--as-of", "2026-06-30").err
