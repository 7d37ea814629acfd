"""The door of reading: bytes of a file -> values, and pointers -> line and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Literal, TypeAlias

from ccpolicy.documents.json_place import json_offsets
from ccpolicy.documents.json_source import JsonReader
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.table_place import csv_places, ndjson_places
from ccpolicy.documents.tables import CsvOptions, Line, Row, read_lines, read_rows
from ccpolicy.documents.text import MAX_DEPTH, MAX_DOCUMENT, place_bytes
from ccpolicy.documents.values import Json
from ccpolicy.documents.yaml_place import yaml_places
from ccpolicy.documents.yaml_source import MAX_ALIAS_NODES, parse_yaml

__all__ = [
    "MAX_ALIAS_NODES",
    "MAX_DEPTH",
    "MAX_DOCUMENT",
    "CsvOptions",
    "Form",
    "Line",
    "Place",
    "Row",
    "Wanted",
    "form_of",
    "positions",
    "read_lines",
    "read_rows",
    "read_value",
]

Form: TypeAlias = Literal["json", "yaml", "ndjson", "csv"]
Wanted: TypeAlias = "tuple[int, Pointer]"  # first line of the record (0 for a whole file), and a pointer from its root
Place: TypeAlias = "tuple[int, int]"  # line and column, from 1; columns in characters

_FORMS: dict[str, Form] = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".ndjson": "ndjson", ".jsonl": "ndjson", ".csv": "csv"}


def form_of(file: str) -> Form | None:
    """The form that the extension of a file names, or None."""
    return _FORMS.get(PurePath(file).suffix.lower())


def read_value(data: bytes, file: str, form: Literal["json", "yaml"]) -> Json:
    """The value of a whole file. Raises Refused with all that is wrong with it."""
    return JsonReader().read_lean(data, file) if form == "json" else parse_yaml(data, file)


def positions(data: bytes, form: Form, wanted: Iterable[Wanted], delimiter: str = ",") -> Iterator[Place]:
    """Line and column of each wanted place of a file that was read: of its key, of its value for a list item and for the root.

    Of NDJSON and CSV they must be wanted in the order of their lines. Where nothing stands at a pointer it is the place of the nearest
    ancestor that does. Of a file that has changed since it was read the places may be wrong; if it is YAML and no longer readable, this
    raises Refused.
    """
    match form:
        case "json":
            asked = [pointer for _, pointer in wanted]
            offsets = json_offsets(data, asked)
            places = place_bytes(data, offsets.values())
            yield from (places[offsets[pointer]] for pointer in asked)
        case "yaml":
            asked = [pointer for _, pointer in wanted]
            found = yaml_places(data, asked)
            yield from (found[pointer] for pointer in asked)
        case "ndjson":
            yield from ndjson_places(data, wanted)
        case "csv":
            yield from csv_places(data, wanted, delimiter)
