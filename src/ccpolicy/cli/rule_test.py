"""The work of `ccpolicy rules test`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.mutation import misjudged
from ccpolicy.assessment.trials import Depth, Trial
from ccpolicy.cli.messages import complain, put
from ccpolicy.cli.printing import check_form, put_json
from ccpolicy.cli.progress import Bar
from ccpolicy.cli.selection import unmatched
from ccpolicy.cli.settings import given_packs
from ccpolicy.cli.workers import Folders, cores, trials
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.cleaning import clean, visible
from ccpolicy.reports.trials import Tried, coverage_text, mutation_text, results_text, trials_json
from ccpolicy.rulebook.lines import lines_of
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.rule import Case
from ccpolicy.rulebook.survivors import Accepted, load_survivors

FAILED, WRONG = 1, 2
_RULE_OF = re.compile(r"(?:.*/)?checks/(.+?)(?:\.cases)?\.[a-z]+\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `rules test`, as they were given."""

    packs: tuple[str, ...] = ()
    shipped: bool = True
    patterns: tuple[str, ...] = ()
    depth: Depth = field(default_factory=Depth)
    form: str = "text"
    jobs: int | None = None


def test_rules(asked: Asked) -> int:
    """Runs the cases, prints what is wrong and the counts; returns the exit code. Raises Refused."""
    check_form(asked.form)
    patterns, folders = asked.patterns, given_packs(asked.packs)
    library = load_library(folders, asked.shipped)
    missing = list(unmatched(patterns, library))
    if missing:
        raise Refused(missing)
    found, wrong = load_cases(library.packs, library.rulebook.rules)
    cases = [case for case in found if case.rule in library.rulebook.rules and _fits(case.rule, patterns)]
    problems = [problem for problem in wrong if _fits(_rule_of(problem.file), patterns)]
    problems += [_empty(case) for case in cases if compares_nothing(case, library)]
    if not cases and not problems:
        problems.append(Problem(code="no-cases", message="there is no case to run", hint="name a pack that has rules with cases"))
    accepted, misread = load_survivors(library.packs, library.rulebook.rules) if asked.depth.mutate else ((), ())
    own = tuple(pack.name_of("checks", "") for pack in library.packs if pack.given)  # nobody can mend the shipped pack
    complain([one for one in library.rulebook.warnings if one.file.startswith(own) and _fits(_rule_of(one.file), patterns)], "warning")
    complain(sorted([*problems, *misread]))
    every = _tried(cases, library, folders, asked, accepted)
    misjudgements = sorted(misjudged([one.trial.mutation for one in every if one.trial.mutation is not None], accepted))
    complain(misjudgements)
    _show(every, asked)
    failed = any(message for one in every for message in one.trial.messages) or any(one.left for one in every)
    return WRONG if problems or misread or misjudgements else FAILED if failed else 0


def _rule_of(file: str) -> str:
    found = _RULE_OF.match(file)
    return found[1] if found else file


def _fits(rule: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatchcase(rule, pattern) for pattern in patterns)


def _empty(case: Case) -> Problem:
    message = f"the case `{case.name}` compares nothing: none of its documents is in force and of the kind that `{case.rule}` applies to"
    return Problem(case.file, case.line, 1, "empty-case", message, "is `observed_at` after the `as_of` of the case?")


def compares_nothing(case: Case, library: Library) -> bool:
    """Whether no document of the case is one that the rule looks at first."""
    foci = library.rulebook.rules[case.rule].foci
    kinds = {foci.kind} if foci.reached_from is None else {foci.kind, foci.reached_from.kind}
    evidence = evidence_of(list(case.documents), library.kinds, case.as_of)
    return not any(evidence.of(kind) for kind in kinds) and not evidence.problems


def _tried(cases: Sequence[Case], library: Library, folders: Folders, asked: Asked, accepted: Sequence[Accepted]) -> list[Tried]:
    by_rule: dict[str, tuple[Case, ...]] = {}
    for case in cases:
        by_rule[case.rule] = (*by_rule.get(case.rule, ()), case)
    with Bar(quiet=False, no_color=False) as bar:
        found = trials(library, folders, asked.shipped, by_rule, asked.depth, asked.jobs or cores(), bar.tried)
    reasons = {(one.rule, one.mutant): one.reason for one in accepted}
    return [_placed(trial, by_rule[trial.rule], library, reasons) for trial in found]


def _placed(trial: Trial, cases: tuple[Case, ...], library: Library, reasons: Mapping[tuple[str, str], str]) -> Tried:
    """The trial with the lines of all that is spoken of."""
    rule = library.rulebook.rules[trial.rule]
    points = () if trial.coverage is None else trial.coverage.points
    survivors = () if trial.mutation is None else trial.mutation.survivors
    places = [*(point.place for point in points), *(survivor.place for survivor in survivors)]
    own = {mutant: reason for (owner, mutant), reason in reasons.items() if owner == rule.id}
    return Tried(rule, cases, trial, lines_of(rule, places, library.packs) if places else {}, own)


def _show(every: Sequence[Tried], asked: Asked) -> None:
    if asked.form == "json":
        put_json(trials_json(every))
        return
    parts = [results_text(every)]
    parts += [coverage_text(every)] if asked.depth.coverage else []
    parts += [mutation_text(every)] if asked.depth.mutate else []
    for part in parts:
        put("".join(visible(clean(line)) + "\n" for line in part))
