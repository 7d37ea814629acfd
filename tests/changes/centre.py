"""A small centre with a pack of its own: for each of its files what it may hold, so that any two states are an edit."""

from __future__ import annotations

import json
from typing import Any

Variants = tuple[bytes | None, ...]
AS_OF = "2026-06-30"
CLAIM = {"by": "ops", "on": "2026-06-29", "basis": "export"}


def document(kind: str, name: str, **data: Any) -> bytes:
    """One document."""
    return json.dumps({"kind": kind, "id": name, "observed_at": "2026-06-01", "data": {"id": name, **data}}).encode()


def collection(kind: str, *records: dict[str, Any], claimed: bool = True, **envelope: Any) -> bytes:
    """A collection, with its claim."""
    head = {"kind": kind, "observed_at": "2026-06-01", **envelope}
    return json.dumps({**head, **({"complete": CLAIM} if claimed else {}), "records": list(records)}).encode()


def waiver(name: str, rule: str, **more: Any) -> bytes:
    """A waiver of a rule."""
    persons = {"requested_by": "a", "approved_by": "b", "expires_on": "2026-12-31", "rationale": "r"}
    return document("waiver", name, **{"rule": rule, **persons, **more})


def rule(name: str, control: str, body: str) -> bytes:
    """A rule with all that must be said of one."""
    head = f"id: {name}\ntitle: {name}\nseverity: low\ncontrols: [{{control: own-1/{control}, coverage: full, why: w}}]\n"
    return (head + body + "message: m\nremediation: r\n").encode()


def schema(**properties: Any) -> dict[str, Any]:
    """The schema of a kind."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "t", "type": "object", "properties": properties}


TEXT, NUMBER, DATE = {"type": "string"}, {"type": "integer"}, {"type": "string", "format": "date"}
UNIT = schema(id=TEXT, size=NUMBER, due=DATE, started=DATE, parts={"type": "array", "items": schema(name=TEXT, good={"type": "boolean"})})
ITEM = {**schema(id=TEXT, unit=TEXT, weight=NUMBER, serial=TEXT), "x-unique-key": ["serial"]}
LINK = schema(id=TEXT, leads_to={"type": "array", "items": TEXT}, good={"type": "boolean"}, key=TEXT)

CONTROLS = "".join(f"  - {{id: '{number}', title: t, kind: requirement, status: automated}}\n" for number in range(1, 10))
CATALOGUE = f"id: own-1\ntitle: Our own\nedition: '1'\npublisher: us\nsource: us\ncontrols:\n{CONTROLS}".encode()

PACK: dict[str, Variants] = {
    "pack/schemas/unit.schema.json": (
        json.dumps(UNIT).encode(),
        json.dumps({**UNIT, "required": ["size"]}).encode(),
        json.dumps({**UNIT, "x-max-age": "P10D"}).encode(),
    ),
    "pack/schemas/item.schema.json": (json.dumps(ITEM).encode(), json.dumps({**ITEM, "x-unique-key": ["weight"]}).encode()),
    "pack/schemas/link.schema.json": (json.dumps(LINK).encode(),),
    "pack/schemas/root.schema.json": (json.dumps(LINK).encode(),),
    "pack/definitions/heavy.yaml": (
        b"on: item\npredicate: {weight: {at_least: 5}}\n",
        b"on: item\npredicate: {weight: {at_least: 2}}\n",
        b"on: item\npredicate: {weight: {at_least: 10}}\n",
    ),
    "pack/checks/own/size.yaml": (
        rule("own/size", "1", "applies_to: unit\nrequire: {size: {at_least: 3}}\n"),
        rule("own/size", "1", "applies_to: unit\nrequire: {size: {at_least: 9}}\n"),
        None,
    ),
    "pack/checks/own/parts.yaml": (rule("own/parts", "2", "applies_to: unit\neach: parts.*\nrequire: {good: {is: true}}\n"),),
    "pack/checks/own/heavy.yaml": (rule("own/heavy", "3", "applies_to: item\nrequire: {meets: heavy}\n"),),
    "pack/checks/own/none-heavy.yaml": (
        rule(
            "own/none-heavy",
            "4",
            "applies_to: unit\nwith: {items: {from: item, as: items, key: {theirs: unit, ours: id}}}\n"
            "require: {$items: {none: {weight: {at_least: 7}}}}\n",
        ),
    ),
    "pack/checks/own/counted.yaml": (
        None,
        rule(
            "own/counted",
            "5",
            "applies_to: unit\nwith: {items: {from: item, as: items, key: {theirs: unit, ours: id}, where: {meets: heavy}}}\n"
            "measure: {n: {count: {of: $items}}}\nrequire: {$n: {at_least: 1}}\n",
        ),
    ),
    "pack/checks/own/chain.yaml": (
        rule(
            "own/chain",
            "6",
            "applies_to: link\nreached_from: {kind: root, links: leads_to.*, key: key}\nrequire: {good: {is: true}}\n",
        ),
    ),
    "pack/checks/own/due.yaml": (
        rule(
            "own/due",
            "7",
            "applies_to: unit\nrequire: {due: {done_within: {of: {path: started}, business_days: 3, calendar: cal}}}\n",
        ),
    ),
    "pack/checks/own/free.yaml": (
        None,
        rule("own/free", "8", "applies_to: link\nrequire: {leads_to: {none: {.: {contains_text: z}}}, id: {free_of: [ssn]}}\n"),
    ),
    "pack/catalogues/own-1.yaml": (CATALOGUE,),
}

EVIDENCE: dict[str, Variants] = {
    "e/u1.json": (
        document("unit", "u1", size=2, parts=[{"name": "l1", "good": True}], started="2026-06-01", due="2026-06-04"),
        document("unit", "u1", size=8, parts=[{"name": "l2", "good": False}, {"good": True}], started="2026-06-01", due="2026-06-09"),
        document("unit", "u2", size=1),
        document("item", "i9", unit="u2", weight=8, serial="s9"),
        b"{",
        b'{"kind": "nothing-we-know"}',
        None,
    ),
    "e/u2.yaml": (document("unit", "u2", size=5, parts=[]), document("unit", "u1", size=5), None),
    "e/items.json": (
        collection("item", {"id": "i1", "unit": "u1", "weight": 1, "serial": "s1"}, {"id": "i2", "unit": "u2", "weight": 9}),
        collection("item", {"id": "i1", "unit": "u1", "weight": 6, "serial": "s1"}),
        collection("item", {"id": "i1", "unit": "u1", "weight": 8, "serial": "s1"}, claimed=False),
        collection("item"),
        collection("item", {"id": "i1", "unit": "u1", "weight": "x", "serial": "s1"}, observed_at="2026-07-02"),
        None,
    ),
    "e/more.json": (None, document("item", "i3", unit="u1", weight=7, serial="s1"), document("item", "i2", unit="u1", weight=7)),
    "e/more-moved.json": (None, document("item", "i3", unit="u1", weight=7, serial="s1")),
    "e/rows.csv": (None, b"unit,weight\nu1,9\n", b"unit,weight\nu2,1\nu2,x\n", b"unit\nu1\n"),
    "e/links.ndjson": (
        document("link", "l1", key="k1", leads_to=["k2"], good=True)
        + b"\n"
        + document("link", "l2", key="k2", leads_to=["k9"], good=False),
        document("link", "l1", key="k1", leads_to=["k1", "z"], good=False) + b"\n",
        None,
    ),
    "e/root.json": (document("root", "r", leads_to=["k1"]), collection("root", {"id": "r", "leads_to": ["k2", "k8"]}), None),
    "e/cal.json": (
        document("calendar", "cal", weekend=["sunday"], holidays=["2026-06-02"], covers={"from": "2026-01-01", "to": "2026-12-31"}),
        document("calendar", "cal", weekend=["sunday"], holidays=[], covers={"from": "2026-01-01", "to": "2026-06-03"}),
        None,
    ),
    "e/w1.json": (waiver("w1", "own/size"), waiver("w1", "own/heavy"), waiver("w1", "own/size", expires_on="2026-01-01"), None),
    "e/w2.json": (None, waiver("w1", "own/parts"), waiver("w2", "own/size", where={"id": {"is": "u1"}}), waiver("w2", "own/none-heavy")),
    "e/says.json": (
        None,
        document("attestation", "a", control="own-1/1", by="a", on="2026-06-01", valid_until="2026-12-31", basis="b", statement="s"),
    ),
}

_HEAD = 'as_of = "2026-06-30"\npacks = ["pack"]\nno_shipped_rules = true\n'
_ROWS = '[[documents]]\nfiles = "e/*.csv"\nkind = "item"\n'
CONFIG: dict[str, Variants] = {
    "ccpolicy.toml": (
        (_HEAD + _ROWS).encode(),
        (_HEAD + 'max_age = {unit = "P10D"}\n' + _ROWS).encode(),
        (_HEAD + _ROWS + '[[complete]]\nkind = "unit"\nby = "a"\non = "2026-06-29"\nbasis = "b"\n').encode(),
    ),
}

FILES: dict[str, Variants] = {**PACK, **EVIDENCE, **CONFIG}
