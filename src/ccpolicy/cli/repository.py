"""Where the evidence stands in the repository that holds it."""

from __future__ import annotations

import os
from pathlib import Path


def folder_below_top(root: str) -> str:
    """The folder relative to the top of its repository, such as `centres/leeds/`; empty at the top, and outside of any repository."""
    folder = Path(root)
    for top in (folder, *folder.parents):
        if os.path.lexists(top / ".git"):
            below = folder.relative_to(top).as_posix()
            return "" if below == "." else f"{below}/"
    return ""
