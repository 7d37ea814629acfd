"""Places and messages as SARIF has them."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ccpolicy.reports.cleaning import visible
from ccpolicy.reports.view import View

ROOT = "%SRCROOT%"


def told(*lines: str) -> dict[str, str]:
    """A plain text message (3.11): braces are doubled, for they mark placeholders; brackets that would make a link are escaped."""
    shown = "\n".join(map(visible, lines)).replace("{", "{{").replace("}", "}}")
    if "](" in shown:
        shown = shown.replace("[", "\\[").replace("]", "\\]")
    return {"text": shown}


def artifact(view: View, file: str) -> dict[str, str]:
    """A file, relative to the top of the repository."""
    return {"uri": quote(f"{view.folder}{file}", safe="/"), "uriBaseId": ROOT}


def location(view: View, file: str, line: int, column: int) -> dict[str, Any]:
    """A place in a file; lines and columns count from 1."""
    region = {"startLine": line or 1} | ({"startColumn": column} if column else {})
    return {"physicalLocation": {"artifactLocation": artifact(view, file), "region": region}}
