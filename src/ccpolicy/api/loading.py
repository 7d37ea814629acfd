"""The two verbs of the public API: load packs, and assess evidence by them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from ccpolicy.api.library import Library, library_of
from ccpolicy.api.report import Report, report_from
from ccpolicy.assessment.library import load_library
from ccpolicy.assessment.run import assess as judge
from ccpolicy.cli.options import Asked
from ccpolicy.cli.selection import check_scopes, wanted_of
from ccpolicy.cli.settings import DEFAULTS, Settings, given_packs, settings_of
from ccpolicy.documents.bundle import evidence_of, load_evidence
from ccpolicy.documents.config import Config
from ccpolicy.documents.document import Evidence
from ccpolicy.documents.moment import read_date
from ccpolicy.documents.source import read_value
from ccpolicy.errors import Problem, Refused

PathLike: TypeAlias = "str | os.PathLike[str]"
Documents: TypeAlias = "Sequence[Mapping[str, Any]]"


def load(*packs: PathLike, shipped: bool = True) -> Library:
    """The shipped pack (unless `shipped` is false) and the packs in these folders.

    Raises Refused with everything that is wrong in them: each problem has file, line, column and a hint.
    """
    return library_of(load_library(given_packs(tuple(os.fspath(pack) for pack in packs)), shipped))


def assess(
    evidence: PathLike | Sequence[PathLike] | Mapping[str, Any] | Documents = ".",
    *,
    as_of: date | str | None = None,
    library: Library | None = None,
    standards: Iterable[str] = (),
    rules: Iterable[str] = (),
    sites: Iterable[str] = (),
    clients: Iterable[str] = (),
    params: Mapping[str, Any] | None = None,
    roles: Mapping[str, bool] | None = None,
) -> Report:
    """What `ccpolicy check` finds, as a value.

    `evidence` is a folder or file, or several, with the `ccpolicy.toml` that governs them; or a document in memory, or a list of them, each
    a mapping with its envelope, which no config governs. `as_of` is a date or its ISO text; without one it is the config's, else today in
    UTC. `library` is what `load` gave; without one it is the shipped pack and those of the config. The others select and set as the options
    of `check` do: `rules` are globs over ids, `params` values by name, `roles` those of the organisation, such as
    `{"service_provider": True}`; they go before what the config says.

    Raises Refused for wrong use: paths, config, packs, selections, parameters, or nothing to assess. Input that cannot be read or
    identified raises nothing: it is in `problems` of the report, and the rest is assessed.
    """
    asked = Asked(
        as_of=as_of.isoformat() if isinstance(as_of, date) else as_of,
        standard=_texts(standards),
        rule=_texts(rules),
        site=_texts(sites),
        client=_texts(clients),
        params=tuple(f"{name}={_written(value)}" for name, value in (params or {}).items()),
    )
    sources = [evidence] if isinstance(evidence, str | os.PathLike | Mapping) else list(evidence)
    documents = [source for source in sources if isinstance(source, Mapping)]
    if documents and len(documents) != len(sources):
        raise Refused([Problem(code="bad-evidence", message="`evidence` is either paths or documents, not both")])
    paths = tuple(os.fspath(source) for source in sources if not isinstance(source, Mapping))
    settings = settings_of(replace(asked, paths=paths)) if paths else _ungoverned(asked)
    return _assessed(_with_roles(settings, roles or {}), library, documents)


def _assessed(settings: Settings, library: Library | None, documents: Documents) -> Report:
    loaded = load_library(settings.packs, settings.shipped) if library is None else library._loaded
    wanted = wanted_of(settings, loaded)
    if documents:
        values = [read_value(_json(document), f"document {place}", "json") for place, document in enumerate(documents)]
        evidence = evidence_of(values, loaded.kinds, settings.as_of, file="memory")
    else:
        packs = [folder for folder, _ in settings.packs]
        evidence = load_evidence(settings.paths, settings.config, loaded.kinds, settings.as_of, packs)
    _check_evidence(settings, evidence)
    return report_from(judge(loaded, evidence, wanted))


def _check_evidence(settings: Settings, evidence: Evidence) -> None:
    """Raises Refused where there is nothing to assess though everything could be read."""
    problems = check_scopes(settings, evidence)
    if not evidence.documents and not evidence.files:
        problems = [Problem(code="no-document", message=f"there is no document to assess on {settings.as_of}")]
    if problems and not evidence.problems:
        raise Refused(problems)


def _ungoverned(asked: Asked) -> Settings:
    """The settings of documents in memory: what is asked, and no config."""
    if asked.as_of is not None and read_date(asked.as_of) is None:
        raise Refused([Problem(code="bad-date", message=f"`as_of` is a date, and `{asked.as_of}` is none", hint="write it as 2026-06-30")])
    return Settings(
        paths=(),
        config=Config(root=Path()),
        as_of=read_date(asked.as_of) or datetime.now(UTC).date(),
        packs=(),
        shipped=True,
        standards=asked.standard,
        rules=asked.rule,
        sites=asked.site,
        clients=asked.client,
        params=asked.params,
        outputs=(),
        fail_on=DEFAULTS["fail_on"],
        undetermined=DEFAULTS["undetermined"],
        baseline=None,
        diff=None,
        no_color=True,
        quiet=True,
    )


def _with_roles(settings: Settings, roles: Mapping[str, bool]) -> Settings:
    return replace(settings, config=replace(settings.config, roles={**settings.config.roles, **roles}))


def _texts(given: Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(sorted(set(given)))


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=_spoken)


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, default=_spoken).encode()


def _spoken(value: Any) -> Any:
    """What JSON has no form for: dates as their ISO texts, exact numbers, and mappings of other types."""
    match value:
        case date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Mapping():
            return dict(value)
        case _:
            message = f"a document holds JSON values, dates and decimals, and `{type(value).__name__}` is none of these"
            raise Refused([Problem(code="bad-evidence", message=message)])
