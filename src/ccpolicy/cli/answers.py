"""An answer on standard output in the form that was asked for: a page, JSON, or a table as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ccpolicy.cli.messages import put_all
from ccpolicy.cli.printing import put_csv, put_json
from ccpolicy.cli.screen import colour, width
from ccpolicy.reports.page import Page
from ccpolicy.reports.view import View

FORMS = ("text", "json", "csv")


def put_answer(form: str, value: Any, columns: Sequence[str], rows: Iterable[Sequence[str]], fill: Callable[[Page], object]) -> None:
    """Prints the value as JSON, or the rows under the columns as CSV, or the page, as wide and as coloured as the terminal."""
    match form:
        case "json":
            put_json(value)
        case "csv":
            put_csv(columns, rows)
        case _:
            view = View(color=colour(no_color=False), width=width())
            put_all(lambda write: fill(Page(view, write)))
