"""Reading of rule, case and definition files: YAML to models, with every complaint placed at its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path as File
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.source import form_of, positions, read_value
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Complaint

ModelT = TypeVar("ModelT", bound=BaseModel)

_WORDS = ("all_of", "any_of", "not", "if", "then", "else", "meets")
_TYPES = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}


class Text:
    """One file: its bytes, its value, and the places in it."""

    def __init__(self, file: File, shown: str) -> None:
        """Raises Refused when the file is no YAML or JSON."""
        self.shown = shown
        self.data = file.read_bytes()
        form = form_of(file.name)
        self.form: Literal["json", "yaml"] = "json" if form == "json" else "yaml"
        self.value = read_value(self.data, shown, self.form)

    def problems(self, complaints: Iterable[Complaint]) -> list[Problem]:
        """The complaints, each at its line and column."""
        noted = list(complaints)
        places = positions(self.data, self.form, [(0, complaint.at) for complaint in noted])
        return [
            Problem(self.shown, *places.get((0, complaint.at), (1, 1)), complaint.code, complaint.message, complaint.hint)
            for complaint in noted
        ]

    def model(self, kind: type[ModelT]) -> ModelT:
        """The file as a model. Raises Refused with every complaint."""
        try:
            return kind.model_validate(self.value)
        except ValidationError as error:
            raise Refused(self.problems(_complaints(error, self.value))) from None


def _complaints(error: ValidationError, value: Any) -> list[Complaint]:
    return [_complaint(dict(found), value) for found in error.errors(include_url=False, include_context=True)]


def _complaint(found: Mapping[str, Any], value: Any) -> Complaint:
    at, owner = _located(found["loc"], value)
    word = str(found["loc"][-1]) if found["loc"] else ""
    match found["type"]:
        case "extra_forbidden":
            return Complaint((*at, word), "unknown-word", f"`{word}` is not a word that stands here", _suggestion(word, at))
        case "missing":
            return Complaint(at, "missing-word", f"`{word}` is missing here")
        case "literal_error":
            allowed = str(found["ctx"]["expected"]).replace("'", "`")
            return Complaint((*at, word) if word in _keys(owner) else at, "bad-value", f"`{word}` is {allowed}")
        case "too_short":
            return Complaint((*at, word), "empty-list", f"`{word}` is empty")
        case kind if kind in _TYPES:
            if not word:
                return Complaint((), "wrong-type", f"this file holds {_TYPES[kind]}")
            hint = "a condition is written `path: {operator: value}`" if _TYPES[kind] == "a map" and not _is_word(word) else ""
            return Complaint((*at, word), "wrong-type", f"`{word}` takes {_TYPES[kind]}", hint)
        case _:
            return Complaint((*at, word), "bad-value", f"`{word}`: {str(found['msg']).lower()}")


def _is_word(word: str) -> bool:
    return word in _WORDS or word in syntax.RuleModel.model_fields


def _keys(owner: Any) -> list[str]:
    return list(owner) if isinstance(owner, dict) else []


def _located(loc: tuple[str | int, ...], value: Any) -> tuple[Pointer, Any]:
    """The pointer of the owner of the last token, without the names of union branches, and the owner itself."""
    at: list[str | int] = []
    for token in loc[:-1]:
        if isinstance(value, dict) and token in value:
            value = value[token]
            at.append(token)
        elif isinstance(value, list) and isinstance(token, int) and token < len(value):
            value = value[token]
            at.append(token)
    return tuple(at), value


def _suggestion(word: str, at: Pointer) -> str:
    """The known words nearest to an unknown one, by where it stands."""
    owner = _model_at(at)
    known = [field.alias or name for name, field in owner.model_fields.items()]
    return did_you_mean(word, known) or (f"known are {either(known)}" if len(known) < 12 else "")


def _model_at(at: Pointer) -> type[BaseModel]:
    """Which model reads the map at a pointer: the last token that names one decides."""
    named: dict[str, type[BaseModel]] = {
        "params": syntax.ParamModel,
        "bounds": syntax.BoundsModel,
        "controls": syntax.ControlLink,
        "reached_from": syntax.ReachedFromModel,
        "per": syntax.PerModel,
        "with": syntax.JoinModel,
        "key": syntax.KeyModel,
        "measure": syntax.MeasureModel,
        "count": syntax.CountArgument,
        "done_within": syntax.DoneWithinArgument,
        "cadence": syntax.CadenceArgument,
        "every_path": syntax.EveryPathArgument,
        "cases": syntax.CaseModel,
        "expect": syntax.ExpectModel,
        "organisation": syntax.OrganisationModel,
    }
    if not at:
        return syntax.RuleModel
    if isinstance(at[-1], str) and at[-1] in named and at[-1] not in ("params", "with", "measure"):
        return named[at[-1]]
    if at[0] in ("params", "with", "measure", "controls", "cases") and len(at) == 2:
        return named[str(at[0])]
    if at[0] == "measure" and len(at) == 3:
        return syntax.PercentileModel if at[-1] == "percentile" else syntax.RatioModel if at[-1] == "ratio" else syntax.ColumnModel
    return syntax.Condition
