"""Conflicts: the interval that satisfies both sides, or that there is none."""

from __future__ import annotations

import pytest

from ccpolicy.controls.crosswalk import Bound, Conflict
from ccpolicy.controls.mapping import both_bounds
from ccpolicy.controls.order import printed_order
from ccpolicy.documents.moment import read_duration

End = str | int | None


def _bound(low: End, high: End) -> Bound:
    first, last = (read_duration(end) if isinstance(end, str) else end for end in (low, high))
    return Bound("words", first, last)


@pytest.mark.parametrize(
    ("left", "right", "told"),
    [
        ((None, "P90D"), ("P30D", None), "both are satisfied by at least P30D and at most P90D"),
        ((None, "P90D"), ("P90D", None), "both are satisfied by at least P90D and at most P90D"),
        ((None, "P90D"), ("P91D", None), "nothing is both at least P91D and at most P90D"),
        ((None, "P1Y"), ("P6Y", None), "nothing is both at least P6Y and at most P1Y"),
        ((None, "P90D"), ("P6Y", None), ""),
        ((12, None), (8, 64), "both are satisfied by at least 12 and at most 64"),
        ((12, None), (8, None), "both are satisfied by at least 12"),
        ((None, 5), ("P5D", None), ""),
        ((None, None), (8, None), ""),
        ((None, None), (None, None), ""),
    ],
)
def test_two_bounds_are_one_interval_or_none(left: tuple[End, End], right: tuple[End, End], told: str) -> None:
    """Days and years do not compare; words alone are no interval."""
    assert both_bounds(Conflict("a/1", "b/1", "thing", _bound(*left), _bound(*right), "split", "x")) == told


def test_controls_stand_in_printed_order() -> None:
    ids = ["10.1", "2.1", "2.10", "2.2", "A1.1", "164.312(a)(2)(i)", "164.308(a)(1)(i)"]
    assert sorted(ids, key=printed_order) == ["2.1", "2.2", "2.10", "10.1", "164.308(a)(1)(i)", "164.312(a)(2)(i)", "A1.1"]
