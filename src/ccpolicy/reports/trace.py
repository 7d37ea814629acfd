"""A finding as a file of ours tells it: enough to know it again, and to say where it stood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from ccpolicy.assessment.finding import Finding, FindingStatus
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.documents.sharing import shared
from ccpolicy.reports.cleaning import clean
from ccpolicy.rulebook.rule import SEVERITIES

FINGERPRINT = re.compile(r"[0-9a-f]{64}\Z")
WORDS = {"status": get_args(FindingStatus), "severity": SEVERITIES}


@dataclass(frozen=True, slots=True)
class Trace:
    """What identifies a finding, and what it was."""

    fingerprint: str
    rule: str
    status: FindingStatus
    severity: str
    kind: str
    document: str
    file: str
    pointer: str
    message: str = ""
    site: str = ""
    client: str = ""

    @property
    def is_of_schema(self) -> bool:
        """Whether no rule made it: a body does not fit its schema, or a claim is contradicted."""
        return of_schema(self.rule)


def of_schema(rule: str) -> bool:
    """Whether it is no rule, but what stands for one in findings about schemas and claims."""
    return rule.startswith(("schema/", "claim/"))


def trace_of(finding: Finding) -> Trace:
    """A finding of this run, cleaned; without its message, which may hold values."""
    seen = clean(finding)
    pointer = shared(write_pointer(seen.pointer))
    return Trace(seen.fingerprint, seen.rule, seen.status, seen.severity, seen.kind, seen.document, seen.file, pointer)


def value_of_trace(trace: Trace) -> dict[str, Any]:
    """A finding in short, as JSON has it."""
    return {
        "fingerprint": trace.fingerprint,
        "rule": trace.rule,
        "status": trace.status,
        "severity": trace.severity,
        "document": {"kind": trace.kind, "id": trace.document},
        "file": trace.file,
        "pointer": trace.pointer,
    }


_OWN = ("fingerprint", "rule", "status", "severity", "file", "pointer")
_MORE = ("message", "site", "client")


def read_trace(value: Any) -> Trace | list[tuple[str, str]]:
    """The trace in a JSON value, cleaned; or what is wrong with it, as pairs of a key and a sentence. Further keys are not looked at."""
    wrong = list(_wrong(value))
    if wrong:
        return wrong
    document = value["document"]
    told = {name: value[name] for name in _OWN} | {"kind": document["kind"], "document": document["id"]}
    told |= {name: value[name] for name in _MORE if isinstance(value.get(name), str)}
    return Trace(**{name: shared(clean(text)) if name != "fingerprint" else text for name, text in told.items()})


def _wrong(value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield "", "this is no object"
        return
    yield from _no_texts(value, _OWN)
    document = value.get("document")
    if isinstance(document, dict):
        yield from _no_texts(document, ("kind", "id"))
    else:
        yield "document", "`document` is missing, or no object with `kind` and `id`"
    if isinstance(value.get("fingerprint"), str) and not FINGERPRINT.match(value["fingerprint"]):
        yield "fingerprint", "the fingerprint is not 64 hexadecimal digits in lower case"
    for name, words in WORDS.items():
        if isinstance(value.get(name), str) and value[name] not in words:
            yield name, f"`{name}` is none of {', '.join(words)}"


def _no_texts(value: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if not isinstance(value.get(name), str):
            yield name, f"`{name}` is {'no text' if name in value else 'missing'}"


KEYS = frozenset({*_OWN, "document"})
