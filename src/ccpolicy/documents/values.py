"""Values as evidence holds them: JSON, and in it the places that nobody has seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from ccpolicy.documents.pointer import Pointer

Json: TypeAlias = Any  # dict | list | str | int | float | Decimal | bool | None; a number binary64 cannot hold as written is Decimal


@dataclass(frozen=True, slots=True)
class Gap:
    """Stands where a value exists, or may exist, that is not in evidence."""

    reason: str  # gap, invalid, stale, unresolved


class OpenList(list[Json]):
    """A list that may have further members."""

    reason: str = "gap"


class OpenMap(dict[str, Json]):
    """A map that may have further keys."""

    reason: str = "gap"


def exact(value: object) -> int | Fraction | None:
    """A number exactly as it was written, or None for what is no number (`true` is not 1)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return Fraction(repr(value))
    return Fraction(value) if isinstance(value, Decimal | Fraction) else None


def with_gaps(value: Json, gaps: Iterable[tuple[Pointer, str]]) -> Json:
    """A copy of the value in which each pointer is a gap (RFC 6901 tokens; list positions may be text).

    An absent ancestor of a gap is a gap; `/-`, or a position past the end, opens its list or map. The input is left as it was.
    """
    tree: dict[str, Any] = {}
    for pointer, reason in gaps:
        _plant(tree, [str(token) for token in pointer], reason)
    return _carve(value, tree)


_HERE = ""  # the key of a reason inside the tree: a branch maps tokens prefixed with "/" to branches


def _plant(tree: dict[str, Any], tokens: list[str], reason: str) -> None:
    for token in tokens:
        tree = tree.setdefault("/" + token, {})
    tree.setdefault(_HERE, reason)


def _first_reason(tree: Mapping[str, Any]) -> str:
    while _HERE not in tree:
        tree = next(iter(tree.values()))
    return str(tree[_HERE])


def _carve(value: Json, tree: Mapping[str, Any]) -> Json:
    if _HERE in tree:
        return Gap(tree[_HERE])
    if not tree:
        return value
    if isinstance(value, Gap):
        return value
    if isinstance(value, dict):
        return _carve_map(value, tree)
    if isinstance(value, list):
        return _carve_list(value, tree)
    return value if value is not None else Gap(_first_reason(tree))


def _carve_map(value: dict[str, Json], tree: Mapping[str, Any]) -> Json:
    carved = OpenMap(value) if isinstance(value, OpenMap) or "/-" in tree else dict(value)
    for key, branch in tree.items():
        token = key[1:]
        if key == "/-" and isinstance(carved, OpenMap):
            carved.reason = _first_reason(branch)
        if key != "/-" or token in value:
            carved[token] = _carve(value[token], branch) if token in value else Gap(_first_reason(branch))
    return carved


def _carve_list(value: list[Json], tree: Mapping[str, Any]) -> Json:
    past = [branch for key, branch in tree.items() if not _is_position(key[1:], len(value))]
    carved: list[Json] = OpenList(value) if past or isinstance(value, OpenList) else list(value)
    if past and isinstance(carved, OpenList):
        carved.reason = _first_reason(past[0])
    for key, branch in tree.items():
        if _is_position(key[1:], len(value)):
            carved[int(key[1:])] = _carve(value[int(key[1:])], branch)
    return carved


def _is_position(token: str, length: int) -> bool:
    return len(token) < 12 and token.isascii() and token.isdigit() and (token == "0" or token[0] != "0") and int(token) < length


def open_lists(value: Json, reason: str) -> Json:
    """A copy of the value in which every list, at any depth, may have further members."""
    if isinstance(value, dict):
        opened = {key: open_lists(member, reason) for key, member in value.items()}
        return OpenMap(opened) if isinstance(value, OpenMap) else opened
    if isinstance(value, list):
        carved = OpenList(open_lists(member, reason) for member in value)
        carved.reason = reason
        return carved
    return value
