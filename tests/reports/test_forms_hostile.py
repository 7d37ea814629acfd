"""What others wrote cannot act in any form: as a command of a CI runner, an escape, markup, a link, a mention, or a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ccpolicy.assessment.finding import Assessment
from ccpolicy.reports.cleaning import harmless
from ccpolicy.reports.formats import FORMATS, View, render
from ccpolicy.reports.github import _command
from ccpolicy.reports.junit import _case
from ccpolicy.reports.junit_cases import Case
from ccpolicy.reports.markdown_text import cell, code
from ccpolicy.reports.sarif_place import told
from tests.reports.centre import EVIDENCE, assessed, written

PAYLOADS = (
    "\r\n::error file=x::owned",
    "::set-output name=x::y",
    "##[group]x ##vso[task.setvariable]x",
    "%0A::warning::x",
    "\x1b[31mred\x1b]0;title\x07\u202e\u009b2J\x00\x0b",
    '"><failure message="x"/><!-- ]]> & <![CDATA[',
    "\ufffe\uffff",
    "| a | b |\n\n# head\n\n- [x](https://evil.example) ![i](http://evil.example/i.png) <img src=x onerror=alert(1)>",
    "@admin #1 owner/repo#2 GH-3 !4 ~bug %5 $x^2$ :tada: https://evil.example www.evil.example a@b.example [[wiki]] <!-- x",
    "`code` ``x` \\| ` *b* _i_ ~~s~~ &lt;b&gt;",
    '=HYPERLINK("https://evil.example")',
    "+1;=cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "＝1+1",
    "{0} {1} [text](0) ](",
    "`a`` @admin, `b` at 2026-01-01T08:01:00Z :tada:",
)
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ACTIVE = re.compile(r"@|://|\bwww\.|[#!~%$]\w|\bGH-\d|:[a-z]+:|\[\[", re.IGNORECASE)  # what a host looks for outside of code
_COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:\r\n]*)(?:,\w+=[^,:\r\n]*)*)::[^\r\n]*")
_TIMES = st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
_SENTENCES = st.lists(st.one_of(_TIMES, st.sampled_from(("`", " ", "`x`", "``", ", seen ", "@a", ":00:", ":tada:", "|")))).map("".join)
TEXTS = st.one_of(
    st.text(),
    st.lists(st.sampled_from((*PAYLOADS, "\ud800"))).map("".join),
    st.text("|`\\<>&[]()!*_~@#:/. \nw1a-"),
    _SENTENCES,
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """A centre whose every name, id, value, file, reason and organisation is a payload."""
    records = [{"id": f"{place}{payload}", "name": payload, "pause": payload, "token": "t"} for place, payload in enumerate(PAYLOADS)]
    waiver = {
        "rule": "recording/pause", "where": {"id": {"is": f"1{PAYLOADS[1]}"}}, "rationale": "".join(PAYLOADS),
        "requested_by": PAYLOADS[0], "approved_by": PAYLOADS[5], "expires_on": "2026-07-31",
    }  # fmt: skip
    evidence = EVIDENCE | {
        "config/lines.json": {"kind": "line", "observed_at": "2026-06-29", "records": records},
        "waivers/w.json": {"kind": "waiver", "id": PAYLOADS[8], "observed_at": "2026-06-01", "data": waiver},
        "::error,x=@b #1|`<b>%0A.json": {"kind": "line", "id": "z", "observed_at": "2026-06-29", "data": {"name": 1}},
    }
    centre = written(tmp_path_factory.mktemp("hostile"), evidence, {"=b|c<i>.json": "{"})
    config = centre / "ccpolicy.toml"
    config.write_text(config.read_text("utf-8").replace('"Small Centre"', json.dumps(PAYLOADS[7] + PAYLOADS[8])), "utf-8")
    assessment = assessed(centre, cleared=True)
    assert {finding.status for finding in assessment.findings} == {"fail", "undetermined", "waived"}
    return assessment


@pytest.mark.parametrize("form", FORMATS)
def test_no_character_steers_a_terminal_and_no_line_steers_a_runner(hostile: Assessment, form: str) -> None:
    """Also where the file is printed to the log of a job; line breaks are the report's own."""
    text = render(hostile, form, View(folder="x/"))
    assert not set(text) & set("\x00\x07\x0b\x1b\u009b\u202e")
    assert "\r" not in text.replace("\r\n", "")
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert [line for line in commands if form != "github" or not _COMMAND.fullmatch(line)] == []
    assert form in ("json", "sarif", "gitlab") or not re.search(r"##\w*\[", text)


def test_annotations_keep_their_parts(hostile: Assessment) -> None:
    """As the runner takes them apart: four properties, each once, and a file that is there."""
    lines = [line for line in render(hostile, "github", View()).splitlines() if line.startswith("::")]
    assert len(lines) > 10
    for line in lines:
        found = _COMMAND.fullmatch(line)
        assert found is not None
        names = [one.partition("=")[0] for one in found[2].split(",")]
        assert names in (["file", "line", "col", "title"], ["file", "title"])
    files = {unquote(re.search(r"file=([^,]*)", line)[1]) for line in lines}  # type: ignore[index]
    assert files <= {one.file for one in hostile.evidence.files} | {problem.file for problem in hostile.problems}


def test_xml_holds_only_our_elements(hostile: Assessment) -> None:
    root = ElementTree.fromstring(render(hostile, "junit", View()))
    names = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out", "system-err"}
    assert {element.tag for element in root.iter()} <= names
    [suite] = [one for one in root if one.get("name") == "recording/pause"]
    assert len(list(suite.iter("testcase"))) == len(PAYLOADS) + 2


def test_markdown_holds_only_our_markup(hostile: Assessment) -> None:
    """Read by another parser: our headings and tables, and in text nothing that a host would make a link, a mention or an emoji."""
    tokens = MARKDOWN.parse(render(hostile, "markdown", View(folder="x/")))
    _check(tokens)
    heads = [tokens[place + 1].content for place, token in enumerate(tokens) if token.type == "heading_open"]
    assert [head for head in heads if not head.startswith(("What ", "Standards", "❌ ccpolicy", "Waivers that"))] == []
    for rows in _rows(tokens):
        assert len(set(rows)) == 1


def _check(tokens: list[Token]) -> None:
    for token in tokens:
        for inner in token.children or []:
            assert inner.type in {"text", "code_inline", "strong_open", "strong_close", "softbreak", "text_special"}
            assert inner.type != "text" or not _ACTIVE.search(inner.content)
        assert token.type not in ("html_block", "fence", "code_block", "bullet_list_open", "ordered_list_open", "blockquote_open", "hr")


def _rows(tokens: list[Token]) -> Iterator[list[int]]:
    """For each table, how many cells its rows have."""
    counts: list[int] = []
    for token in tokens:
        if token.type == "tr_open":
            counts.append(0)
        elif token.type in ("td_open", "th_open"):
            counts[-1] += 1
        elif token.type == "table_close":
            yield counts
            counts = []


def test_no_cell_is_a_formula(hostile: Assessment) -> None:
    """Neither where commas end a cell, nor where semicolons or tabs do."""
    text = render(hostile, "csv", View())
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        parts = [part.strip() for one in row for part in re.split(r"[;\t]", one)]
        assert [part for part in parts if part[:1] in tuple("=+-@＝＋－＠") and part and not re.fullmatch(r"-?\d+(\.\d+)?", part)] == []


def test_sarif_has_no_links_and_no_placeholders_of_others(hostile: Assessment) -> None:
    text = render(hostile, "sarif", View())
    for message in re.findall(r'"message": \{"text": ("(?:[^"\\]|\\.)*")\}', text):
        shown = json.loads(message)
        assert not re.search(r"(?<!\\)\]\(", shown)
        assert not re.search(r"(?<!\{)\{\d+\}(?!\})", shown)
    uris = [unquote(uri) for uri in re.findall(r'"uri": "([^"]*)"', text)]
    assert set(uris) <= {one.file for one in hostile.evidence.files} | {problem.file for problem in hostile.problems}
    assert "::error,x=@b #1|`<b>%0A.json" in uris


# ---- any text ------------------------------------------------------------------------------------------------------------------


@given(TEXTS, TEXTS)
def test_any_text_stays_in_its_cell(first: str, second: str) -> None:
    """Two cells are two cells, and what stands in them is text."""
    tokens = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {cell(first)} | {code(second)} |\n")
    _check(tokens)
    assert list(_rows(tokens)) == [[2, 2]]


@given(TEXTS)
def test_every_code_span_is_closed(text: str) -> None:
    """No fence is taken for that of another span: nothing behind it is swallowed, and nothing in it is let out."""
    fences = [len(run) for run in re.findall("`+", cell(text))]
    while fences:
        opening = fences.pop(0)
        assert opening in fences
        del fences[: fences.index(opening) + 1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("account `a` (last login 2026-01-01T08:01:00Z, none) in `b`", "account `a` (last login 2026-01-01T08:01:00Z, none) in `b`"),
        ("at 08:01:00.5+02:00 and `2026-01-01T08:01:00Z`", "at 08:01:00.5+02:00 and `2026-01-01T08:01:00Z`"),
        ("01:02:03:04 or :01:02", "01:02:03:04 or `:01:02`"),
        ("a 08:01:tada: or 08:100:00 of `b`, done", "a `08:01:tada:` or `08:100:00` of `b`, done"),
        ("`b` by @admin, see #1 or `c`", "`b` by `@admin,` see `#1` or `c`"),
        ("`a`` @x", "`a`&#96; `@x`"),
        ("`a``@x`:tada:|`b`", "`a@x:tada:`&#124;`b`"),
    ],
)
def test_a_time_is_no_emoji_and_only_what_could_act_is_code(text: str, shown: str) -> None:
    """A sentence reads as it was written: words that a host would look into are code, the words around them are not."""
    assert cell(text) == shown


@given(TEXTS, TEXTS)
def test_any_text_is_well_formed_xml(name: str, text: str) -> None:
    found = ElementTree.fromstring(_case(Case(name, "failure", name, text, (text, text)), name))
    assert [found.tag, *(child.tag for child in found)] == ["testcase", "failure"]
    assert (found[0].text or "").count("\n") == 1


@given(TEXTS, TEXTS)
def test_any_text_is_one_command(file: str, text: str) -> None:
    line = _command("error", file or "x", 1, 1, text or "x", [text, text])
    assert line.count("\n") == 1
    assert _COMMAND.fullmatch(line.rstrip("\n"))


@given(TEXTS)
def test_any_text_is_no_formula(text: str) -> None:
    shown = harmless(text)
    assert re.fullmatch(r"-?\d+(\.\d+)?", shown) or not re.search(r"(?:^|;)\s*[=+\-@]", shown)


@given(TEXTS)
def test_any_text_is_no_link_of_sarif(text: str) -> None:
    shown = told(text)["text"]
    assert not re.search(r"(?<!\\)\]\(", shown)
    assert shown.replace("{{", "").count("{") == 0


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_evidence_gives_the_same_bytes_though_it_is_hostile(hostile: Assessment, form: str) -> None:
    assert render(hostile, form, View()) == render(hostile, form, View())


def test_a_report_is_written_by_whoever_checks_out_elsewhere(tmp_path: Path) -> None:
    """The folder of the evidence is in no form."""
    one, other = (assessed(written(tmp_path / name), cleared=True) for name in ("first-place", "another-place"))
    for form in FORMATS:
        assert render(one, form, View()) == render(other, form, View())
        assert "first-place" not in render(one, form, View())
