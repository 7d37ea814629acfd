"""A run: rules over evidence, focus by focus, to verdicts and findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any, Literal

from ccpolicy.assessment.blame import Accused
from ccpolicy.assessment.change import Change, untouched
from ccpolicy.assessment.clearing import Clearing
from ccpolicy.assessment.concluding import conclude, set_aside
from ccpolicy.assessment.docket import Docket
from ccpolicy.assessment.finding import VERDICTS, Assessment, Finding, FocusVerdict, Passed, RuleResult, Scope, SetParameter, Verdict
from ccpolicy.assessment.hiding import Hiding
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.pile import kept
from ccpolicy.assessment.placing import placed, placed_passes
from ccpolicy.assessment.tally import Tally
from ccpolicy.assessment.unset import waiting
from ccpolicy.assessment.verdicts import blamed, status_of, stub_blamed, verdict_of
from ccpolicy.assessment.violations import violation_findings
from ccpolicy.assessment.waivers import Waivers, waivers_in
from ccpolicy.backends.measures import measured
from ccpolicy.backends.outcome import Outcome, Spot
from ccpolicy.backends.population import Focus, Selection, population
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import Judge, Scene, World
from ccpolicy.documents.document import Evidence, Violation
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.sharing import shared
from ccpolicy.language.expr import Param
from ccpolicy.rulebook.rule import Rule

PASSES_KEPT = 100  # witnesses kept for each rule


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to assess: which rules and foci, with which parameters and roles. Patterns are globs over rule ids."""

    standards: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    params: Mapping[str, Param] = field(default_factory=dict)
    set_by: Mapping[str, str] = field(default_factory=dict)  # parameter -> config or option
    organisation: Mapping[str, Any] = field(default_factory=lambda: {"name": "", "roles": {}})
    each: bool = False  # whether the verdict on each focus is kept
    cleared: bool = False  # whether the documents that nothing speaks against are kept
    change: Change | None = None  # only what it can touch
    file: str = ""  # only foci in this file

    def takes(self, rule: Rule) -> bool:
        """Whether the rule is run."""
        return self.asks_for(rule) and (self.change is None or self.change.touches(rule))

    def looks_at(self, violation: Violation) -> bool:
        """Whether a violation is reported."""
        changed = self.change is None or self.change.touches_kind(violation.kind)
        return changed and self.file in ("", violation.file)

    def asks_for(self, rule: Rule) -> bool:
        """Whether the rule is among those that were asked for, changed or not."""
        standards = {citation.control.partition("/")[0] for citation in rule.citations}
        cited = not self.standards or bool(standards.intersection(self.standards))
        return cited and (not self.rules or any(fnmatchcase(rule.id, pattern) for pattern in self.rules))


def assess(
    library: Library,
    evidence: Evidence,
    wanted: Wanted | None = None,
    progress: Callable[[int, int], None] | None = None,
    judging: Judge = judge,
) -> Assessment:
    """The assessment of the evidence by the rules of the library. `judging` may be an observer of the reference interpreter."""
    asked = wanted or Wanted()
    runner = runner_of(library, evidence, asked, judging)
    rules = [rule for rule in library.rulebook.rules.values() if asked.takes(rule)]
    docket = Docket()
    every = list(_each_result(runner, rules, docket, asked, progress))
    for finding in violation_findings(evidence, runner.hiding, library.kinds, asked.looks_at):
        docket.add(finding)
    results = placed_passes(evidence.sources, [result for result in every if not _elsewhere(result)])
    scope = _scope(library, asked, len(results), sum(result.left_out for result in every))
    conclusions = conclude(library, evidence, results, scope, asked.organisation)
    findings = set_aside(placed(evidence.sources, docket.close()), conclusions)
    return Assessment(
        as_of=evidence.as_of,
        organisation=asked.organisation,
        scope=scope,
        packs=tuple((pack.id, pack.version, pack.sha256()) for pack in library.packs),
        parameters=_parameters(rules, asked),
        rules=tuple(results),
        findings=kept(findings),
        problems=tuple(sorted(evidence.problems)),
        waivers=tuple(waiver.note() for waiver in runner.waivers.all),
        evidence=evidence,
        titles=_titles(rules, library) | {one.id: library.titles[one.id] for one in conclusions.controls},
        controls=conclusions.controls,
        statements=conclusions.statements,
    )


def _each_result(
    runner: Runner, rules: Sequence[Rule], docket: Docket, asked: Wanted, progress: Callable[[int, int], None] | None
) -> Iterator[RuleResult]:
    for number, rule in enumerate(rules, 1):
        yield runner.result(rule, docket.add, each=asked.each, cleared=asked.cleared)
        if progress is not None:
            progress(number, len(rules))


def _scope(library: Library, asked: Wanted, judged: int, left_out: int) -> Scope:
    """What was looked at; `judged` rules of the library were."""
    rules, change = library.rulebook.rules, asked.change
    alone = () if change is None else untouched(change, filter(asked.asks_for, rules.values()))
    return Scope(asked.standards, asked.rules, asked.sites, asked.clients, len(rules) - judged, left_out, asked.file, change, alone)


def _elsewhere(result: RuleResult) -> bool:
    """Whether all documents of a rule are of sites or clients that were not selected: then it is not judged, and counted as left out."""
    return not any(result.counts.values()) and result.left_out > 0 and result.complete


def _titles(rules: Sequence[Rule], library: Library) -> dict[str, str]:
    cited = {citation.control for rule in rules for citation in rule.citations}
    return {control: library.titles.get(control, "") for control in sorted(cited)}


def _parameters(rules: Sequence[Rule], asked: Wanted) -> tuple[SetParameter, ...]:
    found: dict[str, SetParameter] = {}
    for rule in rules:
        for name, parameter in rule.parameters.items():
            if name in asked.params:
                found[name] = SetParameter(name, asked.params[name], asked.set_by.get(name, "option"))
            elif name not in found or found[name].value is None:
                found[name] = SetParameter(name, parameter.default, "nobody" if parameter.default is None else "default")
    return tuple(found[name] for name in sorted(found))


def runner_of(library: Library, evidence: Evidence, asked: Wanted, judging: Judge = judge) -> Runner:
    """What every rule of a run shares."""
    hiding = Hiding(library.kinds, library.rulebook.touched)
    world = World(evidence, asked.organisation, judging, measured, hiding.secret)
    waivers = waivers_in(evidence, library.rulebook.rules, library.kinds)
    return Runner(world, hiding, waivers, dict(library.kinds), asked.params, Selection(asked.sites, asked.clients, asked.file))


@dataclass(slots=True, eq=False)
class Runner:
    """Runs one rule after another over the same world."""

    world: World
    hiding: Hiding
    waivers: Waivers
    kinds: dict[str, Kind]
    params: Mapping[str, Param]
    selection: Selection
    waits: tuple[Rule, dict[str, tuple[str, ...]]] | None = None  # `waiting`, of the rule that was asked for last

    def result(
        self, rule: Rule, blame: Callable[[Finding], object] = lambda _: None, *, each: bool = False, cleared: bool = False
    ) -> RuleResult:
        """The rule over all its foci. `blame` is told each finding; `each` keeps the verdict on each focus."""
        foci = population(rule.foci, self.world, self.selection)
        self.waivers.mark_tried(rule.id)
        params, tally, clearing = self.params_of(rule), Tally(), Clearing() if cleared else None
        verdicts: list[FocusVerdict] = []
        passed: list[Passed] = []
        reasons: set[str] = set() if foci.complete else {"incomplete"}
        claims = set(foci.claims)
        for focus in foci.foci:
            scene = Scene(self.world, focus.spot, rule.zone, params, focus.period, rule.joins, rule.measures)
            verdict, findings, witnesses = self.judged(rule, focus, scene)
            tally.add(focus.spot.document.cover, verdict.verdict, focus.stub, verdict.tainted)
            if each:
                verdicts.append(verdict)
            if clearing is not None:
                clearing.add(focus.spot.document, verdict.verdict)
            for finding in findings:
                blame(finding)
            if verdict.verdict == "undetermined":
                reasons.update(verdict.reasons)
            if verdict.verdict == "pass" and len(passed) < PASSES_KEPT:
                passed.append(_passed(focus, witnesses, self.hiding))
            claims |= scene.claims
        status = status_of((verdict for verdict in VERDICTS if tally.counts[verdict]), foci.complete)
        return RuleResult(
            rule,
            status,
            foci.complete,
            {verdict: tally.counts[verdict] for verdict in VERDICTS},
            tally.stub_count,
            tuple(passed),
            tuple(sorted(claims, key=lambda claim: (claim.kind, claim.file, claim.line, claim.by, claim.on))),
            tuple(sorted(reasons)) if status == "undetermined" else (),
            foci.left_out,
            tally.groups(),
            tuple(verdicts),
            None if clearing is None else clearing.cleared(),
        )

    def params_of(self, rule: Rule) -> dict[str, Param]:
        """The parameters of the rule, as they are set."""
        return {name: self.params.get(name, parameter.default) for name, parameter in rule.parameters.items()}

    def _waiting(self, rule: Rule, params: Mapping[str, Param]) -> Mapping[str, tuple[str, ...]]:
        if self.waits is None or self.waits[0] is not rule:
            self.waits = rule, waiting(rule, params)
        return self.waits[1]

    def judged(self, rule: Rule, focus: Focus, scene: Scene) -> tuple[FocusVerdict, list[Finding], tuple[Spot, ...]]:
        """The verdict on one focus, its findings, and where it was seen to hold."""
        judging = self.world.judge
        when = None if rule.when is None else judging(rule.when, focus.spot, scene)
        require = Outcome("T") if when is not None and when.truth == "F" else judging(rule.require, focus.spot, scene)
        verdict, note = verdict_of(when, require, focus.stub)
        if verdict not in ("fail", "undetermined"):
            tainted = verdict == "pass" and when is not None and when.truth == "U"
            return _verdict(focus, verdict, note, tainted), [], require.witnesses
        waiver = self.waivers.covering(rule.id, scene) if verdict == "fail" else None
        culprits, reasons = blamed(when, require) if not focus.stub else stub_blamed(focus.spot)
        accused = Accused(rule, focus, scene, self.hiding, self.kinds, self._waiting(rule, scene.params))
        status: Literal["fail", "undetermined", "waived"] = (
            "waived" if waiver is not None else "fail" if verdict == "fail" else "undetermined"
        )
        name = "" if waiver is None else waiver.document.id
        findings = [accused.finding(culprit, status, reasons, name) for culprit in culprits]
        told = _verdict(focus, status, "was fail" if waiver is not None else note)
        return replace(told, reasons=shared(tuple(sorted(reasons)))), findings, ()


def _verdict(focus: Focus, verdict: Verdict, note: str, tainted: bool = False) -> FocusVerdict:
    spot = focus.spot
    return FocusVerdict(
        spot.document.kind,
        spot.document.id,
        spot.document.file,
        shared(spot.pointer()),
        focus.period,
        verdict,
        note,
        focus.stub,
        tainted=tainted,
    )


def _passed(focus: Focus, witnesses: Sequence[Spot], hiding: Hiding) -> Passed:
    spot, document = focus.spot, focus.spot.document
    seen = dict.fromkeys((witness.document.file, witness.document.line, hiding.pointer(witness)) for witness in witnesses)
    pointer = hiding.pointer(spot)
    return Passed(document.kind, document.id, document.file, document.line, pointer, focus.period, tuple(seen), at=spot.pointer())
