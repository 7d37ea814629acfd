"""Reading NDJSON and CSV: record after record, and a bad one does not stop the others."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.documents import tables
from ccpolicy.documents.source import CsvOptions, Line, form_of, read_lines, read_rows


def lines(data: bytes) -> list[tuple[Any, ...]]:
    """Number and value of each line, or code, line and column of each of its problems."""
    return [
        (line.number, *_problems(line.problems)) if line.problem else (line.number, line.value) for line in read_lines(data, "a.ndjson")
    ]


def rows(data: bytes, delimiter: str = ",") -> list[tuple[Any, ...]]:
    """Number and cells of each row, or code, line and column of each of its problems."""
    found = read_rows(data, "a.csv", CsvOptions(delimiter))
    return [(row.number, *_problems(row.problems)) if row.problem else (row.number, row.cells) for row in found]


def _problems(problems: Any) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.column) for problem in problems]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b'{"a":1}\n{"a":2}\n', [(1, {"a": 1}), (2, {"a": 2})]),
        (b'\xef\xbb\xbf{"a":1}\r\n\r\n \t\n[2]', [(1, {"a": 1}), (4, [2])]),
        (b'1\n{"a":\n3\n', [(1, 1), (2, ("truncated", 2, 6)), (3, 3)]),
        (b'{"a":1,"a":2}\n"\xff"\n\0\nNaN\n1 2\n4', [
            (1, ("duplicate-key", 1, 8)), (2, ("not-utf-8", 2, 2)), (3, ("binary", 3, 1)), (4, ("not-finite", 4, 1)),
            (5, ("trailing-data", 5, 3)), (6, 4),
        ]),
        (b"1\n[NaN, 1e400]", [(1, 1), (2, ("not-finite", 2, 2), ("number-too-large", 2, 7))]),
        (b"", [(1, ("empty", 1, 1))]),
        (b"\n \n", [(1, ("empty", 1, 1))]),
        ("1\n".encode("utf-16"), [(1, ("binary", 1, 1))]),
    ],
)  # fmt: skip
def test_each_line_is_a_document_or_a_problem(data: bytes, found: list[tuple[Any, ...]]) -> None:
    """Blank lines are passed over; lines and columns are those of the file."""
    assert lines(data) == found


def test_a_line_names_both_lines_of_a_duplicate_key() -> None:
    """They are the same, so that the columns tell them apart."""
    (line,) = read_lines(b'\n\n{"a":1,"a":2}', "a.ndjson")
    assert line.problem is not None
    assert str(line.problem) == "a.ndjson:3:8: the key `a` stands twice on line 3, in columns 2 and 8 (hint: keep one of them)"


def test_a_line_above_the_limit_is_a_problem_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file may be larger than one document may be."""
    monkeypatch.setattr("ccpolicy.documents.text.MAX_DOCUMENT", 100)
    monkeypatch.setattr(tables, "MAX_DOCUMENT", 100)
    data = b'"' + b"x" * 98 + b'"\n'
    assert [line.number for line in read_lines(data * 3, "a.ndjson") if not line.problem] == [1, 2, 3]
    assert lines(b"1\n" + b"x" * 101 + b"\n3")[1:] == [(2, ("too-large", 2, 1)), (3, 3)]
    assert rows(b"a,b\n1,2\n" + b"x" * 101 + b"\n3,4")[1:] == [(3, ("too-large", 3, 1)), (4, {"a": "3", "b": "4"})]


def test_rows_behind_a_lost_quote_are_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the reader cannot know whether it stands within a cell, the rest of the file is not read."""
    monkeypatch.setattr(tables, "MAX_DOCUMENT", 100)
    assert rows(b'a,b\n1,"' + b"x\n" * 60 + b'"\n3,4') == [(2, ("too-large", 2, 1))]
    assert rows(b'a,b\n1,"' + b"x" * 101 + b'\n3,4"\n5,6') == [(2, ("too-large", 2, 1))]


def test_lines_are_read_one_at_a_time() -> None:
    """Nothing is read ahead."""
    found = read_lines(b"1\n" * 1_000_000, "a.ndjson")
    assert [next(found), next(found)] == [Line(1, 1), Line(2, 1)]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"a,b\n1,2\n", [(2, {"a": "1", "b": "2"})]),
        (b"\xef\xbb\xbfa,b\r\n\r\n1,\r\n", [(3, {"a": "1", "b": ""})]),
        (b"a,b\r1,2\r3,4", [(2, {"a": "1", "b": "2"}), (3, {"a": "3", "b": "4"})]),
        (b'a,b\n"x\ny, ""z""",2\n3,4\n', [(2, {"a": 'x\ny, "z"', "b": "2"}), (4, {"a": "3", "b": "4"})]),
        (b"a,b\n1\n1,2,3\n4,5\n", [(2, ("ragged-row", 2, 1)), (3, ("ragged-row", 3, 1)), (4, {"a": "4", "b": "5"})]),
        (b'a,b\n"1"x,2\n3,4\n', [(2, ("syntax", 2, 1)), (3, {"a": "3", "b": "4"})]),
        (b'a,b\n1,2\n"3,4\n5,6\n', [(2, {"a": "1", "b": "2"}), (3, ("truncated", 3, 1))]),
        (b"a,b\n1,\xff\n3,4\n", [(2, ("not-utf-8", 2, 3)), (3, {"a": "3", "b": "4"})]),
        (b'a,b\n"\n\xc3\xa9\0",2\n3,4\n', [(2, ("binary", 3, 2)), (4, {"a": "3", "b": "4"})]),
        (b"a,,a, \n1,2,3,4\n", [(1, ("empty-heading", 1, 1), ("duplicate-key", 1, 1), ("empty-heading", 1, 1))]),
        (b"a,b\n", []),
        (b"", [(1, ("empty", 1, 1))]),
        ("a,b\n".encode("utf-16-le"), [(1, ("binary", 1, 2))]),
    ],
)
def test_each_row_is_its_cells_or_a_problem(data: bytes, found: list[tuple[Any, ...]]) -> None:
    """A row has the number of its first physical line."""
    assert rows(data) == found


def test_headings_are_compared_however_many_there_are() -> None:
    """The second of two equal ones would hide the first."""
    headings = ",".join([*(f"h{n}" for n in range(2000)), "h7"]).encode()
    (row,) = read_rows(headings + b"\n", "a.csv", CsvOptions())
    assert row.problem is not None
    assert row.problem.message == "the heading `h7` stands over columns 8 and 2001"


def test_the_delimiter_is_an_option() -> None:
    """Semicolons, for one."""
    assert rows(b"a;b\n1,5;2\n", ";") == [(2, {"a": "1,5", "b": "2"})]


def test_a_long_cell_is_read() -> None:
    """The limit of the standard library (131,072 characters) is not ours."""
    assert rows(b"a\n" + b"x" * 500_000) == [(2, {"a": "x" * 500_000})]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=5)))
@settings(deadline=None)
def test_what_a_program_writes_is_read_back(table: list[list[str]]) -> None:
    """Quotes, delimiters and line breaks of any kind within cells."""
    headings = [f"h{position}" for position in range(len(table[0]) if table else 1)]
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([headings, *table])
    found = read_rows(stream.getvalue().encode(), "a.csv", CsvOptions())
    assert [row.cells for row in found] == [dict(zip(headings, row, strict=True)) for row in table]


@given(st.binary(max_size=60))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No traceback, whatever the file holds."""
    for data_of in (data, b"a,b\n" + data):
        assert all(line.number for line in read_lines(data_of, "a"))
        assert all(row.number for row in read_rows(data_of, "a", CsvOptions()))


@pytest.mark.parametrize(
    ("file", "form"),
    [
        ("a/b.json", "json"),
        ("B.YAML", "yaml"),
        ("b.yml", "yaml"),
        ("c.ndjson", "ndjson"),
        ("c.jsonl", "ndjson"),
        ("d.csv", "csv"),
        ("e.txt", None),
        ("json", None),
    ],
)
def test_the_extension_names_the_form(file: str, form: str | None) -> None:
    """In either case of letters."""
    assert form_of(file) == form
