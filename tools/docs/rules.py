"""The pages on rules: what `ccpolicy rules show` says, with links, all cases, and the file itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccpolicy.assessment.library import Library
from ccpolicy.reports.rule_page import rule_page as said_of
from ccpolicy.reports.rule_page_markdown import page_markdown
from ccpolicy.reports.rule_page_markdown import prose as as_shown
from ccpolicy.rulebook.load import load_cases
from ccpolicy.rulebook.rule import Case, Rule
from tools.docs.page import Page, code, details, fence, link, prose, slug, table

LIST = "rules/index.md"


def rule_page(name: str) -> str:
    """Where the page of a rule is."""
    return f"rules/{name}.md"


def rule_pages(library: Library) -> Iterator[Page]:
    """The page of each rule, and their list."""
    cases, _ = load_cases(library.packs, library.rulebook.rules)
    texts = {pack.name_of("checks", below): file.read_text("utf-8") for pack in library.packs for file, below in pack.files("checks")}
    yield Page(LIST, "Rules", _list(library))
    for rule in library.rulebook.rules.values():
        own = [case for case in cases if case.rule == rule.id]
        yield Page(rule_page(rule.id), rule.title, _rule(rule, library, own) + _cases(own) + _file(rule, texts.get(rule.file, "")))


def _list(library: Library) -> str:
    rules = library.rulebook.rules
    parts = [f"The shipped pack has {len(rules)} rules. A rule is named by its subject, not by a standard: one rule may serve several.\n"]
    for subject in dict.fromkeys(name.split("/")[0] for name in rules):
        rows = [_row(rule) for rule in rules.values() if rule.id.startswith(f"{subject}/")]
        parts.append(f"## {subject}\n\n{table(('rule', 'severity', 'title', 'controls'), rows)}")
    return "\n".join(parts)


def _row(rule: Rule) -> tuple[str, str, str, str]:
    cited = ", ".join(code(citation.control) for citation in rule.citations)
    return link(LIST, rule_page(rule.id), code(rule.id)), rule.severity, prose(rule.title), cited


def _rule(rule: Rule, library: Library, cases: Sequence[Case]) -> str:
    """The page of `rules show` without its title, its controls and kinds linked."""
    _, _, text = page_markdown(said_of(rule, library, cases)).partition("\n")
    here = rule_page(rule.id)
    for citation in rule.citations:
        standard, _, number = citation.control.partition("/")
        name = as_shown(citation.control)
        text = text.replace(f"- **{name}**", f"- **{link(here, f'standards/{standard}.md#{slug(number)}', name)}**")
    head, sign, rest = text.partition("## Evidence it reads")
    for kind in rule.kinds:
        rest = rest.replace(f"(`{kind}`):", f"({link(here, f'kinds/{kind}.md', code(kind))}):")
    return head + sign + rest


def _cases(cases: Sequence[Case]) -> str:
    rows = [(prose(case.name), case.as_of.isoformat(), case.status.replace("_", " "), code(case.pointer or "")) for case in cases]
    return "\n## Cases\n\n" + table(("case", "assessed on", "status", "finding at"), rows) if rows else ""


def _file(rule: Rule, text: str) -> str:
    return "\n## The file\n\n" + details(rule.file, fence(text, "yaml")) if text else ""
