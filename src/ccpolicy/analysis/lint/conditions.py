"""Lints about conditions that say more than they need to, or that can never hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ccpolicy.analysis.lint.lint import CatalogueFile, Lint, Note, Subject, World, pointer_at
from ccpolicy.analysis.lint.standing import branches, nodes
from ccpolicy.backends.phrases import value_text
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import Path
from ccpolicy.language.expr import (
    AllOf,
    AnyOf,
    Between,
    Compared,
    Compares,
    Counts,
    Equals,
    Leaf,
    Listed,
    Literally,
    Not,
    OneOf,
    Operand,
    Predicate,
    Present,
    Test,
)


def _predicates(subject: Subject, world: World) -> Iterator[Predicate]:
    if not isinstance(subject, CatalogueFile):
        for branch in branches(subject, world.kinds):
            yield branch.predicate


# ---- needless ------------------------------------------------------------------------------------------------------------------


def _needless(subject: Subject, world: World) -> Iterator[Note]:
    for whole in _predicates(subject, world):
        for node in nodes(whole):
            found = _excess(node)
            if found:
                yield Note(pointer_at(node.place), *found)


def _excess(node: Predicate) -> tuple[str, str] | None:
    """What could be left out of a node, and what to write."""
    last = node.place.rpartition("/")[2]
    match node:
        case AllOf((_,)) | AnyOf((_,)) if last in ("all_of", "any_of"):
            return f"`{last}` has one member only", "write the member in its place"
        case Not(Not(place=below)) if below == f"{node.place}/not":
            return "`not` of `not` says nothing", "write what stands in the inner one"
        case Leaf(word="in" | "not_in" as word, test=OneOf(Listed((_,)))):
            return f"`{word}` has one value only", f"write `{'is' if word == 'in' else 'is_not'}` and the value"
        case Leaf(word="contains_all", test=Compared(values=Listed((_,)))):
            return "`contains_all` has one value only", "write `contains` and the value"
        case _:
            return None


NEEDLESS = Lint(
    id="needless",
    title="A word that could be left out without changing what the rule says",
    why="""\
Every word of a rule is read by somebody who has to be sure of it. `all_of` or `any_of` of one member, `not` of `not`, and a list of
one value make readers look for what is not there; most often something has been taken out, and these words were left behind.""",
    failing="require:\n  all_of:\n    - longest_wait: {at_most: 60}\n",
    passing="require:\n  longest_wait: {at_most: 60}\n",
    check=_needless,
)

# ---- contradictory -------------------------------------------------------------------------------------------------------------


def _contradictory(subject: Subject, world: World) -> Iterator[Note]:
    for whole in _predicates(subject, world):
        inside = {id(child) for node in nodes(whole) if isinstance(node, AllOf) for child in node.children}
        for node in nodes(whole):
            if id(node) not in inside:
                yield from _clashes(node)


def _clashes(node: Predicate) -> Iterator[Note]:
    """Contradictions between the leaves of one conjunction, at the later leaf."""
    by_path: dict[Path, list[Leaf]] = defaultdict(list)
    for leaf in _joined_by_and(node):
        by_path[leaf.path].append(leaf)
    for path, leaves in by_path.items():
        yield from _alone(leaves)
        for number, later in enumerate(leaves):
            earlier = next((leaf for leaf in leaves[:number] if _exclude(leaf.test, later.test)), None)
            if earlier is not None:
                message = f"`{path}` cannot be both {_said(earlier)} and {_said(later)}: this never holds"
                yield Note(pointer_at(later.place), message, "take one of them out, or put the two into `any_of`")
                break


def _alone(leaves: list[Leaf]) -> Iterator[Note]:
    for leaf in leaves:
        match leaf.test:
            case Counts(at_least=Literally(least), at_most=Literally(most)) if _less(most, least):
                message = f"no number is at least {value_text(least)} and at most {value_text(most)}: this never holds"
                yield Note(pointer_at(leaf.place), message, "the number of `at_least` is not above that of `at_most`")
            case _:
                pass


def _joined_by_and(node: Predicate) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, AllOf):
        for child in node.children:
            yield from _joined_by_and(child)


def _said(leaf: Leaf) -> str:
    match leaf.test:
        case Present(wanted):
            return "present" if wanted else "absent"
        case Equals(Literally(value)) | Compares(operand=Literally(value)):
            return f"`{leaf.word}: {value_text(value).strip('`')}`"
        case _:
            return f"what `{leaf.word}` asks for"


def _exclude(left: Test, right: Test) -> bool:
    """Whether no value satisfies both tests. Only what is written out counts."""
    if Present(False) in (left, right):
        return left != right
    if isinstance(left, Present) or isinstance(right, Present):
        return False
    listed, other = (left, right) if _listed(left) is not None else (right, left)
    values = _listed(listed)
    if values is not None:
        return not any(_satisfies(value, other) for value in values)
    return _apart(_span(left), _span(right))


def _listed(test: Test) -> tuple[Any, ...] | None:
    """The only values that satisfy a test, if they are written out."""
    match test:
        case Equals(Literally(value), negated=False):
            return (value,)
        case OneOf(Listed(values), negated=False):
            return tuple(one.value for one in values)
        case _:
            return None


def _satisfies(value: Any, test: Test) -> bool:
    """Whether a value satisfies a test, as far as that is written out: what cannot be told counts as satisfied."""
    match test:
        case Equals(Literally(other), negated=negated):
            return _equal(value, other) is not negated
        case OneOf(Listed(values), negated=False):
            return any(_equal(value, other.value) is not False for other in values)
        case OneOf(Listed(values), negated=True):
            return not any(_equal(value, other.value) for other in values)
        case Compares() | Between():
            return not _apart((value, False, value, False), _span(test))
        case _:
            return True


Span = tuple[Any, bool, Any, bool]  # lowest and whether it is left out, highest and whether it is left out; None is open


def _span(test: Test) -> Span:
    match test:
        case Compares("at_least" | "on_or_after", Literally(value)):
            return value, False, None, False
        case Compares("more_than" | "after", Literally(value)):
            return value, True, None, False
        case Compares("at_most" | "on_or_before", Literally(value)):
            return None, False, value, False
        case Compares("less_than" | "before", Literally(value)):
            return None, False, value, True
        case Between(low, high):
            return _literal(low), False, _literal(high), False
        case _:
            return None, False, None, False


def _literal(operand: Operand) -> Any:
    return operand.value if isinstance(operand, Literally) else None


def _apart(left: Span, right: Span) -> bool:
    return _above(left, right) or _above(right, left)


def _above(left: Span, right: Span) -> bool:
    """Whether the lowest of one is above the highest of the other."""
    low, low_out, high, high_out = left[0], left[1], right[2], right[3]
    return _less(high, low) or (low is not None and high is not None and bool(_equal(low, high)) and (low_out or high_out))


def _equal(left: Any, right: Any) -> bool | None:
    """Whether two values of a rule are equal; None where it depends on a time zone, or on the months that are meant."""
    match left, right:
        case (Duration(), Duration()):
            return left.size() == right.size() if left.family() == right.family() != "mixed" else None
        case (date(), date()) if isinstance(left, datetime) != isinstance(right, datetime):
            return None
        case _:
            return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _less(left: Any, right: Any) -> bool:
    """Whether one is less than the other; no where that cannot be told."""
    match left, right:
        case (bool(), _) | (_, bool()):
            return False
        case (int() | Fraction(), int() | Fraction()):
            return bool(left < right)
        case (Duration(), Duration()):
            return left.family() == right.family() != "mixed" and left.size() < right.size()
        case (date(), date()):
            return isinstance(left, datetime) == isinstance(right, datetime) and left < right
        case _:
            return False


CONTRADICTORY_CONDITIONS = Lint(
    id="contradictory-conditions",
    title="Conditions that can never hold together",
    why="""\
Conditions beside each other are joined by and. If no value satisfies both, the whole never holds: a `require` that says it fails
every document, a `when` makes a rule that never applies and looks as if it kept watch. Only what is written out is compared, not
parameters or other fields.""",
    failing="require: {longest_wait: {at_least: 90, at_most: 60}}\n",
    passing="require: {longest_wait: {at_least: 0, at_most: 60}}\n",
    check=_contradictory,
)

LINTS = (NEEDLESS, CONTRADICTORY_CONDITIONS)
