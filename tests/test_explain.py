"""`ccpolicy explain`: what it says, what it never shows, and how it ends."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ccpolicy import __version__
from ccpolicy.assessment.explaining import Asked as Sought
from ccpolicy.assessment.explaining import explain
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted
from ccpolicy.cli.checking import evidence_for
from ccpolicy.cli.options import Asked
from ccpolicy.cli.progress import Bar
from ccpolicy.cli.selection import wanted_of
from ccpolicy.cli.settings import settings_of
from ccpolicy.documents.document import Evidence
from ccpolicy.reports.explain_json import explanation_value
from ccpolicy.reports.explain_model import explained
from tests.cli.conftest import Run, put
from tests.cli.conftest import run as run  # the fixture
from tests.spread import spread

GOLDEN = Path(__file__).parent / "reports" / "golden" / "explain"
LEAKY = Path(__file__).parents[1] / "fixtures" / "harbour-leaky"

EXPLAINED = {
    "in-fail-and-absent-field": ("recording/pause-on-payment", ()),
    "join-pass-with-witnesses": ("training/payment-agents", ()),
    "join-nobody-taken": ("access/mfa-into-cde", ("--document", "ACC-BG1")),
    "cadence": ("scanning/asv-every-92-days", ()),
    "cadence-alone": ("survey/rhythm", ()),
    "every-path": ("flows/recording-off-before-payment", ()),
    "every-path-lost-effect": ("connect/recording-off-before-stored-input", ("--document", "config/connect/flows/co-payment.json")),
    "reached-from-stub": ("suppliers/chain-assessed", ()),
    "measure-per-month-missing-claim": ("service/abandonment", ("--document", "bluewater-bookings")),
    "void-claim-range": ("quality/calibration-range", ()),
    "unset-parameter": ("survey/top-box-wilson", ("--document", "CSAT-NORTHGATE")),
    "waived": ("quality/five-evaluations", ("--document", "A-2002")),
    "waiver-expired": ("recording/automatic-pause", ()),
    "deadlines": ("complaints/acknowledged-and-closed", ()),
    "gap": ("access/inactive-accounts", ("--document", "ACC-1003")),
    "stale-document": ("access/six-month-review", ()),
    "each": ("recording/retention-bounds", ()),
    "lists": ("connect/agent-profile-cannot-grant-access", ()),
    "hidden-text": ("transcripts/no-pan", ()),
    "nothing-to-look-at": ("genesys/menu-has-human-exit", ()),
}
AS_JSON = (
    "in-fail-and-absent-field",
    "join-nobody-taken",
    "cadence-alone",
    "every-path",
    "reached-from-stub",
    "measure-per-month-missing-claim",
    "waived",
    "unset-parameter",
)


CONFIG_LINE = re.compile(r'(ccpolicy\.toml:|"file": "ccpolicy\.toml",\s+"line": )\d+')


@pytest.mark.parametrize("name", EXPLAINED)
@pytest.mark.parametrize("form", ["text", "json"])
def test_an_explanation_says_what_it_said_before(run: Run, monkeypatch: pytest.MonkeyPatch, name: str, form: str) -> None:
    """Golden files, the same bytes twice; CCPOLICY_GOLDEN=write writes them anew, to be read before they are kept."""
    if form == "json" and name not in AS_JSON:
        pytest.skip("read as text alone")
    monkeypatch.chdir(LEAKY)
    rule, options = EXPLAINED[name]
    done = run("explain", rule, ".", "--format", form, *options)
    assert (done.code, done.err) == (0, "")
    assert done.out == run("explain", rule, ".", "--format", form, *options).out
    text = done.out.replace(f'"ccpolicy": "{__version__}"', '"ccpolicy": "VERSION"')
    text = CONFIG_LINE.sub(r"\1LINE", text)  # where a claim stands in the config moves with every line that is added there
    golden = GOLDEN / f"{name}.{'txt' if form == 'text' else 'json'}"
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@cache
def leaky() -> tuple[Library, Evidence, Wanted]:
    """What a run on the leaky centre brings along, read once."""
    settings = settings_of(Asked(paths=(str(LEAKY),)))
    library = load_library()
    return library, evidence_for(settings, library, Bar(quiet=True, no_color=True)), wanted_of(settings, library)


@cache
def explained_whole(rule: str) -> dict[str, Any]:
    """What `explain --all --format json` says of a rule and the leaky centre."""
    library, evidence, wanted = leaky()
    wanted = replace(wanted, rules=(rule,))
    found = explain(library, evidence, wanted, library.rulebook.rules[rule], Sought(most=None))
    return explanation_value(explained(found, evidence, wanted))


def some_rules() -> list[str]:
    """The shipped rules that are explained whole here; CCPOLICY_EVERY=1 takes all."""
    return spread(leaky()[0].rulebook.rules, most=2)


def test_the_command_says_the_same_as_its_parts(run: Run) -> None:
    """What is tested of the parts below holds of the command."""
    for rule in ("access/mfa-into-cde", "service/abandonment"):
        assert run("explain", rule, LEAKY, "--all", "--format", "json").json == json.loads(json.dumps(explained_whole(rule)))


def test_shipped_rules_are_explained_as_check_judges_it(run: Run) -> None:
    """Status, counts and messages are those of the report, for every focus."""
    report = run("check", LEAKY, "--format", "json").json
    assert [rule["id"] for rule in report["rules"]] == sorted(leaky()[0].rulebook.rules)
    for rule in (one for one in report["rules"] if one["id"] in some_rules()):
        told = explained_whole(rule["id"])
        assert (told["rule"]["status"], told["counts"]) == (rule["status"], rule["counts"])
        assert told["not_explained"] == dict.fromkeys(rule["counts"], 0)
        said = sorted({message for focus in told["foci"] for message in focus["messages"]})
        assert said == sorted({one["message"] for one in report["findings"] if one["rule"] == rule["id"]})
        assert [one["closed"] for one in [told["population"]["closure"]]] == [rule["population"] == "complete"]


def test_what_is_undetermined_says_what_would_decide_it() -> None:
    """Every undetermined focus names something, each with a sentence."""
    seen = set()
    for rule in some_rules():
        for focus in explained_whole(rule)["foci"]:
            assert bool(focus["decided_by"]) == (focus["verdict"] == "undetermined")
            seen |= {one["what"] for one in focus["decided_by"] if one["said"]}
    assert {"field", "claim"} <= seen <= {"field", "claim", "parameter"}


# ---- which foci ----------------------------------------------------------------------------------------------------------------


def test_the_worst_come_first_and_the_rest_is_counted(run: Run) -> None:
    """Five of fourteen, and all with --all."""
    five = run("explain", "access/mfa-into-cde", LEAKY, "--format", "json").json
    every = run("explain", "access/mfa-into-cde", LEAKY, "--format", "json", "--all").json
    assert [focus["verdict"] for focus in five["foci"]] == ["fail", "fail", "pass", "pass", "pass"]
    assert five["not_explained"] == {"fail": 0, "undetermined": 0, "waived": 0, "pass": 1, "not_applicable": 8}
    assert len(every["foci"]) == 14
    assert every["foci"][:5] == five["foci"]


def test_documents_are_chosen_by_id(run: Run) -> None:
    """All foci of the documents named, and only those."""
    told = run("explain", "quality/five-evaluations", LEAKY, "--document", "A-2002", "--document", "A-1003", "--format", "json").json
    assert {(focus["document"]["id"], focus["period"][0]) for focus in told["foci"]} == {
        (agent, month) for agent in ("A-2002", "A-1003") for month in ("2026-04-01", "2026-05-01")
    }


def test_other_sites_are_left_out_and_counted(run: Run) -> None:
    """--site selects foci; documents of other sites are counted, and named when they are asked for."""
    told = run("explain", "training/payment-agents", LEAKY, "--site", "quayside", "--format", "json").json
    assert told["population"]["left_out"] == 2
    assert {focus["document"]["id"][:3] for focus in told["foci"]} == {"A-1"}
    wrong = run("explain", "training/payment-agents", LEAKY, "--site", "quayside", "--document", "A-2001")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err == (
        "error: `training/payment-agents` does not look at the agent `A-2001` (hint: it is of another site or client than those selected)\n"
    )


# ---- how it ends ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("recording/pause-on-paiment", LEAKY),
            "there is no rule `recording/pause-on-paiment` (hint: did you mean `recording/pause-on-payment`",
        ),
        (("", LEAKY), "there is no rule `` (hint: `ccpolicy rules list` lists them)"),
        (("recording/*", LEAKY), "there is no rule `recording/*`"),
        (("training/payment-agents", LEAKY, "--document", "A-1OO2"), "there is no agent `A-1OO2` (hint: did you mean `A-1002`"),
        (("training/payment-agents", LEAKY, "--document", ""), "there is no agent `` (hint: such as `A-1001`, "),
        (
            ("genesys/menu-has-human-exit", LEAKY, "--document", "x"),
            "there is no genesys-flow `x` (hint: there is no genesys-flow to look at)",
        ),
        (("training/payment-agents", LEAKY / "nowhere"), "there is no file or folder"),
        (("training/payment-agents", LEAKY, "--format", "jsn"), "`--format` does not know `jsn` (hint: did you mean `json`?)"),
        (("training/payment-agents", LEAKY, "--as-of", "soon"), "`--as-of` takes a date, and `soon` is none"),
        (("training/payment-agents", LEAKY, "--param", "nope=1"), "nope"),
        (("training/payment-agents", LEAKY, "--site", "quaysid"), "no document is of the site `quaysid` (hint: did you mean `quayside`?)"),
        (("training/payment-agents", LEAKY, "--no-shipped-rules"), "there is no rule `training/payment-agents`"),
        (("training/payment-agents", LEAKY, "--pack", LEAKY), "pack"),
    ],
)
def test_wrong_use_is_refused(run: Run, args: tuple[object, ...], said: str) -> None:
    """Exit 2, the mistake named, nothing on standard output."""
    done = run("explain", *args)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_two_unknown_documents_are_both_named(run: Run) -> None:
    """All problems, not the first."""
    done = run("explain", "training/payment-agents", LEAKY, "--document", "X", "--document", "Y")
    assert [line.split(" (")[0] for line in done.err.splitlines()] == ["error: there is no agent `X`", "error: there is no agent `Y`"]


def test_an_empty_folder_has_nothing_to_explain(run: Run, tmp_path: Path) -> None:
    """Exit 2, as for check."""
    done = run("explain", "training/payment-agents", tmp_path)
    assert (done.code, done.out) == (2, "")
    assert "there is no document to check" in done.err


def test_unreadable_input_is_reported_and_the_rest_explained(run: Run, tmp_path: Path) -> None:
    """Exit 3, with the problem behind the explanation, in both forms."""
    centre = put(tmp_path / "centre", broken_json="{", line_json=LINE)
    pack = written_pack(tmp_path / "pack")
    text = run("explain", "house/leaf", centre, *pack)
    told = run("explain", "house/leaf", centre, *pack, "--format", "json")
    assert (text.code, told.code) == (3, 3)
    assert "broken.json:1:2" in text.out.split("Problems: 1 thing")[1]
    assert [one["file"] for one in told.json["problems"]] == ["broken.json"]
    assert "no claim counts while a file cannot be read" in text.out


# ---- what is never shown -------------------------------------------------------------------------------------------------------

PANS = ("4111111111111111", "5500 0055 5555 5559", "5500-0055-5555-5559", "378282246310005")
SECRETS = ("s3cret", "2019-03-17", "2019-04-16", "765432", "Zebra", "t0uched")
HIDDEN: dict[str, Any] = {"sensitive": True}
TEXT: dict[str, Any] = {"type": ["string", "null"]}
FIELDS: dict[str, Any] = {
    "id": {"type": "string"},
    "name": TEXT,
    "number": {"type": "integer"},
    "token": {**TEXT, **HIDDEN},
    "other_token": {**TEXT, **HIDDEN},
    "count": {"type": "integer", **HIDDEN},
    "born": {"type": "string", "format": "date", **HIDDEN},
    "note": {"type": "string"},
    "words": {"type": "array", "items": {"type": "string", **HIDDEN}},
    "pans": {"type": "array", "items": {"type": "string"}},
    "vault": {"type": "object", "additionalProperties": {"type": "string"}, **HIDDEN},
    "entry": {**TEXT, **HIDDEN},
    "blocks": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"id": {"type": "string", **HIDDEN}, "kind": {"type": "string"}, "next": {"type": "string", **HIDDEN}},
        },
    },
    "rows": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "on": {"type": "string", "format": "date", **HIDDEN},
                "sum": {"type": "integer", **HIDDEN},
                "key": {**TEXT, **HIDDEN},
            },
        },
    },
}
LINE: dict[str, Any] = {
    "kind": "line",
    "id": f"L {PANS[1]}",
    "observed_at": "2026-06-29",
    "data": {
        "name": f"line {PANS[0]}",
        "number": int(PANS[0]),
        "token": "s3cret-token",
        "other_token": "s3cret-other",
        "count": 765432,
        "born": "2019-03-17",
        "note": f"t0uched {PANS[2]}",
        "words": ["s3cret-word", f"Zebra {PANS[3]}"],
        "pans": [PANS[0], PANS[1]],
        "vault": {f"s3cret-key {PANS[2]}": "Zebra", "s3cret-key-2": "s3cret-value"},
        "entry": "s3cret-node-1",
        "blocks": [
            {"id": "s3cret-node-1", "kind": "start", "next": "s3cret-node-2"},
            {"id": "s3cret-node-2", "kind": "pay", "next": "s3cret-nowhere"},
        ],
        "rows": [{"on": "2019-03-17", "sum": 765432, "key": "s3cret-row"}, {"on": "2019-04-16", "sum": 1, "key": "s3cret-row"}],
    },
}
MATES = {
    "kind": "mate",
    "observed_at": "2026-06-29",
    "complete": {"by": f"ops {PANS[0]}", "on": "2026-06-30", "basis": f"export {PANS[1]}"},
    "records": [
        {"id": f"M {PANS[0]}", "token": "s3cret-token", "note": "fine", "born": "2019-03-17"},
        {"id": "M-2", "token": "s3cret-token", "note": "yak", "born": "2019-04-16"},
    ],
}
WAIVER = {
    "kind": "waiver",
    "id": f"W {PANS[3]}",
    "observed_at": "2026-06-01",
    "data": {
        "rule": "house/leaf",
        "where": {"all_of": [{"token": {"is": "s3cret-token"}}, {"count": {"is": 765432}}, {"name": {"is": f"line {PANS[0]}"}}]},
        "rationale": f"s3cret {PANS[0]}",
        "requested_by": "P-1",
        "approved_by": "P-2",
        "expires_on": "2026-12-31",
    },
}
FLOW = {"id": "id", "next": "next", "start": {"path": "entry"}, "first_passes": {"kind": {"is": "off"}}}
RULES: dict[str, dict[str, Any]] = {
    "leaf": {"require": {"token": {"is": {"path": "other_token"}}, "count": {"at_most": 3}, "name": {"is": "x"}, "number": {"is": 1}}},
    "texts": {
        "require": {
            "any_of": [
                {"token": {"matches": "no"}},
                {"token": {"contains_text": {"path": "other_token"}}},
                {"name": {"starts_with": {"path": "token"}}},
                {"note": {"free_of": ["pan"]}},
                {"note": {"is": "no"}},
                {"other_token": {"in": {"path": "words"}}},
                {"not": {"token": {"present": True}}},
            ]
        }
    },
    "dates": {
        "require": {
            "any_of": [
                {"born": {"within_last": "P30D"}},
                {"born": {"after": {"path": "born", "plus": "P30D"}}},
                {"born": {"done_within": {"of": {"path": "born", "minus": "P1M"}, "days": 3}}},
                {"$as_of": {"before": {"path": "born"}}},
                {"count": {"between": [{"path": "number"}, {"path": "count"}]}},
            ]
        }
    },
    "lists": {
        "require": {
            "any_of": [
                {"words": {"contains": {"path": "token"}}},
                {"words": {"contains_all": {"path": "pans"}}},
                {"pans": {"subset_of": {"path": "words"}}},
                {"words": {"subset_of": ["a"]}},
                {"pans": {"subset_of": ["a"]}},
                {"pans": {"contains": "b"}},
                {"pans": {"contains_all": {"path": "words"}}},
                {"pans": {"every": {".": {"is": "a"}}}},
                {"words": {"every": {".": {"is": "a"}}}},
                {"vault": {"every": {".": {"is": "a"}}}},
                {"vault": {"none": {".": {"present": True}}}},
                {"rows": {"unique_by": ["key"]}},
                {"rows": {"count": {"where": {"on": {"is": {"path": "$focus.born"}}}, "at_least": 9}}},
            ]
        }
    },
    "joins": {
        "with": {
            "mates": {"from": "mate", "as": "mates", "key": {"theirs": "token", "ours": "token"}, "where": {"note": {"is": "yak"}}},
            "all": {"from": "mate", "as": "all mates", "key": {"theirs": "token", "ours": "token"}},
        },
        "require": {
            "any_of": [
                {"$mates": {"some": {"born": {"after": {"path": "$focus.born", "plus": "P2M"}}}}},
                {"$all": {"every": {"born": {"is": {"path": "$focus.born", "plus": "P2M"}}}}},
                {"$all": {"cadence": {"at": "born", "every": "P1D", "over_last": "P12M"}}},
                {"$all": {"unique_by": ["token"]}},
            ]
        },
    },
    "measures": {
        "measure": {
            "total": {"sum": {"of": "rows", "value": "sum"}},
            "spread": {"range": {"of": "rows", "value": "sum"}},
            "share": {"ratio": {"of": "rows", "sum": "sum", "over_sum": "sum"}},
            "long": {"days_between": {"from": "born", "to": "$as_of"}},
        },
        "require": {
            "any_of": [
                {"$total": {"is": 5}},
                {"$spread": {"is": 5}},
                {"$share": {"is": 5}},
                {"$long": {"is": 5}},
                {"number": {"is": {"path": "$total"}}},
            ]
        },
    },
    "flow": {
        "require": {
            "any_of": [
                {"blocks": {"every_path": {**FLOW, "to": {"kind": {"is": "pay"}}}}},
                {"blocks": {"every_path": {**FLOW, "to": {"kind": {"is": "end"}}}}},
            ]
        }
    },
    "events": {"require": {"rows": {"cadence": {"at": "on", "every": "P1D", "over_last": "P12M"}}}},
    "each": {"each": "vault.*", "require": {".": {"is": "a"}}},
}


def written_pack(root: Path, rules: dict[str, dict[str, Any]] | None = None) -> tuple[object, ...]:
    """A pack with rules over lines and mates, and the options that name it."""
    put(root / "schemas")
    mate = {name: FIELDS[name] for name in ("id", "token", "note", "born")}
    for kind, fields in (("line", FIELDS), ("mate", mate)):
        schema = {"type": "object", "properties": fields, "additionalProperties": False}
        (root / "schemas" / f"{kind}.schema.json").write_text(json.dumps(schema), "utf-8")
    catalogue: dict[str, Any] = {"id": "own", "title": "Own", "edition": "1", "publisher": "us", "source": "ours", "controls": []}
    catalogue["controls"] = [{"id": "1", "title": "All", "kind": "requirement", "status": "partial"}]
    put(root / "catalogues", own_json=catalogue)
    given = {"severity": "low", "controls": [{"control": "own/1", "coverage": "partial", "why": "a test"}], "applies_to": "line"}
    said = {"message": "{actual} {expected} {pointer}", "remediation": "do"}
    for name, rule in (rules or RULES).items():
        put(root / "checks" / "house", **{f"{name}_json": {"id": f"house/{name}", "title": name, **given, **rule, **said}})
    return "--pack", root, "--no-shipped-rules", "--as-of", "2026-06-30"


def shown(run: Run, *args: object) -> Iterator[tuple[str, str]]:
    """Both forms of an explanation."""
    for form in ("text", "json"):
        done = run("explain", *args, "--format", form, "--all")
        assert done.code == 0, done.err
        yield form, done.out + done.err


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("open_places", [(), ("/data/words/-", "/data/rows/1/on", "/data/blocks/1/next", "/data/token", "/data/name")])
def test_nothing_hidden_is_shown(run: Run, tmp_path: Path, rule: str, open_places: tuple[str, ...]) -> None:
    """Values marked sensitive, texts that a detector has touched, and card numbers, planted in every position, with and without gaps."""
    gaps = {"gaps": [{"pointer": pointer, "reason": f"s3cret {PANS[0]}"} for pointer in open_places]} if open_places else {}
    centre = put(tmp_path / "centre", line_json={**LINE, **gaps}, mates_json=MATES, waiver_json=WAIVER)
    for form, out in shown(run, f"house/{rule}", centre, *written_pack(tmp_path / "pack")):
        assert "line" in out
        found = [hidden for hidden in (*SECRETS, *PANS) if hidden in out]
        assert not found, (form, found)


def test_the_planted_secrets_would_be_found(run: Run, tmp_path: Path) -> None:
    """The same evidence under schemas that hide nothing shows what the test above looks for: it can fail."""
    centre = put(tmp_path / "centre", line_json=LINE, mates_json=MATES)
    pack = written_pack(tmp_path / "pack")
    for kind in ("line", "mate"):
        file = tmp_path / "pack" / "schemas" / f"{kind}.schema.json"
        file.write_text(file.read_text("utf-8").replace('"sensitive": true', '"sensitive": false'), "utf-8")
    out = "".join(text for rule in RULES for _, text in shown(run, f"house/{rule}", centre, *pack))
    assert [hidden for hidden in SECRETS if hidden not in out] == ["t0uched"]


# ---- large collections and small rules -----------------------------------------------------------------------------------------


def test_of_many_members_those_that_decide_come_first_and_the_others_are_counted(run: Run, tmp_path: Path) -> None:
    """Twenty entries of which seven fail: six of those are shown, three that hold, and the rest in numbers."""
    rules = {"many": {"require": {"pans": {"every": {".": {"is": "a"}}}}}}
    line = {**LINE, "id": "L", "data": {"pans": ["a", "b", "a"] * 6 + ["a", "b"]}}
    centre = put(tmp_path / "centre", line_json=line)
    pack = written_pack(tmp_path / "pack", rules)
    (focus,) = run("explain", "house/many", centre, *pack, "--format", "json").json["foci"]
    point = focus["require"]
    assert (point["truth"], point["insight"]["holds"], point["insight"]["fails"]) == ("fails", 13, 7)
    assert [child["truth"] for child in point["children"]] == ["fails"] * 6 + ["holds"] * 3
    assert [child["member"]["id"] for child in point["children"]] == ["2", "5", "8", "11", "14", "17", "1", "3", "4"]
    assert "and of 11 entries more it holds for 10, fails for 1" in run("explain", "house/many", centre, *pack).out


def test_control_characters_of_the_evidence_reach_no_terminal(run: Run, tmp_path: Path) -> None:
    """They are written as escapes."""
    rules = {"name": {"require": {"name": {"is": "x"}}}}
    centre = put(tmp_path / "centre", line_json={**LINE, "id": "L\x1b[2J", "data": {"name": "red \x1b[31m\u202e"}})
    pack = written_pack(tmp_path / "pack", rules)
    for form in ("text", "json"):
        out = run("explain", "house/name", centre, *pack, "--format", form).out
        assert "red " in out
        assert not {"\x1b", "\u202e"} & set(out)


def test_an_open_population_names_the_claim_that_would_close_it(run: Run, tmp_path: Path) -> None:
    """Who can say so, and how."""
    rules = {"name": {"require": {"name": {"is": "x"}}}}
    centre = put(tmp_path / "centre", line_json={**LINE, "data": {"name": "x"}})
    pack = written_pack(tmp_path / "pack", rules)
    out = run("explain", "house/name", centre, *pack).out
    assert "house/name  low  undetermined" in out
    assert "there may be others: no claim that counts says that the line documents are complete" in out
    assert 'decided by  [[complete]] kind = "line": nobody says that these are all there are' in out
    assert "whoever exports the line documents can say so with [[complete]]" in out
