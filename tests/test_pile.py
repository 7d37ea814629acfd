"""Findings beyond number: sorted in parts, packed, and none of them changed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccpolicy.assessment.blame import fingerprint
from ccpolicy.assessment.docket import Docket, order_of
from ccpolicy.assessment.finding import Detail, Finding
from ccpolicy.assessment.pile import Packed, Pile, kept, part

TEXTS = st.text(st.characters(), max_size=4)
POINTERS = st.lists(st.one_of(TEXTS, st.integers(0, 30)), max_size=3).map(tuple)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
REASONS = st.lists(TEXTS, max_size=2).map(tuple)


def details(inner: st.SearchStrategy[tuple[Detail, ...]]) -> st.SearchStrategy[tuple[Detail, ...]]:
    """Details with these within."""
    one = st.builds(Detail, TEXTS, st.integers(0, 9), POINTERS, TEXTS, TEXTS, SCALARS, REASONS, inner, st.integers(0, 9), at=POINTERS)
    return st.lists(one, max_size=2).map(tuple)


FINDINGS = st.builds(
    Finding,
    rule=st.sampled_from(["a/b", "a/c"]),
    status=st.sampled_from(["fail", "undetermined", "waived"]),
    severity=st.sampled_from(["high", "low"]),
    message=TEXTS,
    remediation=TEXTS,
    kind=TEXTS,
    document=TEXTS,
    file=st.sampled_from(["x.json", "y.json"]),
    record=st.integers(0, 3),
    pointer=POINTERS,
    operator=TEXTS,
    expected=TEXTS,
    actual=SCALARS,
    reasons=REASONS,
    controls=REASONS,
    detail=details(details(st.just(()))),
    notes=REASONS,
    waiver=TEXTS,
    period=st.none() | st.tuples(st.dates(), st.dates()),
    fingerprint=st.integers(0, 5).map(lambda number: fingerprint([number])),
    line=st.integers(0, 9),
    column=st.integers(0, 9),
    at=POINTERS,
    moot=st.booleans(),
)


@given(st.lists(FINDINGS, max_size=8), st.integers(1, 4))
def test_what_is_packed_comes_out_as_it_went_in(findings: list[Finding], most: int) -> None:
    """Every field, and its type; many or few, as a whole and in part."""
    held = kept(iter(findings), most)
    assert isinstance(held, Packed) == (len(findings) > most)
    assert list(held) == findings
    assert [repr(found) for found in held] == [repr(found) for found in findings]
    assert len(held) == len(findings)
    assert [list(part(held, first, first + 2)) for first in range(len(findings))] == [
        findings[first : first + 2] for first in range(len(findings))
    ]
    assert list(held[1:]) == findings[1:]


@given(st.lists(FINDINGS, max_size=12), st.integers(1, 4))
def test_a_pile_sorts_as_a_list_does(findings: list[Finding], most: int) -> None:
    """Equal ones keep their order; the pile is empty afterwards."""
    pile = Pile(order_of, most)
    for found in findings:
        pile.add(found)
    assert len(pile) == len(findings)
    assert list(pile.drain()) == sorted(findings, key=order_of)
    assert (len(pile), list(pile.drain())) == (0, [])


@given(st.lists(FINDINGS, max_size=12))
def test_each_fingerprint_is_given_once(findings: list[Finding]) -> None:
    """The first of equal ones keeps it; the same findings get the same fingerprints whatever else is there."""
    docket = Docket()
    for found in findings:
        docket.add(found)
    given_out = [found.fingerprint for found in docket.close()]
    assert len(set(given_out)) == len(findings)
    assert {found.fingerprint for found in findings} <= set(given_out)
    assert list(docket.close()) == []


@pytest.mark.parametrize("size", [0, 1, 249, 250, 251, 1000])
def test_parts_begin_and_end_where_they_are_asked_to(size: int) -> None:
    """Also across the batches in which findings are packed."""
    findings = [numbered(number) for number in range(size)]
    held: Sequence[Finding] = Packed(findings)
    cuts: list[tuple[int, int]] = [(0, size), (size // 2, size), (249, 251), (size, size), (3, 3)]
    assert [list(part(held, first, end)) for first, end in cuts] == [findings[first:end] for first, end in cuts]
    assert [held[position] for position in (0, -1) if size] == [findings[position] for position in (0, -1) if size]
    with pytest.raises(IndexError):
        held[size]


def test_many_small_parts_unpack_a_batch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the reports of many files with a finding or two each ask for them, one after the other."""
    held, unpacked = Packed(numbered(number) for number in range(500)), list[bytes]()
    decompress = zlib.decompress

    def counting(data: bytes) -> bytes:
        unpacked.append(data)
        return decompress(data)

    monkeypatch.setattr("ccpolicy.assessment.pile.zlib.decompress", counting)
    assert [finding.record for first in range(500) for finding in part(held, first, first + 1)] == list(range(500))
    assert len(unpacked) == 2


def numbered(number: int) -> Finding:
    """A finding told apart by its record."""
    given_values: dict[str, Any] = {"rule": "a/b", "status": "fail", "severity": "low", "message": f"number {number}", "remediation": ""}
    given_values |= {"kind": "k", "document": str(number), "file": "f", "record": number, "pointer": ("x", number), "operator": "is"}
    period = (date(2026, 1, 1), date(2026, 1, 31))
    return Finding(**given_values, expected="", actual=number, reasons=(), controls=("s/1",), period=period)
