"""`ccpolicy lint`: rules about rules."""

from __future__ import annotations

import click


@click.command()
@click.argument("packs", metavar="[PACK]...", nargs=-1)
@click.option("--no-shipped-rules", is_flag=True, help="Leave the shipped pack out, its rules and its schemas.")
@click.option("--rule", "rules", metavar="GLOB", multiple=True, help="Only these rules, such as 'recording/*'. Repeatable.")
@click.option("--format", "form", metavar="text|json", default="text", show_default=True, help="Form of the findings.")
@click.option("--no-color", is_flag=True, help="No colours. NO_COLOR and FORCE_COLOR are obeyed.")
@click.option("--list", "listed", is_flag=True, help="List every lint, each with a sentence, and stop.")
@click.option("--explain", metavar="LINT", help="Show the page of a lint, with an example to avoid and one to prefer, and stop.")
def lint(
    packs: tuple[str, ...],
    no_shipped_rules: bool,
    rules: tuple[str, ...],
    form: str,
    no_color: bool,
    listed: bool,
    explain: str | None,
) -> int:
    """Look for rules that load and are hardly meant: unused names, words that say nothing, numbers that differ from the control's.

    PACK is a folder laid out like the shipped one; without any, the shipped pack is linted. A PACK is read together with the shipped
    one, and only what is in PACK is found fault with. What is meant is kept quiet by `lint.yaml` at the root of the pack, each entry
    with its reason. `--explain` shows why a lint is there, with an example to avoid and one to prefer.

    Exits 0 if nothing is found, 1 if something is, and 2 for wrong use or a pack that does not load.
    """
    from ccpolicy.cli.linting import explain_lint, lint_named, list_lints  # lazy: brings pydantic and jsonschema along

    if explain is not None:
        return explain_lint(explain, form)
    if listed:
        return list_lints(form)
    return lint_named(packs, not no_shipped_rules, rules, form, no_color)
