"""The browser that prints: Chromium, Chrome or Edge as they stand on the machine, without network and in a profile of its own.

The page that is printed runs and asks for nothing (its policy refuses everything); the options here shut the browser's
own calls home as well. The profile is thrown away.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import UserError
from auditor.privacy import shown_path
from auditor.words import _

#: A page with three thousand findings takes about half a minute (docs/pdf.md).
LONGEST_SECONDS = 900

_NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge", "microsoft-edge-stable",
    "msedge", "chrome",
)  # fmt: skip
_WINDOWS = (r"Microsoft\Edge\Application\msedge.exe", r"Google\Chrome\Application\chrome.exe")
_MAC = (
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_OPTIONS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-service-autorun",
    "--metrics-recording-only",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",  # the port where everything is thrown away
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
    "--no-pdf-header-footer",
)


def find_browser(named: Path | None = None) -> Path:
    """The browser to print with: ``named``, else the first of Chromium, Chrome and Edge that is there.

    Raises UserError when there is none.
    """
    if named is not None:
        if named.is_file() and os.access(named, os.X_OK):
            return named
        raise UserError(
            _("There is no program in the place that --browser names."),
            hint=_("Name the program file of Chromium, Chrome or Edge."),
            file=shown_path(named.name),
        )
    for path in _places():
        if path.is_file():
            return path
    raise UserError(
        _("There is no browser on this machine that can print a PDF."),
        hint=_(
            "Install Chromium, Chrome or Edge (131 or later), or name its program file with --browser;"
            " or open the page in a browser elsewhere and print it there."
        ),
    )


def _places() -> Iterator[Path]:
    for name in _NAMES:
        found = Path(shutil.which(name) or "")
        # Windows looks in the folder where the program was started too: an export may bring its own chrome.exe
        if found.is_absolute():
            yield found
    if sys.platform == "win32":
        for variable in ("ProgramFiles(x86)", "ProgramFiles", "LocalAppData"):
            if folder := os.environ.get(variable):
                yield from (Path(folder) / place for place in _WINDOWS)
    elif sys.platform == "darwin":
        yield from map(Path, _MAC)


def print_page(browser: Path, page: Path, pdf: Path, profile: Path) -> None:
    """Print the file ``page`` into ``pdf``; ``profile`` is a folder, not there yet, for the browser alone. Raises UserError."""
    profile.mkdir(mode=0o700)
    options = [*_OPTIONS, f"--user-data-dir={profile.resolve()}", f"--print-to-pdf={pdf.resolve()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--no-sandbox")  # Chromium does not start for root with it; the page runs no script
    try:
        subprocess.run(  # noqa: S603 - the browser that the user named or that stands in its own place
            [str(browser.absolute()), *options, page.resolve().as_uri()],
            cwd=profile,
            env={**os.environ, **_places_to_leave_things(profile.resolve())},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _printed_nothing(browser) from error
    if not pdf.is_file() or not pdf.stat().st_size:
        raise _printed_nothing(browser)


def _places_to_leave_things(profile: Path) -> dict[str, str]:
    """Where the browser leaves crash dumps, which hold what stood on the page, and all else: in its own folder.

    TMPDIR is told from there, where the browser runs: it makes a socket in it, and a socket's path is at most 107 bytes.
    The configuration lies a step below, for the browser keeps its cache outside of a profile that lies in it.
    """
    inside = {name: str(profile) for name in ("BREAKPAD_DUMP_LOCATION", "TEMP", "TMP")}
    return {**inside, "TMPDIR": ".", "XDG_CONFIG_HOME": str(profile / "config")}


def _printed_nothing(browser: Path) -> UserError:
    return UserError(
        _("The browser made no PDF."),
        hint=_(
            "Name another browser with --browser. Where headless use is forbidden by a policy, open the page in the browser"
            " and print it there."
        ),
        file=shown_path(browser.name),
    )
