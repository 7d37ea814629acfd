"""The lint about thresholds of rules that differ from those of the controls they cite."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal, TypeAlias

from ccpolicy.analysis.lint.bound import Bound, days_of
from ccpolicy.analysis.lint.lint import CatalogueFile, Lint, Note, RuleFile, Subject, World, for_rules, pointer_at
from ccpolicy.analysis.lint.standing import Standing, entered, scope_of
from ccpolicy.backends.phrases import number_text
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import HERE, Path, Step
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.values import exact
from ccpolicy.language.expr import (
    AllOf,
    AnyOf,
    Between,
    Cadence,
    Compares,
    Every,
    FromParam,
    FromPath,
    IfThenElse,
    Leaf,
    Length,
    Literally,
    Operand,
    Predicate,
    Some,
    Window,
)
from ccpolicy.language.scope import NoPlace, Place, Scope, body_of
from ccpolicy.rulebook.rule import Rule

Word: TypeAlias = Literal["at_least", "at_most", "every", "within"]
_LOW: frozenset[str] = frozenset({"at_least", "more_than"})
_HIGH: frozenset[str] = frozenset({"at_most", "less_than"})
_SAID = {"at_least": "at least", "at_most": "at most", "every": "one every", "within": "one in the last"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a rule asks of a place: a bound, as a value of the rule or a parameter; `beside`: what the other branch of its `if` asks for."""

    kind: str
    pattern: tuple[Step, ...]
    word: Word
    value: Any  # a number, a Duration or FromParam
    place: str
    said: str
    strict: bool = False
    whole: bool = False
    extra: Duration | None = None
    beside: tuple[_Asked, ...] = ()


def _threshold(file: RuleFile, world: World) -> Iterator[Note]:
    bounds = [(one.control, bound) for one in file.rule.citations for bound in world.bounds.get(one.control, ())]
    if not bounds:
        return
    for asked in _asked(file.rule.require, scope_of(file.rule, world.kinds)):
        for control, bound in bounds:
            if (asked.kind, asked.pattern) == (bound.kind, bound.pattern) and getattr(bound, asked.word) is not None:
                yield from _compared(asked, control, bound, file.rule)


# ---- what a rule asks for ------------------------------------------------------------------------------------------------------


def _asked(node: Predicate, scope: Scope) -> Iterator[_Asked]:
    """The bounds that have to be kept for the rule to pass: not those of conditions, and none below `not` or `none`."""
    match node:
        case Leaf():
            place = scope.place(node.path)
            yield from _of_leaf(Standing(node, scope, place))
            if isinstance(node.test, Some | Every):
                yield from _asked(node.test.predicate, scope.inside(entered(place)))
        case AllOf(children) | AnyOf(children):
            for child in children:
                yield from _asked(child, scope)
        case IfThenElse(then=then, otherwise=otherwise):
            one, other = (tuple(_asked(branch, scope)) if branch is not None else () for branch in (then, otherwise))
            yield from (replace(asked, beside=(*asked.beside, *other)) for asked in one)
            yield from (replace(asked, beside=(*asked.beside, *one)) for asked in other)
        case _:
            pass  # a definition says what a rule may build on, and has no citations


def _of_leaf(found: Standing) -> Iterator[_Asked]:
    leaf, place = found.leaf, found.place
    match leaf.test:
        case Compares(order, Literally() | FromParam() as operand) if order in _LOW | _HIGH:
            word: Word = "at_least" if order in _LOW else "at_most"
            yield _ask(leaf, place, word, operand, said=order.replace("_", " "), strict=order in ("more_than", "less_than"))
        case Between(low, high):
            bounds: tuple[tuple[Word, Operand], ...] = (("at_least", low), ("at_most", high))
            for side, bound in bounds:
                if isinstance(bound, Literally | FromParam):
                    yield _ask(leaf, place, side, bound)
        case Compares("on_or_after" | "after", FromPath(Path("as_of", ()), by, -1)) if by is not None:
            yield _ask(leaf, place, "within", by)
        case Window("within_last", length):
            yield _ask(leaf, place, "within", length)
        case Cadence(at=at, every=every, tolerance=tolerance):
            dated = found.scope.inside(entered(place)).place(at)
            yield replace(_ask(leaf, dated, "every", every), extra=tolerance if isinstance(tolerance, Duration) else None)
        case _:
            pass


def _ask(leaf: Leaf, place: Place, word: Word, operand: Operand | Length, said: str = "", strict: bool = False) -> _Asked:
    value = operand.value if isinstance(operand, Literally) else operand
    below = "/every" if word == "every" else ""
    return _Asked(place.kind, place.pattern, word, value, leaf.place + below, said or _SAID[word], strict, "integer" in place.types)


# ---- against what the control asks for -----------------------------------------------------------------------------------------


def _compared(asked: _Asked, control: str, bound: Bound, rule: Rule) -> Iterator[Note]:
    wanted = f"{_SAID[asked.word]} {_shown(getattr(bound, asked.word))} ({bound.name})"
    if not isinstance(asked.value, FromParam):
        yield from _written(asked, bound, f"`{control}` for {wanted}")
        return
    parameter = rule.parameters[asked.value.name]
    side = "at_least" if asked.word == "at_least" else "at_most"
    limit = getattr(parameter, side)
    if parameter.default is not None and _weaker(asked, parameter.default, bound):
        message = f"the default of `{parameter.name}` is {_shown(parameter.default)}, and `{control}` asks for {wanted}"
        yield Note(("params", parameter.name, "default"), message, _WEAKER)
    elif limit is None or _weaker(asked, limit, bound):
        message = f"the bounds of `{parameter.name}` allow what breaks `{control}`, which asks for {wanted}"
        yield Note(("params", parameter.name, "bounds"), message, f"give it the bound `{side}: {_shown(getattr(bound, asked.word))}`")


_WEAKER = "ask for what the control asks for; where less is enough, the catalogue may say so by `lesser`"
_STRICTER = "a fail would count against a control that is kept: cite the control that asks for this, or silence the lint and say who does"


def _written(asked: _Asked, bound: Bound, wanted: str) -> Iterator[Note]:
    tolerance = f" and a tolerance of {asked.extra}" if asked.extra is not None else ""
    message = f"the rule asks for {asked.said} {_shown(asked.value)}{tolerance}, and {wanted}"
    if _weaker(asked, asked.value, bound):
        yield Note(pointer_at(asked.place), message, _WEAKER)
    elif _stricter(asked, asked.value, bound):
        yield Note(pointer_at(asked.place), message, _STRICTER)


def _weaker(asked: _Asked, value: Any, bound: Bound) -> bool:
    """Whether something may keep the rule and break the control."""
    if asked.word in ("every", "within"):
        return _most_days(asked, value) > days_of(getattr(bound, asked.word))[1]
    enough = bound.lesser if bound.lesser is not None and _is_special(asked, bound) else getattr(bound, asked.word)
    given = _number(asked, value)
    return given is not None and (given < enough if asked.word == "at_least" else given > enough)


def _is_special(asked: _Asked, bound: Bound) -> bool:
    """Whether the other branch of an `if` asks for the whole bound, by number or by a parameter, whose own bounds are looked at there."""
    same = [other for other in asked.beside if (other.kind, other.pattern, other.word) == (asked.kind, asked.pattern, asked.word)]
    whole = replace(bound, lesser=None)
    return any(isinstance(other.value, FromParam) or not _weaker(other, other.value, whole) for other in same)


def _stricter(asked: _Asked, value: Any, bound: Bound) -> bool:
    """Whether something may keep the control and break the rule."""
    if asked.word in ("every", "within"):
        return _most_days(asked, value) < days_of(getattr(bound, asked.word))[0]
    given, wanted = _number(asked, value), getattr(bound, asked.word)
    beyond = given is not None and (given > wanted if asked.word == "at_least" else given < wanted)
    return beyond or (given == wanted and asked.strict and not asked.whole)


def _most_days(asked: _Asked, value: Any) -> Fraction:
    extra = days_of(asked.extra)[1] if asked.extra is not None else Fraction(0)
    return (days_of(value)[1] if isinstance(value, Duration) else Fraction(0)) + extra


def _number(asked: _Asked, value: Any) -> Fraction | None:
    """The bound as `at_least` or `at_most` would state it; `more_than: 11` asks whole numbers for at least 12."""
    given = exact(value)
    if given is None or not (asked.strict and asked.whole):
        return None if given is None else Fraction(given)
    return Fraction(floor(given) + 1 if asked.word == "at_least" else ceil(given) - 1)


def _shown(value: Any) -> str:
    return number_text(value) if isinstance(value, int | Fraction) else str(value)


THRESHOLD_CONTRADICTS_CONTROL = Lint(
    id="threshold-contradicts-control",
    title="A rule asks for another number than the control that it cites",
    why="""\
A catalogue may state under `parameters` of a control what it asks of a value that rules compare. `on` is a kind and a source, as in
definitions; `at_least` and `at_most` are numbers; `every` and `within` are durations, for `cadence` and for the age of a date;
`lesser` is a number that is enough in one branch of an `if` whose other branch asks for the whole. A rule that asks for less passes
what breaks the control. One that asks for more fails what keeps it. The bounds of a rule's parameter count too: it may be set to
whatever they allow.""",
    failing="require: {longest_wait: {at_most: 90}}\n",
    passing="require: {longest_wait: {at_most: 60}}\n",
    check=for_rules(_threshold),
    more={
        "catalogues/house-1.yaml": """\
controls:
  - id: "1"
    title: Callers are served
    kind: requirement
    status: partial
    parameters:
      longest_wait: {on: queue/longest_wait, at_most: 60}
"""
    },
)

# ---- parameters of controls that lead nowhere ------------------------------------------------------------------------------------


def _lost_parameter(subject: Subject, world: World) -> Iterator[Note]:
    if not isinstance(subject, CatalogueFile):
        return
    standard = subject.name.removeprefix("catalogues/")
    for number, control in enumerate(subject.text.value["controls"]):
        for bound in world.bounds.get(f"{standard}/{control['id']}", ()):
            lost = _lost(bound, world.kinds)
            if lost:
                at: Pointer = ("controls", number, "parameters", bound.name, "on")
                yield Note(
                    at,
                    f"the parameter `{bound.name}` of `{control['id']}` is on {lost}",
                    "`on` is a kind and a source, as in `queue/longest_wait`",
                )


def _lost(bound: Bound, kinds: Mapping[str, Kind]) -> str:
    if bound.kind not in kinds:
        return f"`{bound.kind}`, and there is no such kind"
    try:
        Scope(body_of(bound.kind, kinds[bound.kind].shape())).place(Path(HERE, bound.pattern))
    except NoPlace as error:
        return f"a place that there is not: {error}"
    return ""


LOST_PARAMETER = Lint(
    id="lost-parameter",
    title="A parameter of a control on a place that no schema has",
    why="""\
A parameter of a control is compared with rules that look at the same place of the same kind. If the kind or the field has been
renamed, or was never there, it is compared with nothing, and `threshold-contradicts-control` is silent for the wrong reason.""",
    failing="""\
controls:
  - id: "1"
    title: Callers are served
    kind: requirement
    status: partial
    parameters: {longest_wait: {on: queue/longest_whait, at_most: 60}}
""",
    passing="""\
controls:
  - id: "1"
    title: Callers are served
    kind: requirement
    status: partial
    parameters: {longest_wait: {on: queue/longest_wait, at_most: 60}}
""",
    check=_lost_parameter,
    file="catalogues/house-1.yaml",
)

LINTS = (THRESHOLD_CONTRADICTS_CONTROL, LOST_PARAMETER)
