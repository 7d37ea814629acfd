"""The work of `ccpolicy controls show`, `coverage` and `gaps`."""

from __future__ import annotations

from collections.abc import Callable

from ccpolicy.assessment.library import Library, load_library
from ccpolicy.cli.messages import put_all
from ccpolicy.cli.printing import check_form, put_csv, put_json
from ccpolicy.cli.screen import colour, width
from ccpolicy.cli.selection import unknown_standards
from ccpolicy.cli.settings import given_packs
from ccpolicy.controls.order import printed_order
from ccpolicy.controls.reaching import Behind, behind_all, gaps
from ccpolicy.controls.relations import DISJOINT
from ccpolicy.controls.web import Reached, reach
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports import controls_report as report
from ccpolicy.reports.page import Page
from ccpolicy.reports.view import View

FORMS = ("text", "json", "csv")


def show_control(packs: tuple[str, ...], shipped: bool, control: str, form: str) -> int:
    """Prints one control; returns the exit code. Raises Refused."""
    library = _library(packs, shipped, form)
    one = _found(library, control)
    value = report.control_value(one, library.titles, _neighbours(library, one.id))
    match form:
        case "json":
            put_json(value)
        case "csv":
            put_csv(("field", "value"), report.control_rows(value))
        case _:
            put_page(lambda page: report.put_control(page, value))
    return 0


def show_coverage(packs: tuple[str, ...], shipped: bool, standards: tuple[str, ...], form: str) -> int:
    """Prints the coverage of the standards; returns the exit code. Raises Refused."""
    library = _library(packs, shipped, form)
    every = behind_of(library, standards)
    value = report.coverage_value({name: (library.catalogues[name].title, own) for name, own in every.items()})
    match form:
        case "json":
            put_json(value)
        case "csv":
            put_csv(report.COVERAGE_COLUMNS, ([str(one[name]) for name in report.COVERAGE_COLUMNS] for one in value))
        case _:
            put_page(lambda page: report.put_coverage(page, value))
    return 0


def show_gaps(packs: tuple[str, ...], shipped: bool, standards: tuple[str, ...], form: str) -> int:
    """Prints the controls that no rule reaches; returns the exit code. Raises Refused."""
    library = _library(packs, shipped, form)
    every = behind_of(library, standards)
    reached = {one.id for own in behind_of(library, ()).values() for one in own if one.rules}
    values = [report.gap_value(one, _candidates(library, one, reached)) for own in every.values() for one in gaps(own)]
    match form:
        case "json":
            put_json(values)
        case "csv":
            put_csv(report.GAP_COLUMNS, map(report.gap_row, values))
        case _:
            put_page(lambda page: report.put_gaps(page, values))
    return 0


def behind_of(library: Library, standards: tuple[str, ...]) -> dict[str, tuple[Behind, ...]]:
    """The controls of these standards, or of all. Raises Refused for those that no catalogue describes."""
    problems = list(unknown_standards(standards, library))
    if problems:
        raise Refused(problems)
    rules = list(library.rulebook.rules.values())
    return {name: behind_all(library.catalogues[name], rules) for name in sorted(set(standards) or library.catalogues)}


def put_page(fill: Callable[[Page], object]) -> None:
    """Prints a page, as wide and as coloured as the terminal."""
    view = View(color=colour(no_color=False), width=width())
    put_all(lambda write: fill(Page(view, write)))


def _library(packs: tuple[str, ...], shipped: bool, form: str) -> Library:
    check_form(form, FORMS)
    return load_library(given_packs(packs), shipped)


def _found(library: Library, control: str) -> Behind:
    """The control of that id or alias. Raises Refused."""
    standard, _, name = control.partition("/")
    if standard in library.catalogues:
        for one in behind_of(library, (standard,))[standard]:
            if name in (one.control.id, *one.control.aliases):
                return one
    hint = did_you_mean(control, library.titles) or "a control is written <standard>/<number>, such as pci-dss-4.0.1/8.3.6"
    raise Refused([Problem(code="unknown-control", message=f"no catalogue has the control `{control}`", hint=hint)])


def _neighbours(library: Library, control: str) -> dict[str, Reached]:
    found = reach(library.web, control)
    return {name: found[name] for name in sorted(found, key=printed_order)}


def _candidates(library: Library, one: Behind, reached: set[str]) -> list[str]:
    """Controls that rules reach, and that certainly share something with this one."""
    found = reach(library.web, one.id)
    return sorted((name for name, there in found.items() if name in reached and not there.possible & DISJOINT), key=printed_order)
