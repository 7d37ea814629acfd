"""The commands of ccpolicy, its version and its help. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import click

from ccpolicy import __version__
from ccpolicy.cli.baseline import baseline
from ccpolicy.cli.check import check
from ccpolicy.cli.completion import completion
from ccpolicy.cli.controls import controls
from ccpolicy.cli.door import Door
from ccpolicy.cli.explain import explain
from ccpolicy.cli.fmt import fmt
from ccpolicy.cli.init import init
from ccpolicy.cli.lint import lint
from ccpolicy.cli.rules import rules
from ccpolicy.cli.schemas import schemas
from ccpolicy.cli.trend import trend

EPILOG = """\b
Examples:
  ccpolicy init demo && ccpolicy check demo
  ccpolicy check . --as-of 2026-06-30 --standard pci-dss-4.0.1
  ccpolicy check . --format json --output report.json
  ccpolicy rules test

\b
Exit codes; the first of 4, 2, 3, 1, 0 that is true:
  0  clean
  1  findings at or above the threshold
  2  wrong use: options, config, rules, or no document at all
  3  input that could not be read, parsed or identified
  4  a bug of ours
"""


@click.group(cls=Door, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ccpolicy", message="%(prog)s %(version)s")
def ccpolicy() -> None:
    """Compliance as code for contact centres: documents in, sound verdicts out.

    Documents are held to schemas, then judged by rules. What is missing is never a pass.
    """


for command in (baseline, check, completion, controls, explain, fmt, init, lint, rules, schemas, trend):
    ccpolicy.add_command(command)
