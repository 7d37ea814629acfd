"""Small pieces of SVG: elements whose text cannot be anything but text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from ccpolicy.reports.cleaning import clean, visible

_NO_XML = re.compile("[\ufffe\uffff\U0001fffe\U0001ffff]")


def xml_text(text: str) -> str:
    """The text without card numbers, and without characters that XML cannot hold."""
    return _NO_XML.sub(lambda found: f"\\u{ord(found[0]):04x}", visible(clean(text)))


def element(name: str, inner: Iterable[str] | str = (), **attributes: object) -> str:
    """An element; `inner` are elements, or a text to be escaped. `x_y` becomes `x-y`, and `class_` is `class`."""
    told = "".join(f" {key.rstrip('_').replace('_', '-')}={quoteattr(_written(value))}" for key, value in attributes.items())
    content = escape(xml_text(inner)) if isinstance(inner, str) else "".join(inner)
    return f"<{name}{told}>{content}</{name}>" if content else f"<{name}{told}/>"


def _written(value: object) -> str:
    return places(value) if isinstance(value, float) else xml_text(str(value))


def places(value: float) -> str:
    """A coordinate with at most one decimal: the same text on every machine."""
    return f"{value:.1f}".removesuffix(".0").replace("-0", "0") if abs(value) < 0.05 else f"{value:.1f}".removesuffix(".0")


def words(text: str, x: float, y: float, style: str = "", anchor: str = "start", full: str = "") -> str:
    """A text at a point; `full` shows when the pointer rests on it."""
    inner: Iterator[str] = iter([element("title", full) if full not in ("", text) else "", escape(xml_text(text))])
    return element("text", inner, x=x, y=y, class_=f"t {style}".strip(), text_anchor=anchor)


def path(points: Iterable[tuple[float, float]], style: str) -> str:
    """A line through points."""
    return element("polyline", points=" ".join(f"{places(x)},{places(y)}" for x, y in points), class_=style)
