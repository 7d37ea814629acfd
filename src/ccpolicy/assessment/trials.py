"""Trials of rules by their cases: results, coverage and mutation of one rule after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ccpolicy.analysis.mutants import mutants_of
from ccpolicy.assessment.cases import prepared
from ccpolicy.assessment.coverage import RuleCoverage, covered
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.mutation import RuleMutation, mutation_of
from ccpolicy.rulebook.rule import Case


@dataclass(frozen=True, slots=True)
class Depth:
    """What is asked of a trial beside the results of the cases."""

    coverage: bool = False
    mutate: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule and its cases, tried. Statuses and messages are in the order of the cases; an empty message means that the case passed."""

    rule: str
    statuses: tuple[str, ...]
    messages: tuple[str, ...]
    coverage: RuleCoverage | None = None
    mutation: RuleMutation | None = None


def try_rule(name: str, cases: Sequence[Case], library: Library, depth: Depth) -> Trial:
    """The rule, tried by its cases. Those that fail say nothing about mutants."""
    rule = library.rulebook.rules[name]
    ready = [prepared(case, library) for case in cases]
    results = [case.run(rule) for case in ready]
    passing = [case for case, result in zip(ready, results, strict=True) if result.ok]
    return Trial(
        name,
        tuple(result.status for result in results),
        tuple(result.message for result in results),
        covered(rule, ready) if depth.coverage else None,
        mutation_of(rule, passing) if depth.mutate else None,
    )


def weight(name: str, cases: Sequence[Case], library: Library, depth: Depth) -> int:
    """About how many runs of a case the trial takes: a mutant is killed half way, as a rule."""
    mutants = sum(1 for _ in mutants_of(library.rulebook.rules[name])) if depth.mutate else 0
    return len(cases) * (2 + depth.coverage * 2 + mutants) // 2
