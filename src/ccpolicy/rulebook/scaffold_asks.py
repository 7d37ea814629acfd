"""What a new rule may ask first of a kind: a field of its example, a condition on it, and a value that breaks it."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from ccpolicy.documents.moment import day_of, read_duration, read_moment, shift
from ccpolicy.documents.path import WILD, Path, Step, Wild, fan_out, select
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.shape import Shape
from ccpolicy.documents.values import Json
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.kind_places import known_at

AS_OF = date(2026, 6, 30)  # of the cases: any day will do, but always the same
LONG_AGO, RECENTLY = "2020-01-01", "2026-06-01"
_KEY_RANK = 5  # an id is asked about only where there is nothing else
_YEAR = "P12M"
_UTC = ZoneInfo("UTC")
NOTHING = object()  # the key is not there


@dataclass(frozen=True, slots=True)
class Example:
    """The body that the schema shows, cut down to one focus; `at` is the pointer of the focus in it."""

    body: Json
    at: Pointer
    focus: Shape


@dataclass(frozen=True, slots=True)
class Ask:
    """A condition on a field of the focus, in YAML's data and in words, and bodies that keep and break it."""

    field: Path
    condition: dict[str, Any]
    words: str
    broken: str  # the words of what breaks it
    pointer: Pointer  # of the field, in the body
    good: Json
    bad: Json
    unknown: Json  # the body without the field


def example_of(kind: Kind, each: Path | None, focus: Shape) -> Example:
    """The first example of the schema, with one member of each list that `each` enters. Raises Refused."""
    if not kind.schema.get("examples"):
        message = f"the schema of `{kind.name}` has no `examples` to make cases from"
        raise Refused([Problem(kind.file, code="no-example", message=message, hint="add one, or write the rule by hand")])
    body: Json = copy.deepcopy(kind.schema["examples"][0])
    if each is None:
        return Example(body, (), focus)
    _trim(body, each.steps)
    pointers = [pointer for pointer, value in fan_out(body, each.steps) if isinstance(value, str | int | float | Decimal | dict | list)]
    if not pointers:
        message = f"the example of `{kind.name}` has nothing at `{each}` to make cases from"
        raise Refused([Problem(kind.file, code="no-example", message=message, hint="name another source, or write the rule by hand")])
    return Example(body, pointers[0], focus)


def _trim(value: Json, steps: tuple[Step, ...]) -> None:
    """Leaves one member in each list or map that the steps enter."""
    for number, step in enumerate(steps):
        if step is WILD:
            if isinstance(value, dict):
                for key in list(value)[1:]:
                    del value[key]
            elif isinstance(value, list):
                del value[1:]
            inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
            for member in inner:
                _trim(member, steps[number + 1 :])
            return
        value = select(value, (step,))


def asks(kind: Kind, example: Example) -> Iterator[Ask]:
    """What may be asked, the most telling first: of a choice, a boolean, a number or a date, then of a text, then of a list."""
    focus = select(example.body, example.at)
    found: list[tuple[int, Ask]] = []
    for spot in known_at(example.focus).spots:
        value = select(focus, spot.path.steps)
        if isinstance(value, str | int | float | Decimal | list) and not spot.shape.sensitive and "any" not in spot.shape.types:
            rank = _KEY_RANK if spot.text == "id" else 0
            found += [(rank + idea.rank, ask) for idea in _ideas(spot.shape, value) for ask in _ask(kind, example, spot.path, idea)]
    yield from (ask for _, ask in sorted(found, key=lambda pair: pair[0]))


def _ask(kind: Kind, example: Example, field: Path, idea: _Idea) -> Iterator[Ask]:
    pointer: Pointer = (*example.at, *(step for step in field.steps if not isinstance(step, Wild)))
    if not pointer:
        return
    bodies = [_with(example.body, pointer, value) for value in (idea.good, idea.bad, NOTHING)]
    if not kind.faults(bodies[0]) and not kind.faults(bodies[1]):
        yield Ask(field, idea.condition, idea.words, idea.broken, pointer, *bodies)


def _with(body: Json, pointer: Pointer, value: Any) -> Json:
    """A copy of the body with another value at a pointer, or none. A list item that is taken away leaves null: a gap stands there."""
    changed: Any = copy.deepcopy(body)
    holder = select(changed, pointer[:-1])
    if value is NOTHING and isinstance(holder, dict):
        del holder[pointer[-1]]
    elif value is not NOTHING:
        holder[pointer[-1]] = value
    return changed


# ---- what fits a value


@dataclass(frozen=True, slots=True)
class _Idea:
    """A condition, its words and those of its breach, with a value that keeps it and one that breaks it."""

    rank: int
    condition: dict[str, Any]
    words: str
    broken: str
    good: Any
    bad: Any


def _ideas(shape: Shape, value: Any) -> Iterator[_Idea]:
    if isinstance(value, bool):
        yield _Idea(0, {"is": value}, f"is {str(value).lower()}", f"is {str(not value).lower()}", value, not value)
    elif isinstance(value, int | float | Decimal):
        yield _Idea(0, {"at_least": value}, f"is at least {value}", f"is below {value}", value, value - 1)
        yield _Idea(0, {"at_most": value}, f"is at most {value}", f"is above {value}", value, value + 1)
    elif isinstance(value, list):
        yield _Idea(2, {"count": {"at_least": 1}}, "is not empty", "is empty", value, [])
    elif shape.values is not None:
        others = [other for other in shape.values if isinstance(other, str) and other != value]
        for other in others[:1]:
            yield _Idea(0, {"is": value}, f"is {value}", f"is {other}", value, other)
    elif shape.types & {"date", "date-time"}:
        yield from _dates(value)
    elif "string" in shape.types:
        yield _Idea(1, {"present": True}, "is there", "is not there", value, NOTHING)


def _dates(value: str) -> Iterator[_Idea]:
    moment, year = read_moment(value), read_duration(_YEAR)
    if moment is None or year is None:
        return
    time = "T09:00:00Z" if "T" in value else ""
    day, start = day_of(moment, _UTC), shift(AS_OF, year, -1)
    if day > AS_OF:
        yield _Idea(0, {"on_or_after": {"path": "$as_of"}}, "has not passed", "has passed", value, LONG_AGO + time)
    else:
        recent = value if start is not None and day > day_of(start, _UTC) else RECENTLY + time
        yield _Idea(0, {"within_last": _YEAR}, "lies in the last 12 months", "lies further back", recent, LONG_AGO + time)
