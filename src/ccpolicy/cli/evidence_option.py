"""What a command about controls stands on: the packs alone, or, with --evidence PATH, the assessment that `check PATH` would make."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted
from ccpolicy.cli.checking import assessment_by
from ccpolicy.cli.messages import complain
from ccpolicy.cli.options import Asked
from ccpolicy.cli.selection import unknown_standards, wanted_of
from ccpolicy.cli.settings import given_packs, settings_of
from ccpolicy.documents.config import Config
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.outcome import CLEAN, UNREADABLE


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessment of the evidence that was named, and what it was made with."""

    assessment: Assessment
    config: Config
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Ground:
    """The packs, and what was assessed, if evidence was named. `standards` are those to speak of, sorted: all, unless some are named."""

    library: Library
    standards: tuple[str, ...]
    assessed: Assessed | None
    named: bool = False  # the standards

    @property
    def spoken_of(self) -> tuple[str, ...]:
        """The standards that are named, else those of which a rule says anything, or else evidence does."""
        if self.named:
            return self.standards
        cited = {citation.control.partition("/")[0] for rule in self.library.rulebook.rules.values() for citation in rule.citations}
        if self.assessed is not None:
            cited = {one.standard for one in self.assessed.assessment.controls if one.method != "none"}
        return tuple(name for name in self.standards if name in cited)

    @property
    def code(self) -> int:
        """The exit code of a command that has answered: 3 if a file of the evidence could not be read."""
        return UNREADABLE if self.assessed is not None and self.assessed.assessment.problems else CLEAN


def ground_of(asked: Asked) -> Ground:
    """The ground of a command. `asked.paths` are those of --evidence: without any, no config is searched and no document is read.

    The documents are judged by all rules that `check` would run; `standard` (of the command line, else of the config) says of which
    standards the answer is. What cannot be read is a remark here. Raises Refused.
    """
    if not asked.paths:
        _check_undated(asked)
        library = load_library(given_packs(asked.packs), not asked.no_shipped_rules)
        return Ground(library, _standards(asked.standard, library), None, bool(asked.standard))
    settings = replace(settings_of(asked), outputs=())
    library = load_library(settings.packs, settings.shipped)
    standards = _standards(settings.standards, library)
    everything = replace(settings, standards=(), changed_since="")  # what a standard comes to may hang on controls of others
    wanted = wanted_of(everything, library)
    assessment = assessment_by(library, wanted, everything)
    complain(assessment.problems, "warning")
    return Ground(library, standards, Assessed(assessment, settings.config, wanted), bool(settings.standards))


def _check_undated(asked: Asked) -> None:
    if asked.as_of is not None:
        hint = "name the documents by --evidence PATH"
        raise Refused([Problem(code="no-evidence", message="`--as-of` is the day on which documents are looked at", hint=hint)])


def _standards(asked: tuple[str, ...], library: Library) -> tuple[str, ...]:
    problems = list(unknown_standards(asked, library))
    if problems:
        raise Refused(problems)
    return tuple(sorted(set(asked) or library.catalogues))
