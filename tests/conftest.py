"""What all tests share: no network, nothing skipped in silence, and the program run in process."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_socket

from auditor.agreement.faults import Faults
from auditor.agreement.yaml_tree import Tree, read_tree
from auditor.cli import run
from auditor.contract.answering import put_contract
from auditor.contract.model import Contract
from auditor.contract.worker import WORKER
from auditor.engine import Engine
from auditor.words import speak
from tests.running import SAMPLE, SAMPLE_AGREEMENT

#: Set where nothing may be skipped (a release, CI): a skipped test is then a failed session.
NO_SKIP = "AUDITOR_TESTS_NO_SKIP"


def pytest_runtest_setup() -> None:
    pytest_socket.disable_socket(allow_unix_socket=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms out unless they are asked for (``-m slow``)."""
    if "slow" not in config.getoption("markexpr"):
        long = [item for item in items if item.get_closest_marker("slow")]
        if long:
            config.hook.pytest_deselected(items=long)
            items[:] = [item for item in items if item not in long]


def pytest_sessionfinish(session: pytest.Session) -> None:
    if os.environ.get(NO_SKIP) == "1" and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    skipped = _skipped(config)
    if os.environ.get(NO_SKIP) == "1" and skipped:
        terminalreporter.section(f"{NO_SKIP}=1, but {len(skipped)} tests were skipped: the session FAILS", red=True, bold=True)
        for name in skipped:
            terminalreporter.write_line(f"SKIPPED {name}", red=True)


def _skipped(config: pytest.Config) -> list[str]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return [report.nodeid for report in reporter.stats.get("skipped", [])] if reporter else []


@pytest.fixture(scope="session", autouse=True)
def agreements_read_once() -> Iterator[None]:
    """Reading YAML takes a while, and hundreds of audits rest on few agreements. What has a fault is read each time."""
    sound: dict[str, Tree] = {}

    def read(text: str, faults: Faults) -> Tree:
        if text not in sound:
            tree = read_tree(text, faults)
            if len(faults):
                return tree
            sound[text] = tree
        return sound[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("auditor.agreement.reading.read_tree", read)
        yield


@pytest.fixture(scope="session", autouse=True)
def one_process_for_contracts() -> Iterator[None]:
    """great-expectations takes seconds to start: it is started once a session, when the first audit needs it."""
    with WORKER.held():
        yield


#: Tests in which every audit is put to the data contract; the sample month and all audits in processes of their own are too.
WITH_CONTRACT = {
    "test_contract",
    "test_contract_suites",
    "test_audit",
    "test_audit_again",
    "test_controller",
}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Tests run side by side already, one on each core. The sample month is audited with as many threads as there are cores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Engine.__init__.__kwdefaults__, "threads", 1)
        yield


@pytest.fixture(scope="module", autouse=True)
def no_contract_elsewhere(request: pytest.FixtureRequest) -> Iterator[None]:
    """Judging the data contract takes a second or two: hundreds of audits that ask of something else go without."""
    with pytest.MonkeyPatch.context() as patch:
        if request.node.path.stem not in WITH_CONTRACT:
            patch.setattr("auditor.audit.put_contract", lambda *_arguments, **_options: lambda: Contract((), ()))
        yield


@pytest.fixture(autouse=True)
def swedish_again() -> Iterator[None]:
    """The language is the process's; no test leaves another behind."""
    yield
    speak("sv")


@dataclass(frozen=True)
class Ran:
    """How a run of the program ended, and what it said."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """Everything that came to the terminal."""
        return self.stdout + self.stderr


def run_program(*arguments: str | Path) -> Ran:
    """Run the command line in this process, as a terminal that takes UTF-8 would see it."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        code = run([str(argument) for argument in arguments])
        for stream in streams:
            stream.flush()
    stdout, stderr = (stream.buffer.getvalue().decode("utf-8") for stream in streams)
    return Ran(int(code), stdout, stderr)


@pytest.fixture(scope="session")
def program() -> Callable[..., Ran]:
    """Runs the program with some arguments (``run_program``)."""
    return run_program


@dataclass(frozen=True)
class SampleAudit:
    """The sample month, audited in English. Read only: copy the folder before changing anything in it."""

    out: Path
    key: Path
    ran: Ran

    def copy(self, folder: Path) -> Path:
        """A copy of the report that may be spoiled."""
        return Path(shutil.copytree(self.out, folder))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleAudit:
    """The clean dress of the sample month, audited once a session."""
    folder = tmp_path_factory.mktemp("sample")
    out, key = folder / "out", folder / "key"
    given = ("--agreement", SAMPLE_AGREEMENT, "--out", out, "--key-file", key, "--lang", "en")
    with pytest.MonkeyPatch.context() as patch:  # whatever the module that asks first goes without
        patch.setattr("auditor.audit.put_contract", put_contract)
        patch.setitem(Engine.__init__.__kwdefaults__, "threads", None)
        ran = run_program("audit", SAMPLE / "clean", *given)
    assert ran.code == 0, ran.said
    return SampleAudit(out, key, ran)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Debian's chromium, without network."""
    path = shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(path).exists():
        pytest.skip("there is no chromium here, so no page was looked at (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
