"""What joins and measures were made of at a focus: the key looked up, who was found and who was not, the columns that were summed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from ccpolicy.backends.given import Given, param_given, standing
from ccpolicy.backends.measures import column, entered, members_of
from ccpolicy.backends.outcome import Reasons, Spot
from ccpolicy.backends.scene import Collection, Measured, Scene, Unknown, claimed_days, join_of, key_of, measure_of, resolve
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.backends.trace import Step, trace
from ccpolicy.documents.document import Claim
from ccpolicy.documents.path import Path
from ccpolicy.language.derived import Aggregate, DaysBetween, Join, Measure, Over, Ratio, SampleSize, Share, WilsonLower
from ccpolicy.language.expr import FromPath, Sort

DROPPED = 5  # members that `where` left out and that are traced


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """A join at a focus. `dropped` have the key, but not what `where` asks for, or nobody knows; `outside` lie in other periods.

    `claims` are those that close it, None if nothing does; `first` and `last` are the days that they have to cover.
    """

    join: Join
    key: tuple[tuple[Path, Given], ...]  # of the documents sought, and what the focus has there
    found: Collection
    dropped: tuple[Step, ...]
    left_out: int  # how many `where` left out, traced or not
    outside: int
    claims: tuple[Claim, ...] | None
    first: date
    last: date


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """A measure at a focus: its value, how many members it was taken over, and what it was derived from."""

    measure: Measure
    value: Measured
    secret: bool
    members: int | None  # None if it has none, or they are not known
    openness: Reasons
    given: tuple[Given, ...]
    unknown: tuple[Spot, ...]


def lookup(join: Join, scene: Scene) -> Lookup:
    """The join at the focus, and how it came to its members."""
    found = join_of(join, scene)
    first, last = claimed_days(join, scene)
    claims = scene.world.covering(join.kind, first, last, scene.focus.document) if found.complete else None
    key = tuple((theirs, next(_at(ours, scene))) for ours, theirs in zip(join.ours, join.theirs, strict=True))
    missed = _missed(join, found, scene)
    dropped = [spot for spot in missed if join.where is not None and scene.world.judge(join.where, spot, scene).truth != "T"]
    steps = tuple(trace(join.where, spot, scene) for spot in dropped[:DROPPED]) if join.where is not None else ()
    return Lookup(join, key, found, steps, len(dropped), len(missed) - len(dropped), claims, first, last)


def _missed(join: Join, found: Collection, scene: Scene) -> list[Spot]:
    """Those that have the key and are not among the members."""
    ours = key_of(scene.focus, join.ours, join.sorts, scene)
    kept = {id(spot.document) for spot in found.members}
    sought = () if isinstance(ours, Unknown) else scene.world.index(join).found.get(ours, ())
    return [Spot(document, (), document.body) for document in sought if id(document) not in kept]


# ---- measures ------------------------------------------------------------------------------------------------------------------


def derivation(measure: Measure, scene: Scene) -> Derivation:
    """The measure at the focus, and what it was derived from."""
    value = measure_of(measure, scene)
    over = _over(measure)
    found = None if over is None else entered(over.of, scene)
    members = len(found.members) if isinstance(found, Collection) else None
    openness = found.openness if isinstance(found, Collection) else frozenset()
    unknown = value.culprits if isinstance(value, Unknown) else ()
    return Derivation(
        measure, value, is_secret(Path(measure.name, ()), scene.focus, scene), members, openness, _given(measure, scene), unknown
    )


def _over(measure: Measure) -> Over | None:
    match measure.formula:
        case Aggregate(over=over) | Share(over) | Ratio(over):
            return over
        case WilsonLower() | SampleSize() | DaysBetween():
            return None
        case _:
            assert_never(measure.formula)


def _given(measure: Measure, scene: Scene) -> tuple[Given, ...]:
    match measure.formula:
        case Aggregate(word, over, sort, p):
            taken = _taken(over, scene) if over.where is not None else ()
            columns = () if word == "count" else _values(over, sort, scene)
            return (*taken, *columns, *param_given(p, scene))
        case Share(over):
            return tuple(_taken(over, scene))
        case Ratio(over, below):
            taken = _taken(over, scene) if over.where is not None else ()
            return (*taken, *_sum(over, over.value, scene), *_sum(over, below, scene))
        case WilsonLower(successes, n, confidence):
            return (*_at(successes, scene), *_at(n, scene), *param_given(confidence, scene))
        case SampleSize(margin, confidence, population):
            return (*_at(population, scene), *param_given(margin, scene), *param_given(confidence, scene))
        case DaysBetween(start, end):
            return (*_at(start, scene), *_at(end, scene))
        case _:
            assert_never(measure.formula)


def _taken(over: Over, scene: Scene) -> Iterator[Given]:
    """How many members `where` takes."""
    members = members_of(over, scene)
    yield Given("derived", "taken", members if isinstance(members, Unknown) else len(members))


def _values(over: Over, sort: Sort, scene: Scene) -> Iterator[Given]:
    """Each value of a column that is known whole."""
    members = members_of(over, scene)
    values = members if isinstance(members, Unknown) else column(members, over.value, sort, scene)
    if not isinstance(members, Unknown) and not isinstance(values, Unknown):
        for member, value in zip(members, values, strict=True):
            seen = resolve(over.value, member, scene)
            yield Given("operand", str(over.value), value, seen.spot, scene.world.secret(seen.spot), FromPath(over.value))


def _sum(over: Over, path: Path, scene: Scene) -> Iterator[Given]:
    members = members_of(over, scene)
    values = members if isinstance(members, Unknown) else column(members, path, "number", scene)
    total = values if isinstance(values, Unknown) else sum(values)
    yield Given("derived", f"sum of `{path}`", total, secret=_any_secret(members, path, scene))


def _any_secret(members: Sequence[Spot] | Unknown, path: Path, scene: Scene) -> bool:
    return not isinstance(members, Unknown) and any(scene.world.secret(resolve(path, member, scene).spot) for member in members)


def _at(path: Path, scene: Scene) -> Iterator[Given]:
    seen = resolve(path, scene.focus, scene)
    secret = is_secret(path, scene.focus, scene)
    yield Given("operand", str(path), seen.value, standing(path, scene.focus, scene), secret, FromPath(path))
