"""From the outcomes of a focus to its verdict, and from verdicts to the status of a rule."""

from __future__ import annotations

from collections.abc import Iterable

from ccpolicy.assessment.finding import VERDICTS, Verdict
from ccpolicy.backends.outcome import HOLDS, Culprit, Outcome, Reasons, Spot

NOT_YET_DUE = "not yet due"


def verdict_of(when: Outcome | None, require: Outcome, stub: bool = False) -> tuple[Verdict, str]:
    """The verdict on a focus before waivers, with a note where one explains it."""
    applies = HOLDS if when is None else when
    if applies.truth == "F":
        return "not_applicable", ""
    if stub:
        return "undetermined", ""
    if require.truth == "T":
        return "pass", ""
    if applies.truth == "U":
        return "undetermined", ""
    if require.truth == "F":
        return "fail", ""
    if require.reasons == {"not_due"}:
        return "not_applicable", NOT_YET_DUE
    return "undetermined", ""


def blamed(when: Outcome | None, require: Outcome) -> tuple[tuple[Culprit, ...], Reasons]:
    """The culprits of a focus that failed or is undetermined: of `when`, if that is what is undecided, and of `require`."""
    if when is None or when.truth == "T":
        return require.culprits, require.reasons
    if require.truth == "U":
        return when.culprits + require.culprits, when.reasons | require.reasons
    return when.culprits, when.reasons


def stub_blamed(spot: Spot) -> tuple[tuple[Culprit, ...], Reasons]:
    """A stub has one culprit: what is not there, where it should stand."""
    reasons = frozenset({spot.value.reason})
    return (Culprit("U", "each", "each", spot, "something to look at", spot.value, reasons),), reasons


def status_of(verdicts: Iterable[Verdict], complete: bool) -> Verdict:
    """The status of a rule: the worst of its foci; an open population cannot give pass, waived or not_applicable."""
    found = set(verdicts)
    worst: Verdict = next((verdict for verdict in VERDICTS if verdict in found), "not_applicable")
    return "undetermined" if worst in ("waived", "pass", "not_applicable") and not complete else worst
