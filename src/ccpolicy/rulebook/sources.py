"""The files of a part of all packs: each name once, or with the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path as File

from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text


def is_cases(below: str) -> bool:
    """Whether a file below `checks/` holds the cases of a rule."""
    return below.rsplit(".", 1)[0].endswith(".cases")


def unique_files(packs: Sequence[Pack], part: str, wanted: Callable[[str], bool], problems: list[Problem]) -> Iterator[tuple[Text, str]]:
    """The files of a part with their name, the path without its extension; one name twice is a problem unless the bytes are the same."""
    seen: dict[str, Text] = {}
    for pack in packs:
        for file, below in pack.files(part):
            if not wanted(below):
                continue
            shown, name = pack.name_of(part, below), below.rsplit(".", 1)[0]
            text = _text(file, shown, problems)
            if text is None:
                continue
            if name in seen and seen[name].data != text.data:
                message = f"`{name}` is defined differently in {seen[name].shown}"
                problems.append(Problem(shown, 1, 1, "defined-twice", message, "give yours another id, or leave the shipped rules out"))
            elif name not in seen:
                seen[name] = text
                yield text, name


def _text(file: File, shown: str, problems: list[Problem]) -> Text | None:
    try:
        return Text(file, shown)
    except Refused as refused:
        problems += refused.problems
        return None
