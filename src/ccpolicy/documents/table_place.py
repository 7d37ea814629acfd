"""Where values stand in files of many documents: the wanted lines and rows are read again, the others are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ccpolicy.documents.json_place import json_offsets
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.tables import Tape, csv_records, ndjson_lines
from ccpolicy.documents.text import place_bytes, place_offsets

_LONE_RETURN = re.compile(r"\r(?!\n)")

_Wanted = tuple[int, Pointer]
_Place = tuple[int, int]


def ndjson_places(data: bytes, wanted: Iterable[_Wanted]) -> Iterator[_Place]:
    """Line and column of each (line, pointer) of an NDJSON file. What is wanted comes in the order of its lines, and is taken as needed."""
    asked = _Asked(wanted)
    for number, line in ndjson_lines(data):
        yield from asked.passed(number)
        here = asked.at(number)
        if here:
            offsets = json_offsets(line, here)
            found = place_bytes(line, offsets.values())
            yield from ((number, found[offsets[pointer]][1]) for pointer in here)
    yield from asked.passed(None)


def csv_places(data: bytes, wanted: Iterable[_Wanted], delimiter: str) -> Iterator[_Place]:
    """The same of each (first line, (heading,)) of a CSV file; for any other pointer it is the place of the row."""
    asked = _Asked(wanted)
    tape = Tape(data, delimiter, taken=[])
    headings: dict[str, int] = {}
    for number, cells, _ in csv_records(tape):
        yield from asked.passed(number)
        if not headings:
            headings = {heading: position for position, heading in enumerate(cells)}
            continue
        here = asked.at(number)
        starts = _cell_starts("".join(tape.taken or ()), delimiter) if here else []
        for pointer in here:
            position = headings.get(str(pointer[0]), -1) if pointer else -1
            line, column = starts[position] if 0 <= position < len(starts) else (1, 1)
            yield number + line - 1, column
    yield from asked.passed(None)


class _Asked:
    """What is wanted, taken line by line."""

    def __init__(self, wanted: Iterable[_Wanted]) -> None:
        self._wanted = iter(wanted)
        self._next = next(self._wanted, None)

    def at(self, number: int) -> list[Pointer]:
        """What is wanted of the line."""
        found: list[Pointer] = []
        while self._next is not None and self._next[0] == number:
            found.append(self._next[1])
            self._next = next(self._wanted, None)
        return found

    def passed(self, number: int | None) -> Iterator[_Place]:
        """The places of what is wanted of earlier lines that were not met; of all that is left, if there is no number."""
        while self._next is not None and (number is None or self._next[0] < number):
            yield self._next[0] or 1, 1
            self._next = next(self._wanted, None)


def _cell_starts(text: str, delimiter: str) -> list[_Place]:
    """Line and column, within the row's own text, at which each cell starts (its quote, if it has one)."""
    offsets = [0]
    opened = quoted = False  # the cell starts with a quote; and the quote is not yet closed
    for offset, character in enumerate(text):
        if character == '"':
            opened = opened or offset == offsets[-1]
            quoted = opened and not quoted
        elif character == delimiter and not quoted:
            offsets.append(offset + 1)
            opened = False
    places = place_offsets(_LONE_RETURN.sub("\n", text), offsets)
    return [places[offset] for offset in offsets]
