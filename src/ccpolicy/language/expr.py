"""The IR: all that a rule can say, as one small closed set of frozen nodes that every backend reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Literal, TypeAlias

from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import Path

# ---- operands ------------------------------------------------------------------------------------------------------------------

Sort: TypeAlias = Literal["number", "text", "boolean", "moment", "duration", "any"]
"""How a comparison reads its two sides. `any`: as the JSON types they have, which must be the same."""

Scalar: TypeAlias = "bool | str | int | Fraction | date | datetime | Duration"
Param: TypeAlias = "Scalar | tuple[str, ...] | None"


@dataclass(frozen=True, slots=True)
class Literally:
    """A value written in the rule, already read by its sort."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class FromPath:
    """What a path selects, moved by a duration (`sign` is -1 for `minus`)."""

    path: Path
    by: Duration | FromParam | None = None
    sign: int = 1


@dataclass(frozen=True, slots=True)
class FromParam:
    """The value of a parameter; unset, it is unknown with the reason `param_unset`."""

    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list written in the rule."""

    values: tuple[Literally, ...]


Operand: TypeAlias = Literally | FromPath | FromParam
Values: TypeAlias = Listed | FromPath | FromParam
Length: TypeAlias = Duration | FromParam

# ---- tests: what a condition says of the value its path selects ----------------------------------------------------------------

Order: TypeAlias = Literal["at_least", "at_most", "more_than", "less_than", "before", "after", "on_or_before", "on_or_after"]
Detector: TypeAlias = Literal["pan", "ssn"]


@dataclass(frozen=True, slots=True)
class Equals:
    """`is`, `is_not`."""

    operand: Operand
    sort: Sort
    negated: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """`in`, `not_in`."""

    values: Values
    sort: Sort
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Compares:
    """`at_least` ... `on_or_after`."""

    order: Order
    operand: Operand
    sort: Sort


@dataclass(frozen=True, slots=True)
class Between:
    """`between: [low, high]`, both inclusive."""

    low: Operand
    high: Operand
    sort: Sort


@dataclass(frozen=True, slots=True)
class Window:
    """`within_last`: (as_of - length, as_of]; `within_next`: [as_of, as_of + length)."""

    word: Literal["within_last", "within_next"]
    length: Length


@dataclass(frozen=True, slots=True)
class DoneWithin:
    """A deadline counted from `start`, with a state for what is not yet due."""

    start: Operand
    amount: int | FromParam
    unit: Literal["days", "months", "business_days"]
    calendar: str = ""


@dataclass(frozen=True, slots=True)
class Matches:
    """An I-Regexp (RFC 9485), anchored at both ends."""

    pattern: str
    compiled: str  # the same for RE2


@dataclass(frozen=True, slots=True)
class Texts:
    """`starts_with`, `ends_with`, `contains_text`."""

    word: Literal["starts_with", "ends_with", "contains_text"]
    operand: Operand


@dataclass(frozen=True, slots=True)
class FreeOf:
    """No detector finds anything in the text."""

    detectors: tuple[Detector, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """Whether anything but null stands there."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class Some:
    """At least one member."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Every:
    """Every member, of which there is at least one unless `allow_empty`."""

    predicate: Predicate
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class NoneOf:
    """No member at all (`none`)."""

    predicate: Predicate


@dataclass(frozen=True, slots=True)
class Counts:
    """How many members there are for which `where` holds."""

    where: Predicate | None
    at_least: Operand | None
    at_most: Operand | None


@dataclass(frozen=True, slots=True)
class Contains:
    """A member equals the operand."""

    operand: Operand
    sort: Sort


@dataclass(frozen=True, slots=True)
class Compared:
    """A list against a list: `contains_all`, `subset_of`, `disjoint_from`, `at_most_one_of`."""

    word: Literal["contains_all", "subset_of", "disjoint_from", "at_most_one_of"]
    values: Values
    sort: Sort


@dataclass(frozen=True, slots=True)
class UniqueBy:
    """No two members have the same key."""

    paths: tuple[Path, ...]
    sorts: tuple[Sort, ...]


@dataclass(frozen=True, slots=True)
class Cadence:
    """Events at most `every` (and `tolerance`) apart over the last `over_last`. `recorded`: `at` is the record date of the joined kind."""

    at: Path
    every: Length
    over_last: Length
    tolerance: Length | None = None
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a node of a flow leads; on an edge that does not take effect the node's own effect did not happen."""

    source: Path
    takes_effect: bool = True


@dataclass(frozen=True, slots=True)
class EveryPath:
    """On every path from `start`, a node of `first_passes` is left before one of `to` is entered."""

    id: Path
    next: tuple[Edge, ...]
    start: Operand
    to: Predicate
    first_passes: Predicate
    undone_by: Predicate | None = None
    starts: Literal["done", "not_done", "unknown"] = "not_done"


Test: TypeAlias = (
    Equals
    | OneOf
    | Compares
    | Between
    | Window
    | DoneWithin
    | Matches
    | Texts
    | FreeOf
    | Present
    | Some
    | Every
    | NoneOf
    | Counts
    | Contains
    | Compared
    | UniqueBy
    | Cadence
    | EveryPath
)

# ---- predicates: `place` is where the node stands in its rule, such as `require/all_of/0/$pci/some` ------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """One operator on what one path selects; `word` is the operator as the rule writes it."""

    path: Path
    word: str
    test: Test
    place: str


@dataclass(frozen=True, slots=True)
class AllOf:
    """Strong Kleene and."""

    children: tuple[Predicate, ...]
    place: str


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Strong Kleene or."""

    children: tuple[Predicate, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Not:
    """Strong Kleene not."""

    child: Predicate
    place: str


@dataclass(frozen=True, slots=True)
class IfThenElse:
    """`(not condition or then) and (condition or otherwise)`; a missing `else` is T."""

    condition: Predicate
    then: Predicate
    otherwise: Predicate | None
    place: str


@dataclass(frozen=True, slots=True)
class Meets:
    """A named predicate, in place."""

    name: str
    predicate: Predicate
    place: str


Predicate: TypeAlias = Leaf | AllOf | AnyOf | Not | IfThenElse | Meets
