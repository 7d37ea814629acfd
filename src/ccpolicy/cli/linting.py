"""The work of `ccpolicy lint`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from ccpolicy.analysis.lint.pages import lint_ids, lint_page
from ccpolicy.analysis.lint.table import LINTS
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.lint_packs import lint_packs
from ccpolicy.cli.messages import complain, put, put_all
from ccpolicy.cli.printing import check_form, put_json, put_table
from ccpolicy.cli.screen import colour, width
from ccpolicy.cli.selection import unmatched
from ccpolicy.cli.settings import given_packs
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.lint_json import lint_json
from ccpolicy.reports.lint_text import write_lint_text
from ccpolicy.reports.view import View
from ccpolicy.rulebook.pack import Pack

CLEAN, FOUND = 0, 1


def lint_named(folders: tuple[str, ...], shipped: bool, patterns: tuple[str, ...], form: str, no_color: bool) -> int:
    """Lints the packs and prints what is found; returns the exit code. Raises Refused."""
    check_form(form)
    library = load_library(given_packs(folders), shipped)
    packs = _named(library)
    own = _own_rules(library, packs)
    missing = list(unmatched(patterns, own))
    if missing:
        raise Refused(missing)
    found = lint_packs(library, packs, _chosen(patterns, own))
    complain([one for one in library.rulebook.warnings if one.file.startswith(_folders(packs))], "warning")
    if form == "json":
        put_json(lint_json([pack.id for pack in packs], found))
    else:
        view = View(color=colour(no_color), width=width())
        put_all(lambda write: write_lint_text(found, view, write))
    return FOUND if any(one.remarks for one in found) else CLEAN


def _named(library: Library) -> Sequence[Pack]:
    """The packs that were named, or the shipped one."""
    given = [pack for pack in library.packs if pack.given]
    if not library.packs:
        hint = "name the folder of a pack, as in `ccpolicy lint house --no-shipped-rules`"
        raise Refused([Problem(code="no-pack", message="there is no pack to lint", hint=hint)])
    return given or library.packs


def _folders(packs: Sequence[Pack]) -> tuple[str, ...]:
    """How the files of the rules of packs start."""
    return tuple(pack.name_of("checks", "") for pack in packs)


def _own_rules(library: Library, packs: Sequence[Pack]) -> Library:
    """The library with the rules of these packs alone."""
    own = {name: rule for name, rule in library.rulebook.rules.items() if rule.file.startswith(_folders(packs))}
    return replace(library, rulebook=replace(library.rulebook, rules=own))


def _chosen(patterns: Sequence[str], library: Library) -> Collection[str] | None:
    if not patterns:
        return None
    return {rule for rule in library.rulebook.rules if any(fnmatchcase(rule, pattern) for pattern in patterns)}


def list_lints(form: str) -> int:
    """Prints every lint with a sentence; returns the exit code. Raises Refused."""
    check_form(form)
    if form == "json":
        put_json([{"lint": lint.id, "title": lint.title} for lint in LINTS.values()])
    else:
        put_table([(lint.id, lint.title) for lint in LINTS.values()])
    return CLEAN


def explain_lint(name: str, form: str) -> int:
    """Prints the page of a lint; returns the exit code. Raises Refused."""
    check_form(form)
    if name not in lint_ids():
        hint = did_you_mean(name, lint_ids()) or "`ccpolicy lint --list` lists them"
        raise Refused([Problem(code="unknown-lint", message=f"there is no lint `{name}`", hint=hint)])
    if form == "json":
        put_json({"lint": name, "title": LINTS[name].title, "page": lint_page(name)})
    else:
        put(lint_page(name))
    return CLEAN
