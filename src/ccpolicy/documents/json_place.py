"""Where the values of a JSON text stand: a walk along the wanted pointers that passes over everything else without reading it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from ccpolicy.documents.json_flaw import scan_text
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.text import BOM
from ccpolicy.documents.wanted import Tokens, Tree, plant, reached

_BLANK = re.compile(rb"[ \t\n\r]*+")
_BETWEEN = re.compile(rb"[ \t\n\r]*+[,:]?[ \t\n\r]*+")
_TO_BRACKET = re.compile(rb'[^"\[\]{}]*+(?:"(?:[^"\\]++|\\.)*+"[^"\[\]{}]*+)*+', re.DOTALL)
_SCALAR = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[^\[\]{},:"\s]++', re.DOTALL)
_MAP, _END_MAP, _END_LIST = b"{}]"


def json_offsets(data: bytes, pointers: Iterable[Pointer]) -> dict[Pointer, int]:
    """The byte offset of each pointer's key (of the value for a list item and the root), or of its nearest ancestor's.

    The data are good JSON that nests no deeper than the reader allows.
    """
    asked = list(pointers)
    found: dict[Tokens, int] = {}
    start = _end(_BLANK, data, len(BOM) if data.startswith(BOM) else 0)
    with suppress(IndexError, ValueError, RecursionError):  # the file has changed since it was read, and is no longer good JSON
        _walk(data, start, plant(asked), (), start, found)
    found.setdefault((), 0)
    return {pointer: reached(found, pointer) for pointer in asked}


def _walk(data: bytes, offset: int, tree: Tree, at: Tokens, place: int, found: dict[Tokens, int]) -> int:
    """Notes the place of the value at the offset, and of what is wanted below it; the offset behind the value."""
    found[at] = place
    if not tree or data[offset] not in b"[{":
        return _skip(data, offset)
    return (_walk_map if data[offset] == _MAP else _walk_list)(data, offset + 1, dict(tree), at, found)


def _walk_map(data: bytes, offset: int, tree: Tree, at: Tokens, found: dict[Tokens, int]) -> int:
    offset = _end(_BLANK, data, offset)
    while tree and data[offset] != _END_MAP:
        place = offset
        behind = _behind_scalar(data, offset)
        key = _key(data[offset:behind])
        offset = _end(_BETWEEN, data, behind)
        branch = tree.pop(key, None)
        offset = _skip(data, offset) if branch is None else _walk(data, offset, branch, (*at, key), place, found)
        offset = _end(_BETWEEN, data, offset)
    return _skip_rest(data, offset)


def _key(quoted: bytes) -> str:
    text = quoted.decode()
    return scan_text(text, 1)[0] if "\\" in text else text[1:-1]


def _walk_list(data: bytes, offset: int, tree: Tree, at: Tokens, found: dict[Tokens, int]) -> int:
    offset = _end(_BLANK, data, offset)
    position = 0
    while tree and data[offset] != _END_LIST:
        branch = tree.pop(str(position), None)
        offset = _skip(data, offset) if branch is None else _walk(data, offset, branch, (*at, str(position)), offset, found)
        offset = _end(_BETWEEN, data, offset)
        position += 1
    return _skip_rest(data, offset)


def _skip(data: bytes, offset: int) -> int:
    """The offset behind the value at the offset."""
    return _skip_rest(data, offset + 1) if data[offset] in b"[{" else _behind_scalar(data, offset)


def _behind_scalar(data: bytes, offset: int) -> int:
    found = _SCALAR.match(data, offset)
    if found is None:
        raise ValueError("no JSON")
    return found.end()


def _skip_rest(data: bytes, offset: int) -> int:
    """The offset behind the bracket that closes the list or map that the offset stands in."""
    depth = 1
    while depth:
        offset = _end(_TO_BRACKET, data, offset)
        depth += 1 if data[offset] in b"[{" else -1
        offset += 1
    return offset


def _end(pattern: re.Pattern[bytes], data: bytes, offset: int) -> int:
    found = pattern.match(data, offset)
    return found.end() if found else offset
