"""Walking the IR: the predicates right below one, the same node with others in their place, and all that a node is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, assert_never

from ccpolicy.language.expr import AllOf, AnyOf, Counts, Every, EveryPath, IfThenElse, Leaf, Meets, NoneOf, Not, Predicate, Some, Test


def inner(node: Predicate) -> tuple[Predicate, ...]:
    """The predicates right below: children, branches, and what a quantifier says of its members."""
    match node:
        case Leaf():
            return _inner_of(node.test)
        case AllOf(children) | AnyOf(children):
            return children
        case Not(child):
            return (child,)
        case IfThenElse(condition, then, otherwise):
            return (condition, then) if otherwise is None else (condition, then, otherwise)
        case Meets():
            return (node.predicate,)
        case _:
            assert_never(node)


def _inner_of(test: Test) -> tuple[Predicate, ...]:
    match test:
        case Some(predicate) | Every(predicate) | NoneOf(predicate):
            return (predicate,)
        case Counts(where):
            return () if where is None else (where,)
        case EveryPath():
            return (test.to, test.first_passes) if test.undone_by is None else (test.to, test.first_passes, test.undone_by)
        case _:
            return ()


def rebuilt(node: Predicate, parts: Sequence[Predicate]) -> Predicate:
    """The same node over other predicates, as many as `inner` gives."""
    match node:
        case Leaf():
            return replace(node, test=_rebuilt_test(node.test, parts))
        case AllOf() | AnyOf():
            return replace(node, children=tuple(parts))
        case Not():
            return replace(node, child=parts[0])
        case IfThenElse():
            return replace(node, condition=parts[0], then=parts[1], otherwise=parts[2] if len(parts) > 2 else None)
        case Meets():
            return replace(node, predicate=parts[0])
        case _:
            assert_never(node)


def _rebuilt_test(test: Test, parts: Sequence[Predicate]) -> Test:
    match test:
        case Some() | Every() | NoneOf():
            return replace(test, predicate=parts[0])
        case Counts() if parts:
            return replace(test, where=parts[0])
        case EveryPath():
            return replace(test, to=parts[0], first_passes=parts[1], undone_by=parts[2] if len(parts) > 2 else None)
        case _:
            return test


def below(node: Predicate) -> Iterator[Predicate]:
    """The node and all predicates below it, from the outside in."""
    yield node
    for part in inner(node):
        yield from below(part)


def parts(node: Any, closed: type | tuple[type, ...] = ()) -> Iterator[Any]:
    """Everything that a node is made of, at every depth; what is closed is given, but not what is in it."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, tuple):
            waiting += found
        elif is_dataclass(found):
            yield found
            waiting += [] if isinstance(found, closed) else [getattr(found, field.name) for field in fields(found)]
