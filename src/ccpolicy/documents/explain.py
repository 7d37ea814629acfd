"""The engine that explains: jsonschema, with patterns in linear time, exact numbers, and one complaint for each property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from ccpolicy.documents.formats import FORMATS, compile_pattern
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import Json, exact
from ccpolicy.documents.wording import ABOUT_A_KEY, Raw

BASE = "file:///"  # schema documents stand side by side; nothing is ever fetched


def explaining_engine(schemas: Mapping[str, Any], home: str) -> Any:
    """The engine for the schema document `home` of those that stand beside it."""
    resources = [(BASE + file, DRAFT202012.create_resource(_without_draft(schema))) for file, schema in schemas.items()]
    registry: Any = Registry().with_resources(resources)
    return EXPLAINING({"$ref": BASE + home}, registry=registry, format_checker=FORMAT_CHECKER)


def _without_draft(schema: Any) -> Any:
    """The schema without its `$schema`, which would bring the explaining engine's own keywords back."""
    return {word: value for word, value in schema.items() if word != "$schema"} if isinstance(schema, Mapping) else schema


def raws(error: ValidationError) -> Iterator[Raw]:
    """The complaint of one error of the engine."""
    pointer: Pointer = tuple(error.absolute_path)
    keyword = str(error.validator or "false")
    detail: Any = error.message if keyword in ABOUT_A_KEY else None
    if error.context:
        best = best_match([error])
        best = error.context[0] if best is error and keyword in ("if", "dependentSchemas") else best
        detail = None if best is None or best is error else next(raws(best))
    yield Raw(pointer, keyword, error.validator_value, error.instance, detail)


def _pattern(validator: Any, pattern: str, instance: Json, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not compile_pattern(pattern).search(instance):
        yield ValidationError("pattern")


def _pattern_properties(validator: Any, patterns: Mapping[str, Any], instance: Json, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, below in patterns.items():
            compiled = compile_pattern(pattern)
            for key in [key for key in instance if compiled.search(key)]:
                yield from validator.descend(instance[key], below, path=key, schema_path=pattern)


def _additional_properties(validator: Any, rest: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    patterns = [compile_pattern(pattern) for pattern in schema.get("patternProperties", {})]
    for key in instance:
        if key in schema.get("properties", {}) or any(pattern.search(key) for pattern in patterns):
            continue
        if rest is False:
            yield ValidationError(key)
        else:
            yield from validator.descend(instance[key], rest, path=key)


def _property_names(validator: Any, names: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        check = validator.evolve(schema=names)
        yield from (ValidationError(key) for key in instance if not check.is_valid(key))


def _required(validator: Any, required: Sequence[str], instance: Json, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        yield from (ValidationError(key) for key in required if key not in instance)


def _dependent_required(validator: Any, needs: Mapping[str, Sequence[str]], instance: Json, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for key in [key for key in needs if key in instance]:
            yield from (ValidationError(need) for need in needs[key] if need not in instance)


def _if(validator: Any, condition: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    branch = "then" if validator.evolve(schema=condition).is_valid(instance) else "else"
    if branch in schema:
        errors = list(validator.descend(instance, schema[branch], schema_path=branch))
        if errors:
            yield ValidationError(branch, context=errors)


def _dependent_schemas(validator: Any, needs: Mapping[str, Any], instance: Json, schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for key in [key for key in needs if key in instance]:
            errors = list(validator.descend(instance, needs[key], schema_path=key))
            if errors:
                yield ValidationError(key, context=errors)


def _multiple_of(validator: Any, divisor: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    number, by = exact(instance), exact(divisor)
    if number is not None and by and Fraction(number) % Fraction(by):
        yield ValidationError("multipleOf")


def _unique_items(validator: Any, wanted: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    if wanted and isinstance(instance, list) and len({frozen(member) for member in instance}) < len(instance):
        yield ValidationError("uniqueItems")


def frozen(value: Json) -> Any:
    """The value as a key of a dict: numbers by what they denote, `true` apart from 1, lists and maps by their members."""
    match value:
        case dict():
            return "object", frozenset((key, frozen(member)) for key, member in value.items())
        case list():
            return "array", tuple(frozen(member) for member in value)
        case int() | float() | Decimal() if not isinstance(value, bool):
            return "number", exact(value)
        case _:
            return type(value).__name__, value


def _left_to_the_fast_engine(validator: Any, argument: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    yield from ()


def _is_integer(_: Any, instance: object) -> bool:
    number = exact(instance)
    return number is not None and number == int(number)


_extend: Any = extend
EXPLAINING: Any = _extend(
    Draft202012Validator,
    validators={
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "required": _required,
        "dependentRequired": _dependent_required,
        "dependentSchemas": _dependent_schemas,
        "if": _if,
        "propertyNames": _property_names,
        "multipleOf": _multiple_of,
        "uniqueItems": _unique_items,
        "unevaluatedProperties": _left_to_the_fast_engine,
        "unevaluatedItems": _left_to_the_fast_engine,
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)

_descend = EXPLAINING.descend


def _descend_with_place(self: Any, instance: Json, schema: Any, path: Any = None, *rest: Any, **named: Any) -> Iterator[ValidationError]:
    """jsonschema forgets the place of what a `false` forbids."""
    for error in _descend(self, instance, schema, path, *rest, **named):
        if schema is False and path is not None:
            error.path.appendleft(path)
        yield error


EXPLAINING.descend = _descend_with_place

FORMAT_CHECKER = FormatChecker(formats=())
for _name, _check in FORMATS.items():
    FORMAT_CHECKER.checks(_name)(lambda value, check=_check: not isinstance(value, str) or check(value))
