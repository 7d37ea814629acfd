"""From the syntax of predicates to the IR: sugar dies here, and every leaf is checked against the schemas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import HERE
from ccpolicy.documents.pointer import Pointer, write_pointer
from ccpolicy.errors import did_you_mean
from ccpolicy.language import expr, regexp
from ccpolicy.language.expr import AllOf, AnyOf, IfThenElse, Leaf, Meets, Not, Sort, Test
from ccpolicy.language.scope import Place, Scope
from ccpolicy.language.typecheck import Misfit, scalar_sorts
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.operands import duration_or_none, length, member_of, number, operand, values

_ANY_SCALAR: frozenset[Sort] = frozenset({"number", "text", "boolean", "moment", "duration"})
_SIZES: frozenset[Sort] = frozenset({"number", "duration"})
_MOMENTS: frozenset[Sort] = frozenset({"moment"})
_TEXTS: frozenset[Sort] = frozenset({"text"})

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
    if not parts and not ledger.complaints:
        ledger.complain(at, "empty-predicate", "this predicate says nothing", "give it a condition such as `name: {present: true}`")
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts), place_of(at))


def _branches(model: syntax.Predicate, scope: Scope, ledger: Ledger, at: Pointer) -> list[expr.Predicate]:
    if model.if_ is None and model.then is None and model.else_ is None:
        return []
    if model.if_ is None or model.then is None:
        ledger.complain(at, "incomplete-if", "`if` needs its `then`, and `then` and `else` need their `if`")
        return []
    condition = predicate(model.if_, scope, ledger, (*at, "if"))
    then = predicate(model.then, scope, ledger, (*at, "then"))
    otherwise = None if model.else_ is None else predicate(model.else_, scope, ledger, (*at, "else"))
    return [IfThenElse(condition, then, otherwise, place_of((*at, "if")))]


def _meets(name: str, scope: Scope, ledger: Ledger, at: Pointer) -> list[expr.Predicate]:
    found = ledger.definitions.get(name)
    if found is None:
        ledger.complain(at, "unknown-definition", f"there is no definition `{name}`", did_you_mean(name, ledger.definitions))
        return []
    here = scope.here
    if (here.kind, here.pattern) != (found.kind, found.pattern) or here.enveloped:
        ledger.complain(at, "wrong-type", f"the definition `{name}` is for another place than this", "see its `on`")
        return []
    return [Meets(name, found.predicate, place_of(at))]


def _condition(path_text: str, model: syntax.Condition, scope: Scope, ledger: Ledger, at: Pointer) -> list[expr.Predicate]:
    found = ledger.path(path_text, scope, at)
    words = [word for word in _words(model) if word != "allow_empty"]
    if not words:
        ledger.complain(at, "empty-condition", f"the condition on `{path_text}` has no operator")
    if model.allow_empty is not None and "every" not in words:
        ledger.complain((*at, "allow_empty"), "unknown-word", "`allow_empty` goes with `every`")
    if found is None:
        return []
    path, place = found
    leaves: list[expr.Predicate] = []
    for word in words:
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
        hint = "use `present: false`" if word in ("is", "is_not") else ""
        ledger.complain(at, "null-argument", f"`{word}: null` is refused: null and absence are not values", hint)
        return None
    if word == "every":
        inner = _inner(argument, word, place, scope, ledger, at)
        return None if inner is None else expr.Every(inner, bool(model.allow_empty))
    try:
        return _OPERATORS[word](word, argument, place, scope, ledger, at)
    except Misfit as error:
        ledger.complain(at, "wrong-type", str(error), error.hint)
        return None


# ---- scalars -------------------------------------------------------------------------------------------------------------------


def _equals(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    found = operand(argument, scalar_sorts(_single(place, word), word, _ANY_SCALAR), word, scope, ledger, at)
    return None if found is None else expr.Equals(*found, negated=word == "is_not")


def _single(place: Place, word: str) -> frozenset[str]:
    if place.joined:
        raise Misfit(f"`{word}` compares a single value, and this is a collection", "enter it with `some`, `every`, `none` or `count`")
    return place.types


def _one_of(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    found = values(argument, scalar_sorts(_single(place, word), word, _ANY_SCALAR), word, scope, ledger, at)
    return None if found is None else expr.OneOf(*found, negated=word == "not_in")


def _compares(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    allowed = _MOMENTS if word in ("before", "after", "on_or_before", "on_or_after") else _SIZES
    found = operand(argument, scalar_sorts(_single(place, word), word, allowed), word, scope, ledger, at)
    if found is None:
        return None
    _one_family([found[0]])
    return expr.Compares(word, *found)  # type: ignore[arg-type]


def _between(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    sorts = scalar_sorts(_single(place, word), word, _SIZES)
    if not isinstance(argument, list) or len(argument) != 2:
        raise Misfit("`between` takes a list of two: the lowest and the highest")
    low, high = (operand(bound, sorts, word, scope, ledger, (*at, n)) for n, bound in enumerate(argument))
    if low is None or high is None:
        return None
    if low[1] != high[1]:
        raise Misfit("`between` is given bounds of two types")
    _one_family([low[0], high[0]])
    return expr.Between(low[0], high[0], low[1])


def _one_family(operands: list[expr.Operand]) -> None:
    """Durations compare within years and months, or within weeks and days."""
    spans = [node.value for node in operands if isinstance(node, expr.Literally) and isinstance(node.value, Duration)]
    families = {span.family() for span in spans}
    if "mixed" in families or len(families) > 1:
        written = " and ".join(f"`{span}`" for span in spans)
        raise Misfit(f"{written} cannot be compared: months are not days", "write all in years and months, or all in weeks and days")


def _window(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_single(place, word), word, _MOMENTS)
    found = length(argument, ledger, at)
    return None if found is None else expr.Window(word, found)  # type: ignore[arg-type]


def _done_within(word: str, argument: syntax.DoneWithinArgument, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_single(place, word), word, _MOMENTS)
    units = [unit for unit in ("days", "months", "business_days") if getattr(argument, unit) is not None]
    if len(units) != 1:
        raise Misfit("`done_within` takes one of `days`, `months` and `business_days`")
    if (units[0] == "business_days") != (argument.calendar is not None):
        raise Misfit("`business_days` and `calendar` go together", "name the id of a calendar document")
    start = {"path": argument.of} if isinstance(argument.of, str) else argument.of
    of = operand(start, _MOMENTS, word, scope, ledger, (*at, "of"))
    amount = number(getattr(argument, units[0]), ledger, (*at, units[0]), whole=True)
    if isinstance(amount, int) and amount < 0:
        raise Misfit("`done_within` counts forwards", "give it a number of 0 or more")
    return None if of is None or amount is None else expr.DoneWithin(of[0], amount, units[0], argument.calendar or "")  # type: ignore[arg-type]


def _matches(word: str, argument: str, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    scalar_sorts(_as_text(place, word), word, _TEXTS)
    try:
        return expr.Matches(argument, regexp.to_re2(argument))
    except regexp.NoRegexp as error:
        ledger.complain(at, "bad-pattern", str(error), "I-Regexp (RFC 9485) has no look-around, no lazy quantifier, no \\d: write [0-9]")
        return None


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
        raise Misfit("`count` takes `at_least`, `at_most` or both")
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
        raise Misfit(f"`{word}` is for a list, and this is none")
    return member_of(place, word, ledger, at)


def _contains(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at)
    if member is None:
        return None
    found = operand(argument, scalar_sorts(member.types, word, _ANY_SCALAR), word, scope, ledger, at)
    return None if found is None else expr.Contains(*found)


def _compared(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at)
    if member is None:
        return None
    found = values(argument, scalar_sorts(member.types, word, _ANY_SCALAR), word, scope, ledger, at)
    return None if found is None else expr.Compared(word, *found)  # type: ignore[arg-type]


def _unique_by(word: str, argument: Any, place: Place, scope: Scope, ledger: Ledger, at: Pointer) -> Lowered:
    member = _list_member(word, place, ledger, at, joins=True)
    if member is None:
        return None
    texts = argument if isinstance(argument, list) else [argument]
    found = [ledger.path(text, scope.inside(member), at) for text in texts]
    paths = [path for path in found if path is not None]
    for _, column in paths:
        scalar_sorts(column.types, word, _ANY_SCALAR)
    return expr.UniqueBy(tuple(path for path, _ in paths)) if len(paths) == len(found) and paths else None


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
    start = operand(argument.start, _ANY_SCALAR, word, scope, ledger, (*at, "start"))
    to, first, undone = (
        None if model is None else predicate(model, inside, ledger, (*at, part))
        for part, model in (("to", argument.to), ("first_passes", argument.first_passes), ("undone_by", argument.undone_by))
    )
    if name is None or start is None or to is None or first is None or None in edges:
        return None
    if name[0].root != HERE:
        raise Misfit("the `id` of `every_path` is a field of the node")
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
