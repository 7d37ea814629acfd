"""Reading YAML: the core schema of YAML 1.2, or refused with every place named."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.documents import yaml_source
from ccpolicy.documents.source import MAX_ALIAS_NODES, MAX_DEPTH, read_value
from ccpolicy.errors import Refused


def read(text: str) -> Any:
    """The value of a text."""
    return read_value(text.encode(), "a.yaml", "yaml")


def refusal(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    with pytest.raises(Refused) as refused:
        read(text)
    return [(problem.code, problem.line, problem.column) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *[(text, None) for text in ("", "~", "null", "Null", "NULL", "!!null ''")],
        *[(text, True) for text in ("true", "True", "TRUE", "!!bool 'true'")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        *[
            (text, text)
            for text in (
                "yes",
                "no",
                "on",
                "off",
                "Y",
                "nUll",
                "tRUE",
                "2026-06-30",
                "12:30:00",
                "1_000",
                "0b1",
                "0xg",
                "1e",
                ".",
                "-a",
                "..5",
            )
        ],
        ("017", 17),
        ("+12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0xFF", 255),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5.", 5.0),
        ("-1e3", -1000.0),
        ("0.10000000000000000001", Decimal("0.10000000000000000001")),
        ("'true'", "true"),
        ('"12"', "12"),
        ("!!str 12", "12"),
        ("! 12", "12"),
        ("!!int '12'", 12),
        ("!!float 1", 1.0),
        ("|\n  one\n  two\n", "one\ntwo\n"),
        (">-\n  one\n  two\n", "one two"),
        ('"\\u00e9\\n\\x41"', "é\nA"),
        ("NaN", "NaN"),
    ],
)
def test_a_scalar_is_what_the_core_schema_says(scalar: str, value: Any) -> None:
    """Dates, yes and no stay text; nothing of YAML 1.1 is left."""
    found = read(f"a: {scalar}")
    assert (found, type(found["a"])) == ({"a": value}, type(value))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: 1\nb: 2\n'a': 3", [("duplicate-key", 3, 1)]),
        ("{a: {x: 1, x: 2}, a: 3}", [("duplicate-key", 1, 12), ("duplicate-key", 1, 19)]),
        (
            "1: a\ntrue: b\n~: c\n? [d]\n: e",
            [("key-not-text", 1, 1), ("key-not-text", 2, 1), ("key-not-text", 3, 1), ("key-not-text", 4, 3)],
        ),
        (
            "a: .inf\nb: [-.Inf, .nan]\nc: 1e400",
            [("not-finite", 1, 4), ("not-finite", 2, 5), ("not-finite", 2, 12), ("number-too-large", 3, 4)],
        ),
        ("a: " + "9" * 1001, [("number-too-large", 1, 4)]),
        ("a: 0x" + "9" * 1001, [("number-too-large", 1, 4)]),
        ("a: !!timestamp 2026-01-01\nb: !mine 1\nc: !!int x\nd: !!map []", [("unknown-tag", n, 4) for n in (1, 2, 3, 4)]),
        ("a: !!python/object/apply:os.system ['x']", [("unknown-tag", 1, 4)]),
        ("base: &b {x: 1}\nall:\n  <<: *b\n", [("merge-key", 3, 3)]),
        ("a: 1\n---\nb: 2\n", [("several-documents", 2, 1)]),
        ("a: &a [*a]", [("recursive-alias", 1, 8)]),
        ("a: *b", [("syntax", 1, 4)]),
        ("", [("empty", 1, 1)]),
        ("# only\n--- # this\n...\n", []),
        ("# only\n", [("empty", 1, 1)]),
        ("a: [1,\n  2\n", [("truncated", 3, 1)]),
        ('a: "b\n', [("truncated", 2, 1)]),
        ("a:\n\t- 1", [("syntax", 2, 1)]),
        ("a: b: c", [("syntax", 1, 5)]),
        ("a: @b", [("syntax", 1, 4)]),
        ('a: "\\ud800"', [("surrogate", 1, 7)]),
        ("é: \x07", [("control-character", 1, 4)]),
        ("a: b\u2028c", [("control-character", 1, 5)]),
        ("a: 1\nb: \x85", [("control-character", 2, 4)]),
    ],
)
def test_what_is_no_yaml_document_is_refused_at_its_place(text: str, problems: list[tuple[str, int, int]]) -> None:
    """All problems are named, up to the first that makes the rest unreadable; an explicit document may be null."""
    if problems:
        assert refusal(text) == problems
    else:
        assert read(text) is None


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    """Line and column are those of the byte."""
    with pytest.raises(Refused) as refused:
        read_value(b"a: 1\nb: \xff", "a.yaml", "yaml")
    assert [(problem.code, problem.line, problem.column) for problem in refused.value.problems] == [("not-utf-8", 2, 4)]


def test_a_duplicate_key_names_both_lines() -> None:
    """As in JSON; both columns, where the line is the same."""
    with pytest.raises(Refused) as refused:
        read("queue: 1\nx: 2\nqueue: 3\n'4111 1111 1111 1111': 1\n4111 1111 1111 1111: 2\nüb: {id: é, id: b}")
    assert [problem.message for problem in refused.value.problems] == [
        "the key `queue` stands twice: on line 1 and on line 3",
        "a key stands twice: on line 4 and on line 5",
        "the key `id` stands twice on line 6, in columns 6 and 13",
    ]


def test_an_alias_repeats_a_value_that_nobody_shares() -> None:
    """Changing one copy leaves the other as it was; a quoted `<<` is a key like any other."""
    value = read("a: &x {k: [1]}\nb: *x\nc: [*x, &y text, *y]\n'<<': 1\n*y : 2")
    assert value == {"a": {"k": [1]}, "b": {"k": [1]}, "c": [{"k": [1]}, "text", "text"], "<<": 1, "text": 2}
    value["b"]["k"].append(2)
    assert value["a"] == {"k": [1]}


def test_aliases_that_multiply_are_refused_at_once() -> None:
    """A billion laughs, one too many in a row, and aliases that only nest."""
    laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    laughs += "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(30))
    assert [code for code, _, _ in refusal(laughs)] == ["alias-bomb"]
    assert len(read("- &a x\n" + "- *a\n" * MAX_ALIAS_NODES)) == MAX_ALIAS_NODES + 1
    assert refusal("- &a x\n" + "- *a\n" * (MAX_ALIAS_NODES + 1)) == [("alias-bomb", MAX_ALIAS_NODES + 2, 3)]
    nested = "a0: &a0 [1]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}]\n" for n in range(200))
    assert [code for code, _, _ in refusal(nested)] == ["too-deep"]


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_nesting_is_read_up_to_the_limit(opening: str, closing: str) -> None:
    """The deepest that is allowed is read; one more is refused, and so are 100,000 without a crash."""
    read(opening * MAX_DEPTH + "1" + closing * MAX_DEPTH)
    for more in (MAX_DEPTH + 1, 100_000):
        assert [code for code, _, _ in refusal(opening * more + "1" + closing * more)] == ["too-deep"]


def test_the_parser_of_pure_python_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where libyaml is missing, reading is only slower."""
    text = "a: &x [1, 'two', {three: ~}]\nb: *x\n"
    expected = read(text)
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.SafeLoader)
    assert read(text) == expected
    assert refusal("a: [1\nb: 2") == [("syntax", 2, 2)]
    assert refusal("a: 1\na: !x 2") == [("duplicate-key", 2, 1), ("unknown-tag", 2, 4)]


PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"), max_size=20)
NUMBER = re.compile(r"[-+]?(?:[.][0-9]+|[0-9]+(?:[.][0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+")  # of YAML 1.2: 1.1 takes `0E0` for a text


def values(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """JSON values with such texts as keys and values."""
    return st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=20,
    )


@given(values(PLAIN), st.sampled_from([None, 0, 2]))
@settings(deadline=None)
def test_json_is_yaml(value: Any, indent: int | None) -> None:
    """A JSON text means the same when it is read as YAML."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert repr(read(text)) == repr(read_value(text.encode(), "a.json", "json"))


@given(values(PLAIN.filter(lambda text: not NUMBER.fullmatch(text))), st.sampled_from([None, True, False]))
@settings(deadline=None)
def test_what_a_program_dumps_is_read_back(value: Any, flow: bool | None) -> None:
    """Block style, flow style, folded and quoted scalars; the program writes YAML 1.1, and leaves what is a number only in 1.2 unquoted."""
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    assert read(re.sub(r"\n\.\.\.\n\Z", "\n", text)) == value
