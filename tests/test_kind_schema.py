"""`ccpolicy rules schema --kind`: it agrees with the loader about paths, operators and types, for every kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from click.testing import CliRunner
from pydantic import ValidationError

from ccpolicy.cli.file_schemas import file_schema
from ccpolicy.cli.main import ccpolicy
from ccpolicy.documents.schema import load_kinds
from ccpolicy.documents.shape import Shape, shape_of
from ccpolicy.documents.source import read_value
from ccpolicy.language.scope import Scope, body_of
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.kind_places import Spot, known_at, known_everywhere, members_known, sources_of
from ccpolicy.rulebook.kind_schema import kind_schema
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.lower import predicate
from ccpolicy.rulebook.pack import shipped

PACK = shipped()
KINDS = load_kinds([PACK.schemas])
RULES = [file for file, below in PACK.files("checks") if ".cases." not in below]
BASE = file_schema("rule")


@cache
def schema_of(kind: str) -> dict[str, Any]:
    return kind_schema(KINDS[kind], BASE, KINDS, ())


@cache
def checker(kind: str, place: str = "") -> Any:
    """A validator of whole rules, or of the predicates at a place."""
    schema = schema_of(kind)
    return jsonschema_rs.validator_for({"$ref": f"#/$defs/at%20{place}", "$defs": schema["$defs"]} if place else schema)


def loads(kind: str, shape: Shape, condition: dict[str, Any]) -> bool:
    """Whether the loader takes a predicate at a place without a complaint or a remark."""
    here = body_of(kind, shape)
    ledger = Ledger(KINDS)
    try:
        predicate(syntax.Predicate.model_validate(condition), Scope(here, here, period=True), ledger, ("require",))
    except ValidationError:
        return False
    return not ledger.complaints and not ledger.remarks


LITERALS = [5, "x", True, "2026-01-01", "P1D"]
STRICT: dict[str, list[Any]] = {
    **dict.fromkeys(("is", "is_not", "at_least", "at_most", "more_than", "less_than", "before", "after"), LITERALS),
    **dict.fromkeys(("on_or_before", "on_or_after", "starts_with", "ends_with", "contains_text", "contains"), LITERALS),
    **{word: [[one] for one in LITERALS] for word in ("in", "not_in", "contains_all", "at_most_one_of", "subset_of", "disjoint_from")},
    "between": [[one, one] for one in LITERALS],
    "within_last": ["P1M"],
    "within_next": ["P1M"],
    "done_within": [{"of": {"path": "$as_of"}, "days": 3}],
    "matches": ["x"],
    "free_of": [["pan"]],
    "present": [True],
    **{word: [{".": {"present": True}}] for word in ("some", "every", "none")},
    "count": [{"at_least": 1}, {"where": {".": {"present": False}}, "at_most": 2}],
}
LOOSE: dict[str, list[Any]] = {  # for lists; that their arguments fit the members is left to the loader
    "unique_by": ["."],
    "cadence": [{"at": ".", "every": "P1M", "over_last": "P12M"}],
}


def tried(text: str, shape: Shape) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operator on a path, with every argument; values that the schema lists among them."""
    for word, arguments in {**STRICT, **LOOSE}.items():
        listed = [value for value in shape.values or () if value is not None] if word in ("is", "is_not") else []
        for argument in [*arguments, *listed]:
            yield word, {text: {word: argument}}


def disagreements(kind: str, place: str, shape: Shape) -> Iterator[str]:
    """Where the schema and the loader differ about what may stand at a place."""
    check = checker(kind, place.replace(" ", "%20"))
    for spot in known_at(shape).spots:
        for word, condition in tried(spot.text, spot.shape):
            taken, loaded = check.is_valid(condition), loads(kind, shape, condition)
            if (loaded and not taken) or (taken and not loaded and word in STRICT and "any" not in spot.shape.types):
                yield f"{place}: {json.dumps(condition)}: the loader says {loaded}, the schema {taken}"


def places(kind: str) -> list[tuple[str, Shape]]:
    """The body, and the members of each list in it, nested ones too."""
    body = KINDS[kind].shape()
    members = [(spot.text, spot.shape) for spot in sources_of(body).spots if spot.text.endswith("*") and spot.text.count("*") <= 5]
    return [(".", body), *((text, shape) for text, shape in members if "any" not in shape.types)]


@pytest.mark.parametrize("kind", KINDS)
def test_operators_and_types_are_those_of_the_loader(kind: str) -> None:
    """Each path of the kind, each operator, each type of argument: taken by the schema if and only if the loader takes it."""
    found = [line for place, shape in places(kind) for line in disagreements(kind, place, shape)]
    assert found == []


@pytest.mark.parametrize("kind", KINDS)
def test_misspelt_paths_are_refused(kind: str) -> None:
    """A path with one letter more is refused wherever the loader refuses it, and so is a misspelt path in an operand."""
    body = KINDS[kind].shape()
    check = checker(kind, ".")
    seen = 0
    for spot in known_at(body).spots[1:]:
        for condition in ({f"{spot.text}x": {"present": True}}, {"$document.id": {"is": {"path": f"{spot.text}x"}}}):
            if not loads(kind, body, condition) and not known_open(body, spot):
                assert not check.is_valid(condition), condition
                seen += 1
    assert seen or "any" in body.types


def known_open(body: Shape, spot: Spot) -> bool:
    """Whether the schema leaves what stands beside a place to the loader."""
    return any(pattern.startswith("^") and spot.text.startswith(pattern[1:].replace("\\", "")) for pattern in known_at(body).patterns)


@pytest.mark.parametrize("kind", KINDS)
def test_unknown_operators_and_words_are_refused(kind: str) -> None:
    """An operator that there is not, two words of which one lacks, and an empty condition."""
    check = checker(kind, ".")
    wrong: list[dict[str, Any]] = [{"$document.id": {"iss": "x"}}, {"$document.id": {}}, {"al_of": []}, {"all_of": []}, {"then": {}}, {}]
    for condition in wrong:
        assert not check.is_valid(condition), condition


@pytest.mark.parametrize("spot", known_everywhere().spots, ids=lambda spot: spot.text)
def test_the_envelope_and_the_day_have_their_operators(spot: Spot) -> None:
    """What can be named everywhere agrees with the loader too."""
    body = KINDS["account"].shape()
    for word, condition in tried(spot.text, spot.shape):
        taken, loaded = checker("account", ".").is_valid(condition), loads("account", body, condition)
        assert taken or not loaded, condition
        if word in STRICT and members_known(spot.shape):
            assert taken == loaded, condition


@pytest.mark.parametrize("file", RULES, ids=lambda file: file.stem)
def test_every_shipped_rule_is_taken_by_the_schema_of_its_kind(file: Path) -> None:
    """And by that of no other kind."""
    rule: Any = read_value(file.read_bytes(), file.name, "yaml")
    plain = json.loads(json.dumps(rule, default=float))
    assert [error.message for error in checker(rule["applies_to"]).iter_errors(plain)] == []
    assert not checker("waiver").is_valid(plain)


def rule_on(kind: str, **changes: Any) -> dict[str, Any]:
    head = {"id": "a/b", "title": "t", "severity": "low", "applies_to": kind, "message": "m", "remediation": "r"}
    return {
        **head,
        "controls": [{"control": "a/1", "coverage": "partial", "why": "w"}],
        "require": {"$x": {"count": {"at_least": 1}}},
        **changes,
    }


WHOLE: dict[str, tuple[dict[str, Any], bool]] = {
    "joins and measures are left to the loader": ({}, True),
    "a condition on the member of a list": ({"each": "queues.*", "require": {"takes_payments": {"is": True}}}, True),
    "a path of the body where the focus is a member": ({"each": "queues.*", "require": {"queues": {"present": True}}}, False),
    "a path of a member where the focus is the body": ({"require": {"takes_payments": {"is": True}}}, False),
    "a source that there is not": ({"each": "queus.*"}, False),
    "a source with a position is left to the loader": ({"each": "queues[0]", "require": {"nonsense": {"is": 1}}}, True),
    "a path with a position is left to the loader": ({"require": {"queues[0].takes_payments": {"is": True}}}, True),
    "the day may be compared with a path of the body": ({"when": {"$as_of": {"after": {"path": "opened_on", "plus": "P12M"}}}}, True),
    "inside a quantifier paths start at the member": ({"require": {"queues": {"some": {"takes_payments": {"is": True}}}}}, True),
    "and nowhere else": ({"require": {"queues": {"some": {"queues": {"present": True}}}}}, False),
    "an operand names a path where the condition stands": (
        {"require": {"queues": {"some": {"name": {"is": {"path": "namee"}}}}}},
        False,
    ),
    "an operand of the focus is left to the loader": ({"require": {"queues": {"some": {"name": {"is": {"path": "$focus.id"}}}}}}, True),
    "a parameter stands for any value": ({"require": {"id": {"is": {"param": "p"}}}}, True),
    "an operand with two words": ({"require": {"id": {"is": {"param": "p", "path": "id"}}}}, False),
    "another kind": ({"applies_to": "account"}, False),
    "a misspelt key of the rule": ({"requires": {}}, False),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole_rules(name: str) -> None:
    """What a rule about queue configurations may say."""
    changes, expected = WHOLE[name]
    assert checker("queue-config").is_valid(rule_on("queue-config", **changes)) is expected


def test_hover_texts_come_from_the_schema_of_the_kind() -> None:
    """Title, description and listed values of a field."""
    field = schema_of("account")["$defs"]["at ."]["properties"]["type"]
    assert "person" in field["description"]
    assert field["properties"]["is"]["anyOf"][0]["enum"][:1] == ["person"]
    sensitive = shape_of({"a": {"properties": {"x": {"type": "string", "title": "Secret", "sensitive": True}}}}, "a").step("x")
    assert sensitive is not None
    assert sensitive.title == "Secret"


def test_a_schema_that_holds_itself_ends() -> None:
    """A list of lists of its own kind is followed some levels deep, then left to the loader."""
    kind = next(iter(KINDS.values()))
    tree = {"type": "object", "properties": {"leaf": {"type": "boolean"}, "twigs": {"type": "array", "items": {"$ref": "#"}}}}
    grown = type(kind)("tree", {**tree, "additionalProperties": False}, "", {"tree.schema.json": {**tree, "additionalProperties": False}})
    schema = kind_schema(grown, BASE, ["tree"], ())
    check = jsonschema_rs.validator_for({"$ref": "#/$defs/at%20.", "$defs": schema["$defs"]})
    assert check.is_valid({"twigs": {"some": {"twigs": {"some": {"leaf": {"is": True}}}}}})
    assert not check.is_valid({"twigs": {"some": {"twigs": {"some": {"leave": {"is": True}}}}}})
    assert len(json.dumps(schema)) < 1_000_000


def test_the_command_writes_and_prints_the_same(tmp_path: Path) -> None:
    """With the controls of the catalogues, to stdout or to a file."""
    runner = CliRunner()
    printed = runner.invoke(ccpolicy, ["rules", "schema", "--kind", "account"])
    file = tmp_path / "account.json"
    assert runner.invoke(ccpolicy, ["rules", "schema", "--kind", "account", "--output", str(file)]).exit_code == 0
    assert file.read_text("utf-8") == printed.stdout
    schema = json.loads(printed.stdout)
    assert "pci-dss-4.0.1/8.4.2" in schema["$defs"]["ControlLink"]["properties"]["control"]["enum"]
    assert schema["x-not-a-kind"] is True


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--kind", "acount"], "did you mean `account`?"),
        (["--kind", "account", "--cases"], "leave out `--kind` or `--cases`"),
        (["--output", "no/such/folder/a.json"], "there is no folder `no/such/folder`"),
    ],
)
def test_wrong_use_of_the_command(arguments: list[str], said: str) -> None:
    """A hint, and exit 2."""
    result = CliRunner().invoke(ccpolicy, ["rules", "schema", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr


def test_packs_of_a_config_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`schemas` and `rules schema --kind` know the kinds of the packs that the config here names."""
    (tmp_path / "house" / "schemas").mkdir(parents=True)
    schema = '{"title": "Thing", "type": "object", "properties": {"size": {"type": "integer"}}}'
    (tmp_path / "house" / "schemas" / "house-thing.schema.json").write_text(schema, "utf-8")
    (tmp_path / "ccpolicy.toml").write_text('packs = ["house"]\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    assert "house-thing" in runner.invoke(ccpolicy, ["schemas", "list"]).stdout
    assert runner.invoke(ccpolicy, ["rules", "schema", "--kind", "house-thing"]).exit_code == 0
