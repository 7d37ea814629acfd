"""Reading JSON: exactly as written, or refused with every place named."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.documents.json_flaw import find_flaws
from ccpolicy.documents.source import MAX_DEPTH, MAX_DOCUMENT, read_value
from ccpolicy.errors import Problem, Refused


def refusal(data: bytes) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    with pytest.raises(Refused) as refused:
        read_value(data, "a.json", "json")
    return [(problem.code, problem.line, problem.column) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-0", 0),
        ("0.1", 0.1),
        ("1.50", 1.5),
        ("1e5", 100000.0),
        ("0e99999999999999999999", 0.0),
        ("0.10000000000000000001", Decimal("0.10000000000000000001")),
        ("12345678901234567890.5", Decimal("12345678901234567890.5")),
        ("1" * 1000, int("1" * 1000)),
        ('"\\ud83d\\ude00\\u00e9 \\\\ud800"', "😀é \\ud800"),
        ('"😀 \\\\ € \\n"', "😀 \\ € \n"),
        (' {"a": [true, false, null, {}]}\r\n', {"a": [True, False, None, {}]}),
        ('\ufeff{"a": 1}', {"a": 1}),
        ('"\x7f\u2028"', "\x7f\u2028"),
    ],
)
def test_a_value_is_read_exactly_as_it_is_written(text: str, value: Any) -> None:
    """Whole numbers stay whole; a fraction is a float only where that loses nothing."""
    found = read_value(text.encode(), "a.json", "json")
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ('{"a": 1,\n "a": 2}', [("duplicate-key", 2, 2)]),
        ('[{"a": 1}, {"b": {"a": 1, "\\u0061": 2}}]', [("duplicate-key", 1, 27)]),
        ("[NaN,\n Infinity, -Infinity]", [("not-finite", 1, 2), ("not-finite", 2, 2), ("not-finite", 2, 12)]),
        ("[1e400, -1e400, 1e-400]", [("number-too-large", 1, 2), ("number-too-large", 1, 9), ("number-too-large", 1, 17)]),
        ("[1e99999999999999999999, 1e-99999999999999999999]", [("number-too-large", 1, 2), ("number-too-large", 1, 26)]),
        ("1" * 1001, [("number-too-large", 1, 1)]),
        ("[0." + "1" * 1000 + "]", [("number-too-large", 1, 2)]),
        ('{"é": "\\ud800",\n"b": "x\\udc00\\ud800"}', [("surrogate", 1, 8), ("surrogate", 2, 8), ("surrogate", 2, 14)]),
        ('"\\ud83d\\\\ude00"', [("surrogate", 1, 2)]),
        ("", [("empty", 1, 1)]),
        ("\ufeff \n", [("empty", 1, 1)]),
        ('{"a": [1,', [("truncated", 1, 10)]),
        ('{"a": "b', [("truncated", 1, 7)]),
        ('{"a": tr', [("truncated", 1, 7)]),
        ("[1, -", [("truncated", 1, 5)]),
        ('{"a": 1}\n{"a": 2}\n', [("trailing-data", 2, 1)]),
        ("[1, 2,]", [("syntax", 1, 6)]),
        ('{"a": 1,}', [("syntax", 1, 8)]),
        ('{"a" 1}', [("syntax", 1, 6)]),
        ("{a: 1}", [("syntax", 1, 2)]),
        ("['a']", [("syntax", 1, 2)]),
        ("[1 2]", [("syntax", 1, 4)]),
        ("[01]", [("syntax", 1, 2)]),
        ("[.5]", [("syntax", 1, 2)]),
        ("[1, // one\n2]", [("syntax", 1, 5)]),
        ('"a\tb"', [("syntax", 1, 3)]),
        ('"a\\qb"', [("syntax", 1, 3)]),
        ("[1\xa0]", [("syntax", 1, 3)]),
        ('{"a": NaN,\n"a": 1e400,\n"b" 1}', [("not-finite", 1, 7), ("duplicate-key", 2, 1), ("number-too-large", 2, 6), ("syntax", 3, 5)]),
    ],
)
def test_what_is_no_json_is_refused_at_its_place(text: str, problems: list[tuple[str, int, int]]) -> None:
    """All problems are named, up to the first that makes the rest unreadable."""
    assert refusal(text.encode()) == problems


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b'{"a":\n "\xc3\xa9\xff"}', ("not-utf-8", 2, 4)),
        (b'["\xf0\x9f\x98\x80", "\xed\xa0\x80"]', ("not-utf-8", 1, 8)),
        (b'["\xf4\x90\x80\x80"]', ("not-utf-8", 1, 3)),
        ("[1]".encode("utf-16"), ("binary", 1, 1)),
        (b'[1,\n "a\0b"]', ("binary", 2, 4)),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ("binary", 3, 1)),
        (b" " * (MAX_DOCUMENT + 1), ("too-large", 1, 1)),
    ],
)
def test_what_is_no_text_is_refused_at_the_byte(data: bytes, problem: tuple[str, int, int]) -> None:
    """Line and column count characters, not bytes."""
    assert refusal(data) == [problem]


def test_a_duplicate_key_names_both_lines() -> None:
    """The key is shown, and where it stands each time."""
    with pytest.raises(Refused) as refused:
        read_value(b'{\n"queue": 1,\n"x": 2,\n"queue": 3}', "a.json", "json")
    assert str(refused.value) == "a.json:4:1: the key `queue` stands twice: on line 2 and on line 4 (hint: keep one of them)"


@pytest.mark.parametrize(
    "key", ["4111111111111111", "4111 1111 1111 1111", "x4111-1111-1111-1111", "078-05-1120", "k" * 200, "a\\u001b[31m"]
)
def test_a_key_that_may_be_a_number_of_somebody_is_not_shown(key: str) -> None:
    """Card numbers appear in no message, and neither do endless or unprintable keys."""
    with pytest.raises(Refused) as refused:
        read_value(f'{{"{key}": 1, "{key}": 2}}'.encode(), "a.json", "json")
    column = len(key) + 9
    assert str(refused.value) == f"a.json:1:{column}: a key stands twice on line 1, in columns 2 and {column} (hint: keep one of them)"


@pytest.mark.parametrize(
    "text", ["[4111111111111111 x]", '{"a": 4111111111111111e999}', '["4111111111111111\n"]', "4111111111111111 4111111111111111"]
)
def test_no_value_is_ever_shown(text: str) -> None:
    """Messages are about places, never about what stands there."""
    with pytest.raises(Refused) as refused:
        read_value(text.encode(), "a.json", "json")
    assert "4111" not in str(refused.value)


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_nesting_is_read_up_to_the_limit(opening: str, closing: str) -> None:
    """The deepest that is allowed is read; one more is refused, and so are 100,000 without a crash."""
    levels = opening.count("[") + opening.count("{")
    times = MAX_DEPTH // levels
    read_value((opening * times + "1" + closing * times).encode(), "a.json", "json")
    for more in (times + 1, 100_000):
        assert [code for code, _, _ in refusal((opening * more + "1" + closing * more).encode())] == ["too-deep"]
    assert [code for code, _, _ in refusal((opening * 100_000).encode())] == ["too-deep"]


def test_problems_of_one_document_are_listed_up_to_a_limit() -> None:
    """A million of them help nobody."""
    assert len(refusal(b"[" + b"NaN," * 5000 + b"1]")) == 1000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 0, 2]), st.booleans())
@settings(deadline=None)
def test_whatever_is_json_is_read_as_the_standard_library_reads_it(value: Any, indent: int | None, ascii_only: bool) -> None:
    """Any value, however it is laid out and escaped."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    assert repr(read_value(text.encode(), "a.json", "json")) == repr(json.loads(text))
    assert find_flaws(text) == []


def _strictly(text: str) -> bool:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    def finite(number: str) -> float:
        if number in ("NaN", "Infinity", "-Infinity") or abs(float(number)) == float("inf"):
            raise ValueError
        return float(number)

    try:
        json.dumps(json.loads(text, object_pairs_hook=unique, parse_constant=finite, parse_float=finite), ensure_ascii=False).encode()
    except (ValueError, UnicodeEncodeError):
        return False
    return "\0" not in text


PIECES = st.sampled_from(
    [
        *'{}[]:,"\\ \n',
        '"a"',
        '"b"',
        "1",
        "-",
        "0",
        ".5",
        "e9",
        "NaN",
        "true",
        "nul",
        "\\ud83d",
        "\\ude00",
        "\\u0061",
        "😀",
        "€",
        '{"a":',
        "\x01",
        "\xa0",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(deadline=None, max_examples=1000)
def test_nothing_is_read_that_is_no_json(text: str) -> None:
    """A text is read if it is strict JSON; else it is refused, and by nothing but a refusal."""
    problems = _problems(text.encode(), "json")
    assert all(problem.line and problem.column and problem.message for problem in problems)
    assert (not problems) == _strictly(text.removeprefix("\ufeff"))


def _problems(data: bytes, form: Literal["json", "yaml"]) -> tuple[Problem, ...]:
    try:
        read_value(data, "a", form)
    except Refused as refused:
        return refused.problems
    return ()


@given(st.binary(max_size=40))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No traceback, whatever the file holds."""
    for problems in (_problems(data, "json"), _problems(data, "yaml")):
        assert all(problem.line and problem.column and problem.message for problem in problems)
