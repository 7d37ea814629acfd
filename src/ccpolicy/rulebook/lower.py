"""From the syntax of predicates to the IR: sugar dies here, and every leaf is checked against the schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ccpolicy.documents.path import HERE, Path, Step
from ccpolicy.documents.pointer import Pointer, write_pointer
from ccpolicy.errors import did_you_mean
from ccpolicy.language import expr, regexp
from ccpolicy.language.expr import AllOf, AnyOf, IfThenElse, Leaf, Meets, Not, Sort, Test
from ccpolicy.language.scope import UNKNOWN, Place, Scope
from ccpolicy.language.typecheck import Misfit, common, container, scalar_sorts
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.operands import (
    duration_or_none,
    length,
    member_of,
    number,
    one_family,
    operand,
    remark_unlisted,
    upside_down,
    values,
)

_ANY_SCALAR: frozenset[Sort] = frozenset({"number", "text", "boolean", "moment", "duration"})
_SIZES: frozenset[Sort] = frozenset({"number", "duration"})
_MOMENTS: frozenset[Sort] = frozenset({"moment"})
_TEXTS: frozenset[Sort] = frozenset({"text"})

MAX_DEPTH = 128  # levels of a rule with its definitions written out: as deep as a file may be
MAX_LEAVES = 100_000  # conditions, likewise

Lowered: TypeAlias = "Test | None"
Operator: TypeAlias = Callable[[str, Any, Place, Scope, Ledger, Pointer], Lowered]


def place_of(at: Pointer) -> str:
    """The operator's place in the rule: the pointer without its first slash."""
    return write_pointer(at)[1:]


def predicate(model: syntax.Predicate, scope: Scope, ledger: Ledger, at: Pointer) -> expr.Predicate:
    """The IR of a predicate; what is wrong with it is noted, and stands as an empty `all_of`."""
    parts: list[expr.Predicate] = []
    for path, condition in (model.model_extra or {}).items():
        parts += _condition(path, condition, scope, ledger, (*at, path))
    if model.all_of:
        children = (predicate(child, scope, ledger, (*at, "all_of", n)) for n, child in enumerate(model.all_of))
        parts.append(AllOf(tuple(children), place_of((*at, "all_of"))))
    if model.any_of:
        children = (predicate(child, scope, ledger, (*at, "any_of", n)) for n, child in enumerate(model.any_of))
        parts.append(AnyOf(tuple(children), place_of((*at, "any_of"))))
    if model.not_ is not None:
        parts.append(Not(predicate(model.not_, scope, ledger, (*at, "not")), place_of((*at, "not"))))
    parts += _branches(model, scope, ledger, at)
    if model.meets is not None:
        parts += _meets(model.meets, scope, ledger, (*at, "meets"))
    if not (model.model_extra or model.model_fields_set):
        ledger.complain(at, "empty-predicate", f"{_named(at)} says nothing", "give it a condition such as `name: {present: true}`")
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts), place_of(at))


def _named(at: Pointer) -> str:
    """The last key above a place of the rule, with the number of the item if it is one of a list."""
    names = [f"`{token}`" if isinstance(token, str) else f"item {token + 1} of" for token in at[-2:]]
    return " ".join(reversed(names)) if at and isinstance(at[-1], int) else names[-1]


def _spot(kind: str, pattern: tuple[Step, ...]) -> str:
    return f"{kind}/{Path(HERE, pattern)}" if pattern else kind


def _place(here: Place) -> str:
    return "the envelope" if here.enveloped else f"`{_spot(here.kind, here.pattern)}`" if here.kind else "outside of every kind"


def _branches(model: syntax.Predicate, scope: Scope, ledger: Ledger, at: Pointer) -> list[expr.Predicate]:
    if model.if_ is None and model.then is None and model.else_ is None:
        return []
    if model.if_ is None or model.then is None:
        word = "if" if model.if_ is not None else "then" if model.then is not None else "else"
        lacking = "`then`" if word == "if" else "`if`"
        ledger.complain((*at, word), "incomplete", f"`{word}` stands here without its {lacking}", "write `{if: ..., then: ..., else: ...}`")
        return []
    condition = predicate(model.if_, scope, ledger, (*at, "if"))
    then = predicate(model.then, scope, ledger, (*at, "then"))
    otherwise = None if model.else_ is None else predicate(model.else_, scope, ledger, (*at, "else"))
    return [IfThenElse(condition, then, otherwise, place_of((*at, "if")))]


def _meets(name: str, scope: Scope, ledger: Ledger, at: Pointer) -> list[expr.Predicate]:
    found = ledger.definitions.get(name)
    if found is None:
        if name not in ledger.refused:
            hint = did_you_mean(name, ledger.definitions) or "a definition is a file `definitions/<name>.yaml`"
            ledger.complain(at, "unknown-definition", f"there is no definition `{name}`", hint)
        return []
    here = scope.here
    if here.kind != UNKNOWN and ((here.kind, here.pattern) != (found.kind, found.pattern) or here.enveloped):
        message = f"the definition `{name}` is for `{_spot(found.kind, found.pattern)}`, and this is {_place(here)}"
        ledger.complain(at, "wrong-type", message, "a definition says in `on` where it may be met")
        return []
    ledger.weigh(len(at) + found.depth, found.size)
    if ledger.depth > MAX_DEPTH or ledger.size > MAX_LEAVES:
        message = f"with its definitions written out, this is more than {MAX_DEPTH} levels deep or has more than {MAX_LEAVES} conditions"
        ledger.complain(at, "too-deep", message, "let definitions meet fewer others")
        return []
    ledger.reads |= found.reads
    ledger.touched |= found.touched
    return [Meets(name, found.predicate, place_of(at))]


def _condition(path_text: str, model: syntax.Condition, scope: Scope, ledger: Ledger, at: Pointer) -> list[expr.Predicate]:
    found = ledger.path(path_text, scope, at)
    words = [word for word in _words(model) if word != "allow_empty"]
    if not words:
        hint = "give it one, such as `{present: true}`"
        ledger.complain(at, "empty-condition", f"the condition on `{path_text}` has no operator", hint)
    elif model.allow_empty is not None and "every" not in words:
        hint = "`some`, `none` and `count` say what they mean of an empty list"
        ledger.complain((*at, "allow_empty"), "incomplete", "`allow_empty` stands here without its `every`", hint)
    if found is None:
        return []
    path, place = found
    leaves: list[expr.Predicate] = []
    for word in words:
        ledger.weigh(len(at) + 1)
        test = _test(word, model, place, scope, ledger, (*at, word))
        if test is not None:
            leaves.append(Leaf(path, word, test, place_of((*at, word))))
    return leaves


def _words(model: syntax.Condition) -> list[str]:
    names = [name for name in type(model).model_fields if name in model.model_fields_set]
    return [type(model).model_fields[name].alias or name for name in names]


def _test(word: str, model: syntax.Condition, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    argument = getattr(model, {"is": "is_", "in": "in_"}.get(word, word))
    if argument is None:
        message = f"`{word}: null` is refused: null and absence are not values"
        ledger.complain(at, "null-argument", message, "use `present: false`")
        return None
    if word == "every":
        inner = _inner(argument, word, place, scope, ledger, at)
        return None if inner is None else expr.Every(inner, bool(model.allow_empty))
    try:
        return _OPERATORS[word](word, argument, place, scope, ledger, at)
    except Misfit as error:
        ledger.complain(at, error.code, str(error), error.hint)
        return None


# ---- scalars -------------------------------------------------------------------------------------------------------------------


def _equals(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    found = operand(argument, scalar_sorts(_single(place, word), word, _ANY_SCALAR), word, scope, ledger, at)
    if found is None:
        return None
    remark_unlisted(place, [found[0]], ledger, at)
    return expr.Equals(*found, negated=word == "is_not")


def _single(place: Place, word: str) -> frozenset[str]:
    if place.joined:
        raise Misfit(f"`{word}` compares a single value, and this is a collection", "enter it with `some`, `every`, `none` or `count`")
    return place.types


def _one_of(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    found = values(argument, scalar_sorts(_single(place, word), word, _ANY_SCALAR), word, scope, ledger, at)
    if found is None:
        return None
    remark_unlisted(place, found[0].values if isinstance(found[0], expr.Listed) else (), ledger, at)
    return expr.OneOf(*found, negated=word == "not_in")


def _compares(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    allowed = _MOMENTS if word in ("before", "after", "on_or_before", "on_or_after") else _SIZES
    found = operand(argument, scalar_sorts(_single(place, word), word, allowed), word, scope, ledger, at)
    if found is None:
        return None
    one_family([found[0]])
    return expr.Compares(word, *found)  # type: ignore[arg-type]


def _between(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    sorts = scalar_sorts(_single(place, word), word, _SIZES)
    if not isinstance(argument, list) or len(argument) != 2:
        raise Misfit("`between` takes a list of two: the lowest and the highest", "write `between: [1, 3]`")
    low, high = (operand(bound, sorts, word, scope, ledger, (*at, n)) for n, bound in enumerate(argument))
    if low is None or high is None:
        return None
    if low[1] != high[1]:
        raise Misfit("`between` is given bounds of two types")
    one_family([low[0], high[0]])
    if upside_down(low[0], high[0]):
        ledger.remark(at, "upside-down", "nothing is between these: the first bound is above the second", "the lowest comes first")
    return expr.Between(low[0], high[0], low[1])


def _window(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_single(place, word), word, _MOMENTS)
    found = length(argument, ledger, at)
    return None if found is None else expr.Window(word, found)  # type: ignore[arg-type]


def _done_within(word: str, argument: syntax.DoneWithinArgument, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_single(place, word), word, _MOMENTS)
    units = [unit for unit in ("days", "months", "business_days") if getattr(argument, unit) is not None]
    if len(units) != 1:
        given = f"; here are {' and '.join(f'`{unit}`' for unit in units)}" if units else ", and here is none"
        raise Misfit(f"`done_within` takes one of `days`, `months` and `business_days`{given}", code="incomplete")
    if (units[0] == "business_days") != (argument.calendar is not None):
        alone, lacking = ("calendar", "business_days") if argument.calendar else ("business_days", "calendar")
        message = f"`{alone}` stands here without its `{lacking}`"
        raise Misfit(message, "business days are counted by a calendar, named by the id of its document", "incomplete")
    start = {"path": argument.of} if isinstance(argument.of, str) else argument.of
    of = operand(start, _MOMENTS, word, scope, ledger, (*at, "of"))
    amount = number(getattr(argument, units[0]), ledger, (*at, units[0]), whole=True)
    if isinstance(amount, int) and amount < 0:
        raise Misfit(f"`done_within` counts forwards, and is given `{amount}`", "give it a number of 0 or more")
    return None if of is None or amount is None else expr.DoneWithin(of[0], amount, units[0], argument.calendar or "")  # type: ignore[arg-type]


def _matches(word: str, argument: str, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_as_text(place, word), word, _TEXTS)
    try:
        compiled = regexp.to_re2(argument)
    except regexp.NoRegexp as error:
        ledger.complain(at, "bad-pattern", str(error), error.hint)
        return None
    if argument.startswith("^") or argument.endswith("$"):
        hint = "leave them out: a pattern always matches the whole text"
        ledger.remark(at, "anchor", f"in the pattern `{argument}`, `^` and `$` stand for themselves", hint)
    return expr.Matches(argument, compiled)


def _as_text(place: Place, word: str) -> frozenset[str]:
    """Dates and durations are texts too, for the operators that look at letters."""
    types = _single(place, word)
    return types | {"string"} if types & {"date", "date-time", "duration"} else types


def _texts(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_as_text(place, word), word, _TEXTS)
    found = operand(argument, _TEXTS, word, scope, ledger, at)
    return None if found is None else expr.Texts(word, found[0])  # type: ignore[arg-type]


def _free_of(word: str, argument: list[Any], place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_as_text(place, word), word, _TEXTS)
    if place.kind and not place.enveloped:
        ledger.touched.add((place.kind, place.pattern))
    return expr.FreeOf(tuple(dict.fromkeys(argument)))


def _present(word: str, argument: bool, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    if place.joined or place.shape is None:
        raise Misfit("`present` is for a place in a document", "a join has `some`, `none` and `count`; a measure is compared")
    return expr.Present(argument)


# ---- members -------------------------------------------------------------------------------------------------------------------


def _inner(model: syntax.Predicate, word: str, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> expr.Predicate | None:
    member = member_of(place, word, ledger, at)
    return None if member is None else predicate(model, scope.inside(member), ledger, at)


def _quantified(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    inner = _inner(argument, word, place, scope, ledger, at)
    if inner is None:
        return None
    return expr.Some(inner) if word == "some" else expr.NoneOf(inner)


def _counts(word: str, argument: syntax.CountArgument, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    if argument.at_least is None and argument.at_most is None:
        hint = "write `count: {at_least: 1}`, with `where` for some of the members"
        raise Misfit("`count` has neither `at_least` nor `at_most`", hint, "incomplete")
    member = member_of(place, word, ledger, at)
    if member is None:
        return None
    where = None if argument.where is None else predicate(argument.where, scope.inside(member), ledger, (*at, "where"))
    bounds: dict[str, expr.Operand | None] = {}
    for name in ("at_least", "at_most"):
        given = getattr(argument, name)
        found = None if given is None else operand(given, frozenset({"number"}), name, scope, ledger, (*at, name))
        bounds[name] = None if found is None else found[0]
    return expr.Counts(where, bounds["at_least"], bounds["at_most"])


def _list_member(word: str, place: Place, ledger: Ledger, at: Pointer, joins: bool = False) -> Place | None:
    if place.joined and not joins:
        raise Misfit(f"`{word}` is for a list of a document, and this is a collection")
    if not place.joined and not place.types & {"array", "any"}:
        hint = "`contains_text` looks into a text" if word == "contains" and "string" in place.types else ""
        raise Misfit(f"`{word}` is for a list, and this is {container(place.types)}", hint)
    return member_of(place, word, ledger, at)


def _contains(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at)
    if member is None:
        return None
    found = operand(argument, scalar_sorts(member.types, word, _ANY_SCALAR), word, scope, ledger, at)
    if found is None:
        return None
    remark_unlisted(member, [found[0]], ledger, at)
    return expr.Contains(*found)


def _compared(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at)
    if member is None:
        return None
    found = values(argument, scalar_sorts(member.types, word, _ANY_SCALAR), word, scope, ledger, at)
    if found is None:
        return None
    remark_unlisted(member, found[0].values if isinstance(found[0], expr.Listed) else (), ledger, at)
    return expr.Compared(word, *found)  # type: ignore[arg-type]


def _unique_by(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at, joins=True)
    if member is None:
        return None
    texts = argument if isinstance(argument, list) else [argument]
    found = [ledger.path(text, scope.inside(member), at) for text in texts]
    paths = [path for path in found if path is not None]
    sorts = [scalar_sorts(column.types, word, _ANY_SCALAR) for _, column in paths]
    if len(paths) < len(found) or not paths:
        return None
    return expr.UniqueBy(tuple(path for path, _ in paths), tuple(common(sort, sort, word) for sort in sorts))


def _cadence(word: str, argument: syntax.CadenceArgument, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at, joins=True)
    when = None if member is None else ledger.path(argument.at, scope.inside(member), (*at, "at"))
    every, over = (length(getattr(argument, name), ledger, (*at, name)) for name in ("every", "over_last"))
    tolerance = duration_or_none(argument.tolerance, ledger, (*at, "tolerance"))
    if when is None or every is None or over is None:
        return None
    scalar_sorts(when[1].types, word, _MOMENTS)
    recorded = place.joined and ledger.is_record_date(when[0], place.kind)
    return expr.Cadence(when[0], every, over, tolerance, recorded)


def _every_path(word: str, argument: syntax.EveryPathArgument, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    node = _list_member(word, place, ledger, at)
    if node is None:
        return None
    inside = scope.inside(node)
    name = ledger.path(argument.id, inside, (*at, "id"))
    edges = [_edge(edge, inside, ledger, (*at, "next", n)) for n, edge in enumerate(argument.next)]
    sorts = _ANY_SCALAR if name is None else scalar_sorts(name[1].types, word, _ANY_SCALAR)
    start = operand(argument.start, sorts, word, scope, ledger, (*at, "start"))
    to, first, undone = (
        None if model is None else predicate(model, inside, ledger, (*at, part))
        for part, model in (("to", argument.to), ("first_passes", argument.first_passes), ("undone_by", argument.undone_by))
    )
    if name is None or start is None or to is None or first is None or None in edges:
        return None
    if name[0].root != HERE:
        raise Misfit(f"the `id` of `every_path` is a field of the node, and `{argument.id}` is none")
    return expr.EveryPath(name[0], tuple(edge for edge in edges if edge), start[0], to, first, undone, argument.starts)


def _edge(model: syntax.EdgeArgument, scope: Scope, ledger: Ledger, at: Pointer) -> expr.Edge | None:
    found = ledger.path(model.of, scope, at, wild=True)
    return None if found is None else expr.Edge(found[0], model.takes_effect)


_OPERATORS: dict[str, Operator] = {
    **dict.fromkeys(("is", "is_not"), _equals),
    **dict.fromkeys(("in", "not_in"), _one_of),
    **dict.fromkeys(("at_least", "at_most", "more_than", "less_than", "before", "after", "on_or_before", "on_or_after"), _compares),
    "between": _between,
    **dict.fromkeys(("within_last", "within_next"), _window),
    "done_within": _done_within,
    "matches": _matches,
    **dict.fromkeys(("starts_with", "ends_with", "contains_text"), _texts),
    "free_of": _free_of,
    "present": _present,
    **dict.fromkeys(("some", "none"), _quantified),
    "count": _counts,
    "contains": _contains,
    **dict.fromkeys(("contains_all", "at_most_one_of", "subset_of", "disjoint_from"), _compared),
    "unique_by": _unique_by,
    "cadence": _cadence,
    "every_path": _every_path,
}
