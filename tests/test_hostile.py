"""Hostile input: each bad file is a problem with its place and a hint, and the good document beside it is checked all the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ccpolicy.cli.main import ccpolicy
from tests.cli.conftest import Ran

AS_OF = "2026-06-30"
GOOD = {
    "kind": "queue-config",
    "id": "good",
    "observed_at": AS_OF,
    "data": {
        "platform": "acd",
        "queues": [
            {"id": "q", "name": "q", "channel": "voice", "takes_payments": True, "recording": {"enabled": True, "pause_mode": "none"}}
        ],
    },
}
HEAD = b'{"kind": "agent", "id": "A1", "observed_at": "2026-06-30",\n'


def check(*args: object) -> Ran:
    """`ccpolicy check` within the process; a traceback or a bug of ours fails the test."""
    result = CliRunner().invoke(ccpolicy, ["check", *map(str, args), "--as-of", AS_OF], prog_name="ccpolicy")
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert "bug:" not in result.stderr
    return Ran(result.exit_code, result.stdout, result.stderr)


def centre(folder: Path, **files: bytes | dict[str, Any]) -> Path:
    """A folder with the good document and other files: `a_json` is a.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"good_json": GOOD, **files}.items():
        stem, _, suffix = name.rpartition("_")
        (folder / f"{stem}.{suffix}").write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return folder


def assert_good_is_reported(report: Any) -> None:
    """The good document was checked, and its finding stands in the report."""
    assert [one["id"] for one in report["documents"] if one["file"] == "good.json"] == ["good"]
    assert ("recording/pause-on-payment", "fail", "good.json") in {(one["rule"], one["status"], one["file"]) for one in report["findings"]}


# ---- one bad file beside a good one --------------------------------------------------------------------------------------------

Make = Callable[[Path], object]


@dataclass(frozen=True)
class Bad:
    """A bad file: how it is made, and the problem it is."""

    name: str
    file: str
    content: bytes | Make
    code: str
    line: int | None = None
    column: int | None = None
    says: str = ""


def _doc(rest: bytes) -> bytes:
    return HEAD + b'"data": {"id": "A1", ' + rest + b"}}\n"


def _yaml(rest: bytes) -> bytes:
    return b"kind: agent\nid: A1\nobserved_at: 2026-06-30\ndata:\n  id: A1\n" + rest


_LAUGHS = b"".join(b"l%d: &l%d [%s]\n" % (n, n, b", ".join([b"*l%d" % (n - 1)] * 10)) for n in range(1, 12))
BAD = [
    Bad("duplicate key", "a.json", _doc(b'"team": "x",\n"team": "y"'), "duplicate-key", 3, 1, "on line 2 and on line 3"),
    Bad("duplicate key in yaml", "a.yaml", _yaml(b"  team: x\n  team: y\n"), "duplicate-key", 7, 3, "on line 6 and on line 7"),
    Bad("duplicate key in ndjson", "a.ndjson", b'{"kind": "agent", "kind": "agent"}\n', "duplicate-key", 1, 19),
    Bad("duplicate heading", "a.csv", b"id,id\n1,2\n", "unmapped", 1, 1),
    Bad("NaN", "a.json", _doc(b'"score": NaN'), "not-finite", 2, 31),
    Bad("infinity", "a.json", _doc(b'"score": -Infinity'), "not-finite", 2, 31),
    Bad("NaN in yaml", "a.yaml", _yaml(b"  score: .nan\n"), "not-finite", 6, 10),
    Bad("infinity in yaml", "a.yaml", _yaml(b"  score: -.inf\n"), "not-finite", 6, 10),
    Bad("a number beyond binary64", "a.json", _doc(b'"score": 1e400'), "number-too-large", 2, 31),
    Bad("a number beyond binary64 in yaml", "a.yaml", _yaml(b"  score: 1e400\n"), "number-too-large", 6, 10),
    Bad("a number of a million digits", "a.json", _doc(b'"score": ' + b"9" * 1_000_000), "number-too-large", 2, 31),
    Bad("invalid utf-8", "a.json", _doc(b'"team": "\xff"'), "not-utf-8", 2, 31),
    Bad("invalid utf-8 in yaml", "a.yaml", _yaml(b"  team: \xff\n"), "not-utf-8", 6, 9),
    Bad("invalid utf-8 in ndjson", "a.ndjson", b'{}\n{"a": "\xff"}\n', "not-utf-8", 2, 8),
    Bad("utf-16", "a.json", json.dumps(GOOD).encode("utf-16"), "binary", 1, 1),
    Bad("an unpaired surrogate", "a.json", _doc(b'"team": "\\ud800"'), "surrogate", 2, 31),
    Bad("an unpaired surrogate in yaml", "a.yaml", _yaml(b'  team: "\\ud800"\n'), "surrogate", 6, 12),
    Bad("100,000 lists within one another", "a.json", b"[" * 100_000 + b"]" * 100_000, "too-deep", 1, 129),
    Bad("100,000 maps within one another", "a.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too-deep", 1, 641),
    Bad("100,000 lists in yaml", "a.yaml", b"[" * 100_000 + b"]" * 100_000, "too-deep", 1, 129),
    Bad("100,000 lists in ndjson", "a.ndjson", b"[" * 100_000 + b"]" * 100_000 + b"\n", "too-deep", 1, 129),
    Bad("100,000 opened lists", "a.json", b"[" * 100_000, "too-deep", 1, 129),
    Bad(
        "an unknown kind",
        "a.json",
        b'{"kind": "agnet", "id": "A1", "observed_at": "2026-06-30", "data": {}}',
        "unknown-kind",
        1,
        2,
        "agnet",
    ),
    Bad("an unmapped file", "a.json", b'{"some": "export"}', "unmapped", 1, 1),
    Bad("an unmapped table", "a.csv", b"a,b\n1,2\n", "unmapped", 1, 1),
    Bad("a bare scalar", "a.json", b"42", "not-a-document", 1, 1),
    Bad("a bare scalar in yaml", "a.yaml", b"just text\n", "not-a-document", 1, 1),
    Bad("a list", "a.json", b"[1, 2]", "not-a-document", 1, 1),
    Bad("an invalid envelope", "a.json", HEAD + b'"obsreved": 1, "data": {}}', "invalid-envelope", 2, 1, "obsreved"),
    Bad("an envelope without a date", "a.json", b'{"kind": "agent", "id": "A1", "data": {}}', "invalid-envelope", 1, 1, "observed_at"),
    Bad("an envelope with a date that is none", "a.yaml", b"kind: agent\nid: A1\nobserved_at: soon\ndata: {}\n", "invalid-envelope", 3, 1),
    Bad("an empty file", "a.json", b"", "empty", 1, 1),
    Bad("an empty yaml file", "a.yaml", b"# nothing\n", "empty", 1, 1),
    Bad("an empty ndjson file", "a.ndjson", b"\n\n", "empty", 1, 1),
    Bad("a truncated file", "a.json", _doc(b'"team": "x"')[:-3], "truncated", 2, 33),
    Bad("a truncated text", "a.json", _doc(b'"team": "x"')[:-5], "truncated", 2, 30),
    Bad("a truncated yaml file", "a.yaml", b'kind: "agent', "truncated", 1, 13),
    Bad("a truncated line", "a.ndjson", b'{"kind": "agent"', "truncated", 1, 17),
    Bad("a binary file", "a.json", b"\x7fELF\x02\x01\x01\x00\x00\x00", "binary", 1, 8),
    Bad("a binary yaml file", "a.yaml", b"\x7fELF\x02\x01\x01\x00\x00\x00", "binary", 1, 8),
    Bad("a binary ndjson file", "a.ndjson", b"\x00\x01\x02\n", "binary", 1, 1),
    Bad("aliases that expand without bound", "a.yaml", b"l0: &l0 [x, x]\n" + _LAUGHS, "alias-bomb", 6, 20),
    Bad("an alias of itself", "a.yaml", b"a: &a [*a]\n", "recursive-alias", 1, 8),
    Bad("a merge key", "a.yaml", _yaml(b"  <<: {team: x}\n"), "merge-key", 6, 3),
    Bad("a tag that makes objects", "a.yaml", b"!!python/object/apply:os.system [true]\n", "unknown-tag", 1, 1),
    Bad("a second document", "a.yaml", _yaml(b"---\na: 1\n"), "several-documents", 6, 1),
    Bad("text that is no json", "a.json", b"hello: world\n", "syntax", 1, 1),
    Bad("a link out of the root", "a.json", lambda path: path.symlink_to("/etc/hostname"), "link-out-of-root"),
    Bad("a link to a folder out of the root", "a", lambda path: path.symlink_to("/etc"), "link-out-of-root"),
    Bad("a link that leads nowhere", "a.json", lambda path: path.symlink_to("nowhere"), "unreadable"),
    Bad("a link to itself", "a.json", lambda path: path.symlink_to("a.json"), "unreadable"),
    Bad("a pipe", "a.json", os.mkfifo, "unreadable"),
    Bad("a device", "a.json", lambda path: path.symlink_to("/dev/zero"), "link-out-of-root"),
]


def _put(folder: Path, bad: Bad) -> None:
    if isinstance(bad.content, bytes):
        (folder / bad.file).write_bytes(bad.content)
    else:
        bad.content(folder / bad.file)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_bad_file_is_a_problem_and_stops_nothing(bad: Bad, tmp_path: Path) -> None:
    """Exit 3; file, line and column, a hint; the good document is reported; both forms say so."""
    folder = centre(tmp_path / "centre")
    _put(folder, bad)
    ran = check(folder, "--format", "json")
    assert ran.code == 3
    found = [one for one in ran.json["problems"] if one["file"] == bad.file and one["code"] == bad.code]
    assert found, ran.json["problems"]
    problem = found[0]
    assert (problem["line"], problem["column"]) == (bad.line, bad.column)
    assert bad.says in problem["message"]
    assert all(one["hint"] for one in ran.json["problems"])
    assert_good_is_reported(ran.json)
    text = check(folder)
    assert text.code == 3
    assert ":".join(str(part) for part in (bad.file, bad.line, bad.column) if part) in text.out
    assert "good.json" in text.out


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
@pytest.mark.parametrize("name", ["a.json", "folder"])
def test_what_may_not_be_read_is_a_problem(name: str, tmp_path: Path) -> None:
    """A file, or a folder, that is shut for us."""
    folder = centre(tmp_path / "centre", a_json=GOOD)
    (folder / "folder").mkdir()
    (folder / name).chmod(0)
    try:
        ran = check(folder, "--format", "json")
    finally:
        (folder / name).chmod(0o700)
    assert (ran.code, [(one["code"], one["file"]) for one in ran.json["problems"]]) == (3, [("unreadable", name)])


def test_two_documents_of_one_id_name_each_other(tmp_path: Path) -> None:
    """Neither is used, and the third document is reported."""
    twin = {"kind": "agent", "id": "A1", "observed_at": AS_OF, "data": {"id": "A1", "hired_on": "2020-01-01"}}
    folder = centre(tmp_path / "centre", a_json=twin, b_json=twin)
    ran = check(folder, "--format", "json")
    problem = ran.json["problems"][0]
    assert (ran.code, problem["code"], problem["file"], problem["line"], problem["column"]) == (3, "duplicate-id", "b.json", 1, 19)
    assert "a.json:1" in problem["message"]
    assert problem["hint"]
    assert_good_is_reported(ran.json)


def test_all_of_them_together_are_all_reported(tmp_path: Path) -> None:
    """Each in a folder of its own, in one run."""
    folder = centre(tmp_path / "centre")
    for number, bad in enumerate(BAD):
        (folder / f"b{number}").mkdir()
        _put(folder / f"b{number}", bad)
    ran = check(folder, "--format", "json")
    assert ran.code == 3
    found = {(one["file"], one["code"]) for one in ran.json["problems"]}
    assert [bad.name for number, bad in enumerate(BAD) if (f"b{number}/{bad.file}", bad.code) not in found] == []
    assert_good_is_reported(ran.json)


# ---- schemas of packs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reference",
    [
        "https://example.org/a.schema.json",
        "file:///etc/passwd",
        "../secret.schema.json",
        "/etc/a.schema.json",
        "sub/a.schema.json",
        "b.schema.json",
    ],
)
def test_a_reference_out_of_the_schema_folder_is_refused(reference: str, tmp_path: Path) -> None:
    """Exit 2 with the place of the reference and a hint; nothing is fetched, and nothing is checked."""
    (tmp_path / "pack" / "schemas").mkdir(parents=True)
    (tmp_path / "secret.schema.json").write_text('{"type": "object"}')
    schema = {"type": "object", "properties": {"x": {"$ref": reference}}}
    (tmp_path / "pack" / "schemas" / "thing.schema.json").write_text(json.dumps(schema, indent=1))
    ran = check(centre(tmp_path / "centre"), "--pack", tmp_path / "pack")
    assert (ran.code, ran.out) == (2, "")
    assert "thing.schema.json:5:4" in ran.err
    assert "(hint: `$ref` is" in ran.err


_REPEATED = ["(a+)+", "(a|a)*", "(a|aa)+", "(.*)*x", "(a*)*b", "([a-z]+)*", "a{0,500}a{0,500}", "(x+x+)+y"]
_PATTERN_RULE = """\
id: house/text
title: Text has the form
severity: low
controls:
  - {control: pci-dss-4.0.1/3.3.1.2, coverage: partial, why: house}
applies_to: note
require: {text: {matches: %s}}
message: "text is wrong"
remediation: correct it
"""
_LONG = "a" * 100_000 + "!"


def _pack(folder: Path, pattern: str, in_schema: bool) -> Path:
    (folder / "schemas").mkdir(parents=True)
    (folder / "checks" / "house").mkdir(parents=True)
    text = {"type": "string", **({"pattern": f"^{pattern}$"} if in_schema else {})}
    schema = {"title": "Note", "type": "object", "properties": {"id": {"type": "string"}, "text": text}}
    (folder / "schemas" / "note.schema.json").write_text(json.dumps(schema))
    (folder / "checks" / "house" / "text.yaml").write_text(_PATTERN_RULE % json.dumps("ok" if in_schema else pattern))
    return folder


@pytest.mark.parametrize("pattern", _REPEATED)
@pytest.mark.parametrize("in_schema", [True, False], ids=["schema", "rule"])
def test_a_pattern_takes_linear_time(pattern: str, in_schema: bool, tmp_path: Path) -> None:
    """100 kB of a's, against patterns that take an engine that goes back exponential time."""
    note = {"kind": "note", "id": "n", "observed_at": AS_OF, "data": {"id": "n", "text": _LONG}}
    folder = centre(tmp_path / "centre", note_json=note)
    started = time.process_time()
    ran = check(folder, "--pack", _pack(tmp_path / "pack", pattern, in_schema), "--format", "json")
    assert time.process_time() - started < 5
    assert (ran.code, ran.json["problems"]) == (1, [])
    wanted = "schema/note" if in_schema else "house/text"
    assert (wanted, "fail") in {(one["rule"], one["status"]) for one in ran.json["findings"]}
    assert_good_is_reported(ran.json)


# ---- size ----------------------------------------------------------------------------------------------------------------------

_CHILD = """
import re, sys
from ccpolicy.cli.main import ccpolicy
code = ccpolicy.main(sys.argv[1:], "ccpolicy", standalone_mode=False)
print(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1], file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.ndjson", "a.csv"])
def test_200_mb_on_one_line_are_a_problem_and_not_read_into_memory_many_times(name: str, tmp_path: Path) -> None:
    """The place is the first line, and what else is there is reported."""
    folder = centre(tmp_path / "centre", ccpolicy_toml=b'[[documents]]\nfiles = "*.csv"\nkind = "training-record"\n')
    with (folder / name).open("wb") as stream:
        for _ in range(200):
            stream.write(b"x" * 1_000_000)
    words = [sys.executable, "-c", _CHILD, "check", str(folder), "--as-of", AS_OF, "--format", "json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    (folder / name).unlink()
    report = json.loads(done.stdout)
    assert [(one["code"], one["file"], one["line"]) for one in report["problems"]] == [("too-large", name, 1)]
    assert all(one["hint"] for one in report["problems"])
    assert done.returncode == 3
    assert_good_is_reported(report)
    assert int(done.stderr.split()[-1]) * 1024 < 6 * 200_000_000 + 150_000_000


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.json",
            b'{"kind": "agent", "id": "A", "observed_at": "2026-06-30", "data": {}, '
            + b", ".join(b'"k%d": 1' % n for n in range(20_000))
            + b"}",
        ),
        ("a.json", b"[" + b"NaN, " * 200_000 + b"1]"),
        ("a.json", b"{" + b'"a": 1, ' * 200_000 + b'"b": 1}'),
        ("a.yaml", b"a: 1\n" * 20_000),
        ("a.ndjson", b"{\n" * 20_000),
        ("a.json", b'{"kind": "' + b"agent" * 200_000 + b'", "id": "A"}'),
        ("a.yaml", b"- " * 50_000),
        ("a.yaml", b"? " * 50_000),
        ("a.yaml", b"{" * 50_000),
        ("a.json", b'"' + b"\\ud800" * 100_000 + b'"'),
        ("a.json", b"\xff" * 1_000_000),
        ("a.json", b" " * 1_000_000),
        ("a.yaml", b"a: '" + b"4" * 1_000_000),
        ("a.yaml", b"\n" * 500_000 + b"[&a [*a]]"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value[:12]),
)
def test_a_file_of_nothing_but_faults_takes_linear_time(name: str, content: bytes, tmp_path: Path) -> None:
    """No list of problems grows without bound, and nothing is tried again and again."""
    folder = centre(tmp_path / "centre")
    (folder / name).write_bytes(content)
    started = time.process_time()
    ran = check(folder, "--format", "json")
    assert time.process_time() - started < 10
    assert ran.code == 3
    assert_good_is_reported(ran.json)


# ---- what must never be shown --------------------------------------------------------------------------------------------------

PAN = "4111111111111111"
GROUPED = ("4012 8888 8888 1881", "5555-5555-5555-4444")
SECRET = "Zsofia Veryunlikely"  # stands only where the schema says `sensitive`
NUMBERS = (PAN, *GROUPED, *(text.replace(" ", "").replace("-", "") for text in GROUPED))

_CONFIG = f"""\
[organisation]
name = "Centre {PAN}"

[organisation.roles]
merchant = true

[[documents]]
files = "mapped/*.json"
kind = "agent"
observed_at = "{AS_OF}"
placeholders = ["\\\\$\\\\{{.*\\\\}}"]

[[documents]]
files = "*.csv"
kind = "training-record"
observed_at = "{AS_OF}"
complete = {{by = "HR {PAN}", on = "{AS_OF}", basis = "export {GROUPED[0]}"}}

[[complete]]
kind = "agent"
by = "{PAN}"
on = "{AS_OF}"
basis = "{GROUPED[1]}"
"""


def _enveloped(kind: str, own: str, data: Any, **envelope: Any) -> dict[str, Any]:
    return {"kind": kind, "id": own, "observed_at": AS_OF, **envelope, "data": data}


def _planted(number: str) -> dict[str, bytes | dict[str, Any]]:
    """Files by name; the number stands wherever a number can stand."""
    agent = {"id": f"A-{number}", "name": SECRET, "hired_on": "2020-01-01", "skills": ["payments", number], "team": number}
    wrong = {
        "id": f"B-{number}",
        "name": [SECRET],
        "email": SECRET,
        "hired_on": number,
        "skills": number,
        number: number,
        "left_on": {number: 1},
    }
    turns = [
        {"offset_ms": 0, "speaker": "customer", "text": f"{SECRET} {number}"},
        {"offset_ms": number, "speaker": number, "text": number},
    ]
    source = {"system": number, "reference": number, "collected_by": number}
    gaps = [{"pointer": "/data/mfa", "reason": f"withheld {number}"}, {"pointer": f"/data/{number}", "reason": number}]
    waiver = {
        "id": f"W-{number}",
        "rule": "training/payment-agents",
        "where": {"team": {"is": number}},
        "rationale": number,
        "compensating_control": number,
        "requested_by": number,
        "approved_by": f"x {number}",
        "expires_on": "2026-12-31",
    }
    return {
        f"good-{number}.json": GOOD,
        "agent.json": _enveloped("agent", f"A-{number}", agent, site=number, client=number, source=source),
        "wrong.json": _enveloped("agent", f"B-{number}", wrong, data_classes=[number]),
        "transcript.json": _enveloped("transcript", number, {"id": number, "contact_id": number, "channel": "voice", "turns": turns}),
        "bad-transcript.json": _enveloped(
            "transcript", "T", {"id": "T", "turns": [{"text": [SECRET, number], "speaker": {SECRET: number}}]}
        ),
        "account.json": _enveloped("account", "U", {"id": "U", "owner": number, "roles": [number]}, gaps=gaps),
        "waiver.json": _enveloped("waiver", f"W-{number}", waiver),
        "waiver2.json": _enveloped("waiver", "W2", {**waiver, "id": "W2", "rule": number, "expires_on": number}),
        "waiver3.json": _enveloped("waiver", "W3", {**waiver, "id": "W3", "where": {number: {number: number}}}),
        "kind.json": _enveloped(number, number, {number: number}),
        "envelope.json": {
            **_enveloped("agent", "E", {}),
            number: number,
            "observed_at": number,
            "gaps": [{"pointer": number}],
            "source": {number: 1},
        },
        "claim.json": {
            "kind": "queue",
            "observed_at": AS_OF,
            "records": [],
            "complete": {"by": number, "on": number, "basis": "", number: 1},
        },
        "twice.json": f'{{"kind": "agent", "{number}": 1, "{number}": 2}}'.encode(),
        "broken.json": f'{{"kind": "agent", "id": {number} {number}, "x": "{number}'.encode(),
        "broken2.json": f"{number} {number}".encode(),
        "word.json": f"[x{number}]".encode(),
        "bare.json": json.dumps(number).encode(),
        "number.json": f'{{"kind": "agent", "id": "N", "observed_at": "{AS_OF}", "data": {{"id": "N", "team": {PAN}}}}}'.encode(),
        "large.json": f"[1e{PAN}, {PAN}e999]".encode(),
        "note.yaml": f"# {number}\nkind: agent # {number}\nid: Y\nobserved_at: {AS_OF}\ndata: {{id: Y, hired_on: {number}}}\n".encode(),
        "bad.yaml": f"# {number}\n'{number}': 1\n'{number}': 2\n? [{number}]\n: {number}\n".encode(),
        "worse.yaml": f"{number}: {number}: {number}\n".encode(),
        "tag.yaml": f"!<{number.replace(' ', '-')}> {number}\n".encode(),
        "anchor.yaml": f"a: *x{number.replace(' ', '-')}\n".encode(),
        "lines.ndjson": f'{{"kind": "{number}"}}\n{{"{number}": {number}}}\n{number}\n'.encode(),
        "table.csv": f"id,{number},agent_id,completed_on\n{number},{number},{number},{number}\n1,2,3,4,{number}\n".encode(),
        "table2.csv": f'{number},{number}\n"{number}\n'.encode(),
        f"mapped/{number}.json": {"id": number, "name": SECRET, "hired_on": f"${{{number}}}", number: 1},
        f"folder {number}/unmapped.json": {number: number},
        f"folder {number}/link-{number}.json": b"link",
        "unmapped.csv2": b"",
    }


@pytest.fixture(params=[PAN, *GROUPED], ids=["run", "blanks", "hyphens"])
def planted(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder in which a number stands everywhere; the name of the folder itself is the user's own word."""
    folder = tmp_path / "centre"
    for name, content in _planted(request.param).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content == b"link":
            file.symlink_to("/etc/hostname")
        else:
            file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    (folder / "ccpolicy.toml").write_text(_CONFIG)
    return folder


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("to_file", [False, True], ids=["stdout", "file"])
def test_no_output_shows_a_card_number_or_a_sensitive_value(planted: Path, form: str, to_file: bool, tmp_path: Path) -> None:
    """Wherever it stands in the evidence, and whatever is wrong there."""
    report = tmp_path / "report"
    ran = check(planted, "--format", form, *(["--output", report] if to_file else []))
    assert ran.code == 3
    written = ran.out + ran.err + (report.read_text() if to_file else "")
    assert "recording/pause-on-payment" in written
    assert "training/payment-agents" in written
    assert [text for text in (*NUMBERS, *SECRET.split()) if text in written] == []
    flat = "".join(character for character in written if character not in " -\n")
    assert [text for text in NUMBERS if text in flat] == []


@pytest.mark.parametrize(
    "options",
    [
        ["--site", PAN],
        ["--client", GROUPED[0]],
        ["--rule", PAN],
        ["--standard", PAN],
        ["--param", f"{PAN}={PAN}"],
        ["--param", f"payment_training_course={PAN}"],
        ["--as-of", PAN],
        ["--fail-on", PAN],
        ["--format", PAN],
        ["--output", f"/nowhere/{PAN}/x"],
        [f"--{PAN}"],
        [f"/nowhere/{PAN}"],
        ["--pack", f"/nowhere/{PAN}"],
    ],
    ids=lambda options: options[0][:12] + options[-1][-3:],
)
def test_no_message_repeats_a_card_number_of_the_command_line(options: list[str], tmp_path: Path) -> None:
    """A number that was pasted into an option does not go on into a log."""
    words = ["check", str(centre(tmp_path / "centre")), *([] if "--as-of" in options else ["--as-of", AS_OF]), *options]
    result = CliRunner().invoke(ccpolicy, words, prog_name="ccpolicy")
    assert "Traceback" not in result.output
    assert [text for text in NUMBERS if text in result.stdout + result.stderr] == []
