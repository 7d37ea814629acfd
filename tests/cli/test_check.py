"""`ccpolicy check`: exit codes, wrong use, selection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import PAN, Run, put, queue_config

PAUSE = ("--rule", "recording/pause-on-payment", "--as-of", "2026-06-30")
COMPLETE = '[[complete]]\nkind = "queue-config"\nby = "ops"\non = "2026-06-30"\nbasis = "export"\n'


def rules_of(report: Any) -> list[str]:
    return [rule["id"] for rule in report["rules"]]


@pytest.mark.parametrize(
    ("mode", "options", "code"),
    [
        ("mask", (), 0),
        ("none", (), 1),
        ("none", ("--fail-on", "critical"), 1),
        ("none", ("--fail-on", "never"), 0),
        (None, (), 1),
        (None, ("--undetermined", "warn"), 0),
        (None, ("--undetermined", "fail"), 1),
    ],
)
def test_exit_codes_of_findings(tmp_path: Path, run: Run, mode: Any, options: tuple[str, ...], code: int) -> None:
    """0 when clean, 1 when a finding counts by --fail-on and --undetermined."""
    document = queue_config(mode)
    if mode is None:
        del document["data"]["queues"][0]["recording"]["pause_mode"]
    put(tmp_path / "e", queues_json=document, ccpolicy_toml=COMPLETE)
    assert run("check", tmp_path / "e", *PAUSE, *options).code == code


def test_fail_on_is_a_threshold(tmp_path: Path, run: Run, pack: Path) -> None:
    """A finding of low severity does not count when only high ones do."""
    put(tmp_path / "e", queues_json=queue_config("none"))
    asked = ("check", tmp_path / "e", "--pack", pack, "--rule", "house/*", "--as-of", "2026-06-30")
    assert [run(*asked, "--fail-on", word).code for word in ("critical", "high", "medium", "low", "info", "never")] == [0, 0, 0, 1, 1, 0]


def test_unreadable_input_wins_over_findings(tmp_path: Path, run: Run) -> None:
    """3 wins over 1, and the rest is still checked and reported."""
    put(tmp_path / "e", queues_json=queue_config("none"), broken_json="{")
    ran = run("check", tmp_path / "e", *PAUSE, "--format", "json")
    assert ran.code == 3
    assert [finding["rule"] for finding in ran.json["findings"]] == ["recording/pause-on-payment"]
    assert [problem["file"] for problem in ran.json["problems"]] == ["broken.json"]


def test_wrong_use_wins_over_unreadable_input(tmp_path: Path, run: Run) -> None:
    """2 wins over 3, and there is no report."""
    put(tmp_path / "e", broken_json="{")
    ran = run("check", tmp_path / "e", "--standard", "pci-dss-4.0")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `pci-dss-4.0.1`?" in ran.err


def test_a_bug_of_ours_wins_over_all(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """4, with the type and the place of the exception, without its words and without a traceback."""

    def broken(*args: Any, **named: Any) -> None:
        raise KeyError(f"secret {PAN}")

    put(tmp_path / "e", queues_json=queue_config(), broken_json="{")
    monkeypatch.setattr("ccpolicy.cli.checking.assess", broken)
    ran = run("check", tmp_path / "e")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.startswith("bug: KeyError at ccpolicy/cli/checking.py:")
    assert "open an issue" in ran.err
    assert "secret" not in ran.err


def test_debug_prints_the_traceback_without_card_numbers(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CCPOLICY_DEBUG=1 is for whoever looks for the bug."""
    from click.testing import CliRunner

    from ccpolicy.cli.main import ccpolicy

    def broken(*args: Any, **named: Any) -> None:
        raise KeyError(f"secret {PAN}")

    put(tmp_path / "e", queues_json=queue_config())
    monkeypatch.setattr("ccpolicy.cli.checking.assess", broken)
    monkeypatch.setenv("CCPOLICY_DEBUG", "1")
    ran = CliRunner().invoke(ccpolicy, ["check", str(tmp_path / "e")])
    assert ran.exit_code == 4
    assert "Traceback" in ran.stderr
    assert "secret <redacted>" in ran.stderr
    assert PAN not in ran.output


def test_an_interrupt_ends_quietly(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """130, as shells expect."""

    def interrupted(*args: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    put(tmp_path / "e", queues_json=queue_config())
    monkeypatch.setattr("ccpolicy.cli.checking.assess", interrupted)
    ran = run("check", tmp_path / "e")
    assert (ran.code, ran.err.strip()) == (130, "interrupted")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "jsn"), ["`--format` does not know `jsn`", "did you mean `json`?"]),
        (("--fail-on", "hihg"), ["`--fail-on` does not know `hihg`", "did you mean `high`?"]),
        (("--undetermined", "maybe"), ["`--undetermined` does not know `maybe`", "known are `fail` or `warn`"]),
        (("--as-of", "30.6.2026"), ["`30.6.2026` is none", "2026-06-30"]),
        (("--standard", "iso-18295-1-2018"), ["no catalogue describes", "did you mean `iso-18295-1-2017`"]),
        (("--standard", "gdpr"), ["known are `ciac`", "`hipaa`"]),
        (("--rule", "recording/pause-on-paymnt"), ["no rule fits", "did you mean", "`recording/pause-on-payment`"]),
        (("--rule", "recording/*", "--rule", "x/*"), ["no rule fits `x/*`"]),
        (("--rule", "recording/*", "--standard", "hipaa"), ["there is no rule to check by", "both --standard and --rule"]),
        (("--param", "max_payment_day=3"), ["no rule has a parameter `max_payment_day`", "did you mean `max_payment_days`?"]),
        (("--param", "max_payment_days=366"), ["must be at most 365"]),
        (("--param", "max_payment_days=soon"), ["is a whole number"]),
        (("--param", "max_payment_days"), ["NAME=VALUE"]),
        (("--param", "max_payment_days=[1"), ["is no YAML"]),
        (("--site", "leds"), ["no document is of the site `leds`", "did you mean `leeds`?"]),
        (("--client", "acme"), ["no document is of the client `acme`"]),
        (("--pack", "nowhere"), ["there is no folder `nowhere`"]),
        (("--no-shipped-rules",), ["there is no rule to check by"]),
        (("--output", "nowhere/report.txt"), ["there is no folder `nowhere`"]),
        (("--fial-on", "low"), ["No such option", "--fail-on"]),
        (("nowhere",), ["there is no file or folder `nowhere`"]),
    ],
)
def test_wrong_use_is_refused_with_a_hint(tmp_path: Path, run: Run, options: tuple[str, ...], words: list[str]) -> None:
    """2, nothing on standard output, and a message that says what is wrong and what may be meant."""
    put(tmp_path / "e", queues_json=queue_config(site="leeds"))
    ran = run("check", tmp_path / "e", *options)
    assert (ran.code, ran.out) == (2, "")
    assert [word for word in words if word not in ran.err] == []


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path, run: Run) -> None:
    """Every wrong option has its line."""
    ran = run("check", tmp_path / "a", tmp_path / "b", "--format", "x", "--as-of", "x")
    assert len(ran.err.splitlines()) == 4


def test_a_bad_rule_is_refused_with_every_problem(tmp_path: Path, run: Run, pack: Path) -> None:
    """2, with file, line and column of each."""
    put(tmp_path / "e", queues_json=queue_config())
    rule = pack / "checks" / "house" / "mask.yaml"
    rule.write_text(rule.read_text().replace("pause_mode: {is:", "pause_mod: {is:").replace("3.3.1.2", "3.3.9"))
    ran = run("check", tmp_path / "e", "--pack", pack)
    assert ran.code == 2
    assert [line.partition("mask.yaml:")[2].partition(": ")[0] for line in ran.err.splitlines()] == ["5:6", "10:11"]


@pytest.mark.parametrize("files", [{}, {"notes_txt": "hello"}, {"ccpolicy_toml": COMPLETE}])
def test_no_document_is_wrong_use(tmp_path: Path, run: Run, files: dict[str, Any]) -> None:
    """A check that looked at nothing is never clean."""
    ran = run("check", put(tmp_path / "e", **files))
    assert (ran.code, ran.out) == (2, "")
    assert "there is no document to check" in ran.err


def test_documents_of_another_day_are_no_documents(tmp_path: Path, run: Run) -> None:
    """With everything left out there is nothing to judge, and the message says why."""
    ran = run("check", put(tmp_path / "e", queues_json=queue_config()), "--as-of", "2020-01-01")
    assert ran.code == 2
    assert "1 were observed after 2020-01-01" in ran.err


def test_an_empty_collection_is_a_document(tmp_path: Path, run: Run) -> None:
    """`There were no incidents` is evidence."""
    claim = {"by": "ops", "on": "2026-06-30", "basis": "register"}
    put(tmp_path / "e", a_json={"kind": "complaint", "observed_at": "2026-06-30", "complete": claim, "records": []})
    assert run("check", tmp_path / "e", "--as-of", "2026-06-30", "--rule", "complaints/*").code == 0


def test_a_site_may_be_in_a_file_that_is_unreadable(tmp_path: Path, run: Run) -> None:
    """An unknown site is only a remark while a file could not be read."""
    put(tmp_path / "e", queues_json=queue_config(site="leeds"), broken_json="{")
    ran = run("check", tmp_path / "e", "--site", "york")
    assert ran.code == 3
    assert "warning: no document is of the site `york`" in ran.err


def test_selection_is_in_the_report(tmp_path: Path, run: Run) -> None:
    """Sites, clients, rules and standards that were asked for, and how much they leave out."""
    put(tmp_path / "e", a_json=queue_config(site="leeds", client="acme"), b_json=queue_config("none", id="qd", site="york"))
    ran = run("check", tmp_path / "e", *PAUSE, "--site", "leeds", "--client", "acme", "--standard", "pci-dss-4.0.1", "--format", "json")
    scope = ran.json["scope"]
    assert (scope["sites"], scope["clients"], scope["standards"]) == (["leeds"], ["acme"], ["pci-dss-4.0.1"])
    assert rules_of(ran.json) == ["recording/pause-on-payment"]
    assert ran.json["findings"] == []
    assert scope["left_out"]["foci"] > 0


def test_options_may_be_repeated(tmp_path: Path, run: Run) -> None:
    """Rules of either pattern are run."""
    put(tmp_path / "e", a_json=queue_config())
    ran = run("check", tmp_path / "e", "--rule", "recording/pause-*", "--rule", "recording/automatic-*", "--format", "json")
    every = [one["id"] for one in run("rules", "list", "--format", "json").json]
    assert rules_of(ran.json) == [name for name in every if name.startswith(("recording/pause-", "recording/automatic-"))]
    assert len(rules_of(ran.json)) < len(every)


def test_a_standard_that_no_rule_cites_is_said_to_be_so(tmp_path: Path, run: Run) -> None:
    """Wrong use: there is nothing to check by."""
    head = 'id: house\ntitle: House rules\nedition: "1"\npublisher: us\nsource: ours\n'
    catalogue = head + 'controls: [{id: "1", title: All, kind: requirement, status: manual, reason: people look}]\n'
    put(tmp_path / "pack" / "catalogues", house_yaml=catalogue)
    put(tmp_path / "e", a_json=queue_config())
    ran = run("check", tmp_path / "e", "--pack", tmp_path / "pack", "--standard", "house")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no rule to check by" in ran.err
    assert "no rule cites `house`" in ran.err
