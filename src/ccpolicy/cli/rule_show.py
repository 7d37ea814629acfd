"""The work of `ccpolicy rules show`."""

from __future__ import annotations

from ccpolicy.assessment.library import Library, load_library
from ccpolicy.cli.messages import complain, put, put_all
from ccpolicy.cli.printing import put_json
from ccpolicy.cli.screen import colour, width
from ccpolicy.cli.settings import given_packs
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.reports.rule_page import RulePage, page_json, rule_page
from ccpolicy.reports.rule_page_markdown import page_markdown
from ccpolicy.reports.rule_page_text import page_text
from ccpolicy.reports.view import View
from ccpolicy.rulebook.load import load_cases

FORMS = ("text", "json", "markdown")


def show_rule(packs: tuple[str, ...], shipped: bool, rule: str, form: str) -> int:
    """Prints the page of a rule; returns the exit code. Raises Refused."""
    if form not in FORMS:
        hint = did_you_mean(form.lower(), FORMS) or f"known are {either(FORMS)}"
        raise Refused([Problem(code="unknown-word", message=f"`--format` does not know `{form}`", hint=hint)])
    page = _page(rule, load_library(given_packs(packs), shipped))
    if form == "json":
        put_json(page_json(page))
    elif form == "markdown":
        put(page_markdown(page), as_utf8=True)
    else:
        view = View(color=colour(False), width=width())
        put_all(lambda write: page_text(page, view, write))
    return 0


def _page(rule: str, library: Library) -> RulePage:
    known = library.rulebook.rules
    if rule not in known:
        hint = did_you_mean(rule.lower(), known) or _likely(rule, tuple(known)) or "`ccpolicy rules list` lists them"
        hint = hint if known else "name a pack that has rules"
        raise Refused([Problem(code="no-rule", message=f"there is no rule `{rule}`", hint=hint)])
    cases, problems = load_cases(library.packs, known)
    own = {known[rule].file, f"{known[rule].file.rpartition('.')[0]}.cases"}
    complain((problem for problem in problems if own & {problem.file, problem.file.rpartition(".")[0]}), "warning")
    return rule_page(known[rule], library, cases)


def _likely(rule: str, known: tuple[str, ...]) -> str:
    """The rules whose last name, or subject, is what was given."""
    near = sorted(name for name in known if rule and rule.lower().strip("/") in name.split("/"))[:3]
    return f"did you mean {either(near)}?" if near else ""
