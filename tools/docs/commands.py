"""The pages on the commands, made from their help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence

import click

from ccpolicy.cli.main import EPILOG, ccpolicy
from tools.docs.page import Page, code, fence, link, prose, table

LIST = "cli/index.md"
CODES = re.compile(r"^  (\d)  (.+)$", re.MULTILINE)


def command_page(words: Sequence[str]) -> str:
    """Where the page of a command is; `words` are those behind `ccpolicy`."""
    return f"cli/{'-'.join(words)}.md"


def commands(group: click.Group = ccpolicy, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with the words that call it."""
    for name in sorted(group.commands):
        command = group.commands[name]
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        else:
            yield (*above, name), command


def command_pages() -> Iterator[Page]:
    """The page of each command, and their list with the exit codes."""
    yield Page(LIST, "Commands", _list())
    for words, command in commands():
        yield Page(command_page(words), " ".join(("ccpolicy", *words)), _command(words, command))


def _list() -> str:
    rows = [(link(LIST, command_page(words), code(" ".join(("ccpolicy", *words)))), _first(command)) for words, command in commands()]
    codes = table(("code", "meaning"), [(number, prose(meaning)) for number, meaning in CODES.findall(EPILOG)])
    return (
        table(("command", "what it does"), rows)
        + "\n## Exit codes\n\nThe first of 4, 2, 3, 1, 0 that is true. With 3, the rest is still checked and reported.\n\n"
        + codes
    )


def _first(command: click.Command) -> str:
    """The first paragraph of the help."""
    return prose(" ".join(_text(command).split("\n\n")[0].split()))


def _text(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").split("\f")[0]


def _command(words: Sequence[str], command: click.Command) -> str:
    context = click.Context(command, info_name=" ".join(("ccpolicy", *words)))
    usage = command.get_usage(context).removeprefix("Usage: ")
    options = [parameter for parameter in command.get_params(context) if isinstance(parameter, click.Option)]
    parts = [
        _paragraphs(_text(command)),
        fence(" ".join(usage.split()), "text"),
        "## Options\n\n" + table(("option", "meaning"), [_option(option, context) for option in options]),
        _paragraphs(inspect.cleandoc(command.epilog or "")),
        f"What the exit codes mean is told {link(command_page(words), f'{LIST}#exit-codes', 'here')}.",
    ]
    return "\n\n".join(part for part in parts if part)


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    names, meaning = option.get_help_record(context) or ("", "")
    return code(" ".join(names.split())), prose(" ".join(meaning.split()))


def _paragraphs(text: str) -> str:
    r"""Help as Markdown: what stands below a `\b` keeps its lines."""
    parts = [_kept(part[2:].strip("\n")) if part.startswith("\b") else prose(" ".join(part.split())) for part in text.split("\n\n")]
    return "\n\n".join(part for part in parts if part)


def _kept(text: str) -> str:
    head, _, rest = text.partition("\n")
    if not head.endswith(":"):
        return fence(text, "text")
    return f"{prose(head)}\n\n" + fence(inspect.cleandoc(rest) if not rest.startswith(" ") else _dedented(rest), "text")


def _dedented(text: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in text.split("\n"))
