"""Crosswalk files: what they say, and how each mistake in one is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ccpolicy.controls.catalogue import load_catalogues
from ccpolicy.controls.crosswalk import Bound, Conflict, Cover, Crosswalks, Link, load_crosswalks
from ccpolicy.documents.moment import Duration
from ccpolicy.errors import Refused
from ccpolicy.rulebook.pack import pack_at

CATALOGUE = """\
id: {id}
title: {id}
edition: "1"
publisher: nobody
source: made up
controls:
  - {{id: "1.1", title: one, kind: requirement, status: manual, reason: seen by a person, aliases: ["A1"]}}
  - {{id: "1.2", title: two, kind: requirement, status: manual, reason: seen by a person}}
"""
REVIEWED = (
    "rationale: semantic, scope: activity, why: because, status: reviewed, reviewed_by: [auditor, engineer], on: '2026-06-01', origin: read"
)
GOOD = f"""\
between: [left, right]
links:
  - {{source: A1, relation: subset_of, target: '1.2', {REVIEWED}}}
  - {{source: ['1.1', '1.2'], covers: '1.1', {REVIEWED}}}
  - {{source: '1.2', relation: none, target: right, rationale: semantic, scope: data, why: looked, status: draft, origin: read}}
conflicts:
  - {{left: left/1.1, right: right/1.2, object: recordings, resolution: split them,
      left_bound: {{text: at most ninety days, at_most: P90D}}, right_bound: {{text: as long as needed}}}}
"""


def loaded(folder: Path, text: str, name: str = "left--right.yaml") -> Crosswalks:
    for part in ("catalogues", "crosswalks"):
        (folder / part).mkdir(exist_ok=True)
    for standard in ("left", "right"):
        (folder / "catalogues" / f"{standard}.yaml").write_text(CATALOGUE.format(id=standard))
    (folder / "crosswalks" / name).write_text(text)
    packs = [pack_at(folder, "pack")]
    return load_crosswalks(packs, load_catalogues(packs))


def test_a_crosswalk_says_what_stands_in_it(tmp_path: Path) -> None:
    """Aliases become the numbers they stand for."""
    file, readers, day = "pack/crosswalks/left--right.yaml", ("auditor", "engineer"), date(2026, 6, 1)
    assert loaded(tmp_path, GOOD) == Crosswalks(
        (
            Link("left/1.1", "right/1.2", "subset_of", "semantic", "activity", "because", True, readers, day, "read", file),
            Link("left/1.2", "right", "none", "semantic", "data", "looked", False, (), None, "read", file),
        ),
        (Cover(("left/1.1", "left/1.2"), "right/1.1", "activity", "because", True, "read", file),),
        (
            Conflict(
                "left/1.1",
                "right/1.2",
                "recordings",
                Bound("at most ninety days", None, Duration(days=90)),
                Bound("as long as needed"),
                "split them",
                file,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("source: A1", "source: '1.3'", ":3:6: `left` has no control `1.3` (hint: did you mean"),
        ("target: '1.2'", "target: '12'", ": `right` has no control `12`"),
        ("covers: '1.1'", "covers: '9'", ": `right` has no control `9`"),
        ("relation: subset_of", "relation: subset", "relation"),
        ("relation: subset_of, ", "", "a link from one control has a `relation` and a `target`"),
        ("['1.1', '1.2']", "['1.1', '1.1']", "several sources, two at least"),
        ("[auditor, engineer]", "[auditor, ' Auditor ']", "two readers who agree"),
        ("on: '2026-06-01'", "on: '1 June'", "`1 June` is no date"),
        ("[left, right]", "[left, rigth]", "no catalogue describes `rigth` (hint: did you mean `right`?)"),
        ("[left, right]", "[right, left]", "the file is `left--right.yaml`"),
        ("left: left/1.1", "left: lefft/1.1", "no catalogue describes `lefft`"),
        ("right: right/1.2", "right: right/12", "`right` has no control `12`"),
        ("at_most: P90D", "at_most: 90 days", "`90 days` is neither a number nor a duration"),
        ("conflicts:", "  - {source: '1.1', relation: equal, target: '1.2', " + REVIEWED + "}\nconflicts:", "are linked twice"),
        ("why: because", "wy: because", "wy"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(old: str, new: str, told: str, tmp_path: Path) -> None:
    assert old in GOOD
    with pytest.raises(Refused) as refused:
        loaded(tmp_path, GOOD.replace(old, new, 1))
    assert told in str(refused.value)
    assert all(problem.line and problem.column for problem in refused.value.problems)


def test_a_pair_is_linked_once_whichever_file_says_it(tmp_path: Path) -> None:
    turned = f"between: [right, left]\nlinks:\n  - {{source: '1.2', relation: superset_of, target: '1.1', {REVIEWED}}}\n"
    loaded(tmp_path, GOOD)
    with pytest.raises(Refused, match="are linked twice"):
        loaded(tmp_path, turned, "right--left.yaml")
