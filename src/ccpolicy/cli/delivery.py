"""Where a report goes: to standard output, or to a file that is never half-written."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from ccpolicy.errors import Problem, Refused


def check_target(file: Path) -> None:
    """Raises Refused where no report can be written, before any work is done."""
    folder = file.parent
    if _is_device(file):
        return
    if file.is_dir():
        raise Refused([_refusal(file, "it is a folder")])
    if not folder.is_dir():
        raise Refused([_refusal(file, f"there is no folder `{folder}`")])
    if not os.access(folder, os.W_OK):
        raise Refused([_refusal(file, f"the folder `{folder}` cannot be written to")])


def write_whole(file: Path, fill: Callable[[Callable[[str], object]], object], what: str = "report") -> None:
    """Writes what `fill` gives to its argument, by way of a file beside it; a pipe or a device is written to as it is. Raises Refused."""
    try:
        if _is_device(file):
            with file.open("wb") as stream:
                fill(lambda text: stream.write(_bytes(text)))
        else:
            _replace(Path(os.path.realpath(file)), fill)
    except BrokenPipeError:
        return
    except OSError as error:
        raise Refused([_refusal(file, (error.strerror or "the system refuses").lower(), what)]) from None


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _is_device(file: Path) -> bool:
    return file.exists() and not file.is_file() and not file.is_dir()


def _replace(file: Path, fill: Callable[[Callable[[str], object]], object]) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name[:50]}.", suffix=".part", dir=file.parent)
    try:
        with open(handle, "wb") as stream:
            fill(lambda text: stream.write(_bytes(text)))
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(name, _mode(file))
        os.replace(name, file)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(name)


def _mode(file: Path) -> int:
    """The mode that the file has, or would be given anew."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _refusal(file: Path, reason: str, what: str = "report") -> Problem:
    return Problem(code="not-written", message=f"the {what} cannot be written to `{file}`: {reason}")
