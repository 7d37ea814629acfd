"""Two standards side by side, as text, JSON and a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ccpolicy.controls.crosswalk import Bound, Conflict, Cover, Link
from ccpolicy.controls.mapping import Pair, Sides, both_bounds
from ccpolicy.controls.relations import ANY, DISJOINT, Possible, words_of
from ccpolicy.controls.web import Path, path_text, words_read
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.page import Page, number

_LISTED = 30  # controls of a standard that nobody looked at
COLUMNS = ("part", "source", "target", "relation", "certain", "status", "path", "same_evidence", "note")


def map_value(sides: Sides) -> dict[str, Any]:
    """The map as a JSON value."""
    value: dict[str, Any] = {
        "pairs": [_pair(pair) for pair in sides.pairs],
        "covers": [_cover(cover) for cover in sides.covers],
        "conflicts": [_conflict(conflict) for conflict in sides.conflicts],
        "no_counterpart": [{"control": link.source, "standard": link.target, "why": link.why} for link in sides.no_counterpart],
        "unreviewed": [_draft(one) for one in sides.unreviewed],
        "not_looked_at": list(sides.not_looked_at),
    }
    return clean(value)


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "source": pair.source,
        "target": pair.target,
        "relation": list(words_of(pair.possible)),
        "certain": pair.possible.bit_count() == 1,
        "path": path_value(pair.paths[0]) if pair.paths else [],
        "further_paths": [path_value(path) for path in pair.paths[1:]],
        "same_evidence": list(pair.same_evidence),
        "status": pair.status,
    }


def path_value(path: Path) -> list[dict[str, str]]:
    """A path of links, hop by hop, each read along the path."""
    return [{"from": hop.source, "to": hop.target, "relation": words_read(hop), "origin": hop.link.origin} for hop in path]


def _cover(cover: Cover) -> dict[str, Any]:
    return {"sources": list(cover.sources), "target": cover.target, "why": cover.why, "origin": cover.origin}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "left": conflict.left,
        "right": conflict.right,
        "object": conflict.object,
        "left_bound": _bound(conflict.left_bound),
        "right_bound": _bound(conflict.right_bound),
        "both": both_bounds(conflict) or None,
        "resolution": conflict.resolution,
    }


def _bound(bound: Bound) -> dict[str, Any]:
    low, high = (end if end is None or isinstance(end, int) else end.text for end in (bound.low, bound.high))
    return {"text": bound.text, "at_least": low, "at_most": high}


def _draft(one: Link | Cover) -> dict[str, Any]:
    if isinstance(one, Cover):
        return {"source": list(one.sources), "target": one.target, "relation": "covers", "why": one.why, "origin": one.origin}
    return {"source": one.source, "target": one.target, "relation": one.relation, "why": one.why, "origin": one.origin}


# ---- table ---------------------------------------------------------------------------------------------------------------------


def map_rows(sides: Sides) -> Iterator[Sequence[str]]:
    """The map as rows under COLUMNS."""
    for pair in sides.pairs:
        told = " or ".join(words_of(pair.possible)) if pair.possible != ANY else ""
        paths, certain = "; ".join(map(path_text, pair.paths)), "yes" if pair.possible.bit_count() == 1 else "no"
        yield "pair", pair.source, pair.target, told, certain, pair.status, paths, " ".join(pair.same_evidence), ""
    for cover in sides.covers:
        yield "cover", " ".join(cover.sources), cover.target, "covers", "yes", "reviewed", "", "", cover.why
    for one in sides.conflicts:
        yield "conflict", one.left, one.right, "", "", "", "", "", f"{one.object}: {one.resolution}"
    for link in sides.no_counterpart:
        yield "no_counterpart", link.source, link.target, "none", "", "reviewed" if link.reviewed else "draft", "", "", link.why
    for draft in sides.unreviewed:
        value = _draft(draft)
        source = " ".join(draft.sources) if isinstance(draft, Cover) else draft.source
        yield "unreviewed", source, draft.target, str(value["relation"]), "no", "draft", "", "", draft.why
    for control in sides.not_looked_at:
        yield "not_looked_at", control, "", "", "", "", "", "", ""


# ---- text ----------------------------------------------------------------------------------------------------------------------


def put_map(page: Page, sides: Sides, titles: Mapping[str, str], names: tuple[str, str]) -> None:
    """The map for people; `names` are the titles of the two standards."""
    page.put((f"{clean(names[0])}  and  {clean(names[1])}", "bold"))
    told = clean(dict(titles))
    _put_pairs(page, "Related", [pair for pair in sides.pairs if pair.paths and pair.possible != DISJOINT], told)
    _put_pairs(page, "Looked at, and nothing shared", [pair for pair in sides.pairs if pair.paths and pair.possible == DISJOINT], told)
    _put_pairs(page, "Rules in common, and no relation known", [pair for pair in sides.pairs if not pair.paths], told)
    _put_covers(page, sides.covers)
    _put_conflicts(page, sides.conflicts)
    if sides.no_counterpart:
        page.head(f"No counterpart: looked for, and not found, {number(len(sides.no_counterpart), 'time')}")
        for link in sides.no_counterpart:
            page.say(f"{link.source} in {link.target}: {clean(link.why)}", 2, "- ")
    if sides.unreviewed:
        page.head(f"Drafts: {number(len(sides.unreviewed), 'candidate')} that nobody has reviewed, and that prove nothing")
        for draft in sides.unreviewed:
            source = " and ".join(draft.sources) if isinstance(draft, Cover) else draft.source
            page.say(f"{source} {_draft(draft)['relation']} {draft.target}: {clean(draft.why)}", 2, "- ")
    if sides.not_looked_at:
        page.head(f"Not looked at yet: {number(len(sides.not_looked_at), 'control')}")
        for standard in dict.fromkeys(control.partition("/")[0] for control in sides.not_looked_at):
            numbers = [control.partition("/")[2] for control in sides.not_looked_at if control.startswith(f"{standard}/")]
            more = f", and {len(numbers) - _LISTED} more, in the JSON report" if len(numbers) > _LISTED else ""
            page.say(f"{', '.join(numbers[:_LISTED])}{more}", 2, f"{standard}: ")


def _put_pairs(page: Page, title: str, pairs: Sequence[Pair], titles: Mapping[str, str]) -> None:
    if not pairs:
        return
    page.head(f"{title}: {number(len(pairs), 'pair')}")
    for pair in pairs:
        page.put((pair.source, "bold"), f"  {titles.get(pair.source, '')}", indent=2)
        relation = f"{_relation(pair.possible)} " if pair.paths else ""
        page.say(f"{relation}{pair.target} {titles.get(pair.target, '')}", 4)
        if pair.status == "derived":
            page.say("; ".join(map(path_text, pair.paths)), 6, "by ", "dim")
        elif pair.paths:
            page.say(clean(pair.paths[0][0].link.why), 6, "", "dim")
        if pair.same_evidence:
            page.say(", ".join(pair.same_evidence), 6, "same evidence: ", "dim")


def _relation(these: Possible) -> str:
    told = [word.replace("_", " ") for word in words_of(these)]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"


def _put_covers(page: Page, covers: Sequence[Cover]) -> None:
    if covers:
        page.head(f"Together, and only together: {number(len(covers), 'cover')}")
        for cover in covers:
            page.say(f"{' and '.join(cover.sources)} cover {cover.target}: {clean(cover.why)}", 2, "- ")


def _put_conflicts(page: Page, conflicts: Sequence[Conflict]) -> None:
    if not conflicts:
        return
    page.head(f"Conflicts: {number(len(conflicts), 'object')} pulled two ways")
    for one in conflicts:
        page.put((clean(one.object), "bold"), indent=2)
        page.say(f"{one.left}: {clean(one.left_bound.text)}", 4, "- ")
        page.say(f"{one.right}: {clean(one.right_bound.text)}", 4, "- ")
        both = both_bounds(one)
        page.say(f"{clean(one.resolution)}{f' ({both})' if both else ''}", 4, "resolved: ", "dim")
