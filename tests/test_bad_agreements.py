"""Agreements, mappings and keys that cannot be used: every fault with its place, and nothing written."""

from __future__ import annotations

import pytest

from tests.exports import AGREEMENT, write_agreement
from tests.spoiling import REJECTED, marked, refuser

refused = pytest.fixture(refuser)

WRONG_AGREEMENTS = {
    "unknown key": ((("title: Provavtal", "title: Provavtal\ntitel: X"),), ["line 4", "'titel'"]),
    "overlapping party periods": (
        (('{municipality: "0120", valid_from: 2023-12-14}', '{municipality: "0182", valid_from: 2025-01-01}'),),
        ["line 13", "overlap", "line 12"],
    ),
    "valid_to before valid_from": (
        (('"0182", valid_from: 2024-02-20', '"0182", valid_from: 2024-02-20, valid_to: 2024-02-19'),),
        ["line 12", "2024-02-19", "before"],
    ),
    "an unknown role": ((("from: entry_point", "from: entrypoint"),), ["'entrypoint'"]),
    "several faults": (
        (("title: Provavtal", "titel: Provavtal"), ("channels: [sdk, phone]", "channels: [sdk, phone]\nkanaler: []")),
        ["'title'", "'titel'", "'kanaler'"],
    ),
    "no YAML": ((("title: Provavtal", "title: [Provavtal"),), ["line"]),
}


@pytest.mark.parametrize("name", WRONG_AGREEMENTS)
def test_a_faulty_agreement_is_refused_with_every_fault_and_its_line(refused, tmp_path, program, name):
    changes, words = WRONG_AGREEMENTS[name]
    agreement = write_agreement(tmp_path, *changes)
    said = refused(source=marked(tmp_path / "in"), agreement=agreement)
    assert [word for word in ["avtal.yaml", *words] if word not in said] == []
    checked = program("agreement", "check", agreement, "--lang", "en")
    assert (checked.code, checked.stderr) == (REJECTED, said)


def test_files_that_are_no_agreements_are_refused(refused, tmp_path):
    source = marked(tmp_path / "in")
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes.yaml").write_bytes(b"\x00\xff" * 50)
    (tmp_path / "empty.yaml").write_bytes(b"")
    for name in ("nothing.yaml", "folder", "bytes.yaml", "empty.yaml"):
        assert name in refused(source=source, agreement=tmp_path / name)


def test_aliases_without_end_are_refused(refused, tmp_path):
    levels = [f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    bomb = "agreement: 1\nx:\n  l0: &l0 [lol, lol, lol]\n" + "\n".join(levels) + "\n"
    (tmp_path / "bomb.yaml").write_text(bomb)
    assert "bomb.yaml" in refused(source=marked(tmp_path / "in"), agreement=tmp_path / "bomb.yaml")
    (tmp_path / "circle.yaml").write_text(AGREEMENT.replace("periods: [", "periods: &a [*a, "))
    assert "circle.yaml" in refused(source=tmp_path / "in", agreement=tmp_path / "circle.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, ["no.yaml"]),
        ("tables: {disclosures: {columns: {recipient: Motpart}}}", ["Motpart"]),
        ("mapping: 1\ntabels: {}", ["mapping.yaml", "tabels"]),
    ],
)
def test_a_faulty_mapping_is_refused(refused, tmp_path, text, words):
    path = tmp_path / ("mapping.yaml" if text else "no.yaml")
    if text:
        path.write_text(text if text.startswith("mapping") else f"mapping: 1\n{text}")
    said = refused("--mapping", str(path), source=marked(tmp_path / "in"))
    assert [word for word in words if word not in said] == []


def test_a_key_file_that_holds_no_key_is_refused(refused, tmp_path):
    source = marked(tmp_path / "in", disclosures=[{"disclosure_id": "20170101-9802"}])
    (tmp_path / "bad.key").write_text("not a key")
    (tmp_path / "short.key").write_text("00ff")
    for name in ("bad.key", "short.key", "in"):
        said = refused("--key-file", str(tmp_path / name), source=source)
        assert f"{name}:" in said and "--key-file" in said and "9802" not in said
