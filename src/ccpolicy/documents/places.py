"""Lines and columns of places in evidence, found by reading each file once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ccpolicy.documents.document import Evidence, SourceFile
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.source import positions
from ccpolicy.errors import Refused

Wanted = tuple[str, int, Pointer]  # file, first line of the record (0 for a whole file), pointer from its root


def place_all(evidence: Evidence, wanted: Iterable[Wanted]) -> dict[Wanted, tuple[int, int]]:
    """Line and column of each place; (0, 0) where there is no file, as for documents in memory."""
    return place_in(evidence.sources, wanted)


def place_in(sources: Mapping[str, SourceFile], wanted: Iterable[Wanted]) -> dict[Wanted, tuple[int, int]]:
    """Line and column of each place in files that were read as `sources` says."""
    places: dict[Wanted, tuple[int, int]] = {}
    by_file: dict[str, dict[tuple[int, Pointer], None]] = {}
    for file, line, pointer in wanted:
        places[file, line, pointer] = (line, 1) if line else (0, 0)
        by_file.setdefault(file, {})[line, pointer] = None
    for file, asked in by_file.items():
        if file in sources:
            found = _place_in(sources[file], list(asked))
            places |= {(file, line, pointer): place for (line, pointer), place in found.items()}
    return places


def _bytes_for(source: SourceFile, asked: list[tuple[int, Pointer]]) -> bytes:
    """The file; of one with a record a line, no more than up to the end of the last record that is asked for."""
    if source.form not in ("ndjson", "csv"):
        return Path(source.path).read_bytes()
    last, quotes, size = max(line for line, _ in asked), 0, 0
    with Path(source.path).open("rb") as stream:
        for number, text in enumerate(stream, 1):
            size += len(text)
            quotes += text.count(b'"') if number >= last else 0
            if number >= last and (source.form == "ndjson" or quotes % 2 == 0):  # a quoted cell may hold line breaks
                break
        stream.seek(0)
        return stream.read(size)


def _place_in(source: SourceFile, asked: list[tuple[int, Pointer]]) -> dict[tuple[int, Pointer], tuple[int, int]]:
    try:
        return positions(_bytes_for(source, asked), source.form, asked, source.delimiter)
    except (OSError, Refused):  # the file changed since it was read
        return {}
