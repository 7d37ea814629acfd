"""The order of repair as a value, as rows, and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ccpolicy.assessment.blocking import GOOD
from ccpolicy.assessment.plan import Plan, Step
from ccpolicy.controls.catalogue import Catalogue, ControlModel
from ccpolicy.reports.cleaning import clean
from ccpolicy.reports.model import Report, plain
from ccpolicy.reports.page import Page, number
from ccpolicy.reports.undetermined_text import sentence
from ccpolicy.rulebook.rule import Rule

LISTED = 12  # controls, or steps, that are named in one place
_COLUMNS = (
    "step",
    "id",
    "part",
    "state",
    "severity",
    "title",
    "action",
    "decided_by",
    "effort",
    "cost",
    "days",
    "together",
    "opens",
    "root_cause_of",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a plan is told with. Without a report nothing was assessed."""

    rules: Mapping[str, Rule]
    catalogues: Mapping[str, Catalogue]
    titles: Mapping[str, str]  # of the standards that are spoken of
    report: Report | None
    priced: bool  # the organisation says what repairs take

    def control(self, name: str) -> ControlModel:
        """The control of a full id."""
        standard, _, own = name.partition("/")
        return self.catalogues[standard].controls[own]


def plan_value(plan: Plan, told: Told) -> dict[str, Any]:
    """The plan as a JSON value. Controls are grouped by standard."""
    then = {one.id: one.status for one in plan.then}
    waived = {name for name, status in then.items() if status == "waived"}
    steps = [{"step": number, **_step(step, told, waived)} for number, step in enumerate(plan.steps, 1)]
    return clean(
        {
            "assessed": told.report is not None,
            "as_of": None if told.report is None else told.report.as_of.isoformat(),
            "priced": told.priced,
            "standards": [_standard(name, title, plan) for name, title in told.titles.items()],
            "steps": steps,
            "out_of_reach": [{"control": one.id, "status": one.status, "why": one.note} for one in plan.then if one.status not in GOOD],
        }
    )


def _standard(name: str, title: str, plan: Plan) -> dict[str, Any]:
    """How many controls of a standard hold now, after the repairs, and after all; those that do not apply are left out."""
    own = {one.id for one in plan.now if one.standard == name and one.status != "not_applicable"}
    bought = {part: sum(len(own.intersection(step.turns)) for step in plan.steps if step.part == part) for part in _PARTS}
    now = sum(one.status in GOOD for one in plan.now if one.id in own)
    repaired = now + bought["root_cause"] + bought["repair"]
    after = repaired + bought["attestation"]
    return {
        "standard": name,
        "title": title,
        "controls": len(own),
        "hold_now": now,
        "hold_after_repairs": repaired,
        "hold_after_all": after,
        "out_of_reach": len(own) - after,
    }


_PARTS = ("root_cause", "repair", "attestation")


def _step(step: Step, told: Told, waived: set[str]) -> dict[str, Any]:
    repair = step.repair
    return {
        "id": repair.id,
        "part": step.part,
        "sort": repair.sort,
        "name": repair.name,
        "severity": step.severity or None,
        **_what(step, told),
        "effort": plain(step.effort),
        "cost": plain(step.cost),
        "days": plain(step.days),
        "turns": _by_standard(name for name in step.turns if name not in waived),
        "waived": _by_standard(name for name in step.turns if name in waived),
        "together": list(step.together),
        "opens": _by_standard(step.opens),
        "root_cause_of": list(step.root_cause_of),
    }


def _by_standard(controls: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for control in controls:
        standard, _, name = control.partition("/")
        found.setdefault(standard, []).append(name)
    return dict(sorted(found.items()))


def _what(step: Step, told: Told) -> dict[str, Any]:
    """The title of a step, the state of what is repaired, what to do, and what would decide it."""
    match step.repair.sort:
        case "rule":
            return _of_rule(told.rules[step.repair.name], told.report)
        case "responsibility":
            row = step.repair.statements[0]
            action = "have the provider renew its attestation of compliance, or correct the document, and file it"
            return {"title": row.message, "state": row.state, "action": action, "evidence": ["responsibility"], "decided_by": []}
        case "attestation":
            return _of_control(step, told.control(step.repair.name))


def _of_rule(rule: Rule, report: Report | None) -> dict[str, Any]:
    value = {"title": rule.title, "state": "not_assessed", "action": "", "evidence": list(rule.kinds), "decided_by": []}
    line = None if report is None else next((one for one in report.rules if one.id == rule.id), None)
    if report is None or line is None:
        return value
    own = [one for one in report.shown if one.finding.rule == rule.id]
    fails = sum(one.finding.status == "fail" for one in own)
    missing = {one for shown in own if shown.finding.status == "undetermined" for one in shown.missing} | set(line.missing)
    return {
        **value,
        "state": line.status,
        "failures": fails,
        "action": rule.remediation if fails else "",
        "decided_by": [sentence(one) for one in sorted(missing)],
    }


def _of_control(step: Step, control: ControlModel) -> dict[str, Any]:
    lapsed = step.repair.statements
    state = lapsed[0].state if lapsed else "none"
    told = [f"{one.document.id}: {one.message}" for one in lapsed] + ([control.reason] if control.reason else [])
    action = "; ".join(told) or _ATTEST
    return {"title": control.title, "state": state, "action": action, "evidence": ["attestation"], "decided_by": []}


_ATTEST = "one person attests what no rule sees of it, and another approves that"


# ---- rows ----------------------------------------------------------------------------------------------------------------------


def plan_columns(standards: Sequence[str]) -> list[str]:
    """The columns of the table: one for each standard, with the controls that a step turns there."""
    return [*_COLUMNS, *standards]


def plan_rows(value: Mapping[str, Any], standards: Sequence[str]) -> Iterator[list[str]]:
    """The steps as rows under the columns."""
    for step in value["steps"]:
        held = {**step, "opens": [f"{name}/{one}" for name, own in step["opens"].items() for one in own]}
        held["decided_by"] = "; ".join(step["decided_by"])
        held |= {name: [*step["turns"].get(name, ()), *(f"{one} (waived)" for one in step["waived"].get(name, ()))] for name in standards}
        yield [_cell(held[name]) for name in plan_columns(standards)]


def _cell(held: Any) -> str:
    return " ".join(held) if isinstance(held, list) else "" if held is None else str(held)


# ---- text ----------------------------------------------------------------------------------------------------------------------

_HONEST = (
    "Each step buys what a new roll-up finds when its rule holds everywhere, or its statement is valid, and all steps before it are done. "
    "Whether the repair succeeded, `ccpolicy check` tells."
)
_NOT_ASSESSED = (
    "Nothing was assessed: name documents by --evidence PATH. This is the order in which to build evidence: the rules by the controls that "
    "each can decide, as if every role bound, and what people would attest."
)


def put_plan(page: Page, value: Mapping[str, Any]) -> None:
    """The plan for people: repairs one by one, and attestations that nobody made yet by standard."""
    steps = value["steps"]
    assessed = value["assessed"]
    page.head(f"Order of repair as of {value['as_of']}" if assessed else "Order of building evidence")
    page.say(_HONEST if assessed else _NOT_ASSESSED)
    page.gap()
    _put_counts(page, value["standards"], assessed)
    places = {step["id"]: step["step"] for step in steps}
    if assessed and all((step["sort"], step["state"]) == ("attestation", "none") for step in steps):
        page.gap()
        page.say("Nothing that was found needs repair.")
    for part, title in _TITLES.items():
        own = [step for step in steps if step["part"] == part]
        if own:
            page.head(f"{title if assessed else _UNSEEN[part]}: {number(len(own), 'step')}")
            for step in own if part != "attestation" else ():
                _put_step(page, step, places, value["priced"])
    _put_attestations(page, [step for step in steps if step["part"] == "attestation"])
    _put_out_of_reach(page, value["out_of_reach"])


_TITLES = {
    "root_cause": "Root causes, for which others wait",
    "repair": "Repairs",
    "attestation": "Then attestations that nobody made yet",
}
_UNSEEN = {
    "root_cause": "What others wait for",
    "repair": "Evidence for rules, and attestations of what they do not see",
    "attestation": "Attestations of what no rule sees",
}


def _put_counts(page: Page, standards: Sequence[Mapping[str, Any]], assessed: bool) -> None:
    heads = ["standard", "controls", "hold now", "after repairs" if assessed else "after rules", "after all", "out of reach"]
    keys = ("controls", "hold_now", "hold_after_repairs", "hold_after_all", "out_of_reach")
    width = max(len(name) for name in [heads[0], *(one["standard"] for one in standards)])
    page.put((f"{heads[0]:<{width}}" + "".join(f"  {head:>{len(head)}}" for head in heads[1:]), "dim"), indent=2)
    for one in standards:
        cells = "".join(f"  {one[key]:>{len(head)}}" for key, head in zip(keys, heads[1:], strict=True))
        page.put(f"{one['standard']:<{width}}{cells}", indent=2)


def _put_step(page: Page, step: Mapping[str, Any], places: Mapping[str, int], priced: bool) -> None:
    page.gap()
    told = [step["severity"]] * bool(step["severity"])
    told += [_STATES.get(step["state"], step["state"].replace("_", " "))] * (step["state"] != "none")
    told += [_amount(step["effort"], "day")] * priced + [f"cost {step['cost']}"] * (priced and bool(step["cost"]))
    name = step["name"] if step["sort"] == "rule" else f"{_VERBS[step['sort']]} {step['name']}"
    page.put((f"{step['step']:>3}  ", "dim"), (name, "bold"), f"  {', '.join(told)}".rstrip())
    page.say(step["title"], 5)
    if step["root_cause_of"]:
        waiting = len(step["root_cause_of"])
        label = f"{number(waiting, 'control')} {'waits' if waiting == 1 else 'wait'} for it: "
        page.say(_short(step["root_cause_of"]), 5, label, "blocked")
    if step["action"] not in ("", _ATTEST):
        page.say(step["action"], 5, "to do: ", "dim")
    if step["state"] == "not_assessed":
        page.say(", ".join(step["evidence"]), 5, "reads: ", "dim")
    for one in step["decided_by"][:LISTED]:
        page.say(one, 5, "decided by ", "undetermined")
    if len(step["decided_by"]) > LISTED:
        page.say(f"and {len(step['decided_by']) - LISTED} more", 5)
    _put_bought(page, step, places)


_VERBS = {"attestation": "attest", "responsibility": "renew"}
_STATES = {"fail": "fails", "not_assessed": "not assessed"}


def _amount(count: Any, word: str) -> str:
    return f"{count} {word if count == 1 else word + 's'}"


def _put_bought(page: Page, step: Mapping[str, Any], places: Mapping[str, int]) -> None:
    for label, style in (("turns", "pass"), ("waived", "waived")):
        for standard, controls in step[label].items():
            page.say(_short(controls), 5, f"{'turns to waived' if label == 'waived' else 'turns'} {standard}: ", style)
    if step["together"]:
        others = _short([str(places[name]) for name in step["together"]])
        word = "step" if len(step["together"]) == 1 else "steps"
        page.say(f"turns nothing alone; with {word} {others} it turns {_grouped(step['opens'])}", 5)
    elif not step["turns"] and not step["waived"]:
        page.say("turns nothing: what its controls still lack is no repair (see the end)", 5)


def _grouped(controls: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{standard} {_short(own)}" for standard, own in controls.items())


def _short(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


def _put_attestations(page: Page, steps: Sequence[Mapping[str, Any]]) -> None:
    """By standard, in the order of the plan; the table and the JSON report name them all."""
    if not steps:
        return
    page.say("Each turns its own control, and at last those above it. `--format csv` lists them all, with what a person has to show.")
    for standard in sorted({step["name"].partition("/")[0] for step in steps}):
        own = [step["name"].partition("/")[2] for step in steps if step["name"].startswith(f"{standard}/")]
        page.say(_short(own), 2, f"{standard} ({len(own)}): ", "bold")


def _put_out_of_reach(page: Page, controls: Sequence[Mapping[str, Any]]) -> None:
    """What no repair turns, by the reason; those that only wait for others are counted."""
    if not controls:
        return
    page.head(f"Out of reach: {number(len(controls), 'control')} that no repair turns")
    page.say("Roles are stated in [organisation.roles] of ccpolicy.toml; rules are not run where its options, or sites, leave them out.")
    reasons: dict[str, list[str]] = {}
    for one in controls:
        reasons.setdefault(one["why"], []).append(one["control"])
    ranked = sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    for why, own in ranked[:LISTED]:
        page.say(f"{why} ({len(own)})", 2)
        page.say(_short(own), 4, style="dim")
    if len(ranked) > LISTED:
        page.say(f"and {sum(len(own) for _, own in ranked[LISTED:])} more, for other reasons: the JSON report has them", 2)
