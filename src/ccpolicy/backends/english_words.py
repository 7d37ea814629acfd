"""The words of plain English: values, durations, paths, operands and lists, and what a rule's own names are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, assert_never

from ccpolicy.backends.phrases import value_text
from ccpolicy.documents.moment import Duration
from ccpolicy.documents.path import WILD, Path
from ccpolicy.language.derived import Foci, Join, Measure
from ccpolicy.language.expr import FromParam, FromPath, Length, Listed, Literally, Operand, Values

BREATH = 30  # words that a line may have; what would be longer becomes a list
_SHOWN = 6  # values named in a sentence; more of them become a list
_UNITS = {"D": "day", "W": "week", "M": "month", "Y": "year"}
_CLOCK = {"H": "hour", "M": "minute", "S": "second"}
_LENGTH = re.compile(r"(\d+)([YMWDHS])")
_ALONE = {"an": "one", "every": "every one", "no": "none"}  # words that need another form before `of the ...`
AS_OF = "the date of assessment"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or phrase, and the list that it introduces."""

    text: str
    parts: tuple[Said, ...] = ()

    def __str__(self) -> str:
        return plain(self)


class Setting(Protocol):
    """What is said of a parameter beside its name: a rule's parameter has it all."""

    @property
    def default(self) -> Any: ...
    @property
    def at_least(self) -> Any: ...
    @property
    def at_most(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Names:
    """How names are spoken: `focus` and `period` as nouns, kinds by their titles, joins by their `as`."""

    focus: str = "focus"
    period: str = "period"
    joins: Mapping[str, Join] = field(default_factory=dict)
    measures: Mapping[str, Measure] = field(default_factory=dict)
    params: Mapping[str, Setting | None] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)  # of kinds


def names_of(
    foci: Foci,
    joins: Mapping[str, Join],
    measures: Mapping[str, Measure],
    params: Mapping[str, Setting | None],
    titles: Mapping[str, str] | None = None,
) -> Names:
    """The names of a rule, given its parts and the titles of the kinds, where they are known."""
    period = "period" if foci.per is None else foci.per.unit
    names = Names("", period, joins, measures, params, titles or {})
    return replace(names, focus=noun(foci.kind, names) if foci.each is None else member_noun(foci.each))


def plain(said: Said) -> str:
    """All on one line; lists stand in brackets."""
    return f"{said.text} ({'; '.join(plain(part) for part in said.parts)})" if said.parts else said.text


def words_in(text: str) -> int:
    """The words of a text, as it takes breath to read it: ten letters in backticks are about a word."""
    spans = re.findall(r"`[^`]*`", text)
    return len(re.sub(r"`[^`]*`", "x", text).split()) + sum(len(span) // 10 for span in spans)


def led(lead: str, said: Said) -> Said:
    """The lead (which ends in a space) before what is said; what cannot be said in one breath becomes a list of one."""
    if words_in(lead + said.text) <= BREATH:
        return Said(lead + said.text, said.parts)
    return Said(lead.rstrip(" ,") + ":", (said,))


# ---- nouns ---------------------------------------------------------------------------------------------------------------------


def noun(kind: str, names: Names) -> str:
    """What one document of a kind is called."""
    title = names.titles.get(kind) or kind.replace("-", " ")
    first, _, rest = title.partition(" ")
    proper = first[1:] != first[1:].lower() or rest[:1].isupper()  # ASV scan, Amazon Connect flow
    return title if proper else title[:1].lower() + title[1:]


def plural(text: str) -> str:
    """The plural of a noun that has a regular one; of another, at worst an odd word."""
    if re.search(r"[^aeiou]y\Z", text):
        return text[:-1] + "ies"
    if text.endswith("sis"):
        return text[:-2] + "es"
    if re.search(r"(ss|x|ch|sh)\Z", text):
        return text + "es"
    return text if text.endswith("s") else text + "s"


def every(one: str) -> str:
    """`every agent`, `every set of attributes`."""
    return f"every set of {one}" if re.search(r"[^aisu]s\Z", one) else f"every {one}"


def member_noun(source: Path) -> str:
    """What the members are called that a source selects."""
    above = source.steps[:-1] if source.steps and source.steps[-1] == WILD else source.steps
    return f"{code(Path(source.root, above))} entry" if above else "entry"


def owned(owner: str) -> str:
    """`this agent's`."""
    return f"this {owner}'" if owner.endswith("s") and not owner.endswith("ss") else f"this {owner}'s"


def listing(texts: Sequence[str], word: str = "and") -> str:
    """`a, b and c`."""
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def counted(number: int, word: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number} {word if number == 1 else plural(word)}"


def code(text: object) -> str:
    """A name or text as it is written, in backticks."""
    return f"`{str(text).replace('`', 'ˋ')}`"


# ---- values --------------------------------------------------------------------------------------------------------------------


def value_said(value: Any) -> str:
    """A value written in the rule."""
    if isinstance(value, str):
        return code(value) if value else "the empty text"
    return duration_said(value) if isinstance(value, Duration) else value_text(value)


def duration_said(duration: Duration) -> str:
    """`1 year and 6 months`, as it is written: 90 days are not 3 months."""
    days, _, clock = duration.text.partition("T")
    units = [counted(int(number), _UNITS[unit]) for number, unit in _LENGTH.findall(days)]
    units += [counted(int(number), _CLOCK[unit]) for number, unit in _LENGTH.findall(clock)]
    return listing(units)


def parameter_said(name: str, names: Names) -> str:
    """`max_days` (90 by default, at most 365)."""
    setting = names.params.get(name)
    if setting is None:
        return f"{code(name)} (a parameter)"
    default = "to be set" if setting.default is None else f"{_default_said(setting.default)} by default"
    return f"{code(name)} ({', '.join([default, *bounds_said(setting)])})"


def _default_said(default: Any) -> str:
    return listing([value_said(item) for item in default]) if isinstance(default, tuple) else value_said(default)


def bounds_said(setting: Setting) -> list[str]:
    """The bounds of a parameter, as far as it has them."""
    low, high = (None if bound is None else value_said(bound) for bound in (setting.at_least, setting.at_most))
    if low and high:
        return [f"from {low} to {high}"]
    return [f"at least {low}"] if low else [f"at most {high}"] if high else []


def length_said(length: Length, names: Names) -> str:
    """A duration, written or set."""
    return duration_said(length) if isinstance(length, Duration) else parameter_said(length.name, names)


def quantity_said(value: Any, names: Names) -> str:
    """A number, written or set."""
    return parameter_said(value.name, names) if isinstance(value, FromParam) else value_said(value)


# ---- paths ---------------------------------------------------------------------------------------------------------------------


def is_join(path: Path, names: Names) -> bool:
    """Whether the path is the collection of a join."""
    return path.root in names.joins and not path.steps


def place_said(path: Path, names: Names) -> str:
    """What a path selects: `x`, the agent's `x`, the date of assessment."""
    inner = code(Path("", path.steps))
    if not path.root:
        return inner if path.steps else "it"
    if path.root in names.joins:
        return _collection(names.joins[path.root])
    if path.root in names.measures:
        return f"the measure {code(path.root)}"
    if path.root == "as_of":
        return AS_OF
    if path.root == "period" and path.steps in (("from",), ("to",)):
        return f"the {'first' if path.steps == ('from',) else 'last'} day of the {names.period}"
    owner = names.focus if path.root == "focus" else path.root
    return f"{owned(owner)} {inner}" if path.steps else f"this {owner}"


def _collection(join: Join) -> str:
    return join.phrase if join.phrase.lower().startswith("the ") else f"the {join.phrase}"


def entries_said(path: Path, names: Names) -> str:
    """The members of a collection, in the plural: `the interval records`, `the entries of x`."""
    if is_join(path, names):
        return place_said(path, names)
    if WILD in path.steps:
        return f"all that {place_said(path, names)} selects"
    return f"the entries of {place_said(path, names)}"


def number_of_said(path: Path, names: Names) -> str:
    """How many members there are, without an article: `number of interval records`."""
    return f"number of {entries_said(path, names).removeprefix('the ')}"


def none_there_said(path: Path, names: Names) -> str:
    """That a collection is empty."""
    if is_join(path, names):
        return f"there are no {place_said(path, names).removeprefix('the ')}"
    return f"{place_said(path, names)} has no entries"


def out_of_said(word: str, path: Path, names: Names) -> str:
    """`at least one of the scans`, `every entry of x`; `word` is `at least one`, `every` or `no`."""
    if not is_join(path, names):
        return f"{word} entry of {place_said(path, names)}"
    return f"{_ALONE.get(word, word)} of {place_said(path, names)}"


# ---- operands ------------------------------------------------------------------------------------------------------------------


def operand_said(operand: Operand, names: Names) -> str:
    """The other side of a comparison."""
    match operand:
        case Literally(value):
            return value_said(value)
        case FromPath(path, by, sign):
            return place_said(path, names) if by is None else _moved(path, by, sign, names)
        case FromParam(name):
            return parameter_said(name, names)
        case _:
            assert_never(operand)


def _moved(path: Path, by: Length, sign: int, names: Names) -> str:
    unit = "moment" if isinstance(by, Duration) and by.seconds else "day"
    return f"the {unit} {length_said(by, names)} {'after' if sign > 0 else 'before'} {place_said(path, names)}"


def likeness_said(operand: Operand, names: Names) -> str:
    """The same where the operand could be taken for a text in the rule."""
    found = operand_said(operand, names)
    return f"the value of {found}" if isinstance(operand, FromPath | FromParam) and found.startswith("`") else found


def either_said(values: Values, negated: bool, names: Names) -> Said:
    """`is either a or b`, `is one of a, b and c`, or not."""
    listed = [operand_said(value, names) for value in values.values] if isinstance(values, Listed) else []
    match listed:
        case [only]:
            return Said(f"is not {only}" if negated else f"is {only}")
        case [first, second]:
            return Said(f"is neither {first} nor {second}" if negated else f"is either {first} or {second}")
        case _:
            return values_said(values, "is none of" if negated else "is one of", names)


def values_said(values: Values, quantity: str, names: Names) -> Said:
    """`contains all of` (or another verb) a list: written, set or found; a long one is a list of its own."""
    match values:
        case Listed(listed):
            return _listed([operand_said(value, names) for value in listed], quantity)
        case FromPath(path):
            return Said(f"{quantity} {entries_said(path, names)}")
        case FromParam(name):
            return Said(f"{quantity} the values of {parameter_said(name, names)}")
        case _:
            assert_never(values)


def _listed(texts: Sequence[str], quantity: str) -> Said:
    if len(texts) > _SHOWN:
        return Said(f"{quantity} these:", tuple(Said(text) for text in texts))
    return Said(f"{quantity} {listing(texts)}")


def joined(texts: Iterable[str], word: str) -> str:
    """Clauses joined by `and` or `or`, with a comma where one of them has such a word itself."""
    clauses = list(texts)
    if any(re.search(r" (and|or) ", clause) for clause in clauses) or len(clauses) > 2:
        return f"{', '.join(clauses[:-1])}, {word} {clauses[-1]}"
    return f" {word} ".join(clauses)
