"""Expectations of one's own for suites that ``auditor agreement compile`` wrote, for pandas; importing this makes them known.

    import great_expectations as gx
    from auditor.pipelines.expectations import checkpoint

    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("exports").add_dataframe_asset("file")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    result = checkpoint(context, "suite.json", whole).run(batch_parameters={"dataframe": frame})

A column that is not there breaks none of them, and neither does an empty cell. Results hold numbers and places, never a value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import great_expectations as gx
import pandas as pd
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from auditor.release.identifiers import NUMBERS_OF_PEOPLE, Found, find_identifiers
from auditor.release.plain_text import made_plain

#: So many places are told of each expectation.
SHOWN = 20
_SAFE_RESULTS = {"result_format": "COMPLETE", "exclude_unexpected_values": True, "include_unexpected_rows": False}


def _cells(frame: pd.DataFrame, name: str) -> Iterator[tuple[int, str]]:
    """Position and text of the filled cells of a column, which may not be there."""
    if name not in frame.columns:
        return
    for place, value in enumerate(frame[name].tolist()):
        if value is not None and value is not pd.NA and value == value and str(value).strip():
            yield place, str(value).strip()


def _only_allowed(frame: pd.DataFrame, columns: Sequence[str], words: Sequence[str]) -> set[int]:
    """The positions of columns that are not among those allowed. All other rules give positions of rows."""
    del words
    return {place for place, name in enumerate(frame.columns) if name not in columns}


def _numbers(text: str) -> list[tuple[str, Found]]:
    plain = made_plain(text)
    return [(plain, found) for found in find_identifiers(plain) if found.kind in NUMBERS_OF_PEOPLE]


def _wrong_numbers(frame: pd.DataFrame, columns: Sequence[str], words: Sequence[str]) -> set[int]:
    del words

    def right(text: str) -> bool:
        found = _numbers(text)
        return len(found) == 1 and found[0][1].sure and found[0][1].start == 0 and found[0][1].end == len(found[0][0])

    return {place for name in columns for place, text in _cells(frame, name) if not right(text)}


def _numbers_of_others(frame: pd.DataFrame, columns: Sequence[str], words: Sequence[str]) -> set[int]:
    """Rows with a number, also one that may be mistyped, in another column than ``columns``, and that is not the row's own."""
    del words
    own: dict[int, set[str]] = {}
    for name in columns:
        for place, text in _cells(frame, name):
            own.setdefault(place, set()).update(found.key[-10:] for _plain, found in _numbers(text))
    return {
        place
        for name in frame.columns
        if name not in columns
        for place, text in _cells(frame, name)
        if any(found.key[-10:] not in own.get(place, set()) for _plain, found in _numbers(text))
    }


def _not_among(frame: pd.DataFrame, columns: Sequence[str], words: Sequence[str]) -> set[int]:
    known = {word.casefold() for word in words}
    return {place for name in columns for place, text in _cells(frame, name) if text.casefold() not in known}


def _of_other_form(frame: pd.DataFrame, columns: Sequence[str], words: Sequence[str]) -> set[int]:
    forms = [re.compile(form) for form in words]
    return {place for name in columns for place, text in _cells(frame, name) if not any(form.fullmatch(text) for form in forms)}


_RULES: dict[str, Callable[[pd.DataFrame, Sequence[str], Sequence[str]], set[int]]] = {
    "only_allowed": _only_allowed,
    "right_numbers": _wrong_numbers,
    "numbers_of_others": _numbers_of_others,
    "codes": _not_among,
    "form": _of_other_form,
}


class DeviatingPlaces(TableMetricProvider):
    """The positions, from 0, of what a rule speaks against. Numbers alone leave it."""

    metric_name = "auditor.deviating_places"
    value_keys = ("rule", "columns", "words")

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls,
        execution_engine: PandasExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> list[int]:
        del metrics, runtime_configuration
        frame, _compute, _accessor = execution_engine.get_compute_domain(metric_domain_kwargs, MetricDomainTypes.TABLE)
        rule = _RULES[metric_value_kwargs["rule"]]
        return sorted(rule(frame, list(metric_value_kwargs["columns"]), list(metric_value_kwargs["words"] or ())))


class _OfTheAgreement(BatchExpectation):
    """What a rule says of the columns named; one that is not there breaks nothing. Places are counted from 0."""

    rule: str = ""
    columns: Sequence[str] = ()
    words: Sequence[str] = ()

    metric_dependencies: ClassVar[tuple[str, ...]] = (DeviatingPlaces.metric_name,)
    success_keys: ClassVar[tuple[str, ...]] = ("rule", "columns", "words")
    args_keys: ClassVar[tuple[str, ...]] = ("columns", "words")

    def _validate(self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        del runtime_configuration, execution_engine
        places = metrics[DeviatingPlaces.metric_name]
        return {"success": not places, "result": {"observed_value": len(places), "places": places[:SHOWN]}}


class ExpectOnlyAllowedColumns(_OfTheAgreement):
    """The file has no other columns than ``columns``; it need not have all of them. Places are columns."""

    rule: str = "only_allowed"


class ExpectRightPersonalNumbersWhereThere(_OfTheAgreement):
    """Each filled cell of ``columns`` is one right personnummer, samordningsnummer or reserve number. Places are rows."""

    rule: str = "right_numbers"


class ExpectNoPersonalNumbersOfOthers(_OfTheAgreement):
    """No column but ``columns``, which hold the rows' own numbers, has a personal number of another. Places are rows."""

    rule: str = "numbers_of_others"


class ExpectCodesWhereThere(_OfTheAgreement):
    """Each filled cell of ``columns`` is one of ``words``, in capitals or not. Places are rows."""

    rule: str = "codes"


class ExpectFormWhereThere(_OfTheAgreement):
    """Each filled cell of ``columns`` is wholly of one of the forms ``words`` (regular expressions). Places are rows."""

    rule: str = "form"


def read_suite(path: str | Path) -> gx.ExpectationSuite:
    """A compiled suite as great-expectations' own."""
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    return gx.ExpectationSuite(name=raw["name"], expectations=raw["expectations"], meta=raw["meta"])


def checkpoint(context: Any, suite: str | Path, batch: BatchDefinition[Any]) -> gx.Checkpoint:
    """A checkpoint in a context that puts a compiled suite to a batch of a pandas frame; results hold no values."""
    read = context.suites.add_or_update(read_suite(suite))
    name = f"{read.name} {batch.name}"
    definition = context.validation_definitions.add_or_update(gx.ValidationDefinition(name=name, data=batch, suite=read))
    made = gx.Checkpoint(name=name, validation_definitions=[definition], result_format=_SAFE_RESULTS)
    kept: gx.Checkpoint = context.checkpoints.add_or_update(made)
    return kept
