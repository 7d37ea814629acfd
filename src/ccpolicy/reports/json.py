"""The report as JSON: the machine's form, described by `schemas/report.schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from ccpolicy.assessment.change import Change, Untouched
from ccpolicy.assessment.control import ControlStatus
from ccpolicy.assessment.finding import Detail, Passed, WaiverNote
from ccpolicy.controls.inference import Inferred
from ccpolicy.documents.document import Claim, Undated
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.applying import applied_value
from ccpolicy.reports.cleaning import visible_json
from ccpolicy.reports.deciding import Missing
from ccpolicy.reports.difference import difference_value
from ccpolicy.reports.map_report import path_value
from ccpolicy.reports.model import VERSION, Report, RuleLine, Shown, StatementLine
from ccpolicy.reports.view import View


def json_pieces(report: Report, view: View) -> Iterator[str]:
    """The text of the report; keys stand in the order of the schema, so equal reports are equal bytes."""
    return pieces_of(_parts(report, view))


def pieces_of(parts: Mapping[str, Any]) -> Iterator[str]:
    """The text of a JSON object. The members of a long part, an iterator, come one by one, so that they are never all in memory."""
    start = "{\n"
    for key, value in parts.items():
        yield f'{start}  "{key}": '
        yield from _members(value) if isinstance(value, Iterator) else [_text(value).replace("\n", "\n  ")]
        start = ",\n"
    yield "\n}\n"


def _members(values: Iterator[Any]) -> Iterator[str]:
    start = "[\n    "
    for value in values:
        yield start
        yield _text(value).replace("\n", "\n    ")
        start = ",\n    "
    yield "[]" if start.startswith("[") else "\n  ]"


def _text(value: Any) -> str:
    try:
        text = orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    except TypeError:  # a whole number of more than 64 bits, or half a character
        text = json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False)
    return visible_json(text)


def _parts(report: Report, view: View) -> dict[str, Any]:
    against = {} if view.applied is None else {"baseline": applied_value(view.applied)}
    return {
        "report": VERSION,
        "ccpolicy": report.version,
        "as_of": report.as_of.isoformat(),
        "period": _period(report.period),
        "organisation": {"name": report.organisation, "roles": dict(report.roles)},
        "scope": _scope(report),
        "packs": [{"id": pack.id, "version": pack.version, "sha256": pack.sha256} for pack in report.packs],
        "parameters": [{"name": one.name, "value": one.value, "set_by": one.set_by} for one in report.parameters],
        "summary": _summary(report),
        **against,
        **({} if view.since is None else {"diff": difference_value(view.since)}),
        "rules": (_rule(rule, report.titles) for rule in report.rules),
        "controls": (control_value(one, report.titles) for one in report.controls),
        "findings": (_finding(one, report, view) for one in report.shown),
        "waivers": [_waiver(waiver) for waiver in report.waivers],
        "attestations": [_statement(one) for one in report.statements if not one.party],
        "responsibilities": [{**_statement(one), "responsible": one.party} for one in report.statements if one.party],
        "documents": ({"file": one.file, "kind": one.kind, "id": one.id, "sha256": one.sha256, "valid": one.valid} for one in report.files),
        **({"undated": [_undated(one) for one in report.undated]} if report.undated else {}),
        "problems": [
            {
                "code": one.code,
                "message": one.message,
                "file": one.file,
                "line": one.line or None,
                "column": one.column or None,
                "hint": one.hint,
            }
            for one in report.problems
        ],
    }


def _undated(one: Undated) -> dict[str, Any]:
    return {"files": list(one.files), "kind": one.kind, "count": one.count, "file": one.file, "line": one.line}


def _period(period: tuple[date, date] | None) -> dict[str, str] | None:
    return None if period is None else {"from": period[0].isoformat(), "to": period[1].isoformat()}


def _scope(report: Report) -> dict[str, Any]:
    scope, left_out = report.scope, report.left_out
    return {
        "standards": list(scope.standards),
        "rules": list(scope.rules),
        "sites": list(scope.sites),
        "clients": list(scope.clients),
        "file": scope.file or None,
        "changed": None if scope.change is None else _changed(scope.change, scope.untouched),
        "left_out": {
            "rules": left_out.rules,
            "foci": left_out.foci,
            "observed_later": left_out.observed_later,
            "not_in_force": left_out.not_in_force,
            "claims": left_out.claims,
        },
    }


def _changed(change: Change, untouched: Sequence[Untouched]) -> dict[str, Any]:
    return {
        "since": change.since,
        "commit": change.commit,
        "files": list(change.files),
        "kinds": sorted(change.kinds),
        "everything": change.everything or None,
        "rules_left_out": [{"rule": one.rule, "reads": list(one.reads)} for one in untouched],
    }


def _summary(report: Report) -> dict[str, Any]:
    return {
        "documents": report.documents,
        "rules": len(report.rules),
        "findings": len(report.shown),
        "by_status": report.by_status(),
        "by_severity": report.by_severity(),
        "rules_by_status": report.rules_by_status(),
        "controls_by_status": report.controls_by_status(),
        "controls_inferred": report.controls_inferred(),
        "verdicts": report.verdicts(),
        "problems": len(report.problems),
    }


def _rule(rule: RuleLine, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title,
        "status": rule.status,
        "severity": rule.severity,
        "kind": rule.kind,
        "population": "complete" if rule.complete else "open",
        "reasons": list(rule.reasons),
        "open_because": [missing_value(one) for one in rule.missing],
        "counts": dict(rule.counts),
        "left_out": rule.left_out,
        "controls": [
            {"control": one.control, "title": titles.get(one.control, ""), "coverage": one.coverage, "why": one.why}
            for one in rule.citations
        ],
        "assumptions": [claim_value(claim) for claim in rule.assumptions],
        "passes": [_passed(passed) for passed in rule.passes],
        "passes_left_out": rule.counts["pass"] - len(rule.passes),
    }


def missing_value(missing: Missing) -> dict[str, Any]:
    """What would decide."""
    return {
        "what": missing.what,
        "name": missing.name,
        "field": missing.field or None,
        "reason": missing.reason or None,
        "by": missing.by or None,
        "site": missing.site or None,
        "client": missing.client or None,
        "days": missing.days or None,
    }


def claim_value(claim: Claim) -> dict[str, Any]:
    """A claim, with where it is made."""
    return {
        "kind": claim.kind,
        "by": claim.by,
        "on": claim.on,
        "basis": claim.basis,
        "from": claim.first.isoformat() if claim.first else None,
        "to": claim.last.isoformat() if claim.last else None,
        "site": claim.site,
        "client": claim.client,
        "file": claim.file,
        "line": claim.line or None,
    }


def _passed(passed: Passed) -> dict[str, Any]:
    return {
        "document": {"kind": passed.kind, "id": passed.document},
        "file": passed.file,
        "line": passed.line or None,
        "column": passed.column or None,
        "pointer": write_pointer(passed.pointer),
        "period": _period(passed.period),
        "witnesses": [
            {"file": file, "record": record or None, "pointer": write_pointer(pointer)} for file, record, pointer in passed.witnesses
        ],
    }


def control_value(one: ControlStatus, titles: Mapping[str, str]) -> dict[str, Any]:
    """What a control came to; an inferred status takes the place of none."""
    return {
        "id": one.id,
        "standard": one.standard,
        "title": titles.get(one.id, ""),
        "status": one.inferred.status if one.inferred and one.filled else one.status,
        "method": "inferred" if one.filled else one.method,
        "note": one.note,
        "rules": list(one.rules),
        "assumptions": [claim_value(claim) for claim in one.assumptions],
        "root_cause": one.root_cause or None,
        "documented_alternative": one.alternative,
        "candidate_evidence": list(one.candidates),
        "inferred": None if one.inferred is None else _inferred(one.inferred),
        "disputed": [_inferred(other) for other in one.disputed],
        "scopes": [{"site": place.site or None, "client": place.client or None, "status": status} for place, status in one.places],
    }


def _inferred(one: Inferred) -> dict[str, Any]:
    return {
        "status": one.status,
        "from": list(one.sources),
        "attested": one.attested,
        "paths": [path_value(path) for path in one.paths],
    }


def _finding(shown: Shown, report: Report, view: View) -> dict[str, Any]:
    finding = shown.finding
    return {
        "rule": finding.rule,
        "status": finding.status,
        "severity": finding.severity,
        "message": finding.message,
        "remediation": finding.remediation,
        "document": {"kind": finding.kind, "id": finding.document},
        "site": finding.site or None,
        "client": finding.client or None,
        "file": finding.file,
        "line": finding.line or None,
        "column": finding.column or None,
        "pointer": write_pointer(finding.pointer),
        "operator": finding.operator,
        "expected": finding.expected,
        "actual": finding.actual,
        "reason": finding.reasons[0] if finding.reasons else None,
        "reasons": list(finding.reasons),
        "controls": list(finding.controls),
        "root_causes": list(report.root_causes(finding)),
        "detail": [_detail(detail) for detail in finding.detail],
        "notes": list(finding.notes),
        "waiver": finding.waiver or None,
        "period": _period(finding.period),
        "decided_by": [missing_value(one) for one in shown.missing],
        "fingerprint": finding.fingerprint,
        **({} if view.applied is None else {"baseline": view.applied.standing(finding)}),
    }


def _detail(detail: Detail) -> dict[str, Any]:
    return {
        "file": detail.file,
        "line": detail.line or None,
        "column": detail.column or None,
        "pointer": write_pointer(detail.pointer),
        "operator": detail.operator,
        "expected": detail.expected,
        "actual": detail.actual,
        "reasons": list(detail.reasons),
        "detail": [_detail(inner) for inner in detail.detail],
    }


def _statement(one: StatementLine) -> dict[str, Any]:
    return {
        "id": one.id,
        "control": one.control,
        "state": one.state,
        "message": one.message,
        "file": one.file,
        "line": one.record or None,
        "pointer": write_pointer(one.pointer),
    }


def _waiver(waiver: WaiverNote) -> dict[str, Any]:
    return {
        "id": waiver.id,
        "rule": waiver.rule,
        "state": waiver.state,
        "message": waiver.message,
        "file": waiver.file,
        "line": waiver.record or None,
        "pointer": write_pointer(waiver.pointer),
    }
