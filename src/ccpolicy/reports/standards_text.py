"""Standards as text: what their controls came to, root causes first, and the claims that the verdicts rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from ccpolicy.assessment.control import STATUSES, ControlStatus, Place, Status
from ccpolicy.controls.inference import Inferred
from ccpolicy.controls.web import path_text
from ccpolicy.documents.document import Claim
from ccpolicy.reports.model import Report
from ccpolicy.reports.page import Page, number

NO_CONCLUSION = "no conclusion: evidence missing"
LISTED = 12  # control numbers in a list
_HONEST = (
    "A control has the worst status of its rules and of the controls below it, at every site and for every client. It passes only if "
    "rules see the whole of it, or if it is attested or inherited; what rules see in part can only make it worse. The assessor decides."
)
COLUMNS: dict[Status, str] = {
    "fail": "fail",
    "undetermined": "no concl.",
    "blocked": "blocked",
    "waived": "waived",
    "pass": "pass",
    "not_applicable": "n/a",
}


@dataclass(frozen=True, slots=True)
class Standard:
    """The controls of a standard."""

    name: str
    controls: tuple[ControlStatus, ...]

    def of(self, status: Status) -> list[ControlStatus]:
        """Those of a status, in the order of the catalogue."""
        return [one for one in self.controls if one.status == status]

    @property
    def places(self) -> tuple[Place, ...]:
        """The sites at which it was looked at, if there are several, and the clients, if there are several."""
        every = [place for place, _ in self.controls[0].places]
        sites = tuple(place for place in every if place.site and not place.client)
        clients = tuple(place for place in every if place.client and not place.site)
        return (*(sites if len(sites) > 1 else ()), *(clients if len(clients) > 1 else ()))

    def counts(self, place: Place | None = None) -> dict[Status, int]:
        """How many of its controls have each status, on the whole or at a place."""
        found = [one.status if place is None else dict(one.places)[place] for one in self.controls]
        return {status: found.count(status) for status in STATUSES}

    def touched(self, run: Set[str]) -> bool:
        """Whether a rule that was run, an attestation, a provider or another standard says anything about any of its controls."""
        return any(_spoken_of(one, run) for one in self.controls)


def _spoken_of(one: ControlStatus, run: Set[str]) -> bool:
    if one.inferred is not None or one.method in ("inherited", "attested"):
        return True
    return one.method == "rules" and not run.isdisjoint(one.rules)


def put_standards(page: Page, report: Report) -> None:
    """Counts for each standard and site, then for each standard what fails, what that blocks, and the rest in short."""
    every = standards_of(report)
    run = {rule.id for rule in report.rules}
    standards, silent = ([one for one in every if one.touched(run) is touched] for touched in (True, False))
    if not every:
        return
    page.head("Standards")
    page.say(_HONEST)
    page.gap()
    if standards:
        _put_counts(page, standards)
    if any(standard.places for standard in standards):
        page.say("A site or a client is listed where it comes to something else than the whole.", 2, style="dim")
    blocked = _blocked(every)
    for standard in standards:
        page.gap()
        page.put((standard.name, "bold"))
        _put_fails(page, report, standard, blocked)
        _put_blocked(page, standard)
        _put_lists(page, report, standard)
    if silent:
        page.gap()
        told = "no rule that was run, no attestation and no provider speaks of them"
        page.say(f"{number(len(silent), 'further standard')}: {told}.", style="dim")
    _put_void(page, report)


def standards_of(report: Report) -> list[Standard]:
    """The standards that were assessed, with their controls."""
    found: dict[str, list[ControlStatus]] = {}
    for one in report.controls:
        found.setdefault(one.standard, []).append(one)
    return [Standard(name, tuple(controls)) for name, controls in sorted(found.items())]


def _put_counts(page: Page, standards: Sequence[Standard]) -> None:
    rows = [(name, counts) for standard in standards for name, counts in _rows(standard)]
    if page.narrow:
        for name, counts in rows:
            told = ", ".join(f"{counts[status]} {COLUMNS[status]}" for status in STATUSES if counts[status])
            page.say(told, 2, f"{name}  ", "bold")
        return
    first = max(len("standard"), *(len(name) for name, _ in rows))
    heads = "  ".join(f"{head:>{max(len(head), 5)}}" for head in ("controls", *COLUMNS.values()))
    page.put((f"{'standard':<{first}}  {heads}", "dim"), indent=2)
    for name, counts in rows:
        cells = [f"{sum(counts.values()):>8}", *(f"{counts[status] or '-':>{max(len(head), 5)}}" for status, head in COLUMNS.items())]
        page.put(f"{name:<{first}}  {'  '.join(cells)}", indent=2)


def _rows(standard: Standard) -> list[tuple[str, dict[Status, int]]]:
    """The standard, and the places at which it comes to something else."""
    whole = standard.counts()
    apart = [(f"  {place}", standard.counts(place)) for place in standard.places]
    return [(standard.name, whole), *((name, counts) for name, counts in apart if counts != whole)]


def _put_fails(page: Page, report: Report, standard: Standard, blocked: Mapping[str, Sequence[str]]) -> None:
    """Those that rules find to fail, root causes first, each with what it blocks; what only stands above them is counted."""
    own = sorted((one for one in standard.of("fail") if one.rules), key=lambda one: -len(blocked.get(one.id, ())))
    first = max((len(one.control) for one in own), default=0)
    for one in own:
        where = _where(one)
        title = _cut(report.titles.get(one.id, ""), page.width - first - len(where) - 10)
        page.put(("fail  ", "fail"), f"{one.control:<{first}}  {title}", (where, "dim"), indent=2)
        _put_list(page, "root cause: it blocks", "blocked", [_short(name, standard) for name in blocked.get(one.id, ())], 6)
    _put_list(page, "fail by what is below them", "fail", [one.control for one in standard.of("fail") if not one.rules])


def _where(one: ControlStatus) -> str:
    """At which sites, if not at all of them."""
    sites = [(place.site, status) for place, status in one.places if place.site]
    found = [site for site, status in sites if status == one.status]
    return f"  at {_listed(found)}" if 0 < len(found) < len(sites) else ""


def _put_blocked(page: Page, standard: Standard) -> None:
    """What is blocked by something that does not stand among the failures above: it is unsure, or of another standard."""
    listed = {one.id for one in standard.of("fail") if one.rules}
    for cause, blocked in sorted(_blocked([standard]).items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if cause not in listed:
            _put_list(page, f"blocked by {_short(cause, standard)}", "blocked", [_short(name, standard) for name in blocked])


def _blocked(standards: Iterable[Standard]) -> dict[str, list[str]]:
    """Root causes with what they block."""
    causes: dict[str, list[str]] = {}
    for standard in standards:
        for one in standard.of("blocked"):
            causes.setdefault(one.root_cause, []).append(one.id)
    return causes


def _short(control: str, standard: Standard) -> str:
    """Its number alone, within its standard."""
    return control.removeprefix(f"{standard.name}/")


def _put_lists(page: Page, report: Report, standard: Standard) -> None:
    good = {rule.id for rule in report.rules if rule.status in ("pass", "waived", "not_applicable")}
    _put_inferred(page, standard)
    unsure = [one for one in standard.of("undetermined") if not one.filled]
    in_part = [one for one in unsure if one.rules and good.issuperset(one.rules)]
    _put_list(page, f"{NO_CONCLUSION}; no rule objects", "undetermined", [one.control for one in in_part])
    _put_list(page, NO_CONCLUSION, "undetermined", [one.control for one in unsure if one not in in_part])
    words: dict[Status, str] = {"waived": "waived", "pass": "pass", "not_applicable": "not applicable"}
    for status, word in words.items():
        _put_list(page, word, status, [_marked(one) for one in standard.of(status)])


def _put_inferred(page: Page, standard: Standard) -> None:
    """What follows from other standards: never counted with what was tested; and where it contradicts that."""
    for one in standard.controls:
        for other in one.disputed:
            page.put(("contradiction  ", "fail"), f"{one.control}  {one.status} here, {other.status} by {path_of(other)}", indent=2)
    filled = [one for one in standard.controls if one.filled and one.inferred is not None]
    if filled:
        page.put((f"inferred from other standards, not tested ({len(filled)})", "pass"), indent=2)
        for one in filled[:LISTED]:
            page.say(f"{one.control} {one.inferred.status} by {path_of(one.inferred)}" if one.inferred else "", 4)
        if len(filled) > LISTED:
            page.say(f"and {len(filled) - LISTED} more", 4)


def path_of(inferred: Inferred) -> str:
    """From where a status follows, and how."""
    told = "; ".join(map(path_text, inferred.paths)) or " and ".join(inferred.sources)
    return f"{told} (attested)" if inferred.attested else told


def _put_list(page: Page, label: str, style: str, names: Sequence[str], indent: int = 2) -> None:
    if names:
        page.put((f"{label} ({len(names)})", style), indent=indent)
        page.say(_listed(names), indent + 2)


def _marked(one: ControlStatus) -> str:
    marks: list[str] = [one.method] * (one.status in ("pass", "waived") and one.method in ("attested", "inherited"))
    marks += ["documented alternative"] * one.alternative
    return f"{one.control} ({', '.join(marks)})" if marks else one.control


def _put_void(page: Page, report: Report) -> None:
    """Attestations and providers that stand behind nothing."""
    for one in report.statements:
        if one.state not in ("applied", "ours"):
            page.gap()
            page.put((f"{one.id}  ", "bold"), (one.state.replace("_", " "), "undetermined"), f"  {one.control}  ", (one.file, "dim"))
            page.say(one.message, 4)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…" if room > 8 else ""


# ---- assumptions ---------------------------------------------------------------------------------------------------------------


def put_assumptions(page: Page, report: Report) -> None:
    """What verdicts rest on: who says that these are all there are, and which files do not say on what day they held."""
    using = Counter(claim for rule in report.rules for claim in rule.assumptions)
    told = [f"{number(len(using), 'claim')} that verdicts rest on"] if using else []
    told += [f"{number(sum(one.count for one in report.undated), 'file')} of the day of assessment"] if report.undated else []
    if told:
        page.head(f"Assumptions: {', '.join(told)}")
    if using:
        page.say("Somebody says that these are all the documents of a kind; nothing here proves it.")
    for claim in sorted(using, key=lambda claim: (claim.kind, claim.file, claim.line, claim.by, claim.on)):
        basis = f"{_claimed(claim)}: {claim.basis}; {number(using[claim], 'rule')}"
        page.say(basis, 2, f"{claim.kind}  ", "bold")
    for one in report.undated:
        said = f"{number(one.count, 'file')} {'counts' if one.count == 1 else 'count'} as observed on the day of assessment"
        why = f"because {'its' if one.count == 1 else 'their'} mapping states no `observed_at`"
        page.say(f"{', '.join(one.files)}: {said}, {why} ({one.file}:{one.line})", 2, f"{one.kind}  ", "bold")


def _claimed(claim: Claim) -> str:
    told = [f"site {claim.site}"] * bool(claim.site) + [f"client {claim.client}"] * bool(claim.client)
    if claim.first or claim.last:
        first, last = (day.isoformat() if day else "" for day in (claim.first, claim.last))
        told.append(f"{first} to {last}" if first and last else f"from {first}" if first else f"to {last}")
    return ", ".join([*told, f"by {claim.by} on {claim.on}"])
