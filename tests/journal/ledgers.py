"""Journals in real files for these tests, with a clock that ticks when it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from mingzhang.domain.journal.records import Clock
from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalRecorder

START = datetime(2020, 3, 25, 8, 0, tzinfo=UTC)


def ticking_clock(start: datetime = START) -> Clock:
    """A millisecond later each time."""
    ticks = count()
    return lambda: start + timedelta(milliseconds=next(ticks))


def wall_clock() -> datetime:
    """The machine's own clock, which two processes share."""
    return datetime.now(UTC)


def opened(file: Path | str, *, clock: Clock | None = None, lock_timeout: int | None = None) -> SQLiteJournalRecorder:
    """A recorder on the file, whose log is made where there is none."""
    recorder = SQLiteJournalRecorder(SQLiteJournalDatastore(str(file), lock_timeout=lock_timeout))
    recorder.create_table()
    recorder.clock = clock or ticking_clock()
    return recorder


@contextmanager
def journal(
    file: Path | str, *, clock: Clock | None = None, lock_timeout: int | None = None
) -> Iterator[SQLiteJournalRecorder]:
    """As `opened`, and closed afterwards."""
    recorder = opened(file, clock=clock, lock_timeout=lock_timeout)
    try:
        yield recorder
    finally:
        recorder.datastore.close()


def event(stream: str, version: int = 1, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(stream, version, "entry.recorded", state)


def events(stream: str, versions: int, state: bytes = b"{}") -> list[StoredEvent]:
    """Versions 1 to `versions` of one stream."""
    return [event(stream, version, state) for version in range(1, versions + 1)]
