"""What has to be there whole before a rule can pass, or fail: kinds that are claimed complete, and lists without a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from ccpolicy.backends.english import Names, code, entries_said, noun, place_said, plural
from ccpolicy.documents.path import HERE, WILD, Path
from ccpolicy.language.derived import Aggregate, DaysBetween, Formula, Join, Ratio, SampleSize, Share, WilsonLower
from ccpolicy.language.expr import (
    AllOf,
    AnyOf,
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
    FromPath,
    IfThenElse,
    Leaf,
    Matches,
    Meets,
    NoneOf,
    Not,
    OneOf,
    Predicate,
    Present,
    Some,
    Test,
    Texts,
    UniqueBy,
    Window,
)
from ccpolicy.rulebook.rule import Rule

Truth: TypeAlias = Literal["T", "F"]
BOTH: tuple[Truth, ...] = ("T", "F")
TODAY = "for the date of assessment"
WHOLE = "without a gap"


@dataclass(frozen=True, slots=True)
class Need:
    """Something that has to be complete: documents of a kind (claimed, for certain days), or a list in a document (no kind)."""

    kind: str
    what: str
    days: str
    to_pass: bool
    to_fail: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A collection that has to be closed for a truth; `dated` when its events have to be known back to the anchor."""

    path: Path
    dated: bool = False


def needs_of(rule: Rule, names: Names) -> tuple[Need, ...]:
    """What a pass and a fail of the rule lean on, the population first. What only an alternative leans on is among it."""
    found: dict[tuple[str, str, str], set[Truth]] = {key: {"T"} for key in _population(rule, names)}
    for truth in BOTH:
        for asked in dict.fromkeys(_asked(rule.require, truth, rule)):
            found.setdefault(_key(asked, rule, names), set()).add(truth)
    if rule.when is not None:
        for asked in dict.fromkeys(_asked(rule.when, "T", rule)):
            found.setdefault(_key(asked, rule, names), set()).add("F")
    return tuple(Need(*key, "T" in truths, "F" in truths) for key, truths in found.items())


def _population(rule: Rule, names: Names) -> Iterator[tuple[str, str, str]]:
    foci = rule.foci
    start = foci.kind if foci.reached_from is None else foci.reached_from.kind
    yield start, plural(noun(start, names)), TODAY
    if foci.reached_from is not None and foci.reached_from.start_links is not None:
        one = noun(foci.kind, names)
        yield "", f"{code(foci.reached_from.start_links)}, all along the chain, and each {one} it names", WHOLE
    if foci.each is not None:
        above = foci.each.steps[:-1] if foci.each.steps[-1:] == (WILD,) else foci.each.steps
        yield "", code(Path(HERE, above)), WHOLE


def _key(asked: _Asked, rule: Rule, names: Names) -> tuple[str, str, str]:
    join = rule.joins.get(asked.path.root)
    if join is None:
        where = entries_said(asked.path, names) if WILD in asked.path.steps else place_said(asked.path, names)
        return "", where, WHOLE
    return join.kind, plural(noun(join.kind, names)), _days(join, asked.dated, names)


def _days(join: Join, dated: bool, names: Names) -> str:
    if join.during is not None:
        return f"for each {names.period}"
    return "from the last event before the time looked back on, to the date of assessment" if dated else TODAY


# ---- which collections have to be closed for a truth ---------------------------------------------------------------------------


def _asked(node: Predicate, truth: Truth, rule: Rule) -> Iterator[_Asked]:
    match node:
        case Leaf(path, _, test):
            yield from _of_test(test, path, truth, rule)
            yield from _of_measure(path, rule)
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _asked(child, truth, rule)
        case Not(child):
            yield from _asked(child, _other(truth), rule)
        case IfThenElse(condition, then, otherwise):
            yield from _either_way(condition, rule)
            for branch in (then, otherwise):
                if branch is not None:
                    yield from _asked(branch, truth, rule)
        case Meets(_, child):
            yield from _asked(child, truth, rule)
        case _:
            assert_never(node)


def _either_way(node: Predicate | None, rule: Rule) -> Iterator[_Asked]:
    """What has to be closed for one truth or the other."""
    if node is not None:
        for truth in BOTH:
            yield from _asked(node, truth, rule)


def _other(truth: Truth) -> Truth:
    return "F" if truth == "T" else "T"


def _of_test(test: Test, path: Path, truth: Truth, rule: Rule) -> Iterator[_Asked]:
    match test:
        case Equals(operand) | Compares(_, operand) | Texts(_, operand):
            yield from _of_operands([operand], rule)
        case Between(low, high):
            yield from _of_operands([low, high], rule)
        case DoneWithin(start):
            yield from _of_operands([start], rule)
        case Window() | Matches() | FreeOf() | Present():
            return
        case OneOf(values, _, negated):
            yield from _whole(values, (truth == "T") == negated)
        case Some(inner):
            yield from _entered(inner, path, truth, "F", truth, rule)
        case Every(inner):
            yield from _entered(inner, path, truth, "T", truth, rule)
        case NoneOf(inner):
            yield from _entered(inner, path, truth, "T", _other(truth), rule)
        case Counts():
            yield from _of_counts(test, path, truth, rule)
        case Contains(operand):
            yield from [_Asked(path)] if truth == "F" else []
            yield from _of_operands([operand], rule)
        case Compared(word, values):
            yield from [_Asked(path)] if truth == ("F" if word == "contains_all" else "T") else []
            yield from _whole(values, truth == ("F" if word == "subset_of" else "T"))
        case UniqueBy():
            yield from [_Asked(path)] if truth == "T" else []
        case Cadence():
            yield from [_Asked(path, dated=True)] if truth == "F" else []
        case EveryPath():
            yield from [_Asked(path)] if truth == "T" else []
            for part in (test.to, test.first_passes, test.undone_by):
                yield from _either_way(part, rule)
        case _:
            assert_never(test)


def _entered(inner: Predicate, path: Path, truth: Truth, closed_for: Truth, below: Truth, rule: Rule) -> Iterator[_Asked]:
    if truth == closed_for:
        yield _Asked(path)
    yield from _asked(inner, below, rule)


def _of_counts(test: Counts, path: Path, truth: Truth, rule: Rule) -> Iterator[_Asked]:
    bounds: tuple[tuple[object, Truth], ...] = ((test.at_least, "F"), (test.at_most, "T"))
    for bound, closed_for in bounds:
        if bound is None:
            continue
        if truth == closed_for:
            yield _Asked(path)
        if test.where is not None:
            yield from _asked(test.where, "F" if truth == closed_for else "T", rule)
    yield from _of_operands([test.at_least, test.at_most], rule)


def _of_operands(operands: Iterable[object], rule: Rule) -> Iterator[_Asked]:
    """What the measures among the operands are taken over."""
    for operand in operands:
        if isinstance(operand, FromPath):
            yield from _of_measure(operand.path, rule)


def _whole(values: object, needed: bool) -> Iterator[_Asked]:
    """A list that is compared with."""
    if isinstance(values, FromPath) and needed:
        yield _Asked(values.path)


def _of_measure(path: Path, rule: Rule) -> Iterator[_Asked]:
    measure = rule.measures.get(path.root)
    if measure is not None:
        yield from _of_formula(measure.formula, rule)


def _of_formula(formula: Formula, rule: Rule) -> Iterator[_Asked]:
    match formula:
        case Aggregate() | Share() | Ratio():
            yield _Asked(formula.over.of)
            yield from _either_way(formula.over.where, rule)
        case WilsonLower(successes, n):
            yield from _of_measure(successes, rule)
            yield from _of_measure(n, rule)
        case SampleSize(_, _, population):
            yield from _of_measure(population, rule)
        case DaysBetween(start, end):
            yield from _of_measure(start, rule)
            yield from _of_measure(end, rule)
        case _:
            assert_never(formula)
