"""The work of `ccpolicy check`: settings, library, evidence, assessment, report, exit code."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.cli.against import against_of, held_against
from ccpolicy.cli.delivery import check_target, write_whole
from ccpolicy.cli.given import Given
from ccpolicy.cli.messages import complain, put_all, say
from ccpolicy.cli.options import Asked
from ccpolicy.cli.outputs import Output
from ccpolicy.cli.progress import Bar
from ccpolicy.cli.repository import folder_below_top
from ccpolicy.cli.screen import WIDTH, colour, width
from ccpolicy.cli.selection import check_scopes, wanted_of
from ccpolicy.cli.settings import Settings, settings_of
from ccpolicy.cli.step_summary import add_step_summary
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import CONFIG_FILE
from ccpolicy.documents.document import Evidence
from ccpolicy.errors import Problem, Refused, did_you_mean
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.formats import View, put_report
from ccpolicy.reports.model import Report, report_of
from ccpolicy.reports.outcome import exit_code


def check_documents(asked: Asked) -> int:
    """Checks, reports, and returns the exit code. Raises Refused for wrong use."""
    settings = settings_of(asked)
    for file in files_of(settings):
        check_target(file)
    against = against_of(settings)
    assessment = assessment_of(settings)
    report = report_of(assessment)
    held = held_against(_view(settings, None, assessment), against, assessment)
    for output in settings.outputs:
        view = replace(_view(settings, output, assessment), applied=held.applied, since=held.since)
        _deliver(report, view, output, settings)
    add_step_summary(report, held, settings.outputs)
    return exit_code(report, held)


def assessment_of(settings: Settings) -> Assessment:
    """The assessment that the settings ask for. Raises Refused."""
    library = load_library(settings.packs, settings.shipped)
    listed = any(output.form == "junit" for output in settings.outputs)
    return assessment_by(library, replace(wanted_of(settings, library), cleared=listed), settings)


def assessment_by(library: Library, wanted: Wanted, settings: Settings) -> Assessment:
    """The assessment of the evidence that the settings name, by a library that is loaded. Raises Refused."""
    with Bar(settings.quiet, settings.no_color) as bar:
        evidence = evidence_for(settings, library, bar)
        _check_overwriting(settings, evidence)
        return assess(library, evidence, _narrowed(wanted, settings, library, evidence), bar.judged)


def _narrowed(wanted: Wanted, settings: Settings, library: Library, evidence: Evidence) -> Wanted:
    """What is wanted of the document on standard input alone, or of what changed."""
    if settings.given is not None:
        return replace(wanted, file=settings.given.found(settings.config).file)
    if not settings.changed_since:
        return wanted
    from ccpolicy.assessment.changing import change_since  # lazy: only `--changed-since` reads a repository
    from ccpolicy.documents.changes import Sought
    from ccpolicy.documents.revision import revision_at

    revision = revision_at(settings.changed_since, settings.config.root)
    sought = Sought(settings.paths, settings.config, tuple(folder for folder, _ in settings.packs), settings.baseline)
    return replace(wanted, change=change_since(revision, sought, library, evidence))


def evidence_for(settings: Settings, library: Library, bar: Bar) -> Evidence:
    """The evidence that the settings name. Raises Refused when there is nothing to look at, and every file could be read."""
    folders = [folder for folder, _ in settings.packs]
    given = None if settings.given is None else settings.given.found(settings.config)
    if settings.given is not None:
        _check_kind(settings.given, library)
    evidence = load_evidence(settings.paths, settings.config, library.kinds, settings.as_of, folders, bar.read, given)
    _check_evidence(settings, evidence)
    return evidence


def _check_kind(given: Given, library: Library) -> None:
    if given.kind is not None and given.kind not in library.kinds:
        hint = did_you_mean(given.kind, library.kinds) or "`ccpolicy schemas list` names the kinds"
        raise Refused([Problem(code="unknown-kind", message=f"`--kind` does not know `{given.kind}`", hint=hint)])


def _check_evidence(settings: Settings, evidence: Evidence) -> None:
    """Raises Refused when there is nothing to look at, and every file could be read; else it is a remark."""
    problems = [*_nothing(evidence), *check_scopes(settings, evidence)]
    complain(evidence.remarks, "warning")
    if problems and not evidence.problems:
        raise Refused(problems[:1] if not evidence.documents else problems)
    complain([*problems, *_unused_configs(settings, evidence)], "warning")


def _unused_configs(settings: Settings, evidence: Evidence) -> list[Problem]:
    """Configs below the one that governs: they are not used, which explains files that nothing maps."""
    root = settings.config.root
    homeless = [problem.file for problem in evidence.problems if problem.code in ("unmapped", "not-a-document") and problem.file]
    folders = {folder for file in homeless for folder in (root / file).parents if folder != root and folder.is_relative_to(root)}
    unused = sorted(folder.relative_to(root).as_posix() for folder in folders if (folder / CONFIG_FILE).is_file())
    hint = "a config governs the folder that is checked, and what is below: check each centre by its own folder"
    return [Problem(f"{folder}/{CONFIG_FILE}", 0, 0, "unused-config", "this config is not used", hint) for folder in unused]


def _nothing(evidence: Evidence) -> list[Problem]:
    if evidence.documents or evidence.files:  # a file without documents is an empty collection, which says that there are none
        return []
    out = evidence.observed_later + evidence.not_in_force
    if not out and evidence.problems:  # they say what was found instead
        return []
    if not out:
        hint = "documents are .json, .yaml, .ndjson and .csv files; `ccpolicy init` writes an example"
        return [Problem(code="no-document", message="there is no document to check", hint=hint)]
    message = f"there is no document to check: {out} were observed after {evidence.as_of} or are not in force on it"
    return [Problem(code="no-document", message=message, hint="state the date of assessment with --as-of")]


def files_of(settings: Settings) -> list[Path]:
    """The files that will be written."""
    return [output.file for output in settings.outputs if output.file is not None]


def _check_overwriting(settings: Settings, evidence: Evidence) -> None:
    """Raises Refused when a report would take the place of evidence or of the config; an earlier report may go."""
    files, config = files_of(settings), settings.config
    if not files:
        return
    names = {one.file for one in evidence.files} | {one.file for one in evidence.problems}
    kept = [evidence.sources[name].path for name in names if name in evidence.sources]
    kept += [str(config.root / config.file)] if config.file else []
    kept += [str(settings.baseline)] if settings.baseline else []
    real = {os.path.realpath(path) for path in kept}
    over = "which is read as evidence, config or baseline"
    told = [f"the report would overwrite `{file}`, {over}" for file in files if os.path.realpath(file) in real]
    if told:
        raise Refused(Problem(code="not-written", message=message, hint="name another file") for message in told)


def _view(settings: Settings, output: Output | None, assessment: Assessment) -> View:
    to_file = output is None or output.file is not None
    return View(
        fail_on=settings.fail_on,
        undetermined=settings.undetermined,
        color=not to_file and colour(settings.no_color),
        width=WIDTH if to_file else width(),
        quiet=settings.quiet,
        folder=clean(folder_below_top(assessment.evidence.root)),
    )


def _deliver(report: Report, view: View, output: Output, settings: Settings) -> None:
    def fill(write: Callable[[str], object]) -> None:
        put_report(report, output.form, view, write)

    if output.file is None:
        put_all(fill, as_utf8=output.form != "text")
        return
    write_whole(output.file, fill)
    if not settings.quiet:
        say(f"the report is in {output.file}")
