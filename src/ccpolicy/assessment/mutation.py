"""Mutation of a rule: which of its mutants its cases kill."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccpolicy.analysis.mutants import mutants_of
from ccpolicy.assessment.cases import Prepared
from ccpolicy.errors import Problem, did_you_mean
from ccpolicy.rulebook.rule import Rule
from ccpolicy.rulebook.survivors import Accepted


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that gives what every case expects."""

    id: str
    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RuleMutation:
    """The mutants of a rule: the ids of those that a case killed, and those that survived."""

    rule: str
    killed: tuple[str, ...]
    survivors: tuple[Survivor, ...]

    @property
    def total(self) -> int:
        """How many mutants there are."""
        return len(self.killed) + len(self.survivors)


def mutation_of(rule: Rule, cases: Sequence[Prepared]) -> RuleMutation:
    """Every mutant of the rule, tried by the cases until one does not give what it expects. The cases have to pass for the rule itself."""
    killed: list[str] = []
    survivors: list[Survivor] = []
    for mutant in mutants_of(rule):
        if all(case.run(mutant.rule).ok for case in cases):
            survivors.append(Survivor(mutant.id, mutant.place, mutant.sentence))
        else:
            killed.append(mutant.id)
    return RuleMutation(rule.id, tuple(killed), tuple(survivors))


def misjudged(mutations: Iterable[RuleMutation], accepted: Sequence[Accepted]) -> Iterator[Problem]:
    """Entries of the lists of survivors that name no mutant of their rule, or one that a case kills."""
    by_rule: Mapping[str, RuleMutation] = {mutation.rule: mutation for mutation in mutations}
    for one in accepted:
        mutation = by_rule.get(one.rule)
        if mutation is None:
            continue
        alive = [survivor.id for survivor in mutation.survivors]
        if one.mutant in mutation.killed:
            message = f"this survivor of `{one.rule}` is stale: a case kills `{one.mutant}`"
            yield one.problem("stale-survivor", message, "take the entry out")
        elif one.mutant not in alive:
            hint = did_you_mean(one.mutant, [*alive, *mutation.killed]) or "`ccpolicy rules test --mutate` prints the ids of survivors"
            yield one.problem("no-mutant", f"`{one.rule}` has no mutant `{one.mutant}`", hint)
