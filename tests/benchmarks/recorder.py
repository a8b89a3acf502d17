"""How much of bare SQLite's speed the journal keeps, with numbering, read checks, clock and guards: wanted is half or
more.

`python -m tests.benchmarks.recorder` prints the ratio of recorder.insert_events to a bare sqlite3.executemany of the
same stored bytes, both on a real file with WAL and synchronous=FULL, side by side. Ratios, since only they mean the
same on another machine.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from eventsourcing.persistence import StoredEvent

from mingzhang.domain.journal.sqlite import SQLiteJournalDatastore, SQLiteJournalRecorder

EVENTS = 20_000
STATE_BYTES = 600
REPEATS = 5
INSTANT = "2020-03-25T07:59:59.000000Z"

Insert = Callable[[Path, Sequence[Sequence[StoredEvent]]], float]


def stored_events(count: int = EVENTS) -> list[StoredEvent]:
    """Events of as many students' applications, in no order of their names."""
    chance = random.Random(20200325)
    return [
        StoredEvent(
            originator_id=f"application/boarding/s-{chance.randrange(32**10):010X}/2020-spring",
            originator_version=1,
            topic="application.submitted",
            state=chance.randbytes(STATE_BYTES),
        )
        for _ in range(count)
    ]


def with_recorder(file: Path, batches: Sequence[Sequence[StoredEvent]]) -> float:
    """Seconds taken by the journal, one transaction for each batch."""
    datastore = SQLiteJournalDatastore(str(file))
    recorder = SQLiteJournalRecorder(datastore)
    recorder.clock = lambda: datetime(2020, 3, 25, 7, 59, 59, tzinfo=UTC)
    recorder.create_table()
    started = perf_counter()
    size = 0
    for batch in batches:
        recorder.insert_events(batch, reads={str(event.originator_id): 0 for event in batch}, read_size=size)
        size += len(batch)
    taken = perf_counter() - started
    datastore.close()
    return taken


def with_bare_sqlite(
    file: Path, batches: Sequence[Sequence[StoredEvent]], clock: Callable[[], float] = perf_counter, cache_kib: int = 2000
) -> float:
    """Seconds taken by one executemany for each batch into the same columns and the same unique key, without any
    guard. cache_kib: memory for pages; 2000 is SQLite's own default.
    """
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA cache_size = -{cache_kib}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE events (leaf_index INTEGER PRIMARY KEY, originator_id TEXT NOT NULL,"
        " originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, recorded_at TEXT NOT NULL,"
        " UNIQUE (originator_id, originator_version))"
    )
    rows = [[(e.originator_id, e.originator_version, e.topic, e.state, INSTANT) for e in batch] for batch in batches]
    started = clock()
    for batch in rows:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO events (originator_id, originator_version, topic, state, recorded_at) VALUES (?, ?, ?, ?, ?)",
            batch,
        )
        connection.execute("COMMIT")
    taken = clock() - started
    connection.close()
    return taken


def measured(insert: Insert, batches: Sequence[Sequence[StoredEvent]]) -> float:
    """Seconds for all batches into a new file."""
    with TemporaryDirectory() as folder:
        return insert(Path(folder) / "journal.db", batches)


def ratios() -> dict[str, float]:
    """Median of bare time divided by journal time, by events per transaction: 1.0 would be no cost at all."""
    events = stored_events()
    found: dict[str, float] = {}
    for batch_size in (EVENTS, 1_000):
        batches = [events[start : start + batch_size] for start in range(0, EVENTS, batch_size)]
        pairs = [(measured(with_bare_sqlite, batches), measured(with_recorder, batches)) for _ in range(REPEATS)]
        found[f"{EVENTS} events, {batch_size} in a transaction"] = median(bare / journal for bare, journal in pairs)
    return found


if __name__ == "__main__":
    for name, ratio in ratios().items():
        print(f"{name}: {ratio:.2f} of bare sqlite3")
