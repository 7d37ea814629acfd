"""Values, places and claims of an explanation in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ccpolicy.assessment.blame import REASON_WORDS
from ccpolicy.assessment.explanation import Closure, Named, Place, Sight
from ccpolicy.documents.document import Claim
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.page import place

LABELS = {"holds": "holds", "fails": "fails", "unknown": "cannot be told"}
STYLES = {"holds": "pass", "fails": "fail", "unknown": "undetermined"}


# ---- places and values ---------------------------------------------------------------------------------------------------------


def at(one: Place | None) -> str:
    """`, at file:line:column`; nothing for what stands nowhere."""
    return "" if one is None or not one.file else f", at {spot(one)}"


def spot(one: Place) -> str:
    """`file:line:column`."""
    return place(one.file, one.line, one.column)


def spot_and_pointer(one: Place) -> str:
    """`file:line:column`, and the pointer."""
    return f"{spot(one)} {write_pointer(one.pointer)}".rstrip()


def who(one: Named) -> str:
    """A document by its id, a member of a list by its position; what has no id of its own is known by its place."""
    if not one.kind:
        return f"entry {one.id}"
    return "" if one.id.startswith(f"{one.place.file}#") else one.id


def named(one: Named) -> str:
    """A document or member, with its place."""
    return f"{who(one)}{at(one.place)}" if who(one) else spot(one.place)


def value(one: Any) -> str:
    """A scalar; texts in backticks."""
    if isinstance(one, tuple | list):
        return ", ".join(value(item) for item in one) or "nothing"
    if isinstance(one, bool):
        return "true" if one else "false"
    return f"`{one}`" if isinstance(one, str) and not _is_day(one) else str(one)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def reasons(found: Sequence[str]) -> str:
    """Why something is not known."""
    return " and ".join(REASON_WORDS.get(reason, reason) for reason in found) or "not known"


def seen(sight: Sight) -> str:
    """What was seen, or why nothing was."""
    if sight.reasons:
        return reasons(sight.reasons)
    return sight.words or value(sight.value)


def told(one: Sight) -> str:
    """A value that a condition looked at: what it is called, what it came to, and where it stands."""
    match one.source:
        case "seen":
            return f"it is {seen(one)}{at(one.place)}"
        case "operand":
            return f"{one.said or f'`{one.name}`'} is {seen(one)}{at(one.place)}"
        case "param":
            return f"the parameter `{one.name}` is {seen(one)}"
        case "derived":
            return _derived(one)


def _derived(one: Sight) -> str:
    match one.name:
        case "due":
            return f"it has to be done by {seen(one)}"
        case "after" | "before":
            return f"it has to be {one.name} {seen(one)}"
        case "taken":
            return f"{seen(one)} of them are counted"
        case _:
            return f"the {one.said or one.name} is {seen(one)}"


# ---- claims --------------------------------------------------------------------------------------------------------------------


def claim(one: Claim) -> str:
    """Who claims, on which basis, for which days and scope, and where."""
    found = [f"on {one.on}", one.basis, _span(one), f"site {one.site}" if one.site else "", f"client {one.client}" if one.client else ""]
    found += [place(one.file, one.line, 0)] if one.file else []
    return f"{one.by} ({'; '.join(part for part in found if part)})"


def _span(one: Claim) -> str:
    first, last = (None if day is None else day.isoformat() for day in (one.first, one.last))
    if first and last:
        return f"for {first} to {last}"
    return f"from {first}" if first else f"up to {last}" if last else ""


def closed(closure: Closure, kind: str) -> list[str]:
    """Whether there can be others, a line for each claim or reason."""
    if closure.closed:
        return [f"there are no others, says {claim(one)}" for one in closure.claims] or ["there are no others"]
    found = [f"there may be others: something is {reasons([reason])}" for reason in closure.reasons if reason != "incomplete"]
    if closure.undatable:
        return [*found, f"there may be others: no claim can speak of these dates, which are not the record dates of {kind}"]
    if not closure.claimed:
        found.append(f"there may be others: no claim that counts says that the {kind} documents are complete{_days(closure)}")
    return found


def _days(closure: Closure) -> str:
    """The days that claims have to cover."""
    if closure.first is None or closure.last is None:
        return ""
    first, last = closure.first.isoformat(), closure.last.isoformat()
    return f" for {first}" if first == last else f" from {first} to {last}"
