"""The navigation: what docs/site.yml lists, with the generated pages in the places that it names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tools.docs.page import Page

Titles = Mapping[str, str]  # of pages, by path


def expanded(nav: Iterable[Any], pages: Titles) -> list[Any]:
    """The navigation with `folder/*` replaced by the pages of the folder. Raises KeyError for a page that is not there."""
    found: list[Any] = []
    for entry in nav:
        match entry:
            case {**sections}:
                full = {title: _inner(inner, pages) for title, inner in sections.items()}
                found += [{title: inner} for title, inner in full.items() if inner]
            case str() if entry.endswith("/*"):
                found += _folder(entry.removesuffix("*"), pages)
            case _:
                found.append(_page(entry, pages))
    return found


def _inner(inner: Any, pages: Titles) -> Any:
    return expanded(inner, pages) if isinstance(inner, list) else _page(inner, pages)


def _page(path: str, pages: Titles) -> str:
    """The page of that path; with a star, the first that fits, or none."""
    if "*" in path:
        return next((name for name in pages if fnmatchcase(name, path)), "")
    if path not in pages:
        raise KeyError(f"the navigation names `{path}`, and there is no such page")
    return path


def _folder(folder: str, pages: Titles) -> list[Any]:
    """The pages in the folder but its index, then a section for each folder below it."""
    below = {path: title for path, title in pages.items() if path.startswith(folder) and path != f"{folder}index.md"}
    own = sorted((title, path) for path, title in below.items() if posixpath.dirname(path) == folder.rstrip("/"))
    names = sorted({path.removeprefix(folder).split("/")[0] for path in below if "/" in path.removeprefix(folder)})
    return [*({title: path} for title, path in own), *({name: _folder(f"{folder}{name}/", pages)} for name in names)]


def named(nav: Iterable[Any]) -> list[str]:
    """All pages that a navigation names."""
    found: list[str] = []
    for entry in nav:
        match entry:
            case {**sections}:
                for inner in sections.values():
                    found += named(inner if isinstance(inner, list) else [inner])
            case _:
                found.append(entry)
    return found


def titles(pages: Iterable[Page]) -> dict[str, str]:
    """Titles by path."""
    return {page.path: page.title for page in pages}
