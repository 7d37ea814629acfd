"""Where the conditions of a rule or definition stand: each leaf with the place of the schema that it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ccpolicy.analysis.lint.lint import DefinitionFile, RuleFile
from ccpolicy.analysis.unfolding import over_of, where_place
from ccpolicy.documents.path import HERE, WILD, Path
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.shape import All, Atom, Either, Node
from ccpolicy.language.expr import AllOf, AnyOf, IfThenElse, Leaf, Meets, Not, Predicate
from ccpolicy.language.scope import Place, Scope, body_of, join_of
from ccpolicy.language.walk import inner
from ccpolicy.rulebook.rule import Rule

_NUMBER = frozenset({"number"})


@dataclass(frozen=True, slots=True)
class Branch:
    """A whole predicate of a file, and the names that hold in it."""

    place: str
    predicate: Predicate
    scope: Scope


@dataclass(frozen=True, slots=True)
class Standing:
    """A leaf, the names that hold where it stands, and what its path leads to."""

    leaf: Leaf
    scope: Scope
    place: Place


def branches(file: RuleFile | DefinitionFile, kinds: Mapping[str, Kind]) -> Iterator[Branch]:
    """The predicates of a file, in the order in which they are evaluated."""
    if isinstance(file, DefinitionFile):
        definition = file.definition
        body = body_of(definition.kind, kinds[definition.kind].shape())
        yield Branch("predicate", definition.predicate, Scope(Scope(body).place(Path(HERE, definition.pattern))))
    else:
        yield from _of_rule(file.rule, kinds)


def scope_of(rule: Rule, kinds: Mapping[str, Kind]) -> Scope:
    """The names that hold at the focus of a rule."""
    body = body_of(rule.foci.kind, kinds[rule.foci.kind].shape())
    focus = body if rule.foci.each is None else Scope(body).place(rule.foci.each)
    joins = {name: join_of(join.kind, kinds[join.kind].shape()) for name, join in rule.joins.items()}
    return Scope(focus, focus, rule.foci.per is not None, joins, dict.fromkeys(rule.measures, Place(_NUMBER)))


def _of_rule(rule: Rule, kinds: Mapping[str, Kind]) -> Iterator[Branch]:
    scope = scope_of(rule, kinds)
    for name, join in rule.joins.items():
        if join.where is not None:
            theirs = body_of(join.kind, kinds[join.kind].shape())
            yield Branch(f"with/{name}/where", join.where, replace(scope, here=theirs, joins={}, measures={}))
    for measure in rule.measures.values():
        over = over_of(measure.formula)
        if over is not None and over.where is not None:
            yield Branch(where_place(measure), over.where, scope.inside(_member(over.of, scope)))
    if rule.when is not None:
        yield Branch("when", rule.when, scope)
    yield Branch("require", rule.require, scope)


def _member(source: Path, scope: Scope) -> Place:
    place = scope.place(source)
    return place if WILD in source.steps else entered(place)


def entered(place: Place) -> Place:
    """What the members of a list, map or join are."""
    return place.member() or Place(frozenset({"any"}))


def standings(node: Predicate, scope: Scope) -> Iterator[Standing]:
    """The leaves of a predicate at every depth, but for those of definitions."""
    match node:
        case Leaf():
            place = scope.place(node.path)
            yield Standing(node, scope, place)
            for part in inner(node):
                yield from standings(part, scope.inside(entered(place)))
        case AllOf() | AnyOf() | Not() | IfThenElse():
            for part in inner(node):
                yield from standings(part, scope)
        case Meets():
            pass


def nodes(node: Predicate) -> Iterator[Predicate]:
    """The node and all below it, from the outside in, but for what definitions say."""
    yield node
    if not isinstance(node, Meets):
        for part in inner(node):
            yield from nodes(part)


def may_be_missing(path: Path, scope: Scope) -> bool:
    """Whether the schema allows that nothing, or null, stands at the path of a document's body. Of other names it says no."""
    place = scope.here if path.root == HERE else scope.focus if path.root == "focus" else None
    for step in path.steps if place is not None else ():
        if place is None or place.shape is None or not (isinstance(step, str) and _requires(place.shape.node, step)):
            return True
        place = place.step(step)
    return place is not None and place.shape is not None and "null" in place.types


def _requires(node: Node, key: str) -> bool:
    match node:
        case Atom(schema):
            return key in schema.get("required", ())
        case All(parts):
            return any(_requires(part, key) for part in parts)
        case Either(found):
            return all(_requires(branch, key) for branch in found)
