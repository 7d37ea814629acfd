"""The work of `ccpolicy rules schema --kind`: the schema of rules for one kind, printed or written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ccpolicy.cli.delivery import check_target, write_whole
from ccpolicy.cli.file_schemas import file_schema, schema_text
from ccpolicy.cli.kinds import kind_named, packs_here
from ccpolicy.cli.messages import put, say
from ccpolicy.controls.catalogue import control_titles, load_catalogues
from ccpolicy.documents.schema import load_kinds
from ccpolicy.errors import Problem, Refused
from ccpolicy.rulebook.kind_schema import kind_schema
from ccpolicy.rulebook.pack import Pack


def deliver_schema(packs: tuple[str, ...], with_shipped: bool, form: str, kind: str | None, output: str | None) -> int:
    """Prints or writes the schema of a file, or of rules for a kind; returns the exit code. Raises Refused."""
    if kind is not None and form != "rule":
        message = "`--kind` is for the schema of rules"
        raise Refused([Problem(code="wrong-use", message=message, hint=f"leave out `--kind` or `--{form}`")])
    if output is not None:
        check_target(Path(output))
    text = schema_text(form) if kind is None else kind_schema_text(packs_here(packs, with_shipped), kind)
    if output is None:
        put(text, as_utf8=True)
    else:
        write_whole(Path(output), _filling(text), "schema")
        say(f"written to {output}; a rule names it in its first line: # yaml-language-server: $schema=<path of this file>")
    return 0


def kind_schema_text(packs: list[Pack], name: str) -> str:
    """The schema of rules for a kind of these packs. Raises Refused."""
    kinds = load_kinds([pack.schemas for pack in packs if pack.schemas.is_dir()])
    kind = kind_named(kinds, name)
    controls = control_titles(load_catalogues(packs))
    return json.dumps(kind_schema(kind, file_schema("rule"), kinds, controls), ensure_ascii=False, indent=1) + "\n"


def _filling(text: str) -> Callable[[Callable[[str], object]], object]:
    return lambda write: write(text)
