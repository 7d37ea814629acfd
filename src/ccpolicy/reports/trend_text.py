"""A trend as text: the days first, then each standard, area of rules, site and client from the first day to the last."""

from __future__ import annotations

from collections.abc import Sequence

from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.page import Page, number
from ccpolicy.reports.trend import ALL, Row, Sort, Trend, days_text

TITLES: dict[Sort, str] = {"standard": "Standards", "area": "Areas of rules", "site": "Sites", "client": "Clients"}
_DAYS = ("day", "fail", "undetermined", "waived", "not looked at", "new", "repaired", "days to repair", "rules decided")
_SUBJECTS = ("", "fail", "undetermined", "not looked at", "repaired", "days to repair", "rules decided", "controls failing")
WIDEST = 40  # characters of a name


def put_trend(page: Page, trend: Trend) -> None:
    """All of it."""
    first, last = trend.days[0].isoformat(), trend.days[-1].isoformat()
    name = f"  {trend.organisation}" if trend.organisation else ""
    page.put((f"Trend of {number(len(trend.days), 'report')}", "bold"), f"  {first if first == last else f'{first} to {last}'}{name}")
    page.gap()
    _put_table(page, _DAYS, [_day(row) for row in trend.of(ALL)])
    page.gap()
    page.say("Not looked at: findings of days before that are not there, though no report shows that they are gone.")
    page.say("Days to repair: the median over all findings that are gone so far, from the first report with one to the first without it.")
    for sort, title in TITLES.items():
        subjects = trend.subjects(sort)
        if subjects:
            page.head(title)
            _put_table(page, _SUBJECTS, [_subject(subject[1], trend.of(subject)) for subject in subjects])


def _day(row: Row) -> list[str]:
    counts = [row.fail, row.undetermined, row.waived, row.not_looked_at, row.new, row.repaired]
    return [row.as_of.isoformat(), *map(str, counts), days_text(row.days_to_repair), share(row)]


def share(row: Row) -> str:
    """How many rules are decided."""
    return "-" if not row.rules or row.rules_decided is None else f"{row.rules_decided} of {row.rules}"


def _subject(name: str, rows: Sequence[Row]) -> list[str]:
    first, last = rows[0], rows[-1]
    failing = ["-" if row.controls is None else str(row.controls["fail"]) for row in (first, last)]
    told = [between(str(first.fail), str(last.fail)), between(str(first.undetermined), str(last.undetermined))]
    told += [
        str(last.not_looked_at),
        str(last.repaired_so_far),
        days_text(last.days_to_repair),
        between(share(first), share(last)),
        between(*failing),
    ]
    return [shortened(name), *told]


def between(first: str, last: str) -> str:
    """From then to now."""
    return last if first == last else f"{first} → {last}"


def shortened(name: str) -> str:
    """A name that fits into a table."""
    shown = visible(name)
    return shown if len(shown) <= WIDEST else f"{shown[: WIDEST - 1]}…"


def _put_table(page: Page, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for position, row in enumerate([head, *rows]):
        cells = [
            cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        page.put(("  ".join(cells), "dim" if position == 0 else ""))
