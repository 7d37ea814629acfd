"""Predicates as plain English: a short one is a phrase, a long one a list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import assert_never

from ccpolicy.backends.english_tests import cadence_said, count_said, unique_said, verb_said
from ccpolicy.backends.english_words import (
    BREATH,
    Names,
    Said,
    code,
    entries_said,
    joined,
    led,
    listing,
    none_there_said,
    number_of_said,
    operand_said,
    out_of_said,
    place_said,
    plain,
    words_in,
)
from ccpolicy.documents.path import Path
from ccpolicy.language.expr import (
    AllOf,
    AnyOf,
    Cadence,
    Compares,
    Counts,
    Every,
    EveryPath,
    IfThenElse,
    Leaf,
    Literally,
    Meets,
    NoneOf,
    Not,
    Predicate,
    Present,
    Some,
    UniqueBy,
)

ALL, ANY = "all of these hold:", "at least one of these holds:"
AS_THE_CASE = "as the case may be:"
_ABREAST = 3  # conditions joined in one phrase; more of them become a list
_STARTS = {
    "not_done": "the safeguard has not been passed",
    "done": "the safeguard counts as passed",
    "unknown": "it is not known whether the safeguard has been passed",
}
_INVOLVED = (Some, Every, NoneOf, Counts, UniqueBy, Cadence, EveryPath)  # tests that are a clause of their own


def predicate_said(node: Predicate, names: Names) -> Said:
    """What a predicate asks for: `x is true and y is at least 3`, or `all of these hold:` and a list."""
    match node:
        case Leaf():
            return _leaf(node, names)
        case AllOf():
            return _several(node, names)
        case AnyOf():
            return _several(node, names)
        case Not(child):
            return _negated(child, names)
        case IfThenElse():
            return _by_case(node, names)
        case Meets(name, child):
            return behind(f"{code(name)} is met, that is, ", child, names)
        case _:
            assert_never(node)


def behind(lead: str, node: Predicate, names: Names) -> Said:
    """The lead (which ends in a space) and the predicate; what is out of breath behind it becomes a list."""
    said = predicate_said(node, names)
    if isinstance(node, AllOf | AnyOf) and not said.parts and words_in(lead + said.text) > BREATH and len(_groups(_flat(node))) > 1:
        said = _listed(node, names)
    return led(lead, said)


def leaf_said(leaf: Leaf, names: Names) -> Said:
    """One condition as one phrase, without a list."""
    return Said(plain(_leaf(leaf, names)))


# ---- and, or, not, if ----------------------------------------------------------------------------------------------------------


def _flat(node: AllOf | AnyOf) -> list[Predicate]:
    """The children, those of a child of the same word included."""
    found: list[Predicate] = []
    for child in node.children:
        found += _flat(child) if isinstance(child, AllOf | AnyOf) and type(child) is type(node) else [child]
    return found


def _several(node: AllOf | AnyOf, names: Names) -> Said:
    """The children, joined by `and` or `or` if they are short and plain, else as a list."""
    word = "and" if isinstance(node, AllOf) else "or"
    groups = _groups(_flat(node))
    said = [_group(group, word, names) for group in groups]
    if len(said) == 1:
        return said[0]
    text = joined([one.text for one in said], word)
    short = len(said) <= _ABREAST and words_in(text) <= BREATH
    if short and all(_is_plain(group) for group in groups) and not any(one.parts for one in said):
        return Said(f"either {text}" if word == "or" else text)
    return _listed(node, names)


def _listed(node: AllOf | AnyOf, names: Names) -> Said:
    word, lead = ("and", ALL) if isinstance(node, AllOf) else ("or", ANY)
    return Said(lead, tuple(_group(group, word, names) for group in _groups(_flat(node))))


def _groups(children: Sequence[Predicate]) -> list[list[Predicate]]:
    """Neighbours that speak of the same place, together."""

    def subject(pair: tuple[int, Predicate]) -> object:
        number, child = pair
        return child.path if _is_plain([child]) and isinstance(child, Leaf) else number

    return [[child for _, child in group] for _, group in groupby(enumerate(children), subject)]


def _is_plain(group: Sequence[Predicate]) -> bool:
    return len(group) == 1 and isinstance(group[0], Leaf) and not isinstance(group[0].test, _INVOLVED)


def _group(group: Sequence[Predicate], word: str, names: Names) -> Said:
    first = predicate_said(group[0], names)
    if len(group) == 1:
        return first
    leaves = sorted((leaf for leaf in group if isinstance(leaf, Leaf)), key=_rank)
    subject = place_said(leaves[0].path, names)
    others = [_leaf(leaf, names) for leaf in leaves]
    verbs = [one.text.removeprefix(f"{subject} ") for one in others]
    if all(isinstance(leaf.test, Compares) for leaf in leaves):
        verbs = [verbs[0], *(verb.removeprefix("is ") for verb in verbs[1:])]
    text = f"{subject} {joined(verbs, word)}"
    if words_in(text) <= BREATH and not any(one.parts for one in others):
        return Said(text)
    return Said(ALL if word == "and" else ANY, tuple(others))


def _rank(leaf: Leaf) -> int:
    """Presence is said first, then what is a lower bound."""
    lower = isinstance(leaf.test, Compares) and leaf.test.order in ("at_least", "more_than", "after", "on_or_after")
    return 0 if isinstance(leaf.test, Present) else 1 if lower else 2


def _negated(child: Predicate, names: Names) -> Said:
    whole = predicate_said(child, names)
    match child:
        case AllOf() | AnyOf() if len(_groups(_flat(child))) == 1 and not whole.parts:
            return led("it is not the case that ", whole)
        case AnyOf():
            return Said("none of these holds:", tuple(predicate_said(one, names) for one in _flat(child)))
        case AllOf():
            return Said("at least one of these does not hold:", tuple(predicate_said(one, names) for one in _flat(child)))
        case Leaf():
            return led("it is not the case that ", whole)
        case _:
            return Said("this does not hold:", (whole,))


def _by_case(node: IfThenElse, names: Names) -> Said:
    cases = _cases(node, "if ", names)
    if node.otherwise is None and len(cases) == 2 and not cases[1].parts:
        return Said(f"{cases[1].text.removeprefix('then ')}, {cases[0].text}", cases[0].parts)
    return cases[0] if len(cases) == 1 else Said(AS_THE_CASE, cases)


def _cases(node: IfThenElse, word: str, names: Names) -> tuple[Said, ...]:
    """What follows in each case; an `if` behind an `else` is the next case."""
    condition = predicate_said(node.condition, names)
    if condition.parts:
        first: tuple[Said, ...] = (Said(word + condition.text, condition.parts), behind("then ", node.then, names))
    else:
        first = (behind(f"{word}{condition.text}, then ", node.then, names),)
    if node.otherwise is None:
        return first
    if isinstance(node.otherwise, IfThenElse):
        return (*first, *_cases(node.otherwise, "otherwise, if ", names))
    return (*first, behind("otherwise, ", node.otherwise, names))


# ---- conditions ----------------------------------------------------------------------------------------------------------------


def _leaf(leaf: Leaf, names: Names) -> Said:
    path = leaf.path
    match leaf.test:
        case Some(inner):
            return _of_members(out_of_said("at least one", path, names), "", inner, names)
        case Every(inner, allow_empty):
            note = " (if there are any)" if allow_empty else " (of which there is at least one)"
            return _of_members(out_of_said("every", path, names), note, inner, names)
        case NoneOf(inner):
            return _of_members(out_of_said("no", path, names), "", inner, names)
        case Counts():
            return _counted(leaf.test, path, names)
        case UniqueBy():
            return Said(unique_said(leaf.test, path, names))
        case Cadence():
            return cadence_said(leaf.test, path, names)
        case EveryPath():
            return _on_every_path(leaf.test, path, names)
        case _:
            return led(f"{place_said(path, names)} ", verb_said(leaf.test, names))


def _of_members(members: str, note: str, inner: Predicate, names: Names) -> Said:
    said = predicate_said(inner, names)
    if _is_of_itself(inner):
        return Said(f"{members}{note} {said.text.removeprefix('it ')}", said.parts)
    if said.parts and said.text.startswith("for "):
        return Said(f"for {members}{note}:", (said,))
    return behind(f"for {members}{note}, ", inner, names)


def _is_of_itself(node: Predicate) -> bool:
    """Whether a short condition speaks of the member itself, as `it`."""
    return isinstance(node, Leaf) and _is_plain([node]) and node.path == Path("", ())


def _counted(test: Counts, path: Path, names: Names) -> Said:
    if test.where is not None:
        return behind(f"{count_said(test, names)} of {entries_said(path, names)} are such that ", test.where, names)
    if test.at_least is None and test.at_most == Literally(0):
        return Said(none_there_said(path, names))
    return Said(f"the {number_of_said(path, names)} is {count_said(test, names)}")


def _on_every_path(test: EveryPath, path: Path, names: Names) -> Said:
    """The steps, what must come before what, and where the paths lead."""
    ways = [code(edge.source) for edge in test.next if edge.takes_effect]
    failed = [code(edge.source) for edge in test.next if not edge.takes_effect]
    parts = [
        behind("the safeguard is a step where ", test.first_passes, names),
        behind("a step needs it where ", test.to, names),
    ]
    if test.undone_by is not None:
        parts.append(behind("a step undoes it where ", test.undone_by, names))
    follow = f" and follow {listing(ways)}" if ways else ""
    parts.append(Said(f"paths start at {operand_said(test.start, names)}{follow}; steps are named by {place_said(test.id, names)}"))
    if failed:
        parts.append(Said(f"paths also follow {listing(failed)}, where a step that is left has not taken effect"))
    lead = f"on every path through the steps in {place_said(path, names)}, the safeguard comes before every step that needs it:"
    return Said(lead, (*parts, Said(f"at the start, {_STARTS[test.starts]}")))
