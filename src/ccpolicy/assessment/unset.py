"""Which parameters that nobody has set each condition of a rule waits for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ccpolicy.backends.outcome import Culprit
from ccpolicy.documents.path import Path
from ccpolicy.language.expr import FromParam, Param, Predicate
from ccpolicy.language.walk import below, parts
from ccpolicy.rulebook.rule import Rule


def waiting(rule: Rule, params: Mapping[str, Param]) -> dict[str, tuple[str, ...]]:
    """The names by the place of the condition, and under "" those of the whole rule; nothing if all are set."""
    unset = {name for name in rule.parameters if params.get(name) is None}
    if not unset:
        return {}
    found = {node.place: tuple(sorted(unset & set(_reached(node, rule)))) for node in _conditions(rule)}
    return {"": tuple(sorted(unset)), **{place: names for place, names in found.items() if names}}


def waited_for(culprits: Iterable[Culprit], names: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Those that the culprits wait for: the innermost of them, as far as they are conditions."""
    found: set[str] = set()
    for culprit in culprits:
        if "param_unset" in culprit.reasons:
            found |= waited_for(culprit.detail, names) or set(names.get(culprit.place, ()) if culprit.place else ())
    return found


def _conditions(rule: Rule) -> Iterator[Predicate]:
    for node in (rule.when, rule.require):
        yield from below(node) if node is not None else ()


def _reached(node: Any, rule: Rule) -> Iterator[str]:
    """The parameters in a node, and in the joins and measures that it looks at, however deep."""
    ahead, entered = [node], set[str]()
    while ahead:
        for part in parts(ahead.pop()):
            if isinstance(part, FromParam):
                yield part.name
            elif isinstance(part, Path) and part.root not in entered:
                entered.add(part.root)
                ahead += [named[part.root] for named in (rule.joins, rule.measures) if part.root in named]
