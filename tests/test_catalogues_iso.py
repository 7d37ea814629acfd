"""The catalogues of the service standards are whole, say how certain they are, and never show a guess as a clause."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccpolicy.controls.catalogue import ControlModel
from tests.test_fixtures import library

TOP = Path(__file__).parent.parent
TABLES = TOP.parent / "shared" / "data"
at_hand = pytest.mark.skipif(not TABLES.is_dir(), reason="the tables are not part of the project")

# The table of each standard, and the rows of it that are the standard's: those whose id begins so.
SOURCES = {
    "iso-18295-1-2017": ("iso_18295_1.tsv", ""),
    "iso-18295-2-2017": ("iso_18295_2.tsv", ""),
    "en-15838-2009": ("en_15838.tsv", ""),
    "iso-9001-2015": ("iso_9001_2015.tsv", ""),
    "iso-27001-2022": ("iso_27001_2022.tsv", ""),
    "iso-14001-2015": ("iso_14001_2015.tsv", ""),
    "copc-cx-7.0": ("copc_cx.tsv", "R7:"),
    "copc-cx-8.0": ("copc_cx.tsv", "R8:"),
    "jd-power": ("other_schemes.tsv", "JDP"),
    "ciac": ("other_schemes.tsv", "CIAC"),
    "icmi": ("other_schemes.tsv", "ICMI"),
    "tuev-nord-service-quality": ("other_schemes.tsv", "TUVN"),
    "tuev-sued-service-quality-2014": ("other_schemes.tsv", "TUVS"),
    "tuev-saarland-service-tested": ("other_schemes.tsv", "TUVSAAR"),
    "tuev-rheinland-satisfaction": ("other_schemes.tsv", "TUVRH"),
    "servicecert": ("other_schemes.tsv", "SCERT"),
    "verego-srs-2.3": ("other_schemes.tsv", "VERSO"),
    "top-employer-2017": ("other_schemes.tsv", "TOPE"),
}
OF_ANOTHER_SECTOR = "TUVN.x"  # what the scheme asks of workshops
CERTAINTIES = {
    "second_hand": ("seen second-hand", "group seen second-hand", "partly seen", "well known"),
    "topic": ("topic seen", "heading seen", "inferred", "not seen"),
    "seen": ("seen", "area seen", "category seen", "name match inferred; content seen"),
}
EVERY = pytest.mark.parametrize("standard", SOURCES)


def controls_of(standard: str) -> dict[str, ControlModel]:
    return library().catalogues[standard].controls


def rows_of(standard: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Number, parent and row of each control of a standard in its table."""
    name, start = SOURCES[standard]
    with (TABLES / name).open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            if not row["id"].startswith(start) or row["id"] == OF_ANOTHER_SECTOR:
                continue
            if start.endswith(":"):
                parent = row["parent_id"].removeprefix(start)
                yield row["id"].removeprefix(start), parent if row["parent_id"].startswith(start) else "", row
            elif not start or row["id"].partition(".")[0] == start:
                yield row["id"], row["parent_id"], row


def certainty_of(told: str) -> str:
    return next(word for word, starts in CERTAINTIES.items() if told.startswith(starts))


def listed() -> dict[str, dict[str, tuple[str, str]]]:
    """Parent and certainty of each control of each standard, as the project keeps them."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    with (TOP / "tests" / "catalogue_ids.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            found.setdefault(row["standard"], {})[row["id"]] = (row["parent"], row["certainty"])
    return found


@EVERY
def test_a_catalogue_holds_what_the_list_says(standard: str) -> None:
    """Every number, under its parent, as certain as it is."""
    held = {number: (control.parent or "", control.certainty) for number, control in controls_of(standard).items()}
    assert held == listed()[standard]


@at_hand
def test_the_list_equals_the_tables() -> None:
    """Row by row; of the schemes, only what is asked of workshops is left out, and another scheme of a like name."""
    tables = {name: {number: (parent, certainty_of(row["certainty"])) for number, parent, row in rows_of(name)} for name in SOURCES}
    assert tables == listed()
    with (TABLES / "other_schemes.tsv").open(encoding="utf-8", newline="") as rows:
        ids = {row["id"] for row in csv.DictReader(rows, delimiter="\t")}
    schemes = [name for name, (table, _) in SOURCES.items() if table == "other_schemes.tsv"]
    assert ids - {number for name in schemes for number in tables[name]} == {OF_ANOTHER_SECTOR, "DIQP"}


@at_hand
@EVERY
def test_titles_are_our_own(standard: str) -> None:
    """None is a heading of the standard, with or without a remark in brackets, or the wording of the table."""
    for number, _, row in rows_of(standard):
        taken = {re.sub(r"\([^)]*\)", "", row[word]).strip().casefold() for word in ("heading", "intent_own_words")}
        assert controls_of(standard)[number].title.casefold() not in taken | {row["heading"].casefold()}, number


@at_hand
@EVERY
def test_what_nobody_saw_says_so_in_its_title(standard: str) -> None:
    """Wherever a title is printed, a guess is seen to be one; what was seen is never called a guess."""
    guessed = {number for number, _, row in rows_of(standard) if row["certainty"].startswith(("inferred", "not seen"))}
    assert {number for number, control in controls_of(standard).items() if "(assumed" in control.title} == guessed


@EVERY
def test_an_unseen_number_is_a_topic(standard: str) -> None:
    """Never a requirement; what looks like a clause is called a guess in its title, but for the one that follows from its neighbours."""
    unseen = {number: control for number, control in controls_of(standard).items() if control.certainty == "topic"}
    assert {control.kind for control in unseen.values()} <= {"topic"}
    bare = [number for number, control in unseen.items() if re.fullmatch(r"[\d.]+", number) and "(assumed" not in control.title]
    assert bare == (["9"] if standard == "iso-18295-1-2017" else [])


@EVERY
def test_every_control_is_accounted_for(standard: str) -> None:
    """None is automated, and each that no rule sees gives its reason; a heading has something below it, or asks for nothing."""
    controls = controls_of(standard)
    parents = {control.parent for control in controls.values()}
    assert {control.status for control in controls.values()} <= {"partial", "manual", "planned", "out_of_scope"}
    assert [number for number, control in controls.items() if control.status != "partial" and len(control.reason or "") < 20] == []
    headings = {number for number, control in controls.items() if control.kind == "heading"}
    assert [number for number in headings - parents if controls[number].status != "out_of_scope"] == []


def test_each_duty_of_a_client_names_the_duty_of_the_centre() -> None:
    """They bind the client alone, and each pair is of its own."""
    duties = {number: control for number, control in controls_of("iso-18295-2-2017").items() if "#" in number}
    assert {tuple(control.roles) for control in duties.values()} == {("client",)}
    told = {number: (control.reason or "").partition("the centre's side is ")[2] for number, control in duties.items()}
    assert len(set(told.values())) == len(told) == 12
    assert [number for number, other in told.items() if other not in library().titles] == []


def test_customers_are_asked_after_the_site_audit() -> None:
    assert controls_of("jd-power")["JDP.2"].requires == ["JDP.1"]


def test_the_page_on_editions_names_every_catalogue() -> None:
    page = (TOP / "docs" / "editions.md").read_text("utf-8")
    assert [name for name in library().catalogues if f"| `{name}` |" not in page] == []
