"""Packs: folders laid out like ours, and the one that is shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as File

from ccpolicy import __version__
from ccpolicy.documents.source import read_value
from ccpolicy.errors import Problem, Refused

PARTS = ("checks", "definitions", "catalogues", "crosswalks", "schemes", "schemas")
LINT_FILE = "lint.yaml"  # at the root: what its author keeps quiet
_SUFFIXES = frozenset({".yaml", ".yml", ".json"})


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack's id and version, and where its parts lie."""

    id: str
    version: str
    root: File  # checks/ definitions/ catalogues/ crosswalks/ schemes/
    schemas: File
    shown: str  # what messages put before the path of a file
    given: bool = True  # by the user, else shipped

    def files(self, part: str) -> Iterator[tuple[File, str]]:
        """The files of a part, sorted, each with its path below the part."""
        folder = self.schemas if part == "schemas" else self.root / part
        found = sorted(folder.rglob("*")) if folder.is_dir() else []
        for file in found:
            if file.suffix in _SUFFIXES and file.is_file():
                yield file, file.relative_to(folder).as_posix()

    def name_of(self, part: str, below: str) -> str:
        """How messages and reports name a file of the pack."""
        return f"{self.shown}{part}/{below}"

    def sha256(self) -> str:
        """A digest of the names and bytes of all its files."""
        digest = hashlib.sha256()
        for part in PARTS:
            for file, below in self.files(part):
                content = file.read_bytes()
                digest.update(f"{part}/{below}\0{len(content)}\0".encode())
                digest.update(content)
        if (self.root / LINT_FILE).is_file():
            content = (self.root / LINT_FILE).read_bytes()
            digest.update(f"{LINT_FILE}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def shipped() -> Pack:
    """The pack that comes with ccpolicy: in the wheel, or at the top of a checkout."""
    package = File(__file__).resolve().parent.parent
    inside = package / "_pack"
    top = inside if inside.is_dir() else package.parent.parent
    return Pack("ccpolicy", __version__, top / "rules", top / "schemas", "rules/", given=False)


def pack_at(folder: File, shown: str) -> Pack:
    """The user's pack in a folder; `pack.yaml` may state its id and version. Raises Refused."""
    if not folder.is_dir():
        hint = "a pack is a folder with checks/ and schemas/"
        raise Refused([Problem(shown, code="no-pack", message=f"there is no folder `{shown}`", hint=hint)])
    if not any((folder / part).is_dir() for part in PARTS):
        hint = f"a pack has one of {', '.join(part + '/' for part in PARTS)}"
        raise Refused([Problem(shown, code="no-pack", message="this folder is no pack", hint=hint)])
    stated = _stated(folder / "pack.yaml", f"{shown}/pack.yaml")
    return Pack(stated.get("id", folder.resolve().name), stated.get("version", "0"), folder, folder / "schemas", f"{shown.rstrip('/')}/")


def _stated(file: File, shown: str) -> dict[str, str]:
    if not file.is_file():
        return {}
    value = read_value(file.read_bytes(), shown, "yaml")
    if not isinstance(value, dict) or set(value) - {"id", "version"} or not all(isinstance(item, str) for item in value.values()):
        raise Refused([Problem(shown, 1, 1, "bad-pack", "a pack.yaml has `id` and `version`, both texts, and nothing else")])
    return value
