"""Lints about the cases of a rule: those that are missing, that say the same, or that leave part of the rule untried."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from ccpolicy.analysis.lint.lint import CASES, Lint, Note, RuleFile, World, for_rules, pointer_at
from ccpolicy.analysis.lint.standing import Standing, branches, standings
from ccpolicy.backends.phrases import number_text
from ccpolicy.documents.path import fan_out
from ccpolicy.documents.values import exact
from ccpolicy.language.expr import Between, Compares, FromParam, Listed, Literally, OneOf, Operand
from ccpolicy.rulebook.rule import Case

# ---- missing -------------------------------------------------------------------------------------------------------------------


def _missing_cases(file: RuleFile, world: World) -> Iterator[Note]:
    if file.cases_text is None:
        name = file.name.rpartition("/")[2]
        hint = f"write them into `{name}.cases.yaml` beside it; `ccpolicy rules schema --cases` says how"
        yield Note(("id",), "the rule has no cases", hint)
        return
    wanted = ["pass", "fail", "undetermined", *(["not_applicable"] if file.rule.when is not None else [])]
    for status in wanted:
        if all(case.status != status for case in file.cases):
            yield Note(("cases",), f"no case expects {status}", f"add a document of which the rule says {status}", beside=True)


_ONE_OF_EACH = """\
cases:
  - name: as long as was agreed
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {longest_wait: 60}}]
    expect: {status: pass}
  - name: a second longer
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {longest_wait: 61}}]
    expect: {status: fail}
"""
_NOT_RECORDED = """\
  - name: the wait is not recorded
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {}}]
    expect: {status: undetermined}
"""

MISSING_CASES = Lint(
    id="missing-cases",
    title="A status that the rule can give, and that no case shows",
    why="""\
Cases are the examples of a rule, its tests and its documentation. Each status that it can give is shown once at least: pass, fail,
undetermined, and not_applicable where there is a `when`. The undetermined one is forgotten most often, and it is the one that shows
what missing data does. `ccpolicy rules test` refuses a shipped rule without them.""",
    failing=_ONE_OF_EACH,
    passing=_ONE_OF_EACH + _NOT_RECORDED,
    check=for_rules(_missing_cases),
    file=CASES,
)

# ---- weak ----------------------------------------------------------------------------------------------------------------------


def _weak_cases(file: RuleFile, world: World) -> Iterator[Note]:
    places = {one.leaf.place: one for branch in branches(file, world.kinds) for one in standings(branch.predicate, branch.scope)}
    for undecided in world.undecided.get(file.name, ()):
        if undecided.lack == "never false" and undecided.place in places and _never_false(places[undecided.place]):
            continue
        at = pointer_at(undecided.place)
        hint = "add a case that decides it, with everything else as in a case that there is already"
        yield Note(at, f"in the cases, `{at[-1]}` on `{at[-2]}` is {undecided.lack}", hint)


def _never_false(found: Standing) -> bool:
    """Whether the leaf allows every value that the schema does: all others are invalid, and so unknown."""
    values = None if found.place.shape is None else found.place.shape.values
    match found.leaf.test:
        case OneOf(Listed(listed), negated=False) if values is not None:
            return {value for value in values if isinstance(value, str)} <= {one.value for one in listed}
        case _:
            return False


_NEVER_FALSE = """\
  - name: nobody waits, and nobody speaks
    as_of: "2026-06-30"
    documents: [{kind: queue, id: q1, observed_at: "2026-06-29", data: {longest_wait: 1, languages: []}}]
    expect: {status: fail}
"""
_SPOKEN = (_ONE_OF_EACH + _NOT_RECORDED).replace("data: {longest_wait", "data: {languages: [en], longest_wait")

WEAK_CASES = Lint(
    id="weak-cases",
    title="A condition that no case finds both true and false",
    why="""\
A condition that is true in every case, or false in every case, could be taken out of the rule and no test would notice. The same
holds of one that is never reached or never decided. `ccpolicy rules test --coverage` lists what the cases decide.""",
    failing=_SPOKEN,
    passing=_SPOKEN + _NEVER_FALSE,
    check=for_rules(_weak_cases),
    file=CASES,
    more={"checks/queues/waiting.yaml": "require: {longest_wait: {at_most: 60}, languages: {count: {at_least: 1}}}\n"},
)

# ---- boundaries ----------------------------------------------------------------------------------------------------------------


def _no_boundary_case(file: RuleFile, world: World) -> Iterator[Note]:
    for branch in branches(file, world.kinds) if file.cases else ():
        for found in standings(branch.predicate, branch.scope):
            for operand in _thresholds(found):
                asked = [(case, bound) for case in file.cases if (bound := _bound(operand, case, file)) is not None]
                if asked and not any(exact(value) == bound for case, bound in asked for value in _values(found, case)):
                    yield _untried(found, {bound for _, bound in asked})


def _thresholds(found: Standing) -> list[Operand]:
    """The numbers that a leaf compares a value of a document with."""
    operands: list[Operand] = []
    match found.leaf.test:
        case Compares(operand=operand, sort="number"):
            operands = [operand]
        case Between(low, high, "number"):
            operands = [low, high]
        case _:
            pass
    known = bool(found.place.kind) and not found.place.enveloped
    return [operand for operand in operands if known and isinstance(operand, Literally | FromParam)]


def _bound(operand: Operand, case: Case, file: RuleFile) -> Fraction | int | None:
    match operand:
        case Literally(value):
            return exact(value)
        case FromParam(name):
            return exact(case.params.get(name, file.rule.parameters[name].default))
        case _:
            return None


def _values(found: Standing, case: Case) -> Iterator[Any]:
    """What the documents of a case hold at the place of a leaf."""
    for document in case.documents:
        if isinstance(document, dict) and document.get("kind") == found.place.kind:
            bodies = document["records"] if isinstance(document.get("records"), list) else [document.get("data")]
            for body in bodies:
                yield from (value for _, value in fan_out(body, found.place.pattern))


def _untried(found: Standing, bounds: set[Fraction | int]) -> Note:
    shown = " or ".join(number_text(bound) for bound in sorted(bounds))
    message = f"no case has the value at which `{found.leaf.word}` turns: `{found.leaf.path}` is never {shown}"
    return Note(pointer_at(found.leaf.place), message, "add a case with exactly that value, and one right beside it on the other side")


NO_BOUNDARY_CASE = Lint(
    id="no-boundary-case",
    title="A number that no case has on its boundary",
    why="""\
`at_most: 60` and `less_than: 60` differ at one value only, and it is the value that a careful person sets. A case with exactly that
value, and one right beside it, are what keeps the two apart. Asked for are numbers that a value of a document is compared with,
written out or as the default of a parameter.""",
    failing=(_ONE_OF_EACH + _NOT_RECORDED).replace("longest_wait: 60", "longest_wait: 20"),
    passing=_ONE_OF_EACH + _NOT_RECORDED,
    check=for_rules(_no_boundary_case),
    file=CASES,
)

# ---- equal ---------------------------------------------------------------------------------------------------------------------


def _equal_cases(file: RuleFile, world: World) -> Iterator[Note]:
    names: set[str] = set()
    said: dict[str, str] = {}
    for number, case in enumerate(file.cases):
        if case.name in names:
            yield Note(
                ("cases", number, "name"),
                f"`{case.name}` is the name of another case",
                "name each after what is special in it",
                beside=True,
            )
        names.add(case.name)
        other = said.setdefault(_content(case), case.name)
        if other != case.name:
            hint = "take one of them out, or change what it was meant to try"
            yield Note(("cases", number), f"the case `{case.name}` has the same content as `{other}`", hint, beside=True)


def _content(case: Case) -> str:
    parts = [case.as_of.isoformat(), case.documents, case.params, case.organisation, sorted(case.open_kinds)]
    return json.dumps(parts, sort_keys=True, default=str)


EQUAL_CASES = Lint(
    id="equal-cases",
    title="Two cases of one name, or of the same content",
    why="""\
A case that repeats another tries nothing. Mostly it was copied to be changed, and the change was forgotten; its name then promises
what is not tested. Two cases of one name cannot be told apart when one of them fails.""",
    failing=_ONE_OF_EACH + _NOT_RECORDED.replace("the wait is not recorded", "the queue is closed") + _NOT_RECORDED,
    passing=_ONE_OF_EACH + _NOT_RECORDED,
    check=for_rules(_equal_cases),
    file=CASES,
)

LINTS = (MISSING_CASES, WEAK_CASES, NO_BOUNDARY_CASE, EQUAL_CASES)
