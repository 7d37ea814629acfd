"""The work of `ccpolicy controls requests`."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ccpolicy.assessment.attesting import to_attest, vouched_for
from ccpolicy.assessment.premises import Premises
from ccpolicy.assessment.rollup import bindings_of
from ccpolicy.cli.answers import FORMS, put_answer
from ccpolicy.cli.control_plan import premises_on
from ccpolicy.cli.evidence_option import Assessed, Ground, ground_of
from ccpolicy.cli.options import Asked
from ccpolicy.cli.printing import check_form
from ccpolicy.controls.requesting import requests_of
from ccpolicy.documents.wording import safe_key
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.model import report_of
from ccpolicy.reports.requests_report import ATTESTATION, Asking, put_requests, request_columns, request_rows, requests_value


def show_requests(asked: Asked, form: str) -> int:
    """Prints the evidence request list; returns the exit code. Raises Refused."""
    check_form(form, FORMS)
    ground = ground_of(asked)
    standards, library, premises = ground.spoken_of, ground.library, premises_on(ground)
    served = _served(premises, standards)
    rules = [rule for rule in library.rulebook.rules.values() if ground.assessed is None or ground.assessed.wanted.takes(rule)]
    requests = requests_of(rules, premises.register, served, {} if ground.assessed is None else ground.assessed.wanted.params)
    wanted = set(served)
    controls = vouched_for([name for name in to_attest(premises) if name in wanted], premises.statements)
    attested = {one: {name: own for name, own in controls.items() if name.startswith(f"{one}/")} for one in standards}
    value = requests_value(requests, attested, _asking(ground, standards))
    put_answer(form, value, request_columns(standards), request_rows(value, standards), lambda page: put_requests(page, value))
    return ground.code


def _served(premises: Premises, standards: tuple[str, ...]) -> list[str]:
    """The controls of the standards for which evidence is asked: all but those that do not bind."""
    bindings = bindings_of(premises.register, premises.roles, premises.as_of)
    entries = premises.register.entries.values()
    return [entry.id for entry in entries if entry.standard in standards and bindings[entry.id][0] != "not_applicable"]


def _asking(ground: Ground, standards: tuple[str, ...]) -> Asking:
    """What the list is told with. Raises Refused for owners of kinds that there are none of."""
    catalogues = {name: ground.library.catalogues[name] for name in standards}
    if ground.assessed is None:
        return Asking(ground.library.kinds, catalogues, {}, {}, None)
    problems = list(_unowned(ground.assessed, ground))
    if problems:
        raise Refused(problems)
    one, config = ground.assessed.assessment, ground.assessed.config
    return Asking(ground.library.kinds, catalogues, config.owners, config.max_age, (one, report_of(one)))


def _unowned(assessed: Assessed, ground: Ground) -> Iterator[Problem]:
    config = assessed.config
    known = [*ground.library.kinds, *(f"{ATTESTATION}/{name}" for name in ground.library.catalogues)]
    for pattern in config.owners:
        if not any(name == pattern or fnmatchcase(name, pattern) for name in known):
            line = config.lines.get(f"owners.{pattern}", 0)
            message = f"`owners.{safe_key(pattern)}` fits no kind of documents"
            hint = did_you_mean(pattern, known) or '`ccpolicy schemas list` lists the kinds; `"*"` stands for all others'
            yield Problem(config.file or "", line, min(line, 1), "bad-config", message, hint)
