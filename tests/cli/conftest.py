"""A contact centre to run the command line on, and the runs themselves: within the process, and as a program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from ccpolicy.cli.main import ccpolicy

PAN = "4111111111111111"
OURS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "CCPOLICY_DEBUG", "GITHUB_STEP_SUMMARY")  # variables that we obey


@dataclass(frozen=True)
class Ran:
    """What a run wrote, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Run: TypeAlias = Callable[..., Ran]


def invoked(*args: object) -> Ran:
    """A run within the process."""
    result = CliRunner().invoke(ccpolicy, [str(arg) for arg in args], prog_name="ccpolicy")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return Ran(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line within the process."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    return invoked


@pytest.fixture(scope="session")
def once() -> Run:
    """The same, once for each command, for those on files that do not change: the fixture centres and the shipped pack."""
    kept: dict[tuple[object, ...], Ran] = {}

    def ran(*args: object) -> Ran:
        if args not in kept:
            with pytest.MonkeyPatch.context() as patch:
                for name in OURS:
                    patch.delenv(name, raising=False)
                kept[args] = invoked(*args)
        return kept[args]

    return ran


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Runs `python -m ccpolicy` in a folder of its own."""

    def ran(*args: object, cwd: Path | None = None, **env: str) -> Ran:
        words = [sys.executable, "-m", "ccpolicy", *(arg if isinstance(arg, bytes) else str(arg) for arg in args)]
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        done = subprocess.run(words, capture_output=True, cwd=cwd or tmp_path, env={**kept, **env}, timeout=120, check=False)
        assert b"Traceback" not in done.stdout + done.stderr
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return ran


@pytest.fixture
def centre(tmp_path: Path, run: Run) -> Path:
    """The example that `ccpolicy init` writes."""
    folder = tmp_path / "centre"
    assert run("init", folder).code == 0
    return folder


def queue_config(mode: str = "mask", **envelope: Any) -> dict[str, Any]:
    """A document with one payment queue."""
    queue = {"id": "q", "name": "q", "channel": "voice", "takes_payments": True, "recording": {"enabled": True, "pause_mode": mode}}
    body = {"platform": "acd", "queues": [queue]}
    return {"kind": "queue-config", "id": "qc", "observed_at": "2026-06-29", **envelope, "data": body}


def put(folder: Path, **files: Any) -> Path:
    """Writes files into a folder: `a_json` is a.json; values that are no texts become JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return folder


RULE = """\
id: house/mask
title: Queues mask
severity: low
controls:
  - {control: pci-dss-4.0.1/3.3.1.2, coverage: partial, why: house policy}
params:
  mode: {type: text, default: mask}
applies_to: queue-config
each: queues.*
require: {recording.pause_mode: {is: {param: mode}}}
message: "`{name}` does not mask"
remediation: mask
"""

CASES = """\
rule: house/mask
cases:
  - name: masks
    as_of: 2026-06-30
    documents:
      - {kind: queue-config, id: a, observed_at: 2026-06-29, data: {queues: [{id: q, recording: {pause_mode: mask}}]}}
    expect: {status: pass}
  - name: masks after all
    as_of: 2026-06-30
    documents:
      - {kind: queue-config, id: a, observed_at: 2026-06-29, data: {queues: [{id: q, recording: {pause_mode: mask}}]}}
    expect: {status: pass}
  - name: records on
    as_of: 2026-06-30
    documents:
      - {kind: queue-config, id: a, observed_at: 2026-06-29, data: {queues: [{id: q, recording: {pause_mode: none}}]}}
    expect: {status: fail}
  - name: nobody knows
    as_of: 2026-06-30
    documents:
      - {kind: queue-config, id: a, observed_at: 2026-06-29, data: {queues: [{id: q}]}}
    expect: {status: undetermined}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack of the organisation's own, with one rule and its cases."""
    put(tmp_path / "pack" / "checks" / "house", mask_yaml=RULE)
    (tmp_path / "pack" / "checks" / "house" / "mask.cases.yaml").write_text(CASES)
    return tmp_path / "pack"
