"""The program: the script `ccpolicy`, and `python -m ccpolicy`."""

from __future__ import annotations

from ccpolicy.cli.main import ccpolicy


def main() -> None:
    """Runs the command line and leaves with its exit code."""
    ccpolicy(prog_name="ccpolicy")


if __name__ == "__main__":
    main()
