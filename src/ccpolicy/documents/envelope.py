"""The envelope of a document or a collection: read, checked field by field, and everything wrong with it named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from ccpolicy.documents.document import Claim
from ccpolicy.documents.moment import day_of, read_date, read_moment
from ccpolicy.documents.pointer import Pointer, read_pointer
from ccpolicy.documents.text import MAX_DEPTH
from ccpolicy.documents.values import Json
from ccpolicy.documents.wording import safe_key
from ccpolicy.errors import did_you_mean

SCOPE = ("kind", "observed_at", "valid_from", "valid_to", "site", "client", "data_classes", "source")
FIELDS = ("kind", "id", *SCOPE[1:], "gaps", "complete", "data", "records")
CLAIM_FIELDS = ("by", "on", "basis", "from", "to")
_SOURCE_FIELDS = ("system", "reference", "collected_by", "sha256")
_MAY_BE_GAPS = frozenset({"data", "records", "source"})
_SHA256 = re.compile(r"[0-9a-fA-F]{64}\Z", re.ASCII)
_UTC = ZoneInfo("UTC")

Tokens: TypeAlias = "tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something wrong at a pointer of a file (of a line)."""

    pointer: Pointer
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a document or a collection says of itself. Days are those of UTC."""

    kind: str
    id: str  # empty for a collection
    fields: Mapping[str, Json]  # those of SCOPE that are stated
    observed: date
    first: date | None = None
    last: date | None = None
    gaps: tuple[Tokens, ...] = ()  # from the root of the file (of the line)
    collection: bool = False
    claim: Claim | None = None


def is_enveloped(value: Json) -> bool:
    """Whether the value means to be a document or a collection of ours."""
    return isinstance(value, dict) and isinstance(value.get("kind"), str)


def read_envelope(value: Mapping[str, Json]) -> Envelope | list[Complaint]:
    """The envelope of a value that has a kind, or all that is wrong with it."""
    complaints = list(_complaints(value))
    if complaints:
        return complaints
    collection = "records" in value
    return Envelope(
        kind=value["kind"],
        id=value.get("id", ""),
        fields={field: value[field] for field in SCOPE if value.get(field) is not None},
        observed=_required_day(value["observed_at"]),
        first=day_in_utc(value.get("valid_from")),
        last=day_in_utc(value.get("valid_to")),
        gaps=tuple(read_pointer(gap["pointer"]) for gap in value.get("gaps") or ()),
        collection=collection,
        claim=_claim(value) if value.get("complete") is not None else None,
    )


def day_in_utc(text: Json) -> date | None:
    """The day of a date or an instant, in UTC; None for anything else."""
    moment = read_moment(text)
    return None if moment is None else day_of(moment, _UTC)


def _required_day(text: Json) -> date:
    day = day_in_utc(text)
    if day is None:
        raise ValueError("`observed_at` was checked to be a date or an instant")
    return day


def claim_of(kind: str, stated: Mapping[str, Json], site: str | None, client: str | None) -> Claim:
    """The claim that a checked `complete` makes."""
    bounds = read_date(stated.get("from")), read_date(stated.get("to"))
    return Claim(kind, stated["by"], stated["on"], stated["basis"], *bounds, site=site, client=client)


def _claim(value: Mapping[str, Json]) -> Claim:
    return claim_of(value["kind"], value["complete"], value.get("site"), value.get("client"))


def _wrong(field: str, message: str, hint: str = "", *within: str | int) -> Complaint:
    return Complaint((field, *within), "invalid-envelope", message, hint)


def _complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    for key in value:
        if key not in FIELDS:
            hint = did_you_mean(key, FIELDS) or "what is said of the subject stands in `data`; gaps, scope and source beside it"
            yield _wrong(key, f"the envelope has no field `{safe_key(key)}`", hint)
    yield from _body_complaints(value)
    yield from _date_complaints(value)
    yield from _scope_complaints(value)
    yield from _source_complaints(value)
    yield from _gap_complaints(value)
    yield from claim_complaints(value.get("complete"), "complete")
    if value.get("complete") is not None and "records" not in value:
        yield _wrong("complete", "a single document cannot claim to be complete", "claims belong to collections, or to `ccpolicy.toml`")


def _body_complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    body = [field for field in ("data", "records") if field in value]
    known_gaps = _gap_roots(value)
    if len(body) == 2:
        yield _wrong("records", "the envelope has `data` and `records`", "one document has `data`, a collection has `records`")
    elif not body and "data" not in known_gaps:
        yield Complaint((), "invalid-envelope", "the envelope has neither `data` nor `records`", _MAP_IT)
    if "records" in value:
        if not isinstance(value["records"], list):
            yield _wrong("records", "`records` is a list of bodies", "a single document has `data`")
        if "id" in value:
            yield _wrong("id", "a collection has no id of its own", "each record has its own `id`")
        return
    yield from _id_complaints(value)


_MAP_IT = "a file of another system is mapped by [[documents]] in ccpolicy.toml, or left out by `ignore`"


def _gap_roots(value: Mapping[str, Json]) -> set[str]:
    gaps = value.get("gaps")
    stated = [gap.get("pointer") for gap in gaps if isinstance(gap, dict)] if isinstance(gaps, list) else []
    return {text.split("/")[1] for text in stated if isinstance(text, str) and text.startswith("/")}


def _id_complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    own = value.get("id")
    if own is not None and not isinstance(own, str):
        yield _wrong("id", "the `id` of the envelope is not a text", "write it in quotes")
        return
    if not own:
        yield Complaint(("id",) if "id" in value else (), "invalid-envelope", "the envelope has no `id`, a text that is unique in its kind")
        return
    data = value.get("data")
    inner = data.get("id") if isinstance(data, dict) else None
    if inner is not None and inner != own:
        yield _wrong("data", "the `id` of the data is not the `id` of the envelope", "give both the same text", "id")


def _date_complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    if value.get("observed_at") is None:
        yield Complaint((), "invalid-envelope", "the envelope has no `observed_at`", "the date or instant at which the facts held")
    for field in ("observed_at", "valid_from", "valid_to"):
        if value.get(field) is not None and day_in_utc(value[field]) is None:
            yield _wrong(field, f"`{field}` is no date and no instant", "such as 2026-06-30 or 2026-06-30T09:00:00Z")
    first, last = day_in_utc(value.get("valid_from")), day_in_utc(value.get("valid_to"))
    if first and last and first > last:
        yield _wrong("valid_to", "`valid_to` is before `valid_from`")


def _scope_complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    for field in ("site", "client"):
        if value.get(field) is not None and not _is_text(value[field]):
            yield _wrong(field, f"`{field}` is a text")
    classes = value.get("data_classes")
    if classes is not None and not (isinstance(classes, list) and all(map(_is_text, classes))):
        yield _wrong("data_classes", "`data_classes` is a list of texts", "such as [cardholder_data, ephi]")


def _source_complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    source = value.get("source")
    if source is None:
        return
    if not isinstance(source, dict):
        yield _wrong("source", "`source` is a map", "{system, reference, collected_by}")
        return
    gaps = _gap_roots(value)
    for key in source:
        if key not in _SOURCE_FIELDS:
            yield _wrong("source", f"`source` has no field `{safe_key(key)}`", did_you_mean(key, _SOURCE_FIELDS), key)
    for key in _SOURCE_FIELDS[:3]:
        if not _is_text(source.get(key)) and "source" not in gaps:
            yield _wrong("source", f"`source` has no `{key}`, a text", "{system, reference, collected_by}", key)
    sha256 = source.get("sha256")
    if sha256 is not None and not (isinstance(sha256, str) and _SHA256.match(sha256)):
        yield _wrong("source", "`sha256` is 64 hexadecimal digits", "", "sha256")


def _gap_complaints(value: Mapping[str, Json]) -> Iterator[Complaint]:
    gaps = value.get("gaps")
    if gaps is None:
        return
    if not isinstance(gaps, list):
        yield _wrong("gaps", "`gaps` is a list", "[{pointer: /data/..., reason: ...}]")
        return
    for position, gap in enumerate(gaps):
        yield from _one_gap(gap, position)


def _one_gap(gap: Json, position: int) -> Iterator[Complaint]:
    if not isinstance(gap, dict) or not set(gap) <= {"pointer", "reason"} or not _is_text(gap.get("reason")):
        message = "a gap is a map of `pointer` and `reason`, and nothing else"
        yield _wrong("gaps", message, "{pointer: /data/..., reason: redacted}", position)
        return
    try:
        tokens = read_pointer(gap["pointer"]) if isinstance(gap.get("pointer"), str) else None
    except ValueError:
        tokens = None
    if tokens is None:
        yield _wrong("gaps", "the pointer of a gap is an RFC 6901 JSON Pointer", "such as /data/queues/0/name", position, "pointer")
    elif not tokens or tokens[0] not in _MAY_BE_GAPS or len(tokens) > MAX_DEPTH:
        message = "the pointer of a gap leads from the root of the file into `data`, `records` or `source`"
        yield _wrong("gaps", message, "such as /data/queues/0/name", position, "pointer")


def claim_complaints(stated: Json, *at: str | int) -> Iterator[Complaint]:
    """All that is wrong with a `complete`, which stands at the pointer `at`."""
    if stated is None:
        return
    if not isinstance(stated, dict):
        yield Complaint(at, "invalid-envelope", "`complete` is a map", "{by, on, basis, from, to}")
        return
    for key in stated:
        if key not in CLAIM_FIELDS:
            message = f"`complete` has no field `{safe_key(key)}`"
            yield Complaint((*at, key), "invalid-envelope", message, did_you_mean(key, CLAIM_FIELDS))
    for key in ("by", "basis"):
        if not _is_text(stated.get(key)):
            yield Complaint((*at, key), "invalid-envelope", f"`complete` has no `{key}`, a text", "{by, on, basis, from, to}")
    yield from _claim_dates(stated, at)


def _claim_dates(stated: Mapping[str, Any], at: Pointer) -> Iterator[Complaint]:
    for key in ("on", "from", "to"):
        if (key == "on" or stated.get(key) is not None) and read_date(stated.get(key)) is None:
            yield Complaint((*at, key), "invalid-envelope", f"`{key}` of `complete` is a date", "such as 2026-06-30")
    first, last = read_date(stated.get("from")), read_date(stated.get("to"))
    if first and last and first > last:
        yield Complaint((*at, "to"), "invalid-envelope", "`to` of `complete` is before `from`")


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and value != ""
