"""Lists and JSON on standard output, safe for a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from ccpolicy.cli.messages import put
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.reports.cleaning import clean, harmless, visible, visible_json

LIST_FORMS = ("text", "json")


def check_form(form: str, forms: Sequence[str] = LIST_FORMS) -> None:
    """Raises Refused for a form that is none of these."""
    if form not in forms:
        hint = did_you_mean(form.lower(), forms) or f"known are {either(forms)}"
        raise Refused([Problem(code="unknown-word", message=f"`--format` does not know `{form}`", hint=hint)])


def put_json(value: Any) -> None:
    """Prints a JSON value."""
    put(visible_json(json.dumps(clean(value), ensure_ascii=False, indent=2, default=str)) + "\n", as_utf8=True)


def put_table(rows: Sequence[Sequence[str]]) -> None:
    """Prints rows; all columns but the last have one width."""
    cells = [[visible(clean(cell)) for cell in row] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    for row in cells:
        put("  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]]).rstrip() + "\n")


def put_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Prints rows as CSV. A cell that a spreadsheet would take for a formula starts with an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(clean(cell)) for cell in row] for row in rows)
    put(stream.getvalue(), as_utf8=True)
