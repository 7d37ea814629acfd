"""The harness of the conformance data on controls: a case in, the status of every control out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ccpolicy.assessment.control import ControlStatus, Place, Ruling, Standing
from ccpolicy.assessment.rollup import control_statuses
from ccpolicy.assessment.statements import Statement, statements_in
from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.controls.register import Register, register_of
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.documents.source import read_value
from ccpolicy.rulebook.rule import Citation

DATA = Path(__file__).parent.parent / "fixtures" / "conformance" / "controls"
_ENVELOPE = ("site", "client", "data_classes", "gaps")
_ATTESTED = {"statement": "seen", "by": "Ann", "approved_by": "Bob", "on": "2026-01-10", "valid_until": "2026-12-31", "evidence": ["DOC-1"]}
_COMPLIANCE = {"reference": "DOC-7", "on": "2026-01-10", "valid_until": "2026-12-31"}


@dataclass(frozen=True)
class Case:
    """One case with what its file gives it."""

    file: str
    as_of: date
    body: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Unique over all files."""
        return f"{self.file}: {self.body['name']}"


def read_cases(file: Path) -> list[Case]:
    """The cases of a file."""
    value = read_value(file.read_bytes(), file.name, "yaml")
    return [Case(file.stem, _day(body.get("as_of", value["as_of"])), body) for body in value["cases"]]


def _day(text: Any) -> date:
    found = read_date(text)
    assert found is not None, text
    return found


@cache
def kinds() -> dict[str, Kind]:
    """The engine's own kinds."""
    return load_kinds([])


def catalogue_of(name: str, controls: list[dict[str, Any]]) -> Catalogue:
    """A catalogue; title, kind and status are supplied."""
    models = [ControlModel(**{"title": one["id"], "kind": "requirement", "status": "automated", **one}) for one in controls]
    return Catalogue(name, name, "1", {model.id: model for model in models})


def register_in(case: Case) -> Register:
    """The register of the case's one or two standards."""
    own = {"std": case.body["controls"], "other": case.body.get("other", [])}
    return register_of({name: catalogue_of(name, controls) for name, controls in own.items()})


def rulings_in(case: Case) -> list[Ruling]:
    """The rules of the case with what they come to."""
    return [_ruling(rule, f"r{number}") for number, rule in enumerate(case.body.get("rules", []), 1)]


def _ruling(rule: Mapping[str, Any], name: str) -> Ruling:
    cites = rule["cites"].items()
    citations = tuple(Citation(full_id(control), coverage, "a case") for control, coverage in cites)
    classes = frozenset(rule["data_classes"]) if "data_classes" in rule else None

    def standing(status: Any) -> Standing:
        return Standing(status, rule.get("tainted", False), rule.get("alternative", False), classes)

    sites = {Place(site=site): standing(status) for site, status in rule.get("sites", {}).items()}
    clients = {Place(client=client): standing(status) for client, status in rule.get("clients", {}).items()}
    return Ruling(name, citations, standing(rule["status"]) if rule.get("run", True) else None, {**sites, **clients})


def full_id(control: str) -> str:
    """`<standard>/<number>`; the standard is `std` unless it is given."""
    return control if "/" in control else f"std/{control}"


def statements_of(case: Case, register: Register) -> tuple[Statement, ...]:
    """The attestations and responsibility documents of the case, read as evidence is."""
    documents = [_attestation(one, number) for number, one in enumerate(case.body.get("attestations", []), 1)]
    documents += [_responsibility(one, number) for number, one in enumerate(case.body.get("responsibilities", []), 1)]
    return statements_in(evidence_of(documents, kinds(), case.as_of), register)


def _document(kind: str, name: str, given: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The document; a null takes away what is supplied."""
    around = {key: given[key] for key in _ENVELOPE if key in given}
    around |= {"gaps": [{"pointer": pointer, "reason": "redacted"} for pointer in given["gaps"]]} if "gaps" in given else {}
    kept = {key: value for key, value in data.items() if value is not None}
    return {"kind": kind, "id": name, "observed_at": "2026-01-10", **around, "data": kept}


def _attestation(given: Mapping[str, Any], number: int) -> dict[str, Any]:
    own = {key: value for key, value in given.items() if key not in _ENVELOPE}
    return _document("attestation", f"AT-{number}", given, {**_ATTESTED, **own})


def _responsibility(given: Mapping[str, Any], number: int) -> dict[str, Any]:
    compliance = {**_COMPLIANCE, **{key: given[key] for key in ("on", "valid_until") if key in given}}
    kept = {key: value for key, value in compliance.items() if value is not None}
    row = {"control": given["control"], "responsible": given["responsible"]}
    data = {"provider": given.get("provider", "Telco"), "attestation": given.get("attestation", kept), "controls": [row]}
    return _document("responsibility", f"RM-{number}", given, data)


def places_in(case: Case) -> list[Place]:
    """The sites and clients of the case, and of its rules."""
    rules = case.body.get("rules", [])
    sites = {*case.body.get("sites", []), *(site for rule in rules for site in rule.get("sites", {}))}
    clients = {*case.body.get("clients", []), *(client for rule in rules for client in rule.get("clients", {}))}
    return [*(Place(site=site) for site in sites), *(Place(client=client) for client in clients)]


def statuses_of(case: Case) -> dict[str, ControlStatus]:
    """What every control of the case comes to."""
    register = register_in(case)
    found = control_statuses(
        register, rulings_in(case), statements_of(case, register), case.body.get("roles", {}), case.as_of, places_in(case)
    )
    return {one.id: one for one in found}


def seen(one: ControlStatus) -> dict[str, Any]:
    """A control as cases speak of it."""
    return {
        "status": one.status,
        "method": one.method,
        "rules": list(one.rules),
        "root_cause": one.root_cause,
        "tainted": one.tainted,
        "alternative": one.alternative,
        "data_classes": sorted(one.data_classes),
        "sites": {place.site: status for place, status in one.places if place.site},
        "clients": {place.client: status for place, status in one.places if place.client},
    }


def differences(expected: Any, one: ControlStatus) -> list[str]:
    """Where what was expected of a control is not what came out; only what is given is compared."""
    wanted = {"status": expected} if isinstance(expected, str) else expected
    actual = seen(one)
    said = [f"{one.id}: {one.note!r} does not say {wanted[word]!r}" for word in ("says", "also") if wanted.get(word, "") not in one.note]
    pairs = {key: value for key, value in wanted.items() if key not in ("says", "also")}
    return said + [f"{one.id} {key}: expected {value!r}, got {actual[key]!r}" for key, value in pairs.items() if value != actual[key]]
