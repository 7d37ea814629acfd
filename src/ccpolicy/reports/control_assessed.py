"""Controls as evidence shows them: what one came to and by what, how many of a standard each stands behind, and what nothing reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccpolicy.assessment.control import STATUSES, ControlStatus
from ccpolicy.assessment.finding import Assessment, RuleResult, WaiverNote
from ccpolicy.assessment.statements import Statement
from ccpolicy.controls.reaching import Behind, Reach, obligations, reaches
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.json import control_value as status_value
from ccpolicy.reports.page import Page, number, place
from ccpolicy.reports.standards_text import NO_CONCLUSION, path_of

STATUS_WORDS = {"undetermined": NO_CONCLUSION, "not_applicable": "not applicable"}
REACHES_ASSESSED: tuple[Reach, ...] = ("automated", "partial", "attested", "manual", "planned", "out_of_scope", "nothing")
ASSESSED_COLUMNS = (*STATUSES, "inferred")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an assessment knows, asked control by control."""

    assessment: Assessment
    statuses: Mapping[str, ControlStatus]
    results: Mapping[str, RuleResult]
    findings: Mapping[str, int]  # by rule: those that fail or are undetermined

    def vouched(self, control: str) -> bool:
        """Whether an attestation or a provider stands behind it."""
        found = self.statuses.get(control)
        return found is not None and found.method in ("attested", "inherited")


def seen_in(assessment: Assessment) -> Seen:
    """The assessment, ready to be asked."""
    counts: dict[str, int] = {}
    for finding in assessment.findings:
        if finding.status != "waived":
            counts[finding.rule] = counts.get(finding.rule, 0) + 1
    statuses = {one.id: one for one in assessment.controls}
    return Seen(assessment, statuses, {result.rule.id: result for result in assessment.rules}, counts)


# ---- one control ---------------------------------------------------------------------------------------------------------------


def assessed_value(one: Behind, seen: Seen) -> dict[str, Any] | None:
    """What a control came to, with the rules, statements, waivers and files behind it; None for one that was not assessed."""
    status = seen.statuses.get(one.id)
    if status is None:
        return None
    told = status_value(status, {})
    kept = ("status", "method", "note", "root_cause", "documented_alternative", "candidate_evidence", "inferred", "disputed", "scopes")
    names = [cited.rule.id for cited in one.rules if cited.rule.id in seen.results]
    return clean(
        {
            "as_of": seen.assessment.as_of.isoformat(),
            **{name: told[name] for name in kept},
            "rules": [_rule(seen.results[name], seen.findings.get(name, 0)) for name in names],
            "statements": [_statement(stated) for stated in seen.assessment.statements if stated.control == one.id],
            "waivers": [_waiver(waiver) for waiver in seen.assessment.waivers if waiver.rule in names],
            "evidence": list(_files(one, seen)),
            "assumptions": told["assumptions"],
        }
    )


def _rule(result: RuleResult, findings: int) -> dict[str, Any]:
    counts = {word: count for word, count in result.counts.items() if count}
    return {"id": result.rule.id, "status": result.status, "complete": result.complete, "foci": counts, "findings": findings}


def _statement(one: Statement) -> dict[str, Any]:
    document = one.document
    told = {"id": document.id, "kind": one.kind, "responsible": one.party or None, "state": one.state, "message": one.message}
    return {**told, "file": document.file, "line": document.line or None}


def _waiver(one: WaiverNote) -> dict[str, Any]:
    return {"id": one.id, "rule": one.rule, "state": one.state, "message": one.message, "file": one.file, "line": one.record or None}


def _files(one: Behind, seen: Seen) -> Iterator[dict[str, Any]]:
    """The documents that its rules read, by kind."""
    for kind in sorted({kind for cited in one.rules for kind in cited.rule.kinds}):
        documents = seen.assessment.evidence.of(kind)
        yield {"kind": kind, "documents": len(documents), "files": sorted({document.file for document in documents})}


def put_assessed(page: Page, value: Mapping[str, Any]) -> None:
    """The same for people."""
    page.head(f"As of {value['as_of']}")
    word = STATUS_WORDS.get(value["status"], value["status"])
    method = "" if value["method"] in ("rules", "none") else f", {value['method']}"
    page.put((f"{word}{method}", value["status"]), indent=2)
    for label, text in _told(value):
        page.say(text, 4, label, "dim")
    for rule in value["rules"]:
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in rule["foci"].items()) or "nothing to look at"
        found = f"; {number(rule['findings'], 'finding')}" if rule["findings"] else ""
        page.put((f"{rule['status'].replace('_', ' ')}  ", rule["status"]), (rule["id"], "bold"), indent=2)
        page.say(f"{counts}{'' if rule['complete'] else '; nobody says that these are all'}{found}", 4)
    for one in (*value["statements"], *value["waivers"]):
        state = one["state"].replace("_", " ")
        page.put((f"{one['id']}  ", "bold"), state, f"  {place(one['file'], one['line'] or 0, 0)}", indent=2)
        page.say(one["message"], 4)
    for kind in value["evidence"]:
        files = ", ".join(kind["files"][:_FILES]) + (f" and {len(kind['files']) - _FILES} more" if len(kind["files"]) > _FILES else "")
        page.say(f"{number(kind['documents'], 'document')}{' in ' if files else ''}{files}", 2, f"{kind['kind']}: ", "dim")


_FILES = 6  # named of one kind


def _told(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if value["note"]:
        yield "", value["note"]
    if value["root_cause"]:
        yield "behind: ", value["root_cause"]
    inferred = [("inferred: ", value["inferred"])] * bool(value["inferred"])
    for word, found in (*inferred, *(("contradicted: ", one) for one in value["disputed"])):
        paths = "; ".join(" ".join(_hop(hop, first=not place) for place, hop in enumerate(path)) for path in found["paths"])
        yield word, f"{found['status']} by {paths or ' and '.join(found['from'])}{' (attested)' if found['attested'] else ''}"
    for scope in value["scopes"]:
        told = [f"{word} {scope[word]}" for word in ("site", "client") if scope[word]]
        if told:
            yield f"{', '.join(told)}: ", STATUS_WORDS.get(scope["status"], scope["status"])
    if value["candidate_evidence"]:
        yield "evidence that may serve: ", ", ".join(value["candidate_evidence"])


def _hop(hop: Mapping[str, Any], *, first: bool) -> str:
    return f"{hop['from'] if first else ''} {hop['relation'].replace('_', ' ')} {hop['to']}".strip()


# ---- coverage and gaps ---------------------------------------------------------------------------------------------------------


def assessed_counts(every: Sequence[Behind], seen: Seen) -> dict[str, int]:
    """Of the controls that ask for something, how many came to each status; inferred ones stand apart."""
    found = dict.fromkeys(ASSESSED_COLUMNS, 0)
    for one in obligations(every):
        status = seen.statuses.get(one.id)
        if status is not None:
            found["inferred" if status.filled else status.status] += 1
    return found


def reach_with(every: Sequence[Behind], seen: Seen) -> dict[Reach, int]:
    """How many are judged by whom; what somebody vouches for is attested, though rules may see a part of it."""
    told = ["attested" if reach != "automated" and seen.vouched(name) else reach for name, reach in reaches(every).items()]
    return {reach: told.count(reach) for reach in REACHES_ASSESSED}


def put_statuses(page: Page, value: Mapping[str, Any]) -> None:
    """What the controls of a standard came to, under its coverage."""
    told = [f"{value[word]} {STATUS_WORDS.get(word, word)}" for word in ASSESSED_COLUMNS if value[word]]
    page.say(", ".join(told), 2, "as assessed: ", "dim")


def inferred_text(status: ControlStatus | None) -> str:
    """What follows from other standards for a control that nothing reaches; empty if nothing does."""
    return f"{status.inferred.status} by {path_of(status.inferred)}" if status is not None and status.filled and status.inferred else ""
