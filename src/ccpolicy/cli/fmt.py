"""`ccpolicy fmt`: rule, cases and definition files in the house style."""

from __future__ import annotations

import click


@click.command("fmt")
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option("--check", "check_only", is_flag=True, help="Change nothing; exit 1 if a file would be changed, and name it.")
@click.option("--diff", "as_diff", is_flag=True, help="Change nothing; show what would be changed.")
def fmt(paths: tuple[str, ...], check_only: bool, as_diff: bool) -> int:
    """Put rule, cases and definition files into the house style.

    A PATH is a file, or a folder with all that is below it; without one it is the current folder. Only the files of a pack (below checks/
    and definitions/) and files whose content is a rule, cases or a definition are touched. Comments stay, and so does what a file says:
    one that would say something else is left as it is, and that is our bug.

    Exits 0 when done, whether or not a file was changed; 1 with --check if one would be; 2 if a file cannot be read as YAML or JSON, or a
    file that is named is none of the three.
    """
    from ccpolicy.cli.formatting import format_files  # lazy: brings pydantic along

    return format_files(paths or (".",), check_only, as_diff)
