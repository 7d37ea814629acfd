"""Pages whose transcripts are true: blocks of a Markdown page are followed as a reader would, commands run and files written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

from click.testing import CliRunner

from ccpolicy.cli.door import BUG
from ccpolicy.cli.main import ccpolicy
from tests.cli.conftest import OURS

LEFT_OUT = "[...]"
TITLE = r"(?:^(?P<at>Add at the (?:top|end) of )?`(?P<file>[^`\n]+)`:\n\n)?"
BLOCK = re.compile(TITLE + r"^```(?P<form>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
WHO = {"NAME": "A", "EMAIL": "a@example.org", "DATE": "2026-06-30T09:00:00Z"}
GIT = {f"GIT_{role}_{word}": text for role in ("AUTHOR", "COMMITTER") for word, text in WHO.items()}
READ_ONLY = {"sh"}  # make and pip: the tests are run by the one, and need no registry for the other


@dataclass(slots=True)
class Reader:
    """Somebody who types off a page, in a folder of their own."""

    folder: Path
    code: int = 0
    files: set[str] = field(default_factory=set)

    def follow(self, block: re.Match[str]) -> str:
        """Does what the block says; returns the block as it should be."""
        form, body = block["form"], block["body"]
        if form == "console":
            return block[0].replace(body, "".join(self._session(body)))
        if block["file"]:
            self._write(block)
        elif form not in READ_ONLY:
            raise AssertionError(f"a block that is neither run nor written: {body}")
        return block[0]

    def _write(self, block: re.Match[str]) -> None:
        file = self.folder / block["file"]
        file.parent.mkdir(parents=True, exist_ok=True)
        there = file.read_text("utf-8") if block["at"] else ""
        file.write_text(block["body"] + there if block["at"] and "top" in block["at"] else there + block["body"], "utf-8")
        self.files.add(block["file"])

    def _session(self, body: str) -> Iterator[str]:
        for entry in re.split(r"^(?=\$ )", body, flags=re.MULTILINE)[1:]:
            command, _, shown = entry.partition("\n")
            printed = self._run(shlex.split(command.removeprefix("$ "))) if command != "$ echo $?" else f"{self.code}\n"
            yield f"{command}\n{shown if fits(shown, printed) else renewed(shown, printed)}"

    def _run(self, words: list[str]) -> str:
        """What the command prints."""
        return self._git(words) if words[0] == "git" else self._ccpolicy(words)

    def _git(self, words: list[str]) -> str:
        """As somebody with a name, whatever the git of this machine is set up for."""
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), **GIT}
        done = subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, timeout=60, check=True)
        return done.stdout

    def _ccpolicy(self, words: list[str]) -> str:
        """Within this process, which has read the shipped pack already."""
        assert words[0] == "ccpolicy"
        with chdir(self.folder):
            done = CliRunner().invoke(ccpolicy, words[1:], prog_name="ccpolicy", env=dict.fromkeys(OURS))
        self.code = done.exit_code
        assert done.exit_code < BUG, done.output
        return done.output


def fits(shown: str, printed: str) -> bool:
    """Whether the lines shown are those printed, where `[...]` stands for one or more lines left out."""
    pieces = re.split(rf"^{re.escape(LEFT_OUT)}\n", shown, flags=re.MULTILINE)
    pattern = "(?:.*\n)+?".join(re.escape(piece) for piece in pieces)
    return re.fullmatch(pattern, printed) is not None


def renewed(shown: str, printed: str) -> str:
    """What is printed now, with `[...]` where it stood, as far as the lines around it can be found again; else the whole."""
    pieces = re.split(rf"^{re.escape(LEFT_OUT)}\n", shown, flags=re.MULTILINE)
    lines, told, start = printed.splitlines(keepends=True), list[str](), 0
    for number, piece in enumerate(pieces):
        wanted = piece.splitlines(keepends=True)
        first = _near(wanted[0], lines, start) if wanted and number else start
        last = _near(wanted[-1], lines, first + len(wanted) - 1) if wanted and number < len(pieces) - 1 else len(lines) - 1
        end = last + 1 if wanted else start
        told.append("".join(lines[first:end]) if wanted else "")
        start = max(end, start)
    text = f"{LEFT_OUT}\n".join(told)
    return text if fits(text, printed) else printed


def _near(wanted: str, lines: list[str], start: int) -> int:
    """The number of the line from `start` on that is most like the one wanted; the first of equals."""
    return max(range(start, len(lines)), key=lambda at: SequenceMatcher(None, wanted, lines[at]).ratio(), default=start)


def followed(text: str) -> str:
    """The page after somebody has done all it says: with what was really printed, where it showed something else."""
    with TemporaryDirectory() as folder:
        return BLOCK.sub(Reader(Path(folder)).follow, text)
