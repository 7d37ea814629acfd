"""The page of a rule: what it says in plain English, its examples, what it leans on, and what it never shows."""

from __future__ import annotations

import json
import os
import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccpolicy.assessment.library import Library, load_library
from ccpolicy.reports.page import LONGEST
from ccpolicy.reports.rule_page import RulePage, page_json, rule_page
from ccpolicy.reports.rule_page_markdown import page_markdown, prose
from ccpolicy.reports.rule_page_needs import Need
from ccpolicy.reports.rule_page_text import page_text
from ccpolicy.reports.rule_page_yaml import yaml_of
from ccpolicy.reports.view import View
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.rule import Case
from tests.cli.conftest import PAN, Run, run

__all__ = ["run"]  # the fixture

GOLDEN = Path(__file__).parent / "golden" / "english"


@cache
def library() -> Library:
    return load_library()


@cache
def cases() -> tuple[Case, ...]:
    return load_cases(library().packs, library().rulebook.rules)[0]


@cache
def page_of(rule: str) -> RulePage:
    return rule_page(library().rulebook.rules[rule], library(), cases())


def as_text(page: RulePage, **options: Any) -> str:
    written: list[str] = []
    page_text(page, View(**options), written.append)
    return "".join(written)


def what(text: str) -> str:
    """The part of a page in plain English."""
    return text.split("Controls ─", 1)[0]


def golden(name: str, text: str) -> str:
    """What the golden file says; CCPOLICY_GOLDEN=write writes it anew, to be read aloud before it is kept."""
    if os.environ.get("CCPOLICY_GOLDEN") == "write":
        (GOLDEN / name).write_text(text, "utf-8")
    return (GOLDEN / name).read_text("utf-8")


SHAPES = [
    "access/inactive-accounts",  # dates counted back, if with else
    "access/lockout",  # a negated condition
    "access/mfa-into-cde",  # a join with a long `where`, nested words
    "access/no-conflicting-roles",  # lists that the organisation sets
    "access/no-conflicting-roles-across-accounts",  # a join with its own kind, none of them
    "access/requester-is-not-approver",  # one field against others
    "access/six-month-review",  # a cadence in a list, none of the entries
    "complaints/acknowledged-and-closed",  # deadlines, business days
    "complaints/record-complete",  # presence
    "connect/agent-profile-cannot-grant-access",  # a long list of values
    "connect/flow-record-redaction-on",  # patterns
    "connect/legacy-input-encrypted",  # one focus for each entry
    "connect/recording-off-before-stored-input",  # a flow of which the start is not known
    "flows/recording-off-before-payment",  # a flow
    "genesys/menu-has-human-exit",  # entries of entries
    "hipaa/addressable-safeguards",  # cases within cases
    "hipaa/business-associate-agreement",  # at least one of a join
    "hipaa/risk-analysis",  # a window that the organisation sets
    "quality/calibration-range",  # a measure over a list, unique keys
    "quality/five-evaluations",  # periods, a count
    "recording/pause-on-payment",  # a condition with alternatives
    "recording/retention-bounds",  # parameters with bounds
    "scanning/asv-every-92-days",  # a cadence in a join
    "service/abandonment",  # ratios in a period
    "service/level-80-20",  # an else with a further if
    "suppliers/chain-assessed",  # a chain
    "survey/top-box-wilson",  # statistics
    "training/payment-agents",  # moved dates
    "transcripts/no-pan",  # a list that may be empty, a detector
]


@pytest.mark.parametrize("rule", SHAPES)
def test_a_rule_reads_as_plain_english(rule: str) -> None:
    text = what(as_text(page_of(rule), width=100))
    assert text == golden(f"{rule.replace('/', '--')}.txt", text)


@pytest.mark.parametrize("rule", ["training/payment-agents", "service/level-80-20"])
def test_a_whole_page_says_what_it_said_before(rule: str) -> None:
    page, name = page_of(rule), f"page--{rule.replace('/', '--')}"
    forms = {
        f"{name}.txt": as_text(page, width=100),
        f"{name}.md": page_markdown(page),
        f"{name}.json": json.dumps(page_json(page), ensure_ascii=False, indent=2, default=str) + "\n",
    }
    assert {name: golden(name, text) for name, text in forms.items()} == forms


@pytest.mark.parametrize("rule", sorted(library().rulebook.rules))
def test_every_shipped_rule_has_a_page_with_both_examples_and_titled_controls(rule: str) -> None:
    """And the documents of the examples are the YAML that a cases file would hold."""
    page = page_of(rule)
    assert page.avoid is not None
    assert page.prefer is not None
    assert (page.avoid.status, page.prefer.status) == ("fail", "pass")
    assert all(one.title and one.why for one in page.controls)
    assert all(one.fields for one in page.reads if one.kind == library().rulebook.rules[rule].foci.kind)
    assert page.needs[0].to_pass
    for example in (page.avoid, page.prefer):
        assert yaml.safe_load("\n".join(yaml_of(example.documents))) == list(example.documents)


@pytest.mark.parametrize("rule", sorted(library().rulebook.rules))
def test_a_page_keeps_to_the_width_of_the_terminal_but_for_lines_of_examples(rule: str) -> None:
    lines = what(as_text(page_of(rule), width=72)).splitlines()
    assert [line for line in lines if len(line) > 72 and len(line.strip(" -").split()) > 1] == []
    assert f"{LONGEST}… (" not in as_text(page_of(rule))


# ---- what it leans on ----------------------------------------------------------------------------------------------------------

LISTED = "without a gap"
TODAY = "for the date of assessment"
NEEDS: dict[str, list[Need]] = {
    "training/payment-agents": [
        Need("agent", "agents", TODAY, True, False),
        Need("training-record", "training records", TODAY, False, True),
    ],
    "quality/five-evaluations": [
        Need("agent", "agents", TODAY, True, False),
        Need("quality-evaluation", "quality evaluations", "for each month", False, True),
    ],
    "scanning/asv-every-92-days": [
        Need("cardholder-environment", "cardholder data environments", TODAY, True, False),
        Need("asv-scan", "ASV scans", TODAY, False, True),
        Need("asv-scan", "ASV scans", "from the last event before the time looked back on, to the date of assessment", False, True),
    ],
    "service/level-80-20": [
        Need("queue", "queues", TODAY, True, False),
        Need("interval-record", "interval records", "for each month", True, True),
    ],
    "access/no-conflicting-roles-across-accounts": [Need("account", "user accounts", TODAY, True, False)],
    "flows/recording-off-before-payment": [
        Need("contact-flow", "contact flows", TODAY, True, False),
        Need("", "`blocks`", LISTED, True, False),
    ],
    "suppliers/chain-assessed": [
        Need("client-contract", "client contracts", TODAY, True, False),
        Need("", "`subcontractors.*`, all along the chain, and each service provider it names", LISTED, True, False),
    ],
    "logging/retention-12-3": [Need("log-retention", "audit logs", TODAY, True, False)],
}


@pytest.mark.parametrize("rule", NEEDS)
def test_a_page_names_what_must_be_complete_before_the_rule_can_pass_or_fail(rule: str) -> None:
    assert list(page_of(rule).needs) == NEEDS[rule]


# ---- what it never shows -------------------------------------------------------------------------------------------------------

HOSTILE: dict[str, Any] = {
    "id": "shop/till",
    "title": "Tills <script>alert(1)</script> \x1b[31m| are *closed*\nat `night",
    "severity": "high",
    "controls": [{"control": "none/1", "coverage": "full", "why": f"the card {PAN} was seen\u202e"}],
    "applies_to": "till",
    "require": {"state": {"is_not": f"open ` {PAN} <b>"}},
    "message": "till `{id}` is open",
    "remediation": "1. close it\n2. go home",
    "references": ["::error::not a command", "##[group]nor this"],
}
TILL = {
    "title": "Till",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string"},
        "code": {"type": "string", "sensitive": True},
        "note": {"type": "string"},
    },
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A pack of a rule whose texts would do harm."""
    for folder in ("checks/shop", "schemas", "catalogues"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "schemas/till.schema.json").write_text(json.dumps(TILL), "utf-8")
    (tmp_path / "checks/shop/till.yaml").write_text(
        yaml.safe_dump({**HOSTILE, "controls": [{**HOSTILE["controls"][0], "control": PCI}]}), "utf-8"
    )
    body = {"id": "T1", "state": "shut", "code": "s3cret", "note": "beside the point"}
    documents = [{"kind": "till", "id": "T1", "observed_at": "2026-06-01", "source": {"system": "x"}, "data": body}]
    told = [{"name": "a shut till", "as_of": "2026-06-30", "documents": documents, "expect": {"status": "pass"}}]
    (tmp_path / "checks/shop/till.cases.yaml").write_text(yaml.safe_dump({"rule": "shop/till", "cases": told}), "utf-8")
    return tmp_path


PCI = "pci-dss-4.0.1/3.3.1.2"


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_card_number_no_secret_and_no_steering_character_reaches_a_page(form: str, shop: Path, run: Run) -> None:
    ran = run("rules", "show", "shop/till", "--pack", shop, "--format", form)
    assert ran.code == 0
    assert PAN not in ran.out
    assert "s3cret" not in ran.out
    assert re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", ran.out) is None
    assert re.search(r"^\s*::|##\[", ran.out, re.MULTILINE) is None or form == "json"


def test_an_example_shows_only_what_the_rule_reads(shop: Path, run: Run) -> None:
    page = run("rules", "show", "shop/till", "--pack", shop, "--format", "json").json
    assert page["avoid"] is None
    assert page["prefer"]["documents"] == [
        {"kind": "till", "id": "T1", "observed_at": "2026-06-01", "data": {"id": "T1", "state": "shut"}},
    ]
    assert page["prefer"]["cut"] is True


def test_a_page_in_markdown_holds_no_markup_but_its_own(shop: Path, run: Run) -> None:
    text = run("rules", "show", "shop/till", "--pack", shop, "--format", "markdown").out
    assert text.startswith("# Tills &lt;script&gt;alert(1)&lt;/script&gt; \\\\x1b\\[31m\\| are \\*closed\\* at \\`night\n")
    assert "\n1\\. close it 2. go home\n" in text
    assert re.findall(r"^#+ .*", text, re.MULTILINE)[1:] == [
        "## What it asks",
        "## Controls",
        "## Prefer: what passes",
        "## Evidence it reads",
        "## What has to be complete",
        "## When it fails",
        "## References",
    ]
    assert "<" not in re.sub(r"`[^`\n]*`", "", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a `b*c` *d*", "a `b*c` \\*d\\*"),
        ("- no list", "\\- no list"),
        ("12) no list", "12\\) no list"),
        ("3.5 is a number", "3.5 is a number"),
        ("a & b", "a &amp; b"),
        ("> no quotation", "&gt; no quotation"),
        ("# no heading", "\\# no heading"),
    ],
)
def test_text_means_nothing_to_markdown_but_its_backticks(text: str, expected: str) -> None:
    assert prose(text) == expected


# ---- the command ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["recording/pause-on-paymnt"], "there is no rule `recording/pause-on-paymnt` (hint: did you mean `recording/pause-on-payment`"),
        (["no-pan"], "there is no rule `no-pan` (hint: did you mean `transcripts/no-pan`?)"),
        (["quite something else"], "there is no rule `quite something else` (hint: `ccpolicy rules list` lists them)"),
        (["x", "--no-shipped-rules"], "there is no rule `x` (hint: name a pack that has rules)"),
        (["transcripts/no-pan", "--format", "markdwon"], "`--format` does not know `markdwon` (hint: did you mean `markdown`?)"),
        (["transcripts/no-pan", "--pack", "nowhere"], "nowhere"),
    ],
)
def test_a_rule_that_is_not_there_or_a_wrong_word_is_refused(words: list[str], message: str, run: Run) -> None:
    ran = run("rules", "show", *words)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err


def test_the_command_shows_the_page_in_each_form(run: Run) -> None:
    rule = "quality/five-evaluations"
    page = page_of(rule)
    assert run("rules", "show", rule).out == as_text(page)
    assert run("rules", "show", rule, "--format", "markdown").out == page_markdown(page)
    assert run("rules", "show", rule, "--format", "json").json == json.loads(json.dumps(page_json(page), default=str))


def test_a_number_that_binary64_cannot_hold_is_shown_as_it_was_written() -> None:
    assert yaml_of([{"share": Decimal("0.1000000000000000000001")}]) == ["- share: 0.1000000000000000000001"]


def test_cases_that_are_broken_leave_the_page_without_their_examples(shop: Path, run: Run) -> None:
    (shop / "checks/shop/till.cases.yaml").write_text("rule: [", "utf-8")
    ran = run("rules", "show", "shop/till", "--pack", shop)
    assert ran.code == 0
    assert "Prefer" not in ran.out
    assert "warning: " in ran.err
    assert "till.cases.yaml" in ran.err
