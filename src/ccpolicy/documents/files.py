"""Which files are evidence: all with our extensions below the paths, but for hidden and ignored ones, links out, and packs."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ccpolicy.documents.glob import Ignored
from ccpolicy.documents.source import form_of
from ccpolicy.errors import Problem, Refused

PACK_FOLDERS = ("checks", "definitions", "catalogues", "crosswalks", "schemes", "schemas")
PACK_FILES = ("pack.yaml", "lint.yaml")  # at the root of a pack
_CASES = (".cases.yaml", ".cases.yml")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A file to be read, or the reason why it is not: `link-out-of-root` or `unreadable`, with a message."""

    file: str  # relative to the root, with forward slashes
    path: str
    size: int = 0
    problem: tuple[str, str, str] | None = None
    data: bytes | None = None  # its content, where that does not come from `path`

    def content(self) -> bytes:
        """The bytes of the file."""
        return Path(self.path).read_bytes() if self.data is None else self.data


def find_files(
    paths: Sequence[Path], root: Path, ignore: Sequence[str], packs: Sequence[Path], wanted: Callable[[str], bool]
) -> list[Found]:
    """The files below the paths in order of their names; `wanted` says of a file with a foreign extension whether it is mapped.

    Raises Refused for a path that is not there.
    """
    real = [Path(os.path.realpath(path)) for path in paths]
    missing = [path for path, place in zip(paths, real, strict=True) if not place.exists()]
    if missing:
        raise Refused(Problem(code="no-such-path", message=f"there is no file or folder `{path}`") for path in missing)
    search = _Search(os.path.realpath(root), Ignored(tuple(ignore)), _shut(packs, real), wanted)
    for place in real:
        if place.is_dir():
            search.walk(str(place))
        else:
            search.see(str(place), named=True)
    search.follow_links()
    return sorted(search.found.values())


def finder(
    paths: Sequence[Path], root: Path, ignore: Sequence[str], packs: Sequence[Path], wanted: Callable[[str], bool]
) -> Callable[[str], str]:
    """What `find_files` would call a file at an absolute path if one stood there; empty where it would not look at one."""
    real = [Path(os.path.realpath(path)) for path in paths]
    search = _Search(os.path.realpath(root), Ignored(tuple(ignore)), _shut(packs, real), wanted)

    def name(path: str) -> str:
        place = Path(path)
        below = [place.relative_to(one).parts for one in real if place.is_relative_to(one)]
        open_ = any(not any(part.startswith(".") for part in parts) for parts in below)
        named = place in real
        return search.name_of(path, named) if named or open_ else ""

    return name


def _shut(packs: Sequence[Path], paths: Sequence[Path]) -> frozenset[str]:
    """The folders of packs. Of a pack that holds the evidence itself, only the folders and files that make it a pack."""
    shut: set[str] = set()
    for pack in packs:
        place = Path(os.path.realpath(pack))
        holds = any(path.is_relative_to(place) for path in paths)
        shut |= {str(place / name) for name in (*PACK_FOLDERS, *PACK_FILES)} if holds else {str(place)}
    return frozenset(shut)


@dataclass(slots=True)
class _Search:
    root: str
    ignored: Ignored
    shut: frozenset[str]
    wanted: Callable[[str], bool]
    found: dict[str, Found] = field(default_factory=dict)
    real_files: set[str] = field(default_factory=set)
    real_folders: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)

    def walk(self, folder: str) -> None:
        """Sees all files below a folder; links are kept for later."""
        waiting = [folder]
        while waiting:
            place = waiting.pop()
            real = os.path.realpath(place)
            if real in self.real_folders or real in self.shut:
                continue
            self.real_folders.add(real)
            for entry in self._entries(place):
                if entry.is_symlink():
                    self.links.append(entry.path)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    self.see(entry.path)

    def _entries(self, folder: str) -> Iterator[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self._fail(folder, "unreadable", f"the folder cannot be read: {_reason(error)}")
            return
        yield from (entry for entry in inside if not entry.name.startswith(".") and not self.ignored.covers(self._name(entry.path)))

    def name_of(self, path: str, named: bool) -> str:
        """The name of a file that is ours: neither ignored nor of a pack, and named by the user or of a form that we read; else empty."""
        file = self._name(path)
        if self._is_shut(path) or (not named and self.ignored.covers(file)):
            return ""
        return file if self._is_ours(file, named) else ""

    def _is_ours(self, file: str, named: bool) -> bool:
        return not file.endswith(_CASES) and (named or form_of(file) is not None or self.wanted(file))

    def _is_shut(self, real: str) -> bool:
        return real in self.shut or any(parent in self.shut for parent in _parents(real))

    def see(self, path: str, named: bool = False) -> None:
        """Takes note of a file, unless it is none of ours; one named by the user is always ours."""
        file = self._name(path)
        if not self._is_ours(file, named):
            return
        real = os.path.realpath(path)
        if real in self.real_files or self._is_shut(real):
            return
        self.real_files.add(real)
        try:
            state = os.stat(path)
        except OSError as error:
            self._fail(path, "unreadable", f"the file cannot be read: {_reason(error)}")
            return
        if not stat.S_ISREG(state.st_mode):
            self._fail(path, "unreadable", "this is no file: pipes, sockets and devices are never opened")
            return
        self.found[file] = Found(file, path, state.st_size)

    def follow_links(self) -> None:
        """Sees what links lead to, if it lies in the root and was not seen before."""
        while self.links:
            waiting, self.links = sorted(self.links), []
            for path in waiting:
                self._follow(path)

    def _follow(self, path: str) -> None:
        real = os.path.realpath(path)
        if not os.path.exists(real):
            if form_of(path) or self.wanted(self._name(path)):
                self._fail(path, "unreadable", "the link leads nowhere")
            return
        if not Path(real).is_relative_to(self.root):
            if os.path.isdir(real) or form_of(path) or self.wanted(self._name(path)):
                self._fail(path, "link-out-of-root", "the link leads out of the folder that is checked")
        elif os.path.isdir(real):
            self.walk(path)
        else:
            self.see(path)

    def _name(self, path: str) -> str:
        place = Path(path)
        name = place.relative_to(self.root).as_posix() if place.is_relative_to(self.root) else place.name
        return os.fsencode(name).decode("utf-8", "replace")  # a name may hold any bytes

    def _fail(self, path: str, code: str, message: str) -> None:
        file = self._name(path)
        hint = "list it under `ignore` if it is no evidence"
        self.found[file] = Found(file, path, problem=(code, message, hint))


def _parents(path: str) -> Iterator[str]:
    while (parent := os.path.dirname(path)) != path:
        yield parent
        path = parent


def _reason(error: OSError) -> str:
    return (error.strerror or "it cannot be opened").lower()
