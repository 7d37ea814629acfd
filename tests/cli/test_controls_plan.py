"""`ccpolicy controls plan` and `controls requests`, from the command line."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run, put, queue_config

FIXTURES = Path(__file__).parents[2] / "fixtures"
LEAKY, COMPLIANT, HELPLINE = (FIXTURES / name for name in ("harbour-leaky", "harbour-compliant", "clinic-helpline"))
COMMANDS = ("plan", "requests")


def rows(text: str) -> list[dict[str, str]]:
    """The table."""
    return list(csv.DictReader(io.StringIO(text)))


def leaky(folder: Path, more: str) -> Path:
    """A copy of the leaky centre whose config says more."""
    shutil.copytree(LEAKY, folder / "leaky")
    config = folder / "leaky" / "ccpolicy.toml"
    config.write_text(config.read_text("utf-8") + more, "utf-8")
    return folder / "leaky"


# ---- plan ----------------------------------------------------------------------------------------------------------------------


def test_a_plan_buys_what_check_says_is_lacking(once: Run) -> None:
    """No control that holds is turned; each at most once; and so many are out of reach as no step turns."""
    told = once("controls", "plan", "--evidence", LEAKY, "--format", "json").json
    controls = {one["id"]: one["status"] for one in once("check", LEAKY, "--format", "json").json["controls"]}
    turned = [f"{name}/{one}" for step in told["steps"] for part in ("turns", "waived") for name, own in step[part].items() for one in own]
    assert len(set(turned)) == len(turned) == sum(one["hold_after_all"] - one["hold_now"] for one in told["standards"])
    assert {controls[name] for name in turned} == {"fail", "undetermined"}
    assert not set(turned).intersection(one["control"] for one in told["out_of_reach"])
    assert sum(one["out_of_reach"] for one in told["standards"]) == len(told["out_of_reach"])


@pytest.mark.parametrize(("centre", "states"), [(LEAKY, {"fail"}), (HELPLINE, {"fail", "undetermined"})], ids=["leaky", "helpline"])
def test_every_rule_that_does_not_hold_is_a_step(once: Run, centre: Path, states: set[str]) -> None:
    """With its state and what to do; but hints, and rules whose controls all bind others, buy nothing."""
    steps = once("controls", "plan", "--evidence", centre, "--format", "json").json["steps"]
    found = {step["name"]: step["state"] for step in steps if step["sort"] == "rule"}
    report = once("check", centre, "--format", "json").json
    binding = {one["id"] for one in report["controls"] if one["status"] != "not_applicable"}
    lacking = [one for one in report["rules"] if one["status"] in ("fail", "undetermined")]
    judging = [one for one in lacking if one["severity"] != "info" and binding & {link["control"] for link in one["controls"]}]
    assert found == {one["id"]: one["status"] for one in judging}
    assert set(found.values()) == states
    assert all(step["action"] for step in steps if step["state"] == "fail")


def test_a_step_says_what_would_decide_the_rest_and_what_it_opens(once: Run) -> None:
    """One log is kept too short; how much of another is at hand is a gap."""
    steps = once("controls", "plan", "--evidence", LEAKY, "--format", "json").json["steps"]
    retention = next(step for step in steps if step["name"] == "logging/retention-12-3")
    assert (retention["state"], retention["failures"]) == ("fail", 1)
    assert retention["decided_by"] == ["log-retention /records/*/at_hand_months is not in evidence: collect it"]
    assert "attestation:pci-dss-4.0.1/10.5.1" in retention["together"]
    assert "10.5.1" in retention["opens"]["pci-dss-4.0.1"]


def test_a_centre_without_findings_has_nothing_to_repair(once: Run) -> None:
    """What is left is for people to attest."""
    text = once("controls", "plan", "--evidence", COMPLIANT).out
    assert "Nothing that was found needs repair." in text
    assert "Repairs:" not in text


def test_the_page_the_table_and_json_say_the_same(once: Run) -> None:
    """The table has a column for each standard."""
    told = once("controls", "plan", "--evidence", LEAKY, "--format", "json").json
    table = rows(once("controls", "plan", "--evidence", LEAKY, "--format", "csv").out)
    assert [row["id"] for row in table] == [step["id"] for step in told["steps"]]
    for row, step in zip(table, told["steps"], strict=True):
        bought = {name: " ".join([*step["turns"].get(name, []), *(f"{one} (waived)" for one in step["waived"].get(name, []))])
                  for name in (one["standard"] for one in told["standards"])}  # fmt: skip
        assert {name: row[name] for name in bought} == bought
    text = once("controls", "plan", "--evidence", LEAKY).out
    for step in told["steps"]:
        if step["part"] != "attestation":
            assert f"{step['step']:>3}  {'attest ' if step['sort'] == 'attestation' else ''}{step['name']}" in text


def test_a_plan_for_one_standard_speaks_of_that_alone(once: Run) -> None:
    """Steps that help it nothing are left out, and no other is."""
    told = once("controls", "plan", "--evidence", LEAKY, "--standard", "hipaa", "--format", "json").json
    assert [one["standard"] for one in told["standards"]] == ["hipaa"]
    steps = {step["name"] for step in told["steps"] if step["sort"] == "rule"}
    cited = {one["id"]: {link["control"] for link in one["controls"]} for one in once("check", LEAKY, "--format", "json").json["rules"]}
    assert [name for name in steps if not any(control.startswith("hipaa/") for control in cited[name])] == []
    every = once("controls", "plan", "--evidence", LEAKY, "--format", "json").json["steps"]
    buying = {step["name"] for step in every if step["sort"] == "rule" and "hipaa" in {**step["turns"], **step["opens"]}}
    assert buying
    assert buying <= steps


def test_without_evidence_the_plan_is_the_order_of_building_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule that cites a control is a step, nothing holds, and no config is looked for."""
    put(tmp_path, ccpolicy_toml="this is [no TOML")
    monkeypatch.chdir(tmp_path)
    ran = run("controls", "plan", "--format", "json")
    told = ran.json
    assert (ran.code, ran.err, told["assessed"], told["as_of"]) == (0, "", False, None)
    rules = [one["id"] for one in run("rules", "list", "--format", "json").json]
    steps = [step for step in told["steps"] if step["sort"] == "rule"]
    assert sorted(step["name"] for step in steps) == sorted(rules)
    assert {step["state"] for step in steps} == {"not_assessed"}
    assert all(step["evidence"] for step in steps)
    assert {one["hold_now"] for one in told["standards"]} == {0}
    assert "Nothing was assessed" in run("controls", "plan").out


PRICED = """\
id: house/KIND
title: Queues are in order
severity: low
controls: [{control: house/NUMBER, coverage: full, why: house policy}]
applies_to: queue-config
each: queues.*
require: {recording.pause_mode: {is: mask}}
message: no
remediation: mask
"""
TWO = """\
id: house
title: House rules
edition: "1"
publisher: us
source: ours
controls:
  - {id: "4", title: Mask, kind: requirement, status: automated}
  - {id: "9", title: Keep, kind: requirement, status: automated}
"""


def test_prices_of_the_config_change_the_order(run: Run, tmp_path: Path) -> None:
    """What takes long comes later; the step says what it takes."""
    for kind in ("mask", "retention"):
        put(tmp_path / "pack" / "checks" / "house", **{f"{kind}_yaml": PRICED.replace("KIND", kind).replace("NUMBER", str(len(kind)))})
    put(tmp_path / "pack" / "catalogues", house_yaml=TWO)
    centre = put(tmp_path / "centre", a_json=queue_config("none"), ccpolicy_toml="")
    given = ("controls", "plan", "--evidence", centre, "--pack", tmp_path / "pack", "--standard", "house", "--as-of", "2026-06-30")
    first, second = (step["name"] for step in run(*given, "--format", "json").json["steps"] if step["sort"] == "rule")
    put(centre, ccpolicy_toml=f'[plan]\nday_rate = 400\n[plan.rules]\n"{first}" = {{effort = 90, cost = 200}}\n')
    steps = [step for step in run(*given, "--format", "json").json["steps"] if step["sort"] == "rule"]
    assert [step["name"] for step in steps] == [second, first]
    assert (steps[1]["effort"], steps[1]["cost"], steps[1]["days"]) == (90, 200, 90.5)
    assert "90 days, cost 200" in run(*given).out


# ---- requests ------------------------------------------------------------------------------------------------------------------


def test_a_request_says_what_is_provided_and_what_is_lacking(run: Run, tmp_path: Path) -> None:
    """A row of an own pack, whole."""
    schema = {
        "title": "Log retention",
        "type": "object",
        "properties": {"months": {"type": "integer"}, "system": {"type": "string"}, "note": {"type": "string"}},
        "x-max-age": "P184D",
    }
    put(tmp_path / "pack" / "schemas", **{"house-log.schema_json": schema})
    put(tmp_path / "pack" / "checks" / "house", kept_yaml=KEPT)
    put(tmp_path / "pack" / "catalogues", house_yaml=TWO)
    logs = {"kind": "house-log", "observed_at": "2026-06-30", "records": [{"id": "a", "system": "x", "months": 12}, {"id": "b"}]}
    put(tmp_path / "centre", a_json=logs)
    given = ("--evidence", tmp_path / "centre", "--pack", tmp_path / "pack", "--standard", "house", "--as-of", "2026-06-30")
    (found, _) = run("controls", "requests", *given, "--format", "json").json["requests"]
    assert found.pop("id").startswith("REQ-")
    assert found == {
        "kind": "house-log",
        "title": "Log retention",
        "fields": ["/months", "/system"],
        "controls": {"house": ["4"]},
        "owner": None,
        "due": None,
        "period": "current, observed in the last 184 days",
        "back": None,
        "max_age": "P184D",
        "status": "partly",
        "documents": 2,
        "note": "2 documents",
        "lacks": [
            '[[complete]] kind = "house-log": nobody says that these are all there are',
            "house-log /records/*/months is missing: add it to the document",
        ],
        "rules": ["house/kept"],
    }


KEPT = """\
id: house/kept
title: Logs are kept
severity: low
controls: [{control: house/4, coverage: full, why: house policy}]
applies_to: house-log
require: {months: {at_least: 12}}
message: "`{system}` keeps too little"
remediation: keep more
"""


def test_how_far_back_is_asked_for_follows_from_rules_and_ages(once: Run) -> None:
    """Maximal ages, of the schema or tighter ones of the config; periods of rules; a claim that there are none is an answer."""
    told = once("controls", "requests", "--evidence", LEAKY, "--format", "json").json
    found = {one["kind"]: one for one in told["requests"] if one["kind"] != "attestation"}
    assert found["log-retention"]["id"] == "REQ-04fc6917"  # made from the kind: it never changes
    assert found["log-retention"]["lacks"] == ["log-retention /records/*/at_hand_months is not in evidence: collect it"]
    assert {"10.5.1"} <= set(found["log-retention"]["controls"]["pci-dss-4.0.1"])
    assert (found["account"]["max_age"], found["account"]["status"]) == ("P31D", "partly")  # the config tightens what the schema says
    assert (found["genesys-flow"]["status"], found["genesys-flow"]["note"]) == ("provided", "there are none, says telephony")
    assert (found["interval-record"]["back"], found["interval-record"]["period"]) == ("P2M", "the last 2 months")
    assert (found["transcript"]["period"], found["asv-scan"]["period"]) == ("all on record", "the last 12 months")


def test_what_people_have_to_show_is_asked_for_by_standard(once: Run) -> None:
    """One request for each standard, with what to show for each control; one that is attested says so."""
    requests = once("controls", "requests", "--evidence", LEAKY, "--format", "json").json["requests"]
    found = {next(iter(one["controls"])): one for one in requests if one["kind"] == "attestation"}
    assert {"hipaa", "iso-18295-1-2017", "pci-dss-4.0.1"} <= set(found)
    iso = found["iso-18295-1-2017"]
    assert (iso["status"], iso["note"]) == ("partly", f"1 of {len(iso['items'])} controls attested or inherited")
    assert [one["control"] for one in iso["items"] if one["state"] == "applied"] == ["iso-18295-1-2017/4.5"]
    assert found["hipaa"]["status"] == "missing"


def test_without_evidence_nobody_looked(run: Run, once: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same requests under the same ids, not checked, and no config is looked for."""
    put(tmp_path, ccpolicy_toml="this is [no TOML")
    monkeypatch.chdir(tmp_path)
    bare = run("controls", "requests", "--format", "json")
    assert (bare.code, bare.err, bare.json["checked"]) == (0, "", False)
    assert {one["status"] for one in bare.json["requests"]} == {"not_checked"}
    looked = once("controls", "requests", "--evidence", LEAKY, "--format", "json").json["requests"]
    assert {one["id"] for one in looked} <= {one["id"] for one in bare.json["requests"]}


def test_what_is_missing_is_missing(run: Run, tmp_path: Path) -> None:
    """No document, and nobody says that there are none."""
    put(tmp_path, a_json=queue_config())
    told = run("controls", "requests", "--evidence", tmp_path, "--as-of", "2026-06-30", "--format", "json").json
    found = {one["kind"]: (one["status"], one["note"]) for one in told["requests"]}
    assert found["account"] == ("missing", "no document")
    assert found["queue-config"] == ("partly", "1 document")  # nobody says that it is the only one


OWNERS = """
[owners]
"*" = {name = "=compliance()"}
"connect-*" = {name = "Telephony"}
"connect-flow" = {name = "Flow desk", due = 2026-07-15}
"attestation*" = {name = "Board"}
"attestation/hipaa" = {name = "Privacy officer", due = "2026-08-01"}
"""


def test_owners_and_due_days_come_from_the_config(run: Run, tmp_path: Path) -> None:
    """The pattern that says most; of a whole standard's attestations by its name; no cell of the table is a formula."""
    centre = leaky(tmp_path, OWNERS)
    found = {row["id"]: row for row in rows(run("controls", "requests", "--evidence", centre, "--format", "csv").out)}
    owned = {(row["kind"], row["owner"], row["due"]) for row in found.values()}
    assert {
        ("account", "'=compliance()", ""),
        ("connect-flow-record", "Telephony", ""),
        ("connect-flow", "Flow desk", "2026-07-15"),
        ("attestation", "Privacy officer", "2026-08-01"),
        ("attestation", "Board", ""),
    } <= owned
    account = found["REQ-9af21132"]
    assert {"7.2.2", "8.2.6", "8.4.1", "8.4.2"} <= set(account["pci-dss-4.0.1"].split(" "))
    assert (account["jd-power"], account["status"]) == ("", "partly")
    assert "owner: Flow desk, due 2026-07-15" in run("controls", "requests", "--evidence", centre).out


LAPSED = {
    "control": "pci-dss-4.0.1/1.1.1",
    "statement": "seen",
    "by": "Ann",
    "approved_by": "Bob",
    "on": "2025-01-10",
    "valid_until": "2026-01-10",
    "evidence": ["DOC-1"],
}
MATRIX = {
    "provider": "Telco",
    "attestation": {"reference": "AOC-1", "on": "2025-01-10", "valid_until": "2026-01-10"},
    "controls": [{"control": "pci-dss-4.0.1/9.1.1", "responsible": "provider"}],
}


def test_what_lapsed_is_to_be_renewed_and_is_asked_for(run: Run, tmp_path: Path) -> None:
    """An attestation and a provider's; the plan takes them as repairs, the list says why they do not count."""
    documents = {"attestation": ("AT-OLD", LAPSED), "responsibility": ("RM-TELCO", MATRIX)}
    files = {
        f"{kind}_json": {"kind": kind, "id": name, "observed_at": "2026-06-30", "data": data} for kind, (name, data) in documents.items()
    }
    put(tmp_path, a_json=queue_config(), **files)
    given = ("--evidence", tmp_path, "--as-of", "2026-06-30", "--standard", "pci-dss-4.0.1")
    text = run("controls", "plan", *given).out
    for said in (
        "renew RM-TELCO  expired",
        "Telco: it expired on 2026-01-10",
        "attest pci-dss-4.0.1/1.1.1  expired",
        "AT-OLD: it expired on",
    ):
        assert said in text
    requests = run("controls", "requests", *given, "--format", "json").json["requests"]
    assert requests[-1]["lacks"] == [
        "AT-OLD for pci-dss-4.0.1/1.1.1: it expired on 2026-01-10",
        "RM-TELCO for pci-dss-4.0.1/9.1.1: Telco: it expired on 2026-01-10",
    ]
    assert requests[-1]["status"] == "partly"
    assert {one["state"] for one in requests[-1]["items"]} == {"expired", "missing"}


def test_what_others_wait_for_comes_first(run: Run, tmp_path: Path) -> None:
    """With who waits for it."""
    put(tmp_path / "catalogues", house_yaml=TWO.replace("automated}", 'manual, reason: people look, requires: ["9"]}', 1))
    text = run("controls", "plan", "--standard", "house", "--pack", tmp_path, "--no-shipped-rules").out
    assert text.index("What others wait for: 1 step") < text.index("Attestations of what no rule sees")
    assert "1 control waits for it: house/4" in text


# ---- both ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("form", "whole"), [("text", False), ("json", True), ("csv", False)])
def test_the_same_input_gives_the_same_bytes(program: Run, once: Run, tmp_path: Path, command: str, form: str, whole: bool) -> None:
    """In another process, with another seed of hashes."""
    centre = LEAKY if whole else put(tmp_path / "centre", a_json=queue_config("none"))
    words = ("controls", command, "--evidence", centre, "--as-of", "2026-06-30", "--format", form)
    assert program(*words, PYTHONHASHSEED="1") == once(*words)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_cannot_be_read_is_a_remark_and_exit_3(run: Run, tmp_path: Path, command: str) -> None:
    """The rest is answered."""
    put(tmp_path, a_json=queue_config(), b_json="{")
    ran = run("controls", command, "--evidence", tmp_path, "--as-of", "2026-06-30", "--format", "json")
    assert ran.code == 3
    assert ran.json["as_of"] == "2026-06-30"
    assert "b.json" in ran.err


HOSTILE = """\
id: house
title: "=HYPERLINK(1)"
edition: "1"
publisher: us
source: ours
controls:
  - {id: "1", title: "@SUM(1)", kind: requirement, status: manual, reason: "+cmd|' /C calc'!A0"}
  - {id: "2", title: "\\u202e-2", kind: requirement, status: manual, reason: "a\\r=1"}
"""


@pytest.mark.parametrize("command", COMMANDS)
def test_no_cell_is_a_formula_and_no_line_obeys(run: Run, tmp_path: Path, command: str) -> None:
    """Whatever a pack writes into its catalogue."""
    put(tmp_path / "catalogues", house_yaml=HOSTILE)
    given = ("controls", command, "--pack", tmp_path, "--no-shipped-rules", "--standard", "house")
    table = list(csv.reader(io.StringIO(run(*given, "--format", "csv").out)))
    assert len(table) > 1
    assert [cell for row in table for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    for form in ("text", "json", "csv"):
        assert not set("\u202e\r\x1b").intersection(run(*given, "--format", form).out)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--format", "jsn"), "`--format` does not know `jsn` (hint: did you mean `json`?)"),
        (("--standard", "hippa"), "no catalogue describes the standard `hippa` (hint: did you mean `hipaa`?)"),
        (("--evidence", "nowhere"), "there is no file or folder `nowhere`"),
        (("--as-of", "2026-06-30"), "name the documents by --evidence PATH"),
        (("--evidence", LEAKY, "--as-of", "June"), "`--as-of` takes a date, and `June` is none"),
    ],
)
def test_wrong_use_is_told(run: Run, command: str, words: tuple[Any, ...], told: str) -> None:
    ran = run("controls", command, *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


@pytest.mark.parametrize(
    ("command", "config", "told"),
    [
        ("plan", '[plan.rules]\n"accses/*" = {effort = 2}\n', "ccpolicy.toml:2:1: `plan.rules.accses/*` fits none of the rules"),
        ("plan", '[plan.controls]\n"house/*" = {effort = 2}\n', "ccpolicy.toml:2:1: `plan.controls.house/*` fits none of the controls"),
        ("plan", "[plan.responsibilities]\nRM = {effort = 2}\n", "`plan.responsibilities.RM` fits none of the responsibility documents"),
        ("plan", "[plan.standards]\nhippa = 2\n", "`plan.standards.hippa` names no standard of a catalogue (hint: did you mean `hipaa`?)"),
        ("requests", '[owners]\nacount = {name = "IT"}\n', "ccpolicy.toml:2:1: `owners.acount` fits no kind of documents (hint: did you"),
    ],
)  # fmt: skip
def test_names_in_the_config_that_stand_for_nothing_are_refused(run: Run, tmp_path: Path, command: str, config: str, told: str) -> None:
    """With file, line and hint; other commands do not ask."""
    put(tmp_path, a_json=queue_config(), ccpolicy_toml=config)
    ran = run("controls", command, "--evidence", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert run("check", tmp_path, "--as-of", "2026-06-30", "--rule", "recording/pause-on-payment").code == 0
