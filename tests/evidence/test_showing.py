"""A document is opened by whoever may see the persons on it, after that is recorded, into a file that was not there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.aid_office import Office
from tests.evidence.conftest import JPEG, LATER, file_card, only, sealed_files


@pytest.fixture
def kept(office: Office, scan: Path) -> str:
    file_card(office, scan, 1)
    return str(only(office)["sha256"])


def size(office: Office) -> int:
    return int(office.done("clerk", "status", day=LATER)["size"])


def test_an_opened_document_is_the_one_handed_in_and_the_look_is_on_record_first(office: Office, kept: str) -> None:
    before = size(office)
    said = office.done("inspector", "evidence", "show", kept[:12], "--out", office.folder / "card.jpg", day=LATER)
    assert (Path(said["file"]).read_bytes(), said["title"], said["sha256"]) == (JPEG, "测试一动态信息卡.jpg", kept)
    assert Path(said["file"]).stat().st_mode & 0o777 == 0o600
    assert size(office) == before + 2  # the transaction and the disclosure


def test_into_a_folder_it_gets_a_name_that_tells_nothing(office: Office, kept: str) -> None:
    said = office.done("inspector", "evidence", "show", kept, "--out", office.folder, day=LATER)
    assert Path(said["file"]).name == f"{kept[:16]}.jpg"


def test_without_the_role_nothing_is_opened(office: Office, kept: str) -> None:
    said = office.do("clerk", "evidence", "show", kept, "--out", office.folder / "card.jpg", day=LATER)
    assert (said.refused, (office.folder / "card.jpg").exists()) == ("role_missing", False)


def test_another_file_is_never_written_over_and_then_nothing_is_recorded_either(office: Office, kept: str) -> None:
    taken, before, words = office.folder / "card.jpg", size(office), ("evidence", "show", kept, "--out")
    taken.write_bytes(b"mine")
    assert office.do("inspector", *words, taken, day=LATER).refused == "file_exists"
    assert office.do("inspector", *words, office.folder / "x" / "y", day=LATER).refused == "output_folder_missing"
    assert (taken.read_bytes(), size(office)) == (b"mine", before)


def test_what_is_not_there_is_not_looked_at(office: Office, kept: str) -> None:
    before = size(office)
    for file in sealed_files(office):
        file.unlink()
    assert office.do("inspector", "evidence", "show", kept, "--out", office.folder / "x", day=LATER).refused == "evidence_file_missing"
    assert size(office) == before


@pytest.mark.parametrize("written", ["12345678", "not-a-digest", "", "0" * 64])
def test_a_document_nobody_has_named_is_unknown(office: Office, kept: str, written: str) -> None:
    assert office.do("inspector", "evidence", "show", written, "--out", office.folder / "x", day=LATER).refused == "evidence_unknown"


def test_a_document_that_shows_somebody_whose_data_are_restricted_stays_shut(office: Office, kept: str) -> None:
    words = ("student", "restrict", office.student(1), "--reason", "监护人申请", "--until", "2030-01-01")
    office.done("privacy-officer", *words, day=LATER)
    said = office.do("inspector", "evidence", "show", kept, "--out", office.folder / "card.jpg", day=LATER)
    assert (said.refused, (office.folder / "card.jpg").exists()) == ("person_restricted", False)


def test_read_without_its_keys_a_ledger_lists_documents_and_opens_none(
    office: Office, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGZHANG_WITHOUT_NAMES", "1")
    assert only(office)["sha256"] == kept
    said = office.do("inspector", "evidence", "show", kept, "--out", office.folder / "card.jpg", day=LATER)
    assert (said.refused, (office.folder / "card.jpg").exists()) == ("keys_left_out", False)
