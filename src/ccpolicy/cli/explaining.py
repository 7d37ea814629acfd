"""The work of `ccpolicy explain`: settings, library, evidence, explanation, exit code."""

from __future__ import annotations

from dataclasses import replace

from ccpolicy.assessment.explaining import FOCI, explain
from ccpolicy.assessment.explaining import Asked as Sought
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.cli.checking import evidence_for
from ccpolicy.cli.messages import put_all
from ccpolicy.cli.options import Asked
from ccpolicy.cli.printing import check_form
from ccpolicy.cli.progress import Bar
from ccpolicy.cli.screen import colour, width
from ccpolicy.cli.selection import wanted_of
from ccpolicy.cli.settings import settings_of
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.explain_json import explanation_text
from ccpolicy.reports.explain_model import explained
from ccpolicy.reports.explain_text import put_explanation
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import Rule

UNREADABLE = 3


def explain_rule(name: str, documents: tuple[str, ...], every: bool, form: str, asked: Asked) -> int:
    """Explains the rule, and returns the exit code. Raises Refused for wrong use."""
    check_form(form)
    settings = replace(settings_of(asked), rules=(), standards=(), outputs=())
    library = load_library(settings.packs, settings.shipped)
    rule = _rule(name, library)
    wanted = replace(wanted_of(settings, library), rules=(rule.id,))
    with Bar(settings.quiet, settings.no_color) as bar:
        evidence = evidence_for(settings, library, bar)
    found = explain(library, evidence, wanted, rule, Sought(documents, None if every else FOCI))
    shown = explained(found, evidence, wanted)
    if form == "json":
        put_all(lambda write: write(explanation_text(shown)), as_utf8=True)
    else:
        view = View(color=colour(settings.no_color), width=width())
        put_all(lambda write: put_explanation(shown, view, write))
    return UNREADABLE if evidence.problems else 0


def _rule(name: str, library: Library) -> Rule:
    rules = library.rulebook.rules
    if name not in rules:
        hint = did_you_mean(name, rules) or "`ccpolicy rules list` lists them"
        raise Refused([Problem(code="no-rule", message=f"there is no rule `{name}`", hint=hint)])
    return rules[name]
