"""Git repositories for tests, made without git: a commit of the files of a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dulwich.index import commit_tree
from dulwich.objects import Blob, Commit
from dulwich.refs import Ref
from dulwich.repo import Repo

LINK, FILE, SUBMODULE = 0o120000, 0o100644, 0o160000
WHO = b"A <a@example.org>"
MAIN, HEAD = Ref(b"refs/heads/main"), Ref(b"HEAD")


def repository(folder: Path) -> Repo:
    """An empty repository whose working tree is the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Repo.init(str(folder))


def commit(repo: Repo, files: Mapping[str, bytes], modes: Mapping[str, int] | None = None) -> str:
    """A commit of exactly these files on the branch `main`, after what stands there; its id."""
    blobs = {name: Blob.from_string(data) for name, data in files.items()}
    for blob in blobs.values():
        repo.object_store.add_object(blob)
    entries = [(name.encode(), blob.id, (modes or {}).get(name, FILE)) for name, blob in blobs.items()]
    made = Commit()
    made.tree = commit_tree(repo.object_store, entries)
    made.parents = [repo.refs[MAIN]] if MAIN in repo.refs else []
    made.author = made.committer = WHO
    made.author_time = made.commit_time = made.author_timezone = made.commit_timezone = 0
    made.message = b"files"
    repo.object_store.add_object(made)
    repo.refs[MAIN] = made.id
    repo.refs.set_symbolic_ref(HEAD, MAIN)
    return made.id.decode()


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Makes the folder hold these files and, but for the repository, no others."""
    for old in sorted(folder.rglob("*"), reverse=True):
        if ".git" in old.relative_to(folder).parts:
            continue
        if old.is_file() or old.is_symlink():
            old.unlink()
        else:
            old.rmdir()
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
