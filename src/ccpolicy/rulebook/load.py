"""From packs to the rulebook: everything that can be wrong with a rule is found here, before any evidence is read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ccpolicy.documents.moment import read_date
from ccpolicy.documents.path import Step
from ccpolicy.documents.schema import Kind
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.definitions import load_definitions
from ccpolicy.rulebook.ledger import Complaint, Ledger
from ccpolicy.rulebook.lower_rule import rule_of
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text
from ccpolicy.rulebook.rule import Case, Rule, Rulebook
from ccpolicy.rulebook.sources import is_cases, unique_files
from ccpolicy.rulebook.warnings import many_to_many


def load_rulebook(packs: Sequence[Pack], kinds: Mapping[str, Kind], controls: Collection[str] | None = None) -> Rulebook:
    """All rules of the packs, checked against the kinds and the known controls. Raises Refused with every problem."""
    problems: list[Problem] = []
    definitions, refused = load_definitions(packs, kinds, problems)
    rules: dict[str, Rule] = {}
    touched: set[tuple[str, tuple[Step, ...]]] = set()
    warnings: list[Problem] = []
    for text, name in unique_files(packs, "checks", lambda below: not is_cases(below), problems):
        ledger = Ledger(kinds, definitions=definitions, refused=refused)
        rule = _rule(text, name, ledger, controls, problems)
        if rule is not None:
            rules[rule.id] = rule
            touched |= ledger.touched
            warnings += text.problems([*many_to_many(rule, kinds), *ledger.remarks])
    if problems:
        raise Refused(sorted(set(problems)))
    return Rulebook(dict(sorted(rules.items())), touched=frozenset(touched), warnings=tuple(warnings))


def _rule(text: Text, name: str, ledger: Ledger, controls: Collection[str] | None, problems: list[Problem]) -> Rule | None:
    made = text.attempt(syntax.RuleModel)
    if made.model is None:
        problems += text.problems(made.complaints)
        return None
    ledger.lost = made.cuts.names(text.value)
    _check_citations(made.model, name, ledger, controls)
    rule = rule_of(made.model, text.shown, ledger)
    found = [*made.complaints, *(one for one in ledger.complaints if not made.cuts.hides(one))]
    problems += text.problems(found)
    return None if found else rule


def _check_citations(model: syntax.RuleModel, name: str, ledger: Ledger, controls: Collection[str] | None) -> None:
    if model.id != name:
        ledger.complain(("id",), "wrong-id", f"the id is `{model.id}`, and the file is `checks/{name}`", f"write `id: {name}`")
    for number, link in enumerate(model.controls):
        if controls is not None and link.control not in controls:
            near = [control for control in controls if control.endswith(f"/{link.control}")]
            hint = did_you_mean(link.control, controls) or (f"did you mean {either(sorted(near)[:3])}?" if near else "")
            hint = hint or "a control is cited as <standard>/<number>, from a catalogue of a pack"
            ledger.complain(("controls", number, "control"), "unknown-control", f"no catalogue has `{link.control}`", hint)


# ---- cases ---------------------------------------------------------------------------------------------------------------------


def load_cases(packs: Sequence[Pack], rules: Mapping[str, Rule]) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The cases of all packs, and what is wrong with them: a file that names no rule, a rule of a pack without its cases."""
    problems: list[Problem] = []
    cases: list[Case] = []
    covered: set[str] = set()
    faulty: set[str] = set()
    for text, name in unique_files(packs, "checks", is_cases, problems):
        owner = name.removesuffix(".cases")
        found, wrong = _cases(text, owner, rules)
        cases += found
        problems += wrong
        covered.add(owner)
        faulty |= {owner} if wrong else set()
    for rule in rules.values():
        if rule.id in faulty:
            continue
        if rule.id not in covered:
            name = rule.id.rpartition("/")[2]
            hint = f"write them into `{name}.cases.yaml` beside it; `ccpolicy rules schema --cases` says how"
            problems.append(Problem(rule.file, 1, 1, "no-cases", f"the rule `{rule.id}` has no cases beside it", hint))
        else:
            problems += _untried(rule, [case for case in cases if case.rule == rule.id])
    return tuple(cases), tuple(sorted(set(problems)))


def _untried(rule: Rule, cases: Sequence[Case]) -> Iterator[Problem]:
    """The statuses that no case of a rule expects."""
    wanted = ("pass", "fail", "undetermined", *(() if rule.when is None else ("not_applicable",)))
    for status in wanted:
        if cases and all(case.status != status for case in cases):
            hint = "cases show at least one pass, fail and undetermined, and not_applicable where the rule has a `when`"
            yield Problem(cases[0].file, 1, 1, "untried-status", f"no case of `{rule.id}` expects {status}", hint)


def _cases(text: Text, rule: str, rules: Mapping[str, Rule]) -> tuple[list[Case], list[Problem]]:
    try:
        model = text.model(syntax.CasesModel)
    except Refused as refused:
        return [], list(refused.problems)
    complaints: list[Complaint] = []
    if model.rule != rule or rule not in rules:
        complaints.append(Complaint(("rule",), "no-rule", f"these cases name no rule: `{model.rule}`", did_you_mean(model.rule, rules)))
    cases: list[Case] = []
    names: set[str] = set()
    lines = text.problems([Complaint(("cases", number), "", "") for number in range(len(model.cases))])
    for number, case in enumerate(model.cases):
        as_of = read_date(case.as_of)
        if as_of is None:
            complaints.append(Complaint(("cases", number, "as_of"), "bad-date", f"`{case.as_of}` is no date", "write it as 2026-06-30"))
            continue
        if case.name in names:
            complaints.append(Complaint(("cases", number, "name"), "duplicate-name", f"`{case.name}` is the name of another case"))
        names.add(case.name)
        cases.append(_case(case, rule, as_of, text.shown, lines[number].line))
    return cases, text.problems(complaints)


def _case(case: syntax.CaseModel, rule: str, as_of: object, file: str, line: int) -> Case:
    return Case(
        rule=rule,
        name=case.name,
        as_of=as_of,  # type: ignore[arg-type]
        documents=tuple(case.documents),
        params=case.params,
        organisation={"name": case.organisation.name, "roles": dict(case.organisation.roles)},
        open_kinds=frozenset(case.open),
        status=case.expect.status,
        pointer=case.expect.pointer,
        file=file,
        line=line,
    )
