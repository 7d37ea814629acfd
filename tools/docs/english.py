"""What the conformance rows ask in plain English: their rules, loaded and worded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ccpolicy.backends.english import Said, names_of, predicate_said
from ccpolicy.documents.schema import load_kinds
from ccpolicy.errors import Refused
from ccpolicy.rulebook.load import load_rulebook
from ccpolicy.rulebook.pack import pack_at
from ccpolicy.rulebook.rule import Rule
from tools.docs.flow import in_line
from tools.docs.page import code, table
from tools.docs.rows import Row, rows_of, schemas_of

GIVEN = {
    "title": "-",
    "severity": "low",
    "controls": [{"control": "none/1", "coverage": "full", "why": "-"}],
    "message": "-",
    "remediation": "-",
}
MOST = 6  # sentences on a page


def sentences(rows: Sequence[Row]) -> str:
    """A table of what the rows require, each form of it once, with what it says in plain English."""
    shown: dict[str, tuple[str, str]] = {}
    for row in rows:
        rule = loaded(row.file).get(row.place)
        if rule is not None:
            shown.setdefault(_form(row.rule["require"]), (code(in_line(row.rule["require"])), _sentence(rule)))
    return table(("condition", "in plain English"), list(shown.values())[:MOST])


def _form(node: Any) -> str:
    """The words of a condition without its values and the paths that it starts from."""
    match node:
        case dict():
            return ",".join(f"{key if len(node) > 1 or '_' in key else '*'}:{_form(value)}" for key, value in node.items())
        case list():
            return f"[{','.join(sorted(set(map(_form, node))))}]"
        case _:
            return type(node).__name__


def _sentence(rule: Rule) -> str:
    titles: Mapping[str, str] = {}
    return " ".join(_lines(predicate_said(rule.require, names_of(rule.foci, rule.joins, rule.measures, rule.parameters, titles))))


def _lines(said: Said) -> Iterator[str]:
    yield said.text
    for part in said.parts:
        yield from ("•", *_lines(part))


@lru_cache
def loaded(file: str) -> Mapping[int, Rule]:
    """The rules of the rows of a file, by the row's place in it, but for those that are refused."""
    with TemporaryDirectory() as folder:
        top = Path(folder)
        for name, schema in schemas_of(file).items():
            _put(top / "schemas" / f"{name}.schema.json", schema)
        kinds = load_kinds([top / "schemas"])
        rules = {row.place: _loaded(top / str(row.place), row, kinds) for row in rows_of(file)}
    return {place: rule for place, rule in rules.items() if rule is not None}


def _loaded(folder: Path, row: Row, kinds: Mapping[str, Any]) -> Rule | None:
    _put(folder / "checks" / "row" / "rule.json", {**GIVEN, **row.rule, "id": "row/rule"})
    for name, definition in row.case.get("definitions", {}).items():
        _put(folder / "definitions" / f"{name}.json", definition)
    try:
        return load_rulebook([pack_at(folder, "row")], kinds).rules["row/rule"]
    except Refused:
        return None


def _put(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, default=float), "utf-8")
