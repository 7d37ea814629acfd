"""The work of `ccpolicy schemas`: kinds, their schemas and examples."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ccpolicy.cli.messages import put
from ccpolicy.cli.printing import check_form, put_json, put_table
from ccpolicy.cli.settings import all_packs
from ccpolicy.documents.config import find_config
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.rulebook.pack import Pack, pack_at, shipped

OBSERVED_AT = "2026-06-30"  # of examples: any day will do, but always the same


def kinds_of(packs: tuple[str, ...], with_shipped: bool) -> dict[str, Kind]:
    """The kinds of the packs, those of a config included, and the engine's own. Raises Refused."""
    return load_kinds([pack.schemas for pack in packs_here(packs, with_shipped) if pack.schemas.is_dir()])


def packs_here(packs: tuple[str, ...], with_shipped: bool) -> list[Pack]:
    """The shipped pack unless it is left out, those of the config that governs this folder, and those given. Raises Refused."""
    config = find_config((Path(),))
    found = [shipped()] if with_shipped and not config.options.get("no_shipped_rules") else []
    return found + [pack_at(folder, shown) for folder, shown in all_packs(packs, config)]


def list_kinds(packs: tuple[str, ...], with_shipped: bool, form: str) -> int:
    """Prints the kinds; returns the exit code. Raises Refused."""
    check_form(form)
    kinds = kinds_of(packs, with_shipped)
    if form == "json":
        put_json([_described(kind) for kind in kinds.values()])
    else:
        put_table([(kind.name, kind.title) for kind in kinds.values()])
    return 0


def _described(kind: Kind) -> dict[str, Any]:
    return {"kind": kind.name, "title": kind.title, "description": str(kind.schema.get("description", ""))}


def show_kind(packs: tuple[str, ...], with_shipped: bool, name: str) -> int:
    """Prints the schema file of a kind; returns the exit code. Raises Refused."""
    kind = kind_named(kinds_of(packs, with_shipped), name)
    put(Path(kind.file).read_bytes().decode("utf-8").rstrip() + "\n", as_utf8=True)
    return 0


def show_example(packs: tuple[str, ...], with_shipped: bool, name: str) -> int:
    """Prints an example of a kind; returns the exit code. Raises Refused."""
    kind = kind_named(kinds_of(packs, with_shipped), name)
    if not kind.schema.get("examples"):
        raise Refused([Problem(kind.file, code="no-example", message=f"the schema of `{name}` has no `examples`")])
    put_json(example_of(kind))
    return 0


def example_of(kind: Kind) -> dict[str, Any]:
    """The first example of the schema, as a document."""
    body = kind.schema["examples"][0]
    own = body.get("id") if isinstance(body, Mapping) else None
    return {"kind": kind.name, "id": own if isinstance(own, str) else f"{kind.name}-1", "observed_at": OBSERVED_AT, "data": body}


def kind_named(kinds: Mapping[str, Kind], name: str) -> Kind:
    """The kind of this name. Raises Refused."""
    if name not in kinds:
        hint = did_you_mean(name.lower(), kinds) or "`ccpolicy schemas list` lists the kinds"
        raise Refused([Problem(code="unknown-kind", message=f"there is no kind `{name}`", hint=hint)])
    return kinds[name]
