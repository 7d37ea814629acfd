"""The lint about messages that do not show the value on which the rule failed."""

from __future__ import annotations

from collections.abc import Iterator

from ccpolicy.analysis.lint.lint import Lint, Note, RuleFile, World, for_rules
from ccpolicy.analysis.lint.standing import Standing, entered, scope_of
from ccpolicy.documents.path import Path
from ccpolicy.language.expr import (
    AllOf,
    Between,
    Compares,
    DoneWithin,
    Equals,
    Every,
    IfThenElse,
    Leaf,
    Literally,
    Meets,
    OneOf,
    Predicate,
    Window,
)
from ccpolicy.language.scope import Scope
from ccpolicy.rulebook.rule import Placeholder


def _message_without_values(file: RuleFile, world: World) -> Iterator[Note]:
    compared = [found for found in _blamed(file.rule.require, scope_of(file.rule, world.kinds)) if _has_value(found)]
    holes = [part for part in file.rule.message if isinstance(part, Placeholder)]
    if not compared or any(hole.word == "actual" or _shows(hole.path, compared) for hole in holes):
        return
    path = compared[0].leaf.path
    what = "shows no value at all" if not holes else "does not show the value that failed"
    yield Note(
        ("message",), f"the message {what}: the rule compares `{path}`", "write {actual} into it, or the path of the value in braces"
    )


def _shows(path: Path | None, compared: list[Standing]) -> bool:
    return path is not None and any(path == found.leaf.path for found in compared)


def _blamed(node: Predicate, scope: Scope) -> Iterator[Standing]:
    """The leaves that a finding of this predicate may stand at, and whose value it can show."""
    match node:
        case Leaf():
            place = scope.place(node.path)
            yield Standing(node, scope, place)
            if isinstance(node.test, Every):
                yield from _blamed(node.test.predicate, scope.inside(entered(place)))
        case AllOf(children):
            for child in children:
                yield from _blamed(child, scope)
        case IfThenElse():
            for branch in (node.then, node.otherwise):
                yield from _blamed(branch, scope) if branch is not None else ()
        case Meets():
            yield from _blamed(node.predicate, scope)
        case _:
            pass  # of `any_of` and `not` the finding stands at the node, which has no value


def _has_value(found: Standing) -> bool:
    """Whether there is a value that a reader would want to see: not one that is true or false, nor one that is never shown."""
    if found.place.shape is not None and found.place.shape.sensitive:
        return False
    match found.leaf.test:
        case Equals(Literally(bool())):
            return False
        case Equals() | OneOf() | Compares() | Between() | Window() | DoneWithin():
            return True
        case _:
            return False


MESSAGE_WITHOUT_VALUES = Lint(
    id="message-without-values",
    title="The message does not show the value that the rule compares",
    why="""\
"The wait is too long" sends its reader to look for the number; "the wait is 95 seconds; expected at most 60" does not. A rule that
compares a number, a date, a text or a duration has such a value: `{actual}`, or the path of the value in braces. Nothing is asked of
rules that only look for something present, at true or false, at members of a list, at letters of a long text, or at values that are
never shown.""",
    failing='message: "queue `{name}` lets callers wait too long"\n',
    passing='message: "queue `{name}` lets callers wait {actual} seconds; expected {expected}"\n',
    check=for_rules(_message_without_values),
)

LINTS = (MESSAGE_WITHOUT_VALUES,)
