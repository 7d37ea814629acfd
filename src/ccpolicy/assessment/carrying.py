"""What computed statuses say of controls in other standards, beside their own: inferred, disputed, or evidence that may serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from typing import Literal

from ccpolicy.assessment.control import ControlStatus
from ccpolicy.assessment.library import Library
from ccpolicy.controls.inference import Conclusions, Inferred, Standing, infer


def carry(controls: Sequence[ControlStatus], library: Library, bound: Set[str]) -> tuple[ControlStatus, ...]:
    """The controls with what follows for them. `bound` are those that bind here; a computed status is never changed."""
    standings = {one.id: standing for one in controls if (standing := _standing(one)) is not None}
    classes = {catalogue.id: catalogue.data_class for catalogue in library.catalogues.values()}
    found = infer(library.web, library.crosswalks.covers, standings, classes)
    parents = {f"{name}/{control.parent}" for name, own in library.catalogues.items() for control in own.controls.values()}
    candidates: dict[str, list[str]] = {}
    for candidate in found.candidates:
        candidates.setdefault(candidate.control, []).append(candidate.source)
    disputes = {one.control: (one, other) for one, other in found.contradictions}
    return tuple(_with(one, found, disputes, candidates, one.id in bound and one.id not in parents) for one in controls)


def _standing(one: ControlStatus) -> Standing | None:
    """The status as far as it may be carried: computed by rules or attested; never waived, blocked, inherited or by an alternative."""
    if one.method not in ("rules", "attested") or one.alternative:
        return None
    status: Literal["pass", "fail", "not_applicable"]
    match one.status:
        case "pass" | "fail" | "not_applicable" as status:
            return Standing(status, one.method == "attested", one.tainted, one.data_classes)
        case _:
            return None


def _with(
    one: ControlStatus,
    found: Conclusions,
    disputes: Mapping[str, tuple[Inferred, Inferred]],
    candidates: Mapping[str, list[str]],
    open_to_it: bool,
) -> ControlStatus:
    inferred = found.inferred.get(one.id)
    disputed: tuple[Inferred, ...] = disputes.get(one.id, ())
    if inferred is not None and {inferred.status, one.status} == {"pass", "fail"}:
        disputed = (inferred,)
    filled = inferred is not None and open_to_it and one.status == "undetermined" and one.method == "none" and not one.rules
    served = tuple(candidates.get(one.id, ()))
    if inferred is None and not disputed and not served:
        return one
    return replace(one, inferred=inferred, disputed=disputed, filled=filled, candidates=served)
