"""The shipped crosswalks hold the pairs that were asked for, say where each link comes from, and claim no more than was read."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ccpolicy.controls.crosswalk import Conflict, Link
from ccpolicy.controls.web import check_web, web_of
from tests.test_fixtures import library

TABLE = Path(__file__).parent.parent.parent / "shared" / "data" / "iso18295_map.tsv"
at_hand = pytest.mark.skipif(not TABLE.is_file(), reason="the table is not part of the project")
CENTRE, CLIENT = "iso-18295-1-2017", "iso-18295-2-2017"
LEAVES = {"8.2.3": "8.2.3.1", "8.7": "8.7.1", "10.2": "10.2.1"}  # where the table names a heading of ISO 9001

# The 41 pairs that an earlier comparison of ISO 18295-1 with other standards names, without what it says of them.
ASKED = {
    "iso-9001-2015": "4.1>5.1.2 4.2>8.2.1 4.3>9.1.2 4.3>9.1.3 4.4>8.2.1 4.4>10.2.1 5.2>6.2.1 5.3>7.1.4 6#competence>7.2"
    " 6#information>7.1.6 6#functions>5.3 7.3>7.1.2 7#quality>9.1.1 7#quality>8.7.1 8#handling>8.5.2 9>8.2.3.1 9>8.4.3 AnnexA#9>9.1.3",
    "iso-27001-2022": "4.5>A.5.34 6#development>A.6.3 7.3>A.8.6 7#continuity>A.5.30 8#technology>A.8.13 8#workplace>A.6.7 9>A.5.20",
    "pci-dss-4.0.1": "4.5>3.3.1 4.5>3.4.1 6#development>12.6.3 7#continuity>12.10.2 8#technology>1.2.4 8#workplace>9.3.1 9>12.9.1 9>12.8.2",
    "hipaa": "4.4>164.530(d)(1) 4.5>164.502(b) 4.5>164.514(h)(1) 6#development>164.530(b)(1) 6#development>164.308(a)(5)(i)"
    " 7#continuity>164.308(a)(7)(i) 7#continuity>164.308(a)(7)(ii)(D) 9>164.308(b)(1)",
}
ENDS = "9>C#arrangement 4.3>C#expectations 6#information>C#information AnnexB>C#responsibility 4.2>C#consumer 7.3>C#forecast"
ENDS += " 5.2>C#targets 4.4>C#complaints 4.5>C#data 7#interaction>C#authority 7#quality>C#improvement 7#continuity>C#continuity"
# How many links between two controls, and how many blanks, each file has at least.
SIZES = {
    "copc-cx-7.0--iso-18295-1-2017": (30, 3),
    "hipaa--iso-27001-2022": (35, 8),
    "iso-18295-1-2017--en-15838-2009": (30, 3),
    "iso-18295-1-2017--hipaa": (8, 6),
    "iso-18295-1-2017--iso-18295-2-2017": (12, 6),
    "iso-18295-1-2017--iso-27001-2022": (7, 6),
    "iso-18295-1-2017--iso-9001-2015": (18, 6),
    "iso-18295-1-2017--pci-dss-4.0.1": (8, 6),
    "pci-dss-4.0.1--hipaa": (55, 6),
    "pci-dss-4.0.1--iso-27001-2022": (60, 8),
}


def pairs(told: str, target: str) -> set[tuple[str, str]]:
    """`4.1>5.1.2` and so on, from ISO 18295-1 to another standard, as full ids."""
    split = (pair.split(">") for pair in told.split())
    return {(f"{CENTRE}/{left}", f"{target}/{right}") for left, right in split}


def links() -> tuple[Link, ...]:
    return library().crosswalks.links


def conflicts() -> tuple[Conflict, ...]:
    return library().crosswalks.conflicts


def file_of(one: Link | Conflict) -> str:
    return Path(one.file).stem


def told(link: Link) -> str:
    return f"{link.source} {link.relation} {link.target}"


# ---- which pairs there are -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", sorted(ASKED))
def test_each_pair_of_the_earlier_comparison_was_weighed(target: str) -> None:
    assert pairs(ASKED[target], target) - {(link.source, link.target) for link in links()} == set()


def test_the_earlier_comparison_has_41_pairs() -> None:
    assert sum(len(pairs(told, target)) for target, told in ASKED.items()) == 41


@at_hand
def test_the_pairs_are_those_of_the_table() -> None:
    """Headings of ISO 9001 are replaced by the leaf that says what was meant."""
    with TABLE.open(encoding="utf-8", newline="") as rows:
        found = {
            (row["iso18295_1_id"], row["target_standard"].replace(":", "-").lower(), LEAVES.get(row["target_id"], row["target_id"]))
            for row in csv.DictReader(rows, delimiter="\t")
        }
    asked = {(left.partition("/")[2], *right.split("/", 1)) for target, told in ASKED.items() for left, right in pairs(told, target)}
    assert found == asked


def test_each_duty_of_the_client_is_paired_with_its_end_at_the_centre() -> None:
    """The twelve pairs that the catalogue of part 2 names, and no duty of the client is left out."""
    linked = {(link.source, link.target) for link in links()}
    assert pairs(ENDS, CLIENT) - linked == set()
    duties = {f"{CLIENT}/{number}" for number in library().catalogues[CLIENT].controls if number.startswith("C#")}
    assert duties == {target for _, target in pairs(ENDS, CLIENT)}


@pytest.mark.parametrize("name", sorted(SIZES))
def test_a_crosswalk_is_worth_its_name(name: str) -> None:
    """It has pairs, and blanks where one looked and found nothing."""
    own = [link for link in links() if file_of(link) == name]
    blanks = [link for link in own if "/" not in link.target]
    least = SIZES[name]
    assert len(own) - len(blanks) >= least[0]
    assert len(blanks) >= least[1]


def test_each_shipped_crosswalk_is_looked_at_here() -> None:
    assert {file_of(link) for link in links()} == set(SIZES)


# ---- what a link may claim -----------------------------------------------------------------------------------------------------


def test_each_link_says_why_in_its_own_words_and_where_it_comes_from() -> None:
    """No reason serves two links of one file: that would be bulk."""
    assert [told(link) for link in links() if len(link.why.split()) < 5 or not link.origin] == []
    reasons = Counter((link.file, link.why) for link in links())
    assert [reason for reason, count in reasons.items() if count > 1] == []


def test_a_reviewed_link_names_two_roles_and_a_draft_none() -> None:
    alone = [told(link) for link in links() if link.reviewed and (len(set(link.reviewed_by)) < 2 or link.on is None)]
    claimed = [told(link) for link in links() if not link.reviewed and (link.reviewed_by or link.on)]
    assert (alone, claimed) == ([], [])
    assert [told(link) for link in links() if link.on is not None and link.on < date(2026, 11, 21)] == []


def test_no_draft_infers() -> None:
    """Neither a hop of the web nor a cover comes from a link that nobody reviewed."""
    drafts = {link for link in links() if not link.reviewed}
    assert {hop.link for hops in library().web.values() for hop in hops} & drafts == set()
    assert {hop.link.reviewed for hops in web_of(links()).values() for hop in hops} == {True}


def test_a_text_that_nobody_saw_lies_inside_no_other() -> None:
    """Of ISO 18295, EN 15838 and COPC only headings and topics are known: a link may say that they overlap, or share nothing."""
    unseen = (CENTRE, CLIENT, "en-15838-2009", "copc-cx-7.0")
    bold = [link for link in links() if {link.source.partition("/")[0], link.target.partition("/")[0]} & set(unseen)]
    assert [told(link) for link in bold if link.relation not in ("intersects", "none")] == []
    assert [told(link) for link in bold if not any(words in link.origin for words in ("not seen", "neither text was seen"))] == []


def test_links_join_leaves_and_no_headings() -> None:
    """A heading asks for nothing of its own."""
    ends = {end for link in links() for end in (link.source, link.target) if "/" in end}
    catalogues = library().catalogues
    assert [end for end in sorted(ends) if catalogues[end.split("/", 1)[0]].controls[end.split("/", 1)[1]].kind == "heading"] == []


def test_the_drafts_would_not_contradict_each_other() -> None:
    """A second reader who agrees with all of them makes no circle that cannot be."""
    check_web(web_of(replace(link, reviewed=True) for link in links()))


# ---- conflicts -----------------------------------------------------------------------------------------------------------------


def test_each_conflict_names_its_object_both_bounds_and_a_way_out() -> None:
    bare = [one for one in conflicts() if not (one.object and one.left_bound.text and one.right_bound.text and one.resolution)]
    assert bare == []
    assert [one.object for one in conflicts() if one.left == one.right or one.left_bound.text == one.right_bound.text] == []
    assert [one.object for one in conflicts() if len(one.resolution.split()) < 8] == []
    assert [name for name, count in Counter(one.object for one in conflicts()).items() if count > 1] == []


def test_each_conflict_stands_in_a_file_that_fits() -> None:
    """One of its two controls belongs to a standard of the file."""
    lost = [one for one in conflicts() if not {one.left.split("/")[0], one.right.split("/")[0]} & set(file_of(one).split("--"))]
    assert lost == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("pci-dss-4.0.1/3.2.1", "hipaa/164.316(b)(2)(i)"),
        ("pci-dss-4.0.1/3.2.1", "hipaa/164.524(a)"),
        ("iso-18295-1-2017/7#quality", "pci-dss-4.0.1/3.2.1"),
        ("iso-18295-1-2017/9", "pci-dss-4.0.1/3.2.1"),
        ("iso-18295-1-2017/7#quality", "pci-dss-4.0.1/3.3.1.2"),
        ("copc-cx-7.0/2.7", "pci-dss-4.0.1/3.3.1.2"),
        ("pci-dss-4.0.1/10.2.1", "pci-dss-4.0.1/3.3.1"),
        ("pci-dss-4.0.1/10.2.1", "pci-dss-4.0.1/3.5.1"),
        ("iso-18295-1-2017/7#quality", "hipaa/164.502(b)"),
        ("iso-18295-1-2017/7#quality", "en-15838-2009/5.7"),
        ("pci-dss-4.0.1/8.2.2", "hipaa/164.312(a)(2)(ii)"),
    ],
)
def test_the_known_tensions_are_held(left: str, right: str) -> None:
    """Retention, full recording, logs around the capture, minimum necessary, privacy of staff, emergencies."""
    assert [one for one in conflicts() if (one.left, one.right) == (left, right)]
