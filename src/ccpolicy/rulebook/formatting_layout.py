"""A tree as text in the house style: on one line where its author had it so and it fits, in blocks otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ccpolicy.rulebook.formatting_text import STEP, WIDTH, block, foldable, folded, scalar
from ccpolicy.rulebook.formatting_tree import BLANK, Node


@dataclass(slots=True)
class _Piece:
    """An entry of a map or an item of a list: the comments above it, not yet indented, and its lines."""

    above: list[str]
    lines: list[str]


@dataclass(slots=True)
class _Remarks:
    """Where the comments around a value go: above its key, behind the key, above its first member, below its last."""

    above: list[str] = field(default_factory=list)
    behind: str = ""
    first: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


def laid_out(root: Node, row: int = WIDTH) -> str:
    """The text of a file whose root is a map; `row` is the width of what stands behind a dash in flow style."""
    lines = _joined(_pieces(root, "", row), "", [*root.above, *root.head], [*root.tail, *root.trail])
    return "\n".join(lines) + "\n"


def _joined(pieces: Iterable[_Piece], indent: str, first: Iterable[str] = (), tail: Iterable[str] = ()) -> list[str]:
    """The lines of the members of a map or list, with comments above the first of them and below the last."""
    lines: list[str] = []
    waiting = list(first)
    for piece in pieces:
        lines += [*_comments([*waiting, *piece.above], indent, lines), *piece.lines]
        waiting = []
    return lines + _comments([*waiting, *tail], indent, lines)


def _comments(texts: Iterable[str], indent: str, lines: list[str]) -> list[str]:
    """Comments on lines of their own below these lines, with one empty line where there were some."""
    found: list[str] = []
    for text in texts:
        before = found or lines
        if text != BLANK:
            found.append(indent + text)
        elif before and before[-1]:
            found.append(BLANK)
    return found


def _pieces(node: Node, indent: str, row: int) -> list[_Piece]:
    pieces = []
    for key, value in node.entries:
        above = [text for text in value.above if text != BLANK]
        piece = _piece(f"{indent}{_key(key, False)}:", value, [*key.head, *key.trail], above, indent, row)
        pieces.append(_Piece([*key.above, *piece.above], piece.lines))
    for item in node.items:
        piece = _piece(f"{indent}-", item, [], [], indent, row)
        pieces.append(_Piece([*item.above, *piece.above], piece.lines))
    return pieces


def _piece(opening: str, value: Node, behind: list[str], above: list[str], indent: str, row: int) -> _Piece:
    text = _single(value, len(opening) + 1, row if opening.endswith("-") else WIDTH)
    if text is not None:
        around = _around(behind, above, [*value.head, *value.tail], value.trail)
        return _Piece(around.above, [_remarked(f"{opening} {text}", around.behind)])
    if value.kind == "scalar":
        around = _around(behind, above, [], [*value.head, *value.trail])
        header, lines = _block(value, indent + STEP)
        return _Piece(around.above, [_remarked(f"{opening} {_anchor(value)}{header}", around.behind), *lines])
    return _opened(opening, value, _inside(behind, above, value), indent, row)


def _opened(opening: str, value: Node, remarks: _Remarks, indent: str, row: int) -> _Piece:
    """A map or list as a block; in a list its first member stands behind the dash."""
    inner = indent + STEP
    pieces = _pieces(value, inner, row)
    if opening.endswith("-") and not value.anchor:
        head = pieces[0]
        above = [*([remarks.behind] if remarks.behind else []), *remarks.first, *head.above]
        head.above = []
        lines = _joined(pieces, inner, (), remarks.tail)
        return _Piece(above, [f"{opening} {lines[0][len(inner) :]}", *lines[1:]])
    first_line = f"{opening} {_anchor(value)}".rstrip()
    return _Piece([], [_remarked(first_line, remarks.behind), *_joined(pieces, inner, remarks.first, remarks.tail)])


def _block(value: Node, indent: str) -> tuple[str, list[str]]:
    written = block(value, indent) if value.style in ("|", ">") else None
    return written or (">-", folded(value.text, indent))


# ---- comments around a value


def _around(behind: list[str], above: list[str], inside: list[str], trail: list[str]) -> _Remarks:
    """Of a value that takes one line, or starts a block scalar: one comment stands behind it, the others above it."""
    inside = [text for text in inside if text != BLANK]
    if trail:
        return _Remarks([*behind, *above, *inside, *trail[:-1]], trail[-1])
    if len(behind) + len(inside) == 1 and not above:
        return _Remarks([], (behind + inside)[0])
    return _Remarks([*behind, *above, *inside])


def _inside(behind: list[str], above: list[str], value: Node) -> _Remarks:
    """Of a map or list that is written as a block."""
    queue = [*behind, *above, *value.head]
    opens = bool(behind) or (not above and value.flow and bool(value.head))
    tail = [*value.tail, *value.trail]
    if value.trail and not queue and not value.remarked():
        return _Remarks(behind=value.trail[0])
    return _Remarks(behind=queue[0] if opens else "", first=queue[1:] if opens else queue, tail=tail)


def _remarked(line: str, comment: str) -> str:
    return f"{line}  {comment}" if comment else line


# ---- on one line


def _single(value: Node, column: int, width: int) -> str | None:
    """What stands on the line of the key or dash from the column on; None where a block follows."""
    if value.kind != "scalar":
        text = _inline(value)
        return text if text is not None and (column + len(text) <= width or value.empty or value.kind == "alias") else None
    if value.style in ("|", ">") and block(value, "") is not None:
        return None
    text = _anchor(value) + scalar(value, False)
    return None if column + len(text) > WIDTH and foldable(value.text) else text


def _inline(node: Node) -> str | None:
    """The node in flow style, on one line; None where it has to be a block."""
    if node.kind == "alias":
        return f"*{node.text}"
    if node.kind == "scalar":
        return _anchor(node) + scalar(node, True)
    if not node.empty and (not node.flow or node.remarked()):
        return None
    parts = [_inline(item) for item in node.items]
    parts += [None if (text := _inline(value)) is None else f"{_key(key, True)}: {text}" for key, value in node.entries]
    if None in parts:
        return None
    inner = ", ".join(part for part in parts if part is not None)
    return _anchor(node) + (f"{{{inner}}}" if node.kind == "map" else f"[{inner}]")


def _key(node: Node, flow: bool) -> str:
    if node.kind == "alias":
        return f"*{node.text} "  # a blank ends the name
    return _anchor(node) + scalar(node, flow)


def _anchor(node: Node) -> str:
    return f"&{node.anchor} " if node.anchor else ""
