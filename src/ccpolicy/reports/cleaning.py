"""What may be printed: card numbers are taken out of every value, and characters that steer a terminal are written as escapes."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from ccpolicy.assessment.hiding import without_pans
from ccpolicy.backends.phrases import REDACTED
from ccpolicy.documents.detectors import redact_pans

Value = TypeVar("Value")

WHOLE = frozenset({"sha256", "fingerprint", "commit"})  # hexadecimal: digits in them are no card numbers
_LONE = re.compile("[\ud800-\udfff]")
_BEYOND_ASCII = "\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
_STEERING = re.compile(f"[\x00-\x1f{_BEYOND_ASCII}]")
_STEERING_JSON = re.compile(f"[{_BEYOND_ASCII}]")  # JSON escapes the others itself
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FORMULA = re.compile(r"(^|;)(?=\s*[=+\-@\uff0b\uff0d\uff1d\uff20])")  # a spreadsheet may take `;` for the end of a cell
_CI_COMMAND = re.compile(r"#(?=#[A-Za-z]*\[)")  # ##[...], ##vso[...] and the like act wherever they stand in a CI log


def clean(value: Value) -> Value:
    """The same value (a scalar, a sequence, a map or a frozen dataclass of them) without card numbers and unpaired surrogates."""
    return _clean(value)  # type: ignore[no-any-return]


def _clean(value: Any) -> Any:
    match value:
        case str():
            cleaned = _clean_text(value)
            return value if cleaned == value else cleaned  # the same object, so that nothing is copied
        case bool() | None:
            return value
        case float():
            return value if redact_pans(repr(value)) == repr(value) else REDACTED
        case int():
            return value if abs(value) < 10**12 else without_pans(value)
        case tuple():
            items = tuple(_clean(item) for item in value)
            return value if all(new is old for new, old in zip(items, value, strict=True)) else items
        case list():
            return [_clean(item) for item in value]
        case dict():
            return {_clean(key): _clean(item) for key, item in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _cleaned(value)
        case _:
            return value


@lru_cache(maxsize=8192)  # reports repeat themselves
def _clean_text(text: str) -> str:
    return redact_pans(_LONE.sub(_escape, text))


def _cleaned(value: Any) -> Any:
    old = {field.name: getattr(value, field.name) for field in fields(value) if field.name not in WHOLE}
    new = {name: _clean(item) for name, item in old.items()}
    changed = {name: item for name, item in new.items() if item is not old[name]}
    return replace(value, **changed) if changed else value


def visible(text: str) -> str:
    """The text with every control, bidirectional or invisible character written as an escape: a terminal obeys none of it."""
    return _CI_COMMAND.sub(r"\\x23", _STEERING.sub(_escape, text))


def visible_json(text: str) -> str:
    """JSON text in which such characters are JSON escapes; its own newlines stay."""
    return _STEERING_JSON.sub(lambda found: _json_escape(found[0]), text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def harmless(cell: str) -> str:
    """The cell of a table as text that no spreadsheet computes: what one would take for a formula starts with an apostrophe."""
    shown = visible(cell)
    return shown if _NUMBER.fullmatch(shown) else _FORMULA.sub(r"\1'", shown)
