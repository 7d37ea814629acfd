"""What evidence adds to the graph: its files, and the documents that speak of controls and rules themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ccpolicy.assessment.finding import WaiverNote
from ccpolicy.assessment.statements import Statement
from ccpolicy.controls.graph import Held, Node, Said
from ccpolicy.documents.document import Evidence

_VERBS = {"provider": "answered for by a provider", "shared": "shared with a provider", "client": "ours alone"}
_COUNTS = ("applied", "ours")


def held_in(evidence: Evidence, statements: Iterable[Statement], waivers: Iterable[WaiverNote]) -> Held:
    """The files with the kinds of their documents; attestations, responsibilities and waivers with what they speak of, and their state."""
    files = sorted({(record.file, record.kind) for record in evidence.files if record.kind})
    return Held(tuple(files), tuple(sorted([*_stated(statements), *_waived(waivers)])))


def _stated(statements: Iterable[Statement]) -> Iterator[Said]:
    for one in statements:
        label = _VERBS[one.party] if one.party else "attests"
        counted = "" if one.state in _COUNTS else f" ({one.state.replace('_', ' ')})"
        yield Said(Node(one.kind, one.document.id), one.document.file, Node("control", one.control), f"{label}{counted}")


def _waived(waivers: Iterable[WaiverNote]) -> Iterator[Said]:
    for one in waivers:
        if one.rule:
            counted = "" if one.state in ("applied", "not_run") else f" ({one.state.replace('_', ' ')})"
            yield Said(Node("waiver", one.id), one.file, Node("rule", one.rule), f"waives{counted}")
