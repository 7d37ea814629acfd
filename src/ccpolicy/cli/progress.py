"""A progress bar on standard error, if that is a terminal and the work takes a while."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

PATIENCE = 0.7  # seconds before a bar is shown


class Bar:
    """Shows how far reading, judging and trying are; nothing at all when it is not wanted or the work is short."""

    def __init__(self, quiet: bool, no_color: bool) -> None:
        self._wanted = not quiet and sys.stderr.isatty()
        self._no_color = no_color
        self._started = time.monotonic()
        self._progress: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.stop()

    def read(self, done: int, total: int) -> None:
        """Bytes of the files that were read."""
        self._show("reading files", done, total)

    def judged(self, done: int, total: int) -> None:
        """Rules that were judged."""
        self._show("judging rules", done, total)

    def tried(self, done: int, total: int) -> None:
        """Rules that were tried by their cases."""
        self._show("trying rules", done, total)

    def _show(self, what: str, done: int, total: int) -> None:
        if not self._wanted or time.monotonic() - self._started < PATIENCE:
            return
        if self._progress is None:
            self._progress = _bar(self._no_color)
            self._progress.start()
        if what not in self._tasks:
            self._tasks[what] = self._progress.add_task(what, total=total)
        self._progress.update(self._tasks[what], completed=done)


def _bar(no_color: bool) -> Any:
    from rich.console import Console  # lazy: only where a bar is shown
    from rich.progress import Progress

    return Progress(console=Console(stderr=True, no_color=no_color or None), transient=True)
