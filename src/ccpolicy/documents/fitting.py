"""Which mapping reads which file, and what is to be said of mappings that read none, and of files that fit two or hold nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ccpolicy.documents.config import Config
from ccpolicy.documents.document import Undated
from ccpolicy.documents.gathering import Gathering
from ccpolicy.documents.mapping import Mapped
from ccpolicy.errors import Problem, either


@dataclass(slots=True)
class Fitting:
    """The mappings of a config, and the files that were met."""

    config: Config
    whole: bool  # the whole folder of the config is read, and its claims count
    fitted: set[int] = field(default_factory=set)  # positions of mappings
    doubled: dict[tuple[int, int], list[str]] = field(default_factory=dict)  # the mapping that reads files, and one that does not
    empty: list[tuple[str, Mapped]] = field(default_factory=list)  # tables without a row
    undated: dict[int, int] = field(default_factory=dict)  # the position of a mapping -> its files that say nothing of their day

    def of(self, file: str) -> Mapped | None:
        """The mapping that reads the file: the first that it fits."""
        fits = [position for position, mapped in enumerate(self.config.mappings) if mapped.takes(file)]
        self.fitted.update(fits)
        if not fits:
            return None
        first = self.config.mappings[fits[0]]
        if first.line:  # a mapping that the command line made goes before those of the config, and is no mistake
            for other in fits[1:]:
                self.doubled.setdefault((fits[0], other), []).append(file)
        return first

    def took(self, mapped: Mapped) -> None:
        """Notes a file that was read."""
        if mapped.observed_at is None and mapped.line:
            position = self.config.mappings.index(mapped)
            self.undated[position] = self.undated.get(position, 0) + 1

    def end(self, gathering: Gathering) -> tuple[Problem, ...]:
        """What is to be remarked; what would make a claim say more than was read is a problem, and no claim of the kind counts."""
        claimed = {claim.kind for claim in gathering.claims}
        claimed |= {mapped.kind for mapped in self.config.mappings if self._claims(mapped)}
        remarks: list[Problem] = []
        for problem, kind in [*self._unused(claimed), *self._doubled(claimed)]:
            if kind is None:
                remarks.append(problem)
            else:
                gathering.problems.append(problem)
                gathering.open(kind)
        return tuple(sorted([*remarks, *self._empty()]))

    def assumed(self) -> tuple[Undated, ...]:
        """The mappings whose files count as observed on the day of assessment, in the order of the config."""
        mappings = [(self.config.mappings[position], count) for position, count in sorted(self.undated.items())]
        return tuple(Undated(one.files, one.kind, self.config.file or "", one.line, count) for one, count in mappings)

    def _claims(self, mapped: Mapped) -> bool:
        return self.whole and mapped.complete is not None

    def _unused(self, claimed: set[str]) -> Iterator[tuple[Problem, str | None]]:
        for position, mapped in enumerate(self.config.mappings):
            if not self.whole or position in self.fitted:
                continue
            message, kind = f"no file fits {either(mapped.files)}, and so the mapping reads nothing", None
            if mapped.kind in claimed:
                message, kind = f"no file fits {either(mapped.files)}, and so {_no_claim(mapped)}", mapped.kind
            yield self._problem(mapped, "no-file", message, "is the pattern relative to the folder of the config?"), kind

    def _doubled(self, claimed: set[str]) -> Iterator[tuple[Problem, str | None]]:
        for (position, ignored), files in sorted(self.doubled.items()):
            first, other = self.config.mappings[position], self.config.mappings[ignored]
            more = f" (and {len(files) - 1} more)" if len(files) > 1 else ""
            message = f"`{files[0]}`{more} fits two mappings, {_named(first)} and {_named(other)}, and only the former reads it"
            kind = other.kind if self._claims(other) or (other.kind in claimed and _scope(first) != _scope(other)) else None
            message += f"; so {_no_claim(other)}" if kind else ""
            hint = "a file is read by the first mapping that it fits: write the patterns so that they fit different files"
            yield self._problem(other, "two-mappings", message, hint), kind

    def _empty(self) -> Iterator[Problem]:
        for file, mapped in self.empty:
            claim = next((claim for claim in self.config.claims if claim.kind == mapped.kind), None) if self.whole else None
            if self._claims(mapped):
                said = "its mapping says that these are all there are"
            elif claim is not None:
                said = f"`[[complete]]` in line {claim.line} of the config says that there are no others"
            else:
                continue
            hint = f"that counts as evidence that there is no {mapped.kind}: is the export right?"
            yield Problem(file, 0, 0, "no-record", f"the file holds no record, and {said}", hint)

    def _problem(self, mapped: Mapped, code: str, message: str, hint: str) -> Problem:
        return Problem(self.config.file or "", mapped.line, min(mapped.line, 1), code, message, hint)


def _named(mapped: Mapped) -> str:
    return f"{either(mapped.files)} in line {mapped.line}"


def _no_claim(mapped: Mapped) -> str:
    return f"no claim that `{mapped.kind}` is complete counts"


def _scope(mapped: Mapped) -> tuple[str, str | None, str | None]:
    return mapped.kind, mapped.site, mapped.client
