"""How inference, and the map of two standards, grow with the links: 5 standards with 5,000, and 20 with 20,000."""

from __future__ import annotations

import random
import time

from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.controls.crosswalk import Crosswalks, Link
from ccpolicy.controls.inference import Standing, infer
from ccpolicy.controls.mapping import sides_of
from ccpolicy.controls.relations import Relation
from ccpolicy.controls.web import check_web, web_of

CONTROLS = 400  # of a standard
STANDARDS = (5, 20)
LINKS = 1_000  # for each standard

Interval = tuple[float, float]


def _catalogues(standards: int) -> dict[str, Catalogue]:
    return {
        name: Catalogue(name, name, "1", {str(number): _control(number) for number in range(CONTROLS)})
        for name in (f"standard-{number}" for number in range(standards))
    }


def _control(number: int) -> ControlModel:
    return ControlModel(id=str(number), title=f"control {number}", kind="requirement", status="partial")


def _links(names: list[str], count: int) -> list[Link]:
    """Links that are true of intervals on a line, so that they contradict each other nowhere."""
    chance = random.Random(1)
    spans = {name: (start, start + chance.choice([1, 2, 5, 20])) for name in names for start in [chance.random() * CONTROLS]}
    found: dict[tuple[str, str], Link] = {}
    while len(found) < count:
        left, right = chance.sample(names, 2)
        relation = _relation(spans[left], spans[right])
        apart = left.partition("/")[0] != right.partition("/")[0]
        if apart and (relation != "none" or chance.random() < 0.1) and (right, left) not in found:
            found[left, right] = Link(left, right, relation, "semantic", "organisation", "", True, ("a", "b"), None, "", "made")
    return list(found.values())


def _relation(left: Interval, right: Interval) -> Relation:
    if left[1] < right[0] or right[1] < left[0]:
        return "none"
    if left[0] >= right[0] and left[1] <= right[1]:
        return "subset_of"
    return "superset_of" if right[0] >= left[0] and right[1] <= left[1] else "intersects"


def _measured(standards: int) -> dict[str, float]:
    """Seconds of each step."""
    catalogues = _catalogues(standards)
    names = [f"{one.id}/{number}" for one in catalogues.values() for number in one.controls]
    links = tuple(sorted(_links(names, LINKS * standards)))
    left, right, *_ = catalogues.values()
    standings = {name: Standing("pass" if place % 3 else "fail") for place, name in enumerate(names)}
    started = time.perf_counter()
    web = web_of(links)
    check_web(web)
    checked = time.perf_counter()
    infer(web, (), standings, {})
    inferred = time.perf_counter()
    sides_of(left, right, Crosswalks(links), web, {})
    mapped = time.perf_counter()
    return {"check of all links": checked - started, "inference": inferred - checked, "map of two standards": mapped - inferred}


def main() -> None:
    """Prints seconds and the growth of each step."""
    few, many = (_measured(standards) for standards in STANDARDS)
    sizes = [f"{standards} standards, {standards * LINKS:,} links" for standards in STANDARDS]
    for step in few:
        print(f"{step:<22} {few[step]:6.2f} s with {sizes[0]}, {many[step]:6.2f} s with {sizes[1]}: x {many[step] / few[step]:.1f}")


if __name__ == "__main__":
    main()
