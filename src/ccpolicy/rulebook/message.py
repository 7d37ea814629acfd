"""The message of a rule: its text, with placeholders for what is known at a focus."""

from __future__ import annotations

import re

from ccpolicy.errors import did_you_mean
from ccpolicy.language.scope import Scope
from ccpolicy.rulebook.ledger import Ledger
from ccpolicy.rulebook.rule import Placeholder, Template

_HOLE = re.compile(r"\{([^{}]*)\}")
_AT = ("message",)


def template(text: str, scope: Scope, ledger: Ledger) -> Template:
    """The parts of a message; complaints about its placeholders are noted."""
    parts: list[str | Placeholder] = []
    start = 0
    for hole in _HOLE.finditer(text):
        parts += [_plain(text[start : hole.start()], ledger), _placeholder(hole[1], scope, ledger)]
        start = hole.end()
    parts.append(_plain(text[start:], ledger))
    return tuple(part for part in parts if part != "")


def _plain(text: str, ledger: Ledger) -> str:
    found = re.search(r"\{|\}", text)
    if found:
        what = "is not closed" if found[0] == "{" else "closes nothing"
        cut = text[found.start() :][:20] if found[0] == "{" else text[: found.end()][-20:]
        hint = "placeholders are written {path}; a message has no other braces"
        ledger.complain(_AT, "bad-placeholder", f"the brace in `{cut}` {what}", hint)
    return text


def _placeholder(word: str, scope: Scope, ledger: Ledger) -> Placeholder:
    if word in ("expected", "actual", "pointer", "as_of"):
        return Placeholder(word)
    if word.startswith("param."):
        name = word.removeprefix("param.")
        if name not in ledger.params and ("params", name) not in ledger.lost:
            hint = did_you_mean(name, ledger.params) or "name it under `params` of the rule"
            ledger.complain(_AT, "unknown-param", f"there is no parameter `{name}`", hint)
        return Placeholder(word)
    if word.startswith("params."):
        ledger.complain(_AT, "bad-placeholder", f"`{{{word}}}` is no placeholder", f"did you mean `{{param.{word[7:]}}}`?")
        return Placeholder(word)
    found = ledger.path(word, scope, _AT)
    return Placeholder(word, None if found is None else found[0])
