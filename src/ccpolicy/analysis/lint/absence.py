"""The lint about negative words on fields that may be missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccpolicy.analysis.lint.lint import CatalogueFile, Lint, Note, RuleFile, Subject, World, pointer_at
from ccpolicy.analysis.lint.standing import branches, entered, may_be_missing
from ccpolicy.documents.path import HERE, Path
from ccpolicy.language.expr import AllOf, AnyOf, Equals, IfThenElse, Leaf, Meets, NoneOf, Not, OneOf, Predicate, Present, Test
from ccpolicy.language.scope import Scope
from ccpolicy.language.walk import inner


def _is_not_on_optional(subject: Subject, world: World) -> Iterator[Note]:
    if isinstance(subject, CatalogueFile):
        return
    for branch in branches(subject, world.kinds):
        told: frozenset[Path] = frozenset()
        if branch.place == "require" and isinstance(subject, RuleFile) and subject.rule.when is not None:
            told = _told([subject.rule.when])
        for leaf in _bare(branch.predicate, branch.scope, told):
            yield Note(pointer_at(leaf.place), *_sentence(leaf))


def _sentence(leaf: Leaf) -> tuple[str, str]:
    message = f"`{leaf.path}` may be missing, and then nobody can tell: `{leaf.word}` neither holds nor fails"
    hint = f"`present: true` beside it makes absence a fail, `if: {{{leaf.path}: {{present: true}}}}` a pass; or require it in the schema"
    return message, hint


def _bare(node: Predicate, scope: Scope, told: frozenset[Path]) -> Iterator[Leaf]:
    """The negative leaves on what may be missing; `told` are paths of whose absence something beside them speaks."""
    match node:
        case Leaf():
            if _negative(node.test) and node.path not in told and not scope.place(node.path).joined and may_be_missing(node.path, scope):
                yield node
            if not isinstance(node.test, NoneOf):  # in it, a negative word is a positive one
                member = scope.inside(entered(scope.place(node.path)))
                for part in inner(node):
                    yield from _bare(part, member, frozenset(path for path in told if path.root != HERE))
        case AllOf(children):
            for child in children:
                yield from _bare(child, scope, told | _told(children))
        case AnyOf(children):
            for child in children:
                yield from _bare(child, scope, told)
        case IfThenElse(condition, then, otherwise):
            yield from _bare(condition, scope, told)
            yield from _bare(then, scope, told | _told([condition]))
            if otherwise is not None:
                yield from _bare(otherwise, scope, told | _told_by_not(condition))
        case Not() | Meets():
            pass


def _negative(test: Test) -> bool:
    return isinstance(test, NoneOf) or (isinstance(test, Equals | OneOf) and test.negated)


def _told(nodes: Iterable[Predicate]) -> frozenset[Path]:
    """The paths at which something stands wherever all of the nodes hold, whatever the negative words among them say."""
    found: set[Path] = set()
    for node in nodes:
        match node:
            case Leaf(path=path, test=test) if not _negative(test) and test != Present(False):
                found.add(path)
            case AllOf(children):
                found |= _told(children)
            case AnyOf(children):
                found |= frozenset.intersection(*(_told([child]) for child in children))
            case Meets():
                found |= _told([node.predicate])
            case _:
                pass
    return frozenset(found)


def _told_by_not(condition: Predicate) -> frozenset[Path]:
    """The paths at which something stands wherever the condition is violated."""
    match condition:
        case Leaf(path=path, test=Present(False)):
            return frozenset([path])
        case Not(child):
            return _told([child])
        case _:
            return frozenset()


IS_NOT_ON_OPTIONAL = Lint(
    id="is-not-on-optional",
    title="A negative word on a field that may be missing",
    why="""\
`language: {is_not: none}` reads as if a queue without a language would pass. It does not, nor does it fail: what is missing makes
every comparison unknown, so the queue is undetermined, until somebody hands in the value. That may be what is meant. Where it is not,
the rule says what absence is: `present: true` beside it makes it a fail, a condition around it makes it a pass, and a schema that
requires the field makes it a finding of its own. The lint is silent where the same path is asked for something positive beside it or
in `when`.""",
    failing="require: {language: {is_not: none}}\n",
    passing="require: {language: {present: true, is_not: none}}\n",
    check=_is_not_on_optional,
)

LINTS = (IS_NOT_ON_OPTIONAL,)
