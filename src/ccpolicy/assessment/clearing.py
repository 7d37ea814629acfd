"""Which documents a rule found nothing against, kept as references, so that a report can list every one of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from ccpolicy.assessment.control import Status
from ccpolicy.documents.document import Document


@dataclass(frozen=True, slots=True, eq=False)
class Cleared:
    """Documents of which every focus passed or was not applicable, in the order in which they were judged."""

    passed: tuple[Document, ...] = ()
    not_applicable: tuple[Document, ...] = ()


@dataclass(slots=True, eq=False)
class Clearing:
    """Told the verdict on one focus after another: those of a document come together."""

    _found: dict[Status, list[Document]] = field(default_factory=lambda: {"pass": [], "not_applicable": []})
    _document: Document | None = None
    _verdicts: set[Status] = field(default_factory=set)

    def add(self, document: Document, verdict: Status) -> None:
        """The verdict on a focus of the document."""
        if document is not self._document:
            self._settle()
            self._document = document
        self._verdicts.add(verdict)

    def cleared(self) -> Cleared:
        """All of them, once every focus is judged."""
        self._settle()
        return Cleared(tuple(self._found["pass"]), tuple(self._found["not_applicable"]))

    def _settle(self) -> None:
        if self._document is not None and self._verdicts <= self._found.keys():
            self._found["pass" if "pass" in self._verdicts else "not_applicable"].append(self._document)
        self._document, self._verdicts = None, set()
