"""``auditor keys make``: both keys or none, and never over another one."""

from __future__ import annotations

import os

import pytest

from tests.conftest import run_program


@pytest.mark.parametrize("there", ["key", "key.pub"])
def test_a_key_is_never_replaced(tmp_path, there):
    (tmp_path / there).write_text("mine")
    ran = run_program("keys", "make", "--out", tmp_path / "key", "--lang", "en")
    assert ran.code == 3 and f"{there}: A key lies there already, and is never replaced." in ran.stderr
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(there, "mine")]


@pytest.mark.parametrize("kind", ["signing", "receiving"])
@pytest.mark.parametrize("written", [0, 1])
def test_no_half_pair_of_keys_is_left_when_it_is_stopped(tmp_path, monkeypatch, kind, written):
    opened, left = os.fdopen, written

    def stopping(*arguments, **options):
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        return opened(*arguments, **options)

    monkeypatch.setattr("os.fdopen", stopping)
    assert run_program("keys", "make", "--out", tmp_path / "key", "--kind", kind).code == 130
    assert list(tmp_path.iterdir()) == []
