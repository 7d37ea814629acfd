"""What commands about controls stand on: with --evidence the assessment that `check` makes, without it no document and no config."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ccpolicy.cli.evidence_option import ground_of
from ccpolicy.cli.options import Asked
from ccpolicy.errors import Refused
from tests.cli.conftest import Run

LEAKY = Path(__file__).parents[2] / "fixtures" / "harbour-leaky"


def test_evidence_is_assessed_as_check_does(run: Run) -> None:
    """The same controls come to the same, by the config above the path."""
    ground = ground_of(Asked(paths=(str(LEAKY),)))
    assert ground.assessed is not None
    told = json.loads(run("check", LEAKY, "--format", "json").out)["controls"]
    assert [(one.id, one.status, one.note) for one in ground.assessed.assessment.controls] == [
        (one["id"], one["status"], one["note"]) for one in told
    ]
    assert ground.assessed.config.organisation_name == "Harbour Contact Ltd"


def test_a_standard_narrows_the_answer_and_not_the_assessment() -> None:
    """What a standard comes to may hang on controls of others."""
    ground = ground_of(Asked(paths=(str(LEAKY),), standard=("hipaa",)))
    assert ground.standards == ("hipaa",)
    assert ground.assessed is not None
    assert len({one.standard for one in ground.assessed.assessment.controls}) > 1


def test_without_evidence_no_config_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken config in the working directory is not even read."""
    (tmp_path / "ccpolicy.toml").write_text("this is [no TOML")
    monkeypatch.chdir(tmp_path)
    ground = ground_of(Asked(paths=()))
    assert ground.assessed is None
    assert ground.standards == tuple(sorted(ground.library.catalogues))
    with pytest.raises(Refused):
        ground_of(Asked(paths=(".",)))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            Asked(paths=(), as_of="2026-06-30"),
            "`--as-of` is the day on which documents are looked at (hint: name the documents by --evidence PATH)",
        ),
        (Asked(paths=(), standard=("hippa",)), "no catalogue describes the standard `hippa` (hint: did you mean `hipaa`?)"),
        (Asked(paths=("nowhere",)), "there is no file or folder `nowhere`"),
    ],
)
def test_wrong_use_is_refused(asked: Asked, told: str) -> None:
    with pytest.raises(Refused) as refused:
        ground_of(asked)
    assert [str(problem) for problem in refused.value.problems] == [told]
