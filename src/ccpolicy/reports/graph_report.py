"""The graph of standards, controls, rules, kinds and fields for other tools: DOT, Mermaid, GraphML and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

import networkx as nx

from ccpolicy.controls.graph import Graph, Node
from ccpolicy.reports.cleaning import clean, visible

GRAPH_FORMS = ("dot", "mermaid", "graphml", "json")
_SHAPES = {"standard": "doubleoctagon", "control": "box", "rule": "ellipse", "kind": "folder", "field": "note"}


def graph_text(graph: Graph, titles: Mapping[str, str], form: str) -> str:
    """The graph in one of GRAPH_FORMS; nodes and edges are sorted."""
    match form:
        case "dot":
            return "".join(f"{line}\n" for line in _dot(graph, titles))
        case "mermaid":
            return "".join(f"{line}\n" for line in _mermaid(graph))
        case "graphml":
            return "\n".join(nx.generate_graphml(_plain(graph, titles), named_key_ids=True)) + "\n"
        case _:
            return json.dumps(_value(graph, titles), ensure_ascii=False, indent=2) + "\n"


def _edges(graph: Graph) -> list[tuple[Node, Node, str]]:
    return sorted(graph.edges(keys=True))


def _title(node: Node, titles: Mapping[str, str]) -> str:
    return visible(clean(titles.get(node.name, ""))) if node.sort == "control" else ""


def _value(graph: Graph, titles: Mapping[str, str]) -> dict[str, object]:
    nodes = [{"sort": node.sort, "name": node.name, "title": _title(node, titles)} for node in sorted(graph)]
    edges = [{"from": _key(source), "to": _key(target), "label": label} for source, target, label in _edges(graph)]
    return {"nodes": [{"id": f"{node['sort']}:{node['name']}", **node} for node in nodes], "edges": edges}


def _key(node: Node) -> str:
    return f"{node.sort}:{node.name}"


def _plain(graph: Graph, titles: Mapping[str, str]) -> nx.MultiDiGraph[str]:
    """The same with texts alone, for writers that know nothing of our nodes."""
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in sorted(graph):
        plain.add_node(_key(node), sort=node.sort, title=_title(node, titles))
    for source, target, label in _edges(graph):
        plain.add_edge(_key(source), _key(target), key=label, label=label)
    return plain


def _dot(graph: Graph, titles: Mapping[str, str]) -> Iterator[str]:
    yield "digraph ccpolicy {"
    yield "  rankdir=LR;"
    for node in sorted(graph):
        label = f"{node.name}\n{_title(node, titles)}".strip()
        yield f"  {_quoted(_key(node))} [label={_quoted(label)}, shape={_SHAPES[node.sort]}];"
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
