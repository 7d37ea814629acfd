"""Duplicates among documents, and documents that contradict a claim."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, pairwise

from ccpolicy.documents.document import Claim, Document, Violation
from ccpolicy.documents.envelope import day_in_utc
from ccpolicy.documents.explain import frozen
from ccpolicy.documents.gathering import Gathering, Pending
from ccpolicy.documents.path import Absent, Path, select
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.values import Gap, Json

MAX_SHOWN = 20  # contradictions of one claim that are listed


def drop_duplicates(gathering: Gathering) -> None:
    """Takes out documents that share an id or a unique key; their kind is open from then on."""
    for name, documents in gathering.documents.items():
        doubled = [*_same_id(documents), *_same_key(documents, gathering.kinds[name])]
        if not doubled:
            continue
        gathering.open_kinds.add(name)
        gathering.pending += [pending for pending, _ in doubled]
        unused = {id(document) for _, pair in doubled for document in pair}
        documents[:] = [document for document in documents if id(document) not in unused]


_Twice = Iterator[tuple[Pending, tuple[Document, Document]]]


def _same_id(documents: list[Document]) -> _Twice:
    for document, other in _pairs(documents, lambda document: document.own if isinstance(document.own, str) else None):
        yield _twice(document, other, "duplicate-id", f"another {document.kind} has the same id: {{other}}", "id"), (document, other)


def _same_key(documents: list[Document], kind: Kind) -> _Twice:
    if not kind.unique_key:
        return
    fields = ", ".join(f"`{field}`" for field in kind.unique_key)
    for document, other in _pairs(documents, lambda document: _key(document, kind)):
        message = f"another {document.kind} has the same {fields}: {{other}}"
        yield _twice(document, other, "duplicate-unique-key", message, kind.unique_key[0]), (document, other)


def _pairs(documents: list[Document], key_of: Callable[[Document], Json]) -> Iterator[tuple[Document, Document]]:
    """Each document with the first one of the same key. Keys may take more room than documents, so most are only hashed."""
    doubled: set[int] = set()
    parts = 1 + len(documents) // 250_000
    for part in range(parts):
        hashes = sorted(own for document in documents if (own := _hash(key_of(document))) is not None and own % parts == part)
        doubled |= {one for one, other in pairwise(hashes) if one == other}
    first: dict[Json, Document] = {}
    for document in documents if doubled else ():
        key = key_of(document)
        if key is not None and hash(key) in doubled:
            other = first.setdefault(key, document)
            if other is not document:
                yield document, other


def _hash(key: Json) -> int | None:
    return None if key is None else hash(key)


def _key(document: Document, kind: Kind) -> Json:
    """The unique key of a document, or None if a part of it is not known."""
    parts = [select(document.body, (field,)) for field in kind.unique_key]
    return None if any(part is None or isinstance(part, Gap | Absent) for part in parts) else frozen(parts)


_NEITHER = "neither is used, and the kind is not complete; keep one, or end the other with `valid_to`"


def _twice(document: Document, other: Document, code: str, message: str, field: str) -> Pending:
    def place(one: Document) -> tuple[str, int, tuple[str | int, ...]]:
        outside = code == "duplicate-id" and one.base == ("data",)
        return one.file, one.line, ("id",) if outside else one.pointer((field,))

    return Pending(*place(document), code, message, _NEITHER, place(other))


def void_contradicted(gathering: Gathering) -> None:
    """Voids each claim of a collection that a document outside it contradicts; each such document is a violation."""
    dated: dict[_Width, dict[_Scope, _Dated]] = {}
    for position, claim in enumerate(gathering.claims):
        documents = gathering.documents.get(claim.kind, ())
        if not claim.collection or all(document.collection == position for document in documents):
            continue
        width: _Width = claim.kind, claim.site is not None, claim.client is not None
        if width not in dated:
            dated[width] = _by_scope(documents, gathering.kinds[claim.kind].record_date, width)
        found = list(_contradicting(claim, position, dated[width].get((claim.site, claim.client), _NONE)))
        gathering.violations += [_contradiction(claim, document) for document in found]
        if found:
            gathering.claims[position] = replace(claim, void=True)


_Dated = tuple[list[tuple[date, Document]], list[Document]]  # by day, and those without a known day
_Width = tuple[str, bool, bool]  # a kind, and whether its documents are told apart by site and by client
_Scope = tuple[str | None, str | None]
_NONE: _Dated = [], []


def _by_scope(documents: Sequence[Document], path: Path, width: _Width) -> dict[_Scope, _Dated]:
    _, by_site, by_client = width
    found: dict[_Scope, list[Document]] = {}
    for document in documents:
        found.setdefault((document.site if by_site else None, document.client if by_client else None), []).append(document)
    return {scope: _by_day(own, path) for scope, own in found.items()}


def _by_day(documents: Sequence[Document], path: Path) -> _Dated:
    days = [(day_in_utc(record_moment(document, path)), document) for document in documents]
    known = [(day, document) for day, document in days if day is not None]
    return sorted(known, key=lambda pair: pair[0]), [document for day, document in days if day is None]


def record_moment(document: Document, path: Path) -> Json:
    """What stands at the record date of a document: a text, a Gap, or Absent."""
    root: Mapping[str, Json] | Json = document.envelope if path.root == "document" else document.body
    return select(dict(root), path.steps) if path.root == "document" else select(root, path.steps)


def _contradicting(claim: Claim, position: int, dated: _Dated) -> Iterator[Document]:
    known, undated = dated
    start = 0 if claim.first is None else bisect_left(known, claim.first, key=lambda pair: pair[0])
    end = len(known) if claim.last is None else bisect_right(known, claim.last, key=lambda pair: pair[0])
    anywhere = undated if claim.first is None and claim.last is None else []
    shown = 0
    for document in chain((known[index][1] for index in range(start, end)), anywhere):
        if document.collection != position:
            yield document
            shown += 1
            if shown == MAX_SHOWN:
                return


def _contradiction(claim: Claim, document: Document) -> Violation:
    message = f"the {document.kind} is not in the collection in `{claim.file}` that claims to be complete; the claim is void"
    return Violation(document.kind, document.id, document.file, document.line, document.base, "complete", message, owner=document)
