"""Every path of a flow: walk states of node and "done", for certain and at worst."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ccpolicy.backends.marks import Mark, held, undecided
from ccpolicy.backends.outcome import NO_REASON, Culprit, Outcome, Reasons, Spot, Truth, conjoin, disjoin, negate
from ccpolicy.backends.scene import Collection, Scene, Unknown, operand, scalar
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.documents.path import Absent, fan_out, select
from ccpolicy.documents.values import Gap
from ccpolicy.language.expr import EveryPath

State: TypeAlias = "tuple[int, Truth]"  # position of a node, and whether "done" holds on entering it


@dataclass(frozen=True, slots=True)
class Arc:
    """An edge of a node: the nodes it leads to; none if it leads to no node, or (`reasons`) nobody knows where."""

    targets: tuple[int, ...]
    takes_effect: bool
    reasons: Reasons = NO_REASON


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the flow with what its predicates say."""

    name: str
    spot: Spot
    to: Outcome
    passes: Outcome
    undoes: Outcome
    arcs: tuple[Arc, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow ready to be walked: `phantom` are the reasons why there may be nodes that nobody knows of."""

    nodes: tuple[Node, ...]
    entries: tuple[int, ...]
    done: Truth  # on entering the first node
    phantom: Reasons


_NEVER = Outcome("F")


def every_path(test: EveryPath, found: Collection, at: Spot, scene: Scene) -> Mark:
    """F with the shortest bad path that is certain; U if one becomes possible; T otherwise."""
    flow = flow_of(test, found, at, scene)
    if isinstance(flow, Unknown):
        return undecided(flow)
    nodes = flow.nodes
    bad = first_bad(flow, worst=False)
    if bad:
        return _violated(nodes, bad, names_hidden(test, found, scene))
    doubts = _doubts(test, flow)
    targets = [node.to for node in nodes if node.to.truth != "F"]
    if not any(target.truth == "T" for target in targets):  # nothing is known to be guarded: a filled gap could leave the flow empty
        doubts |= NO_REASON.union(*(target.reasons for target in targets)) or (NO_REASON if doubts else frozenset({"empty"}))
    return Mark("U", doubts) if doubts else held(tuple(node.spot for node in nodes if node.to.truth == "T"))


def flow_of(test: EveryPath, found: Collection, at: Spot, scene: Scene) -> Flow | Unknown:
    """The flow that the members make, with what the predicates say of each of them."""
    if _is_map(found):
        return Unknown(frozenset({"wrong_type"}))
    names = [scalar(select(member.value, test.id.steps), "any") for member in found.members]
    nodes = _nodes(test, found.members, names, scene)
    phantom = found.openness.union(*(name.reasons for name in names if isinstance(name, Unknown)))
    start = operand(test.start, "any", at, scene)
    if isinstance(start, Unknown):
        return start
    entries = tuple(position for position, name in enumerate(names) if _same(name, start))
    done: Truth = {"done": "T", "not_done": "F", "unknown": "U"}[test.starts]  # type: ignore[assignment]
    return Flow(tuple(nodes), entries, done, phantom)


def names_hidden(test: EveryPath, found: Collection, scene: Scene) -> bool:
    """Whether the names of nodes are never to be shown."""
    return any(is_secret(test.id, member, scene) for member in found.members)


def _is_map(found: Collection) -> bool:
    return bool(found.members) and not found.kind and isinstance(found.members[0].within[-1], str)


def _same(name: Any, wanted: Any) -> bool:
    return not isinstance(name, Unknown) and type(name) is type(wanted) and name == wanted


def _nodes(test: EveryPath, members: Sequence[Spot], names: Sequence[Any], scene: Scene) -> list[Node]:
    places: dict[Any, list[int]] = {}
    for position, name in enumerate(names):
        if not isinstance(name, Unknown):
            places.setdefault((type(name) is bool, name), []).append(position)
    known = {name: tuple(found) for name, found in places.items()}
    judge = scene.world.judge
    return [
        Node(
            "?" if isinstance(name, Unknown) else str(name),
            member,
            judge(test.to, member, scene),
            judge(test.first_passes, member, scene),
            _NEVER if test.undone_by is None else judge(test.undone_by, member, scene),
            tuple(_arcs(test, member, known)),
        )
        for member, name in zip(members, names, strict=True)
    ]


def _arcs(test: EveryPath, member: Spot, places: dict[Any, tuple[int, ...]]) -> Iterator[Arc]:
    for edge in test.next:
        for _, value in fan_out(member.value, edge.source.steps):
            if value is None or value == Absent():
                continue
            name = scalar(value, "any")
            if isinstance(value, Gap | Absent) or isinstance(name, Unknown):
                yield Arc((), edge.takes_effect, name.reasons if isinstance(name, Unknown) else NO_REASON)
            else:
                targets = places.get((type(name) is bool, name), ())
                yield Arc(targets, edge.takes_effect, NO_REASON if targets else frozenset({"unresolved"}))


# ---- walking -------------------------------------------------------------------------------------------------------------------


def _at_worst(truth: Truth, worst: Truth) -> Truth:
    return worst if truth == "U" else truth


def _after(node: Node, done: Truth, worst: bool) -> Truth:
    """Whether it is done behind the node's own effect; at worst, what is unknown turns against the rule."""
    passes = _at_worst(node.passes.truth, "F") if worst else node.passes.truth
    undoes = _at_worst(node.undoes.truth, "T") if worst else node.undoes.truth
    return conjoin([disjoin([done, passes]), negate(undoes)])


def _walk(nodes: Sequence[Node], entries: Sequence[int], done: Truth, worst: bool) -> Iterator[tuple[State, dict[State, State | None]]]:
    """Every state that can be reached, nearest first, with the way it was reached."""
    first: list[State] = [(position, _at_worst(done, "F") if worst else done) for position in entries]
    came: dict[State, State | None] = dict.fromkeys(first)
    queue = deque(came)
    while queue:
        state = queue.popleft()
        yield state, came
        node, before = nodes[state[0]], state[1]
        for arc in node.arcs:
            leaving = _after(node, before, worst) if arc.takes_effect else before
            for target in arc.targets:
                if (target, leaving) not in came:
                    came[target, leaving] = state
                    queue.append((target, leaving))


def _way(state: State | None, came: dict[State, State | None]) -> list[State]:
    way: list[State] = []
    while state is not None:
        way.append(state)
        state = came[state]
    return way[::-1]


def first_bad(flow: Flow, worst: bool) -> list[State]:
    """The shortest path on which `to` is entered while not done; at worst, what is unknown turns against the rule."""
    for state, came in _walk(flow.nodes, flow.entries, flow.done, worst):
        to = flow.nodes[state[0]].to.truth
        if state[1] == "F" and (to == "T" or (worst and to == "U")):
            return _way(state, came)
    return []


def _violated(nodes: Sequence[Node], way: Sequence[State], hidden: bool) -> Mark:
    names = " -> ".join(f"node {position + 1}" if hidden else nodes[position].name for position, _ in way)
    steps = tuple(
        Culprit("F", "every_path", "", nodes[position].spot, "", f"step {number} of the path", NO_REASON)
        for number, (position, _) in enumerate(way, 1)
    )
    return Mark("F", actual="a path that does not", detail=steps, notes=(f"path: {names}",))


def _doubts(test: EveryPath, flow: Flow) -> Reasons:
    """Why a bad path is possible: unknown predicates on it, unknown edges and nodes, an unknown start."""
    nodes, done, phantom = flow.nodes, flow.done, flow.phantom
    doubts = NO_REASON if flow.entries else frozenset({"unresolved"})
    way = first_bad(flow, worst=True)
    if way:
        doubts |= _along(nodes, way) | (frozenset({"unresolved"}) if done == "U" else NO_REASON)
    if done != "T":
        doubts |= phantom
    for (position, before), _ in _walk(nodes, flow.entries, done, worst=True):
        doubts |= _loose_ends(test, nodes[position], before, phantom)
    return doubts


def _along(nodes: Sequence[Node], way: Sequence[State]) -> Reasons:
    outcomes = [nodes[way[-1][0]].to]
    for position, _ in way[:-1]:
        outcomes += [nodes[position].passes, nodes[position].undoes]
    return NO_REASON.union(*(outcome.reasons for outcome in outcomes if outcome.truth == "U"))


def _loose_ends(test: EveryPath, node: Node, before: Truth, phantom: Reasons) -> Reasons:
    doubts = NO_REASON
    behind = _after(node, before, worst=True)
    for arc in node.arcs:
        leaving = behind if arc.takes_effect else before
        if test.undone_by is not None or leaving != "T":
            doubts |= arc.reasons | phantom
    return doubts | (phantom if test.undone_by is not None or behind != "T" else NO_REASON)
