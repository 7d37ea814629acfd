"""The page of a rule as Markdown, for a site or a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ccpolicy.backends.english import Said
from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.rule_page import RulePage
from ccpolicy.reports.rule_page_cases import Example, parameters_of
from ccpolicy.reports.rule_page_text import ABOUT_NEEDS, begun, need_said
from ccpolicy.reports.rule_page_yaml import yaml_of

_SPAN = re.compile(r"(`[^`]+`)")
_SPECIAL = re.compile(r"([\\`*_\[\]#|{}!~$])")
_START = re.compile(r"^(\d*)([-+=.)])(?=\s|$|=|-)")  # what would begin a list or underline a heading


def page_markdown(page: RulePage) -> str:
    """The page, with one heading of the first level; it ends in a newline."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: RulePage) -> Iterator[str]:
    yield from (f"# {prose(page.title)}", "")
    yield from (f"{_code(page.id)} · severity **{page.severity}** · {_code(page.file)}", "", "## What it asks", "")
    for said in page.what:
        yield from (prose(said.text), "", *_nested(said.parts, 0), *([""] if said.parts else []))
    yield from ("## Controls", "", *_controls(page), "")
    yield from _example("Avoid: what fails", page.avoid)
    yield from _example("Prefer: what passes", page.prefer)
    yield from ("## Evidence it reads", "", *_evidence(page), "")
    if page.parameters:
        yield from ("## Parameters", "", *_parameters(page), "")
    yield from ("## What has to be complete", "", ABOUT_NEEDS, "", *(f"- {prose(need_said(need))}" for need in page.needs), "")
    yield from ("## When it fails", "", f"> {prose(page.message)}", "", prose(page.remediation))
    if page.references:
        yield from ("", "## References", "", *(f"- {prose(one)}" for one in page.references))


def prose(text: str) -> str:
    """Text in which only backticks mean anything to Markdown, and nothing to HTML."""
    parts = _SPAN.split(visible(text))
    shown = "".join(part if place % 2 else _escaped(part) for place, part in enumerate(parts))
    return _START.sub(r"\1\\\2", shown)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _code(text: str) -> str:
    return f"`{visible(text).replace('`', 'ˋ')}`"


def _nested(parts: Sequence[Said], level: int) -> Iterator[str]:
    for part in parts:
        yield f"{'    ' * level}- {prose(part.text)}"
        yield from _nested(part.parts, level + 1)


def _controls(page: RulePage) -> Iterator[str]:
    for one in page.controls:
        title = f" {prose(one.title)}" if one.title else ""
        yield f"- **{prose(one.control)}**{title} ({one.coverage} coverage): {prose(one.why)}"


def _example(title: str, example: Example | None) -> Iterator[str]:
    if example is None:
        return
    lines = yaml_of(example.documents)
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    facts = "; ".join([f"assessed on {example.as_of}", *parameters_of(example)])
    yield from (f"## {title}", "", f"{prose(begun(example.name))} ({prose(facts)}).", "", f"{fence}yaml", *lines, fence, "")
    if example.pointer:
        yield from (f"It fails at {_code(example.pointer)}.", "")
    if example.cut:
        yield from ("What the rule does not read is left out.", "")


def _evidence(page: RulePage) -> Iterator[str]:
    for one in page.reads:
        title = f"{prose(one.title)} ({_code(one.kind)})" if one.title else _code(one.kind)
        fields = ", ".join(_code(field) for field in one.fields) or "that the documents are there"
        yield f"- {title}: {fields}{f' ({prose(one.during)})' if one.during else ''}"


def _parameters(page: RulePage) -> Iterator[str]:
    for one in page.parameters:
        kind = f"{one.type}, {one.unit}" if one.unit else one.type
        told = ". ".join(part for part in (prose(one.said), prose(begun(one.description))) if part)
        yield f"- {_code(one.name)} ({prose(kind)}): {told}"
