"""Trials of rules as text and as JSON: cases that failed, coverage, and the mutants that survived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccpolicy.assessment.coverage import Part, Point, RuleCoverage
from ccpolicy.assessment.mutation import RuleMutation, Survivor
from ccpolicy.assessment.trials import Trial
from ccpolicy.reports.page import number
from ccpolicy.rulebook.rule import Case, Rule


@dataclass(frozen=True, slots=True)
class Tried:
    """A rule with its cases and its trial; `lines` are those of the places of the rule that are spoken of, `accepted` reasons by mutant."""

    rule: Rule
    cases: tuple[Case, ...]
    trial: Trial
    lines: Mapping[str, int]
    accepted: Mapping[str, str]

    @property
    def left(self) -> tuple[Survivor, ...]:
        """The survivors that nobody accepted."""
        mutation = self.trial.mutation
        return () if mutation is None else tuple(one for one in mutation.survivors if one.id not in self.accepted)

    def where(self, place: str) -> str:
        """File and line of a place."""
        return f"{self.rule.file}:{self.lines[place]}" if place in self.lines else self.rule.file


def results_text(every: Sequence[Tried]) -> Iterator[str]:
    """A line for each case that failed, and the counts."""
    passed = failed = 0
    for tried in every:
        for case, message in zip(tried.cases, tried.trial.messages, strict=True):
            if message:
                failed += 1
                yield f"{case.file}:{case.line}: {case.rule}, case `{case.name}`: {message}"
            else:
                passed += 1
    yield f"{number(passed + failed, 'case')} of {number(len(every), 'rule')}: {passed} passed, {failed} failed"


# ---- coverage ------------------------------------------------------------------------------------------------------------------


def coverage_text(every: Sequence[Tried]) -> Iterator[str]:
    """For each rule how many leaves and branches its cases found both true and false, and which they did not; then the totals."""
    found = [(tried, tried.trial.coverage) for tried in every if tried.trial.coverage is not None]
    for tried, coverage in found:
        yield f"{tried.rule.id}: decided both ways: {_shares(coverage.points)}"
        for point in coverage.lacking:
            what = "the branch " if point.part == "branch" else ""
            yield f"  {point.lack}: {what}{point.place} ({tried.where(point.place)})"
    points = [point for _, coverage in found for point in coverage.points]
    if points:
        yield f"coverage of {number(len(found), 'rule')}: decided both ways: {_shares(points)}"


def _shares(points: Sequence[Point]) -> str:
    said = [_share(part, [point for point in points if point.part == part]) for part in ("leaf", "branch")]
    return ", ".join(share for share in said if share)


def _share(part: Part | str, points: Sequence[Point]) -> str:
    plural = "leaves" if part == "leaf" else "branches"
    return f"{sum(point.both_ways for point in points)} of {number(len(points), part, plural)}" if points else ""


# ---- mutants -------------------------------------------------------------------------------------------------------------------


def mutation_text(every: Sequence[Tried]) -> Iterator[str]:
    """For each rule how many of its mutants a case killed, and the survivors; then the score."""
    found = [(tried, tried.trial.mutation) for tried in every if tried.trial.mutation is not None]
    for tried, mutation in found:
        yield f"{tried.rule.id}: {len(mutation.killed)} of {number(mutation.total, 'mutant')} killed{_besides(tried, mutation)}"
        for survivor in tried.left:
            yield f"  survived: {survivor.id} ({tried.where(survivor.place)})"
            yield f"    {survivor.sentence}"
    killed = sum(len(mutation.killed) for _, mutation in found)
    total = sum(mutation.total for _, mutation in found)
    left = sum(len(tried.left) for tried, _ in found)
    if total:
        shares = f"{killed} of {total} killed ({percent(killed, total)}), {total - killed - left} accepted, {left} survived"
        yield f"mutants of {number(len(found), 'rule')}: {shares}"


def _besides(tried: Tried, mutation: RuleMutation) -> str:
    accepted = len(mutation.survivors) - len(tried.left)
    return f", {accepted} accepted" if accepted else ""


def percent(part: int, whole: int) -> str:
    """A share rounded down to a tenth of a per cent, so that 100 % means all."""
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10} %"


# ---- JSON ----------------------------------------------------------------------------------------------------------------------


def trials_json(every: Sequence[Tried]) -> dict[str, Any]:
    """All of it as one JSON object; `coverage` and `mutation` are there if they were asked for."""
    cases = [row for tried in every for row in _case_rows(tried)]
    found: dict[str, Any] = {"passed": sum(row["ok"] for row in cases), "failed": sum(not row["ok"] for row in cases), "cases": cases}
    coverages = [(tried, tried.trial.coverage) for tried in every if tried.trial.coverage is not None]
    if coverages:
        found["coverage"] = _coverage_json(coverages)
    mutations = [(tried, tried.trial.mutation) for tried in every if tried.trial.mutation is not None]
    if mutations:
        found["mutation"] = _mutation_json(mutations)
    return found


def _case_rows(tried: Tried) -> Iterator[dict[str, Any]]:
    trial = tried.trial
    for case, status, message in zip(tried.cases, trial.statuses, trial.messages, strict=True):
        yield {
            "rule": case.rule,
            "name": case.name,
            "file": case.file,
            "line": case.line,
            "expected": case.status,
            "status": status or None,
            "ok": not message,
            "message": message or None,
        }


def _coverage_json(found: Sequence[tuple[Tried, RuleCoverage]]) -> dict[str, Any]:
    points = [point for _, coverage in found for point in coverage.points]
    return {
        "both_ways": sum(point.both_ways for point in points),
        "total": len(points),
        "rules": [{"rule": tried.rule.id, "points": [_point_row(point, tried) for point in coverage.points]} for tried, coverage in found],
    }


def _point_row(point: Point, tried: Tried) -> dict[str, Any]:
    return {
        "place": point.place,
        "part": point.part,
        "file": tried.rule.file,
        "line": tried.lines.get(point.place),
        "true": point.true,
        "false": point.false,
        "unknown": point.unknown,
        "lack": point.lack or None,
    }


def _mutation_json(found: Sequence[tuple[Tried, RuleMutation]]) -> dict[str, Any]:
    return {
        "killed": sum(len(mutation.killed) for _, mutation in found),
        "total": sum(mutation.total for _, mutation in found),
        "survived": sum(len(tried.left) for tried, _ in found),
        "rules": [_mutation_row(tried, mutation) for tried, mutation in found],
    }


def _mutation_row(tried: Tried, mutation: RuleMutation) -> dict[str, Any]:
    survivors = [
        {
            "mutant": one.id,
            "file": tried.rule.file,
            "line": tried.lines.get(one.place),
            "sentence": one.sentence,
            "accepted": tried.accepted.get(one.id),
        }
        for one in mutation.survivors
    ]
    return {"rule": tried.rule.id, "killed": len(mutation.killed), "total": mutation.total, "survivors": survivors}
