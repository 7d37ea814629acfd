"""The grammar of paths and sources (language.md section 3), and what a path leads to by the schemas."""

from __future__ import annotations

from pathlib import Path as File

import pytest

from ccpolicy.documents.path import WILD, NoPath, Path, Step, read_path, read_source
from ccpolicy.documents.schema import load_kinds
from ccpolicy.language.scope import NoPlace, Scope, body_of, join_of
from tests.rulebook.shop import GOOD, written

GOOD_PATHS: dict[str, tuple[str, tuple[Step, ...]]] = {
    ".": ("", ()),
    "a": ("", ("a",)),
    "_a-1": ("", ("_a-1",)),
    "a.b.c": ("", ("a", "b", "c")),
    "a[0]": ("", ("a", 0)),
    "a[10][2].b": ("", ("a", 10, 2, "b")),
    "['a key']": ("", ("a key",)),
    "labels['pci/scope'].level": ("", ("labels", "pci/scope", "level")),
    "['not']": ("", ("not",)),
    "['']": ("", ("",)),
    r"['it\'s']": ("", ("it's",)),
    r"['a\\b']": ("", ("a\\b",)),
    r"['\u00e9']": ("", ("é",)),
    "['.*']": ("", (".*",)),
    "a['b'][0]['c']": ("", ("a", "b", 0, "c")),
    "$focus": ("focus", ()),
    "$focus.a[1]": ("focus", ("a", 1)),
    "$document['id']": ("document", ("id",)),
    "$as_of": ("as_of", ()),
    "$rows_2": ("rows_2", ()),
}
GOOD_SOURCES: dict[str, tuple[str, tuple[Step, ...]]] = {
    "*": ("", (WILD,)),
    "*.a": ("", (WILD, "a")),
    "a.*": ("", ("a", WILD)),
    "a.*.b.*": ("", ("a", WILD, "b", WILD)),
    "$focus.a.*": ("focus", ("a", WILD)),
    "a[0].*": ("", ("a", 0, WILD)),
    "['a b'].*": ("", ("a b", WILD)),
}
NO_PATHS = (
    "", " ", "a ", " a", "a b", ".a", "a.", "a..b", "..", "a.[0]", "1", "1a", "a.1", "-a", "é", "a.é",
    "a[-1]", "a[]", "a[01]", "a[1.0]", "a[x]", "a[0", "a]", "a[0:1]", "a[?x]", "a[0,1]", "[0]", "a[1234567890]",
    "a[*]", "a['b", "a['b]", "a[\"b\"]", "a['b'c]", r"a['\n']", r"a['\u12']", r"a['\x41']", "a['it's']",
    "$", "$.a", "$A", "$1", "$_a", "$a-b", "$['a']", "a.$b", "a$b", "/a/b", "a/b", "a:b", "a,b", "a\n", "a\x00", "**", "a.**", "a*", "*a",
)  # fmt: skip


@pytest.mark.parametrize("text", GOOD_PATHS)
def test_a_path_is_read_and_written(text: str) -> None:
    """What it says, and that what is written means the same."""
    root, steps = GOOD_PATHS[text]
    assert read_path(text) == read_source(text) == Path(root, steps)
    assert read_path(str(Path(root, steps))) == Path(root, steps)


@pytest.mark.parametrize("text", GOOD_SOURCES)
def test_a_source_adds_the_wildcard(text: str) -> None:
    """It is no path."""
    root, steps = GOOD_SOURCES[text]
    assert read_source(text) == Path(root, steps)
    assert read_source(str(Path(root, steps))) == Path(root, steps)
    with pytest.raises(NoPath, match="never fans out"):
        read_path(text)


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_is_neither_path_nor_source_is_refused(text: str) -> None:
    """In a sentence that names it."""
    with pytest.raises(NoPath) as refused:
        read_source(text)
    assert str(refused.value).startswith(f"`{text}` is no path: ")


@pytest.fixture(scope="module")
def scope(tmp_path_factory: pytest.TempPathFactory) -> Scope:
    folder: File = written(tmp_path_factory.mktemp("shop"), GOOD)
    kinds = load_kinds([folder / "schemas"])
    queue = body_of("queue", kinds["queue"].shape())
    return Scope(queue, queue, period=True, joins={"scans": join_of("scan", kinds["scan"].shape())})


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (".", {"object"}),
        ("name", {"string"}),
        ("recording.retention_days", {"integer"}),
        ("steps", {"array"}),
        ("steps[0].done_on", {"date"}),
        ("$focus.opened_on", {"date"}),
        ("$document.id", {"string"}),
        ("$document.observed_at", {"date", "date-time"}),
        ("$document.source.reference", {"string"}),
        ("$document.data_classes", {"array"}),
        ("$organisation.roles.merchant", {"boolean"}),
        ("$period.from", {"date"}),
        ("$as_of", {"date"}),
    ],
)
def test_a_path_leads_to_what_the_schema_says(scope: Scope, text: str, types: set[str]) -> None:
    """Its types."""
    assert scope.place(read_path(text)).types == types


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("nam", "kind `queue` has no `nam`", "did you mean `name`?"),
        ("recording.pause", "`recording` of kind `queue` has no `pause`", "did you mean `pause_mode`?"),
        ("name.x", "`name` of kind `queue` has no `x`", "it is a text"),
        ("name[0]", "`name` of kind `queue` has no `0`", "it is a text"),
        ("steps.type", "`steps` of kind `queue` has no `type`", "it is a list: enter it with `some`, `every`, `none` or `count`"),
        ("$focus.nam", "kind `queue` has no `nam`", "did you mean `name`?"),
        ("$document.clint", "`$document` has no `clint`", "did you mean `client`?"),
        ("$document.source.ref", "`$document.source` has no `ref`", "it has system, reference, collected_by, sha256"),
        ("$period.start", "`$period` has no `start`", "it has from, to"),
        ("$scan", "`$scan` is no name here", "did you mean `$scans`?"),
        ("$scans.on", "`$scans.on`: `$scans` is a collection", "enter it with `some`, `every`, `none` or `count`"),
        ("scans", "kind `queue` has no `scans`", "did you mean `$scans`?"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_it_should(scope: Scope, text: str, message: str, hint: str) -> None:
    """With the nearest names."""
    with pytest.raises(NoPlace) as refused:
        scope.place(read_path(text))
    assert (str(refused.value), refused.value.hint) == (message, hint)


def test_inside_of_a_member_the_member_is_named(scope: Scope) -> None:
    """A bare path starts there, `$focus` where the rule does."""
    inside = scope.inside(scope.place(read_source("steps.*")))
    assert inside.place(read_path("type")).types == {"string"}
    with pytest.raises(NoPlace, match=r"`steps\.\*` of kind `queue` has no `nam`"):
        inside.place(read_path("nam"))
    assert inside.place(read_path("$focus.name")).types == {"string"}
