"""A rule, read, checked and lowered: what assessment runs and reports show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias
from zoneinfo import ZoneInfo

from ccpolicy.documents.path import Path, Step
from ccpolicy.errors import Problem
from ccpolicy.language.derived import Foci, Join, Measure
from ccpolicy.language.expr import Param, Predicate

Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")


@dataclass(frozen=True, slots=True)
class Citation:
    """A control that the rule is evidence for; `partial` coverage can only worsen it."""

    control: str  # <standard>/<number>
    coverage: Literal["full", "partial"]
    why: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number (or date, text ...) that the organisation may set within bounds. Without default and unset it is unknown."""

    name: str
    type: str
    default: Param
    at_least: Any = None
    at_most: Any = None
    unit: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """`{...}` in a message: a path at the focus, or one of expected, actual, pointer, as_of, param.x."""

    word: str
    path: Path | None = None


Template: TypeAlias = "tuple[str | Placeholder, ...]"


@dataclass(frozen=True, slots=True)
class Rule:
    """Everything about a rule but the evidence."""

    id: str
    title: str
    severity: Severity
    citations: tuple[Citation, ...]
    parameters: Mapping[str, Parameter]
    foci: Foci
    zone: ZoneInfo
    joins: Mapping[str, Join]
    measures: Mapping[str, Measure]
    when: Predicate | None
    require: Predicate
    message: Template
    remediation: str
    references: tuple[str, ...]
    reads: frozenset[tuple[str, tuple[Step, ...]]]  # kind and path (from its body) of all that the rule looks at
    file: str = ""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds it reads, sorted."""
        return tuple(sorted({kind for kind, _ in self.reads} | {self.foci.kind}))


@dataclass(frozen=True, slots=True)
class Case:
    """An example of a rule with the status that it must have."""

    rule: str
    name: str
    as_of: date
    documents: tuple[Any, ...]
    params: Mapping[str, Any]
    organisation: Mapping[str, Any]
    open_kinds: frozenset[str]
    status: str
    pointer: str | None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of all packs, and what `free_of` touches in documents, which is never shown."""

    rules: Mapping[str, Rule]
    cases: tuple[Case, ...] = ()
    touched: frozenset[tuple[str, tuple[Step, ...]]] = frozenset()
    warnings: tuple[Problem, ...] = ()
