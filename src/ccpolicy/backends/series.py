"""Cadence: whether events came often enough, and from which anchor on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TypeAlias

from ccpolicy.backends.marks import Mark, held, undecided
from ccpolicy.backends.outcome import NO_REASON, Reasons, Spot
from ccpolicy.backends.scene import WRONG_TYPE, Collection, Scene, Unknown, beside, length, resolve, scalar
from ccpolicy.documents.moment import Duration, day_of, shift
from ccpolicy.language.expr import Cadence, Length

Gaps: TypeAlias = "list[tuple[date, date]]"


def cadence(test: Cadence, found: Collection, scene: Scene) -> Mark:
    """T with an anchor event and no gap too long; F with a gap too long among events that are all there and all dated."""
    every, over, tolerance = (_length(node, scene) for node in (test.every, test.over_last, test.tolerance))
    unset = NO_REASON.union(*(span.reasons for span in (every, over, tolerance) if isinstance(span, Unknown)))
    if unset or not isinstance(every, Duration) or not isinstance(over, Duration) or not isinstance(tolerance, Duration):
        return undecided(Unknown(unset))
    start = shift(scene.as_of, over, -1)
    if start is None:
        return undecided(WRONG_TYPE)
    events, undated = events_of(test, found, scene)
    anchors = [spot for day, spot in events if day <= start]
    days = [day for day, _ in events]
    anchor = max((day for day in days if day <= start), default=start)
    gaps = _too_long(anchor, [day for day in days if day > anchor], scene.as_of, every, tolerance)
    if anchors and not gaps:
        return held(tuple(spot for day, spot in events if day >= anchor))
    hidden = any(scene.world.secret(resolve(test.at, member, scene).spot) for member in found.members)
    notes = () if hidden else tuple(f"nothing between {a.isoformat()} and {b.isoformat()}" for a, b in gaps)
    doubts = undated | _openness(test, found, anchor, scene)
    since = _too_long(start, [day for day in days if day > start], scene.as_of, every, tolerance)
    if since and doubts and not undated | _openness(test, found, start, scene):
        gaps, doubts = since, NO_REASON
    if gaps and not doubts:
        return Mark("F", actual=f"{len(gaps)} gap{'s' if len(gaps) > 1 else ''} too long", notes=notes)
    return Mark("U", doubts or frozenset({"incomplete"}), actual=_known([] if hidden else events, len(events)), notes=notes)


def _length(node: Length | None, scene: Scene) -> Duration | Unknown:
    return Duration() if node is None else length(node, scene)


def events_of(test: Cadence, found: Collection, scene: Scene) -> tuple[list[tuple[date, Spot]], Reasons]:
    """The known dates up to `as_of`, the earliest first, and why other members have none."""
    events: list[tuple[date, Spot]] = []
    undated = NO_REASON
    for member in found.members:
        when = scalar(resolve(test.at, member, scene).value, "moment")
        if isinstance(when, Unknown):
            undated |= when.reasons
        elif isinstance(when, date) and day_of(when, scene.zone) <= scene.as_of:
            events.append((day_of(when, scene.zone), member))
    return sorted(events, key=lambda event: event[0]), undated


def _too_long(anchor: date, events: Sequence[date], as_of: date, every: Duration, tolerance: Duration) -> Gaps:
    points = [anchor, *sorted(set(events)), as_of]
    return [(a, b) for a, b in itertools.pairwise(points) if b > _limit(a, every, tolerance)]


def _limit(day: date, every: Duration, tolerance: Duration) -> date:
    latest = shift(datetime.combine(day, time()), every)
    latest = None if latest is None else shift(latest, tolerance)
    return date.max if latest is None else latest.date() if isinstance(latest, datetime) else latest


def _openness(test: Cadence, found: Collection, anchor: date, scene: Scene) -> Reasons:
    if not found.kind:
        return found.openness
    first = anchor if scene.zone.key == "UTC" else beside(anchor, -1)
    complete = test.recorded and scene.covers(found.kind, first, scene.as_of)
    return found.doubts if complete else found.doubts | {"incomplete"}


def _known(events: Sequence[tuple[date, Spot]], count: int) -> str:
    latest = f", the latest on {events[-1][0].isoformat()}" if events else ""
    return f"{count} known{latest}"
