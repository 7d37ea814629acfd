"""The work of `ccpolicy rules test`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase

from ccpolicy.assessment.cases import CaseResult, run_case
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.cli.messages import complain, put
from ccpolicy.cli.selection import unmatched
from ccpolicy.cli.settings import given_packs
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.cleaning import clean, visible
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.rule import Case

FAILED, WRONG = 1, 2
_RULE_OF = re.compile(r"(?:.*/)?checks/(.+?)(?:\.cases)?\.[a-z]+\Z", re.DOTALL)


def test_rules(packs: tuple[str, ...], shipped: bool, patterns: tuple[str, ...]) -> int:
    """Runs the cases, prints what is wrong and the counts; returns the exit code. Raises Refused."""
    library = load_library(given_packs(packs), shipped)
    missing = list(unmatched(patterns, library))
    if missing:
        raise Refused(missing)
    found, wrong = load_cases(library.packs, library.rulebook.rules)
    cases = [case for case in found if case.rule in library.rulebook.rules and _fits(case.rule, patterns)]
    problems = [problem for problem in wrong if _fits(_rule_of(problem.file), patterns)]
    problems += [_empty(case) for case in cases if compares_nothing(case, library)]
    if not cases and not problems:
        problems.append(Problem(code="no-cases", message="there is no case to run", hint="name a pack that has rules with cases"))
    complain([problem for problem in library.rulebook.warnings if _fits(_rule_of(problem.file), patterns)], "warning")
    complain(sorted(problems))
    failed = _run(cases, library)
    return WRONG if problems else FAILED if failed else 0


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


def _run(cases: Sequence[Case], library: Library) -> int:
    """Runs the cases and prints the failures and the counts; returns how many failed."""
    results = [run_case(case, library) for case in cases]
    failed = [result for result in results if not result.ok]
    for result in failed:
        put(_line(result))
    rules = len({case.rule for case in cases})
    put(f"{_counted(len(results), 'case')} of {_counted(rules, 'rule')}: {len(results) - len(failed)} passed, {len(failed)} failed\n")
    return len(failed)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _line(result: CaseResult) -> str:
    case = result.case
    return visible(clean(f"{case.file}:{case.line}: {case.rule}, case `{case.name}`: {result.message}")) + "\n"
