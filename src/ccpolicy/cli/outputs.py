"""Where which form of a report goes: --format and --output put together."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ccpolicy.cli.options import Asked
from ccpolicy.errors import Problem, Refused

if TYPE_CHECKING:  # the help of `check` needs no config, which is slow to import
    from ccpolicy.documents.config import Config

ORDER = "ccpolicy.outputs"
_STANDARD = "-"
_PAIRS = "write them in pairs: --format sarif --output report.sarif --format junit --output report.xml; one form may go to standard output"


@dataclass(frozen=True, slots=True)
class Output:
    """A form of the report, and the file it goes to; None is standard output."""

    form: str
    file: Path | None


class InOrder(click.Command):
    """A command that notes in which order --format and --output were given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As ever; the names stand in the meta data of the context."""
        *_, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[ORDER] = tuple(one.name for one in order if one.name in ("form", "output"))
        return super().parse_args(ctx, args)


def outputs_of(asked: Asked, config: Config) -> tuple[Output, ...]:
    """The outputs of a run. Raises Refused where they cannot all be written."""
    stated: dict[str, Any] = dict(config.options)
    forms = asked.form or (stated.get("format") or "text",)
    if len(forms) == 1 and not asked.output:
        outputs: Sequence[Output] = [Output(forms[0], stated_file(config, "output"))]
    else:
        outputs = _paired(forms, asked)
    problems = [*_standard_twice(outputs), *_file_twice(outputs)]
    if problems:
        raise Refused(problems)
    return tuple(outputs)


def _paired(forms: tuple[str, ...], asked: Asked) -> list[Output]:
    """In their order; a form that no --output follows goes to standard output. Raises Refused."""
    files = [None if name == _STANDARD else Path(name) for name in asked.output]
    if len(files) > len(forms) or (files and len(files) < len(forms) - 1):
        message = f"`--format` stands {_times(len(asked.form))} and `--output` {_times(len(files))}: each file takes one form"
        raise Refused([Problem(code="no-pairs", message=message, hint=_PAIRS)])
    if len(files) < len(forms):
        lonely = _lonely(asked.order) if len(files) == len(forms) - 1 else []
        files.insert(lonely[0] if len(lonely) == 1 else len(files), None)
    files += [None] * (len(forms) - len(files))
    return [Output(form, file) for form, file in zip(forms, files, strict=True)]


def _lonely(order: tuple[str, ...]) -> list[int]:
    """The positions of the formats that no output follows."""
    places = [place for place, name in enumerate(order) if name == "form"]
    return [number for number, place in enumerate(places) if order[place + 1 : place + 2] != ("output",)]


def _times(count: int) -> str:
    return "nowhere" if not count else "once" if count == 1 else f"{count} times"


def _standard_twice(outputs: Sequence[Output]) -> Iterator[Problem]:
    forms = [output.form for output in outputs if output.file is None]
    if len(forms) > 1:
        told = " and ".join(f"`{form}`" for form in forms)
        yield Problem(code="no-pairs", message=f"{told} would both go to standard output, which takes one form", hint=_PAIRS)


def _file_twice(outputs: Sequence[Output]) -> Iterator[Problem]:
    named = [output.file for output in outputs if output.file is not None and (output.file.is_file() or not output.file.exists())]
    for real, count in Counter(os.path.realpath(file) for file in named).items():
        if count > 1:
            name = next(file for file in named if os.path.realpath(file) == real)
            yield Problem(code="same-file", message=f"`{name}` would be written {_times(count)}", hint="name a file for each form")


def stated_file(config: Config, name: str) -> Path | None:
    """A file that the config names. It comes with the evidence, from whoever wrote that: it names no file outside of its own folder."""
    if name not in config.options:
        return None
    file = config.root / str(config.options[name])
    if "\0" in str(file) or not Path(os.path.realpath(file)).is_relative_to(config.root):
        message = f"`{name}` leads out of the folder of the config"
        raise Refused([Problem(config.file or "", code="bad-config", message=message, hint=f"name the file by --{name}")])
    return file
