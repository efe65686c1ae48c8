"""Sets up a virtual environment with exactly the locked packages, then runs the audit of the sample data, or the tests.

    python3.11 .setup demo      the audit of sample_data; says where the report lies
    python3.11 .setup test      the tests; what stands after 'test' goes to pytest
    python3.11 .setup install   the environment alone

Needs Python 3.11 or later with pip, and nothing else. --wheels FOLDER before the command installs from a folder of downloaded
packages, without network (docs/offline.md).
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
DEMO_OUT = "audit-sample-2026-10"


def main(arguments: list[str]) -> int:
    """Run one of the commands above; returns its exit code."""
    if sys.version_info < (3, 11):
        print("Python 3.11 or later is needed / Python 3.11 eller senare behövs.", file=sys.stderr)
        return 2
    wheels = None
    if arguments[:1] == ["--wheels"] and len(arguments) > 1:
        wheels, arguments = Path(arguments[1]).resolve(), arguments[2:]
        if not any(wheels.glob("*.whl")):
            print(f"There are no downloaded packages (*.whl) in {wheels}; see docs/offline.md.", file=sys.stderr)
            return 2
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "demo":
        set_up("requirements.txt", wheels)
        return demo(rest)
    if command == "test":
        set_up("requirements-dev.txt", wheels)
        # one more than the cores: a test that opens a report waits for the browser
        workers = str((os.cpu_count() or 1) + 1)
        # what was compiled is kept, whatever the machine usually asks of Python: the tests start the program very often
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return subprocess.call([PYTHON, "-m", "pytest", "-n", workers, "--dist", "worksteal", *rest], cwd=ROOT, env=kept)
    if command == "install" and not rest:
        set_up("requirements.txt", wheels)
        return 0
    print(__doc__)
    return 2


def set_up(lock: str, wheels: Path | None) -> None:
    """Make the environment, unless it already holds what the lock file names. Raises SystemExit when that fails."""
    locked = Path(__file__).with_name(lock)
    wanted = hashlib.sha256(locked.read_bytes()).hexdigest()
    done = ENVIRONMENT / f"{lock}.done"
    if PYTHON.exists() and done.exists() and done.read_text(encoding="utf-8") == wanted:
        return
    print(f"Installing the locked packages into {ENVIRONMENT.name} (once, a minute or two) …", file=sys.stderr, flush=True)
    run([sys.executable, "-m", "venv", ENVIRONMENT])
    source = ["--no-index", "--find-links", wheels] if wheels else []
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, *source, "--require-hashes", "--no-deps", "-r", locked])
    run([*pip, "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT])
    # so that no start compiles the program first, on a machine where Python may not keep what it compiled
    subprocess.call([PYTHON, "-m", "compileall", "-q", "auditor"], cwd=ROOT)
    done.write_text(wanted, encoding="utf-8")


def demo(rest: list[str]) -> int:
    """Audit the invented month of sample_data."""
    sample = ["sample_data/2026-10/clean", "--agreement", "sample_data/exempelavtal.yaml"]
    key = ["--key-file", ENVIRONMENT / "sample-pseudonym.key"]
    return subprocess.call([PYTHON, "-m", "auditor", "audit", *sample, "--out", DEMO_OUT, "--force", *key, *rest], cwd=ROOT)


def run(command: list[object]) -> None:
    """Run a command that must succeed."""
    code = subprocess.call([str(part) for part in command], cwd=ROOT)
    if code:
        print(f"The environment could not be set up (exit code {code}); what went wrong stands above.", file=sys.stderr)
        raise SystemExit(code)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
