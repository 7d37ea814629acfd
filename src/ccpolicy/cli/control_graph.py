"""The work of `ccpolicy controls graph` and `impact`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ccpolicy.assessment.control import ControlStatus
from ccpolicy.assessment.holding import held_in
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.statements import statements_in
from ccpolicy.assessment.waivers import waivers_in
from ccpolicy.cli.answers import FORMS, put_answer
from ccpolicy.cli.evidence_option import ground_of
from ccpolicy.cli.messages import put
from ccpolicy.cli.options import Asked
from ccpolicy.cli.printing import check_form
from ccpolicy.cli.settings import given_packs
from ccpolicy.controls.graph import NOTHING_HELD, SORTS, Graph, Held, Node, Sort, depending, graph_of
from ccpolicy.controls.register import register_of
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import find_config
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.graph_report import GRAPH_FORMS, graph_text
from ccpolicy.reports.impact_report import COLUMNS, impact_rows, impact_value, put_impact


def show_graph(asked: Asked, form: str) -> int:
    """Prints the graph; returns the exit code. Raises Refused."""
    check_form(form, GRAPH_FORMS)
    ground = ground_of(asked)
    library, statuses = ground.library, {}
    held = NOTHING_HELD
    if ground.assessed is not None:
        assessment = ground.assessed.assessment
        held = held_in(assessment.evidence, assessment.statements, assessment.waivers)
        statuses = {Node("rule", result.rule.id): str(result.status) for result in assessment.rules}
        statuses |= {Node("control", one.id): _status(one) for one in assessment.controls}
    put(graph_text(_graph(library, held), library.titles, form, statuses), as_utf8=True)
    return ground.code


def _status(one: ControlStatus) -> str:
    return f"{one.inferred.status} (inferred)" if one.filled and one.inferred else one.status


def show_impact(packs: tuple[str, ...], shipped: bool, asked: tuple[str, ...], evidence: tuple[str, ...], form: str) -> int:
    """Prints what depends on files, fields, rules and controls; returns the exit code. Raises Refused."""
    check_form(form, FORMS)
    library = load_library(given_packs(packs), shipped)
    files, held = _evidence(library, evidence)
    graph = _graph(library, held)
    known = _files(library) | files
    names = [name for name in asked if name != "-"]
    piped = [line.strip() for line in sys.stdin if line.strip()] if "-" in asked else []
    starts = {name: list(_starts(name, graph, library, known)) for name in sorted({*names, *piped})}
    _check_names([name for name in names if not starts[name] and _real(name) not in known], library, bool(evidence))
    touched = depending(graph, [node for nodes in starts.values() for node in nodes])
    value = impact_value(touched, [name for name, nodes in starts.items() if not nodes], _titles(library))
    put_answer(form, value, COLUMNS, impact_rows(value), lambda page: put_impact(page, value))
    return 0


def _graph(library: Library, held: Held) -> Graph:
    return graph_of(library.catalogues, library.rulebook.rules.values(), library.crosswalks, held)


def _titles(library: Library) -> dict[Node, str]:
    found = {Node("rule", rule.id): rule.title for rule in library.rulebook.rules.values()}
    found |= {Node("control", name): title for name, title in library.titles.items()}
    found |= {Node("standard", one.id): one.title for one in library.catalogues.values()}
    return found | {Node("kind", name): kind.title for name, kind in library.kinds.items()}


# ---- what a name stands for ----------------------------------------------------------------------------------------------------


def _starts(name: str, graph: Graph, library: Library, known: Mapping[str, Sequence[Node]]) -> Iterator[Node]:
    """The nodes that a file, a field in a file, a rule or a control stands for."""
    yield from (node for sort in SORTS if sort not in ("field", "evidence") and (node := Node(sort, name)) in graph)
    pointer = name.partition("#")[2]
    for node in known.get(_real(name), ()):
        yield from _fields(node, pointer, graph) if pointer and node.sort == "kind" else [node]


def _real(name: str) -> str:
    """The file of a name, whatever pointer stands behind it."""
    return os.path.realpath(name.partition("#")[0])


def _fields(kind: Node, pointer: str, graph: Graph) -> Iterator[Node]:
    """The fields of a kind at a pointer from the root of a file, above and below it; all that read the kind, if it is in the envelope."""
    match pointer.split("/")[1:]:
        case ["data", *within] | ["records", _, *within]:
            pass
        case ["kind" | "id" | "observed_at" | "valid_from" | "valid_to" | "site" | "client" | "data_classes" | "complete" | "gaps", *_]:
            yield kind
            return
        case within:
            pass
    for _, field in graph.out_edges(kind):
        if field.sort == "field" and _meets(field.name.partition("#")[2].split("/")[1:], within):
            yield field


def _meets(own: Sequence[str], wanted: Sequence[str]) -> bool:
    return all("*" in pair or pair[0] == pair[1] for pair in zip(own, wanted, strict=False))


_PARTS: dict[str, Sort] = {"checks": "rule", "schemas": "kind", "catalogues": "standard"}


def _files(library: Library) -> dict[str, list[Node]]:
    """The files of the packs, by their real path."""
    found: dict[str, list[Node]] = {}
    for pack in library.packs:
        for part, sort in _PARTS.items():
            for file, below in pack.files(part):
                name = below.rsplit(".", 1)[0].removesuffix(".cases").removesuffix(".schema")
                found[os.path.realpath(file)] = [Node(sort, name)]
        for file, below in pack.files("crosswalks"):
            shown = pack.name_of("crosswalks", below)
            linked = [link for link in library.crosswalks.links if link.file == shown]
            found[os.path.realpath(file)] = [Node("control", name) for link in linked for name in (link.source, link.target)]
    return found


def _evidence(library: Library, paths: tuple[str, ...]) -> tuple[dict[str, list[Node]], Held]:
    """The files of evidence, by their real path, with the kinds of their documents and those that speak of rules or controls themselves."""
    if not paths:
        return {}, NOTHING_HELD
    missing = [path for path in paths if not os.path.exists(path)]
    if missing:
        raise Refused([Problem(code="no-such-path", message=f"there is no file or folder `{path}`") for path in missing])
    given = [Path(path) for path in paths]
    config = find_config(given)
    evidence = load_evidence(given, config, library.kinds, config.as_of or date.max)
    waivers = [waiver.note() for waiver in waivers_in(evidence, library.rulebook.rules, library.kinds).all]
    held = held_in(evidence, statements_in(evidence, register_of(library.catalogues)), waivers)
    found: dict[str, set[Node]] = {}
    for record in evidence.files:
        found.setdefault(os.path.realpath(config.root / record.file), set()).add(Node("kind", record.kind))
    for one in held.said:
        found.setdefault(os.path.realpath(config.root / one.file), set()).add(one.speaker)
    return {file: sorted(nodes) for file, nodes in found.items()}, held


def _check_names(unknown: Sequence[str], library: Library, with_evidence: bool) -> None:
    """Raises Refused for names given by hand that stand for nothing."""
    problems: list[Problem] = []
    for name in unknown:
        known = [*library.rulebook.rules, *library.titles, *library.kinds]
        hint = did_you_mean(name, known) or ("" if with_evidence else "files of evidence are known with --evidence PATH")
        problems.append(
            Problem(code="unknown-name", message=f"`{name}` is no file of a pack or of evidence, no rule and no control", hint=hint)
        )
    if problems:
        raise Refused(problems)
