"""Speed and memory of the release check, and its finds beside those of Presidio.

    python benchmarks/exports.py [--rows 1000000] [--sheet-rows 200000] [--peer /tmp/presidio/bin/python] [--out exports-results.json]

1. A CSV of 12 columns, two of them free text of 200 characters, and a case file of 20,000 children: the whole check as a process.
2. The same as a workbook.
3. With --peer (a Python that has Presidio, see ``presidio_peer.py``): rows a second of the search of the two columns of free text
   (identifiers, and names as well, which Presidio is not asked for), against Presidio's on the same columns; the same for the whole
   check, which reads, ties and judges twelve columns besides; and the recall of both on the labelled corpora of the tests.

All persons are invented, with numbers of Skatteverket's test range. Ends with status 1 when a limit of ``LIMITS`` is not kept.
Memory is the sum over the check's processes, watched ten times a second, in MiB.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from disclosures import ROOT, machine

sys.path.insert(0, str(ROOT))

from auditor.release.identifiers import find_identifiers
from auditor.release.plain_text import made_plain
from tests.release_corpus import personal_number

#: Seconds and MiB: the CSV, the workbook; and how many times as many rows a second as Presidio.
LIMITS = {"csv": (60, 1024), "xlsx": (60, 1536)}
TIMES_PEER = 20
CHILDREN = 20_000
PEER_ROWS = 2_000
CORPORA = ("release_corpus.jsonl", "release_corpus_second.jsonl")
#: What Presidio calls the kinds that both look for.
SHARED = {
    "person_number": "SE_PERSONNUMMER",
    "coordination_number": "SE_PERSONNUMMER",
    "phone": "PHONE_NUMBER",
    "email": "EMAIL_ADDRESS",
    "iban": "IBAN_CODE",
    "ip_address": "IP_ADDRESS",
}
HEADINGS = (
    *("Ärendenummer", "Personnummer", "Förnamn", "Efternamn", "Adress", "Postort", "Telefon", "Skola"),
    *("Riskbedömning", "Vårdnadshavare", "Orosanmälans innehåll", "Koppling till gäng"),
)
WORDS = [
    "barnet",
    "familjen",
    "skolan",
    "polisen",
    "oro",
    "misstanke",
    "kontakt",
    "gäng",
    "våld",
    "hemma",
    "möte",
    "samtal",
    "stöd",
    "insats",
    "risk",
    "bedömning",
    "kväll",
    "torget",
    "centrum",
    "vänner",
    "umgås",
    "äldre",
    "killar",
    "pengar",
    "droger",
    "frånvaro",
    "lärare",
    "mamma",
    "pappa",
    "syskon",
    "har",
    "inte",
    "varit",
    "under",
    "lång",
    "tid",
    "enligt",
    "uppgift",
    "från",
    "personal",
    "som",
    "berättar",
    "att",
    "han",
    "setts",
    "vid",
    "tunnelbanan",
    "flera",
    "gånger",
    "den",
    "senaste",
    "månaden",
]
_LENGTH = 200


def sentences(draw: random.Random) -> str:
    """About 200 characters of words, some with a capital, a number here and there."""
    words, length = [], 0
    while length < _LENGTH - 15:
        word = str(draw.randint(1, 2030)) if draw.random() < 0.02 else draw.choice(WORDS)
        words.append(word.capitalize() if draw.random() < 0.08 else word)
        length += len(word) + 1
    return " ".join(words)


def export(rows: int) -> Iterator[tuple[str, ...]]:
    """The rows of an export."""
    draw = random.Random(1)
    people = [personal_number(draw, oldest=2009) for _ in range(CHILDREN)]
    texts = [sentences(draw) for _ in range(CHILDREN)]
    for row in range(rows):
        child = row % CHILDREN
        cut = draw.randrange(60, 140)
        free = [draw.choice(texts)[:cut] + draw.choice(texts)[cut:] for _ in range(2)]
        known = (f"SN-2026-{child}", people[child], f"Prova{child}", f"Provsson{child}", f"Provgatan {child % 90 + 1}", "Nacka")
        yield (*known, f"070-174 06 {child % 95 + 5:02}", "Provskolan", "hög", "ja", *free)


def write_data(folder: Path, rows: int, sheet_rows: int) -> dict[str, Path]:
    """The files that are checked, and the case file."""
    import xlsxwriter

    paths = {"csv": folder / "export.csv", "xlsx": folder / "export.xlsx", "cases": folder / "cases.csv"}
    with xlsxwriter.Workbook(str(paths["xlsx"]), {"constant_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("Barn")
        sheet.write_row(0, 0, HEADINGS)
        with paths["csv"].open("w", encoding="utf-8") as file, paths["cases"].open("w", encoding="utf-8") as cases:
            file.write(";".join(HEADINGS) + "\n")
            cases.write("case_id;person_id;birth_date;home_municipality;found_in;concern;reporter;reported_at;decided_at;")
            cases.write("decision;closed_at;protection;Namn\n")
            for number, row in enumerate(export(max(rows, sheet_rows)), start=1):
                if number <= rows:
                    file.write(";".join(row) + "\n")
                if number <= sheet_rows:
                    sheet.write_row(number, 0, row)
                if number <= CHILDREN:
                    cases.write(f"{row[0]};{row[1]};2012-05-05;0182;0180;gang_crime;police-roc;2026-10-05 09:00;")
                    cases.write(f"2026-10-07 10:00;opened;;none;{row[2]} {row[3]}\n")
    return paths


def check(path: Path, cases: Path) -> dict[str, float]:
    """Check a file as a process: seconds of wall clock and CPU, MiB at most, exit code."""
    command = [
        sys.executable,
        "-m",
        "auditor",
        "check-export",
        path,
        "--to",
        "0182",
        "--purpose",
        "handover",
        "--sender",
        "0180",
    ]
    command += ["--sender-unit", "socialjouren", "--grounds", "OSL 26:9 p1", "--at", "2026-10-05 12:00", "--quiet"]
    command += ["--cases", cases, "--agreement", ROOT / "sample_data" / "exempelavtal.yaml"]
    before = _children_seconds()
    began = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, stdout=subprocess.DEVNULL)
    peak = [0.0]
    watching = threading.Thread(target=_watch, args=(process, peak))
    watching.start()
    code = process.wait()
    wall = time.perf_counter() - began
    watching.join()
    return {"wall": wall, "cpu": _children_seconds() - before, "mib": peak[0], "exit": code}


def _children_seconds() -> float:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(process: subprocess.Popen[bytes], peak: list[float]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_mib(pid) for pid in _family(process.pid)))
        time.sleep(0.1)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    try:
        found += [one for child in children.read_text().split() for one in _family(int(child))]
    except OSError:
        return found
    return found


def _mib(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def search(data: Path, cases: Path) -> float:
    """Seconds that the search of the two columns of free text takes, once the file is read."""
    from dataclasses import replace

    from auditor.agreement import load_agreement
    from auditor.engine import Engine
    from auditor.intake.mapping import standard_mapping
    from auditor.intake.taking_in import vocabulary_of
    from auditor.law.grounds import read_law_table
    from auditor.release.check import make_view
    from auditor.release.columns import understand
    from auditor.release.known import learn
    from auditor.release.name_search import NAMES, search_names
    from auditor.release.opening import Opening, open_file
    from auditor.release.scanning import scan
    from auditor.release.tying import take_in_cases

    agreement, law = load_agreement(ROOT / "sample_data" / "exempelavtal.yaml").agreement, read_law_table()
    vocabulary = vocabulary_of(agreement, law, standard_mapping())
    with tempfile.TemporaryDirectory() as folder, Engine(Path(folder), [cases.parent]) as engine, NAMES.held():
        private = Path(folder)
        known = learn(engine, take_in_cases(engine, cases, vocabulary, private), agreement, vocabulary)
        (table,) = open_file(data, Opening(private)).tables
        make_view(engine, table)
        columns = [replace(column, field="concern") for column in understand(engine, table, agreement, vocabulary)[-2:]]
        began = time.perf_counter()
        scan(engine, table, columns, search_names(engine, table, columns, known, private))
        return time.perf_counter() - began


def compare(peer: Path, data: Path) -> dict[str, Any]:
    """Presidio's rows a second on the columns of free text, and both recalls on the corpora."""
    corpus = [json.loads(line) for name in CORPORA for line in (ROOT / "tests" / name).read_text(encoding="utf-8").splitlines()]
    texts: list[str] = []
    with data.open(encoding="utf-8") as file:
        next(file)
        for _row, line in zip(range(PEER_ROWS), file, strict=False):
            texts += line.rstrip("\n").split(";")[-2:]
    request = json.dumps({"corpus": [sentence["text"] for sentence in corpus], "texts": texts})
    command = [str(peer), str(ROOT / "benchmarks" / "presidio_peer.py")]
    answer = json.loads(subprocess.run(command, input=request, capture_output=True, text=True, check=True).stdout)
    recall: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for sentence, hits in zip(corpus, answer["found"], strict=True):
        plain = made_plain(sentence["text"])
        ours = [(found.kind.value, found.start, found.end) for found in find_identifiers(plain) if found.sure]
        for kind, written in sentence["planted"]:
            if kind not in SHARED:
                continue
            counts = recall[kind]
            counts[0] += 1
            counts[1] += _found(plain, made_plain(written), [(s, e) for k, s, e in ours if k == kind])
            counts[2] += _found(sentence["text"], written, [(s, e) for k, s, e, _score in hits if k == SHARED[kind]])
    return {
        "peer rows a second": PEER_ROWS / answer["seconds"],
        "recall": {kind: {"planted": n, "ours": a / n, "Presidio": b / n} for kind, (n, a, b) in sorted(recall.items())},
    }


def _found(text: str, written: str, hits: list[tuple[int, int]]) -> bool:
    start = text.index(written.strip())
    return any(begin < start + len(written.strip()) and start < end for begin, end in hits)


def main() -> int:
    """Measure, print and write the results; 1 when a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sheet-rows", type=int, default=200_000)
    parser.add_argument("--peer", type=Path, help="a Python that has Presidio")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "exports-results.json")
    options = parser.parse_args()
    results: dict[str, Any] = {"machine": machine(), "rows": options.rows, "sheet rows": options.sheet_rows}
    kept = True
    with tempfile.TemporaryDirectory() as folder:
        paths = write_data(Path(folder), options.rows, options.sheet_rows)
        for form, (seconds, mib) in LIMITS.items():
            results[form] = measured = check(paths[form], paths["cases"])
            kept = kept and measured["wall"] <= seconds and measured["mib"] <= mib
            print(
                f"{form:<6}{measured['wall']:>8.1f} s wall {measured['cpu']:>8.1f} s CPU {measured['mib']:>8.0f} MiB",
                flush=True,
            )
        if options.peer:
            results["peer"] = compared = compare(options.peer, paths["csv"])
            theirs = compared["peer rows a second"]
            compared["search seconds"] = search(paths["csv"], paths["cases"])
            compared["times"] = options.rows / compared["search seconds"] / theirs
            compared["times, whole check"] = options.rows / results["csv"]["wall"] / theirs
            print(f"rows a second: the search {compared['times']:.1f} times Presidio's {theirs:.0f}", end=", ")
            print(f"the whole check {compared['times, whole check']:.1f} times")
            for kind, found in compared["recall"].items():
                print(f"{kind:<22}planted {found['planted']:>5}  recall {found['ours']:.3f}  Presidio {found['Presidio']:.3f}")
                kept = kept and found["ours"] >= found["Presidio"]
            kept = kept and compared["times"] >= TIMES_PEER
    options.out.write_text(json.dumps(results, indent=2))
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
