"""An explanation as text: the rule and its population, then focus by focus the way to the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ccpolicy.assessment.explanation import Account, Derived, Explanation, LookedUp, Point
from ccpolicy.assessment.finding import Verdict
from ccpolicy.reports import explain_words as words
from ccpolicy.reports.explain_model import Decider, Explained
from ccpolicy.reports.explain_points import STEP, put_dropped, put_point
from ccpolicy.reports.page import Page, number, place
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.reports.view import View

_STAND = ("stands", "stand")
_WITNESSES = 10  # shown of a focus; the JSON form has all that are kept


def put_explanation(explained: Explained, view: View, write: Callable[[str], object]) -> None:
    """The page of an explanation."""
    page = Page(view, write)
    explanation = explained.explanation
    _put_head(page, explained)
    for account, deciders in zip(explanation.accounts, explained.decided_by, strict=True):
        _put_account(page, account, deciders)
    _put_more(page, explanation.more)
    _put_problems(page, explanation)


# ---- the rule ------------------------------------------------------------------------------------------------------------------


def _put_head(page: Page, explained: Explained) -> None:
    explanation = explained.explanation
    rule, result = explanation.result.rule, explanation.result
    status = result.status.replace("_", " ")
    page.put((rule.id, "bold"), "  ", (rule.severity, rule.severity), "  ", (status, result.status))
    page.say(rule.title)
    page.gap()
    _put_labelled(page, "as of", [explanation.as_of.isoformat()])
    _put_labelled(page, "looks at", [explanation.population, *_population(explanation)])
    for decider in explained.open_because:
        _put_labelled(page, "decided by", _decider(decider))
    _put_labelled(page, "came to", [_counts(result.counts) or "nothing: there is no focus"])
    if explanation.parameters:
        told = [f"{one.name} = {'unset' if one.value is None else words.value(one.value)} ({one.set_by})" for one in explanation.parameters]
        _put_labelled(page, "parameters", told)
    for waiver in explanation.waivers:
        state = f"{waiver.id}: {waiver.state.replace('_', ' ')}, {waiver.message} ({place(waiver.file, waiver.record, 0)})"
        _put_labelled(page, "waiver", [state])


def _put_labelled(page: Page, label: str, lines: Sequence[str]) -> None:
    for position, line in enumerate(lines):
        page.say(line, 0, f"{label if position == 0 else '':<12}", "dim")


def _population(explanation: Explanation) -> list[str]:
    result, foci = explanation.result, explanation.result.foci
    stubs = sum(focus.stub for focus in foci)
    of = f"{number(explanation.documents, 'document')} of the kind {result.rule.foci.kind}"
    told = [f"{number(len(foci), 'focus', 'foci')} in {of}"]
    told += [f"{number(result.left_out, 'document')} of other sites or clients left out"] * bool(result.left_out)
    told += [f"there may be others: {number(stubs, 'focus', 'foci')} {_STAND[stubs > 1]} for something that is not in evidence"] * bool(
        stubs
    )
    return told + words.closed(explanation.closure, result.rule.foci.kind)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {verdict.replace('_', ' ')}" for verdict, count in counts.items() if count)


# ---- a focus -------------------------------------------------------------------------------------------------------------------


def _put_account(page: Page, account: Account, deciders: Sequence[Decider]) -> None:
    period = f", {account.period[0].isoformat()} to {account.period[1].isoformat()}" if account.period else ""
    verdict = account.verdict.replace("_", " ")
    page.head(f"{account.kind} {account.document}{period}: {verdict}")
    page.put((words.spot_and_pointer(account.place), "bold"))
    for number_of, found in enumerate(account.lookups):
        _put_lookup(page, found, headed=not number_of)
    for number_of, derived in enumerate(account.measures):
        _put_measure(page, derived, headed=not number_of)
    _put_part(page, "applies when", account.when)
    _put_part(page, "requires", account.require)
    _put_waivers(page, account)
    _put_verdict(page, account, deciders)


def _put_part(page: Page, label: str, point: Point | None) -> None:
    if point is not None:
        page.put((label, "bold"))
        put_point(page, point, STEP)


def _put_lookup(page: Page, found: LookedUp, headed: bool) -> None:
    if headed:
        page.put(("looks up", "bold"))
    page.say(found.lead, STEP)
    for part in found.parts:
        page.say(part, 2 * STEP, "* ", "dim")
    for theirs, ours in found.key:
        page.say(f"`{theirs}` has to be {words.seen(ours)}{words.at(ours.place)}", 2 * STEP, "- ", "dim")
    page.say(f"{found.count or 'none'} found", 2 * STEP, "- ", "dim")
    for member in found.members:
        page.say(words.named(member), 3 * STEP)
    if found.count > len(found.members):
        page.say(f"and {number(found.count - len(found.members), 'other')}", 3 * STEP, style="dim")
    if found.outside:
        page.say(f"{number(found.outside, 'other')} with this key, of other days", 2 * STEP, "- ", "dim")
    if found.left_out:
        page.say(f"{number(found.left_out, 'other')} with this key", 2 * STEP, "- ", "dim")
    for point in found.dropped:
        put_dropped(page, point, 3 * STEP)
    if found.left_out > len(found.dropped):
        page.say(f"and {number(found.left_out - len(found.dropped), 'other')}", 3 * STEP, style="dim")
    for line in words.closed(found.closure, found.kind):
        page.say(line, 2 * STEP, "- ", "dim")


def _put_measure(page: Page, derived: Derived, headed: bool) -> None:
    if headed:
        page.put(("measures", "bold"))
    page.say(derived.lead, STEP)
    for part in derived.parts:
        page.say(part, 2 * STEP, "* ", "dim")
    if derived.members is not None:
        page.say(f"taken over {number(derived.members, 'entry', 'entries')}", 2 * STEP, "- ", "dim")
    for one in derived.sights:
        page.say(words.told(one), 2 * STEP, "- ", "dim")
    if derived.more:
        page.say(f"and {number(derived.more, 'other')}", 2 * STEP, "- ", "dim")
    for one in derived.unknown:
        page.say(f"{words.reasons(one.reasons)}{words.at(one.place)}", 2 * STEP, "- ", "dim")
    page.say(f"it is {words.seen(derived.value)}", 2 * STEP, "- ", "dim")


def _put_waivers(page: Page, account: Account) -> None:
    if not account.waivers:
        return
    page.put(("waivers", "bold"))
    told = {"holds": "covers it", "fails": "does not cover it", "unknown": "cannot be told to cover it"}
    for one in account.waivers:
        page.say(f"{one.id} {told[one.covers]}: {one.why} ({words.spot(one.place)})", STEP, "- ", "dim")


def _put_verdict(page: Page, account: Account, deciders: Sequence[Decider]) -> None:
    verdict: Verdict = account.verdict
    page.put(("verdict", "bold"))
    note = f" ({account.note})" if account.note else ""
    page.say(f"{account.why}{note}", STEP, f"{verdict.replace('_', ' ')}: ", verdict)
    for message in dict.fromkeys(finding.message for finding in account.findings if finding.status != "undetermined"):
        page.say(f"`check` says: {message}", STEP, "- ", "dim")
    for witness in account.witnesses[:_WITNESSES]:
        page.say(f"seen at {words.spot_and_pointer(witness)}", STEP, "- ", "dim")
    if len(account.witnesses) > _WITNESSES:
        page.say(f"and at {number(len(account.witnesses) - _WITNESSES, 'other place')}", STEP, "- ", "dim")
    for one in account.assumptions:
        page.say(f"leans on the claim about {one.kind}: {words.claim(one)}", STEP, "- ", "dim")
    for number_of, decider in enumerate(deciders):
        for position, line in enumerate(_decider(decider)):
            label = " " * 12 if position else "and by      " if number_of else "decided by  "
            page.say(line, STEP, label, "undetermined")


def _decider(decider: Decider) -> list[str]:
    """What is missing, where, and who could say it."""
    missing, sites = decider.missing, decider.sites
    if len(sites) == 1 and missing.field:
        missing = replace(missing, field=sites[0].pointer)
    told = [sentence(missing)]
    told += [f"at {place(site.file, site.line, site.column)} {site.pointer if len(sites) > 1 else ''}".rstrip() for site in sites]
    told += [f"claimed so far, by {words.claim(one)}{' (void)' if one.void else ''}" for one in decider.short]
    if missing.what == "claim" and missing.reason == "unclaimed":
        told.append(f"whoever exports the {missing.name} documents can say so with [[complete]] in ccpolicy.toml: kind, by, on, basis")
    return told


# ---- end -----------------------------------------------------------------------------------------------------------------------


def _put_more(page: Page, more: Mapping[Verdict, int]) -> None:
    left = _counts({str(verdict): count for verdict, count in more.items()})
    if left:
        page.gap()
        page.say(f"Not explained: {left}. --all explains all of them, --document ID those of one document.")


def _put_problems(page: Page, explanation: Explanation) -> None:
    if not explanation.problems:
        return
    page.head(f"Problems: {number(len(explanation.problems), 'thing')} that could not be read or identified")
    for problem in explanation.problems:
        page.put((place(problem.file, problem.line, problem.column) or "(no file)", "bold"), f"  {problem.code}")
        page.say(problem.message, 4)
        if problem.hint:
            page.say(problem.hint, 4, "hint: ", "dim")
