"""A very small contact centre with a pack of its own: enough for every part of a report."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import find_config

PAN = "4111111111111111"
SPACED_PAN = "5500 0055 5555 5559"
SECRET = "s3cret-token"
AS_OF = date(2026, 6, 30)

CATALOGUE = """
id: house
title: House rules
edition: "1"
publisher: us
source: ours
controls:
  - {id: "1", title: Payments, kind: heading, status: partial}
  - {id: "1.1", parent: "1", title: Recording pauses, kind: requirement, status: partial}
  - {id: "1.2", parent: "1", title: Agents are trained, kind: requirement, status: partial}
  - {id: "1.10", parent: "1", title: Logs are kept, kind: requirement, status: partial}
"""
PAUSE = """
id: recording/pause
title: Lines pause the recording
severity: critical
controls: [{control: house/1.1, coverage: partial, why: it is the setting itself}]
applies_to: line
require: {pause: {in: [pause, mask]}, token: {present: true, is_not: wrong}}
message: "line `{name}` records: pause is {actual}"
remediation: Switch on pause-and-resume.
"""
TRAINED = """
id: training/yearly
title: Agents are trained every year
severity: high
controls: [{control: house/1.2, coverage: partial, why: it sees the courses}]
applies_to: agent
with:
  courses: {from: course, as: courses of this agent, key: {theirs: agent_id, ours: id}}
require: {$courses: {some: {done_on: {within_last: P12M}}}}
message: "agent `{id}` is not trained: found {actual}, expected {expected}"
remediation: Train the agent.
"""
LOGS = """
id: logs/kept
title: Logs are kept
severity: low
controls: [{control: house/1.10, coverage: partial, why: it sees the days}]
params: {log_days: {type: integer, unit: day}}
applies_to: log
require: {days: {at_least: {param: log_days}}}
message: "log `{id}` is kept for {actual} days; expected {expected}"
remediation: Keep it longer.
"""


def _kind(**properties: object) -> str:
    return json.dumps({"type": "object", "properties": {"id": {"type": "string"}, **properties}, "additionalProperties": False})


TEXT, DAYS = {"type": "string"}, {"type": "integer"}
SCHEMAS = {
    "line": _kind(name=TEXT, pause=TEXT, token={"type": "string", "sensitive": True}, minutes=DAYS),
    "agent": _kind(name=TEXT),
    "course": _kind(agent_id=TEXT, done_on={"type": "string", "format": "date"}),
    "log": _kind(days=DAYS),
}
CONFIG = f"""
as_of = "{AS_OF.isoformat()}"
[organisation]
name = "Small Centre"
roles = {{merchant = true}}
[[complete]]
kind = "line"
by = "telephony"
on = "2026-06-30"
basis = "both lines"
"""
EVIDENCE: dict[str, object] = {
    "config/lines.json": {
        "kind": "line",
        "observed_at": "2026-06-29",
        "records": [
            {"id": "L-1", "name": "payments", "pause": "none", "token": SECRET},
            {"id": "L-2", "name": "refunds", "pause": "none", "token": SECRET},
            {"id": "L-3", "name": "sales", "pause": "mask", "token": SECRET},
            {"id": "L-4", "name": "spare", "token": SECRET, "minutes": "ten"},
        ],
    },
    "people/agents.json": {"kind": "agent", "observed_at": "2026-06-29", "records": [{"id": "A-1"}, {"id": "A-2"}]},
    "people/courses.json": {
        "kind": "course",
        "observed_at": "2026-06-29",
        "records": [{"id": "C-1", "agent_id": "A-1", "done_on": "2026-03-01"}, {"id": "C-2", "agent_id": "A-2", "done_on": "2024-03-01"}],
    },
    "later.json": {"kind": "agent", "id": "A-9", "observed_at": "2026-07-01", "data": {}},
    "waivers/w.json": {
        "kind": "waiver",
        "id": "W-1",
        "observed_at": "2026-06-01",
        "data": {
            "rule": "recording/pause",
            "where": {"id": {"is": "L-2"}},
            "rationale": "moves next week",
            "requested_by": "P-1",
            "approved_by": "P-2",
            "expires_on": "2026-07-31",
        },
    },
}
PROBLEM = {"broken.json": "{"}


def written(root: Path, evidence: dict[str, object] | None = None, texts: dict[str, str] | None = None) -> Path:
    """The centre in a folder, with its pack beside it."""
    pack, centre = root / "pack", root / "centre"
    files = {pack / "catalogues/house.yaml": CATALOGUE}
    files |= {pack / f"schemas/{kind}.schema.json": text for kind, text in SCHEMAS.items()}
    rules = {"recording/pause": PAUSE, "training/yearly": TRAINED, "logs/kept": LOGS}
    files |= {pack / f"checks/{name}.yaml": text for name, text in rules.items()}
    files |= {centre / "ccpolicy.toml": CONFIG}
    files |= {centre / name: json.dumps(value, indent=2) for name, value in (EVIDENCE if evidence is None else evidence).items()}
    files |= {centre / name: text for name, text in (texts or {}).items()}
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return centre


def assessed(centre: Path, *, cleared: bool = False) -> Assessment:
    """The centre, checked by its pack alone."""
    library = load_library([(centre.parent / "pack", "pack")], shipped_too=False)
    config = find_config([centre])
    evidence = load_evidence([centre], config, library.kinds, AS_OF)
    organisation = {"name": config.organisation_name, "roles": config.roles}
    return assess(library, evidence, Wanted(organisation=organisation, cleared=cleared))
