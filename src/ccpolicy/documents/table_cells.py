"""Cells of a table: text, made into what the schema of their column asks for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from ccpolicy.documents.number import NoNumber, read_fraction, read_integer
from ccpolicy.documents.shape import Shape
from ccpolicy.documents.source import read_value
from ccpolicy.documents.values import Json
from ccpolicy.errors import Refused

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class CellOptions:
    """How a table writes what is no text. Texts of `true`, `false` and `null` are compared without regard to case."""

    delimiter: str = ","
    date_format: str | None = None  # as of strptime
    true: tuple[str, ...] = ("true",)
    false: tuple[str, ...] = ("false",)
    null: tuple[str, ...] = ("",)


MAX_MEMORY = 4096  # cells of one column that are remembered, since tables repeat themselves
_ABSENT = object()


class Table:
    """The columns of one table: each cell becomes what the schema of its column asks for."""

    def __init__(self, columns: Mapping[str, str], shape: Shape, options: CellOptions) -> None:
        self.columns = columns  # heading -> key
        self.shape = shape
        self.options = options
        self.memory: dict[str, tuple[str, frozenset[str], dict[str, Json]]] = {}

    def body_of(self, cells: Mapping[str, str]) -> dict[str, Json]:
        """The body that a row is. A cell that says null is null where the schema knows null, else its key is absent."""
        body: dict[str, Json] = {}
        for heading, cell in cells.items():
            key, types, known = self.memory.get(heading) or self._column(heading)
            value = known.get(cell, self)
            if value is self:
                value = self._value(cell, types)
                if len(known) >= MAX_MEMORY:
                    known.clear()  # tables are mostly in some order: what comes again comes soon
                known[cell] = value
            if value is not _ABSENT:
                body[key] = value
        return body

    def _column(self, heading: str) -> tuple[str, frozenset[str], dict[str, Json]]:
        key = self.columns.get(heading, heading)
        place = self.shape.step(key)
        types = place.types if place is not None else frozenset({"string"})
        return self.memory.setdefault(heading, (key, types, {}))

    def _value(self, cell: str, types: frozenset[str]) -> Json:
        if cell.strip().casefold() in _folded(self.options.null):
            return None if "null" in types else _ABSENT
        return cell_value(cell, types, self.options)


def cell_value(cell: str, types: frozenset[str], options: CellOptions) -> Json:
    """The value of a cell: of the first type that takes it, else the text, which the schema will then refuse."""
    text = cell.strip()
    if types & {"string", "any"}:
        return cell
    if "boolean" in types and text.casefold() in _folded(options.true) + _folded(options.false):
        return text.casefold() in _folded(options.true)
    if types & {"integer", "number"} and (number := _number(text, types)) is not None:
        return number
    if types & {"date", "date-time"} and options.date_format is not None:
        return _moment(text, types, options.date_format)
    if types & {"array", "object"} and text[:1] in ("[", "{"):
        return _nested(text)
    return text if types & {"date", "date-time", "duration"} else cell


def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text.casefold() for text in texts)


def _number(text: str, types: frozenset[str]) -> Json:
    try:
        if _INTEGER.match(text):
            return read_integer(text)
        return read_fraction(text) if "number" in types and _NUMBER.match(text) else None
    except NoNumber:
        return None


def _moment(text: str, types: frozenset[str], layout: str) -> str:
    try:
        found = datetime.strptime(text, layout)
    except ValueError:
        return text
    if "date" in types:
        return found.date().isoformat()
    return found.astimezone(UTC).isoformat().replace("+00:00", "Z") if found.tzinfo is not None else text


def _nested(text: str) -> Json:
    try:
        return read_value(text.encode(), "", "json")
    except Refused:
        return text
