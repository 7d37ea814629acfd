"""Mappings that read no file, files that two mappings fit, and files that hold nothing or say nothing of their day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ccpolicy.documents.document import Evidence
from ccpolicy.documents.schema import Kind
from tests.documents.test_bundle import doc, kinds, lay, load

__all__ = ["kinds"]  # a fixture

INLINE = '{by = "ops", on = 2026-06-30, basis = "export"}'
CLAIM = '[[complete]]\nkind = "{}"\nby = "ops"\non = 2026-06-30\nbasis = "export"\n'


def mapping(files: str, kind: str = "agent", **keys: str) -> str:
    """A mapping, with its own day unless it is taken away."""
    stated = {"observed_at": '"2026-06-15"', **keys}
    lines = [f"{key} = {value}" for key, value in stated.items() if value]
    return "\n".join(["[[documents]]", f'files = "{files}"', f'kind = "{kind}"', *lines, ""])


def told(evidence: Evidence) -> tuple[list[tuple[str, int, str]], list[tuple[str, int, str]], set[str]]:
    """The problems and the remarks by place, and the kinds of which no claim counts."""
    problems, remarks = ([(one.file, one.line, one.code) for one in group] for group in (evidence.problems, evidence.remarks))
    return problems, remarks, set(evidence.open_kinds)


UNUSED = ("ccpolicy.toml", 2, "no-file")
COLLECTION = {"kind": "agent", "observed_at": "2026-06-01", "records": [], "complete": {"by": "o", "on": "2026-06-01", "basis": "b"}}


@pytest.mark.parametrize(
    ("config", "files", "problems", "remarks", "open_kinds"),
    [
        (mapping("a/*.csv"), {}, [], [UNUSED], set()),
        (mapping("a/*.csv", complete=INLINE), {}, [UNUSED], [], {"agent"}),
        (mapping("a/*.csv") + CLAIM.format("agent"), {}, [UNUSED], [], {"agent"}),
        (mapping("a/*.csv") + CLAIM.format("storage"), {}, [], [UNUSED], set()),
        (mapping("a/*.csv") + mapping("b/*.csv", complete=INLINE), {"b__x_DOT_csv": "name\nA\n"}, [UNUSED], [], {"agent"}),
        (mapping("a/*.csv"), {"c_DOT_json": COLLECTION}, [UNUSED], [], {"agent"}),
        (mapping("a/*.csv") + CLAIM.format("agent"), {"a__x_DOT_csv": "name\nA\n"}, [], [], set()),
    ],
    ids=["no claim", "its own", "of the kind", "of another kind", "of another mapping", "of a collection", "a file fits"],
)
def test_a_mapping_that_fits_no_file_is_told(
    tmp_path: Path, kinds: dict[str, Kind], config: str, files: dict[str, Any], problems: Any, remarks: Any, open_kinds: set[str]
) -> None:
    """Where its kind is claimed to be complete it is a problem, and no claim of the kind counts."""
    lay(tmp_path, o_DOT_json=doc("o", kind="storage", data={}), ccpolicy_DOT_toml=config, **files)
    assert told(load(tmp_path, kinds)) == (problems, remarks, open_kinds)


def test_a_part_of_the_folder_says_nothing_of_mappings_that_fit_nothing(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Their files may stand elsewhere."""
    lay(tmp_path, d__o_DOT_json=doc("o"), ccpolicy_DOT_toml=mapping("a/*.csv", complete=INLINE))
    assert told(load(tmp_path, kinds, tmp_path / "d")) == ([], [], set())


def test_a_file_that_cannot_be_read_fits_its_mapping(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """It is one problem, not two."""
    lay(tmp_path, a__x_DOT_txt="name\nA\n", ccpolicy_DOT_toml=mapping("a/*", complete=INLINE))
    assert told(load(tmp_path, kinds)) == ([("a/x.txt", 0, "unmapped")], [], {"agent"})


DOUBLED = ("ccpolicy.toml", 6, "two-mappings")
FIRST = mapping("a/*.csv")


@pytest.mark.parametrize(
    ("second", "problems", "remarks", "open_kinds"),
    [
        (mapping("a/x.csv"), [], [DOUBLED], set()),
        (mapping("a/x.csv", complete=INLINE), [DOUBLED], [], {"agent"}),
        (mapping("a/x.csv") + CLAIM.format("agent"), [], [DOUBLED], set()),
        (mapping("a/x.csv", site='"leeds"') + CLAIM.format("agent"), [DOUBLED], [], {"agent"}),
        (mapping("a/x.csv", "storage"), [], [DOUBLED], set()),
        (mapping("a/x.csv", "storage") + CLAIM.format("storage"), [DOUBLED], [], {"storage"}),
        (mapping("b/*.csv"), [], [], set()),
    ],
    ids=["same", "its claim", "same kind claimed", "other site claimed", "other kind", "other kind claimed", "no overlap"],
)
def test_a_file_that_two_mappings_fit_is_told(
    tmp_path: Path, kinds: dict[str, Kind], second: str, problems: Any, remarks: Any, open_kinds: set[str]
) -> None:
    """The first reads it; what the second would have made of it is missing from what is claimed."""
    lay(tmp_path, a__x_DOT_csv="name\nA\n", b__y_DOT_csv="name\nB\n", ccpolicy_DOT_toml=FIRST + second)
    evidence = load(tmp_path, kinds)
    ours = [[one for one in found if one[2] != "unmapped"] for found in told(evidence)[:2]]
    assert (*ours, told(evidence)[2]) == (problems, remarks, open_kinds)


def test_both_mappings_and_the_file_are_named(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """And how many more files there are."""
    lay(tmp_path, a__x_DOT_csv="name\nA\n", a__y_DOT_csv="name\nB\n", ccpolicy_DOT_toml=FIRST + mapping("a/*", complete=INLINE))
    assert [str(problem) for problem in load(tmp_path, kinds).problems] == [
        "ccpolicy.toml:6:1: `a/x.csv` (and 1 more) fits two mappings, `a/*.csv` in line 2 and `a/*` in line 6, and only the former reads "
        "it; so no claim that `agent` is complete counts (hint: a file is read by the first mapping that it fits: "
        "write the patterns so that they fit different files)"
    ]


@pytest.mark.parametrize(
    ("text", "config", "said"),
    [
        ("name\n", mapping("a/x.csv", complete=INLINE), ["its mapping says that these are all there are"]),
        ("name\n", mapping("a/x.csv") + CLAIM.format("agent"), ["`[[complete]]` in line 6 of the config says that there are no others"]),
        ("name\n", mapping("a/x.csv"), []),
        ("name\nA\n", mapping("a/x.csv", complete=INLINE), []),
        ("name\n", mapping("a/x.csv", complete=INLINE, observed_at='"2026-07-15"'), []),
    ],
    ids=["claim of the mapping", "claim of the kind", "no claim", "a record", "observed later"],
)
def test_a_table_without_a_row_that_is_claimed_to_be_all_is_told(
    tmp_path: Path, kinds: dict[str, Kind], text: str, config: str, said: list[str]
) -> None:
    """It is evidence, and the claim counts, but an export may have failed."""
    lay(tmp_path, a__x_DOT_csv=text, ccpolicy_DOT_toml=config)
    evidence = load(tmp_path, kinds)
    assert (evidence.problems, set(evidence.open_kinds)) == ((), set())
    assert [(one.file, one.code, one.message) for one in evidence.remarks] == [
        ("a/x.csv", "no-record", f"the file holds no record, and {why}") for why in said
    ]


def test_mappings_that_do_not_say_when_their_files_held_are_counted(tmp_path: Path, kinds: dict[str, Kind]) -> None:
    """Those that were read, by mapping."""
    config = mapping("a/*.csv", observed_at="") + mapping("b/*.csv") + mapping("c/*.csv", observed_at="")
    files = {f"{folder}__{name}_DOT_csv": f"name\n{name}\n" for folder in "ab" for name in "xy"}
    lay(tmp_path, ccpolicy_DOT_toml=config, **files)
    undated = load(tmp_path, kinds).undated
    assert [(one.files, one.kind, one.file, one.line, one.count) for one in undated] == [(("a/*.csv",), "agent", "ccpolicy.toml", 2, 2)]
