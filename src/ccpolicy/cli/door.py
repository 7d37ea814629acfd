"""The way in and out: every ending of a command becomes an exit code, and no traceback gets out."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from ccpolicy import __version__
from ccpolicy.cli.messages import complain, open_streams, say
from ccpolicy.errors import Refused

CLEAN, FINDINGS, WRONG_USE, UNREADABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 4, 130
DEBUG = "CCPOLICY_DEBUG"
_PACKAGE = Path(__file__).resolve().parent.parent


class Door(click.Group):
    """The outermost group. A command returns its exit code."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Runs the command and leaves with its exit code; with `standalone_mode=False` the code is returned."""
        run: Any = super().main
        open_streams()
        code = ending(lambda: run(args, prog_name, complete_var, False, windows_expand_args, **extra))
        if standalone_mode:
            sys.exit(code)
        return code


def ending(run: Callable[[], Any]) -> int:
    """The exit code of a command, with the message that belongs to it on standard error."""
    try:
        code = run()
    except Refused as refused:
        complain(refused.problems)
        return WRONG_USE
    except click.ClickException as error:
        say(_usage(error))
        return WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        say("interrupted")
        return INTERRUPTED
    except Exception as error:
        say(confession(error))
        return BUG
    return code if isinstance(code, int) else CLEAN


def _usage(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    help_words = f"\nhelp: {context.command_path} --help" if context is not None else ""
    return f"error: {error.format_message()}{help_words}"


def confession(error: BaseException) -> str:
    """What a bug of ours says: the type of the exception and where it was, never a value."""
    if os.environ.get(DEBUG, "") not in ("", "0"):
        say("".join(traceback.format_exception(error)).rstrip())
    return (
        f"bug: {type(error).__name__} at {_place(error)}; ccpolicy {__version__}, Python {platform.python_version()}, {platform.system()}\n"
        "This is a bug in ccpolicy, and no verdict was given. Please open an issue on the project's hosting, with the line above\n"
        "(it holds none of your data) and the command without its values.\n"
        f"`{DEBUG}=1` prints the traceback: look through it before you send it."
    )


def _place(error: BaseException) -> str:
    """The innermost frame in our own code, as file:line and function."""
    found = "a place outside of ccpolicy"
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(_PACKAGE):
            found = f"ccpolicy/{Path(frame.filename).relative_to(_PACKAGE).as_posix()}:{frame.lineno} in {frame.name}"
    return found
