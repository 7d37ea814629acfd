"""Full calendar periods before a day: days, ISO weeks, months, quarters."""

from __future__ import annotations

from datetime import date, timedelta

from ccpolicy.documents.moment import add_months
from ccpolicy.language.derived import Per

_FIRST = date(2, 1, 1)  # no period begins in the calendar's first year


def latest_periods(per: Per, as_of: date) -> list[tuple[date, date]]:
    """The latest periods whose last day is earlier than `as_of`, the latest first."""
    found: list[tuple[date, date]] = []
    start = _start_of(per.unit, as_of)
    while len(found) < per.last and start > _FIRST:
        end = start - timedelta(days=1)
        start = _start_of(per.unit, end)
        found.append((start, end))
    return found


def _start_of(unit: str, day: date) -> date:
    """The first day of the period that holds the day."""
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case _:
            return add_months(day.replace(day=1), -((day.month - 1) % 3))
