"""The output folder appears whole or not at all, whatever stands in the way, fills up or stops the program."""

from __future__ import annotations

import errno
import functools
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import auditor.cli.auditing
import auditor.output_folder
from auditor.cli import interruption
from auditor.engine import Engine
from auditor.errors import UserError
from auditor.output_folder import owner_only, private_folder, put_in_place
from tests.conftest import Ran, run_program
from tests.exports import export, write_agreement
from tests.running import CHECKOUT

REJECTED, INTERRUPTED = 3, 130
NOT_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="signals and links as Unix has them")


@pytest.fixture
def audit(tmp_path):
    """Audits a small export into ``out`` beside it, or into another folder."""
    source, agreement = export(tmp_path / "in"), write_agreement(tmp_path)

    def run(*options: str | Path, out: Path = tmp_path / "out", source: Path = source) -> Ran:
        given = ("--agreement", agreement, "--out", out, "--key-file", tmp_path / "key", "--lang", "en", "--quiet", *options)
        return run_program("audit", source, *given)

    return run


@pytest.fixture
def audited_in_no_time(monkeypatch):
    """The audit itself is left out: what follows it is looked at."""
    monkeypatch.setattr(auditor.cli.auditing, "run_audit", lambda *_arguments, **_options: SimpleNamespace())
    monkeypatch.setattr("auditor.report.write_report", lambda *_arguments: None)
    for name in ("write_counts", "write_quarantine", "write_manifest"):
        monkeypatch.setattr(auditor.cli.auditing, name, lambda *_arguments: None)


def names(folder: Path) -> set[str]:
    """What lies in a folder, hidden or not."""
    return {path.name for path in folder.iterdir()}


HERE = {"in", "avtal.yaml"}


# --------------------------------------------------------------------------------------------------------- what may be written


def refuse(ran: Ran, *words: str) -> None:
    assert (ran.code, ran.stdout) == (REJECTED, "")
    assert [word for word in words if word not in ran.stderr] == []


def test_a_folder_that_is_not_empty_is_refused_and_left_as_it_is(audit, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "anteckningar.txt").write_text("viktigt")
    refuse(audit(), "out:", "not empty", "--force")
    refuse(audit("--force"), "out:", "something else than an earlier report", "manifest of ours")
    for foreign in ("{}", '{"program": {"name": "another"}}', "\x00"):
        (tmp_path / "out" / "manifest.json").write_text(foreign)
        refuse(audit("--force"), "something else")
    assert names(tmp_path / "out") == {"anteckningar.txt", "manifest.json"} and names(tmp_path) == HERE | {"out"}


@pytest.mark.parametrize("key", ["out/key", "out/deeper/key", "out/../out/key", "out"])
def test_a_key_in_the_output_folder_is_refused_before_any_work(audit, tmp_path, monkeypatch, key):
    monkeypatch.setattr(auditor.cli.auditing, "run_audit", lambda *_arguments, **_options: pytest.fail("the audit began"))
    refuse(audit("--key-file", tmp_path / key), "lies in the output folder", "--key-file")
    assert names(tmp_path) == HERE


@NOT_WINDOWS
def test_a_key_that_reaches_the_output_folder_through_a_link_is_refused(audit, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out", target_is_directory=True)
    refuse(audit("--key-file", tmp_path / "link" / "key"), "lies in the output folder")
    assert names(tmp_path / "out") == set()


def test_an_empty_folder_is_used_and_a_report_is_replaced_with_force_alone(audit, tmp_path):
    (tmp_path / "out").mkdir()
    assert audit().code == 0
    (tmp_path / "out" / "report.html").write_text("changed by hand")
    refuse(audit(), "not empty")
    assert (tmp_path / "out" / "report.html").read_text() == "changed by hand"
    assert audit("--force").code == 0
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert names(tmp_path) == HERE | {"out"}


@pytest.mark.parametrize("out", ["in", ".", "in/../in"])
def test_a_folder_that_contains_the_input_is_refused(audit, tmp_path, sample, out):
    shutil.copy(sample.out / "manifest.json", tmp_path / "manifest.json")  # even if it looks like an earlier report
    refuse(audit("--force", out=tmp_path / out), "contains the input")
    assert names(tmp_path) == HERE | {"manifest.json"}


@NOT_WINDOWS
def test_links_and_files_in_the_place_of_the_folder_are_refused(audit, tmp_path, sample):
    sample.copy(tmp_path / "report")
    (tmp_path / "link").symlink_to(tmp_path / "report", target_is_directory=True)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    before = names(tmp_path)
    refuse(audit("--force", out=tmp_path / "link"), "link:", "is a link")
    refuse(audit(out=tmp_path / "dangling"), "dangling:", "is a link")
    refuse(audit("--force", out=tmp_path / "file"), "file:", "There is a file")
    refuse(audit(out=tmp_path / "file" / "out"), "out:", "cannot be written", "--out")
    assert names(tmp_path) == before


def test_a_folder_that_may_not_be_written_is_refused(audit, tmp_path, monkeypatch):
    def read_only(path: Path, *arguments, **options):
        if path.name.startswith(".auditor-"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return mkdir(path, *arguments, **options)

    mkdir = Path.mkdir
    monkeypatch.setattr(Path, "mkdir", read_only)
    refuse(audit(out=tmp_path / "new" / "out"), "out:", "cannot be written", "Check that you may write there")
    assert names(tmp_path) == HERE  # and the folder above it, made for it, is gone again


@pytest.mark.usefixtures("audited_in_no_time")
def test_what_was_filled_meanwhile_is_not_replaced(audit, tmp_path, monkeypatch):
    """Two audits into one empty folder: the second to finish must not remove what the first wrote."""

    def meanwhile(*_arguments):
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "report.html").write_text("of another run")

    monkeypatch.setattr(auditor.cli.auditing, "write_manifest", meanwhile)
    refuse(audit(), "not empty")
    assert (tmp_path / "out" / "report.html").read_text() == "of another run" and names(tmp_path) == HERE | {"out"}


def test_an_earlier_report_is_put_back_when_the_new_one_cannot_be_put_in_place(tmp_path, monkeypatch):
    rename = Path.rename
    for wrong in (PermissionError("in use"), KeyboardInterrupt()):
        out, finished, private = (tmp_path / name for name in ("out", "private/finished", "private"))
        finished.mkdir(parents=True)
        out.mkdir(exist_ok=True)
        (out / "report.html").write_text("earlier")

        def fail(path: Path, target: Path, wrong: BaseException = wrong) -> Path:
            if path.name == "finished":
                raise wrong
            return rename(path, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "rename", fail)
            with pytest.raises(UserError if isinstance(wrong, OSError) else KeyboardInterrupt):
                put_in_place(finished, out, private)
        assert (out / "report.html").read_text() == "earlier"
        shutil.rmtree(private)


# ------------------------------------------------------------------------------------------------------------------ disk full


def disk_full(*_arguments, **_options):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.usefixtures("audited_in_no_time")
@pytest.mark.parametrize("place", ["write_counts", "write_quarantine", "write_manifest", "put_in_place", "private_folder"])
def test_a_full_disk_leaves_nothing(audit, tmp_path, monkeypatch, place):
    if place == "put_in_place":
        monkeypatch.setattr(Path, "rename", disk_full)
    elif place == "private_folder":
        monkeypatch.setattr(auditor.output_folder, "_make_locked", disk_full)
    else:
        monkeypatch.setattr(auditor.cli.auditing, place, disk_full)
    ran = audit(out=tmp_path / "new" / "out")
    refuse(ran, "--out", "full" if place.startswith("write") else "cannot be written")
    assert names(tmp_path) == HERE


GROWS_NO_MORE = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)) * 1024,) * 2)
from auditor.__main__ import main
main()
"""


@NOT_WINDOWS
@pytest.mark.parametrize("kib", ["1", "20"])
def test_files_that_may_not_grow_leave_nothing(tmp_path, kib):
    """A real process whose files may hold so much and no more: the system's own answer, to Python and to pyarrow."""
    source, agreement, place = export(tmp_path / "in"), write_agreement(tmp_path), tmp_path / "place"
    given = ["--agreement", agreement, "--out", place / "out", "--key-file", tmp_path / "key", "--lang", "en", "--quiet"]
    command = [sys.executable, "-c", GROWS_NO_MORE, kib, "audit", source, *given]
    ran = subprocess.run([str(part) for part in command], cwd=CHECKOUT, capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout) == (REJECTED, "") and "nothing was written" in ran.stderr
    assert names(tmp_path) == HERE


def test_an_engine_without_room_is_a_full_disk(audit, tmp_path, monkeypatch):
    def no_room(engine: Engine, *_arguments, **_options):
        engine.rows("SELECT list(repeat('x', 1000) || i::VARCHAR) FROM range(10_000_000) AS r(i)")

    monkeypatch.setattr(auditor.cli.auditing, "run_audit", no_room)
    monkeypatch.setattr(auditor.cli.auditing, "Engine", functools.partial(Engine, memory="20MB"))
    refuse(audit(), "not enough disk space or memory", "--out")
    assert names(tmp_path) == HERE


# --------------------------------------------------------------------------------------------------------- stopped on the way


#: What the tests themselves ignore (in the background, under nohup) would be ignored by every process that they start.
HEEDS_SIGNALS = """
import signal
for name in ("SIGINT", "SIGHUP", "SIGTERM"):
    signal.signal(getattr(signal, name), signal.SIG_DFL)
from auditor.__main__ import main
main()
"""


class Stopping:
    """The audit of a small export as a process of its own, in a folder that holds nothing else afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "place"
        self.folder.mkdir()
        given = [
            "--agreement",
            write_agreement(folder),
            "--out",
            self.folder / "out",
            "--key-file",
            folder / "key",
            "--lang",
            "en",
        ]
        command = [sys.executable, "-c", HEEDS_SIGNALS, "audit", export(folder / "in"), *given]
        self.process = subprocess.Popen(
            [str(part) for part in command], cwd=CHECKOUT, encoding="utf-8", stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def at(self, said: str, *signals: int) -> tuple[int, str]:
        """Send signals as soon as the program says that it is there; returns its exit code and its last words."""
        with self.process as process:
            assert process.stderr is not None
            assert any(line.startswith(said) for line in process.stderr)
            for number in signals:
                process.send_signal(number)
            _stdout, stderr = process.communicate()
            return process.returncode, stderr.strip()


@NOT_WINDOWS
@pytest.mark.parametrize(
    ("said", "signals"),
    [
        ("Reading cases", ["SIGINT"]),
        ("Answering", ["SIGINT"]),
        ("Writing findings", ["SIGTERM", "SIGINT", "SIGTERM"]),
        ("Writing the report", ["SIGHUP"]),
    ],
)
def test_a_run_that_is_stopped_leaves_nothing(tmp_path, said, signals):
    stopping = Stopping(tmp_path)
    code, last = stopping.at(said, *(getattr(signal, name) for name in signals))
    assert (code, last) == (INTERRUPTED, "Interrupted; nothing was written.")
    assert names(stopping.folder) == set()


@NOT_WINDOWS
def test_a_run_that_is_killed_leaves_no_report_and_the_next_run_removes_what_it_left(audit, tmp_path):
    stopping = Stopping(tmp_path)
    code, _last = stopping.at("Writing findings", signal.SIGKILL)
    assert code == -signal.SIGKILL
    (left,) = names(stopping.folder)
    assert left.startswith(".auditor-") and len(names(stopping.folder / left)) > 1
    assert audit(out=stopping.folder / "out").code == 0
    assert names(stopping.folder) == {"out"}


def test_the_folder_of_a_run_that_still_runs_is_left_alone(audit, tmp_path):
    with private_folder(tmp_path / "another") as running:
        (running / "data").write_text("in use")
        (tmp_path / ".auditor-of-somebody-else").mkdir()
        assert audit().code == 0
        assert (running / "data").read_text() == "in use"
    assert names(tmp_path) == HERE | {"out", ".auditor-of-somebody-else"}


def test_what_was_abandoned_before_it_had_a_lock_is_removed_when_old(tmp_path):
    old, young, full = (tmp_path / f".auditor-{name}" for name in ("old", "young", "full"))
    for folder in (old, young, full):
        folder.mkdir()
    (full / "a").write_text("not of this program")
    for folder in (old, full):
        os.utime(folder, (0, 0))
    with private_folder(tmp_path / "out"):
        pass
    assert names(tmp_path) == {".auditor-young", ".auditor-full"}


@NOT_WINDOWS
def test_a_link_that_looks_abandoned_is_not_followed(tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "lock").write_text("")
    (tmp_path / ".auditor-link").symlink_to(tmp_path / "precious", target_is_directory=True)
    with private_folder(tmp_path / "out") as private:
        (private / "inner").symlink_to(tmp_path / "precious", target_is_directory=True)
    assert names(tmp_path) == {"precious", ".auditor-link"} and names(tmp_path / "precious") == {"lock"}


@NOT_WINDOWS
def test_a_file_system_without_locks_is_no_hindrance(tmp_path, monkeypatch):
    def unsupported(*_arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", unsupported)
    with private_folder(tmp_path / "out") as private, private_folder(tmp_path / "other"):
        assert private.is_dir()  # nobody can tell whether it is abandoned
    assert names(tmp_path) == set()


@pytest.mark.parametrize("query", [1, 60, 200])
def test_ctrl_c_at_any_query_leaves_nothing(audit, tmp_path, monkeypatch, query):
    asked = iter(range(1, 10_000))

    def interrupted(engine: Engine, *arguments) -> None:
        if next(asked) == query:
            raise KeyboardInterrupt
        run(engine, *arguments)

    run = Engine.run
    monkeypatch.setattr(Engine, "run", interrupted)
    ran = audit(out=tmp_path / "new" / "out")
    assert (ran.code, ran.stdout, ran.stderr.strip()) == (INTERRUPTED, "", "Interrupted; nothing was written.")
    assert names(tmp_path) == HERE


def test_an_interrupt_that_a_library_turned_into_an_error_is_still_an_interrupt(audit, tmp_path, monkeypatch):
    """DuckDB answers Ctrl-C during a query with RuntimeError('Query interrupted')."""

    def interrupted(*_arguments, **_options):
        monkeypatch.setattr(interruption._Asked, "to_stop", True)
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(auditor.cli.auditing, "run_audit", interrupted)
    ran = audit()
    assert (ran.code, ran.stderr.strip()) == (INTERRUPTED, "Interrupted; nothing was written.")
    assert names(tmp_path) == HERE


@pytest.mark.usefixtures("audited_in_no_time")
def test_an_interrupt_that_was_swallowed_is_heard_before_anything_is_put_in_place(audit, tmp_path, monkeypatch):
    monkeypatch.setattr(interruption._Asked, "to_stop", True)
    assert audit().code == INTERRUPTED
    assert names(tmp_path) == HERE


@NOT_WINDOWS
def test_a_closed_terminal_does_not_stop_a_run_under_nohup():
    code = (
        "import signal; from auditor.cli.interruption import listen; signal.signal(signal.SIGHUP, signal.SIG_IGN); listen(); "
    )
    code += "assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN and signal.getsignal(signal.SIGTERM) not in (0, 1)"
    subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=True)


def test_files_are_made_for_their_owner_alone_and_the_mask_is_put_back(tmp_path):
    before = os.umask(0o022)
    try:
        with owner_only():
            (tmp_path / "a").write_text("x")
        (tmp_path / "b").write_text("x")
    finally:
        os.umask(before)
    if os.name != "nt":
        assert [(tmp_path / name).stat().st_mode & 0o777 for name in "ab"] == [0o600, 0o644]
