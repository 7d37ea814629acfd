"""From a trace to what may be told of it: values hidden, names said in English, places noted down to be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, assert_never

from ccpolicy.assessment.explanation import (
    WORDS,
    Closure,
    Count,
    Derived,
    Entries,
    Entry,
    Event,
    Events,
    Insight,
    LookedUp,
    Named,
    Place,
    Point,
    Sight,
    Stop,
    Way,
)
from ccpolicy.assessment.hiding import Hiding, without_pans
from ccpolicy.backends.english import Names, Said, join_said, measure_said, plain, predicate_said
from ccpolicy.backends.english_words import operand_said
from ccpolicy.backends.given import Given
from ccpolicy.backends.inputs import Derivation, Lookup
from ccpolicy.backends.outcome import Culprit, Reasons, Spot, Truth
from ccpolicy.backends.phrases import REDACTED, actual_of, number_text, value_text
from ccpolicy.backends.scene import Approx, Collection, Unknown, unknown
from ccpolicy.backends.trace import Parts, Series, Step, Tally, Walked
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.values import exact
from ccpolicy.language.expr import AllOf, AnyOf, IfThenElse, Leaf, Meets, Not, Predicate

_BEYOND = 10**300  # a fraction as large as this is told as text: binary64 might not hold it
ENTRIES, MEMBERS, EVENTS, INPUTS = 8, 6, 12, 8  # shown of one list, join, cadence and measure


_FOUND: dict[Truth, Literal["yes", "no", "unknown"]] = {"T": "yes", "F": "no", "U": "unknown"}
_DECIDING = {"contains_all": "FUT", "subset_of": "FUT"}  # which truths come first


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells traces of one rule; `names` are what it calls things."""

    hiding: Hiding
    names: Names

    # ---- places and values -----------------------------------------------------------------------------------------------------

    def place(self, spot: Spot) -> Place:
        """Where a spot stands; its line is still to be found."""
        return Place(spot.document.file, spot.document.line, self.hiding.pointer(spot), at=spot.pointer())

    def named(self, spot: Spot) -> Named:
        """The document or member at a spot."""
        place = self.place(spot)
        if not spot.within:
            return Named(spot.document.kind, redact_pans(spot.document.id), place)
        last = place.pointer[-1] if place.pointer else ""
        return Named("", str(last + 1) if isinstance(last, int) else f"`{redact_pans(last)}`", place)

    def sight(self, given: Given) -> Sight:
        """What may be told of a value."""
        place = None if given.spot is None else self.place(given.spot)
        said = "" if given.node is None else redact_pans(operand_said(given.node, self.names))
        return replace(self._sight(given, place), said=said)

    def _sight(self, given: Given, place: Place | None) -> Sight:
        missing = unknown(given.value)
        if missing is not None:
            return Sight(given.source, given.name, None, "", tuple(sorted(missing.reasons)), place)
        if given.secret or (given.spot is not None and self.hiding.secret(given.spot)):
            return Sight(given.source, given.name, None, REDACTED, (), place)
        if isinstance(given.value, Collection | list | dict):
            return Sight(given.source, given.name, None, str(actual_of(given.value)), (), place)
        value = tuple(_scalar(one) for one in given.value) if isinstance(given.value, tuple) else _scalar(given.value)
        return Sight(given.source, given.name, value, "", (), place)

    def _unknown_at(self, spot: Spot, reasons: Reasons) -> Sight:
        own = unknown(spot.value)
        return Sight("seen", "", None, "", tuple(sorted(own.reasons if own is not None else reasons)), self.place(spot))

    def _worded(self, said: Said) -> tuple[str, str, tuple[str, ...]]:
        """A sentence as a whole, its beginning, and what follows."""
        return redact_pans(plain(said)), redact_pans(said.text), tuple(redact_pans(plain(part)) for part in said.parts)

    # ---- conditions ------------------------------------------------------------------------------------------------------------

    def point(self, step: Step, member: bool = False) -> Point:
        """A step of a trace; `member` if it is one of a collection."""
        node, outcome = step.node, step.outcome
        own = [culprit for culprit in outcome.culprits if culprit.place == node.place and culprit.spot.document is not None]
        members = isinstance(step.insight, Tally)
        return Point(
            WORDS[outcome.truth],
            step.role,
            *self._worded(predicate_said(node, self.names)),
            _operator(node),
            node.place,
            tuple(sorted(outcome.reasons)) if outcome.truth == "U" else (),
            self.named(step.at) if member else None,
            tuple(self.sight(given) for given in step.given),
            self._notes(node, own),
            self._insight(step),
            tuple(self.point(child, members) for child in step.children),
        )

    def _notes(self, node: Predicate, culprits: Sequence[Culprit]) -> tuple[str, ...]:
        """What the interpreter noted at a leaf: its gaps, its path, what a detector found; values of documents are in the sights."""
        if not isinstance(node, Leaf) or not culprits:
            return ()
        culprit = culprits[0]
        own = isinstance(culprit.actual, str) and culprit.actual is not culprit.spot.value
        found = [f"found {culprit.actual}"] if own and node.word in ("free_of", "at_most_one_of", "unique_by") else []
        return tuple(redact_pans(note) for note in (*found, *culprit.notes))

    def _insight(self, step: Step) -> Insight:
        match step.insight:
            case None:
                return None
            case Tally(counts, openness):
                return Count(counts["T"], counts["F"], counts["U"], tuple(sorted(openness)))
            case Parts(parts, openness):
                order = sorted(parts, key=lambda part: _DECIDING.get(_operator(step.node), "TUF").index(part.truth))
                entries = tuple(Entry(_FOUND[part.truth], self.sight(part.given)) for part in order[:ENTRIES])
                return Entries(entries, len(parts) - len(entries), tuple(sorted(openness)))
            case Series() as series:
                return self._events(series)
            case Walked() as walked:
                return self._way(walked)
            case _:
                assert_never(step.insight)

    def _events(self, series: Series) -> Events:
        anchor = max((day for day, _ in series.events if series.start is not None and day <= series.start), default=None)
        inside = [(day, spot) for day, spot in series.events if anchor is None or day >= anchor]
        shown = inside[-EVENTS:]
        events = tuple(Event(None if series.secret else day, self.named(spot)) for day, spot in shown)
        undated = tuple(Event(None, self.named(spot)) for spot in series.undated[:EVENTS])
        reasons = tuple(sorted(series.openness))
        closed = (series.claims is not None or not series.joined) and not reasons
        first, last = (None, None) if series.secret or not series.joined else (series.first, series.last)
        claimed = series.claims is not None or not series.joined
        closure = Closure(closed, series.claims or (), reasons, first, last, series.joined and not series.recorded, claimed)
        return Events(series.start, events, len(series.events) - len(shown), undated, closure)

    def _way(self, walked: Walked) -> Way:
        stops = [self._stop(walked, number) for number in range(len(walked.way))]
        loose = [
            Sight("seen", self._node_name(walked, position), None, "", tuple(sorted(arc.reasons)), self.place(node.spot))
            for position, node in enumerate(walked.flow.nodes)
            for arc in node.arcs
            if arc.reasons
        ]
        return Way(len(walked.flow.nodes), walked.certain, tuple(stops), tuple(loose[:ENTRIES]))

    def _node_name(self, walked: Walked, position: int) -> str:
        return f"node {position + 1}" if walked.hidden else redact_pans(walked.flow.nodes[position].name)

    def _stop(self, walked: Walked, number: int) -> Stop:
        position = walked.way[number]
        node = walked.flow.nodes[position]
        remark = ""
        if number + 1 < len(walked.way) and node.passes.truth == "T":
            ahead = walked.way[number + 1]
            loose = any(ahead in arc.targets and not arc.takes_effect for arc in node.arcs)
            remark = "left by an edge on which it has no effect" if loose else "undone again"
        return Stop(self._node_name(walked, position), self.place(node.spot), self.point(walked.nodes[number]), remark)

    # ---- joins and measures ----------------------------------------------------------------------------------------------------

    def looked_up(self, found: Lookup) -> LookedUp:
        """A join."""
        join, members = found.join, found.found
        closure = Closure(
            members.closed,
            found.claims or () if members.closed else (),
            tuple(sorted(members.doubts)),
            found.first,
            found.last,
            join.during is not None and not join.recorded,
            members.complete,
        )
        return LookedUp(
            join.name,
            redact_pans(join.phrase),
            *self._worded(join_said(join, self.names)),
            join.kind,
            tuple((str(theirs), self.sight(ours)) for theirs, ours in found.key),
            len(members.members),
            tuple(self.named(spot) for spot in members.members[:MEMBERS]),
            tuple(self.point(step, True) for step in found.dropped),
            found.left_out,
            found.outside,
            closure,
        )

    def derived(self, found: Derivation) -> Derived:
        """A measure."""
        value = self.sight(Given("derived", found.measure.name, found.value, secret=found.secret))
        reasons = found.value.reasons if isinstance(found.value, Unknown) else frozenset()
        return Derived(
            found.measure.name,
            *self._worded(measure_said(found.measure, self.names)),
            value,
            found.members,
            tuple(self.sight(given) for given in found.given[:INPUTS]),
            max(0, len(found.given) - INPUTS),
            tuple(self._unknown_at(spot, reasons) for spot in found.unknown[:INPUTS]),
        )


def _operator(node: Predicate) -> str:
    match node:
        case Leaf(word=word):
            return word
        case AllOf():
            return "all_of"
        case AnyOf():
            return "any_of"
        case Not():
            return "not"
        case IfThenElse():
            return "if"
        case Meets():
            return "meets"
        case _:
            assert_never(node)


def _scalar(value: Any) -> Any:
    """A JSON scalar in which no card number stands."""
    if isinstance(value, bool | str):
        return without_pans(value)
    if isinstance(value, Approx):
        return round(value.value, 9)
    if isinstance(value, datetime | date):
        return value_text(value)
    if isinstance(value, Duration):
        return value.text
    number = exact(value)
    if number is None:
        return without_pans(str(value))
    if isinstance(number, int) or number.denominator == 1:
        return without_pans(int(number))
    text = number_text(number)
    return float(text) if redact_pans(text) == text and abs(number) < _BEYOND else redact_pans(text)
