"""Lints about names that nothing uses: parameters, joins, measures and definitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ccpolicy.analysis.lint.lint import DefinitionFile, Lint, Note, RuleFile, Subject, World, for_rules
from ccpolicy.documents.path import Path
from ccpolicy.language.expr import FromParam, Meets
from ccpolicy.language.walk import parts
from ccpolicy.rulebook.ledger import Definition
from ccpolicy.rulebook.rule import Placeholder, Rule


def _parts(node: Any) -> Iterator[Any]:
    """Everything that a node of the IR is made of, at every depth, but for what definitions say."""
    return parts(node, Meets)


def _conditions(rule: Rule) -> tuple[Any, ...]:
    return (rule.when, rule.require)


# ---- parameters ----------------------------------------------------------------------------------------------------------------


def _unused_parameter(file: RuleFile, world: World) -> Iterator[Note]:
    rule = file.rule
    derived = (*rule.joins.values(), *rule.measures.values())
    used = {part.name for part in _parts((*_conditions(rule), *derived)) if isinstance(part, FromParam)}
    said = {part.word.removeprefix("param.") for part in rule.message if isinstance(part, Placeholder)}
    for name in rule.parameters:
        if name not in used:
            message = f"nothing depends on the parameter `{name}`" + ("; only the message names it" if name in said else "")
            yield Note(("params", name), message, f"write `{{param: {name}}}` where its value is meant, or take it out")


UNUSED_PARAMETER = Lint(
    id="unused-parameter",
    title="A parameter that nothing depends on",
    why="""\
An organisation that sets a parameter trusts that something changes. If no condition, join or measure reads it, nothing does: the
bound was written out a second time, or the parameter is left over from an earlier state of the rule.""",
    failing="params:\n  longest: {type: integer, default: 60}\nrequire: {longest_wait: {at_most: 60}}\n",
    passing="params:\n  longest: {type: integer, default: 60}\nrequire: {longest_wait: {at_most: {param: longest}}}\n",
    check=for_rules(_unused_parameter),
)

# ---- joins and measures --------------------------------------------------------------------------------------------------------


def _reached(rule: Rule) -> set[str]:
    """The joins and measures that conditions or the message look at, through measures or not."""
    found: set[str] = set()
    waiting: list[Any] = [*_conditions(rule), *(part.path for part in rule.message if isinstance(part, Placeholder))]
    while waiting:
        roots = {part.root for part in _parts(waiting.pop()) if isinstance(part, Path)} - found
        found |= roots
        waiting += [rule.measures[name] for name in roots if name in rule.measures]
    return found


def _unused_join(file: RuleFile, world: World) -> Iterator[Note]:
    for name in file.rule.joins.keys() - _reached(file.rule):
        hint = f"name it by `${name}` in `when`, `require` or a measure, or take it out"
        yield Note(("with", name), f"nothing looks at the join `{name}`", hint)


UNUSED_JOIN = Lint(
    id="unused-join",
    title="A join that nothing looks at",
    why="""\
A join that no condition enters proves nothing, and yet it costs: its documents are asked for as evidence, indexed and joined. Most
often the condition that was to enter it has been lost.""",
    failing="""\
with:
  agents: {from: agent, as: agents of the queue, key: {theirs: queue_id, ours: id}}
require: {longest_wait: {at_most: 60}}
""",
    passing="""\
with:
  agents: {from: agent, as: agents of the queue, key: {theirs: queue_id, ours: id}}
require: {$agents: {count: {at_least: 1}}}
""",
    check=for_rules(_unused_join),
)


def _unused_measure(file: RuleFile, world: World) -> Iterator[Note]:
    for name in file.rule.measures.keys() - _reached(file.rule):
        hint = f"compare it by `${name}` in `when` or `require`, or take it out"
        yield Note(("measure", name), f"nothing looks at the measure `{name}`", hint)


UNUSED_MEASURE = Lint(
    id="unused-measure",
    title="A measure that nothing looks at",
    why="""\
A measure that no condition compares, and no message shows, decides nothing. A measure that is used only by such a measure decides
nothing either.""",
    failing="measure:\n  spoken: {count: {of: languages}}\nrequire: {longest_wait: {at_most: 60}}\n",
    passing="measure:\n  spoken: {count: {of: languages}}\nrequire: {$spoken: {at_least: 1}}\n",
    check=for_rules(_unused_measure),
)

# ---- definitions ---------------------------------------------------------------------------------------------------------------


def met_by(rules: Mapping[str, Rule]) -> frozenset[str]:
    """The definitions that rules meet, through other definitions or not."""
    met: set[str] = set()
    for rule in rules.values():
        waiting: list[Any] = [(*_conditions(rule), *rule.joins.values(), *rule.measures.values())]
        while waiting:
            fresh = [part for part in _parts(waiting.pop()) if isinstance(part, Meets) and part.name not in met]
            met |= {part.name for part in fresh}
            waiting += [part.predicate for part in fresh]
    return frozenset(met)


def _unused_definition(subject: Subject, world: World) -> Iterator[Note]:
    match subject:
        case DefinitionFile(definition=Definition(name)) if name not in world.met:
            yield Note(
                ("predicate",), f"no rule meets the definition `{name}`", f"write `meets: {name}` where it is meant, or take the file out"
            )
        case _:
            pass


UNUSED_DEFINITION = Lint(
    id="unused-definition",
    title="A definition that no rule meets",
    why="""\
A definition is there so that several rules say the same thing in the same words. One that no rule meets is read and kept up for
nothing; or a rule says in its own words what it should take from here.""",
    failing="require: {longest_wait: {at_most: 60}}\n",
    passing="require: {meets: patient}\n",
    check=_unused_definition,
    more={"definitions/patient.yaml": "on: queue\npredicate: {longest_wait: {at_most: 60}}\n"},
)

LINTS = (UNUSED_PARAMETER, UNUSED_JOIN, UNUSED_MEASURE, UNUSED_DEFINITION)
