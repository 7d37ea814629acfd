"""A revision of the git repository that evidence lies in: its files, read from the object store, without running git."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ccpolicy.errors import Problem, Refused

EXTRA = "git"
_LINKED = 0o160000  # the mode of a submodule
_BLOCK = 1 << 20
_STEPS = re.compile(r"(?P<name>.*?)(?P<steps>(?:[~^][0-9]*)*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a revision. What lies behind links and submodules is not the revision's."""

    object: str
    link: bool = False
    submodule: bool = False

    @property
    def opaque(self) -> bool:
        """Whether it has no content of its own."""
        return self.link or self.submodule


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of a commit, by path from the top of the repository."""

    name: str  # as it was asked for
    commit: str
    top: Path  # absolute and without links
    files: Mapping[str, Kept]
    _store: Any = field(repr=False)

    def bytes_of(self, file: str) -> bytes:
        """The content of a file. Raises Refused where the repository lacks it, as a partial clone does."""
        try:
            return bytes(self._store[self.files[file].object.encode()].as_raw_string())
        except Exception as error:
            raise _broken(error) from None

    def target_of(self, file: str) -> bytes:
        """Where a link leads, from its folder; a submodule leads nowhere that is known."""
        return b"" if self.files[file].submodule else self.bytes_of(file)

    def has(self, file: str, path: Path) -> bool:
        """Whether the file at the path has the very bytes that it had in the revision. Raises OSError."""
        return file in self.files and self.files[file].object == blob_id(path)

    def name_of(self, path: str | Path) -> str:
        """The name in the repository of an absolute path without links; empty for what lies outside of it."""
        return Path(path).relative_to(self.top).as_posix() if Path(path).is_relative_to(self.top) else ""


def revision_at(name: str, folder: Path) -> Revision:
    """The revision of the repository that the folder lies in. Raises Refused where there is none, or no way to read it."""
    repo = _repository(folder)
    try:
        commit = _commit(repo, name)
        kept = dict(_files(repo, commit.tree))
        return Revision(name, commit.id.decode(), Path(os.path.realpath(os.fsdecode(repo.path))), kept, repo.object_store)
    except Refused:
        raise
    except Exception as error:  # of a repository that is damaged, or of a format that the library does not know, anything may come
        raise _broken(error) from None


def _repository(folder: Path) -> Any:
    try:
        from dulwich.errors import NotGitRepository  # lazy: an extra, and slow to import
        from dulwich.repo import Repo
    except ImportError:
        hint = f"pip install 'ccpolicy[{EXTRA}]'"
        message = "`--changed-since` reads the repository with the library `dulwich`, which is not installed"
        raise Refused([Problem(code="no-library", message=message, hint=hint)]) from None
    try:
        repo = Repo.discover(str(folder))
    except NotGitRepository:
        hint = "`--changed-since` compares with a commit of the repository that holds the evidence"
        raise Refused([Problem(code="no-repository", message=f"`{folder}` lies in no git repository", hint=hint)]) from None
    except Exception as error:
        raise _broken(error) from None
    if repo.bare:
        raise Refused([Problem(code="no-repository", message=f"the repository of `{folder}` has no working tree")])
    return repo


def _commit(repo: Any, name: str) -> Any:
    """The commit of a name such as `main`, `v1`, `1a2b3c4` or `HEAD~2`."""
    from dulwich.objectspec import parse_commit  # lazy, as above

    found = _STEPS.fullmatch(name)
    start, steps = (found["name"], found["steps"]) if found else (name, "")
    try:
        if not start:
            raise KeyError(name)
        commit = parse_commit(repo, start.encode("utf-8", "surrogateescape"))
        for sign, digits in re.findall(r"([~^])([0-9]*)", steps):
            commit = _stepped(repo, commit, sign, int(digits or 1))
    except (KeyError, ValueError, IndexError):
        hint = "name a branch, a tag or a commit; a shallow clone lacks what came before (in GitHub Actions: `fetch-depth: 0`)"
        raise Refused([Problem(code="no-revision", message=f"the repository has no revision `{name}`", hint=hint)]) from None
    return commit


def _stepped(repo: Any, commit: Any, sign: str, count: int) -> Any:
    """`^2` is the second parent, `~2` the first parent of the first parent."""
    if sign == "^":
        return repo[commit.parents[count - 1]] if count else commit
    for _ in range(count):
        commit = repo[commit.parents[0]]
    return commit


def _files(repo: Any, tree: Any) -> Iterator[tuple[str, Kept]]:
    from dulwich.object_store import iter_tree_contents  # lazy, as above

    for entry in iter_tree_contents(repo.object_store, tree):
        yield os.fsdecode(entry.path), Kept(entry.sha.decode(), stat.S_ISLNK(entry.mode), entry.mode == _LINKED)


def _broken(error: Exception) -> Refused:
    hint = "a partial or a damaged clone lacks objects: `git fetch --refetch` brings them"
    return Refused([Problem(code="no-revision", message=f"the repository cannot be read ({type(error).__name__})", hint=hint)])


def blob_id(path: Path) -> str:
    """The name that git gives to the bytes of a file. Raises OSError."""
    with path.open("rb") as stream:
        digest = hashlib.sha1(b"blob %d\0" % os.fstat(stream.fileno()).st_size, usedforsecurity=False)
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
