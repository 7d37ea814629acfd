"""`check --changed-since`, as it is typed and as it is read."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import jsonschema_rs
import pytest
from dulwich.objects import Blob
from dulwich.repo import Repo

from tests.changes.repository import HEAD, commit, repository
from tests.cli.conftest import RULE, Run, put, queue_config

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "schemas" / "report.schema.json").read_text("utf-8"))
CONFIG = 'as_of = "2026-06-30"\nno_shipped_rules = true\npacks = ["pack"]\n'


def files_of(folder: Path) -> dict[str, bytes]:
    """All files of a folder but those of git."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and ".git" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, Repo]:
    """A centre in a repository: a queue that does not mask, an account, and a rule on queues."""
    folder = put(tmp_path / "kept", q_json=queue_config("none"), ccpolicy_toml=CONFIG)
    put(folder / "pack" / "checks" / "house", mask_yaml=RULE.replace("pci-dss-4.0.1/3.3.1.2", "own/1"))
    put(folder / "pack" / "catalogues", own_yaml=CATALOGUE)
    schema = (Path(__file__).resolve().parents[2] / "schemas" / "queue-config.schema.json").read_text("utf-8")
    (folder / "pack" / "schemas").mkdir()
    (folder / "pack" / "schemas" / "queue-config.schema.json").write_text(schema, "utf-8")
    repo = repository(folder)
    commit(repo, files_of(folder))
    return folder, repo


CATALOGUE = """\
id: own
title: Our own
edition: "1"
publisher: us
source: us
controls: [{id: "1", title: Queues mask, kind: requirement, status: automated}]
"""


def test_nothing_changed(run: Run, kept: tuple[Path, Repo]) -> None:
    """No rule is run, nothing is found, and the report says so."""
    told = run("check", kept[0], "--changed-since", "main")
    assert told.code == 0
    assert "rules      0 of 1" in told.out
    assert "0 files; 1 rule that no change can touch was left out" in told.out


def test_in_short_it_says_so_too(run: Run, kept: tuple[Path, Repo]) -> None:
    """What was left out is never silent."""
    out = " ".join(run("check", kept[0], "--changed-since", "main", "--quiet").out.split())
    assert "0 files; 1 rule that no change can touch was left out" in out


def test_a_change_is_checked(run: Run, kept: tuple[Path, Repo]) -> None:
    """With all that the rule finds, and the report for programs says what changed; it fits its schema."""
    folder, repo = kept
    put(folder, r_json=queue_config("none", id="qd"))
    told = run("check", folder, "--changed-since", "main", "--format", "json")
    changed = told.json["scope"]["changed"]
    assert (told.code, len(told.json["findings"])) == (1, 2)
    assert (changed["since"], changed["commit"]) == ("main", repo.refs[HEAD].decode())
    assert (changed["files"], changed["kinds"], changed["everything"]) == (["r.json"], ["queue-config"], None)
    assert changed["rules_left_out"] == []
    jsonschema_rs.validator_for(SCHEMA).validate(told.json)


def test_what_the_baseline_no_longer_knows_is_not_missed(run: Run, kept: tuple[Path, Repo], tmp_path: Path) -> None:
    """A baseline that changed, or whose past is not known, lets everything be checked; one that did not, nothing."""
    folder, repo = kept
    known, elsewhere = folder / "baseline.json", tmp_path / "elsewhere.json"
    assert run("baseline", "write", folder, "--output", elsewhere).code == 0
    everything = "everything is checked, because the baseline `{}` is not what it was"
    told = run("check", folder, "--changed-since", "main", "--baseline", elsewhere)
    assert (told.code, everything.format("../elsewhere.json") in " ".join(told.out.split())) == (0, True)
    known.write_bytes(elsewhere.read_bytes())
    commit(repo, files_of(folder))
    told = run("check", folder, "--changed-since", "main", "--baseline", known)
    assert (told.code, "rules      0 of 1" in told.out) == (0, True)
    known.write_text(json.dumps(json.loads(known.read_text("utf-8")) | {"entries": []}), "utf-8")
    told = run("check", folder, "--changed-since", "main", "--baseline", known)
    assert (told.code, "1 new finding counts" in told.out) == (1, True)
    assert everything.format("baseline.json") in " ".join(told.out.split())


def test_what_was_left_out_is_in_the_report(run: Run, kept: tuple[Path, Repo]) -> None:
    """Rule by rule with the kinds that it reads."""
    told = run("check", kept[0], "--changed-since", "main", "--format", "json").json
    assert told["scope"]["changed"]["rules_left_out"] == [{"rule": "house/mask", "reads": ["queue-config"]}]
    assert told["controls"][0]["note"] == "rule house/mask was not run; partial coverage only"
    jsonschema_rs.validator_for(SCHEMA).validate(told)


def test_a_comment_and_code_scanning_hear_of_it_too(run: Run, kept: tuple[Path, Repo]) -> None:
    """In the words of the text."""
    told = "0 files; 1 rule that no change can touch was left out"
    assert told in run("check", kept[0], "--changed-since", "main", "--format", "markdown").out
    sarif = run("check", kept[0], "--changed-since", "main", "--format", "sarif").json
    [note] = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert (note["descriptor"]["id"], note["level"]) == ("only-what-changed", "note")
    assert told in note["message"]["text"]


def test_the_config_may_say_it_and_the_command_line_take_it_back(run: Run, kept: tuple[Path, Repo]) -> None:
    """An empty text checks everything."""
    folder, repo = kept
    put(folder, ccpolicy_toml='changed_since = "main"\n' + CONFIG)
    commit(repo, files_of(folder))
    assert "rules      0 of 1" in run("check", folder).out
    assert "rules      all 1" in run("check", folder, "--changed-since", "").out


@pytest.mark.parametrize("name", ["main", "HEAD", "refs/heads/main", "HEAD~1", "HEAD^", "HEAD^1~0", "main~"])
def test_names_of_revisions(run: Run, kept: tuple[Path, Repo], name: str) -> None:
    """Branches, references, and steps back from them."""
    commit(kept[1], files_of(kept[0]))
    assert run("check", kept[0], "--changed-since", name).code == 0


WRONG: Mapping[str, str] = {
    "nowhere": "the repository has no revision `nowhere`",
    "HEAD~7": "the repository has no revision `HEAD~7`",
    "HEAD^3": "the repository has no revision `HEAD^3`",
    "~": "the repository has no revision `~`",
    "a\x1b[31m": "the repository has no revision `a\\x1b[31m`",
    "main:q.json": "the repository has no revision `main:q.json`",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_revision_that_is_not_there(run: Run, kept: tuple[Path, Repo], name: str) -> None:
    """Is refused with what may have kept it away."""
    told = run("check", kept[0], "--changed-since", name)
    assert (told.code, told.out) == (2, "")
    assert WRONG[name] in told.err
    assert "shallow clone" in told.err


def test_no_repository(run: Run, centre: Path) -> None:
    """There is nothing to compare with."""
    told = run("check", centre, "--changed-since", "main")
    assert told.code == 2
    assert "lies in no git repository" in told.err


def test_the_extra_is_named_where_it_is_missing(run: Run, kept: tuple[Path, Repo], monkeypatch: pytest.MonkeyPatch) -> None:
    """And only `--changed-since` needs it."""
    monkeypatch.setitem(sys.modules, "dulwich.repo", None)
    told = run("check", kept[0], "--changed-since", "main")
    assert told.code == 2
    assert "the library `dulwich`, which is not installed (hint: pip install 'ccpolicy[git]')" in told.err
    assert run("check", kept[0]).code == 1


def test_a_repository_that_lacks_objects(run: Run, kept: tuple[Path, Repo]) -> None:
    """As a partial or a damaged clone does, is refused, and no verdict is given."""
    folder, _ = kept
    put(folder, q_json=queue_config("mask"))
    gone = Blob.from_string(json.dumps(queue_config("none")).encode()).id.decode()
    (folder / ".git" / "objects" / gone[:2] / gone[2:]).unlink()
    told = run("check", folder, "--changed-since", "main")
    assert (told.code, told.out) == (2, "")
    assert "the repository cannot be read" in told.err
