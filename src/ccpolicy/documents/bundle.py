"""Evidence: everything that files, or documents in memory, say on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from ccpolicy.documents.claims import drop_duplicates, void_contradicted
from ccpolicy.documents.config import Config, check_kinds
from ccpolicy.documents.document import Claim, Evidence, FileRecord, SourceFile
from ccpolicy.documents.envelope import day_in_utc
from ccpolicy.documents.files import Found, find_files, finder
from ccpolicy.documents.fitting import Fitting
from ccpolicy.documents.gathering import Gathering, Pending
from ccpolicy.documents.intake import Origin, Source, mapped_source, take_mapped, take_value
from ccpolicy.documents.mapping import Mapped
from ccpolicy.documents.places import Places
from ccpolicy.documents.pointer import Pointer
from ccpolicy.documents.schema import Kind
from ccpolicy.documents.source import CsvOptions, Form, form_of, read_lines, read_rows, read_value
from ccpolicy.documents.table_cells import Table
from ccpolicy.documents.text import MAX_DOCUMENT, too_large
from ccpolicy.documents.values import Json
from ccpolicy.errors import Problem, Refused

Progress = Callable[[int, int], None]  # bytes read so far, bytes in all


def evidence_of(
    values: Sequence[Json], kinds: Mapping[str, Kind], as_of: date, *, claims: Sequence[Claim] = (), file: str = "case"
) -> Evidence:
    """The evidence of documents and collections in memory; each stands in a file of its own, `case#0` and so on, which has no places."""
    gathering = Gathering(kinds, as_of, claims=list(claims))
    for position, value in enumerate(values):
        take_value(gathering, value, Origin(f"{file}#{position}"))
    return _evidence(gathering, {})


def load_evidence(
    paths: Sequence[Path],
    config: Config,
    kinds: Mapping[str, Kind],
    as_of: date,
    packs: Sequence[Path] = (),
    progress: Progress | None = None,
    given: Found | None = None,
) -> Evidence:
    """The evidence in the files below the paths. What cannot be read is a problem in it, and stops nothing else.

    `given` takes the place of the file of its name, or is a further one. Raises Refused for paths that are not there, and for kinds of
    the config that have no schema."""
    check_kinds(config, kinds)
    whole = config.file is not None and any(config.root.is_relative_to(path.resolve()) for path in paths)
    gathering = Gathering(kinds, as_of, config.max_age, claims=list(config.claims) if whole else [])
    found = found_evidence(paths, config, packs)
    if given is not None:
        found = sorted([one for one in found if one.file != given.file] + [given])
    reading = _Reading(gathering, Fitting(config, whole))
    total, done = sum(one.size for one in found), 0
    for one in found:
        reading.read(one)
        done += one.size
        if progress is not None:
            progress(done, total)
    remarks = reading.fitting.end(gathering)
    left_out = 0 if whole else len(config.claims) + sum(mapped.complete is not None for mapped in config.mappings)
    evidence = _evidence(gathering, reading.sources)
    assumed = reading.fitting.assumed()
    return replace(evidence, root=str(config.root), claims_left_out=left_out, remarks=remarks, undated=assumed)


def found_evidence(paths: Sequence[Path], config: Config, packs: Sequence[Path]) -> list[Found]:
    """The files below the paths that are evidence, sorted. Raises Refused for a path that is not there."""
    return find_files(paths, config.root, config.ignore, packs, lambda file: _mapping_of(config, file) is not None)


def finder_of(paths: Sequence[Path], config: Config, packs: Sequence[Path]) -> Callable[[str], str]:
    """What a file at an absolute path would be called if it stood there; empty if it would be no evidence."""
    return finder(paths, config.root, config.ignore, packs, lambda file: _mapping_of(config, file) is not None)


def gathered(file: Found, config: Config, kinds: Mapping[str, Kind], as_of: date) -> Gathering:
    """What one file says by itself: its documents in force, its claims, and the kinds that it leaves open."""
    gathering = Gathering(kinds, as_of, config.max_age)
    _Reading(gathering, Fitting(config, whole=True)).read(file)
    return gathering


def _mapping_of(config: Config, file: str) -> Mapped | None:
    return next((mapped for mapped in config.mappings if mapped.takes(file)), None)


@dataclass(slots=True)
class _Reading:
    """The files that were read, into a gathering."""

    gathering: Gathering
    fitting: Fitting
    sources: dict[str, SourceFile] = field(default_factory=dict)
    claimed: dict[int, int] = field(default_factory=dict)  # the position of a mapping -> that of its claim

    def read(self, found: Found) -> None:
        """Takes in one file."""
        mapped = self.fitting.of(found.file)
        kind = None if mapped is None else mapped.kind
        if found.problem is not None:
            self.gathering.reject(found.file, 0, (), found.problem, kind)
            return
        form = (mapped.form if mapped is not None else None) or form_of(found.file)
        if form is None:
            message = "the extension says nothing about the form of the file"
            hint = "documents are .json, .yaml, .ndjson or .csv; a mapping may state the `format`"
            self.gathering.reject(found.file, 0, (), ("unmapped", message, hint), kind)
            return
        try:
            self._take(found, form, mapped)
        except Refused as refused:
            self.gathering.problems += refused.problems
            self.gathering.open(kind)
        except OSError as error:
            message = f"the file cannot be read: {(error.strerror or 'it cannot be opened').lower()}"
            self.gathering.reject(found.file, 0, (), ("unreadable", message, ""), kind)

    def _take(self, found: Found, form: Form, mapped: Mapped | None) -> None:
        if form in ("json", "yaml") and found.size > MAX_DOCUMENT:
            raise Refused([too_large(found.file, 1)])
        data = found.content()
        delimiter = mapped.cells.delimiter if mapped is not None else ","
        self.sources[found.file] = SourceFile(found.path, form, delimiter, found.data)
        digest = sha256(data).hexdigest()
        if mapped is None:
            self._take_plain(data, found.file, form, digest)
        else:
            source = mapped_source(self.gathering, mapped, found.file, self._claim(mapped))
            self._take_mapped(data, source, form, digest)
            self.fitting.took(mapped)

    def _take_plain(self, data: bytes, file: str, form: Form, digest: str) -> None:
        gathering = self.gathering
        match form:
            case "csv":
                hint = "rows have no envelope: map the file by [[documents]] in ccpolicy.toml, or list it under `ignore`"
                gathering.reject(file, 0, (), ("unmapped", "no mapping speaks of the table", hint))
            case "ndjson":
                for line in read_lines(data, file):
                    if line.problems:
                        gathering.problems += line.problems
                        gathering.open(None)
                    else:
                        take_value(gathering, line.value, Origin(file, line.number, digest))
            case _:
                value = read_value(data, file, form)
                if not _is_ours(value):
                    take_value(gathering, value, Origin(file, 0, digest))

    def _claim(self, mapped: Mapped) -> int:
        """The position of the claim that the mapping makes, or -1; one observed after `as_of` is left out with its documents."""
        position = self.fitting.config.mappings.index(mapped)
        if mapped.complete is None or not self.fitting.whole:
            return -1
        if position not in self.claimed:
            later = (day_in_utc(mapped.observed_at) or self.gathering.as_of) > self.gathering.as_of
            self.claimed[position] = -1 if later else self.gathering.add_claim(mapped.complete)
        return self.claimed[position]

    def _take_mapped(self, data: bytes, source: Source, form: Form, digest: str) -> None:
        header, gathering = source.header, self.gathering
        if form in ("json", "yaml"):
            value = read_value(data, header.file, "json" if form == "json" else "yaml")
            if gathering.is_in_force(header, 1):
                own, valid = take_mapped(gathering, source, value)
                gathering.files.append(FileRecord(header.file, header.kind.name, own, digest, valid))
            return
        taken = self._take_rows(data, source) if form == "csv" else self._take_lines(data, source)
        if header.observed <= gathering.as_of:
            gathering.files.append(FileRecord(header.file, header.kind.name, "", digest, taken))

    def _take_lines(self, data: bytes, source: Source) -> bool:
        valid = True
        for position, line in enumerate(read_lines(data, source.header.file)):
            if line.problems:
                valid = self._refuse(line.problems, source)
            elif self.gathering.is_in_force(source.header, 1):
                valid &= take_mapped(self.gathering, source, line.value, line.number, position)[1]
        return valid

    def _take_rows(self, data: bytes, source: Source) -> bool:
        header, mapped, valid, position = source.header, source.mapped, True, -1
        table = Table(mapped.columns, header.kind.shape(), mapped.cells)
        for position, row in enumerate(read_rows(data, header.file, CsvOptions(mapped.cells.delimiter))):
            problems = row.problems or (() if position else _wrong_columns(row.cells, mapped, header.file))
            if problems:
                valid = self._refuse(problems, source)
                if not row.problems:
                    return valid
            elif self.gathering.is_in_force(header, 1):
                valid &= take_mapped(self.gathering, source, table.body_of(row.cells), row.number, position)[1]
        if position < 0 and header.observed <= self.gathering.as_of:
            self.fitting.empty.append((header.file, mapped))
        return valid

    def _refuse(self, problems: Sequence[Problem], source: Source) -> bool:
        self.gathering.problems += problems
        self.gathering.open(source.header.kind.name)
        return False


def _wrong_columns(cells: Mapping[str, str], mapped: Mapped, file: str) -> tuple[Problem, ...]:
    missing = [heading for heading in mapped.columns if heading not in cells]
    keys = [mapped.columns.get(heading, heading) for heading in cells]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    wrong = [f"the table has no column `{heading}`, which the mapping names" for heading in missing]
    wrong += [f"two columns become `{key}`" for key in twice]
    return tuple(Problem(file, 1, 1, "unknown-column", message, "correct `columns` of the mapping") for message in wrong)


_OURS = ("report", "baseline", "trend")


def _is_ours(value: Json) -> bool:
    """Whether it is a report, a baseline or a trend that we wrote: none is evidence."""
    return isinstance(value, dict) and "ccpolicy" in value and "kind" not in value and not value.keys().isdisjoint(_OURS)


def _evidence(gathering: Gathering, sources: Mapping[str, SourceFile]) -> Evidence:
    drop_duplicates(gathering)
    void_contradicted(gathering)
    return Evidence(
        as_of=gathering.as_of,
        documents={kind: tuple(documents) for kind, documents in sorted(gathering.documents.items()) if documents},
        claims=tuple(gathering.claims),
        open_kinds=frozenset(gathering.open_kinds),
        all_open=gathering.all_open,
        violations=tuple(gathering.violations),
        problems=tuple(sorted({*gathering.problems, *_placed(gathering.pending, sources)})),
        files=tuple(gathering.files),
        observed_later=gathering.observed_later,
        not_in_force=gathering.not_in_force,
        sources=sources,
    )


def _placed(pending: Sequence[Pending], sources: Mapping[str, SourceFile]) -> list[Problem]:
    asked: list[tuple[str, int, Pointer]] = [(one.file, one.line, one.pointer) for one in pending]
    places = Places(sources, asked + [one.other for one in pending if one.other is not None])
    return [_problem(one, places) for one in pending]


def _problem(pending: Pending, places: Places) -> Problem:
    line, column = places.of(pending.file, pending.line, pending.pointer)
    message = pending.message
    if pending.other is not None:
        file, (row, _) = pending.other[0], places.of(*pending.other)
        message = message.replace("{other}", f"{file}:{row}" if row else file)
    return Problem(pending.file, line, column, pending.code, message, pending.hint)
