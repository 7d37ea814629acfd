"""Whether values of a place are never to be shown: every branch of the schema is asked, also those that may not apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ccpolicy.documents.formats import compile_pattern
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.reference import Schemas, resolve


def is_sensitive(schemas: Schemas, home: str, within: Pointer) -> bool:
    """Whether the value at the pointer, or an ancestor of it, is marked sensitive in any branch of the schema."""
    nodes = _branches([(schemas[home], home)], schemas)
    for token in within:
        if any(schema.get("sensitive") is True for schema, _ in nodes):
            return True
        nodes = _branches([(below, place) for schema, place in nodes for below in _below(schema, token)], schemas)
    return any(schema.get("sensitive") is True for schema, _ in nodes)


_APPLIES = ("allOf", "anyOf", "oneOf")
_APPLIES_ONE = ("if", "then", "else", "not")


def _branches(start: Iterable[tuple[Any, str]], schemas: Schemas) -> list[tuple[Mapping[str, Any], str]]:
    waiting = list(start)
    found: dict[int, tuple[Mapping[str, Any], str]] = {}
    while waiting:
        schema, home = waiting.pop()
        if not isinstance(schema, Mapping) or id(schema) in found:
            continue
        found[id(schema)] = (schema, home)
        if "$ref" in schema:
            waiting.append(resolve(schema["$ref"], home, schemas))
        waiting += [(part, home) for word in _APPLIES for part in schema.get(word, ())]
        waiting += [(schema[word], home) for word in _APPLIES_ONE if word in schema]
        waiting += [(part, home) for part in schema.get("dependentSchemas", {}).values()]
    return list(found.values())


def _below(schema: Mapping[str, Any], token: str | int) -> Iterator[Any]:
    key = str(token)
    listed = key in schema.get("properties", {})
    if listed:
        yield schema["properties"][key]
    for pattern, below in schema.get("patternProperties", {}).items():
        if compile_pattern(pattern).search(key):
            listed = True
            yield below
    if not listed:
        yield schema.get("additionalProperties")
        yield schema.get("unevaluatedProperties")
    if key == "-" or key.isdigit():
        first = schema.get("prefixItems", ())
        if key.isdigit() and int(key) < len(first):
            yield first[int(key)]
        yield schema.get("items")
        yield schema.get("contains")
        yield schema.get("unevaluatedItems")
