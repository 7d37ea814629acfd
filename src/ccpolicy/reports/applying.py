"""A baseline laid against an assessment: which findings it knows, which entries are stale, and what else is to be said of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ccpolicy.assessment.finding import Assessment, Finding, FindingStatus
from ccpolicy.reports.baseline import Baseline, Entry, entry_value
from ccpolicy.reports.looked import Unlooked, split
from ccpolicy.reports.trace import Trace, of_schema, trace_of, value_of_trace
from ccpolicy.rulebook.rule import SEVERITIES, Severity

Sort: TypeAlias = "tuple[FindingStatus, Severity, bool]"  # status, severity, and whether none of the controls binds
Standing: TypeAlias = Literal["new", "worse", "known"]


@dataclass(frozen=True, slots=True)
class Worse:
    """A finding that the baseline has as something less grave: it counts as a new one does."""

    trace: Trace
    entry: Entry


@dataclass(frozen=True, slots=True)
class Applied:
    """What a baseline does to a report: it takes findings out of the count, and out of no list but that of new findings."""

    baseline: Baseline
    known: Mapping[Sort, int]
    new: int
    rules: Mapping[str, tuple[Severity, int]]  # the findings that it knows, by rule; those of schemas and claims are told apart
    of_schemas: int
    worse: tuple[Worse, ...]
    stale: tuple[Entry, ...]
    unlooked: tuple[tuple[Entry, Unlooked], ...]
    unowned: tuple[Entry, ...]

    def knows(self, finding: Finding) -> bool:
        """Whether the finding is in the baseline, and no worse than it was."""
        return self.standing(finding) == "known"

    def standing(self, finding: Finding) -> Standing:
        """How the finding stands to the baseline."""
        entry = self.baseline.entries.get(finding.fingerprint)
        return "new" if entry is None else "worse" if is_worse(entry.trace, finding) else "known"


def apply(baseline: Baseline, assessment: Assessment) -> Applied:
    """Lays the baseline against the findings; nothing in them is changed."""
    known: Counter[Sort] = Counter()
    rules: Counter[tuple[str, Severity]] = Counter()
    worse: list[Worse] = []
    met: set[str] = set()
    for finding in assessment.findings:
        entry = baseline.entries.get(finding.fingerprint)
        if entry is None:
            continue
        met.add(finding.fingerprint)
        if is_worse(entry.trace, finding):
            worse.append(Worse(trace_of(finding), entry))
        else:
            known[finding.status, finding.severity, finding.moot] += 1
            rules[finding.rule, finding.severity] += 1
    stale, left = split([entry.trace for name, entry in sorted(baseline.entries.items()) if name not in met], assessment, baseline.entries)
    return Applied(
        baseline,
        known,
        len(assessment.findings) - known.total() - len(worse),
        {rule: (severity, count) for (rule, severity), count in sorted(rules.items()) if not of_schema(rule)},
        sum(count for (rule, _), count in rules.items() if of_schema(rule)),
        tuple(worse),
        tuple(baseline.entries[trace.fingerprint] for trace in stale),
        tuple((baseline.entries[trace.fingerprint], why) for trace, why in left),
        tuple(entry for entry in baseline.entries.values() if entry.lacks),
    )


def is_worse(was: Trace, now: Finding) -> bool:
    """Whether what could not be told fails now, or is graver than it was."""
    graver = SEVERITIES.index(now.severity) < SEVERITIES.index(was.severity)
    return now.status != "waived" and (graver or (was.status == "undetermined" and now.status == "fail"))


def applied_value(applied: Applied) -> dict[str, Any]:
    """What is said of the baseline, as JSON has it."""
    baseline = applied.baseline
    return {
        "file": baseline.name,
        "sha256": baseline.sha256,
        "as_of": baseline.as_of.isoformat(),
        "entries": len(baseline.entries),
        "new": applied.new,
        "known": sum(applied.known.values()),
        "known_of_schemas": applied.of_schemas,
        "worse": [{**value_of_trace(one.trace), "was": _was(one.entry.trace)} for one in applied.worse],
        "stale": [entry_value(entry) for entry in applied.stale],
        "not_looked_at": [{**entry_value(entry), "why": why} for entry, why in applied.unlooked],
        "unowned": [entry.trace.fingerprint for entry in applied.unowned],
    }


def _was(trace: Trace) -> dict[str, str]:
    return {"status": trace.status, "severity": trace.severity}


def rules_by_severity(applied: Applied) -> Iterator[tuple[str, Severity, int]]:
    """The rules whose findings it knows, the gravest first."""
    order = sorted(applied.rules.items(), key=lambda one: (SEVERITIES.index(one[1][0]), one[0]))
    return ((rule, severity, count) for rule, (severity, count) in order)
