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


@rules.command("show")
@pack_options
@click.argument("rule", metavar="ID")
@click.option("--format", "form", metavar="text|json|markdown", default="text", show_default=True, help="Form of the page.")
def show(packs: tuple[str, ...], no_shipped_rules: bool, rule: str, form: str) -> int:
    """Show the page of the rule ID: what it asks in plain English, why, what to avoid and what to prefer.

    The page also names the evidence that the rule reads, its parameters, and what has to be complete before it can pass. Exits 2 if there
    is no such rule.
    """
    from ccpolicy.cli.rule_show import show_rule  # lazy: brings pydantic and jsonschema along

    return show_rule(packs, not no_shipped_rules, rule, form)


@rules.command("test")
@pack_options
@click.option("--coverage", is_flag=True, help="Show which leaves and branches of each rule the cases find both true and false.")
@click.option("--mutate", is_flag=True, help="Change each rule in one small thing after the other, and show which changes no case notices.")
@click.option("--format", "form", metavar="text|json", default="text", show_default=True, help="Form of the output.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", show_default="the cores", help="Processes for long runs; 1 starts none.")
@click.argument("patterns", metavar="[GLOB]...", nargs=-1)
def test(
    packs: tuple[str, ...],
    no_shipped_rules: bool,
    coverage: bool,
    mutate: bool,
    form: str,
    jobs: int | None,
    patterns: tuple[str, ...],
) -> int:
    """Run the cases beside the rules, all of them or those of the rules that a GLOB fits.

    A mutant is the rule with one thing changed, such as a limit moved or a condition left out; it is killed when a case no longer gives
    what it expects. Survivors that are right are listed in `survivors.yaml` of the pack: rule, mutant, reason.

    Exits 1 if a case does not give what it expects, or a mutant survives that is not listed; 2 if a rule has no cases, a cases file names
    no rule, a case compares nothing, a listed survivor is unknown or is killed, or nothing is selected.
    """
    from ccpolicy.assessment.trials import Depth  # lazy: brings pydantic and jsonschema along
    from ccpolicy.cli.rule_test import Asked, test_rules

    return test_rules(Asked(packs, not no_shipped_rules, patterns, Depth(coverage, mutate), form, jobs))


@rules.command("new")
@pack_options
@click.argument("rule", metavar="ID")
@click.option("--kind", metavar="KIND", required=True, help="What the rule is about; `ccpolicy schemas list` lists the kinds.")
@click.option("--pack-dir", "folder", metavar="DIR", default=".", show_default=True, help="The pack to write into; it is made if need be.")
@click.option("--each", metavar="SOURCE", help="One focus for each member of this list, such as queues.*")
@click.option("--control", metavar="ID", help="The control to cite, as <standard>/<number>.")
@click.option("--schema", "with_schema", is_flag=True, help="Also write the schema by which an editor completes the rule.")
def new(
    packs: tuple[str, ...],
    no_shipped_rules: bool,
    rule: str,
    kind: str,
    folder: str,
    each: str | None,
    control: str | None,
    with_schema: bool,
) -> int:
    """Write a rule and its cases to start from: checks/ID.yaml and checks/ID.cases.yaml in the pack DIR.

    The rule asks something simple of the kind, taken from its schema and example. It loads and its cases pass as they are written; what to
    edit is marked EDIT. No file is ever overwritten.

    Exits 2, and writes nothing, if there is no such kind or control, the id is taken, or nothing in the kind's example can be asked about.
    """
    from ccpolicy.cli.rule_new import Asked, new_rule  # lazy: brings pydantic and jsonschema along

    return new_rule(Asked(rule, kind, folder, packs, not no_shipped_rules, each, control, with_schema))


@rules.command("schema")
@pack_options
@click.option("--cases", "form", flag_value="cases", help="Of a cases file.")
@click.option("--definition", "form", flag_value="definition", help="Of a definition file.")
@click.option("--kind", metavar="KIND", help="Of rules that apply to KIND, with its paths and what each of them can be asked.")
@click.option("--output", metavar="FILE", help="Write it to FILE.")
def schema(packs: tuple[str, ...], no_shipped_rules: bool, form: str | None, kind: str | None, output: str | None) -> int:
    """Print the JSON Schema of a rule file, by which editors complete and check it.

    Without --kind it is the same for all packs. With it, an editor also completes the paths of the kind, the operators that fit their
    types, listed values and controls, and marks those that there are not. A rule names its schema in its first line:

    \b
      # yaml-language-server: $schema=FILE

    Exits 2 if there is no such kind, or FILE cannot be written.
    """
    from ccpolicy.cli.kind_schemas import deliver_schema  # lazy: brings pydantic and jsonschema along

    return deliver_schema(packs, not no_shipped_rules, form or "rule", kind, output)
