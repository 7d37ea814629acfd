"""Whether claims say that all documents of a kind are here, for a stretch of days and a scope."""

from __future__ import annotations

from datetime import date, timedelta

from ccpolicy.documents.document import Claim, Evidence


def covering(
    evidence: Evidence, kind: str, first: date, last: date, site: str | None = None, client: str | None = None
) -> tuple[Claim, ...] | None:
    """The claims that together cover first..last for this site and client, or None if days are left over.

    A scoped claim closes only its own scope. No claim holds while a file that may hold documents of the kind was not read.
    """
    if evidence.all_open or kind in evidence.open_kinds:
        return None
    used: list[Claim] = []
    day: date | None = first
    for claim in sorted(evidence.claims_for(kind, site, client), key=lambda claim: (claim.first or date.min, claim.file, claim.line)):
        if day is None or day > last or (claim.first or date.min) > day:
            break
        if (claim.last or date.max) >= day:
            used.append(claim)
            day = _next_day(claim.last)
    return tuple(used) if used and (day is None or day > last) else None


def _next_day(last: date | None) -> date | None:
    return None if last is None or last == date.max else last + timedelta(days=1)
