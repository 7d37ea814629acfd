"""A refused file without what is wrong with its form, so that the rest of it can be checked and all mistakes are told at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from ccpolicy.documents.pointer import Pointer
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.misreading import Found, complaints_of, model_at, nulls_of, pointer_of

ModelT = TypeVar("ModelT", bound=BaseModel)

_ROUNDS = 8
_CITATION = {"control": "-", "coverage": "full", "why": "-"}
_STUBS: dict[str, Any] = {
    **dict.fromkeys(("id", "title", "applies_to", "message", "remediation", "on"), "-"),
    "severity": "low",
    "controls": [_CITATION],
    "require": {},
    "predicate": {},
}
_UNFINISHED = frozenset({"empty-predicate", "empty-condition", "incomplete"})  # complaints that what was cut may have caused


@dataclass(frozen=True, slots=True)
class Cuts:
    """What was taken out of a file before its model was made, by pointer."""

    at: frozenset[Pointer] = frozenset()
    above: frozenset[Pointer] = frozenset()

    def hides(self, complaint: Complaint) -> bool:
        """Whether the complaint is about something that was cut, or lacks something because of it."""
        if any(complaint.at[:length] in self.at for length in range(len(complaint.at) + 1)):
            return True
        return complaint.code in _UNFINISHED and complaint.at in self.above

    def names(self, value: Any) -> frozenset[tuple[str, str]]:
        """The params, joins and measures that were cut, as (section, name), and (section, "") for `per` and `each`."""
        given = value if isinstance(value, dict) else {}
        found = {(str(cut[0]), str(cut[1])) for cut in self.at if len(cut) == 2}
        for (section,) in (cut for cut in self.at if len(cut) == 1):
            below = given.get(section)
            found |= {(str(section), str(name)) for name in below} if isinstance(below, dict) else set()
            found.add((str(section), ""))
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Attempt(Generic[ModelT]):
    """A file as a model, what is wrong with its form, and what was cut to make the model all the same."""

    model: ModelT | None
    complaints: tuple[Complaint, ...] = ()
    cuts: Cuts = Cuts()


def attempt(kind: type[ModelT], value: Any) -> Attempt[ModelT]:
    """The model, made by force where need be; None where nothing is left to check."""
    nulls = list(nulls_of(value, kind)) if kind in (syntax.RuleModel, syntax.DefinitionModel) else []
    try:
        model = kind.model_validate(value)
        errors: list[Found] = []
    except ValidationError as error:
        model, errors = None, _errors(error)
    if model is not None and not nulls:
        return Attempt(model)
    complaints = complaints_of(errors, value, kind)
    told = {complaint.at for complaint in complaints}
    complaints += [complaint for complaint in nulls if complaint.at not in told]
    return _forced(kind, value, errors, [complaint.at for complaint in nulls], complaints)


def _errors(error: ValidationError) -> list[Found]:
    return [dict(found) for found in error.errors(include_url=False)]


def _forced(
    kind: type[ModelT], value: Any, errors: Sequence[Found], nulls: Iterable[Pointer], complaints: Sequence[Complaint]
) -> Attempt[ModelT]:
    if not isinstance(value, dict) or kind not in (syntax.RuleModel, syntax.DefinitionModel):
        return Attempt(None, tuple(complaints))
    kept = deepcopy(value)
    blamed = list(nulls)
    cuts: set[Pointer] = set()
    for _ in range(_ROUNDS):
        blamed += [_blamed(found, kept) for found in errors]
        cuts |= {_cut(kept, at, kind) for at in blamed}
        blamed = []
        try:
            return Attempt(kind.model_validate(kept), tuple(complaints), _cuts(cuts))
        except ValidationError as error:
            errors = _errors(error)
    return Attempt(None, tuple(complaints))


def _cuts(at: Iterable[Pointer]) -> Cuts:
    cut = frozenset(at)
    return Cuts(cut, frozenset(pointer[:length] for pointer in cut for length in range(len(pointer))))


def _blamed(found: Found, value: Any) -> Pointer:
    """What has to go: the value that is wrong, or what lacks a key; a key that the file itself lacks is filled in."""
    loc = found["loc"]
    if found["type"] == "missing" and len(loc) > 1:
        return pointer_of(loc[:-1], value)
    return tuple(loc) if len(loc) == 1 else pointer_of(loc, value)


def _cut(value: Any, at: Pointer, kind: type[BaseModel]) -> Pointer:
    """Cuts a place out of the value, or what holds it, and returns what was cut."""
    if len(at) == 1 and at[0] in _STUBS:
        value[at[0]] = deepcopy(_STUBS[str(at[0])])
        return at
    owner: Any = value
    for token in at[:-1]:
        if not isinstance(owner, dict | list) or (isinstance(owner, dict) and token not in owner):
            return at  # gone already
        owner = owner[token]  # type: ignore[index]
    return _cut_from(value, owner, at, kind)


def _cut_from(value: Any, owner: Any, at: Pointer, kind: type[BaseModel]) -> Pointer:
    if not at:
        return at
    if isinstance(owner, dict):
        owner.pop(at[-1], None)
        return at
    stub = {syntax.Predicate: {}, syntax.ControlLink: _CITATION}.get(model_at(kind, at))
    if stub is None or not isinstance(owner, list):
        return _cut(value, at[:-1], kind) if len(at) > 1 else at
    owner[at[-1]] = dict(stub)  # type: ignore[index]
    return at
