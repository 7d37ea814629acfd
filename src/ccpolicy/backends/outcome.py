"""Truth tables: three values, their reasons, and who is to blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ccpolicy.documents.document import Document
from ccpolicy.documents.pointer import Pointer

Truth: TypeAlias = Literal["T", "F", "U"]
Reasons: TypeAlias = frozenset[str]

NO_REASON: Reasons = frozenset()
KEPT = 20  # members and culprits kept in the detail of one culprit


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """A value where it stands: `within` leads there from the document's body (from its envelope, if `enveloped`)."""

    document: Document
    within: Pointer
    value: Any
    enveloped: bool = False

    def pointer(self) -> Pointer:
        """The pointer from the root of the file (of the line)."""
        if self.enveloped and self.within == ("id",) and self.document.base[:1] == ("records",):
            return self.document.pointer(self.within)
        if self.enveloped:
            return () if self.document.mapped else self.within
        return self.document.pointer(self.within)


@dataclass(frozen=True, slots=True, eq=False)
class Culprit:
    """A node that is F or U, where it stands, with what was expected and what was seen."""

    truth: Truth
    operator: str
    place: str  # of the node in its rule
    spot: Spot
    expected: str
    actual: Any  # a scalar, a Gap, Absent, None, or a short text in our own words
    reasons: Reasons
    secret: bool = False  # the value must not be shown, whatever the schema says
    detail: tuple[Culprit, ...] = ()
    notes: tuple[str, ...] = ()  # gaps of a cadence, the witness of a path, ...
    subject: str = ""  # what a join or a measure is called, where no pointer says it


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """The truth of a node, the reasons of its unknowns, its culprits (unless T), and where it was seen to hold (if T)."""

    truth: Truth
    reasons: Reasons = NO_REASON
    culprits: tuple[Culprit, ...] = ()
    witnesses: tuple[Spot, ...] = field(default=())


HOLDS = Outcome("T")

_NOT: dict[Truth, Truth] = {"T": "F", "F": "T", "U": "U"}


def negate(truth: Truth) -> Truth:
    """Strong Kleene not."""
    return _NOT[truth]


def conjoin(truths: Sequence[Truth]) -> Truth:
    """Strong Kleene and."""
    return "F" if "F" in truths else "U" if "U" in truths else "T"


def disjoin(truths: Sequence[Truth]) -> Truth:
    """Strong Kleene or."""
    return "T" if "T" in truths else "U" if "U" in truths else "F"


def reasons_of(outcomes: Sequence[Outcome]) -> Reasons:
    """The union over the undecided ones."""
    return NO_REASON.union(*(outcome.reasons for outcome in outcomes if outcome.truth == "U"))


def both(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcome of and: culprits are those of the children with its truth."""
    truth = conjoin([outcome.truth for outcome in outcomes])
    if truth == "T":
        return Outcome("T", witnesses=tuple(spot for outcome in outcomes for spot in outcome.witnesses)[:KEPT])
    same = [outcome for outcome in outcomes if outcome.truth == truth]
    return Outcome(truth, reasons_of(same), tuple(culprit for outcome in same for culprit in outcome.culprits))


def count_truth(sure: int, unsure: int, closed: bool, at_least: int | None, at_most: int | None) -> Truth:
    """The table of `count`: `sure` members are T, `unsure` are U."""
    truths: list[Truth] = []
    if at_least is not None:
        truths.append("T" if sure >= at_least else "F" if closed and sure + unsure < at_least else "U")
    if at_most is not None:
        truths.append("F" if sure > at_most else "T" if closed and sure + unsure <= at_most else "U")
    return conjoin(truths)
