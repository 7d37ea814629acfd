"""What changed since a revision: files of evidence, the config, and the files of a folder."""

from __future__ import annotations

import os
import posixpath
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ccpolicy.documents.bundle import finder_of, found_evidence
from ccpolicy.documents.config import CONFIG_FILE, PROJECT_FILE, Config
from ccpolicy.documents.files import Found
from ccpolicy.documents.glob import Ignored
from ccpolicy.documents.revision import Revision


@dataclass(frozen=True, slots=True, order=True)
class Changed:
    """A file of evidence that was added, removed or modified; one that was renamed is removed and added."""

    file: str
    now: Found | None
    then: str  # its name in the repository, if the revision has it


@dataclass(frozen=True, slots=True)
class Sought:
    """Where evidence is sought: what `load_evidence` is given."""

    paths: tuple[Path, ...]
    config: Config
    packs: tuple[Path, ...]
    baseline: Path | None = None  # it is no evidence, but what it no longer knows is new

    def found(self) -> list[Found]:
        """The files that are evidence now."""
        return found_evidence(self.paths, self.config, self.packs)

    def namer(self) -> Callable[[str], str]:
        """What a file at an absolute path would be called; empty if it would be no evidence."""
        return finder_of(self.paths, self.config, self.packs)


def changed_evidence(revision: Revision, sought: Sought, found: Iterable[Found]) -> list[Changed]:
    """The files that differ from those that were found, by name. Files that git does not keep count as added."""
    named = sought.namer()
    then = {name: kept for name in revision.files if (kept := named(str(revision.top / name)))}
    changed: list[Changed] = []
    for one in found:
        name = revision.name_of(os.path.realpath(one.path))
        known = name in then
        then.pop(name, None)
        if not known or one.problem is not None or not _is_same(revision, name, one):
            changed.append(Changed(one.file, one, name if known else ""))
    return sorted([*changed, *(Changed(file, None, name) for name, file in then.items())], key=lambda one: one.file)


def _is_same(revision: Revision, name: str, found: Found) -> bool:
    try:
        return revision.has(name, Path(found.path))
    except OSError:
        return False


def sides(one: Changed, revision: Revision) -> Iterator[Found]:
    """The file as it is, and as it was in the revision."""
    if one.now is not None:
        yield one.now
    if one.then:
        data = revision.bytes_of(one.then)
        yield Found(one.file, "", len(data), data=data)


def changed_below(revision: Revision, folder: Path) -> dict[str, bool]:
    """The files of a folder that differ, by their path below it, and whether they came or went; hidden ones are of no interest."""
    top = Path(os.path.realpath(folder))
    prefix = f"{revision.name_of(top)}/".removeprefix("./")
    then = {name.removeprefix(prefix): name for name in revision.files if name.startswith(prefix)}
    now = {path.relative_to(top).as_posix(): path for path in sorted(top.rglob("*")) if path.is_file()}
    differ = [below for below, path in now.items() if below not in then or not revision.has(then[below], path)]
    gone = [below for below in then if below not in now]
    seen = (below for below in sorted([*differ, *gone]) if not any(part.startswith(".") for part in below.split("/")))
    return {below: not (below in now and below in then) for below in seen}


# ---- what cannot be followed ---------------------------------------------------------------------------------------------------


def beyond(revision: Revision, paths: Iterable[Path], passed_over: Callable[[str], bool]) -> str:
    """Why the content of the paths cannot be compared, if it cannot: they lie outside, or go through links or submodules.

    `passed_over` says of a link of the revision that nothing behind it is read.
    """
    opaque = [name for name, kept in revision.files.items() if kept.opaque]
    for path in paths:
        name = revision.name_of(os.path.realpath(path))
        if not name:
            return f"`{path}` lies outside of the repository"
        links = [one for one in opaque if _meet(one, name) and not passed_over(one)] + _links_above(path, revision)
        if links:
            return behind(links[0])
    return ""


def behind(link: str) -> str:
    """Why a link keeps files from being compared."""
    return f"`{link}` is a link or a submodule, or lies behind one, which is not followed"


def _meet(one: str, other: str) -> bool:
    """Whether one of two names is the other, or lies below it."""
    return other == "." or one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _links_above(path: Path, revision: Revision) -> list[str]:
    place = Path(os.path.abspath(path))
    return [str(one) for one in (place, *place.parents) if one.is_symlink() and revision.name_of(os.path.realpath(one.parent))]


def passed_over(revision: Revision, sought: Sought) -> Callable[[str], bool]:
    """Whether a link is no way to evidence: it is hidden, ignored, or leads to a file of the revision that is none by its own name."""
    ignored, named = Ignored(sought.config.ignore), sought.namer()

    def passes(name: str) -> bool:
        path = revision.top / name
        if path.is_relative_to(sought.config.root) and ignored.covers(path.relative_to(sought.config.root).as_posix()):
            return True
        target = posixpath.normpath(posixpath.join(posixpath.dirname(name), os.fsdecode(revision.target_of(name))))
        return f"/{name}".rpartition("/")[2].startswith(".") or (_is_plain(revision, target) and not named(str(path)))

    return passes


def _is_plain(revision: Revision, name: str) -> bool:
    return name in revision.files and not revision.files[name].opaque


def through_link(found: Iterable[Found]) -> str:
    """A file of evidence that is reached through a link; empty if there is none."""
    return next((one.file for one in found if os.path.realpath(one.path) != one.path), "")


# ---- the config ----------------------------------------------------------------------------------------------------------------


def changed_config(revision: Revision, paths: Sequence[Path], config: Config) -> str:
    """The config file that differs, came or went, or lies outside of the repository; empty if the same one governs."""
    real = [Path(os.path.realpath(path)) for path in paths]
    folder = Path(os.path.commonpath([path.parent if path.is_file() else path for path in real]))
    for place in (folder, *folder.parents):
        governs = config.file if config.root == place else None
        if not revision.name_of(place):
            return str(config.root / config.file) if config.file else ""  # its past is not known
        for name, equal in _READERS:
            if not equal(_now(place / name), _then(revision, place / name)):
                return revision.name_of(place / name)
        if governs:
            return ""
    return ""


def changed_baseline(revision: Revision, sought: Sought) -> str:
    """The baseline, if it is not what it was; of one that lies outside of the repository nobody knows."""
    if sought.baseline is None:
        return ""
    real = Path(os.path.realpath(sought.baseline))
    return "" if _now(real) == _then(revision, real) else Path(os.path.relpath(real, sought.config.root)).as_posix()


def _now(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _then(revision: Revision, path: Path) -> bytes | None:
    name = revision.name_of(path)
    return revision.bytes_of(name) if _is_plain(revision, name) else None


def _same_table(now: bytes | None, then: bytes | None) -> bool:
    """Whether two project files say the same of us."""
    return now == then or _ours(now) == _ours(then)


def _ours(data: bytes | None) -> Any:
    if data is None or b"ccpolicy" not in data:
        return None
    try:
        return tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n")).get("tool", {}).get("ccpolicy")
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        return data  # equal to nothing but itself


def _same_bytes(now: bytes | None, then: bytes | None) -> bool:
    return now == then


_READERS: tuple[tuple[str, Callable[[bytes | None, bytes | None], bool]], ...] = ((CONFIG_FILE, _same_bytes), (PROJECT_FILE, _same_table))
