"""Mutants of one leaf: its test moved, turned round, or with a part left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from ccpolicy.analysis.mutants_of_values import moved_length, moved_operand, shorter_values, without_one
from ccpolicy.language.expr import (
    Between,
    Cadence,
    Compared,
    Compares,
    Contains,
    Counts,
    DoneWithin,
    Equals,
    Every,
    EveryPath,
    FreeOf,
    Leaf,
    NoneOf,
    OneOf,
    Operand,
    Predicate,
    Present,
    Some,
    Test,
    Texts,
    UniqueBy,
    Window,
)

_TURNED: dict[str, tuple[str, ...]] = {
    "at_least": ("more_than", "at_most"),
    "more_than": ("at_least", "less_than"),
    "at_most": ("less_than", "at_least"),
    "less_than": ("at_most", "more_than"),
    "before": ("on_or_before", "after"),
    "on_or_before": ("before", "on_or_after"),
    "after": ("on_or_after", "before"),
    "on_or_after": ("after", "on_or_before"),
    "starts_with": ("ends_with",),
    "ends_with": ("starts_with",),
    "contains_text": ("starts_with",),
    "contains_all": ("at_most_one_of",),
    "at_most_one_of": ("contains_all",),
    "subset_of": ("disjoint_from",),
    "disjoint_from": ("subset_of",),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """A test in the place of another: what was done, in the words of the rule, and the operator it is called by now."""

    what: str
    word: str
    test: Test


Turns: TypeAlias = Iterator[Turn]


def turned_leaf(leaf: Leaf) -> Iterator[tuple[str, Leaf]]:
    """The leaf with each of its tests' mutants; those of the predicates below it are not among them."""
    for turn in _turns(leaf.word, leaf.test):
        yield turn.what, replace(leaf, word=turn.word, test=turn.test)


def _turns(word: str, test: Test) -> Turns:
    match test:
        case Equals():
            yield _negation(word, replace(test, negated=not test.negated), ("is", "is_not"))
            yield from (Turn(f"{word} {what}", word, replace(test, operand=near)) for what, near in moved_operand(test.operand))
        case OneOf():
            yield _negation(word, replace(test, negated=not test.negated), ("in", "not_in"))
            yield from (Turn(f"{word} without {gone}", word, replace(test, values=rest)) for gone, rest in shorter_values(test.values))
        case Compares() | Contains():
            yield from _compared(word, test)
        case Between():
            yield from (Turn(f"between low {what}", word, replace(test, low=near)) for what, near in moved_operand(test.low))
            yield from (Turn(f"between high {what}", word, replace(test, high=near)) for what, near in moved_operand(test.high))
        case Window():
            yield from _windows(test)
        case DoneWithin():
            yield from _deadlines(test)
        case Texts():
            yield from (Turn(f"{word}->{other}", other, replace(test, word=other)) for other in _TURNED[word])  # type: ignore[arg-type]
        case FreeOf():
            yield from (Turn(f"free_of without {gone}", word, FreeOf(rest)) for gone, rest in without_one(test.detectors))
        case Present(wanted):
            yield Turn(f"present {_said(wanted)}->{_said(not wanted)}", word, Present(not wanted))
        case _:
            yield from _about_members(word, test)


def _said(truth: bool) -> str:
    return "true" if truth else "false"


def _negation(word: str, test: Test, words: tuple[str, str]) -> Turn:
    other = words[1] if word == words[0] else words[0]
    return Turn(f"{word}->{other}", other, test)


def _compared(word: str, test: Compares | Contains) -> Turns:
    yield from (Turn(f"{word} {what}", word, replace(test, operand=near)) for what, near in moved_operand(test.operand))
    if isinstance(test, Compares):
        for other in _TURNED[word]:
            yield Turn(f"{word}->{other}", other, replace(test, order=other))  # type: ignore[arg-type]


def _windows(test: Window) -> Turns:
    for what, near in moved_length(test.length):
        yield Turn(f"{test.word} {what}", test.word, replace(test, length=near))
    other = "within_next" if test.word == "within_last" else "within_last"
    yield Turn(f"{test.word}->{other}", other, replace(test, word=other))  # type: ignore[arg-type]


def _deadlines(test: DoneWithin) -> Turns:
    if isinstance(test.amount, int):
        for near in (test.amount - 1, test.amount + 1):
            if near >= 0:
                yield Turn(f"done_within {test.unit} {test.amount}->{near}", "done_within", replace(test, amount=near))
    for what, start in moved_operand(test.start):
        yield Turn(f"done_within of {what}", "done_within", replace(test, start=start))


# ---- members -------------------------------------------------------------------------------------------------------------------


def _about_members(word: str, test: Test) -> Turns:
    match test:
        case Some(predicate) | Every(predicate) | NoneOf(predicate):
            forms: dict[str, Test] = {"some": Some(predicate), "every": Every(predicate), "none": NoneOf(predicate)}
            yield from (Turn(f"{word}->{other}", other, form) for other, form in forms.items() if other != word)
            if isinstance(test, Every):
                yield Turn(
                    f"every allow_empty {_said(test.allow_empty)}->{_said(not test.allow_empty)}",
                    word,
                    replace(test, allow_empty=not test.allow_empty),
                )
        case Counts():
            yield from _counts(test)
        case Compared():
            yield from (Turn(f"{word}->{other}", other, replace(test, word=other)) for other in _TURNED[word])  # type: ignore[arg-type]
            yield from (Turn(f"{word} without {gone}", word, replace(test, values=rest)) for gone, rest in shorter_values(test.values))
        case UniqueBy():
            yield from _unique_by(test)
        case Cadence():
            yield from _cadences(test)
        case EveryPath():
            yield from _every_path(test)
        case _:
            return


def _counts(test: Counts) -> Turns:
    bounds: dict[str, Operand | None] = {"at_least": test.at_least, "at_most": test.at_most}
    stated = {name: bound for name, bound in bounds.items() if bound is not None}
    for name, bound in stated.items():
        for what, near in moved_operand(bound):
            if not what.partition("->")[2].startswith("-"):
                yield Turn(f"count {name} {what}", "count", _bounded(test.where, {**bounds, name: near}))
        if len(stated) > 1:
            yield Turn(f"count without {name}", "count", _bounded(test.where, {**bounds, name: None}))
    if len(stated) == 1:
        name = next(iter(stated))
        other = "at_most" if name == "at_least" else "at_least"
        yield Turn(f"count {name}->{other}", "count", Counts(test.where, bounds["at_most"], bounds["at_least"]))
    if test.where is not None:
        yield Turn("count without where", "count", replace(test, where=None))


def _bounded(where: Predicate | None, bounds: Mapping[str, Operand | None]) -> Counts:
    return Counts(where, bounds["at_least"], bounds["at_most"])


def _unique_by(test: UniqueBy) -> Turns:
    pairs = tuple(zip(test.paths, test.sorts, strict=True))
    for (path, _), rest in without_one(pairs):
        paths, sorts = zip(*rest, strict=True)
        yield Turn(f"unique_by without {path}", "unique_by", UniqueBy(paths, sorts))


def _cadences(test: Cadence) -> Turns:
    yield from (Turn(f"cadence every {what}", "cadence", replace(test, every=near)) for what, near in moved_length(test.every))
    yield from (Turn(f"cadence over_last {what}", "cadence", replace(test, over_last=near)) for what, near in moved_length(test.over_last))
    if test.tolerance is not None:
        for what, near in moved_length(test.tolerance):
            yield Turn(f"cadence tolerance {what}", "cadence", replace(test, tolerance=near))
        yield Turn("cadence without tolerance", "cadence", replace(test, tolerance=None))


def _every_path(test: EveryPath) -> Turns:
    for number, edge in enumerate(test.next):
        rest = test.next[:number], test.next[number + 1 :]
        if len(test.next) > 1:
            yield Turn(f"every_path without next {edge.source}", "every_path", replace(test, next=rest[0] + rest[1]))
        other = replace(edge, takes_effect=not edge.takes_effect)
        what = f"every_path next {edge.source} takes_effect {_said(edge.takes_effect)}->{_said(not edge.takes_effect)}"
        yield Turn(what, "every_path", replace(test, next=(*rest[0], other, *rest[1])))
    for starts in ("done", "not_done", "unknown"):
        if starts != test.starts:
            yield Turn(f"every_path starts {test.starts}->{starts}", "every_path", replace(test, starts=starts))
    if test.undone_by is not None:
        yield Turn("every_path without undone_by", "every_path", replace(test, undone_by=None))
