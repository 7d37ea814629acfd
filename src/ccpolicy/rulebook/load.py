"""From packs to the rulebook: everything that can be wrong with a rule is found here, before any evidence is read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path as File
from typing import TypeVar

from ccpolicy.documents.moment import read_date
from ccpolicy.documents.path import NoPath, Step, read_source
from ccpolicy.documents.schema import Kind
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.language.scope import NoPlace, Scope, body_of
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Complaint, Definition, Ledger
from ccpolicy.rulebook.lower import predicate
from ccpolicy.rulebook.lower_rule import rule_of
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text
from ccpolicy.rulebook.rule import Case, Rule, Rulebook
from ccpolicy.rulebook.warnings import many_to_many

CASES = ".cases.yaml"
FoundT = TypeVar("FoundT")


def load_rulebook(packs: Sequence[Pack], kinds: Mapping[str, Kind], controls: Collection[str] | None = None) -> Rulebook:
    """All rules of the packs, checked against the kinds and the known controls. Raises Refused with every problem."""
    problems: list[Problem] = []
    definitions = _definitions(packs, kinds, problems)
    rules: dict[str, Rule] = {}
    touched: set[tuple[str, tuple[Step, ...]]] = set()
    warnings: list[Problem] = []
    for text, name in _unique(packs, "checks", lambda below: not below.endswith(CASES), problems):
        ledger = Ledger(kinds, definitions=definitions)
        rule = _rule(text, name, ledger, controls, problems)
        if rule is not None:
            rules[rule.id] = rule
            touched |= ledger.touched
            warnings += text.problems(many_to_many(rule, kinds))
    if problems:
        raise Refused(sorted(set(problems)))
    return Rulebook(dict(sorted(rules.items())), touched=frozenset(touched), warnings=tuple(warnings))


def _rule(text: Text, name: str, ledger: Ledger, controls: Collection[str] | None, problems: list[Problem]) -> Rule | None:
    try:
        model = text.model(syntax.RuleModel)
    except Refused as refused:
        problems += refused.problems
        return None
    if model.id != name:
        ledger.complain(("id",), "wrong-id", f"the id is `{model.id}` and the file is `checks/{name}.yaml`", f"write `id: {name}`")
    for number, link in enumerate(model.controls):
        if controls is not None and link.control not in controls:
            hint = did_you_mean(link.control, controls) or "a control is cited as <standard>/<number>, from a catalogue of a pack"
            ledger.complain(("controls", number, "control"), "unknown-control", f"no catalogue has `{link.control}`", hint)
    rule = rule_of(model, text.shown, ledger)
    problems += text.problems(ledger.complaints)
    return None if ledger.complaints else rule


def _unique(packs: Sequence[Pack], part: str, wanted: Callable[[str], bool], problems: list[Problem]) -> Iterator[tuple[Text, str]]:
    """The files of a part with their name, the path without its extension; one name twice is a problem unless the bytes are the same."""
    seen: dict[str, Text] = {}
    for pack in packs:
        for file, below in pack.files(part):
            if not wanted(below):
                continue
            shown, name = pack.name_of(part, below), below.rsplit(".", 1)[0]
            text = _text(file, shown, problems)
            if text is None:
                continue
            if name in seen and seen[name].data != text.data:
                message = f"`{name}` is defined differently in {seen[name].shown}"
                problems.append(Problem(shown, 1, 1, "defined-twice", message, "give yours another id, or leave the shipped rules out"))
            elif name not in seen:
                seen[name] = text
                yield text, name


def _text(file: File, shown: str, problems: list[Problem]) -> Text | None:
    try:
        return Text(file, shown)
    except Refused as refused:
        problems += refused.problems
        return None


# ---- definitions ---------------------------------------------------------------------------------------------------------------


def _definitions(packs: Sequence[Pack], kinds: Mapping[str, Kind], problems: list[Problem]) -> dict[str, Definition]:
    models: dict[str, tuple[Text, syntax.DefinitionModel]] = {}
    for text, name in _unique(packs, "definitions", lambda below: True, problems):
        try:
            models[name] = (text, text.model(syntax.DefinitionModel))
        except Refused as refused:
            problems += refused.problems
    done: dict[str, Definition] = {}
    for name in models:
        _define(name, models, kinds, done, (), problems)
    return done


def _define(
    name: str,
    models: Mapping[str, tuple[Text, syntax.DefinitionModel]],
    kinds: Mapping[str, Kind],
    done: dict[str, Definition],
    above: tuple[str, ...],
    problems: list[Problem],
) -> None:
    if name in done or name not in models:
        return
    text, model = models[name]
    if name in above:
        circle = " -> ".join((*above[above.index(name) :], name))
        problems += text.problems([Complaint(("predicate",), "cycle", f"definitions refer to each other in a circle: {circle}")])
        return
    for other in _met(model.predicate):
        _define(other, models, kinds, done, (*above, name), problems)
    ledger = Ledger(kinds, definitions=done)
    found = _definition(name, model, ledger)
    problems += text.problems(ledger.complaints)
    if found is not None and not ledger.complaints:
        done[name] = found


def _met(model: syntax.Predicate) -> Iterator[str]:
    """The definitions that a predicate names, at any depth."""
    if model.meets:
        yield model.meets
    below = [*(model.all_of or ()), *(model.any_of or ()), model.not_, model.if_, model.then, model.else_]
    for condition in (model.model_extra or {}).values():
        below += [condition.some, condition.every, condition.none, condition.count and condition.count.where]
        if condition.every_path is not None:
            below += [condition.every_path.to, condition.every_path.first_passes, condition.every_path.undone_by]
    for child in below:
        if child is not None:
            yield from _met(child)


def _definition(name: str, model: syntax.DefinitionModel, ledger: Ledger) -> Definition | None:
    kind_name, _, source = model.on.partition("/")
    kind = ledger.kinds.get(kind_name)
    if kind is None:
        ledger.complain(("on",), "unknown-kind", f"there is no kind `{kind_name}`", did_you_mean(kind_name, ledger.kinds))
        return None
    place = body_of(kind.name, kind.shape())
    try:
        steps = read_source(source).steps if source else ()
        place = Scope(place).place(read_source(source)) if source else place
    except (NoPath, NoPlace) as error:
        ledger.complain(("on",), "bad-path", str(error))
        return None
    return Definition(name, kind.name, steps, predicate(model.predicate, Scope(place), ledger, ("predicate",)))


# ---- cases ---------------------------------------------------------------------------------------------------------------------


def load_cases(packs: Sequence[Pack], rules: Mapping[str, Rule]) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The cases of all packs, and what is wrong with them: a file that names no rule, a rule of a pack without its cases."""
    problems: list[Problem] = []
    cases: list[Case] = []
    covered: set[str] = set()
    for text, name in _unique(packs, "checks", lambda below: below.endswith(CASES), problems):
        owner = name.removesuffix(".cases")
        found, wrong = _cases(text, owner, rules)
        cases += found
        problems += wrong
        covered.add(owner)
    for rule in rules.values():
        if rule.id not in covered:
            problems.append(Problem(rule.file, 1, 1, "no-cases", f"the rule `{rule.id}` has no cases beside it"))
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
    for number, case in enumerate(model.cases):
        as_of = read_date(case.as_of)
        if as_of is None:
            complaints.append(Complaint(("cases", number, "as_of"), "bad-date", f"`{case.as_of}` is no date", "write it as 2026-06-30"))
            continue
        if case.name in names:
            complaints.append(Complaint(("cases", number, "name"), "duplicate-name", f"`{case.name}` is the name of another case"))
        names.add(case.name)
        line = text.problems([Complaint(("cases", number), "", "")])[0].line
        cases.append(_case(case, rule, as_of, text.shown, line))
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


