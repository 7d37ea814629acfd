"""A trace decides nothing: each step has the truth that the reference interpreter gives it, and parents follow from their children."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccpolicy.assessment.run import runner_of
from ccpolicy.backends.inputs import derivation, lookup
from ccpolicy.backends.outcome import Truth, conjoin, count_truth, disjoin, negate
from ccpolicy.backends.population import population
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import Scene, Unknown, join_of, measure_of, operand
from ccpolicy.backends.trace import Parts, Step, Tally, Walked, trace
from ccpolicy.documents.values import Gap
from ccpolicy.errors import Refused
from ccpolicy.language.expr import AllOf, AnyOf, Compared, Counts, Every, EveryPath, IfThenElse, Leaf, Meets, NoneOf, Not, Some
from tests.conformance import DATA, Case, read_cases, world_of

CASES = [case for file in sorted(DATA.glob("*.yaml")) for case in read_cases(file)]


def scenes(case: Case, folder: Path) -> Iterator[tuple[Scene, list[Step]]]:
    """Each focus of a case with the traces of its conditions; none for a case that is refused."""
    try:
        world = world_of(case, folder)
    except Refused:
        return
    rule, runner = world.rule, runner_of(world.library, world.evidence, world.wanted)
    for focus in population(rule.foci, runner.world, runner.selection).foci:
        scene = Scene(runner.world, focus.spot, rule.zone, runner.params_of(rule), focus.period, rule.joins, rule.measures)
        nodes = [rule.require] if rule.when is None else [rule.when, rule.require]
        yield scene, [trace(node, focus.spot, scene) for node in nodes]


def below(step: Step) -> Iterator[Step]:
    yield step
    for child in step.children:
        yield from below(child)
    if isinstance(step.insight, Walked):
        for node in step.insight.nodes:
            yield from below(node)


def expected(step: Step, scene: Scene) -> Truth | None:
    """The truth of a step by the truth tables over its children; None where no table says."""
    truths = [child.outcome.truth for child in step.children]
    match step.node:
        case AllOf():
            return conjoin(truths)
        case AnyOf():
            return disjoin(truths)
        case Not():
            return negate(truths[0])
        case Meets():
            return truths[0]
        case IfThenElse():
            condition, then, otherwise = truths if len(truths) == 3 else (*truths, "T")
            return conjoin([disjoin([negate(condition), then]), disjoin([condition, otherwise])])
        case Leaf(test=test) if isinstance(step.insight, Tally):
            return of_members(test, step.insight, step, scene)
        case Leaf(test=Compared(word="contains_all")) if isinstance(step.insight, Parts):
            return conjoin([*(part.truth for part in step.insight.parts), *unsure(step.insight)])
        case Leaf(test=Compared(word="subset_of")) if isinstance(step.insight, Parts):
            return conjoin([*(part.truth for part in step.insight.parts), *unsure(step.insight)])
        case Leaf(test=Compared(word="disjoint_from")) if isinstance(step.insight, Parts):
            return conjoin([*(negate(part.truth) for part in step.insight.parts), *unsure(step.insight)])
        case Leaf(word="contains") if isinstance(step.insight, Parts):
            return disjoin([*(part.truth for part in step.insight.parts), *unsure(step.insight)])
        case Leaf(test=EveryPath()) if isinstance(step.insight, Walked) and step.insight.certain:
            return "F"
        case _:
            return None


def unsure(parts: Parts) -> list[Truth]:
    """What others, that there may be, would say."""
    return ["U"] if parts.openness else []


def of_members(test: object, tally: Tally, step: Step, scene: Scene) -> Truth | None:
    holds, fails, unknown, closed = tally.counts["T"], tally.counts["F"], tally.counts["U"], not tally.openness
    match test:
        case Some():
            return "T" if holds else "F" if closed and not unknown else "U"
        case NoneOf():
            return "F" if holds else "T" if closed and not unknown else "U"
        case Every(allow_empty=allow_empty):
            return "F" if fails else "T" if closed and not unknown and (holds or allow_empty) else "U"
        case Counts(at_least=low, at_most=high):
            bounds = [None if bound is None else operand(bound, "number", step.at, scene) for bound in (low, high)]
            if not all(bound is None or isinstance(bound, int) for bound in bounds):
                return None
            return count_truth(holds, unknown, closed, *bounds)  # type: ignore[arg-type]
        case _:
            return None


def hold_joins_and_measures(scene: Scene) -> None:
    """What is told was found and derived: the collection, who was left out of it, whether claims close it, and the value."""
    for join in scene.joins.values():
        found, told = join_of(join, scene), lookup(join, scene)
        assert told.found is found
        assert (told.claims is not None) == found.complete
        assert not {id(step.at.document) for step in told.dropped} & {id(spot.document) for spot in found.members}
    for measure in scene.measures.values():
        value, derived = measure_of(measure, scene), derivation(measure, scene)
        assert derived.value is value
        assert not isinstance(value, Unknown) or derived.unknown == value.culprits


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_step_has_the_truth_of_the_reference_interpreter_and_follows_from_its_children(case: Case, tmp_path: Path) -> None:
    """At every step of every case; a member that nobody has seen is unknown whatever is asked. Joins and measures are told as they are."""
    for scene, traces in scenes(case, tmp_path):
        hold_joins_and_measures(scene)
        for step in (step for found in traces for step in below(found)):
            unseen = isinstance(step.at.value, Gap) and step.at is not scene.focus and not step.children and step.given == ()
            if not unseen:
                assert step.outcome.truth == judge(step.node, step.at, scene).truth
            assert expected(step, scene) in (None, step.outcome.truth)


def test_the_truth_tables_are_held_against_every_node_and_collection(tmp_path: Path) -> None:
    """The conformance data has steps of each kind that a table speaks of, so that the test above compares something."""
    seen: set[str] = set()
    for number, case in enumerate(CASES):
        for scene, traces in scenes(case, tmp_path / str(number)):
            for step in (step for found in traces for step in below(found)):
                if expected(step, scene) is not None:
                    seen.add(step.node.word if isinstance(step.node, Leaf) else type(step.node).__name__)
    nodes = {"AllOf", "AnyOf", "Not", "IfThenElse", "Meets"}
    assert seen >= nodes | {"some", "every", "none", "count", "contains", "contains_all", "subset_of", "disjoint_from", "every_path"}
