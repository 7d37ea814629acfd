"""Documents, claims and evidence: what a run looks at, read, placed and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, TypeAlias

from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.source import Form
from ccpolicy.documents.values import Gap, Json
from ccpolicy.errors import Problem

Scope: TypeAlias = "tuple[str, str | None, str | None]"  # kind, site and client of a claim


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """What the documents of one file, or of one collection, have in common; they are many, so each holds only what is its own."""

    kind: str
    envelope: Mapping[str, Json]  # kind, observed_at, valid_from, valid_to, site, client, data_classes, source: those that are stated
    file: str  # relative to the config's folder, with forward slashes
    mapped: bool = False  # the envelope comes from `ccpolicy.toml`, so nothing of it stands in the file
    columns: Mapping[str, str] = field(default_factory=dict)  # CSV: body key -> column heading, where they differ
    collection: int = -1  # position in Evidence.claims of the claim of its collection, or -1
    named: bool = True  # ids are the documents' own, not ones that the engine made up for ids that are not known
    base: Pointer = ()  # from the root of the file (of the line) to the body, or to the list of bodies


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One document in force."""

    cover: Cover
    own: str | int  # its id, or the position in the file that stands for one
    held: Json  # the body, or a flat one as a tuple: see `packed`
    line: int = 0  # first line of the record in NDJSON and CSV files (pointers are from there), else 0

    @property
    def base(self) -> Pointer:
        """The pointer from the root of the file (of the line, if `line`) to the body."""
        return self.cover.base

    @property
    def named(self) -> bool:
        """Whether the id is its own."""
        return self.cover.named

    @property
    def id(self) -> str:
        """Unique within the kind."""
        return self.own if isinstance(self.own, str) else f"{self.cover.file}#{self.own}"

    @property
    def body(self) -> Json:
        """The body with its gaps carved in; not to be changed."""
        held = self.held
        return dict(zip(held[0], islice(held, 1, None), strict=True)) if type(held) is tuple else held

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return self.cover.kind

    @property
    def envelope(self) -> Mapping[str, Json]:
        """What the envelope states, without the id."""
        return self.cover.envelope

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.cover.file

    @property
    def mapped(self) -> bool:
        """Whether the envelope comes from `ccpolicy.toml`."""
        return self.cover.mapped

    @property
    def collection(self) -> int:
        """The position in Evidence.claims of the claim of its collection, or -1."""
        return self.cover.collection

    @property
    def site(self) -> str | None:
        """The site of the envelope, if stated."""
        return self.envelope.get("site")

    @property
    def client(self) -> str | None:
        """The client of the envelope, if stated."""
        return self.envelope.get("client")

    def pointer(self, within: Pointer) -> Pointer:
        """The pointer from the root of the file (of the line) of a pointer within the body."""
        columns = self.cover.columns
        if within and columns:
            within = (columns.get(str(within[0]), within[0]), *within[1:])
        return self.base + within


@dataclass(frozen=True, slots=True, eq=False)
class Member(Document):
    """A record of a collection."""

    position: int = 0

    @property
    def base(self) -> Pointer:
        """The pointer from the root of the file (of the line) to the record."""
        return (*self.cover.base, self.position)


def packed(body: Json, keys: dict[tuple[str, ...], tuple[str, ...]]) -> Json:
    """A flat body (a record of a table, say) as its keys, which many share, and its values: half the room of a map."""
    if type(body) is not dict or any(isinstance(value, dict | list | Gap) for value in body.values()):
        return body
    own = tuple(body)
    return (keys.setdefault(own, own), *body.values())


@dataclass(frozen=True, slots=True)
class Claim:
    """`by` says that these are all there are of the kind (in the site and client, if given) for the days first..last (None is open)."""

    kind: str
    by: str
    on: str
    basis: str
    first: date | None = None
    last: date | None = None
    site: str | None = None
    client: str | None = None
    file: str = ""
    line: int = 0
    pointer: Pointer = ()
    collection: bool = False  # made by a collection (it can be contradicted), else by `ccpolicy.toml`
    void: bool = False  # contradicted by a document outside the collection


@dataclass(frozen=True, slots=True)
class Violation:
    """A place where a body does not fit its schema, or a claim is contradicted. `message` never shows a value marked sensitive."""

    kind: str
    document: str
    file: str
    line: int
    pointer: Pointer  # from the root of the file (of the line)
    keyword: str  # the schema keyword, or `complete` for a contradicted claim
    message: str
    expected: Any = None
    actual: Any = None  # None where the value is sensitive, absent or not a scalar
    owner: Document | None = None
    within: Pointer = ()  # below the document


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One document (or one collection) as the report lists it."""

    file: str
    kind: str
    id: str
    sha256: str  # of the file's bytes
    valid: bool


@dataclass(frozen=True, slots=True)
class SourceFile:
    """How a file of evidence was read, so that it can be read again."""

    path: str
    form: Form
    delimiter: str = ","
    data: bytes | None = field(default=None, repr=False)  # of what came from no file


@dataclass(frozen=True, slots=True)
class Undated:
    """A mapping that does not say on which day its files were observed: they count as observed on `as_of`."""

    files: tuple[str, ...]  # patterns
    kind: str
    file: str  # the config
    line: int
    count: int  # of files


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a run knows: a pure function of the files, the config and `as_of`."""

    as_of: date
    documents: Mapping[str, tuple[Document, ...]] = field(default_factory=dict)  # by kind; in order of file and position
    claims: tuple[Claim, ...] = ()
    open_kinds: frozenset[str] = frozenset()  # never complete: unreadable file or duplicate among them
    all_open: bool = False  # a file that may hold any kind could not be read or identified
    violations: tuple[Violation, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: tuple[FileRecord, ...] = ()
    observed_later: int = 0  # documents left out: observed after `as_of`
    not_in_force: int = 0  # documents left out: outside valid_from..valid_to
    root: str = ""  # absolute folder that `file` is relative to
    sources: Mapping[str, SourceFile] = field(default_factory=dict)  # by `file`
    claims_left_out: int = 0  # claims of the config that do not count, since only a part of its folder was looked at
    remarks: tuple[Problem, ...] = ()  # what is to be told, though it could be read
    undated: tuple[Undated, ...] = ()
    claims_by_scope: Mapping[Scope, tuple[Claim, ...]] = field(init=False, repr=False, compare=False)  # those that are not void

    def __post_init__(self) -> None:
        found: dict[Scope, list[Claim]] = {}
        for claim in self.claims:
            if not claim.void:
                found.setdefault((claim.kind, claim.site, claim.client), []).append(claim)
        object.__setattr__(self, "claims_by_scope", {scope: tuple(claims) for scope, claims in found.items()})

    def claims_for(self, kind: str, site: str | None, client: str | None) -> list[Claim]:
        """The claims about a kind that count for a site and a client: those of that scope and of wider ones."""
        scopes = dict.fromkeys((kind, one, other) for one in (None, site) for other in (None, client))
        return [claim for scope in scopes for claim in self.claims_by_scope.get(scope, ())]

    def of(self, kind: str) -> tuple[Document, ...]:
        """The documents of a kind."""
        return self.documents.get(kind, ())
