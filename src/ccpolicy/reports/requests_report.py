"""The evidence request list as a value, as rows, and as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.statements import Statement
from ccpolicy.backends.english_words import duration_said
from ccpolicy.controls.catalogue import Catalogue
from ccpolicy.controls.order import printed_order
from ccpolicy.controls.requesting import Request, reach, request_id
from ccpolicy.documents.coverage import covering
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.planning import Owner, nearest
from ccpolicy.documents.schema import OBSERVED, Kind
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.deciding import Missing
from ccpolicy.reports.model import Report
from ccpolicy.reports.page import Page, number
from ccpolicy.reports.undetermined_text import sentence

LISTED = 12  # of anything that is named in one place
ATTESTATION = "attestation"
_BEFORE = ("id", "kind", "title", "fields")
_AFTER = ("period", "max_age", "owner", "due", "status", "note", "rules")


@dataclass(frozen=True, slots=True)
class Asking:
    """What the list is told with. Without an assessment nobody looked whether anything is there."""

    kinds: Mapping[str, Kind]
    catalogues: Mapping[str, Catalogue]  # of the standards that are spoken of
    owners: Mapping[str, Owner]
    max_age: Mapping[str, Duration]  # that the config states, by kind
    assessed: tuple[Assessment, Report] | None


def requests_value(
    requests: Sequence[Request], attested: Mapping[str, Mapping[str, Sequence[Statement]]], asking: Asking
) -> dict[str, Any]:
    """The list as a JSON value: a request for each kind, and one for the attestations of each standard (controls with their statements)."""
    rows = [_of_kind(request, asking) for request in requests if request.kind != ATTESTATION]
    rows += [_of_attestations(standard, controls, asking) for standard, controls in sorted(attested.items()) if controls]
    day = None if asking.assessed is None else asking.assessed[0].as_of.isoformat()
    return clean({"checked": asking.assessed is not None, "as_of": day, "standards": list(asking.catalogues), "requests": rows})


def _row(name: str, kind: str, title: str, fields: Sequence[str], controls: Sequence[str], asking: Asking) -> dict[str, Any]:
    owner = nearest(asking.owners, name, kind)
    return {
        "id": request_id(name),
        "kind": kind,
        "title": title,
        "fields": list(fields),
        "controls": _by_standard(controls),
        "owner": None if owner is None else owner.name,
        "due": None if owner is None or owner.due is None else owner.due.isoformat(),
    }


def _by_standard(controls: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for control in sorted(controls, key=printed_order):
        standard, _, name = control.partition("/")
        found.setdefault(standard, []).append(name)
    return dict(sorted(found.items()))


# ---- documents of a kind -------------------------------------------------------------------------------------------------------


def _of_kind(request: Request, asking: Asking) -> dict[str, Any]:
    kind = asking.kinds[request.kind]
    ages = [age for age in (kind.max_age, asking.max_age.get(kind.name)) if age is not None]
    age = min(ages, key=reach, default=None)
    return {
        **_row(kind.name, kind.name, kind.title or kind.name, request.fields, request.controls, asking),
        "period": _period(request.back, age, kind.record_date != OBSERVED),
        "back": None if request.back is None else request.back.text,
        "max_age": None if age is None else age.text,
        **_found(request.kind, asking),
        "rules": list(request.rules),
    }


def _period(back: Duration | None, age: Duration | None, dated: bool) -> str:
    """How far back to go. Documents that have a date of their own tell what happened; the others, how things are."""
    if back is not None:
        return f"the last {duration_said(back)}"
    if dated:
        return "all on record"
    return "current" if age is None else f"current, observed in the last {duration_said(age)}"


def _found(kind: str, asking: Asking) -> dict[str, Any]:
    """What is there of a kind, and what rules found lacking in it."""
    if asking.assessed is None:
        return {"status": "not_checked", "documents": None, "note": "", "lacks": []}
    assessment, report = asking.assessed
    evidence, day = assessment.evidence, assessment.as_of
    count = len(evidence.of(kind))
    lacks = [sentence(one) for one in sorted(_missing(report)) if one.name == kind]
    claims = covering(evidence, kind, day, day)
    if count:
        return {"status": "partly" if lacks else "provided", "documents": count, "note": number(count, "document"), "lacks": lacks}
    if claims:
        return {"status": "provided", "documents": 0, "note": f"there are none, says {claims[0].by}", "lacks": lacks}
    return {"status": "missing", "documents": 0, "note": "no document", "lacks": []}


def _missing(report: Report) -> set[Missing]:
    found = {one for shown in report.shown if shown.finding.status == "undetermined" for one in shown.missing}
    return found | {one for rule in report.rules if rule.status == "undetermined" or not rule.complete for one in rule.missing}


# ---- attestations --------------------------------------------------------------------------------------------------------------


def _of_attestations(standard: str, controls: Mapping[str, Sequence[Statement]], asking: Asking) -> dict[str, Any]:
    name = f"{ATTESTATION}/{standard}"
    fields = [f"/{field}" for field in asking.kinds[ATTESTATION].schema.get("properties", {})]
    title = f"Attestations of what rules do not see of {asking.catalogues[standard].title}"
    return {
        **_row(name, ATTESTATION, title, sorted(fields), list(controls), asking),
        "period": "valid on the day of assessment",
        "back": None,
        "max_age": None,
        **_vouched(controls, asking),
        "rules": [],
        "items": [_item(name, own, asking) for name, own in sorted(controls.items(), key=lambda pair: printed_order(pair[0]))],
    }


def _item(name: str, own: Sequence[Statement], asking: Asking) -> dict[str, Any]:
    """A control to attest, and what a person has to show."""
    standard, _, number = name.partition("/")
    control = asking.catalogues[standard].controls[number]
    states = sorted({one.state for one in own})
    state = "not_checked" if asking.assessed is None else "applied" if "applied" in states else states[0] if states else "missing"
    return {"control": name, "title": control.title, "show": control.reason, "state": state}


def _vouched(controls: Mapping[str, Sequence[Statement]], asking: Asking) -> dict[str, Any]:
    if asking.assessed is None:
        return {"status": "not_checked", "documents": None, "note": "", "lacks": []}
    good = [name for name, own in controls.items() if any(one.state == "applied" for one in own)]
    void = sorted(
        f"{one.document.id} for {one.control}: {one.message}" for own in controls.values() for one in own if one.state != "applied"
    )
    documents = len({one.document.id for own in controls.values() for one in own})
    status = "provided" if len(good) == len(controls) else "partly" if good or void else "missing"
    note = f"{len(good)} of {number(len(controls), 'control')} attested or inherited"
    return {"status": status, "documents": documents, "note": note, "lacks": void}


# ---- rows ----------------------------------------------------------------------------------------------------------------------


def request_columns(standards: Sequence[str]) -> list[str]:
    """The columns of the table: one for each standard, with the controls that the evidence serves there."""
    return [*_BEFORE, *standards, *_AFTER]


def request_rows(value: Mapping[str, Any], standards: Sequence[str]) -> Iterator[list[str]]:
    """The requests as rows under the columns."""
    for one in value["requests"]:
        note = "; ".join([one["note"], *one["lacks"]])
        held = {**one, **{name: one["controls"].get(name, []) for name in standards}, "status": _told(one["status"]), "note": note}
        yield [_cell(held[name]) for name in request_columns(standards)]


def _cell(held: Any) -> str:
    return " ".join(held) if isinstance(held, list) else "" if held is None else str(held)


def _told(status: str) -> str:
    return status.replace("_", " ")


# ---- text ----------------------------------------------------------------------------------------------------------------------

_STYLES = {"missing": "fail", "partly": "undetermined", "provided": "pass", "not_checked": "dim"}


def put_requests(page: Page, value: Mapping[str, Any]) -> None:
    """The list for people."""
    requests = value["requests"]
    page.head(f"Evidence requests: {len(requests)}")
    if value["checked"]:
        counts = [
            f"{count} {word}" for word in ("missing", "partly", "provided") if (count := sum(one["status"] == word for one in requests))
        ]
        page.say(f"As of {value['as_of']}: {', '.join(counts)}. What is provided is what rules found whole; they say what is lacking.")
    else:
        page.say("Nobody looked whether anything is there: name documents by --evidence PATH.")
    for one in requests:
        _put_request(page, one)


def _put_request(page: Page, one: Mapping[str, Any]) -> None:
    page.gap()
    page.put((one["id"], "dim"), "  ", (one["kind"], "bold"), f"  {one['title']}  ", (_told(one["status"]), _STYLES[one["status"]]))
    for standard, controls in one["controls"].items():
        page.say(_short(controls), 2, f"{standard}: ", "dim")
    if one["kind"] != ATTESTATION:
        page.say(_short(one["fields"]) or "the whole document", 2, "fields: ", "dim")
    page.say(one["period"], 2, "period: ", "dim")
    if one["owner"]:
        page.say(one["owner"] + (f", due {one['due']}" if one["due"] else ""), 2, "owner: ", "dim")
    if one["note"]:
        page.say(one["note"], 2, "found: ", "dim")
    for lack in one["lacks"][:LISTED]:
        page.say(lack, 2, "lacks: ", "undetermined")
    if len(one["lacks"]) > LISTED:
        page.say(f"and {len(one['lacks']) - LISTED} more, in the JSON report", 2)


def _short(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more
