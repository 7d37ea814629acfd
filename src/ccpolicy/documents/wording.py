"""Complaints about values in our own sentences, which show no value of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ccpolicy.documents.formats import EXAMPLES
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import Gap, Json

REDACTED = "<redacted>"
AT_MISSING = frozenset({"required", "dependentRequired"})
AT_MEMBER = frozenset({"additionalProperties", "unevaluatedProperties"})
ABOUT_A_KEY = AT_MISSING | AT_MEMBER | {"propertyNames"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A complaint of either engine, before it is worded."""

    pointer: Pointer
    keyword: str
    argument: Json
    value: Json
    detail: Any = None  # the property for required and the like; the best-matching complaint within, for combinations


def safe_key(key: str | int) -> str:
    """A key as it may be shown: never one that could be a card number or is too long to read."""
    text = str(key)
    return REDACTED if len(text) > 100 or may_be_card(text) else text


_DIGITS = re.compile(r"(?:\d[ -]?){12}\d", re.ASCII)


def may_be_card(text: str) -> bool:
    """Whether thirteen digits stand together in the text, with single spaces or hyphens between them at most."""
    return _DIGITS.search(text) is not None


def shown(value: Json) -> Json:
    """A scalar as it may be shown, or None: what may be a card number is not shown."""
    return None if may_be_card(str(value)) else value


def word(raw: Raw) -> tuple[Json, str]:
    """What was expected, as a value, and a sentence about it that shows no value of the document."""
    expected, sentence = _sentence(raw)
    return expected, f"{_where(raw.pointer) or 'the document'} {sentence}"


def _where(pointer: Pointer) -> str:
    """The last name of the pointer with the list positions behind it."""
    names = [place for place, token in enumerate(pointer) if isinstance(token, str)]
    start = names[-1] if names else 0
    text = "".join(safe_key(token) if isinstance(token, str) else f"[{token}]" for token in pointer[start:])
    return f"`{text}`" if text else ""


def _sentence(raw: Raw) -> tuple[Json, str]:
    argument = raw.argument
    match raw.keyword:
        case "type":
            names = [argument] if isinstance(argument, str) else argument or ["object"]
            return argument, f"is {_noun(raw.value)}, not {' or '.join(_NOUNS.get(name, name) for name in names)}"
        case "enum":
            return argument, f"is not one of {_listed(argument)}"
        case "const":
            return argument, f"is not {_literal(argument)}"
        case "format":
            return argument, f"is no {argument}{_such_as(argument)}"
        case "pattern":
            return argument, f"does not match `{argument}`"
        case "required" | "dependentRequired" as word:
            return "present", f"has no `{safe_key(raw.detail)}`, which {_REQUIRING[word]} requires"
        case "additionalProperties" | "unevaluatedProperties":
            return None, f"has a property `{safe_key(raw.detail)}` that the schema does not know"
        case "anyOf" | "oneOf" | "not" | "if" | "dependentSchemas":
            return None, _combination(raw)
        case word if word in _BOUNDS:
            return argument, f"{_BOUNDS[word]} {argument}" if argument is not None else "is out of the schema's bounds"
        case word:
            return None, _FIXED.get(word, "does not fit its schema")


def _combination(raw: Raw) -> str:
    if raw.keyword == "not":
        return "is what the schema rules out"
    if raw.keyword in ("if", "dependentSchemas"):
        return f"does not fit what its other values call for: {_nearest(raw)}"
    if isinstance(raw.detail, Raw):
        return f"fits none of the alternatives; nearest: {_nearest(raw)}"
    return "fits none of the alternatives" + (", or more than one, where only one may hold" if raw.keyword == "oneOf" else "")


def _nearest(raw: Raw) -> str:
    if not isinstance(raw.detail, Raw):
        return "it does not fit"
    within = raw.detail.pointer[len(raw.pointer) :]
    return f"{_where(within) or 'it'} {_sentence(raw.detail)[1]}"


_REQUIRING = {"required": "the schema", "dependentRequired": "another of its properties"}
_NOUNS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
    "object": "a map",
    "array": "a list",
}


def _noun(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float() | Decimal():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a map"
        case Gap():
            return "not in evidence"
        case _:
            return "something else"


_BOUNDS = {
    "minimum": "is less than",
    "maximum": "is more than",
    "exclusiveMinimum": "is not more than",
    "exclusiveMaximum": "is not less than",
    "multipleOf": "is no multiple of",
    "minLength": "is shorter than",
    "maxLength": "is longer than",
    "minItems": "has fewer members than",
    "maxItems": "has more members than",
    "minProperties": "has fewer properties than",
    "maxProperties": "has more properties than",
}
_FIXED = {
    "uniqueItems": "has a member twice",
    "contains": "has no member of the kind that the schema asks for, or too many or too few",
    "items": "has more members than the schema allows",
    "unevaluatedItems": "has members that the schema does not know",
    "propertyNames": "has a property whose name the schema does not allow",
    "false": "may not stand here",
}


def _such_as(name: Json) -> str:
    return f" such as `{EXAMPLES[name]}`" if name in EXAMPLES else ""


def _literal(value: Json) -> str:
    match value:
        case None | True | False:
            return {None: "null", True: "`true`", False: "`false`"}[value]
        case dict() | list():
            return _noun(value)
        case _:
            return f"`{value}`"


def _listed(values: Sequence[Json]) -> str:
    words = [_literal(value) for value in list(values)[:12]]
    return ", ".join(words) + (" ..." if len(values) > 12 else "")
