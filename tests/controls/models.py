"""Crosswalks read by brute force: controls as sets of obligations, over a universe in which every Venn region can be inhabited.

A relation empties some regions and asks that others are not empty. What is not emptied may be inhabited, and inhabiting it breaks nothing:
so a crosswalk has a model exactly if the fullest one is a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from ccpolicy.controls.crosswalk import Link
from ccpolicy.controls.relations import RELATIONS, Possible, Relation, compose, converse, possible

Fact = tuple[str, Relation, str]
Region = frozenset[str]  # the controls that an obligation belongs to


@dataclass(frozen=True, slots=True)
class Fullest:
    """The fullest model: the regions that are not emptied, and those in which every obligation is met."""

    regions: frozenset[Region]

    def holds(self, fact: Fact) -> bool:
        left, relation, right = fact
        only_left = any(left in region and right not in region for region in self.regions)
        only_right = any(right in region and left not in region for region in self.regions)
        both = any({left, right} <= region for region in self.regions)
        return relation == relation_of(only_left, only_right, both)


def relation_of(only_left: bool, only_right: bool, both: bool) -> Relation:
    """The relation of two sets that are not empty."""
    if not both:
        return "none"
    if only_left:
        return "intersects" if only_right else "superset_of"
    return "subset_of" if only_right else "equal"


_EMPTIED = {
    "equal": (True, True, False),
    "subset_of": (True, False, False),
    "superset_of": (False, True, False),
    "none": (False, False, True),
}


def fullest(names: Sequence[str], facts: Iterable[Fact]) -> Fullest | None:
    """The fullest model of the facts in which no control is empty, or None if they contradict each other."""
    told = list(facts)
    regions = {frozenset(name for place, name in enumerate(names) if number >> place & 1) for number in range(1, 1 << len(names))}
    for left, relation, right in told:
        only_left, only_right, both = _EMPTIED.get(relation, (False, False, False))
        regions = {
            region
            for region in regions
            if not (only_left and left in region and right not in region)
            and not (only_right and right in region and left not in region)
            and not (both and {left, right} <= region)
        }
    model = Fullest(frozenset(regions))
    inhabited = all(any(name in region for region in regions) for name in names)
    return model if inhabited and all(model.holds(fact) for fact in told) else None


def truly_possible(names: Sequence[str], facts: Sequence[Fact], left: str, right: str) -> Possible:
    """Every relation of the two that some model has."""
    return possible([relation for relation in RELATIONS if fullest(names, [*facts, (left, relation, right)]) is not None])


def by_paths(names: Sequence[str], facts: Sequence[Fact], left: str, right: str, hops: int) -> Possible:
    """What composition along every path of so many hops, and intersection, leave."""
    edges: dict[tuple[str, str], Possible] = {}
    for source, relation, target in facts:
        edges[source, target] = possible([relation])
        edges[target, source] = converse(possible([relation]))
    found = 31
    between = [name for name in names if name not in (left, right)]
    for count in range(hops):
        for middle in permutations(between, count):
            steps = list(zip((left, *middle), (*middle, right), strict=True))
            if all(step in edges for step in steps):
                along = 1
                for step in steps:
                    along = compose(along, edges[step])
                found &= along
    return found


def may_be_unmet(names: Sequence[str], facts: Sequence[Fact], met: Iterable[str], unmet: Iterable[str], control: str) -> bool:
    """Whether some model of the facts, with these controls met and unmet, has an obligation of the control that is not met."""
    return _unmet_regions(names, facts, met, unmet, control) is not None


def may_be_met(names: Sequence[str], facts: Sequence[Fact], met: Iterable[str], unmet: Iterable[str], control: str) -> bool:
    """Whether some model has all obligations of the control met."""
    return _unmet_regions(names, facts, {*met, control}, unmet, None) is not None


def _unmet_regions(
    names: Sequence[str], facts: Sequence[Fact], met: Iterable[str], unmet: Iterable[str], control: str | None
) -> frozenset[Region] | None:
    """The regions that may hold unmet obligations, if these suffice for the controls that are unmet."""
    model, kept = fullest(names, facts), set(met)
    if model is None:
        return None
    free = frozenset(region for region in model.regions if not region & kept)
    wanted = [*unmet, *([control] if control else [])]
    return free if all(any(name in region for region in free) for name in wanted) else None


def link(source: str, relation: Relation, target: str, scope: str = "organisation", reviewed: bool = True) -> Link:
    """A link with nothing remarkable about it."""
    return Link(source, target, relation, "semantic", scope, "why", reviewed, ("a", "b"), date(2026, 1, 1), "seen", "crosswalks/a--b.yaml")


def links_of(facts: Mapping[tuple[str, str], Relation]) -> list[Link]:
    """The facts as links."""
    return [link(source, relation, target) for (source, target), relation in facts.items()]
