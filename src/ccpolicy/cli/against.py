"""What `check` holds its findings against: a baseline, and an earlier report."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from ccpolicy.assessment.finding import Assessment
from ccpolicy.cli.settings import Settings
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.applying import apply
from ccpolicy.reports.baseline import Baseline, read_baseline
from ccpolicy.reports.difference import difference
from ccpolicy.reports.earlier import Earlier, read_earlier
from ccpolicy.reports.view import View

ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class Against:
    """What was asked for, read."""

    baseline: Baseline | None
    earlier: Earlier | None


def against_of(settings: Settings) -> Against:
    """The baseline and the report that the settings name. Raises Refused with all that is wrong in both."""
    problems: list[Problem] = []
    first = "`ccpolicy baseline write` makes a baseline"
    baseline = _read(settings.baseline, settings, read_baseline, first, problems)
    earlier = _read(settings.diff, settings, read_earlier, "`ccpolicy check --format json --output FILE` writes a report", problems)
    if problems:
        raise Refused(problems)
    return Against(baseline, earlier)


def _read(file: Path | None, settings: Settings, read: Callable[[Path, str], ReadT], hint: str, problems: list[Problem]) -> ReadT | None:
    if file is None:
        return None
    if not os.path.lexists(file):
        problems.append(Problem(code="no-such-path", message=f"there is no file `{file}`", hint=hint))
        return None
    try:
        return read(file, shown_name(file, settings))
    except Refused as refused:
        problems += refused.problems
        return None


def shown_name(file: Path, settings: Settings) -> str:
    """The file as reports name it: relative to the folder of the config, wherever the command is run."""
    return Path(os.path.relpath(os.path.realpath(file), settings.config.root)).as_posix()


def held_against(view: View, against: Against, assessment: Assessment) -> View:
    """The view of a report that is held against them."""
    baseline, earlier = against.baseline, against.earlier
    return replace(
        view,
        applied=None if baseline is None else apply(baseline, assessment),
        since=None if earlier is None else difference(earlier, assessment),
    )
