"""The order of repairs: root causes, then what turns most for its price, a set of repairs that only help together taken as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heappop, heappush
from typing import Literal, TypeAlias

from ccpolicy.assessment.repairs import Repair

Part: TypeAlias = Literal["root_cause", "repair", "attestation"]
Need: TypeAlias = frozenset[Repair]
_Key: TypeAlias = "tuple[object, ...]"


@dataclass(frozen=True, slots=True)
class Scale:
    """By what repairs are compared. `weight` is what a control counts, `price` in days, `rank` settles ties, `late` ones come last."""

    weight: Callable[[str], Fraction]
    price: Callable[[Repair], Fraction]
    rank: Callable[[Repair], tuple[object, ...]]
    late: Callable[[Repair], bool]


def ordered(needs: Mapping[str, Need], requires: Mapping[str, Sequence[str]], scale: Scale) -> list[tuple[Repair, Part]]:
    """All repairs that any of these controls needs. `requires` are, by control, those that must hold first.

    What a root cause needs comes first. Then it is counted which controls are left with nothing but late repairs, and at last which turn.
    """
    roots = list(_of_roots(needs, requires, scale))
    done = set(roots)
    early = _Greedy({name: frozenset(one for one in need - done if not scale.late(one)) for name, need in needs.items()}, scale).all()
    done.update(early)
    late = _Greedy({name: need - done for name, need in needs.items()}, scale).all()
    parts: list[tuple[list[Repair], Part]] = [(roots, "root_cause"), (early, "repair"), (late, "attestation")]
    return [(repair, part) for found, part in parts for repair in found]


def _of_roots(needs: Mapping[str, Need], requires: Mapping[str, Sequence[str]], scale: Scale) -> Iterator[Repair]:
    """What the controls need for which others wait, and that wait for none themselves."""
    greedy = _Greedy(needs, scale)
    before = {name: [one for one in requires.get(name, ()) if one in needs] for name in needs}
    waiting = [name for name in needs if before[name]]
    while True:
        waiting = [name for name in waiting if greedy.open(name)]
        blocking = {one for name in waiting for one in before[name] if greedy.open(one)}
        roots = [name for name in sorted(blocking) if not any(map(greedy.open, before[name]))]
        if not roots:
            return
        yield from greedy.best_of(roots)


@dataclass(slots=True, eq=False)
class _Bundle:
    """Repairs that are left to do, and what the controls weigh that need exactly these."""

    number: int
    left: set[Repair]
    weight: Fraction


_Heap: TypeAlias = "list[tuple[_Key, int, _Bundle]]"


class _Greedy:
    """Does the best bundle, again and again."""

    def __init__(self, needs: Mapping[str, Need], scale: Scale) -> None:
        self._scale = scale
        groups: dict[Need, list[str]] = {}
        for control, need in sorted(needs.items()):
            groups.setdefault(need, []).append(control)
        self._bundle: dict[str, _Bundle] = {}
        self._with: dict[Repair, list[_Bundle]] = {}
        self._heap: _Heap | None = None  # made when all are asked for
        self._keys: dict[int, _Key] = {}
        self._bundles = bundles = [
            _Bundle(number, set(need), sum(map(scale.weight, own), Fraction(0))) for number, (need, own) in enumerate(groups.items())
        ]
        for bundle, own in zip(bundles, groups.values(), strict=True):
            self._bundle |= dict.fromkeys(own, bundle)
            for repair in bundle.left:
                self._with.setdefault(repair, []).append(bundle)

    def open(self, control: str) -> bool:
        """Whether a control still needs anything."""
        return bool(self._bundle[control].left)

    def all(self) -> list[Repair]:
        """Everything, the best bundle first."""
        found: list[Repair] = []
        heap: _Heap = []
        self._heap = heap
        self._enter(heap, (bundle for bundle in self._bundles if bundle.left))
        while heap:
            key, number, bundle = heappop(heap)
            if bundle.left and self._keys[number] == key:
                found += self._finish(bundle)
        return found

    def best_of(self, controls: Iterable[str]) -> list[Repair]:
        """What the best of these controls to begin with needs."""
        return self._finish(min((self._bundle[name] for name in controls), key=self._key))

    def _finish(self, bundle: _Bundle) -> list[Repair]:
        """The repairs of a bundle, one after the other."""
        found: list[Repair] = []
        while bundle.left:
            found.append(min(bundle.left, key=self._urgency))
            self._do(found[-1])
        return found

    def _do(self, repair: Repair) -> None:
        changed = self._with.pop(repair)
        for bundle in changed:
            bundle.left.discard(repair)
        if self._heap is not None:
            self._enter(self._heap, {one.number: one for bundle in changed if bundle.left for one in self._holding(bundle)}.values())

    def _holding(self, changed: _Bundle) -> list[_Bundle]:
        """The bundles that are worth something else now: those that hold all that is left of this one, itself among them."""
        fewest = min((self._with[repair] for repair in changed.left), key=len)
        return [bundle for bundle in fewest if changed.left <= bundle.left]

    def _enter(self, heap: _Heap, bundles: Iterable[_Bundle]) -> None:
        for bundle in bundles:
            self._keys[bundle.number] = key = self._key(bundle)
            heappush(heap, (key, bundle.number, bundle))

    def _key(self, bundle: _Bundle) -> _Key:
        """What turns most for its price; then the gravest; then the smallest."""
        within = {one.number: one for repair in bundle.left for one in self._with[repair] if one.left <= bundle.left}
        gain = sum((one.weight for one in within.values()), Fraction(0))
        price = sum(map(self._scale.price, bundle.left), Fraction(0))
        return *_dearness(gain, price), *min(map(self._scale.rank, bundle.left)), len(bundle.left)

    def _urgency(self, repair: Repair) -> _Key:
        """Within a bundle: what turns most for its price at once."""
        gain = sum((one.weight for one in self._with[repair] if len(one.left) == 1), Fraction(0))
        return *_dearness(gain, self._scale.price(repair)), *self._scale.rank(repair)


def _dearness(gain: Fraction, price: Fraction) -> tuple[bool, Fraction]:
    """Sorts the cheapest for its gain first; what is free before all that has a price."""
    return (True, -gain / price) if price else (False, -gain)


# ---- what each buys ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bought:
    """The controls that a repair turns, given those before it; if none, those that it `opens` when it is done `together` with others."""

    turns: tuple[str, ...]
    together: tuple[Repair, ...] = ()
    opens: tuple[str, ...] = ()


def bought(order: Sequence[Repair], needs: Mapping[str, Need]) -> list[Bought]:
    """What each repair buys, in this order."""
    left = {name: set(need) for name, need in needs.items()}
    with_it: dict[Repair, list[str]] = {}
    for name, need in needs.items():
        for repair in need:
            with_it.setdefault(repair, []).append(name)
    place = {repair: number for number, repair in enumerate(order)}
    return [_bought(repair, with_it.get(repair, []), left, place) for repair in order]


def _bought(repair: Repair, controls: Sequence[str], left: Mapping[str, set[Repair]], place: Mapping[Repair, int]) -> Bought:
    for name in controls:
        left[name].discard(repair)
    turned = tuple(name for name in controls if not left[name])
    if turned or not controls:
        return Bought(turned)
    fewest = min(len(left[name]) for name in controls)
    nearest = min((left[name] for name in controls if len(left[name]) == fewest), key=lambda one: sorted(map(place.__getitem__, one)))
    return Bought((), tuple(sorted(nearest, key=place.__getitem__)), tuple(name for name in controls if left[name] <= nearest))
