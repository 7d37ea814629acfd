"""The config: `ccpolicy.toml`, or `[tool.ccpolicy]` of a `pyproject.toml`, sought from the evidence upwards."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ccpolicy.documents.config_syntax import CHECK_OPTIONS, ConfigTable, DocumentsTable, PlanTable, PriceTable
from ccpolicy.documents.document import Claim
from ccpolicy.documents.envelope import claim_of
from ccpolicy.documents.mapping import Mapped
from ccpolicy.documents.moment import Duration, read_date, read_duration
from ccpolicy.documents.planning import Owner, Price, Prices
from ccpolicy.documents.pointer import read_pointer
from ccpolicy.documents.schema import NO_KIND, Kind
from ccpolicy.documents.table_cells import CellOptions
from ccpolicy.documents.toml_place import toml_place
from ccpolicy.documents.wording import safe_key
from ccpolicy.errors import Problem, Refused, did_you_mean

CONFIG_FILE, PROJECT_FILE = "ccpolicy.toml", "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """What an organisation says once. `root` is the folder of the file, else the folder of the evidence."""

    root: Path
    file: str | None = None  # the name of the config file in `root`
    as_of: date | None = None
    packs: tuple[Path, ...] = ()
    ignore: tuple[str, ...] = ()
    organisation_name: str = ""
    roles: Mapping[str, bool] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    mappings: tuple[Mapped, ...] = ()
    claims: tuple[Claim, ...] = ()
    max_age: Mapping[str, Duration] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)
    owners: Mapping[str, Owner] = field(default_factory=dict)  # by pattern of kinds
    options: Mapping[str, Any] = field(default_factory=dict)  # options of `check` that are stated
    lines: Mapping[str, int] = field(default_factory=dict)  # where names in the file stand: `max_age.account` -> line


def config_schema() -> dict[str, Any]:
    """The JSON Schema of `ccpolicy.toml`, for editors."""
    schema = ConfigTable.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", NO_KIND: True, **schema, "title": "ccpolicy.toml"}


def find_config(paths: Sequence[Path]) -> Config:
    """The config that governs the paths: the nearest one at or above their common folder. Defaults if there is none.

    Raises Refused with all that is wrong in the file.
    """
    folder = _common_folder(paths)
    for place in (folder, *folder.parents):
        if os.path.lexists(place / CONFIG_FILE):
            return read_config(place / CONFIG_FILE)
        if (place / PROJECT_FILE).is_file() and _speaks_of_us(place / PROJECT_FILE):
            return read_config(place / PROJECT_FILE)
    return Config(root=folder)


def _speaks_of_us(project: Path) -> bool:
    """Whether a project file has `[tool.ccpolicy]`; one that does not name us is not read further, whatever is wrong with it."""
    return b"ccpolicy" in project.read_bytes() and "ccpolicy" in _tables(project).get("tool", {})


def _common_folder(paths: Sequence[Path]) -> Path:
    real = [Path(os.path.realpath(path)) for path in paths]
    folders = [path.parent if path.is_file() else path for path in real]
    return Path(os.path.commonpath(folders))


def read_config(path: Path) -> Config:
    """The config in a file. Raises Refused with all that is wrong in it."""
    tables = _tables(path)
    above: tuple[str, ...] = ()
    if path.name == PROJECT_FILE:
        tables, above = tables.get("tool", {}).get("ccpolicy", {}), ("tool", "ccpolicy")
    text = path.read_text("utf-8-sig")
    try:
        table = ConfigTable.model_validate(_plain(tables))
    except ValidationError as error:
        raise Refused(_problems(error, path.name, text, above)) from None
    _check_rate(table.plan, path.name, text, above)
    return _config(table, path, text, above)


def _tables(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise Refused([Problem(path.name, 0, 0, "bad-config", "the config is not UTF-8", "save the file as UTF-8")]) from None
    except OSError as error:
        raise Refused([Problem(path.name, 0, 0, "bad-config", f"the config cannot be read: {error.strerror}")]) from None
    try:
        return tomllib.loads(text + "\n")
    except tomllib.TOMLDecodeError as error:
        found = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (text.count("\n") + 1, 1)
        message = f"this is no TOML: {str(error).partition(' (at ')[0].lower()}"
        raise Refused([Problem(path.name, line, column, "bad-config", message)]) from None
    except RecursionError:
        raise Refused([Problem(path.name, 1, 1, "bad-config", "the config is nested too deep")]) from None


def _plain(value: Any) -> Any:
    """TOML's own dates as the texts that evidence has."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case dict():
            return {key: _plain(member) for key, member in value.items()}
        case list():
            return [_plain(member) for member in value]
        case _:
            return value


def _problems(error: ValidationError, file: str, text: str, above: tuple[str, ...]) -> Iterator[Problem]:
    for one in error.errors(include_url=False, include_input=False):
        at = tuple(one["loc"])
        line, column = toml_place(text, (*above, *at))
        yield Problem(file, line, column, "bad-config", *_worded(one["type"], one["msg"], at))


def _worded(code: str, message: str, at: tuple[str | int, ...]) -> tuple[str, str]:
    name = ".".join(safe_key(token) for token in at)
    if code == "extra_forbidden":
        known = _known_keys(at[:-1])
        return f"there is no key `{name}`", did_you_mean(str(at[-1]), known) or f"known are {', '.join(sorted(known))}"
    if code == "missing":
        return f"`{name}` is missing", ""
    said = message.removeprefix("Value error, ").removeprefix("Input ")
    return f"`{name}` {said[:1].lower()}{said[1:]}", ""


def _known_keys(at: tuple[str | int, ...]) -> list[str]:
    model: Any = ConfigTable
    for token in at:
        if isinstance(token, str) and token in model.inner():
            model = model.inner()[token]
    return [info.alias or name for name, info in model.model_fields.items()]


def _config(table: ConfigTable, path: Path, text: str, above: tuple[str, ...]) -> Config:
    def line(*at: str | int) -> int:
        return toml_place(text, (*above, *at))[0]

    mappings = enumerate(table.documents)
    claims = enumerate(table.complete)
    return Config(
        root=Path(os.path.realpath(path.parent)),
        file=path.name,
        as_of=read_date(table.as_of),
        packs=tuple(path.parent.resolve() / pack for pack in table.packs),
        ignore=tuple(table.ignore),
        organisation_name=table.organisation.name,
        roles=table.organisation.roles,
        params=table.params,
        mappings=tuple(_mapped(mapping, path.name, line("documents", place, "files")) for place, mapping in mappings),
        claims=tuple(_claim(claim, path.name, line("complete", place, "kind")) for place, claim in claims),
        max_age={kind: age for kind, text in table.max_age.items() if (age := read_duration(text)) is not None},
        prices=_prices(table.plan),
        owners={kind: Owner(owner.name, read_date(owner.due)) for kind, owner in table.owners.items()},
        options={name: value for name in CHECK_OPTIONS if (value := getattr(table, name)) is not None},
        lines={f"max_age.{kind}": line("max_age", kind) for kind in table.max_age}
        | {f"organisation.roles.{role}": line("organisation", "roles", role) for role in table.organisation.roles}
        | {f"owners.{kind}": line("owners", kind) for kind in table.owners}
        | {f"plan.{part}.{name}": line("plan", part, name) for part in _PRICED for name in getattr(table.plan, part)},
    )


_PRICED = ("standards", "rules", "controls", "responsibilities")


def _check_rate(plan: PlanTable, file: str, text: str, above: tuple[str, ...]) -> None:
    """Raises Refused where a cost is stated, and not what a day costs: the two could not be added."""
    stated: list[tuple[str, ...]] = [("cost",)] if plan.cost else []
    for part in _PRICED[1:]:
        stated += [(part, name, "cost") for name, price in getattr(plan, part).items() if price.cost]
    if stated and plan.day_rate is None:
        hint = "say what a day of work costs: `day_rate` in `[plan]`"
        message = "`plan.{}` is money, which cannot be added to days of effort"
        raise Refused(
            Problem(file, *toml_place(text, (*above, "plan", *at)), "bad-config", message.format(".".join(map(safe_key, at))), hint)
            for at in stated
        )


def _prices(plan: PlanTable) -> Prices:
    def exact(amount: float) -> Fraction:
        return Fraction(str(amount))

    def price(table: PriceTable) -> Price:
        return Price(*(None if amount is None else exact(amount) for amount in (table.effort, table.cost)))

    return Prices(
        effort=exact(plan.effort),
        cost=exact(plan.cost),
        day_rate=None if plan.day_rate is None else exact(plan.day_rate),
        standards={name: exact(weight) for name, weight in plan.standards.items()},
        rules={name: price(table) for name, table in plan.rules.items()},
        controls={name: price(table) for name, table in plan.controls.items()},
        responsibilities={name: price(table) for name, table in plan.responsibilities.items()},
    )


def _claim(table: Any, file: str, line: int) -> Claim:
    stated = table.model_dump(by_alias=True)
    claim = claim_of(table.kind, stated, table.site, table.client)
    return _placed(claim, file, line, collection=False)


def _placed(claim: Claim, file: str, line: int, collection: bool) -> Claim:
    return Claim(claim.kind, claim.by, claim.on, claim.basis, claim.first, claim.last, claim.site, claim.client, file, line, (), collection)


def _mapped(table: DocumentsTable, file: str, line: int) -> Mapped:
    stated = table.complete.model_dump(by_alias=True) if table.complete else None
    claim = claim_of(table.kind, stated, table.site, table.client) if stated else None
    return Mapped(
        files=tuple(table.patterns()),
        kind=table.kind,
        form=table.format,
        id=_tokens(table.id),
        observed_at=table.observed_at,
        site=table.site,
        client=table.client,
        placeholders=tuple(table.placeholders),
        lacks=tuple(read_pointer(pointer) for pointer in table.lacks),
        more=_tokens(table.more),
        columns=table.columns,
        cells=CellOptions(table.delimiter, table.date_format, *map(tuple, (table.true, table.false, table.null))),
        complete=_placed(claim, file, line, collection=True) if claim else None,
        line=line,
    )


def _tokens(pointer: str | None) -> tuple[str, ...] | None:
    return None if pointer is None else read_pointer(pointer)


def check_kinds(config: Config, kinds: Mapping[str, Kind]) -> None:
    """Raises Refused for each kind that the config names and no schema defines."""
    named = [(mapped.kind, mapped.line, "documents") for mapped in config.mappings]
    named += [(claim.kind, claim.line, "complete") for claim in config.claims]
    named += [(kind, config.lines.get(f"max_age.{kind}", 0), "max_age") for kind in config.max_age]
    unknown = [(kind, line, table) for kind, line, table in named if kind not in kinds]
    if unknown:
        raise Refused(_unknown_kind(config, kind, line, table, kinds) for kind, line, table in unknown)


def _unknown_kind(config: Config, kind: str, line: int, table: str, kinds: Mapping[str, Kind]) -> Problem:
    message = f"`{table}` names the kind `{safe_key(kind)}`, which has no schema"
    return Problem(config.file or "", line, min(line, 1), "unknown-kind", message, did_you_mean(kind, kinds))
