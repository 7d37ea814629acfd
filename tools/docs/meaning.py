"""The conformance data as pages, one for each of its files."""

from __future__ import annotations

from collections.abc import Iterator

from tools.docs.flow import in_lines
from tools.docs.operators import examples
from tools.docs.page import Page, code, fence, link, prose, table
from tools.docs.rows import files, rows_of, schemas_of

LIST = "meaning/index.md"
ABOUT = (
    "What the rule language means, as data: a rule, evidence, and what must come out. The engine is tested with every row; an engine of "
    "yours can be, too. The files are in `fixtures/conformance/`, where a README tells their form.\n\n"
)


def meaning_pages() -> Iterator[Page]:
    """The page of each file, and their list."""
    rows = [(link(LIST, f"meaning/{name}.md", code(name)), prose(rows_of(name)[0].topic), str(len(rows_of(name)))) for name in files()]
    yield Page(LIST, "Meaning as data", ABOUT + table(("file", "topic", "rows"), rows))
    for name in files():
        yield Page(f"meaning/{name}.md", _title(rows_of(name)[0].topic), _file(name))


def _title(topic: str) -> str:
    return topic[:1].upper() + topic[1:] if " " in topic and "_" not in topic.split(" ")[0] else topic


def _file(name: str) -> str:
    head = f"`fixtures/conformance/{name}.yaml`: {len(rows_of(name))} rows.\n\n"
    return head + "The kinds that the rows use:\n\n" + fence(in_lines(schemas_of(name)), "yaml") + examples(rows_of(name))
