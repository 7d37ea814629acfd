"""What pydantic finds wrong with a file, in our own sentences and at the key or value that is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from ccpolicy.documents.pointer import Pointer
from ccpolicy.errors import did_you_mean, either
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Complaint

Found: TypeAlias = Mapping[str, Any]  # one error of pydantic
Loc: TypeAlias = "tuple[str | int, ...]"

WORDS = ("all_of", "any_of", "not", "if", "then", "else", "meets")
_TYPES = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a map",
    "model_type": "a map",
    "model_attributes_type": "a map",
}
_NOUNS = {
    "RuleModel": "a rule",
    "DefinitionModel": "a definition",
    "CasesModel": "a cases file",
    "CaseModel": "a case",
    "ExpectModel": "`expect`",
    "ControlLink": "a citation",
    "ParamModel": "a parameter",
    "JoinModel": "a join",
    "KeyModel": "a key",
    "PeriodModel": "a period",
    "MeasureModel": "a measure",
    "EdgeArgument": "an edge",
    "CatalogueModel": "a catalogue",
    "SilencesModel": "a lint.yaml",
    "SilenceModel": "a silence",
    "ControlModel": "a control",
    "ParameterModel": "a parameter of a control",
}
_SHAPES = {
    "Condition": "a condition is written `path: {operator: value}`",
    "Predicate": "a predicate is written `{path: {operator: value}}`",
    "ControlLink": "a citation is written `{control: <standard>/<number>, coverage: full, why: ...}`",
    "KeyModel": "a key is written `{theirs: path, ours: path}`",
    "PeriodModel": "a period is written `{month: {last: 3}}`",
    "JoinModel": "a join is written `name: {from: kind, as: phrase, key: {theirs: path, ours: path}}`",
    "MeasureModel": "a measure is written `name: {count: {of: $join}}`",
    "SilenceModel": "a silence is written `{lint: needless, rule: recording/*, reason: why it is meant}`",
    "ParamModel": "a parameter is written `name: {type: integer, default: 90}`",
}
_ELSEWHERE = {  # what other languages call our operators
    **dict.fromkeys(("equals", "eq", "equal", "==", "=", "const"), "is"),
    **dict.fromkeys(("not_equals", "ne", "neq", "!=", "not"), "is_not"),
    **dict.fromkeys(("gte", "ge", ">=", "min", "minimum"), "at_least"),
    **dict.fromkeys(("lte", "le", "<=", "max", "maximum"), "at_most"),
    **dict.fromkeys(("gt", ">", "greater_than", "over"), "more_than"),
    **dict.fromkeys(("lt", "<", "under"), "less_than"),
    **dict.fromkeys(("regex", "pattern", "regexp", "match"), "matches"),
    **dict.fromkeys(("exists", "required"), "present"),
    **dict.fromkeys(("any", "exist"), "some"),
    **dict.fromkeys(("all", "for_all", "each"), "every"),
    **dict.fromkeys(("one_of", "enum", "any_of"), "in"),
}
_DOTTED = (
    "a nested key is reached by dots, as in `recording.pause_mode`; the members of a list or map by `some`, `every`, `none` or `count`"
)


def complaints_of(errors: Sequence[Found], value: Any, kind: type[BaseModel]) -> list[Complaint]:
    """A complaint for each error; a key that is missing because it is misspelt is told once."""
    noted = [(found, _complaint(found, value, kind)) for found in errors]
    hints = {(one.at[:-1], one.hint) for found, one in noted if found["type"] == "extra_forbidden"}
    return [
        one
        for found, one in noted
        if found["type"] != "missing" or not any(at == one.at and f"`{found['loc'][-1]}`" in hint for at, hint in hints)
    ]


def _complaint(found: Found, value: Any, kind: type[BaseModel]) -> Complaint:
    loc: Loc = found["loc"]
    at = pointer_of(loc, value)
    match found["type"]:
        case "extra_forbidden":
            return _unknown(str(loc[-1]), at, found["input"], model_at(kind, loc[:-1]))
        case "missing":
            owner = pointer_of(loc[:-1], value)
            return Complaint(owner, "missing-word", f"{_noun(model_at(kind, loc[:-1]), loc[:-1])} has no `{loc[-1]}`")
        case "literal_error":
            allowed = [str(choice) for choice in _choices(model_at(kind, loc))]
            hint = did_you_mean(str(found["input"]), allowed)
            return Complaint(at, "bad-value", f"{_given(loc, found['input'])}, and takes {either(allowed)}", hint)
        case "too_short" | "string_too_short":
            return Complaint(at, "empty-list", f"{_named(loc)} is empty")
        case "greater_than_equal" | "less_than_equal" as bound:
            limit = f"at least {found['ctx']['ge']}" if bound == "greater_than_equal" else f"at most {found['ctx']['le']}"
            return Complaint(at, "bad-value", f"{_given(loc, found['input'])}, and takes {limit}")
        case name if name in _TYPES:
            return _wrong_type(loc, at, found["input"], _TYPES[name], model_at(kind, loc))
        case _:
            return Complaint(at, "bad-value", f"{_given(loc, found['input'])}, which does not fit")


def _unknown(word: str, at: Pointer, given: Any, owner: Any) -> Complaint:
    if owner is syntax.Condition:
        return Complaint(at, "unknown-word", f"`{word}` is no operator", _operator_hint(word, at, given))
    known = keys_of(owner)
    hint = did_you_mean(word, known) or (f"known are {', '.join(f'`{key}`' for key in known)}" if 0 < len(known) < 16 else "")
    return Complaint(at, "unknown-word", f"`{word}` is no key of {_noun(owner, at[:-1])}", hint)


def _operator_hint(word: str, at: Pointer, given: Any) -> str:
    near = did_you_mean(word, keys_of(syntax.Condition))
    if not near and word.lower() in _ELSEWHERE:
        near = f"did you mean `{_ELSEWHERE[word.lower()]}`?"
    if not near and word in WORDS:
        near = f"`{word}` stands beside paths, not below one"
    owner = str(at[-2]) if len(at) > 1 else ""
    meant = did_you_mean(owner, WORDS) if isinstance(given, dict) else ""
    return near or (f"`{owner}` is read as a path here; {meant}" if meant else _DOTTED if isinstance(given, dict) else "")


def _wrong_type(loc: Loc, at: Pointer, given: Any, wanted: str, expected: Any) -> Complaint:
    if not loc:
        return Complaint((), "wrong-type", f"{_noun(expected, ())} is a map, and this file is {shown(given)}")
    if expected is syntax.Condition and str(loc[-1]) in keys_of(syntax.Condition):
        message = f"`{loc[-1]}` is an operator, and stands here in place of a path"
        return Complaint(at, "wrong-type", message, f"write `path: {{{loc[-1]}: value}}`")
    hint = _SHAPES.get(getattr(expected, "__name__", ""), "")
    if given is None:
        return Complaint(at, "null-argument", f"{_named(loc)} is left empty", hint or f"it takes {wanted}")
    if expected is syntax.Condition:
        hint = did_you_mean(str(loc[-1]), WORDS) or hint
    elif wanted == "a text" and isinstance(given, bool | int | float):
        hint = "put it in quotes"
    elif wanted == "a list" and isinstance(given, str):
        hint = f"write `[{given}]`" if given.isidentifier() else ""
    elif wanted == "a list" and isinstance(given, dict):
        hint = "start each of its items with a dash"
    elif wanted == "true or false" and isinstance(given, str):
        hint = "YAML 1.2 writes these `true` and `false`, without quotes"
    return Complaint(at, "wrong-type", f"{_given(loc, given)}, and takes {wanted}", hint)


# ---- words ---------------------------------------------------------------------------------------------------------------------


def shown(value: Any) -> str:
    """A value of a rule file in few words: lists and maps by their name, the rest as written."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "a map"
    if value is None:
        return "nothing"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _given(loc: Loc, value: Any) -> str:
    return f"{_named(loc)} is given {shown(value)}"


def _named(loc: Loc) -> str:
    """The last key; of an item of a list its number as well."""
    if loc and isinstance(loc[-1], int):
        return f"item {loc[-1] + 1} of {_named(loc[:-1])}"
    return f"`{loc[-1]}`" if loc else "the file"


def _noun(model: Any, at: Sequence[str | int]) -> str:
    name = getattr(model, "__name__", "")
    return _NOUNS.get(name) or next((f"`{token}`" for token in reversed(at) if isinstance(token, str)), "the file")


# ---- where a place of the file stands in the models ------------------------------------------------------------------------------


def pointer_of(loc: Loc, value: Any) -> Pointer:
    """The pointer in the file as it is written: tokens that a model put there are left out; a missing key may come last."""
    at: list[str | int] = []
    for token in loc:
        if (isinstance(value, dict) and token in value) or (isinstance(value, list) and isinstance(token, int) and token < len(value)):
            value = value[token]  # type: ignore[index]
            at.append(token)
    return tuple(at)


def model_at(kind: Any, loc: Sequence[str | int]) -> Any:
    """The model (or other annotation) that reads the value at a place, or None."""
    found = kind
    for token in loc:
        arguments = get_args(found)
        if isinstance(found, type) and issubclass(found, BaseModel):
            found = _bare(_field_of(found, str(token)))
        elif get_origin(found) in (list, dict) and arguments:
            found = _bare(arguments[-1])
        else:
            return None
    return found


def _field_of(model: type[BaseModel], word: str) -> Any:
    for name, field in model.model_fields.items():
        if word == (field.alias or name):
            return field.annotation
    return syntax.Condition if model is syntax.Predicate else None


def _bare(annotation: Any) -> Any:
    """The annotation without `| None` and without what stands beside it."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return _bare(next((part for part in get_args(annotation) if part is not type(None)), None))
    return annotation


def _choices(annotation: Any) -> Iterator[Any]:
    yield from get_args(annotation)


def keys_of(model: Any) -> list[str]:
    """The keys that a model knows, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()] if hasattr(model, "model_fields") else []


# ---- null ----------------------------------------------------------------------------------------------------------------------


def nulls_of(value: Any, kind: type[BaseModel], at: Pointer = ()) -> Iterator[Complaint]:
    """Keys of a rule or definition that are left empty: nowhere is null a value."""
    for key, member in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if member is None and isinstance(key, str):
            yield _null(key, (*at, key), model_at(kind, at))
        yield from nulls_of(member, kind, (*at, key))


def _null(key: str, at: Pointer, owner: Any) -> Complaint:
    if owner is syntax.Condition:
        return Complaint(at, "null-argument", f"`{key}: null` is refused: null and absence are not values", "use `present: false`")
    return Complaint(at, "null-argument", f"`{key}` is left empty", "give it a value, or take it away")
