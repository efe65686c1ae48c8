"""No network, and no way out of the engine: it reads the input and writes its own folder, nothing else."""

from __future__ import annotations

import platform
import re
import signal
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from auditor.engine import Engine, EngineError
from tests.exports import export, write_agreement
from tests.hostile import MARK
from tests.running import CHECKOUT

#: A process that ends at once when it opens a socket: by Python (an audit hook), or by any library (Linux, a seccomp filter).
WATCHED = """
import ctypes, os, platform, struct, sys
sys.addaudithook(lambda event, arguments: event.startswith("socket.") and os._exit(99))
number = {"x86_64": 41, "aarch64": 198}.get(platform.machine()) if sys.platform == "linux" else None
if number is not None:
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, 0x80000000), (0x06, 0, 0, 0x7FFF0000)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code)))
    system = ctypes.CDLL(None, use_errno=True)
    assert system.prctl(38, 1, 0, 0, 0) == 0 and system.prctl(22, 2, program, 0, 0) == 0, os.strerror(ctypes.get_errno())
"""


def watched(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WATCHED + code], cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False
    )


def test_no_socket_is_opened_by_an_audit(tmp_path):
    source, agreement = export(tmp_path / "in"), write_agreement(tmp_path)
    arguments = [
        "audit",
        source,
        "--agreement",
        agreement,
        "--out",
        tmp_path / "out",
        "--key-file",
        tmp_path / "key",
        "--quiet",
    ]
    ran = watched(f"from auditor.cli import run\nsys.exit(run({[str(argument) for argument in arguments]!r}))")
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_socket_would_be_seen():
    assert watched("import socket; socket.socket()").returncode == 99
    if sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64"):
        assert watched("ctypes.CDLL(None).socket(2, 1, 0)").returncode == -signal.SIGSYS


@pytest.fixture
def engine(tmp_path):
    (tmp_path / "private").mkdir()
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("x\n1\n")
    (tmp_path / "in-secret").mkdir()
    (tmp_path / "in-secret" / "b.csv").write_text(f"x\n{MARK}\n")
    with Engine(tmp_path / "private", [tmp_path / "in"]) as engine:
        yield engine


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{folder}/in-secret/b.csv')",
        "SELECT * FROM read_text('{folder}/in/../in-secret/b.csv')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM glob('{folder}/in-secret/*')",
        "SELECT * FROM '{folder}/in-secret/b.csv'",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "SELECT * FROM read_parquet('s3://bucket/a.parquet')",
        "COPY (SELECT 1) TO '{folder}/in-secret/c.csv'",
        "COPY (SELECT 1) TO '{folder}/private/../c.parquet'",
        "EXPORT DATABASE '{folder}/in-secret/all'",
        "ATTACH '{folder}/in-secret/d.db'",
        "ATTACH 'https://example.org/d.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{folder}/in-secret/b.csv'",
        "SET enable_external_access=true",
        "SET allowed_directories=['/']",
        "SET lock_configuration=false",
        "RESET lock_configuration",
        "SET temp_directory='{folder}/in-secret'",
        "SET memory_limit='1TB'",
        "PRAGMA enable_profiling='json'",
        "SET home_directory='{folder}'",
    ],
)
def test_the_engine_reads_and_writes_nothing_else_and_cannot_be_unlocked(engine, tmp_path, sql):
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(EngineError) as caught:
        engine.rows(sql.format(folder=tmp_path))
    assert re.fullmatch(r"\w+", str(caught.value))  # the kind of fault alone
    assert sorted(tmp_path.rglob("*")) == before


def test_the_engine_reads_the_input_and_does_not_see_the_variables_of_the_program(engine, tmp_path):
    table = pq.read_table  # a name that a replacement scan would find
    assert engine.rows("SELECT * FROM read_csv(?)", [str(tmp_path / "in" / "a.csv")]) == [(1,)]
    with pytest.raises(EngineError):
        engine.rows("SELECT * FROM table_of_the_caller")
    assert callable(table)
