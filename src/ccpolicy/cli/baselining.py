"""The work of `ccpolicy baseline`: an assessment written down as a baseline, and a baseline shown."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ccpolicy.assessment.library import load_library
from ccpolicy.cli.against import shown_name
from ccpolicy.cli.checking import assessment_by
from ccpolicy.cli.delivery import check_target, write_whole
from ccpolicy.cli.messages import complain, put, safe, say
from ccpolicy.cli.options import Asked
from ccpolicy.cli.outputs import Output
from ccpolicy.cli.printing import check_form, put_csv, put_json, put_table
from ccpolicy.cli.selection import wanted_of
from ccpolicy.cli.settings import Settings, settings_of
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.baseline import Entry, baseline_parts, entry_value, order_of_entry, read_baseline
from ccpolicy.reports.json import pieces_of
from ccpolicy.reports.outcome import CLEAN, UNREADABLE
from ccpolicy.reports.page import number
from ccpolicy.reports.rewriting import Rewriting

COLUMNS = ("rule", "severity", "status", "kind", "document", "file", "pointer", "owner", "reason", "since", "fingerprint")


def write_baseline(asked: Asked, output: str | None, owner: str, reason: str) -> int:
    """Writes the findings down; returns the exit code: 3 if some input could not be read. Raises Refused."""
    settings = settings_of(asked)
    target = _target(output, settings)
    check_target(target)
    old = read_baseline(target, shown_name(target, settings)) if target.is_file() and target.stat().st_size else None
    library = load_library(settings.packs, settings.shipped)
    settings = replace(settings, outputs=(Output("json", target),), baseline=None, changed_since="")
    assessment = assessment_by(library, wanted_of(settings, library), settings)
    complain(assessment.problems, "warning")
    rewriting = Rewriting(assessment, old, owner, reason)

    def fill(write: Callable[[str], object]) -> None:
        for piece in pieces_of(baseline_parts(rewriting.entries(), assessment.as_of)):
            write(piece)

    write_whole(target, fill, "baseline")
    if not settings.quiet:
        say(f"the baseline is in {output or os.path.relpath(target)}: {rewriting.told()}")
    return UNREADABLE if assessment.problems else CLEAN


def _target(output: str | None, settings: Settings) -> Path:
    if output == "":
        raise Refused([Problem(code="no-file", message="`--output` takes the name of a file")])
    if output is not None:
        return Path(output)
    if settings.baseline is None:
        hint = "such as `--output baseline.json`, or state `baseline` in ccpolicy.toml"
        raise Refused([Problem(code="no-file", message="no file is named for the baseline", hint=hint)])
    return settings.baseline


def show_baseline(file: str, form: str) -> int:
    """Prints the entries; returns the exit code."""
    check_form(form, ("text", "json", "csv"))
    if not os.path.lexists(file):
        raise Refused(
            [Problem(code="no-such-path", message=f"there is no file `{file}`", hint="`ccpolicy baseline write` makes a baseline")]
        )
    baseline = read_baseline(Path(file), file)
    entries = sorted(baseline.entries.values(), key=order_of_entry)
    match form:
        case "json":
            put_json([entry_value(entry) for entry in entries])
        case "csv":
            put_csv(COLUMNS, map(_row, entries))
        case _:
            put(f"{safe(file)}, of {baseline.as_of.isoformat()}: {number(len(entries), 'entry', 'entries')}\n")
            if entries:
                put_table([_line(entry) for entry in entries])
    return CLEAN


def _row(entry: Entry) -> tuple[str, ...]:
    trace = entry.trace
    told = (trace.rule, trace.severity, trace.status, trace.kind, trace.document, trace.file, trace.pointer)
    return (*told, entry.owner, entry.reason, entry.since.isoformat(), trace.fingerprint)


def _line(entry: Entry) -> tuple[str, ...]:
    trace = entry.trace
    lacks = f"no {' and no '.join(entry.lacks)}" if entry.lacks else ""
    said = "; ".join(part for part in (": ".join(part for part in (entry.owner, entry.reason) if part), lacks) if part)
    return trace.severity, trace.rule, trace.status, f"{trace.file}{trace.pointer and '#'}{trace.pointer}", f"since {entry.since}", said
