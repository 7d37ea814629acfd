"""`ccpolicy explain`: its options."""

from __future__ import annotations

from typing import Any

import click

from ccpolicy.cli.options import Asked, pack_options

EPILOG = """\b
Examples:
  ccpolicy explain recording/pause-on-payment
  ccpolicy explain training/payment-agents evidence --document A-1002
  ccpolicy explain access/mfa-into-cde . --all --format json

\b
Exit codes:
  0  explained, whatever the verdict
  2  wrong use: options, config, an unknown rule or document, or no document at all
  3  explained, but some input could not be read
"""


@click.command(epilog=EPILOG)
@click.argument("rule", metavar="RULE")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--document", "documents", metavar="ID", multiple=True, help="Only what the rule says of this document. Repeatable.")
@click.option("--all", "every", is_flag=True, help="Explain every focus, not only the worst five.")
@click.option("--as-of", metavar="DATE", help="Date of assessment. Default: `as_of` of the config, else today in UTC.")
@pack_options
@click.option("--site", metavar="ID", multiple=True, help="Only documents of this site. Repeatable.")
@click.option("--client", metavar="ID", multiple=True, help="Only documents of this client. Repeatable.")
@click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help="Set a parameter of the rules. Repeatable.")
@click.option("--format", "form", metavar="text|json", default="text", show_default=True, help="Form of the explanation.")
@click.option("--no-color", is_flag=True, help="No colours. NO_COLOR and FORCE_COLOR are obeyed.")
def explain(rule: str, documents: tuple[str, ...], every: bool, form: str, **given: Any) -> int:
    """Show how a rule comes to its verdicts on the documents in folders or files (default: the current folder).

    Each step from the population to the verdict is shown with the values seen, and what would decide what cannot be told.
    """
    from ccpolicy.cli.explaining import explain_rule  # lazy: brings pydantic and jsonschema along

    asked = {name: value for name, value in given.items() if name != "paths"}
    return explain_rule(rule, documents, every, form, Asked(paths=given["paths"] or (".",), **asked))
