"""Mutants of a predicate: conditions left out, words swapped, and those of every leaf below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from ccpolicy.analysis.mutants_of_tests import turned_leaf
from ccpolicy.analysis.mutants_of_values import without_one
from ccpolicy.analysis.unfolding import ALWAYS, condition_place
from ccpolicy.language.expr import AllOf, AnyOf, IfThenElse, Leaf, Meets, Not, Predicate
from ccpolicy.language.walk import inner, rebuilt


@dataclass(frozen=True, slots=True)
class Change:
    """A predicate in the place of another: where, what was done in the words of the rule, and in a sentence."""

    place: str
    what: str
    sentence: str
    predicate: Predicate


Changes: TypeAlias = Iterator[Change]


def changes(node: Predicate) -> Changes:
    """The mutants of a predicate, from the outside in. That it is left out as a whole is not among them."""
    match node:
        case Leaf():
            yield from _of_leaf(node)
        case AllOf():
            yield from _of_several(node, AnyOf(node.children, node.place), "all_of->any_of", "one of its conditions is enough")
        case AnyOf():
            yield from _of_several(node, AllOf(node.children, node.place), "any_of->all_of", "all of its alternatives have to hold")
        case Not(child):
            yield Change(node.place, "without not", "what must not hold has to hold", child)
        case IfThenElse():
            yield from _of_branches(node)
        case Meets():
            pass
    parts = inner(node)
    for number, part in enumerate(parts):
        for change in changes(part):
            whole = rebuilt(node, (*parts[:number], change.predicate, *parts[number + 1 :]))
            yield replace(change, predicate=whole)


def _of_leaf(leaf: Leaf) -> Changes:
    for what, other in turned_leaf(leaf):
        yield Change(condition_place(leaf), what, f"on `{leaf.path}`, {told(what)}", other)


def told(what: str) -> str:
    """`at_least 12->13` as a clause: `at_least 12` becomes `at_least 13`."""
    old, arrow, new = what.rpartition("->")
    if arrow:
        head = old.rpartition(" ")[0]
        return f"`{old}` becomes `{head} {new}`" if head else f"`{old}` becomes `{new}`"
    word, _, part = what.partition(" without ")
    return f"`{word}` loses `{part}`"


def _of_several(node: AllOf | AnyOf, swapped: Predicate, what: str, sentence: str) -> Changes:
    if len(node.children) < 2:
        return
    yield Change(node.place, what, sentence, swapped)
    for gone, rest in without_one(node.children):
        place, word = _named(gone)
        noun = "condition" if isinstance(node, AllOf) else "alternative"
        yield Change(place, word, f"the {noun} {_spoken(gone)} is left out", replace(node, children=rest))


def _named(node: Predicate) -> tuple[str, str]:
    """Where a predicate that is left out stands, and how that is written."""
    return (condition_place(node), f"without {node.word}") if isinstance(node, Leaf) else (node.place, "left out")


def _spoken(node: Predicate) -> str:
    match node:
        case Leaf():
            return f"`{node.word}` on `{node.path}`"
        case AllOf() | AnyOf():
            return f"made of {len(node.children)} others"
        case Not():
            return "that something does not hold"
        case IfThenElse():
            return "that begins with `if`"
        case Meets():
            return f"`meets: {node.name}`"


def _of_branches(node: IfThenElse) -> Changes:
    place = node.place
    yield Change(place, "without if", "what stands under `then` has to hold always", node.then)
    if node.otherwise is None:
        yield Change(
            place, "then->else", "what stands under `then` has to hold where `if` does not", replace(node, then=ALWAYS, otherwise=node.then)
        )
        return
    yield Change(place, "then<->else", "`then` and `else` change places", replace(node, then=node.otherwise, otherwise=node.then))
    yield Change(place, "without then", "`then` asks for nothing", replace(node, then=ALWAYS))
    yield Change(place, "without else", "`else` is left out", replace(node, otherwise=None))
