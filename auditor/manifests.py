"""The form of a manifest: what every report's has, and what others read of an audit's. One that was changed may be anything."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field, StrictInt, StrictStr


class _File(BaseModel):
    file: StrictStr
    sha256: StrictStr


class _AnyReport(BaseModel):
    outputs: list[_File] = Field(min_length=1)


class _Hash(BaseModel):
    sha256: StrictStr


class _Version(BaseModel):
    version: StrictStr


class _Span(BaseModel):
    first: date = Field(alias="from")
    last: date = Field(alias="to")


class _Input(BaseModel):
    table: StrictStr
    sha256: StrictStr


class _Options(BaseModel):
    mapping_sha256: StrictStr | None = None


class _Tallies(BaseModel):
    whole: dict[str, StrictInt] = {}
    undecided: list[StrictStr] = []
    parties: dict[str, dict[str, dict[str, StrictInt]]] = {}


class _Audit(BaseModel):
    program: _Version
    agreement: _Hash
    law_table: _Hash
    period: _Span
    controller: StrictStr | None = None
    inputs: list[_Input]
    options: _Options
    verdicts: dict[str, StrictInt]
    checks: dict[str, StrictStr] = {}
    tallies: _Tallies = _Tallies()


def of_any_report(manifest: dict[str, Any]) -> None:
    """Raise ValueError when a manifest has not the form that every report's has."""
    _AnyReport.model_validate(manifest)


def of_audit(manifest: dict[str, Any]) -> None:
    """Raise ValueError when a manifest lacks, or has in another form, what is read of an audit's."""
    _Audit.model_validate(manifest)
