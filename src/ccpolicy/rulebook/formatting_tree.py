"""YAML text -> a tree that keeps what the value forgets: comments, styles, anchors, blank lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml

from ccpolicy.documents.yaml_source import events_of
from ccpolicy.errors import Problem, Refused

BLANK = ""  # among comments: an empty line

_COMMENT = re.compile(r"#[^\n]*")  # between two events nothing else starts with it
_ANCHOR = re.compile(r"&[\w-]+\s*(?:#[^\n]*\n\s*)*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


@dataclass(slots=True)
class Node:
    """A scalar, map, list or alias, with the comments that belong to it.

    `above` stand on lines of their own before it, `head` behind what opens it, `trail` behind its end, `tail` on lines of their own behind
    its members. An empty text among them is an empty line.
    """

    kind: Literal["scalar", "map", "list", "alias"]
    text: str = ""  # of a scalar; the name of an alias
    raw: str = ""  # of a scalar, as it is written
    style: str = ""  # of a scalar: `'`, `"`, `|`, `>`, or empty
    flow: bool = False
    anchor: str = ""
    entries: list[tuple[Node, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    trail: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)

    @property
    def members(self) -> Iterator[Node]:
        """Keys and values of a map in turn, items of a list."""
        for pair in self.entries:
            yield from pair
        yield from self.items

    @property
    def empty(self) -> bool:
        """A map or list of nothing."""
        return self.kind in ("map", "list") and not self.entries and not self.items

    def remarked(self) -> bool:
        """Whether a comment stands inside, behind its opening and before its end."""
        inside = any(any(one.above) or one.trail or one.remarked() for one in self.members)
        return inside or any(self.head) or any(self.tail)


@dataclass(frozen=True, slots=True)
class _Own:
    """A comment on a line of its own."""

    text: str
    column: int
    blank: bool  # an empty line stands above it


def tree_of(data: bytes, file: str) -> Node:
    """The tree of a YAML file whose value can be read. Raises Refused for tags and directives, which the house style does not know."""
    text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    return _Planter(text, file).plant()


def comments_of(node: Node) -> list[str]:
    """Every comment of a tree, in the order in which they are written."""
    found = [*node.above, *node.head]
    for member in node.members:
        found += comments_of(member)
    return [text for text in (*found, *node.tail, *node.trail) if text != BLANK]


class _Planter:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.events: list[Any] = []
        self.own: list[list[_Own]] = []  # before each event
        self.behind: list[list[str]] = []  # after each event, on its line
        self.next = 0

    def plant(self) -> Node:
        self._collect()
        self._hand_on()
        root = self._node()
        root.tail += self._lines(self.own[self.next], -1)
        return root

    # ---- events and the comments between them

    def _collect(self) -> None:
        done = 0
        waiting: list[_Own] = []
        for event in events_of(self.text.encode(), self.file):
            start, end = event.start_mark.index, event.end_mark.index
            if isinstance(event, yaml.DocumentStartEvent):
                self._check_directives(event)
            quiet = isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent | yaml.DocumentEndEvent)
            if quiet and not (getattr(event, "explicit", False) and end > start):
                continue
            content = self._content(event)
            own, behind = self._between(done, content)
            if self.behind:
                self.behind[-1] += behind
            else:
                waiting = [*waiting, *(_Own(text, 0, False) for text in behind)]
            if quiet:
                waiting += own
            else:
                self.events.append(event)
                self.own.append([*waiting, *own])
                self.behind.append([])
                waiting = []
            done = max(end, content)

    def _check_directives(self, event: Any) -> None:
        if event.version or event.tags:
            raise Refused([self._problem(event, "directive", "a directive stands before the document", "take the line away")])

    def _problem(self, event: Any, code: str, message: str, hint: str) -> Problem:
        return Problem(self.file, event.start_mark.line + 1, event.start_mark.column + 1, code, message, hint)

    def _content(self, event: Any) -> int:
        """Where what the event stands for begins, behind anchor and tag."""
        if getattr(event, "tag", None) is not None:
            hint = "take it away: quotes make a text, and a number needs none"
            raise Refused([self._problem(event, "tag", "a tag stands here, and the house style has none", hint)])
        start: int = event.start_mark.index
        end: int = event.end_mark.index
        if isinstance(event, yaml.CollectionStartEvent):
            return end
        if isinstance(event, yaml.ScalarEvent) and event.anchor:
            found = _ANCHOR.match(self.text, start)
            return min(found.end(), end) if found else start
        return start

    def _between(self, start: int, end: int) -> tuple[list[_Own], list[str]]:
        """The comments between two events: those on lines of their own, or behind a mark that opens the next, and one behind the first."""
        own, behind = [], []
        for found in _COMMENT.finditer(self.text[start:end]):
            place, text = start + found.start(), found[0].rstrip()
            line = bisect_right(self.starts, place) - 1
            if self.starts[line] < start:
                behind.append(text)
            else:
                own.append(_Own(text, place - self.starts[line], self._blank_above(line)))
        return own, behind

    def _blank_above(self, line: int) -> bool:
        return line > 0 and not self.text[self.starts[line - 1] : self.starts[line]].strip()

    # ---- comments behind the end of a block belong to it if they are indented like it

    def _hand_on(self) -> None:
        columns: list[int] = []  # of the blocks that are open; -1 for a collection in flow style
        for number, event in enumerate(self.events):
            if isinstance(event, yaml.CollectionStartEvent):
                columns.append(-1 if event.flow_style else self._column(event))
            elif isinstance(event, yaml.CollectionEndEvent):
                column = columns.pop()
                outer = next((one for one in reversed(columns) if one >= 0), -1)
                kept = self._belonging(self.own[number], column, outer)
                self.own[number + 1] = [*self.own[number][kept:], *self.own[number + 1]]
                del self.own[number][kept:]

    def _column(self, event: Any) -> int:
        column: int = event.start_mark.column
        return column

    def _belonging(self, comments: list[_Own], column: int, outer: int) -> int:
        """How many of the comments before its end belong to a collection."""
        if column < 0:
            return len(comments)
        if column <= outer:
            return 0
        return next((number for number, one in enumerate(comments) if one.column < column), len(comments))

    # ---- nodes

    def _take(self) -> tuple[Any, list[_Own], list[str]]:
        number = self.next
        self.next += 1
        return self.events[number], self.own[number], self.behind[number]

    def _node(self) -> Node:
        event, own, behind = self._take()
        above = self._lines(own, self._content(event))
        anchor = event.anchor or ""
        match event:
            case yaml.AliasEvent():
                return Node("alias", text=anchor, above=above, trail=behind)
            case yaml.ScalarEvent():
                return self._scalar(event, above, behind)
            case yaml.MappingStartEvent():
                node = Node("map", flow=bool(event.flow_style), anchor=anchor, above=above, head=behind)
                while not isinstance(self.events[self.next], yaml.MappingEndEvent):
                    node.entries.append((self._node(), self._node()))
            case _:
                node = Node("list", flow=bool(event.flow_style), anchor=anchor, above=above, head=behind)
                while not isinstance(self.events[self.next], yaml.SequenceEndEvent):
                    node.items.append(self._node())
        _, own, behind = self._take()
        node.tail += self._lines(own, -1)
        node.trail += behind
        return node

    def _scalar(self, event: Any, above: list[str], behind: list[str]) -> Node:
        raw = self.text[self._content(event) : event.end_mark.index]
        node = Node("scalar", event.value, raw, event.style or "", anchor=event.anchor or "", above=above, trail=behind)
        if node.style in ("|", ">") and (found := _HEADER.match(raw)):
            node.head.append(found[1].rstrip())
        return node

    def _lines(self, comments: list[_Own], place: int) -> list[str]:
        """Comments with one empty line where there were some; `place` is that of what stands below them, or -1."""
        lines = [line for one in comments for line in ((BLANK, one.text) if one.blank else (one.text,))]
        if 0 <= place < len(self.text) and self._opens_line(place) and self._blank_above(bisect_right(self.starts, place) - 1):
            lines.append(BLANK)
        return lines

    def _opens_line(self, place: int) -> bool:
        line = self.text[self.starts[bisect_right(self.starts, place) - 1] : place]
        return not line.strip("-? \t")
