"""Inference across standards: nothing is inferred that some model refutes, and what paths prove is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccpolicy.controls.crosswalk import Cover, Link
from ccpolicy.controls.inference import Carried, Inferred, Standing, infer
from ccpolicy.controls.relations import RELATIONS, Relation, words_of
from ccpolicy.controls.web import Web, check_web, path_text, reach, web_of
from ccpolicy.errors import Refused
from tests.controls.models import by_paths, fullest, link, links_of, may_be_met, may_be_unmet, truly_possible

NAMES = ["a/1", "b/1", "c/1", "d/1", "e/1", "f/1"]
PAIRS = [(left, right) for place, left in enumerate(NAMES) for right in NAMES[place + 1 :]]
Facts = Mapping[tuple[str, str], Relation]

FACTS = st.dictionaries(st.sampled_from(PAIRS), st.sampled_from(RELATIONS), max_size=9)
STATUSES: st.SearchStrategy[dict[str, Literal["pass", "fail"]]] = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["pass", "fail"]))


@given(FACTS)
@settings(deadline=None, max_examples=150)
def test_relations_are_those_of_all_paths_and_exclude_no_model(facts: Facts) -> None:
    told = [(source, relation, target) for (source, target), relation in facts.items()]
    consistent = fullest(NAMES, told) is not None
    web = web_of(links_of(facts))
    if _refused(web):
        assert not consistent
        return
    for source in NAMES:
        found = {control: reached.possible for control, reached in reach(web, source).items()}
        for target in NAMES:
            if target != source:
                these = found.get(target, 31)
                assert these == by_paths(NAMES, told, source, target, 4)
                assert not consistent or truly_possible(NAMES, told, source, target) & ~these == 0


@given(FACTS)
@settings(deadline=None, max_examples=150)
def test_a_crosswalk_is_refused_exactly_if_two_paths_contradict_each_other(facts: Facts) -> None:
    told = [(source, relation, target) for (source, target), relation in facts.items()]
    contradictory = any(by_paths(NAMES, told, left, right, 4) == 0 for left, right in PAIRS)
    assert _refused(web_of(links_of(facts))) == contradictory
    assert not contradictory or fullest(NAMES, told) is None


def _refused(web: Web) -> bool:
    try:
        check_web(web)
    except Refused:
        return True
    return False


@given(FACTS, STATUSES)
@settings(deadline=None, max_examples=300)
def test_no_model_refutes_what_is_inferred(facts: Facts, statuses: Mapping[str, Literal["pass", "fail"]]) -> None:
    told = [(source, relation, target) for (source, target), relation in facts.items()]
    if fullest(NAMES, told) is None:
        return
    met = {name for name, status in statuses.items() if status == "pass"}
    unmet = {name for name, status in statuses.items() if status == "fail"}
    standings = {name: Standing(status) for name, status in statuses.items()}
    for control, inferred in infer(web_of(links_of(facts)), (), standings, {}).inferred.items():
        sources = set(inferred.sources)
        assert sources <= statuses.keys()
        if inferred.status == "pass":
            assert not may_be_unmet(NAMES, told, sources & met, sources & unmet, control)
        else:
            assert not may_be_met(NAMES, told, sources & met, sources & unmet, control)


@given(FACTS)
@settings(deadline=None, max_examples=60)
def test_every_claim_carries_paths_that_prove_it(facts: Facts) -> None:
    """Each path starts at the source, leads hop by hop to the target, and together they leave what is claimed."""
    web = web_of(links_of(facts))
    if _refused(web):
        return
    for source in NAMES:
        for target, reached in reach(web, source).items():
            for path in reached.paths:
                assert (path[0].source, path[-1].target) == (source, target)
                assert [hop.target for hop in path[:-1]] == [hop.source for hop in path[1:]]
                assert len(path) <= 4
            facts_used = [(hop.link.source, hop.link.relation, hop.link.target) for path in reached.paths for hop in path]
            assert by_paths(NAMES, facts_used, source, target, 4) & ~reached.possible == 0


# ---- the rules of inference, one by one ----------------------------------------------------------------------------------------

A_SUP_B = [link("a/1", "superset_of", "b/1")]
A_SUB_B = [link("a/1", "subset_of", "b/1")]
A_EQ_B = [link("a/1", "equal", "b/1")]
A_OV_B = [link("a/1", "intersects", "b/1")]


def _said(links: list[Link], status: Carried, **more: object) -> dict[str, Carried]:
    standing = Standing(status, **more)  # type: ignore[arg-type]
    found = infer(web_of(links), (), {"a/1": standing}, {})
    return {control: inferred.status for control, inferred in found.inferred.items()}


@pytest.mark.parametrize(
    ("links", "status", "more", "expected"),
    [
        (A_SUP_B, "pass", {}, {"b/1": "pass"}),
        (A_EQ_B, "pass", {}, {"b/1": "pass"}),
        (A_SUB_B, "pass", {}, {}),
        (A_OV_B, "pass", {}, {}),
        (A_SUB_B, "fail", {}, {"b/1": "fail"}),
        (A_EQ_B, "fail", {}, {"b/1": "fail"}),
        (A_SUP_B, "fail", {}, {}),
        (A_OV_B, "fail", {}, {}),
        (A_SUP_B, "pass", {"doubtful": True}, {}),
        (A_EQ_B, "pass", {"doubtful": True}, {"b/1": "pass"}),
        (A_EQ_B, "not_applicable", {}, {"b/1": "not_applicable"}),
        (A_SUP_B, "not_applicable", {}, {}),
        (A_SUB_B, "not_applicable", {}, {}),
        ([link("a/1", "none", "b/1")], "pass", {}, {}),
        ([link("a/1", "equal", "b/1", reviewed=False)], "pass", {}, {}),
        ([link("a/1", "none", "b")], "fail", {}, {}),
        ([*A_SUP_B, link("b/1", "superset_of", "c/1")], "pass", {}, {"b/1": "pass", "c/1": "pass"}),
        ([*A_SUP_B, link("c/1", "subset_of", "b/1")], "pass", {}, {"b/1": "pass", "c/1": "pass"}),
        ([*A_SUP_B, link("b/1", "intersects", "c/1")], "pass", {}, {"b/1": "pass"}),
    ],
)
def test_what_one_status_says(links: list[Link], status: Carried, more: dict[str, object], expected: dict[str, Carried]) -> None:
    assert _said(links, status, **more) == expected


def test_what_shares_something_and_proves_nothing_is_a_candidate() -> None:
    found = infer(web_of(A_OV_B), (), {"a/1": Standing("pass")}, {})
    assert [(one.control, one.source) for one in found.candidates] == [("b/1", "a/1")]
    assert infer(web_of([link("a/1", "none", "b/1")]), (), {"a/1": Standing("pass")}, {}).candidates == ()


def test_an_attested_pass_is_carried_and_marked() -> None:
    """A pass by rules goes before it."""
    links = [*A_SUP_B, link("c/1", "superset_of", "b/1")]
    only = infer(web_of(links), (), {"a/1": Standing("pass", attested=True)}, {}).inferred["b/1"]
    assert (only.status, only.attested) == ("pass", True)
    both = infer(web_of(links), (), {"a/1": Standing("pass", attested=True), "c/1": Standing("pass")}, {}).inferred["b/1"]
    assert (both.sources, both.attested) == (("c/1",), False)


def test_a_pass_and_a_fail_of_one_control_are_a_contradiction_and_no_status() -> None:
    links = [*A_SUP_B, link("c/1", "subset_of", "b/1")]
    found = infer(web_of(links), (), {"a/1": Standing("pass"), "c/1": Standing("fail")}, {})
    assert "b/1" not in found.inferred
    assert [(one.status, other.status, one.control) for one, other in found.contradictions] == [("pass", "fail", "b/1")]


def test_inferred_statuses_feed_nothing() -> None:
    """Five hops away nothing is proved, though the control four hops away has an inferred pass."""
    chain = [link(f"{left}/1", "superset_of", f"{right}/1") for left, right in zip("abcde", "bcdef", strict=True)]
    found = infer(web_of(chain), (), {"a/1": Standing("pass")}, {})
    assert sorted(found.inferred) == ["b/1", "c/1", "d/1", "e/1"]


COVER = Cover(("a/1", "a/2"), "b/1", "organisation", "why", True, "seen", "x")


@pytest.mark.parametrize(
    ("standings", "cover", "expected"),
    [
        ({"a/1": Standing("pass"), "a/2": Standing("pass")}, COVER, True),
        ({"a/1": Standing("pass")}, COVER, False),
        ({"a/1": Standing("pass"), "a/2": Standing("fail")}, COVER, False),
        ({"a/1": Standing("pass"), "a/2": Standing("not_applicable")}, COVER, False),
        ({"a/1": Standing("pass"), "a/2": Standing("pass", doubtful=True)}, COVER, False),
        ({"a/1": Standing("pass"), "a/2": Standing("pass")}, replace(COVER, reviewed=False), False),
    ],
)
def test_controls_cover_another_together_and_only_together(standings: dict[str, Standing], cover: Cover, expected: bool) -> None:
    found = infer({}, (cover,), standings, {})
    assert found.inferred == ({"b/1": Inferred("b/1", "pass", ("a/1", "a/2"), ())} if expected else {})


@pytest.mark.parametrize(
    ("scope", "classes", "tags", "carried"),
    [
        ("activity", {"a": "cardholder_data", "b": "ephi"}, {"cardholder_data", "ephi"}, True),
        ("activity", {"a": "cardholder_data", "b": "ephi"}, {"cardholder_data"}, False),
        ("activity", {"a": "cardholder_data", "b": "ephi"}, set(), False),
        ("organisation", {"a": "cardholder_data", "b": "ephi"}, set(), True),
        ("data", {"a": "cardholder_data", "b": "ephi"}, set(), True),
        ("activity", {"a": "ephi", "b": "ephi"}, set(), True),
        ("activity", {"a": None, "b": None}, set(), True),
        ("activity", {"a": None, "b": "ephi"}, {"ephi"}, True),
        ("activity", {"a": None, "b": "ephi"}, set(), False),
        ("activity", {"a": "ephi", "b": None}, {"ephi", "cardholder_data", "personal_data"}, False),
    ],
)
def test_a_status_about_other_data_is_not_carried(scope: str, classes: dict[str, str | None], tags: set[str], carried: bool) -> None:
    """The guard holds for passes, fails, what does not apply, and covers; relations are as they are, and the evidence may still serve."""
    links = web_of([link("a/1", "equal", "b/1", scope=scope)])
    every: tuple[Carried, ...] = ("pass", "fail", "not_applicable")
    for status in every:
        standing = Standing(status, data_classes=frozenset(tags))
        found = infer(links, (), {"a/1": standing}, classes)
        assert ("b/1" in found.inferred) == carried
        assert len(found.candidates) == (not carried and status != "not_applicable")
    assert words_of(reach(links, "a/1")["b/1"].possible) == ("equal",)
    cover = Cover(("a/1", "a/2"), "b/1", scope, "why", True, "seen", "x")
    met = Standing("pass", data_classes=frozenset(tags))
    assert ("b/1" in infer({}, (cover,), {"a/1": met, "a/2": met}, classes).inferred) == carried


def test_a_contradiction_names_both_paths() -> None:
    links = [link("a/1", "subset_of", "b/1"), link("b/1", "subset_of", "c/1"), link("a/1", "none", "c/1")]
    with pytest.raises(Refused) as refused:
        check_web(web_of(links))
    (problem,) = refused.value.problems
    assert problem.message.endswith(": a/1 subset_of b/1; a/1 none c/1 superset_of b/1")
    assert problem.file == "crosswalks/a--b.yaml"


def test_a_path_reads_in_its_own_direction() -> None:
    reached = reach(web_of([link("b/1", "subset_of", "a/1"), link("b/1", "equal", "c/1")]), "a/1")
    assert [path_text(path) for path in reached["c/1"].paths] == ["a/1 superset_of b/1 equal c/1"]
