"""Business days, counted on the calendar documents that are in evidence."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from ccpolicy.backends.scene import Scene, Unknown
from ccpolicy.documents.moment import add_months, read_date
from ccpolicy.documents.values import OpenList

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_INCOMPLETE = Unknown(frozenset({"incomplete"}))
_UNRESOLVED = Unknown(frozenset({"unresolved"}))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are business days, within the days it covers."""

    weekend: frozenset[int]
    holidays: frozenset[date]
    weekday_holidays: tuple[date, ...]  # those outside the weekend, in order
    first: date
    last: date

    def is_business_day(self, day: date) -> bool:
        """Neither weekend nor holiday."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def covers(self, day: date) -> bool:
        """Whether the calendar knows the day."""
        return self.first <= day <= self.last


def calendar_of(name: str, scene: Scene) -> Calendar | Unknown:
    """The calendar document of this id; `unresolved` if there is none, or none that can be read whole."""
    calendars: dict[str, Calendar | Unknown] = scene.world.calendars
    if name not in calendars:
        found = [document for document in scene.world.evidence.of("calendar") if document.id == name] if name else []
        calendars[name] = _read(found[0].body) if len(found) == 1 else _UNRESOLVED
    return calendars[name]


def _read(body: Any) -> Calendar | Unknown:
    if not isinstance(body, dict):
        return _UNRESOLVED
    weekend, holidays, covers = body.get("weekend"), body.get("holidays"), body.get("covers")
    if not isinstance(weekend, list) or not isinstance(holidays, list) or not isinstance(covers, dict):
        return _UNRESOLVED
    days = [read_date(day) for day in holidays]
    first, last = read_date(covers.get("from")), read_date(covers.get("to"))
    known = all(day in _WEEKDAYS for day in weekend) and None not in days
    if first is None or last is None or not known or isinstance(weekend, OpenList) or isinstance(holidays, OpenList):
        return _UNRESOLVED
    free = frozenset(_WEEKDAYS.index(day) for day in weekend)
    closed = frozenset(day for day in days if day)
    return Calendar(free, closed, tuple(sorted(day for day in closed if day.weekday() not in free)), first, last)


def due_after(start: date, amount: int, unit: Literal["days", "months", "business_days"], calendar: Calendar | Unknown) -> date | Unknown:
    """The last day on which the thing is on time; the start itself does not count."""
    try:
        if unit == "days":
            return start + timedelta(days=amount)
        if unit == "months":
            return add_months(start, amount)
    except (ValueError, OverflowError):
        return Unknown(frozenset({"wrong_type"}))
    return calendar if isinstance(calendar, Unknown) else _nth_business_day(start, amount, calendar)


def _nth_business_day(start: date, amount: int, calendar: Calendar) -> date | Unknown:
    day = start
    while amount > 0:
        if day >= calendar.last or not calendar.covers(day + timedelta(days=1)):
            return _INCOMPLETE
        day += timedelta(days=1)
        amount -= calendar.is_business_day(day)
    return day


def business_days_between(start: date, end: date, calendar: Calendar) -> int | Unknown:
    """The business days after `start`, up to and with `end`; negative the other way round."""
    if end < start:
        back = business_days_between(end, start, calendar)
        return back if isinstance(back, Unknown) else -back
    if start == end:
        return 0
    if not calendar.covers(start + timedelta(days=1)) or not calendar.covers(end):
        return _INCOMPLETE
    weeks, rest = divmod((end - start).days, 7)
    days = weeks * (7 - len(calendar.weekend))
    days += sum((start.weekday() + step) % 7 not in calendar.weekend for step in range(1, rest + 1))
    return days - bisect_right(calendar.weekday_holidays, end) + bisect_right(calendar.weekday_holidays, start)
