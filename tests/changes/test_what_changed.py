"""What an edit is taken to touch: rules that read what changed, and everything where that cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from dulwich.repo import Repo

from tests.changes.centre import EVIDENCE, FILES, document
from tests.changes.repository import LINK, SUBMODULE, commit, repository, write
from tests.changes.test_changed_since import FIRST, State, since

ALL = {"size", "parts", "heavy", "none-heavy", "chain", "due"}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """The centre, committed."""
    made = repository(tmp_path)
    commit(made, FIRST)
    write(tmp_path, FIRST)
    return made


def ran(folder: Path) -> set[str]:
    """The rules that were run."""
    return {result.rule.id.removeprefix("own/") for result in since(folder).rules}


def variant(name: str, number: int) -> State:
    """The centre with another content of a file, or without it."""
    data = FILES[name][number]
    return {**{other: kept for other, kept in FIRST.items() if other != name}, **({name: data} if data is not None else {})}


EDITS: list[tuple[State, set[str]]] = [
    (FIRST, set()),
    (variant("e/u1.json", 1), {"size", "parts", "none-heavy", "due"}),
    (variant("e/u1.json", 5), {"size", "parts", "none-heavy", "due"}),
    (variant("e/u1.json", 3), {"size", "parts", "heavy", "none-heavy", "due"}),
    (variant("e/u1.json", -1), {"size", "parts", "none-heavy", "due"}),
    (variant("e/items.json", 3), {"heavy", "none-heavy"}),
    (variant("e/items.json", 4), {"heavy", "none-heavy"}),
    (variant("e/rows.csv", 3), {"heavy", "none-heavy"}),
    (variant("e/links.ndjson", 1), {"chain"}),
    (variant("e/root.json", 1), {"chain"}),
    (variant("e/cal.json", 2), {"due"}),
    (variant("e/w1.json", 1), {"size", "heavy"}),
    (variant("e/says.json", 1), {"size"}),
    (variant("pack/checks/own/size.yaml", 1), {"size", "chain"}),
    (variant("pack/checks/own/size.yaml", 2), {"chain"}),
    (variant("pack/checks/own/counted.yaml", 1), {"counted", "chain"}),
    (variant("pack/definitions/heavy.yaml", 1), {"heavy", "chain"}),
    (variant("pack/schemas/unit.schema.json", 1), {"size", "parts", "none-heavy", "due"}),
    (variant("pack/schemas/item.schema.json", 1), {"heavy", "none-heavy"}),
    ({**FIRST, "pack/checks/own/size.cases.yaml": b"rule: own/size\ncases: []\n"}, set()),
    ({**FIRST, "e/notes.txt": b"x", ".github/x.yml": b"on: push", "pack/README.md": b"x", "pyproject.toml": b"[project]\n"}, set()),
    ({**FIRST, "e/later.json": document("unit", "u7").replace(b"2026-06-01", b"2026-07-01")}, set()),
]


@pytest.mark.parametrize(("after", "rules"), EDITS)
def test_an_edit_touches_the_rules_that_read_it(repo: Repo, tmp_path: Path, after: State, rules: set[str]) -> None:
    """Documents before and after, waivers, statements, rules, definitions and schemas; what no rule reads touches nothing."""
    write(tmp_path, after)
    assert ran(tmp_path) == rules


EVERYTHING: list[tuple[State, str]] = [
    (variant("ccpolicy.toml", 1), "the config `ccpolicy.toml` is not what it was"),
    (variant("e/u1.json", 4), "`e/u1.json` may hold, or may have held, documents of any kind"),
    (variant("e/w2.json", 1), "a waiver changed, and not every waiver can be read or told from others"),
    ({**FIRST, "pack/pack.yaml": b"id: own\nversion: '1'\n"}, "`pack.yaml` of a pack changed"),
    ({**FIRST, "pack/catalogues/own-1.yaml": FIRST["pack/catalogues/own-1.yaml"] + b"#\n"}, "`catalogues/own-1.yaml` of a pack changed"),
    ({**FIRST, "pack/schemas/new.schema.json": FIRST["pack/schemas/root.schema.json"]}, "the schema `new.schema.json` came, went, or"),
    ({**FIRST, "e/list.json": b"[]"}, "`e/list.json` may hold, or may have held, documents of any kind"),
]


@pytest.mark.parametrize(("after", "reason"), EVERYTHING)
def test_everything_is_checked_where_it_cannot_be_told(repo: Repo, tmp_path: Path, after: State, reason: str) -> None:
    """And the reason is given."""
    write(tmp_path, after)
    partial = since(tmp_path)
    assert partial.scope.change is not None
    assert partial.scope.change.everything.startswith(reason)
    assert partial.scope.untouched == ()
    assert {result.rule.id.removeprefix("own/") for result in partial.rules} == ALL


@pytest.mark.parametrize("before", [b"{", b'"a"', b'{"kind": "gone-kind", "id": "x"}'])
def test_what_could_not_be_read_before_counts(repo: Repo, tmp_path: Path, before: bytes) -> None:
    """A file that is readable now, or gone, kept all kinds open as long as it was not."""
    commit(repo, {**FIRST, "e/x.json": before})
    partial = since(tmp_path)
    assert partial.scope.change is not None
    assert bool(partial.scope.change.everything) == (before != b'{"kind": "gone-kind", "id": "x"}')


def test_a_file_that_git_does_not_keep_was_added(repo: Repo, tmp_path: Path) -> None:
    """The comparison is with a clean checkout of the revision."""
    commit(repo, {name: data for name, data in FIRST.items() if name != "e/cal.json"})
    assert ran(tmp_path) == {"due"}


def test_the_report_says_what_was_left_out(repo: Repo, tmp_path: Path) -> None:
    """Each rule, with the kinds that it reads; its controls have no conclusion."""
    write(tmp_path, variant("e/cal.json", 2))
    partial = since(tmp_path)
    assert partial.scope.change is not None
    assert (partial.scope.change.files, sorted(partial.scope.change.kinds)) == (("e/cal.json",), ["calendar"])
    assert {one.rule: one.reads for one in partial.scope.untouched} == {
        "own/chain": ("link", "root"),
        "own/heavy": ("item",),
        "own/none-heavy": ("item", "unit"),
        "own/parts": ("unit",),
        "own/size": ("unit",),
    }
    statuses = {one.control: (one.status, one.note) for one in partial.controls}
    assert statuses["1"] == ("undetermined", "rule own/size was not run")
    assert partial.scope.rules_left_out == 5


def test_schema_findings_of_other_kinds_are_left_out(repo: Repo, tmp_path: Path) -> None:
    """Those of a kind of which something changed are all told."""
    broken = {**FIRST, "e/u3.json": document("unit", "u3", size="x")}
    commit(repo, broken)
    write(tmp_path, broken)
    assert [one.rule for one in since(tmp_path).findings] == []
    write(tmp_path, {**broken, "e/u2.yaml": document("unit", "u2", size=6)})
    assert [one.rule for one in since(tmp_path).findings if one.rule.startswith("schema/")] == ["schema/unit"]


# ---- links and submodules ------------------------------------------------------------------------------------------------------


def everything(folder: Path) -> str:
    """Why everything was checked."""
    change = since(folder).scope.change
    assert change is not None
    return change.everything


@pytest.mark.parametrize(
    ("name", "mode", "target", "told"),
    [
        ("e/other", LINK, b"../elsewhere", True),
        ("e/more.json", LINK, b"u1.json", True),
        ("e/sub", SUBMODULE, b"", True),
        ("e/.hidden", LINK, b"../elsewhere", False),
        ("e/NOTES", LINK, b"u1.json", False),
        ("pack/checks/own/x.yaml", LINK, b"size.yaml", True),
    ],
)
def test_links_and_submodules_are_not_followed(repo: Repo, tmp_path: Path, name: str, mode: int, target: bytes, told: bool) -> None:
    """Where evidence or a pack may lie behind one, everything is checked."""
    commit(repo, {**FIRST, name: target}, {name: mode})
    assert bool(everything(tmp_path)) == told


def test_a_new_link_to_evidence_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    """Its file may have been another one before."""
    (tmp_path / ".store").mkdir()
    (tmp_path / ".store" / "u8.json").write_bytes(document("unit", "u8"))
    (tmp_path / "e" / "u8.json").symlink_to("../.store/u8.json")
    assert everything(tmp_path) == "`e/u8.json` is a link or a submodule, or lies behind one, which is not followed"


def test_a_pack_from_elsewhere_has_no_past(tmp_path: Path) -> None:
    """It lies outside of the repository, so everything is checked."""
    inner = tmp_path / "centre"
    made = repository(inner)
    files = {name: data for name, data in FIRST.items() if name in EVIDENCE}
    config = FIRST["ccpolicy.toml"].replace(b'["pack"]', b'["../pack"]')
    commit(made, {**files, "ccpolicy.toml": config})
    write(inner, {**files, "ccpolicy.toml": config})
    (tmp_path / "pack").mkdir()
    write(tmp_path / "pack", {name.removeprefix("pack/"): data for name, data in FIRST.items() if name.startswith("pack/")})
    assert everything(inner) == "the pack `../pack` lies outside of the repository"
