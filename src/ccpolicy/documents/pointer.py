"""RFC 6901 JSON Pointers as tuples of keys and list positions."""

from __future__ import annotations

from typing import TypeAlias

Pointer: TypeAlias = "tuple[str | int, ...]"


def write_pointer(pointer: Pointer) -> str:
    """The pointer as text: `("a/b", 0)` is `/a~1b/0`, the root is the empty string."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in pointer)


def read_pointer(text: str) -> tuple[str, ...]:
    """The tokens of a pointer, all as text: whether `0` is a position is for the value it meets to say.

    Raises ValueError when the text is no RFC 6901 pointer.
    """
    if text == "":
        return ()
    if not text.startswith("/"):
        raise ValueError(f"`{text}` is no JSON Pointer: it does not start with `/`")
    if "~" in text.replace("~0", "").replace("~1", ""):
        raise ValueError(f"`{text}` is no JSON Pointer: `~` stands only in `~0` and `~1`")
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in text[1:].split("/"))
