"""`ccpolicy rules`: list, test, schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CASES, Run


def own(out: str) -> list[str]:
    return [line for line in out.splitlines() if "house/" in line]


def test_list_shows_severity_title_and_controls(run: Run) -> None:
    """One line for a rule."""
    out = run("rules", "list").out.splitlines()
    line = next(line for line in out if line.startswith("recording/pause-on-payment "))
    assert line.endswith(" critical  Payment queues pause or mask the recording (pci-dss-4.0.1/3.3.1.2)")
    assert len(out) == len(run("rules", "list", "--format", "json").json)


def test_list_as_json_shows_parameters(run: Run) -> None:
    """With their defaults and bounds."""
    found = {rule["id"]: rule for rule in run("rules", "list", "--format", "json").json}
    assert found["recording/retention-bounds"]["parameters"][0] == {
        "name": "max_payment_days",
        "type": "integer",
        "unit": "day",
        "default": None,
        "at_least": 0,
        "at_most": 365,
        "description": "longest time a recording that may hold card details is kept",
    }
    assert found["access/six-month-review"]["parameters"][0]["default"] == "P12M"


def test_list_by_standard_and_pack(run: Run, pack: Path) -> None:
    """Only rules that cite the standard; rules of packs as well."""
    hipaa = run("rules", "list", "--standard", "hipaa", "--format", "json").json
    assert {control["control"].split("/")[0] for rule in hipaa for control in rule["controls"]} >= {"hipaa"}
    assert len(own(run("rules", "list", "--pack", pack).out)) == 1
    assert own(run("rules", "list", "--pack", pack, "--standard", "hipaa").out) == []
    assert run("rules", "list", "--standard", "hippa").code == 2
    assert run("rules", "list", "--format", "yaml").code == 2
    assert run("rules", "list", "--no-shipped-rules").out == ""


def test_cases_that_give_what_they_expect(run: Run, pack: Path) -> None:
    """0, with the counts."""
    ran = run("rules", "test", "house/*", "--pack", pack)
    assert (ran.code, ran.out, ran.err) == (0, "4 cases of 1 rule: 4 passed, 0 failed\n", "")


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("status: pass", "status: fail", 1, "mask.cases.yaml:3: house/mask, case `masks`: expected fail, got pass"),
        ("status: pass", "status: pass, pointer: /data/x", 1, "expected a finding at /data/x, got none"),
        ("rule: house/mask", "rule: house/mas", 2, "mask.cases.yaml:1:1: these cases name no rule: `house/mas` (hint: did you mean"),
        ("documents:", "documents: []\n    params:", 2, ""),
        ("2026-06-29", "2026-07-01", 2, "compares nothing"),
        ("kind: queue-config", "kind: queue", 2, "compares nothing"),
        ("as_of: 2026-06-30", "as_of: June", 2, "`June` is no date"),
        ("status: pass", "status: passed", 2, "mask.cases.yaml:7:14"),
        (CASES, "", 2, "there is nothing in it"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_cases(run: Run, pack: Path, old: str, new: str, code: int, words: str) -> None:
    """1 for a case that fails, 2 for cases that are wrong or compare nothing; each with file and line."""
    cases = pack / "checks" / "house" / "mask.cases.yaml"
    cases.write_text(cases.read_text().replace(old, new, 1))
    ran = run("rules", "test", "house/*", "--pack", pack)
    assert ran.code == code
    assert words in ran.out + ran.err


def test_a_rule_without_cases_is_an_error(run: Run, pack: Path) -> None:
    """But only where it is asked for."""
    (pack / "checks" / "house" / "mask.cases.yaml").unlink()
    ran = run("rules", "test", "house/*", "--pack", pack)
    assert ran.code == 2
    assert "mask.yaml:1:1: the rule `house/mask` has no cases beside it" in ran.err
    assert run("rules", "test", "hipaa/*", "--pack", pack).code == 0


def test_cases_of_no_rule_are_an_error(run: Run, pack: Path) -> None:
    """A cases file that stands alone is never silence."""
    (pack / "checks" / "house" / "other.cases.yaml").write_text(CASES)
    ran = run("rules", "test", "house/*", "--pack", pack)
    assert ran.code == 2
    assert "other.cases.yaml:1:1: these cases name no rule" in ran.err


def test_nothing_selected_is_an_error(run: Run) -> None:
    """Neither by a pattern nor by leaving everything out."""
    ran = run("rules", "test", "recording/*", "recodring/*")
    assert (ran.code, ran.out) == (2, "")
    assert "no rule fits `recodring/*`" in ran.err
    assert run("rules", "test", "--no-shipped-rules").code == 2


def test_warnings_of_the_rulebook_are_printed(run: Run, pack: Path) -> None:
    """On standard error; they change no exit code."""
    rule = pack / "checks" / "house" / "mask.yaml"
    join = "with:\n  others: {from: account, as: accounts, key: {theirs: system, ours: name}}\n"
    rule.write_text(rule.read_text().replace("require:", f"{join}require:"))
    ran = run("rules", "test", "house/*", "--pack", pack)
    assert (ran.code, ran.out) == (0, "4 cases of 1 rule: 4 passed, 0 failed\n")
    assert ran.err.startswith("warning: ")
    assert "unique on neither side" in ran.err


def test_warnings_about_the_shipped_pack_are_for_those_who_lint_it(run: Run) -> None:
    """Nobody else can mend it."""
    assert run("rules", "test", "scanning/wireless-*").err == ""
    assert "the join `done` has a key that is unique on neither side" in run("lint", "--rule", "scanning/wireless-*").err


def test_a_bad_rule_is_wrong_use_everywhere(run: Run, pack: Path) -> None:
    """In `list` and `test` as in `check`."""
    rule = pack / "checks" / "house" / "mask.yaml"
    rule.write_text(rule.read_text().replace("severity: low", "severity: lowest"))
    for command in ("list", "test"):
        ran = run("rules", command, "--pack", pack)
        assert (ran.code, ran.out) == (2, "")
        assert "mask.yaml:3:" in ran.err
