"""Lints about the words of a rule: its id, title, message, remediation, and why it cites a control."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ccpolicy.analysis.lint.lint import Lint, Note, RuleFile, World, for_rules

_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_LOUD = 5  # letters of a word in capitals that is no abbreviation
LEAST_WHY, LEAST_PARTIAL, LEAST_REMEDIATION, LEAST_TITLE = 4, 8, 4, 3  # words


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return [word.casefold() for word in _WORD.findall(text)]


def _copies(text: str, others: dict[str, str]) -> str:
    """What the text repeats word for word, or the empty string."""
    said = words_of(text)
    return next((name for name, other in others.items() if said == words_of(other)), "")


# ---- id and title --------------------------------------------------------------------------------------------------------------


def _id_and_path(file: RuleFile, world: World) -> Iterator[Note]:
    rule = file.rule
    for part in rule.id.split("/"):
        if not _KEBAB.fullmatch(part):
            hint = "write small letters and digits, words joined by a hyphen, and name the file after it"
            yield Note(("id",), f"`{part}` in the id is not kebab-case", hint)
    if len(words_of(rule.title)) < LEAST_TITLE:
        yield Note(("title",), f"the title `{rule.title}` is no sentence", "say what holds where the rule passes")
    elif not rule.title[:1].isalnum() or rule.title[:1] != rule.title[:1].upper():
        yield Note(("title",), f"the title starts with `{rule.title[:1]}`", "begin it with a capital letter")
    if rule.title.rstrip()[-1:] in (".", "!", "…"):
        mark = rule.title.rstrip()[-1]
        yield Note(("title",), f"the title ends in `{mark}`", "leave it out: titles stand in lists, and reports set their own marks")
    loud = [word for word in _WORD.findall(rule.title) if len(word) >= _LOUD and word.isalpha() and word.isupper()]
    if loud:
        yield Note(("title",), f"the title shouts `{loud[0]}`", "write it in small letters")


ID_AND_PATH = Lint(
    id="id-and-path",
    title="The id is not kebab-case, or the title is no plain sentence",
    why="""\
An id is typed: after `--rule`, in waivers, in `lint.yaml`. It is also a path, and some systems do not tell capitals from small
letters. A title stands in lists and at the head of findings, so it is a sentence that says what holds where the rule passes, without
a full stop and without shouting. Abbreviations such as PCI and MFA are no shouting.""",
    failing="title: WAITING is too long!\n",
    passing="title: Callers wait no longer than was agreed\n",
    check=for_rules(_id_and_path),
)

# ---- why a control is cited ----------------------------------------------------------------------------------------------------


def _missing_why(file: RuleFile, world: World) -> Iterator[Note]:
    for number, citation in enumerate(file.rule.citations):
        at = ("controls", number, "why")
        said = words_of(citation.why)
        titles = {"the title of the rule": file.rule.title, "the title of the control": world.titles[citation.control]}
        copied = _copies(citation.why, titles)
        if len(said) < LEAST_WHY:
            what = "nothing" if not said else f"only `{citation.why.strip()}`"
            yield Note(at, f"`why` says {what} of `{citation.control}`", "say which part of the control the rule shows, and how")
        elif copied:
            yield Note(at, f"`why` repeats {copied}", "say what links the two: which part of the control the rule shows, and how")


MISSING_WHY = Lint(
    id="missing-why",
    title="A citation does not say why the rule is evidence for the control",
    why="""\
An auditor asks of every citation what one has to do with the other. A `why` that is empty, that has fewer than four words or that
repeats a title leaves the answer to whoever is asked.""",
    failing="controls:\n  - {control: house-1/1, coverage: partial, why: Callers are served}\n",
    passing="""\
controls:
  - {control: house-1/1, coverage: partial, why: "the longest wait shows whether callers reach an agent in time, not how they are served"}
""",
    check=for_rules(_missing_why),
)


def _partial_without_reason(file: RuleFile, world: World) -> Iterator[Note]:
    for number, citation in enumerate(file.rule.citations):
        if citation.coverage == "partial" and LEAST_WHY <= len(words_of(citation.why)) < LEAST_PARTIAL:
            message = f"`why` has too few words to say what of `{citation.control}` the rule does not show"
            yield Note(("controls", number, "why"), message, "say what the rule shows and what is left to others, in eight words or more")


PARTIAL_WITHOUT_REASON = Lint(
    id="partial-without-reason",
    title="A partial citation has no room to say what is left",
    why="""\
`coverage: partial` says that the rule shows a part of the control. Which part, and who or what shows the rest, is what the reader
needs to know; `why` is the place for it. Fewer than eight words cannot say both. Whether more words do say it is for a reader to
judge.""",
    failing="controls:\n  - {control: house-1/1, coverage: partial, why: waits are part of service}\n",
    passing="""\
controls:
  - {control: house-1/1, coverage: partial, why: "the wait is a part of service; how callers are treated is shown by samples"}
""",
    check=for_rules(_partial_without_reason),
)

# ---- remediation ---------------------------------------------------------------------------------------------------------------


def _missing_remediation(file: RuleFile, world: World) -> Iterator[Note]:
    rule = file.rule
    said = words_of(rule.remediation)
    message = "".join(part if isinstance(part, str) else part.word for part in rule.message)
    copied = _copies(rule.remediation, {"the title": rule.title, "the message": message})
    if copied:
        yield Note(
            ("remediation",), f"the remediation repeats {copied}", "say what to do, where, and what to do about what went wrong already"
        )
    elif len(said) < LEAST_REMEDIATION:
        what = "says nothing" if not said else f"is no sentence: `{rule.remediation.strip()}`"
        yield Note(("remediation",), f"the remediation {what}", "say what to do, and where")


MISSING_REMEDIATION = Lint(
    id="missing-remediation",
    title="The remediation does not say what to do",
    why="""\
The person who gets a finding did not write the rule. The remediation is the only part of a report that tells them what to do: which
setting, in which system, and what becomes of what was done wrong until now. One that is shorter than four words, or repeats the title
or the message, tells them what they know already.""",
    failing="remediation: Fix it.\n",
    passing="remediation: Add agents at the peak or offer to call back, and correct the forecast that the staffing rests on.\n",
    check=for_rules(_missing_remediation),
)

LINTS = (ID_AND_PATH, MISSING_WHY, PARTIAL_WITHOUT_REASON, MISSING_REMEDIATION)
