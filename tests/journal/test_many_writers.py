"""Writers wait for each other instead of failing, and a writer that is killed leaves whole transactions only."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Event, Thread

import pytest
from eventsourcing.persistence import ConnectionPoolClosedError
from eventsourcing.sqlite import SQLiteConnection

from mingzhang.domain.refusal import Refused

from .ledgers import event, events, journal, opened, wall_clock

# A child takes over this process's modules as they are, however pytest found them.
CHILD = get_context("fork")
WRITES = 200
BATCH = 2_000


def write_often(file: Path, name: str, together: Barrier) -> None:
    together.wait(60)
    with journal(file, clock=wall_clock) as recorder:
        for version in range(1, WRITES + 1):
            recorder.insert_events([event(f"contact/{name}", version), event(f"contact/{name}-{version}")])


def write_until_killed(file: Path, instructions: int) -> None:
    """Dies without a word after so many instructions of SQLite's machine, in the middle of an insert."""
    with journal(file) as recorder:
        recorder.insert_events(events("entry/a", BATCH, bytes(600)))
        with recorder.datastore.get_connection(commit=True) as connection:
            die_within(connection, instructions)
        recorder.insert_events(events("entry/b", 10 * BATCH, bytes(600)))


def die_within(connection: SQLiteConnection, instructions: int) -> None:
    connection._sqlite_conn.set_progress_handler(lambda: os.kill(os.getpid(), signal.SIGKILL), instructions)


def make(file: Path, together: Barrier) -> None:
    together.wait(60)
    opened(file).datastore.close()


def finished(processes: list[BaseProcess]) -> Iterator[int | None]:
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
        yield process.exitcode


def test_two_processes_write_by_turns_and_none_fails(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    together = CHILD.Barrier(2)
    exits = list(
        finished([CHILD.Process(target=write_often, args=(file, name, together)) for name in ("east", "west")])
    )
    assert exits == [0, 0]
    with journal(file) as recorder:
        rows = recorder.select_rows()
        assert [row.leaf_index for row in rows] == list(range(2 * 2 * WRITES))
        assert [row.recorded_at for row in rows] == sorted(row.recorded_at for row in rows)
        assert len(recorder.select_streams(["contact/east", "contact/west"])) == 2 * WRITES


def test_two_processes_make_the_same_ledger_at_once_and_none_fails(tmp_path: Path) -> None:
    for attempt in range(10):
        together = CHILD.Barrier(4)
        file = tmp_path / f"journal-{attempt}.db"
        assert list(finished([CHILD.Process(target=make, args=(file, together)) for _ in range(4)])) == [0, 0, 0, 0]


@pytest.mark.parametrize("instructions", [20_000, 200_000, 600_000])
def test_a_writer_killed_in_the_middle_leaves_whole_transactions(tmp_path: Path, instructions: int) -> None:
    file = tmp_path / "journal.db"
    exits = list(finished([CHILD.Process(target=write_until_killed, args=(file, instructions))]))
    assert exits == [-signal.SIGKILL]
    with journal(file) as recorder:
        assert recorder.head().size == BATCH
        assert recorder.insert_events([event("entry/b")]) == [BATCH + 1]


def test_a_writer_who_has_waited_long_enough_is_told_that_the_ledger_is_busy(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as first, journal(file, lock_timeout=1) as second:
        with first.datastore.transaction(commit=True), pytest.raises(Refused) as refused:
            second.insert_events([event("entry/a")])
        assert (refused.value.code, refused.value.context) == ("ledger_busy", {"seconds": 1})
        assert second.insert_events([event("entry/a")]) == [1]


def test_a_thread_of_the_same_process_is_waited_for_as_long(tmp_path: Path) -> None:
    with journal(tmp_path / "journal.db", lock_timeout=1) as recorder:
        with recorder.datastore.transaction(commit=True), pytest.raises(Refused, match="ledger_busy"):
            recorder.insert_events([event("entry/a")])
        assert recorder.insert_events([event("entry/a")]) == [1]


def test_a_reader_is_not_kept_waiting_by_a_writer(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with journal(file) as writer, journal(file, lock_timeout=1) as reader:
        writer.insert_events([event("entry/a")])
        with writer.datastore.transaction(commit=True):
            assert opened(file, lock_timeout=1).head().size == 1
            assert reader.head().size == 1


def test_closing_waits_for_a_thread_that_is_reading(tmp_path: Path) -> None:
    recorder = opened(tmp_path / "journal.db")
    reading, closing, seen = Event(), Event(), list[int]()

    def read() -> None:
        with suppress(ConnectionPoolClosedError), recorder.datastore.transaction(commit=False) as c:
            reading.set()
            closing.wait(10)
            c.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT i FROM n")
            seen.append(len(c.fetchall()))

    thread = Thread(target=read)
    thread.start()
    reading.wait(10)
    closing.set()
    recorder.datastore.close()
    thread.join(10)
    assert seen == [300_000]
