"""Mutants of a rule: the same rule with one small thing changed, which a case of it should notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from ccpolicy.analysis.mutants_of_predicates import Change, changes
from ccpolicy.analysis.mutants_of_values import moved_part, neighbours, text_of, without_one
from ccpolicy.analysis.unfolding import over_of, unfolded, where_place, with_over
from ccpolicy.language.derived import Aggregate, Formula, Join, Measure, SampleSize, WilsonLower
from ccpolicy.language.expr import Param, Predicate
from ccpolicy.rulebook.parameters import outside
from ccpolicy.rulebook.rule import Parameter, Rule


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule that differs from its original in one thing. Ids are unique in a rule, and the same as long as the rule is."""

    place: str
    what: str
    sentence: str
    rule: Rule

    @property
    def id(self) -> str:
        """Where it is changed, and what is: `require/all_of/0/kept_months:at_least 12->13`."""
        return f"{self.place}:{self.what}"


Mutants: TypeAlias = Iterator[Mutant]


def mutants_of(rule: Rule) -> Mutants:
    """Every mutant of the rule, in the order in which a rule is written: parameters, periods, joins, measures, `when`, `require`."""
    whole = unfolded(rule)
    yield from _of_parameters(whole)
    yield from _of_periods(whole)
    for join in whole.joins.values():
        yield from _of_join(whole, join)
    for measure in whole.measures.values():
        yield from _of_measure(whole, measure)
    if whole.when is not None:
        yield Mutant("when", "left out", "the rule applies everywhere: `when` is left out", replace(whole, when=None))
        yield from _within(whole.when, lambda when: replace(whole, when=when))
    yield from _within(whole.require, lambda require: replace(whole, require=require))


def _within(node: Predicate, put: Callable[[Predicate], Rule]) -> Mutants:
    for change in changes(node):
        yield _mutant(change, put(change.predicate))


def _mutant(change: Change, rule: Rule) -> Mutant:
    return Mutant(change.place, change.what, change.sentence, rule)


# ---- parameters and periods ----------------------------------------------------------------------------------------------------


def _of_parameters(rule: Rule) -> Mutants:
    for name, parameter in rule.parameters.items():
        for part, what, other in (*_defaults(parameter), *_bounds(parameter)):
            place = f"params/{name}/{'default' if part == 'default' else f'bounds/{part}'}"
            old, arrow, new = what.rpartition("->")
            told = f"is {new}, not {old}" if arrow else f"is {what}"
            sentence = f"the {'' if part == 'default' else 'bound '}{part} of the parameter `{name}` {told}"
            yield Mutant(place, what, sentence, replace(rule, parameters={**rule.parameters, name: other}))


def _defaults(parameter: Parameter) -> Iterator[tuple[str, str, Parameter]]:
    """The default moved, as far as the bounds allow: a rule whose default breaks them would be refused."""
    default = parameter.default
    if isinstance(default, tuple):
        for gone, rest in without_one(default):
            yield "default", f"without {gone}", replace(parameter, default=rest)
        return
    for near in _near(parameter, default):
        if not outside(parameter, near):
            yield "default", f"{text_of(default)}->{text_of(near)}", replace(parameter, default=near)  # type: ignore[arg-type]


def _near(parameter: Parameter, value: Param) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return (not value,)
    if value is None or isinstance(value, tuple):
        return ()
    return neighbours(Fraction(value)) if parameter.type == "number" and isinstance(value, int) else neighbours(value)


def _bounds(parameter: Parameter) -> Iterator[tuple[str, str, Parameter]]:
    """A bound made tighter. A looser one allows more than a case can show; a default outside of the bound would be refused."""
    for part, position in (("at_least", -1), ("at_most", 0)):
        bound = getattr(parameter, part)
        for near in _near(parameter, bound)[position:][:1]:
            other = replace(parameter, **{part: near})
            if parameter.default is None or not outside(other, parameter.default):
                yield part, f"{text_of(bound)}->{text_of(near)}", other


def _of_periods(rule: Rule) -> Mutants:
    per = rule.foci.per
    for last in () if per is None else (per.last - 1, per.last + 1):
        if per is not None and last >= 1:
            foci = replace(rule.foci, per=replace(per, last=last))
            sentence = f"the rule looks at the last {last}, not {per.last}"
            yield Mutant(f"per/{per.unit}/last", f"{per.last}->{last}", sentence, replace(rule, foci=foci))


# ---- joins and measures --------------------------------------------------------------------------------------------------------


def _of_join(rule: Rule, join: Join) -> Mutants:
    def put(other: Join) -> Rule:
        return replace(rule, joins={**rule.joins, join.name: other})

    place = f"with/{join.name}"
    pairs = tuple(zip(join.ours, join.theirs, join.sorts, strict=True))
    for (ours, theirs, _), rest in without_one(pairs):
        kept_ours, kept_theirs, sorts = zip(*rest, strict=True)
        other = replace(join, ours=kept_ours, theirs=kept_theirs, sorts=sorts)
        yield Mutant(f"{place}/key", f"without {theirs}={ours}", f"the key pair of `{theirs}` and `{ours}` is left out", put(other))
    if join.during is not None:
        other = replace(join, during=None, recorded=False, instant=False)
        yield Mutant(f"{place}/during", "left out", f"`{join.name}` does not keep to the period: `during` is left out", put(other))
    if join.where is not None:
        yield Mutant(
            f"{place}/where", "left out", f"`{join.name}` takes all that have the key: `where` is left out", put(replace(join, where=None))
        )
        yield from _within(join.where, lambda where: put(replace(join, where=where)))


def _of_measure(rule: Rule, measure: Measure) -> Mutants:
    def put(formula: Formula) -> Rule:
        return replace(rule, measures={**rule.measures, measure.name: Measure(measure.name, formula)})

    formula, over = measure.formula, over_of(measure.formula)
    for part, what, other in _parts(formula):
        sentence = f"`{part}` of the measure `{measure.name}` becomes `{what.partition('->')[2]}`"
        yield Mutant(f"measure/{measure.name}/{part}", what, sentence, put(other))
    if over is not None and over.where is not None:
        place = where_place(measure)
        everything = put(with_over(formula, replace(over, where=None)))
        yield Mutant(place, "left out", f"the measure `{measure.name}` takes every member: `where` is left out", everything)
        yield from _within(over.where, lambda where: put(with_over(formula, replace(over, where=where))))


_SWAPPED = {"min": "max", "max": "min", "mean": "median", "median": "mean"}


def _parts(formula: Formula) -> Iterator[tuple[str, str, Formula]]:
    match formula:
        case Aggregate(word=word) if word in _SWAPPED:
            yield word, f"{word}->{_SWAPPED[word]}", replace(formula, word=_SWAPPED[word])  # type: ignore[arg-type]
        case Aggregate(p=p) if p is not None:
            yield from (("p", what, replace(formula, p=near)) for what, near in moved_part(p))
        case WilsonLower(confidence=confidence):
            yield from (("confidence", what, replace(formula, confidence=near)) for what, near in moved_part(confidence))
        case SampleSize(margin, confidence):
            yield from (("margin", what, replace(formula, margin=near)) for what, near in moved_part(margin))
            yield from (("confidence", what, replace(formula, confidence=near)) for what, near in moved_part(confidence))
        case _:
            return
