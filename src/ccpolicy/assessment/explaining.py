"""A rule over evidence, explained: population and runner in, each step to the verdicts out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from ccpolicy.assessment.explanation import Account, Closure, Explanation, Place, WaiverSeen
from ccpolicy.assessment.finding import VERDICTS, Finding, FocusVerdict, RuleResult, SetParameter, Verdict
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.placing import placed
from ccpolicy.assessment.run import Runner, Wanted, runner_of
from ccpolicy.assessment.telling import Teller
from ccpolicy.assessment.waivers import Waiver
from ccpolicy.backends.english import foci_said, names_of, plain
from ccpolicy.backends.inputs import derivation, lookup
from ccpolicy.backends.outcome import Outcome, Spot, Truth
from ccpolicy.backends.population import Focus, Population, population
from ccpolicy.backends.scene import Scene
from ccpolicy.backends.trace import Step, trace
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.document import Claim, Evidence, SourceFile
from ccpolicy.documents.places import Places
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.rulebook.rule import Rule

FOCI = 5  # explained where nothing else is asked for


@dataclass(frozen=True, slots=True)
class Asked:
    """Which foci to explain: those of these documents, else the worst, `most` of them (None is all)."""

    documents: tuple[str, ...] = ()
    most: int | None = FOCI


def explain(library: Library, evidence: Evidence, wanted: Wanted, rule: Rule, asked: Asked) -> Explanation:
    """The rule over the evidence, explained. Raises Refused for documents that the rule does not look at."""
    runner = runner_of(library, evidence, wanted)
    foci = population(rule.foci, runner.world, runner.selection)
    result = runner.result(rule, each=True)
    waivers = tuple(waiver.note() for waiver in runner.waivers.all if waiver.rule == rule.id)
    _check_documents(asked.documents, foci, rule, evidence)
    chosen, more = _chosen(foci, result, asked)
    explainer = _Explainer(rule, runner, _teller(rule, runner, library))
    explained = Explanation(
        evidence.as_of,
        replace(result, passed=(), foci=_hidden(result.foci, foci, runner)),
        len(evidence.of(rule.foci.kind)),
        redact_pans(plain(foci_said(rule.foci, explainer.teller.names))),
        explainer.closure(foci),
        _parameters(rule, wanted),
        tuple(explainer.account(foci.foci[position]) for position in chosen),
        more,
        waivers,
        tuple(sorted(evidence.problems)),
    )
    return _placed(explained, evidence.sources)


# ---- which foci ----------------------------------------------------------------------------------------------------------------


def _check_documents(names: Sequence[str], foci: Population, rule: Rule, evidence: Evidence) -> None:
    """Raises Refused for names of documents that no focus is about."""
    known = {focus.spot.document.id for focus in foci.foci}
    there = {document.id for document in evidence.of(rule.foci.kind)}
    problems = [_unknown(name, known, name in there, rule) for name in names if name not in known]
    if problems:
        raise Refused(problems)


def _unknown(name: str, known: Iterable[str], there: bool, rule: Rule) -> Problem:
    kind = rule.foci.kind
    if there:
        why = "it is not reached from the documents it starts at, or of another site or client" if rule.foci.reached_from else ""
        message = f"`{rule.id}` does not look at the {kind} `{name}`"
        return Problem(code="not-looked-at", message=message, hint=why or "it is of another site or client than those selected")
    shown = sorted(known)
    some = f"such as {either(shown[:5])}" if shown else f"there is no {kind} to look at"
    return Problem(code="no-such-document", message=f"there is no {kind} `{name}`", hint=did_you_mean(name, shown) or some)


def _chosen(foci: Population, result: RuleResult, asked: Asked) -> tuple[list[int], dict[Verdict, int]]:
    """The positions of the foci to explain, the worst first, and how many others there are by verdict."""
    every = range(len(foci.foci))
    if asked.documents:
        every_one = [position for position in every if foci.foci[position].spot.document.id in asked.documents]
        most = None
    else:
        every_one, most = list(every), asked.most
    order = sorted(every_one, key=lambda position: VERDICTS.index(result.foci[position].verdict))
    taken = order if most is None else order[:most]
    left = Counter(result.foci[position].verdict for position in every if position not in set(taken))
    return taken, {verdict: left[verdict] for verdict in VERDICTS}


def _hidden(verdicts: Sequence[FocusVerdict], foci: Population, runner: Runner) -> tuple[FocusVerdict, ...]:
    """The verdicts, with pointers and ids as they may be shown."""
    pairs = zip(verdicts, foci.foci, strict=True)
    return tuple(replace(one, document=redact_pans(one.document), pointer=runner.hiding.pointer(focus.spot)) for one, focus in pairs)


def _parameters(rule: Rule, wanted: Wanted) -> tuple[SetParameter, ...]:
    found = []
    for name, parameter in sorted(rule.parameters.items()):
        if name in wanted.params:
            found.append(SetParameter(name, wanted.params[name], wanted.set_by.get(name, "option")))
        else:
            found.append(SetParameter(name, parameter.default, "nobody" if parameter.default is None else "default"))
    return tuple(found)


# ---- one focus -----------------------------------------------------------------------------------------------------------------


def _teller(rule: Rule, runner: Runner, library: Library) -> Teller:
    titles = {name: kind.title for name, kind in library.kinds.items()}
    names = names_of(rule.foci, rule.joins, rule.measures, rule.parameters, titles)
    return Teller(runner.hiding, names)


@dataclass(frozen=True, slots=True, eq=False)
class _Explainer:
    rule: Rule
    runner: Runner
    teller: Teller

    def closure(self, foci: Population) -> Closure:
        """Whether the population is complete."""
        day = self.runner.world.as_of
        return Closure(foci.complete, _sorted(foci.claims) if foci.complete else (), (), day, day, claimed=bool(foci.claims))

    def account(self, focus: Focus) -> Account:
        """One focus, from what was looked up to the verdict."""
        rule, runner, teller = self.rule, self.runner, self.teller
        params = runner.params_of(rule)
        scene = Scene(runner.world, focus.spot, rule.zone, params, focus.period, rule.joins, rule.measures)
        verdict, findings, witnesses = runner.judged(rule, focus, scene)
        used = frozenset(scene.claims)
        when = None if rule.when is None else trace(rule.when, focus.spot, scene)
        judged = not focus.stub and (when is None or when.outcome.truth != "F")
        require = trace(rule.require, focus.spot, scene) if judged else None
        joins = [join for name, join in rule.joins.items() if name in scene.joined]
        measures = [measure for name, measure in rule.measures.items() if name in scene.measured]
        return Account(
            focus.spot.document.kind,
            redact_pans(focus.spot.document.id),
            teller.place(focus.spot),
            focus.period,
            focus.stub,
            verdict.verdict,
            verdict.note,
            _why(verdict.verdict, verdict.note, focus, when, require),
            verdict.reasons,
            tuple(teller.looked_up(lookup(join, scene)) for join in joins),
            tuple(teller.derived(derivation(measure, scene)) for measure in measures),
            None if when is None else teller.point(when),
            None if require is None else teller.point(require),
            tuple(self._waivers(scene)) if verdict.verdict in ("fail", "waived") else (),
            tuple(dict.fromkeys(teller.place(spot) for spot in witnesses)) if verdict.verdict == "pass" else (),
            _sorted(used),
            tuple(findings),
        )

    def _waivers(self, scene: Scene) -> Iterator[WaiverSeen]:
        for waiver in self.runner.waivers.all:
            if waiver.rule == self.rule.id:
                covers, why = _covers(waiver, scene)
                spot = Spot(waiver.document, (), waiver.document.body)
                yield WaiverSeen(redact_pans(waiver.document.id), covers, redact_pans(why), self.teller.place(spot))


def _covers(waiver: Waiver, scene: Scene) -> tuple[Any, str]:
    if waiver.state == "undecided":
        return "unknown", waiver.message
    if waiver.state:
        return "fails", waiver.message
    if waiver.where is None:
        return "holds", "it covers the whole rule"
    truth: Truth = scene.world.judge(waiver.where, scene.focus, scene).truth
    told = {"T": ("holds", "what its `where` asks for holds here"), "F": ("fails", "what its `where` asks for does not hold here")}
    return told.get(truth, ("unknown", "whether what its `where` asks for holds here cannot be told"))


_HELD: dict[Truth, str] = {"T": "holds", "F": "does not hold", "U": "cannot be told"}
_UNSURE = {
    "holds": "whether the rule applies here cannot be told; what it requires holds, either way",
    "does not hold": "what it requires does not hold, but whether the rule applies here cannot be told",
    "cannot be told": "neither whether the rule applies here nor whether what it requires holds can be told",
}


def _why(verdict: Verdict, note: str, focus: Focus, when: Step | None, require: Step | None) -> str:
    """The way from the truths to the verdict, in words."""
    applies: Outcome | None = None if when is None else when.outcome
    if applies is not None and applies.truth == "F":
        return "the rule does not apply here"
    if focus.stub:
        return "what should stand here is not in evidence, so nothing can be told of it"
    if note and verdict == "not_applicable":
        return "it is not yet due"
    held = "cannot be told" if require is None else _HELD[require.outcome.truth]
    if applies is not None and applies.truth == "U":
        return _UNSURE[held]
    lead = "" if applies is None else "the rule applies here; "
    told = "whether what it requires holds cannot be told" if held == "cannot be told" else f"what it requires {held}"
    return lead + told + ("; a waiver covers it" if verdict == "waived" else "")


def _sorted(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(set(claims), key=lambda claim: (claim.kind, claim.file, claim.line, claim.by, claim.on)))


# ---- lines and columns ---------------------------------------------------------------------------------------------------------


def _placed(explained: Explanation, sources: Mapping[str, SourceFile]) -> Explanation:
    """The same with the line and column of each place, for which every file is read once."""
    accounts = _with_findings(explained.accounts, sources)
    wanted: list[Place] = []

    def seen(one: Place) -> Place:
        wanted.append(one)
        return one

    _replaced(accounts, seen)
    places = Places(sources, ((one.file, one.record, one.at) for one in wanted))

    def found(one: Place) -> Place:
        line, column = places.of(one.file, one.record, one.at)
        return replace(one, line=line, column=column)

    return replace(explained, accounts=_replaced(accounts, found))


def _replaced(value: Any, change: Callable[[Place], Place]) -> Any:
    """The value with each place in it changed."""
    match value:
        case Place():
            return change(value)
        case tuple():
            return tuple(_replaced(item, change) for item in value)
        case Claim() | Finding():
            return value
        case _ if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{field.name: _replaced(getattr(value, field.name), change) for field in fields(value)})
        case _:
            return value


def _with_findings(accounts: Sequence[Account], sources: Mapping[str, SourceFile]) -> tuple[Account, ...]:
    """The accounts with their findings placed, which is done file by file for all of them."""
    pairs = [(finding, number) for number, account in enumerate(accounts) for finding in account.findings]
    pairs.sort(key=lambda pair: (pair[0].file, pair[0].record))
    own: dict[int, list[Finding]] = {}
    for finding, (_, number) in zip(placed(sources, [finding for finding, _ in pairs]), pairs, strict=True):
        own.setdefault(number, []).append(finding)
    return tuple(replace(account, findings=tuple(own.get(number, ()))) for number, account in enumerate(accounts))
