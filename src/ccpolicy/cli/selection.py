"""What to assess: the rules that were asked for, and the parameters that were set, held against the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ccpolicy.assessment.library import Library
from ccpolicy.assessment.roles import known_roles
from ccpolicy.assessment.run import Wanted
from ccpolicy.cli.settings import Settings
from ccpolicy.documents.config import PROJECT_FILE, Config
from ccpolicy.documents.document import Evidence
from ccpolicy.documents.toml_place import toml_place
from ccpolicy.documents.wording import safe_key
from ccpolicy.documents.yaml_source import parse_yaml
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.rulebook.parameters import settle
from ccpolicy.rulebook.rule import Parameter


def wanted_of(settings: Settings, library: Library) -> Wanted:
    """What the run assesses. Raises Refused for standards, rules and parameters that are not there, and for values that do not fit."""
    problems = [*unknown_standards(settings.standards, library), *unmatched(settings.rules, library)]
    problems += _unknown_roles(settings.config, library)
    values, set_by = _values(settings, library, problems)
    wanted = Wanted(
        standards=settings.standards,
        rules=settings.rules,
        sites=settings.sites,
        clients=settings.clients,
        params=values,
        set_by=set_by,
        organisation={"name": settings.config.organisation_name, "roles": dict(settings.config.roles)},
    )
    if not problems and not any(wanted.takes(rule) for rule in library.rulebook.rules.values()):
        hint = "no rule fits both --standard and --rule" if settings.rules else "name a pack that has rules"
        if settings.standards and library.rulebook.rules and not settings.rules:
            hint = f"no rule cites {either(settings.standards)}"
        problems.append(Problem(code="no-rule", message="there is no rule to check by", hint=hint))
    if problems:
        raise Refused(problems)
    return wanted


def unknown_standards(standards: tuple[str, ...], library: Library) -> Iterator[Problem]:
    """The standards that no catalogue describes."""
    for name in standards:
        if name not in library.catalogues:
            hint = did_you_mean(name.lower(), library.catalogues) or _known(library.catalogues)
            yield Problem(code="unknown-standard", message=f"no catalogue describes the standard `{name}`", hint=hint)


def _unknown_roles(config: Config, library: Library) -> Iterator[Problem]:
    """The roles of the organisation of which neither a control nor a rule speaks."""
    known = sorted(known_roles(library)) if config.roles else []
    for role in config.roles:
        if role not in known:
            line = config.lines.get(f"organisation.roles.{role}", 0)
            hint = did_you_mean(role, known) or (f"known are {either(known)}" if known else "no pack speaks of roles")
            message = f"no control and no rule knows the role `{safe_key(role)}`"
            yield Problem(config.file or "" if line else "", line, min(line, 1), "unknown-role", message, hint)


def _known(names: Mapping[str, Any]) -> str:
    return f"known are {either(sorted(names))}" if names else "no pack has a catalogue"


def unmatched(patterns: tuple[str, ...], library: Library) -> Iterator[Problem]:
    """The patterns that fit no rule."""
    for pattern in patterns:
        if not any(fnmatchcase(rule, pattern) for rule in library.rulebook.rules):
            known = {*library.rulebook.rules, *(f"{rule.partition('/')[0]}/*" for rule in library.rulebook.rules)}
            hint = did_you_mean(pattern, sorted(known)) or "`ccpolicy rules list` lists them; a pattern is such as 'recording/*'"
            yield Problem(code="no-rule", message=f"no rule fits `{pattern}`", hint=hint)


def _values(settings: Settings, library: Library, problems: list[Problem]) -> tuple[dict[str, Any], dict[str, str]]:
    declared = _declared(library)
    stated = dict(settings.config.params)
    given = dict(_read(text, declared, problems) for text in settings.params)
    given.pop("", None)
    values: dict[str, Any] = {}
    for source, own in ((settings.config, {name: value for name, value in stated.items() if name not in given}), (None, given)):
        settled, wrong = settle(declared, own)
        values |= settled
        problems += [_misfit(name, message, source, declared) for name, message in wrong]
    return values, {name: "option" if name in given else "config" for name in values}


def _declared(library: Library) -> dict[str, list[Parameter]]:
    declared: dict[str, list[Parameter]] = {}
    for rule in library.rulebook.rules.values():
        for name, parameter in rule.parameters.items():
            declared.setdefault(name, []).append(parameter)
    return declared


def _read(text: str, declared: Mapping[str, list[Parameter]], problems: list[Problem]) -> tuple[str, Any]:
    """Name and value of NAME=VALUE; the value is YAML, but for parameters that are texts."""
    name, sign, written = text.partition("=")
    if not sign or not name.strip():
        hint = "such as `--param max_payment_days=30`"
        problems.append(Problem(code="bad-param", message=f"`--param` takes NAME=VALUE, and `{text}` is none", hint=hint))
        return "", None
    if {parameter.type for parameter in declared.get(name.strip(), ())} == {"text"}:
        return name.strip(), written
    try:
        return name.strip(), parse_yaml(written.encode("utf-8", "surrogateescape"), "--param")
    except Refused as refused:
        said = refused.problems[0].message
        problems.append(Problem(code="bad-param", message=f"the value of the parameter `{name.strip()}` is no YAML: {said}"))
        return "", None


def _misfit(name: str, message: str, config: Config | None, declared: Mapping[str, list[Parameter]]) -> Problem:
    hint = "" if name in declared else did_you_mean(name, declared) or "`ccpolicy rules list --format json` lists the parameters"
    if config is None or config.file is None:
        return Problem(code="bad-param", message=message, hint=hint)
    above = ("tool", "ccpolicy") if config.file == PROJECT_FILE else ()
    text = (config.root / config.file).read_text("utf-8-sig")
    return Problem(config.file, *toml_place(text, (*above, "params", name)), "bad-param", message, hint)


def check_scopes(settings: Settings, evidence: Evidence) -> list[Problem]:
    """The sites and clients asked for of which no document, and no claim, speaks."""
    return [*_unseen(settings.sites, "site", evidence), *_unseen(settings.clients, "client", evidence)]


def _unseen(asked: tuple[str, ...], word: str, evidence: Evidence) -> Iterator[Problem]:
    stated = {getattr(document, word) for documents in evidence.documents.values() for document in documents}
    known = sorted(name for name in stated | {getattr(claim, word) for claim in evidence.claims} if name)
    for name in asked:
        if name not in known:
            hint = did_you_mean(name, known) or (f"known are {either(known[:20])}" if known else f"no document states a {word}")
            yield Problem(code=f"unknown-{word}", message=f"no document is of the {word} `{name}`", hint=hint)
