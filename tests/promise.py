"""Random well-typed rules, evidence and extensions of it, for the promise: evidence added later never overturns a verdict."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from ccpolicy.assessment.library import Library
from ccpolicy.assessment.run import Wanted, assess, runner_of
from ccpolicy.backends.population import population
from ccpolicy.backends.reference import judge
from ccpolicy.backends.scene import Scene
from ccpolicy.documents.bundle import evidence_of
from ccpolicy.documents.document import Claim
from ccpolicy.documents.pointer import read_pointer, write_pointer
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.lower_rule import rule_of
from ccpolicy.rulebook.rule import Rulebook
from ccpolicy.rulebook.syntax import RuleModel

AS_OF = date(2026, 6, 30)
_DATE = {"type": ["string", "null"], "format": "date"}
_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": ["number", "null"]}
_ITEM = {
    "type": "object",
    "properties": {"k": _TEXT, "v": _NUMBER, "ok": {"type": ["boolean", "null"]}, "d": _DATE},
}
_NODE = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "next": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
        "error": _TEXT,
        "type": {"enum": ["off", "on", "pay", "say", None]},
    },
}
SCHEMAS: dict[str, Any] = {
    "thing": {
        "type": "object",
        "properties": {
            "key": _TEXT,
            "n": _NUMBER,
            "s": _TEXT,
            "d": _DATE,
            "done": _DATE,
            "start": _TEXT,
            "tags": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
            "items": {"type": ["array", "null"], "items": _ITEM},
            "m": {"type": ["object", "null"], "additionalProperties": _NUMBER},
            "nodes": {"type": ["array", "null"], "items": _NODE},
            "links": {"type": ["array", "null"], "items": {"type": ["string", "null"]}},
        },
    },
    "other": {**_ITEM, "x-record-date": "d"},
}


@cache
def kinds() -> dict[str, Kind]:
    """The kinds of the random documents."""
    with TemporaryDirectory() as folder:
        for name, schema in SCHEMAS.items():
            (Path(folder) / f"{name}.schema.json").write_text(json.dumps(schema), "utf-8")
        return load_kinds([Path(folder)])


# ---- values --------------------------------------------------------------------------------------------------------------------

NUMBERS = st.sampled_from([0, 1, 2, 3, 0.5])
TEXTS = st.sampled_from(["a", "b", "c", "4111 1111 1111 1111"])
DATES = st.sampled_from(["2026-06-30", "2026-06-01", "2026-05-31", "2026-05-02", "2026-04-15", "2026-02-10", "2025-06-30", "2026-07-04"])
NAMES = st.sampled_from(["p", "q", "r"])


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(values, values, values, st.none())


def _record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: _maybe(values) for name, values in fields.items()})


ITEMS = _record(k=TEXTS, v=NUMBERS, ok=st.booleans(), d=DATES)
NODES = _record(id=NAMES, next=st.lists(_maybe(NAMES), max_size=2), error=NAMES, type=st.sampled_from(["off", "on", "pay", "say"]))
FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "thing": {
        "key": TEXTS,
        "n": NUMBERS,
        "s": TEXTS,
        "d": DATES,
        "done": DATES,
        "start": NAMES,
        "tags": st.lists(_maybe(TEXTS), max_size=3),
        "items": st.lists(ITEMS, max_size=3),
        "m": st.dictionaries(NAMES, _maybe(NUMBERS), max_size=2),
        "nodes": st.lists(NODES, max_size=3),
        "links": st.lists(_maybe(st.sampled_from(["thing0", "thing1", "thing7"])), max_size=2),
    },
    "other": {"k": TEXTS, "v": NUMBERS, "ok": st.booleans(), "d": DATES},
}
_AT = {
    "thing": [
        *("key", "n", "s", "d", "done", "start", "tags", "items", "m", "nodes", "links"),
        *("tags/0", "tags/-", "items/0", "items/-", "items/5"),
        *("items/0/v", "items/1/ok", "items/0/d", "m/p", "m/-", "nodes/0", "nodes/-", "nodes/0/id", "nodes/0/next", "nodes/0/next/0"),
        *("nodes/1/type", "nodes/0/error", "links/0", "links/-"),
    ],
    "other": ["k", "v", "ok", "d"],
}
_FILLING: dict[str, st.SearchStrategy[Any]] = {
    "key": TEXTS,
    "k": TEXTS,
    "n": NUMBERS,
    "v": NUMBERS,
    "p": NUMBERS,
    "s": TEXTS,
    "d": DATES,
    "done": DATES,
    "start": NAMES,
    "id": NAMES,
    "error": NAMES,
    "ok": st.booleans(),
    "type": st.sampled_from(["off", "on", "pay", "say"]),
    "tags": st.lists(_maybe(TEXTS), max_size=2),
    "items": st.lists(ITEMS, max_size=2),
    "m": st.dictionaries(NAMES, _maybe(NUMBERS), max_size=2),
    "nodes": st.lists(NODES, max_size=2),
    "next": st.lists(NAMES, max_size=2),
    "links": st.lists(st.sampled_from(["thing0", "thing1"]), max_size=2),
}
_MEMBERS = {"tags": TEXTS, "items": ITEMS, "nodes": NODES, "next": NAMES, "links": st.sampled_from(["thing0", "thing1"]), "m": NUMBERS}


@dataclass(frozen=True, eq=False)
class Theme:
    """What the documents and rules of a trial are about; without a predicate, everything. Narrow themes find rare faults soon."""

    bodies: dict[str, st.SearchStrategy[Any]]
    places: dict[str, list[str]]  # where gaps are
    predicate: str = ""
    where: bool = False  # whether every join chooses among its documents


def _all(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(fields)


def _node(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return _all(id=st.just(name), next=st.lists(NAMES, max_size=1), type=st.sampled_from(["off", "pay", "say"]))


_FEW = st.sampled_from(["a", "b"])
EVERYTHING = Theme({kind: _record(**fields) for kind, fields in FIELDS.items()}, _AT)
SCALARS = Theme({"thing": _record(n=NUMBERS, s=TEXTS, d=DATES, done=DATES)}, {"thing": ["n", "s", "d", "done"]}, "scalars")
JOINS = Theme(
    {"thing": _all(key=st.just("a")), "other": _all(k=_FEW, v=st.integers(0, 2), ok=st.booleans())},
    {"thing": ["key"], "other": ["k", "v", "ok"]},
    "joins",
)
FILTERED = replace(JOINS, places={"thing": ["key"], "other": ["v", "ok"]}, where=True)
PATHS = Theme(
    {"thing": _all(start=st.just("p"), nodes=st.tuples(_node("p"), _node("q"), _node("r")).map(list))},
    {"thing": ["nodes/0/next", "nodes/0/error", "nodes/1/next", "nodes/1/error", "nodes/0/type", "nodes/1/type", "start"]},
    "paths",
)
LISTS = Theme(
    {"thing": _record(tags=st.lists(_FEW, max_size=2), items=st.lists(ITEMS, max_size=2))},
    {"thing": ["tags", "tags/0", "tags/-", "items", "items/-", "items/0/v"]},
    "lists",
)
THEMES = (EVERYTHING, EVERYTHING, SCALARS, JOINS, PATHS, LISTS)


@st.composite
def documents(draw: st.DrawFn, kind: str, number: int, theme: Theme) -> dict[str, Any]:
    """A document of the kind, with gaps."""
    gaps = draw(st.lists(st.sampled_from(theme.places[kind]), max_size=2, unique=True))
    document = {"kind": kind, "id": f"{kind}{number}", "observed_at": "2026-06-15", "data": draw(theme.bodies[kind])}
    if gaps:
        document["gaps"] = [{"pointer": f"/data/{gap}", "reason": "redacted"} for gap in gaps]
    return document


# ---- rules ---------------------------------------------------------------------------------------------------------------------


def _condition(path: str, **words: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of([st.fixed_dictionaries({path: st.fixed_dictionaries({word: values})}) for word, values in words.items()])


@cache
def _scalars() -> dict[str, dict[str, st.SearchStrategy[Any]]]:
    numbers = dict.fromkeys(("is", "is_not", "at_least", "at_most", "more_than", "less_than"), NUMBERS)
    lists = st.lists(NUMBERS, min_size=1, max_size=2)
    texts = st.lists(TEXTS, min_size=1, max_size=2)
    spans = st.sampled_from(["P1M", "P30D", "P12M"])
    return {
        "number": {**numbers, "in": lists, "not_in": lists, "present": st.booleans(), "between": st.just([1, 2])},
        "text": {"is": TEXTS, "is_not": TEXTS, "in": texts, "not_in": texts, "free_of": st.just(["pan"]), "present": st.booleans()},
        "date": {"before": DATES, "on_or_after": DATES, "within_last": spans, "within_next": spans, "present": st.booleans(), "is": DATES},
        "flag": {"is": st.booleans(), "present": st.booleans()},
    }


def _over(path: str, inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    small = st.integers(0, 2)
    counts = st.fixed_dictionaries({"where": inner, "at_least": small}) | st.fixed_dictionaries({"where": inner, "at_most": small})
    empty = inner.map(lambda value: {path: {"every": value, "allow_empty": True}})
    return st.one_of(_condition(path, some=inner, every=inner, none=inner, count=counts), empty)


@cache
def _quantified(path: str) -> st.SearchStrategy[dict[str, Any]]:
    return _over(path, _condition("v", at_least=NUMBERS, at_most=NUMBERS) | _condition("ok", **_scalars()["flag"]))


@cache
def _items(path: str) -> st.SearchStrategy[dict[str, Any]]:
    scalars = _scalars()
    inner = st.one_of(_condition("v", **scalars["number"]), _condition("ok", **scalars["flag"]), _condition("d", **scalars["date"]))
    cadence = st.fixed_dictionaries({"at": st.just("d"), "every": st.sampled_from(["P60D", "P2M"]), "over_last": st.just("P6M")})
    return st.one_of(_over(path, inner), _condition(path, cadence=cadence, unique_by=st.just("k")))


def _tags() -> st.SearchStrategy[dict[str, Any]]:
    lists = st.lists(TEXTS, min_size=1, max_size=2, unique=True) | st.just({"path": "tags"})
    words = dict.fromkeys(("contains_all", "at_most_one_of", "subset_of", "disjoint_from"), lists)
    return st.one_of(_condition("tags", contains=TEXTS, **words), _over("tags", _condition(".", **_scalars()["text"])))


def _paths() -> st.SearchStrategy[dict[str, Any]]:
    def flow(starts: str, undone: bool) -> dict[str, Any]:
        walk = {
            "id": "id",
            "next": ["next.*", {"of": "error", "takes_effect": False}],
            "start": {"path": "start"},
            "to": {"type": {"is": "pay"}},
            "first_passes": {"type": {"is": "off"}},
            "starts": starts,
        }
        return {"nodes": {"every_path": {**walk, **({"undone_by": {"type": {"is": "on"}}} if undone else {})}}}

    return st.builds(flow, st.sampled_from(["done", "not_done", "unknown"]), st.booleans())


def _deadline() -> st.SearchStrategy[dict[str, Any]]:
    return st.integers(0, 60).map(lambda days: {"done": {"done_within": {"of": "d", "days": days}}})


@cache
def _leaves(names: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    scalars = _scalars()
    leaves: list[st.SearchStrategy[Any]] = [
        _condition("n", **scalars["number"]),
        _condition("s", **scalars["text"]),
        _condition("d", **scalars["date"]),
        _tags(),
        _items("items"),
        _over("m", _condition(".", **scalars["number"])),
        _paths(),
        _deadline(),
    ]
    leaves += [_items("$j")] * 3 * ("j" in names)
    leaves += [_condition("$x", at_least=NUMBERS, at_most=NUMBERS)] * 2 * ("x" in names)
    return st.one_of(leaves)


@cache
def _themed(predicate: str) -> st.SearchStrategy[dict[str, Any]]:
    """One leaf, or its negation."""
    scalars = _scalars()
    leaves = {
        "scalars": st.one_of(_condition("n", **scalars["number"]), _condition("s", **scalars["text"]), _deadline()),
        "joins": _quantified("$j"),
        "paths": _paths(),
        "lists": st.one_of(_tags(), _items("items"), _over("m", _condition(".", **scalars["number"]))),
    }[predicate]
    return leaves | leaves.map(lambda leaf: {"not": leaf})


@cache
def predicates(names: tuple[str, ...], depth: int = 2) -> st.SearchStrategy[dict[str, Any]]:
    """Predicates on a thing, with joins and measures of these names."""
    return _predicates(names, depth)


@st.composite
def _predicates(draw: st.DrawFn, names: tuple[str, ...], depth: int) -> dict[str, Any]:
    if depth == 0 or draw(st.booleans()):
        return dict(draw(_leaves(names)))
    below = predicates(names, depth - 1)
    word = draw(st.sampled_from(["all_of", "any_of", "not", "if"]))
    if word in ("all_of", "any_of"):
        return {word: draw(st.lists(below, min_size=1, max_size=3))}
    if word == "not":
        return {"not": draw(below)}
    return {"if": draw(below), "then": draw(below), "else": draw(below)}


MEASURES = [
    {"sum": {"of": "$j", "value": "v"}},
    {"count": {"of": "$j", "where": {"ok": {"is": True}}}},
    {"share": {"of": "$j", "where": {"ok": {"is": True}}}},
    {"max": {"of": "items", "value": "v"}},
    {"mean": {"of": "items.*", "value": "v"}},
    {"count": {"of": "tags"}},
]


_GIVEN: dict[str, Any] = {
    "id": "promise/rule",
    "title": "a rule",
    "severity": "high",
    "controls": [{"control": "none/1", "coverage": "full", "why": "a rule"}],
    "applies_to": "thing",
    "message": "no",
    "remediation": "mend it",
}


@st.composite
def _themed_rules(draw: st.DrawFn, theme: Theme) -> dict[str, Any]:
    rule = dict(_GIVEN)
    if "other" in theme.bodies:
        where = draw(_wheres() if theme.where else st.none() | _wheres())
        key = {"from": "other", "as": "others", "key": {"theirs": "k", "ours": "key"}}
        rule["with"] = {"j": {**key, "where": where} if where else key}
    return {**rule, "require": draw(_themed(theme.predicate))}


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule on things, with or without a join, a measure, periods, members, a closure."""
    rule = dict(_GIVEN)
    names: list[str] = []
    per = draw(st.booleans())
    if per:
        rule["per"] = {"month": {"last": 2}}
    if draw(st.booleans()):
        names.append("j")
        join: dict[str, Any] = {"from": "other", "as": "others", "key": {"theirs": "k", "ours": "key"}}
        if draw(st.booleans()):
            join["where"] = draw(_wheres())
        rule["with"] = {"j": {**join, "during": "d"} if per else join}
    measure = draw(st.sampled_from([None, *MEASURES]))
    if measure is not None and ("j" in names or "$j" not in str(measure)):
        names.append("x")
        rule["measure"] = {"x": measure}
    how = draw(st.sampled_from(["plain", "plain", "each", "reached"]))
    if how == "each":
        rule["each"] = "items.*"
        inner = _member_conditions()
        return {**rule, "with": {}, "measure": {}, "when": draw(inner), "require": draw(inner | inner.map(lambda value: {"not": value}))}
    if how == "reached":
        rule["reached_from"] = {"kind": "thing", "links": "links.*", "key": "$document.id"}
    if draw(st.booleans()):
        rule["when"] = draw(predicates(tuple(names), 1))
    return {**rule, "require": draw(predicates(tuple(names)))}


@cache
def _wheres() -> st.SearchStrategy[dict[str, Any]]:
    return _condition("v", **_scalars()["number"]) | _condition("ok", **_scalars()["flag"])


@cache
def _member_conditions() -> st.SearchStrategy[dict[str, Any]]:
    scalars = _scalars()
    return st.one_of(_condition("v", **scalars["number"]), _condition("ok", **scalars["flag"]), _condition("k", **scalars["text"]))


# ---- evidence and its extension ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Documents and the kinds that are claimed complete."""

    documents: tuple[dict[str, Any], ...]
    claimed: tuple[str, ...]


@st.composite
def worlds(draw: st.DrawFn, theme: Theme) -> World:
    """A few things and others."""
    things = [draw(documents("thing", number, theme)) for number in range(1 if theme.predicate else draw(st.integers(1, 2)))]
    others = [draw(documents("other", number, theme)) for number in range(draw(st.integers(0, 3)) if "other" in theme.bodies else 0)]
    return World((*things, *others), tuple(draw(st.lists(st.sampled_from(["thing", "other"]), max_size=2, unique=True))))


@st.composite
def extensions(draw: st.DrawFn, world: World, theme: Theme) -> World:
    """The world with some gaps filled, and documents added that contradict no claim."""
    documents_now = [_filled(draw, copy.deepcopy(document)) for document in world.documents]
    for kind in ("thing", "other"):
        if kind not in world.claimed and kind in theme.bodies:
            documents_now += [draw(documents(kind, 7 + number, theme)) for number in range(draw(st.integers(0, 2)))]
    return World(tuple(documents_now), world.claimed)


def _filled(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    kept = []
    for gap in document.pop("gaps", []):
        if draw(st.booleans()):
            kept.append(gap)
        else:
            _fill(draw, document, list(read_pointer(gap["pointer"])))
    if kept:
        document["gaps"] = kept
    return document


def _fill(draw: st.DrawFn, owner: Any, tokens: list[str]) -> None:
    for token in tokens[:-1]:
        if isinstance(owner, dict) and owner.get(token) is None:
            owner[token] = [] if token in ("tags", "items", "nodes", "next", "links") else {}
        elif isinstance(owner, list):
            owner.extend({} for _ in range(len(owner), int(token) + 1))
        owner = owner[int(token) if isinstance(owner, list) else token]
    last, parent = tokens[-1], tokens[-2]
    if isinstance(owner, list):
        if last.isdigit() and int(last) < len(owner):
            owner[int(last)] = draw(_MEMBERS[parent])
        else:
            owner.extend(draw(st.lists(_MEMBERS[parent], max_size=2)))
    elif last == "-":
        owner.update(draw(st.dictionaries(st.sampled_from(["x", "y"]), NUMBERS, max_size=1)))
    elif draw(st.integers(0, 3)) == 0:
        owner.pop(last, None)
    else:
        owner[last] = draw(_maybe(_FILLING[last]))


# ---- verdicts ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """The rule's status and, by focus, verdict, truths and whether it is a stub."""

    status: str
    foci: dict[Any, tuple[str, str, str, bool]]


def verdicts(rule_text: dict[str, Any], world: World) -> Seen:
    """What the reference interpreter says."""
    ledger = Ledger(kinds())
    rule = rule_of(RuleModel.model_validate(rule_text), "rule", ledger)
    assert rule is not None
    assert not ledger.complaints, ledger.complaints
    claims = [Claim(kind, "test", "2026-06-30", "test") for kind in world.claimed]
    evidence = evidence_of(list(world.documents), kinds(), AS_OF, claims=claims)
    assert not evidence.problems, evidence.problems
    library = Library((), kinds(), {}, Rulebook({rule.id: rule}), {})
    result = assess(library, evidence, Wanted(each=True)).rules[0]
    runner = runner_of(library, evidence, Wanted())
    foci: dict[Any, tuple[str, str, str, bool]] = {}
    for focus, verdict in zip(population(rule.foci, runner.world, runner.selection).foci, result.foci, strict=True):
        scene = Scene(runner.world, focus.spot, rule.zone, {}, focus.period, rule.joins, rule.measures)
        when = "T" if rule.when is None else judge(rule.when, focus.spot, scene).truth
        key = (focus.spot.document.id, write_pointer(focus.spot.pointer()), str(focus.period))
        foci[key] = (verdict.verdict, when, judge(rule.require, focus.spot, scene).truth, focus.stub)
    return Seen(result.status, foci)


def broken(before: Seen, after: Seen) -> list[str]:
    """How the promise is broken; empty if it is kept."""
    wrong = []
    undecided_when = any(when == "U" for _, when, _, _ in before.foci.values())
    loosened = before.status == "pass" and after.status == "not_applicable" and undecided_when
    if before.status not in ("undetermined", after.status) and not loosened:
        wrong.append(f"rule: {before.status} -> {after.status}")
    for key, (verdict, when, require, stub) in before.foci.items():
        if stub:
            continue
        if key not in after.foci:
            wrong.append(f"{key} is no focus any more")
            continue
        then = after.foci[key]
        if verdict not in ("undetermined", then[0]) and not (verdict == "pass" and when == "U" and then[0] == "not_applicable"):
            wrong.append(f"{key}: {verdict} -> {then[0]}")
        truths = (("when", when, then[1]), ("require", require, then[2]))
        wrong += [f"{key}: {name} {old} -> {new}" for name, old, new in truths if old not in ("U", new)]
    return wrong


@st.composite
def trials(draw: st.DrawFn, themes: tuple[Theme, ...] = THEMES) -> tuple[dict[str, Any], World, World]:
    """A rule, a world and an extension of it."""
    theme = draw(st.sampled_from(themes))
    rule = draw(_themed_rules(theme) if theme.predicate else rules())
    world = draw(worlds(theme))
    return rule, world, draw(extensions(world, theme))
