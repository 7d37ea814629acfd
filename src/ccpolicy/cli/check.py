"""`ccpolicy check`: its options."""

from __future__ import annotations

from typing import Any

import click

from ccpolicy.cli.options import Asked, pack_options
from ccpolicy.cli.outputs import ORDER, InOrder

EPILOG = """\b
Examples:
  ccpolicy check
  ccpolicy check evidence config --as-of 2026-06-30
  ccpolicy check . --site leeds --rule 'recording/*'
  ccpolicy check . --fail-on high --undetermined warn
  ccpolicy check . --param max_payment_days=30
  ccpolicy check . --format sarif --output x.sarif --format junit --output x.xml
  ccpolicy check . --changed-since origin/main
  ccpolicy check - --stdin-filename evidence/queue.json < queue.json
  ccpolicy check . --baseline baseline.json --diff last-week.json

Options may stand in ccpolicy.toml, which is sought from PATH upwards; the command line wins. The exit codes are those of `ccpolicy --help`.
"""


@click.command(cls=InOrder, epilog=EPILOG)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option("--as-of", metavar="DATE", help="Date of assessment. Default: `as_of` of the config, else today in UTC.")
@pack_options
@click.option("--standard", metavar="ID", multiple=True, help="Only rules that cite this standard. Repeatable.")
@click.option("--rule", metavar="GLOB", multiple=True, help="Only these rules, such as 'recording/*'. Repeatable.")
@click.option("--changed-since", metavar="REV", help="Only rules that what changed since this git revision can touch. '': all.")
@click.option("--site", metavar="ID", multiple=True, help="Only documents of this site. Repeatable.")
@click.option("--client", metavar="ID", multiple=True, help="Only documents of this client. Repeatable.")
@click.option(
    "--format",
    "form",
    metavar="text|json|sarif|junit|github|gitlab|markdown|csv",
    multiple=True,
    help="Form of the report. Default: text. Repeatable, each with its --output.",
)
@click.option(
    "--output",
    metavar="FILE",
    multiple=True,
    help="Write the report of the --format before it to a file, whole or not at all; `-` is standard output. Repeatable.",
)
@click.option(
    "--fail-on", metavar="critical|high|medium|low|info|never", help="Lowest severity of a finding that makes exit 1. Default: low."
)
@click.option("--undetermined", metavar="fail|warn", help="Whether an undetermined verdict counts for the exit code. Default: fail.")
@click.option(
    "--baseline", metavar="FILE", help="Count only findings that are new, or worse than this baseline has them: see `ccpolicy baseline`."
)
@click.option("--diff", metavar="REPORT", help="Say what is new, gone and changed since this earlier JSON report.")
@click.option("--param", "params", metavar="NAME=VALUE", multiple=True, help="Set a parameter of the rules. Repeatable.")
@click.option("--stdin-filename", metavar="FILE", help="With PATH `-`: what the document on standard input is called.")
@click.option("--kind", metavar="KIND", help="With PATH `-`: the kind of a document without an envelope.")
@click.option("--no-color", is_flag=True, help="No colours. NO_COLOR and FORCE_COLOR are obeyed.")
@click.option("--quiet", is_flag=True, help="No progress bar, no remarks; the report in short.")
def check(**given: Any) -> int:
    """Check documents in folders or files (default: the current folder) and report what fails and what cannot be told.

    PATH `-` is one document on standard input, of which alone findings are reported; other PATHs are what its joins look at.
    """
    from ccpolicy.cli.checking import check_documents  # lazy: brings pydantic and jsonschema along

    asked = {name: value for name, value in given.items() if name != "paths"}
    order = click.get_current_context().meta[ORDER]
    return check_documents(Asked(paths=given["paths"] or (".",), order=order, **asked))
