"""Tables of a comment in Markdown, a row for each finding or thing, and never more rows than somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from ccpolicy.assessment.finding import Finding
from ccpolicy.reports.gravest import gravest
from ccpolicy.reports.markdown_text import cell, code
from ccpolicy.reports.model import Report, Shown
from ccpolicy.reports.page import number, place
from ccpolicy.reports.view import View

ROWS = 50  # of a table
FINDINGS = ("severity", "where", "rule", "what")

Block: TypeAlias = str  # lines that are kept or left out together


def head(title: str, columns: tuple[str, ...]) -> Iterator[Block]:
    """A heading, and the head of the table below it."""
    yield f"\n### {title}\n\n{table(columns)}"


def table(columns: tuple[str, ...]) -> Block:
    """The head of a table."""
    return f"{line(columns)}|{'---|' * len(columns)}\n"


def line(cells: tuple[str, ...]) -> Block:
    """A row of cells that are Markdown already."""
    return f"| {' | '.join(cells)} |\n"


def more(count: int, one: str) -> Iterator[Block]:
    """How many things have no row."""
    if count > ROWS:
        yield f"\nand {number(count - ROWS, one)} more, in the text and the JSON report.\n"


def spot(view: View, file: str, at: int = 0) -> str:
    """A file from the top of the repository, and the line if it is known."""
    return code(place(f"{view.folder}{file}", at, 0)) if file else ""


def finding_row(shown: Shown, view: View) -> Block:
    """A finding in the columns of `FINDINGS`."""
    one = shown.finding
    return line((one.severity, spot(view, one.file, one.line), code(one.rule), cell(one.message)))


def gravest_rows(title: str, report: Report, view: View, wanted: Callable[[Finding], bool], one: str) -> Iterator[Block]:
    """A table of the gravest findings of a sort, if there are any."""
    count = sum(wanted(shown.finding) for shown in report.shown)
    if count:
        yield from head(title, FINDINGS)
        yield from (finding_row(shown, view) for shown in gravest(report.shown, ROWS, wanted))
        yield from more(count, one)
