"""A new rule and its cases as text, ready to edit: they load, and the cases pass as they are written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccpolicy.documents.pointer import write_pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.shape import Shape
from ccpolicy.documents.source import read_value
from ccpolicy.rulebook.formatting import Form, formatted
from ccpolicy.rulebook.scaffold_asks import AS_OF, Ask, Example

MOST_CITED = 5  # controls shown to choose from


@dataclass(frozen=True, slots=True)
class Wish:
    """What the author has said: the id, the kind, the source of `each` and the controls to choose from, the first of which is cited."""

    id: str
    kind: Kind
    each: str | None
    controls: tuple[str, ...]
    titles: Mapping[str, str]
    chosen: bool  # the author named the control
    modeline: str = ""
    run: str = ""  # the command that runs the cases


def rule_text(wish: Wish, ask: Ask, example: Example) -> str:
    """The rule file."""
    lines = [
        *([wish.modeline, ""] if wish.modeline else []),
        f"# A rule about documents of kind {wish.kind.name}. Edit what is marked EDIT, here and in the cases, then run: {wish.run}",
        "",
        f"id: {wish.id}",
        f"title: {_quoted(f'In every {wish.kind.name}, {_name(wish, ask)} {ask.words}')}  # EDIT",
        "severity: medium  # EDIT: critical, high, medium, low or info",
        "controls:",
        *_citation(wish),
        f"applies_to: {wish.kind.name}",
        *([f"each: {_quoted(wish.each)}  # one focus for each of these"] if wish.each else []),
        "# when: {...}  # EDIT: which of them the rule is about, if not all; then a case has to expect not_applicable",
        "require:",
        f"  # EDIT: what has to hold; `ccpolicy schemas show {wish.kind.name}` shows the fields",
        f"  {_quoted(str(ask.field))}: {_json(ask.condition)}",
        f"message: {_quoted(_message(wish, ask, example.focus))}  # EDIT",
        'remediation: "Say here who has to change what, and where"  # EDIT',
    ]
    return _formatted(lines, "rule")


def _name(wish: Wish, ask: Ask) -> str:
    """The field, as the texts call it."""
    return wish.each or "" if str(ask.field) == "." else str(ask.field)


def _message(wish: Wish, ask: Ask, focus: Shape) -> str:
    """What a finding says; braces of a field's name cannot stand in it."""
    keys: tuple[str, ...] = focus.keys()
    shapes = [(key, focus.step(key)) for key in ("id", "name") if key in keys]
    own = [key for key, shape in shapes if shape is not None and not shape.sensitive]
    named = f"{{{own[0]}}}" if own else "{$document.id}"
    return f"`{named}`: {_name(wish, ask).replace('{', '(').replace('}', ')')} is {{actual}}, expected {{expected}}"


def _citation(wish: Wish) -> list[str]:
    shown = [f"  #   {control}  {wish.titles.get(control, '')}".rstrip() for control in wish.controls[1 : MOST_CITED + 1]]
    lines = (
        [] if wish.chosen else ["  # EDIT: the requirement that this rule is evidence for, <standard>/<number>; this one only stands in"]
    )
    lines += ["  # Nearby are:", *shown] if shown and not wish.chosen else []
    return [
        *lines,
        f"  - control: {_quoted(wish.controls[0])}  # {wish.titles.get(wish.controls[0], '')}".rstrip(" #"),
        "    coverage: partial  # full if nothing else is needed to show that the requirement is met",
        '    why: "Say here what the rule shows of the requirement, and what it does not"  # EDIT',
    ]


def cases_text(wish: Wish, ask: Ask, example: Example) -> str:
    """The cases file: one that passes, one that fails, one that cannot be told."""
    name = _name(wish, ask)
    at = f"/data{write_pointer(ask.pointer)}"
    gap = {"pointer": at, "reason": "not collected"}
    lines = [
        f"rule: {wish.id}",
        "# Examples and tests of the rule: add one for each edge that matters, such as the last value that passes.",
        "cases:",
        *_case(f"{name} {ask.words}", {**_envelope(wish), "data": ask.good}, {"status": "pass"}),
        *_case(f"{name} {ask.broken}", {**_envelope(wish), "data": ask.bad}, {"status": "fail", "pointer": at}),
        "  # A gap says that a value was not collected. What is missing is never a pass.",
        *_case(f"{name} is not known", {**_envelope(wish), "gaps": [gap], "data": ask.unknown}, {"status": "undetermined", "pointer": at}),
    ]
    return _formatted(lines, "cases")


def _envelope(wish: Wish) -> dict[str, Any]:
    examples = wish.kind.schema["examples"]
    own = examples[0].get("id") if isinstance(examples[0], dict) else None
    return {"kind": wish.kind.name, "id": own if isinstance(own, str) else f"{wish.kind.name}-1", "observed_at": AS_OF.isoformat()}


def _case(name: str, document: dict[str, Any], expect: dict[str, str]) -> list[str]:
    return [
        f"  - name: {_quoted(name)}",
        f'    as_of: "{AS_OF.isoformat()}"',
        "    documents:",
        f"      - {_json(document)}",
        f"    expect: {_json(expect)}",
    ]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda number: float(number) if isinstance(number, Decimal) else str(number))


def _formatted(lines: list[str], form: Form) -> str:
    data = ("\n".join(lines) + "\n").encode()
    return formatted(data, read_value(data, form, "yaml"), form, "yaml", form)
