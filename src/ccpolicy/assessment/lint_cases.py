"""What the cases of rules leave undecided, as plain values for the lints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ccpolicy.analysis.lint.lint import Undecided
from ccpolicy.assessment.coverage import coverage_of
from ccpolicy.assessment.library import Library
from ccpolicy.rulebook.rule import Case, Rule


def undecided_in(rules: Iterable[Rule], cases: Mapping[str, Sequence[Case]], library: Library) -> dict[str, tuple[Undecided, ...]]:
    """The leaves of each rule that its cases do not find both true and false; nothing of rules without cases."""
    return {rule.id: _undecided(rule, cases[rule.id], library) for rule in rules if cases.get(rule.id)}


def _undecided(rule: Rule, cases: Sequence[Case], library: Library) -> tuple[Undecided, ...]:
    return tuple(Undecided(point.place, point.lack) for point in coverage_of(rule, cases, library).of("leaf") if point.lack)
