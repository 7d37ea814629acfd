"""The report as text: for a terminal, and for the log of a CI run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ccpolicy.reports.comparison_text import known_in_short, put_difference, put_known
from ccpolicy.reports.findings_text import put_findings, put_waivers
from ccpolicy.reports.model import Report
from ccpolicy.reports.outcome import CLEAN, UNREADABLE, counted, counts_against, exit_code, is_new
from ccpolicy.reports.page import Page, number, place
from ccpolicy.reports.standards_text import put_assumptions, put_standards
from ccpolicy.reports.undetermined_text import put_undetermined
from ccpolicy.reports.view import View
from ccpolicy.rulebook.rule import SEVERITIES


def put_text(report: Report, view: View, write: Callable[[str], object]) -> None:
    """The page of a report. Quiet, it has only what was left out, the findings that count, the problems and the last line."""
    page = Page(view, write)
    if view.quiet:
        _put_change(page, report)
        put_difference(page, report)
        put_findings(page, report, lambda finding: counts_against(finding, view))
    else:
        _put_head(page, report)
        put_difference(page, report)
        put_findings(page, report, lambda finding: finding.status == "fail" and is_new(finding, view))
        put_standards(page, report)
        put_undetermined(page, report, lambda finding: is_new(finding, view))
        put_waivers(page, report)
        put_assumptions(page, report)
    put_known(page, report)
    _put_problems(page, report)
    _put_summary(page, report, view)


# ---- head ----------------------------------------------------------------------------------------------------------------------


def _put_head(page: Page, report: Report) -> None:
    roles = ", ".join(role.replace("_", " ") for role, held in report.roles.items() if held)
    name = f"{report.organisation} ({roles})" if report.organisation and roles else report.organisation or roles
    page.put((f"ccpolicy {report.version}", "bold"), f"  as of {report.as_of.isoformat()}", f"  {name}" if name else "")
    for label, text in _head(report).items():
        if text:
            page.say(text, label=f"{label:<11}", style="dim")


def _put_change(page: Page, report: Report) -> None:
    if report.scope.change is not None:
        page.say(changed_said(report), label="changed    ", style="dim")


def _head(report: Report) -> dict[str, str]:
    files = len({one.file for one in report.files})
    seen = f"{number(report.documents, 'document')} in {number(files, 'file')}"
    if report.period:
        first, last = (day.isoformat() for day in report.period)
        seen += f", observed {f'on {first}' if first == last else f'from {first} to {last}'}"
    return {
        "packs": "; ".join(f"{pack.id} {pack.version} (sha256 {pack.sha256[:12]})" for pack in report.packs),
        "evidence": seen,
        "rules": _rules(report),
        "changed": changed_said(report),
        "left out": _left_out(report),
        "parameters": ", ".join(
            f"{one.name} = {one.value} ({one.set_by})" for one in report.parameters if one.set_by in ("config", "option")
        ),
    }


def _rules(report: Report) -> str:
    scope = report.scope
    chosen = {"standard": scope.standards, "rule": scope.rules, "site": scope.sites, "client": scope.clients}
    chosen["file"] = (scope.file,) if scope.file else ()
    told = ", ".join(f"{option} {name}" for option, names in chosen.items() for name in names)
    run = len(report.rules)
    part = f"{run} of {run + report.left_out.rules}"
    if told:
        return f"{part}, selected by {told}"
    return part if scope.change is not None and not scope.change.everything else f"all {run}"


def changed_said(report: Report) -> str:
    """What changed, and what was not looked at because it did not."""
    change, left = report.scope.change, report.scope.untouched
    if change is None:
        return ""
    start = f"since {change.since} ({change.commit[:12]}): "
    if change.everything:
        return f"{start}everything is checked, because {change.everything}"
    told = f"{start}{number(len(change.files), 'file')}"
    told += f" with {_some(sorted(change.kinds))}" if change.kinds else ""
    return f"{told}; {number(len(left), 'rule')} that no change can touch {'was' if len(left) == 1 else 'were'} left out, and {_WITH_THEM}"


_NAMED = 8  # kinds
_WITH_THEM = "so were schema findings of other kinds; controls that rest on these rules have no conclusion"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more kinds" if len(names) > _NAMED else "")


def _left_out(report: Report) -> str:
    left = report.left_out
    told = [
        (left.foci, f"{number(left.foci, 'document')} of other {'files' if report.scope.file else 'sites or clients'}"),
        (left.observed_later, f"{number(left.observed_later, 'document')} observed after {report.as_of.isoformat()}"),
        (left.not_in_force, f"{number(left.not_in_force, 'document')} not in force on that day"),
        (left.claims, f"{number(left.claims, 'claim')} of the config, since only a part of its folder was checked"),
    ]
    return "; ".join(text for count, text in told if count)


# ---- end -----------------------------------------------------------------------------------------------------------------------


def _put_problems(page: Page, report: Report) -> None:
    if not report.problems:
        return
    page.head(f"Problems: {number(len(report.problems), 'thing')} that could not be read or identified")
    for problem in report.problems:
        page.put((place(problem.file, problem.line, problem.column) or "(no file)", "bold"), f"  {problem.code}")
        page.say(problem.message, 4)
        if problem.hint:
            page.say(problem.hint, 4, "hint: ", "dim")


def _put_summary(page: Page, report: Report, view: View) -> None:
    if view.quiet:
        page.gap()
    else:
        page.head("Summary")
    code = exit_code(report, view)
    style = "pass" if code == CLEAN else "fail"
    page.put(f"{found_said(report)}{known_in_short(view)}; {came_to(report)}. ", (f"Exit {code}: {meaning(code, report, view)}.", style))


def found_said(report: Report) -> str:
    """How many findings and problems there are."""
    by: dict[str, int] = dict.fromkeys(SEVERITIES, 0)
    for (word, severity, _), count in report.found.items():
        by[severity] += count if word == "fail" else 0
    status = report.by_status()
    told = [f"{number(status['fail'], 'failure')}{f' ({_counts(by)})' if status['fail'] else ''}"]
    told += [number(status["undetermined"], "undetermined finding")]
    told += [number(status["waived"], "waived finding")] if status["waived"] else []
    told += [number(len(report.problems), "problem")] if report.problems else []
    return ", ".join(told)


def came_to(report: Report) -> str:
    """How many rules came to which status."""
    return f"{number(len(report.rules), 'rule')}: {_counts(report.rules_by_status()) or 'none'}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in counts.items() if count)


def meaning(code: int, report: Report, view: View) -> str:
    """Why the exit code is what it is."""
    sorts = counted(report, view)
    total = sum(sorts.values())
    unsure = sum(count for (status, _, _), count in sorts.items() if status == "undetermined")
    threshold = "" if view.fail_on in ("low", "never") else f" at or above {view.fail_on}"
    word = "finding" if view.applied is None else "new or worse finding" if view.applied.worse else "new finding"
    told = f"{number(total, word)}{threshold} {'counts' if total == 1 else 'count'}"
    told += f", {unsure} of them undetermined" if unsure else ""
    if code == UNREADABLE:
        return f"some input could not be read, so this is not the whole picture; {told}"
    if code == CLEAN:
        return "nothing counts, by --fail-on never" if view.fail_on == "never" else f"no {word}{threshold} counts"
    return told
