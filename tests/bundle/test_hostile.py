"""A bundle from somebody one need not trust does no harm: read within bounds, nothing unpacked, nothing run, and a verdict at the end."""

from __future__ import annotations

import json
import os
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.bundle.checker import check as program
from mingzhang.cli.bundle.checker import opening
from mingzhang.cli.bundle.checker.formats import canonical
from mingzhang.cli.bundle.checker.sentences import printable
from tests.bundle.bundles import BARE, Made, examined, folder_of, problems, relisted, run, verdict, zipped


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


def with_members(file: Path, members: list[tuple[str, bytes]]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return file


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/passwd",
        "events/../../outside",
        "C:\\windows\\x",
        "events\\00000001.tlog-proof",
        "check.py/",
        "events/1.tlog-proof",
        "json.py",
        "CHECK.PY",
        "说明.html ",
        "evidence/x",
    ],
)
def test_a_name_that_no_bundle_has_is_refused_before_anything_is_read(shown: Made, scratch: Path, name: str) -> None:
    file = with_members(scratch / "x.zip", [*shown.files.items(), (name, b"synthetic")])
    assert problems(file) == ["name_unexpected"]


def test_a_name_cut_off_by_a_zero_byte_is_refused(shown: Made, scratch: Path) -> None:
    file = zipped(shown.files, scratch / "x.zip")
    content = file.read_bytes().replace(b"disclosed.json", b"check.py\0\0\0\0\0\0")
    file.write_bytes(content)
    assert problems(file) in (["name_unexpected"], ["name_twice"], ["zip_damaged"])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_comes_twice_is_refused(shown: Made, scratch: Path) -> None:
    assert problems(with_members(scratch / "x.zip", [*shown.files.items(), ("check.py", b"other")])) == ["name_twice"]


def test_a_file_that_swells_is_not_unpacked(shown: Made, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST_TEXT", 1 << 20)
    bomb = {**shown.files, "events/00000001.tlog-proof": bytes(8 << 20)}
    assert problems(zipped(bomb, scratch / "x.zip", zipfile.ZIP_DEFLATED)) == ["file_too_large"]


def test_a_file_that_says_it_is_small_and_swells_is_not_unpacked_either(shown: Made, scratch: Path) -> None:
    file = zipped({"checkpoint.txt": bytes(64 << 20)}, scratch / "x.zip", zipfile.ZIP_DEFLATED)
    content = file.read_bytes().replace(struct.pack("<L", 64 << 20), struct.pack("<L", 100))
    file.write_bytes(content)
    assert problems(file) == ["zip_damaged"]


def test_many_files_that_swell_together_are_not_unpacked(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST_BUNDLE", 4 << 20)
    many = {f"events/{leaf:08d}.tlog-proof": bytes(1 << 20) for leaf in range(6)}
    assert problems(zipped(many, scratch / "x.zip", zipfile.ZIP_DEFLATED)) == ["file_too_large"]


def test_more_files_than_a_bundle_has_are_not_even_listed(scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MOST_FILES", 10)
    many = {f"events/{leaf:08d}.tlog-proof": b"" for leaf in range(11)}
    file = zipped(many, scratch / "x.zip")
    assert problems(file) == ["too_many_files"]
    monkeypatch.setattr(opening, "LARGEST_DIRECTORY", 100)
    assert problems(file) == ["too_many_files"]
    assert problems(folder_of(many, scratch / "many")) == ["too_many_files"]


def test_a_file_larger_than_any_bundle_is_not_opened(shown: Made, scratch: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LARGEST_BUNDLE", 1000)
    assert problems(shown.file) == ["bundle_too_large"]


def test_an_encrypted_or_oddly_packed_member_is_refused(shown: Made, scratch: Path) -> None:
    file = zipped(shown.files, scratch / "x.zip")
    content = bytearray(file.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    file.write_bytes(bytes(content))
    assert problems(file) == ["zip_packed_otherwise"]
    assert problems(zipped(shown.files, file, zipfile.ZIP_LZMA)) == ["zip_packed_otherwise"]


def test_a_bundle_that_somebody_packed_anew_is_read_all_the_same(shown: Made, scratch: Path) -> None:
    assert verdict(zipped(shown.files, scratch / "x.zip", zipfile.ZIP_DEFLATED)) == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: b"PK",
        lambda content: b"not a zip at all" * 100,
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: content[:-22] + b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_what_is_no_zip_ends_in_a_verdict(shown: Made, scratch: Path, damage: Callable[[bytes], bytes]) -> None:
    file = scratch / "x.zip"
    file.write_bytes(damage(shown.file.read_bytes()))
    assert problems(file)[0] in ("zip_damaged", "too_many_files")


def test_what_is_not_there_is_not_proved(scratch: Path) -> None:
    assert problems(scratch / "nowhere.zip") == ["file_unreadable"]
    (scratch / "empty").mkdir()
    assert problems(scratch / "empty") == ["manifest_missing"]


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"format": "mingzhang-bundle/1", "payment": 1, "size": 1, "files": {}}',
        b'{"format": "mingzhang-bundle/1", "payment": "p", "size": true, "files": {}}',
        b'{"format": "mingzhang-bundle/1", "payment": "p", "size": 1, "files": []}',
        b'{"format": "mingzhang-bundle/1", "format": "mingzhang-bundle/1"}',
        b'{"format": "mingzhang-bundle/2"}',
        b'{"format": "mingzhang-bundle/1", "payment": "p", "size": ' + b"9" * 100_000 + b', "files": {}}',
        b'{"format": "mingzhang-bundle/1", "payment": "p", "size": NaN, "files": {}}',
    ],
    ids=str,
)
def test_a_list_of_files_of_any_other_form_is_refused(shown: Made, scratch: Path, manifest: bytes) -> None:
    found = problems(zipped({**shown.files, "manifest.json": manifest}, scratch / "x.zip"))
    assert found and found[0] in ("manifest_malformed", "format_unknown")


def test_a_list_with_more_in_it_or_written_otherwise_is_refused(shown: Made, scratch: Path) -> None:
    said = json.loads(shown.files["manifest.json"])
    for manifest in (canonical({**said, "note": "trust me"}), json.dumps(said).encode(), shown.files["manifest.json"] + b" "):
        assert problems(zipped({**shown.files, "manifest.json": manifest}, scratch / "x.zip")) == ["manifest_malformed"]
    digests = {name: digest.upper() for name, digest in said["files"].items()}
    assert verdict(zipped({**shown.files, "manifest.json": canonical({**said, "files": digests})}, scratch / "x.zip")) == 4
    for wrong in ("payment/x/y/z/1", "batch/B1", "", 7):
        assert verdict(zipped({**shown.files, "manifest.json": canonical({**said, "payment": wrong})}, scratch / "x.zip")) == 4


@pytest.mark.parametrize(
    "said",
    [
        [],
        {"fields": {}, "evidence": []},
        {"fields": []},
        {"fields": [], "evidence": [], "more": []},
        {"fields": [1], "evidence": []},
        {"fields": [{"event": "x"}], "evidence": []},
        {"fields": [{"event": 1, "box": "/person", "field": "name", "salt": "", "value": ""}], "evidence": []},
        {"fields": [], "evidence": ["0" * 64]},
    ],
    ids=str,
)
def test_disclosed_fields_of_any_other_form_are_refused(shown: Made, scratch: Path, said: Any) -> None:
    files = relisted({**shown.files, "disclosed.json": canonical(said)})
    assert set(problems(zipped(files, scratch / "x.zip"))) & {"disclosed_malformed", "evidence_wrong"}


@pytest.mark.parametrize("path", ["", "/", "/person/box", "/because/0", "person", "/person/", "/person/commitment", "/refused/99999999999"])
def test_a_path_that_leads_to_no_box_discloses_nothing(shown: Made, scratch: Path, path: str) -> None:
    said = json.loads(shown.files["disclosed.json"])
    changed = {**said, "fields": [{**said["fields"][0], "box": path}]}
    assert "field_wrong" in problems(zipped(relisted({**shown.files, "disclosed.json": canonical(changed)}), scratch / "x.zip"))


def test_one_field_disclosed_twice_is_refused(shown: Made, scratch: Path) -> None:
    said = json.loads(shown.files["disclosed.json"])
    changed = {**said, "fields": [said["fields"][0], said["fields"][0]]}
    assert problems(zipped(relisted({**shown.files, "disclosed.json": canonical(changed)}), scratch / "x.zip")) == ["disclosed_malformed"]


@pytest.mark.parametrize("name", ["checkpoint.txt", "events", "consistency"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"\xff" * 50, b"old 1\n\n", b"c2sp.org/tlog-proof@v1\n\n", b"a\n01\nx\n\n\xe2\x80\x94 a b\n", b"x" * 100_000],
    ids=lambda content: repr(content[:12]),
)
def test_a_proof_of_any_other_form_is_refused(shown: Made, scratch: Path, name: str, content: bytes) -> None:
    name = next(one for one in sorted(shown.files, reverse=True) if one.startswith(name))
    assert verdict(zipped(relisted({**shown.files, name: content}), scratch / "x.zip")) == 4


def test_in_a_folder_pipes_devices_and_folders_are_not_read(shown: Made, scratch: Path) -> None:
    folder = folder_of(shown.files, scratch / "strange")
    file = folder / "checkpoint.txt"
    file.unlink()
    os.mkfifo(file)
    assert problems(folder) == ["file_unreadable"]
    file.unlink()
    file.symlink_to("/dev/zero")
    assert problems(folder) == ["file_unreadable"]
    file.unlink()
    file.mkdir()
    assert problems(folder) == ["file_unreadable"]


def test_in_a_folder_other_peoples_files_are_told_and_not_read(shown: Made, scratch: Path) -> None:
    folder = folder_of(shown.files, scratch / "shared")
    (folder / "工资.xlsx").write_bytes(b"synthetic")
    _bundle, findings = examined(folder)
    assert findings.problems == []
    assert [point.context["names"] for point in findings.remarks if point.code == "folder_holds_more"] == [["工资.xlsx"]]


def test_modules_and_programs_beside_the_checker_are_never_run(shown: Made, tmp_path: Path) -> None:
    folder = folder_of(shown.files, tmp_path / "x")
    trap = folder / "trapped"
    for module in ("json", "hashlib", "zipfile", "argparse", "cryptography", "base64"):
        (folder / f"{module}.py").write_text(f"open({str(trap)!r}, 'w')\nraise SystemExit(0)\n", encoding="utf-8")
    program = folder / "openssl"
    program.write_text(f"#!/bin/sh\ntouch {trap}\nexit 0\n", encoding="utf-8")
    program.chmod(0o755)
    said = run(folder / "check.py", "--json", python=(sys.executable, "-S"), PATH=f"{folder}:{os.environ['PATH']}")
    assert said.code == 0 and said.document["tool"].endswith("openssl") and not said.document["tool"].startswith(str(folder))
    assert not trap.exists()


def test_an_openssl_that_takes_everything_for_good_is_not_believed(shown: Made, tmp_path: Path) -> None:
    folder, elsewhere = folder_of(shown.files, tmp_path / "x"), tmp_path / "programs"
    elsewhere.mkdir()
    (elsewhere / "openssl").write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    (elsewhere / "openssl").chmod(0o755)
    said = run(folder / "check.py", "--json", python=BARE, PATH=str(elsewhere))
    assert (said.code, said.document["tool"]) == (5, "")


def test_what_a_bundle_says_does_nothing_to_a_terminal_or_a_browser(shown: Made, scratch: Path) -> None:
    assert printable("a\x1b[2Jb\u202ec\nd\x07") == "a?[2Jb?c?d?"
    assert len(printable("x" * 5000)) < 310
    name = "payment/\x1b]0;x\x07"
    said = json.loads(shown.files["manifest.json"])
    file = zipped({**shown.files, "manifest.json": canonical({**said, "payment": name})}, scratch / "x.zip")
    out = run(folder_of(shown.files, scratch / "t") / "check.py", file).out
    assert "\x1b" not in out and "\x07" not in out


def test_whatever_nobody_thought_of_is_not_proved_either(shown: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(program, "check_seen", broken)
    assert problems(shown.file) == ["unexpected"]
