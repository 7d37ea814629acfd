"""The work of `ccpolicy check`: settings, library, evidence, assessment, report, exit code."""

from __future__ import annotations

import os
from collections.abc import Callable

from ccpolicy.assessment.finding import Assessment
from ccpolicy.assessment.library import Library, load_library
from ccpolicy.assessment.run import Wanted, assess
from ccpolicy.cli.delivery import check_target, write_whole
from ccpolicy.cli.messages import complain, put_all, say
from ccpolicy.cli.options import Asked
from ccpolicy.cli.progress import Bar
from ccpolicy.cli.screen import WIDTH, colour, width
from ccpolicy.cli.selection import check_scopes, wanted_of
from ccpolicy.cli.settings import Settings, settings_of
from ccpolicy.documents.bundle import load_evidence
from ccpolicy.documents.config import CONFIG_FILE
from ccpolicy.documents.document import Evidence
from ccpolicy.errors import Problem, Refused
from ccpolicy.reports.formats import View, write_report
from ccpolicy.reports.outcome import exit_code


def check_documents(asked: Asked) -> int:
    """Checks, reports, and returns the exit code. Raises Refused for wrong use."""
    settings = settings_of(asked)
    if settings.output is not None:
        check_target(settings.output)
    assessment = assessment_of(settings)
    view = _view(settings)
    _deliver(lambda write: write_report(assessment, settings.form, view, write), settings)
    return exit_code(assessment, view)


def assessment_of(settings: Settings) -> Assessment:
    """The assessment that the settings ask for. Raises Refused."""
    library = load_library(settings.packs, settings.shipped)
    return assessment_by(library, wanted_of(settings, library), settings)


def assessment_by(library: Library, wanted: Wanted, settings: Settings) -> Assessment:
    """The assessment of the evidence that the settings name, by a library that is loaded. Raises Refused."""
    with Bar(settings.quiet, settings.no_color) as bar:
        evidence = evidence_for(settings, library, bar)
        _check_overwriting(settings, evidence)
        return assess(library, evidence, wanted, bar.judged)


def evidence_for(settings: Settings, library: Library, bar: Bar) -> Evidence:
    """The evidence that the settings name. Raises Refused when there is nothing to look at, and every file could be read."""
    folders = [folder for folder, _ in settings.packs]
    evidence = load_evidence(settings.paths, settings.config, library.kinds, settings.as_of, folders, bar.read)
    _check_evidence(settings, evidence)
    return evidence


def _check_evidence(settings: Settings, evidence: Evidence) -> None:
    """Raises Refused when there is nothing to look at, and every file could be read; else it is a remark."""
    problems = [*_nothing(evidence), *check_scopes(settings, evidence)]
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
    if not out:
        hint = "documents are .json, .yaml, .ndjson and .csv files; `ccpolicy init` writes an example"
        return [Problem(code="no-document", message="there is no document to check", hint=hint)]
    message = f"there is no document to check: {out} were observed after {evidence.as_of} or are not in force on it"
    return [Problem(code="no-document", message=message, hint="state the date of assessment with --as-of")]


def _check_overwriting(settings: Settings, evidence: Evidence) -> None:
    """Raises Refused when the report would take the place of evidence or of the config; an earlier report may go."""
    if settings.output is None:
        return
    config = settings.config
    names = {one.file for one in evidence.files} | {one.file for one in evidence.problems}
    kept = [evidence.sources[name].path for name in names if name in evidence.sources]
    kept += [str(config.root / config.file)] if config.file else []
    if os.path.realpath(settings.output) in {os.path.realpath(path) for path in kept}:
        message = f"the report would overwrite `{settings.output}`, which is read as evidence or config"
        raise Refused([Problem(code="not-written", message=message, hint="name another file")])


def _view(settings: Settings) -> View:
    to_file = settings.output is not None
    return View(
        fail_on=settings.fail_on,
        undetermined=settings.undetermined,
        color=not to_file and colour(settings.no_color),
        width=WIDTH if to_file else width(),
        quiet=settings.quiet,
    )


def _deliver(report: Callable[[Callable[[str], object]], object], settings: Settings) -> None:
    if settings.output is None:
        put_all(report, as_utf8=settings.form == "json")
        return
    write_whole(settings.output, report)
    if not settings.quiet:
        say(f"the report is in {settings.output}")
