"""Reports of many days put in a row: findings, coverage and time to repair, for each standard, area of rules, site and client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import median
from typing import Any, Literal, TypeAlias

from ccpolicy import __version__
from ccpolicy.assessment.control import STATUSES
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.sharing import shared
from ccpolicy.reports.earlier import Earlier
from ccpolicy.reports.looked import overlaps, spot_of
from ccpolicy.reports.trace import Trace, of_schema

VERSION = 1
Sort: TypeAlias = Literal["all", "standard", "area", "site", "client"]
SORTS: tuple[Sort, ...] = ("all", "standard", "area", "site", "client")
Subject: TypeAlias = "tuple[Sort, str]"
ALL: Subject = ("all", "")
DECIDED = frozenset({"pass", "fail", "waived", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Row:
    """A subject on a day. What a report does not say is None: of sites and clients it names no rules, of areas no controls."""

    as_of: date
    subject: Subject
    fail: int
    undetermined: int
    waived: int
    not_looked_at: int  # findings of reports before that are not there, and are not known to be gone
    new: int  # findings that no report before had, or that had been gone
    repaired: int  # findings that are gone, by observation
    repaired_so_far: int
    days_to_repair: float | None  # median over all that were repaired so far
    rules: int | None
    rules_decided: int | None
    controls: Mapping[str, int] | None  # by status


@dataclass(frozen=True, slots=True)
class Trend:
    """Rows by day and subject, and what is to be known of the reports behind them."""

    days: tuple[date, ...]
    reports: tuple[tuple[str, date, str], ...]  # file, day, version of the program
    organisation: str
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]

    def of(self, subject: Subject) -> list[Row]:
        """The rows of a subject, by day."""
        return [row for row in self.rows if row.subject == subject]

    def subjects(self, sort: Sort) -> list[Subject]:
        """The subjects of a sort, by name."""
        return sorted({row.subject for row in self.rows if row.subject[0] == sort})


@dataclass(slots=True)
class _Open:
    """A finding that was seen and is not known to be gone."""

    trace: Trace
    since: date
    subjects: tuple[Subject, ...]


@dataclass(slots=True)
class Series:
    """Takes in reports in the order of their days; one after the other, so that only one is in memory."""

    open: dict[str, _Open] = field(default_factory=dict)
    repairs: dict[Subject, list[int]] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    known: set[Subject] = field(default_factory=set)

    def take(self, report: Earlier) -> None:
        """Adds the rows of a report."""
        new, repaired = self._turnover(report)
        found = _found(report)
        rules, controls = _rules(report), _controls(report)
        unseen = Counter(subject for name, one in self.open.items() if name not in report.findings for subject in one.subjects)
        self.known |= {ALL, *(subject for subject, _ in found), *rules, *controls}
        for subject in sorted(self.known, key=lambda one: (SORTS.index(one[0]), one[1])):
            days = self.repairs.get(subject, [])
            ran = rules.get(subject)
            fail, undetermined, waived = (found[subject, status] for status in ("fail", "undetermined", "waived"))
            self.rows.append(
                Row(
                    report.as_of,
                    subject,
                    fail,
                    undetermined,
                    waived,
                    unseen[subject],
                    new[subject],
                    repaired[subject],
                    len(days),
                    float(median(days)) if days else None,
                    None if ran is None else ran.total(),
                    None if ran is None else sum(ran[status] for status in DECIDED),
                    _by_status(controls.get(subject)),
                )
            )

    def _turnover(self, report: Earlier) -> tuple[Counter[Subject], Counter[Subject]]:
        """How many findings came and went, by subject."""
        new: Counter[Subject] = Counter()
        repaired: Counter[Subject] = Counter()
        for name in _gone(self.open, report):
            gone = self.open.pop(name)
            for subject in gone.subjects:
                self.repairs.setdefault(subject, []).append((report.as_of - gone.since).days)
                repaired[subject] += 1
        for name, trace in report.findings.items():
            if name not in self.open:
                self.open[name] = _Open(trace, report.as_of, subjects_of(trace, report))
                new.update(self.open[name].subjects)
        return new, repaired


def subjects_of(trace: Trace, report: Earlier) -> tuple[Subject, ...]:
    """All that a finding counts for."""
    rule = report.rules.get(trace.rule)
    found: list[Subject] = [ALL, *(("standard", name) for name in (rule.standards if rule else ()))]
    found.append(("area", trace.rule.partition("/")[0]))
    found += [("site", trace.site)] if trace.site else []
    found += [("client", trace.client)] if trace.client else []
    return shared(tuple(found))


def _found(report: Earlier) -> Counter[tuple[Subject, str]]:
    return Counter((subject, trace.status) for trace in report.findings.values() for subject in subjects_of(trace, report))


def _rules(report: Earlier) -> dict[Subject, Counter[str]]:
    found: dict[Subject, Counter[str]] = {}
    for name, rule in report.rules.items():
        for subject in (ALL, ("area", name.partition("/")[0]), *(("standard", standard) for standard in rule.standards)):
            found.setdefault(subject, Counter())[rule.status] += 1
    return found


def _controls(report: Earlier) -> dict[Subject, Counter[str]]:
    """Controls by status: of all standards that rules speak of, and of these at each site and for each client."""
    spoken = {standard for rule in report.rules.values() for standard in rule.standards}
    found: dict[Subject, Counter[str]] = {}
    for control, count in report.controls.items():
        if control.standard in spoken:
            for site, client, status in control.statuses:
                for subject in _placed(control.standard, site, client):
                    found.setdefault(subject, Counter())[status] += count
    return found


def _placed(standard: str, site: str, client: str) -> Iterator[Subject]:
    if not site and not client:
        yield ALL
        yield "standard", standard
    elif not client:
        yield "site", site
    elif not site:
        yield "client", client


def _by_status(counts: Counter[str] | None) -> dict[str, int] | None:
    return None if counts is None else {status: counts[status] for status in STATUSES}


# ---- what is gone --------------------------------------------------------------------------------------------------------------


def _gone(open_now: Mapping[str, _Open], report: Earlier) -> list[str]:
    """The open findings that the report does not have although it has looked at them, as far as it tells."""
    lost = [name for name in open_now if name not in report.findings and _is_seen(open_now[name].trace, report)]
    wanted = {_focus(open_now[name].trace) for name in lost}
    unsure: dict[tuple[str, str, str], set[Pointer]] = {}
    for name, trace in report.findings.items():
        if trace.status == "undetermined" and name not in open_now and _focus(trace) in wanted:
            unsure.setdefault(_focus(trace), set()).add(spot_of(trace.pointer))
    return [name for name in lost if not _is_hidden(open_now[name].trace, unsure)]


def _focus(trace: Trace) -> tuple[str, str, str]:
    return trace.rule, trace.kind, trace.document


def _is_hidden(trace: Trace, unsure: Mapping[tuple[str, str, str], set[Pointer]]) -> bool:
    at = spot_of(trace.pointer)
    return any(overlaps(at, other) for other in unsure.get(_focus(trace), ()))


def _is_seen(trace: Trace, report: Earlier) -> bool:
    """Whether the rule was run and the document, or the collection that held it, was read."""
    if trace.rule.startswith("claim/") and report.problems:
        return False
    if not of_schema(trace.rule):
        sites, clients = report.scope["sites"], report.scope["clients"]
        if trace.rule not in report.rules or (sites and trace.site not in sites) or (clients and trace.client not in clients):
            return False
    here = report.documents
    return (trace.kind, "", trace.file) in here or (trace.kind, trace.document, trace.file) in here


# ---- all of them ---------------------------------------------------------------------------------------------------------------


def trend_of(reports: Iterable[Earlier], remarks: Sequence[str] = ()) -> Trend:
    """The trend of reports that come in the order of their days, no two of one day."""
    series, told = Series(), list(remarks)
    heads: list[tuple[str, date, str]] = []
    first: Earlier | None = None
    for report in reports:
        series.take(report)
        heads.append((report.name, report.as_of, report.version))
        told += [] if first is None else _unlike(first, report)
        first = first or report
    days = tuple(day for _, day, _ in heads)
    return Trend(days, tuple(heads), first.organisation if first else "", tuple(series.rows), tuple(told))


def _unlike(first: Earlier, other: Earlier) -> Iterator[str]:
    if first.organisation != other.organisation:
        yield f"`{other.name}` is of another organisation than `{first.name}`"
    if first.scope != other.scope:
        yield f"`{other.name}` was made of another selection of standards, rules, sites or clients than `{first.name}`"


# ---- as values -----------------------------------------------------------------------------------------------------------------

COLUMNS = (
    "as_of", "by", "subject", "fail", "undetermined", "waived", "not_looked_at", "new", "repaired", "repaired_so_far", "days_to_repair",
    "rules", "rules_decided", *(f"controls_{status}" for status in STATUSES),
)  # fmt: skip


def row_value(row: Row) -> dict[str, Any]:
    """A row as JSON has it."""
    by, subject = row.subject
    return {
        "as_of": row.as_of.isoformat(),
        "by": by,
        "subject": subject,
        "fail": row.fail,
        "undetermined": row.undetermined,
        "waived": row.waived,
        "not_looked_at": row.not_looked_at,
        "new": row.new,
        "repaired": row.repaired,
        "repaired_so_far": row.repaired_so_far,
        "days_to_repair": row.days_to_repair,
        "rules": row.rules,
        "rules_decided": row.rules_decided,
        "controls": None if row.controls is None else dict(row.controls),
    }


def row_cells(row: Row) -> list[str]:
    """A row as a table has it, in the order of COLUMNS; empty where the reports do not say it."""
    value = row_value(row)
    controls = row.controls or {}
    told = [value[name] for name in COLUMNS[: -len(STATUSES)]] + [controls.get(status) for status in STATUSES]
    return ["" if cell is None else days_text(cell) if isinstance(cell, float) else str(cell) for cell in told]


def days_text(days: float | None) -> str:
    """A number of days, halves included; a dash for none."""
    return "-" if days is None else f"{days:.1f}".removesuffix(".0")


def trend_value(trend: Trend) -> dict[str, Any]:
    """The trend as JSON has it, described by `schemas/trend.schema.json`."""
    return {
        "trend": VERSION,
        "ccpolicy": __version__,
        "organisation": trend.organisation,
        "reports": [{"file": file, "as_of": day.isoformat(), "ccpolicy": version} for file, day, version in trend.reports],
        "remarks": list(trend.remarks),
        "rows": [row_value(row) for row in trend.rows],
    }
