"""Pictures of the terminal: the real output of commands, in its colours, as SVG that holds nothing but text."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

TOP = Path(__file__).resolve().parents[2]
WIDTH = 100  # columns: those of the program where there is no terminal
THEME = TerminalTheme(
    (24, 26, 33),
    (214, 218, 228),
    [(62, 68, 81), (240, 113, 120), (152, 195, 121), (229, 192, 123), (97, 175, 239), (198, 120, 221), (86, 182, 194), (214, 218, 228)],
    [(92, 99, 112), (255, 123, 130), (166, 214, 132), (240, 205, 140), (120, 190, 250), (212, 140, 235), (100, 200, 210), (255, 255, 255)],
)
# Rich's own format, without the fonts that it would fetch.
FORMAT = """\
<svg viewBox="0 0 {width} {height}" width="{width}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px;
}}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


@dataclass(frozen=True, slots=True)
class Screen:
    """A command, and which of its lines are shown: as many as `lines`, from the one that starts with `since`."""

    name: str
    words: tuple[str, ...]
    lines: int = 40
    since: str = ""


LEAKY = "fixtures/harbour-leaky"
SCREENS = (
    Screen("check", ("check", LEAKY, "--rule", "recording/*"), 40),
    Screen("undetermined", ("check", LEAKY), 26, "Undetermined"),
    Screen("explain", ("explain", "recording/pause-on-payment", LEAKY), 30),
    Screen("show", ("rules", "show", "recording/pause-on-payment"), 30),
    Screen("standards", ("check", LEAKY), 26, "Standards"),
)


def screens() -> Iterator[tuple[str, str]]:
    """Each screen: the name of its file, and the SVG."""
    for screen in SCREENS:
        yield f"screens/{screen.name}.svg", drawn(screen.name, _title(screen), chosen(screen, printed(screen.words)))


def _title(screen: Screen) -> str:
    return " ".join(("ccpolicy", *screen.words))


def printed(words: tuple[str, ...]) -> str:
    """What the command prints, with its colours."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "CCPOLICY_DEBUG")}
    env = {**kept, "FORCE_COLOR": "1"}
    command = [sys.executable, "-m", "ccpolicy", *words]
    done = subprocess.run(command, cwd=TOP, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"`{' '.join(words)}` ended with {done.returncode}")
    return done.stdout.decode()


def chosen(screen: Screen, text: str) -> str:
    """The lines that are shown; `[...]` where lines are left out."""
    lines = text.rstrip("\n").split("\n")
    plain = [Text.from_ansi(line).plain for line in lines]
    start = next((n for n, line in enumerate(plain) if line.startswith(screen.since)), None)
    if start is None:
        raise RuntimeError(f"no line of the screen `{screen.name}` starts with `{screen.since}`")
    kept = lines[start : start + screen.lines]
    return "\n".join([*(["[...]"] if start else []), *kept, *(["[...]"] if start + screen.lines < len(lines) else [])])


def drawn(name: str, title: str, text: str) -> str:
    """The text as SVG: the same bytes for the same text."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor", legacy_windows=False)
    console.print(Text.from_ansi(text), soft_wrap=False, crop=False, overflow="ignore", no_wrap=True)
    return console.export_svg(title=title, theme=THEME, code_format=FORMAT, unique_id=f"screen-{name}")
