"""The work of `ccpolicy controls show`, `coverage` and `gaps`."""

from __future__ import annotations

from ccpolicy.assessment.library import Library
from ccpolicy.cli.answers import FORMS, put_answer
from ccpolicy.cli.evidence_option import Ground, ground_of
from ccpolicy.cli.options import Asked
from ccpolicy.cli.printing import check_form
from ccpolicy.controls.order import printed_order
from ccpolicy.controls.reaching import Behind, behind_all, gaps
from ccpolicy.controls.relations import DISJOINT
from ccpolicy.controls.web import Reached, reach
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports import controls_report as report
from ccpolicy.reports.control_assessed import Seen, seen_in


def show_control(asked: Asked, control: str, form: str) -> int:
    """Prints one control; returns the exit code. Raises Refused."""
    ground = _ground(asked, form)
    one = _found(ground.library, control)
    value = report.control_value(one, ground.library.titles, _neighbours(ground.library, one.id), _seen(ground))
    put_answer(form, value, ("field", "value"), report.control_rows(value), lambda page: report.put_control(page, value))
    return ground.code


def show_coverage(asked: Asked, form: str) -> int:
    """Prints the coverage of the standards; returns the exit code. Raises Refused."""
    ground = _ground(asked, form)
    library, every = ground.library, behind_of(ground.library, ground.standards)
    value = report.coverage_value({name: (library.catalogues[name].title, own) for name, own in every.items()}, _seen(ground))
    columns = report.COVERAGE_COLUMNS if ground.assessed is None else report.COVERAGE_ASSESSED
    put_answer(form, value, columns, ([str(one[name]) for name in columns] for one in value), lambda page: report.put_coverage(page, value))
    return ground.code


def show_gaps(asked: Asked, form: str) -> int:
    """Prints the controls that nothing reaches; returns the exit code. Raises Refused."""
    ground = _ground(asked, form)
    library, seen = ground.library, _seen(ground)
    reached = {one.id for own in behind_of(library, ()).values() for one in own if one.judged}
    left = [one for own in behind_of(library, ground.standards).values() for one in gaps(own) if not _answered(one, seen)]
    values = [report.gap_value(one, _candidates(library, one, reached), seen) for one in left]
    columns = report.GAP_COLUMNS if seen is None else report.GAP_ASSESSED
    put_answer(form, values, columns, (report.gap_row(value, columns) for value in values), lambda page: report.put_gaps(page, values))
    return ground.code


def _ground(asked: Asked, form: str) -> Ground:
    check_form(form, FORMS)
    return ground_of(asked)


def _seen(ground: Ground) -> Seen | None:
    return None if ground.assessed is None else seen_in(ground.assessed.assessment)


def _answered(one: Behind, seen: Seen | None) -> bool:
    """Whether somebody vouches for it, or it does not bind here: no gap then."""
    if seen is None or one.id not in seen.statuses:
        return False
    return seen.vouched(one.id) or (seen.statuses[one.id].status == "not_applicable" and not seen.statuses[one.id].filled)


def behind_of(library: Library, standards: tuple[str, ...]) -> dict[str, tuple[Behind, ...]]:
    """The controls of these standards, or of all."""
    rules = list(library.rulebook.rules.values())
    return {name: behind_all(library.catalogues[name], rules) for name in sorted(set(standards) or library.catalogues)}


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
