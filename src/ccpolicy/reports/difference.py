"""An assessment held against an earlier report: what is new, gone and changed, and of what nothing can be said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ccpolicy.assessment.finding import Assessment
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.earlier import Earlier
from ccpolicy.reports.looked import Unlooked, split
from ccpolicy.reports.trace import Trace, of_schema, trace_of, value_of_trace


@dataclass(frozen=True, slots=True)
class Changed:
    """A finding whose status or severity is another now."""

    was: Trace
    now: Trace


@dataclass(frozen=True, slots=True)
class Difference:
    """Each finding of now is new, changed or the same; each finding of then is gone, not looked at, changed or the same."""

    earlier: Earlier
    new: frozenset[str]  # fingerprints
    first_run: tuple[str, ...]  # rules of new findings that the earlier run did not have
    changed: Mapping[str, Changed]  # by fingerprint
    same: int
    gone: tuple[Trace, ...]
    unlooked: tuple[tuple[Trace, Unlooked], ...]
    remarks: tuple[str, ...]


def difference(earlier: Earlier, assessment: Assessment) -> Difference:
    """What has happened since, by observation: what was not looked at now is not gone."""
    new: set[str] = set()
    first_run: set[str] = set()
    changed: dict[str, Changed] = {}
    met: set[str] = set()
    for finding in assessment.findings:
        was = earlier.findings.get(finding.fingerprint)
        if was is None:
            new.add(finding.fingerprint)
            if finding.rule not in earlier.rules and not of_schema(finding.rule):
                first_run.add(clean(finding.rule))
            continue
        met.add(finding.fingerprint)
        if (was.status, was.severity) != (finding.status, finding.severity):
            changed[finding.fingerprint] = Changed(was, trace_of(finding))
    lost = [trace for name, trace in earlier.findings.items() if name not in met]
    gone, left = split(sorted(lost, key=_order), assessment, earlier.findings)
    same = len(met) - len(changed)
    remarks = tuple(_remarks(earlier, assessment))
    return Difference(earlier, frozenset(new), tuple(sorted(first_run)), changed, same, gone, left, remarks)


def _order(trace: Trace) -> tuple[str, ...]:
    return trace.file, trace.pointer, trace.rule, trace.fingerprint


def _remarks(earlier: Earlier, assessment: Assessment) -> Iterator[str]:
    """What makes the two less alike than they seem."""
    if earlier.as_of > assessment.as_of:
        yield f"the earlier report is of a later day, {earlier.as_of.isoformat()}"
    name = clean(str(assessment.organisation.get("name") or ""))
    if earlier.organisation != name:
        yield f"the earlier report is of another organisation, {earlier.organisation or 'one without a name'}"
    if earlier.packs != tuple(sorted((clean(pack), digest) for pack, _, digest in assessment.packs)):
        yield "the packs are not those of the earlier report, so rules may differ"
    scope = assessment.scope
    chosen = {"standards": scope.standards, "rules": scope.rules, "sites": scope.sites, "clients": scope.clients}
    if {word: tuple(sorted(set(names))) for word, names in chosen.items()} != {
        word: tuple(sorted(names)) for word, names in earlier.scope.items()
    }:
        yield "the earlier report was made of another selection of standards, rules, sites or clients"
    if earlier.problems:
        yield f"the earlier report could not read everything: it has {earlier.problems} problem{'s' if earlier.problems > 1 else ''}"


def difference_value(one: Difference) -> dict[str, Any]:
    """The difference, as JSON has it; new findings and changed ones stand among the findings, by their fingerprints."""
    earlier = one.earlier
    return {
        "report": earlier.name,
        "as_of": earlier.as_of.isoformat(),
        "ccpolicy": earlier.version,
        "remarks": list(one.remarks),
        "new": sorted(one.new),
        "first_run": list(one.first_run),
        "changed": [{"fingerprint": name, "was": _state(pair.was), "now": _state(pair.now)} for name, pair in sorted(one.changed.items())],
        "same": one.same,
        "gone": [{**value_of_trace(trace), "message": trace.message} for trace in one.gone],
        "not_looked_at": [{**value_of_trace(trace), "message": trace.message, "why": why} for trace, why in one.unlooked],
    }


def _state(trace: Trace) -> dict[str, str]:
    return {"status": trace.status, "severity": trace.severity}
