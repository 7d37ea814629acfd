"""Findings of lints as text: where, what, what to do, and where to read more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from ccpolicy.analysis.lint.run import Linted, Remark
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.page import Page, number, place
from ccpolicy.reports.view import View


def write_lint_text(found: Sequence[Linted], view: View, write: Callable[[str], object]) -> None:
    """Writes the findings of the packs, in the order of files and lines, and the counts."""
    page = Page(view, write)
    remarks = sorted(remark for one in found for remark in one.remarks)
    for remark in remarks:
        _put(clean(remark), page)
    page.gap()
    page.say(_summary(remarks, sum(len(one.silenced) for one in found), sum(one.files for one in found)))


def _put(remark: Remark, page: Page) -> None:
    page.gap()
    page.put((place(remark.file, remark.line, remark.column), "bold"), "  ", (remark.lint, "medium"))
    page.say(remark.message, indent=4)
    page.say(remark.hint, indent=4, label="do:   ", style="dim")
    page.say(f"ccpolicy lint --explain {remark.lint}", indent=4, label="page: ", style="dim")


def _summary(remarks: Sequence[Remark], silenced: int, files: int) -> str:
    quiet = f"; {silenced} silenced" if silenced else ""
    if not remarks:
        return f"{number(files, 'file')}: no findings{quiet}"
    counts = Counter(remark.lint for remark in remarks)
    said = ", ".join(f"{count} {lint}" for lint, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    lines = len({remark.file for remark in remarks})
    return f"{number(files, 'file')}: {number(len(remarks), 'finding')} in {number(lines, 'file')} ({said}){quiet}"
