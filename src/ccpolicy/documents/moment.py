"""Dates, instants and calendar durations, exactly as ISO 8601 writes them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

Moment: TypeAlias = "date | datetime"

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?([Zz]|[+-]\d{2}:\d{2})\Z", re.ASCII)
_DURATION = re.compile(
    r"P(?!\Z)(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?!\Z)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?\Z",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Duration:
    """A calendar duration: months are not days, and `P90D` is not `P3M`. `days` counts weeks in."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    text: str = field(default="", compare=False)  # as it was written: `P1Y` equals `P12M`

    def family(self) -> str:
        """`months`, `days` (weeks, days and times) or `mixed`; only durations of one family compare. Nothing at all is `days`."""
        if self.months and (self.days or self.seconds):
            return "mixed"
        return "months" if self.months else "days"

    def size(self) -> int:
        """Months or seconds, as the family says."""
        return self.months if self.family() == "months" else self.days * 86_400 + self.seconds

    def __str__(self) -> str:
        return self.text


def read_date(text: object) -> date | None:
    """The date that `2026-06-30` names, or None for anything else."""
    if not isinstance(text, str) or not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_instant(text: object) -> datetime | None:
    """The UTC instant of an RFC 3339 date-time (with its offset), or None for anything else."""
    match = _INSTANT.match(text) if isinstance(text, str) else None
    if match is None:
        return None
    day, clock, fraction, zone = match.groups()
    try:
        stamp = datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{'+00:00' if zone in 'Zz' else zone}")
        return stamp.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_moment(text: object) -> Moment | None:
    """A date or an instant, whichever the text is."""
    return read_date(text) or read_instant(text)


def read_duration(text: object) -> Duration | None:
    """The duration that `P1Y6M`, `P92D`, `P2W` or `PT30M` names, or None for anything else."""
    match = _DURATION.match(text) if isinstance(text, str) else None
    if match is None or not isinstance(text, str):
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Duration(years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds, text)


def day_of(moment: Moment, zone: ZoneInfo) -> date:
    """The date of a moment; an instant is first taken into the zone, unless that leaves the calendar."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return moment.date()


def shift(moment: Moment, duration: Duration, sign: int = 1) -> Moment | None:
    """The moment plus (or minus) a duration: months first, clamped to the month's end, then days, then time.

    None when the result leaves the calendar, or when a time is added to a date.
    """
    if duration.seconds and not isinstance(moment, datetime):
        return None
    try:
        moved = add_months(moment, sign * duration.months) if duration.months else moment
        return moved + sign * timedelta(days=duration.days, seconds=duration.seconds)
    except (ValueError, OverflowError):
        return None


def add_months(moment: Moment, months: int) -> Moment:
    """31 January plus one month is 28 or 29 February."""
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise ValueError(f"year {year} is out of the calendar")
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))
