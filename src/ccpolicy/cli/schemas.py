"""`ccpolicy schemas`: the kinds of documents."""

from __future__ import annotations

import click

from ccpolicy.cli.options import pack_options

_LIST_FORMAT = click.option("--format", "form", metavar="text|json", default="text", show_default=True, help="Form of the list.")


@click.group()
def schemas() -> None:
    """List the kinds of documents, and show their schemas and examples."""


@schemas.command("list")
@pack_options
@_LIST_FORMAT
def list_(packs: tuple[str, ...], no_shipped_rules: bool, form: str) -> int:
    """List the kinds of documents."""
    from ccpolicy.cli.kinds import list_kinds  # lazy: brings jsonschema along

    return list_kinds(packs, not no_shipped_rules, form)


@schemas.command("show")
@pack_options
@click.argument("kind")
def show(packs: tuple[str, ...], no_shipped_rules: bool, kind: str) -> int:
    """Print the JSON Schema of a KIND."""
    from ccpolicy.cli.kinds import show_kind  # lazy: brings jsonschema along

    return show_kind(packs, not no_shipped_rules, kind)


@schemas.command("example")
@pack_options
@click.argument("kind")
def example(packs: tuple[str, ...], no_shipped_rules: bool, kind: str) -> int:
    """Print a document of a KIND, with its envelope, to start from."""
    from ccpolicy.cli.kinds import show_example  # lazy: brings jsonschema along

    return show_example(packs, not no_shipped_rules, kind)


@schemas.command("config")
@pack_options
def config(packs: tuple[str, ...], no_shipped_rules: bool) -> int:
    """Print the JSON Schema of ccpolicy.toml. It is the same for all packs."""
    from ccpolicy.cli.file_schemas import print_file_schema  # lazy: brings pydantic along

    return print_file_schema("config")
