"""How a text is written in the house style: plain where it can be, in quotes where it must, folded where it is long."""

from __future__ import annotations

import re

from ccpolicy.documents.number import NoNumber
from ccpolicy.documents.yaml_source import resolve_plain
from ccpolicy.rulebook.formatting_tree import Node

WIDTH = 140
ROW = 200  # of a document or record that its author wrote on one line among others: rows are read like those of a table
STEP = "  "

# What YAML 1.1, which many tools still speak, takes for something else than a text: it keeps the quotes that it has.
_OTHERS = re.compile(
    r"y|n|yes|no|on|off|true|false|null|~|=|<<"
    r"|[-+]?(?:0b[01_]+|0x[0-9a-f_]+|0o?[0-7_]+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?|\.[0-9_]+(?:e[-+]?[0-9]+)?)"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?\.(?:inf|nan)"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?",
    re.IGNORECASE,
)
_FIRST = "-?:,[]{}#&*!|>'\"%@` \t"  # no plain text of ours starts with these
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_TELLING = frozenset("{}[]#`:\"'\\")  # with one of these, quotes that are there stay
_FLOW = frozenset(",[]{}")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(node: Node, flow: bool) -> str:
    """A scalar on one line."""
    if node.style == "" and not _is_text(node.text):
        return node.raw.strip() or "null"
    if node.style in ("'", '"') and any(letter in _TELLING for letter in node.text):
        return _quoted(node)
    if _plain(node.text, flow) and not (node.style and _OTHERS.fullmatch(node.text)):
        return node.text
    return _quoted(node)


def _is_text(text: str) -> bool:
    """Whether a plain scalar of these letters is a text."""
    try:
        return isinstance(resolve_plain(text), str)
    except NoNumber:
        return False


def _plain(text: str, flow: bool) -> bool:
    """Whether the text can be written without quotes."""
    if not text or text != text.strip() or _UNPRINTABLE.search(text) or not _is_text(text) or text[0] in _FIRST:
        return False
    if ": " in text or " #" in text or text.endswith(":") or text.startswith("..."):
        return False
    return not flow or not any(letter in _FLOW for letter in text)


def _quoted(node: Node) -> str:
    if node.style == '"' and "\\" in node.raw and "\n" not in node.raw:
        return node.raw  # with the escapes that its author chose
    text = node.text
    if not _UNPRINTABLE.search(text) and ('"' in text or "\\" in text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if not _UNPRINTABLE.match(letter):
        return letter
    number = ord(letter)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


# ---- blocks


def foldable(text: str) -> bool:
    """Whether a text can be broken at its blanks and read back as it was; what has a backslash is no prose."""
    return " " in text and "\\" not in text and text == text.strip() and not _UNPRINTABLE.search(text)


def folded(text: str, indent: str) -> list[str]:
    """The lines of a text, broken at single blanks."""
    room = max(WIDTH - len(indent), 20)
    lines: list[str] = []
    line = ""
    for word in re.split(r"(?<! ) (?! )", text):
        if line and len(line) + 1 + len(word) > room:
            lines.append(indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [*lines, indent + line]


def block(node: Node, indent: str) -> tuple[str, list[str]] | None:
    """Header and lines of a `|` or `>` scalar, indented anew; None where only quotes can say what it says."""
    if not node.text.strip(" \n"):
        return None
    lines = _dedented(node)
    header = node.style + _indication(lines) + _ending(node.text)
    if node.style == ">" and any(len(indent + line) > WIDTH for line in lines) and foldable(node.text.removesuffix("\n")):
        return header, folded(node.text.removesuffix("\n"), indent)
    return header, [(indent + line) if line else "" for line in lines]


def _dedented(node: Node) -> list[str]:
    """The lines of a block without the indentation that it had, and without those that are empty at its end, unless they count."""
    header, _, body = node.raw.partition("\n")
    lines = body.split("\n")
    given = re.search(r"[1-9]", header.partition("#")[0])
    filled = [line for line in lines if line.strip(" ")]
    cut = len(filled[0]) - len(filled[0].lstrip(" "))
    if given:
        text = next(line for line in node.text.split("\n") if line.strip(" "))
        cut -= len(text) - len(text.lstrip(" "))
    lines = [line[cut:] for line in lines]
    while not lines[-1]:
        lines.pop()
    return lines + [""] * (_newlines(node.text) - 1)


def _newlines(text: str) -> int:
    return len(text) - len(text.rstrip("\n"))


def _ending(text: str) -> str:
    return {0: "-", 1: ""}.get(_newlines(text), "+")


def _indication(lines: list[str]) -> str:
    first = next((line for line in lines if line), "")
    return str(len(STEP)) if first.startswith((" ", "\t")) else ""
