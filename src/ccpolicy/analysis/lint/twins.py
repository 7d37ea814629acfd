"""The lint about rules that say the same, up to the names of their joins and measures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from ccpolicy.analysis.lint.lint import Lint, Note, RuleFile, World, for_rules
from ccpolicy.documents.path import Path
from ccpolicy.language.derived import Join, Measure
from ccpolicy.language.expr import AllOf, AnyOf, Meets
from ccpolicy.rulebook.rule import Rule

_SILENT = {"place", "phrase", "description", "unit"}  # what changes no verdict


def twins_of(rules: Mapping[str, Rule]) -> dict[str, str]:
    """The rules that are equal to one before them in the given order, with that one."""
    first: dict[str, str] = {}
    twins: dict[str, str] = {}
    definitions: dict[str, str] = {}
    for name, rule in rules.items():
        other = first.setdefault(_digest(rule, definitions), name)
        if other != name:
            twins[name] = other
    return twins


def _digest(rule: Rule, definitions: dict[str, str]) -> str:
    """Equal for rules that give every document the same verdict because they say the same."""
    writing = _Writing(definitions)
    for name, join in rule.joins.items():
        writing.names[name] = writing.digest(join)
    for name, measure in rule.measures.items():
        writing.names[name] = writing.digest(measure)
    parameters = tuple(rule.parameters[name] for name in sorted(rule.parameters))
    return writing.digest((rule.foci, rule.zone, parameters, rule.when, rule.require))


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes a node so that the order of conditions and the names of joins, measures and definitions do not matter."""

    definitions: dict[str, str]
    names: dict[str, str] = field(default_factory=dict)

    def digest(self, node: Any) -> str:
        """A short text that is equal for equal nodes."""
        return sha256(self.text(node).encode("utf-8", "surrogatepass")).hexdigest()

    def text(self, node: Any) -> str:
        """The node in one way of writing."""
        match node:
            case Path(root, steps):
                return f"Path({self.names.get(root, root)!r}, {steps!r})"
            case Meets(name, predicate):
                return self._met(name, predicate)
            case AllOf() | AnyOf():
                return self._gathered(node)
            case ZoneInfo():
                return repr(node.key)
            case tuple():
                return f"({', '.join([self.text(part) for part in node])})"
            case Join() | Measure():
                return self._parts(node, {"name"})
            case _ if is_dataclass(node):
                return self._parts(node, set())
            case _:
                return repr(node)

    def _met(self, name: str, predicate: Any) -> str:
        if name not in self.definitions:
            self.definitions[name] = self.text(predicate)
        return self.definitions[name]

    def _gathered(self, node: AllOf | AnyOf) -> str:
        parts = sorted({self.text(child) for child in node.children})
        return parts[0] if len(parts) == 1 else f"{type(node).__name__}({', '.join(parts)})"

    def _parts(self, node: Any, silent: set[str]) -> str:
        known = [one.name for one in fields(node) if one.name not in _SILENT | silent]
        return f"{type(node).__name__}({', '.join([self.text(getattr(node, name)) for name in known])})"


def _equal_rules(file: RuleFile, world: World) -> Iterator[Note]:
    other = world.twins.get(file.name)
    if other is not None:
        hint = "keep one of them, and let it cite the controls of both"
        yield Note(("id",), f"the rule says the same as `{other}`, up to names and the order of conditions", hint)


EQUAL_RULES = Lint(
    id="equal-rules",
    title="Two rules that say the same",
    why="""\
One fact is checked once, and cites every control that it is evidence for. Two rules that say the same give two findings for one
fault, need two waivers, and one day differ. Names of joins, measures and definitions, and the order of conditions, make no
difference; parameters do, for an organisation sets them by name.""",
    failing="""\
id: queues/waiting-time
title: Callers are not kept waiting
severity: low
controls:
  - {control: house-1/1, coverage: partial, why: "the longest wait shows whether callers reach an agent, not how they are served"}
applies_to: queue
require: {longest_wait: {at_most: 60}}
message: "queue `{name}` lets callers wait {actual} seconds"
remediation: Add agents at the peak, or offer to call back.
""",
    passing="""\
id: queues/waiting-time
title: Callers are answered in their own language
severity: low
controls:
  - {control: house-1/1, coverage: partial, why: "the languages of a queue show whether callers are understood, not how they are served"}
applies_to: queue
require: {languages: {count: {at_least: 2}}}
message: "queue `{name}` speaks {actual} languages"
remediation: Add an agent who speaks the language, or an interpreter.
""",
    check=for_rules(_equal_rules),
    file="checks/queues/waiting-time.yaml",
)

LINTS = (EQUAL_RULES,)
