"""What a run has looked at: only of that can it be said that a finding is gone."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

from ccpolicy.assessment.finding import Assessment
from ccpolicy.backends.phrases import REDACTED
from ccpolicy.backends.population import Selection
from ccpolicy.documents.document import Document
from ccpolicy.documents.pointer import Pointer, read_pointer, write_pointer
from ccpolicy.documents.values import Gap, Json, OpenList
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.trace import Trace, of_schema

Unlooked: TypeAlias = Literal["rule", "document", "undecided"]  # why nothing is known of a finding that is not there
UNLOOKED: dict[Unlooked, str] = {
    "rule": "whose rule was not run",
    "document": "whose document was not seen",
    "undecided": "that cannot be told now",
}
Named: TypeAlias = "tuple[str, str]"  # kind and id of a document


def unlooked(traces: Sequence[Trace], assessment: Assessment, known: Container[str]) -> dict[str, Unlooked]:
    """Of findings that this run does not have, those of which it cannot say that they are gone, and why; by fingerprint.

    A finding is gone only if its rule was run, its document was seen, and nothing there has become undecided where it stood. `known` are
    the fingerprints of then: what was undecided beside the finding, and still is, hides nothing.
    """
    ran = {result.rule.id for result in assessment.rules}
    found: dict[str, Unlooked] = {one.fingerprint: "rule" for one in traces if not _is_asked(one.rule, ran, assessment)}
    left = [one for one in traces if one.fingerprint not in found]
    seen = _seen(left, assessment)
    selection = Selection(assessment.scope.sites, assessment.scope.clients)
    for one in left:
        document = seen.get((one.kind, one.document))
        if document is None or _is_elsewhere(document, assessment) or not (one.is_of_schema or selection.takes(document)):
            found[one.fingerprint] = "document"
    left = [one for one in left if one.fingerprint not in found]
    open_at = _undecided(left, assessment, known)
    for one in left:
        if _is_open(one, open_at.get((one.rule, one.kind, one.document), ()), seen):
            found[one.fingerprint] = "undecided"
    return found


def _is_elsewhere(document: Document, assessment: Assessment) -> bool:
    """Whether only one file was asked about, and it is another."""
    return bool(assessment.scope.file) and document.file != assessment.scope.file


def _is_asked(rule: str, ran: set[str], assessment: Assessment) -> bool:
    change = assessment.scope.change
    if change is not None and rule not in ran and not change.touches_kind(rule.partition("/")[2]):
        return False
    if rule.startswith("claim/"):
        return not assessment.problems and not assessment.evidence.claims_left_out
    return of_schema(rule) or rule in ran


def _seen(traces: Iterable[Trace], assessment: Assessment) -> dict[Named, Document]:
    """The documents of the findings that are in evidence."""
    wanted = {(one.kind, one.document) for one in traces if REDACTED not in one.document}
    found: dict[Named, Document] = {}
    for kind in {kind for kind, _ in wanted}:
        for document in assessment.evidence.documents.get(kind, ()):
            name = kind, clean(document.id)
            if name in wanted:
                found[name] = document
    return found


def _undecided(traces: Iterable[Trace], assessment: Assessment, known: Container[str]) -> dict[tuple[str, str, str], set[Pointer]]:
    """Where rules can no longer tell, by rule and document, for the rules and documents of the findings."""
    wanted = {(one.rule, one.kind, one.document) for one in traces}
    found: dict[tuple[str, str, str], set[Pointer]] = {}
    for finding in assessment.findings if wanted else ():
        if finding.status == "undetermined" and finding.fingerprint not in known:
            name = finding.rule, finding.kind, clean(finding.document)
            if name in wanted:
                found.setdefault(name, set()).add(spot_of(clean(write_pointer(finding.pointer))))
    return found


def _is_open(one: Trace, open_at: Iterable[Pointer], seen: dict[Named, Document]) -> bool:
    if one.is_of_schema:
        document = seen[one.kind, one.document]
        return _is_gap(document.body, tuple(map(str, _tokens(one.pointer)[len(document.base) :])))
    at = spot_of(one.pointer)
    return any(overlaps(at, other) for other in open_at)


def spot_of(pointer: str) -> Pointer:
    """Where a pointer leads, without the positions of members, which move."""
    return _unplaced(_tokens(pointer))


def overlaps(one: Pointer, other: Pointer) -> bool:
    """Whether one of two spots is the other, or a part of it."""
    return one[: len(other)] == other or other[: len(one)] == one


def _tokens(pointer: str) -> tuple[str, ...]:
    try:
        return read_pointer(pointer)
    except ValueError:  # somebody has changed it by hand
        return ()


def _unplaced(pointer: Pointer) -> Pointer:
    return tuple("*" if isinstance(token, int) or token.isdecimal() else token for token in pointer)


def _is_gap(value: Json, within: tuple[str, ...]) -> bool:
    """Whether a gap stands at the pointer or above it, at any member of a list."""
    match value:
        case Gap() | OpenList():
            return True
        case dict() if within and within[0] in value:
            return _is_gap(value[within[0]], within[1:])
        case list() if within:
            return any(_is_gap(member, within[1:]) for member in value)
        case _:
            return False


def split(
    traces: Sequence[Trace], assessment: Assessment, known: Container[str]
) -> tuple[tuple[Trace, ...], tuple[tuple[Trace, Unlooked], ...]]:
    """Findings that this run does not have: those that are gone, and those that it did not look at."""
    why = unlooked(traces, assessment, known)
    return tuple(one for one in traces if one.fingerprint not in why), tuple(_told(traces, why))


def _told(traces: Iterable[Trace], why: dict[str, Unlooked]) -> Iterator[tuple[Trace, Unlooked]]:
    return ((one, why[one.fingerprint]) for one in traces if one.fingerprint in why)
