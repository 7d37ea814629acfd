"""What `check` is to do: options and config put together, the command line first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ccpolicy.cli.given import STDIN, Given, given_in, governing, misused
from ccpolicy.cli.options import Asked
from ccpolicy.cli.outputs import Output, outputs_of, stated_file
from ccpolicy.documents.config import Config, find_config
from ccpolicy.documents.moment import read_date
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.reports.formats import FORMATS
from ccpolicy.rulebook.rule import SEVERITIES

WORDS = {"format": FORMATS, "fail_on": (*SEVERITIES, "never"), "undetermined": ("fail", "warn")}
DEFAULTS = {"fail_on": "low", "undetermined": "fail"}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is settled before rules and documents are read."""

    paths: tuple[Path, ...]
    config: Config
    as_of: date
    packs: tuple[tuple[Path, str], ...]  # folder, and how to show it
    shipped: bool
    standards: tuple[str, ...]
    rules: tuple[str, ...]
    sites: tuple[str, ...]
    clients: tuple[str, ...]
    params: tuple[str, ...]  # NAME=VALUE of the command line
    outputs: tuple[Output, ...]
    fail_on: Any
    undetermined: Any
    baseline: Path | None
    diff: Path | None
    no_color: bool
    quiet: bool
    changed_since: str = ""  # a git revision
    given: Given | None = None  # the document on standard input


def settings_of(asked: Asked) -> Settings:
    """The settings of a run. Raises Refused with all that is wrong with paths and words, or with the config."""
    _check_place()
    problems = [*_missing_paths(asked), *_wrong_words(asked), *misused(asked)]
    if problems:
        raise Refused(problems)
    paths, given = tuple(Path(path) for path in asked.paths if path != STDIN), given_in(asked)
    config = find_config(governing(paths, given))
    stated = config.options
    return Settings(
        paths=paths,
        config=config if given is None else given.mapped(config),
        as_of=read_date(asked.as_of) or config.as_of or datetime.now(UTC).date(),
        packs=all_packs(asked.packs, config),
        shipped=not (asked.no_shipped_rules or stated.get("no_shipped_rules")),
        standards=_chosen(asked.standard, stated.get("standard")),
        rules=_chosen(asked.rule, stated.get("rule")),
        sites=_chosen(asked.site, stated.get("site")),
        clients=_chosen(asked.client, stated.get("client")),
        params=asked.params,
        outputs=outputs_of(asked, config),
        fail_on=asked.fail_on or stated.get("fail_on") or DEFAULTS["fail_on"],
        undetermined=asked.undetermined or stated.get("undetermined") or DEFAULTS["undetermined"],
        baseline=stated_file(config, "baseline") if asked.baseline is None else Path(asked.baseline),
        diff=None if asked.diff is None else Path(asked.diff),
        no_color=bool(asked.no_color or stated.get("no_color")),
        quiet=bool(asked.quiet or stated.get("quiet")),
        changed_since="" if given is not None else _stated(asked.changed_since, stated.get("changed_since")),
        given=given,
    )


def _missing_paths(asked: Asked) -> Iterator[Problem]:
    for path in asked.paths:
        if path != STDIN and not os.path.exists(path):
            yield Problem(code="no-such-path", message=f"there is no file or folder `{path}`")


def _wrong_words(asked: Asked) -> Iterator[Problem]:
    for name, value in (*(("format", form) for form in asked.form), ("fail_on", asked.fail_on), ("undetermined", asked.undetermined)):
        if value is not None and value not in WORDS[name]:
            option = "--" + name.replace("_", "-")
            hint = did_you_mean(value.lower(), WORDS[name]) or f"known are {either(WORDS[name])}"
            yield Problem(code="unknown-word", message=f"`{option}` does not know `{value}`", hint=hint)
    if asked.as_of is not None and read_date(asked.as_of) is None:
        yield Problem(code="bad-date", message=f"`--as-of` takes a date, and `{asked.as_of}` is none", hint="write it as 2026-06-30")
    for name, values in (("output", asked.output), ("baseline", (asked.baseline,)), ("diff", (asked.diff,))):
        if "" in values:
            yield Problem(code="no-file", message=f"`--{name}` takes the name of a file")


def _check_place() -> None:
    """Raises Refused where the working directory is gone: no relative path means anything there."""
    try:
        os.getcwd()
    except OSError:
        raise Refused([Problem(code="no-such-path", message="the working directory is no longer there")]) from None


def _stated(given: str | None, stated: str | None) -> str:
    """The empty text on the command line takes back what the config says."""
    return given if given is not None else stated or ""


def _chosen(given: tuple[str, ...], stated: list[str] | None) -> tuple[str, ...]:
    """Sorted and without repetition: the order of options does not matter."""
    return tuple(sorted(set(given or stated or ())))


def all_packs(given: tuple[str, ...], config: Config) -> tuple[tuple[Path, str], ...]:
    """The packs of the config and those of the command line, each folder once, with the name that messages use."""
    found: dict[str, tuple[Path, str]] = {}
    for folder in config.packs:
        found.setdefault(os.path.realpath(folder), (folder, os.path.relpath(folder, config.root)))
    for name in given:
        found.setdefault(os.path.realpath(name), (Path(name), name))
    return tuple(found[place] for place in sorted(found))


def given_packs(given: tuple[str, ...]) -> tuple[tuple[Path, str], ...]:
    """The packs of a command that reads no config."""
    return all_packs(given, Config(root=Path()))
