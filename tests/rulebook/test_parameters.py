"""Parameters: types, defaults and bounds, in the rule and as an organisation sets them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.documents.moment import read_duration
from ccpolicy.errors import Refused
from ccpolicy.rulebook.parameters import read_param, settle
from ccpolicy.rulebook.rule import Parameter
from tests.rulebook.shop import CHECK, GOOD, RULE, edited, loaded

LABEL = "label: {type: text, default: card}"


def parameters(folder: Path, text: str) -> dict[str, Parameter]:
    """The parameters of the good rule, with one in place of `label`."""
    return dict(loaded(folder, {**GOOD, CHECK: edited(RULE, (LABEL, text))}).rules["recording/pause"].parameters)


def refusal(folder: Path, text: str) -> list[str]:
    """The messages about a parameter."""
    with pytest.raises(Refused) as refused:
        parameters(folder, text)
    return [problem.message for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("kind", "value", "read"),
    [
        ("integer", 4, 4),
        ("integer", Fraction(4), 4),
        ("integer", 4.5, None),
        ("integer", True, None),
        ("integer", "4", None),
        ("number", 4, 4),
        ("number", 4.5, Fraction(9, 2)),
        ("number", True, None),
        ("number", "4.5", None),
        ("text", "x", "x"),
        ("text", "", ""),
        ("text", 4, None),
        ("boolean", False, False),
        ("boolean", 0, None),
        ("boolean", "true", None),
        ("date", "2026-06-30", date(2026, 6, 30)),
        ("date", "2026-06-31", None),
        ("date", "2026-06-30T10:00:00Z", None),
        ("duration", "P3M", read_duration("P3M")),
        ("duration", "3M", None),
        ("duration", 3, None),
        ("list", ["a", "b"], ("a", "b")),
        ("list", [], ()),
        ("list", ["a", 1], None),
        ("list", "a", None),
        ("integer", None, None),
        ("text", [], None),
        ("date", {}, None),
    ],
)
def test_a_value_is_read_by_the_type_of_its_parameter(kind: str, value: Any, read: Any) -> None:
    """Never coerced; None where it is none of it."""
    found = read_param(kind, value)
    assert (found, type(found) is bool) == (read, type(read) is bool)


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("x: {type: integer}", None),
        ("x: {type: integer, default: 3, bounds: {at_least: 3, at_most: 3}}", 3),
        ("x: {type: number, default: 0.8, bounds: {at_least: 0.5}}", Fraction(4, 5)),
        ("x: {type: boolean, default: false}", False),
        ("x: {type: date, default: 2026-06-30, bounds: {at_most: 2026-12-31}}", date(2026, 6, 30)),
        ("x: {type: duration, default: P12M, bounds: {at_most: P2Y}}", read_duration("P12M")),
        ("x: {type: duration, default: P90D, bounds: {at_least: P4W}}", read_duration("P90D")),
        ("x: {type: list, default: [a, b], unit: words, description: some words}", ("a", "b")),
    ],
)
def test_a_good_parameter(tmp_path: Path, text: str, default: Any) -> None:
    """With its default."""
    assert parameters(tmp_path, text)["x"].default == default


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x: {type: integer, default: 1.5}", "the default of `x` is `1.5`, not a whole number"),
        ("x: {type: number, default: many}", "the default of `x` is `many`, not a number"),
        ("x: {type: text, default: 4}", "the default of `x` is `4`, not a text"),
        ("x: {type: boolean, default: yes}", "the default of `x` is `yes`, not true or false"),
        ("x: {type: date, default: 1 July}", "the default of `x` is `1 July`, not a date such as 2026-06-30"),
        ("x: {type: duration, default: 90}", "the default of `x` is `90`, not a duration such as P90D"),
        ("x: {type: list, default: a}", "the default of `x` is `a`, not a list of texts"),
        ("x: {type: list, default: [1]}", "the default of `x` is a list, not a list of texts"),
        ("x: {type: integer, bounds: {at_most: many}}", "the bound `at_most` of `x` is `many`, not a whole number"),
        ("x: {type: integer, default: 1, bounds: {at_least: 2}}", "the default of `x`, `1`, is not at least 2"),
        ("x: {type: number, default: 1, bounds: {at_most: 0.5}}", "the default of `x`, `1`, is not at most 0.5"),
        (
            "x: {type: date, default: 2026-01-01, bounds: {at_least: 2026-02-01}}",
            "the default of `x`, `2026-01-01`, is not at least 2026-02-01",
        ),
        ("x: {type: duration, default: P3M, bounds: {at_most: P1M}}", "the default of `x`, `P3M`, is not at most P1M"),
        ("x: {type: duration, default: P90D, bounds: {at_most: P6M}}", "the default of `x`, `P90D`, is not at most P6M"),
        ("x: {type: boolean, bounds: {at_least: 1}}", "`x` is true or false, which has no bounds"),
        ("x: {type: list, bounds: {at_least: 1}}", "`x` is a list of texts, which has no bounds"),
        ("x: {type: integer, bounds: {at_least: 5, at_most: 4}}", "no value of `x` is at least `5` and at most `4`"),
        ("x: {default: 4}", "a parameter has no `type`"),
        ("x: 4", "`x` is given `4`, and takes a map"),
        ("x: {type: integer, bounds: {atleast: 4}}", "`atleast` is no key of `bounds`"),
        ("x: {type: integer, bounds: 4}", "`bounds` is given `4`, and takes a map"),
        ("x:", "`x` is left empty"),
    ],
)
def test_a_bad_parameter_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """In one sentence, which names it."""
    assert refusal(tmp_path, text) == [message]


def test_a_refused_parameter_is_not_unknown_as_well(tmp_path: Path) -> None:
    """Its uses are silent."""
    wrong = edited(RULE, (LABEL, "x: {type: intger}"), ("{param.max_days}", "{param.x}"), ("{param: max_days}", "{param: x}"))
    with pytest.raises(Refused) as refused:
        loaded(tmp_path, {**GOOD, CHECK: wrong})
    assert [problem.code for problem in refused.value.problems] == ["bad-value"]


def test_the_organisation_sets_values_within_bounds(tmp_path: Path) -> None:
    """What is unknown, of another type or out of bounds is told; the rest holds."""
    found = parameters(tmp_path, "x: {type: duration, bounds: {at_most: P1Y}}")
    declared = {name: [parameter] for name, parameter in found.items()}
    assert settle(declared, {"max_days": 365, "x": "P6M"}) == ({"max_days": 365, "x": read_duration("P6M")}, [])
    assert settle(declared, {"max_days": 366, "x": 6, "y": 1}) == (
        {},
        [
            ("max_days", "the parameter `max_days` must be at most 365"),
            ("x", "the parameter `x` is a duration such as P90D"),
            ("y", "no rule has a parameter `y`"),
        ],
    )
    assert settle(declared, {"x": "P90D"})[1] == [("x", "the parameter `x` must be at most P1Y")]


def test_a_name_in_two_rules_keeps_to_the_bounds_of_both(tmp_path: Path) -> None:
    """The tighter one wins."""
    wide = parameters(tmp_path / "a", "x: {type: integer, bounds: {at_most: 9}}")["x"]
    tight = parameters(tmp_path / "b", "x: {type: integer, bounds: {at_most: 4}}")["x"]
    assert settle({"x": [wide, tight]}, {"x": 4}) == ({"x": 4}, [])
    assert settle({"x": [wide, tight]}, {"x": 5})[1] == [("x", "the parameter `x` must be at most 4")]
