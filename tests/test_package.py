"""``auditor package``, ``keys`` and ``verify PACKAGE``: what is signed is what is read, and nothing else passes."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.output_folder import private_folder
from tests.conftest import Ran, run_program

OK = "The package is as it was signed"
NOT_OK = "The package cannot be relied on.\n"


@dataclass(frozen=True)
class Desk:
    """A small report with two files, keys, and packages of it: plain and encrypted."""

    folder: Path
    run: Path
    key: Path
    other_key: Path
    age: Path
    other_age: Path
    plain: Path
    encrypted: Path

    @property
    def recipient(self) -> str:
        return self.age.with_name("age.pub").read_text().strip()


def small_run(folder: Path, register: dict[str, object] | None = None) -> Path:
    """A folder as an audit writes it, but with two small files."""
    import hashlib

    folder.mkdir()
    files = {"report.html": b"<p>R1: two findings</p>\n", "findings.csv": "check;ärende\nR1;SN-2026-1\n".encode()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    outputs = [
        {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)} for name, content in files.items()
    ]
    program = {"name": "en-ingang-auditor", "version": "0.1.0"}
    manifest = {"manifest": 1, "program": program, "register": register, "outputs": outputs}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2))
    return folder


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    folder = tmp_path_factory.mktemp("packages")
    run = small_run(folder / "run")
    for name, options in (("key", ()), ("other", ()), ("age", ("--kind", "receiving")), ("age2", ("--kind", "receiving"))):
        assert run_program("keys", "make", "--out", folder / name, *options).code == 0
    made = Desk(
        folder, run, folder / "key", folder / "other", folder / "age", folder / "age2", folder / "p.zip", folder / "p.age"
    )
    signed = ("--sign-key", made.key)
    assert run_program("package", run, "--out", made.plain, *signed, "--plain").code == 0
    assert run_program("package", run, "--out", made.encrypted, *signed, "--recipient", made.recipient).code == 0
    return made


def verify(package: Path, key: Path | None, *more: str | Path) -> Ran:
    with_key = () if key is None else ("--key", key.with_name(f"{key.name}.pub"))
    return run_program("verify", package, *with_key, *more, "--lang", "en")


def told(ran: Ran, sentence: str, code: int = 1) -> None:
    """The program ended with ``code``, said the sentence, and did not say that all is well."""
    assert ran.code == code, ran.said
    assert sentence in ran.said and OK not in ran.said, ran.said


# ------------------------------------------------------------------------------------------------------------ what passes


def test_a_plain_package_is_verified_with_the_senders_key(desk):
    ran = verify(desk.plain, desk.key)
    assert (ran.code, ran.stderr) == (0, "") and ran.stdout.startswith(f"{OK}: 3 files, by the key ")


def test_an_encrypted_package_is_opened_by_its_recipient_alone(desk):
    assert desk.encrypted.read_bytes().startswith(b"age-encryption.org/v1") and b"SN-2026-1" not in desk.encrypted.read_bytes()
    assert verify(desk.encrypted, desk.key, "--identity", desk.age).code == 0
    told(verify(desk.encrypted, desk.key), "The package is encrypted.", 3)
    told(verify(desk.encrypted, desk.key, "--identity", desk.other_age), "cannot be opened", 3)


def test_a_package_holds_what_the_manifest_names_and_other_programs_open_it(desk):
    with zipfile.ZipFile(desk.plain) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names == ["package.json", "package.sig", "manifest.json", "findings.csv", "report.html"]
        for name in names[2:]:
            assert archive.read(name) == (desk.run / name).read_bytes()


def test_the_same_report_makes_the_same_bytes(desk, tmp_path):
    copy = shutil.copytree(desk.run, tmp_path / "copy")
    for path in copy.iterdir():
        os.utime(path, (1, 1))
    assert run_program("package", copy, "--out", tmp_path / "p.zip", "--sign-key", desk.key, "--plain").code == 0
    assert (tmp_path / "p.zip").read_bytes() == desk.plain.read_bytes()


def test_the_sample_months_report_is_packed_and_verified(sample, desk, tmp_path):
    out = tmp_path / "sample.age"
    ran = run_program("package", sample.out, "--out", out, "--sign-key", desk.key, "--recipient", desk.recipient)
    assert ran.code == 0, ran.said
    assert verify(out, desk.key, "--identity", desk.age).code == 0


# ------------------------------------------------------------------------------------------------------- what never passes


def test_without_a_key_nothing_is_said_to_be_well(desk):
    told(verify(desk.plain, None), "The signature was not checked: name the sender's public key with --key.")


def test_another_key_and_an_unsigned_package_are_told(desk, tmp_path):
    told(verify(desk.plain, desk.other_key), "it was changed, or signed with another key")
    ran = run_program("package", desk.run, "--out", tmp_path / "u.zip", "--plain", "--lang", "en")
    assert ran.code == 0 and "not signed" in ran.stderr and "not encrypted" in ran.stderr
    told(verify(tmp_path / "u.zip", desk.key), "The package is not signed")


def contents(package: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(package) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed_again(out: Path, files: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> Path:
    """A package as an ordinary ZIP program writes it, with these files."""
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"report.html": b"<p>R1: no findings</p>\n"}, "report.html has been changed", id="changed"),
        pytest.param({"more.txt": b"x"}, "more.txt is not in the list that was signed", id="added"),
        pytest.param({"report.html": None}, "report.html is missing", id="removed"),
        pytest.param({"package.json": None}, "package.json is missing", id="no list"),
        pytest.param({"package.sig": None}, "The package is not signed", id="no signature"),
        pytest.param({"manifest.json": b"{}"}, "manifest.json has been changed", id="swapped manifest"),
        pytest.param({"package.json": b"{}\n"}, "signed with another key", id="swapped list"),
        pytest.param({"package.json": b"[" * 100_000}, "package.json has been changed", id="nested list"),
        pytest.param({"../evil": b"x"}, "evil is no name that a file in a package may have", id="zip slip"),
        pytest.param({"/etc/evil": b"x"}, "is no name that a file in a package may have", id="absolute name"),
        pytest.param({"C:\\evil": b"x"}, "is no name that a file in a package may have", id="windows name"),
        pytest.param({"REPORT.HTML": b"x"}, "report.html stands in the package more than once", id="same but for case"),
        pytest.param({}, "it has been packed again", id="nothing but the form"),
    ],
)
def test_what_was_changed_is_told(desk, tmp_path, change, sentence):
    files = {**contents(desk.plain), **change}
    out = packed_again(tmp_path / "p.zip", [(name, content) for name, content in files.items() if content is not None])
    told(verify(out, desk.key), sentence)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_told(desk, tmp_path):
    files = list(contents(desk.plain).items())
    told(verify(packed_again(tmp_path / "p.zip", [*files, files[-1]]), desk.key), "report.html stands in the package more than")


def test_compressed_files_are_never_opened(desk, tmp_path):
    bomb = [*contents(desk.plain).items(), ("more.txt", bytes(50_000_000))]
    out = packed_again(tmp_path / "p.zip", bomb, zipfile.ZIP_DEFLATED)
    told(verify(out, desk.key), "compressed or declare false sizes")


def test_a_false_size_is_told(desk, tmp_path):
    content = bytearray(desk.plain.read_bytes())
    entry = content.index(b"PK\1\2")
    content[entry + 20 : entry + 28] = struct.pack("<2L", 4_000_000_000, 4_000_000_000)
    (tmp_path / "p.zip").write_bytes(content)
    told(verify(tmp_path / "p.zip", desk.key), "declare false sizes")


@pytest.mark.parametrize("kept", [0, 1, 100, 0.5, -1])
def test_a_package_that_was_cut_off_cannot_be_read(desk, tmp_path, kept):
    for package, more in ((desk.plain, ()), (desk.encrypted, ("--identity", desk.age))):
        content = package.read_bytes()
        (tmp_path / "cut").write_bytes(content[: int(len(content) * kept) if isinstance(kept, float) else kept])
        ran = verify(tmp_path / "cut", desk.key, *more)
        assert ran.code == 3 and OK not in ran.said, ran.said


@pytest.mark.parametrize("place", ["front", "end"])
def test_bytes_put_around_a_package_are_told(desk, tmp_path, place):
    content = desk.plain.read_bytes()
    (tmp_path / "p.zip").write_bytes(b"x" + content if place == "front" else content + b"x")
    ran = verify(tmp_path / "p.zip", desk.key)
    assert ran.code in (1, 3) and OK not in ran.said


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255), encrypted=st.booleans())
def test_no_byte_of_a_package_can_be_changed(desk, tmp_path, place, mask, encrypted):
    package = desk.encrypted if encrypted else desk.plain
    content = bytearray(package.read_bytes())
    content[int(place * len(content))] ^= mask
    (tmp_path / "flipped").write_bytes(content)
    ran = verify(tmp_path / "flipped", desk.key, *(("--identity", desk.age) if encrypted else ()))
    assert ran.code in (1, 3) and OK not in ran.said, ran.said


@pytest.mark.parametrize("offset", [2**31, 2**32 - 1])
def test_a_false_place_in_a_package_is_told(desk, tmp_path, offset):
    content = bytearray(desk.plain.read_bytes())
    entry, end = content.index(b"PK\1\2"), content.rindex(b"PK\5\6")
    content[entry + 42 : entry + 46] = struct.pack("<L", offset)
    (tmp_path / "p.zip").write_bytes(content)
    told(verify(tmp_path / "p.zip", desk.key), "it has been packed again")
    content[end + 16 : end + 20] = struct.pack("<L", offset)
    (tmp_path / "p.zip").write_bytes(content)
    told(verify(tmp_path / "p.zip", desk.key), "it has been cut off or damaged", 3)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["plain", "encrypted"])
def test_every_byte_of_a_package_counts(desk, tmp_path, which):
    package = getattr(desk, which)
    content = package.read_bytes()
    more = ("--identity", desk.age) if which == "encrypted" else ()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        (tmp_path / "flipped").write_bytes(changed)
        ran = verify(tmp_path / "flipped", desk.key, *more)
        assert ran.code in (1, 3) and OK not in ran.said, place


# -------------------------------------------------------------------------------------------------------- what is not packed


def test_a_changed_report_is_not_packed(desk, tmp_path):
    run = shutil.copytree(desk.run, tmp_path / "run")
    (run / "findings.csv").write_text("check\n")
    (run / "own notes.txt").write_text("x")
    ran = run_program("package", run, "--out", tmp_path / "p.zip", "--plain", "--lang", "en")
    assert ran.code == 3 and not (tmp_path / "p.zip").exists()
    assert "findings.csv has been changed" in ran.stderr and "own notes.txt is not in the manifest" in ran.stderr


def ways(desk: Desk) -> list[tuple[str | Path, ...]]:
    """To pack without encryption, and with it."""
    return [("--plain",), ("--recipient", desk.recipient)]


@pytest.mark.parametrize("way", [0, 1])
@pytest.mark.parametrize("gone", [False, True])
def test_a_report_that_is_changed_meanwhile_is_not_packed(desk, tmp_path, monkeypatch, way, gone):
    run, out = shutil.copytree(desk.run, tmp_path / "run"), tmp_path / "out" / "p"
    out.parent.mkdir()

    def changing(*arguments, **options):
        if gone:
            (run / "report.html").unlink()
        else:
            (run / "report.html").write_bytes(b"<p>R1: no findings</p>\n")
        return private_folder(*arguments, **options)

    monkeypatch.setattr("auditor.package.making.private_folder", changing)
    ran = run_program("package", run, "--out", out, *ways(desk)[way], "--lang", "en")
    told(ran, "report.html: A file of the report was changed while it was packed.", 3)
    assert list(out.parent.iterdir()) == []


@contextlib.contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file can grow larger than ``size`` bytes."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(os.name != "posix", reason="limits of files are POSIX's")
@pytest.mark.parametrize("way", [0, 1])
def test_a_full_disk_is_told_when_packing(sample, desk, tmp_path, way):
    with room_for(100_000):
        ran = run_program("package", sample.out, "--out", tmp_path / "p", *ways(desk)[way], "--lang", "en")
    told(ran, "The disk is full; nothing was written.", 3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="limits of files are POSIX's")
def test_a_full_disk_is_told_when_an_encrypted_package_is_opened(sample, desk, tmp_path):
    out = tmp_path / "p.age"
    assert run_program("package", sample.out, "--out", out, "--sign-key", desk.key, "--recipient", desk.recipient).code == 0
    with room_for(100_000):
        ran = verify(out, desk.key, "--identity", desk.age)
    told(ran, "The disk is full", 3)


def test_a_package_is_not_written_over_a_file_nor_into_a_report(desk, tmp_path):
    out = tmp_path / "p.zip"
    out.write_text("mine")
    ran = run_program("package", desk.run, "--out", out, "--plain")
    assert (ran.code, out.read_text()) == (3, "mine")
    assert run_program("package", desk.run, "--out", out, "--plain", "--force").code == 0 and out.read_bytes()[:2] == b"PK"
    before = sorted(desk.run.iterdir())
    assert run_program("package", desk.run, "--out", desk.run / "p.zip", "--plain").code == 3
    assert run_program("package", desk.run, "--out", tmp_path / "nowhere" / "p.zip", "--plain").code == 3
    assert sorted(desk.run.iterdir()) == before and [path.name for path in tmp_path.iterdir()] == ["p.zip"]


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_packages_and_private_keys_are_readable_by_their_owner_alone(desk):
    for path in (desk.plain, desk.encrypted, desk.key, desk.age):
        assert path.stat().st_mode & 0o077 == 0, path


def test_without_recipients_a_package_is_refused_and_says_why(desk, tmp_path):
    ran = run_program("package", desk.run, "--out", tmp_path / "p.zip", "--lang", "en")
    assert ran.code == 2 and "Findings are secret" in ran.stderr and not (tmp_path / "p.zip").exists()
    secret = desk.age.read_text().splitlines()[1]
    for wrong in ("age1nonsense", "ssh-ed25519 AAAA", secret):
        ran = run_program("package", desk.run, "--out", tmp_path / "p.zip", "--recipient", wrong)
        assert ran.code == 2 and secret not in ran.said and not (tmp_path / "p.zip").exists()
    assert run_program("package", desk.run, "--out", tmp_path / "p", "--plain", "--recipient", desk.recipient).code == 2


# --------------------------------------------------------------------------------------------------------------------- keys


def test_a_locked_key_needs_its_password(desk, tmp_path, monkeypatch):
    import io

    key = tmp_path / "locked"
    for words, code in (("rätt lösen\n", 0), ("fel\n", 3)):
        monkeypatch.setattr("sys.stdin", io.StringIO("rätt lösen\n"))
        if not key.exists():
            assert run_program("keys", "make", "--out", key, "--password").code == 0
            assert b"ENCRYPTED" in key.read_bytes()
        monkeypatch.setattr("sys.stdin", io.StringIO(words))
        out = tmp_path / f"p{code}.zip"
        assert run_program("package", desk.run, "--out", out, "--sign-key", key, "--plain").code == code
        assert out.exists() == (code == 0)
    assert verify(tmp_path / "p0.zip", key).code == 0


def test_wrong_key_files_are_told(desk, tmp_path):
    told(run_program("verify", desk.plain, "--key", desk.key, "--lang", "en"), "This is a private key.", 3)
    told(run_program("verify", desk.plain, "--key", desk.age, "--lang", "en"), "no key of the kind Ed25519", 3)
    told(run_program("verify", desk.plain, "--key", tmp_path / "none", "--lang", "en"), "cannot be read", 3)
    told(verify(desk.encrypted, desk.key, "--identity", desk.key), "holds no private age key", 3)
    assert run_program("verify", desk.run, "--key", desk.key).code == 2


@pytest.mark.parametrize("with_key", [True, False])
def test_a_package_that_is_not_there_is_told(desk, tmp_path, with_key):
    told(verify(tmp_path / "none.zip", desk.key if with_key else None), "none.zip: There is no such file or folder.", 3)


# ------------------------------------------------------------------------------------------------------------ the register


def test_a_rewritten_register_is_told_by_the_package(desk, sample, tmp_path):
    register, rewritten = tmp_path / "register.db", tmp_path / "rewritten.db"
    for file, times in ((register, 2), (rewritten, 1)):
        for _time in range(times):
            assert run_program("findings", "add", "--run", sample.out, "--register", file).code == 0
    out = tmp_path / "p.zip"
    with_register = ("--sign-key", desk.key, "--plain", "--register", register)
    assert run_program("package", desk.run, "--out", out, *with_register).code == 0
    assert json.loads(contents(out)["package.json"])["register"]["entry"] == 2
    ran = verify(out, desk.key, "--register", register)
    assert (ran.code, ran.stdout.splitlines()[-1]) == (0, "The register is as it was written.")
    # the other register is whole in itself, and only the package knows of what it no longer has
    assert run_program("verify", "--register", rewritten).code == 0
    ran = verify(out, desk.key, "--register", rewritten)
    assert ran.code == 1 and "The register is not as it was written." in ran.stdout
    ran = verify(desk.plain, desk.key, "--register", register)
    assert ran.code == 1 and "knows no entry" in ran.stdout
