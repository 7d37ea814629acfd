"""The formats that schemas assert, and patterns, which run in linear time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Protocol

import re2

from ccpolicy.documents.moment import read_date, read_duration, read_instant

_TIME = re.compile(r"\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[^@\s<>\"]{1,255}\Z")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+\Z")


def _is_date(value: object) -> bool:
    return read_date(value) is not None


def _is_instant(value: object) -> bool:
    return read_instant(value) is not None


def _is_time(value: object) -> bool:
    return isinstance(value, str) and bool(_TIME.match(value)) and read_instant(f"2000-01-02T{value}") is not None


def _is_duration(value: object) -> bool:
    return read_duration(value) is not None


def _is_email(value: object) -> bool:
    return isinstance(value, str) and bool(_EMAIL.match(value))


def _is_uri(value: object) -> bool:
    return isinstance(value, str) and bool(_URI.match(value))


FORMATS: Mapping[str, Callable[[object], bool]] = {
    "date": _is_date,
    "date-time": _is_instant,
    "time": _is_time,
    "duration": _is_duration,
    "email": _is_email,
    "uri": _is_uri,
}

EXAMPLES: Mapping[str, str] = {
    "date": "2026-06-30",
    "date-time": "2026-06-30T09:15:00Z",
    "time": "09:15:00Z",
    "duration": "P90D",
    "email": "name@example.org",
    "uri": "https://example.org/",
}


class Pattern(Protocol):
    """A compiled regular expression of RE2."""

    def search(self, text: str) -> object | None:
        """What matches anywhere in the text."""

    def fullmatch(self, text: str) -> object | None:
        """What matches the whole text."""


class NoPattern(ValueError):
    """The text is no regular expression that runs in linear time."""


_OPTIONS = re2.Options()
_OPTIONS.log_errors = False


@lru_cache(maxsize=4096)
def compile_pattern(text: str) -> Pattern:
    """The pattern, compiled by RE2. Raises NoPattern."""
    try:
        compiled: Pattern = re2.compile(text, options=_OPTIONS)
    except (re2.error, UnicodeEncodeError) as error:
        raise NoPattern(_reason(error)) from None
    return compiled


def _reason(error: Exception) -> str:
    first = error.args[0] if error.args else ""
    return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
