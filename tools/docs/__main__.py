"""Writes docs/standards anew, and builds the site of the documentation: `python -m tools.docs`."""

from __future__ import annotations

import sys

from ccpolicy.errors import Refused
from tools.docs.site import BUILD, TOP, build, write_kept


def main() -> int:
    """Writes the pages, builds the site, and says where it is, or what is wrong with it."""
    try:
        write_kept()
        wrong = build()
    except Refused as refused:
        wrong = "".join(f"error: {problem}\n" for problem in refused.problems)
    if wrong:
        sys.stderr.write(wrong)
        return 1
    index = BUILD / "site" / "index.html"
    pages = len(list((BUILD / "docs").rglob("*.md")))
    sys.stdout.write(f"{pages} pages, no broken links: open {index.relative_to(TOP)}, it needs no server\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
