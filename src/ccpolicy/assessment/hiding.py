"""What is never shown: values marked sensitive, what `free_of` has touched, and card numbers wherever they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ccpolicy.backends.outcome import Culprit, Spot
from ccpolicy.backends.phrases import REDACTED, number_text
from ccpolicy.backends.scene import Approx, Unknown
from ccpolicy.documents.detectors import redact_pans
from ccpolicy.documents.path import Absent, Step, Wild
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.shape import Shape
from ccpolicy.documents.values import Gap

_BEYOND = 10**300  # a fraction as large as this is shown as text: binary64 might not hold it


class Hiding:
    """Decides, for each spot, whether its value may be shown."""

    def __init__(self, kinds: Mapping[str, Kind], touched: Iterable[tuple[str, tuple[Step, ...]]]) -> None:
        self._kinds = kinds
        self._touched: dict[str, list[tuple[Step, ...]]] = {}
        for kind, pattern in touched:
            self._touched.setdefault(kind, []).append(pattern)

    def secret(self, spot: Spot) -> bool:
        """Whether the value at the spot, or one it is part of, must not be shown."""
        if spot.enveloped or spot.document.kind not in self._kinds:
            return False
        if self._kinds[spot.document.kind].is_sensitive(spot.within):
            return True
        return any(_covers(pattern, spot.within) for pattern in self._touched.get(spot.document.kind, ()))

    def shown(self, culprit: Culprit) -> Any:
        """What a finding may say was seen: a JSON scalar, or None where nothing known stands."""
        seen = _plain(culprit.actual)
        own = culprit.actual is not culprit.spot.value
        if own and isinstance(culprit.actual, str):
            return redact_pans(culprit.actual)
        if seen is not None and (culprit.secret or (not own and self.secret(culprit.spot))):
            return REDACTED
        return without_pans(seen)

    def pointer(self, spot: Spot) -> Pointer:
        """The pointer of a spot as it may be shown: keys that its schema does not list, below a sensitive place, are redacted."""
        shown = list(spot.pointer())
        if spot.enveloped or spot.document.kind not in self._kinds:
            return tuple(shown)
        kind = self._kinds[spot.document.kind]
        offset = len(shown) - len(spot.within)
        for place, token in enumerate(spot.within):
            if isinstance(token, str) and kind.is_sensitive(spot.within[:place]) and token not in _listed(kind, spot.within[:place]):
                shown[offset + place] = REDACTED
        return tuple(shown)


def _listed(kind: Kind, within: Pointer) -> tuple[str, ...]:
    shape: Shape | None = kind.shape()
    for token in within:
        shape = None if shape is None else shape.step(token)
    return () if shape is None else shape.keys()


def _covers(pattern: tuple[Step, ...], within: Pointer) -> bool:
    if len(pattern) > len(within):
        return False
    return all(isinstance(step, Wild) or step == token for step, token in zip(pattern, within, strict=False))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, Gap | Absent | Unknown):
        return None
    if isinstance(value, Approx):
        return round(value.value, 9)
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(number_text(value)) if abs(value) < _BEYOND else number_text(value)
    if isinstance(value, list | dict):
        return f"a list of {len(value)}" if isinstance(value, list) else f"a map of {len(value)}"
    return value if isinstance(value, bool | int | float | str) else str(value)


def without_pans(value: Any) -> Any:
    """A scalar in which no card number stands, neither as text nor as a number."""
    if isinstance(value, str):
        return redact_pans(value)
    if isinstance(value, int) and not isinstance(value, bool) and redact_pans(str(value)) != str(value):
        return REDACTED
    return value
