"""The pages on operators: what they say stands in docs/operators.toml, what they mean in the conformance data."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ccpolicy.assessment.library import Library
from ccpolicy.documents.source import read_value
from ccpolicy.rulebook.syntax import (
    CadenceArgument,
    Condition,
    CountArgument,
    DoneWithinArgument,
    EdgeArgument,
    EveryPathArgument,
    Predicate,
)
from tools.docs.english import sentences
from tools.docs.fields import resolved, type_text
from tools.docs.flow import in_line, in_lines
from tools.docs.page import Page, code, details, fence, link, listed, prose, table
from tools.docs.rows import TRUTHS, Row, about, speaks_of, truth_table
from tools.docs.rules import rule_page

WORDS = Path(__file__).resolve().parents[2] / "docs" / "operators.toml"
ARGUMENTS: dict[str, list[tuple[str, type[BaseModel]]]] = {
    "count": [("", CountArgument)],
    "done_within": [("", DoneWithinArgument)],
    "cadence": [("", CadenceArgument)],
    "every_path": [("", EveryPathArgument), ("An edge of `next`: a path, or", EdgeArgument)],
}
LIST = "operators/index.md"
ABOUT = (
    "A condition is a path and what is said of the value there, such as `{recording.pause_mode: {in: [pause, mask]}}`. The words are "
    "a closed list. Each page shows what an operator makes of every kind of value, taken from the data by which the engine is tested.\n\n"
    "A condition **holds**, is **violated**, or is **unknown**; what that means "
)
LONG = 90  # characters of an example that still fits a table
MANY = 5  # examples that share a rule


def names_of(model: type[BaseModel]) -> list[str]:
    """The words of a model of the syntax, as rules write them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def operator_names() -> list[str]:
    """Every operator of a condition and every word of a predicate."""
    return [*names_of(Condition), *names_of(Predicate)]


def operator_page(name: str) -> str:
    """Where the page of an operator is."""
    return f"operators/{name}.md"


def operator_pages(library: Library) -> Iterator[Page]:
    """The page of each operator, and their list."""
    used = _used(library)
    words = tomllib.loads(WORDS.read_text("utf-8"))
    for name in operator_names():
        yield Page(operator_page(name), name, _operator(name, words[name], used.get(name, ())))
    yield Page(LIST, "Operators", _list(words))


def _used(library: Library) -> dict[str, list[str]]:
    """By operator, links to the rules of the packs that use it."""
    found: dict[str, list[str]] = {}
    for pack in library.packs:
        for file, _ in pack.files("checks"):
            text: Any = None if ".cases." in file.name else read_value(file.read_bytes(), file.name, "yaml")
            for name in operator_names() if isinstance(text, dict) else ():
                if any(speaks_of(name, text.get(part)) for part in ("when", "require", "with", "measure")):
                    rule = library.rulebook.rules[text["id"]]
                    found.setdefault(name, []).append(f"{link(operator_page(name), rule_page(rule.id), rule.id)}: {prose(rule.title)}")
    return found


def _list(words: Mapping[str, Any]) -> str:
    groups = list(dict.fromkeys(words[name]["group"] for name in operator_names()))
    parts = [ABOUT + f"is told under {link(LIST, 'concepts/truth.md', 'three truth values')}.\n"]
    for group in groups:
        names = [name for name in operator_names() if words[name]["group"] == group]
        rows = [(link(LIST, operator_page(name), code(name)), words[name]["says"], words[name]["left"]) for name in names]
        parts.append(f"## {group}\n\n{table(('operator', 'meaning', 'of'), rows)}")
    return "\n".join(parts)


def _operator(name: str, words: Mapping[str, Any], used: Sequence[str]) -> str:
    rows = about(name, words["files"])
    parts = [words["says"], f"* **Stands on:** {words['left']}\n* **Argument:** {words['argument']}\n"]
    parts += [_argument(name), _truth(name, rows, words), _english(rows), examples(rows)]
    if used:
        parts.append("## Rules that use it\n\n" + listed(used))
    return "\n\n".join(part for part in parts if part)


def _argument(name: str) -> str:
    parts = []
    for title, model in ARGUMENTS.get(name, ()):
        schema = model.model_json_schema(by_alias=True)
        top = resolved(schema, schema)
        required = top.get("required", ())
        rows = [(code(key), _type(below, schema), "yes" if key in required else "") for key, below in top["properties"].items()]
        parts.append((f"{title}:\n\n" if title else "") + table(("key of the argument", "type", "required"), rows))
    return "## Argument\n\n" + "\n".join(parts) if parts else ""


def _type(schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """The type of a key of an argument, in words of the rule language."""
    if "Predicate" in str(schema):
        return "predicate"
    branches = [branch for branch in schema.get("anyOf", ()) if branch.get("type") != "null"]
    if not branches:
        return type_text(schema, root)
    if any("path" in branch.get("properties", ()) for branch in branches):
        return "value or operand"
    words = ["`{param: name}`" if "param" in branch.get("properties", ()) else _scalar(branch, root) for branch in branches]
    return " or ".join(words)


def _scalar(branch: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    return "duration" if branch.get("pattern") == "^P" else type_text(branch, root)


def _english(rows: Sequence[Row]) -> str:
    found = sentences(rows)
    return f"## In plain English\n\n{found}" if found else ""


def _truth(name: str, rows: Sequence[Row], words: Mapping[str, Any]) -> str:
    like = words.get("like", "")
    if name != "present":
        found = table(("what stands there", "outcome"), truth_table(rows, about(like, words["files"]) if like else (), like))
        return f"## Truth\n\n{found}" if found else ""
    parts = ["## Truth\n"]
    for argument in (True, False):
        chosen = [row for row in rows if row.condition is not None and row.condition[2] is argument]
        parts.append(table(("what stands there", code(f"present: {in_line(argument)}")), truth_table(chosen)))
    return "\n".join(parts)


def examples(rows: Sequence[Row]) -> str:
    """Short cases in a table, the others folded away; a rule that many of them share is shown once."""
    shared = _shared(rows)
    short = [row for row in rows if _is_short(row, shared)]
    parts = ["## Examples\n\nEach is a test of the engine. The date of assessment is 2026-06-30, unless it says otherwise.\n"]
    if shared:
        parts.append("Where an example shows no rule of its own:\n\n" + fence(in_lines(shared), "yaml"))
    heads = ("example", "condition", "document", "outcome")
    parts.append(table(heads, [_row(row, shared) for row in short]))
    parts += [example(row, shared) for row in rows if row not in short]
    return "\n".join(parts) if rows else ""


def _shared(rows: Sequence[Row]) -> Mapping[str, Any]:
    """The part of the rule that most of the rows have in common, where it is too long to be said each time."""
    texts = Counter(in_line(_rule(row)) for row in rows)
    text, times = texts.most_common(1)[0] if texts else ("", 0)
    if times < MANY or len(text) <= LONG:
        return {}
    return next(_rule(row) for row in rows if in_line(_rule(row)) == text)


def _rule(row: Row) -> Mapping[str, Any]:
    return {key: value for key, value in row.rule.items() if key != "applies_to"}


def _is_short(row: Row, shared: Mapping[str, Any]) -> bool:
    if not row.lone or {"params", "organisation", "definitions", "as_of"} & set(row.case):
        return False
    alone = list(_rule(row)) == ["require"] and len(in_line(row.rule["require"])) <= LONG
    return (alone or _rule(row) == shared) and len(in_line(row.case.get("data", {}))) <= LONG


def _row(row: Row, shared: Mapping[str, Any]) -> tuple[str, str, str, str]:
    gaps = ", ".join(code(gap if isinstance(gap, str) else gap["pointer"]) for gap in row.case.get("gaps", ()))
    document = code(in_line(row.case.get("data", {}))) + (f", gap at {gaps}" if gaps else "")
    why = f": {prose(row.case['why'])}" if "why" in row.case else ""
    condition = "" if _rule(row) == shared else code(in_line(row.rule["require"]))
    return prose(row.case["name"]) + why, condition, document, outcome(row.expected)


def outcome(expected: Mapping[str, Any]) -> str:
    """What a case expects, in short."""
    if expected.get("refused"):
        return "the rule is refused"
    if "truth" in expected:
        reasons = expected.get("reasons", [])
        return TRUTHS[expected["truth"]] + (f" ({', '.join(map(code, reasons))})" if reasons else "")
    return ", ".join(f"{key} {code(in_line(value))}" for key, value in expected.items())


def example(row: Row, shared: Mapping[str, Any] | None = None) -> str:
    """A case that is too long for a table, folded away."""
    given = {key: value for key, value in row.case.items() if key not in ("name", "why", "expect", "rule")}
    rule = {} if _rule(row) == shared else _rule(row)
    why = f"{prose(row.case['why'])}\n\n" if "why" in row.case else ""
    body = f"{why}Outcome: {outcome(row.expected)}\n\n" + fence(in_lines({**rule, **given}), "yaml")
    return details(row.case["name"], body)
