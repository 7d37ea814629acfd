"""The page of a rule as a value: what it asks in plain English, why, what to avoid and what to prefer, what it reads and leans on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ccpolicy.assessment.library import Library
from ccpolicy.backends.english import (
    Names,
    Said,
    bounds_said,
    foci_said,
    join_said,
    led,
    listing,
    measure_said,
    names_of,
    place_said,
    predicate_said,
    value_said,
)
from ccpolicy.documents.path import HERE, Path
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.model import plain
from ccpolicy.reports.rule_page_cases import Example, example_of
from ccpolicy.reports.rule_page_needs import Need, needs_of
from ccpolicy.rulebook.rule import Case, Parameter, Rule, Template


@dataclass(frozen=True, slots=True)
class Cited:
    """A control that the rule is evidence for, and why."""

    control: str
    title: str
    coverage: str
    why: str


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter; `default` is None where the organisation has to set it."""

    name: str
    type: str
    unit: str
    default: Any
    at_least: Any
    at_most: Any
    description: str
    said: str  # default and bounds, in words


@dataclass(frozen=True, slots=True)
class Reads:
    """What the rule reads of a kind of documents, and of which time, where that is said."""

    kind: str
    title: str
    fields: tuple[str, ...]
    during: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """All that is said of a rule without any evidence."""

    id: str
    title: str
    severity: str
    file: str
    what: tuple[Said, ...]
    controls: tuple[Cited, ...]
    avoid: Example | None
    prefer: Example | None
    reads: tuple[Reads, ...]
    parameters: tuple[Setting, ...]
    needs: tuple[Need, ...]
    message: str
    remediation: str
    references: tuple[str, ...]


def rule_page(rule: Rule, library: Library, cases: Iterable[Case]) -> RulePage:
    """The page of a rule, with the examples that its cases give; nothing in it is secret or a card number."""
    known = tuple(cases)
    titles = {name: kind.title for name, kind in library.kinds.items() if kind.title}
    names = names_of(rule.foci, rule.joins, rule.measures, rule.parameters, titles)
    page = RulePage(
        id=rule.id,
        title=_line(rule.title),
        severity=rule.severity,
        file=rule.file,
        what=tuple(_what(rule, names)),
        controls=tuple(Cited(one.control, library.titles.get(one.control, ""), one.coverage, _line(one.why)) for one in rule.citations),
        avoid=example_of(rule, known, "fail", library),
        prefer=example_of(rule, known, "pass", library),
        reads=tuple(_reads(kind, rule, names, titles) for kind in rule.kinds),
        parameters=tuple(_setting(parameter) for parameter in rule.parameters.values()),
        needs=needs_of(rule, names),
        message=_line(_message(rule.message)),
        remediation=_line(rule.remediation),
        references=tuple(_line(reference) for reference in rule.references),
    )
    return clean(page)


def page_json(page: RulePage) -> dict[str, Any]:
    """The page as a JSON value, with its fields in the order in which they are read."""
    return asdict(page)


# ---- what it asks --------------------------------------------------------------------------------------------------------------


def _what(rule: Rule, names: Names) -> Iterable[Said]:
    yield _sentence("The rule applies to ", foci_said(rule.foci, names))
    for join in rule.joins.values():
        yield _sentence("It looks up " if join.phrase.lower().startswith("the ") else "It looks up the ", join_said(join, names))
    for measure in rule.measures.values():
        yield _sentence("The measure ", measure_said(measure, names))
    if rule.zone.key != "UTC":
        yield Said(f"It reads an instant as a date in the time zone {rule.zone.key}.")
    if rule.when is not None:
        when = predicate_said(rule.when, names)
        yield _sentence("It applies only where " if not _by_case(when) else "It applies only where, ", when)
    require = predicate_said(rule.require, names)
    yield _sentence("It requires that " if not _by_case(require) else "It requires, ", require)


def _by_case(said: Said) -> bool:
    return said.text.startswith("as the case may be")


def _sentence(lead: str, said: Said) -> Said:
    whole = led(lead, said)
    return whole if whole.parts else Said(f"{whole.text}.")


# ---- the rest ------------------------------------------------------------------------------------------------------------------


def _reads(kind: str, rule: Rule, names: Names, titles: dict[str, str]) -> Reads:
    patterns = {pattern for name, pattern in rule.reads if name == kind and pattern}
    above = {pattern[:length] for pattern in patterns for length in range(len(pattern))}  # a list is read where its members are
    fields = sorted(str(Path(HERE, pattern)) for pattern in patterns - above)
    timed = [
        f"of the {names.period} by {place_said(join.during, names)}"
        for join in rule.joins.values()
        if join.kind == kind and join.during is not None
    ]
    return Reads(kind, titles.get(kind, ""), tuple(fields), listing(sorted(set(timed))) if timed else "")


def _setting(parameter: Parameter) -> Setting:
    default = parameter.default
    value = "" if default is None else listing([value_said(item) for item in (default if isinstance(default, tuple) else (default,))])
    said = [f"{value} by default, unless the organisation sets it" if value else "to be set by the organisation: there is no default"]
    return Setting(
        name=parameter.name,
        type=parameter.type,
        unit=parameter.unit,
        default=plain(default),
        at_least=plain(parameter.at_least),
        at_most=plain(parameter.at_most),
        description=_line(parameter.description),
        said="; ".join([*said, *(f"allowed: {bound}" for bound in bounds_said(parameter))]),
    )


def _message(message: Template) -> str:
    return "".join(part if isinstance(part, str) else f"{{{part.word}}}" for part in message)


def _line(text: str) -> str:
    """The text on one line."""
    return " ".join(text.split())
