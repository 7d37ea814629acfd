"""All lints, in the order in which pages list them."""

from __future__ import annotations

from ccpolicy.analysis.lint import absence, cases, conditions, message, thresholds, twins, unused, words
from ccpolicy.analysis.lint.lint import Lint
from ccpolicy.analysis.lint.silences import STALE_SILENCE

_ALL = (
    *words.LINTS,
    *message.LINTS,
    *unused.LINTS,
    *absence.LINTS,
    *conditions.LINTS,
    *twins.LINTS,
    *thresholds.LINTS,
    *cases.LINTS,
    STALE_SILENCE,
)

LINTS: dict[str, Lint] = {lint.id: lint for lint in _ALL}
