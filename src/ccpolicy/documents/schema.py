"""Kinds: the schemas that documents are held to, read, checked and asked about their places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path as File
from typing import Any

import jsonschema_rs
from jsonschema import Draft202012Validator

from ccpolicy.documents import source
from ccpolicy.documents.fault import Checker, Fault
from ccpolicy.documents.formats import NoPattern, compile_pattern
from ccpolicy.documents.moment import Duration, read_duration
from ccpolicy.documents.path import NoPath, Path, read_path
from ccpolicy.documents.pointer import Pointer, write_pointer
from ccpolicy.documents.reference import Schemas, resolve
from ccpolicy.documents.sensitive import is_sensitive
from ccpolicy.documents.shape import Shape, shape_of
from ccpolicy.documents.values import Json
from ccpolicy.errors import Problem, Refused

SUFFIX = ".schema.json"
NO_KIND = "x-not-a-kind"  # true in schemas that describe no documents: of reports, rules, cases and the config
ENGINE_KINDS = File(__file__).parent / "kinds"
OBSERVED = read_path("$document.observed_at")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", re.ASCII)


@dataclass(frozen=True, eq=False)
class Kind:
    """What the documents of one kind look like, and how they are dated, aged and told apart."""

    name: str
    schema: Mapping[str, Any]
    file: str
    schemas: Schemas  # by file name: this schema and those beside it
    title: str = ""
    record_date: Path = OBSERVED
    max_age: Duration | None = None
    unique_key: tuple[str, ...] = ()

    @cached_property
    def _checker(self) -> Checker:
        return Checker(self.schemas, self.name + SUFFIX, self.is_sensitive)

    def faults(self, body: Json) -> tuple[Fault, ...]:
        """Every place where the body does not fit the schema."""
        return self._checker.faults(body)

    @cached_property
    def _shape(self) -> Shape:
        return shape_of(self.schemas, self.name + SUFFIX)

    def shape(self) -> Shape:
        """What the schema knows of the body."""
        return self._shape

    def is_sensitive(self, within: Pointer) -> bool:
        """Whether the value at the pointer within the body, or an ancestor of it, is never to be shown."""
        return self._sensitive(within)

    @cached_property
    def _sensitive(self) -> Callable[[Pointer], bool]:
        return lru_cache(maxsize=4096)(partial(is_sensitive, self.schemas, self.name + SUFFIX))


def load_kinds(folders: Sequence[File]) -> dict[str, Kind]:
    """The kinds of the folders and the engine's own, by name. Raises Refused with every problem of every schema."""
    kinds: dict[str, Kind] = {}
    problems: list[Problem] = []
    for folder in (ENGINE_KINDS, *folders):
        for kind, found in _folder(folder):
            problems += found
            if kind is None:
                continue
            first = kinds.setdefault(kind.name, kind)
            if first.schema != kind.schema:
                problems.append(_defined_twice(kind, first))
    if problems:
        raise Refused(sorted(problems))
    return dict(sorted(kinds.items()))


def _defined_twice(kind: Kind, first: Kind) -> Problem:
    message = f"the kind `{kind.name}` is defined differently in {first.file}"
    return Problem(kind.file, 1, 1, "kind-twice", message, "give one of the two kinds another name")


def _folder(folder: File) -> Iterator[tuple[Kind | None, list[Problem]]]:
    schemas: dict[str, Any] = {}
    texts: dict[str, bytes] = {}
    for file in sorted(folder.glob("*" + SUFFIX)):
        try:
            texts[file.name] = file.read_bytes()
            schema = source.read_value(texts[file.name], str(file), "json")
            if not (isinstance(schema, dict) and schema.get(NO_KIND) is True):
                schemas[file.name] = _nameless(schema)
        except Refused as refused:
            yield None, list(refused.problems)
        except OSError as error:
            yield None, [Problem(str(file), 0, 0, "unreadable", f"the schema cannot be read: {error.strerror}")]
    for name in schemas:
        faults = list(_SchemaFaults(name, schemas).all())
        yield (None, _placed(faults, str(folder / name), texts[name])) if faults else (_kind(folder / name, schemas), [])


def _nameless(schema: Json) -> Json:
    """The schema without an `$id` of its own: its place in the folder is what references go by."""
    return {word: value for word, value in schema.items() if word != "$id"} if isinstance(schema, dict) else schema


def _kind(file: File, schemas: Schemas) -> Kind:
    schema = schemas[file.name]
    age, date = schema.get("x-max-age"), schema.get("x-record-date")
    return Kind(
        name=file.name.removesuffix(SUFFIX),
        schema=schema,
        file=str(file),
        schemas=_referred(file.name, schemas),
        title=str(schema.get("title", "")),
        record_date=read_path(date) if date else OBSERVED,
        max_age=read_duration(age),
        unique_key=tuple(schema.get("x-unique-key", ())),
    )


def _referred(name: str, schemas: Schemas) -> Schemas:
    found = {name: schemas[name]}
    waiting = [name]
    while waiting:
        for _, node in _schema_nodes(schemas[waiting.pop()]):
            file = str(node.get("$ref", "")).partition("#")[0]
            if file and file not in found:
                found[file] = schemas[file]
                waiting.append(file)
    return found


# What can be wrong with a schema

SchemaFault = tuple[Pointer, str, str, str]  # pointer, code, message, hint


def _placed(faults: Iterable[SchemaFault], file: str, text: bytes) -> list[Problem]:
    found = list(faults)
    places = source.positions(text, "json", [(0, pointer) for pointer, *_ in found])
    return [Problem(file, *place, code, message, hint) for (_, code, message, hint), place in zip(found, places, strict=True)]


_MAPS_OF_SCHEMAS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_LISTS_OF_SCHEMAS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_SCHEMAS = frozenset(
    ["items", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not", "unevaluatedItems", "unevaluatedProperties"]
)


def _schema_nodes(schema: Any, at: Pointer = ()) -> Iterator[tuple[Pointer, Mapping[str, Any]]]:
    """Every schema in the document that is an object, with its pointer; enum, const, default and examples hold values, not schemas."""
    if not isinstance(schema, Mapping):
        return
    yield at, schema
    for word, value in schema.items():
        if word in _SCHEMAS:
            yield from _schema_nodes(value, (*at, word))
        elif word in _MAPS_OF_SCHEMAS and isinstance(value, Mapping):
            for name, below in value.items():
                yield from _schema_nodes(below, (*at, word, name))
        elif word in _LISTS_OF_SCHEMAS and isinstance(value, list):
            for position, below in enumerate(value):
                yield from _schema_nodes(below, (*at, word, position))


def _is_schema(schema: Mapping[str, Any]) -> bool:
    """Whether the fast engine takes it for a schema; the slow one, forty times slower, explains what is wrong with it."""
    try:
        return bool(jsonschema_rs.meta.is_valid({**schema, "$schema": _DRAFT}))
    except (ValueError, TypeError, jsonschema_rs.ReferencingError):
        return False


@lru_cache(maxsize=1)
def _meta() -> Any:
    return Draft202012Validator(Draft202012Validator.META_SCHEMA)


class _SchemaFaults:
    """The checks of one schema document."""

    def __init__(self, file: str, schemas: Schemas) -> None:
        self.file = file
        self.schemas = schemas
        self.schema = schemas[file]

    def all(self) -> Iterator[SchemaFault]:
        if not _KEBAB.match(self.file.removesuffix(SUFFIX)):
            yield (), "kind-name", f"`{self.file.removesuffix(SUFFIX)}` is no kind: kinds are kebab-case", "rename the file"
        if not isinstance(self.schema, Mapping):
            yield (), "bad-schema", "the schema of a kind is an object", ""
            return
        if not isinstance(self.schema.get("$schema", _DRAFT), str) or self.schema.get("$schema", _DRAFT).rstrip("#") != _DRAFT:
            yield ("$schema",), "bad-schema", "schemas are JSON Schema 2020-12", f"`$schema` is `{_DRAFT}`, or left out"
        invalid = [] if _is_schema(self.schema) else [_invalid(error) for error in _meta().iter_errors(self.schema)]
        yield from invalid
        if invalid:
            return
        for pointer, node in _schema_nodes(self.schema):
            yield from self._patterns(pointer, node)
            yield from self._references(pointer, node)
            yield from _own_words(pointer, node)

    def _patterns(self, at: Pointer, node: Mapping[str, Any]) -> Iterator[SchemaFault]:
        stated: list[tuple[Pointer, str]] = [((*at, "pattern"), node["pattern"])] if "pattern" in node else []
        stated += [((*at, "patternProperties", pattern), pattern) for pattern in node.get("patternProperties", {})]
        for pointer, pattern in stated:
            try:
                compile_pattern(pattern)
            except NoPattern as error:
                yield pointer, "bad-pattern", f"`{pattern}` is no pattern: {error}", "patterns are RE2: no look-around, no back-references"

    def _references(self, at: Pointer, node: Mapping[str, Any]) -> Iterator[SchemaFault]:
        if at and "$id" in node:
            yield (*at, "$id"), "bad-reference", "`$id` inside a schema would move its references", "use `$anchor` or `$defs`"
        for word in ("$dynamicRef", "$dynamicAnchor"):
            if word in node:
                yield (*at, word), "bad-reference", f"`{word}` is not supported", "use `$ref`"
        if "$ref" not in node:
            return
        reference, pointer = node["$ref"], (*at, "$ref")
        file = reference.partition("#")[0]
        if file and ("/" in file or not file.endswith(SUFFIX)):
            yield pointer, "bad-reference", f"`{reference}` leads out of the schema folder", _REFERENCES
            return
        try:
            resolve(reference, self.file, self.schemas)
        except (LookupError, ValueError, TypeError):
            yield pointer, "bad-reference", f"`{reference}` leads nowhere", _REFERENCES


_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCES = "`$ref` is `#...`, or `<kind>.schema.json` of the same folder"


def _invalid(error: Any) -> SchemaFault:
    pointer: Pointer = tuple(error.absolute_path)
    message = f"the schema is not valid JSON Schema 2020-12 at `{write_pointer(pointer)}`: {error.message[:200]}"
    return pointer, "bad-schema", message, ""


def _own_words(at: Pointer, node: Mapping[str, Any]) -> Iterator[SchemaFault]:
    for word in ("x-record-date", "x-max-age"):
        if at and word in node:
            yield (*at, word), "bad-keyword", f"`{word}` belongs to the kind: it stands at the root of the schema", ""
    if "x-record-date" in node and not _is_path(node["x-record-date"]):
        yield (*at, "x-record-date"), "bad-keyword", "`x-record-date` is a path into the body", "such as `completed_on`"
    if "x-max-age" in node and read_duration(node["x-max-age"]) is None:
        yield (*at, "x-max-age"), "bad-keyword", "`x-max-age` is a duration", "such as `P92D`"
    if "x-unique-key" in node and not _is_names(node["x-unique-key"]):
        yield (*at, "x-unique-key"), "bad-keyword", "`x-unique-key` is a list of property names", "such as `[agent_id, course]`"
    own = node.get("properties", {}).get("id", {}) if not at and isinstance(node.get("properties"), dict) else {}
    if isinstance(own, dict) and own.get("sensitive") is True:
        message = "the `id` names the document in every report, so it cannot be sensitive"
        yield ("properties", "id", "sensitive"), "bad-keyword", message, "give documents of the kind an id that may be shown"
    if not isinstance(node.get("sensitive", False), bool):
        yield (*at, "sensitive"), "bad-keyword", "`sensitive` is true or false", ""


def _is_path(value: Any) -> bool:
    try:
        return isinstance(value, str) and read_path(value).root in ("", "document")
    except NoPath:
        return False


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(name, str) for name in value) and len(set(value)) == len(value)
