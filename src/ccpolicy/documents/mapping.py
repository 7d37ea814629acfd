"""Files of other systems: how a mapping of the config turns a file, line or row into a body with its gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ccpolicy.documents.document import Claim
from ccpolicy.documents.formats import compile_pattern
from ccpolicy.documents.gathering import Carving
from ccpolicy.documents.glob import Glob
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.source import Form
from ccpolicy.documents.table_cells import CellOptions
from ccpolicy.documents.values import Json


@dataclass(frozen=True, slots=True)
class Mapped:
    """One `[[documents]]` of the config. Pointers lead from the root of the body; they are tokens of text."""

    files: tuple[str, ...]
    kind: str
    form: Form | None = None  # when the extension lies
    id: tuple[str, ...] | None = None
    observed_at: str | None = None
    site: str | None = None
    client: str | None = None
    placeholders: tuple[str, ...] = ()
    lacks: tuple[tuple[str, ...], ...] = ()
    more: tuple[str, ...] | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # heading -> body key
    cells: CellOptions = field(default_factory=CellOptions)
    complete: Claim | None = None
    line: int = 0  # in the config

    def takes(self, file: str) -> bool:
        """Whether the mapping speaks of the file, a path relative to the config's folder."""
        return any(Glob(pattern).matches(file) for pattern in self.files)

    def fields(self, as_of: str) -> dict[str, Json]:
        """The envelope that the mapping gives to each of its documents."""
        stated = {"kind": self.kind, "observed_at": self.observed_at or as_of, "site": self.site, "client": self.client}
        return {name: value for name, value in stated.items() if value is not None}


def gaps_in(body: Json, mapped: Mapped) -> list[Carving]:
    """What the mapping says is not known of the body: what the system never exports, and what is not filled in."""
    gaps: list[Carving] = [(pointer, "gap") for pointer in mapped.lacks]
    if mapped.placeholders:
        gaps += [(pointer, "unresolved") for pointer in unresolved(body, mapped.placeholders)]
    return gaps


def unresolved(body: Json, patterns: tuple[str, ...]) -> Iterator[Pointer]:
    """The pointers of the strings in which one of the patterns is found."""
    compiled = [compile_pattern(pattern) for pattern in patterns]
    waiting: list[tuple[Pointer, Json]] = [((), body)]
    while waiting:
        at, value = waiting.pop()
        match value:
            case str():
                if any(pattern.search(value) for pattern in compiled):
                    yield at
            case dict():
                waiting += [((*at, key), member) for key, member in value.items()]
            case list():
                waiting += [((*at, position), member) for position, member in enumerate(value)]
            case _:
                pass


def is_paged(body: Json, mapped: Mapped) -> bool:
    """Whether the body says that more pages follow it."""
    return mapped.more is not None and value_at(body, mapped.more) is not None


def own_id(body: Json, mapped: Mapped) -> str | None:
    """The id that the mapping points to, if a text or a whole number stands there that is filled in."""
    if mapped.id is None:
        return None
    value = value_at(body, mapped.id)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value or next(unresolved(value, mapped.placeholders), None) is not None:
        return None
    return value


def value_at(value: Json, pointer: tuple[str, ...]) -> Json:
    """What stands at a pointer, or None for nothing or null."""
    for token in pointer:
        if isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdigit() and token.isascii() and int(token) < len(value):
            value = value[int(token)]
        else:
            return None
    return value
