"""`ccpolicy rules new`: what it writes loads, and its cases pass, for every kind."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ccpolicy.cli.main import ccpolicy
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.documents.source import read_value
from ccpolicy.rulebook.pack import shipped
from ccpolicy.rulebook.scaffold import Wish, cases_text, rule_text
from ccpolicy.rulebook.scaffold_asks import Ask, asks, example_of

KINDS = load_kinds([shipped().schemas])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(ccpolicy, ["rules", *arguments])


def first_ask(kind: Kind) -> Ask:
    return next(asks(kind, example_of(kind, None, kind.shape())))


def test_every_kind_gives_a_rule_that_loads_and_cases_that_pass(tmp_path: Path) -> None:
    """The first thing that can be asked of each kind, in one pack: no complaint, no warning, three cases each."""
    checks = tmp_path / "checks" / "new"
    checks.mkdir(parents=True)
    for kind in KINDS.values():
        wish = Wish(f"new/{kind.name}", kind, None, ("pci-dss-4.0.1/8.4.2",), {}, True)
        example = example_of(kind, None, kind.shape())
        ask = first_ask(kind)
        (checks / f"{kind.name}.yaml").write_text(rule_text(wish, ask, example), "utf-8")
        (checks / f"{kind.name}.cases.yaml").write_text(cases_text(wish, ask, example), "utf-8")
    result = run("test", "new/*", "--pack", str(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"{3 * len(KINDS)} cases of {len(KINDS)} rules: {3 * len(KINDS)} passed, 0 failed")
    assert CliRunner().invoke(ccpolicy, ["fmt", "--check", str(tmp_path)]).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "field", "condition"),
    [
        ("account", "type", {"is": "person"}),
        ("access-review", "in_cardholder_data_environment", {"is": True}),
        ("training-record", "completed_on", {"within_last": "P12M"}),
        ("waiver", "expires_on", {"on_or_after": {"path": "$as_of"}}),
        ("queue-config", "platform", {"present": True}),
    ],
)
def test_the_first_thing_asked_is_a_telling_one(kind: str, field: str, condition: dict[str, object]) -> None:
    """A choice, a boolean or a date comes before a text, and a text before the id."""
    ask = first_ask(KINDS[kind])
    assert (str(ask.field), ask.condition) == (field, condition)


def test_a_rule_about_members_with_its_schema(tmp_path: Path) -> None:
    """`--each` and `--schema`: the pair passes, and its first line names the schema, which is there."""
    pack = str(tmp_path / "house")
    made = run("new", "house/queues", "--kind", "queue-config", "--each", "queues.*", "--pack-dir", pack, "--schema")
    assert (made.exit_code, made.stderr) == (0, "")
    rule = tmp_path / "house/checks/house/queues.yaml"
    line = rule.read_text("utf-8").splitlines()[0]
    found = re.fullmatch(r"# yaml-language-server: \$schema=(.*)", line)
    assert found is not None
    assert (rule.parent / found[1]).resolve().is_file()
    assert read_value(rule.read_bytes(), "a", "yaml")["each"] == "queues.*"
    assert run("test", "house/queues", "--pack", pack).stdout == "3 cases of 1 rule: 3 passed, 0 failed\n"


def test_a_house_kind_of_its_own_pack_is_known(tmp_path: Path) -> None:
    """The kinds of the pack that is written into need no --pack."""
    schema = '{"title": "Thing", "type": "object", "properties": {"size": {"type": "integer", "minimum": 3}}, "examples": [{"size": 3}]}'
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "house-thing.schema.json").write_text(schema, "utf-8")
    assert run("new", "thing", "--kind", "house-thing", "--pack-dir", str(tmp_path), "--control", "pci-dss-4.0.1/8.4.2").exit_code == 0
    rule = read_value((tmp_path / "checks/thing.yaml").read_bytes(), "a", "yaml")
    assert rule["require"] == {"size": {"at_most": 3}}
    assert run("test", "thing", "--pack", str(tmp_path)).exit_code == 0


REFUSED = {
    "an unknown kind": (["a/b", "--kind", "acount"], "did you mean `account`?"),
    "an unknown control": (["a/b", "--kind", "account", "--control", "8.4.2"], "`pci-dss-4.0.1/8.4.2`?"),
    "an unknown source": (["a/b", "--kind", "queue-config", "--each", "queus.*"], "did you mean `queues`?"),
    "a source that is no path": (["a/b", "--kind", "queue-config", "--each", "/queues"], "`/queues` is no path"),
    "an id that leads elsewhere": (["../b", "--kind", "account"], "`../b` cannot be the id of a rule"),
    "a taken id": (["access/lockout", "--kind", "account"], "there is a rule `access/lockout` already"),
    "no catalogue": (["a/b", "--kind", "waiver", "--no-shipped-rules"], "there is no catalogue"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_written_is_refused(name: str, tmp_path: Path) -> None:
    """With a hint and exit 2, and nothing is written."""
    arguments, said = REFUSED[name]
    result = run("new", *arguments, "--pack-dir", str(tmp_path))
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["b.yaml", "b.yml", "b.json", "b.cases.yaml"])
def test_nothing_is_overwritten(name: str, tmp_path: Path) -> None:
    """A file of either name, whatever its extension, stays as it is, and no other is written."""
    file = tmp_path / "checks" / "a" / name
    file.parent.mkdir(parents=True)
    file.write_text("mine", "utf-8")
    assert run("new", "a/b", "--kind", "account", "--pack-dir", str(tmp_path)).exit_code == 2
    assert [path.name for path in file.parent.iterdir()] == [name]
    assert file.read_text("utf-8") == "mine"
