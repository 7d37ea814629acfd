"""Silences: what a pack keeps quiet in its `lint.yaml`, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from ccpolicy.analysis.lint.lint import Lint, Note
from ccpolicy.errors import Refused, did_you_mean
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.pack import LINT_FILE, Pack
from ccpolicy.rulebook.reading import Text
from ccpolicy.rulebook.syntax import SilenceModel, SilencesModel

STALE = "stale-silence"


@dataclass(frozen=True, slots=True)
class Silence:
    """A lint, the rules for which it is kept quiet (a pattern; definitions and catalogues by their folder and name), and why."""

    lint: str
    rule: str
    reason: str

    def covers(self, lint: str, name: str) -> bool:
        """Whether it keeps a finding of this lint on this rule quiet."""
        return lint == self.lint and fnmatchcase(name, self.rule)


def read_silences(pack: Pack, lints: Collection[str], names: Collection[str]) -> tuple[Text | None, tuple[Silence, ...]]:
    """The file and its silences, none if there is no such file. Raises Refused with all that is wrong with it."""
    file = pack.root / LINT_FILE
    if not file.is_file():
        return None, ()
    text = Text(file, f"{pack.shown}{LINT_FILE}")
    model = text.model(SilencesModel)
    complaints = [complaint for number, one in enumerate(model.silenced) for complaint in _wrong(one, number, lints, names)]
    if complaints:
        raise Refused(text.problems(complaints))
    return text, tuple(Silence(one.lint, one.rule, " ".join(one.reason.split())) for one in model.silenced)


def _wrong(silence: SilenceModel, number: int, lints: Collection[str], names: Collection[str]) -> Iterator[Complaint]:
    at = ("silenced", number)
    if silence.lint == STALE:
        hint = "take the stale silence out instead"
        yield Complaint((*at, "lint"), "unknown-lint", f"`{STALE}` cannot be silenced", hint)
    elif silence.lint not in lints:
        hint = did_you_mean(silence.lint, lints) or "`ccpolicy lint --list` lists them"
        yield Complaint((*at, "lint"), "unknown-lint", f"there is no lint `{silence.lint}`", hint)
    if not any(fnmatchcase(name, silence.rule) for name in names):
        hint = did_you_mean(silence.rule, names) or "it is the id of a rule of this pack, or a pattern such as 'recording/*'"
        yield Complaint((*at, "rule"), "no-rule", f"no rule of the pack fits `{silence.rule}`", hint)
    if not silence.reason.strip():
        yield Complaint((*at, "reason"), "missing-word", "`reason` says nothing", "say why what the lint finds is meant")


def stale_notes(silences: Sequence[Silence], used: Collection[Silence]) -> Iterator[Note]:
    """The silences that keep nothing quiet."""
    for number, silence in enumerate(silences):
        if silence not in used:
            message = f"`{silence.lint}` finds nothing in `{silence.rule}`: there is nothing to silence"
            yield Note(("silenced", number), message, "take the entry out")


STALE_SILENCE = Lint(
    id=STALE,
    title="A silence that silences nothing",
    why="""\
An entry of `lint.yaml` says that somebody looked at a finding and meant it. When the finding is gone, the entry is not only clutter:
it will keep the same finding quiet when it comes back, and then nobody has looked. This lint cannot be silenced.""",
    failing="silenced:\n  - {lint: needless, rule: queues/waiting, reason: a second condition is to follow next month}\n",
    passing="silenced: []\n",
    check=lambda subject, world: iter(()),  # silences are judged after all lints have spoken
    file=LINT_FILE,
)
