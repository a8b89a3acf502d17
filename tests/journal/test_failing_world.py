"""A full disk, a read-only disk, a damaged file: each is refused by its name, and what was recorded before stays
readable.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalFactory, SQLiteJournalRecorder
from mingzhang.domain.journal.sqlite_errors import refusal
from mingzhang.domain.refusal import Refused

from .ledgers import event, events, journal, opened, ticking_clock


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "journal.db"
    with journal(path) as recorder:
        recorder.insert_events(events("entry/a", 1_000, bytes(600)))
    return path


def test_a_full_disk_is_refused_and_nothing_of_the_append_stays(file: Path) -> None:
    with journal(file) as recorder:
        with recorder.datastore.transaction(commit=False) as c:
            c.execute("PRAGMA max_page_count = 300")
        with pytest.raises(Refused, match="disk_full"):
            recorder.insert_events(events("entry/b", 2_000, bytes(600)))
        assert recorder.head().size == 1_000
        assert recorder.insert_events([event("entry/b")]) == [1_001]


def test_a_ledger_on_a_read_only_disk_can_be_read_but_not_written(file: Path) -> None:
    with journal(f"file:{file}?mode=ro") as recorder:
        assert recorder.head().size == 1_000
        with pytest.raises(Refused, match="ledger_read_only"):
            recorder.insert_events([event("entry/b")])


def test_a_truncated_file_is_refused_as_damaged(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(Refused, match="ledger_damaged"), journal(file) as recorder:
        recorder.select_rows()


def test_a_file_of_something_else_is_refused_as_damaged_every_time(file: Path) -> None:
    file.write_bytes("这不是账本".encode() * 1_000)
    recorder = SQLiteJournalRecorder(SQLiteJournalDatastore(str(file)))
    for attempt in (recorder.head, recorder.create_table, lambda: recorder.insert_events([event("entry/a")])):
        with pytest.raises(Refused, match="ledger_damaged"):
            attempt()
    recorder.datastore.close()


def test_text_that_is_no_longer_utf_8_is_refused_as_damaged(file: Path) -> None:
    with sqlite3.connect(file) as vandal:
        vandal.execute("DROP TRIGGER events_are_not_changed")
        vandal.execute("UPDATE events SET topic = CAST(x'ff' AS TEXT) WHERE leaf_index = 7")
    vandal.close()
    with pytest.raises(Refused, match="ledger_damaged"):
        SQLiteJournalRecorder(SQLiteJournalDatastore(str(file))).select_rows()


@pytest.mark.parametrize("content", [None, b""], ids=["a missing file", "an empty file"])
def test_a_ledger_that_must_exist_is_not_made_anew(file: Path, content: bytes | None) -> None:
    file.unlink() if content is None else file.write_bytes(content)
    factory = SQLiteJournalFactory({"SQLITE_DBNAME": f"file:{file}?mode=rw", "CREATE_TABLE": "no"})
    with pytest.raises(Refused, match="ledger_cannot_open" if content is None else "ledger_damaged"):
        factory.application_recorder()
    factory.close()


def test_a_file_in_a_folder_that_does_not_exist_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="ledger_cannot_open"):
        opened(tmp_path / "nowhere" / "journal.db", clock=ticking_clock())


def test_a_full_disk_on_which_not_even_readers_can_agree_is_said_to_be_full() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_SHMSIZE, "SQLITE_IOERR_SHMSIZE"
    said = refusal(error, 5)
    assert said is not None and said.code == "disk_full"
