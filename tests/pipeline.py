"""A pipeline of somebody who hands data over: puts frames to compiled suites, in a process of its own.

Reads one JSON object from standard input: ``suites`` (paths by name) and ``frames``, each with its suite's name and columns.
Writes one list for each frame: the ids of the expectations that were not met, and of those that raised an exception.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import great_expectations as gx
import pandas as pd

from auditor.pipelines.expectations import checkpoint


def main() -> None:
    asked = json.load(sys.stdin)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("exports").add_dataframe_asset("file")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    points = {name: checkpoint(context, path, whole) for name, path in asked["suites"].items()}
    answers: list[dict[str, Any]] = []
    for frame in asked["frames"]:
        result = points[frame["suite"]].run(batch_parameters={"dataframe": pd.DataFrame(frame["columns"])})
        (run,) = result.run_results.values()
        broken = [one.expectation_config.meta["id"] for one in run.results if not one.success]
        raised = [
            one.expectation_config.meta["id"]
            for one in run.results
            if '"raised_exception": true' in json.dumps(one.to_json_dict())
        ]
        places = {one.expectation_config.meta["id"]: one.result.get("places") for one in run.results}
        answers.append({"success": result.success, "broken": broken, "raised": raised, "places": places, "text": str(result)})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
