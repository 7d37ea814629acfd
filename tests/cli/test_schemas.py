"""`ccpolicy schemas` and `ccpolicy rules schema`: kinds, examples, and the schemas of files that are no documents."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ccpolicy.cli.file_schemas import FORMS, file_schema, schema_text
from ccpolicy.cli.init import EXAMPLE
from ccpolicy.cli.kinds import example_of, kinds_of
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.source import read_value
from tests.cli.conftest import PAN, Run

ROOT = Path(__file__).parents[2]
KINDS = kinds_of((), True)


def complaints(form: str, value: Any) -> list[str]:
    plain = json.loads(json.dumps(value, default=str))
    return [f"{list(error.absolute_path)}: {error.message}" for error in Draft202012Validator(file_schema(form)).iter_errors(plain)]


def test_list_shows_all_kinds(run: Run) -> None:
    """With their titles; without the shipped pack those of the engine remain."""
    assert [line.split()[0] for line in run("schemas", "list").out.splitlines()] == sorted(KINDS)
    assert [kind["kind"] for kind in run("schemas", "list", "--format", "json").json] == sorted(KINDS)
    engine = run("schemas", "list", "--no-shipped-rules").out.splitlines()
    assert [line.split()[0] for line in engine] == ["attestation", "calendar", "responsibility", "waiver"]


def test_show_prints_the_schema_file(run: Run) -> None:
    """As it stands."""
    assert run("schemas", "show", "queue").out == (ROOT / "schemas" / "queue.schema.json").read_text()


def test_an_unknown_kind_is_refused(run: Run) -> None:
    """With a hint."""
    for command in ("show", "example"):
        ran = run("schemas", command, "que")
        assert (ran.code, ran.out) == (2, "")
        assert "did you mean `queue`?" in ran.err


def test_kinds_of_packs_count(run: Run, tmp_path: Path) -> None:
    """Even if rules of the pack are wrong; card numbers in an example are not shown; an example may be missing."""
    for name, schema in {"shift": {"examples": [{"id": "s", "note": PAN}]}, "rota": {}}.items():
        (tmp_path / "pack" / "schemas").mkdir(parents=True, exist_ok=True)
        (tmp_path / "pack" / "schemas" / f"{name}.schema.json").write_text(json.dumps(schema))
    (tmp_path / "pack" / "checks").mkdir()
    (tmp_path / "pack" / "checks" / "bad.yaml").write_text("bad")
    found = run("schemas", "example", "shift", "--pack", tmp_path / "pack").json
    assert found == {"kind": "shift", "id": "s", "observed_at": "2026-06-30", "data": {"id": "s", "note": "<redacted>"}}
    assert run("schemas", "example", "rota", "--pack", tmp_path / "pack").code == 2


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_examples_are_documents_in_order(kind: str) -> None:
    """Each has an envelope and fits its schema."""
    document = example_of(KINDS[kind])
    evidence = evidence_of([document], KINDS, date(2026, 6, 30))
    assert (evidence.problems, evidence.violations) == ((), ())
    assert [one.id for one in evidence.of(kind)] == [document["id"]]


@pytest.mark.parametrize("form", FORMS)
def test_schemas_of_files_are_not_out_of_date(form: str, run: Run) -> None:
    """`schemas/` holds what the commands print: `ccpolicy rules schema > schemas/rule.schema.json` and so on."""
    assert (ROOT / "schemas" / f"{form}.schema.json").read_text("utf-8") == schema_text(form)
    command = {"rule": ("rules", "schema"), "cases": ("rules", "schema", "--cases"), "config": ("schemas", "config")}
    assert run(*command.get(form, ("rules", "schema", "--definition"))).out == schema_text(form)
    Draft202012Validator.check_schema(file_schema(form))


@pytest.mark.parametrize("file", sorted((ROOT / "rules" / "checks").rglob("*.yaml")), ids=lambda file: file.stem)
def test_shipped_rules_and_cases_fit_the_schemas(file: Path) -> None:
    """What the engine takes, an editor takes too."""
    form = "cases" if file.name.endswith(".cases.yaml") else "rule"
    assert complaints(form, read_value(file.read_bytes(), file.name, "yaml")) == []


@pytest.mark.parametrize("file", [EXAMPLE / "ccpolicy.toml", *sorted((ROOT / "fixtures").glob("*/ccpolicy.toml"))], ids=str)
def test_configs_fit_the_schema(file: Path) -> None:
    """A list may be written as its only member."""
    assert complaints("config", tomllib.loads(file.read_text())) == []


def test_mistakes_do_not_fit_the_schemas() -> None:
    """A misspelt word, in a rule and in a config."""
    assert complaints("config", {"as_off": "2026-06-30"}) != []
    assert complaints("config", {"documents": [{"files": [], "kind": "x"}]}) != []
    assert complaints("definition", {"on": "account", "predicate": {"a": {"iss": 1}}}) != []
