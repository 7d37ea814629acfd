"""How the cost of a check grows: a centre of N agents and one of 4 N, read, assessed and reported in turns."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

AS_OF = "2026-06-30"
STEPS = ("read", "assess", "report")
LIMIT = 4.5  # of the whole at four times the documents
PER_SITE = 10  # agents
AGENTS = 400
ROUNDS = 2

_CONFIG = f"""\
as_of = "{AS_OF}"

[params]
satisfaction_target = 0.75
abandonment_target = 0.05
survey_margin = 0.1
short_abandon_limit_seconds = 10

[[documents]]
files = "evidence/training.csv"
kind = "training-record"
id = "/id"
observed_at = "{AS_OF}"
columns = {{"Employee ID" = "agent_id"}}
complete = {{by = "HR", on = "{AS_OF}", basis = "export"}}
"""
_COMPLETE = """
[[complete]]
kind = "{kind}"
by = "growth"
on = "2026-06-30"
basis = "generated"
"""
_CLAIMED = (
    "queue contact-flow transcript access-exception account complaint cardholder-environment asv-scan survey-programme survey-response"
    " client-contract service-provider quality-evaluation"
)


# ---- a centre ------------------------------------------------------------------------------------------------------------------


def write_centre(folder: Path, agents: int, one_key: bool = False) -> int:
    """Writes a centre of so many agents (with `one_key`, all records belong to one of them); the bytes written."""
    evidence = folder / "evidence"
    evidence.mkdir(parents=True)
    claims = "".join(_COMPLETE.format(kind=kind) for kind in _CLAIMED.split())
    (folder / "ccpolicy.toml").write_text(_CONFIG + claims)
    of = (lambda number: 0) if one_key else (lambda number: number)
    rows = (f"T{n}-{k},A{of(n)},{course},{day}\n" for n in range(agents) for k, (course, day) in enumerate(_courses(n, one_key)))
    _write(evidence / "training.csv", ["id,Employee ID,course,completed_on\n", *rows])
    _lines(evidence / "accounts.ndjson", "account", (_account(n) for n in range(agents)))
    _lines(evidence / "exceptions.ndjson", "access-exception", (_exception(n, of(n)) for n in range(0, agents, 5)))
    _lines(evidence / "transcripts.ndjson", "transcript", (_transcript(n) for n in range(agents)))
    _lines(evidence / "complaints.ndjson", "complaint", (_complaint(n) for n in range(agents)))
    _lines(evidence / "evaluations.ndjson", "quality-evaluation", (_evaluation(n, k, of(n)) for n in range(agents) for k in range(10)))
    _lines(evidence / "surveys.ndjson", "survey-programme", (_survey(n) for n in range(0, agents, 100)))
    _lines(evidence / "answers.ndjson", "survey-response", (_answer(n, of(n // 100 * 100)) for n in range(agents)))
    _lines(evidence / "environments.ndjson", "cardholder-environment", (_environment(n) for n in range(0, agents, 20)))
    _lines(evidence / "scans.ndjson", "asv-scan", (_scan(n, k, of(n)) for n in range(0, agents, 20) for k in range(5)))
    _lines(evidence / "contracts.ndjson", "client-contract", (_contract(n) for n in range(0, agents, 20)))
    _lines(evidence / "providers.ndjson", "service-provider", (_provider(n, agents) for n in range(0, agents, 10)))
    for site in range((agents + PER_SITE - 1) // PER_SITE):
        _write_site(evidence / f"site-{site:04d}", f"site-{site:04d}", range(site * PER_SITE, min(agents, (site + 1) * PER_SITE)), one_key)
    (evidence / "calendar.json").write_text(json.dumps(_enveloped("calendar", _CALENDAR)))
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _write_site(folder: Path, site: str, agents: range, one_key: bool) -> None:
    """A site has a roster, two queues with a file of intervals for each month, and a flow; each roster and month makes its claim."""
    folder.mkdir()
    roster = {"site": site, "records": [_agent(n) for n in agents]}
    (folder / "agents.json").write_text(_collection("agent", roster, {}))
    _lines(folder / "queues.ndjson", "queue", ({**_QUEUE, "id": f"Q-{site}-{k}", "name": f"{site} {k}"} for k in range(2)), site=site)
    for first, last in ((date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 5, 1), date(2026, 5, 31))):
        queues = ["Q-site-0000-0"] * 2 if one_key else [f"Q-{site}-{k}" for k in range(2)]
        records = [
            _interval(f"{site}-{k}", queue, day, agents.start // PER_SITE * 2 + k)
            for k, queue in enumerate(queues)
            for day in _days(first, last)
        ]
        stated = {"from": first.isoformat(), "to": last.isoformat()}
        (folder / f"intervals-{first:%Y-%m}.json").write_text(_collection("interval-record", {"site": site, "records": records}, stated))
    (folder / "flow.yaml").write_text(_flow_yaml(site, broken=agents.start % 500 == 0))


def _enveloped(kind: str, body: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    return {"kind": kind, "id": body["id"], "observed_at": AS_OF, **envelope, "data": body}


def _collection(kind: str, rest: dict[str, Any], bounds: dict[str, str]) -> str:
    claim = {"by": "growth", "on": AS_OF, "basis": "generated", **bounds}
    return json.dumps({"kind": kind, "observed_at": AS_OF, "complete": claim, **rest})


def _lines(file: Path, kind: str, bodies: Iterator[dict[str, Any]], **envelope: Any) -> None:
    _write(file, (json.dumps(_enveloped(kind, body, **envelope)) + "\n" for body in bodies))


def _write(file: Path, lines: Any) -> None:
    with file.open("w") as stream:
        stream.writelines(lines)


def _days(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


_CALENDAR: dict[str, Any] = {
    "id": "business",
    "weekend": ["saturday", "sunday"],
    "holidays": [f"{year}-12-25" for year in range(2024, 2028)],
    "covers": {"from": "2024-01-01", "to": "2027-12-31"},
}
_QUEUE = {"channel": "voice", "client_id": "northgate", "service_level_variant": "of_offered", "abandonment_variant": "without_short"}


def _agent(n: int) -> dict[str, Any]:
    skills = ["billing", "payments"] if n % 3 == 0 else ["billing"]
    return {"id": f"A{n}", "name": f"Agent {n}", "hired_on": "2025-02-03", "left_on": None, "team": f"T{n % 40}", "skills": skills}


def _courses(n: int, own_days: bool) -> Iterator[tuple[str, str]]:
    """The completions of an agent; with `own_days`, on days that no other agent has."""
    for k, (course, day) in enumerate((("pci-awareness", "2025-02-10"), ("pci-awareness", "2024-01-10" if n % 10 == 0 else "2026-02-10"))):
        yield course, (date(2026, 6, 1) - timedelta(days=2 * n + k)).isoformat() if own_days else day
    yield f"fire-safety-{n}" if own_days else "fire-safety", "2026-01-15"


def _account(n: int) -> dict[str, Any]:
    return {
        "id": f"U{n}",
        "system": "directory",
        "username": f"u{n}",
        "owner": f"A{n}",
        "type": "break_glass" if n % 5 == 0 else "person",
        "enabled": True,
        "administrator": False,
        "cde_access": n % 2 == 0,
        "mfa": {"enabled": n % 7 != 0, "factors": ["password", "totp"]},
        "roles": ["take_payment"] if n % 3 else ["approve_refund"],
        "created_on": "2025-02-03",
        "last_login": "2026-06-29T08:02:11Z",
        "disabled_on": None,
    }


def _exception(n: int, owner: int) -> dict[str, Any]:
    return {
        "id": f"X{n}",
        "account_id": f"U{owner}",
        "type": "no_mfa",
        "reason": "emergency",
        "safeguard": "sealed",
        "requested_by": "E-1",
        "approved_by": "E-2",
        "valid_from": "2026-01-01",
        "expires_on": "2026-12-31",
        "revoked": n % 20 == 0,
    }


def _transcript(n: int) -> dict[str, Any]:
    said = "4111 1111 1111 1111 is my card" if n % 50 == 0 else "I would like to pay my bill, my reference is 88121."
    texts = ["Good morning, how can I help?", said, "Let me see what I can do for you today.", "Thank you, goodbye."]
    turns = [{"offset_ms": k * 2000, "speaker": "agent" if k % 2 == 0 else "customer", "text": text} for k, text in enumerate(texts)]
    return {
        "id": f"TR{n}",
        "contact_id": f"C{n}",
        "channel": "voice",
        "agent_id": f"A{n}",
        "started_at": "2026-06-11T09:14:05Z",
        "turns": turns,
    }


def _complaint(n: int) -> dict[str, Any]:
    return {
        "id": f"CMP{n}",
        "received_on": "2026-05-22",
        "acknowledged_on": "2026-06-20" if n % 20 == 0 else "2026-05-26",
        "answered_on": "2026-06-10",
        "closed_on": "2026-06-12",
        "channel": "email",
        "customer_ref": f"CU{n}",
        "subject": "charged twice",
        "category": "billing",
        "owner": "desk",
        "outcome": "upheld",
        "root_cause": "retry",
        "escalation_route_given": True,
    }


def _evaluation(n: int, k: int, agent: int) -> dict[str, Any]:
    month = 4 + k % 2
    return {
        "id": f"E{n}-{k}",
        "agent_id": f"A{agent}",
        "evaluator_id": f"Q{n % 30}",
        "contact_id": f"C{n}-{k}",
        "evaluated_on": f"2026-{month:02d}-{1 + k:02d}",
        "form": "voice v3",
        "selection": "random",
        "score": 91.5,
        "critical_errors": [],
    }


def _survey(n: int) -> dict[str, Any]:
    return {
        "id": f"S{n}",
        "name": "csat",
        "client_id": "northgate",
        "channels": ["voice"],
        "period_from": "2026-04-01",
        "period_to": "2026-06-30",
        "population": 18200,
        "sampling": "random",
        "invited": 2400,
        "scale_max": 5,
        "satisfied_from": 4,
    }


def _answer(n: int, survey: int) -> dict[str, Any]:
    return {
        "id": f"R{n}",
        "programme_id": f"S{survey}",
        "contact_id": f"C{n}",
        "channel": "voice",
        "responded_on": "2026-05-14",
        "score": 3 + n % 3,
    }


def _environment(n: int) -> dict[str, Any]:
    return {"id": f"CDE{n}", "name": f"payments {n}", "internet_facing": True, "segmented": True, "channels": ["voice"]}


def _scan(n: int, k: int, environment: int) -> dict[str, Any]:
    day = date(2025, 6, 1) + timedelta(days=(90 if n % 100 else 99) * k)
    body = {"id": f"ASV{n}-{k}", "environment_id": f"CDE{environment}", "completed_on": day.isoformat(), "result": "pass", "vendor": "Scan"}
    return {**body, "certificate": "0000-00-00", "targets": ["pay.example.org"], "highest_cvss": 3.1, "rescan_of": None}


def _contract(n: int) -> dict[str, Any]:
    return {"id": f"K{n}", "client_id": "northgate", "services": ["billing"], "signed_on": "2023-01-02", "subcontractors": [f"P{n}"]}


def _provider(n: int, agents: int) -> dict[str, Any]:
    body = {"id": f"P{n}", "name": f"provider {n}", "services": ["masking"], "subcontractors": [f"P{n + 10}"] if n + 10 < agents else []}
    return {**body, "assessed_on": "2024-01-15" if n % 100 == 0 else "2026-01-15", "assessment_result": "passed"}


def _interval(name: str, queue: str, day: date, minute: int) -> dict[str, Any]:
    return {
        "id": f"{name}-{day}",
        "queue_id": queue,
        "interval_start": f"{day}T{minute // 60:02d}:{minute % 60:02d}:00Z",
        "interval_minutes": 30,
        "threshold_seconds": 20,
        "offered": 60,
        "answered": 56,
        "answered_in_threshold": 50,
        "abandoned": 4,
        "wait_seconds": 700,
    }


def _flow_yaml(site: str, broken: bool) -> str:
    end = "on_error: {error: end}}"
    steps = "".join(f"    - {{id: m{k}, type: play_message, next: {{success: m{k + 1}}}}}\n" for k in range(20))
    off = "play_message" if broken else "recording_off"
    return (
        f"kind: contact-flow\nid: F-{site}\nobserved_at: {AS_OF}\nsite: {site}\n"
        f"data:\n  id: F-{site}\n  name: pay at {site}\n"
        f"  channel: voice\n  entry: m0\n  blocks:\n{steps}    - {{id: m20, type: {off}, next: {{success: pay}}, {end}\n"
        f"    - {{id: pay, type: payment_capture, next: {{success: end}}, {end}\n"
        "    - {id: end, type: disconnect, next: {}}\n"
    )


# ---- one check -----------------------------------------------------------------------------------------------------------------


def cost_of(folder: Path, profile: bool = False) -> dict[str, Any]:
    """Processor seconds of each step of one check in this process, with the number of documents and findings."""
    from ccpolicy.assessment.library import load_library
    from ccpolicy.assessment.run import assess
    from ccpolicy.cli.options import Asked
    from ccpolicy.cli.selection import wanted_of
    from ccpolicy.cli.settings import settings_of
    from ccpolicy.documents.bundle import load_evidence
    from ccpolicy.reports.formats import View, render

    settings = settings_of(Asked(paths=(str(folder),)))
    library = load_library()
    wanted = wanted_of(settings, library)
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    marks = [time.process_time()]
    evidence = load_evidence(settings.paths, settings.config, library.kinds, settings.as_of)
    marks.append(time.process_time())
    assessment = assess(library, evidence, wanted)
    marks.append(time.process_time())
    for form in ("text", "json"):
        render(assessment, form, View())
    marks.append(time.process_time())
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(25)
    spent = {step: later - earlier for step, earlier, later in zip(STEPS, marks, marks[1:], strict=False)}
    counted = {"documents": sum(len(found) for found in evidence.documents.values()), "findings": len(assessment.findings)}
    return {**spent, "whole": sum(spent.values()), **counted, "problems": [str(one) for one in evidence.problems[:3]]}


def _child(folder: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, "--one", str(folder)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    if found["problems"]:
        raise SystemExit(f"the generated centre has problems: {found['problems']}")
    return found


# ---- the comparison ------------------------------------------------------------------------------------------------------------


def compare(title: str, agents: int, rounds: int, one_key: bool) -> float:
    """Prints the table of a centre of so many agents beside one of four times as many; the ratio of the whole."""
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place) / name for name in ("small", "large")]
        sizes = [write_centre(folder, count, one_key) for folder, count in zip(folders, (agents, 4 * agents), strict=True)]
        runs = [[_child(folder) for folder in folders] for _ in range(rounds)]
    small, large = ({step: min(run[at][step] for run in runs) for step in (*STEPS, "whole")} for at in (0, 1))
    counts = [f"{run['documents']:,} documents, {run['findings']:,} findings" for run in runs[0]]
    print(f"{title}: {counts[0]} ({sizes[0] / 1e6:.1f} MB) against {counts[1]} ({sizes[1] / 1e6:.1f} MB)")
    for step in (*STEPS, "whole"):
        print(f"  {step:<8}{small[step]:8.2f} s{large[step]:8.2f} s   x {large[step] / small[step]:.2f}")
    return large["whole"] / small["whole"]


def main() -> None:
    """Both comparisons, or (with --one) one check of a folder, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=AGENTS, help="agents of the smaller centre")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs of each, in turns; the least counts")
    parser.add_argument("--one", type=Path, metavar="DIR", help="check this folder once and print its cost")
    parser.add_argument("--profile", action="store_true", help="with --one: where the time goes")
    parser.add_argument("--write", type=Path, metavar="DIR", help="only write the centre")
    parser.add_argument("--one-key", action="store_true", help="with --write: all records belong to one agent")
    asked = parser.parse_args()
    if asked.one is not None:
        print(json.dumps(cost_of(asked.one, asked.profile)))
    elif asked.write is not None:
        print(write_centre(asked.write, asked.agents, asked.one_key), "bytes")
    else:
        ratios = [
            compare("records spread over agents", asked.agents, asked.rounds, one_key=False),
            compare("all records on one join key", asked.agents, asked.rounds, one_key=True),
        ]
        print(f"largest ratio of the whole: {max(ratios):.2f}, to be at most {LIMIT}: {'met' if max(ratios) <= LIMIT else 'MISSED'}")


if __name__ == "__main__":
    main()
