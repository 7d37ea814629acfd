"""The foci of a rule: its population, one focus for each member and period, and whether there can be others."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ccpolicy.backends.outcome import Spot
from ccpolicy.backends.periods import latest_periods
from ccpolicy.backends.phrases import REDACTED
from ccpolicy.backends.scene import Unknown, World, key_of, scalar
from ccpolicy.documents.coverage import covering
from ccpolicy.documents.document import Claim, Cover, Document
from ccpolicy.documents.path import Absent, Path, fan_out
from ccpolicy.documents.values import Gap, OpenMap
from ccpolicy.language.derived import Foci, ReachedFrom


@dataclass(frozen=True, slots=True, eq=False)
class Focus:
    """One thing a rule is about. A stub stands where something should be that nobody has seen."""

    spot: Spot
    period: tuple[date, date] | None = None
    rank: int = 0  # 0 is the latest period
    stub: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """The sites, clients and file that foci are selected by; none selects all. Joins always see all the evidence."""

    sites: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    file: str = ""

    def takes(self, document: Document) -> bool:
        """Whether foci of the document are looked at."""
        site = self.in_file(document) and (not self.sites or document.site in self.sites)
        return site and (not self.clients or document.client in self.clients)

    def in_file(self, document: Document) -> bool:
        """Whether it stands in the file that is looked at, or all files are."""
        return self.file in ("", document.file)

    def scopes(self) -> Iterator[tuple[str | None, str | None]]:
        """The scopes in each of which a claim must hold."""
        for site in self.sites or (None,):
            for client in self.clients or (None,):
                yield site, client


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Foci in order of document, member and period (the latest last); `complete` if there can be no others."""

    foci: tuple[Focus, ...]
    complete: bool
    claims: tuple[Claim, ...] = ()
    left_out: int = 0  # documents that the selection leaves out


@dataclass(slots=True, eq=False)
class _Reached:
    """The transitive closure, as far as links are known."""

    documents: dict[int, Document] = field(default_factory=dict)
    stubs: list[Focus] = field(default_factory=list)
    settled: bool = True


def population(foci: Foci, world: World, selection: Selection) -> Population:
    """All foci of a rule in the evidence."""
    if foci.reached_from is None:
        found: Collection[Document] = world.evidence.of(foci.kind)
        stubs: Sequence[Focus] = ()
        claims = _claims(foci.kind, world, selection)
        complete = claims is not None
    else:
        reached = _reach(foci.reached_from, foci.kind, world)
        found, stubs = reached.documents.values(), reached.stubs
        claims = _claims(foci.reached_from.kind, world, Selection())  # a start of any site may lead here
        complete = claims is not None and reached.settled and not stubs
    taken = [document for document in found if selection.takes(document)]
    members = [focus for document in taken for focus in _members(foci.each, document)]
    every = [*members, *(stub for stub in stubs if selection.in_file(stub.spot.document))]
    complete = complete and not any(focus.stub for focus in every)
    timed = tuple(late for focus in every for late in _timed(foci, focus, world.as_of))
    return Population(timed, complete, claims or (), len(found) - len(taken))


def _claims(kind: str, world: World, selection: Selection) -> tuple[Claim, ...] | None:
    used: list[Claim] = []
    for site, client in selection.scopes():
        found = covering(world.evidence, kind, world.as_of, world.as_of, site, client)
        if found is None:
            return None
        used += found
    return tuple(used)


def _members(each: Path | None, document: Document) -> Iterator[Focus]:
    if each is None:
        yield Focus(Spot(document, (), document.body))
        return
    for within, value in fan_out(document.body, each.steps):
        if value is None or isinstance(value, Gap | Absent):
            reason = value.reason if isinstance(value, Gap) else "gap"
            yield Focus(Spot(document, within, Gap(reason)), stub=True)
        else:
            yield Focus(Spot(document, within, value))


def _timed(foci: Foci, focus: Focus, as_of: date) -> Iterator[Focus]:
    if foci.per is None:
        yield focus
        return
    for rank, period in reversed(list(enumerate(latest_periods(foci.per, as_of)))):
        yield replace(focus, period=period, rank=rank)


# ---- transitive closure --------------------------------------------------------------------------------------------------------


def _reach(reached_from: ReachedFrom, kind: str, world: World) -> _Reached:
    by_key, settled = _by_key(reached_from, kind, world)
    reached = _Reached(settled=settled)
    named: set[Any] = set()
    starts = world.evidence.of(reached_from.kind)
    queue: deque[tuple[Document, Path | None]] = deque((document, reached_from.start_links) for document in starts)
    while queue:
        document, links = queue.popleft()
        for within, name in _links(document, links, reached_from, reached):
            if name not in by_key and name not in named:
                shown = REDACTED if world.secret(Spot(document, within, name)) else name
                reached.stubs.append(_stub(document, within, shown, kind))
            named.add(name)
            for target in by_key.get(name, ()):
                if id(target) not in reached.documents:
                    reached.documents[id(target)] = target
                    queue.append((target, reached_from.own_links))
    return reached


def _by_key(reached_from: ReachedFrom, kind: str, world: World) -> tuple[dict[Any, list[Document]], bool]:
    found: dict[Any, list[Document]] = {}
    settled = reached_from.unique or covering(world.evidence, kind, world.as_of, world.as_of) is not None
    for document in world.evidence.of(kind):
        key = key_of(Spot(document, (), document.body), (reached_from.key,), (reached_from.sort,))
        if isinstance(key, Unknown):
            settled = False
        else:
            found.setdefault(key, []).append(document)
    return found, settled


def _links(document: Document, links: Path | None, reached_from: ReachedFrom, reached: _Reached) -> Iterator[tuple[Any, Any]]:
    if links is None:
        return
    for within, value in fan_out(document.body, links.steps):
        name = scalar(value, reached_from.sort)
        if isinstance(name, Unknown):
            reached.settled = False
        else:
            yield within, name


def _stub(document: Document, within: Any, name: Any, kind: str) -> Focus:
    """A focus for an id that resolves to nothing; it stands where the id was named."""
    cover = Cover(kind, OpenMap(kind=kind), document.file, document.mapped, named=False, base=document.pointer(within))
    absent = Document(cover, str(name), Gap("unresolved"), document.line)
    return Focus(Spot(absent, (), absent.body), stub=True)
