"""Evidence in files: which are read, what a mapping makes of them, and what cannot be read."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import find_config
from ccpolicy.documents.document import Evidence
from ccpolicy.documents.places import Places
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.documents.values import Gap, OpenList

AS_OF = date(2026, 6, 30)
SCHEMAS: dict[str, Any] = {
    "agent": {
        "type": "object",
        "required": ["name"],
        "properties": {
            "id": {"type": "string"},
            "name": {"type": ["string", "null"]},
            "hired": {"type": ["string", "null"], "format": "date"},
            "seen": {"type": "string", "format": "date-time"},
            "calls": {"type": "integer"},
            "share": {"type": "number"},
            "active": {"type": "boolean"},
            "skills": {"type": "array", "items": {"type": "string"}},
            "team": {"type": "string"},
        },
        "additionalProperties": False,
    },
    "storage": {"type": "object", "properties": {"Id": {}, "Key": {"type": "string"}, "Items": {"type": "array", "minItems": 1}}},
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Kind]:
    """A few small kinds."""
    folder: Path = tmp_path_factory.mktemp("schemas")
    for name, schema in SCHEMAS.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(schema), "utf-8")
    return load_kinds([folder])


def lay(root: Path, **files: Any) -> Path:
    """Files by name, `__` for a slash and `_DOT_` for a dot; what is no text or bytes is written as JSON."""
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else (content if isinstance(content, str) else json.dumps(content)).encode()
        path.write_bytes(data)
    return root


def doc(own: str, data: Any = None, **envelope: Any) -> dict[str, Any]:
    """An enveloped agent."""
    return {"kind": "agent", "id": own, "observed_at": "2026-06-01", "data": {"name": "A"} if data is None else data, **envelope}


def load(root: Path, kinds: dict[str, Kind], *paths: Path, packs: list[Path] | None = None) -> Evidence:
    """The evidence below the root, or of the paths."""
    asked = list(paths or [root])
    return load_evidence(asked, find_config(asked), kinds, AS_OF, packs or [])


def codes(evidence: Evidence) -> list[tuple[str, str]]:
    """The problems, by file and code."""
    return [(problem.file, problem.code) for problem in evidence.problems]


def ids(evidence: Evidence, kind: str = "agent") -> list[str]:
    """The ids of the documents of a kind."""
    return [document.id for document in evidence.of(kind)]


def test_all_forms_are_read_in_order_of_their_names(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Hidden files, cases, configs, schemas of a pack, our own reports and other extensions are passed over."""
    yaml = "kind: agent\nid: y\nobserved_at: 2026-06-01\ndata:\n  name: Ada\n  hired: 2026-01-01\n"
    lines = json.dumps(doc("n1")) + "\n\n" + json.dumps({"kind": "agent", "observed_at": "2026-06-01", "records": [{"name": "B"}]})
    lay(
        tmp_path,
        z_DOT_json=doc("z"),
        a__b_DOT_yaml=yaml,
        a__c_DOT_ndjson=lines,
        _DOT_hidden__x_DOT_json="{",
        _DOT_x_DOT_json="{",
        a__x_DOT_cases_DOT_yaml="{",
        a__readme_DOT_md="no",
        ccpolicy_DOT_toml="ignore = ['notes']",
        a__notes__x_DOT_json="{",
        pack__checks__x_DOT_yaml="{",
        out_DOT_json={"report": 1, "ccpolicy": "0.1"},
    )
    evidence = load(tmp_path, kinds, packs=[tmp_path / "pack"])
    assert codes(evidence) == []
    assert [(d.id, d.file, d.line, d.base) for d in evidence.of("agent")] == [
        ("y", "a/b.yaml", 0, ("data",)),
        ("n1", "a/c.ndjson", 1, ("data",)),
        ("a/c.ndjson:3#0", "a/c.ndjson", 3, ("records", 0)),
        ("z", "z.json", 0, ("data",)),
    ]
    assert evidence.of("agent")[0].body == {"name": "Ada", "hired": "2026-01-01"}
    assert [(file.file, file.id) for file in evidence.files][:2] == [("a/b.yaml", "y"), ("a/c.ndjson", "n1")]
    assert evidence.root == str(tmp_path)


BAD: dict[str, tuple[bytes, list[str]]] = {
    "x.json": (b"{", ["truncated"]),
    "empty.json": (b"", ["empty"]),
    "latin.json": (b'{"kind": "\xe4"}', ["not-utf-8"]),
    "twice.json": (b'{"kind": "agent", "kind": "agent"}', ["duplicate-key"]),
    "nan.json": (b'{"kind": "agent", "data": NaN}', ["not-finite"]),
    "huge.json": (b'{"kind": "agent", "data": 1e999}', ["number-too-large"]),
    "deep.json": (b"[" * 100_000, ["too-deep"]),
    "binary.json": (b"\x00\x01", ["binary"]),
    "list.json": (b"[]", ["not-a-document"]),
    "scalar.yaml": (b"text", ["not-a-document"]),
    "table.csv": (b"a,b\n1,2\n", ["unmapped"]),
    "foreign.json": (b'{"a": 1}', ["unmapped"]),
    "kind.json": (b'{"kind": "agnet", "id": "x", "data": {}}', ["unknown-kind"]),
    "lines.ndjson": (b'{"a": 1}\n{\n5\n', ["unmapped", "truncated", "not-a-document"]),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_a_problem_and_stops_nothing(tmp_path: Path, kinds: dict[str, Kind], name: str) -> None:
    """The other files are read, and no kind is complete."""
    data, expected = BAD[name]
    lay(tmp_path, good_DOT_json=doc("good"))
    (tmp_path / name).write_bytes(data)
    evidence = load(tmp_path, kinds)
    assert [problem.code for problem in evidence.problems] == expected
    assert all(problem.file == name and problem.line >= 1 and problem.column >= 1 for problem in evidence.problems)
    assert ids(evidence) == ["good"]
    assert evidence.all_open or evidence.open_kinds == {"agent"}


def test_problems_of_envelopes_have_line_and_column(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """In whole files and in lines; both documents of one id are named."""
    lay(
        tmp_path,
        a_DOT_json='{"kind": "agent",\n "id": "x",\n "data": {"name": "A"},\n "observed_at": "June"}',
        b_DOT_ndjson='\n{"kind": "agent", "id": "x", "observed_at": "June", "data": {"name": "A"}}',
        c_DOT_yaml="kind: agent\nid: y\nobserved_at: 2026-06-01\ndata: {name: A}\n",
        d_DOT_yaml="observed_at: 2026-06-01\ndata: {name: A}\nkind: agent\nid: y\n",
    )
    found = [(p.file, p.line, p.column, p.code) for p in load(tmp_path, kinds).problems]
    assert found == [
        ("a.json", 4, 2, "invalid-envelope"),
        ("b.ndjson", 2, 30, "invalid-envelope"),
        ("d.yaml", 4, 1, "duplicate-id"),
    ]
    assert "c.yaml:2" in load(tmp_path, kinds).problems[2].message


def test_links_are_followed_within_the_root_only(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """What is read anyway is read once, loops end, and a link out is a problem."""
    outside = lay(tmp_path / "outside", o_DOT_json=doc("o"))
    root = lay(tmp_path / "root", a__x_DOT_json=doc("x"), _DOT_kept__k_DOT_json=doc("k"))
    (root / "again.json").symlink_to("a/x.json")
    (root / "loop").symlink_to(root)
    (root / "a" / "up").symlink_to("..")
    (root / "kept.json").symlink_to(".kept/k.json")
    (root / "out.json").symlink_to(outside / "o.json")
    (root / "outs").symlink_to(outside)
    (root / "dangling.json").symlink_to("nowhere.json")
    (root / "self.json").symlink_to("self.json")
    evidence = load(root, kinds)
    assert [(d.id, d.file) for d in evidence.of("agent")] == [("x", "a/x.json"), ("k", "kept.json")]
    assert codes(evidence) == [
        ("dangling.json", "unreadable"),
        ("out.json", "link-out-of-root"),
        ("outs", "link-out-of-root"),
        ("self.json", "unreadable"),
    ]
    assert evidence.all_open


def test_pipes_are_never_opened(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """A pipe would never end; a name may hold any bytes."""
    os.mkfifo(tmp_path / "pipe.json")
    with open(os.fsencode(tmp_path) + b"/\xff.json", "wb") as file:
        file.write(b'{"report": 1, "ccpolicy": "1"}')
    (tmp_path / "folder.json").mkdir()
    assert codes(load(tmp_path, kinds)) == [("pipe.json", "unreadable")]


def test_the_order_of_arguments_does_not_matter(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Nor does naming a file twice."""
    root = lay(tmp_path, a__x_DOT_json=doc("x"), b__y_DOT_json=doc("y"), ccpolicy_DOT_toml="")
    one = load(root, kinds, root / "b", root / "a", root / "a" / "x.json")
    other = load(root, kinds, root / "a", root / "b")
    assert ids(one) == ids(other) == ["x", "y"]
    assert [d.file for d in one.of("agent")] == ["a/x.json", "b/y.json"]


MAPPING = """
[[documents]]
files = "connect/**/*.json"
kind = "storage"
format = "ndjson"
id = "/Id"
placeholders = ["\\\\$\\\\{.*\\\\}"]
lacks = ["/Type"]
more = "/NextToken"
site = "leeds"
observed_at = "2026-06-15"
complete = {by = "ops", on = 2026-06-30, basis = "export"}
"""


def test_a_mapping_describes_foreign_files(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Ids, placeholders, gaps for what is never exported, and pages."""
    lines = [{"Id": 7, "Key": "k-${stage}"}, {"Id": "${id}", "Key": 5, "Type": "x"}, {"Items": [], "NextToken": "t"}]
    lay(tmp_path, connect__a__b_DOT_json="\n".join(map(json.dumps, lines)), ccpolicy_DOT_toml=MAPPING)
    evidence = load(tmp_path, kinds)
    assert codes(evidence) == []
    assert [(d.id, d.line, d.base, d.body) for d in evidence.of("storage")] == [
        ("7", 1, (), {"Id": 7, "Key": Gap("unresolved"), "Type": Gap("gap")}),
        ("connect/a/b.json#1", 2, (), {"Id": Gap("unresolved"), "Key": Gap("invalid"), "Type": Gap("gap")}),
        ("connect/a/b.json#2", 3, (), {"Items": [], "NextToken": "t", "Type": Gap("gap")}),
    ]
    paged = evidence.of("storage")[2].body["Items"]
    assert isinstance(paged, OpenList)
    assert paged.reason == "incomplete"
    assert [(v.document, v.pointer, v.line) for v in evidence.violations] == [("connect/a/b.json#1", ("Key",), 2)]
    assert dict(evidence.of("storage")[0].envelope) == {"kind": "storage", "observed_at": "2026-06-15", "site": "leeds"}
    assert [(c.kind, c.site, c.collection, c.void) for c in evidence.claims] == [("storage", "leeds", True, False)]
    assert {d.collection for d in evidence.of("storage")} == {0}
    assert [(f.file, f.id, f.valid) for f in evidence.files] == [("connect/a/b.json", "", False)]


def test_a_mapped_file_that_cannot_be_read_opens_its_kind_only(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """The mapping says which kind it holds."""
    lay(tmp_path, connect__x_DOT_json='{"Id": 1}\n{\n', ccpolicy_DOT_toml=MAPPING)
    evidence = load(tmp_path, kinds)
    assert [(p.code, p.line) for p in evidence.problems] == [("truncated", 2)]
    assert (ids(evidence, "storage"), set(evidence.open_kinds), evidence.all_open) == (["1"], {"storage"}, False)


def test_claims_of_the_config_count_only_where_its_whole_folder_is_looked_at(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Else they are left out and counted; a claim of a mapping that fits no file does not count either."""
    stated = "[[complete]]\nkind = 'agent'\nby = 'a'\non = 2026-06-01\nbasis = 'b'\n"
    lay(tmp_path, connect__x_DOT_json='{"Id": 1}', a__x_DOT_json=doc("x"), ccpolicy_DOT_toml=MAPPING + stated)
    whole, part = load(tmp_path, kinds), load(tmp_path, kinds, tmp_path / "connect")
    assert ([c.kind for c in whole.claims], whole.claims_left_out) == (["agent", "storage"], 0)
    assert (part.claims, part.claims_left_out, part.problems) == ((), 2, ())
    assert part.of("storage")[0].collection == -1
    (tmp_path / "connect" / "x.json").unlink()
    bare = load(tmp_path, kinds)
    assert [c.kind for c in bare.claims] == ["agent"]
    assert [(p.file, p.line, p.code) for p in bare.problems] == [("ccpolicy.toml", 3, "no-file")]


def test_a_document_beside_a_mapping_contradicts_its_claim(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """The documents of a mapping are a collection."""
    other = {"kind": "storage", "id": "o", "observed_at": "2026-06-01", "site": "leeds", "data": {}}
    lay(tmp_path, connect__x_DOT_json='{"Id": 1}', connect__y_DOT_json='{"Id": 2}', o_DOT_json=other, ccpolicy_DOT_toml=MAPPING)
    evidence = load(tmp_path, kinds)
    assert [c.void for c in evidence.claims] == [True]
    assert [(v.document, v.keyword) for v in evidence.violations] == [("o", "complete")]


def test_a_later_observation_of_a_mapping_is_left_out(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Each of its documents is counted, and it claims nothing: an empty population would be complete."""
    lay(tmp_path, connect__x_DOT_json='{"Id": 1}\n{"Id": 2}', ccpolicy_DOT_toml=MAPPING.replace("2026-06-15", "2026-07-15"))
    evidence = load(tmp_path, kinds)
    assert (dict(evidence.documents), evidence.observed_later, evidence.claims, evidence.problems) == ({}, 2, (), ())


TABLE = """
[[documents]]
files = "*.csv"
kind = "agent"
delimiter = ";"
date_format = "%d.%m.%Y"
true = ["yes", "1"]
false = "no"
null = ["", "n/a"]
columns = {"Employee ID" = "id", "Hired on" = "hired"}
placeholders = ["^TODO$"]
"""


def test_a_table_is_typed_by_the_schema(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """A cell that says null is null where the schema knows null, else absent; what does not fit is refused by the schema."""
    text = (
        "Employee ID;name;Hired on;seen;calls;share;active;skills;team\r\n"
        '007;"Ada; B";31.12.2025;2026-01-01T00:00:00Z;12;0.50;YES;"[""a"",""b""]";TODO\r\n'
        "8;n/a;;;;;;;\r\n"
        "9;C;June;;1.5;x;maybe;a,b;\r\n"
    )
    lay(tmp_path, t_DOT_csv=text, ccpolicy_DOT_toml=TABLE)
    evidence = load(tmp_path, kinds)
    assert codes(evidence) == []
    bodies = [document.body for document in evidence.of("agent")]
    assert bodies[0] == {
        "id": "007",
        "name": "Ada; B",
        "hired": "2025-12-31",
        "seen": "2026-01-01T00:00:00Z",
        "calls": 12,
        "share": 0.5,
        "active": True,
        "skills": ["a", "b"],
        "team": Gap("unresolved"),
    }
    assert bodies[1] == {"id": "8", "name": None, "hired": None}
    assert bodies[2] == {"id": "9", "name": "C", **dict.fromkeys(["hired", "calls", "share", "active", "skills"], Gap("invalid"))}
    assert ids(evidence) == ["007", "8", "9"]
    wanted = [(v.file, v.line, v.pointer) for v in evidence.violations]
    places = Places(evidence.sources, wanted)
    assert [(v.pointer, v.keyword, places.of(v.file, v.line, v.pointer)) for v in evidence.violations] == [
        (("active",), "type", (4, 17)),
        (("calls",), "type", (4, 11)),
        (("Hired on",), "format", (4, 5)),
        (("share",), "type", (4, 15)),
        (("skills",), "type", (4, 23)),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("id;name\n1;A\n", "unknown-column"), ("Employee ID;Hired on;id\n1;;2\n", "unknown-column"), ("a;a\n1;2\n", "duplicate-key")],
)
def test_a_table_whose_columns_do_not_fit_is_not_used(tmp_path: Path, kinds: dict[str, Kind], text: str, code: str) -> None:
    """Its kind is not complete."""
    lay(tmp_path, t_DOT_csv=text, ccpolicy_DOT_toml=TABLE)
    evidence = load(tmp_path, kinds)
    assert {problem.code for problem in evidence.problems} == {code}
    assert (dict(evidence.documents), set(evidence.open_kinds)) == ({}, {"agent"})


def test_a_bad_row_leaves_the_others(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Its position still counts, so that repairing it renames nothing."""
    lay(tmp_path, t_DOT_csv="name,team\nA,x\nB\nC,z\n", ccpolicy_DOT_toml='[[documents]]\nfiles = "t.csv"\nkind = "agent"\n')
    evidence = load(tmp_path, kinds)
    assert [(p.code, p.line) for p in evidence.problems] == [("ragged-row", 3)]
    assert ids(evidence) == ["t.csv#0", "t.csv#2"]
    assert evidence.open_kinds == {"agent"}


def test_places_of_anything_in_evidence_are_found(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Of a missing key, the nearest ancestor that is there."""
    lay(tmp_path, a_DOT_yaml="kind: agent\nid: y\nobserved_at: 2026-06-01\ndata:\n  team: 5\n")
    evidence = load(tmp_path, kinds)
    wanted = [(v.file, v.line, v.pointer) for v in evidence.violations]
    places = Places(evidence.sources, wanted)
    assert [(one[2], places.of(*one)) for one in wanted] == [(("data", "name"), (4, 1)), (("data", "team"), (5, 3))]
    (tmp_path / "a.yaml").unlink()
    assert {Places(evidence.sources, wanted).of(*one) for one in wanted} == {(0, 0)}


def test_an_age_of_the_config_only_tightens(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """A kind without an age gets one; the schema's own stays."""
    lay(tmp_path, x_DOT_json=doc("x"), ccpolicy_DOT_toml="max_age = {agent = 'P28D'}")
    assert load(tmp_path, kinds).of("agent")[0].body == Gap("stale")
    lay(tmp_path, ccpolicy_DOT_toml="max_age = {agent = 'P29D'}")
    assert load(tmp_path, kinds).of("agent")[0].body == {"name": "A"}


def test_progress_tells_bytes(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """So that one large file among small ones does not stall the bar."""
    lay(tmp_path, a_DOT_json="{", b_DOT_json="{  ")
    told: list[tuple[int, int]] = []
    load_evidence([tmp_path], find_config([tmp_path]), kinds, AS_OF, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 4), (4, 4)]
