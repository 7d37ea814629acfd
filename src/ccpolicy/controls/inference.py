"""What the status of one control says about another: sound, or silent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ccpolicy.controls.crosswalk import Cover
from ccpolicy.controls.relations import ANY, CARRIES_MET, CARRIES_UNMET, DISJOINT, EQUAL, Possible
from ccpolicy.controls.web import HOPS, Hop, Path, Reach, Web

Carried: TypeAlias = Literal["pass", "fail", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Standing:
    """The computed status of a control, as far as it may be carried over; of any other status nothing is."""

    status: Carried
    attested: bool = False  # it rests on an attestation
    doubtful: bool = False  # a pass in which some `when` was undecided
    data_classes: frozenset[str] = frozenset()  # with which every document behind it is tagged


@dataclass(frozen=True, slots=True)
class Inferred:
    """A status that follows for a control, from which others, and along which paths (none for a cover)."""

    control: str
    status: Carried
    sources: tuple[str, ...]
    paths: tuple[Path, ...]
    attested: bool = False

    @property
    def order(self) -> tuple[object, ...]:
        """The fewest hops first; those without attestation before the others."""
        return self.attested, sum(len(path) for path in self.paths), self.sources


@dataclass(frozen=True, slots=True)
class Candidate:
    """Evidence of the source may serve the control: the two certainly share something, and no more is proved."""

    control: str
    source: str


@dataclass(frozen=True, slots=True)
class Conclusions:
    """All that follows, sorted. A control that is inferred to pass and to fail is in `contradictions`, and has no inferred status."""

    inferred: Mapping[str, Inferred]
    candidates: tuple[Candidate, ...]
    contradictions: tuple[tuple[Inferred, Inferred], ...]  # (pass, fail)


def infer(
    web: Web, covers: Iterable[Cover], standings: Mapping[str, Standing], data_classes: Mapping[str, str | None], hops: int = HOPS
) -> Conclusions:
    """What follows from computed statuses. `data_classes` are those of the standards; inferred statuses feed nothing."""
    found: dict[str, list[Inferred]] = {}
    candidates: list[Candidate] = []
    for source, standing in sorted(standings.items()):
        free = Reach(web, source, hops)
        ahead = Reach(web, source, hops, _guard(standing, data_classes))
        for control, these in sorted(free.possible.items()):
            carried = ahead.possible.get(control, ANY)
            if _carries(standing, carried):
                found.setdefault(control, []).append(Inferred(control, standing.status, (source,), ahead.paths(control), standing.attested))
            elif standing.status != "not_applicable" and not these & DISJOINT:
                candidates.append(Candidate(control, source))
    for one in _covered(covers, standings, data_classes):
        found.setdefault(one.control, []).append(one)
    return _concluded(found, candidates)


def _carries(standing: Standing, these: Possible) -> bool:
    if standing.status == "not_applicable" or (standing.status == "pass" and standing.doubtful):
        return these == EQUAL
    return these != 0 and not these & ~(CARRIES_MET if standing.status == "pass" else CARRIES_UNMET)


def _covered(covers: Iterable[Cover], standings: Mapping[str, Standing], data_classes: Mapping[str, str | None]) -> Iterator[Inferred]:
    for cover in covers:
        behind = {source: standings[source] for source in cover.sources if source in standings}
        met = {source: one for source, one in behind.items() if one.status == "pass" and not one.doubtful}
        if (
            cover.reviewed
            and len(met) == len(cover.sources)
            and all(_passes(cover.scope, source, cover.target, one, data_classes) for source, one in met.items())
        ):
            yield Inferred(cover.target, "pass", cover.sources, (), any(one.attested for one in met.values()))


def _concluded(found: Mapping[str, list[Inferred]], candidates: list[Candidate]) -> Conclusions:
    inferred: dict[str, Inferred] = {}
    contradictions: list[tuple[Inferred, Inferred]] = []
    for control, every in sorted(found.items()):
        best = {one.status: one for one in sorted(every, key=lambda one: one.order, reverse=True)}
        if "pass" in best and "fail" in best:
            contradictions.append((best["pass"], best["fail"]))
        else:
            inferred[control] = best.get("fail") or best.get("pass") or best["not_applicable"]
    return Conclusions(inferred, tuple(sorted(candidates, key=lambda one: (one.control, one.source))), tuple(contradictions))


# ---- the scope guard -----------------------------------------------------------------------------------------------------------


def _guard(standing: Standing, data_classes: Mapping[str, str | None]) -> Callable[[Hop], bool]:
    return lambda hop: _passes(hop.link.scope, hop.source, hop.target, standing, data_classes)


def _passes(scope: str, source: str, target: str, standing: Standing, data_classes: Mapping[str, str | None]) -> bool:
    """Whether a status is carried over a link: not over one about an activity on data of another class, but by documents of both.

    A standard that states no class is about all data: documents of one class say nothing about it.
    """
    left, right = (data_classes.get(control.partition("/")[0]) for control in (source, target))
    if scope != "activity" or left == right:
        return True
    return right is not None and {name for name in (left, right) if name is not None} <= standing.data_classes
