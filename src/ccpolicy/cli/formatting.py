"""The work of `ccpolicy fmt`: finding the files, writing those that change, and saying so."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Literal

from ccpolicy.cli.delivery import write_whole
from ccpolicy.cli.messages import complain, put, say
from ccpolicy.documents.source import form_of, read_value
from ccpolicy.documents.values import Json
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.cleaning import clean, visible
from ccpolicy.rulebook.formatting import Form, Unfaithful, form_of_value, formatted, is_form
from ccpolicy.rulebook.reading import MAX_FILE
from ccpolicy.rulebook.sources import is_cases

CHANGED, WRONG, BUG = 1, 2, 4
_MARKS = (b"require", b"applies_to", b"cases", b"predicate")  # a file of ours has one of these keys


@dataclass(frozen=True, slots=True)
class _Found:
    """A file that may be one of ours; `named` if the user named it, and not a folder above it."""

    path: Path
    shown: str
    named: bool

    @property
    def syntax(self) -> Literal["json", "yaml"]:
        """By its extension."""
        return "json" if form_of(self.path.name) == "json" else "yaml"


@dataclass(frozen=True, slots=True)
class _Change:
    """A file, what stands in it, and what should."""

    path: Path
    shown: str
    before: bytes
    after: str

    @property
    def needed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after.encode()

    def fill(self, write: Callable[[str], object]) -> object:
        """Writes what should stand in the file."""
        return write(self.after)


@dataclass(slots=True)
class _Outcome:
    changes: list[_Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bugs: list[Problem] = field(default_factory=list)


def format_files(paths: Sequence[str], check_only: bool, as_diff: bool) -> int:
    """Formats the files, or shows what would change; returns the exit code."""
    outcome = _Outcome()
    for found in _files(paths, outcome.problems):
        _look_at(found, outcome)
    needed = [change for change in outcome.changes if change.needed]
    only_look = check_only or as_diff
    for change in needed:
        if as_diff:
            put(_diff(change), as_utf8=True)
        if not only_look:
            write_whole(change.path, change.fill, "file")
        if not as_diff:
            put(_printable(f"{'would format' if only_look else 'formatted'} {change.shown}"))
    complain(sorted(outcome.problems))
    complain(outcome.bugs, "bug")
    if outcome.changes or not outcome.problems:
        (say if as_diff else put)(_summary(len(outcome.changes), len(needed), only_look) + ("" if as_diff else "\n"))
    if outcome.bugs:
        return BUG
    return WRONG if outcome.problems else CHANGED if check_only and needed else 0


def _summary(seen: int, needed: int, only_look: bool) -> str:
    if not seen:
        return "no rule, cases or definition file here"
    changed = f"{needed} would change" if only_look else f"{needed} changed"
    return f"{seen} file{'' if seen == 1 else 's'}: {changed}, {seen - needed} as they should be"


def _printable(line: str) -> str:
    return visible(clean(line)) + "\n"


def _diff(change: _Change) -> str:
    before, after = change.before.decode().split("\n"), change.after.split("\n")
    return "".join(map(_printable, unified_diff(before, after, change.shown, f"{change.shown} (formatted)", lineterm="")))


# ---- which files


def _files(paths: Sequence[str], problems: list[Problem]) -> Iterator[_Found]:
    seen: set[str] = set()
    for name in paths:
        if not os.path.exists(name):
            problems.append(Problem(code="no-such-path", message=f"there is no file or folder `{name}`"))
        for found in _below(name) if os.path.isdir(name) else [_Found(Path(name), name, True)] if os.path.exists(name) else []:
            place = os.path.realpath(found.path)
            if place not in seen:
                seen.add(place)
                yield found


def _below(folder: str) -> Iterator[_Found]:
    """The YAML and JSON files below a folder, sorted; hidden folders and links to folders are left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != "node_modules")
        for name in sorted(names):
            if form_of(name) in ("json", "yaml"):
                path = Path(parent, name)
                yield _Found(path, path.as_posix(), False)


def _look_at(found: _Found, outcome: _Outcome) -> None:
    """Formats the file in memory, if it is one of ours."""
    try:
        data = _bytes(found)
        value = None if data is None else _value(data, found)
        form = _form(value, found.path)
        if data is not None and form is not None:
            outcome.changes.append(_Change(found.path, found.shown, data, formatted(data, value, found.shown, found.syntax, form)))
        elif found.named:
            hint = "a rule has `applies_to` and `require`, cases `rule` and `cases`, a definition `on` and `predicate`"
            outcome.problems.append(Problem(found.shown, 1, 1, "no-rule", "this is no rule, cases or definition file", hint))
    except Refused as refused:
        outcome.problems += refused.problems
    except Unfaithful as error:
        hint = "the file was left as it is; please tell us, with the file if you may"
        outcome.bugs.append(Problem(found.shown, 1, 1, "unfaithful", f"it cannot be formatted faithfully: {error}", hint))


def _bytes(found: _Found) -> bytes | None:
    """The bytes of a file that may be one of ours, else None. Raises Refused."""
    try:
        if form_of(found.path.name) not in ("json", "yaml") or found.path.stat().st_size > MAX_FILE:
            return None
        data = found.path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise Refused([Problem(found.shown, 1, 1, "unreadable", f"the file cannot be read: {reason}")]) from None
    return data if found.named or any(mark in data for mark in _MARKS) else None


def _value(data: bytes, found: _Found) -> Json:
    """What the file says; None for one that cannot be read and is hardly ours. Raises Refused."""
    try:
        return read_value(data, found.shown, found.syntax)
    except Refused:
        if found.named or _place(found.path) is not None:
            raise
        return None


def _form(value: Json, path: Path) -> Form | None:
    """What a file is, by its place in a pack or by its content."""
    place = _place(path)
    return place if place is not None and is_form(value, place) else form_of_value(value)


def _place(path: Path) -> Form | None:
    """What a file is by the layout of a pack."""
    parts = Path(os.path.abspath(path)).parent.parts
    part = next((part for part in reversed(parts) if part in ("checks", "definitions")), None)
    return None if part is None else "definition" if part == "definitions" else "cases" if is_cases(path.name) else "rule"
