"""great-expectations at work: expectations put to small frames. Runs in a process of its own (``worker``), and is imported
only there.

Plain values come in and numbers go out: for each expectation whether it could be run, whether it succeeded, and which places
of its frame deviate. great-expectations' own results hold values and are thrown away here.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

_PLACE = "place"
#: The only form in which results are asked for: places, never values.
_RESULT_FORM = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [_PLACE],
    "exclude_unexpected_values": True,
    "include_unexpected_rows": False,
}


class Judge:
    """One great-expectations context without files, without progress bars and without anything sent anywhere."""

    def __init__(self) -> None:
        self._context = gx.get_context(mode="ephemeral")
        self._context.enable_analytics(False)
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = self._context.data_sources.add_pandas("profile").add_dataframe_asset("frame")
        self._whole = asset.add_batch_definition_whole_dataframe("whole")

    def answer(self, frame: Mapping[str, Sequence[Any]], expectations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """The answers to expectations (``type`` and ``kwargs``) about a frame: columns by name, shorter ones padded with None.

        An answer is ``ran``, ``success`` and ``places``; places are those that deviate. What raised an exception, or
        contradicts itself, has not run.
        """
        answers: list[dict[str, Any]] = [{"ran": False, "success": False, "places": []} for _one in expectations]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                results = self._results(frame, expectations)
                for result in results:
                    number = result.expectation_config.meta["number"]
                    answers[number] = _plain(result)
        except Exception:  # a library that fails says nothing of the data, and its message may hold some of it
            return [{"ran": False, "success": False, "places": []} for _one in expectations]
        return answers

    def _results(self, frame: Mapping[str, Sequence[Any]], expectations: Sequence[Mapping[str, Any]]) -> list[Any]:
        batch = self._whole.get_batch({"dataframe": _data_frame(frame)})
        numbered = [
            {"type": one["type"], "kwargs": dict(one["kwargs"]), "meta": {"number": number}}
            for number, one in enumerate(expectations)
        ]
        suite = gx.ExpectationSuite(name="suite", expectations=numbered)
        return list(batch.validate(suite, result_format=_RESULT_FORM).results)


def _data_frame(frame: Mapping[str, Sequence[Any]]) -> pd.DataFrame:
    height = max((len(values) for values in frame.values()), default=0)
    columns = {
        name: pd.Series([*values, *[None] * (height - len(values))], dtype=_dtype(values)) for name, values in frame.items()
    }
    return pd.DataFrame({_PLACE: range(height), **columns})


def _dtype(values: Sequence[Any]) -> str:
    numbers = [value for value in values if value is not None]
    return "float64" if numbers and all(type(value) is int for value in numbers) else "object"


def _plain(result: Any) -> dict[str, Any]:
    """A result as numbers.

    A failure that names no place, or a success that names some, is no answer of an expectation about places.
    """
    places: list[int] = []
    for entry in result.result.get("unexpected_index_list") or []:
        found = entry[_PLACE]
        places.extend(found if isinstance(found, list) else [found])
    aggregated = "unexpected_count" not in result.result
    ran = not _raised(result.exception_info) and (
        aggregated or (len(places) == result.result["unexpected_count"] and bool(result.success) == (not places))
    )
    return {"ran": ran, "success": bool(result.success), "places": [int(place) for place in places], "aggregated": aggregated}


def _raised(info: Any) -> bool:
    """Whether an exception stands anywhere in a result's ``exception_info``: flat when all is well, by metric when not."""
    if not isinstance(info, Mapping):
        return False
    return bool(info.get("raised_exception")) or any(_raised(part) for part in info.values())
