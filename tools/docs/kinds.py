"""The pages on kinds of documents, made from their schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from ccpolicy.assessment.library import Library
from ccpolicy.cli.kinds import example_of
from ccpolicy.documents.path import Step
from ccpolicy.documents.schema import ENGINE_KINDS, Kind
from ccpolicy.rulebook.rule import Rule
from tools.docs.fields import Field, fields_of, limits, type_text
from tools.docs.page import Page, broken, code, fence, link, prose, table
from tools.docs.rules import rule_page

LIST = "kinds/index.md"


def kind_page(name: str) -> str:
    """Where the page of a kind is."""
    return f"kinds/{name}.md"


def kind_pages(library: Library) -> Iterator[Page]:
    """The page of each kind, and their list."""
    yield Page(LIST, "Kinds of documents", _list(library))
    for kind in library.kinds.values():
        yield Page(kind_page(kind.name), kind.title or kind.name, _kind(kind, library))


def _list(library: Library) -> str:
    rows = [
        (link(LIST, kind_page(kind.name), code(kind.name)), prose(kind.title), _number(kind, library)) for kind in library.kinds.values()
    ]
    return (
        "Every document has a kind, and every kind a schema. `ccpolicy schemas example KIND` prints a document to start from, "
        "`ccpolicy schemas show KIND` the schema.\n\n" + table(("kind", "what it is", "rules that read it"), rows)
    )


def _number(kind: Kind, library: Library) -> str:
    return str(sum(kind.name in rule.kinds for rule in library.rulebook.rules.values()) or "")


def _kind(kind: Kind, library: Library) -> str:
    readers = [rule for rule in library.rulebook.rules.values() if kind.name in rule.kinds]
    facts = [
        ("kind", code(kind.name)),
        ("record date", code(str(kind.record_date)) + ": the date by which a record belongs to a period"),
        ("oldest", f"{code(kind.max_age.text)} before the date of assessment; what is older is not in evidence" if kind.max_age else ""),
        ("unique", ", ".join(map(code, kind.unique_key)) + ": no two documents share it" if kind.unique_key else ""),
        ("belongs to", "the engine, not to a pack" if Path(kind.file).parent == ENGINE_KINDS else ""),
    ]
    parts = [
        prose(str(kind.schema.get("description", ""))),
        "".join(f"* **{name.capitalize()}:** {fact}\n" for name, fact in facts if fact),
        "## Fields\n\nA path is as a rule writes it; `*` stands for each member of a list or map.\n",
        table(("path", "type", "required", "meaning", "read by"), [_field(field, kind, readers) for field in fields_of(kind.schema)]),
        _example(kind),
        _readers(kind, readers),
    ]
    return "\n\n".join(part for part in parts if part)


def _field(field: Field, kind: Kind, readers: list[Rule]) -> tuple[str, str, str, str, str]:
    meaning = [prose(field.about), limits(field.schema), "**Sensitive:** never shown." if field.sensitive else ""]
    here = kind_page(kind.name)
    named = [
        link(here, rule_page(rule.id), rule.id)
        for rule in readers
        if any(_reads(field, steps) for name, steps in rule.reads if name == kind.name)
    ]
    return (
        broken(field.path),
        type_text(field.schema, kind.schema),
        "yes" if field.required else "",
        " ".join(filter(None, meaning)),
        ", ".join(named),
    )


def _reads(field: Field, steps: tuple[Step, ...]) -> bool:
    """Whether a rule that looks at these steps looks at the field itself."""
    return field.steps == tuple(step if isinstance(step, str) else "*" for step in steps)


def _example(kind: Kind) -> str:
    if not kind.schema.get("examples"):
        return ""
    return "## Example\n\n" + fence(json.dumps(example_of(kind), ensure_ascii=False, indent=2, default=float), "json")


def _readers(kind: Kind, readers: list[Rule]) -> str:
    rows = [(link(kind_page(kind.name), rule_page(rule.id), code(rule.id)), prose(rule.title)) for rule in readers]
    return "## Rules that read it\n\n" + table(("rule", "title"), rows) if rows else ""
