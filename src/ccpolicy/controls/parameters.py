"""Parameters of a control: what it asks of a value that rules compare."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from pydantic import BaseModel, ConfigDict

from ccpolicy.documents.moment import Duration, read_duration
from ccpolicy.documents.path import NoPath, Step, read_source
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.values import exact
from ccpolicy.errors import either
from ccpolicy.rulebook.ledger import Complaint

_NUMBERS = ("at_least", "at_most")
_DURATIONS = ("every", "within")


class ParameterModel(BaseModel):
    """One bound on a value: `on` is a kind and a source, as in definitions.

    `every` is how far apart dates may lie, `within` how old one may be. `lesser` is the number that is enough in the case of the `note`.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    on: str
    at_least: int | float | None = None
    at_most: int | float | None = None
    every: str | None = None
    within: str | None = None
    lesser: int | float | None = None
    unit: str | None = None
    note: str | None = None

    @property
    def place(self) -> tuple[str, tuple[Step, ...]]:
        """The kind, and the steps from its body. Raises NoPath."""
        kind, _, source = self.on.partition("/")
        return kind, read_source(source).steps

    def number(self, word: str) -> Fraction | None:
        """The number under a word, or None where there is none."""
        found = exact(getattr(self, word))
        return None if found is None else Fraction(found)

    def duration(self, word: str) -> Duration | None:
        """The duration under a word, or None where there is none."""
        return read_duration(getattr(self, word))


def complaints_about(parameter: ParameterModel, at: Pointer) -> Iterator[Complaint]:
    """What is wrong with a parameter beyond its form."""
    given = [word for word in (*_NUMBERS, *_DURATIONS) if getattr(parameter, word) is not None]
    if len(given) != 1:
        said = f"here are {' and '.join(f'`{word}`' for word in given)}" if given else "here is none"
        hint = "two bounds on one value are two parameters" if given else ""
        yield Complaint(at, "incomplete", f"a parameter takes one of {either((*_NUMBERS, *_DURATIONS))}; {said}", hint)
    for word in _DURATIONS:
        if getattr(parameter, word) is not None and parameter.duration(word) is None:
            yield Complaint((*at, word), "bad-value", f"`{getattr(parameter, word)}` is no duration", "write it as P90D or P6M")
    if parameter.lesser is not None and not set(given) <= set(_NUMBERS):
        yield Complaint((*at, "lesser"), "incomplete", "`lesser` is a number, beside `at_least` or `at_most`")
    try:
        kind, steps = parameter.place
    except NoPath as error:
        yield Complaint((*at, "on"), "bad-path", str(error), "`on` is a kind, `/` and a source, as in queue/longest_wait")
    else:
        if not (kind and steps):
            yield Complaint(
                (*at, "on"), "bad-path", f"`{parameter.on}` names no value", "`on` is a kind, `/` and a source, as in queue/longest_wait"
            )
