"""The syntax of rule, case and definition files as pydantic models; the only place that knows it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

_SCALAR = {"type": ["string", "number", "boolean"]}
_PATH = {"type": "string"}
_LENGTH_TEXT = {"type": "string", "pattern": "^P"}
_PARAM = {"type": "object", "properties": {"param": {"type": "string"}}, "required": ["param"], "additionalProperties": False}
_LENGTH = {"anyOf": [_LENGTH_TEXT, _PARAM]}
_FROM_PATH = {
    "type": "object",
    "properties": {"path": _PATH, "plus": _LENGTH, "minus": _LENGTH},
    "required": ["path"],
    "additionalProperties": False,
}
_OPERAND = {"anyOf": [_SCALAR, _PARAM, _FROM_PATH]}
_VALUES = {"anyOf": [{"type": "array", "items": _SCALAR, "minItems": 1}, _PARAM, _FROM_PATH]}
_NUMBER = {"anyOf": [{"type": "number"}, _PARAM]}

Operand: TypeAlias = Annotated[Any, WithJsonSchema(_OPERAND)]
Values: TypeAlias = Annotated[Any, WithJsonSchema(_VALUES)]
Length: TypeAlias = Annotated[Any, WithJsonSchema(_LENGTH)]
Number: TypeAlias = Annotated[Any, WithJsonSchema(_NUMBER)]
Paths: TypeAlias = Annotated[Any, WithJsonSchema({"anyOf": [_PATH, {"type": "array", "items": _PATH, "minItems": 1}]})]
Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _edges(value: Any) -> Any:
    return [{"of": edge} if isinstance(edge, str) else edge for edge in _listed(value)]


class Model(BaseModel):
    """Closed: an unknown key is an error; types are never coerced."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


# ---- predicates ----------------------------------------------------------------------------------------------------------------


class CountArgument(Model):
    where: Predicate | None = None
    at_least: Operand = None
    at_most: Operand = None


class DoneWithinArgument(Model):
    of: Operand
    days: Number = None
    months: Number = None
    business_days: Number = None
    calendar: str | None = None


class CadenceArgument(Model):
    at: str
    every: Length
    over_last: Length
    tolerance: Length = None


class EdgeArgument(Model):
    of: str
    takes_effect: bool = True


class EveryPathArgument(Model):
    id: str
    next: Annotated[list[EdgeArgument], BeforeValidator(_edges)]
    start: Operand
    to: Predicate
    first_passes: Predicate
    undone_by: Predicate | None = None
    starts: Literal["done", "not_done", "unknown"] = "not_done"


class Condition(Model):
    """The operators of one condition, joined by and."""

    is_: Operand = Field(None, alias="is")
    is_not: Operand = None
    in_: Values = Field(None, alias="in")
    not_in: Values = None
    at_least: Operand = None
    at_most: Operand = None
    more_than: Operand = None
    less_than: Operand = None
    between: Annotated[Any, WithJsonSchema({"type": "array", "items": _OPERAND, "minItems": 2, "maxItems": 2})] = None
    before: Operand = None
    after: Operand = None
    on_or_before: Operand = None
    on_or_after: Operand = None
    within_last: Length = None
    within_next: Length = None
    done_within: DoneWithinArgument | None = None
    matches: str | None = None
    starts_with: Operand = None
    ends_with: Operand = None
    contains_text: Operand = None
    free_of: list[Literal["pan", "ssn"]] | None = Field(None, min_length=1)
    present: bool | None = None
    some: Predicate | None = None
    every: Predicate | None = None
    none: Predicate | None = None
    count: CountArgument | None = None
    contains: Operand = None
    contains_all: Values = None
    at_most_one_of: Values = None
    subset_of: Values = None
    disjoint_from: Values = None
    unique_by: Paths = None
    cadence: CadenceArgument | None = None
    every_path: EveryPathArgument | None = None
    allow_empty: bool | None = None


class Predicate(BaseModel):
    """Keys are paths (a condition each) or one of seven words; joined by and."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)
    __pydantic_extra__: dict[str, Condition] = Field(init=False)

    all_of: list[Predicate] | None = Field(None, min_length=1)
    any_of: list[Predicate] | None = Field(None, min_length=1)
    not_: Predicate | None = Field(None, alias="not")
    if_: Predicate | None = Field(None, alias="if")
    then: Predicate | None = None
    else_: Predicate | None = Field(None, alias="else")
    meets: str | None = None


for _model in (CountArgument, EveryPathArgument, Condition):
    _model.model_rebuild()  # they name `Predicate`, which stands below them


# ---- rules ---------------------------------------------------------------------------------------------------------------------


class ControlLink(Model):
    control: str
    coverage: Literal["full", "partial"]
    why: str = Field(min_length=1)


class BoundsModel(Model):
    at_least: Annotated[Any, WithJsonSchema(_SCALAR)] = None
    at_most: Annotated[Any, WithJsonSchema(_SCALAR)] = None


class ParamModel(Model):
    type: Literal["integer", "number", "text", "boolean", "date", "duration", "list"]
    unit: str | None = None
    default: Annotated[Any, WithJsonSchema({"type": ["string", "number", "boolean", "array"]})] = None
    bounds: BoundsModel | None = None
    description: str | None = None


class ReachedFromModel(Model):
    kind: str
    links: str
    key: str = "id"


class PeriodModel(Model):
    last: int = Field(ge=1, le=1000)


class PerModel(Model):
    day: PeriodModel | None = None
    week: PeriodModel | None = None
    month: PeriodModel | None = None
    quarter: PeriodModel | None = None


class KeyModel(Model):
    theirs: str
    ours: str


class JoinModel(Model):
    from_: str = Field(alias="from")
    as_: str = Field(alias="as", min_length=1)
    key: Annotated[list[KeyModel], BeforeValidator(_listed), Field(min_length=1)]
    where: Predicate | None = None
    during: str | None = None


class OverModel(Model):
    of: str
    where: Predicate | None = None


class ColumnModel(OverModel):
    value: str = "."


class PercentileModel(ColumnModel):
    p: Number
    method: Literal["nearest_rank"]


class ShareModel(Model):
    of: str
    where: Predicate


class RatioModel(OverModel):
    sum: str
    over_sum: str


class WilsonModel(Model):
    successes: str
    n: str
    confidence: Number


class SampleModel(Model):
    margin: Number
    confidence: Number
    population: str


class DaysModel(Model):
    from_: str = Field(alias="from")
    to: str


class BusinessDaysModel(DaysModel):
    calendar: str


class MeasureModel(Model):
    sum: ColumnModel | None = None
    min: ColumnModel | None = None
    max: ColumnModel | None = None
    mean: ColumnModel | None = None
    median: ColumnModel | None = None
    range: ColumnModel | None = None
    distinct: ColumnModel | None = None
    percentile: PercentileModel | None = None
    count: OverModel | None = None
    share: ShareModel | None = None
    ratio: RatioModel | None = None
    wilson_lower: WilsonModel | None = None
    sample_size: SampleModel | None = None
    days_between: DaysModel | None = None
    business_days_between: BusinessDaysModel | None = None


class RuleModel(Model):
    """A rule file."""

    id: str
    title: str = Field(min_length=1)
    severity: Severity
    controls: list[ControlLink] = Field(min_length=1)
    params: dict[str, ParamModel] = Field(default_factory=dict)
    applies_to: str
    reached_from: ReachedFromModel | None = None
    each: str | None = None
    per: PerModel | None = None
    timezone: str = "UTC"
    with_: dict[str, JoinModel] = Field(default_factory=dict, alias="with")
    measure: dict[str, MeasureModel] = Field(default_factory=dict)
    when: Predicate | None = None
    require: Predicate
    message: str = Field(min_length=1)
    remediation: str = Field(min_length=1)
    references: list[str] = Field(default_factory=list)


class DefinitionModel(Model):
    """A named predicate, on a kind or on the members of a source in it."""

    on: str
    predicate: Predicate


# ---- cases ---------------------------------------------------------------------------------------------------------------------


class ExpectModel(Model):
    status: Literal["pass", "fail", "undetermined", "waived", "not_applicable"]
    pointer: str | None = None


class OrganisationModel(Model):
    name: str = ""
    roles: dict[str, bool] = Field(default_factory=dict)


class CaseModel(Model):
    """An example of a rule, and a test of it."""

    name: str = Field(min_length=1)
    as_of: str
    documents: list[Any]
    params: dict[str, Any] = Field(default_factory=dict)
    organisation: OrganisationModel = OrganisationModel()
    open: list[str] = Field(default_factory=list)
    expect: ExpectModel


class CasesModel(Model):
    """A cases file."""

    rule: str
    cases: list[CaseModel] = Field(min_length=1)


# ---- survivors -----------------------------------------------------------------------------------------------------------------


class SurvivorModel(Model):
    """A mutant that no case kills, and why that is right."""

    rule: str
    mutant: str
    reason: str = Field(min_length=1)


class SurvivorsModel(Model):
    """The file `survivors.yaml` of a pack."""

    survivors: list[SurvivorModel]


# ---- silences ------------------------------------------------------------------------------------------------------------------


class SilenceModel(Model):
    """A lint that is kept quiet for the rules that a pattern fits, and why."""

    lint: str
    rule: str
    reason: str


class SilencesModel(Model):
    """The file `lint.yaml` of a pack."""

    silenced: list[SilenceModel]
