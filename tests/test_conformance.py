"""The conformance data says what the language means; the reference interpreter agrees with each case of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import DATA, Case, differences, observed, read_cases

CASES = [case for file in sorted(DATA.glob("*.yaml")) for case in read_cases(file)]


def test_there_is_conformance_data_for_every_operator() -> None:
    """An operator without conformance data is not done."""
    from ccpolicy.rulebook.syntax import Condition

    text = "".join(file.read_text("utf-8") for file in DATA.glob("*.yaml"))
    words = [field.alias or name for name, field in Condition.model_fields.items()]
    assert [word for word in words if f"{word}:" not in text] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reference_interpreter_agrees(case: Case, tmp_path: Path) -> None:
    """What a case expects is what comes out."""
    expected = dict(case.body["expect"])
    assert differences({"refused": False, **expected}, observed(case, tmp_path)) == []
