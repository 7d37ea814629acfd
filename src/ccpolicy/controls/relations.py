"""The algebra of relations between two sets that are not empty: converse, composition, and what is still possible (RCC-5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

Relation: TypeAlias = Literal["equal", "subset_of", "superset_of", "intersects", "none"]
"""Words of NIST IR 8477, read of proper subsets and of sets that overlap with neither in the other: exactly one of them is true."""

Possible: TypeAlias = int
"""The relations still possible, a bit for each: 0 is a contradiction, `ANY` says nothing."""

RELATIONS: tuple[Relation, ...] = ("equal", "subset_of", "superset_of", "intersects", "none")
ANY: Possible = 31


def possible(words: Iterable[Relation]) -> Possible:
    """The words as a set."""
    return sum({1 << RELATIONS.index(word) for word in words})


def words_of(these: Possible) -> tuple[Relation, ...]:
    """The relations still possible, in the order of RELATIONS."""
    return tuple(word for place, word in enumerate(RELATIONS) if these >> place & 1)


EQUAL, SUBSET, SUPERSET, OVERLAP, DISJOINT = (possible([word]) for word in RELATIONS)
CARRIES_MET = EQUAL | SUPERSET  # all of the target's obligations are among the source's
CARRIES_UNMET = EQUAL | SUBSET  # all of the source's obligations are among the target's

_APART = DISJOINT | OVERLAP
_TABLE: dict[Possible, dict[Possible, Possible]] = {  # row A rel B, column B rel C: A rel C
    EQUAL: {EQUAL: EQUAL, SUBSET: SUBSET, SUPERSET: SUPERSET, OVERLAP: OVERLAP, DISJOINT: DISJOINT},
    SUBSET: {EQUAL: SUBSET, SUBSET: SUBSET, SUPERSET: ANY, OVERLAP: _APART | SUBSET, DISJOINT: DISJOINT},
    SUPERSET: {EQUAL: SUPERSET, SUBSET: ANY & ~DISJOINT, SUPERSET: SUPERSET, OVERLAP: OVERLAP | SUPERSET, DISJOINT: _APART | SUPERSET},
    OVERLAP: {EQUAL: OVERLAP, SUBSET: OVERLAP | SUBSET, SUPERSET: _APART | SUPERSET, OVERLAP: ANY, DISJOINT: _APART | SUPERSET},
    DISJOINT: {EQUAL: DISJOINT, SUBSET: _APART | SUBSET, SUPERSET: DISJOINT, OVERLAP: _APART | SUBSET, DISJOINT: ANY},
}


def _composed(left: Possible, right: Possible) -> Possible:
    found = 0
    for row, columns in _TABLE.items():
        for column, cell in columns.items():
            if left & row and right & column:
                found |= cell
    return found


_CONVERSE = tuple(these & ~(SUBSET | SUPERSET) | (these & SUBSET) << 1 | (these & SUPERSET) >> 1 for these in range(ANY + 1))
_COMPOSED = tuple(tuple(_composed(left, right) for right in range(ANY + 1)) for left in range(ANY + 1))


def converse(these: Possible) -> Possible:
    """What B may be to A, where A may be this to B."""
    return _CONVERSE[these]


def compose(left: Possible, right: Possible) -> Possible:
    """What A may be to C, where A may be `left` to B, and B `right` to C."""
    return _COMPOSED[left][right]
