"""The config: where it is sought, what it may say, and what is wrong with it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ccpolicy.documents.config import Config, check_kinds, config_schema, find_config
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.planning import Owner, nearest
from ccpolicy.documents.schema import load_kinds
from ccpolicy.documents.table_cells import CellOptions
from ccpolicy.errors import Problem, Refused

FULL = """\
as_of = 2026-06-30
packs = ["house"]
ignore = "notes/"
fail_on = "high"
standard = "hipaa"

[organisation]
name = "Harbour"
roles = { merchant = true }

[params]
days = 30
since = 2026-01-01

[max_age]
calendar = "P30D"

[[documents]]
files = "connect/*.json"
kind = "calendar"
format = "ndjson"
id = "/Id"
placeholders = ["\\\\$\\\\{.*\\\\}"]
lacks = ["/ResourceType"]
more = "/NextToken"
columns = {"Employee ID" = "agent_id"}
delimiter = ";"
date_format = "%d.%m.%Y"
true = ["yes", "Y"]
complete = {by = "ops", on = 2026-06-30, basis = "export", from = 2026-01-01}

[[complete]]
kind = "waiver"
by = "ops"
on = "2026-06-30"
basis = "register"
site = "leeds"
"""


def write(folder: Path, text: str, name: str = "ccpolicy.toml") -> Path:
    """A config file in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_config_is_read_whole(tmp_path: Path) -> None:
    """TOML's own dates and texts mean the same; a text where a list may stand is a list of one."""
    config = find_config([write(tmp_path, FULL)])
    assert (config.root, config.file, config.as_of, config.packs) == (tmp_path, "ccpolicy.toml", date(2026, 6, 30), (tmp_path / "house",))
    assert (config.ignore, config.organisation_name, config.roles) == (("notes/",), "Harbour", {"merchant": True})
    assert config.params == {"days": 30, "since": "2026-01-01"}
    assert config.max_age == {"calendar": Duration(days=30, text="P30D")}
    assert config.options == {"fail_on": "high", "standard": ["hipaa"]}
    mapped, claim = config.mappings[0], config.claims[0]
    assert (mapped.files, mapped.kind, mapped.form, mapped.id, mapped.more) == (
        ("connect/*.json",),
        "calendar",
        "ndjson",
        ("Id",),
        ("NextToken",),
    )
    assert (mapped.placeholders, mapped.lacks, mapped.columns, mapped.line) == (
        (r"\$\{.*\}",),
        (("ResourceType",),),
        {"Employee ID": "agent_id"},
        19,
    )
    assert mapped.cells == CellOptions(";", "%d.%m.%Y", ("yes", "Y"))
    made = mapped.complete
    assert made is not None
    assert (made.kind, made.first, made.last, made.collection, made.file) == ("calendar", date(2026, 1, 1), None, True, "ccpolicy.toml")
    assert (claim.kind, claim.by, claim.on, claim.site, claim.line, claim.collection) == ("waiver", "ops", "2026-06-30", "leeds", 33, False)


def test_the_config_is_sought_from_the_evidence_upwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never from the working directory; the nearest one governs."""
    outer = write(tmp_path, 'as_of = "2026-01-01"')
    inner = write(tmp_path / "a" / "b", "")
    (inner / "x.json").write_text("{}", "utf-8")
    (tmp_path / "c").mkdir()
    elsewhere = write(tmp_path.parent / f"{tmp_path.name}-elsewhere", 'as_of = "2020-01-01"')
    monkeypatch.chdir(elsewhere)
    assert find_config([inner]).root == inner
    assert find_config([inner / "x.json"]).root == inner
    assert find_config([tmp_path / "a"]).root == outer
    assert find_config([inner, tmp_path / "c"]).as_of == date(2026, 1, 1)


def test_without_a_config_the_root_is_the_evidence(tmp_path: Path) -> None:
    """Of a file, its folder; of several, what they have in common."""
    for name in ("a/b", "a/c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a" / "x.json").write_text("{}", "utf-8")
    assert find_config([tmp_path / "a"]) == Config(tmp_path / "a")
    assert find_config([tmp_path / "a" / "x.json"]) == Config(tmp_path / "a")
    assert find_config([tmp_path / "a" / "b", tmp_path / "a" / "c"]) == Config(tmp_path / "a")


def test_a_project_file_may_hold_the_config(tmp_path: Path) -> None:
    """`[tool.ccpolicy]`; a project file without it is passed over."""
    write(tmp_path, '[tool.ccpolicy]\nas_of = "2026-01-01"\n[[tool.ccpolicy.complete]]\nkind = "waiver"\nby = "a"\n', "pyproject.toml")
    write(tmp_path / "a", "[tool.other]\n", "pyproject.toml")
    with pytest.raises(Refused) as refused:
        find_config([tmp_path / "a"])
    assert [(p.file, p.line, p.message) for p in refused.value.problems] == [
        ("pyproject.toml", 3, "`complete.0.on` is missing"),
        ("pyproject.toml", 3, "`complete.0.basis` is missing"),
    ]


def test_prices_and_owners_are_read(tmp_path: Path) -> None:
    """Numbers exactly as they are written; the pattern that says most speaks for a name."""
    text = """
[plan]
day_rate = 400
effort = 2
standards = {hipaa = 0.1}
[plan.rules]
"access/*" = {effort = 0.3}
"access/*lockout*" = {cost = 100}
"access/lockout" = {effort = 5}
[owners]
"*" = {name = "Quality"}
"connect-*" = {name = "Telephony", due = 2026-07-15}
"""
    config = find_config([write(tmp_path, text)])
    prices = config.prices
    assert (prices.day_rate, dict(prices.standards)) == (Fraction(400), {"hipaa": Fraction(1, 10)})
    assert [prices.of(prices.rules, name) for name in ("access/x", "access/a-lockout", "access/lockout", "other")] == [
        (Fraction(3, 10), Fraction(0)),
        (Fraction(2), Fraction(100)),
        (Fraction(5), Fraction(0)),
        (Fraction(2), Fraction(0)),
    ]
    assert prices.in_days(Fraction(2), Fraction(100)) == Fraction(9, 4)
    assert nearest(config.owners, "connect-flow") == Owner("Telephony", date(2026, 7, 15))
    assert nearest(config.owners, "attestation/hipaa", "attestation") == Owner("Quality")
    assert config.lines["plan.rules.access/lockout"] == 9
    assert (config.lines["owners.*"], config.lines["plan.standards.hipaa"]) == (11, 5)


_RATE = "say what a day of work costs: `day_rate` in `[plan]`"
WRONG = [
    ("[plan]\nefort = 1", (2, 1, "there is no key `plan.efort`", "did you mean `effort`?")),
    ('[plan.rules]\n"a/*" = {costs = 1}', (2, 10, "there is no key `plan.rules.a/*.costs`", "did you mean `cost`?")),
    ("[plan]\neffort = -1", (2, 1, "`plan.effort` should be greater than or equal to 0", "")),
    ("[plan]\neffort = nan", (2, 1, "`plan.effort` should be a finite number", "")),
    ("[plan]\nday_rate = 0", (2, 1, "`plan.day_rate` should be greater than 0", "")),
    (
        "[plan.controls]\n'a/*' = {cost = 5}",
        (2, 10, "`plan.controls.a/*.cost` is money, which cannot be added to days of effort", _RATE),
    ),
    ("[plan]\ncost = 5", (2, 1, "`plan.cost` is money, which cannot be added to days of effort", _RATE)),
    ("[owners]\naccount = {name = 'IT', deu = 2026-07-15}", (2, 25, "there is no key `owners.account.deu`", "did you mean `due`?")),
    ("[owners]\naccount = {name = 'IT', due = 'soon'}", (2, 25, "`owners.account.due` is no date such as 2026-06-30", "")),
    ("as_off = 1", (1, 1, "there is no key `as_off`", "did you mean `as_of`?")),
    ("fail-on = 'low'", (1, 1, "there is no key `fail-on`", "did you mean `fail_on`?")),
    ('as_of = "June"', (1, 1, "`as_of` is no date such as 2026-06-30", "")),
    ("\nfail_on = 'worst'", (2, 1, "`fail_on` should be 'critical', 'high', 'medium', 'low', 'info' or 'never'", "")),
    ("[organisation.roles]\nmerchant = 'yes'", (2, 1, "`organisation.roles.merchant` should be a valid boolean", "")),
    (
        "[[documents]]\nfiles = 'x'\nkind = 'a'\n[[documents]]\nfiles='y'\nkind='b'\n  colums = {a = 'b'}",
        (7, 3, "there is no key `documents.1.colums`", "did you mean `columns`?"),
    ),
    (
        "[[documents]]\nfiles = 'x'\nkind = 'a'\ncomplete = {by = 'x', on = 2026-01-01, bases = 'y', basis = 'z'}",
        (4, 40, "there is no key `documents.0.complete.bases`", "did you mean `basis`?"),
    ),
    ("[[documents]]\nkind = 'a'", (1, 3, "`documents.0.files` is missing", "")),
    (
        "[[documents]]\nfiles = 'x'\nkind = 'a'\nid = 'Id'",
        (4, 1, "`documents.0.id` `Id` is no JSON Pointer: it does not start with `/`", ""),
    ),
    (
        "[[documents]]\nfiles = 'x'\nkind = 'a'\nplaceholders = ['(?=a)']",
        (4, 1, "`documents.0.placeholders.0` is no pattern of RE2: invalid perl operator: (?=", ""),
    ),
    ("max_age = {waiver = '1 year'}", (1, 12, "`max_age.waiver` is no duration such as P92D", "")),
    ("as_of = ", (1, 9, "this is no TOML: invalid value", "")),
    ("a = 1\na = 2", (2, 6, "this is no TOML: cannot overwrite a value", "")),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_a_wrong_key_or_value_is_refused_with_its_place(tmp_path: Path, text: str, expected: tuple[int, int, str, str]) -> None:
    """Line, column, the key and a hint."""
    with pytest.raises(Refused) as refused:
        find_config([write(tmp_path, text)])
    line, column, message, hint = expected
    assert refused.value.problems == (Problem("ccpolicy.toml", line, column, "bad-config", message, hint),)


def test_kinds_without_a_schema_are_refused(tmp_path: Path) -> None:
    """In mappings, claims and ages alike."""
    text = "max_age.wavier = 'P1Y'\n[[documents]]\nfiles='x'\nkind='calender'\n[[complete]]\nkind='zzz'\nby='a'\nbasis='b'\non=2026-01-01\n"
    config = find_config([write(tmp_path, text)])
    with pytest.raises(Refused) as refused:
        check_kinds(config, load_kinds([]))
    assert [(p.line, p.code, p.hint) for p in refused.value.problems] == [
        (3, "unknown-kind", "did you mean `calendar`?"),
        (6, "unknown-kind", ""),
        (1, "unknown-kind", "did you mean `waiver`?"),
    ]


def test_the_config_has_a_schema() -> None:
    """Editors complete it."""
    schema = config_schema()
    assert schema["additionalProperties"] is False
    assert {"as_of", "documents", "complete", "params", "fail_on"} <= set(schema["properties"])
    assert set(schema["$defs"]["CompleteTable"]["properties"]) == {"by", "on", "basis", "from", "to"}
