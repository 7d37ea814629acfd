"""I-Regexp (RFC 9485), checked against its grammar and turned into RE2, which runs in linear time."""

from __future__ import annotations

import re

import re2

MAX_LENGTH = 10_000  # characters of a pattern

_CLASS_CHAR = r"[^\[\]\\-]"
_ESCAPE = r"\\[()*+\-.?\[\\\]^nrt{|}]"
_CATEGORY = r"\\[pP]\{(?:L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|Z[lps]?|S[ckmo]?|C[cfno]?)\}"
_CLASS_PART = rf"(?:{_CATEGORY}|(?:{_CLASS_CHAR}|{_ESCAPE})(?:-(?:{_CLASS_CHAR}|{_ESCAPE}))?)"
_TOKEN = re.compile(
    rf"(?P<kept>{_ESCAPE}|{_CATEGORY}|\[\^?(?:-|{_CLASS_PART}){_CLASS_PART}*-?\])|(?P<dot>\.)|(?P<open>\()|(?P<close>\))|(?P<or>\|)"
    r"|(?P<times>[*+?]|\{[0-9]{1,4}(?:,(?:[0-9]{1,4})?)?\})|(?P<plain>[^.\\?*+()\[\]{}|])",
    re.DOTALL,
)


class NoRegexp(ValueError):
    """The text is no I-Regexp; the message says where it stops being one, the hint what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def to_re2(pattern: str) -> str:
    """The pattern for RE2 (to be matched against the whole text). Raises NoRegexp."""
    if len(pattern) > MAX_LENGTH:
        raise NoRegexp(f"`{_clipped(pattern)}` has {len(pattern)} characters, and a pattern has at most {MAX_LENGTH}")
    parts: list[str] = []
    start, depth, repeatable = 0, 0, False
    while start < len(pattern):
        token = _TOKEN.match(pattern, start)
        kind = "" if token is None else str(token.lastgroup)
        depth += (kind == "open") - (kind == "close")
        if token is None or depth < 0 or (kind == "times" and not repeatable):
            rest = pattern[start:]
            raise NoRegexp(f"`{_clipped(pattern)}` is no I-Regexp: it cannot go on with `{_clipped(rest)}`", _hint(rest, pattern[:start]))
        parts.append(_in_re2(kind, token[0]))
        repeatable = kind in ("kept", "dot", "close", "plain")
        start = token.end()
    if depth:
        message = f"`{_clipped(pattern)}` is no I-Regexp: {depth} `(` without its `)`"
        raise NoRegexp(message, "a bracket that is meant itself is written `\\(`")
    return _accepted("".join(parts), pattern)


def _in_re2(kind: str, text: str) -> str:
    if kind == "dot":
        return r"[^\n\r]"
    if kind == "open":
        return "(?:"
    return str(re2.escape(text)) if kind == "plain" else text


def _accepted(translated: str, pattern: str) -> str:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(translated, options)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        message = f"`{_clipped(pattern)}` is more than the engine takes: {_clipped(reason)}"
        raise NoRegexp(message, "it takes ranges in order, counts up to 1000, and patterns of moderate size") from None
    return translated


_HINTS = {
    "\\d": "I-Regexp (RFC 9485) has no `\\d`: write [0-9]",
    "\\w": "I-Regexp (RFC 9485) has no `\\w`: write [0-9A-Za-z_]",
    "\\s": "I-Regexp (RFC 9485) has no `\\s`: write [ \\t\\n\\r]",
    "\\b": "I-Regexp (RFC 9485) has no `\\b`: a pattern always matches the whole text",
    "?=": "I-Regexp (RFC 9485) has no look-around",
    "?!": "I-Regexp (RFC 9485) has no look-around",
    "?<": "I-Regexp (RFC 9485) has no look-around and no named groups",
    "?P": "I-Regexp (RFC 9485) has no named groups",
    "?:": "in I-Regexp (RFC 9485) every group is written `(...)`",
    "?i": "I-Regexp (RFC 9485) has no flags: write [Aa]",
    "[": "a class is written [a-z]; in it, `[`, `]`, `\\` and `-` are written with a backslash",
    "{": "a count is written {2}, {2,} or {2,5}; a brace that is meant itself is written `\\{`",
    ")": "a bracket that is meant itself is written `\\)`",
    "]": "a bracket that is meant itself is written `\\]`",
    "}": "a brace that is meant itself is written `\\}`",
    "?": "I-Regexp (RFC 9485) has no lazy quantifiers",
    "+": "I-Regexp (RFC 9485) has no possessive quantifiers",
    "\\": "a backslash stands only before one of ( ) * + - . ? [ \\ ] ^ n r t { | }",
}


def _hint(rest: str, before: str) -> str:
    if rest[:1] in ("*", "+", "?") and not rest.startswith(("?=", "?!", "?<", "?P", "?:", "?i")) and before[-1:] in ("", "(", "|"):
        return f"there is nothing before the `{rest[0]}` that it could repeat"
    return next((hint for mark, hint in _HINTS.items() if rest.startswith(mark)), "")


def _clipped(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]} ..."
