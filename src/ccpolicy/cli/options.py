"""Options that several commands share, and the values of `check` as they were given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

CommandT = TypeVar("CommandT", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `check` as given on the command line; None and empty where they were not."""

    paths: tuple[str, ...] = (".",)
    as_of: str | None = None
    packs: tuple[str, ...] = ()
    no_shipped_rules: bool = False
    standard: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    client: tuple[str, ...] = ()
    form: str | None = None
    output: str | None = None
    fail_on: str | None = None
    undetermined: str | None = None
    params: tuple[str, ...] = ()
    no_color: bool = False
    quiet: bool = False


def pack_options(command: CommandT) -> CommandT:
    """--pack and --no-shipped-rules."""
    shipped = click.option("--no-shipped-rules", is_flag=True, help="Leave the shipped pack out, its rules and its schemas.")
    pack = click.option("--pack", "packs", metavar="DIR", multiple=True, help="A further pack of rules and schemas. Repeatable.")
    return pack(shipped(command))
