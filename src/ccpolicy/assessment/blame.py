"""From culprits to findings: messages filled in, values hidden, places and fingerprints given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ccpolicy.assessment.finding import Detail, Finding
from ccpolicy.assessment.hiding import Hiding
from ccpolicy.assessment.unset import waited_for
from ccpolicy.backends.outcome import Culprit, Reasons, Spot
from ccpolicy.backends.phrases import REDACTED, value_text
from ccpolicy.backends.population import Focus
from ccpolicy.backends.scene import Collection, Scene, resolve, unknown
from ccpolicy.backends.secrecy import is_secret
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.pointer import write_pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.shape import Shape
from ccpolicy.documents.sharing import shared
from ccpolicy.rulebook.rule import Placeholder, Rule

REASON_WORDS = {
    "absent": "missing",
    "null": "null",
    "gap": "not in evidence",
    "invalid": "not valid by its schema",
    "stale": "in evidence that is too old",
    "wrong_type": "of another type",
    "incomplete": "not known to be complete",
    "empty": "empty",
    "not_due": "not yet due",
    "zero_denominator": "a share of nothing",
    "unresolved": "unresolved",
    "param_unset": "a parameter that nobody has set",
}
_SEEN = REASON_WORDS | {"param_unset": "not known while a parameter is unset"}  # of a value that is not that parameter


@dataclass(frozen=True, slots=True)
class Accused:
    """A focus and its rule: what every finding about it shares."""

    rule: Rule
    focus: Focus
    scene: Scene
    hiding: Hiding
    kinds: dict[str, Kind]
    waits: Mapping[str, tuple[str, ...]]  # parameters that nobody has set, by condition

    def finding(self, culprit: Culprit, status: Literal["fail", "undetermined", "waived"], reasons: Reasons, waiver: str = "") -> Finding:
        """The finding about one culprit."""
        rule, spot = self.rule, culprit.spot
        own = shared(tuple(sorted(culprit.reasons or (reasons if status == "undetermined" else ()))))
        actual = self.hiding.shown(culprit)
        found = Finding(
            rule=rule.id,
            status=status,
            severity=rule.severity,
            message="",
            remediation=rule.remediation,
            kind=spot.document.kind,
            document=redact_pans(spot.document.id),
            file=spot.document.file,
            record=spot.document.line,
            pointer=shared(self.hiding.pointer(spot)),
            at=shared(spot.pointer()),
            operator=culprit.operator,
            expected=shared(redact_pans(culprit.expected)),
            actual=actual,
            reasons=own,
            controls=shared(tuple(citation.control for citation in rule.citations)),
            detail=self._details(culprit.detail),
            notes=shared(tuple(redact_pans(note) for note in culprit.notes)),
            waiver=waiver,
            period=self.focus.period,
            fingerprint=self._fingerprint(culprit),
            site=shared(redact_pans(spot.document.site or "")),
            client=shared(redact_pans(spot.document.client or "")),
        )
        message = self._unknown(found, culprit) if status == "undetermined" else self._message(found)
        return replace(found, message=shared(redact_pans(message)))

    def _details(self, culprits: Sequence[Culprit]) -> tuple[Detail, ...]:
        return tuple(
            Detail(
                culprit.spot.document.file,
                culprit.spot.document.line,
                self.hiding.pointer(culprit.spot),
                culprit.operator,
                redact_pans(culprit.expected),
                self.hiding.shown(culprit),
                tuple(sorted(culprit.reasons)),
                self._details(culprit.detail),
                at=culprit.spot.pointer(),
            )
            for culprit in culprits
        )

    # ---- messages --------------------------------------------------------------------------------------------------------------

    def _message(self, found: Finding) -> str:
        return "".join(part if isinstance(part, str) else self._filled(part, found) for part in self.rule.message)

    def _filled(self, part: Placeholder, found: Finding) -> str:
        given = {"expected": found.expected, "pointer": write_pointer(found.pointer), "as_of": self.scene.as_of.isoformat()}
        if part.word == "actual":
            return said(found.actual, found.reasons)
        if part.word in given:
            return given[part.word]
        if part.path is None:
            value = self.scene.params.get(part.word.removeprefix("param."))
            return "unset" if value is None else ", ".join(value) if isinstance(value, tuple) else _spoken(value)
        if is_secret(part.path, self.focus.spot, self.scene):
            return REDACTED
        return _spoken(resolve(part.path, self.focus.spot, self.scene).value)

    def _unknown(self, found: Finding, culprit: Culprit) -> str:
        why = " and ".join(REASON_WORDS.get(reason, reason) for reason in found.reasons) or "undecided"
        told = f"{self._what(culprit)} is {why}"
        if "param_unset" in found.reasons:
            told = f"for {self._what(culprit)} it depends on {self._unset(culprit)}"
        elif culprit.detail and isinstance(found.actual, str):
            told = f"{self._what(culprit)}: {found.actual} ({why})"
        return f"cannot tell whether this holds: {self.rule.title}; {told}"

    def _unset(self, culprit: Culprit) -> str:
        """The parameters that nobody has set, by name."""
        names = sorted(waited_for([culprit], self.waits)) or self.waits.get("", ())
        told = " and ".join(f"`{name}`" for name in names)
        return f"{told}, {'parameters' if len(names) > 1 else 'a parameter'} that nobody has set"

    def _what(self, culprit: Culprit) -> str:
        """What is undecided, in a few words."""
        document = culprit.spot.document
        if culprit.subject:
            return culprit.subject
        pointer = write_pointer(self.hiding.pointer(culprit.spot))
        if self.focus.stub and culprit.spot.within == ():
            return f"{document.kind} `{document.id}`, named at `{pointer}`,"
        return f"`{pointer}`" if pointer else f"{document.kind} `{document.id}`"

    # ---- identity --------------------------------------------------------------------------------------------------------------

    def _fingerprint(self, culprit: Culprit) -> str:
        document = culprit.spot.document
        below = keyed(culprit.spot, self.kinds.get(document.kind), self.focus.stub)
        per = self.rule.foci.per
        period = [] if per is None else [per.unit, self.focus.rank]
        return fingerprint([self.rule.id, document.kind, document.id, below, culprit.place, period])


def said(actual: Any, reasons: Iterable[str]) -> str:
    """What was seen, in words: the value, or why there is none."""
    if actual is not None:
        return actual if isinstance(actual, str) else value_text(actual) if isinstance(actual, bool | int) else str(actual)
    return " and ".join(_SEEN.get(reason, reason) for reason in sorted(reasons)) or "unknown"


def _spoken(value: Any) -> str:
    missing = unknown(value)
    if missing is not None:
        return said(None, missing.reasons)
    if isinstance(value, Collection | list | dict):
        return f"{len(value.members) if isinstance(value, Collection) else len(value)} members"
    return value if isinstance(value, str) else value_text(value)


def fingerprint(parts: Sequence[Any]) -> str:
    """SHA-256 over what identifies a finding; never over a value."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def keyed(spot: Spot, kind: Kind | None, stub: bool) -> list[Any]:
    """The pointer below the document, list positions replaced by the member's key where its schema has `x-unique-key`."""
    if kind is None or spot.enveloped or (stub and not spot.within):
        return list(spot.within)
    shape: Shape | None = kind.shape()
    value = spot.document.body
    below: list[Any] = []
    for token in spot.within:
        shape = None if shape is None else shape.member() if isinstance(token, int) else shape.step(token)
        value = _stepped(value, token)
        fields = () if shape is None or not isinstance(token, int) else shape.unique_key
        known = isinstance(value, dict) and all(isinstance(value.get(field), str | int) for field in fields)
        below.append([value[field] for field in fields] if fields and known else token)
    return below


def _stepped(value: Any, token: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(str(token))
    if isinstance(value, list) and isinstance(token, int) and token < len(value):
        return value[token]
    return None
