"""`ccpolicy init`: a config and a small example, written whole or not at all."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Mapping
from pathlib import Path

import click

from ccpolicy.cli.messages import put, safe
from ccpolicy.errors import Problem, Refused

EXAMPLE = Path(__file__).parent / "example"
ABOUT = {
    "ccpolicy.toml": "the config: date, organisation, parameters, mappings, claims of completeness",
    "config/queues.yaml": "a document: queues that record calls",
    "config/retention.yaml": "a document: how long recordings are kept",
    "evidence/agents.yaml": "a collection with a claim: the agents",
    "evidence/training.csv": "an export of another system, mapped in the config: completed courses",
}
_CHECK = "what passes, what fails and what cannot be told"
NEXT = {
    "ccpolicy rules list": "the rules that there are",
    "ccpolicy schemas list": "the kinds of documents that there are",
    "ccpolicy schemas example KIND": "a document of a kind, to start from",
}


@click.command()
@click.argument("folder", metavar="[DIR]", default=".")
def init(folder: str) -> int:
    """Write a ccpolicy.toml and a small example into DIR (default: the current folder). Nothing is overwritten."""
    write_example(Path(folder))
    place = "" if folder == "." else " " + shlex.quote(folder)
    put(f"Written to {safe(folder)}:\n{_columns(ABOUT)}\nNext:\n{_columns({f'ccpolicy check{safe(place)}': _CHECK, **NEXT})}")
    return 0


def _columns(rows: Mapping[str, str]) -> str:
    width = max(map(len, rows))
    return "".join(f"  {name.ljust(width)}  {about}\n" for name, about in rows.items())


def write_example(folder: Path) -> None:
    """Writes all files of the example. Raises Refused, and leaves nothing behind, if any of them cannot be written."""
    there = [name for name in ABOUT if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise Refused(Problem(str(folder / name), code="exists", message="this file is already there", hint=_HINT) for name in there)
    made: list[Path] = []
    try:
        for name in ABOUT:
            _make_folder((folder / name).parent, made)
            with (folder / name).open("xb") as stream:
                made.append(folder / name)
                stream.write((EXAMPLE / name).read_bytes())
    except BaseException as error:
        _unmake(made)
        if isinstance(error, OSError):
            raise Refused([Problem(str(error.filename or folder), code="not-written", message=_reason(error))]) from None
        raise


_HINT = "nothing was written; name another folder, or move the file away"


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for place in reversed(missing):
        place.mkdir()
        made.append(place)


def _unmake(made: list[Path]) -> None:
    for place in reversed(made):
        with contextlib.suppress(OSError):
            place.rmdir() if place.is_dir() else place.unlink()


def _reason(error: OSError) -> str:
    return f"the example cannot be written: {(error.strerror or 'the system refuses').lower()}"
