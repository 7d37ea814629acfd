"""The harness of the conformance data: a case in, what the reference interpreter makes of it out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.run import Wanted, assess, runner_of
from ccpolicy.backends.outcome import Outcome
from ccpolicy.backends.population import Focus, population
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import Approx, Scene, Unknown, measure_of
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.document import Claim, Evidence
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.documents.source import read_value
from ccpolicy.errors import Refused
from ccpolicy.rulebook.load import load_rulebook
from ccpolicy.rulebook.pack import pack_at
from ccpolicy.rulebook.parameters import settle
from ccpolicy.rulebook.rule import Rule, Rulebook

DATA = Path(__file__).parent.parent / "fixtures" / "conformance"
GIVEN = {
    "id": "conformance/case",
    "title": "a case",
    "severity": "high",
    "controls": [{"control": "none/1", "coverage": "full", "why": "a case"}],
    "message": "it does not hold",
    "remediation": "make it hold",
}


@dataclass(frozen=True)
class Case:
    """One case with what its file gives it."""

    file: str
    schemas: Mapping[str, Any]
    rule: Mapping[str, Any]
    as_of: date
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Unique over all files."""
        return f"{self.file}: {self.body['name']}"


def read_cases(file: Path) -> list[Case]:
    """The cases of a file."""
    value = read_value(file.read_bytes(), file.name, "yaml")
    return [
        Case(
            file.stem,
            value["schemas"],
            {**GIVEN, **value.get("rule", {}), **body.get("rule", {})},
            _day(body.get("as_of", value.get("as_of"))),
            body,
        )
        for body in value["cases"]
    ]


def _day(text: Any) -> date:
    found = read_date(text)
    assert found is not None, text
    return found


def _written(value: Any) -> str:
    """The value as JSON, its decimals exactly as they are."""
    text = json.dumps(value, default=lambda number: f"<<{number}>>")
    return re.sub(r'"<<([^"<>]+)>>"', r"\1", text)


@dataclass
class World:
    """What a case is run in."""

    library: Library
    evidence: Evidence
    wanted: Wanted
    rule: Rule
    outcomes: dict[int, tuple[Outcome | None, Outcome, Scene]] = field(default_factory=dict)


def kinds_in(folder: Path, schemas: Mapping[str, Any]) -> dict[str, Kind]:
    """The kinds of a file, loaded from a real folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas.items():
        (folder / f"{name}.schema.json").write_text(_written(schema), "utf-8")
    return load_kinds([folder])


def world_of(case: Case, folder: Path) -> World:
    """The case, loaded. Raises Refused when rule or parameters are."""
    kinds = kinds_in(folder / "schemas", case.schemas)
    checks = folder / "checks" / Path(case.rule["id"]).parent
    checks.mkdir(parents=True, exist_ok=True)
    (folder / "checks" / f"{case.rule['id']}.json").write_text(_written(case.rule), "utf-8")
    for name, definition in case.body.get("definitions", {}).items():
        (folder / "definitions").mkdir(exist_ok=True)
        (folder / "definitions" / f"{name}.json").write_text(_written(definition), "utf-8")
    pack = pack_at(folder, "case")
    rulebook = load_rulebook([pack], kinds)
    rule = rulebook.rules[case.rule["id"]]
    params, wrong = settle({name: [found] for name, found in rule.parameters.items()}, case.body.get("params", {}))
    if wrong:
        raise Refused([])
    organisation = {"name": "", "roles": {}, **case.body.get("organisation", {})}
    evidence = evidence_of(_documents(case), kinds, case.as_of, claims=_claims(case))
    library = Library((), kinds, {}, Rulebook({rule.id: rule}, touched=rulebook.touched), {})
    return World(library, evidence, Wanted(params=params, organisation=organisation), rule)


def _documents(case: Case) -> list[Any]:
    if "documents" in case.body:
        return list(case.body["documents"])
    gaps = [gap if isinstance(gap, dict) else {"pointer": gap, "reason": "gap"} for gap in case.body.get("gaps", [])]
    document = {"kind": case.rule["applies_to"], "id": "x", "observed_at": case.as_of.isoformat(), "data": case.body.get("data", {})}
    return [{**document, "gaps": gaps} if gaps else document]


def _claims(case: Case) -> list[Claim]:
    return [
        Claim(
            claim["kind"],
            "case",
            case.as_of.isoformat(),
            "case",
            read_date(claim.get("from")),
            read_date(claim.get("to")),
            claim.get("site"),
            claim.get("client"),
        )
        for claim in case.body.get("claims", [])
    ]


def observed(case: Case, folder: Path) -> dict[str, Any]:
    """All that a case may expect, as the reference interpreter has it."""
    try:
        world = world_of(case, folder)
    except Refused:
        return {"refused": True}
    assessment = assess(world.library, world.evidence, replace(world.wanted, each=True))
    result = assessment.rules[0]
    foci = _foci(world, assessment)
    alone = foci[0] if len(foci) == 1 else {}
    return {
        "refused": False,
        **{key: alone.get(key) for key in ("truth", "reasons", "when", "verdict", "measures")},
        "foci": foci,
        "stubs": result.stubs,
        "population": "complete" if result.complete else "open",
        "status": result.status,
        "findings": _findings(assessment, world.rule.id),
        "violations": [
            {"pointer": write_pointer(found.pointer), "keyword": found.keyword}
            for found in sorted(world.evidence.violations, key=lambda found: write_pointer(found.pointer))
            if found.keyword != "complete"
        ],
        "contradiction": any(found.keyword == "complete" for found in world.evidence.violations),
        "problems": sorted({problem.code for problem in assessment.problems}),
    }


def _findings(assessment: Assessment, rule: str) -> list[dict[str, Any]]:
    found = [
        {
            "status": finding.status,
            "document": finding.document,
            "pointer": write_pointer(finding.pointer),
            "operator": finding.operator,
            "reason": sorted(finding.reasons),
            "expected": finding.expected,
            "actual": finding.actual,
        }
        for finding in assessment.findings
        if finding.rule == rule
    ]
    return sorted(found, key=lambda finding: str(finding["pointer"]))


def _foci(world: World, assessment: Assessment) -> list[dict[str, Any]]:
    runner = runner_of(world.library, world.evidence, world.wanted)
    rule = world.rule
    found = population(rule.foci, runner.world, runner.selection)
    verdicts = assessment.rules[0].foci
    params = {name: world.wanted.params.get(name, parameter.default) for name, parameter in rule.parameters.items()}
    rows = []
    for focus, verdict in zip(found.foci, verdicts, strict=True):
        scene = Scene(runner.world, focus.spot, rule.zone, params, focus.period, rule.joins, rule.measures)
        rows.append(_row(rule, focus, scene, verdict.verdict))
    return sorted(rows, key=lambda row: (row["id"], row["pointer"], row["period"] or []))


def _row(rule: Rule, focus: Focus, scene: Scene, verdict: str) -> dict[str, Any]:
    when = None if rule.when is None else judge(rule.when, focus.spot, scene)
    require = judge(rule.require, focus.spot, scene)
    return {
        "id": focus.spot.document.id,
        "pointer": write_pointer(focus.spot.pointer()),
        "period": None if focus.period is None else [day.isoformat() for day in focus.period],
        "verdict": verdict,
        "truth": require.truth,
        "reasons": sorted(require.reasons),
        "when": None if when is None else when.truth,
        "measures": {name: _number(measure_of(measure, scene)) for name, measure in rule.measures.items()},
    }


def _number(value: Any) -> Any:
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, Approx):
        return value.value
    return value.isoformat() if isinstance(value, date) else Fraction(value)


def differences(expected: Any, actual: Any, at: str = "") -> list[str]:
    """Where what was expected is not what came out; only what is given is compared."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [line for key, value in expected.items() for line in differences(value, actual.get(key), f"{at}.{key}")]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [line for n, pair in enumerate(zip(expected, actual, strict=True)) for line in differences(*pair, f"{at}[{n}]")]
    return [] if _same(expected, actual) else [f"{at[1:]}: expected {expected!r}, got {actual!r}"]


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(actual, Fraction) and expected != "unknown":
        return Fraction(str(expected)) == actual
    if isinstance(actual, float) and isinstance(expected, float | Decimal | int):
        return abs(float(expected) - actual) < 1e-6
    return bool(expected == actual)
