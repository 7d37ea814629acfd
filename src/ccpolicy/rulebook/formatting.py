"""Rule, cases and definition files in the house style: the same value and the same comments, in one order and one layout."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from ccpolicy.documents.source import read_value
from ccpolicy.errors import Refused
from ccpolicy.rulebook import syntax
from ccpolicy.rulebook.formatting_layout import laid_out
from ccpolicy.rulebook.formatting_text import ROW, WIDTH
from ccpolicy.rulebook.formatting_tree import BLANK, Node, comments_of, tree_of

Form: TypeAlias = Literal["rule", "cases", "definition"]
Place: TypeAlias = "tuple[str, ...]"  # `*` for any key or position

_MODELINE = "# yaml-language-server:"


def _words(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in model.model_fields.items())


# The order of keys, where there is one: predicates and the bodies of documents stay as their author wrote them.
_ORDERS: Mapping[Form, Mapping[Place, tuple[str, ...]]] = {
    "rule": {
        (): _words(syntax.RuleModel),
        ("controls", "*"): _words(syntax.ControlLink),
        ("params", "*"): _words(syntax.ParamModel),
        ("with", "*"): _words(syntax.JoinModel),
    },
    "cases": {
        (): _words(syntax.CasesModel),
        ("cases", "*"): ("name", "as_of", "open", "params", "organisation", "documents", "expect"),
        ("cases", "*", "expect"): _words(syntax.ExpectModel),
    },
    "definition": {(): _words(syntax.DefinitionModel)},
}
_KEYS: Mapping[Form, frozenset[str]] = {form: frozenset(orders[()]) for form, orders in _ORDERS.items()}
_TELLING: Mapping[Form, frozenset[str]] = {
    "rule": frozenset({"applies_to", "require"}),
    "cases": frozenset({"rule", "cases"}),
    "definition": frozenset({"on", "predicate"}),
}


class Unfaithful(Exception):
    """A bug of ours: what was formatted does not say what stood there."""


def form_of_value(value: object) -> Form | None:
    """Which of the three a value is, by its keys; None if it is none of them."""
    keys = frozenset(value) if isinstance(value, dict) else frozenset()
    return next((form for form, telling in _TELLING.items() if telling <= keys and (form == "rule" or keys <= _KEYS[form])), None)


def is_form(value: object, form: Form) -> bool:
    """Whether a value may be what its place in a pack says: a map with a key that tells."""
    return isinstance(value, dict) and bool(_TELLING[form] & frozenset(value))


def formatted(data: bytes, value: Any, shown: str, syntax_: Literal["json", "yaml"], form: Form) -> str:
    """The file in the house style. `value` is what was read from it. Raises Refused for what the style does not know, and Unfaithful."""
    if syntax_ == "json":
        text = _as_json(data, form)
        _check(value, _read(text, shown, "json"))
        return text
    tree = tree_of(data, shown)
    comments = Counter(comments_of(tree))
    if not _has_alias(tree):  # an alias has to stay below its anchor
        _order(tree, form, ())
    text = laid_out(tree, ROW if form == "cases" else WIDTH)
    _check(value, _read(text, shown, "yaml"))
    if Counter(comments_of(tree_of(text.encode(), shown))) != comments:
        raise Unfaithful("a comment was lost")
    return text


def _read(text: str, shown: str, syntax_: Literal["json", "yaml"]) -> Any:
    try:
        return read_value(text.encode(), shown, syntax_)
    except Refused as refused:
        raise Unfaithful(str(refused)) from None


def _check(before: Any, after: Any) -> None:
    if not _same(before, after):
        raise Unfaithful("a value was changed")


def _same(left: Any, right: Any) -> bool:
    """Whether two values are the same: 1 is neither 1.0 nor true; the order of keys does not count."""
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_same, left, right))
    return type(left) is type(right) and bool(left == right)


# ---- the order of keys


def _fits(place: Place, pattern: Place) -> bool:
    return len(place) == len(pattern) and all(want in ("*", token) for token, want in zip(place, pattern, strict=True))


def _ranks(keys: Sequence[str], form: Form, place: Place) -> list[int]:
    """The positions of the keys in their order: known ones first."""
    words = next((words for pattern, words in _ORDERS[form].items() if _fits(place, pattern)), ())
    rank = {word: number for number, word in enumerate(words)}
    return sorted(range(len(keys)), key=lambda number: rank.get(keys[number], len(rank)))


def _order(node: Node, form: Form, place: Place) -> None:
    if node.kind == "map":
        order = _ranks([key.text for key, _ in node.entries], form, place)
        if not place and order[:1] not in ([], [0]):
            _hand_over(node)
        node.entries = [node.entries[number] for number in order]
    for key, value in node.entries:
        _order(value, form, (*place, key.text))
    for item in node.items:
        _order(item, form, (*place, "*"))


def _hand_over(root: Node) -> None:
    """Gives the comments at the top that are about the first key to it: those below the last empty line, and below a modeline."""
    stays = max((number + 1 for number, text in enumerate(root.above) if text == BLANK or text.startswith(_MODELINE)), default=0)
    key = root.entries[0][0]
    key.above = [*root.above[stays:], *(text for text in key.above if text != BLANK)]
    root.above = root.above[:stays]


def _has_alias(node: Node) -> bool:
    return node.kind == "alias" or any(map(_has_alias, node.members))


# ---- JSON


class _Number(str):
    """A number as it is written."""


def _as_json(data: bytes, form: Form) -> str:
    value = json.loads(data.decode("utf-8-sig"), parse_int=_Number, parse_float=_Number)
    return _json(value, form, (), "") + "\n"


def _json(value: Any, form: Form, place: Place, indent: str) -> str:
    inner = f"{indent}  "
    match value:
        case _Number():
            return str(value)
        case dict() if value:
            keys = list(value)
            order = [keys[number] for number in _ranks(keys, form, place)]
            lines = [f"{inner}{json.dumps(key, ensure_ascii=False)}: {_json(value[key], form, (*place, key), inner)}" for key in order]
            return "{\n" + ",\n".join(lines) + f"\n{indent}}}"
        case list() if value:
            lines = [inner + _json(item, form, (*place, "*"), inner) for item in value]
            return "[\n" + ",\n".join(lines) + f"\n{indent}]"
        case _:
            return json.dumps(value, ensure_ascii=False)
