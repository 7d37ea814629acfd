"""The rows of the conformance data that speak of an operator: what stands where it looks, and what it makes of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ccpolicy.documents.source import read_value

DATA = Path(__file__).resolve().parents[2] / "fixtures" / "conformance"
_PLAIN = re.compile(r"[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*\Z")
LOGIC = ("all_of", "any_of", "not", "if", "then", "else", "meets")
TRUTHS = {"T": "**holds**", "F": "**violated**", "U": "**unknown**"}

VALUE, ABSENT, NULL, GAP = "a value", "absent", "null", "a gap"
LIST, EMPTY, OPEN, MEMBER = "a list or map", "an empty list or map", "an open list or map", "a list or map with a member that is in doubt"
WRONG, INVALID, NO_ARGUMENT = "a value of the wrong type", "a value against its schema", "a value, but the argument is unknown"
STATES = (VALUE, LIST, MEMBER, EMPTY, OPEN, ABSENT, NULL, GAP, WRONG, INVALID, NO_ARGUMENT)


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the conformance data, with what its file gives it."""

    file: str
    place: int
    topic: str
    rule: Mapping[str, Any]
    as_of: str
    case: Mapping[str, Any]

    @property
    def expected(self) -> Mapping[str, Any]:
        """What must come out."""
        found: Mapping[str, Any] = self.case["expect"]
        return found

    @property
    def condition(self) -> tuple[str, str, Any] | None:
        """Path, operator and argument, where `require` is one condition of one operator (`allow_empty` is none)."""
        require = self.rule.get("require", {})
        path, operators = next(iter(require.items())) if len(require) == 1 else ("", None)
        if not isinstance(operators, dict) or path in LOGIC:
            return None
        words = [word for word in operators if word != "allow_empty"]
        return (path, words[0], operators[words[0]]) if len(words) == 1 else None

    @property
    def lone(self) -> bool:
        """Whether the case is one document and one condition on a plain path of it."""
        plain = self.condition is not None and _PLAIN.match(self.condition[0]) is not None
        return plain and "documents" not in self.case and not {"each", "per", "with"} & set(self.rule)


@lru_cache
def rows_of(file: str) -> tuple[Row, ...]:
    """The cases of a file of the conformance data, by its name without suffix."""
    value: Any = read_value((DATA / f"{file}.yaml").read_bytes(), file, "yaml")
    return tuple(
        Row(
            file, place, value["topic"], {**value.get("rule", {}), **case.get("rule", {})}, str(case.get("as_of", value.get("as_of"))), case
        )
        for place, case in enumerate(value["cases"])
    )


@lru_cache
def schemas_of(file: str) -> Mapping[str, Any]:
    """The schemas of the kinds that a file uses."""
    value: Any = read_value((DATA / f"{file}.yaml").read_bytes(), file, "yaml")
    return dict(value["schemas"])


def files() -> list[str]:
    """The names of all files, without suffix."""
    return sorted(file.stem for file in DATA.glob("*.yaml"))


def speaks_of(word: str, node: Any) -> bool:
    """Whether the word is a key anywhere in the node."""
    match node:
        case dict():
            return word in node or any(speaks_of(word, value) for value in node.values())
        case list():
            return any(speaks_of(word, value) for value in node)
        case _:
            return False


def about(word: str, names: Sequence[str]) -> list[Row]:
    """The rows of the files in which the condition, or the whole requirement, uses the word."""
    rows = [row for name in names for row in rows_of(name)]
    return [row for row in rows if _uses(word, row)]


def _uses(word: str, row: Row) -> bool:
    if row.condition is not None and word != "allow_empty":
        return row.condition[1] == word
    return speaks_of(word, row.rule.get("require", {}))


def state(row: Row) -> str:
    """What stands where the condition of a lone row looks."""
    assert row.condition is not None
    path = row.condition[0].split(".")
    pointer = "/".join(["/data", *path])
    gaps = [gap if isinstance(gap, str) else gap["pointer"] for gap in row.case.get("gaps", ())]
    if any(pointer == gap or pointer.startswith(f"{gap}/") for gap in gaps):
        return GAP
    found = _stands(row.case.get("data", {}), path)
    if found is _NOTHING and any(gap.startswith(f"{pointer}/") for gap in gaps):
        return GAP
    for reason, name in (("wrong_type", WRONG), ("invalid", INVALID)):
        if row.expected.get("reasons") == [reason]:
            return name
    if found is _NOTHING or found is None:
        return NULL if found is None else ABSENT
    if isinstance(found, list | dict):
        return _gathered(found, row, any(_opens(found, gap, pointer) for gap in gaps))
    return NO_ARGUMENT if _argument_unknown(row) else VALUE


def _gathered(found: Any, row: Row, is_open: bool) -> str:
    if is_open:
        return OPEN
    if not found:
        return EMPTY
    return MEMBER if row.expected["truth"] == "U" else LIST


def _opens(found: Any, gap: str, pointer: str) -> bool:
    """Whether a gap says that more members may be there."""
    if not gap.startswith(f"{pointer}/"):
        return False
    first = gap.removeprefix(f"{pointer}/").split("/")[0]
    return first == "-" or (isinstance(found, list) and first.isdigit() and int(first) >= len(found))


def _argument_unknown(row: Row) -> bool:
    assert row.condition is not None
    asks = any(speaks_of(word, row.condition[2]) for word in ("path", "param", "of"))
    return asks and bool({"absent", "null", "gap", "param_unset", "unresolved"} & set(row.expected.get("reasons", [])))


_NOTHING = object()


def _stands(data: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if not isinstance(data, dict) or step not in data:
            return _NOTHING
        data = data[step]
    return data


def truth_table(rows: Sequence[Row], like: Sequence[Row] = (), of: str = "") -> Iterator[tuple[str, str]]:
    """For each state that a lone row shows, in a fixed order: the state, and all outcomes with their reasons.

    What the rows do not show is taken from those of the operator `of`, which it is like, and says so.
    """
    own, others = _outcomes(rows), _outcomes(like)
    for name in STATES:
        if name in own:
            yield name, own[name]
        elif name in others:
            yield name, f"{others[name]}, as with `{of}`"


def _outcomes(rows: Sequence[Row]) -> dict[str, str]:
    found: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        if row.lone and "truth" in row.expected:
            truths = found.setdefault(state(row), {})
            truths.setdefault(row.expected["truth"], set()).update(row.expected.get("reasons", []))
    return {name: " or ".join(_outcome(truth, truths[truth]) for truth in "TFU" if truth in truths) for name, truths in found.items()}


def _outcome(truth: str, reasons: set[str]) -> str:
    return TRUTHS[truth] + (f" ({', '.join(f'`{reason}`' for reason in sorted(reasons))})" if reasons else "")
