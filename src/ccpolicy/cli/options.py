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
    form: tuple[str, ...] = ()
    output: tuple[str, ...] = ()
    order: tuple[str, ...] = ()  # `form` and `output`, as often and in the order as they were given
    fail_on: str | None = None
    undetermined: str | None = None
    params: tuple[str, ...] = ()
    baseline: str | None = None
    diff: str | None = None
    no_color: bool = False
    quiet: bool = False
    changed_since: str | None = None
    stdin_filename: str | None = None
    kind: str | None = None


def pack_options(command: CommandT) -> CommandT:
    """--pack and --no-shipped-rules."""
    shipped = click.option("--no-shipped-rules", is_flag=True, help="Leave the shipped pack out, its rules and its schemas.")
    pack = click.option("--pack", "packs", metavar="DIR", multiple=True, help="A further pack of rules and schemas. Repeatable.")
    return pack(shipped(command))


def evidence_options(command: CommandT) -> CommandT:
    """--evidence and --as-of, of commands that speak of the packs alone without them."""
    as_of = click.option("--as-of", metavar="DATE", help="Date of assessment. Default: `as_of` of the config, else today in UTC.")
    paths = "Assess the documents in this file or folder, as `check` does with the config above it. Repeatable."
    evidence = click.option("--evidence", "evidence", metavar="PATH", multiple=True, help=paths)
    return evidence(as_of(command))


def asked_of(
    evidence: tuple[str, ...], as_of: str | None, packs: tuple[str, ...], no_shipped_rules: bool, standards: tuple[str, ...] = ()
) -> Asked:
    """What a command about controls was asked; without evidence it has no paths."""
    return Asked(paths=evidence, as_of=as_of, packs=packs, no_shipped_rules=no_shipped_rules, standard=standards)
