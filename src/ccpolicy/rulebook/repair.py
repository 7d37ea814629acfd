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

    def hides(self, complaint: Complaint) -> bool:
        """Whether the complaint is about something that was cut, or lacks something because of it."""
        if any(complaint.at[: len(cut)] == cut for cut in self.at):
            return True
        return complaint.code in _UNFINISHED and any(cut[: len(complaint.at)] == complaint.at for cut in self.at)


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
    cuts = {_cut(kept, at, kind) for at in nulls}
    for _ in range(_ROUNDS):
        cuts |= {_cut(kept, _blamed(found, kept, kind), kind) for found in errors}
        try:
            return Attempt(kind.model_validate(kept), tuple(complaints), Cuts(frozenset(cuts)))
        except ValidationError as error:
            errors = _errors(error)
    return Attempt(None, tuple(complaints))


def _blamed(found: Found, value: Any, kind: type[BaseModel]) -> Pointer:
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
    owner = value
    for token in at[:-1]:
        if not isinstance(owner, dict | list) or (isinstance(owner, dict) and token not in owner):
            return at  # gone already
        owner = owner[token]
    return _cut_from(value, owner, at, kind)


def _cut_from(value: Any, owner: Any, at: Pointer, kind: type[BaseModel]) -> Pointer:
    if isinstance(owner, dict):
        owner.pop(at[-1], None)
        return at
    stub = {syntax.Predicate: {}, syntax.ControlLink: _CITATION}.get(model_at(kind, at))
    if stub is None or not isinstance(owner, list):
        return _cut(value, at[:-1], kind) if len(at) > 1 else at
    owner[at[-1]] = dict(stub)
    return at
