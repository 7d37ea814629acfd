"""Two standards side by side: what is proved about pairs of their controls, where they pull apart, and what nobody looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from ccpolicy.controls.catalogue import Catalogue
from ccpolicy.controls.crosswalk import Bound, Conflict, Cover, Crosswalks, Link
from ccpolicy.controls.order import printed_order
from ccpolicy.controls.relations import ANY, Possible
from ccpolicy.controls.web import HOPS, Path, Web, reach
from ccpolicy.documents.moment import Duration


@dataclass(frozen=True, slots=True)
class Pair:
    """A control of each standard. `reviewed` is a link, `derived` follows from several, `evidence` is nothing but rules that both share."""

    source: str
    target: str
    possible: Possible
    paths: tuple[Path, ...]
    same_evidence: tuple[str, ...]  # rules that cite both
    status: Literal["reviewed", "derived", "evidence"]


@dataclass(frozen=True, slots=True)
class Sides:
    """All that is known of two standards, each part in printed order."""

    pairs: tuple[Pair, ...]
    covers: tuple[Cover, ...]
    conflicts: tuple[Conflict, ...]
    no_counterpart: tuple[Link, ...]  # looked, and found nothing
    unreviewed: tuple[Link | Cover, ...]  # drafts: candidates that prove nothing
    not_looked_at: tuple[str, ...]  # controls of either, apart from headings, that no link, draft or blank names


def sides_of(
    left: Catalogue, right: Catalogue, crosswalks: Crosswalks, web: Web, cited: Mapping[str, Iterable[str]], hops: int = HOPS
) -> Sides:
    """The first standard held against the second. `cited` are the controls of each rule."""
    links = [link for link in crosswalks.links if {_standard(link.source), _standard(link.target)} == {left.id, right.id}]
    blanks = [link for link in links if "/" not in link.target]
    drafts = [link for link in links if not link.reviewed and "/" in link.target]
    covers = [cover for cover in crosswalks.covers if {_standard(cover.sources[0]), _standard(cover.target)} == {left.id, right.id}]
    conflicts = [one for one in crosswalks.conflicts if {_standard(one.left), _standard(one.right)} == {left.id, right.id}]
    pairs = sorted(_pairs(left, right, web, cited, hops), key=lambda pair: (printed_order(pair.source), printed_order(pair.target)))
    named = {link.source for link in [*blanks, *drafts]} | {link.target for link in drafts}
    named |= {control for pair in pairs if pair.paths for control in (pair.source, pair.target)}
    named |= {control for cover in covers for control in (*cover.sources, cover.target)}
    return Sides(
        tuple(pairs),
        tuple(cover for cover in covers if cover.reviewed),
        tuple(conflicts),
        tuple(sorted(blanks, key=lambda link: printed_order(link.source))),
        (*sorted(drafts, key=lambda link: printed_order(link.source)), *(cover for cover in covers if not cover.reviewed)),
        tuple(control for catalogue in (left, right) for control in _obligations(catalogue) if control not in named),
    )


def _pairs(left: Catalogue, right: Catalogue, web: Web, cited: Mapping[str, Iterable[str]], hops: int) -> Iterator[Pair]:
    shared = _same_evidence(left.id, right.id, cited)
    for source in (f"{left.id}/{number}" for number in left.controls):
        found = {control: one for control, one in reach(web, source, hops).items() if _standard(control) == right.id}
        for control, reached in found.items():
            direct = any(len(path) == 1 for path in reached.paths)
            rules = tuple(sorted(shared.pop((source, control), ())))
            yield Pair(source, control, reached.possible, reached.paths, rules, "reviewed" if direct else "derived")
    for (source, control), names in shared.items():
        yield Pair(source, control, ANY, (), tuple(sorted(names)), "evidence")


def _same_evidence(left: str, right: str, cited: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], set[str]]:
    """The rules that cite a control of each."""
    found: dict[tuple[str, str], set[str]] = {}
    for rule, controls in cited.items():
        own = list(controls)
        for source in own:
            for target in own:
                if _standard(source) == left and _standard(target) == right:
                    found.setdefault((source, target), set()).add(rule)
    return found


def _standard(control: str) -> str:
    return control.partition("/")[0]


def _obligations(catalogue: Catalogue) -> list[str]:
    """The controls that ask for something, in printed order."""
    numbers = [control.id for control in catalogue.controls.values() if control.kind != "heading"]
    return [f"{catalogue.id}/{number}" for number in sorted(numbers, key=printed_order)]


# ---- conflicts -----------------------------------------------------------------------------------------------------------------


def both_bounds(conflict: Conflict) -> str:
    """The interval that satisfies both sides, in words, or that there is none; empty where they are no intervals of one measure."""
    left, right = conflict.left_bound, conflict.right_bound
    lows = [one for bound in (left, right) for one in _sized(bound.low)]
    highs = [one for bound in (left, right) for one in _sized(bound.high)]
    if not _has_end(left) or not _has_end(right) or len({family for family, _, _ in (*lows, *highs)}) != 1:
        return ""
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low[1] > high[1]:
        return f"nothing is both at least {low[2]} and at most {high[2]}"
    ends = [(word, end[2]) for word, end in (("at least", low), ("at most", high)) if end is not None]
    return f"both are satisfied by {' and '.join(f'{word} {end}' for word, end in ends)}"


def _has_end(bound: Bound) -> bool:
    return bound.low is not None or bound.high is not None


def _sized(end: int | Duration | None) -> list[tuple[str, int, str]]:
    """The measure, the size in it, and the words of an end, if there is one; years and days do not compare."""
    if isinstance(end, Duration):
        return [(end.family(), end.size(), end.text)]
    return [] if end is None else [("number", end, str(end))]
