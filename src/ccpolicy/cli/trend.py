"""`ccpolicy trend`: its options."""

from __future__ import annotations

import click

EPILOG = """\b
Examples:
  ccpolicy check . --format json --output reports/$(date +%F).json
  ccpolicy trend reports
  ccpolicy trend reports --format csv > trend.csv
  ccpolicy trend reports --svg trend.svg

The day of a report is its date of assessment. A finding is repaired when a report is without it that ran its rule and read its document.
"""


@click.command(epilog=EPILOG)
@click.argument("paths", metavar="REPORT...", nargs=-1, required=True)
@click.option("--format", "form", metavar="text|json|csv", default="text", show_default=True, help="Form of the trend.")
@click.option("--svg", metavar="FILE", help="Draw a chart of it into a file as well.")
def trend(paths: tuple[str, ...], form: str, svg: str | None) -> int:
    """Put JSON reports of several days in a row, from files or folders: findings, coverage and time to repair.

    They are counted for all, and for each standard, area of rules, site and client.
    """
    from ccpolicy.cli.trending import show_trend  # lazy: brings pydantic and jsonschema along

    return show_trend(paths, form, svg)
