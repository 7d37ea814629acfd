"""An earlier JSON report of ours, read again: what it found, and what it had looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from ccpolicy.documents.moment import read_date
from ccpolicy.documents.sharing import shared
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.json_stream import JsonFile
from ccpolicy.reports.model import VERSION
from ccpolicy.reports.trace import Trace, read_trace

_HINT = "a report is written by `ccpolicy check --format json`"


@dataclass(frozen=True, slots=True)
class RuleThen:
    """A rule that was run: its status, and the standards that it cites."""

    status: str
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ControlThen:
    """A control with the statuses that it had, as a whole (no site, no client) and at places."""

    standard: str
    statuses: tuple[tuple[str, str, str], ...]  # site, client, status


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a report says that another can be compared with. `name` is the file as it is shown."""

    name: str
    as_of: date
    version: str
    organisation: str
    scope: Mapping[str, tuple[str, ...]]  # standards, rules, sites and clients that were selected
    packs: tuple[tuple[str, str], ...]  # id and digest
    rules: Mapping[str, RuleThen]
    controls: Counter[ControlThen]
    documents: frozenset[tuple[str, str, str]]  # kind, id (empty for a collection) and file
    findings: Mapping[str, Trace]  # by fingerprint
    problems: int


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    file: JsonFile
    heads: dict[str, Any] = field(default_factory=dict)
    lists: set[str] = field(default_factory=set)
    rules: dict[str, RuleThen] = field(default_factory=dict)
    controls: Counter[ControlThen] = field(default_factory=Counter)
    documents: set[tuple[str, str, str]] = field(default_factory=set)
    findings: dict[str, Trace] = field(default_factory=dict)
    packs: list[tuple[str, str]] = field(default_factory=list)
    problems: int = 0

    def refuse(self, message: str, hint: str = _HINT) -> NoReturn:
        raise Refused([self.file.problem(message, hint)])


def read_earlier(path: Path, name: str) -> Earlier:
    """The report in a file. Raises Refused for what is no report of ours, or one of a later form."""
    reading = _Reading(JsonFile(path, name))
    for key, value in reading.file.fields():
        if isinstance(value, Iterator):
            reading.lists.add(key)
            for member in value:
                _take(reading, key, member)
        else:
            _check(reading, key, value)
            reading.heads[key] = value
    heads = reading.heads
    if not {"report", "ccpolicy", "as_of"} <= heads.keys() or not {"rules", "findings", "documents"} <= reading.lists:
        raise Refused([Problem(name, 1, 1, "no-report", "this is no report of ours", _HINT)])
    return Earlier(
        name=name,
        as_of=date.fromisoformat(heads["as_of"]),
        version=clean(heads["ccpolicy"]),
        organisation=clean(_text(_map(heads.get("organisation")).get("name"))),
        scope=_scope(_map(heads.get("scope"))),
        packs=tuple(sorted(reading.packs)),
        rules=reading.rules,
        controls=reading.controls,
        documents=frozenset(reading.documents),
        findings=reading.findings,
        problems=reading.problems,
    )


def _check(reading: _Reading, key: str, value: Any) -> None:
    match key:
        case "report" if type(value) is int and value > VERSION:
            hint = "use the ccpolicy that wrote it, or a later one"
            reading.refuse(f"this report is of version {value}, and this ccpolicy knows version {VERSION}", hint)
        case "report" if type(value) is not int or value < 1:
            reading.refuse("this is no report of ours")
        case "as_of" if read_date(value) is None:
            reading.refuse("`as_of` is no date such as 2026-06-30")
        case "ccpolicy" if not isinstance(value, str):
            reading.refuse("`ccpolicy` is no text")
        case "rules" | "findings" | "controls" | "documents" | "packs" | "problems":
            reading.refuse(f"`{key}` is no list")
        case _:
            pass


def _take(reading: _Reading, key: str, member: Any) -> None:
    match key, member:
        case "findings", _:
            _take_finding(reading, member)
        case "rules", {"id": str(name), "status": str(status)}:
            reading.rules[clean(name)] = RuleThen(shared(clean(status)), _standards(member.get("controls")))
        case "controls", {"standard": str(standard), "status": str(status)}:
            places = [("", "", clean(status)), *_places(member.get("scopes"))]
            reading.controls[ControlThen(shared(clean(standard)), shared(tuple(places)))] += 1
        case "documents", {"kind": str(kind), "id": str(own), "file": str(file)}:
            reading.documents.add((shared(clean(kind)), clean(own), shared(clean(file))))
        case "packs", {"id": str(name), "sha256": str(digest)}:
            reading.packs.append((clean(name), digest))
        case "problems", dict():
            reading.problems += 1
        case "rules" | "controls" | "documents" | "packs" | "problems", _:
            reading.refuse(f"this is no member of `{key}` of a report")
        case _:
            pass


def _take_finding(reading: _Reading, member: Any) -> None:
    trace = read_trace(member)
    if isinstance(trace, list):
        raise Refused([reading.file.problem(message, _HINT, word) for word, message in trace])
    if trace.fingerprint in reading.findings:
        reading.refuse("another finding has this fingerprint")
    reading.findings[trace.fingerprint] = trace


def _standards(controls: Any) -> tuple[str, ...]:
    cited = [one.get("control") for one in controls if isinstance(one, dict)] if isinstance(controls, list) else []
    return shared(tuple(sorted({clean(one.partition("/")[0]) for one in cited if isinstance(one, str)})))


def _places(scopes: Any) -> Iterator[tuple[str, str, str]]:
    for one in scopes if isinstance(scopes, list) else ():
        if isinstance(one, dict) and isinstance(one.get("status"), str):
            yield clean(_text(one.get("site"))), clean(_text(one.get("client"))), clean(one["status"])


def _scope(stated: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    lists = {word: stated.get(word) for word in ("standards", "rules", "sites", "clients")}
    return {
        word: tuple(clean(one) for one in value if isinstance(one, str)) if isinstance(value, list) else () for word, value in lists.items()
    }


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
