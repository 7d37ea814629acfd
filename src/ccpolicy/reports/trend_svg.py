"""A trend as a chart in SVG: findings and decided rules over time, and a small line for each standard, area, site and client."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ccpolicy.reports.svg import element, path, places, words
from ccpolicy.reports.trend import ALL, Row, Trend, days_text
from ccpolicy.reports.trend_text import TITLES, between, share, shortened

WIDTH, MARGIN, RIGHT = 900, 60, 136
PLOT, ROW = 150, 24  # heights
LINES = {"fail": "failing", "undetermined": "undetermined", "waived": "waived", "not_looked_at": "not looked at"}
_COLOURS = {
    "light": {"paper": "#ffffff", "ink": "#1d2433", "soft": "#5b6475", "grid": "#dfe3ea", "fail": "#b3261e", "undetermined": "#7a5a00",
              "waived": "#6b3fa0", "not_looked_at": "#5b6475", "decided": "#1f6f54"},
    "dark": {"paper": "#14171f", "ink": "#e8ebf2", "soft": "#a3acbd", "grid": "#2d3340", "fail": "#ff8f85", "undetermined": "#e7c062",
             "waived": "#c6a6f2", "not_looked_at": "#a3acbd", "decided": "#6fd3ac"},
}  # fmt: skip
_DASHES = {"fail": "", "undetermined": "6 3", "waived": "2 3", "not_looked_at": "1 4", "decided": ""}
_LEAST_GAP = 14.0  # between the words at the ends of two lines
_ROOM = 84.0  # that a day takes


def trend_svg(trend: Trend) -> str:
    """The chart, with colours for light and for dark; equal trends are equal bytes."""
    rows = trend.of(ALL)
    top = 78.0
    parts = [*_head(trend), *_findings(rows, top)]
    top += PLOT + 62
    parts += _decided(rows, top)
    top += PLOT + 66
    for sort, title in TITLES.items():
        series = [(name, trend.of((by, name))) for by, name in trend.subjects(sort)]
        if series:
            parts += _table(title, series, top)
            top += 44 + ROW * len(series)
    height = int(top + 12)
    told = f"Failing, undetermined and waived findings, and the share of rules that are decided, in {len(rows)} reports."
    inner = [element("title", _title(trend)), element("desc", told), f"<style>{_style()}</style>"]
    inner.append(element("rect", width="100%", height="100%", class_="paper"))
    view = f"0 0 {WIDTH} {height}"
    whole = element("svg", [*inner, *parts], xmlns="http://www.w3.org/2000/svg", viewBox=view, width=WIDTH, height=height, role="img")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + whole.replace("><", ">\n<") + "\n"


def _style() -> str:
    def rules(scheme: str) -> str:
        colours = _COLOURS[scheme]
        told = (
            f".paper{{fill:{colours['paper']}}}.t{{fill:{colours['ink']}}}.soft{{fill:{colours['soft']}}}.grid{{stroke:{colours['grid']}}}"
        )
        return told + "".join(f".line.{name}{{stroke:{colours[name]}}}.t.{name},.dot.{name}{{fill:{colours[name]}}}" for name in _DASHES)

    dashes = "".join(f".line.{name}{{stroke-dasharray:{dash}}}" for name, dash in _DASHES.items() if dash)
    fonts = ".t{font:12px system-ui,-apple-system,'Segoe UI',sans-serif}.big{font-size:17px;font-weight:600}.bold{font-weight:600}"
    lines = ".line{fill:none;stroke-width:2;stroke-linejoin:round}.grid{stroke-width:1}"
    return f"{fonts}{lines}{dashes}{rules('light')}@media (prefers-color-scheme:dark){{{rules('dark')}}}"


def _title(trend: Trend) -> str:
    first, last = trend.days[0].isoformat(), trend.days[-1].isoformat()
    return f"Findings and coverage, {first if first == last else f'{first} to {last}'}"


def _head(trend: Trend) -> Iterator[str]:
    yield words(_title(trend), MARGIN, 32.0, "big")
    last = trend.of(ALL)[-1]
    told = (
        f"{last.repaired_so_far} repaired so far, half of them within {days_text(last.days_to_repair)} days" if last.repaired_so_far else ""
    )
    yield words(" · ".join(part for part in (shortened(trend.organisation), told) if part), MARGIN, 52.0, "soft")


# ---- plots ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Plot:
    """A field with time to the right and numbers upwards."""

    left: float
    top: float
    width: float
    height: float
    first: date
    last: date
    most: float

    def x(self, day: date) -> float:
        """Where a day stands; a single one stands in the middle."""
        span = (self.last - self.first).days
        return self.left + self.width * ((day - self.first).days / span if span else 0.5)

    def y(self, value: float) -> float:
        """Where a number stands."""
        return self.top + self.height * (1 - value / self.most)

    def line(self, rows: Sequence[Row], value: Callable[[Row], float | None], style: str) -> Iterator[str]:
        """The line of a number through the days that have one, and a dot on each."""
        points = [(self.x(row.as_of), self.y(found)) for row in rows if (found := value(row)) is not None]
        if len(points) > 1:
            yield path(points, f"line {style}")
        yield from (element("circle", cx=x, cy=y, r=2.5, class_=f"dot {style}") for x, y in points)


def _plot(rows: Sequence[Row], top: float, most: float) -> Plot:
    return Plot(MARGIN, top, WIDTH - MARGIN - RIGHT, PLOT, rows[0].as_of, rows[-1].as_of, most)


def _findings(rows: Sequence[Row], top: float) -> Iterator[str]:
    most = _round_up(max(max(getattr(row, name) for name in LINES) for row in rows))
    plot = _plot(rows, top + 14, most)
    yield words("Findings", MARGIN, top, "bold")
    yield from _grid(plot, [(step, places(step)) for step in _steps(most)], rows)
    lines = {name: told for name, told in LINES.items() if name != "not_looked_at" or any(row.not_looked_at for row in rows)}
    ends = _spread({name: plot.y(getattr(rows[-1], name)) for name in lines})
    for name, told in lines.items():
        yield from plot.line(rows, _value_of(name), name)
        yield words(f"{getattr(rows[-1], name)} {told}", plot.left + plot.width + 10, ends[name] + 4, name)


def _value_of(name: str) -> Callable[[Row], float]:
    return lambda row: float(getattr(row, name))


def _decided(rows: Sequence[Row], top: float) -> Iterator[str]:
    plot = _plot(rows, top + 14, 100)
    yield words("Rules that are decided: the evidence says pass or fail, or that they do not apply", MARGIN, top, "bold")
    yield from _grid(plot, [(step, f"{step} %") for step in (0, 50, 100)], rows)
    yield from plot.line(rows, percent, "decided")
    last = percent(rows[-1])
    if last is not None:
        yield words(share(rows[-1]), plot.left + plot.width + 10, plot.y(last) + 4, "decided")


def percent(row: Row) -> float | None:
    """The share of the rules that are decided."""
    return None if not row.rules or row.rules_decided is None else 100 * row.rules_decided / row.rules


def _grid(plot: Plot, steps: Sequence[tuple[float, str]], rows: Sequence[Row]) -> Iterator[str]:
    for value, told in steps:
        y = plot.y(value)
        yield element("line", x1=plot.left, x2=plot.left + plot.width, y1=y, y2=y, class_="grid")
        yield words(told, plot.left - 8, y + 4, "soft", "end")
    yield from _days(plot, rows)


def _days(plot: Plot, rows: Sequence[Row]) -> Iterator[str]:
    """The first day, the last one, and between them those for which there is room."""
    taken, end = plot.left, plot.left + plot.width
    for row in rows:
        x = plot.x(row.as_of)
        if row is rows[0] or row is rows[-1] or min(x - taken, end - x) >= _ROOM:
            taken = x
            yield words(row.as_of.isoformat(), x, plot.top + plot.height + 18, "soft", "middle")


def _round_up(most: int) -> int:
    """The first of 4, 8, 20, 40, 80, 200 and so on that is not below."""
    size = 1
    while size * 20 < most:
        size *= 10
    return next(size * step for step in (4, 8, 20) if size * step >= most)


def _steps(most: int) -> list[int]:
    return [most * step // 4 for step in range(5)]


def _spread(ends: dict[str, float]) -> dict[str, float]:
    """Words that would cover each other are moved apart."""
    found: dict[str, float] = {}
    for name, y in sorted(ends.items(), key=lambda one: one[1], reverse=True):
        found[name] = min(y, min(found.values()) - _LEAST_GAP) if found else y
    return found


# ---- small lines ---------------------------------------------------------------------------------------------------------------

_SMALL = (("failing", 330.0), ("", 450.0), ("decided rules", 590.0), ("repaired", 700.0), ("days to repair", 780.0))


def _table(title: str, series: Sequence[tuple[str, list[Row]]], top: float) -> Iterator[str]:
    yield words(title, MARGIN, top, "bold")
    yield from (words(head, x, top, "soft") for head, x in _SMALL if head)
    first, last = min(rows[0].as_of for _, rows in series), max(rows[-1].as_of for _, rows in series)
    most = max(1, max(row.fail for _, rows in series for row in rows))
    for position, (name, rows) in enumerate(series):
        y = top + 24 + ROW * position
        plot = Plot(450, y - 10, 120, 10, first, last, most)
        now = rows[-1]
        yield words(shortened(name), MARGIN, y, full=name)
        yield words(between(str(rows[0].fail), str(now.fail)), _SMALL[0][1], y, "fail" if now.fail else "")
        yield from plot.line(rows, _value_of("fail"), "fail")
        cells = (between(share(rows[0]), share(now)), str(now.repaired_so_far), days_text(now.days_to_repair))
        yield from (words(cell, x, y) for cell, (_, x) in zip(cells, _SMALL[2:], strict=True))
