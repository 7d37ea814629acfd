"""Lines and columns of places in evidence, found by reading each file once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import tee
from pathlib import Path
from typing import TypeAlias

from ccpolicy.documents.document import SourceFile
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.source import Place, positions
from ccpolicy.errors import Refused

Wanted: TypeAlias = "tuple[str, int, Pointer]"  # file, first line of the record (0 for a whole file), pointer from its root


class Places:
    """Line and column of each wanted place, in files that were read as `sources` says."""

    def __init__(self, sources: Mapping[str, SourceFile], wanted: Iterable[Wanted]) -> None:
        files: dict[str, set[tuple[int, Pointer]]] = {}
        for file, line, pointer in wanted:
            files.setdefault(file, set()).add((line, pointer))
        self._files: dict[str, dict[tuple[int, Pointer], Place]] = {}
        for file, asked in files.items():
            ordered = sorted(asked, key=lambda one: one[0])
            last = ordered[-1][0]
            self._files[file] = dict(zip(ordered, places_in(sources.get(file), ordered, last), strict=True))

    def of(self, file: str, line: int, pointer: Pointer) -> Place:
        """(0, 0) where there is no file, as for documents in memory."""
        return self._files.get(file, {}).get((line, pointer), (0, 0))


def places_in(source: SourceFile | None, wanted: Iterable[tuple[int, Pointer]], last: int) -> Iterator[Place]:
    """The places in one file; what is wanted comes in the order of its lines, the last of which is `last`."""
    left = iter(wanted)
    if source is not None:
        taken, given = tee(left)
        left = given
        with suppress(OSError, Refused):  # the file changed since it was read
            for place in positions(_bytes_for(source, last), source.form, taken, source.delimiter):
                next(left)
                yield place
    yield from ((line, 1) if line else (0, 0) for line, _ in left)


def _bytes_for(source: SourceFile, last: int) -> bytes:
    """The file; of one with a record a line, no more than up to the end of the last record that is asked for."""
    if source.data is not None:
        return source.data
    if source.form not in ("ndjson", "csv"):
        return Path(source.path).read_bytes()
    quotes, size = 0, 0
    with Path(source.path).open("rb") as stream:
        for number, text in enumerate(stream, 1):
            size += len(text)
            quotes += text.count(b'"') if number >= last else 0
            if number >= last and (source.form == "ndjson" or quotes % 2 == 0):  # a quoted cell may hold line breaks
                break
        stream.seek(0)
        return stream.read(size)
