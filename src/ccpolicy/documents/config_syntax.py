"""The shape of the config file: which tables and keys it may have."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from ccpolicy.documents.formats import NoPattern, compile_pattern
from ccpolicy.documents.glob import Glob
from ccpolicy.documents.moment import read_date, read_duration, read_moment
from ccpolicy.documents.pointer import read_pointer
from ccpolicy.documents.source import Form

CHECK_OPTIONS = (
    "standard", "rule", "site", "client", "format", "output", "fail_on", "undetermined", "baseline", "changed_since",
    "no_shipped_rules", "quiet", "no_color"
)  # fmt: skip


def _date(text: str) -> str:
    if read_date(text) is None:
        raise ValueError("is no date such as 2026-06-30")
    return text


def _folder(text: str) -> str:
    if not text or "\0" in text:
        raise ValueError("is no name of a folder")
    return text


def _moment(text: str) -> str:
    if read_moment(text) is None:
        raise ValueError("is no date or instant such as 2026-06-30 or 2026-06-30T09:00:00Z")
    return text


def _duration(text: str) -> str:
    if read_duration(text) is None:
        raise ValueError("is no duration such as P92D")
    return text


def _pattern(text: str) -> str:
    try:
        compile_pattern(text)
    except NoPattern as error:
        raise ValueError(f"is no pattern of RE2: {error}") from None
    return text


def _glob(text: str) -> str:
    try:
        Glob(text.removeprefix("!")).matches("")
    except NoPattern:
        raise ValueError("is no file pattern such as connect/*.json") from None
    return text


def _pointer(text: str) -> str:
    read_pointer(text)
    return text


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[list[Text], BeforeValidator(_list)]
Date = Annotated[str, AfterValidator(_date), Field(json_schema_extra={"format": "date"})]
Moment = Annotated[str, AfterValidator(_moment)]
Age = Annotated[str, AfterValidator(_duration), Field(json_schema_extra={"format": "duration"})]
JsonPointer = Annotated[str, AfterValidator(_pointer)]
RegularExpression = Annotated[Text, AfterValidator(_pattern)]
FilePattern = Annotated[Text, AfterValidator(_glob)]
Words = Annotated[list[str], BeforeValidator(_list)]
Severity = Literal["critical", "high", "medium", "low", "info", "never"]


class Table(BaseModel):
    """A table of the config: unknown keys are refused, and nothing is coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)
    tables: ClassVar[dict[str, type[Table]]] = {}

    @classmethod
    def inner(cls) -> dict[str, type[Table]]:
        """The tables within, by key."""
        return cls.tables


class CompleteTable(Table):
    """A claim: by, on and basis say who knows, since when and how; from and to bound the days."""

    by: Text
    on: Date
    basis: Text
    first: Date | None = Field(None, alias="from")
    last: Date | None = Field(None, alias="to")


class KindCompleteTable(CompleteTable):
    """`[[complete]]`: a claim for a kind."""

    kind: Text
    site: Text | None = None
    client: Text | None = None


class DocumentsTable(Table):
    """`[[documents]]`: files of another system, and the kind that they are."""

    files: Annotated[list[FilePattern], BeforeValidator(_list)] = Field(min_length=1)
    kind: Text
    format: Form | None = None
    id: JsonPointer | None = None
    observed_at: Moment | None = None
    site: Text | None = None
    client: Text | None = None
    placeholders: Annotated[list[RegularExpression], BeforeValidator(_list)] = []
    lacks: Annotated[list[JsonPointer], BeforeValidator(_list)] = []
    more: JsonPointer | None = None
    columns: dict[str, Text] = {}
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    date_format: Text | None = None
    true: Words = ["true"]
    false: Words = ["false"]
    null: Words = [""]
    complete: CompleteTable | None = None
    tables: ClassVar[dict[str, type[Table]]] = {"complete": CompleteTable}

    def patterns(self) -> list[str]:
        """The file patterns."""
        return list(self.files)


class OrganisationTable(Table):
    """`[organisation]`: its name, and which roles it has in the standards."""

    name: str = ""
    roles: dict[str, bool] = {}


Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class PriceTable(Table):
    """What a repair takes: effort in days, cost in money."""

    effort: Amount | None = None
    cost: Amount | None = None


class PlanTable(Table):
    """`[plan]`: what repairs take and what standards weigh, for `controls plan`."""

    effort: Amount = 1
    cost: Amount = 0
    day_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    standards: dict[str, Amount] = {}
    rules: dict[str, PriceTable] = {}
    controls: dict[str, PriceTable] = {}
    responsibilities: dict[str, PriceTable] = {}
    tables: ClassVar[dict[str, type[Table]]] = {"rules": PriceTable, "controls": PriceTable, "responsibilities": PriceTable}


class OwnerTable(Table):
    """Of `[owners]`: who brings evidence of a kind, and by when."""

    name: Text
    due: Date | None = None


class ConfigTable(Table):
    """The config of an organisation: what is checked, how foreign files are read, and what is complete."""

    as_of: Date | None = None
    packs: Annotated[list[Annotated[Text, AfterValidator(_folder)]], BeforeValidator(_list)] = []
    ignore: Annotated[list[FilePattern], BeforeValidator(_list)] = []
    organisation: OrganisationTable = OrganisationTable()
    params: dict[str, Any] = {}
    documents: list[DocumentsTable] = []
    complete: list[KindCompleteTable] = []
    max_age: dict[str, Age] = {}
    plan: PlanTable = PlanTable()
    owners: dict[str, OwnerTable] = {}
    standard: Texts | None = None
    rule: Texts | None = None
    site: Texts | None = None
    client: Texts | None = None
    format: Literal["text", "json", "sarif", "junit", "github", "gitlab", "markdown", "csv"] | None = None
    output: Text | None = None
    fail_on: Severity | None = None
    undetermined: Literal["fail", "warn"] | None = None
    changed_since: Text | None = None
    baseline: Text | None = None
    no_shipped_rules: bool | None = None
    quiet: bool | None = None
    no_color: bool | None = None
    tables: ClassVar[dict[str, type[Table]]] = {
        "organisation": OrganisationTable, "documents": DocumentsTable, "complete": KindCompleteTable,
        "plan": PlanTable, "owners": OwnerTable,
    }  # fmt: skip
