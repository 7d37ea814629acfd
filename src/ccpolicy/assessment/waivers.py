"""Waivers: which computed fails they cover, and what became of each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from ccpolicy.assessment.finding import WaiverNote
from ccpolicy.backends.scene import Scene, resolve
from ccpolicy.documents.document import Document, Evidence
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.path import Path
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.values import Gap, OpenList, OpenMap
from ccpolicy.language.expr import AllOf, Equals, Leaf, Literally, Predicate
from ccpolicy.language.scope import Scope, body_of
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.lower import predicate
from ccpolicy.rulebook.rule import Rule


@dataclass(slots=True, eq=False)
class Waiver:
    """A waiver of one rule. `state` is empty while it may apply."""

    document: Document
    rule: str
    where: Predicate | None
    state: str = ""
    message: str = ""
    tried: bool = False  # its rule was run
    applied: int = 0
    undecided: int = 0

    def note(self) -> WaiverNote:
        """What became of it, once all foci are judged."""
        document = self.document
        state, message = self.state, self.message
        if not state and self.applied:
            state, message = "applied", f"covers {self.applied} {'failure' if self.applied == 1 else 'failures'}"
        elif not state and not self.tried:
            state, message = "not_run", "its rule was not run"
        elif not state and self.undecided:
            state, message = "undecided", "whether it covers a failure cannot be told"
        elif not state:
            state, message = "stale", "nothing that it covers fails"
        return WaiverNote(document.id, self.rule, state, message, document.file, document.line, document.base)


_Slot = tuple[Path, str]


@dataclass(slots=True, eq=False)
class Shelf:
    """The waivers of one rule: those whose `where` says which text stands at a path lie under that text, so that few are tried."""

    waivers: list[Waiver] = field(default_factory=list)
    anywhere: list[int] = field(default_factory=list)
    by_text: dict[Path, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, waiver: Waiver) -> None:
        """Puts a waiver behind the others."""
        slot = None if waiver.where is None else _slot(waiver.where)
        place = self.anywhere if slot is None else self.by_text.setdefault(slot[0], {}).setdefault(slot[1], [])
        place.append(len(self.waivers))
        self.waivers.append(waiver)

    def candidates(self, scene: Scene) -> list[Waiver]:
        """In their order, all that may cover the focus: not those that ask for another text than the one that is there."""
        found = list(self.anywhere)
        for path, places in self.by_text.items():
            value = resolve(path, scene.focus, scene).value
            own = [places.get(value, [])] if isinstance(value, str) else places.values()
            found += [position for part in own for position in part]
        return [self.waivers[position] for position in sorted(found)]


def _slot(where: Predicate) -> _Slot | None:
    """A path and the text that has to stand there for the predicate not to be F."""
    match where:
        case AllOf(children):
            return next((slot for child in children if (slot := _slot(child)) is not None), None)
        case Leaf(path=path, test=Equals(Literally(str() as text), "text" | "any", False)):
            return path, text
        case _:
            return None


@dataclass(slots=True, eq=False)
class Waivers:
    """All waivers of a run, by rule."""

    all: list[Waiver] = field(default_factory=list)
    by_rule: dict[str, Shelf] = field(default_factory=dict)

    def mark_tried(self, rule: str) -> None:
        """Notes that the rule was run: only then can a waiver of it be stale."""
        for waiver in self.by_rule[rule].waivers if rule in self.by_rule else ():
            waiver.tried = True

    def covering(self, rule: str, scene: Scene) -> Waiver | None:
        """The first waiver that covers the failed focus."""
        for waiver in self.by_rule[rule].candidates(scene) if rule in self.by_rule else ():
            if waiver.state:
                continue
            truth = "T" if waiver.where is None else scene.world.judge(waiver.where, scene.focus, scene).truth
            waiver.applied += truth == "T"
            waiver.undecided += truth == "U"
            if truth == "T":
                return waiver
        return None


def waivers_in(evidence: Evidence, rules: Mapping[str, Rule], kinds: Mapping[str, Kind]) -> Waivers:
    """The waiver documents in force, each with the first thing that keeps it from applying."""
    found = Waivers()
    for document in sorted(evidence.of("waiver"), key=lambda document: (document.id, document.file)):
        waiver = _waiver(document, rules, kinds, evidence)
        found.all.append(waiver)
        found.by_rule.setdefault(waiver.rule, Shelf()).add(waiver)
    return found


def _waiver(document: Document, rules: Mapping[str, Rule], kinds: Mapping[str, Kind], evidence: Evidence) -> Waiver:
    body = document.body if isinstance(document.body, dict) else {}
    name = body.get("rule")
    waiver = Waiver(document, name if isinstance(name, str) else "", None)
    checks: Sequence[Callable[[], tuple[str, str]]] = (
        lambda: _known_rule(waiver.rule, rules),
        lambda: _persons(body),
        lambda: _dated(body, evidence),
    )
    for check in checks:
        waiver.state, waiver.message = check()
        if waiver.state:
            return waiver
    if (isinstance(body, OpenMap) and "where" not in body) or _unseen(body.get("where")):
        waiver.state, waiver.message = "undecided", "its `where` is not in evidence whole, so what it covers cannot be told"
    elif body.get("where") is not None:
        waiver.where, waiver.message = _where(body["where"], rules[waiver.rule], kinds)
        waiver.state = "invalid" if waiver.where is None else ""
    return waiver


def _unseen(value: Any) -> bool:
    """Whether something stands, or may stand, in a value that nobody has seen."""
    if isinstance(value, Gap | OpenList | OpenMap):
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_unseen(member) for member in inner)


def _known_rule(name: str, rules: Mapping[str, Rule]) -> tuple[str, str]:
    return ("", "") if name in rules else ("invalid", "it names no rule of this run")


def _persons(body: Mapping[str, Any]) -> tuple[str, str]:
    persons = [body.get(role) for role in ("requested_by", "approved_by")]
    if not all(isinstance(person, str) and person.strip() for person in persons):
        return "invalid", "who requested it, or who approved it, is not known"
    same = len({" ".join(str(person).split()).casefold() for person in persons}) == 1
    return ("same_person", "the same person requested and approved it") if same else ("", "")


def _dated(body: Mapping[str, Any], evidence: Evidence) -> tuple[str, str]:
    until = read_date(body.get("expires_on"))
    if until is None:
        return "undated", "when it expires is not known"
    return ("expired", f"it expired on {until.isoformat()}") if evidence.as_of > until else ("", "")


def _where(value: Any, rule: Rule, kinds: Mapping[str, Kind]) -> tuple[Predicate | None, str]:
    """The predicate of a waiver, checked against the rule's focus like one in a rule."""
    try:
        model = syntax.Predicate.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        return None, f"its `where` is no predicate: {'.'.join(str(token) for token in first['loc'])}"
    body = body_of(rule.foci.kind, kinds[rule.foci.kind].shape())
    focus = body if rule.foci.each is None else Scope(body).place(rule.foci.each)
    ledger = Ledger(kinds)
    lowered = predicate(model, Scope(focus, focus), ledger, ("where",))
    if ledger.complaints:
        return None, f"its `where` does not fit the rule: {ledger.complaints[0].message}"
    return lowered, ""
