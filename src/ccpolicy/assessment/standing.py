"""What each rule comes to, on the whole and at each place, over which data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ccpolicy.assessment.control import Place, Ruling, Standing
from ccpolicy.assessment.finding import VERDICTS, RuleResult, Verdict
from ccpolicy.assessment.statements import classes_of
from ccpolicy.assessment.verdicts import status_of
from ccpolicy.documents.coverage import covering
from ccpolicy.documents.document import Evidence
from ccpolicy.rulebook.rule import Rule


def rulings_of(rules: Iterable[Rule], results: Sequence[RuleResult], evidence: Evidence, places: Sequence[Place]) -> list[Ruling]:
    """What every rule says of its controls; one without a result was not run. A rule of severity info is a hint, and decides none."""
    judged = {result.rule.id: result for result in results}
    hearing = _Hearing(evidence)
    return [
        Ruling(rule.id, rule.citations, None) if rule.id not in judged else hearing.ruling(judged[rule.id], places)
        for rule in rules
        if rule.citations and rule.severity != "info"
    ]


@dataclass(slots=True, eq=False)
class _Hearing:
    """Asks rule after rule about the same evidence."""

    evidence: Evidence
    classes: dict[str, frozenset[str] | None] = field(default_factory=dict)  # by kind

    def ruling(self, result: RuleResult, places: Sequence[Place]) -> Ruling:
        """What a rule says."""
        apart = {place: self._standing(result, place) for place in places}
        return Ruling(result.rule.id, result.rule.citations, self._standing(result, Place()), apart, result.assumptions)

    def _standing(self, result: RuleResult, place: Place) -> Standing:
        groups = [group for group in result.groups if place.touched_by(group.site, group.client)]
        found = {verdict for group in groups for verdict in group.verdicts}
        verdicts: list[Verdict] = [verdict for verdict in VERDICTS if verdict in found]
        complete = result.complete or self._closed(result.rule, place, any(group.stubs for group in groups))
        behind = [group.data_classes for group in groups]
        behind += [classes for kind in _joined(result.rule) if (classes := self._classes(kind)) is not None]
        return Standing(
            status_of(verdicts, complete),
            tainted=any(group.tainted for group in groups),
            data_classes=frozenset.intersection(*behind) if behind else None,
        )

    def _closed(self, rule: Rule, place: Place, stubs: bool) -> bool:
        """Whether claims say that all documents of this place are here, though not those of all places."""
        if stubs or rule.foci.reached_from is not None or place == Place():
            return False
        day = self.evidence.as_of
        return covering(self.evidence, rule.foci.kind, day, day, place.site or None, place.client or None) is not None

    def _classes(self, kind: str) -> frozenset[str] | None:
        """The classes that all documents of a kind are tagged with; None without documents."""
        if kind not in self.classes:
            covers = {document.cover for document in self.evidence.of(kind)}
            stated = [classes_of(cover.envelope) for cover in covers]
            self.classes[kind] = frozenset.intersection(*stated) if stated else None
        return self.classes[kind]


def _joined(rule: Rule) -> set[str]:
    """The kinds whose documents, any of them, may stand behind a verdict beside the document that it is on."""
    reached = {rule.foci.reached_from.kind, rule.foci.kind} if rule.foci.reached_from is not None else set()
    return {join.kind for join in rule.joins.values()} | (set(rule.kinds) - {rule.foci.kind}) | reached


def places_of(evidence: Evidence) -> list[Place]:
    """Every site and every client of which a document speaks."""
    covers = {document.cover for documents in evidence.documents.values() for document in documents}
    sites, clients = (_named([cover.envelope for cover in covers], word) for word in ("site", "client"))
    return [*(Place(site=site) for site in sites), *(Place(client=client) for client in clients)]


def _named(envelopes: Iterable[Mapping[str, object]], word: str) -> list[str]:
    return sorted({stated for envelope in envelopes if isinstance(stated := envelope.get(word), str)})
