"""The small pack that the examples of the lints are parts of."""

from __future__ import annotations

import json
import re

from ccpolicy.analysis.lint.lint import CASES, RULE, Lint

_TEXT = {"type": "string"}
_QUEUE = {
    "title": "Queue",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": _TEXT,
        "name": _TEXT,
        "language": _TEXT,
        "longest_wait": {"type": "integer"},
        "languages": {"type": "array", "items": _TEXT},
    },
}
_AGENT = {"title": "Agent", "type": "object", "additionalProperties": False, "properties": {"id": _TEXT, "queue_id": _TEXT}}

BASE = {
    "catalogues/house-1.yaml": """\
id: house-1
title: House rules
edition: "1"
publisher: the house
source: ours
controls:
  - {id: "1", title: Callers are served, kind: requirement, status: partial}
""",
    "schemas/queue.schema.json": json.dumps(_QUEUE),
    "schemas/agent.schema.json": json.dumps(_AGENT),
    RULE: """\
id: queues/waiting
title: Callers wait no longer than was agreed
severity: low
controls:
  - {control: house-1/1, coverage: partial, why: "the longest wait shows whether callers reach an agent, not how they are served"}
applies_to: queue
require: {longest_wait: {at_most: 60}}
message: "queue `{name}` lets callers wait {actual} seconds; expected {expected}"
remediation: Add agents at the peak, or offer to call back.
""",
    CASES: """\
rule: queues/waiting
cases:
  - name: as long as was agreed
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {longest_wait: 60}}]
    expect: {status: pass}
  - name: a second longer
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {longest_wait: 61}}]
    expect: {status: fail}
  - name: the wait is not recorded
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {}}]
    expect: {status: undetermined}
""",
}
"""File by file, a pack in which no lint finds anything."""


def example_pack(lint: Lint, passes: bool) -> dict[str, str]:
    """The files of the pack in which the lint finds something, or nothing any more."""
    changed = {**lint.more, lint.file: lint.passing if passes else lint.failing}
    return {**BASE, **{file: _merged(BASE.get(file, ""), text) for file, text in changed.items()}}


def _merged(whole: str, part: str) -> str:
    """A YAML map with the top-level keys of a part in the place of its own; what it has not comes last."""
    blocks = _blocks(whole) | _blocks(part)
    return "".join(blocks.values())


def _blocks(text: str) -> dict[str, str]:
    found = re.findall(r"^\w+:.*\n(?:[ #-].*\n)*", text, re.MULTILINE)
    return {block.partition(":")[0]: block for block in found}
