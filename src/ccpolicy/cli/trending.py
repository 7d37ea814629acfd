"""The work of `ccpolicy trend`: reports found, put in order, and shown."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ccpolicy.cli.answers import FORMS, put_answer
from ccpolicy.cli.delivery import check_target, write_whole
from ccpolicy.cli.messages import complain, say
from ccpolicy.cli.printing import check_form
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.earlier import Earlier, read_earlier
from ccpolicy.reports.trend import COLUMNS, row_cells, trend_of, trend_value
from ccpolicy.reports.trend_svg import trend_svg
from ccpolicy.reports.trend_text import put_trend


@dataclass(slots=True)
class Found:
    """Reports by day, and what is to be said of files that are none, or of days with two."""

    by_day: dict[date, Path] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, file: Path, day: date) -> None:
        """The last file of a day counts, by name."""
        other = self.by_day.get(day)
        if other is not None:
            message = f"`{other}` and `{file}` are both of {day.isoformat()}: the second counts"
            self.problems.append(Problem(code="same-day", message=message, hint="keep one report for each date of assessment"))
        self.by_day[day] = file


def show_trend(paths: tuple[str, ...], form: str, svg: str | None) -> int:
    """Prints the trend, and draws it; returns the exit code. Raises Refused."""
    check_form(form, FORMS)
    if svg is not None:
        check_target(_named(svg))
    found = _find(paths)
    if not found.by_day:
        message = "there is no report to read"
        raise Refused(
            [*found.problems, Problem(code="no-report", message=message, hint="`ccpolicy check --format json --output FILE` writes one")]
        )
    _check_overwriting(svg, found)
    trend = trend_of(_read(found), [str(problem) for problem in found.problems])
    complain([Problem(message=remark) for remark in trend.remarks], "warning")
    put_answer(form, trend_value(trend), COLUMNS, map(row_cells, trend.rows), lambda page: put_trend(page, trend))
    if svg is not None:
        write_whole(Path(svg), lambda write: write(trend_svg(trend)), "chart")
        say(f"the chart is in {svg}")
    return 0


def _named(svg: str) -> Path:
    if not svg:
        raise Refused([Problem(code="no-file", message="`--svg` takes the name of a file")])
    return Path(svg)


def _check_overwriting(svg: str | None, found: Found) -> None:
    if svg is not None and os.path.realpath(svg) in {os.path.realpath(file) for file in found.by_day.values()}:
        message = f"the chart would overwrite `{svg}`, which is one of the reports"
        raise Refused([Problem(code="not-written", message=message, hint="name another file")])


def _find(paths: tuple[str, ...]) -> Found:
    """A file that is named must be a report; of a folder, what is none is left out and told."""
    found, refused = Found(), list[Problem]()
    for name in sorted(set(paths)):
        if not os.path.exists(name):
            refused.append(Problem(code="no-such-path", message=f"there is no file or folder `{name}`"))
            continue
        whole = os.path.isdir(name)
        for file in _files(Path(name)):
            try:
                found.add(file, read_earlier(file, str(file)).as_of)
            except Refused as error:
                (found.problems if whole else refused).extend(error.problems[:1])
    if refused:
        raise Refused(refused)
    return found


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(file for file in path.rglob("*.json") if file.is_file())
    else:
        yield path


def _read(found: Found) -> Iterator[Earlier]:
    for day in sorted(found.by_day):
        file = found.by_day[day]
        yield read_earlier(file, str(file))
