"""Definitions: named predicates, read in the order in which they meet one another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ccpolicy.documents.path import NoPath, read_source
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.errors import Problem, did_you_mean
from ccpolicy.language.scope import NoPlace, Place, Scope, body_of
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Definition, Ledger
from ccpolicy.rulebook.lower import predicate
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text
from ccpolicy.rulebook.repair import Attempt
from ccpolicy.rulebook.sources import unique_files

_LONGEST_CHAIN = 60  # definitions that meet one another, one after the other
_AT: Pointer = ("predicate",)


@dataclass(slots=True)
class _Reading:
    kinds: Mapping[str, Kind]
    found: dict[str, tuple[Text, Attempt[syntax.DefinitionModel]]] = field(default_factory=dict)
    done: dict[str, Definition] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)


def load_definitions(
    packs: Sequence[Pack], kinds: Mapping[str, Kind], problems: list[Problem]
) -> tuple[dict[str, Definition], frozenset[str]]:
    """The definitions by name, and the names of those that are refused; why is added to the problems."""
    reading = _Reading(kinds, problems=problems)
    for text, name in unique_files(packs, "definitions", lambda below: True, problems):
        reading.found[name] = (text, text.attempt(syntax.DefinitionModel))
    for name in reading.found:
        _define(name, (), reading)
    return reading.done, frozenset(reading.refused)


def _define(name: str, above: tuple[str, ...], reading: _Reading) -> None:
    if name in reading.done or name in reading.refused or name not in reading.found:
        return
    text, made = reading.found[name]
    ledger = Ledger(reading.kinds, definitions=reading.done, refused=reading.refused)
    for other, at in () if made.model is None else _met(made.model.predicate, _AT):
        circle = (*above, name)
        if other in circle:
            ledger.complain(at, "cycle", _circle((*circle[circle.index(other) :], other)), "let one of them say it in its own words")
            reading.refused.add(other)
        elif len(above) == _LONGEST_CHAIN:
            message = f"more than {_LONGEST_CHAIN} definitions meet one another, one after the other"
            ledger.complain(at, "too-deep", message, "let definitions meet fewer others")
            reading.refused.add(other)
        else:
            _define(other, circle, reading)
    _finish(name, text, made, ledger, reading)


def _circle(names: Sequence[str]) -> str:
    return "definitions meet one another in a circle: " + " -> ".join(f"`{name}`" for name in names)


def _finish(name: str, text: Text, made: Attempt[syntax.DefinitionModel], ledger: Ledger, reading: _Reading) -> None:
    """Lowers the definition, now that those that it meets are there."""
    definition = None if made.model is None else _definition(name, made.model, ledger)
    complaints = [*made.complaints, *(one for one in ledger.complaints if not made.cuts.hides(one))]
    reading.problems += text.problems(complaints)
    if definition is None or complaints:
        reading.refused.add(name)
    else:
        reading.done[name] = definition


def _definition(name: str, model: syntax.DefinitionModel, ledger: Ledger) -> Definition | None:
    kind_name, _, source = model.on.partition("/")
    kind = ledger.kinds.get(kind_name)
    if kind is None:
        hint = did_you_mean(kind_name, ledger.kinds) or "`on` is a kind, or a kind, `/` and a source"
        ledger.complain(("on",), "unknown-kind", f"there is no kind `{kind_name}`", hint)
        return None
    body = body_of(kind.name, kind.shape())
    place = _place(source, body, ledger)
    if place is None:
        return None
    lowered = predicate(model.predicate, Scope(place), ledger, _AT)
    noted = frozenset(ledger.reads), frozenset(ledger.touched)
    return Definition(name, kind.name, place.pattern, lowered, ledger.depth, ledger.size, *noted)


def _place(source: str, body: Place, ledger: Ledger) -> Place | None:
    try:
        return Scope(body).place(read_source(source)) if source else body
    except NoPath as error:
        ledger.complain(("on",), "bad-path", str(error))
    except NoPlace as error:
        ledger.complain(("on",), "unknown-path", str(error), error.hint)
    return None


def _met(model: syntax.Predicate, at: Pointer) -> Iterator[tuple[str, Pointer]]:
    """The definitions that a predicate names, at any depth, each with its place."""
    if model.meets:
        yield model.meets, (*at, "meets")
    for word, children in (("all_of", model.all_of), ("any_of", model.any_of)):
        for number, child in enumerate(children or ()):
            yield from _met(child, (*at, word, number))
    for word, branch in (("not", model.not_), ("if", model.if_), ("then", model.then), ("else", model.else_)):
        if branch is not None:
            yield from _met(branch, (*at, word))
    for path, condition in (model.model_extra or {}).items():
        yield from _met_in(condition, (*at, path))


def _met_in(condition: syntax.Condition, at: Pointer) -> Iterator[tuple[str, Pointer]]:
    below = [(word, getattr(condition, word)) for word in ("some", "every", "none")]
    if condition.count is not None:
        below.append(("count/where", condition.count.where))
    if condition.every_path is not None:
        below += [(f"every_path/{word}", getattr(condition.every_path, word)) for word in ("to", "first_passes", "undone_by")]
    for words, child in below:
        if child is not None:
            yield from _met(child, (*at, *words.split("/")))
