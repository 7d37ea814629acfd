"""What could not be decided, as text: grouped by the field, the claim or the parameter that would decide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter

from ccpolicy.assessment.finding import Finding
from ccpolicy.assessment.pile import Pile
from ccpolicy.reports.deciding import Missing
from ccpolicy.reports.findings_text import put_place, where
from ccpolicy.reports.model import Report, RuleLine
from ccpolicy.reports.page import Page, number
from ccpolicy.rulebook.rule import SEVERITIES

PLACES = 5  # named of one rule that one thing would decide
_FIELD = {
    "absent": "is missing: add it to the document",
    "null": "is null: say what it is",
    "gap": "is not in evidence: collect it",
    "invalid": "does not fit its schema: correct it",
    "stale": "was observed too long ago: collect it again",
    "wrong_type": "has a type that the rule cannot compare: correct it",
    "unresolved": "refers to something that is not in evidence: resolve it",
    "empty": "is empty, so that there is nothing to judge",
    "zero_denominator": "counts nothing, so that there is no share to judge",
    "incomplete": "has members that are not in evidence: export the rest",
    "not_due": "is not yet due",
}
_CLAIM = {
    "unclaimed": "nobody says that these are all there are",
    "void": "the claim by {by} is void, a document outside its collection contradicts it",
    "unread": "no claim counts while a file cannot be read or identified (see Problems)",
    "spoilt": "no claim counts while a file of this kind cannot be read, or two of its documents share an id (see Problems)",
    "short": "the claims by {by} do not cover it",
}


def put_undetermined(page: Page, report: Report, wanted: Callable[[Finding], bool]) -> None:
    """The findings that are wanted first, then the rules whose population only a claim would complete."""
    groups = _groups(report, wanted)
    findings = sum(len(group.pile) for group in groups.values())
    rules = [rule for rule in report.rules if rule.status == "undetermined" and rule.missing]
    if not findings and not rules:
        return
    told = [number(findings, "finding")] * bool(findings) + [f"{number(len(rules), 'open population')}"] * bool(rules)
    page.head(f"Undetermined: {', '.join(told)}")
    _put_findings(page, report, groups)
    _put_seen(page, [rule for rule in rules if rule.foci])
    _put_unseen(page, [rule for rule in rules if not rule.foci])
    _put_example(page, report, [one for rule in rules for one in rule.missing] + [one for missing in groups for one in missing])


@dataclass(slots=True)
class _Group:
    """Findings that one thing would decide."""

    pile: Pile
    gravest: int

    def add(self, finding: Finding) -> None:
        self.pile.add(finding)
        self.gravest = min(self.gravest, SEVERITIES.index(finding.severity))


def _groups(report: Report, wanted: Callable[[Finding], bool]) -> dict[tuple[Missing, ...], _Group]:
    found: dict[tuple[Missing, ...], _Group] = {}
    for one in report.shown:
        if one.finding.status == "undetermined" and wanted(one.finding):
            found.setdefault(one.missing, _Group(Pile(_by_severity), len(SEVERITIES))).add(one.finding)
    return dict(sorted(found.items(), key=lambda group: (group[1].gravest, group[0])))


def _by_severity(finding: Finding) -> tuple[int, str]:
    return SEVERITIES.index(finding.severity), finding.rule


def _put_findings(page: Page, report: Report, groups: Mapping[tuple[Missing, ...], _Group]) -> None:
    titles = {rule.id: rule.title for rule in report.rules}
    for missing, group in groups.items():
        _put_missing(page, missing)
        for rule, findings in groupby(group.pile.drain(), attrgetter("rule")):
            _put_places(page, titles.get(rule, ""), _alike(findings))


def _put_places(page: Page, title: str, places: Iterator[tuple[Finding, int]]) -> None:
    for position, (finding, count) in enumerate(islice(places, PLACES)):
        put_place(page, finding, 4)
        if position == 0:
            page.say(f"cannot tell whether this holds: {title}", 8)
        page.say(f"{where(finding)}{f' ({count} conditions of the rule)' if count > 1 else ''}", 8, style="dim")
    if left := sum(1 for _ in places):
        page.say(f"and at {number(left, 'more place')}, which the reports csv and json name", 8, style="dim")


def _alike(findings: Iterable[Finding]) -> Iterator[tuple[Finding, int]]:
    """Conditions of one rule that want the same thing at the same place stand together; they are counted, not repeated."""
    for _, alike in groupby(findings, attrgetter("rule", "file", "line", "column", "pointer", "document", "period")):
        first, *others = alike
        yield first, 1 + len(others)


def _put_missing(page: Page, missing: tuple[Missing, ...]) -> None:
    page.gap()
    for position, one in enumerate(missing):
        page.say(sentence(one), 0, "and by      " if position else "decided by  ", "undetermined")


def sentence(missing: Missing) -> str:
    """What is missing, and what to do."""
    match missing.what:
        case "field":
            return " ".join(part for part in (missing.name, missing.field, _FIELD.get(missing.reason, missing.reason)) if part)
        case "parameter":
            return f"the parameter `{missing.name}`, which nobody has set: [params] in ccpolicy.toml, or --param {missing.name}=VALUE"
        case "calendar":
            return "a `calendar` document that covers the days"
        case "links":
            return f"{missing.name} {missing.field}: say for each document whom it names, an empty list if nobody"
        case "claim":
            return _claim(missing)


def _claim(missing: Missing) -> str:
    extent = [f"site {missing.site}"] * bool(missing.site) + [f"client {missing.client}"] * bool(missing.client)
    extent += [missing.days] * bool(missing.days)
    named = f'[[complete]] kind = "{missing.name}"' + (f" for {', '.join(extent)}" if extent else "")
    if missing.reason == "short" and not (missing.by and missing.days):
        return f"{named} that reaches over all the days looked at"
    return f"{named}: {_CLAIM[missing.reason].format(by=missing.by)}"


# ---- open populations ----------------------------------------------------------------------------------------------------------


def _put_seen(page: Page, rules: Sequence[RuleLine]) -> None:
    groups: dict[tuple[Missing, ...], list[RuleLine]] = {}
    for rule in rules:
        groups.setdefault(rule.missing, []).append(rule)
    for missing, members in sorted(groups.items(), key=lambda group: group[0]):
        _put_missing(page, missing)
        for rule in members:
            page.say(_foci(rule), 4, f"{rule.severity}  {rule.id}  ", rule.severity)


def _foci(rule: RuleLine) -> str:
    told = [f"{rule.counts['pass']} of {number(rule.foci, 'focus', 'foci')} passed"]
    others = ("undetermined", "waived", "not_applicable")
    return ", ".join(told + [f"{rule.counts[verdict]} {verdict.replace('_', ' ')}" for verdict in others if rule.counts[verdict]])


def _put_unseen(page: Page, rules: Sequence[RuleLine]) -> None:
    if not rules:
        return
    page.gap()
    page.say(
        f"{number(len(rules), 'rule')} found nothing to look at, and nobody says that there is nothing. "
        "Add documents of the kind, or claim that there are none:"
    )
    kinds: dict[str, list[str]] = {}
    for rule in rules:
        kinds.setdefault(rule.missing[0].name, []).append(rule.id)
    for kind, names in sorted(kinds.items()):
        page.say(", ".join(names), 4, f"{kind}  ", "undetermined")


def _put_example(page: Page, report: Report, missing: Sequence[Missing]) -> None:
    names = sorted({one.name for one in missing if one.what == "claim" and one.reason == "unclaimed"})
    if not names:
        return
    page.gap()
    page.say("A claim is made in ccpolicy.toml by whoever answers for the records, for example:")
    stated = {"kind": names[0], "by": "who says so", "on": report.as_of.isoformat(), "basis": "how they know"}
    for line in ("[[complete]]", *(f'{key} = "{value}"' for key, value in stated.items())):
        page.put(line, indent=4)
