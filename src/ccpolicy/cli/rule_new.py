"""The work of `ccpolicy rules new`: a rule and its cases, tried out before they are written."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from ccpolicy.assessment.cases import run_case
from ccpolicy.assessment.library import Library
from ccpolicy.cli.delivery import write_whole
from ccpolicy.cli.kind_schemas import kind_schema_text
from ccpolicy.cli.kinds import kind_named, packs_here
from ccpolicy.cli.messages import put, safe
from ccpolicy.controls.catalogue import Catalogue, control_titles, load_catalogues
from ccpolicy.documents.path import HERE, NoPath, read_source
from ccpolicy.documents.path import Path as Source
from ccpolicy.documents.schema import Kind, load_kinds
from ccpolicy.documents.shape import Shape
from ccpolicy.errors import Problem, Refused, did_you_mean, either
from ccpolicy.language.scope import NoPlace, Scope, body_of
from ccpolicy.rulebook.load import load_cases, load_rulebook
from ccpolicy.rulebook.pack import PARTS, Pack, pack_at, shipped
from ccpolicy.rulebook.rule import Rulebook
from ccpolicy.rulebook.scaffold import Wish, cases_text, rule_text
from ccpolicy.rulebook.scaffold_asks import asks, example_of

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*")
_SUFFIXES = (".yaml", ".yml", ".json")
_MOST_TRIES = 20
SCHEMAS = ".schemas"  # below the pack: the schemas that editors read


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of `rules new`."""

    id: str
    kind: str
    folder: str
    packs: tuple[str, ...]
    with_shipped: bool
    each: str | None
    control: str | None
    with_schema: bool


def new_rule(asked: Asked) -> int:
    """Writes a rule and its cases; returns the exit code. Raises Refused, and then nothing is written."""
    packs = _packs(asked)
    files = _targets(asked, packs)
    kinds = load_kinds([pack.schemas for pack in packs if pack.schemas.is_dir()])
    catalogues = load_catalogues(packs)
    kind = kind_named(kinds, asked.kind)
    each, focus = _focus(kind, asked.each)
    titles = control_titles(catalogues)
    controls = _controls(asked, kinds, catalogues)
    run = shlex.join(["ccpolicy", "rules", "test", asked.id, *_options(asked)])
    wish = Wish(asked.id, kind, asked.each, controls, titles, asked.control is not None, _modeline(asked, files[0]), run)
    texts = tried(wish, each, focus, Library((), kinds, catalogues, Rulebook({}), titles))
    written = [*_schema(asked, packs), *zip(files, texts, strict=True)]
    for file, text in written:
        _write(file, text)
    put("".join(f"written {safe(file.as_posix())}\n" for file, _ in written) + f"next: edit what is marked EDIT, then `{safe(run)}`\n")
    return 0


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or "the system refuses").lower()
        raise Refused([Problem(code="not-written", message=f"the folder `{file.parent}` cannot be made: {reason}")]) from None
    write_whole(file, lambda write: write(text), "file")


def _options(asked: Asked) -> list[str]:
    packs = dict.fromkeys([*asked.packs, asked.folder])
    return [word for pack in packs for word in ("--pack", pack)] + ([] if asked.with_shipped else ["--no-shipped-rules"])


# ---- what the author said


def _packs(asked: Asked) -> list[Pack]:
    """The packs whose kinds and controls the rule may name, its own among them if it is one already."""
    found = packs_here(asked.packs, asked.with_shipped)
    folder = Path(asked.folder)
    if any((folder / part).is_dir() for part in PARTS) and not any(
        os.path.realpath(pack.root) == os.path.realpath(folder) for pack in found
    ):
        found.append(pack_at(folder, asked.folder))
    return found


def _targets(asked: Asked, packs: Sequence[Pack]) -> tuple[Path, Path]:
    """Where the rule and its cases go. Raises Refused where something stands already."""
    if not _ID.fullmatch(asked.id):
        message = f"`{asked.id}` cannot be the id of a rule"
        raise Refused([Problem(code="bad-id", message=message, hint="small letters, digits, - and _, with / between, as in access/mfa")])
    folders = dict.fromkeys([Path(asked.folder), *(pack.root for pack in packs)])
    names = [f"{asked.id}{middle}{suffix}" for middle in ("", ".cases") for suffix in _SUFFIXES]
    there = [folder / "checks" / name for folder in folders for name in names if os.path.lexists(folder / "checks" / name)]
    if there:
        hint = "nothing was written; choose another id"
        raise Refused(
            Problem(file.as_posix(), code="exists", message=f"there is a rule `{asked.id}` already", hint=hint) for file in there[:1]
        )
    top = Path(asked.folder, "checks")
    return top / f"{asked.id}.yaml", top / f"{asked.id}.cases.yaml"


def _focus(kind: Kind, text: str | None) -> tuple[Source | None, Shape]:
    """The source of `each` and what the members look like. Raises Refused."""
    if text is None:
        return None, kind.shape()
    try:
        source = read_source(text)
        place = Scope(body_of(kind.name, kind.shape())).place(source)
    except NoPath as error:
        raise Refused([Problem(code="bad-path", message=f"--each: {error}")]) from None
    except NoPlace as error:
        raise Refused([Problem(code="unknown-path", message=f"--each: {error}", hint=error.hint)]) from None
    if source.root != HERE or place.shape is None:
        raise Refused(
            [Problem(code="bad-path", message=f"`{text}` does not start in the document", hint="a source of `each` is a bare path")]
        )
    return source, place.shape


def _controls(asked: Asked, kinds: Mapping[str, Kind], catalogues: Mapping[str, Catalogue]) -> tuple[str, ...]:
    """The control to cite, and others near it: those that the shipped rules about the kind cite, else the first there are."""
    titles = control_titles(catalogues)
    if asked.control is not None:
        if asked.control not in titles:
            near = sorted(name for name in titles if name.endswith(f"/{asked.control}"))
            hint = did_you_mean(asked.control, titles) or (f"did you mean {either(near[:3])}?" if near else "")
            hint = hint or "a control is named as <standard>/<number>, from a catalogue of a pack"
            raise Refused([Problem(code="unknown-control", message=f"no catalogue has `{asked.control}`", hint=hint)])
        return (asked.control,)
    rules = load_rulebook([shipped()], kinds).rules.values() if asked.with_shipped else ()
    cited = {citation.control for rule in rules if rule.foci.kind == asked.kind for citation in rule.citations}
    found = sorted(cited & titles.keys()) or [
        f"{name}/{control.id}" for name, one in sorted(catalogues.items()) for control in one.controls.values() if control.kind != "heading"
    ]
    if not found:
        hint = "a rule cites a control: leave the shipped catalogues in, or write one into catalogues/ of your pack"
        raise Refused([Problem(code="no-control", message="there is no catalogue, and so no control to cite", hint=hint)])
    return tuple(found)


# ---- the schema for editors


def _modeline(asked: Asked, file: Path) -> str:
    target = _schema_file(asked)
    if not asked.with_schema and not target.is_file():
        return ""
    return f"# yaml-language-server: $schema={Path(os.path.relpath(target, file.parent)).as_posix()}"


def _schema_file(asked: Asked) -> Path:
    return Path(asked.folder, SCHEMAS, f"rule-{asked.kind}.schema.json")


def _schema(asked: Asked, packs: list[Pack]) -> Iterator[tuple[Path, str]]:
    """The schema of rules for the kind, unless it is there already."""
    if asked.with_schema and not os.path.lexists(_schema_file(asked)):
        yield _schema_file(asked), kind_schema_text(packs, asked.kind)


# ---- trying


def tried(wish: Wish, each: Source | None, focus: Shape, library: Library) -> tuple[str, str]:
    """The first rule with cases that loads and whose cases pass. Raises Refused where there is none."""
    example = example_of(wish.kind, each, focus)
    for ask in islice(asks(wish.kind, example), _MOST_TRIES):
        texts = rule_text(wish, ask, example), cases_text(wish, ask, example)
        if _passes(wish, texts, library):
            return texts
    message = f"no field in the example of `{wish.kind.name}` can be asked about in a first rule"
    raise Refused(
        [Problem(wish.kind.file, code="no-field", message=message, hint="write the rule by hand; `ccpolicy rules schema` says how")]
    )


def _passes(wish: Wish, texts: tuple[str, str], library: Library) -> bool:
    """Whether the pair, alone in a pack, loads without a complaint and its cases give what they expect."""
    with TemporaryDirectory() as folder:
        for middle, text in zip(("", ".cases"), texts, strict=True):
            _write(Path(folder, "checks", f"{wish.id}{middle}.yaml"), text)
        pack = pack_at(Path(folder), "new")
        try:
            rulebook = load_rulebook([pack], library.kinds, library.titles)
        except Refused:
            return False
        cases, problems = load_cases([pack], rulebook.rules)
    tried = replace(library, rulebook=rulebook)
    return not problems and not rulebook.warnings and all(run_case(case, tried).ok for case in cases)
