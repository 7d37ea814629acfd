"""I-Regexp (RFC 9485), checked against its grammar and turned into RE2, which runs in linear time."""

from __future__ import annotations

import re

import re2

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
    """The text is no I-Regexp; the message says where it stops being one."""


def to_re2(pattern: str) -> str:
    """The pattern for RE2 (to be matched against the whole text). Raises NoRegexp."""
    parts: list[str] = []
    start, depth, repeatable = 0, 0, False
    while start < len(pattern):
        token = _TOKEN.match(pattern, start)
        kind = "" if token is None else str(token.lastgroup)
        depth += (kind == "open") - (kind == "close")
        if token is None or depth < 0 or (kind == "times" and not repeatable):
            raise NoRegexp(f"`{pattern}` is no I-Regexp: it cannot go on with `{pattern[start:]}`")
        parts.append(_in_re2(kind, token[0]))
        repeatable = kind in ("kept", "dot", "close", "plain")
        start = token.end()
    if depth:
        raise NoRegexp(f"`{pattern}` is no I-Regexp: {depth} `(` without its `)`")
    return _accepted("".join(parts), pattern)


def _in_re2(kind: str, text: str) -> str:
    if kind == "dot":
        return r"[^\n\r]"
    if kind == "open":
        return "(?:"
    return str(re2.escape(text)) if kind == "plain" else text


def _accepted(translated: str, pattern: str) -> str:
    try:
        re2.compile(translated)
    except re2.error as error:
        raise NoRegexp(f"`{pattern}` is more than the engine takes: {error}") from None
    return translated
