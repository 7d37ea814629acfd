"""Standards, controls, rules, kinds, fields and evidence as one typed graph, and what depends on any part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

import networkx as nx

from ccpolicy.controls.catalogue import Catalogue
from ccpolicy.controls.crosswalk import Crosswalks
from ccpolicy.controls.relations import DISJOINT
from ccpolicy.controls.web import web_of, words_read
from ccpolicy.documents.path import Step, Wild
from ccpolicy.rulebook.rule import Rule

Sort: TypeAlias = Literal["standard", "control", "rule", "kind", "field", "attestation", "responsibility", "waiver", "evidence"]
SORTS: tuple[Sort, ...] = ("standard", "control", "rule", "kind", "field", "attestation", "responsibility", "waiver", "evidence")


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """A thing in the graph. The name is its id; of a field `<kind>#<pointer>`, with `*` for any member; of evidence the file."""

    sort: Sort
    name: str


Graph: TypeAlias = "nx.MultiDiGraph[Node]"
"""Edges lead from what is looked at to what depends on it; each has a `label`, and those of one label have one meaning."""


@dataclass(frozen=True, slots=True, order=True)
class Said:
    """What a document of a file says: of a control, or, a waiver, of a rule. The label is how, and what became of it."""

    speaker: Node
    file: str
    subject: Node
    label: str


@dataclass(frozen=True, slots=True)
class Held:
    """What evidence adds to a graph: the files with the kinds of their documents, and what documents say of controls and rules."""

    files: tuple[tuple[str, str], ...] = ()
    said: tuple[Said, ...] = ()


NOTHING_HELD = Held()


def graph_of(catalogues: Mapping[str, Catalogue], rules: Iterable[Rule], crosswalks: Crosswalks, held: Held = NOTHING_HELD) -> Graph:
    """All that packs say, as a graph: kind - field - rule - control - control above it, linked or requiring it - standard; and evidence."""
    graph: Graph = nx.MultiDiGraph()
    edges = [*_of_catalogues(catalogues), *_of_rules(rules, catalogues), *_of_links(crosswalks), *_of_evidence(held)]
    for source, target, label in sorted(set(edges)):
        graph.add_edge(source, target, key=label, label=label)
    return graph


_Edge: TypeAlias = "tuple[Node, Node, str]"


def _of_catalogues(catalogues: Mapping[str, Catalogue]) -> Iterator[_Edge]:
    for catalogue in catalogues.values():
        for control in catalogue.controls.values():
            own = Node("control", f"{catalogue.id}/{control.id}")
            yield own, Node("standard", catalogue.id), "part of"
            if control.parent is not None:
                yield own, Node("control", f"{catalogue.id}/{control.parent}"), "counts in"
            for other in control.requires:
                yield Node("control", other if "/" in other else f"{catalogue.id}/{other}"), own, "required by"


def _of_rules(rules: Iterable[Rule], catalogues: Mapping[str, Catalogue]) -> Iterator[_Edge]:
    names = {
        f"{one.id}/{name}": f"{one.id}/{c.id}" for one in catalogues.values() for c in one.controls.values() for name in (c.id, *c.aliases)
    }
    for rule in rules:
        own = Node("rule", rule.id)
        yield Node("kind", rule.foci.kind), own, "looked at by"
        for kind, steps in rule.reads:
            field = Node("field", f"{kind}#{pointer_of(steps)}")
            yield Node("kind", kind), field, "has"
            yield field, own, "read by"
        for citation in rule.citations:
            yield own, Node("control", names.get(citation.control, citation.control)), f"evidence for ({citation.coverage})"


def _of_evidence(held: Held) -> Iterator[_Edge]:
    for file, kind in held.files:
        yield Node("evidence", file), Node("kind", kind), "holds documents of"
    for one in held.said:
        yield Node("evidence", one.file), one.speaker, "holds"
        yield one.speaker, one.subject, one.label


def _of_links(crosswalks: Crosswalks) -> Iterator[_Edge]:
    for hops in web_of(crosswalks.links).values():
        yield from ((Node("control", hop.source), Node("control", hop.target), words_read(hop)) for hop in hops if hop.possible != DISJOINT)
    for cover in crosswalks.covers:
        if cover.reviewed:
            yield from ((Node("control", source), Node("control", cover.target), "covers, with others,") for source in cover.sources)


def pointer_of(steps: tuple[Step, ...]) -> str:
    """The steps as a pointer from the body of a document; `*` is any member."""
    tokens = ("*" if isinstance(step, Wild) else str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return "".join(f"/{token}" for token in tokens)


_RELATIONS = frozenset({"equal", "subset_of", "superset_of", "intersects"})


def depending(graph: Graph, starts: Iterable[Node]) -> dict[Node, int]:
    """What depends on any of these, with the fewest steps to it. A relation between controls is followed once, and not further."""
    distances: dict[Node, int] = {}
    front = [(node, False) for node in sorted(set(starts)) if node in graph]
    seen = set(front)
    steps = 0
    while front:
        for node, _ in front:
            distances.setdefault(node, steps)
        fresh: list[tuple[Node, bool]] = []
        for node, crossed in front:
            for _, target, label in sorted(graph.out_edges(node, keys=True)):
                related = label in _RELATIONS
                state = (target, crossed or related)
                if state not in seen and not (crossed and related):
                    seen.add(state)
                    fresh.append(state)
        front, steps = fresh, steps + 1
    return distances
