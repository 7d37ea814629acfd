"""What a `$ref` refers to, among the schemas of one folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from ccpolicy.documents.pointer import read_pointer

Schemas: TypeAlias = Mapping[str, Any]  # by file name: the kind's own and those it may refer to


def resolve(reference: str, home: str, schemas: Schemas) -> tuple[Any, str]:
    """The schema that a `$ref` names and the document it stands in. Raises LookupError when there is none."""
    file, _, fragment = reference.partition("#")
    place = file or home
    target: Any = schemas[place]
    if fragment and not fragment.startswith("/"):
        return _anchored(target, fragment), place
    for token in read_pointer(_unquoted(fragment)):
        target = target[int(token)] if isinstance(target, list) and token.isdigit() else target[token]
    return target, place


def _unquoted(fragment: str) -> str:
    if "%" not in fragment:
        return fragment
    pieces = fragment.encode().split(b"%")
    return (pieces[0] + b"".join(bytes([int(piece[:2], 16)]) + piece[2:] for piece in pieces[1:])).decode()


def _anchored(schema: Any, anchor: str) -> Any:
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if node.get("$anchor") == anchor:
                return node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    raise LookupError(anchor)
