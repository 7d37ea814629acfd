"""The promise: evidence added later never overturns a verdict; and this test would notice if it did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ccpolicy.backends import population as population_module
from ccpolicy.backends import reference, scalars, scene, walks
from ccpolicy.backends.marks import decided
from ccpolicy.backends.scene import Collection, Index, Seen, Unknown, unknown
from ccpolicy.documents.values import Gap
from ccpolicy.language.expr import Present
from tests.promise import EVERYTHING, FILTERED, JOINS, LISTS, PATHS, SCALARS, Theme, World, broken, trials, verdicts

Trial = tuple[dict[str, Any], World, World]


@given(trials())
@settings(max_examples=1500)
def test_evidence_added_later_never_overturns_a_verdict(trial: Trial) -> None:
    """Filling gaps and adding documents that contradict no claim changes no verdict but an undetermined one."""
    rule, world, extended = trial
    assert broken(verdicts(rule, world), verdicts(rule, extended)) == []


# ---- it would be noticed -------------------------------------------------------------------------------------------------------


def _some_ignores_completeness(patch: pytest.MonkeyPatch) -> None:
    original = reference._some
    patch.setattr(reference, "_some", lambda outcomes, found: original(outcomes, replace(found, doubts=frozenset(), complete=True)))


def _present_on_a_gap_is_false(patch: pytest.MonkeyPatch) -> None:
    original = scalars.present

    def present(test: Present, seen: Seen) -> Any:
        return decided(not test.wanted) if isinstance(seen.value, Gap) else original(test, seen)

    patch.setattr(reference, "present", present)


def _unknown_keys_are_ignored(patch: pytest.MonkeyPatch) -> None:
    original = scene._indexed
    patch.setattr(scene, "_indexed", lambda *args: Index(original(*args).found, frozenset()))


def _undecided_where_is_dropped(patch: pytest.MonkeyPatch) -> None:
    original = scene._belongs

    def belongs(*args: Any) -> Any:
        inside = original(*args)
        return inside if inside == "T" else "F"

    patch.setattr(scene, "_belongs", belongs)


def _unknown_edges_are_ignored(patch: pytest.MonkeyPatch) -> None:
    original = walks._arcs
    patch.setattr(walks, "_arcs", lambda *args: (replace(arc, reasons=frozenset()) for arc in original(*args)))


def _an_absent_list_gives_no_focus(patch: pytest.MonkeyPatch) -> None:
    original = population_module._members
    patch.setattr(population_module, "_members", lambda *args: (focus for focus in original(*args) if not focus.stub))


def _a_gap_is_absence(patch: pytest.MonkeyPatch) -> None:
    def gathered(seen: Seen) -> Collection | Unknown:
        return Collection(()) if unknown(seen.value) else original(seen)

    original = scene.gathered
    patch.setattr(reference, "gathered", gathered)


SEEDS = [
    (_some_ignores_completeness, JOINS),
    (_present_on_a_gap_is_false, SCALARS),
    (_unknown_keys_are_ignored, JOINS),
    (_undecided_where_is_dropped, FILTERED),
    (_unknown_edges_are_ignored, PATHS),
    (_an_absent_list_gives_no_focus, EVERYTHING),
    (_a_gap_is_absence, LISTS),
]


@pytest.mark.parametrize(("seed", "theme"), SEEDS, ids=[seed.__name__.strip("_") for seed, _ in SEEDS])
def test_a_seeded_fault_breaks_the_promise(
    seed: Callable[[pytest.MonkeyPatch], None], theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine with one of the usual mistakes is caught."""
    seed(monkeypatch)

    @given(trials((theme,)))
    @settings(max_examples=6000, derandomize=True, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    def search(trial: Trial) -> None:
        rule, world, extended = trial
        assert broken(verdicts(rule, world), verdicts(rule, extended)) == []

    with pytest.raises(AssertionError, match=r"->|no focus"):
        search()
