"""The catalogues of PCI DSS and HIPAA are whole, agree with the published numbers, and say honestly who judges what."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.controls.order import printed_order
from ccpolicy.controls.register import register_of
from tests.test_fixtures import library

TABLES = Path(__file__).parent.parent.parent / "shared" / "data"
at_hand = pytest.mark.skipif(not TABLES.is_dir(), reason="the tables are not part of the project")
PCI, HIPAA = "pci-dss-4.0.1", "hipaa"
BOTH = pytest.mark.parametrize("standard", [PCI, HIPAA])
EVERY = pytest.mark.parametrize("standard", sorted(library().catalogues))


def controls_of(standard: str) -> dict[str, ControlModel]:
    return library().catalogues[standard].controls


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows, delimiter="\t"))


# ---- PCI DSS -------------------------------------------------------------------------------------------------------------------

# How many requirements stand below each heading, and below those of them that have any.
BELOW = {
    "1": (2, 8, 3, 5, 1),
    "2": (2, 7, 2),
    "3": (2, 1, 3, 2, 1, 1, 9),
    "4": (2, 2),
    "5": (2, 3, 5, 1),
    "6": (2, 4, 3, 3, 6),
    "7": (2, 6, 3),
    "8": (2, 8, 11, 3, 1, 3),
    "9": (2, 4, 4, 7, 1),
    "10": (2, 2, 4, 3, 1, 3, 3),
    "11": (2, 2, 2, 7, 2, 1),
    "12": (4, 1, 4, 2, 3, 3, 1, 5, 2, 7),
    "A1": (4, 3),
    "A2": (3,),
    "A3": (4, 6, 3, 1, 1),
}
DEEPER = {
    "3.3.1": 3,
    "3.5.1": 3,
    "3.6.1": 4,
    "4.2.1": 2,
    "5.2.3": 1,
    "5.3.2": 1,
    "6.2.3": 1,
    "7.2.5": 1,
    "8.3.10": 1,
    "9.2.1": 1,
    "9.3.1": 1,
}
DEEPER |= {"9.4.1": 2, "9.4.5": 1, "9.5.1": 3, "9.5.1.2": 1, "10.2.1": 7, "10.4.1": 1, "10.4.2": 1, "11.3.1": 3, "11.3.2": 1, "11.5.1": 1}
DEEPER |= {"12.4.2": 1, "12.5.2": 1, "12.6.3": 2, "12.10.4": 1, "A3.2.2": 1, "A3.2.5": 2, "A3.2.6": 1, "A3.3.1": 1}
SUPERSEDED = {"6.4.1": "6.4.2", "8.3.10": "8.3.10.1", "10.7.1": "10.7.2"}
DATED_IN_PART = {"3.2.1", "3.3.3", "3.6.1.1", "4.2.1", "12.10.5", "A3.3.1"}


def test_pci_dss_has_every_requirement_of_the_standard() -> None:
    """Fifteen roots, and 351 numbers below them, each under the number that it continues."""
    expected: dict[str, str | None] = dict.fromkeys(BELOW)
    for root, counts in BELOW.items():
        expected |= {f"{root}.{number}": root for number, _ in enumerate(counts, 1)}
        for number, count in enumerate(counts, 1):
            expected |= {f"{root}.{number}.{below}": f"{root}.{number}" for below in range(1, count + 1)}
    expected |= {f"{parent}.{number}": parent for parent, count in DEEPER.items() for number in range(1, count + 1)}
    assert {number: control.parent for number, control in controls_of(PCI).items()} == expected
    assert (len(BELOW), len(expected) - len(BELOW)) == (15, 351)


@at_hand
def test_pci_dss_agrees_with_the_table() -> None:
    """Order, parents, dates, and whom it binds."""
    rows = table("pci_dss_4_0_1.tsv")
    controls = controls_of(PCI)
    assert [(number, control.parent or "") for number, control in controls.items()] == [(row["id"], row["parent_id"]) for row in rows]
    dated = {row["id"] for row in rows if row["future_dated_until_2025_03_31"] == "yes"}
    assert {number for number, control in controls.items() if control.applies_from} == dated - DATED_IN_PART
    providers = {row["id"] for row in rows if row["service_provider_only"] == "yes"}
    assert {number for number, control in controls.items() if any("service_provider" in role for role in control.roles)} == providers


@at_hand
def test_pci_dss_keeps_what_the_notes_say() -> None:
    """Each note of a kind that a catalogue can hold is held."""
    notes = {(row["id"], row["note_type"]): row["note"] for row in table("pci_dss_4_0_1_notes.tsv")}
    kept = {number: control.exemptions or [] for number, control in controls_of(PCI).items()}
    assert [number for (number, kind), note in notes.items() if kind == "exemption" and note not in kept[number]] == []
    assert {number for number, kind in notes if kind == "future_dated_partial"} == DATED_IN_PART
    assert [number for number in DATED_IN_PART if not any("Before 1 April 2025" in exempt for exempt in kept[number])] == []
    assert {number for number, kind in notes if kind == "superseded"} == {*SUPERSEDED, "3.5.1"}


def test_pci_dss_dates_are_the_day_after_good_practice_ended() -> None:
    """45 requirements began as a whole on that day; three gave way to the one that followed them."""
    register = register_of({PCI: library().catalogues[PCI]})
    assert Counter(control.applies_from for control in controls_of(PCI).values() if control.applies_from) == {"2025-04-01": 45}
    assert {number: control.superseded_by for number, control in controls_of(PCI).items() if control.superseded_by} == SUPERSEDED
    everyone = {role: True for control in controls_of(PCI).values() for role in control.roles}
    for old, new in SUPERSEDED.items():
        before, after = register.entries[f"{PCI}/{old}"], register.entries[f"{PCI}/{new}"]
        last, first = date(2025, 3, 31), date(2025, 4, 1)
        assert [register.binding(before, everyone, day)[0] for day in (last, first)] == ["binds", "not_applicable"]
        assert [register.binding(after, everyone, day)[0] for day in (last, first)] == ["not_applicable", "binds"]


def test_the_number_printed_in_version_4_0_still_leads_to_its_requirement() -> None:
    register = register_of({PCI: library().catalogues[PCI]})
    assert register.find(f"{PCI}/A3.3.1.2") == f"{PCI}/A3.3.1.1"


@at_hand
def test_titles_of_pci_dss_are_our_own() -> None:
    rows = {row["id"]: row["title"].casefold() for row in table("pci_dss_4_0_1.tsv")}
    assert [number for number, control in controls_of(PCI).items() if control.title.casefold() == rows[number]] == []


# ---- HIPAA ---------------------------------------------------------------------------------------------------------------------


def test_the_safeguards_of_hipaa_are_as_many_as_in_its_own_matrix() -> None:
    """Sections 308, 310 and 312: 19 standards, 14 required and 22 addressable specifications; nothing is addressable elsewhere."""
    safeguards = [control for number, control in controls_of(HIPAA).items() if number[:7] in ("164.308", "164.310", "164.312")]
    counted = Counter((control.kind, control.obligation) for control in safeguards)
    assert counted == {
        ("heading", None): 3,
        ("standard", "required"): 19,
        ("specification", "required"): 14,
        ("specification", "addressable"): 22,
    }
    assert sum(control.obligation == "addressable" for control in controls_of(HIPAA).values()) == 22


@at_hand
def test_hipaa_agrees_with_the_table() -> None:
    """Order, parents, and which are standards, required or addressable."""
    rows = table("hipaa.tsv")
    controls = controls_of(HIPAA)
    assert [(number, control.parent or "") for number, control in controls.items()] == [(row["citation"], row["parent"]) for row in rows]
    asked = {row["citation"]: row["required_addressable_standard"] for row in rows}
    assert {number for number, kind in asked.items() if kind == "standard"} == {n for n, one in controls.items() if one.kind == "standard"}
    obligations = {"section": None, "standard": "required", "required": "required", "addressable": "addressable"}
    assert {number: control.obligation for number, control in controls.items()} == {n: obligations[kind] for n, kind in asked.items()}


@pytest.mark.parametrize(
    ("roles", "bound", "free"),
    [
        (
            {"business_associate"},
            ["164.312(d)", "164.410(b)", "164.502(a)(3)", "164.502(b)", "164.504(e)(2)"],
            ["164.404(b)", "164.530(j)(2)"],
        ),
        ({"covered_entity"}, ["164.312(d)", "164.404(b)", "164.524(b)", "164.530(j)(2)"], ["164.410(b)", "164.502(a)(3)", "164.308(b)(2)"]),
        ({"subcontractor"}, ["164.308(b)(2)", "164.410(a)", "164.504(e)(5)"], ["164.308(b)(1)", "164.314(b)(1)", "164.520"]),
    ],
)
def test_hipaa_binds_by_role(roles: set[str], bound: list[str], free: list[str]) -> None:
    """An outsourced centre is a business associate: the Security Rule binds it directly, notices and patients' rights by contract only."""
    register = register_of({HIPAA: library().catalogues[HIPAA]})
    held = {role: role in roles for role in ("covered_entity", "business_associate", "subcontractor")}
    found = {number: register.binding(register.entries[f"{HIPAA}/{number}"], held, date(2026, 6, 30))[0] for number in (*bound, *free)}
    assert found == dict.fromkeys(bound, "binds") | dict.fromkeys(free, "not_applicable")


def test_the_vacated_attestation_is_not_asked_for() -> None:
    """What a court set aside in June 2025 is no requirement."""
    assert [number for number in controls_of(HIPAA) if number.startswith("164.509")] == []


# ---- Both ----------------------------------------------------------------------------------------------------------------------


@BOTH
def test_controls_stand_in_printed_order(standard: str) -> None:
    numbers = list(controls_of(standard))
    assert numbers == sorted(numbers, key=printed_order)


@BOTH
def test_the_certainty_of_every_control_is_stated(standard: str) -> None:
    """Where the text was not read, its number is second hand; of HIPAA, that is all but the Security Rule."""
    controls = controls_of(standard)
    assert {control.certainty for control in controls.values()} == {"seen", "second_hand"}
    if standard == HIPAA:
        assert {n for n, control in controls.items() if control.certainty == "seen"} == {n for n in controls if n.startswith("164.3")}


@BOTH
def test_every_reason_is_about_its_own_control(standard: str) -> None:
    """Reasons are not passed out by the dozen, and each control that no rule reaches has one."""
    unreached = [control for control in controls_of(standard).values() if control.status in ("manual", "planned", "out_of_scope")]
    reasons = Counter(control.reason for control in unreached)
    assert None not in reasons
    assert [reason for reason, count in reasons.items() if count > 6] == []
    assert len(reasons) >= 0.95 * len(unreached)


@BOTH
def test_titles_are_short_and_tell_controls_apart(standard: str) -> None:
    titles = [control.title for control in controls_of(standard).values()]
    assert [title for title, count in Counter(titles).items() if count > 1] == []
    assert [title for title in titles if len(title.split()) > 12] == []


@EVERY
def test_a_control_is_partial_just_where_a_rule_reaches_it(standard: str) -> None:
    """`automated` takes a rule of full coverage; `partial` one that cites the control, or one below it, and nothing else is called that."""
    catalogue = library().catalogues[standard]
    full, reached = (
        cited(catalogue, "full"),
        {above for number in cited(catalogue, "full", "partial") for above in upwards(number, catalogue)},
    )
    honest = {number: "automated" if number in full else "partial" if number in reached else "none" for number in catalogue.controls}
    stated = {n: control.status if control.status in ("automated", "partial") else "none" for n, control in catalogue.controls.items()}
    assert stated == honest


def cited(catalogue: Catalogue, *coverages: str) -> set[str]:
    """The numbers of the controls that shipped rules cite with such a coverage, aliases resolved."""
    own = register_of({catalogue.id: catalogue})
    judging = [rule for rule in library().rulebook.rules.values() if rule.severity != "info"]  # a hint judges nothing
    citations = [citation for rule in judging for citation in rule.citations if citation.coverage in coverages]
    found = {own.find(citation.control) for citation in citations}
    return {control.partition("/")[2] for control in found if control is not None}


def upwards(number: str, catalogue: Catalogue) -> list[str]:
    """A control and those above it."""
    parent = catalogue.controls[number].parent
    return [number, *(upwards(parent, catalogue) if parent is not None else [])]
