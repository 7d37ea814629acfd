"""The site of the documentation: all pages, laid out, and built by zensical."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ccpolicy.assessment.library import load_library
from tools.docs.commands import command_pages
from tools.docs.files import file_pages
from tools.docs.kinds import kind_pages
from tools.docs.lints import lint_pages
from tools.docs.meaning import meaning_pages
from tools.docs.nav import expanded, titles
from tools.docs.operators import operator_pages
from tools.docs.page import Page
from tools.docs.rules import rule_pages
from tools.docs.screens import screens
from tools.docs.standards import LIST, REPOSITORY, standard_pages

TOP = Path(__file__).resolve().parents[2]
DOCS, BUILD = TOP / "docs", TOP / "build"
STANDARDS = DOCS / Path(LIST).parent
TITLED = re.compile(r"^`(?P<file>[^`\n]+)`:\n\n```(?P<form>\w+)\n", re.MULTILINE)


def generated() -> Iterator[Page]:
    """All pages that are made from the code, the packs and the conformance data."""
    library = load_library()
    yield from operator_pages(library)
    yield from meaning_pages()
    yield from rule_pages(library)
    yield from kind_pages(library)
    yield from standard_pages(library)
    yield from lint_pages()
    yield from command_pages()
    yield from file_pages()


def kept() -> Iterator[Page]:
    """The pages on standards as they stand in the repository too, where their links lead to the files of rules and schemas."""
    for page in standard_pages(load_library(), REPOSITORY):
        yield Page(page.path, page.title, f"(Written by `make docs`.) {page.text}")


def write_kept() -> None:
    """Writes them anew."""
    shutil.rmtree(STANDARDS, ignore_errors=True)
    for page in kept():
        _write(DOCS / page.path, page.file)


def written() -> Iterator[Page]:
    """The pages that are written by hand."""
    for file in sorted(set(DOCS.rglob("*.md")) - set(STANDARDS.glob("*.md"))):
        head, _, text = file.read_text("utf-8").partition("\n")
        yield Page(file.relative_to(DOCS).as_posix(), head.removeprefix("# "), TITLED.sub(r'```\g<form> title="\g<file>"\n', text))


def config_of(pages: Mapping[str, str]) -> dict[str, Any]:
    """The config of the site builder, with its whole navigation."""
    config: dict[str, Any] = yaml.safe_load((DOCS / "site.yml").read_text("utf-8"))
    return {**config, "nav": expanded(config["nav"], pages)}


def lay_out(build: Path) -> Path:
    """Writes all that the site is built from; returns the config."""
    shutil.rmtree(build / "docs", ignore_errors=True)
    pages = [*written(), *generated()]
    for page in pages:
        _write(build / "docs" / page.path, page.file)
    for name, svg in screens():
        _write(build / "docs" / name, svg)
    shutil.copytree(DOCS / "assets", build / "docs" / "assets")
    config = build / "mkdocs.yml"
    _write(config, yaml.safe_dump(config_of(titles(pages)), sort_keys=False))
    return config


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def built(config: Path) -> str:
    """Builds the site beside the config; returns what is wrong with it, such as a broken link. Empty if nothing is."""
    program = str(Path(sys.executable).parent / "zensical")
    words = [program, "build", "--strict", "--clean", "--config-file", str(config)]
    env = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(words, cwd=config.parent, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    return done.stdout.decode() if done.returncode else ""


def build(folder: Path = BUILD) -> str:
    """Lays the site out and builds it in `folder/site`; returns what is wrong with it."""
    shutil.rmtree(folder / "site", ignore_errors=True)
    return built(lay_out(folder))
