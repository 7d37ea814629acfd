"""What would decide what is undetermined: a field of a document, a claim about a kind, a parameter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from ccpolicy.assessment.finding import Assessment, Detail, Finding, RuleResult, SetParameter
from ccpolicy.documents.coverage import covering
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.document import Claim, Document, Evidence
from ccpolicy.documents.path import Path
from ccpolicy.documents.pointer import Pointer, write_pointer
from ccpolicy.language.derived import ReachedFrom
from ccpolicy.rulebook.rule import Rule

What: TypeAlias = Literal["claim", "field", "parameter", "calendar", "links"]


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """One thing that would decide: `name` is a kind or a parameter, `field` a pointer with `*` for list positions.

    `reason` is that of the field, or why no claim counts: unclaimed, void, unread, spoilt (a file of the kind was not read, or an id stands
    twice) or short (claims do not cover the days or the scope). `by` are those who made the claims that fall short.
    """

    what: What
    name: str
    field: str = ""
    reason: str = ""
    by: str = ""
    site: str = ""
    client: str = ""
    days: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What a run knows, ready to be asked what it lacks."""

    evidence: Evidence
    rules: Mapping[str, Rule]
    unset: Set[str]  # parameters that nobody has set
    kinds: Mapping[str, str]  # by file
    documents: Mapping[tuple[str, str], Document]  # by kind and id as findings show it; of kinds that are asked for
    claims: Mapping[str, list[Claim]]  # by kind

    def claim(self, kind: str, first: date, last: date, site: str | None = None, client: str | None = None) -> Missing | None:
        """The claim that is wanted for these days and this scope, or None if claims cover them."""
        if covering(self.evidence, kind, first, last, site, client) is not None:
            return None
        own = self.claims.get(kind, [])
        reason = "unclaimed"
        if self.evidence.all_open:
            reason = "unread"
        elif kind in self.evidence.open_kinds:
            reason = "spoilt"
        elif own:
            reason = "void" if any(claim.void for claim in own) else "short"
        by = ", ".join(sorted({claim.by for claim in own}))
        days = "" if reason != "short" else first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
        return Missing("claim", kind, "", reason, by, site or "", client or "", days)


def known_of(assessment: Assessment) -> Known:
    """What the run knows."""
    rules = [result.rule for result in assessment.rules]
    return known_about(assessment.evidence, rules, assessment.parameters, assessment.findings)


def known_about(evidence: Evidence, rules: Iterable[Rule], parameters: Iterable[SetParameter], findings: Iterable[Finding]) -> Known:
    """What the evidence knows about findings of these rules."""
    claims: dict[str, list[Claim]] = {}
    for claim in evidence.claims:
        claims.setdefault(claim.kind, []).append(claim)
    asked = {one.kind for one in findings if one.status == "undetermined" and "incomplete" in one.reasons}
    return Known(
        evidence,
        {rule.id: rule for rule in rules},
        {parameter.name for parameter in parameters if parameter.value is None},
        {one.file: one.kind for one in evidence.files},
        {(kind, redact_pans(one.id)): one for kind in asked for one in evidence.of(kind)},
        claims,
    )


# ---- populations ---------------------------------------------------------------------------------------------------------------


def open_because(result: RuleResult, known: Known, scopes: list[tuple[str | None, str | None]]) -> tuple[Missing, ...]:
    """What keeps the population of a rule open; nothing if it is complete, or if only stubs do: those speak for themselves, as findings."""
    if result.complete:
        return ()
    foci, day = result.rule.foci, known.evidence.as_of
    kinds = {foci.kind}
    if foci.reached_from is not None:
        kinds = {foci.reached_from.kind} | (set() if foci.reached_from.unique else {foci.kind})
    found = {one for kind in kinds for scope in scopes if (one := known.claim(kind, day, day, *scope)) is not None}
    if not found and foci.reached_from is not None and not result.stubs:
        found = set(_links(foci.reached_from, foci.kind))
    return tuple(sorted(found))


def _links(reached: ReachedFrom, kind: str) -> Iterator[Missing]:
    sources: list[tuple[str, Path | None]] = [(reached.kind, reached.start_links), (kind, reached.own_links)]
    yield from (Missing("links", name, str(links), "incomplete") for name, links in sources if links is not None)


# ---- findings ------------------------------------------------------------------------------------------------------------------


def missing_of(finding: Finding, known: Known) -> tuple[Missing, ...]:
    """What would decide an undetermined finding; never nothing."""
    rule = known.rules[finding.rule]
    found = set(_fields(finding, known))
    if "param_unset" in finding.reasons:
        found |= {Missing("parameter", name) for name in rule.parameters if name in known.unset}
    if "incomplete" in finding.reasons:
        found |= set(_incomplete(finding, rule, known))
    return tuple(sorted(found)) or (field_of(finding.kind, finding.pointer, "gap"),)


_ELSEWHERE = frozenset({"incomplete", "param_unset"})  # reasons that no field of a document would settle


def _fields(finding: Finding, known: Known) -> Iterator[Missing]:
    inner = list(leaves(finding.detail))
    told = {reason for one in inner for reason in one.reasons}
    for one in inner:
        for reason in set(one.reasons) - _ELSEWHERE:
            yield field_of(known.kinds.get(one.file, finding.kind), one.pointer, reason)
    for reason in set(finding.reasons) - told - _ELSEWHERE:
        yield field_of(finding.kind, finding.pointer, reason)


def leaves(details: tuple[Detail, ...]) -> Iterator[Detail]:
    """The innermost details."""
    for detail in details:
        if detail.detail:
            yield from leaves(detail.detail)
        else:
            yield detail


def field_of(kind: str, pointer: Pointer, reason: str) -> Missing:
    """The field of a kind that would decide, with `*` for list positions; of a stale document, the document."""
    if reason == "stale":
        return Missing("field", kind, "", reason)
    return Missing("field", kind, write_pointer(tuple("*" if isinstance(token, int) else token for token in pointer)), reason)


def _incomplete(finding: Finding, rule: Rule, known: Known) -> Iterator[Missing]:
    if finding.operator == "done_within":
        yield Missing("calendar", "calendar", "", "incomplete")
        return
    focus = known.documents.get((finding.kind, finding.document))
    site, client = (focus.site, focus.client) if focus else (None, None)
    found: list[Missing] = []
    for join in rule.joins.values():
        day = known.evidence.as_of
        first, last = finding.period if join.during is not None and finding.period else (day, day)
        wanted = known.claim(join.kind, first, last, site, client)
        found += [] if wanted is None else [wanted]
    yield from found or [Missing("claim", join.kind, "", "short") for join in rule.joins.values()]
    if not rule.joins:
        yield field_of(finding.kind, finding.pointer, "incomplete")
