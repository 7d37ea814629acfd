"""The pointers whose places are wanted, as a tree to walk along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias, TypeVar

from ccpolicy.documents.pointer import Pointer

Tokens: TypeAlias = "tuple[str, ...]"
Tree: TypeAlias = "dict[str, Tree]"
T = TypeVar("T")


def plant(pointers: Iterable[Pointer]) -> Tree:
    """The tree of the pointers; positions are branches by their digits."""
    root: Tree = {}
    for pointer in pointers:
        branch = root
        for token in pointer:
            branch = branch.setdefault(str(token), {})
    return root


def reached(found: Mapping[Tokens, T], pointer: Pointer) -> T:
    """What was found at the pointer, or at its nearest ancestor; the root is always among the found."""
    tokens = tuple(str(token) for token in pointer)
    while tokens not in found:
        tokens = tokens[:-1]
    return found[tokens]
