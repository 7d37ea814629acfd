"""What a rule rests on: the kinds whose documents can move its verdicts, and the definitions that it meets."""

from __future__ import annotations

from collections.abc import Iterator

from ccpolicy.analysis.unfolding import predicates_of
from ccpolicy.language.derived import DaysBetween
from ccpolicy.language.expr import DoneWithin, Leaf, Meets, Predicate
from ccpolicy.language.walk import below
from ccpolicy.rulebook.rule import Rule

CALENDAR = "calendar"


def kinds_read(rule: Rule) -> frozenset[str]:
    """Its population and what leads there, its joins, all that its paths are in, and calendars if it counts business days."""
    found = {*rule.kinds, *(join.kind for join in rule.joins.values())}
    if rule.foci.reached_from is not None:
        found.add(rule.foci.reached_from.kind)
    if any(_counts_days(node) for node in _nodes(rule)) or any(_has_calendar(rule)):
        found.add(CALENDAR)
    return frozenset(found)


def definitions_met(rule: Rule) -> frozenset[str]:
    """The names of all definitions in it, also of those that others meet."""
    return frozenset(node.name for node in _nodes(rule) if isinstance(node, Meets))


def _nodes(rule: Rule) -> Iterator[Predicate]:
    for _, predicate in predicates_of(rule):
        yield from below(predicate)


def _counts_days(node: Predicate) -> bool:
    return isinstance(node, Leaf) and isinstance(node.test, DoneWithin) and bool(node.test.calendar)


def _has_calendar(rule: Rule) -> Iterator[bool]:
    for measure in rule.measures.values():
        yield isinstance(measure.formula, DaysBetween) and bool(measure.formula.calendar)
