"""The JSON Schema of the agreement's form, for editors: made from the model, and published beside this module.

``python -m auditor.agreement.schema`` prints it; tests hold the published file to it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from auditor.agreement.model import Agreement
from auditor.words import _

PUBLISHED = Path(__file__).with_name("agreement.schema.json")


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of an agreement file, with descriptions in the language now spoken.

    It sees the file as YAML editors do: whole numbers, true and false, and all else as text. What lies between the parts of
    the file - names that must exist, periods that overlap - only reading shows.
    """
    made = _tidied(Agreement.model_json_schema(by_alias=True, mode="validation"))
    about = _("The agreement as a file. Its form is explained in docs/agreement.md.")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "description": about, **made}


def _tidied(part: Any) -> Any:
    """The schema with its descriptions translated, without what pydantic derives from the names of the classes."""
    if isinstance(part, list):
        return [_tidied(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {key: _tidied(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))}
    if "properties" in kept:
        kept.pop("description", None)
    elif isinstance(description := kept.get("description"), str):
        kept["description"] = _(description)
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:  # left out, or this: an empty value is refused
        del kept["anyOf"]
        kept |= choices[0]
    return kept


if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
