"""The algebra of relations, against sets."""

from __future__ import annotations

from itertools import combinations, product

from ccpolicy.controls.relations import ANY, RELATIONS, compose, converse, possible, words_of
from tests.controls.models import relation_of

SETS = [frozenset(some) for size in range(1, 6) for some in combinations(range(5), size)]


def _relation(left: frozenset[int], right: frozenset[int]) -> int:
    return possible([relation_of(bool(left - right), bool(right - left), bool(left & right))])


def test_composition_is_what_sets_show() -> None:
    """Every triple of sets over five obligations: each cell of the table is found, and nothing beyond it."""
    found: dict[tuple[int, int], int] = {}
    for one, two, three in product(SETS, repeat=3):
        pair = _relation(one, two), _relation(two, three)
        found[pair] = found.get(pair, 0) | _relation(one, three)
    assert found == {(1 << row, 1 << column): compose(1 << row, 1 << column) for row in range(5) for column in range(5)}


def test_the_converse_is_what_the_other_side_sees() -> None:
    for one, two in product(SETS, repeat=2):
        assert converse(_relation(one, two)) == _relation(two, one)
    assert [converse(converse(these)) for these in range(ANY + 1)] == list(range(ANY + 1))


def test_words_and_sets_are_the_same() -> None:
    assert [possible(words_of(these)) for these in range(ANY + 1)] == list(range(ANY + 1))
    assert words_of(ANY) == RELATIONS
    assert words_of(0) == ()
