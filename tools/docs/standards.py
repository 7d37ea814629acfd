"""The pages on standards: their controls under our own titles, the rules that cite them, and the evidence that these read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ccpolicy.assessment.library import Library
from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.rulebook.rule import Citation, Rule
from tools.docs.kinds import kind_page
from tools.docs.page import Page, code, link, prose, slug, table
from tools.docs.rules import rule_page

LIST = "standards/index.md"
STATUSES = {
    "automated": "a rule decides it",
    "partial": "a rule sees part of it",
    "manual": "a person judges it",
    "planned": "a rule is to come",
    "out_of_scope": "no rule can see it",
}
Cited = Mapping[str, Sequence[tuple[Rule, Citation]]]


@dataclass(frozen=True, slots=True)
class Leads:
    """Where links to rules and kinds lead, from the root of the documentation."""

    rule: Callable[[str], str]
    kind: Callable[[str], str]


SITE = Leads(rule_page, kind_page)
REPOSITORY = Leads("../rules/checks/{}.yaml".format, "../schemas/{}.schema.json".format)


def standard_page(name: str) -> str:
    """Where the page of a standard is."""
    return f"standards/{name}.md"


def standard_pages(library: Library, leads: Leads = SITE) -> Iterator[Page]:
    """The page of each standard, and their list."""
    cited: dict[str, list[tuple[Rule, Citation]]] = {}
    for rule in library.rulebook.rules.values():
        for citation in rule.citations:
            cited.setdefault(citation.control, []).append((rule, citation))
    yield Page(LIST, "Standards", _list(library, cited))
    for catalogue in library.catalogues.values():
        yield Page(standard_page(catalogue.id), catalogue.title, _standard(catalogue, cited, leads))


def _list(library: Library, cited: Cited) -> str:
    rows = [
        (
            link(LIST, standard_page(one.id), code(one.id)),
            prose(one.title),
            prose(one.edition),
            *_numbers(one, cited),
        )
        for one in library.catalogues.values()
    ]
    return (
        "A catalogue lists the controls of a standard under our own titles; the text of a standard is its publisher's, and is never "
        "copied. What a rule finds is evidence for the controls that it cites; the assessor decides.\n\n"
        + table(("standard", "title", "edition", "controls", "cited by a rule"), rows)
    )


def _numbers(catalogue: Catalogue, cited: Cited) -> tuple[str, str]:
    controls = catalogue.controls.values()
    return str(len(controls)), str(sum(bool(_rules_on(control, catalogue, cited)) for control in controls))


def _rules_on(control: ControlModel, catalogue: Catalogue, cited: Cited) -> list[tuple[Rule, Citation]]:
    return [pair for name in (control.id, *control.aliases) for pair in cited.get(f"{catalogue.id}/{name}", ())]


def _standard(catalogue: Catalogue, cited: Cited, leads: Leads) -> str:
    counted = {word: sum(control.status == word for control in catalogue.controls.values()) for word in STATUSES}
    said = "".join(f"* **{word.replace('_', ' ')}**, {meaning}: {counted[word]}\n" for word, meaning in STATUSES.items() if counted[word])
    heads = ("control", "title", "status", "rules, with their coverage", "evidence that they read")
    rows = [_row(control, catalogue, cited, leads) for control in catalogue.controls.values()]
    return f"{prose(catalogue.edition)}, in ccpolicy `{catalogue.id}`. The titles are ours.\n\n{said}\n" + table(heads, rows)


def _row(control: ControlModel, catalogue: Catalogue, cited: Cited, leads: Leads) -> tuple[str, str, str, str, str]:
    here = standard_page(catalogue.id)
    citing = _rules_on(control, catalogue, cited)
    rules = [f"{link(here, leads.rule(rule.id), rule.id)} ({one.coverage})" for rule, one in citing]
    kinds = sorted({kind for rule, _ in citing for kind in rule.kinds})
    heading = control.kind == "heading"
    number = f'<span id="{slug(control.id)}"></span>{code(control.id)}'
    title = f"**{prose(control.title)}**" if heading else prose(control.title)
    status = "" if heading else control.status.replace("_", " ")
    said = ": ".join(filter(None, [status, prose(control.reason or "")]))
    return number, title, said, ", ".join(rules), ", ".join(link(here, leads.kind(kind), kind) for kind in kinds)
