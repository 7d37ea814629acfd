"""Controls and what stands behind them, as values, rows and text: one control, coverage of standards, gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ccpolicy.controls.reaching import REACHES, Behind, Cited, reach_counts
from ccpolicy.controls.relations import words_of
from ccpolicy.controls.web import Reached, path_text
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.control_assessed import (
    ASSESSED_COLUMNS,
    REACHES_ASSESSED,
    Seen,
    assessed_counts,
    assessed_value,
    inferred_text,
    put_assessed,
    put_statuses,
    reach_with,
)
from ccpolicy.reports.page import Page, number

COVERAGE_COLUMNS = ("standard", "title", "controls", *REACHES)
COVERAGE_ASSESSED = ("standard", "title", "controls", *REACHES_ASSESSED, *ASSESSED_COLUMNS)
GAP_COLUMNS = ("control", "title", "status", "reason", "obligation", "roles", "candidates")
GAP_ASSESSED = (*GAP_COLUMNS, "inferred")


# ---- one control ---------------------------------------------------------------------------------------------------------------


def control_value(one: Behind, titles: Mapping[str, str], neighbours: Mapping[str, Reached], seen: Seen | None = None) -> dict[str, Any]:
    """A control with everything that the packs say about it, and what the evidence shows, where it was seen."""
    control = one.control
    value: dict[str, Any] = {
        "id": one.id,
        "standard": one.standard,
        "title": control.title,
        "kind": control.kind,
        "status": control.status,
        "reason": control.reason,
        "judged": one.reach,
        "obligation": control.obligation,
        "roles": list(control.roles),
        "applies_from": control.applies_from,
        "superseded_by": control.superseded_by,
        "aliases": list(control.aliases),
        "requires": list(control.requires),
        "certainty": control.certainty,
        "parent": f"{one.standard}/{control.parent}" if control.parent else None,
        "children": list(one.children),
        "rules": [_rule(cited) for cited in one.rules],
        "evidence": evidence_of(one),
        "exemptions": [control.exemptions] if isinstance(control.exemptions, str) else [str(one) for one in control.exemptions or ()],
        "neighbours": [_neighbour(name, reached, titles) for name, reached in neighbours.items()],
        "assessed": None if seen is None else assessed_value(one, seen),
    }
    return clean(value)


def _rule(cited: Cited) -> dict[str, Any]:
    rule, citation = cited.rule, cited.citation
    return {"id": rule.id, "title": rule.title, "severity": rule.severity, "coverage": citation.coverage, "why": citation.why}


def evidence_of(one: Behind) -> list[str]:
    """The kinds of documents that its rules read."""
    return sorted({kind for cited in one.rules for kind in cited.rule.kinds})


def _neighbour(name: str, reached: Reached, titles: Mapping[str, str]) -> dict[str, Any]:
    paths = [path_text(path) for path in reached.paths]
    return {"control": name, "title": titles.get(name, ""), "relation": list(words_of(reached.possible)), "paths": paths}


def control_rows(value: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The same as rows of a field and its value."""
    for field, held in value.items():
        if field == "assessed":
            yield from ((f"assessed {name}", told) for name, told in control_rows(held or {}))
            continue
        for item in held if isinstance(held, list) else [held]:
            told = "; ".join(f"{name}: {part}" for name, part in item.items()) if isinstance(item, dict) else item
            yield field, "" if told is None else str(told)


def put_control(page: Page, value: Mapping[str, Any]) -> None:
    """The same for people."""
    page.put((value["id"], "bold"), f"  {value['title']}")
    told = [value["kind"], *([value["obligation"]] if value["obligation"] else [])]
    told += [f"binds {', '.join(value['roles']).replace('_', ' ')}" if value["roles"] else "binds everyone"]
    page.say(", ".join(told), 2, style="dim")
    for word in ("parent", "applies_from", "superseded_by", "requires", "certainty"):
        if value[word]:
            held = value[word]
            page.say(", ".join(held) if isinstance(held, list) else str(held), 2, f"{word.replace('_', ' ')}: ", "dim")
    for exemption in value["exemptions"]:
        page.say(exemption, 2, "exemption: ", "dim")
    page.say(f"{_JUDGED[value['judged']]}{': ' + value['reason'] if value['reason'] else ''}", 2)
    if value["assessed"]:
        put_assessed(page, value["assessed"])
    if value["rules"]:
        page.head(f"Rules: {len(value['rules'])}")
        for rule in value["rules"]:
            page.put((rule["id"], "bold"), f"  {rule['severity']}, {rule['coverage']} coverage", indent=2)
            page.say(f"{rule['title']}: {rule['why']}", 4)
        page.say(", ".join(value["evidence"]), 2, "evidence: ", "dim")
    if value["children"]:
        page.head(f"Below it: {number(len(value['children']), 'control')}")
        page.say(", ".join(value["children"]), 2)
    if value["neighbours"]:
        page.head(f"Related: {number(len(value['neighbours']), 'control')}")
        for one in value["neighbours"]:
            page.say(f"{' or '.join(one['relation']).replace('_', ' ')} {one['control']} {one['title']}", 2, "- ")
            for path in one["paths"]:
                page.say(path, 6, "by ", "dim")


_JUDGED = {
    "automated": "judged by a rule that sees all of it",
    "partial": "judged in part by rules; a person judges the rest",
    "manual": "judged by a person",
    "planned": "not judged yet",
    "out_of_scope": "out of scope",
    "nothing": "nothing stands behind it itself",
}


# ---- coverage and gaps ---------------------------------------------------------------------------------------------------------


def coverage_value(standards: Mapping[str, tuple[str, Sequence[Behind]]], seen: Seen | None = None) -> list[dict[str, Any]]:
    """Of each standard (id -> title and controls) how many of its controls are judged by whom; and what they came to, where seen."""
    found: list[dict[str, Any]] = []
    for standard, (title, every) in sorted(standards.items()):
        counts = reach_counts(every) if seen is None else reach_with(every, seen)
        came_to = {} if seen is None else assessed_counts(every, seen)
        found.append(
            {
                "standard": standard,
                "title": clean(title),
                "controls": sum(counts.values()),
                **{str(word): count for word, count in counts.items()},
                **came_to,
            }
        )
    return found


def put_coverage(page: Page, value: Sequence[Mapping[str, Any]]) -> None:
    """The same for people: one line a standard, with a bar."""
    for one in value:
        page.gap()
        page.put((one["standard"], "bold"), f"  {one['title']}: {number(one['controls'], 'control')}")
        for reach in REACHES_ASSESSED:
            if one.get(reach):
                share = one[reach] / one["controls"]
                bar = "█" * round(share * 40) or "▏"
                page.put(f"{reach.replace('_', ' '):<13}{one[reach]:>5}  {share:>4.0%}  ", (bar, "dim"), indent=2)
        if "inferred" in one:
            put_statuses(page, one)


def gap_value(one: Behind, candidates: Sequence[str], seen: Seen | None = None) -> dict[str, Any]:
    """A control that nothing reaches, with the controls whose evidence may serve it; and what follows for it, where evidence was seen."""
    control = one.control
    follows = {} if seen is None else {"inferred": inferred_text(seen.statuses.get(one.id))}
    return clean(
        {
            **follows,
            "control": one.id,
            "title": control.title,
            "status": control.status,
            "reason": control.reason,
            "obligation": control.obligation,
            "roles": list(control.roles),
            "candidates": list(candidates),
        }
    )


def gap_row(value: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    """The same as a row under these columns."""
    return [" ".join(held) if isinstance(held, list) else str(held or "") for held in (value[name] for name in columns)]


def put_gaps(page: Page, values: Sequence[Mapping[str, Any]]) -> None:
    """The same for people, by standard."""
    for standard in dict.fromkeys(value["control"].partition("/")[0] for value in values):
        own = [value for value in values if value["control"].startswith(f"{standard}/")]
        page.head(f"{standard}: {number(len(own), 'control')} that no rule reaches")
        for value in own:
            page.put((value["control"], "bold"), f"  {value['title']}  ", (value["status"], "dim"), indent=2)
            if value["reason"]:
                page.say(value["reason"], 4)
            if value.get("inferred"):
                page.say(value["inferred"], 4, "inferred: ", "pass")
            if value["candidates"]:
                page.say(f"evidence of {', '.join(value['candidates'])} may serve", 4, style="dim")
