"""What is taken in as a document: photos, scans, office files and text, whole, unchanged, and not too large."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mingzhang.cli.evidence.reading import LARGEST, largest_allowed, media_type_of, read_document
from mingzhang.domain.refusal import Refused


def archive(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as parts:
        for name in names:
            parts.writestr(name, "synthetic")
    return content.getvalue()


def refusal(file: Path, **more: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        read_document(file, **more)
    return refused.value


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe1 photo", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n scan", "image/png"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"II*\x00 fax", "image/tiff"),
        (b"%PDF-1.4", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (archive("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (archive("[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("签领表".encode(), "text/plain"),
        ("签领表".encode("gb18030"), "text/plain"),
    ],
)
def test_the_kind_of_a_document_is_told_by_its_content(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize("content", [b"\x7fELF\x00\x01", b"MZ\x90\x00", archive("program.py"), b"PK\x03\x04 broken", b"\x00\x01\x02"])
def test_what_is_no_document_is_refused_whatever_it_is_called(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    assert refusal(file).code == "evidence_kind_unknown"


def test_an_empty_file_a_folder_a_pipe_and_no_file_at_all_are_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jpg").touch()
    os.mkfifo(tmp_path / "pipe")
    found = [refusal(tmp_path / name).code for name in ("empty.jpg", ".", "pipe", "none.jpg")]
    assert found == ["file_empty", "evidence_is_folder", "evidence_is_folder", "file_missing"]


def test_a_document_may_be_as_large_as_the_limit_and_not_a_byte_larger(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(b"%PDF-" + bytes(95))
    assert len(read_document(file, largest=100).content) == 100
    refused = refusal(file, largest=99)
    assert (refused.code, refused.context["bytes"]) == ("evidence_too_large", 100)


@pytest.mark.parametrize(("said", "limit"), [("", LARGEST), ("1", 2**20), ("500", 500 * 2**20)])
def test_the_limit_can_be_set(monkeypatch: pytest.MonkeyPatch, said: str, limit: int) -> None:
    monkeypatch.setenv("MINGZHANG_EVIDENCE_MB", said)
    assert largest_allowed() == limit


@pytest.mark.parametrize("said", ["0", "501", "-1", "1.5", "many"])
def test_a_limit_that_is_no_number_of_megabytes_is_refused(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("MINGZHANG_EVIDENCE_MB", said)
    with pytest.raises(Refused, match="evidence_limit_unusable"):
        largest_allowed()


@pytest.mark.parametrize("change", [b"longer than before", b"short"])
def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: bytes) -> None:
    file = tmp_path / "scan.txt"
    file.write_bytes(b"synthetic scan")
    fstat, looks = os.fstat, list[os.stat_result]()

    def scanner_goes_on(descriptor: int) -> os.stat_result:
        found = fstat(descriptor)
        if not looks:
            file.write_bytes(change)
        looks.append(found)
        return found

    monkeypatch.setattr(os, "fstat", scanner_goes_on)
    assert refusal(file).code == "evidence_changed"
