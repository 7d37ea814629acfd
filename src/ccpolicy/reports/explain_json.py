"""An explanation as JSON."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any

from ccpolicy import __version__
from ccpolicy.assessment.explanation import Account, Closure, Count, Derived, Entries, Events, LookedUp, Place, Point, Way
from ccpolicy.documents.document import Claim
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.cleaning import visible_json
from ccpolicy.reports.explain_model import Decider, Explained, Site
from ccpolicy.reports.json import claim_value, missing_value
from ccpolicy.reports.undetermined_text import sentence

VERSION = 1
_WHAT = {Count: "members", Entries: "values", Events: "events", Way: "path"}  # an insight says which it is


def explanation_text(explained: Explained) -> str:
    """The text of an explanation; equal explanations are equal bytes."""
    return visible_json(json.dumps(explanation_value(explained), ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def explanation_value(explained: Explained) -> dict[str, Any]:
    """The explanation as a JSON value."""
    explanation = explained.explanation
    result, rule = explanation.result, explanation.result.rule
    return {
        "explanation": VERSION,
        "ccpolicy": __version__,
        "as_of": explanation.as_of.isoformat(),
        "rule": {"id": rule.id, "title": rule.title, "severity": rule.severity, "status": result.status, "reasons": list(result.reasons)},
        "population": {
            "kind": rule.foci.kind,
            "said": explanation.population,
            "documents": explanation.documents,
            "foci": len(result.foci),
            "left_out": result.left_out,
            "closure": _value(explanation.closure),
            "open_because": [_value(one) for one in explained.open_because],
        },
        "counts": dict(result.counts),
        "parameters": [{"name": one.name, "value": one.value, "set_by": one.set_by} for one in explanation.parameters],
        "waivers": [_value(one) for one in explanation.waivers],
        "foci": [_account(account, one) for account, one in zip(explanation.accounts, explained.decided_by, strict=True)],
        "not_explained": dict(explanation.more),
        "problems": [_value(one) for one in explanation.problems],
    }


def _account(account: Account, deciders: tuple[Decider, ...]) -> dict[str, Any]:
    own = ("kind", "document", "findings")
    found = {name: value for name, value in _fields(replace(account, findings=())).items() if name not in own}
    messages = dict.fromkeys(one.message for one in account.findings)
    return {
        "document": {"kind": account.kind, "id": account.document},
        **found,
        "messages": list(messages),
        "decided_by": [_value(one) for one in deciders],
    }


def _value(value: Any) -> Any:
    """A value of an explanation as JSON has it: fields by their names, what stands for nothing as null."""
    match value:
        case date():
            return value.isoformat()
        case tuple() | list():
            return [_value(item) for item in value]
        case Claim():
            return claim_value(value)
        case Place():
            return _place(value.file, value.line, value.column, write_pointer(value.pointer))
        case Site():
            return _place(value.file, value.line, value.column, value.pointer)
        case Decider():
            said = {"said": sentence(value.missing), **missing_value(value.missing)}
            return {**said, "places": _value(value.sites), "claimed": _value(value.short)}
        case Closure():
            period = {"from": _value(value.first), "to": _value(value.last)}
            told = {"closed": value.closed, "claims": _value(value.claims), "reasons": list(value.reasons)}
            return {**told, "days": period, "undatable": value.undatable}
        case Point() | LookedUp() | Derived():
            return {name: one for name, one in _fields(value).items() if name not in ("lead", "parts")}
        case Count() | Entries() | Events() | Way():
            return {"what": _WHAT[type(value)], **_fields(value)}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _fields(value)
        case _:
            return value


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: _value(getattr(value, field.name)) for field in fields(value)}


def _place(file: str, line: int, column: int, pointer: str) -> dict[str, Any]:
    return {"file": file, "line": line or None, "column": column or None, "pointer": pointer}
