"""Findings that no rule makes: bodies that do not fit their schema, and claims that other documents contradict."""

from __future__ import annotations

from collections.abc import Iterator

from ccpolicy.assessment.blame import fingerprint
from ccpolicy.assessment.finding import Finding
from ccpolicy.assessment.hiding import without_pans
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.document import Evidence, Violation

_SCHEMA = "Correct the value where it is made, or correct the mapping; until then it counts as not in evidence."
_CLAIM = "Put the document into the collection that claims to be complete, or narrow the claim's days, site or client."


def violation_findings(evidence: Evidence) -> Iterator[Finding]:
    """One finding, of severity high, for each violation."""
    for violation in evidence.violations:
        yield _finding(violation)


def _finding(violation: Violation) -> Finding:
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
        pointer=violation.pointer,
        operator=violation.keyword,
        expected="" if violation.expected is None else redact_pans(str(violation.expected)),
        actual=without_pans(violation.actual),
        reasons=(),
        controls=(),
        fingerprint=fingerprint([rule, violation.kind, violation.document, list(violation.pointer), violation.keyword]),
    )
