"""Loads agreements written in a test, and tells their faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.agreement import LoadedAgreement, load_agreement
from auditor.errors import UserError, UserErrors


def loader(tmp_path: Path) -> Any:
    """A fixture's value: loads an agreement of some text."""

    def load(text: str | bytes, **options: Any) -> LoadedAgreement:
        path = tmp_path / "avtal.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_agreement(path, **options)

    return load


def faults_of(load: Any, text: str | bytes, **options: Any) -> list[UserError]:
    with pytest.raises(UserErrors) as caught:
        load(text, **options)
    assert all(fault.message and fault.hint and str(fault.file).endswith("avtal.yaml") for fault in caught.value.faults)
    return caught.value.faults
