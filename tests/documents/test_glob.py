"""File patterns of mappings and of `ignore`."""

from __future__ import annotations

import pytest

from ccpolicy.documents.glob import Glob, Ignored


@pytest.mark.parametrize(
    ("pattern", "fits", "differs"),
    [
        ("a/*.json", ["a/x.json", "a/.json"], ["a/b/x.json", "b/a/x.json", "a/x.jsonl", "a/xjson"]),
        ("./a/x.json", ["a/x.json"], ["x.json"]),
        ("**/x.json", ["x.json", "a/x.json", "a/b/x.json"], ["ax.json"]),
        ("a/**/x.json", ["a/x.json", "a/b/c/x.json"], ["ab/x.json"]),
        ("a/**", ["a/x", "a/b/x"], ["a", "ab/x"]),
        ("**", ["x", "a/b"], []),
        ("x?.json", ["x1.json"], ["x.json", "x/.json"]),
        ("[ab].json", ["a.json"], ["c.json", "/.json"]),
        ("[!ab].json", ["c.json"], ["a.json"]),
        ("a+(b).json", ["a+(b).json"], ["aab.json"]),
    ],
)
def test_stars_stay_within_a_folder_unless_they_are_two(pattern: str, fits: list[str], differs: list[str]) -> None:
    """Patterns are relative to the config's folder, and speak of the whole path."""
    glob = Glob(pattern)
    assert [file for file in [*fits, *differs] if glob.matches(file)] == fits


@pytest.mark.parametrize(
    ("patterns", "covered", "kept"),
    [
        (["notes"], ["notes/x.json", "a/notes/x.json", "notes"], ["notes2/x.json"]),
        (["notes/"], ["notes/x.json", "a/notes/b/x.json"], ["a/notes"]),
        (["/notes"], ["notes/x.json"], ["a/notes/x.json"]),
        (["a/notes"], ["a/notes/x.json"], ["b/a/notes/x.json"]),
        (["*.json", "!keep.json"], ["x.json", "a/x.json"], ["keep.json", "a/keep.json"]),
        (["a/**"], ["a/x.json"], ["a", "b/a/x.json"]),
        ([], [], ["x"]),
    ],
)
def test_ignore_reads_as_a_gitignore(patterns: list[str], covered: list[str], kept: list[str]) -> None:
    """A folder covers what is below it, and the last match wins."""
    ignored = Ignored(patterns)
    assert [file for file in [*covered, *kept] if ignored.covers(file)] == covered
