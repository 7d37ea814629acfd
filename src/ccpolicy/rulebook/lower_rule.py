"""From the syntax of a rule to the rule: population, joins, measures, predicates and message, in the order they are evaluated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ccpolicy.documents.path import HERE, WILD, Path
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.errors import did_you_mean
from ccpolicy.language.derived import (
    Aggregate,
    DaysBetween,
    Foci,
    Formula,
    Join,
    Measure,
    Over,
    Per,
    Ratio,
    ReachedFrom,
    SampleSize,
    Share,
    WilsonLower,
)
from ccpolicy.language.expr import FromParam, Sort
from ccpolicy.language.scope import Place, Scope, body_of, join_of, nowhere
from ccpolicy.language.typecheck import Misfit, common, container, families, noun, scalar_sorts
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.lower import predicate
from ccpolicy.rulebook.message import template
from ccpolicy.rulebook.operands import number
from ccpolicy.rulebook.parameters import parameter_of
from ccpolicy.rulebook.rule import Citation, Rule

_SCALARS: frozenset[Sort] = frozenset({"number", "text", "boolean", "moment", "duration"})
_ORDERED: frozenset[Sort] = frozenset({"number", "moment"})
_NUMBERS: frozenset[Sort] = frozenset({"number"})
_RESERVED = frozenset({"as_of", "focus", "document", "period", "organisation"})
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_LONGEST_ZONE = 60


def rule_of(model: syntax.RuleModel, file: str, ledger: Ledger) -> Rule | None:
    """The rule; None when the kind it applies to is unknown (a complaint says so). Complaints are noted in the ledger."""
    ledger.params = {name: parameter_of(name, param, ledger, ("params", name)) for name, param in model.params.items()}
    kind = kind_of(model.applies_to, ledger, ("applies_to",))
    body = nowhere() if kind is None else body_of(kind.name, kind.shape())
    reached = None if model.reached_from is None else _reached_from(model.reached_from, body, ledger)
    focus, each = _each(model.each, body, ledger)
    per = None if model.per is None else _per(model.per, ledger)
    scope = Scope(focus, focus, model.per is not None or ("per", "") in ledger.lost)
    joins = {name: _join(name, join, scope, ledger) for name, join in model.with_.items()}
    lost = {name: nowhere(joined=section == "with") for section, name in ledger.lost if section in ("with", "measure")}
    scope = replace(scope, joins={**{name: place for name, (_, place) in joins.items() if place is not None}, **lost})
    scope, measures = _measures(model.measure, scope, ledger)
    rule = Rule(
        id=model.id,
        title=model.title,
        severity=model.severity,
        citations=tuple(Citation(link.control, link.coverage, link.why) for link in model.controls),
        parameters=ledger.params,
        foci=Foci(model.applies_to, reached, each, per),
        zone=_zone(model.timezone, ledger),
        joins={name: join for name, (join, _) in joins.items() if join is not None},
        measures=measures,
        when=None if model.when is None else predicate(model.when, scope, ledger, ("when",)),
        require=predicate(model.require, scope, ledger, ("require",)),
        message=template(model.message, scope, ledger),
        remediation=model.remediation,
        references=tuple(model.references),
        reads=frozenset(ledger.reads),
        file=file,
    )
    return None if kind is None else rule


def kind_of(name: str, ledger: Ledger, at: Pointer) -> Kind | None:
    """The kind of this name, or None with a complaint."""
    found = ledger.kinds.get(name)
    if found is None:
        hint = did_you_mean(name, ledger.kinds) or "a kind is a file `schemas/<kind>.schema.json`"
        ledger.complain(at, "unknown-kind", f"there is no kind `{name}`", hint)
    return found


def _zone(name: str, ledger: Ledger) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(name[:_LONGEST_ZONE], available_timezones()) or "use an IANA name such as Europe/London"
        ledger.complain(("timezone",), "unknown-timezone", f"there is no time zone `{name}`", hint)
        return ZoneInfo("UTC")


# ---- population ----------------------------------------------------------------------------------------------------------------


def _each(text: str | None, body: Place, ledger: Ledger) -> tuple[Place, Path | None]:
    if text is None:
        return (nowhere() if ("each", "") in ledger.lost else body), None
    found = ledger.path(text, Scope(body), ("each",), wild=True)
    if found is None:
        return nowhere(), None
    path, place = found
    if path.root != HERE:
        ledger.complain(("each",), "bad-path", f"`{text}` does not start in the document", "a source of `each` is a bare path")
        return nowhere(), None
    return place, path


def _per(model: syntax.PerModel, ledger: Ledger) -> Per | None:
    chosen = sorted(model.model_fields_set)
    if len(chosen) != 1:
        given = f"; here are {' and '.join(f'`{unit}`' for unit in chosen)}" if chosen else ", and here is none"
        ledger.complain(("per",), "incomplete", f"`per` takes one of `day`, `week`, `month` and `quarter`{given}")
        return None
    return Per(chosen[0], getattr(model, chosen[0]).last)  # type: ignore[arg-type]


def _reached_from(model: syntax.ReachedFromModel, body: Place, ledger: Ledger) -> ReachedFrom | None:
    start = kind_of(model.kind, ledger, ("reached_from", "kind"))
    key = ledger.path(model.key, Scope(body), ("reached_from", "key"))
    if start is None or key is None:
        return None
    at: Pointer = ("reached_from", "links")
    first = ledger.path(model.links, Scope(body_of(start.name, start.shape())), at, wild=True)
    marks = len(ledger.complaints)
    own = ledger.path(model.links, Scope(body), at, wild=True)
    del ledger.complaints[marks:]  # the population's kind need not have links of its own
    if first is None:
        return None
    try:
        sort = common(scalar_sorts(first[1].types, "links", _SCALARS), scalar_sorts(key[1].types, "key", _SCALARS), "links")
    except Misfit as error:
        ledger.complain(at, "wrong-type", str(error), error.hint)
        return None
    keyed = ledger.kinds.get(body.kind)
    unique = str(key[0]) in ("id", "$document.id") or (keyed is not None and keyed.unique_key == (model.key,))
    return ReachedFrom(start.name, first[0], None if own is None else own[0], key[0], sort, unique)


# ---- joins and measures --------------------------------------------------------------------------------------------------------


def _free_name(name: str, scope: Scope, ledger: Ledger, at: Pointer) -> bool:
    if not _NAME.match(name) or name in _RESERVED:
        hint = "small letters, digits and _; none of " + ", ".join(f"`{word}`" for word in sorted(_RESERVED))
        ledger.complain(at, "bad-name", f"`{name}` cannot be the name of a join or measure", hint)
        return False
    if name in scope.joins:
        ledger.complain(at, "bad-name", f"`{name}` is the name of a join already", "give the measure another name")
        return False
    return True


def _join(name: str, model: syntax.JoinModel, scope: Scope, ledger: Ledger) -> tuple[Join | None, Place | None]:
    at: Pointer = ("with", name)
    kind = kind_of(model.from_, ledger, (*at, "from"))
    free = _free_name(name, scope, ledger, at)
    body = nowhere() if kind is None else body_of(kind.name, kind.shape())
    ledger.read(body)
    theirs_scope = replace(scope, here=body)
    several = len(model.key) > 1
    pairs = [
        _key(pair, scope, theirs_scope, ledger, (*at, "key", number) if several else (*at, "key")) for number, pair in enumerate(model.key)
    ]
    where = None if model.where is None else predicate(model.where, theirs_scope, ledger, (*at, "where"))
    during = None if model.during is None else ledger.path(model.during, theirs_scope, (*at, "during"))
    if during is not None:
        _check_during(during[1], scope, ledger, (*at, "during"))
    if kind is None or not free:
        return None, nowhere(joined=True) if free else None
    known = [pair for pair in pairs if pair is not None]
    join = Join(
        name,
        kind.name,
        model.as_,
        tuple(ours for ours, _, _ in known),
        tuple(theirs for _, theirs, _ in known),
        tuple(sort for _, _, sort in known),
        where,
        None if during is None else during[0],
        during is not None and ledger.is_record_date(during[0], kind.name),
        during is not None and "date-time" in during[1].types,
    )
    return join, join_of(kind.name, kind.shape())


def _check_during(place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> None:
    if not scope.period:
        ledger.complain(at, "wrong-type", "`during` keeps to a period, and this rule has none", "give the rule a `per`")
    try:
        scalar_sorts(place.types, "during", frozenset({"moment"}))
    except Misfit as error:
        ledger.complain(at, "wrong-type", str(error), error.hint)


def _key(model: syntax.KeyModel, ours: Scope, theirs: Scope, ledger: Ledger, at: Pointer) -> tuple[Path, Path, Sort] | None:
    our = ledger.path(model.ours, ours, (*at, "ours"))
    their = ledger.path(model.theirs, theirs, (*at, "theirs"))
    if our is None or their is None:
        return None
    left, right = families(our[1].types), families(their[1].types)
    try:
        if {"date"} in (our[1].types - {"null"}, their[1].types - {"null"}) and "date" not in our[1].types & their[1].types:
            raise Misfit("a date is no instant")
        return our[0], their[0], common(left, right, "key")
    except Misfit:
        message = f"the key pairs `{model.ours}`, {noun(left)}, with `{model.theirs}`, {noun(right)}"
        ledger.complain(at, "mismatched-key", message, "the two sides of a key have the same type in their schemas")
        return None


def _measures(models: Mapping[str, syntax.MeasureModel], scope: Scope, ledger: Ledger) -> tuple[Scope, dict[str, Measure]]:
    measures: dict[str, Measure] = {}
    for name, model in models.items():
        at: Pointer = ("measure", name)
        free = _free_name(name, scope, ledger, at)
        formula, types = _checked_formula(model, scope, ledger, at)
        if formula is not None and free:
            measures[name] = Measure(name, formula)
        if free:
            scope = replace(scope, measures={**scope.measures, name: nowhere() if formula is None else Place(types)})
    return scope, measures


def _checked_formula(model: syntax.MeasureModel, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Formula | None, frozenset[str]]:
    words = sorted(model.model_fields_set)
    if len(words) != 1:
        given = f"; here are {' and '.join(f'`{word}`' for word in words)}" if words else ", and here is none"
        ledger.complain(at, "incomplete", f"a measure takes exactly one formula{given}")
        return None, _NUMBER
    try:
        return _formula(words[0], getattr(model, words[0]), scope, ledger, (*at, words[0]))
    except Misfit as error:
        ledger.complain((*at, words[0]), error.code, str(error), error.hint)
        return None, _NUMBER


_NUMBER = frozenset({"number"})
_INTEGER = frozenset({"integer"})


def _formula(word: str, model: Any, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Formula | None, frozenset[str]]:
    match model:
        case syntax.DaysModel():
            return _days(model, scope, ledger, at), _INTEGER
        case syntax.WilsonModel():
            parts = [_at_focus(getattr(model, part), scope, ledger, (*at, part)) for part in ("successes", "n")]
            confidence = _part_of_one(model.confidence, "confidence", ledger, at)
            return (WilsonLower(parts[0], parts[1], _fraction(confidence)) if parts[0] and parts[1] and confidence else None), _NUMBER
        case syntax.SampleModel():
            given = [_part_of_one(getattr(model, part), part, ledger, at) for part in ("margin", "confidence")]
            whole = _at_focus(model.population, scope, ledger, (*at, "population"))
            return (SampleSize(_fraction(given[0]), _fraction(given[1]), whole) if whole and all(given) else None), _INTEGER
        case _:
            return _over(word, model, scope, ledger, at)


def _part_of_one(value: Any, name: str, ledger: Ledger, at: Pointer) -> Any:
    """A number between 0 and 1, neither included, or a parameter."""
    found = number(value, ledger, (*at, name))
    if isinstance(found, int | Fraction) and not 0 < found < 1:
        ledger.complain((*at, name), "wrong-type", f"`{name}` is given `{value}`, and lies between 0 and 1", "write 95 per cent as 0.95")
        return None
    return found


def _fraction(value: Any) -> Fraction | FromParam:
    return value if isinstance(value, FromParam) else Fraction(value)


def _at_focus(text: str, scope: Scope, ledger: Ledger, at: Pointer, allowed: frozenset[Sort] = _NUMBERS) -> Path | None:
    found = ledger.path(text, scope, at)
    if found is None:
        return None
    return found[0] if _fits(found[1], str(at[-1]), allowed, ledger, at) else None


def _fits(place: Place, word: str, allowed: frozenset[Sort], ledger: Ledger, at: Pointer) -> frozenset[Sort] | None:
    """The sorts in which the place can be used, or None with a complaint."""
    try:
        if place.joined:
            raise Misfit(f"`{word}` takes a single value, and this is a collection", "measure it first")
        return scalar_sorts(place.types, word, allowed)
    except Misfit as error:
        ledger.complain(at, error.code, str(error), error.hint)
        return None


def _days(model: syntax.DaysModel, scope: Scope, ledger: Ledger, at: Pointer) -> Formula | None:
    moments: frozenset[Sort] = frozenset({"moment"})
    start = _at_focus(model.from_, scope, ledger, (*at, "from"), moments)
    end = _at_focus(model.to, scope, ledger, (*at, "to"), moments)
    calendar = model.calendar if isinstance(model, syntax.BusinessDaysModel) else ""
    return None if start is None or end is None else DaysBetween(start, end, calendar)


def _over(word: str, model: Any, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Formula | None, frozenset[str]]:
    member = _members(model.of, scope, ledger, (*at, "of"))
    if member is None:
        return None, _NUMBER
    path, place = member
    inside = scope.inside(place)
    where = None if model.where is None else predicate(model.where, inside, ledger, (*at, "where"))
    if isinstance(model, syntax.ShareModel):
        return Share(Over(path, Path(HERE, ()), where)), _NUMBER
    if isinstance(model, syntax.RatioModel):
        columns = [ledger.path(text, inside, (*at, part)) for text, part in ((model.sum, "sum"), (model.over_sum, "over_sum"))]
        fitting = [
            column[0] if column and _fits(column[1], part, _NUMBERS, ledger, (*at, part)) else None
            for column, part in zip(columns, ("sum", "over_sum"), strict=True)
        ]
        above, below = fitting
        return (Ratio(Over(path, above, where), below) if above and below else None), _NUMBER
    if not isinstance(model, syntax.ColumnModel):
        return Aggregate("count", Over(path, Path(HERE, ()), where), "any"), _INTEGER
    return _aggregate(word, model, Over(path, Path(HERE, ()), where), inside, ledger, at)


def _members(text: str, scope: Scope, ledger: Ledger, at: Pointer) -> tuple[Path, Place] | None:
    found = ledger.path(text, scope, at, wild=True)
    if found is None:
        return None
    path, place = found
    if WILD in path.steps:
        return path, place
    member = place.member() if place.joined or place.types & {"array", "object", "any"} else None
    if member is None:
        hint = "`of` names a join, a list or map, or a source such as `a.*.b`"
        ledger.complain(at, "wrong-type", f"`{text}` is neither a list nor a join, but {container(place.types)}", hint)
        return None
    return path, member


def _aggregate(
    word: str, model: syntax.ColumnModel, over: Over, scope: Scope, ledger: Ledger, at: Pointer
) -> tuple[Formula | None, frozenset[str]]:
    column = ledger.path(model.value, scope, (*at, "value"))
    if column is None:
        return None, _NUMBER
    ordered = word in ("min", "max", "percentile")
    allowed = _SCALARS if word == "distinct" else _ORDERED if ordered else _NUMBERS
    found = _fits(column[1], word, allowed, ledger, (*at, "value" if "value" in model.model_fields_set else "of"))
    if found is None:
        return None, _NUMBER
    sorts = found - {"any"}
    sort: Sort = next(iter(sorts)) if len(sorts) == 1 else "any" if word == "distinct" else "number"
    p = number(model.p, ledger, (*at, "p")) if isinstance(model, syntax.PercentileModel) else None
    if isinstance(p, int | Fraction) and not 0 < p <= 1:
        message = f"`p` is given `{model.p}`, and lies above 0 and at most at 1"  # type: ignore[attr-defined]
        ledger.complain((*at, "p"), "wrong-type", message, "write the 95th percentile as 0.95")
        return None, _NUMBER
    types = _INTEGER if word == "distinct" else frozenset({"date-time"}) if sort == "moment" else _NUMBER
    return Aggregate(word, replace(over, value=column[0]), sort, _fraction(p) if p is not None else None), types  # type: ignore[arg-type]
