"""The baseline: findings that somebody has taken note of, by fingerprint, each with an owner and a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ccpolicy import __version__
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.sharing import shared
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.json_stream import JsonFile
from ccpolicy.reports.trace import KEYS, Trace, read_trace, value_of_trace

VERSION = 1
MOST_PROBLEMS = 20  # told of one file
_FIELDS = ("baseline", "ccpolicy", "as_of", "entries")
_ENTRY = (*sorted(KEYS), "owner", "reason", "since")
_AGAIN = "write it with `ccpolicy baseline write`"


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as it was when it was taken note of, by whom and why."""

    trace: Trace
    owner: str
    reason: str
    since: date  # day of the assessment that first had it in the baseline

    @property
    def lacks(self) -> tuple[str, ...]:
        """What nobody has said."""
        return tuple(word for word, text in (("owner", self.owner), ("reason", self.reason)) if not text.strip())


@dataclass(frozen=True, slots=True)
class Baseline:
    """A baseline that was read. `name` is the file as it is shown."""

    name: str
    sha256: str
    as_of: date
    entries: Mapping[str, Entry]  # by fingerprint


def order_of_entry(entry: Entry) -> tuple[str, ...]:
    """The order of a baseline: by rule, then by document; lines do not count."""
    trace = entry.trace
    return trace.rule, trace.kind, trace.document, trace.fingerprint


def entry_value(entry: Entry) -> dict[str, Any]:
    """An entry as JSON has it."""
    return {**value_of_trace(entry.trace), "owner": entry.owner, "reason": entry.reason, "since": entry.since.isoformat()}


def baseline_parts(entries: Iterable[Entry], as_of: date) -> dict[str, Any]:
    """The fields of the file, as `schemas/baseline.schema.json` describes it."""
    return {
        "baseline": VERSION,
        "ccpolicy": __version__,
        "as_of": as_of.isoformat(),
        "entries": (entry_value(entry) for entry in entries),
    }


# ---- reading -------------------------------------------------------------------------------------------------------------------


def read_baseline(path: Path, name: str) -> Baseline:
    """The baseline in a file. Raises Refused with all that is wrong in it."""
    file = JsonFile(path, name)
    entries: dict[str, Entry] = {}
    heads: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in file.fields():
        if key in heads:
            problems.append(file.problem(f"`{clean(key)}` stands there twice"))
        heads[key] = value
        problems += _of_field(file, key, value)
        if key == "entries" and isinstance(value, Iterator):
            problems += _take(file, value, entries)
    if "report" in heads and "baseline" not in heads:
        raise Refused([Problem(name, 1, 1, "bad-file", "this is a report, not a baseline", f"{_AGAIN}; a report is for `--diff`")])
    if len(problems) < MOST_PROBLEMS:
        problems += [Problem(name, 1, 1, "bad-file", f"`{key}` is missing", _AGAIN) for key in _FIELDS if key not in heads]
    if problems:
        raise Refused(problems)
    return Baseline(name, file.sha256, date.fromisoformat(heads["as_of"]), entries)


def _of_field(file: JsonFile, key: str, value: Any) -> Iterator[Problem]:
    match key:
        case "baseline" if type(value) is int and value > VERSION:
            told = f"this baseline is of version {value}, and this ccpolicy knows version {VERSION}"
            yield file.problem(told, "use the ccpolicy that wrote it")
        case "baseline" if type(value) is not int or value != VERSION:
            yield file.problem("this is no version of a baseline", _AGAIN)
        case "as_of" if read_date(value) is None:
            yield file.problem("`as_of` is no date such as 2026-06-30")
        case "ccpolicy" if not isinstance(value, str):
            yield file.problem("`ccpolicy` is no text")
        case "entries" if not isinstance(value, Iterator):
            yield file.problem("`entries` is no list")
        case _ if key not in _FIELDS:
            yield file.problem(f"a baseline has no key `{clean(key)}`", did_you_mean(key, _FIELDS) or _AGAIN)
        case _:
            pass


def _take(file: JsonFile, values: Iterator[Any], entries: dict[str, Entry]) -> list[Problem]:
    """Puts the entries in their place; what is wrong with them."""
    problems: list[Problem] = []
    for value in values:
        entry = _entry(value)
        if isinstance(entry, list):
            told = [file.problem(message, _hint(word), word) for word, message in entry]
            problems += told[: max(MOST_PROBLEMS - len(problems), 0)]
        elif entry.trace.fingerprint in entries:
            problems.append(file.problem("another entry has this fingerprint", "keep one of them", "fingerprint"))
        else:
            entries[entry.trace.fingerprint] = entry
    return problems


def _hint(word: str) -> str:
    return did_you_mean(word, _ENTRY) if word not in _ENTRY else _AGAIN if word not in ("owner", "reason", "since") else ""


def _entry(value: Any) -> Entry | list[tuple[str, str]]:
    trace = read_trace(value)
    wrong = trace if isinstance(trace, list) else []
    if isinstance(value, dict):
        wrong += [(key, f"an entry has no key `{clean(key)}`") for key in value if key not in _ENTRY]
        wrong += [(key, f"a document has no key `{clean(key)}` here") for key in _keys(value.get("document")) if key not in ("kind", "id")]
        wrong += [(key, f"`{key}` is no text") for key in ("owner", "reason") if not isinstance(value.get(key, ""), str)]
        wrong += [("since", "`since` is no date such as 2026-06-30")] if read_date(value.get("since")) is None else []
    if isinstance(trace, list) or wrong:
        return wrong
    owner, reason = (shared(clean(value.get(key, ""))) for key in ("owner", "reason"))
    return Entry(trace, owner, reason, date.fromisoformat(value["since"]))


def _keys(value: Any) -> Iterable[str]:
    return value if isinstance(value, dict) else ()
