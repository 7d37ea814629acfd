"""A fixed part of what a test would take long over; `make mutants` takes all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256

EVERY = bool(os.environ.get("CCPOLICY_EVERY"))


def spread(names: Iterable[str], most: int = 1) -> list[str]:
    """Of each subject (what stands before the last `/`) so many, always the same ones whatever is added to other subjects."""
    subjects: dict[str, list[str]] = {}
    for name in names:
        subjects.setdefault(name.rpartition("/")[0], []).append(name)
    chosen = (sorted(own, key=_mark) for own in subjects.values())
    return sorted(name for own in chosen for name in (own if EVERY else own[:most]))


def _mark(name: str) -> str:
    return sha256(name.encode()).hexdigest()
