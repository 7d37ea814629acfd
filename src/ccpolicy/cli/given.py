"""A document on standard input: what it is called, which config governs it, and of which kind it is."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ccpolicy.cli.options import Asked
from ccpolicy.documents.config import Config
from ccpolicy.documents.envelope import is_enveloped
from ccpolicy.documents.files import Found
from ccpolicy.documents.mapping import Mapped
from ccpolicy.documents.source import Form, form_of, read_value
from ccpolicy.errors import Problem, Refused

STDIN = "-"
_SPECIAL = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Given:
    """The document, the place at which it stands or is to stand, and the kind that it was said to be."""

    data: bytes
    place: Path  # absolute, without links
    kind: str | None

    def found(self, config: Config) -> Found:
        """The file that it is to a run with this config."""
        inside = self.place.is_relative_to(config.root)
        name = self.place.relative_to(config.root).as_posix() if inside else self.place.name
        return Found(name, "", len(self.data), data=self.data)

    def mapped(self, config: Config) -> Config:
        """The config, with a mapping first if the document is the body of one of the kind that was named. Raises Refused."""
        file = self.found(config).file
        form = form_of(file)
        if self.kind is None or _has_envelope(self, file, form):
            return config
        pattern = _SPECIAL.sub(lambda found: f"[{found[0]}]", file)
        return replace(config, mappings=(Mapped((pattern,), self.kind, form or "yaml"), *config.mappings))


def misused(asked: Asked) -> Iterator[Problem]:
    """What does not go together."""
    stdin = STDIN in asked.paths
    for option, value in (("--stdin-filename", asked.stdin_filename), ("--kind", asked.kind)):
        if value is not None and not stdin:
            hint = "`ccpolicy check - < FILE` reads standard input"
            yield Problem(code="no-stdin", message=f"`{option}` speaks of the document on standard input, which is `-`", hint=hint)
    if asked.stdin_filename is not None and (not asked.stdin_filename or "\0" in asked.stdin_filename):
        yield Problem(code="no-file", message="`--stdin-filename` takes the name of a file")
    if stdin and asked.changed_since:
        yield Problem(code="no-change", message="`--changed-since` compares files, and `-` is none", hint="leave one of the two out")


def given_in(asked: Asked) -> Given | None:
    """What stands on standard input, if that was named."""
    if STDIN not in asked.paths:
        return None
    data: bytes = sys.stdin.buffer.read()
    name = asked.stdin_filename or ("stdin.json" if data.lstrip()[:1] in (b"{", b"[") else "stdin.yaml")
    return Given(data, Path(os.path.realpath(name)), asked.kind)


def governing(paths: Sequence[Path], given: Given | None) -> Sequence[Path]:
    """The paths from which the config is sought."""
    if given is None:
        return paths
    folder = next(folder for folder in given.place.parents if folder.is_dir())
    return [*paths, folder]


def _has_envelope(given: Given, file: str, form: Form | None) -> bool:
    """Whether the document says itself what it is. Raises Refused where it says that it is of another kind."""
    if form in ("csv", "ndjson"):
        return False
    try:
        value = read_value(given.data, file, "json" if form == "json" else "yaml")
    except Refused:
        return True  # it cannot be read, and reading it again says why
    if not isinstance(value, dict) or not is_enveloped(value):
        return False
    if value["kind"] != given.kind:
        message = f"the envelope says that it is of kind `{value['kind']}`, and `--kind` says `{given.kind}`"
        raise Refused([Problem(file, code="wrong-kind", message=message, hint="leave `--kind` out: the envelope says it")])
    return True
