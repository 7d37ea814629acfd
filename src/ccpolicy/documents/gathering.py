"""Documents as they are taken in, one after the other: in force or not, valid or not, with their gaps carved in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from ccpolicy.documents.document import Claim, Cover, Document, FileRecord, Member, Violation, packed
from ccpolicy.documents.fault import Fault
from ccpolicy.documents.moment import Duration, shift
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.sharing import shared
from ccpolicy.documents.values import Gap, Json, open_lists, with_gaps
from ccpolicy.documents.wording import safe_key
from ccpolicy.errors import Problem, did_you_mean

Carving = tuple[Pointer, str]  # a pointer within the body, and the reason of the gap there
NO_COLUMNS: Mapping[str, str] = {}

# With something unknown inside the value, these cannot be told: no violation, but nothing is known of the value either.
_UNDECIDED = frozenset({"anyOf", "oneOf", "not", "if", "const", "enum", "propertyNames", "dependentSchemas", "unevaluatedItems", "schema"})
_TOO_FEW = frozenset({"minItems", "minProperties", "contains"})  # no faults of what may have more members
_OF_MEMBERS = frozenset({"contains", "uniqueItems"})  # no faults where members are unknown


@dataclass(frozen=True, slots=True)
class Pending:
    """A problem whose line and column are not yet known. `{other}` in the message stands for the other place."""

    file: str
    line: int
    pointer: Pointer
    code: str
    message: str
    hint: str = ""
    other: tuple[str, int, Pointer] | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """What the records of one collection, or of one mapped file, have in common."""

    kind: Kind
    fields: Mapping[str, Json]
    observed: date
    file: str
    first: date | None = None
    last: date | None = None
    mapped: bool = False
    collection: int = -1
    columns: Mapping[str, str] = field(default_factory=lambda: NO_COLUMNS)
    covers: dict[tuple[bool, Pointer], Cover] = field(init=False, default_factory=dict)

    def cover(self, named: bool, base: Pointer) -> Cover:
        """What documents with (or without) an id of their own share below a pointer."""
        if (named, base) not in self.covers:
            cover = Cover(self.kind.name, self.fields, self.file, self.mapped, self.columns, self.collection, named, base)
            self.covers[named, base] = cover
        return self.covers[named, base]


@dataclass(frozen=True, slots=True)
class Body:
    """One document's own part. `gaps` are within the body; `paged` says that the body is one page of more."""

    id: str | int
    value: Json
    line: int = 0
    base: Pointer = ()
    gaps: Sequence[Carving] = ()
    paged: bool = False
    named: bool = True


@dataclass(slots=True)
class Gathering:
    """All that has been taken in so far."""

    kinds: Mapping[str, Kind]
    as_of: date
    max_age: Mapping[str, Duration] = field(default_factory=dict)
    documents: dict[str, list[Document]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)
    files: list[FileRecord] = field(default_factory=list)
    open_kinds: set[str] = field(default_factory=set)
    all_open: bool = False
    observed_later: int = 0
    not_in_force: int = 0
    keys: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)  # of flat bodies: many have the same

    def add_claim(self, claim: Claim) -> int:
        """The position of the claim among all."""
        self.claims.append(claim)
        return len(self.claims) - 1

    def is_in_force(self, header: Header, count: int) -> bool:
        """Whether the documents of the header hold on `as_of`; those that do not are counted."""
        if header.observed > self.as_of:
            self.observed_later += count
            return False
        if (header.first and header.first > self.as_of) or (header.last and header.last < self.as_of):
            self.not_in_force += count
            return False
        return True

    def add(self, header: Header, body: Body) -> bool:
        """Takes in a document in force; whether it fits its schema."""
        document, violations = self._settled(header, body)
        self.documents.setdefault(header.kind.name, []).append(document)
        self.violations += violations
        return not violations

    def _settled(self, header: Header, body: Body) -> tuple[Document, list[Violation]]:
        faults = () if any(not pointer for pointer, _ in body.gaps) else header.kind.faults(body.value)
        told, invalid = weigh(faults, body) if faults else ([], [])
        value = body.value
        if body.gaps or invalid:
            value = with_gaps(value, [*body.gaps, *((pointer, "invalid") for pointer in invalid)])
        if body.paged:
            value = open_lists(value, "incomplete")
        if self._is_stale(header):
            value = Gap("stale")
        document = _document(header, body, packed(value, self.keys))
        return document, [_violation(document, fault) for fault in told]

    def _is_stale(self, header: Header) -> bool:
        ages = header.kind.max_age, self.max_age.get(header.kind.name)
        ends = [shift(header.observed, age) for age in ages if age is not None]
        return any(end is not None and end < self.as_of for end in ends)

    def reject(self, file: str, line: int, pointer: Pointer, problem: tuple[str, str, str], kind: str | None = None) -> None:
        """Notes a problem (code, message, hint) with something that may hold documents of the kind, or of any kind at all."""
        self.pending.append(Pending(file, line, pointer, *problem))
        self.open(kind)

    def open(self, kind: str | None) -> None:
        """The kind (None: every kind) may have documents that were not read."""
        if kind is None:
            self.all_open = True
        else:
            self.open_kinds |= {kind} if kind in self.kinds else set(get_close_matches(kind, list(self.kinds), n=3, cutoff=0.6))

    def unknown_kind(self, file: str, line: int, kind: str) -> None:
        """Notes a kind that has no schema; the kinds whose names are near may be meant."""
        hint = did_you_mean(kind, self.kinds) or "`ccpolicy schemas list` names the kinds; a pack may bring its own"
        self.reject(file, line, ("kind",), ("unknown-kind", f"there is no kind `{safe_key(kind)}`", hint), kind)


def _document(header: Header, body: Body, held: Json) -> Document:
    match body.base:
        case ("records", int() as position):
            return Member(header.cover(body.named, ("records",)), body.id, held, body.line, position)
        case base:
            return Document(header.cover(body.named, base), body.id, held, body.line)


def _violation(document: Document, fault: Fault) -> Violation:
    return Violation(
        kind=document.kind,
        document=document.id,
        file=document.file,
        line=document.line,
        pointer=shared(document.pointer(fault.pointer)),
        keyword=fault.keyword,
        message=shared(fault.message),
        expected=fault.expected,
        actual=fault.actual,
        owner=document,
        within=shared(fault.pointer),
    )


def weigh(faults: Iterable[Fault], body: Body) -> tuple[list[Fault], list[Pointer]]:
    """The faults that stand in spite of the gaps of the body, and the pointers of which nothing is known because of faults."""
    gaps = _Gaps({tuple(map(str, pointer)) for pointer, _ in body.gaps}, body.paged)
    told: list[Fault] = []
    invalid: list[Pointer] = []
    for fault in faults:
        at = tuple(map(str, fault.pointer))
        if gaps.cover(at) or _is_void(fault, at, gaps, _stands(body.value, fault.pointer)):
            continue
        invalid += fault.gaps
        told += [] if _is_undecided(fault.keyword, at, gaps) else [fault]
    return told, invalid


def _is_undecided(keyword: str, at: tuple[str, ...], gaps: _Gaps) -> bool:
    if keyword == "unevaluatedProperties":  # what is evaluated may hang on the gaps beside it
        return gaps.paged or at[:-1] in gaps.above
    return keyword in _UNDECIDED and (gaps.paged or at in gaps.above)


class _Gaps:
    """The gaps of a body, asked about one place."""

    def __init__(self, gaps: set[tuple[str, ...]], paged: bool) -> None:
        self.gaps = gaps
        self.paged = paged
        self.above = {gap[:length] for gap in gaps for length in range(len(gap))}
        self.members: dict[tuple[str, ...], list[str]] = {}
        for gap in gaps:
            self.members.setdefault(gap[:-1], []).append(gap[-1] if gap else "")

    def cover(self, at: tuple[str, ...]) -> bool:
        """Whether the place, or one above it, is a gap."""
        return any(at[:length] in self.gaps for length in range(len(at) + 1))

    def opens(self, at: tuple[str, ...], value: Json) -> bool:
        """Whether the list or map that stands there may have more members."""
        if isinstance(value, list) and not self.paged:
            return any(not token.isdigit() or len(token) > 9 or int(token) >= len(value) for token in self.members.get(at, ()))
        return self.paged or (*at, "-") in self.gaps


def _is_void(fault: Fault, at: tuple[str, ...], gaps: _Gaps, value: Json) -> bool:
    """Whether the fault is none, for what is not known: a missing key or a null with a gap beneath it is itself a gap."""
    match fault.keyword:
        case "dependentRequired":
            return at[:-1] in gaps.above
        case "required":
            return at in gaps.above
        case "type":
            return at in gaps.above and value is None
        case "maxProperties":  # a key that is a gap may turn out not to be there
            return at in gaps.above
        case keyword:
            few = keyword in _TOO_FEW and gaps.opens(at, value)
            return few or (keyword in _OF_MEMBERS and at in gaps.above)


def _stands(value: Json, pointer: Pointer) -> Json:
    for token in pointer:
        match value, token:
            case dict(), str():
                value = value.get(token)
            case list(), int():
                value = value[token]
            case _:
                return None
    return value


def gaps_below(gaps: Iterable[tuple[str, ...]], base: Pointer) -> Iterator[Carving]:
    """The gaps at or below a pointer, from there; one above it covers all of it."""
    start = tuple(map(str, base))
    for gap in gaps:
        if gap[: len(start)] == start:
            yield gap[len(start) :], "gap"
        elif start[: len(gap)] == gap:
            yield (), "gap"
