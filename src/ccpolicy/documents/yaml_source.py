"""YAML text -> value by the core schema of YAML 1.2: libyaml gives events, and an explicit stack makes maps and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from sys import intern
from typing import Any, Final

import yaml

from ccpolicy.documents.number import MAX_DIGITS, NoNumber, read_fraction, read_integer
from ccpolicy.documents.text import MAX_DEPTH, MAX_PROBLEMS, Shared, both_places, naming, place_bytes, read_utf8
from ccpolicy.documents.values import Json
from ccpolicy.errors import Problem, Refused

MAX_ALIAS_NODES = 100_000  # values that the aliases of one document may repeat

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # used for its events only: it makes no values here

_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]")
_INTEGER = re.compile(r"[-+]?[0-9]++")
_OTHER_INTEGER = re.compile(r"0o[0-7]++|0x[0-9a-fA-F]++")
_FRACTION = re.compile(r"[-+]?(?:\.[0-9]++|[0-9]++(?:\.[0-9]*+)?)(?:[eE][-+]?[0-9]++)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAYBE_NO_TEXT = frozenset("-+.0123456789~nNtTfF")  # how a plain scalar starts that may be no text
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE = "tag:yaml.org,2002:"
_TYPES: Final[dict[str, tuple[type, ...]]] = {
    f"{_CORE}null": (type(None),),
    f"{_CORE}bool": (bool,),
    f"{_CORE}int": (int,),
    f"{_CORE}float": (float, Decimal),
}
_MISSING = object()
_OPEN = object()  # stands for an anchored map or list that is not yet closed
_NAMES = {"@": "commercial at", "`": "backquote", "%": "percent sign"}
_MORE_THAN_ONE = "one document in a file; several stand in NDJSON, or in several files"


class _NotFinite(NoNumber):
    """An infinity, or no number at all."""

    code = "not-finite"


class _Misfit(ValueError):
    """The tag does not fit the scalar."""


def parse_yaml(data: bytes, file: str) -> Json:
    """The value of a YAML file. Raises Refused with all that is wrong, up to what makes the rest unreadable."""
    builder = _Builder(file)
    try:
        for event in events_of(data, file):
            builder.take(event)
    except Refused as refused:
        builder.problems += refused.problems
    except _Stop:
        pass
    if not builder.problems and not builder.documents:
        builder.problems.append(Problem(file, 1, 1, "empty", "there is nothing in it", "delete it, list it under `ignore`, or fill it"))
    if builder.problems:
        raise Refused(sorted(builder.problems))
    return builder.root


def events_of(data: bytes, file: str) -> Iterator[Any]:
    """The events of a YAML file. Raises Refused where it is no YAML, in the middle of the events or before them."""
    body = read_utf8(data, file)
    if found := _UNPRINTABLE.search(body):
        line, column = place_bytes(body, [found.start()])[found.start()]
        message = f"the character U+{ord(found[0].decode()):04X} may not stand in YAML as it is"
        hint = 'write it as an escape in double quotes, such as "\\u0085"'
        raise Refused([Problem(file, line, column, "control-character", message, hint)])
    try:
        yield from yaml.parse(body, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise Refused([_syntax(error, body.decode(), file)]) from None


def _syntax(error: yaml.YAMLError, text: str, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    line, column, index = (mark.line + 1, mark.column + 1, mark.index) if mark else (1, 1, 0)
    if "end of stream" in reason or index >= len(text.rstrip()):
        return Problem(file, line, column, "truncated", "the text ends before the value does", f"the parser says: {reason}")
    if "Unicode character escape" in reason:
        return Problem(file, line, column, "surrogate", "the escape stands for no character", "write the character itself")
    return Problem(file, line, column, "syntax", f"this is not YAML: {reason}", _hint(text[index], reason))


def _hint(character: str, reason: str) -> str:
    if character == "\t":
        return "a tab cannot indent YAML; use spaces"
    if character and character in "@`%" and "cannot start" in reason:
        return f"a text that starts with a {_NAMES[character]} stands in quotes"
    return "a text that holds a colon and a blank stands in quotes" if "mapping values" in reason else ""


class _Stop(Exception):
    """Reading cannot go on: the last problem says why."""


@dataclass(slots=True)
class _Frame:
    """A map or list that is open. In a map, `key` is the key whose value comes next."""

    holder: dict[str, Json] | list[Json]
    start: Any
    anchor: str | None
    key: str | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)  # the line and the column of each


@dataclass(slots=True)
class _Builder:
    file: str
    problems: list[Problem] = field(default_factory=list)
    frames: list[_Frame] = field(default_factory=list)
    anchors: dict[str, Json] = field(default_factory=dict)
    root: Json = None
    documents: int = 0
    repeated: int = 0
    shared: Shared = field(default_factory=Shared)

    def take(self, event: Any) -> None:
        """Takes one event in."""
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
            if type(value) is str:
                value = self.shared[value]
            if event.anchor:
                self.anchors[event.anchor] = value
            self._add(value, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._add(self._alias(event), event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._stop(event, "several-documents", "a second document starts here", _MORE_THAN_ONE)

    def _problem(self, event: Any, code: str, message: str, hint: str = "") -> None:
        mark = event.start_mark
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, code, message, hint))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop

    def _stop(self, event: Any, code: str, message: str, hint: str) -> _Stop:
        self._problem(event, code, message, hint)
        return _Stop()

    def _add(self, value: Json, event: Any) -> None:
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        if isinstance(frame.holder, list):
            frame.holder.append(value)
        elif frame.key is None:
            frame.key = self._key(frame, value, event)
        else:
            frame.holder[frame.key] = value
            frame.key = None

    def _key(self, frame: _Frame, value: Json, event: Any) -> str:
        if not isinstance(value, str):
            what = "a list or a map" if isinstance(value, dict | list) else "a null, a boolean or a number"
            self._problem(event, "key-not-text", f"the key is {what}, not a text", "put the key in quotes")
            return ""
        if value == "<<" and getattr(event, "implicit", (False,))[0]:
            hint = 'repeat the keys, or quote it ("<<") if this is really the name of the key'
            self._problem(event, "merge-key", "YAML 1.2 has no merge key `<<`", hint)
        place = event.start_mark.line + 1, event.start_mark.column + 1
        if value in frame.keys:
            message = f"{naming(value)} stands twice{both_places(frame.keys[value], place)}"
            self._problem(event, "duplicate-key", message, "keep one of them")
        key = intern(value)
        frame.keys.setdefault(key, place)
        return key

    def _open(self, event: Any) -> None:
        if len(self.frames) == MAX_DEPTH:
            message = f"more than {MAX_DEPTH} lists and maps stand within one another"
            raise self._stop(event, "too-deep", message, "the rest of the document was not read")
        is_map = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in (None, "!", f"{_CORE}map" if is_map else f"{_CORE}seq"):
            self._unknown_tag(event)
        if event.anchor:
            self.anchors[event.anchor] = _OPEN
        self.frames.append(_Frame({} if is_map else [], event, event.anchor))

    def _close(self) -> None:
        frame = self.frames.pop()
        if frame.anchor:
            self.anchors[frame.anchor] = frame.holder
        self._add(frame.holder, frame.start)

    def _scalar(self, event: Any) -> Json:
        text: str = event.value
        try:
            if event.tag is None:
                return resolve_plain(text) if event.implicit[0] else text
            return text if event.tag in ("!", f"{_CORE}str") else _tagged(event.tag, text)
        except NoNumber as error:
            self._problem(event, error.code, str(error), "leave the key out, or write a text, in quotes")
        except _Misfit:
            self._unknown_tag(event)
        return None

    def _alias(self, event: Any) -> Json:
        target = self.anchors.get(event.anchor, _MISSING)
        if target is _OPEN:
            raise self._stop(event, "recursive-alias", "the alias stands inside of what it names", "a document holds no endless values")
        if target is _MISSING:
            raise self._stop(
                event, "syntax", "the alias names no anchor above it", "an anchor (`&name`) stands before its aliases (`*name`)"
            )
        return self._repeat(target, len(self.frames), event)

    def _repeat(self, value: Json, depth: int, event: Any) -> Json:
        """A copy of an anchored value: nobody shares it."""
        self.repeated += 1
        if self.repeated > MAX_ALIAS_NODES:
            message = f"the aliases of the document repeat more than {MAX_ALIAS_NODES} values"
            raise self._stop(event, "alias-bomb", message, "write the values out, or use fewer aliases")
        if not isinstance(value, dict | list):
            return value
        if depth == MAX_DEPTH:
            message = f"with its aliases, more than {MAX_DEPTH} lists and maps stand within one another"
            raise self._stop(event, "too-deep", message, "the rest of the document was not read")
        if isinstance(value, dict):
            return {key: self._repeat(member, depth + 1, event) for key, member in value.items()}
        return [self._repeat(member, depth + 1, event) for member in value]

    def _unknown_tag(self, event: Any) -> None:
        message = "the tag is none of the core schema, or does not fit what it stands before"
        self._problem(event, "unknown-tag", message, "take the tag away; quotes make a text")


def resolve_plain(text: str) -> Json:
    """What a plain scalar is in the core schema. Raises NoNumber."""
    if text and text[0] not in _MAYBE_NO_TEXT:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return read_integer(text)
    if _OTHER_INTEGER.fullmatch(text):
        return _other_integer(text)
    if _FRACTION.fullmatch(text):
        return read_fraction(text)
    if _NOT_FINITE.fullmatch(text):
        raise _NotFinite("infinities, and what is not a number, have no place in a document")
    return text


def _other_integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise NoNumber(f"the number has more than {MAX_DIGITS} digits")
    return int(text, 0)


def _tagged(tag: str, text: str) -> Json:
    """The value of a scalar with an explicit tag of the core schema. Raises _Misfit where it is another."""
    if tag == f"{_CORE}float" and _INTEGER.fullmatch(text):
        return read_fraction(text)
    value = resolve_plain(text)
    if type(value) not in _TYPES.get(tag, ()):
        raise _Misfit
    return value
