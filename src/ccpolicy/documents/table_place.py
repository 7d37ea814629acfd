"""Where values stand in files of many documents: the wanted lines and rows are read again, the others are passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ccpolicy.documents.json_place import json_offsets
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.tables import Tape, csv_records, ndjson_lines
from ccpolicy.documents.text import place_bytes, place_offsets

_LONE_RETURN = re.compile(r"\r(?!\n)")

_Wanted = tuple[int, Pointer]
_Place = tuple[int, int]


def ndjson_places(data: bytes, wanted: Iterable[_Wanted]) -> dict[_Wanted, _Place]:
    """Line and column of each (line, pointer) of an NDJSON file."""
    by_line = _by_line(wanted)
    places = {(line, pointer): (line or 1, 1) for line, pointers in by_line.items() for pointer in pointers}
    for number, line in ndjson_lines(data):
        if number in by_line:
            offsets = json_offsets(line, by_line[number])
            found = place_bytes(line, offsets.values())
            places |= {(number, pointer): (number, found[offset][1]) for pointer, offset in offsets.items()}
    return places


def csv_places(data: bytes, wanted: Iterable[_Wanted], delimiter: str) -> dict[_Wanted, _Place]:
    """Line and column of each (first line, (heading,)) of a CSV file; of the row for any other pointer."""
    by_line = _by_line(wanted)
    places = {(line, pointer): (line or 1, 1) for line, pointers in by_line.items() for pointer in pointers}
    tape = Tape(data, delimiter, taken=[])
    headings: dict[str, int] = {}
    for number, cells, _ in csv_records(tape):
        if not headings:
            headings = {heading: position for position, heading in enumerate(cells)}
        elif number in by_line:
            starts = _cell_starts("".join(tape.taken or ()), delimiter)
            for pointer in by_line[number]:
                position = headings.get(str(pointer[0]), -1) if pointer else -1
                if 0 <= position < len(starts):
                    line, column = starts[position]
                    places[number, pointer] = number + line - 1, column
    return places


def _by_line(wanted: Iterable[_Wanted]) -> dict[int, list[Pointer]]:
    lines: dict[int, list[Pointer]] = {}
    for line, pointer in wanted:
        lines.setdefault(line, []).append(pointer)
    return lines


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
