"""Months in a row for the register: cases whose assessment is late, and what the program says and is told about them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.conftest import Ran, run_program
from tests.exports import Row, export, write_agreement

#: Reports that were not assessed within 14 days stay findings for as long as nothing is decided.
UNDECIDED = {"decided_at": None, "decision": None}
AUGUST = {"reported_at": "2026-08-10 09:00:00"}
DECIDED = {"decided_at": "2026-08-12 10:00:00", "decision": "opened"}
ALWAYS_LATE = {"case_id": "SN-2026-1", **AUGUST, **UNDECIDED}
MONTHS = {
    "2026-08": [
        ALWAYS_LATE,
        {"case_id": "SN-2026-2", **AUGUST, **UNDECIDED},
        {"case_id": "SN-2026-3", **AUGUST, **UNDECIDED},
    ],
    "2026-09": [
        ALWAYS_LATE,
        {"case_id": "SN-2026-2", **AUGUST, **DECIDED},
        {"case_id": "SN-2026-3", **AUGUST, **DECIDED},
    ],
    "2026-10": [
        ALWAYS_LATE,
        {"case_id": "SN-2026-2", **AUGUST, **DECIDED},
        {"case_id": "SN-2026-3", **AUGUST, **UNDECIDED},
        {"case_id": "SN-2026-4", "reported_at": "2026-09-20 09:00:00", **UNDECIDED},
    ],
}


def run(*arguments: object) -> Ran:
    """Run the program in English."""
    return run_program(*arguments, "--lang", "en")


def audit(
    folder: Path,
    month: str,
    register: Path,
    cases: Sequence[Row],
    *options: object,
    name: str = "",
    without: Sequence[str] = (),
) -> Path:
    """Audit a month of these cases, with one sound disclosure, into the register; returns the report's folder."""
    name = name or month
    source = export(
        folder / f"in-{name}",
        cases=[*cases, {"case_id": "SN-2026-9", "reported_at": f"{month}-05 09:00:00", **decided_in(month)}],
        disclosures=[{"disclosure_id": f"U-{month}", "case_id": "SN-2026-9", "at": f"{month}-05 12:00:00"}],
        without=without,
    )
    agreement = folder / "avtal.yaml"
    if not agreement.exists():
        write_agreement(folder)
    ran = run(
        "audit", source, "--agreement", agreement, "--period", month, "--out", folder / name, "--key-file", folder / "key",
        "--register", register, "--quiet", "--force", *options,
    )  # fmt: skip
    assert ran.code == 0, ran.stderr
    return folder / name


def decided_in(month: str) -> dict[str, object]:
    """What makes a case of a month decided in time."""
    return {"decided_at": f"{month}-07 10:00:00", "decision": "opened"}


def listed(register: Path, *options: object) -> dict[str, tuple[str, str]]:
    """What ``findings list`` says of P8: by case, what became of the finding and how it stands."""
    ran = run("findings", "list", "--register", register, "--check", "P8", *options)
    assert ran.code == 0, ran.stderr
    rows = [line.split("  ") for line in ran.stdout.splitlines() if line[:12].isalnum()]
    return {row[3]: (row[-2], row[-1]) for row in rows}


def fingerprint(register: Path, case: str, *options: object) -> str:
    """The beginning of the fingerprint of what P8 found about a case."""
    ran = run("findings", "list", "--register", register, "--check", "P8", *options)
    return next(line.split("  ")[0] for line in ran.stdout.splitlines() if f"  {case}  " in line)


def decide(register: Path, finding: str, *options: object, capacity: str = "controller") -> Ran:
    """Keep a decision of A. Chef."""
    return run("findings", "decide", finding, "--register", register, "--capacity", capacity, "--by", "A. Chef", *options)
