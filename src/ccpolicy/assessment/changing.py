"""From changed files to what they can touch: documents and claims of kinds, rules, or everything."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ccpolicy.analysis.reliance import definitions_met
from ccpolicy.assessment.change import Change
from ccpolicy.assessment.library import Library
from ccpolicy.assessment.statements import statements_in
from ccpolicy.controls.register import Register, register_of
from ccpolicy.documents.bundle import gathered
from ccpolicy.documents.changes import (
    Sought,
    behind,
    beyond,
    changed_baseline,
    changed_below,
    changed_config,
    changed_evidence,
    passed_over,
    sides,
    through_link,
)
from ccpolicy.documents.document import Document, Evidence
from ccpolicy.documents.files import Found
from ccpolicy.documents.gathering import Gathering
from ccpolicy.documents.revision import Revision
from ccpolicy.documents.schema import SUFFIX
from ccpolicy.rulebook.pack import PARTS, Pack
from ccpolicy.rulebook.rule import Rule
from ccpolicy.rulebook.sources import is_cases

_STATED = ("attestation", "responsibility")
_PACK_FILE = "pack.yaml"
_YAML = (".yaml", ".yml", ".json")


def change_since(revision: Revision, sought: Sought, library: Library, evidence: Evidence) -> Change:
    """What changed since the revision. `evidence` is what the files that are sought say now. Raises Refused."""
    reach = _Reach(library, evidence, register_of(library.catalogues))
    found = sought.found()
    reach.everything = _not_to_be_followed(revision, sought, found)
    if not reach.everything:
        for pack in library.packs:
            reach.of_pack(pack, revision)
        for one in changed_evidence(revision, sought, found):
            reach.files.append(one.file)
            for side in sides(one, revision):
                reach.of_file(gathered(side, sought.config, library.kinds, evidence.as_of), one.file)
        reach.of_waivers()
    return reach.change(revision)


def _not_to_be_followed(revision: Revision, sought: Sought, found: Sequence[Found]) -> str:
    link = through_link(found)
    if reason := beyond(revision, sought.paths, passed_over(revision, sought)) or (behind(link) if link else ""):
        return reason
    if config := changed_config(revision, sought.paths, sought.config):
        return f"the config `{config}` is not what it was"
    baseline = changed_baseline(revision, sought)
    return f"the baseline `{baseline}` is not what it was" if baseline else ""


@dataclass(slots=True, eq=False)
class _Reach:
    """How far changes reach, as one after the other is looked at."""

    library: Library
    evidence: Evidence
    register: Register
    files: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    everything: str = ""

    def change(self, revision: Revision) -> Change:
        """All of it."""
        files = tuple(sorted(self.files))
        if self.everything:
            return Change(revision.name, revision.commit, files, everything=self.everything)
        return Change(revision.name, revision.commit, files, frozenset(self.kinds), frozenset(self.rules))

    def _touch_everything(self, reason: str) -> None:
        self.everything = self.everything or reason

    # ---- evidence --------------------------------------------------------------------------------------------------------------

    def of_file(self, gathering: Gathering, file: str) -> None:
        """What a file says, or said, may be looked at by every rule that reads its kinds."""
        if gathering.all_open:
            self._touch_everything(f"`{file}` may hold, or may have held, documents of any kind")
        self.kinds |= {kind for kind, documents in gathering.documents.items() if documents}
        self.kinds |= {claim.kind for claim in gathering.claims} | gathering.open_kinds
        self.kinds |= {record.kind for record in gathering.files if record.kind}
        self.rules |= set(_waived(gathering.documents.get("waiver", ())))
        self.rules |= set(self._stated(gathering))

    def _stated(self, gathering: Gathering) -> Iterator[str]:
        """The rules that cite a control of which a statement speaks: without them its status would not be known."""
        documents = {kind: tuple(gathering.documents[kind]) for kind in _STATED if kind in gathering.documents}
        spoken = {one.control for one in statements_in(Evidence(self.evidence.as_of, documents), self.register)}
        for rule in self.library.rulebook.rules.values() if spoken else ():
            if any(self.register.find(citation.control) in spoken for citation in rule.citations):
                yield rule.id

    def of_waivers(self) -> None:
        """Of two waivers with one id neither counts, so that a changed one may end another that is in no changed file."""
        if "waiver" in self.kinds and ("waiver" in self.evidence.open_kinds or self.evidence.all_open):
            self._touch_everything("a waiver changed, and not every waiver can be read or told from others")

    # ---- packs -----------------------------------------------------------------------------------------------------------------

    def of_pack(self, pack: Pack, revision: Revision) -> None:
        """The files of a pack that changed. The pack of the program itself, where no repository has it, stays as it is."""
        folders = (pack.root, pack.schemas) if pack.schemas.parent != pack.root else (pack.root,)
        known = [folder for folder in folders if revision.name_of(os.path.realpath(folder))]
        if len(known) < len(folders) and pack.given:
            self._touch_everything(f"the pack `{pack.shown.rstrip('/')}` lies outside of the repository")
            return
        for folder in known:
            self._of_folder(pack, folder, revision)

    def _of_folder(self, pack: Pack, folder: Path, revision: Revision) -> None:
        if reason := beyond(revision, [folder], lambda name: False):
            self._touch_everything(reason)
            return
        for below, moved in changed_below(revision, folder).items():
            part, _, name = below.partition("/") if folder == pack.root else ("schemas", "/", below)
            if below == _PACK_FILE or (part in PARTS and name.endswith(_YAML)):
                self.files.append(pack.name_of(part, name) if name else f"{pack.shown}{below}")
                self._of_part(part, name, moved)

    def _of_part(self, part: str, name: str, moved: bool) -> None:
        stem = name.rsplit(".", 1)[0]
        match part:
            case "checks" if is_cases(name):
                pass
            case "checks":
                self._of_rules([stem])
            case "definitions":
                self._of_rules(rule.id for rule in self._rules() if stem in definitions_met(rule))
            case "schemas":
                self._of_schema(name, moved)
            case _:
                self._touch_everything(f"`{f'{part}/{name}'.rstrip('/')}` of a pack changed")

    def _of_rules(self, names: Iterable[str]) -> None:
        """A rule may hide values from others, and with them the id of something that a chain of documents names."""
        self.rules |= {*names, *(rule.id for rule in self._rules() if rule.foci.reached_from is not None)}

    def _of_schema(self, name: str, moved: bool) -> None:
        """Which kinds there are decides what a misspelt one may be."""
        self.kinds.update(kind.name for kind in self.library.kinds.values() if name in kind.schemas)
        if moved or name.removesuffix(SUFFIX) not in self.library.kinds:
            self._touch_everything(f"the schema `{name}` came, went, or describes no documents")

    def _rules(self) -> Iterable[Rule]:
        return self.library.rulebook.rules.values()


def _waived(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        rule = document.body.get("rule") if isinstance(document.body, dict) else None
        if isinstance(rule, str):
            yield rule
