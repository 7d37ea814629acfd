"""Compliance as code for contact centres: documents in, sound verdicts out.

The public API is what `__all__` names. It is imported when it is first asked for, so that the command line starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ccpolicy.api.library import Citation, Library, Rule
    from ccpolicy.api.loading import assess, load
    from ccpolicy.api.report import Finding, Report, RuleStatus
    from ccpolicy.errors import Problem, Refused

__version__ = "0.1.0"

__all__ = ["Citation", "Finding", "Library", "Problem", "Refused", "Report", "Rule", "RuleStatus", "__version__", "assess", "load"]

_HOMES = {
    "Citation": "ccpolicy.api.library",
    "Finding": "ccpolicy.api.report",
    "Library": "ccpolicy.api.library",
    "Problem": "ccpolicy.errors",
    "Refused": "ccpolicy.errors",
    "Report": "ccpolicy.api.report",
    "Rule": "ccpolicy.api.library",
    "RuleStatus": "ccpolicy.api.report",
    "assess": "ccpolicy.api.loading",
    "load": "ccpolicy.api.loading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module `ccpolicy` has no attribute `{name}`")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
