"""Where the values of a YAML text stand: its events, followed along the wanted pointers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.wanted import Tokens, Tree, plant, reached
from ccpolicy.documents.yaml_source import events_of

_Place = tuple[int, int]


@dataclass(slots=True)
class _Level:
    """A map or list that is open: what is wanted in it (None: nothing), and where the walk stands in it."""

    tree: Tree | None
    at: Tokens
    is_map: bool
    position: int = 0
    key: str | None = None
    place: _Place = (1, 1)  # of the key


def yaml_places(data: bytes, pointers: Iterable[Pointer]) -> dict[Pointer, _Place]:
    """Line and column of each pointer's key (of the value for a list item and the root), or of its nearest ancestor's.

    What stands below an alias has the place of the alias.
    """
    asked = list(pointers)
    walk = _Walk(plant(asked), {(): (1, 1)}, [])
    for event in events_of(data, ""):
        walk.take(event)
    return {pointer: reached(walk.found, pointer) for pointer in asked}


@dataclass(slots=True)
class _Walk:
    wanted: Tree
    found: dict[Tokens, _Place]
    levels: list[_Level]

    def take(self, event: Any) -> None:
        """Follows one event."""
        if isinstance(event, yaml.CollectionEndEvent):
            self.levels.pop()
        elif isinstance(event, yaml.NodeEvent):
            tree, at = self._enter(event)
            if isinstance(event, yaml.CollectionStartEvent):
                self.levels.append(_Level(tree or None, at, isinstance(event, yaml.MappingStartEvent)))

    def _enter(self, event: Any) -> tuple[Tree | None, Tokens]:
        """What is wanted below the node, and its pointer; notes its place if it is wanted."""
        if not self.levels:
            self.found[()] = _place(event)
            return self.wanted, ()
        level = self.levels[-1]
        if level.tree is None:
            return None, ()
        if level.is_map and level.key is None:
            level.key, level.place = getattr(event, "value", ""), _place(event)
            return None, ()
        token, place = (level.key or "", level.place) if level.is_map else (str(level.position), _place(event))
        level.position, level.key = level.position + 1, None
        branch = level.tree.get(token)
        if branch is not None:
            self.found[*level.at, token] = place
        return branch, (*level.at, token)


def _place(event: Any) -> _Place:
    return event.start_mark.line + 1, event.start_mark.column + 1
