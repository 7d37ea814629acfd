"""Platforms with queues: evidence that changes from day to day, its assessments, and baselines and reports written of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from hypothesis import strategies as st

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import Config
from ccpolicy.reports.baseline import Baseline, baseline_parts, read_baseline
from ccpolicy.reports.earlier import Earlier, read_earlier
from ccpolicy.reports.formats import View, render
from ccpolicy.reports.json import pieces_of
from ccpolicy.reports.rewriting import Rewriting
from tests.reports.centre import CATALOGUE

AS_OF = date(2026, 6, 30)
PLATFORM = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "queues": {
            "type": "array",
            "items": {
                "type": "object",
                "x-unique-key": ["id"],
                "properties": {"id": {"type": "string"}, "pause": {"type": "string"}, "beep": {"type": "boolean"}},
            },
        },
    },
}
RULE = """
id: {id}
title: Queues {field}
severity: {severity}
controls: [{{control: house/1.1, coverage: partial, why: it is the setting itself}}]
applies_to: platform
each: queues.*
require: {{{field}: {{is: {value}}}}}
message: "queue `{{id}}` has {{actual}}"
remediation: Change it.
"""
RULES = {"recording/pause": ("pause", "mask", "critical"), "agents/beep": ("beep", "true", "low")}

Queue: TypeAlias = "dict[str, Any]"
Fleet: TypeAlias = "dict[str, list[Queue]]"  # platform -> its queues


@cache
def library() -> Library:
    """The pack of the fleet."""
    root = Path(tempfile.mkdtemp(prefix="fleet"))
    files = {"catalogues/house.yaml": CATALOGUE, "schemas/platform.schema.json": json.dumps(PLATFORM)}
    for name, (wanted, value, severity) in RULES.items():
        files[f"checks/{name}.yaml"] = RULE.format(id=name, field=wanted, value=value, severity=severity)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return load_library([(root, "fleet")], shipped_too=False)


@dataclass(frozen=True)
class How:
    """What a run looks at, and how its files are written."""

    rules: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    as_of: date = AS_OF
    indent: int | None = 2
    sites_of: dict[str, str] = field(default_factory=lambda: {"P-1": "leeds", "P-2": "york"})


def judged(fleet: Fleet, how: How | None = None) -> Assessment:
    """The assessment of a fleet, each platform a file."""
    asked = how or How()
    with tempfile.TemporaryDirectory() as folder:
        for name, queues in fleet.items():
            document = {"kind": "platform", "id": name, "observed_at": "2026-06-29", "data": {"name": name, "queues": queues}}
            site = {"site": asked.sites_of[name]} if name in asked.sites_of else {}
            (Path(folder) / f"{name}.json").write_text(json.dumps({**site, **document}, indent=asked.indent))
        evidence = load_evidence([Path(folder)], Config(root=Path(folder)), library().kinds, asked.as_of)
        return assess(library(), evidence, Wanted(rules=asked.rules, sites=asked.sites))


def baseline_of(assessment: Assessment, old: Baseline | None = None, owner: str = "J. Doe", reason: str = "plan 7") -> Baseline:
    """A baseline that was written and read again."""
    text = "".join(pieces_of(baseline_parts(Rewriting(assessment, old, owner, reason).entries(), assessment.as_of)))
    return read(text)


def read(text: str) -> Baseline:
    """The baseline in a text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "baseline.json"
        file.write_text(text, "utf-8")
        return read_baseline(file, file.name)


def earlier_of(assessment: Assessment) -> Earlier:
    """Its report, written as JSON and read again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        file.write_text(render(assessment, "json", View()), "utf-8")
        return read_earlier(file, file.name)


def fingerprints(assessment: Assessment) -> set[str]:
    """Of all findings."""
    return {finding.fingerprint for finding in assessment.findings}


def queue_lists(most: int = 4) -> st.SearchStrategy[list[Queue]]:
    """Queues in any order, each id once; a pause that is a number does not fit the schema."""
    ids = st.permutations(["a", "b", "c", "d", "e"]).flatmap(lambda names: st.integers(0, most).map(lambda count: names[:count]))

    def filled(names: Sequence[str]) -> st.SearchStrategy[list[Queue]]:
        one = st.fixed_dictionaries({}, optional={"pause": st.sampled_from(["mask", "none", 7]), "beep": st.booleans()})
        return st.lists(one, min_size=len(names), max_size=len(names)).map(
            lambda bodies: [{"id": name, **body} for name, body in zip(names, bodies, strict=True)]
        )

    return ids.flatmap(filled)


def fleets() -> st.SearchStrategy[Fleet]:
    """Some of three platforms."""
    return st.dictionaries(st.sampled_from(["P-1", "P-2", "P-3"]), queue_lists(), min_size=1, max_size=3)


def hows() -> st.SearchStrategy[How]:
    """Whole runs, and runs of a part."""
    rules = st.sampled_from([(), ("recording/*",), ("agents/*",)])
    return st.builds(How, rules=rules, sites=st.sampled_from([(), ("leeds",)]), indent=st.sampled_from([None, 1, 4]))
