"""Where a body does not fit its schema: one engine that is fast, and one that explains."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

import jsonschema_rs

from ccpolicy.documents.explain import BASE, explaining_engine, raws
from ccpolicy.documents.formats import FORMATS
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import Json
from ccpolicy.documents.wording import AT_MEMBER, AT_MISSING, Raw, shown, word


@dataclass(frozen=True, slots=True)
class Fault:
    """One place of a body that does not fit. `gaps` are the pointers (within the body) of which nothing is known because of it."""

    pointer: Pointer
    keyword: str
    message: str
    expected: Json = None
    actual: Json = None  # a scalar, never one that is sensitive or may be a card number
    gaps: tuple[Pointer, ...] = ()


Hidden: TypeAlias = Callable[[Pointer], bool]


_UNASSERTED = (
    "idn-email hostname idn-hostname ipv4 ipv6 uri-reference iri iri-reference uuid uri-template json-pointer relative-json-pointer regex"
)
_ASSERTED: Mapping[str, Callable[..., bool]] = {**FORMATS, **dict.fromkeys(_UNASSERTED.split(), lambda value: True)}


class Checker:
    """The compiled schema of one kind."""

    def __init__(self, schemas: Mapping[str, Any], home: str, hidden: Hidden) -> None:
        self.schemas = schemas
        self.home = home
        self.hidden = hidden

    @cached_property
    def fast(self) -> jsonschema_rs.Draft202012Validator:
        """The engine that accepts; its regular expressions run in linear time."""
        resources = [(BASE + file, schema) for file, schema in self.schemas.items()]
        return jsonschema_rs.Draft202012Validator(
            self.schemas[self.home],
            formats=dict(_ASSERTED),
            validate_formats=True,
            registry=jsonschema_rs.Registry(resources, draft=jsonschema_rs.Draft202012),
            base_uri=BASE + self.home,
            pattern_options=jsonschema_rs.RegexOptions(),
            offline=True,
        )

    @cached_property
    def slow(self) -> Any:
        """The engine that explains."""
        return explaining_engine(self.schemas, self.home)

    def faults(self, body: Json) -> tuple[Fault, ...]:
        """All faults of the body in order of their pointers; none if it fits."""
        if self._accepts(body):
            return ()
        found = [self._worded(raw) for raw in self._complaints(body)]
        told_apart = {(fault.pointer, fault.keyword, fault.message): fault for fault in found}
        return tuple(told_apart[key] for key in sorted(told_apart, key=lambda key: (_in_order(key[0]), key[1:])))

    def _accepts(self, body: Json) -> bool:
        try:
            return self.fast.is_valid(body)
        except ValueError:  # a body that this engine cannot take in, such as one nested too deep for it
            return False

    def _complaints(self, body: Json) -> list[Raw]:
        explained = list(self._explained(body))
        quick = list(self._quick(body))
        unevaluated = [raw for raw in quick if raw.keyword.startswith("unevaluated")]
        return explained + unevaluated or quick or [Raw((), "schema", None, body)]

    def _explained(self, body: Json) -> Iterator[Raw]:
        try:
            for error in self.slow.iter_errors(body):
                yield from raws(error)
        except RecursionError:
            return

    def _quick(self, body: Json) -> Iterator[Raw]:
        try:
            for error in self.fast.iter_errors(body):
                yield from _quick_raws(error, body)
        except ValueError:
            return

    def _worded(self, raw: Raw) -> Fault:
        hidden = self.hidden(raw.pointer)
        expected, sentence = word(raw)
        scalar = isinstance(raw.value, str | int | float | Decimal) and not hidden
        actual = shown(raw.value) if scalar and raw.keyword not in AT_MISSING else None
        return Fault(_place(raw), raw.keyword, sentence, expected, actual, _gaps(raw))


def _in_order(pointer: Pointer) -> list[tuple[bool, int, str]]:
    return [(True, 0, token) if isinstance(token, str) else (False, token, "") for token in pointer]


def _place(raw: Raw) -> Pointer:
    return (*raw.pointer, raw.detail) if raw.keyword in AT_MISSING | AT_MEMBER and isinstance(raw.detail, str) else raw.pointer


def _gaps(raw: Raw) -> tuple[Pointer, ...]:
    return () if raw.keyword in AT_MISSING else (_place(raw),)


def _quick_raws(error: Any, body: Json) -> Iterator[Raw]:
    pointer: Pointer = tuple(error.instance_path)
    path = [token for token in error.schema_path if isinstance(token, str)]
    name = type(error.kind).__name__.removeprefix("ValidationErrorKind_")
    keyword = path[-1] if path else name[:1].lower() + name[1:]
    if keyword == "unevaluatedProperties":
        yield from (Raw(pointer, keyword, False, None, key) for key in error.kind.unexpected)
        return
    detail = error.kind.property if keyword == "required" else None
    yield Raw(pointer, keyword, None, error.instance, detail)
