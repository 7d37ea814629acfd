"""The work of `ccpolicy controls plan`."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from ccpolicy.assessment.library import Library
from ccpolicy.assessment.plan import packs_only, plan_of
from ccpolicy.assessment.premises import Premises, premises_of
from ccpolicy.cli.answers import FORMS, put_answer
from ccpolicy.cli.evidence_option import Assessed, Ground, ground_of
from ccpolicy.cli.options import Asked
from ccpolicy.cli.printing import check_form
from ccpolicy.documents.config import Config
from ccpolicy.documents.planning import Prices
from ccpolicy.documents.wording import safe_key
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.model import report_of
from ccpolicy.reports.plan_report import Told, plan_columns, plan_rows, plan_value, put_plan


def show_plan(asked: Asked, form: str) -> int:
    """Prints the order of repair; returns the exit code. Raises Refused."""
    check_form(form, FORMS)
    ground = ground_of(asked)
    prices = _prices(ground)
    standards, library = ground.spoken_of, ground.library
    today = () if ground.assessed is None else ground.assessed.assessment.controls
    plan = plan_of(premises_on(ground), library.rulebook.rules, standards, prices, today)
    report = None if ground.assessed is None else report_of(ground.assessed.assessment)
    titles = {name: library.catalogues[name].title for name in standards}
    value = plan_value(plan, Told(library.rulebook.rules, library.catalogues, titles, report, prices != Prices()))
    put_answer(form, value, plan_columns(standards), plan_rows(value, standards), lambda page: put_plan(page, value))
    return ground.code


def premises_on(ground: Ground) -> Premises:
    """What the assessment rests on; without one, what the packs ask for."""
    library = ground.library
    if ground.assessed is None:
        return packs_only(library.catalogues, library.rulebook.rules.values())
    one = ground.assessed.assessment
    return premises_of(library, one.evidence, one.rules, one.scope, one.organisation.get("roles", {}))


def _prices(ground: Ground) -> Prices:
    """The prices of the config. Raises Refused for patterns that fit nothing: whoever writes one means something."""
    if ground.assessed is None:
        return Prices()
    problems = list(_unfit(ground.assessed, ground.library))
    if problems:
        raise Refused(problems)
    return ground.assessed.config.prices


def _unfit(assessed: Assessed, library: Library) -> Iterator[Problem]:
    prices, config = assessed.config.prices, assessed.config
    for name in prices.standards:
        if name not in library.catalogues:
            yield _nothing(config, "standards", name, "names no standard of a catalogue", did_you_mean(name.lower(), library.catalogues))
    providers = [one.id for one in assessed.assessment.evidence.of("responsibility")]
    for part, patterns, known in (
        ("rules", prices.rules, list(library.rulebook.rules)),
        ("controls", prices.controls, list(library.titles)),
        ("responsibilities", prices.responsibilities, providers),
    ):
        for pattern in patterns:
            if not any(name == pattern or fnmatchcase(name, pattern) for name in known):
                yield _nothing(config, part, pattern, f"fits none of the {_NOUNS[part]}", did_you_mean(pattern, known))


_NOUNS = {"rules": "rules", "controls": "controls", "responsibilities": "responsibility documents"}


def _nothing(config: Config, part: str, name: str, said: str, hint: str) -> Problem:
    line = config.lines.get(f"plan.{part}.{name}", 0)
    return Problem(config.file or "", line, min(line, 1), "bad-config", f"`plan.{part}.{safe_key(name)}` {said}", hint)
