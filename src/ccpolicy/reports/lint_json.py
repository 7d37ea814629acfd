"""Findings of lints as JSON, and the shape of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ccpolicy.analysis.lint.run import Linted, Remark


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class RemarkShape(_Model):
    """A finding. Lines and columns count from 1; `name` is the rule, or the file by its folder."""

    file: str
    line: int
    column: int
    lint: str
    name: str
    message: str
    hint: str


class SilencedShape(RemarkShape):
    """A finding that the pack keeps quiet, and why."""

    reason: str


class LintReport(_Model):
    """What `ccpolicy lint --format json` prints."""

    lint_report: Literal[1] = 1  # of the shape; it grows when the shape changes
    packs: list[str]
    files: int
    findings: list[RemarkShape]
    silenced: list[SilencedShape]


def lint_json(names: Sequence[str], found: Sequence[Linted]) -> dict[str, Any]:
    """The report on packs of these names."""
    remarks = sorted(remark for one in found for remark in one.remarks)
    silenced = sorted(remark for one in found for remark in one.silenced)
    report = LintReport(
        packs=list(names),
        files=sum(one.files for one in found),
        findings=[RemarkShape(**_shared(remark)) for remark in remarks],
        silenced=[SilencedShape(**_shared(remark), reason=remark.reason) for remark in silenced],
    )
    return report.model_dump()


def _shared(remark: Remark) -> dict[str, Any]:
    return {name: getattr(remark, name) for name in RemarkShape.model_fields}
