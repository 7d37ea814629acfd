"""A rule with its definitions written out, so that every node is one of its own and has a place of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ccpolicy.language.derived import Aggregate, Formula, Join, Measure, Over, Ratio, Share
from ccpolicy.language.expr import AllOf, Leaf, Meets, Predicate
from ccpolicy.language.walk import inner, rebuilt
from ccpolicy.rulebook.rule import Rule


def unfolded(rule: Rule) -> Rule:
    """The same rule: what it meets by name stands where it is met, each time anew, its places below that one."""
    return replace(
        rule,
        joins={name: _join(join) for name, join in rule.joins.items()},
        measures={name: _measure(measure) for name, measure in rule.measures.items()},
        when=None if rule.when is None else _placed(rule.when, ""),
        require=_placed(rule.require, ""),
    )


def _placed(node: Predicate, above: str) -> Predicate:
    below = f"{above}{node.place}/" if isinstance(node, Meets) else above
    parts = [_placed(part, below) for part in inner(node)]
    return replace(rebuilt(node, parts), place=above + node.place)


def _join(join: Join) -> Join:
    return join if join.where is None else replace(join, where=_placed(join.where, ""))


def _measure(measure: Measure) -> Measure:
    over = over_of(measure.formula)
    if over is None or over.where is None:
        return measure
    return Measure(measure.name, with_over(measure.formula, replace(over, where=_placed(over.where, ""))))


def over_of(formula: Formula) -> Over | None:
    """The members that a measure is taken over, if it is over any."""
    return formula.over if isinstance(formula, Aggregate | Share | Ratio) else None


def with_over(formula: Formula, over: Over) -> Formula:
    """The same formula over other members."""
    return replace(formula, over=over) if isinstance(formula, Aggregate | Share | Ratio) else formula


def predicates_of(rule: Rule) -> Iterator[tuple[str, Predicate]]:
    """The predicates of a rule, each with its place, in the order in which they are evaluated."""
    for name, join in rule.joins.items():
        if join.where is not None:
            yield f"with/{name}/where", join.where
    for measure in rule.measures.values():
        over = over_of(measure.formula)
        if over is not None and over.where is not None:
            yield where_place(measure), over.where
    if rule.when is not None:
        yield "when", rule.when
    yield "require", rule.require


def where_place(measure: Measure) -> str:
    """The place of the `where` of a measure."""
    word = measure.formula.word if isinstance(measure.formula, Aggregate) else type(measure.formula).__name__.lower()
    return f"measure/{measure.name}/{word}/where"


def condition_place(leaf: Leaf) -> str:
    """The place of a leaf without its operator: that of the path it is on."""
    return leaf.place.removesuffix(f"/{leaf.word}")


ALWAYS = AllOf((), "")
"""A predicate that always holds."""
