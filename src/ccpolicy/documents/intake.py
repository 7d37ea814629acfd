"""Values taken in as documents: enveloped ones, collections, and bodies that a mapping describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ccpolicy.documents.document import FileRecord
from ccpolicy.documents.envelope import Envelope, Tokens, day_in_utc, is_enveloped, read_envelope
from ccpolicy.documents.gathering import Body, Carving, Gathering, Header, Pending, gaps_below
from ccpolicy.documents.mapping import Mapped, gaps_in, is_paged, own_id
from ccpolicy.documents.values import Json, with_gaps

_UNMAPPED = "map it by [[documents]] in ccpolicy.toml, list it under `ignore`, or give it an envelope"
_PACK = "this looks like a rule of a pack: name the pack's folder by `--pack`, or under `packs` in ccpolicy.toml"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was read: the file, the first line of its record (0 for a whole file), and the digest of the file."""

    file: str
    line: int = 0
    sha256: str = ""

    @property
    def stem(self) -> str:
        """What the ids of records without an id begin with."""
        return f"{self.file}:{self.line}" if self.line else self.file


def take_value(gathering: Gathering, value: Json, origin: Origin) -> None:
    """Takes in a value that no mapping describes: a document, a collection, or a problem."""
    if not isinstance(value, dict):
        problem = ("not-a-document", f"{'a list' if isinstance(value, list) else 'a bare scalar'} is no document", _UNMAPPED)
        gathering.reject(origin.file, origin.line, (), problem)
    elif not is_enveloped(value):
        hint = _PACK if "/checks/" in f"/{origin.file}" else _UNMAPPED
        problem = ("unmapped", f"the {'line' if origin.line else 'file'} has no envelope, and no mapping speaks of it", hint)
        gathering.reject(origin.file, origin.line, (), problem)
    elif value["kind"] not in gathering.kinds:
        gathering.unknown_kind(origin.file, origin.line, value["kind"])
    else:
        _take_enveloped(gathering, value, origin)


def _take_enveloped(gathering: Gathering, value: Mapping[str, Json], origin: Origin) -> None:
    envelope = read_envelope(value)
    if isinstance(envelope, list):
        gathering.open(value["kind"])
        gathering.pending += [Pending(origin.file, origin.line, c.pointer, c.code, c.message, c.hint) for c in envelope]
        return
    header = _header(gathering, envelope, origin)
    if envelope.collection:
        _take_collection(gathering, header, envelope, value["records"], origin)
    elif gathering.is_in_force(header, 1):
        gaps = [] if not envelope.gaps else list(gaps_below(envelope.gaps, ("data",)))
        body = Body(envelope.id, value.get("data"), origin.line, ("data",), gaps)
        valid = gathering.add(header, body)
        gathering.files.append(FileRecord(origin.file, envelope.kind, envelope.id, origin.sha256, valid))


def _header(gathering: Gathering, envelope: Envelope, origin: Origin) -> Header:
    gaps = [(gap, "gap") for gap in envelope.gaps if gap[0] == "source"]
    fields = with_gaps(dict(envelope.fields), gaps) if gaps else envelope.fields
    kind = gathering.kinds[envelope.kind]
    return Header(kind, fields, envelope.observed, origin.file, envelope.first, envelope.last)


def _take_collection(gathering: Gathering, header: Header, envelope: Envelope, records: list[Json], origin: Origin) -> None:
    if not gathering.is_in_force(header, len(records)):
        return
    if envelope.claim is not None:
        claim = replace(envelope.claim, file=origin.file, line=origin.line, pointer=("complete",), collection=True)
        header = replace(header, collection=gathering.add_claim(claim))
    gaps, is_open = _gaps_by_record(envelope.gaps, len(records))
    if is_open:
        gathering.open(envelope.kind)
    valid = True
    for position, record in enumerate(records if gaps is not None else ()):
        carvings = gaps.get(position, ()) if gaps else ()
        own = _record_id(record, carvings) or (f"{origin.stem}#{position}" if origin.line else position)
        named = not _is_unnamed(record, carvings)
        valid &= gathering.add(header, Body(own, record, origin.line, ("records", position), carvings, named=named))
    gathering.files.append(FileRecord(origin.file, envelope.kind, "", origin.sha256, valid))


def _gaps_by_record(gaps: Iterable[Tokens], count: int) -> tuple[dict[int, list[Carving]] | None, bool]:
    """The gaps of each record, or None if the whole list is one; and whether there may be records that are not here."""
    found: dict[int, list[Carving]] = {}
    is_open = False
    for gap in gaps:
        if gap[0] != "records":
            continue
        if len(gap) == 1:
            return None, True
        token = gap[1]
        inside = token.isascii() and token.isdigit() and len(token) < 10 and str(int(token)) == token and int(token) < count
        if inside:
            found.setdefault(int(token), []).append((gap[2:], "gap"))
        is_open |= not inside
    return found, is_open


def _is_unnamed(record: Json, gaps: Iterable[Carving]) -> bool:
    """Whether the record may have an id that nobody has seen."""
    if any(pointer in ((), ("id",)) or pointer[:1] == ("-",) for pointer, _ in gaps) or not isinstance(record, dict):
        return True
    return record.get("id") is not None and _record_id(record, gaps) is None


def _record_id(record: Json, gaps: Iterable[Carving]) -> str | None:
    if not isinstance(record, dict) or any(pointer in ((), ("id",)) for pointer, _ in gaps):
        return None
    own = record.get("id")
    if isinstance(own, int) and not isinstance(own, bool):
        return str(own)
    return own if isinstance(own, str) and own else None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a mapping describes, ready to be taken in."""

    mapped: Mapped
    header: Header


def mapped_source(gathering: Gathering, mapped: Mapped, file: str, collection: int) -> Source:
    """What the documents of a mapped file have in common."""
    observed = day_in_utc(mapped.observed_at) or gathering.as_of
    kind = gathering.kinds[mapped.kind]
    columns = {key: heading for heading, key in mapped.columns.items() if key != heading}
    fields = mapped.fields(gathering.as_of.isoformat())
    return Source(mapped, Header(kind, fields, observed, file, mapped=True, collection=collection, columns=columns))


def take_mapped(gathering: Gathering, source: Source, value: Json, line: int = 0, position: int | None = None) -> tuple[str, bool]:
    """Takes in one body of a mapped file in force; the id of the file's document, and whether it fits its schema."""
    gaps = gaps_in(value, source.mapped)
    file = source.header.file
    own: str | int | None = own_id(value, source.mapped)
    named = own is not None or source.mapped.id is None
    if own is None and position is not None:
        named = named and not _is_unnamed(value, gaps)
        own = _record_id(value, gaps) or position
    body = Body(file if own is None else own, value, line, (), gaps, is_paged(value, source.mapped), named)
    return str(body.id), gathering.add(source.header, body)
