"""The survivors that a pack accepts: mutants that no case can kill, each with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Complaint
from ccpolicy.rulebook.pack import Pack
from ccpolicy.rulebook.reading import Text

SURVIVORS_FILE = "survivors.yaml"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A surviving mutant that is listed, where it is, and why."""

    rule: str
    mutant: str
    reason: str
    file: str
    line: int
    column: int

    def problem(self, code: str, message: str, hint: str = "") -> Problem:
        """What is wrong with the entry."""
        return Problem(self.file, self.line, self.column, code, message, hint)


def load_survivors(packs: Sequence[Pack], rules: Collection[str]) -> tuple[tuple[Accepted, ...], tuple[Problem, ...]]:
    """What the packs list in their `survivors.yaml`, and what is wrong with the form of that or with the rules it names."""
    found: list[Accepted] = []
    problems: list[Problem] = []
    for pack in packs:
        file = pack.root / SURVIVORS_FILE
        if file.exists():
            try:
                found += _listed(Text(file, f"{pack.shown}{SURVIVORS_FILE}"))
            except Refused as refused:
                problems += refused.problems
    known = [one for one in found if one.rule in rules]
    problems += _unknown(found, rules)
    problems += _repeated(known)
    return tuple({(one.rule, one.mutant): one for one in reversed(known)}.values()), tuple(sorted(problems))


def _listed(text: Text) -> list[Accepted]:
    model = text.model(syntax.SurvivorsModel)
    places = text.problems([Complaint(("survivors", number), "", "") for number in range(len(model.survivors))])
    return [
        Accepted(one.rule, one.mutant, one.reason, text.shown, place.line, place.column)
        for one, place in zip(model.survivors, places, strict=False)
    ]


def _unknown(found: Sequence[Accepted], rules: Collection[str]) -> Iterator[Problem]:
    for one in found:
        if one.rule not in rules:
            yield one.problem("no-rule", f"this survivor is of no rule: `{one.rule}`", did_you_mean(one.rule, rules))


def _repeated(found: Sequence[Accepted]) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Accepted] = {}
    for one in found:
        first = seen.setdefault((one.rule, one.mutant), one)
        if first is not one:
            yield one.problem("listed-twice", f"this survivor of `{one.rule}` is listed in line {first.line} of {first.file} already")
