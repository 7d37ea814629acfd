"""Controls as a run sees them: where they are looked at, what rules say of them, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ccpolicy.controls.inference import Inferred
from ccpolicy.documents.document import Claim
from ccpolicy.rulebook.rule import Citation

Status: TypeAlias = Literal["fail", "undetermined", "blocked", "waived", "pass", "not_applicable"]
STATUSES: tuple[Status, ...] = ("fail", "undetermined", "blocked", "waived", "pass", "not_applicable")  # worst first
Method: TypeAlias = Literal["inherited", "attested", "rules", "none"]
METHODS: tuple[Method, ...] = ("inherited", "attested", "rules", "none")  # what is marked first: what others vouch for


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a control is looked at: a site, a client, or, with neither, the whole organisation."""

    site: str = ""
    client: str = ""

    def touched_by(self, site: str | None, client: str | None) -> bool:
        """Whether what is of that site and client (None is all of them) may be of this place."""
        return not (site and self.site and site != self.site) and not (client and self.client and client != self.client)

    def covered_by(self, site: str | None, client: str | None) -> bool:
        """Whether what holds for that site and client (None is all of them) holds for the whole of this place."""
        return (not site or site == self.site) and (not client or client == self.client)

    def __str__(self) -> str:
        told = [f"site {self.site}"] * bool(self.site) + [f"client {self.client}"] * bool(self.client)
        return ", ".join(told) or "the organisation"


ORGANISATION = Place()


@dataclass(frozen=True, slots=True)
class Standing:
    """What a rule comes to at a place."""

    status: Status  # never blocked
    tainted: bool = False  # some focus passed although its `when` was undecided
    alternative: bool = False  # some focus passed by the documented alternative to an addressable control
    data_classes: frozenset[str] | None = None  # with which every document behind it is tagged; None without documents


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a rule says of the controls that it cites: on the whole, and at places. Without `whole` it was not run."""

    rule: str
    citations: tuple[Citation, ...]
    whole: Standing | None
    places: Mapping[Place, Standing] = field(default_factory=dict)
    assumptions: tuple[Claim, ...] = ()

    def at(self, place: Place) -> Standing | None:
        """What it comes to at a place."""
        return self.places.get(place, self.whole)


@dataclass(frozen=True, slots=True)
class ControlStatus:
    """What a control comes to, and why. `status` follows from rules and statements alone.

    What other standards say stands beside it: `inferred`, which takes its place in a report only if it is `filled`, that is, where no rule
    and no statement speaks; `disputed` are inferred statuses that contradict it, or each other.
    """

    id: str  # <standard>/<number>
    status: Status
    method: Method
    rules: tuple[str, ...]  # that cite it
    note: str = ""
    root_cause: str = ""  # full id of the control that keeps it from passing
    assumptions: tuple[Claim, ...] = ()
    tainted: bool = False  # it rests on a pass in which some `when` was undecided
    alternative: bool = False  # it rests on the documented alternative to an addressable control
    data_classes: frozenset[str] = frozenset()  # with which every document behind it is tagged
    places: tuple[tuple[Place, Status], ...] = ()
    inferred: Inferred | None = None
    filled: bool = False
    disputed: tuple[Inferred, ...] = ()
    candidates: tuple[str, ...] = ()  # controls whose evidence may serve this one

    @property
    def standard(self) -> str:
        """The standard it belongs to."""
        return self.id.partition("/")[0]

    @property
    def control(self) -> str:
        """Its number within the standard."""
        return self.id.partition("/")[2]


def worst(statuses: list[Status]) -> Status:
    """The worst of at least one status."""
    return min(statuses, key=STATUSES.index)
