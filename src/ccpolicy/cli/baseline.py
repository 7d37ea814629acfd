"""`ccpolicy baseline`: its options."""

from __future__ import annotations

from typing import Any

import click

from ccpolicy.cli.options import Asked, pack_options


@click.group()
def baseline() -> None:
    """Take note of the findings that there are, so that `check --baseline FILE` fails for new ones only."""


_WRITE = """\b
Examples:
  ccpolicy baseline write . --output baseline.json --owner 'J. Doe' --reason 'found when we began; plan OPS-12'
  ccpolicy check . --baseline baseline.json

A baseline changes no verdict and no control status. A finding is known by its fingerprint, which moved lines do not change.
Waived findings are not written: when the waiver expires they are new.
"""


@baseline.command("write", epilog=_WRITE)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--output", metavar="FILE", help="The baseline to write. Default: `baseline` of the config.")
@click.option("--owner", metavar="NAME", default="", help="Who answers for findings that are not in it yet.")
@click.option("--reason", metavar="TEXT", default="", help="Why these may stand for now.")
@click.option("--as-of", metavar="DATE", help="Date of assessment. Default: `as_of` of the config, else today in UTC.")
@pack_options
@click.option("--standard", metavar="ID", multiple=True, help="Only rules that cite this standard. Repeatable.")
@click.option("--rule", metavar="GLOB", multiple=True, help="Only these rules, such as 'recording/*'. Repeatable.")
@click.option("--site", metavar="ID", multiple=True, help="Only documents of this site. Repeatable.")
@click.option("--client", metavar="ID", multiple=True, help="Only documents of this client. Repeatable.")
@click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help="Set a parameter of the rules. Repeatable.")
@click.option("--quiet", is_flag=True, help="No progress bar, and nothing said of the baseline.")
def write(output: str | None, owner: str, reason: str, **given: Any) -> int:
    """Write the failures and the undetermined findings of `check PATH` to a baseline.

    Over an old baseline, entries keep their owner, their reason and their day; what is gone leaves, and what was not looked at stays.
    """
    from ccpolicy.cli.baselining import write_baseline  # lazy: brings pydantic and jsonschema along

    asked = {name: value for name, value in given.items() if name != "paths"}
    return write_baseline(Asked(paths=given["paths"] or (".",), **asked), output, owner, reason)


@baseline.command("show")
@click.argument("file", metavar="FILE")
@click.option("--format", "form", metavar="text|json|csv", default="text", show_default=True, help="Form of the list.")
def show(file: str, form: str) -> int:
    """List the entries of a baseline, and say which have no owner or no reason."""
    from ccpolicy.cli.baselining import show_baseline  # lazy: brings pydantic and jsonschema along

    return show_baseline(file, form)
