"""Line and column of any place in a file, found again without reading the rest."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.source import CsvOptions, Form, positions, read_rows

JSON_TEXT = """\
{
  "kind": "queue-config", "é😀": 1,
  "data": {"queues": [
    {"name": "b\\"]}", "a/b": null}, [1,
     [2, {}]], "x"
  ]}, "\\u0061bc": [
    true]
}
"""
YAML_TEXT = """\
# a comment
kind: queue-config
é😀: {a: 1}
data:
  queues:
    - name: "b"
      &k 'a/b': |
        text
    -
      - 1
      - [2, {}]
    - &x {y: 1}
    - *x
    -
"""


@pytest.mark.parametrize(
    ("form", "text", "pointer", "place"),
    [
        ("json", JSON_TEXT, (), (1, 1)),
        ("json", JSON_TEXT, ("kind",), (2, 3)),
        ("json", JSON_TEXT, ("é😀",), (2, 27)),
        ("json", JSON_TEXT, ("data", "queues"), (3, 12)),
        ("json", JSON_TEXT, ("data", "queues", 0), (4, 5)),
        ("json", JSON_TEXT, ("data", "queues", "0", "name"), (4, 6)),
        ("json", JSON_TEXT, ("data", "queues", 0, "a/b"), (4, 23)),
        ("json", JSON_TEXT, ("data", "queues", 0, "a/b", "deeper"), (4, 23)),
        ("json", JSON_TEXT, ("data", "queues", 1), (4, 37)),
        ("json", JSON_TEXT, ("data", "queues", 1, 1, 1), (5, 10)),
        ("json", JSON_TEXT, ("data", "queues", 2), (5, 16)),
        ("json", JSON_TEXT, ("data", "queues", 3), (3, 12)),
        ("json", JSON_TEXT, ("data", "queues", "-"), (3, 12)),
        ("json", JSON_TEXT, ("data", "queues", "00"), (3, 12)),
        ("json", JSON_TEXT, ("data", "missing", "x"), (3, 3)),
        ("json", JSON_TEXT, ("missing",), (1, 1)),
        ("json", JSON_TEXT, ("abc",), (6, 7)),
        ("json", JSON_TEXT, ("abc", 0), (7, 5)),
        ("json", "\ufeff \n 12", ("a",), (2, 2)),
        ("json", '\ufeff{"a":1}', ("a",), (1, 2)),
        ("yaml", YAML_TEXT, (), (2, 1)),
        ("yaml", YAML_TEXT, ("é😀", "a"), (3, 6)),
        ("yaml", YAML_TEXT, ("data",), (4, 1)),
        ("yaml", YAML_TEXT, ("data", "queues", 0), (6, 7)),
        ("yaml", YAML_TEXT, ("data", "queues", 0, "name"), (6, 7)),
        ("yaml", YAML_TEXT, ("data", "queues", 0, "a/b"), (7, 7)),
        ("yaml", YAML_TEXT, ("data", "queues", 0, "missing"), (6, 7)),
        ("yaml", YAML_TEXT, ("data", "queues", 1), (10, 7)),
        ("yaml", YAML_TEXT, ("data", "queues", 1, 1, 1), (11, 13)),
        ("yaml", YAML_TEXT, ("data", "queues", 2, "y"), (12, 11)),
        ("yaml", YAML_TEXT, ("data", "queues", 3, "y"), (13, 7)),
        ("yaml", YAML_TEXT, ("data", "queues", 4), (14, 6)),
        ("yaml", YAML_TEXT, ("data", "queues", 5), (5, 3)),
        ("yaml", "\ufeffa: 1", ("a",), (1, 1)),
    ],
)
def test_a_pointer_has_the_place_of_its_key(form: Form, text: str, pointer: Pointer, place: tuple[int, int]) -> None:
    """Of the value for a list item; of the nearest ancestor where nothing stands; columns count characters."""
    assert placed(text.encode(), form, [(0, pointer)]) == {(0, pointer): place}


def placed(data: bytes, form: Form, wanted: Iterable[tuple[int, Pointer]]) -> dict[tuple[int, Pointer], tuple[int, int]]:
    """What is wanted, with its place."""
    asked = list(wanted)
    return dict(zip(asked, positions(data, form, asked), strict=True))


NDJSON = '\ufeff{"a": 1}\r\n\n  {"é😀": [1], "b": {"c": 2}}\n[3]'.encode()
CSV = '\ufeffid,"na""me",note\r\n1,x,y\r\n\r\n2,"é\n""q"", z","w"\r\n3,a"b"",c\r\n'.encode()


@pytest.mark.parametrize(
    ("form", "data", "places"),
    [
        ("ndjson", NDJSON, {
            (1, ("a",)): (1, 2), (3, ()): (3, 3), (3, ("b", "c")): (3, 21), (3, ("b", "x")): (3, 15), (4, (0,)): (4, 2),
            (9, ("a",)): (9, 1),
        }),
        ("csv", CSV, {
            (2, ("id",)): (2, 1), (2, ('na"me',)): (2, 3), (2, ()): (2, 1), (4, ('na"me',)): (4, 3), (4, ("note",)): (5, 11),
            (4, ("missing",)): (4, 1), (6, ("note",)): (6, 9), (99, ("id",)): (99, 1),
        }),
    ],
)  # fmt: skip
def test_places_in_files_of_many_documents_are_those_of_the_file(form: Form, data: bytes, places: dict[Any, Any]) -> None:
    """Records are named by their first line; what is not there has the place of its record."""
    assert placed(data, form, places) == places


def _pointers(value: Any, at: Pointer = ()) -> Iterator[Pointer]:
    yield at
    for token, member in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _pointers(member, (*at, token))


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 0, 2]), st.booleans())
@settings(deadline=None)
def test_at_its_place_stands_the_key_or_the_value(value: Any, indent: int | None, ascii_only: bool) -> None:
    """Every place of any JSON text; and read as YAML the places are the same."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    asked = [(0, pointer) for pointer in _pointers(value)]
    found = placed(text.encode(), "json", asked)
    for (_, pointer), (line, column) in found.items():
        rest = "\n".join(text.split("\n")[line - 1 :])[column - 1 :]
        if pointer and isinstance(pointer[-1], str):
            assert rest.startswith(json.dumps(pointer[-1], ensure_ascii=ascii_only) + ":")
        else:
            member = value
            for token in pointer:
                member = member[token]
            assert json.JSONDecoder().raw_decode(rest)[0] == member
    if "\\ud" not in text:
        assert placed(text.encode(), "yaml", asked) == found


CELLS = st.text(st.sampled_from('ab,"\r\n é😀'), max_size=5)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5)), st.booleans())
@settings(deadline=None)
def test_at_its_place_stands_the_cell(table: list[list[str]], quote_all: bool) -> None:
    """Every cell of any CSV file, as it is written."""
    headings = [f"h{position}" for position in range(len(table[0]) if table else 1)]
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL).writerows([headings, *table])
    text = stream.getvalue()
    found = [row for row in read_rows(text.encode(), "a.csv", CsvOptions()) if not row.problem]
    places = placed(text.encode(), "csv", [(row.number, (heading,)) for row in found for heading in headings])
    physical = io.StringIO(text, newline="").readlines()
    for row in found:
        for heading in headings:
            line, column = places[row.number, (heading,)]
            rest = "".join(physical[line - 1 :])[column - 1 :]
            assert rest.startswith((row.cells[heading], '"' + row.cells[heading].replace('"', '""') + '"'))


@given(st.binary(max_size=30) | st.text(st.sampled_from('{}[]:,"\\\\ a1'), max_size=30).map(str.encode))
@settings(deadline=None)
def test_a_file_that_has_changed_since_it_was_read_does_no_harm(data: bytes) -> None:
    """The places may be wrong, but the search for them ends."""
    asked: list[tuple[int, Pointer]] = [(0, ("a", 0)), (0, (1, "a")), (1, ("a",)), (2, (0,))]
    assert [len(list(positions(data, form, asked))) for form in get_args(Form) if form != "yaml"] == [len(asked)] * 3


def test_many_places_on_one_long_line_cost_no_more_than_few() -> None:
    """The work is one walk over the file; a quadratic one would take minutes."""
    data = json.dumps({"records": [{"id": position, "share": 0.5} for position in range(100_000)]}).encode()
    before = time.process_time()
    found = placed(data, "json", [(0, ("records", position, "share")) for position in range(0, 100_000, 2)])
    assert len(set(found.values())) == 50_000
    assert time.process_time() - before < 20
