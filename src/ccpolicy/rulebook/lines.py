"""Where the places of a rule stand in its file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ccpolicy.documents.pointer import Pointer, read_pointer
from ccpolicy.documents.source import positions
from ccpolicy.errors import Refused
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text
from ccpolicy.rulebook.rule import Rule


def lines_of(rule: Rule, places: Iterable[str], packs: Sequence[Pack]) -> dict[str, int]:
    """The line of each place such as `require/all_of/0`; of the nearest place above it, where nothing stands there.

    No lines where the file is no longer there, or is no longer what it was.
    """
    wanted = list(dict.fromkeys(places))
    try:
        text = _text_of(rule, packs)
        if text is None:
            return {}
        found = list(positions(text.data, text.form, [(0, _pointer(text.value, place)) for place in wanted]))
    except Refused:
        return {}
    return {place: line for place, (line, _) in zip(wanted, found, strict=True)}


def _text_of(rule: Rule, packs: Sequence[Pack]) -> Text | None:
    for pack in packs:
        for file, below in pack.files("checks"):
            if pack.name_of("checks", below) == rule.file:
                return Text(file, rule.file)
    return None


def _pointer(value: Any, place: str) -> Pointer:
    """The pointer of a place, as far as the value has it."""
    pointer: list[str | int] = []
    for token in read_pointer(f"/{place}"):
        if isinstance(value, list) and token.isdigit() and int(token) < len(value):
            pointer.append(int(token))
            value = value[int(token)]
        elif isinstance(value, dict) and token in value:
            pointer.append(token)
            value = value[token]
        else:
            break
    return tuple(pointer)
