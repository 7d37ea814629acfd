"""The graph of standards, controls, rules, kinds, fields and evidence for other tools: DOT, Mermaid, GraphML and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

import networkx as nx

from ccpolicy.controls.graph import Graph, Node
from ccpolicy.reports.cleaning import clean, visible

GRAPH_FORMS = ("dot", "mermaid", "graphml", "json")
_SHAPES = {"standard": "doubleoctagon", "control": "box", "rule": "ellipse", "kind": "folder", "field": "note", "evidence": "tab"}
_STATED = "component"  # attestations, responsibilities, waivers
_COLOURS = {"fail": "#f4b6b6", "undetermined": "#f6e3a8", "blocked": "#f6e3a8", "waived": "#e2c9f0", "pass": "#bfe3c0"}
Statuses: TypeAlias = "Mapping[Node, str]"


def graph_text(graph: Graph, titles: Mapping[str, str], form: str, statuses: Statuses = MappingProxyType({})) -> str:
    """The graph in one of GRAPH_FORMS; nodes and edges are sorted. Rules and controls have a status where evidence was assessed."""
    match form:
        case "dot":
            return "".join(f"{line}\n" for line in _dot(graph, titles, statuses))
        case "mermaid":
            return "".join(f"{line}\n" for line in _mermaid(graph))
        case "graphml":
            return "\n".join(nx.generate_graphml(_plain(graph, titles, statuses), named_key_ids=True)) + "\n"
        case _:
            return json.dumps(_value(graph, titles, statuses), ensure_ascii=False, indent=2) + "\n"


def _edges(graph: Graph) -> list[tuple[Node, Node, str]]:
    return sorted(graph.edges(keys=True))


def _title(node: Node, titles: Mapping[str, str]) -> str:
    return visible(clean(titles.get(node.name, ""))) if node.sort == "control" else ""


def _value(graph: Graph, titles: Mapping[str, str], statuses: Statuses) -> dict[str, object]:
    nodes = [{"sort": node.sort, "name": node.name, "title": _title(node, titles), **_status(node, statuses)} for node in sorted(graph)]
    edges = [{"from": _key(source), "to": _key(target), "label": label} for source, target, label in _edges(graph)]
    return {"nodes": [{"id": f"{node['sort']}:{node['name']}", **node} for node in nodes], "edges": edges}


def _key(node: Node) -> str:
    return f"{node.sort}:{node.name}"


def _status(node: Node, statuses: Statuses) -> dict[str, str]:
    return {"status": statuses[node]} if node in statuses else {}


def _plain(graph: Graph, titles: Mapping[str, str], statuses: Statuses) -> nx.MultiDiGraph[str]:
    """The same with texts alone, for writers that know nothing of our nodes."""
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(graph):
        plain.add_node(_key(node), sort=node.sort, title=_title(node, titles), **_status(node, statuses))
    for source, target, label in _edges(graph):
        plain.add_edge(_key(source), _key(target), key=label, label=label)
    return plain


def _dot(graph: Graph, titles: Mapping[str, str], statuses: Statuses) -> Iterator[str]:
    yield "digraph ccpolicy {"
    yield "  rankdir=LR;"
    for node in sorted(graph):
        label = f"{node.name}\n{_title(node, titles)}".strip()
        colour = _COLOURS.get(statuses.get(node, "").partition(" ")[0], "")
        fill = f', style=filled, fillcolor="{colour}"' if colour else ""
        yield f"  {_quoted(_key(node))} [label={_quoted(label)}, shape={_SHAPES.get(node.sort, _STATED)}{fill}];"
    for source, target, label in _edges(graph):
        yield f"  {_quoted(_key(source))} -> {_quoted(_key(target))} [label={_quoted(label)}];"
    yield "}"


def _quoted(text: str) -> str:
    escaped = visible(text.replace("\n", "\0")).replace("\\x00", "\0").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.replace("\0", "\\n")


def _mermaid(graph: Graph) -> Iterator[str]:
    numbers = {node: f"n{place}" for place, node in enumerate(sorted(graph))}
    yield "flowchart LR"
    for node, number in numbers.items():
        yield f'  {number}["{_entities(f"{node.sort} {node.name}")}"]'
    for source, target, label in _edges(graph):
        yield f'  {numbers[source]} -->|"{_entities(label)}"| {numbers[target]}'


def _entities(text: str) -> str:
    """Mermaid reads `#name;` as a character: everything that could end a label is written so."""
    return re.sub(r'["#;<>|\[\]{}`&\\]', lambda found: f"#{ord(found[0])};", visible(text))
