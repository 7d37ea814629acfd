"""What an assessor asks for: the kinds of documents that rules read, with the fields, the controls that they serve, and how far back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ccpolicy.controls.graph import pointer_of
from ccpolicy.controls.order import printed_order
from ccpolicy.controls.register import Register
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import Path
from ccpolicy.language.derived import Aggregate, DaysBetween, Join, Per, Ratio, Share
from ccpolicy.language.expr import Cadence, Compares, DoneWithin, FromPath, Leaf, Length, Param, Predicate, Window
from ccpolicy.language.walk import below, inner
from ccpolicy.rulebook.rule import Rule

CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Request:
    """One kind of document. `back` is the longest stretch that a rule looks back over; None is the state on the day."""

    kind: str
    fields: tuple[str, ...]  # pointers into the body, `*` for any member; empty: all of it
    rules: tuple[str, ...]
    controls: tuple[str, ...]  # full ids, in printed order
    back: Duration | None

    @property
    def id(self) -> str:
        """The same in every run, whatever else is asked for."""
        return request_id(self.kind)


def request_id(name: str) -> str:
    """The id of a request by the kind that it is for."""
    return f"REQ-{sha256(name.encode()).hexdigest()[:8]}"


def requests_of(rules: Iterable[Rule], register: Register, served: Iterable[str], params: Mapping[str, Param]) -> tuple[Request, ...]:
    """A request for each kind that rules read for any of the controls that are to be served, by kind. `params` are those that are set."""
    wanted = set(served)
    reading: dict[str, list[Rule]] = {}
    cited: dict[str, tuple[str, ...]] = {}
    for rule in rules:
        found = {register.find(citation.control) for citation in rule.citations}
        cited[rule.id] = tuple(name for name in found if name is not None and name in wanted)
        for kind in {*rule.kinds, *([CALENDAR] if _calendars(rule) else [])} if cited[rule.id] else ():
            reading.setdefault(kind, []).append(rule)
    return tuple(_request(kind, own, cited, params) for kind, own in sorted(reading.items()))


def _request(kind: str, rules: list[Rule], cited: Mapping[str, tuple[str, ...]], params: Mapping[str, Param]) -> Request:
    fields = {pointer_of(steps) for rule in rules for name, steps in rule.reads if name == kind} - {""}
    leaves = {field for field in fields if not any(other.startswith(f"{field}/") for other in fields)}
    lengths = [
        length for rule in rules for name, own in windows(rule) if name == kind and (length := _settled(own, rule, params)) is not None
    ]
    controls = {control for rule in rules for control in cited[rule.id]}
    return Request(
        kind,
        tuple(sorted(leaves)),
        tuple(sorted(rule.id for rule in rules)),
        tuple(sorted(controls, key=printed_order)),
        max(lengths, key=reach, default=None),
    )


def _settled(length: Length, rule: Rule, params: Mapping[str, Param]) -> Duration | None:
    if isinstance(length, Duration):
        return length
    value = params.get(length.name, rule.parameters[length.name].default)
    return value if isinstance(value, Duration) else None


def reach(length: Duration) -> tuple[float, str]:
    """About how many days a duration is, so that months and days can be put in order."""
    return length.months * 30.4375 + length.days + length.seconds / 86_400, length.text


# ---- how far back --------------------------------------------------------------------------------------------------------------


def windows(rule: Rule) -> Iterator[tuple[str, Length]]:
    """The stretches before the day of assessment over which a rule looks at documents of a kind."""
    for node in (rule.when, rule.require):
        yield from _in(node, rule.foci.kind, rule)
    for join in rule.joins.values():
        yield from _in(join.where, join.kind, rule)
        if join.during is not None and rule.foci.per is not None:
            yield join.kind, _length(rule.foci.per)
    for measure in rule.measures.values():
        match measure.formula:
            case Aggregate(over=over) | Share(over) | Ratio(over):
                yield from _in(over.where, _kind(over.of, rule.foci.kind, rule), rule)
            case _:
                pass
    if rule.foci.per is not None and not any(join.during is not None for join in rule.joins.values()):
        yield rule.foci.kind, _length(rule.foci.per)


def _in(node: Predicate | None, here: str, rule: Rule) -> Iterator[tuple[str, Length]]:
    if node is None:
        return
    if isinstance(node, Leaf):
        here = _kind(node.path, here, rule)
        match node.test:
            case Window("within_last", length) | Cadence(over_last=length):
                yield here, length
            case Compares("after" | "on_or_after", FromPath(Path(root="as_of"), by=length, sign=-1)) if length is not None:
                yield here, length
            case _:
                pass
    for part in inner(node):
        yield from _in(part, here, rule)


def _kind(path: Path, here: str, rule: Rule) -> str:
    """The kind of the documents that a path leads into."""
    join: Join | None = rule.joins.get(path.root)
    return join.kind if join is not None else here


_UNITS = {"day": ("D", 1), "week": ("W", 1), "month": ("M", 1), "quarter": ("M", 3)}


def _length(per: Per) -> Duration:
    sign, times = _UNITS[per.unit]
    count = per.last * times
    return Duration(count if sign == "M" else 0, count * {"D": 1, "W": 7, "M": 0}[sign], 0, f"P{count}{sign}")


def _calendars(rule: Rule) -> bool:
    """Whether it counts business days."""
    nodes = [
        node for top in (rule.when, rule.require, *(join.where for join in rule.joins.values())) if top is not None for node in below(top)
    ]
    named = [node.test.calendar for node in nodes if isinstance(node, Leaf) and isinstance(node.test, DoneWithin)]
    named += [one.formula.calendar for one in rule.measures.values() if isinstance(one.formula, DaysBetween)]
    return any(named)
