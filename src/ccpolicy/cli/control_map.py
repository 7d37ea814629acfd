"""The work of `ccpolicy controls map`."""

from __future__ import annotations

from ccpolicy.assessment.library import load_library
from ccpolicy.cli.answers import FORMS, put_answer
from ccpolicy.cli.printing import check_form
from ccpolicy.cli.selection import unknown_standards
from ccpolicy.cli.settings import given_packs
from ccpolicy.controls.mapping import sides_of
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.map_report import COLUMNS, map_rows, map_value, put_map


def show_map(packs: tuple[str, ...], shipped: bool, standards: tuple[str, str], hops: int, form: str) -> int:
    """Prints the map of two standards; returns the exit code. Raises Refused."""
    check_form(form, FORMS)
    library = load_library(given_packs(packs), shipped)
    problems = list(unknown_standards(tuple(dict.fromkeys(standards)), library))
    if standards[0] == standards[1]:
        problems.append(Problem(code="same-standard", message=f"`{standards[0]}` is held against itself", hint="name two standards"))
    if problems:
        raise Refused(problems)
    left, right = (library.catalogues[name] for name in standards)
    cited = {rule.id: [citation.control for citation in rule.citations] for rule in library.rulebook.rules.values()}
    sides = sides_of(left, right, library.crosswalks, library.web, cited, hops)
    put_answer(
        form, map_value(sides), COLUMNS, map_rows(sides), lambda page: put_map(page, sides, library.titles, (left.title, right.title))
    )
    return 0
