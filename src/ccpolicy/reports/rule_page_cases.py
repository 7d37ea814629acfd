"""The examples of a rule's page: the first case that fails and the first that passes, with only what the rule looks at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from ccpolicy.assessment.library import Library
from ccpolicy.backends.phrases import REDACTED
from ccpolicy.documents.detectors import find_any
from ccpolicy.documents.path import Step, Wild
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.rulebook.rule import Case, Rule

Patterns: TypeAlias = "frozenset[tuple[Step, ...]]"
_ENVELOPE = ("kind", "id", "observed_at", "valid_from", "valid_to", "site", "client", "data_classes", "gaps", "complete")
_ID = ("id",)


@dataclass(frozen=True, slots=True)
class Example:
    """A case: its documents as far as they matter, and the pointer of the finding that it expects."""

    name: str
    as_of: str
    status: str
    pointer: str
    params: Mapping[str, Any]
    roles: Mapping[str, Any]
    open_kinds: tuple[str, ...]
    documents: tuple[Any, ...]
    cut: bool  # whether something is left out of the documents


def example_of(rule: Rule, cases: Iterable[Case], status: str, library: Library) -> Example | None:
    """The first case of the rule that expects the status."""
    case = next((case for case in cases if case.rule == rule.id and case.status == status), None)
    if case is None:
        return None
    documents = tuple(_document(document, rule, library) for document in case.documents)
    return Example(
        name=case.name,
        as_of=case.as_of.isoformat(),
        status=case.status,
        pointer=case.pointer or "",
        params=dict(case.params),
        roles=dict(case.organisation.get("roles", {})),
        open_kinds=tuple(sorted(case.open_kinds)),
        documents=documents,
        cut=documents != case.documents,
    )


def _document(document: Any, rule: Rule, library: Library) -> Any:
    """A document without what the rule does not read, and without what is never shown."""
    if not isinstance(document, dict):
        return document
    kind = library.kinds.get(str(document.get("kind")))
    read = frozenset(pattern for name, pattern in rule.reads if kind is not None and name == kind.name)
    kept = {key: document[key] for key in _ENVELOPE if key in document}
    for key in ("data", "records"):
        if key in document:
            bodies = document[key] if key == "records" and isinstance(document[key], list) else [document[key]]
            shown = [_hidden(_kept(body, read | {_ID} if read else frozenset()), (), kind, _touched(kind, library)) for body in bodies]
            kept[key] = shown if bodies is document[key] else shown[0]
    return kept


def _kept(value: Any, patterns: Patterns) -> Any:
    """What the patterns lead to; all of it where they lead no further."""
    further = frozenset(pattern for pattern in patterns if pattern)
    if not further:
        return value
    if isinstance(value, dict):
        return {key: _kept(item, below) for key, item in value.items() if (below := _below(further, key))}
    if isinstance(value, list):
        return [_kept(item, below) if (below := _below(further, place)) else item for place, item in enumerate(value)]
    return value


def _below(patterns: Patterns, token: str | int) -> Patterns:
    return frozenset(pattern[1:] for pattern in patterns if isinstance(pattern[0], Wild) or pattern[0] == token)


def _touched(kind: Kind | None, library: Library) -> Patterns:
    return frozenset(pattern for name, pattern in library.rulebook.touched if kind is not None and name == kind.name)


def _hidden(value: Any, at: Pointer, kind: Kind | None, touched: Patterns) -> Any:
    """The value with what is marked sensitive, and what a detector finds where `free_of` looks, redacted."""
    if kind is not None and kind.is_sensitive(at):
        return REDACTED
    if isinstance(value, dict):
        return {key: _hidden(item, (*at, key), kind, _below(_further(touched), key)) for key, item in value.items()}
    if isinstance(value, list):
        return [_hidden(item, (*at, place), kind, _below(_further(touched), place)) for place, item in enumerate(value)]
    return REDACTED if touched and isinstance(value, str) and find_any(value, ("pan", "ssn")) else value


def _further(patterns: Patterns) -> Patterns:
    return frozenset(pattern for pattern in patterns if pattern)


def parameters_of(example: Example) -> Sequence[str]:
    """What the case sets beside its documents, in words."""
    told = [f"parameter {name} = {value}" for name, value in sorted(example.params.items())]
    told += [f"role {name} = {'true' if value else 'false'}" for name, value in sorted(example.roles.items())]
    return [*told, *(f"no claim that {kind} is complete" for kind in example.open_kinds)]
