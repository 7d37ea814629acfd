"""A small pack to make mistakes in: two kinds, one catalogue, one definition and one good rule, and what loading says of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccpolicy.assessment.library import load_library
from ccpolicy.documents.schema import load_kinds
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.load import load_cases, load_rulebook
from ccpolicy.rulebook.pack import pack_at
from ccpolicy.rulebook.rule import Rulebook

TEXT = {"type": "string"}
DATE = {"type": "string", "format": "date"}
QUEUE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "id": TEXT,
        "name": TEXT,
        "takes_payments": {"type": "boolean"},
        "opened_on": DATE,
        "waits": {"type": "integer"},
        "keep_for": {"type": "string", "format": "duration"},
        "recording": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"pause_mode": {"enum": ["pause", "mask", "none"]}, "retention_days": {"type": "integer"}},
        },
        "skills": {"type": "array", "items": TEXT},
        "steps": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"id": TEXT, "type": TEXT, "done_on": DATE, "next": {"type": "array", "items": TEXT}},
            },
        },
    },
}
SCAN = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"id": TEXT, "queue": TEXT, "number": {"type": "integer"}, "on": DATE, "passed": {"type": "boolean"}},
}
CATALOGUE = """\
id: house-1
title: House rules
edition: "1"
publisher: the house
source: ours
controls:
  - {id: "1", title: Recording, kind: heading, status: partial}
  - {id: "1.1", parent: "1", title: Pause, kind: requirement, status: automated}
  - {id: "1.2", parent: "1", title: Training, kind: requirement, status: manual, reason: show the records}
"""
DEFINITION = """\
on: queue/steps.*
predicate: {type: {is: payment}}
"""
RULE = """\
id: recording/pause
title: Payment queues pause the recording
severity: critical
controls:
  - {control: house-1/1.1, coverage: full, why: card data is not recorded}
params:
  max_days: {type: integer, default: 90, bounds: {at_most: 365}}
  label: {type: text, default: card}
applies_to: queue
per: {month: {last: 2}}
timezone: Europe/London
with:
  scans: {from: scan, as: scans of the queue, key: {theirs: queue, ours: id}, during: on}
measure:
  late: {count: {of: $scans, where: {passed: {is: false}}}}
when: {takes_payments: {is: true}}
require:
  all_of:
    - recording.pause_mode: {in: [pause, mask]}
    - recording.retention_days: {at_most: {param: max_days}}
    - name: {matches: "[A-Z][a-z]*"}
    - opened_on: {before: 2026-06-30}
    - keep_for: {at_least: P90D}
    - skills: {contains: payments}
    - steps: {every: {type: {is_not: other}}, allow_empty: true}
    - steps: {some: {meets: pays}}
    - opened_on: {done_within: {of: opened_on, days: 30}}
    - steps: {count: {where: {id: {present: true}}, at_least: 1}}
    - name: {free_of: [pan]}
    - if: {waits: {between: [1, 3]}}
      then: {$late: {at_most: 0}}
message: "queue `{name}` keeps {actual} for {param.max_days} days"
remediation: Switch it on.
"""
CHECK = "checks/recording/pause.yaml"
GOOD: dict[str, str] = {
    "catalogues/house-1.yaml": CATALOGUE,
    "definitions/pays.yaml": DEFINITION,
    CHECK: RULE,
    "schemas/queue.schema.json": json.dumps({"title": "Queue", **QUEUE}),
    "schemas/scan.schema.json": json.dumps({"title": "Scan", "x-record-date": "on", **SCAN}),
}


def written(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """The files, in the folder."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def edited(text: str, *edits: tuple[str, str]) -> str:
    """The text with each edit made at the one place that it fits."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def refusals(folder: Path, files: Mapping[str, str | bytes], *more: Mapping[str, str | bytes]) -> tuple[Problem, ...]:
    """What is wrong with a pack of these files (and with further packs), as `check` and `rules test` find it."""
    folders = [(written(folder / shown, given), shown) for shown, given in zip(("shop", "other"), (files, *more), strict=False)]
    try:
        library = load_library(folders, shipped_too=False)
    except Refused as refused:
        return refused.problems
    return load_cases(library.packs, library.rulebook.rules)[1] if any(".cases." in name for name in files) else ()


def rule_problems(folder: Path, text: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with the good pack when this is its rule."""
    return refusals(folder, {**GOOD, CHECK: text})


def loaded(folder: Path, files: Mapping[str, str | bytes]) -> Rulebook:
    """The rulebook of a pack of these files. Raises Refused."""
    pack = pack_at(written(folder, files), "")
    return load_rulebook([pack], load_kinds([pack.schemas]))


def listing(name: str, problems: tuple[Problem, ...]) -> str:
    """`name`, and a line for each problem."""
    return "\n".join([name, *(f"  {problem}" for problem in problems)]) + "\n"


def as_json(value: Any) -> str:
    """JSON, exactly as Python writes it."""
    return json.dumps(value)
