"""Real vendor exports run through the shipped example mapping, where the samples are at hand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ccpolicy.assessment.run import assess
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import find_config
from tests.test_fixtures import library

TOP = Path(__file__).parent.parent
REAL = TOP.parent / "shared" / "real"


@pytest.mark.skipif(not REAL.is_dir(), reason="the vendor samples are not part of the project")
def test_real_exports_show_what_is_truly_wrong_in_them(tmp_path: Path) -> None:
    """No file is left without a kind, none breaks its schema, and the faults that are in them are found."""
    shutil.copytree(REAL, tmp_path / "real")
    shutil.copy(TOP / "docs" / "examples" / "vendor-mapping.toml", tmp_path / "real" / "ccpolicy.toml")
    config = find_config([tmp_path / "real"])
    assert config.as_of is not None
    assessment = assess(library(), load_evidence([tmp_path / "real"], config, library().kinds, config.as_of))
    assert assessment.problems == ()
    failed = {(found.rule, found.document) for found in assessment.findings if found.status == "fail"}
    assert failed >= {
        ("connect/recordings-encrypted-with-kms", "CALL_RECORDINGS"),
        ("connect/recordings-encrypted-with-kms", "CHAT_TRANSCRIPTS"),
        ("connect/recordings-encrypted-with-kms", "REAL_TIME_CONTACT_ANALYSIS_SEGMENTS"),
    }
    assert {rule for rule, _ in failed} >= {"connect/identity-can-carry-mfa", "genesys/menu-has-human-exit"}
    assert not {rule for rule, _ in failed} & {"connect/flow-logs-on", "connect/agent-profile-cannot-grant-access"}
