"""What depends on a change, as a value, rows and text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ccpolicy.controls.graph import SORTS, Node, Sort
from ccpolicy.controls.order import printed_order
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.page import Page, number

COLUMNS = ("sort", "name", "title", "steps")
# Fields are in the JSON report.
_SHOWN: tuple[Sort, ...] = (
    "standard",
    "control",
    "rule",
    "kind",
    "attestation",
    "responsibility",
    "waiver",
)
_PLURAL: dict[Sort, str] = {**{sort: f"{sort}s" for sort in SORTS}, "responsibility": "responsibilities", "evidence": "evidence"}


def impact_value(touched: Mapping[Node, int], unrelated: Sequence[str], titles: Mapping[Node, str]) -> dict[str, Any]:
    """What is touched, by its sort, each with the fewest steps to it; and what was asked and touches nothing."""
    value: dict[str, Any] = {}
    for sort in SORTS:
        nodes = sorted((node for node in touched if node.sort == sort), key=lambda node: printed_order(node.name))
        value[_PLURAL[sort]] = [{"id": node.name, "title": titles.get(node, ""), "steps": touched[node]} for node in nodes]
    return clean({**value, "unrelated": list(unrelated)})


def impact_rows(value: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """The same as rows under COLUMNS."""
    for sort in SORTS:
        yield from ((sort, one["id"], one["title"], str(one["steps"])) for one in value[_PLURAL[sort]])
    yield from (("unrelated", name, "", "") for name in value["unrelated"])


def put_impact(page: Page, value: Mapping[str, Any]) -> None:
    """The same for people."""
    if not any(value[_PLURAL[sort]] for sort in SORTS):
        page.say("nothing of the packs depends on this")
    for sort in _SHOWN:
        held = value[_PLURAL[sort]]
        if held:
            page.head(f"{_PLURAL[sort].capitalize()}: {len(held)}")
            for one in held:
                page.put((one["id"], "bold"), f"  {one['title']}", indent=2)
    if value["unrelated"]:
        page.head(f"Unrelated: {number(len(value['unrelated']), 'name')} on which nothing depends")
        for name in value["unrelated"]:
            page.say(name, 2, "- ")
