"""The page of a rule for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccpolicy.backends.english import Said
from ccpolicy.reports.page import Page, number
from ccpolicy.reports.rule_page import RulePage
from ccpolicy.reports.rule_page_cases import Example, parameters_of
from ccpolicy.reports.rule_page_needs import Need
from ccpolicy.reports.rule_page_yaml import yaml_of
from ccpolicy.reports.view import View

ABOUT_NEEDS = "Without these the rule stays undetermined; where there are several ways to pass, those of one way will do."
_STEP = 2  # columns of a level


def page_text(page: RulePage, view: View, write: Callable[[str], object]) -> None:
    """Writes the page."""
    sheet = Page(view, write)
    sheet.put((page.id, "bold"), "  ", (page.severity, page.severity))
    sheet.say(page.title, style="bold")
    sheet.put((page.file, "dim"))
    sheet.head("What it asks")
    for said in page.what:
        _put_said(sheet, said, 0)
    _put_controls(sheet, page)
    _put_example(sheet, "Avoid", "fails", page.avoid)
    _put_example(sheet, "Prefer", "passes", page.prefer)
    _put_evidence(sheet, page)
    _put_parameters(sheet, page)
    _put_needs(sheet, page.needs)
    sheet.head("When it fails")
    sheet.say(page.message, label="message: ", style="dim")
    sheet.say(page.remediation, label="remedy: ", style="dim")
    if page.references:
        sheet.head("References")
        for reference in page.references:
            sheet.say(reference, label="- ")


def _put_said(sheet: Page, said: Said, level: int) -> None:
    sheet.say(said.text, max(level - 1, 0) * _STEP, "- " if level else "")
    for part in said.parts:
        _put_said(sheet, part, level + 1)


def _put_controls(sheet: Page, page: RulePage) -> None:
    sheet.head("Controls")
    for one in page.controls:
        sheet.say(
            f"{one.title} ({one.coverage} coverage)" if one.title else f"({one.coverage} coverage)", label=f"{one.control}  ", style="bold"
        )
        sheet.say(one.why, _STEP, "why: ", "dim")


def _put_example(sheet: Page, title: str, verb: str, example: Example | None) -> None:
    if example is None:
        return
    sheet.head(f"{title}: what {verb}")
    sheet.say(begun(example.name))
    sheet.say("; ".join([f"assessed on {example.as_of}", *parameters_of(example)]), style="dim")
    for line in yaml_of(example.documents):
        sheet.put(line, indent=_STEP)
    if example.pointer:
        sheet.put((f"fails at {example.pointer}", "fail"))
    if example.cut:
        sheet.say("What the rule does not read is left out.", style="dim")


def _put_evidence(sheet: Page, page: RulePage) -> None:
    sheet.head(f"Evidence it reads: {number(len(page.reads), 'kind')} of documents")
    for one in page.reads:
        told = ", ".join(one.fields) or "that they are there"
        sheet.say(f"{told} ({one.during})" if one.during else told, label=f"{one.kind}: ", style="bold")


def _put_parameters(sheet: Page, page: RulePage) -> None:
    if not page.parameters:
        return
    sheet.head("Parameters")
    for one in page.parameters:
        kind = f"{one.type}, {one.unit}" if one.unit else one.type
        sheet.say(f"({kind}) {one.said}", label=f"{one.name}  ", style="bold")
        if one.description:
            sheet.say(begun(one.description), _STEP)


def _put_needs(sheet: Page, needs: Sequence[Need]) -> None:
    sheet.head("What has to be complete")
    sheet.say(ABOUT_NEEDS, style="dim")
    for need in needs:
        sheet.say(need_said(need), label="- ")


def begun(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def need_said(need: Need) -> str:
    """A need as a sentence."""
    verb = " or ".join(f"to {word}" for word, wanted in (("pass", need.to_pass), ("fail", need.to_fail)) if wanted)
    if need.kind:
        return f"{verb}: all {need.what}, claimed complete {need.days}"
    return f"{verb}: {need.what}, {need.days}"
