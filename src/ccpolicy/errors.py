"""What can go wrong: problems are values, and a refusal carries all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with an input, a rule or a configuration.

    `message` is a lower-case sentence with the user's own words in backticks; `hint` says what to do. Lines and columns count from 1.
    """

    file: str = ""
    line: int = 0
    column: int = 0
    code: str = ""
    message: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])
        hint = f" (hint: {self.hint})" if self.hint else ""
        return f"{place}: {self.message}{hint}" if self.file else f"{self.message}{hint}"


class Refused(Exception):
    """Raised when work cannot go on; `problems` are all that were found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known words, or the empty string."""
    near = get_close_matches(word, list(known), n=3, cutoff=0.6)
    return f"did you mean {either(near)}?" if near else ""


def either(words: Sequence[str]) -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
