"""`ccpolicy rules`: list the rules, run their cases, print the schema of rule files."""

from __future__ import annotations

import click

from ccpolicy.cli.options import pack_options


@click.group()
def rules() -> None:
    """List rules, run their cases, and print the schema of rule files."""


@rules.command("list")
@pack_options
@click.option("--standard", metavar="ID", multiple=True, help="Only rules that cite this standard. Repeatable.")
@click.option("--format", "form", metavar="text|json", default="text", show_default=True, help="Form of the list.")
def list_(packs: tuple[str, ...], no_shipped_rules: bool, standard: tuple[str, ...], form: str) -> int:
    """List the rules with severity, title and the controls that they cite."""
    from ccpolicy.cli.rule_list import list_rules  # lazy: brings pydantic and jsonschema along

    return list_rules(packs, not no_shipped_rules, standard, form)


@rules.command("test")
@pack_options
@click.argument("patterns", metavar="[GLOB]...", nargs=-1)
def test(packs: tuple[str, ...], no_shipped_rules: bool, patterns: tuple[str, ...]) -> int:
    """Run the cases beside the rules, all of them or those of the rules that a GLOB fits.

    Exits 1 if a case does not give what it expects; 2 if a rule has no cases, a cases file names no rule, a case compares nothing, or
    nothing is selected.
    """
    from ccpolicy.cli.rule_test import test_rules  # lazy: brings pydantic and jsonschema along

    return test_rules(packs, not no_shipped_rules, patterns)


@rules.command("schema")
@pack_options
@click.option("--cases", "form", flag_value="cases", help="Of a cases file.")
@click.option("--definition", "form", flag_value="definition", help="Of a definition file.")
def schema(packs: tuple[str, ...], no_shipped_rules: bool, form: str | None) -> int:
    """Print the JSON Schema of a rule file, by which editors complete and check it. It is the same for all packs."""
    from ccpolicy.cli.file_schemas import print_file_schema  # lazy: brings pydantic along

    return print_file_schema(form or "rule")
