"""A document on standard input: one for editors and hooks, with other files as what its joins look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ccpolicy.cli.main import ccpolicy
from tests.cli.conftest import Ran, put, queue_config

BODY = {"id": "A1", "skills": ["payments"], "hired_on": "2024-01-01"}
AGENT: dict[str, Any] = {"kind": "agent", "id": "A1", "observed_at": "2026-06-01", "data": BODY}
MASK = ("--rule", "recording/pause-on-payment", "--as-of", "2026-06-30")


def check(text: str | bytes | dict[str, Any], *args: object) -> Ran:
    """`ccpolicy check -` with a document on standard input."""
    given = json.dumps(text) if isinstance(text, dict) else text
    result = CliRunner().invoke(ccpolicy, ["check", *map(str, args)], input=given, prog_name="ccpolicy")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    return Ran(result.exit_code, result.stdout, result.stderr)


def files(told: Ran) -> set[tuple[str, int]]:
    """Where findings stand."""
    return {(one["file"], one["line"]) for one in told.json["findings"]}


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_document_is_checked_under_its_name() -> None:
    """With lines and columns, though there is no such file."""
    text = json.dumps(queue_config("none"), indent=1)
    told = check(text, "-", "--stdin-filename", "config/voice.json", "--format", "json", *MASK)
    line = 1 + text[: text.index('"pause_mode"')].count("\n")
    assert told.code == 1
    assert files(told) == {("config/voice.json", line)}
    assert told.json["scope"]["file"] == "config/voice.json"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (json.dumps(queue_config("none")), "stdin.json"),
        ("kind: queue-config\nid: q\nobserved_at: 2026-06-01\ndata: {queues: []}\n", "stdin.yaml"),
    ],
)
def test_without_a_name_the_text_says_its_form(text: str, name: str) -> None:
    """JSON if it begins as a map or a list does, else YAML."""
    assert check(text, "-", "--format", "json", *MASK).json["documents"][0]["file"] == name


def test_a_body_needs_its_kind() -> None:
    """Without an envelope; `--kind` says what it is."""
    body = queue_config("none")["data"]
    assert check(body, "-", *MASK).code == 3
    told = check(body, "-", "--kind", "queue-config", "--stdin-filename", "a[1].json", "--format", "json", *MASK)
    assert (told.code, {file for file, _ in files(told)}) == (1, {"a[1].json"})


def test_an_envelope_says_its_kind_itself() -> None:
    """`--kind` may repeat it, and must not contradict it."""
    assert check(queue_config("mask"), "-", "--kind", "queue-config", "--undetermined", "warn", *MASK).code == 0
    told = check(queue_config("mask"), "-", "--kind", "agent", *MASK)
    assert told.code == 2
    assert "the envelope says that it is of kind `queue-config`, and `--kind` says `agent`" in told.err


def test_the_config_above_its_name_governs(tmp_path: Path) -> None:
    """Its mappings too."""
    put(tmp_path / "centre", ccpolicy_toml='as_of = "2026-06-30"\n[[documents]]\nfiles = "raw/*.json"\nkind = "queue-config"\n')
    told = check(queue_config("none")["data"], "-", "--stdin-filename", "centre/raw/new.json", "--format", "json", *MASK[:2])
    assert (told.code, {file for file, _ in files(told)}) == (1, {"raw/new.json"})


def test_it_takes_the_place_of_the_file_of_its_name(tmp_path: Path) -> None:
    """An editor's text is newer than the file."""
    put(tmp_path, q_json=queue_config("none"), ccpolicy_toml="")
    assert check(queue_config("mask"), "-", ".", "--stdin-filename", "q.json", "--undetermined", "warn", *MASK).code == 0
    assert check(queue_config("none"), "-", ".", "--stdin-filename", "q.json", *MASK).code == 1


def test_other_files_are_context(tmp_path: Path) -> None:
    """Joins see them; what is wrong with them is not told."""
    record = {"id": "t", "agent_id": "A1", "course": "pci-awareness", "completed_on": "2026-06-01"}
    training = {"kind": "training-record", "observed_at": "2026-06-02", "records": [record]}
    put(tmp_path, t_json=training, other_json={**AGENT, "id": "A2", "data": {**AGENT["data"], "id": "A2"}}, q_json=queue_config("none"))
    alone = check(AGENT, "-", "--stdin-filename", "a.json", "--format", "json", "--as-of", "2026-06-30")
    among = check(AGENT, "-", ".", "--stdin-filename", "a.json", "--format", "json", "--as-of", "2026-06-30")
    assert {file for file, _ in files(among)} == {"a.json"}
    assert len(among.json["findings"]) < len(alone.json["findings"])
    assert {one["file"] for one in among.json["documents"]} == {"a.json", "t.json", "other.json", "q.json"}


def test_text_that_cannot_be_read_is_a_problem() -> None:
    """With its place."""
    told = check('{"kind": "agent",\n', "-", "--stdin-filename", "a.json", "--format", "json", *MASK)
    assert told.code == 3
    assert [(one["file"], one["line"]) for one in told.json["problems"]] == [("a.json", 2)]


WRONG = [
    ((".", "--stdin-filename", "a.json"), "`--stdin-filename` speaks of the document on standard input, which is `-`"),
    ((".", "--kind", "agent"), "`--kind` speaks of the document on standard input, which is `-`"),
    (("-", "--kind", "acount"), "`--kind` does not know `acount` (hint: did you mean `account`"),
    (("-", "--stdin-filename", ""), "`--stdin-filename` takes the name of a file"),
    (("-", "--changed-since", "main"), "`--changed-since` compares files, and `-` is none"),
]


@pytest.mark.parametrize(("args", "said"), WRONG)
def test_wrong_use(args: tuple[str, ...], said: str) -> None:
    """Is told as such."""
    told = check({}, *args)
    assert told.code == 2
    assert said in told.err


def test_the_report_says_of_which_document_it_is() -> None:
    """In its head."""
    told = check(queue_config("none"), "-", "--as-of", "2026-06-30")
    assert "selected by file stdin.json" in told.out
