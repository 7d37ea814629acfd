"""How a report is looked at: what counts, and what the terminal can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ccpolicy.reports.applying import Applied
from ccpolicy.reports.difference import Difference
from ccpolicy.rulebook.rule import Severity

Threshold: TypeAlias = Severity | Literal["never"]


@dataclass(frozen=True, slots=True)
class View:
    """The options of a report, and what it is held against. `width` is in columns; `quiet` leaves only what counts and the last line.

    `folder` is where the files stand below the top of the repository, such as `centres/leeds/`: code hosts want them from there.
    """

    fail_on: Threshold = "low"
    undetermined: Literal["fail", "warn"] = "fail"
    color: bool = False
    width: int = 100
    quiet: bool = False
    folder: str = ""
    applied: Applied | None = None  # the baseline: only what it does not know counts
    since: Difference | None = None  # from an earlier report
