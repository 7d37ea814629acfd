"""Findings that no rule makes: bodies that do not fit their schema, and claims that other documents contradict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ccpolicy.assessment.blame import fingerprint, keyed
from ccpolicy.assessment.finding import Finding
from ccpolicy.assessment.hiding import Hiding, without_pans
from ccpolicy.backends.outcome import Spot
from ccpolicy.backends.phrases import REDACTED
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.document import Evidence, Violation
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.sharing import shared

_SCHEMA = "Correct the value where it is made, or correct the mapping; until then it counts as not in evidence."
_CLAIM = "Put the document into the collection that claims to be complete, or narrow the claim's days, site or client."


def violation_findings(
    evidence: Evidence, hiding: Hiding, kinds: Mapping[str, Kind], wanted: Callable[[Violation], bool] = lambda _: True
) -> Iterator[Finding]:
    """One finding, of severity high, for each violation that is wanted."""
    for violation in evidence.violations:
        if violation.owner is not None and wanted(violation):
            yield _finding(violation, Spot(violation.owner, violation.within, None), hiding, kinds.get(violation.kind))


def _finding(violation: Violation, spot: Spot, hiding: Hiding, kind: Kind | None) -> Finding:
    contradicts = violation.keyword == "complete"
    rule = f"{'claim' if contradicts else 'schema'}/{violation.kind}"
    return Finding(
        rule=rule,
        status="fail",
        severity="high",
        message=redact_pans(violation.message),
        remediation=_CLAIM if contradicts else _SCHEMA,
        kind=violation.kind,
        document=redact_pans(violation.document),
        file=violation.file,
        record=violation.line,
        pointer=shared(hiding.pointer(spot)),
        at=shared(violation.pointer),
        operator=violation.keyword,
        expected="" if violation.expected is None else redact_pans(str(violation.expected)),
        actual=REDACTED if violation.actual is not None and hiding.secret(spot) else without_pans(violation.actual),
        reasons=(),
        controls=(),
        fingerprint=fingerprint([rule, violation.kind, violation.document, keyed(spot, kind, stub=False), violation.keyword]),
        site=shared(redact_pans(spot.document.site or "")),
        client=shared(redact_pans(spot.document.client or "")),
    )
