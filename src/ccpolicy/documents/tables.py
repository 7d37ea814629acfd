"""Files of many documents, read one after the other: NDJSON by lines, CSV by rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ccpolicy.documents.json_source import JsonReader
from ccpolicy.documents.text import BOM, MAX_DOCUMENT, MAX_PROBLEMS, UTF16, Flawed, Shared, naming, problems_of, read_text, too_large
from ccpolicy.documents.values import Json
from ccpolicy.errors import Problem, Refused

_INK = re.compile(rb"[^ \t\r\n\v\f]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an NDJSON file: its value, or what is wrong with it."""

    number: int
    value: Json
    problems: tuple[Problem, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """The first problem, or None for a line that was read."""
        return self.problems[0] if self.problems else None


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """How a CSV file is written: quoting is that of RFC 4180."""

    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file: its cells by heading, or what is wrong with it. `number` is its first physical line."""

    number: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """The first problem, or None for a row that was read."""
        return self.problems[0] if self.problems else None


def read_lines(data: bytes, file: str) -> Iterator[Line]:
    """The lines of an NDJSON file, lazily; blank ones are passed over, and a bad one does not stop the others."""
    if data.startswith(UTF16) or not _INK.search(data, len(BOM) if data.startswith(BOM) else 0):
        yield Line(1, None, _refusal(data[:2], file))
        return
    reader = JsonReader()
    for number, line in ndjson_lines(data):
        yield _line(reader, line, file, number)


def ndjson_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, each with its number; one above the limit is cut just behind it."""
    start = len(BOM) if data.startswith(BOM) else 0
    number = 0
    while start < len(data):
        number += 1
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        line = data[start : min(end, start + MAX_DOCUMENT + 2)].rstrip(b"\r")
        if line and not line.isspace():
            yield number, line
        start = end + 1


def _line(reader: JsonReader, line: bytes, file: str, number: int) -> Line:
    try:
        text = read_text(line, file, number)
    except Refused as refused:
        return Line(number, None, refused.problems)
    try:
        return Line(number, reader.read(text))
    except Flawed as flawed:
        return Line(number, None, tuple(problems_of(flawed.flaws, text, file, number)))


def _refusal(data: bytes, file: str) -> tuple[Problem, ...]:
    try:
        read_text(data, file)
    except Refused as refused:
        return refused.problems
    return ()


_PHYSICAL = re.compile(rb"[^\r\n]*+(?:\r\n|\n|\r)|[^\r\n]++")

_FIELD_LIMIT = "field limit"  # what the standard library says of a cell that is too large


@dataclass(slots=True)
class Tape:
    """The physical lines of a CSV file as the reader takes them, and what they were made of since the last row."""

    data: bytes
    delimiter: str
    line: int = 0  # lines taken
    size: int = 0  # bytes taken since `start_row`
    taken: list[str] | None = None  # the lines since `start_row`, if they are wanted
    flaw: tuple[str, int, int] | None = None  # code, line and column of the first bad byte since `start_row`

    def lines(self) -> Iterator[str]:
        """The lines as text: a byte that is not UTF-8 becomes a lone surrogate, and is noted."""
        for found in _PHYSICAL.finditer(self.data, len(BOM) if self.data.startswith(BOM) else 0):
            self.line += 1
            if found.end() - found.start() <= MAX_DOCUMENT:
                yield self._text(found[0])
                continue
            self.size += MAX_DOCUMENT + 1
            yield "?\n"
            if self.data.find(b'"', found.start(), found.end()) >= 0:
                return  # nobody knows what is a cell behind it

    def _text(self, line: bytes) -> str:
        self.size += len(line)
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            text = line.decode(errors="surrogateescape")
            self._note("not-utf-8", len(line[: error.start].decode(errors="replace")) + 1)
        if "\0" in text:
            self._note("binary", text.index("\0") + 1)
        if self.taken is not None:
            self.taken.append(text)
        return text

    def _note(self, code: str, column: int) -> None:
        self.flaw = self.flaw or (code, self.line, column)

    def start_row(self) -> int:
        """Forgets the row before; the number of the first line of the next one."""
        self.size, self.flaw = 0, None
        if self.taken is not None:
            self.taken = []
        return self.line + 1


def csv_records(tape: Tape) -> Iterator[tuple[int, list[str], str]]:
    """Each row that is not blank: its first line, its cells, and the complaint of the reader where it has one."""
    csv.field_size_limit(MAX_DOCUMENT)
    reader = csv.reader(tape.lines(), delimiter=tape.delimiter, strict=True)
    while True:
        number = tape.start_row()
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield number, [], str(error)
            if _FIELD_LIMIT in str(error):
                return  # within a quoted cell
            continue
        if cells is None:
            return
        if cells:
            yield number, cells, ""


def read_rows(data: bytes, file: str, options: CsvOptions) -> Iterator[Row]:
    """The rows of a CSV file, lazily; the first row is the headings, and a bad row does not stop the others."""
    if data.startswith(UTF16) or not _INK.search(data, len(BOM) if data.startswith(BOM) else 0):
        yield Row(1, {}, _refusal(data[:2], file))
        return
    tape = Tape(data, options.delimiter)
    headings: list[str] = []
    shared = Shared()
    for number, cells, complaint in csv_records(tape):
        problem = _row_problem(tape, file, number, complaint)
        if headings:
            problem = problem or _ragged(file, number, cells, headings)
            found = {} if problem else {heading: shared[cell] for heading, cell in zip(headings, cells, strict=True)}
            yield Row(number, found, (problem,) if problem else ())
            continue
        problems = (problem,) if problem else tuple(islice(_heading_problems(file, number, cells), MAX_PROBLEMS))
        if problems:
            yield Row(number, {}, problems)
            return
        headings = cells


def _row_problem(tape: Tape, file: str, number: int, complaint: str) -> Problem | None:
    if tape.size > MAX_DOCUMENT or _FIELD_LIMIT in complaint:
        return too_large(file, number)
    match tape.flaw:
        case ("binary", line, column):
            return Problem(file, line, column, "binary", "a NUL byte: this is no text", "list it under `ignore`, or save it as UTF-8")
        case (code, line, column):
            return Problem(file, line, column, code, "a byte that is not UTF-8", "save the file as UTF-8")
        case None:
            return _complained(file, number, complaint)


def _complained(file: str, number: int, complaint: str) -> Problem | None:
    if "unexpected end" in complaint:
        return Problem(file, number, 1, "truncated", "a cell of this row opens a quote that is never closed", 'is a `"` missing?')
    if complaint:
        hint = "a cell with a quote, a delimiter or a line break stands in double quotes, and a quote within it is written twice"
        return Problem(file, number, 1, "syntax", "the row is no CSV: text stands behind a closing quote", hint)
    return None


def _ragged(file: str, number: int, cells: list[str], headings: list[str]) -> Problem | None:
    if len(cells) == len(headings):
        return None
    message = f"the row has {_counted(len(cells), 'cell')}, but there {_are(len(headings))}"
    return Problem(file, number, 1, "ragged-row", message, "a cell that holds the delimiter stands in double quotes")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _are(headings: int) -> str:
    return f"{'is' if headings == 1 else 'are'} {_counted(headings, 'heading')}"


def _heading_problems(file: str, number: int, headings: list[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for position, heading in enumerate(headings, 1):
        if not heading.strip():
            hint = "give every column a name in the first row"
            yield Problem(file, number, 1, "empty-heading", f"column {position} has no heading", hint)
        elif heading in first:
            message = f"{naming(heading).replace('key', 'heading', 1)} stands over columns {first[heading]} and {position}"
            yield Problem(file, number, 1, "duplicate-key", message, "give each column its own name")
        first.setdefault(heading, position)
