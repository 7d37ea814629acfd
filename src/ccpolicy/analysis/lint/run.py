"""From files to findings: every lint on every file, placed, and without what the pack keeps quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ccpolicy.analysis.lint.lint import Note, RuleFile, Subject, World
from ccpolicy.analysis.lint.silences import STALE, Silence, stale_notes
from ccpolicy.analysis.lint.table import LINTS
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.reading import Text


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What a lint finds, and where. `name` is the rule; of another file, its path in the pack without extension."""

    file: str
    line: int
    column: int
    lint: str
    name: str
    message: str
    hint: str
    reason: str = ""  # why it is silenced


@dataclass(frozen=True, slots=True)
class Linted:
    """What the lints find in a pack, and what they would find but for its silences; sorted."""

    remarks: tuple[Remark, ...] = ()
    silenced: tuple[Remark, ...] = ()
    files: int = 0


def linted(
    subjects: Sequence[Subject], world: World, silences_text: Text | None, silences: Sequence[Silence], whole: bool = True
) -> Linted:
    """The findings in the files of one pack; if these are not the whole of it, nothing is said of stale silences."""
    remarks: list[Remark] = []
    silenced: list[Remark] = []
    used: set[Silence] = set()
    for remark in (found for subject in subjects for found in _remarks(subject, world)):
        covering = next((silence for silence in silences if silence.covers(remark.lint, remark.name)), None)
        if covering is None:
            remarks.append(remark)
        else:
            used |= {silence for silence in silences if silence.covers(remark.lint, remark.name)}
            silenced.append(_quiet(remark, covering.reason))
    if whole and silences_text is not None:
        remarks += _placed(silences_text, "lint", STALE, list(stale_notes(silences, used)))
    return Linted(tuple(sorted(set(remarks))), tuple(sorted(set(silenced))), len(subjects))


def _quiet(remark: Remark, reason: str) -> Remark:
    return Remark(remark.file, remark.line, remark.column, remark.lint, remark.name, remark.message, remark.hint, reason)


def _remarks(subject: Subject, world: World) -> Iterator[Remark]:
    for lint in LINTS.values():
        notes = list(lint.check(subject, world))
        yield from _placed(subject.text, subject.name, lint.id, [note for note in notes if not note.beside])
        if isinstance(subject, RuleFile) and subject.cases_text is not None:
            yield from _placed(subject.cases_text, subject.name, lint.id, [note for note in notes if note.beside])


def _placed(text: Text, name: str, lint: str, notes: Iterable[Note]) -> Iterator[Remark]:
    for found in text.problems([Complaint(note.at, lint, note.message, note.hint) for note in notes]):
        yield Remark(found.file, found.line, found.column, lint, name, found.message, found.hint)
