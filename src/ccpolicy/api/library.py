"""The rules, kinds and standards of packs, as a program sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ccpolicy.assessment.library import Library as Loaded
from ccpolicy.reports.model import plain
from ccpolicy.rulebook.rule import Citation, Severity
from ccpolicy.rulebook.rule import Rule as LoadedRule

__all__ = ["Citation", "Library", "Rule", "library_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, what it applies to, and which controls it is evidence for."""

    id: str
    title: str
    severity: Severity
    kind: str  # of the documents that it applies to
    reads: tuple[str, ...]  # all kinds that it looks at, sorted
    controls: tuple[Citation, ...]
    parameters: Mapping[str, Any]  # name -> default, None where there is none
    remediation: str
    file: str


@dataclass(frozen=True, slots=True)
class Library:
    """What `load` gives: it may be used for any number of assessments."""

    rules: Mapping[str, Rule]  # by id, sorted
    kinds: Mapping[str, str]  # name of a kind of document -> its title, sorted
    standards: tuple[str, ...]
    packs: tuple[str, ...]
    _loaded: Loaded = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Library of {', '.join(self.packs)}: {len(self.rules)} rules, {len(self.kinds)} kinds, {len(self.standards)} standards>"


def library_of(loaded: Loaded) -> Library:
    """The public face of a library."""
    rules = {name: _rule(rule) for name, rule in sorted(loaded.rulebook.rules.items())}
    kinds = {name: kind.title for name, kind in sorted(loaded.kinds.items())}
    packs = tuple(f"{pack.id} {pack.version}" for pack in loaded.packs)
    return Library(MappingProxyType(rules), MappingProxyType(kinds), tuple(sorted(loaded.catalogues)), packs, loaded)


def _rule(rule: LoadedRule) -> Rule:
    parameters = {name: plain(parameter.default) for name, parameter in sorted(rule.parameters.items())}
    return Rule(
        rule.id,
        rule.title,
        rule.severity,
        rule.foci.kind,
        rule.kinds,
        rule.citations,
        MappingProxyType(parameters),
        rule.remediation,
        rule.file,
    )
