"""An explanation: each step from the population of a rule to the verdicts on its foci, as values in which nothing needs hiding any more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, TypeAlias

from ccpolicy.assessment.finding import Finding, RuleResult, SetParameter, Verdict, WaiverNote
from ccpolicy.backends.given import Source
from ccpolicy.backends.outcome import Truth
from ccpolicy.backends.trace import Role
from ccpolicy.documents.document import Claim
from ccpolicy.documents.pointer import Pointer
from ccpolicy.errors import Problem

Word: TypeAlias = Literal["holds", "fails", "unknown"]
WORDS: Mapping[Truth, Word] = {"T": "holds", "F": "fails", "U": "unknown"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands."""

    file: str
    record: int  # first line of the record in NDJSON and CSV, else 0
    pointer: Pointer
    line: int = 0
    column: int = 0
    at: Pointer = field(default=(), repr=False)  # where it stands; `pointer` is that as it may be shown


@dataclass(frozen=True, slots=True)
class Sight:
    """A value that a step looked at: `value` if it is a known scalar (or a list of such), `words` if something else is known, or neither.

    `reasons` say why nothing is known; `place` is where it stands, if it stands anywhere.
    """

    source: Source
    name: str  # as the rule writes it
    value: Any = None
    words: str = ""
    reasons: tuple[str, ...] = ()
    place: Place | None = None
    said: str = ""  # the name in English, where there is more to it than a path


@dataclass(frozen=True, slots=True)
class Named:
    """A document that a step came upon, or a member of a list: that has no kind, and its position or key for an id."""

    kind: str
    id: str
    place: Place


@dataclass(frozen=True, slots=True)
class Closure:
    """Whether there can be others than those found: `claims` say that there cannot, or `reasons` why there may be.

    `first` and `last` are the days that claims have to cover, if any have to; `undatable` if the dates used are not the record dates of
    the kind, so that no claim can speak of them.
    """

    closed: bool
    claims: tuple[Claim, ...] = ()
    reasons: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    undatable: bool = False
    claimed: bool = False  # claims cover the days, though it is open for other reasons


@dataclass(frozen=True, slots=True)
class Count:
    """The members of a collection by their truth, and whether it is closed; only some of them are shown."""

    holds: int
    fails: int
    unknown: int
    open_because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A value, and whether it is found in the list that it is held against."""

    found: Literal["yes", "no", "unknown"]
    sight: Sight


@dataclass(frozen=True, slots=True)
class Entries:
    """The members of a list, or the values that it is held against; `more` of them are not shown."""

    entries: tuple[Entry, ...]
    more: int
    open_because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A document (or a member) with its date; without one if it is not known or not to be shown."""

    on: date | None
    what: Named


@dataclass(frozen=True, slots=True)
class Events:
    """What a cadence counted: the time looked back on, the events from the last one before it, and whether there can be others."""

    start: date | None
    events: tuple[Event, ...]
    earlier: int  # events before those
    undated: tuple[Event, ...]
    closure: Closure


@dataclass(frozen=True, slots=True)
class Stop:
    """A node on a path through a flow. `remark` says how the path got past its guard."""

    name: str
    place: Place
    point: Point
    remark: str


@dataclass(frozen=True, slots=True)
class Way:
    """The shortest bad path, or one that what is unknown leaves possible; no stops if there is none. `loose` are what is unknown."""

    nodes: int
    certain: bool
    stops: tuple[Stop, ...]
    loose: tuple[Sight, ...]


Insight: TypeAlias = "Count | Entries | Events | Way | None"


@dataclass(frozen=True, slots=True)
class Point:
    """One condition of a rule where it stands: whether it holds, in English, and what was seen."""

    truth: Word
    role: Role
    said: str
    lead: str  # its beginning, where the conditions it is made of follow
    parts: tuple[str, ...]  # what follows
    operator: str
    rule_place: str  # of the condition in its rule
    reasons: tuple[str, ...]
    member: Named | None = None  # the member of a collection that it is about
    sights: tuple[Sight, ...] = ()
    notes: tuple[str, ...] = ()
    insight: Insight = None
    children: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A join at a focus. `dropped` have the key, but not what the rule asks of them; `outside` lie in other periods."""

    name: str
    phrase: str
    said: str
    lead: str  # its beginning
    parts: tuple[str, ...]  # what follows
    kind: str
    key: tuple[tuple[str, Sight], ...]  # the field of theirs, and ours
    count: int
    members: tuple[Named, ...]  # the first of them
    dropped: tuple[Point, ...]
    left_out: int
    outside: int
    closure: Closure


@dataclass(frozen=True, slots=True)
class Derived:
    """A measure at a focus, and what it was derived from."""

    name: str
    said: str
    lead: str  # its beginning
    parts: tuple[str, ...]  # what follows
    value: Sight
    members: int | None
    sights: tuple[Sight, ...]
    more: int  # sights that are not shown
    unknown: tuple[Sight, ...]  # inputs that are not known


@dataclass(frozen=True, slots=True)
class WaiverSeen:
    """A waiver of the rule, and whether it covers the focus."""

    id: str
    covers: Word
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class Account:
    """One focus, from what was looked up to the verdict."""

    kind: str
    document: str
    place: Place
    period: tuple[date, date] | None
    stub: bool
    verdict: Verdict
    note: str
    why: str
    reasons: tuple[str, ...]
    lookups: tuple[LookedUp, ...]
    measures: tuple[Derived, ...]
    when: Point | None
    require: Point | None  # None where it was not judged
    waivers: tuple[WaiverSeen, ...]
    witnesses: tuple[Place, ...]
    assumptions: tuple[Claim, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule over evidence, explained. `more` counts the foci, by verdict, that are not explained."""

    as_of: date
    result: RuleResult
    documents: int  # of the kind, in the evidence
    population: str  # in English
    closure: Closure
    parameters: tuple[SetParameter, ...]
    accounts: tuple[Account, ...]
    more: Mapping[Verdict, int]
    waivers: tuple[WaiverNote, ...]
    problems: tuple[Problem, ...]  # with the evidence
