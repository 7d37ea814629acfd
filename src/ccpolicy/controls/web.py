"""The web of links between controls, and what it proves about two of them: relations composed along paths, and paths intersected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from ccpolicy.controls.crosswalk import Link
from ccpolicy.controls.relations import ANY, EQUAL, Possible, Relation, compose, converse, possible, words_of
from ccpolicy.errors import Problem, Refused

HOPS = 4  # the longest path
_SHOWN = 20  # contradictions


@dataclass(frozen=True, slots=True)
class Hop:
    """A link, read in the direction of the path it is on."""

    source: str
    target: str
    possible: Possible
    link: Link


Path = tuple[Hop, ...]
Web = Mapping[str, tuple[Hop, ...]]
"""The hops that lead away from each control, sorted."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What the source may be to a control, and the fewest paths that prove it, the strongest first."""

    possible: Possible
    paths: tuple[Path, ...]


def web_of(links: Iterable[Link]) -> Web:
    """The web of the reviewed links between controls; drafts, and links to a whole standard, prove nothing."""
    hops: dict[str, list[Hop]] = {}
    for link in links:
        if link.reviewed and "/" in link.target:
            there = possible([link.relation])
            hops.setdefault(link.source, []).append(Hop(link.source, link.target, there, link))
            hops.setdefault(link.target, []).append(Hop(link.target, link.source, converse(there), link))
    return {control: tuple(sorted(own, key=lambda hop: hop.target)) for control, own in sorted(hops.items())}


_State = tuple[str, Possible]  # a control, and what the source may be to it by one path
_Trail = dict[_State, "tuple[_State, Hop] | None"]  # how each state was reached first: by the fewest hops


def reach(web: Web, source: str, hops: int = HOPS, allowed: Callable[[Hop], bool] | None = None) -> dict[str, Reached]:
    """All controls of which something is proved by paths of so many hops at most, over those that are allowed."""
    found = Reach(web, source, hops, allowed)
    return {control: Reached(these, found.paths(control)) for control, these in sorted(found.possible.items())}


class Reach:
    """What is proved from one source: `possible` for each control, and on demand the paths that prove it."""

    def __init__(self, web: Web, source: str, hops: int = HOPS, allowed: Callable[[Hop], bool] | None = None) -> None:
        self._trail = _trail(web, source, hops, allowed)
        self.possible: dict[str, Possible] = {}
        for control, these in self._trail:
            self.possible[control] = self.possible.get(control, ANY) & these
        del self.possible[source]

    def paths(self, control: str) -> tuple[Path, ...]:
        """The fewest paths that prove it, the strongest first."""
        found = [these for name, these in self._trail if name == control]
        paths: list[Path] = []
        proved = ANY
        for these in sorted(found, key=lambda one: (one.bit_count(), one)):
            if proved & these != proved:
                proved &= these
                paths.append(_path((control, these), self._trail))
        return tuple(paths)


def _trail(web: Web, source: str, hops: int, allowed: Callable[[Hop], bool] | None) -> _Trail:
    """Every state that a path leads to. A path back to the source adds nothing: the source equals itself."""
    trail: _Trail = {(source, EQUAL): None}
    front: list[_State] = [(source, EQUAL)]
    for _ in range(hops):
        fresh: list[_State] = []
        for state in front:
            for hop in web.get(state[0], ()):
                ahead = hop.target, compose(state[1], hop.possible)
                if ahead[1] == ANY or hop.target == source or ahead in trail or not (allowed is None or allowed(hop)):
                    continue
                trail[ahead] = state, hop
                fresh.append(ahead)
        front = fresh
    return trail


def _path(state: _State, trail: _Trail) -> Path:
    hops: list[Hop] = []
    step = trail[state]
    while step is not None:
        hops.append(step[1])
        step = trail[step[0]]
    return tuple(reversed(hops))


# ---- contradictions ------------------------------------------------------------------------------------------------------------


def check_web(web: Web) -> None:
    """Raises Refused where two paths leave no relation between two controls, with both of them."""
    found: dict[frozenset[Link], Problem] = {}
    for source in web:
        # Each contradiction is a circle; it is met from the first of its controls, over controls that come after it.
        ahead = Reach(web, source, allowed=partial(_comes_after, source))
        for paths in (ahead.paths(control) for control, these in sorted(ahead.possible.items()) if not these):
            found.setdefault(frozenset(hop.link for path in paths for hop in path), _contradiction(paths))
        if len(found) >= _SHOWN:
            break
    if found:
        raise Refused(list(found.values())[:_SHOWN])


def _comes_after(first: str, hop: Hop) -> bool:
    return hop.target > first


def _contradiction(paths: tuple[Path, ...]) -> Problem:
    told = "; ".join(path_text(path) for path in paths)
    source, target = paths[0][0].source, paths[0][-1].target
    message = f"the crosswalks contradict each other about `{source}` and `{target}`: {told}"
    files = sorted({hop.link.file for path in paths for hop in path})
    hint = f"one of these links is wrong; they stand in {', '.join(files)}"
    return Problem(files[0], 0, 0, "contradiction", message, hint)


def path_text(path: Path) -> str:
    """`a subset_of b equal c`."""
    return " ".join([path[0].source, *(f"{words_read(hop)} {hop.target}" for hop in path)])


def words_read(hop: Hop) -> Relation:
    """The relation of a hop in the direction in which it is read."""
    return words_of(hop.possible)[0]
