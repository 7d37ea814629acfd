"""The conditions of an explanation as text: a tree, one fact to a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from ccpolicy.assessment.explanation import Count, Entries, Entry, Event, Events, Point, Sight, Stop, Way
from ccpolicy.reports import explain_words as words
from ccpolicy.reports.page import Page, number

STEP = 2  # columns that each level stands further right
_ROLES = {"if": "if, ", "then": "then, ", "else": "otherwise, "}
_NOT_ASKED = {"holds": "else", "fails": "then"}  # by the truth of the condition, the branch that does not count


def put_point(page: Page, point: Point, indent: int) -> None:
    """A condition, what was seen of it, and the conditions it is made of."""
    label = f"{_ROLES.get(point.role, '')}{words.LABELS[point.truth]}: "
    page.say(point.lead.rstrip(":") if point.children else point.lead, indent, label, words.STYLES[point.truth])
    for part in () if point.children else point.parts:
        page.say(part, indent + STEP, "* ", "dim")
    _put_inside(page, point, indent + STEP, set())


def _put_inside(page: Page, point: Point, indent: int, said: set[str]) -> None:
    """Facts first, then the conditions below; a fact in `said` stands above already."""
    if _turns_a_leaf(point):
        _put_inside(page, point.children[0], indent, said)
        return
    for line in _facts(point):
        if line not in said:
            page.say(line, indent, "- ", "dim")
    if isinstance(point.insight, Way):
        _put_way(page, point.insight, indent)
    _put_children(page, point, indent)


def _turns_a_leaf(point: Point) -> bool:
    """Whether it is the `not` of one condition: that holds where this fails, which need not be said twice."""
    return point.operator == "not" and not point.children[0].children


def _put_children(page: Page, point: Point, indent: int) -> None:
    if isinstance(point.insight, Count):
        _put_members(page, point.insight, point.children, indent)
        return
    passed_over = _NOT_ASKED.get(point.children[0].truth) if point.operator == "if" and point.children else None
    for child in point.children:
        if child.role and child.role == passed_over:
            page.say(child.lead.rstrip(":"), indent, f"{_ROLES[child.role]}not asked for here: ", "dim")
        else:
            put_point(page, child, indent)


# ---- members -------------------------------------------------------------------------------------------------------------------


def _put_members(page: Page, count: Count, members: Sequence[Point], indent: int) -> None:
    said: set[str] = set()
    for member in members:
        _put_member(page, member, indent, said)
        said |= {line for line in _facts(member) if line.startswith(("it has to be ", "the parameter "))}
    shown = [sum(one.truth == truth for one in members) for truth in ("holds", "fails", "unknown")]
    left = Count(count.holds - shown[0], count.fails - shown[1], count.unknown - shown[2], ())
    if left.holds or left.fails or left.unknown:
        page.say(_counted(left).replace("of ", "and of ", 1).replace(" it ", " more it ", 1), indent, style="dim")


def _put_member(page: Page, point: Point, indent: int, said: set[str]) -> None:
    """A member of a collection: which it is, and what was seen of it; the collection has said what is asked for."""
    assert point.member is not None
    page.say(words.named(point.member), indent, f"{words.LABELS[point.truth]}: ", words.STYLES[point.truth])
    _put_inside(page, point, indent + STEP, said)


def put_dropped(page: Page, point: Point, indent: int) -> None:
    """A document that a join did not take, with the conditions that it does not meet."""
    assert point.member is not None
    page.say(words.named(point.member), indent, "not taken: ", "dim")
    decisive = [child for child in point.children if child.truth == point.truth]
    for child in decisive if point.operator == "all_of" else [point]:
        put_point(page, child, indent + STEP)


# ---- facts ---------------------------------------------------------------------------------------------------------------------


def _facts(point: Point) -> Iterator[str]:
    own = next((one for one in point.sights if one.source == "seen"), None)
    yield from _inside(point, own)
    for one in point.sights:
        if one is not own and one.name != "$as_of":
            yield words.told(one)
    if not isinstance(point.insight, Way) and point.operator != "done_within":  # it is said above
        yield from point.notes


def _inside(point: Point, own: Sight | None) -> Iterator[str]:
    """What was seen of the value itself, or of its members."""
    where = "" if own is None else words.at(own.place)
    match point.insight:
        case None:
            if own is not None:
                yield words.told(own) if own.name == "." or not point.member else f"`{own.name}` is {words.seen(own)}{where}"
        case Way():
            return
        case Count() as count:
            yield (_counted(count) if point.children or count.unknown else f"there {_are(count.holds)}") + where
            yield from _open(count.open_because)
        case Entries() as entries:
            if point.operator == "unique_by" and own is not None and own.place is not None:
                yield words.told(own)
            yield from _entries(point.operator, entries, where)
        case Events() as events:
            yield from _events(events)
        case _:
            assert_never(point.insight)


def _are(entries: int) -> str:
    return f"{'is' if entries == 1 else 'are'} {number(entries, 'entry', 'entries')}" if entries else "are no entries"


def _open(reasons: Sequence[str]) -> Iterator[str]:
    if reasons:
        yield f"there may be others: it is {words.reasons(reasons)}"


def _counted(count: Count) -> str:
    told = [(count.holds, "holds for"), (count.fails, "fails for"), (count.unknown, "cannot be told for")]
    some = ", ".join(f"{word} {found}" for found, word in told if found)
    return f"of {number(count.holds + count.fails + count.unknown, 'entry', 'entries')} it {some}" if some else "there are no entries"


def _entries(operator: str, entries: Entries, where: str) -> Iterator[str]:
    if not entries.entries and operator != "unique_by":
        yield f"there are no entries{where}"
    yield from (_entry(operator, one, where) for one in entries.entries)
    if entries.more:
        yield f"and {number(entries.more, 'other')}"
    yield from _open(entries.open_because)


def _entry(operator: str, one: Entry, where: str) -> str:
    seen = words.seen(one.sight)
    own = words.at(one.sight.place) or where
    match operator:
        case "contains":
            return f"it has {seen}{own}"
        case "contains_all" | "at_most_one_of":
            verb = {"yes": "it has", "no": "it does not have", "unknown": "whether it has it cannot be told:"}[one.found]
            return f"{verb} {seen}{own}"
        case "unique_by":
            return f"one of two with the same key{own}"
        case _:
            verb = {"yes": "is one of them", "no": "is none of them", "unknown": "cannot be told to be one of them"}[one.found]
            return f"{seen} {verb}{own}"


# ---- cadence and flows ---------------------------------------------------------------------------------------------------------


def _events(events: Events) -> Iterator[str]:
    if events.start is not None:
        yield f"the time looked back on begins on {events.start.isoformat()}"
    if events.earlier:
        yield f"{number(events.earlier, 'earlier event')} left out"
    yield from (_event(one) for one in events.events)
    if not events.events:
        yield "no event is known"
    yield from (f"without a known date: {words.named(one.what)}" for one in events.undated)
    yield from words.closed(events.closure, "joined")


def _event(one: Event) -> str:
    return f"{one.on.isoformat() if one.on else 'a date that is not shown'}: {words.named(one.what)}"


def _put_way(page: Page, way: Way, indent: int) -> None:
    if way.stops:
        lead = "a path on which it does not:" if way.certain else "a path on which it may not, by what is not known:"
        page.say(lead, indent, "- ", "dim")
    for position, stop in enumerate(way.stops, 1):
        _put_stop(page, stop, position, indent + STEP)
    if not way.stops and not way.loose:
        page.say(f"no path through its {number(way.nodes, 'step')} does otherwise", indent, "- ", "dim")
    for one in way.loose:
        page.say(f"where a path leads from {one.name}{words.at(one.place)} is {words.reasons(one.reasons)}", indent, "- ", "dim")


def _put_stop(page: Page, stop: Stop, position: int, indent: int) -> None:
    page.say(f"{stop.name}{words.at(stop.place)}", indent, f"{position}. ")
    page.say(_guard(stop), indent + 3, "- ", "dim")


def _guard(stop: Stop) -> str:
    """Whether the step is the safeguard, or the one that needs it."""
    if stop.point.role == "to":
        return {"holds": "it needs the safeguard", "unknown": "whether it needs the safeguard cannot be told", "fails": ""}[
            stop.point.truth
        ]
    told = {"holds": "it is the safeguard", "fails": "it is not the safeguard", "unknown": "whether it is the safeguard cannot be told"}
    return f"{told[stop.point.truth]}{f', but {stop.remark}' if stop.remark else ''}"
