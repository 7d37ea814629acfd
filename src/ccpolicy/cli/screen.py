"""What the terminal can show: its width and colours."""

from __future__ import annotations

import os
import shutil
import sys

WIDTH = 100  # columns, where there is no terminal


def width() -> int:
    """Columns of the terminal on standard output."""
    return max(shutil.get_terminal_size((WIDTH, 24)).columns, 40) if sys.stdout.isatty() else WIDTH


def colour(no_color: bool) -> bool:
    """Whether standard output takes colours: no option and no NO_COLOR forbids it, and FORCE_COLOR or a terminal asks for it."""
    if no_color or os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
