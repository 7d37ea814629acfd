"""Paths into a document: an RFC 9535 singular query without its `$.`, and sources, which add the wildcard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import Gap, Json, OpenList, OpenMap

HERE = ""  # the root of a bare path: where the condition stands


@dataclass(frozen=True, slots=True)
class Wild:
    """The step `.*`: every member of a list or map."""


WILD = Wild()
Step: TypeAlias = "str | int | Wild"


@dataclass(frozen=True, slots=True)
class Path:
    """`root` is empty for a bare path, else the name behind `$`; `steps` are keys and list positions (and wildcards in a source)."""

    root: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        text = "".join(_written(step) for step in self.steps)
        return f"${self.root}{text}" if self.root else text.removeprefix(".") or "."


def _written(step: Step) -> str:
    if isinstance(step, Wild):
        return ".*"
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if re.fullmatch(_NAME, step) else "['" + step.replace("\\", "\\\\").replace("'", "\\'") + "']"


_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_FIRST = re.compile(rf"({_NAME})|\$([a-z][a-z0-9_]*)")
_STEP = re.compile(rf"\.({_NAME})|\[(0|[1-9][0-9]{{0,8}})\]|\['((?:[^'\\]|\\['\\]|\\u[0-9A-Fa-f]{{4}})*)'\]|\.(\*)")
_ESCAPE = re.compile(r"\\(['\\])|\\u([0-9A-Fa-f]{4})")


class NoPath(ValueError):
    """The text is no path; the message says where it stops being one."""


def read_path(text: str) -> Path:
    """The path that the text names. Raises NoPath."""
    path = read_source(text)
    if WILD in path.steps:
        raise NoPath(f"`{text}` has a wildcard: a path in a condition never fans out; enter a list with `some`, `every`, `none` or `count`")
    return path


def read_source(text: str) -> Path:
    """The source that the text names: a path that may have wildcards. Raises NoPath."""
    if text == ".":
        return Path(HERE, ())
    if text.startswith("*"):
        return Path(HERE, (WILD, *_steps(text, 1)))
    first = _FIRST.match(text)
    if first is None:
        if text.startswith("['"):
            return Path(HERE, _steps(text, 0))
        raise NoPath(f"`{text}` is no path: it starts with a name, `$` and a name, or a quoted key such as ['a key']")
    start: tuple[Step, ...] = (first[1],) if first[1] else ()
    return Path(first[2] or HERE, start + _steps(text, first.end()))


def _steps(text: str, start: int) -> tuple[Step, ...]:
    found: list[Step] = []
    while start < len(text):
        match = _STEP.match(text, start)
        if match is None:
            raise NoPath(f"`{text}` is no path: it cannot go on with `{text[start:]}`")
        found.append(_step(match))
        start = match.end()
    return tuple(found)


def _step(match: re.Match[str]) -> Step:
    if match[1] is not None:
        return match[1]
    if match[2] is not None:
        return int(match[2])
    return WILD if match[4] else _ESCAPE.sub(lambda found: found[1] or chr(int(found[2], 16)), match[3])


@dataclass(frozen=True, slots=True)
class Absent:
    """What a path selects where no value stands; `reason` is `absent` or `wrong_type` (a key sought in something that has none)."""

    reason: str = "absent"


ABSENT = Absent()
MISFIT = Absent("wrong_type")


def step_into(value: Json, step: str | int) -> Json:
    """One step of a path: the value found, a Gap, or Absent."""
    if isinstance(value, dict) and isinstance(step, str):
        found = value.get(step, ABSENT)
        return Gap(value.reason) if found is ABSENT and isinstance(value, OpenMap) else found
    if isinstance(value, list) and isinstance(step, int):
        if step < len(value):
            return value[step]
        return Gap(value.reason) if isinstance(value, OpenList) else ABSENT
    if isinstance(value, Gap | Absent):
        return value
    return ABSENT if value is None else MISFIT


def select(value: Json, steps: tuple[Any, ...]) -> Json:
    """What the steps of a singular path select: a value (None for null), a Gap, or Absent."""
    for step in steps:
        value = step_into(value, step)
    return value


def members(value: Json, at: Pointer) -> Iterator[tuple[Pointer, Json]]:
    """The members of a list or map, each with its pointer."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*at, key), member
    elif isinstance(value, list):
        for position, member in enumerate(value):
            yield (*at, position), member


def fan_out(value: Json, steps: tuple[Step, ...], at: Pointer = ()) -> Iterator[tuple[Pointer, Json]]:
    """What a source selects, each with its pointer: values, and where a list could not be entered, what stands there instead.

    A Gap, Absent or null that a wildcard meets is yielded once, at its own pointer, and so is a scalar (as `wrong_type`); an open
    list or map yields an extra Gap at its own pointer behind its members.
    """
    if not steps:
        yield at, value
        return
    step, rest = steps[0], steps[1:]
    if not isinstance(step, Wild):
        yield from fan_out(step_into(value, step), rest, (*at, step))
        return
    if not isinstance(value, dict | list):
        yield at, ABSENT if value is None else value if isinstance(value, Gap | Absent) else MISFIT
        return
    for pointer, member in members(value, at):
        yield from fan_out(member, rest, pointer)
    if isinstance(value, OpenList | OpenMap):
        yield at, Gap("incomplete")
