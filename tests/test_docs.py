"""The site says what is so: its transcripts are run, every part of the program has its page, no link is broken, nothing is fetched."""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Iterator
from itertools import combinations_with_replacement
from pathlib import Path
from typing import Any

import pytest
import yaml
from tools.docs.commands import command_page, commands
from tools.docs.fields import fields_of, limits, type_text
from tools.docs.files import KEYS, config_tables
from tools.docs.kinds import kind_page
from tools.docs.lints import lint_file
from tools.docs.nav import expanded, named, titles
from tools.docs.operators import WORDS, operator_names, operator_page
from tools.docs.page import Page, broken, code, prose, table
from tools.docs.rows import DATA, about, files, rows_of, truth_table
from tools.docs.rules import rule_page
from tools.docs.screens import SCREENS, Screen, chosen, drawn
from tools.docs.site import DOCS, STANDARDS, build, built, config_of, generated, kept, written
from tools.docs.standards import standard_page

from ccpolicy.analysis.lint.pages import lint_ids
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.backends.outcome import Truth, conjoin, disjoin, negate
from ccpolicy.documents.schema import Kind
from ccpolicy.rulebook.syntax import (
    CaseModel,
    Condition,
    DefinitionModel,
    JoinModel,
    MeasureModel,
    ParamModel,
    PerModel,
    Predicate,
    ReachedFromModel,
    RuleModel,
)
from tests.test_readme import words_of
from tests.transcripts import followed

TOP = Path(__file__).resolve().parent.parent
TRANSCRIPTS = sorted(file.relative_to(DOCS).as_posix() for file in DOCS.rglob("*.md") if "```console" in file.read_text("utf-8"))


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped pack."""
    return load_library()


@pytest.fixture(scope="module")
def pages() -> dict[str, Page]:
    """All pages, by path."""
    return {page.path: page for page in (*written(), *generated())}


@pytest.mark.parametrize("page", TRANSCRIPTS)
def test_the_transcripts_are_true(page: str) -> None:
    """Every command of a page, run in order among its files, prints what it shows. (`python -m tests.test_docs` renews them.)"""
    text = (DOCS / page).read_text("utf-8")
    assert followed(text) == text


# ---- completeness --------------------------------------------------------------------------------------------------------------


def wanted(library: Library) -> Iterator[str]:
    """The page of everything that must have one."""
    yield from (operator_page(name) for name in sorted(words_of(Condition, Predicate)))
    yield from (rule_page(name) for name in library.rulebook.rules)
    yield from (kind_page(name) for name in library.kinds)
    yield from (standard_page(name) for name in library.catalogues)
    yield from (lint_file(name) for name in lint_ids())
    yield from (command_page(words) for words, _ in commands())
    yield from (f"meaning/{file.stem}.md" for file in DATA.glob("*.yaml"))


def test_everything_has_its_page(library: Library, pages: dict[str, Page]) -> None:
    """Each command, operator, rule, kind, standard, lint and file of conformance data."""
    assert [path for path in wanted(library) if path not in pages] == []


def test_no_page_stands_twice(pages: dict[str, Page]) -> None:
    """A generated page never takes the place of a written one, or of another."""
    assert len([*written(), *generated()]) == len(pages)


def test_every_page_is_in_the_navigation(pages: dict[str, Page]) -> None:
    """Once each, and the navigation names no other."""
    assert sorted(named(config_of(titles(pages.values()))["nav"])) == sorted(pages)


def test_every_page_has_a_title_and_a_text(pages: dict[str, Page]) -> None:
    """No page is empty."""
    assert [page.path for page in pages.values() if not page.title.strip() or len(page.text.strip()) < 40] == []


def test_the_operators_are_those_of_the_syntax() -> None:
    """What is said of them in words is said of each, of no other, and in order."""
    said = tomllib.loads(WORDS.read_text("utf-8"))
    assert sorted(said) == sorted(operator_names()) == sorted(words_of(Condition, Predicate))
    assert {name for words in said.values() for name in words["files"]} <= set(files())


@pytest.mark.parametrize("name", sorted(words_of(Condition)))
def test_each_operator_shows_what_it_makes_of_values(name: str, pages: dict[str, Page]) -> None:
    """Rows of its own hold and are violated; its table says what it makes of something, and of nothing."""
    words = tomllib.loads(WORDS.read_text("utf-8"))[name]
    assert {"T", "F"} <= {row.expected.get("truth") for row in about(name, words["files"])}
    truth = pages[operator_page(name)].text.partition("## Truth")[2].partition("##")[0]
    assert re.search(r"^\| a (?:value|list or map) \| .*\*\*", truth, re.MULTILINE)
    assert re.search(rf"^\| absent \| .*\*\*{'violated' if name == 'present' else 'unknown'}\*\*", truth, re.MULTILINE)


def test_the_keys_of_the_config_are_those_of_its_shape() -> None:
    """Each has a meaning, and no other."""
    said = tomllib.loads(KEYS.read_text("utf-8"))
    shape = {name or "top": sorted(keys) for name, keys in config_tables().items()}
    assert {name: sorted(keys) for name, keys in said.items() if name != "about"} == shape
    assert set(said["about"]) == set(shape)


@pytest.mark.parametrize(
    ("head", "model"),
    [
        ("word of a rule", RuleModel),
        ("word of a parameter", ParamModel),
        ("word of a join", JoinModel),
        ("word of `per`", PerModel),
        ("measure", MeasureModel),
        ("word of `reached_from`", ReachedFromModel),
        ("word of a case", CaseModel),
        ("word of a definition", DefinitionModel),
    ],
)
def test_the_words_of_rule_files_are_those_of_the_syntax(head: str, model: Any) -> None:
    """The tables of the page on rule files."""
    text = (DOCS / "language" / "rule-files.md").read_text("utf-8")
    found = re.search(rf"^\| {re.escape(head)} \|.*\n\|---.*\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert found is not None
    assert sorted(re.findall(r"^\| `(\w+)` \|", found[1], re.MULTILINE)) == sorted(words_of(model))


def test_the_truth_tables_are_those_of_the_engine() -> None:
    """And, or, not on the page on truth."""
    words: dict[str, Truth] = {"holds": "T", "violated": "F", "unknown": "U"}
    rows = re.findall(
        r"^\| (\w+) \| (\w+) \| (\w+) \| (\w+) \| (\w+) \|$", (DOCS / "concepts" / "truth.md").read_text("utf-8"), re.MULTILINE
    )
    found = [tuple(words[word] for word in row) for row in rows if row[0] in words]
    assert found == [(a, b, conjoin([a, b]), disjoin([a, b]), negate(a)) for a, b in combinations_with_replacement(words.values(), 2)]


def test_a_rule_page_leads_to_its_standards_and_kinds(library: Library, pages: dict[str, Page]) -> None:
    """And the page of a kind names the rules that read it, field by field."""
    for rule in library.rulebook.rules.values():
        text = pages[rule_page(rule.id)].text
        assert all(f"standards/{one.control.split('/')[0]}.md#" in text for one in rule.citations), rule.id
        assert all(f"kinds/{kind}.md" in text for kind in rule.kinds), rule.id
        assert all(f"{rule.id}.md" in pages[kind_page(kind)].text for kind in rule.kinds), rule.id


def test_sensitive_fields_are_marked(library: Library, pages: dict[str, Page]) -> None:
    """Each field that a schema never shows says so on the page of its kind."""
    for kind in library.kinds.values():
        marked = re.findall(r"^\| (\S+) \|.*\*\*Sensitive:", pages[kind_page(kind.name)].text, re.MULTILINE)
        assert marked == [broken(field.path) for field in fields_of(kind.schema) if is_hidden(kind, field.steps)], kind.name


def is_hidden(kind: Kind, steps: tuple[str, ...]) -> bool:
    """Whether the schema hides the value there; a star is a position or a name."""
    return any(kind.is_sensitive(tuple(star if step == "*" else step for step in steps)) for star in (0, "any"))


def test_the_report_page_names_every_field(pages: dict[str, Page]) -> None:
    """Each property that the schema of the report knows, wherever it stands."""
    schema = json.loads((TOP / "schemas" / "report.schema.json").read_text("utf-8"))
    named_there = set(re.findall(r"[\w-]+", html.unescape(pages["reference/report.md"].text)))
    assert {name for name in _properties(schema) if name not in named_there} == set()


def _properties(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for word, value in node.items():
            yield from value if word == "properties" else ()
            yield from _properties(value)
    elif isinstance(node, list):
        for item in node:
            yield from _properties(item)


# ---- the parts of a page -------------------------------------------------------------------------------------------------------


def test_a_table_holds_any_text() -> None:
    """Bars and line ends break no row; bars in code stay; columns without content are left out."""
    assert table(("a", "b", "c"), [("x|y\nz", "", "`p|q`")]) == "| a | c |\n| --- | --- |\n| x&#124;y z | `p|q` |\n"
    assert table(("a",), []) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a_b*c", r"a\_b\*c"), ("<b>", "&lt;b&gt;"), ("`a_b`", "`a_b`"), ("[x](y)", r"\[x\](y)")],
)
def test_prose_is_no_markup(text: str, shown: str) -> None:
    """Nothing outside of code means anything to Markdown or HTML."""
    assert prose(text) == shown


@pytest.mark.parametrize(("text", "shown"), [("a", "`a`"), ("`a`", "`` `a` ``"), ("", "")])
def test_code_holds_backticks(text: str, shown: str) -> None:
    """The marks around code are longer than any in it."""
    assert code(text) == shown


def test_a_path_may_be_broken_at_its_dots() -> None:
    """And nowhere else; nothing in it is markup."""
    assert broken("a.*.b_c") == "<code>a.<wbr>&#42;.<wbr>b&#95;c</code>"
    assert broken("a_b") == "`a_b`"


def test_a_schema_becomes_rows() -> None:
    """Through lists, maps, references and branches; a reference to itself ends."""
    schema = {
        "properties": {
            "a": {"type": "array", "items": {"properties": {"b": {"type": "string", "format": "date", "sensitive": True}}}},
            "c": {"type": "object", "additionalProperties": {"properties": {"d": {"enum": ["x", "y"]}}}},
            "e": {"$ref": "#/$defs/tree"},
        },
        "required": ["a"],
        "oneOf": [{"properties": {"f": {"type": ["integer", "null"], "minimum": 0}}}],
        "$defs": {"tree": {"type": "object", "properties": {"next": {"$ref": "#/$defs/tree"}}}},
    }
    rows = [(field.path, type_text(field.schema, schema), field.required, field.sensitive) for field in fields_of(schema)]
    assert rows == [
        ("a", "list of map", True, False),
        ("a.*.b", "date", False, True),
        ("c", "map of map", False, False),
        ("c.*.d", "`x`, `y`", False, False),
        ("e", "map", False, False),
        ("e.next", "map", False, False),
        ("f", "whole number or null", False, False),
    ]
    assert limits({"minimum": 0, "maximum": 5}) == "At least 0, at most 5."
    assert limits({"minLength": 1}) == "Not empty."


def test_the_navigation_takes_pages_in() -> None:
    """A folder is replaced by its pages, a page that may be missing is left out, and any other that is not there is refused."""
    there = {"a.md": "A", "r/index.md": "R", "r/y.md": "B", "r/x.md": "C", "r/s/z.md": "Z"}
    nav = [{"Home": "a.md"}, {"R": ["r/index.md", "r/*"]}, {"None": ["n/*"]}, {"Maybe": "m*"}]
    assert expanded(nav, there) == [{"Home": "a.md"}, {"R": ["r/index.md", {"B": "r/y.md"}, {"C": "r/x.md"}, {"s": [{"Z": "r/s/z.md"}]}]}]
    with pytest.raises(KeyError, match=r"gone\.md"):
        expanded(["gone.md"], there)


def test_rows_are_read_as_the_engine_reads_them() -> None:
    """A case knows what its file gives it; a path or a gap tells what stands there."""
    row = next(row for row in rows_of("presence") if row.case["name"] == "present on a gap over a value")
    assert (row.condition, row.lone, row.as_of) == (("n", "present", True), True, "2026-06-30")
    assert dict(truth_table([row])) == {"a gap": "**unknown** (`gap`)"}


# ---- pictures ------------------------------------------------------------------------------------------------------------------


def test_a_screen_shows_what_was_printed() -> None:
    """In its colours, the same bytes each time, without anything to fetch; what is left out is marked."""
    text = chosen(Screen("x", (), 2, "two"), "\x1b[1mone\x1b[0m\n\x1b[31mtwo\x1b[0m\n<three>\nfour\n")
    assert text == "[...]\n\x1b[31mtwo\x1b[0m\n<three>\n[...]"
    svg = drawn("x", "ccpolicy", text)
    assert svg == drawn("x", "ccpolicy", text)
    assert "&lt;three&gt;" in svg
    assert re.findall(r"https?://[^\"')]+|@import|@font-face", svg) == ["http://www.w3.org/2000/svg"]
    with pytest.raises(RuntimeError, match="no line"):
        chosen(Screen("x", (), 2, "five"), "one\n")


# ---- the pages of the repository -----------------------------------------------------------------------------------------------


def test_the_pages_on_standards_are_those_of_today() -> None:
    """`make docs` writes them anew."""
    stand = {file.relative_to(DOCS).as_posix(): file.read_text("utf-8") for file in STANDARDS.glob("*.md")}
    assert stand == {page.path: page.file for page in kept()}


def test_their_links_lead_to_files_of_the_repository() -> None:
    """Rules, schemas and other pages."""
    for file in STANDARDS.glob("*.md"):
        targets = set(re.findall(r"\]\(([^)#]+)", file.read_text("utf-8")))
        assert [target for target in targets if not (file.parent / target).is_file()] == [], file


# ---- the built site ------------------------------------------------------------------------------------------------------------

FETCHED = re.compile(r"<(?:script|link|img|iframe|source|use)\b[^>]*?(?:src|href|srcset)=[\"']?((?:https?:)?//[^\"'\s>]+)", re.IGNORECASE)
FETCHED_BY_STYLE = re.compile(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')]+)", re.IGNORECASE)


def test_the_site_builds_and_fetches_nothing(tmp_path: Path) -> None:
    """No link in it is broken, and no page, style or picture takes anything from the network."""
    assert build(tmp_path) == ""
    site = tmp_path / "site"
    made = [file for file in site.rglob("*") if file.suffix in (".html", ".css", ".svg")]
    assert len(made) > 200
    for file in made:
        text = file.read_text("utf-8")
        assert FETCHED.findall(text) == [], file
        assert FETCHED_BY_STYLE.findall(text) == [], file
    shown = "".join(file.read_text("utf-8") for file in site.rglob("*.html"))
    assert {f"screens/{screen.name}.svg" for screen in SCREENS} <= set(re.findall(r"screens/\w+\.svg", shown))
    assert re.findall(r"class=\"(?:mermaid|glightbox)\b", shown) == []  # the builder's script would fetch what shows these


def test_a_broken_link_fails_the_build(tmp_path: Path) -> None:
    """To a page, and to a heading of one."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Home\n\n[a](gone.md) [b](#nowhere)\n", "utf-8")
    config = tmp_path / "mkdocs.yml"
    config.write_text(yaml.safe_dump({"site_name": "x", "theme": {"font": False}}), "utf-8")
    wrong = built(config)
    assert "page does not exist" in wrong
    assert "anchor does not exist" in wrong


if __name__ == "__main__":
    for name in TRANSCRIPTS:
        (DOCS / name).write_text(followed((DOCS / name).read_text("utf-8")), "utf-8")
