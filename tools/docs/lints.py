"""The pages on lints."""

from __future__ import annotations

from collections.abc import Iterator

from ccpolicy.analysis.lint.pages import lint_ids, lint_page
from ccpolicy.analysis.lint.table import LINTS
from tools.docs.page import Page, code, link, table

LIST = "lints/index.md"
ABOUT = (
    "Lints look at rules before any evidence does: at what loads, and is hardly meant. `ccpolicy lint` runs them. "
    "Each page shows what to avoid and what to prefer.\n\n"
)


def lint_file(name: str) -> str:
    """Where the page of a lint is."""
    return f"lints/{name}.md"


def lint_pages() -> Iterator[Page]:
    """The page of each lint, and their list."""
    rows = [(link(LIST, lint_file(name), code(name)), LINTS[name].title) for name in lint_ids()]
    yield Page(LIST, "Lints", ABOUT + table(("lint", "what it finds"), rows))
    for name in lint_ids():
        yield Page(lint_file(name), name, lint_page(name).partition("\n")[2])
