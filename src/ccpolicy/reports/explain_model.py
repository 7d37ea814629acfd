"""An explanation as it may be shown, cleaned once for every form, with what would decide what is undetermined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ccpolicy.assessment.explanation import Account, Explanation
from ccpolicy.assessment.finding import Detail, Finding
from ccpolicy.assessment.run import Wanted
from ccpolicy.documents.document import Claim, Evidence
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.deciding import Known, Missing, field_of, known_about, leaves, missing_of, open_because
from ccpolicy.reports.model import plain


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A place that an editor can follow."""

    file: str
    line: int
    column: int
    pointer: str


@dataclass(frozen=True, slots=True)
class Decider:
    """One thing that would decide, where it is missing, and the claims of its kind that are made but fall short."""

    missing: Missing
    sites: tuple[Site, ...] = ()
    short: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Explained:
    """An explanation; nothing in it needs hiding, but its text may hold control characters."""

    explanation: Explanation
    open_because: tuple[Decider, ...]
    decided_by: tuple[tuple[Decider, ...], ...]  # of each account


def explained(explanation: Explanation, evidence: Evidence, wanted: Wanted) -> Explained:
    """The explanation, cleaned, with what would decide."""
    result = explanation.result
    findings = [finding for account in explanation.accounts for finding in account.findings]
    known = known_about(evidence, [result.rule], explanation.parameters, findings)
    scopes = [(site, client) for site in wanted.sites or (None,) for client in wanted.clients or (None,)]
    return Explained(
        _cleaned(explanation),
        tuple(clean(_decider(one, (), known)) for one in open_because(result, known, scopes)),
        tuple(tuple(clean(one) for one in _deciders(account, known)) for account in explanation.accounts),
    )


def _cleaned(explanation: Explanation) -> Explanation:
    """The same without card numbers, its parameters as JSON has them."""
    parameters = tuple(replace(one, value=plain(one.value)) for one in explanation.parameters)
    return clean(replace(explanation, parameters=parameters))


def _deciders(account: Account, known: Known) -> Iterator[Decider]:
    findings = [finding for finding in account.findings if finding.status == "undetermined"]
    for missing in sorted({one for finding in findings for one in missing_of(finding, known)}):
        yield _decider(missing, findings, known)


def _decider(missing: Missing, findings: list[Finding] | tuple[()], known: Known) -> Decider:
    sites = sorted({site for finding in findings for site in _sites(missing, finding, known)})
    claims = known.claims.get(missing.name, []) if missing.what == "claim" else []
    return Decider(missing, tuple(sites), tuple(claim for claim in claims if _speaks_of(claim, missing)))


def _speaks_of(claim: Claim, missing: Missing) -> bool:
    """Whether the claim is about the site and client for which one is missing."""
    site = claim.site is None or not missing.site or claim.site == missing.site
    return site and (claim.client is None or not missing.client or claim.client == missing.client)


def _sites(missing: Missing, finding: Finding, known: Known) -> Iterator[Site]:
    """Where a field is missing: the places of the finding, or of its details, that ask for it."""
    if missing.what != "field":
        return
    found: list[Finding | Detail] = [finding, *leaves(finding.detail)]
    for one in found:
        kind = known.kinds.get(one.file, finding.kind) if isinstance(one, Detail) else finding.kind
        if any(field_of(kind, one.pointer, reason) == missing for reason in one.reasons):
            yield Site(one.file, one.line, one.column, write_pointer(one.pointer))
