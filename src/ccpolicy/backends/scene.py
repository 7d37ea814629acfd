"""What names mean at one focus: paths, operands, joins and their closure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from ccpolicy.backends.outcome import NO_REASON, Outcome, Reasons, Spot
from ccpolicy.documents.coverage import covering
from ccpolicy.documents.document import Claim, Document, Evidence
from ccpolicy.documents.moment import Duration, Moment, day_of, read_duration, read_moment, shift
from ccpolicy.documents.path import HERE, Absent, Path, members, select
from ccpolicy.documents.values import Gap, OpenList, OpenMap, exact
from ccpolicy.language.derived import Join, Measure
from ccpolicy.language.expr import FromParam, FromPath, Length, Listed, Literally, Operand, Param, Predicate, Scalar, Sort, Values


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be told."""

    reasons: Reasons
    culprits: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Approx:
    """A number known to binary64 only: a comparison within 1e-9 of it is undecided."""

    value: float


Measured: TypeAlias = "int | Fraction | date | datetime | Approx | Unknown"


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Members, and whether there can be more: `doubts` are the reasons why, `complete` is about the claims of a joined kind."""

    members: tuple[Spot, ...]
    doubts: Reasons = NO_REASON
    complete: bool = True
    kind: str = ""  # of a join

    @property
    def closed(self) -> bool:
        """Nothing can be added to it."""
        return self.complete and not self.doubts

    @property
    def openness(self) -> Reasons:
        """Why it is not closed."""
        return self.doubts if self.complete else self.doubts | {"incomplete"}


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a path selects, and the spot a finding about it would name."""

    value: Any  # a JSON value, Gap, Absent, None, Collection or Measured
    spot: Spot


Judge: TypeAlias = "Callable[[Predicate, Spot, Scene], Outcome]"
Measurer: TypeAlias = "Callable[[Measure, Scene], Measured]"
Key: TypeAlias = Any  # hashable


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The documents of a kind by their key; those with a part of it unknown might be any."""

    found: Mapping[Key, Sequence[Document]]
    doubts: Reasons


@dataclass(slots=True, eq=False)
class World:
    """What is the same at every focus of a run."""

    evidence: Evidence
    organisation: Mapping[str, Any]
    judge: Judge
    measurer: Measurer
    secret: Callable[[Spot], bool] = lambda spot: False  # values that are never to be shown
    indexes: dict[tuple[str, tuple[Path, ...], tuple[Sort, ...]], Index] = field(default_factory=dict)
    coverings: dict[tuple[str, date, date, str | None, str | None], tuple[Claim, ...] | None] = field(default_factory=dict)
    calendars: dict[str, Any] = field(default_factory=dict)  # by id: what `calendar_of` made of them

    @property
    def as_of(self) -> date:
        """The day of the assessment."""
        return self.evidence.as_of

    def covering(self, kind: str, first: date, last: date, document: Document) -> tuple[Claim, ...] | None:
        """The claims that cover these days for the scope of the document, sought once for each scope."""
        key = (kind, first, last, document.site, document.client)
        if key not in self.coverings:
            self.coverings[key] = covering(self.evidence, *key)
        return self.coverings[key]

    def index(self, join: Join) -> Index:
        """The hash index of a join, built once for each kind and key."""
        key = (join.kind, join.theirs, join.sorts)
        if key not in self.indexes:
            self.indexes[key] = _indexed(self.evidence.of(join.kind), join.theirs, join.sorts)
        return self.indexes[key]


def _indexed(documents: Sequence[Document], theirs: tuple[Path, ...], sorts: tuple[Sort, ...]) -> Index:
    found: dict[Key, list[Document]] = {}
    doubts: set[str] = set()
    for document in documents:
        key = key_of(Spot(document, (), document.body), theirs, sorts)
        if isinstance(key, Unknown):
            doubts |= key.reasons
        else:
            found.setdefault(key, []).append(document)
    return Index(found, frozenset(doubts))


@dataclass(slots=True, eq=False)
class Scene:
    """One focus and the names it knows."""

    world: World
    focus: Spot
    zone: ZoneInfo
    params: Mapping[str, Param] = field(default_factory=dict)
    period: tuple[date, date] | None = None
    joins: Mapping[str, Join] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    joined: dict[str, Collection] = field(default_factory=dict)
    measured: dict[str, Measured] = field(default_factory=dict)
    claims: set[Claim] = field(default_factory=set)  # those a closure leaned on

    @property
    def as_of(self) -> date:
        """The day of the assessment."""
        return self.world.as_of

    def covers(self, kind: str, first: date, last: date) -> bool:
        """Whether the kind is complete for these days and the focus's scope; the claims used are kept as assumptions."""
        used = self.world.covering(kind, first, last, self.focus.document)
        self.claims.update(used or ())
        return used is not None


# ---- paths ---------------------------------------------------------------------------------------------------------------------


def resolve(path: Path, at: Spot, scene: Scene) -> Seen:
    """What a path selects, seen from where the condition stands."""
    if path.root == HERE:
        return _inside(at, path.steps)
    if path.root == "focus":
        return _inside(scene.focus, path.steps)
    if path.root == "document":
        return _inside(envelope_of(at.document), path.steps)
    if path.root in scene.joins:
        return Seen(join_of(scene.joins[path.root], scene), scene.focus)
    if path.root in scene.measures:
        return Seen(measure_of(scene.measures[path.root], scene), scene.focus)
    return Seen(select(_given(path.root, scene), path.steps), scene.focus)


def envelope_of(document: Document) -> Spot:
    """`$document`: the envelope of the document in which the condition stands."""
    fields = {**document.envelope, "id": document.id if document.named else Gap("gap")}
    return Spot(document, (), OpenMap(fields) if isinstance(document.envelope, OpenMap) else fields, enveloped=True)


def _given(name: str, scene: Scene) -> Any:
    if name == "as_of":
        return scene.as_of.isoformat()
    if name == "organisation":
        return scene.world.organisation
    if scene.period is None:
        return Gap("unresolved")
    return {"from": scene.period[0].isoformat(), "to": scene.period[1].isoformat()}


def _inside(at: Spot, steps: tuple[Any, ...]) -> Seen:
    if not steps:
        return Seen(at.value, at)
    value = select(at.value, steps)
    return Seen(value, Spot(at.document, at.within + steps, value, at.enveloped))


# ---- values --------------------------------------------------------------------------------------------------------------------


def unknown(value: Any) -> Unknown | None:
    """Why a value cannot be compared: it is absent, null, a gap or a measure that cannot be told; None if it can."""
    if value is None:
        return Unknown(frozenset({"null"}))
    if isinstance(value, Gap | Absent):
        return Unknown(frozenset({value.reason}))
    return value if isinstance(value, Unknown) else None


WRONG_TYPE = Unknown(frozenset({"wrong_type"}))


def scalar(value: Any, sort: Sort) -> Scalar | Approx | Unknown:
    """A value read as its sort asks. Text is never coerced: `"90"` is no number, `true` is not 1."""
    missing = unknown(value)
    if missing is not None:
        return missing
    found = _read(value, sort)
    return WRONG_TYPE if found is None else found


def _read(value: Any, sort: Sort) -> Scalar | Approx | None:
    match sort:
        case "number":
            return value if isinstance(value, Approx) else exact(value)
        case "text":
            return value if isinstance(value, str) else None
        case "boolean":
            return value if isinstance(value, bool) else None
        case "moment":
            return value if isinstance(value, date) else read_moment(value)
        case "duration":
            return value if isinstance(value, Duration) else read_duration(value)
        case "any":
            return value if isinstance(value, str | bool | date | Duration | Approx) else exact(value)


def operand(node: Operand, sort: Sort, at: Spot, scene: Scene) -> Scalar | Approx | Unknown:
    """The value of an operand, read by the sort of the comparison."""
    match node:
        case Literally(value):
            return value
        case FromParam(name):
            value_or_none = scene.params.get(name)
            return Unknown(frozenset({"param_unset"})) if value_or_none is None else scalar(value_or_none, sort)
        case FromPath(path=path, by=by, sign=sign):
            seen = resolve(path, at, scene)
            found = scalar(seen.value, sort)
            if isinstance(found, Unknown):
                return Unknown(found.reasons, found.culprits or (seen.spot,))
            return found if by is None else _moved(found, by, sign, scene)


def _moved(value: Scalar | Approx, by: Length, sign: int, scene: Scene) -> Scalar | Unknown:
    step = length(by, scene)
    if isinstance(step, Unknown):
        return step
    moved = shift(value, step, sign) if isinstance(value, date) else None
    return WRONG_TYPE if moved is None else moved


def length(node: Length, scene: Scene) -> Duration | Unknown:
    """A duration written in the rule, or given by a parameter."""
    if isinstance(node, Duration):
        return node
    found = scene.params.get(node.name)
    return found if isinstance(found, Duration) else Unknown(frozenset({"param_unset"}))


@dataclass(frozen=True, slots=True)
class Arguments:
    """The values of a list argument; `doubts` if there may be others than these."""

    values: tuple[Scalar | Approx, ...]
    doubts: Reasons = NO_REASON


def arguments(node: Values, sort: Sort, at: Spot, scene: Scene) -> Arguments | Unknown:
    """The values of a list that is written in the rule, given by a parameter, or found by a path."""
    match node:
        case Listed(values):
            return Arguments(tuple(value.value for value in values))
        case FromParam(name):
            given = scene.params.get(name)
            return Arguments(given) if isinstance(given, tuple) else Unknown(frozenset({"param_unset"}))
        case FromPath(path=path):
            found = gathered(resolve(path, at, scene))
            return found if isinstance(found, Unknown) else _known_members(found, sort)


def _known_members(found: Collection, sort: Sort) -> Arguments:
    read = [scalar(member.value, sort) for member in found.members]
    doubts = NO_REASON.union(*(value.reasons for value in read if isinstance(value, Unknown)))
    return Arguments(tuple(value for value in read if not isinstance(value, Unknown)), doubts | found.openness)


def same_moment(left: Moment, right: Moment, zone: ZoneInfo) -> tuple[Moment, Moment]:
    """Two instants stay as they are; beside a date, an instant becomes the date it has in the zone."""
    if isinstance(left, datetime) and isinstance(right, datetime):
        return left, right
    return day_of(left, zone), day_of(right, zone)


# ---- collections and joins -----------------------------------------------------------------------------------------------------


def gathered(seen: Seen) -> Collection | Unknown:
    """The members of a list, a map or a join. A scalar is no list of one."""
    value = seen.value
    if isinstance(value, Collection):
        return value
    if not isinstance(value, dict | list):
        return unknown(value) or WRONG_TYPE
    spot = seen.spot
    found = tuple(Spot(spot.document, within, member, spot.enveloped) for within, member in members(value, spot.within))
    return Collection(found, frozenset({"incomplete"}) if isinstance(value, OpenList | OpenMap) else NO_REASON)


def key_of(at: Spot, paths: tuple[Path, ...], sorts: tuple[Sort, ...], scene: Scene | None = None) -> Key | Unknown:
    """The key of a document (or of the focus), or why a part of it is unknown."""
    parts = [scalar(_key_part(path, at, scene), sort) for path, sort in zip(paths, sorts, strict=True)]
    reasons = NO_REASON.union(*(part.reasons for part in parts if isinstance(part, Unknown)))
    return Unknown(reasons) if reasons else distinct_key(parts)


def distinct_key(parts: Sequence[Any]) -> Key:
    """A key that is equal only to its like: `true` is not 1. One part stands for itself, since indexes hold many."""
    told = [("boolean", part) if isinstance(part, bool) else part for part in parts]
    return told[0] if len(told) == 1 else tuple(told)


def _key_part(path: Path, at: Spot, scene: Scene | None) -> Any:
    if scene is not None:
        return resolve(path, at, scene).value
    return _inside(envelope_of(at.document) if path.root == "document" else at, path.steps).value


def join_of(join: Join, scene: Scene) -> Collection:
    """The collection of a join at the focus, made once."""
    if join.name not in scene.joined:
        scene.joined[join.name] = _join(join, scene)
    return scene.joined[join.name]


def _join(join: Join, scene: Scene) -> Collection:
    first, last = claimed_days(join, scene)
    complete = (join.recorded or join.during is None) and scene.covers(join.kind, first, last)
    ours = key_of(scene.focus, join.ours, join.sorts, scene)
    if isinstance(ours, Unknown):
        return Collection((), ours.reasons, complete, join.kind)
    index = scene.world.index(join)
    kept: list[Spot] = []
    doubts = set(index.doubts)
    for document in index.found.get(ours, ()):
        spot = Spot(document, (), document.body)
        inside = _belongs(join, spot, scene)
        if inside == "T":
            kept.append(spot)
        elif inside != "F":
            doubts |= inside
    own = all(scene.world.covering(join.kind, first, last, spot.document) is not None for spot in kept) if complete else False
    return Collection(tuple(kept), frozenset(doubts), complete and own, join.kind)


def claimed_days(join: Join, scene: Scene) -> tuple[date, date]:
    """The days that claims about the joined kind have to cover: at the focus, and in the scope of each member as well."""
    if join.during is None or scene.period is None:
        return scene.as_of, scene.as_of
    first, last = scene.period
    return (beside(first, -1), beside(last, 1)) if join.instant and scene.zone.key != "UTC" else (first, last)


def beside(day: date, step: int) -> date:
    """The day before or after: claims speak of days of UTC, and those of another zone reach into the days beside them."""
    return shift(day, Duration(days=1), step) or day


def _belongs(join: Join, spot: Spot, scene: Scene) -> Literal["T", "F"] | Reasons:
    doubts = NO_REASON
    if join.during is not None and scene.period is not None:
        when = scalar(resolve(join.during, spot, scene).value, "moment")
        if isinstance(when, Unknown):
            doubts = when.reasons
        elif isinstance(when, date) and not scene.period[0] <= day_of(when, scene.zone) <= scene.period[1]:
            return "F"
    if join.where is not None:
        outcome = scene.world.judge(join.where, spot, scene)
        if outcome.truth == "F":
            return "F"
        doubts |= outcome.reasons
    return doubts or "T"


def measure_of(measure: Measure, scene: Scene) -> Measured:
    """The value of a measure at the focus, derived once."""
    if measure.name not in scene.measured:
        scene.measured[measure.name] = scene.world.measurer(measure, scene)
    return scene.measured[measure.name]
