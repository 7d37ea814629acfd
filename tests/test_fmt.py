"""`ccpolicy fmt`: files keep their value and their comments, and come out the same however they went in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ccpolicy.cli.main import ccpolicy
from ccpolicy.documents.source import read_value
from ccpolicy.errors import Refused
from ccpolicy.rulebook.formatting import Form, formatted
from tests.spread import spread

RULES = Path(__file__).resolve().parents[1] / "rules"
FILES = sorted(RULES.glob("checks/**/*.yaml"))
SHORT = [file for file in FILES if file.stat().st_size < 5000]


def form_of(file: Path) -> Form:
    return "cases" if ".cases." in file.name else "rule"


def fmt(text: str, form: Form = "rule") -> str:
    data = text.encode()
    return formatted(data, read_value(data, "a.yaml", "yaml"), "a.yaml", "yaml", form)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(ccpolicy, ["fmt", *arguments])


# ---- the layout, by example

LAYOUTS: dict[str, tuple[str, str]] = {
    "keys stand in the order of the language, with the comments above and behind them": (
        "# about the file\n\nrequire: {a: {is: 1}}  # behind\n# above the id\nid: x\n",
        "# about the file\n\n# above the id\nid: x\nrequire: {a: {is: 1}}  # behind\n",
    ),
    "comments at the top go with the first key, unless an empty line or a modeline parts them": (
        "# yaml-language-server: $schema=x\n# of require\nrequire: {a: {is: 1}}\nid: x\n",
        "# yaml-language-server: $schema=x\nid: x\n# of require\nrequire: {a: {is: 1}}\n",
    ),
    "lists are indented, and empty lines never follow one another": (
        "id: x\n\n\n\ncontrols:\n- control: a\n\n  why: b\n\n\n- control: c\n",
        "id: x\n\ncontrols:\n  - control: a\n\n    why: b\n\n  - control: c\n",
    ),
    "flow style stays where it fits": ("require: { a : {is: [ 1,2 ]} }\n", "require: {a: {is: [1, 2]}}\n"),
    "flow style over several lines is joined where it fits": (
        "require: {a: {is: 1},\n  b: {is: 2}}\n",
        "require: {a: {is: 1}, b: {is: 2}}\n",
    ),
    "flow style becomes a block where it does not fit": (
        f"require: {{any_of: [{{a: {{is: {'x' * 60}}}}}, {{a: {{is: {'y' * 60}}}}}]}}\n",
        f"require:\n  any_of:\n    - {{a: {{is: {'x' * 60}}}}}\n    - {{a: {{is: {'y' * 60}}}}}\n",
    ),
    "flow style becomes a block where a comment stands in it": (
        "require: {a: {is: 1}, # one\n  b: {is: 2}}\n",
        "require:\n  a: {is: 1}  # one\n  b: {is: 2}\n",
    ),
    "a comment behind a key stays there": ("require: # why\n    a: {is: 1}\n", "require:  # why\n  a: {is: 1}\n"),
    "a comment between key and value goes above the key": ("title:\n  # why\n  x\n", "# why\ntitle: x\n"),
    "a comment behind a dash goes above it": ("controls:\n  - # why\n    control: a\n", "controls:\n  # why\n  - control: a\n"),
    "a comment behind the sign of a folded text stays": ("title: >-  # why\n  a\n  b\n", "title: >-  # why\n  a\n  b\n"),
    "comments at the end of a list stay in it": (
        "controls:\n  - control: a\n  # b\n# c\ntitle: x\n",
        "# c\ntitle: x\ncontrols:\n  - control: a\n  # b\n",
    ),
    "quotes go where nothing needs them": (
        'id: \'x\'\ntitle: "some words, and more"\nmessage: "`{id}` it\'s"\n',
        'id: x\ntitle: some words, and more\nmessage: "`{id}` it\'s"\n',
    ),
    "quotes stay, and come, where a plain text would be something else": (
        "require:\n  a: {in: ['1', \"true\", 'null', '2026-06-30', 'yes', 2026-06-30, yes, 'a: b', '[', '']}\n",
        'require:\n  a: {in: ["1", "true", "null", "2026-06-30", "yes", 2026-06-30, yes, "a: b", "[", ""]}\n',
    ),
    "a text with a backslash or a double quote stands in single quotes": (
        'require: {a: {matches: "\\\\d \\"x\\" it\'s"}, b: {matches: \'\\d"\'}}\n',
        'require: {a: {matches: "\\\\d \\"x\\" it\'s"}, b: {matches: \'\\d"\'}}\n',
    ),
    "numbers stay as they are written": (
        "require: {a: {in: [0.80, 1e3, 0x1F, 0o17, 12345678901234567890123, +1, .5, 1.0]}}\n",
        "require: {a: {in: [0.80, 1e3, 0x1F, 0o17, 12345678901234567890123, +1, .5, 1.0]}}\n",
    ),
    "a long text is folded": (f"title: {'word ' * 30}end\n", f"title: >-\n  {('word ' * 27).strip()}\n  word word word end\n"),
    "a long pattern is not": (f"title: '{'a ' * 80}\\d'\n", f"title: '{'a ' * 80}\\d'\n"),
    "a folded text is broken anew only where a line is too long": (
        "title: >-\n      short\n      lines\n",
        "title: >-\n  short\n  lines\n",
    ),
    "block texts keep their last lines": (
        "title: |+\n   a\n\n\nmessage: >2\n    b\n   c\n\nremediation: |\n e\n",
        "title: |+\n  a\n\n\nmessage: >2\n    b\n   c\n\nremediation: |\n  e\n",
    ),
    "anchors and aliases stay, and then keys stay where they are": (
        "require: &a {b: {is: 1}}\nid: x\nwhen: *a\n",
        "require: &a {b: {is: 1}}\nid: x\nwhen: *a\n",
    ),
    "an anchor on a block keeps its comment": ("require: &a # c\n  b: {is: 1}\n", "require: &a  # c\n  b: {is: 1}\n"),
    "what stands for nothing is written out": ("a:\nb: ~\nc: {d, e: }\n", "a: null\nb: ~\nc: {d: null, e: null}\n"),
    "line ends of Windows and a mark of byte order go": ("\ufeffid: x # a\r\ntitle: 'a\r\n\r\n  b'\r\n", 'id: x  # a\ntitle: "a\\nb"\n'),
    "the marks around a document go, and their comments stay": ("# a\n--- # b\nid: x\n...\n# c\n", "# a\n# b\nid: x\n# c\n"),
    "a lone pair in a list is a map": ("a: [b: c]\n", "a: [{b: c}]\n"),
    "a key with a question mark is a key": ("? a # c\n: - b\n", "a:  # c\n  - b\n"),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_house_style_by_example(name: str) -> None:
    """Each example comes out as it should, and stays so."""
    before, after = LAYOUTS[name]
    assert fmt(before) == after
    assert fmt(after) == after


def test_rows_of_cases_may_be_long() -> None:
    """A document on one line stays there to 200 columns in cases, and to 140 in a rule."""
    row = "  - {" + ", ".join(f"key_{n}: {'x' * 20}" for n in range(6)) + "}\n"
    assert fmt(f"rule: x\ncases:\n{row}", "cases") == f"rule: x\ncases:\n{row}"
    assert fmt(f"controls:\n{row}").count("\n") == 7


@pytest.mark.parametrize(
    ("text", "code"),
    [("a: !!str 1\n", "tag"), ("a: !!map {}\n", "tag"), ("%YAML 1.2\n---\na: 1\n", "directive"), ("a: 1\na: 2\n", "duplicate-key")],
)
def test_what_the_style_does_not_know_is_refused(text: str, code: str) -> None:
    """Tags, directives and keys that stand twice are problems with a line and a column."""
    with pytest.raises(Refused) as caught:
        fmt(text)
    assert [(problem.code, problem.line > 0, problem.column > 0) for problem in caught.value.problems] == [(code, True, True)]


# ---- properties


@pytest.mark.parametrize("name", spread((str(file.relative_to(RULES)) for file in FILES), most=2))
def test_the_shipped_files_keep_value_and_comments(name: str) -> None:
    """A shipped file keeps its value (`formatted` sees to it), and what is formatted stays so. (`fmt --check` looks at all of them.)"""
    file = RULES / name
    text = fmt(file.read_text("utf-8"), form_of(file))
    assert fmt(text, form_of(file)) == text
    assert not [line for line in text.split("\n") if line != line.rstrip()]


MARK = re.compile(r"# c[0-9]+\b")


def strewn(text: str, places: list[tuple[float, int, bool]]) -> str:
    """The text with comments: each on a line of its own with an indentation, or behind a line."""
    lines = text.split("\n")
    for number, (where, indent, own) in enumerate(places):
        at = int(where * len(lines))
        if own or not lines[at].strip():
            lines.insert(at, " " * indent + f"# c{number}")
        else:
            lines[at] += f"  # c{number}"
    return "\n".join(lines)


PLACES = st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 14), st.booleans()), min_size=1, max_size=6)


def check_strewn(text: str, places: list[tuple[float, int, bool]], form: Form) -> None:
    """With comments strewn in, value, comments and their order stay, and the result is stable."""
    remarked = strewn(text, places)
    try:
        assume(read_value(remarked.encode(), "a", "yaml") == read_value(text.encode(), "a", "yaml"))
    except Refused:
        assume(False)  # the comment stands in the middle of a text
    once = fmt(remarked, form)
    assert fmt(once, form) == once
    assert MARK.findall(once) == MARK.findall(remarked)


@given(st.sampled_from(SHORT), PLACES)
def test_comments_anywhere_in_a_shipped_file_stay_in_order(file: Path, places: list[tuple[float, int, bool]]) -> None:
    """In a file whose keys stand in order, comments keep theirs."""
    check_strewn(fmt(file.read_text("utf-8"), form_of(file)), places, form_of(file))


@given(st.sampled_from(SHORT), PLACES)
def test_comments_stay_when_keys_move(file: Path, places: list[tuple[float, int, bool]]) -> None:
    """In a file whose keys stand upside down, no comment is lost."""
    value = read_value(file.read_bytes(), "a", "yaml")
    assert isinstance(value, dict)
    upside_down = yaml.dump({key: value[key] for key in reversed(value)}, sort_keys=False, width=100, allow_unicode=True, Dumper=Plain)
    remarked = strewn(upside_down, places)
    try:
        assume(read_value(remarked.encode(), "a", "yaml") == value)
    except Refused:
        assume(False)
    once = fmt(remarked, form_of(file))
    assert sorted(MARK.findall(once)) == sorted(MARK.findall(remarked))
    assert fmt(once, form_of(file)) == once


class Plain(yaml.SafeDumper):
    """Writes maps and lists out, without anchors, and decimals as they are."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


WORDS = st.text(st.sampled_from("ab 01:#-'\"{}[],&*!|>%@`\\\n\té=~?.yn\u00a0"), max_size=14)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from(["yes", "2026-06-30", "0x1", "1:30", "null", "on", "word " * 40, "- a", "a\n", "a\n\n"]),
    WORDS,
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4), max_leaves=20)
TREES = st.dictionaries(st.sampled_from(["require", "when", "id", "with", "title", "x y", "n"]), VALUES, min_size=1)
STYLES = st.tuples(st.sampled_from([None, True, False]), st.sampled_from([None, "'", '"', "|", ">"]), st.sampled_from([20, 80, 10_000]))


@given(TREES, STYLES, PLACES)
@example({"n": {"x y": ["a\n\n"]}}, (False, "|", 80), [(0.5, 0, True)])
def test_any_tree_in_any_style(
    tree: dict[str, Any], style: tuple[bool | None, str | None, int], places: list[tuple[float, int, bool]]
) -> None:
    """Whatever a dumper writes keeps its value, and comments strewn into it stay."""
    flow, scalars, width = style
    written = yaml.dump(tree, default_flow_style=flow, default_style=scalars, width=width, allow_unicode=True, Dumper=Plain)
    try:
        value = read_value(written.encode(), "a", "yaml")
        once = fmt(written)
    except Refused as refused:
        assume(all(problem.code in ("tag", "key-not-text", "control-character") for problem in refused.problems))
        return
    assert read_value(once.encode(), "a", "yaml") == value
    check_strewn(once, places, "rule")


# ---- the command

UGLY = "require: { a: { is: 1 } }\nid: x\n"
TIDY = "id: x\nrequire: {a: {is: 1}}\n"


def pack(folder: Path, text: str = UGLY) -> Path:
    """A pack with one rule; its path."""
    file = folder / "checks" / "a" / "x.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return file


def test_plain_fmt_writes_in_place_and_keeps_the_mode(tmp_path: Path) -> None:
    """It says what it changed, exits 0, and has nothing to do the second time."""
    file = pack(tmp_path)
    file.chmod(0o640)
    result = run(str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, f"formatted {file}\n1 file: 1 changed, 0 as they should be\n")
    assert file.read_text("utf-8") == TIDY
    assert file.stat().st_mode & 0o777 == 0o640
    assert run(str(tmp_path)).stdout == "1 file: 0 changed, 1 as they should be\n"


def test_check_and_diff_change_nothing(tmp_path: Path) -> None:
    """--check names the file and exits 1; --diff shows what would change and exits 0; both together exit 1."""
    file = pack(tmp_path)
    checked = run("--check", str(tmp_path))
    assert (checked.exit_code, checked.stdout) == (1, f"would format {file}\n1 file: 1 would change, 0 as they should be\n")
    shown = run("--diff", str(tmp_path))
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[3:] == ["-require: { a: { is: 1 } }", " id: x", "+require: {a: {is: 1}}", " "]
    assert run("--diff", "--check", str(tmp_path)).exit_code == 1
    assert file.read_text("utf-8") == UGLY
    file.write_text(TIDY, "utf-8")
    assert run("--check", str(tmp_path)).exit_code == 0


def test_only_our_files_are_touched(tmp_path: Path) -> None:
    """Evidence, configs, hidden folders and what cannot be read outside of a pack are left alone; a rule by its content is not."""
    others = {
        "evidence/a.yaml": "a: { b: 1 }\n",
        "evidence/b.json": '{"cases": [1,\n2]}',
        "evidence/broken.yaml": "cases: [\n",
        "checks/notes.yaml": "cases ,  notes: { b: 1 }\n",
        ".hidden/checks/x.yaml": UGLY,
        "readme.md": UGLY,
    }
    for name, text in others.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "loose.yaml").write_text(UGLY.replace("id", "applies_to: k\nid"), "utf-8")
    result = run(str(tmp_path))
    assert result.exit_code == 0
    assert result.stdout == f"formatted {tmp_path / 'loose.yaml'}\n1 file: 1 changed, 0 as they should be\n"
    assert {name: (tmp_path / name).read_text("utf-8") for name in others} == others


def test_a_json_rule_keeps_its_numbers(tmp_path: Path) -> None:
    """JSON has one layout, the same order of keys, and numbers as they are written."""
    file = pack(tmp_path).with_suffix(".json")
    file.write_text('{"require": {"a": {"is": 0.80}}, "id": "x", "params": {}, "n": [1e3]}', "utf-8")
    assert run(str(file)).exit_code == 0
    want = '{\n  "id": "x",\n  "params": {},\n  "require": {\n    "a": {\n      "is": 0.80\n    }\n  },\n  "n": [\n    1e3\n  ]\n}\n'
    assert file.read_text("utf-8") == want
    assert run("--check", str(file)).exit_code == 0


REFUSED = {
    "a file that is none of ours": ("a.yaml", "a: 1\n", "a.yaml:1:1: this is no rule, cases or definition file"),
    "a file of another form": ("a.txt", UGLY, "a.txt:1:1: this is no rule, cases or definition file"),
    "broken YAML": ("checks/a.yaml", "id: x\nrequire: [\n", "checks/a.yaml:3:1: "),
    "a key that stands twice": ("checks/a.yaml", "require: {}\nrequire: {}\n", "checks/a.yaml:2:1: the key `require` stands twice"),
    "several documents": ("checks/a.yaml", "require: {}\n---\nid: x\n", "checks/a.yaml:2:1: a second document starts here"),
    "a tab": ("checks/a.yaml", "require:\n\ta: 1\n", "checks/a.yaml:2:1: this is not YAML"),
    "a tag": ("checks/a.yaml", "require: {}\nid: !!str x\n", "checks/a.yaml:2:5: a tag stands here"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_formatted_is_told_with_its_place(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 2, the line and the column, and the file stays."""
    file, text, said = REFUSED[name]
    monkeypatch.chdir(tmp_path)
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text(text, "utf-8")
    for arguments in ([file], ["--check", file]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"error: {said}")
    assert Path(file).read_text("utf-8") == text


def test_a_bug_of_ours_leaves_the_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what is formatted would say something else, or lack a comment, exit 4 says so and nothing is written."""
    file = pack(tmp_path, UGLY + "# c\n")
    for wrong in (TIDY.replace("1", "2"), TIDY, "a: [\n"):
        monkeypatch.setattr("ccpolicy.rulebook.formatting.laid_out", lambda tree, row, wrong=wrong: wrong)
        result = run(str(tmp_path))
        assert result.exit_code == 4
        assert result.stderr.startswith(f"bug: {file}:1:1: it cannot be formatted faithfully: ")
    assert file.read_text("utf-8") == UGLY + "# c\n"


def test_paths_that_are_not_there(tmp_path: Path) -> None:
    """Exit 2; a folder without one of our files is fine."""
    assert run(str(tmp_path / "no")).exit_code == 2
    empty = run(str(tmp_path))
    assert (empty.exit_code, empty.stdout) == (0, "no rule, cases or definition file here\n")
