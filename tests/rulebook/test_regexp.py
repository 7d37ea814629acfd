"""I-Regexp (RFC 9485): what is one, what is none, and that RE2 reads it as the RFC does."""

from __future__ import annotations

import time

import pytest
import re2

from ccpolicy.language.regexp import NoRegexp, to_re2


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the whole text."""
    return re2.fullmatch(to_re2(pattern), text) is not None


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("", [""], ["a"]),
        ("abc", ["abc"], ["ab", "abcd", "xabc"]),
        ("a|bc", ["a", "bc"], ["abc", "c"]),
        ("a||b", ["a", "", "b"], ["ab"]),
        ("(a|b)c", ["ac", "bc"], ["c", "abc"]),
        ("()", [""], ["a"]),
        ("a*", ["", "aaa"], ["b"]),
        ("a+", ["a", "aa"], [""]),
        ("a?", ["", "a"], ["aa"]),
        ("a{2}", ["aa"], ["a", "aaa"]),
        ("a{2,}", ["aa", "aaaa"], ["a"]),
        ("a{2,3}", ["aa", "aaa"], ["a", "aaaa"]),
        ("a.c", ["abc", "aéc", "a c"], ["ac", "a\nc", "a\rc"]),
        ("[a-c]x", ["ax", "cx"], ["dx"]),
        ("[^a-c]", ["d", "\n"], ["a"]),
        ("[a^]", ["a", "^"], ["b"]),
        ("[-a]", ["-", "a"], ["b"]),
        ("[a-]", ["-", "a"], ["b"]),
        ("[^-a]", ["b"], ["-", "a"]),
        ("[-]", ["-"], ["a"]),
        (r"[\]\[\\]", ["]", "[", "\\"], ["a"]),
        (r"[\-x]", ["-", "x"], ["a"]),
        (r"[\n\t]", ["\n", "\t"], ["n"]),
        (r"\(\)\*\+\.\?\[\\\]\^\{\|\}", ["()*+.?[\\]^{|}"], ["x"]),
        (r"\-", ["-"], ["\\-"]),
        (r"\n\r\t", ["\n\r\t"], ["nrt"]),
        (r"\p{Lu}\p{Ll}+", ["Anna", "Ärger"], ["anna", "ANNA"]),
        (r"[\p{L}\p{N}_]+", ["aé5_"], ["a b"]),
        (r"\P{L}", ["1"], ["a"]),
        (r"[^\p{N}]", ["a"], ["1"]),
        ("^a$", ["^a$"], ["a"]),  # both stand for themselves
        ("a-b,c:d'e", ["a-b,c:d'e"], ["a"]),
        ("日本", ["日本"], ["日"]),
        ("DOC-[0-9]{1,4}", ["DOC-14"], ["DOC-", "DOC-12345", "doc-14"]),
        ("(([a-z]+)*)+!", ["abc!"], ["abc"]),
        ("[&~#]", ["&", "~", "#"], ["a"]),
        ("[a-z&&b]", ["a", "&"], ["A"]),  # no operators of other engines
        ("#.* x", ["#a x"], ["#ax"]),
    ],
)
def test_an_i_regexp_matches_the_whole_text(pattern: str, yes: list[str], no: list[str]) -> None:
    """Anchored at both ends."""
    assert [text for text in yes if not matches(pattern, text)] == []
    assert [text for text in no if matches(pattern, text)] == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d", r"\w+", r"\s", r"\b", r"\D", r"\1", r"(a)\1", r"\x41", r"\u0041", r"\a", r"\/", r"\$", r"\,", "\\",
        "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(?:a)", "(?i)a", "(?P<n>a)", "(?#c)",
        "a*?", "a+?", "a??", "a*+", "a**", "a{2}{3}", "*a", "+", "?", "(*a)", "a|*", "{2}",
        "(a", "a)", "((a)", ")(", "[a", "a]", "[]", "[^]", "[]a]", "[a[b]", "[[:alpha:]]", "[a-b-c]", "[z-a]",
        "a{", "a}", "a{,2}", "a{2,1}", "a{x}", "a{-1}", "a{12345}", "a{2000}",
        r"\p{Greek}", r"\p{L", r"\pL", r"\p{Xx}", r"\p{^L}", r"\p{}", r"[\d]", r"[\w-]", r"[\p]",
    ],
)  # fmt: skip
def test_what_is_no_i_regexp_is_refused(pattern: str, capfd: pytest.CaptureFixture[str]) -> None:
    """In a sentence that names it, and without a word of RE2 on standard error."""
    with pytest.raises(NoRegexp) as refused:
        to_re2(pattern)
    assert f"`{pattern}`" in str(refused.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        (r"a\d+", "I-Regexp (RFC 9485) has no `\\d`: write [0-9]"),
        ("(?=a)b", "I-Regexp (RFC 9485) has no look-around"),
        ("(?:a)", "in I-Regexp (RFC 9485) every group is written `(...)`"),
        ("a+?", "I-Regexp (RFC 9485) has no lazy quantifiers"),
        ("*a", "there is nothing before the `*` that it could repeat"),
        ("a|+", "there is nothing before the `+` that it could repeat"),
        ("[a", "a class is written [a-z]; in it, `[`, `]`, `\\` and `-` are written with a backslash"),
        ("a{x}", "a count is written {2}, {2,} or {2,5}; a brace that is meant itself is written `\\{`"),
        ("a)", "a bracket that is meant itself is written `\\)`"),
        (r"\$", "a backslash stands only before one of ( ) * + - . ? [ \\ ] ^ n r t { | }"),
        ("a{2000}", "it takes ranges in order, counts up to 1000, and patterns of moderate size"),
    ],
)
def test_the_hint_says_what_to_write(pattern: str, hint: str) -> None:
    """For what other dialects have."""
    with pytest.raises(NoRegexp) as refused:
        to_re2(pattern)
    assert refused.value.hint == hint


def test_matching_is_linear_on_hostile_input() -> None:
    """Patterns that make backtracking engines hang."""
    start = time.monotonic()
    for pattern in ("(a*)*b", "(a|a)*b", "(a|aa)+", "([a-z]+)*!", "(.*)(.*)(.*)(.*)x", "(a?){50}a{50}"):
        matches(pattern, "a" * 20_000 + "!")
    assert time.monotonic() - start < 10


def test_long_patterns_are_shown_in_part() -> None:
    """Messages stay readable."""
    with pytest.raises(NoRegexp) as refused:
        to_re2("a" * 100_000 + "(")
    assert len(str(refused.value)) < 300
