"""The embedded journal: one SQLite file, written by many processes one after the other, read by many at any time.

Differs from the library's recorder where that was found wanting: the log position is a column, not an implicit rowid;
a writer takes the write lock before it reads (`BEGIN IMMEDIATE`), so that waiting for it works; one statement inserts
all events of a transaction.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

# As a module: where PERSISTENCE_MODULE names this one, the library takes any factory class found in here for ours.
from eventsourcing import sqlite as library
from eventsourcing.persistence import Notification, ProgrammingError, StoredEvent
from eventsourcing.utils import Environment, EnvType

from ..merkle import tiles
from ..refusal import Refused
from .leaf import leaf_hashes
from .records import (
    Clock,
    Head,
    JournalRecorder,
    LogRow,
    StateRow,
    check_continues,
    check_reads,
    next_instant,
    next_rows,
    stored_instant,
)
from .sqlite_connection import SQLiteJournalConnectionPool
from .sqlite_schema import ENTRIES, PUT_EVENT, PUT_TILE, SCHEMA, Entry, check_schema

LOCK_TIMEOUT = 30
"""Seconds to wait for another writer: longer than the largest import takes."""

_COLUMNS = ", ".join(LogRow._fields)
_NO_END: Final = 2**63 - 1  # SQLite's largest integer


class SQLiteJournalDatastore(library.SQLiteDatastore):
    """The file. db_name: a path, or a `file:` URI (`?mode=rw` will not make a new file, `?mode=ro` never writes)."""

    def __init__(self, db_name: str, *, lock_timeout: int | None = None, single_row_tracking: bool = True) -> None:
        super().__init__(db_name, single_row_tracking=single_row_tracking, originator_id_type="text")
        seconds = LOCK_TIMEOUT if lock_timeout is None else lock_timeout
        self.pool = SQLiteJournalConnectionPool(db_name=db_name, lock_timeout=seconds, pool_timeout=seconds)


class SQLiteJournalRecorder(library.SQLiteApplicationRecorder, JournalRecorder):
    """The log in SQLite. Give it a `clock` before writing."""

    def __init__(self, datastore: library.SQLiteDatastore, events_table_name: str = "events") -> None:
        if not isinstance(datastore, SQLiteJournalDatastore) or events_table_name != "events":
            raise ProgrammingError("a journal has a datastore of its own, and one table of events")
        super().__init__(datastore, events_table_name)
        self.insert_events_statement = PUT_EVENT
        self.select_max_notification_id_statement = "SELECT MAX(leaf_index) + 1 FROM events"

    def construct_create_table_statements(self) -> list[str]:
        return list(SCHEMA.values())

    def create_table(self) -> None:
        """Makes the log where the file has none, and checks it. Takes the write lock only where there is something to
        make.
        """
        if not self._is_made(self._schema()):
            super().create_table()
        self.check_table()

    def check_table(self) -> None:
        """Refuses (`ledger_damaged`) a file without the log, or one whose guards were taken away or changed."""
        check_schema(self._schema())

    def _create_table(self, c: library.SQLiteCursor) -> None:
        if not self._is_made(self._select_schema(c)):  # another process may have been faster
            super()._create_table(c)

    def _schema(self) -> list[Entry]:
        with self.datastore.transaction(commit=False) as c:
            return self._select_schema(c)

    def _select_schema(self, c: library.SQLiteCursor) -> list[Entry]:
        c.execute(ENTRIES)
        return list(map(tuple, c.fetchall()))

    @staticmethod
    def _is_made(stored: Iterable[Entry]) -> bool:
        return any(name in SCHEMA for _kind, name, _sql in stored)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        reads: Mapping[str, int] | None = None,
        read_size: int | None = None,
        behind_until: str | None = None,
        **kwargs: Any,
    ) -> Sequence[int] | None:
        if not stored_events:
            return []
        return super().insert_events(
            stored_events, reads=reads, read_size=read_size, behind_until=behind_until, **kwargs
        )

    def _insert_events(
        self,
        c: library.SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        reads: Mapping[str, int] | None = None,
        read_size: int | None = None,
        behind_until: str | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        head = self._head(c)
        check_reads(reads, read_size, head, lambda leaf: self._written_since(c, leaf))
        rows = next_rows(stored_events, head, next_instant(self.clock, head, behind_until))
        self._put(c, rows, head.size)
        return list(range(head.size + 1, head.size + len(rows) + 1))

    def append_rows(self, rows: Sequence[LogRow]) -> None:
        with self.datastore.transaction(commit=True) as c:
            head = self._head(c)
            check_continues(rows, head)
            self._put(c, rows, head.size)

    def _put(self, c: library.SQLiteCursor, rows: Sequence[LogRow], size: int) -> None:
        """Writes rows behind the `size` that are there, and what must be true together with them: their leaves in the hash tree."""
        c.executemany(self.insert_events_statement, rows)
        c.executemany(PUT_TILE, tiles.grown(size, leaf_hashes(rows), lambda level, index: self._tile(c, level, index)))

    def tile(self, level: int, index: int) -> bytes:
        with self.datastore.transaction(commit=False) as c:
            return self._tile(c, level, index)

    def _tile(self, c: library.SQLiteCursor, level: int, index: int) -> bytes:
        c.execute("SELECT hashes FROM tiles WHERE level = ? AND tile = ?", (level, index))
        found = c.fetchone()
        return bytes(found[0]) if found else b""

    def root_at(self, size: int | None = None) -> bytes:
        with self.datastore.transaction(commit=False) as c:
            last = self._head(c).size
            wanted = last if size is None else size
            if not 0 <= wanted <= last:
                raise Refused("log_size_unknown", size=wanted, last=last)
            return tiles.root_at(wanted, lambda level, index: self._tile(c, level, index))

    def head(self) -> Head:
        with self.datastore.transaction(commit=False) as c:
            return self._head(c)

    def _head(self, c: library.SQLiteCursor) -> Head:
        c.execute("SELECT leaf_index + 1, recorded_at FROM events ORDER BY leaf_index DESC LIMIT 1")
        last = c.fetchone()
        return Head(*last) if last else Head(0, None)

    def _written_since(self, c: library.SQLiteCursor, leaf: int) -> Iterable[tuple[str, int]]:
        c.execute("SELECT originator_id, originator_version FROM events WHERE leaf_index >= ?", (leaf,))
        return map(tuple, c.fetchall())

    def select_rows(self, gt_size: int = 0, limit: int | None = None, stop: int | None = None) -> list[LogRow]:
        with self.datastore.transaction(commit=False) as c:
            c.sqlite_cursor.row_factory = None  # plain tuples, as below
            c.execute(
                f"SELECT {_COLUMNS} FROM events WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index LIMIT ?",
                (gt_size, _NO_END if stop is None else stop, -1 if limit is None else limit),
            )
            return list(map(LogRow._make, c.fetchall()))

    def select_states(
        self, left_out: Collection[str] = (), gt_size: int = 0, limit: int | None = None, stop: int | None = None
    ) -> list[StateRow]:
        with self.datastore.transaction(commit=False) as c:
            c.sqlite_cursor.row_factory = None
            c.execute(
                "SELECT leaf_index, originator_id || '@' || originator_version, topic, state "
                f"FROM events WHERE leaf_index >= ? AND leaf_index < ? AND topic NOT IN ({','.join('?' * len(left_out))}) "
                "ORDER BY leaf_index LIMIT ?",
                (gt_size, _NO_END if stop is None else stop, *left_out, -1 if limit is None else limit),
            )
            found: list[StateRow] = c.fetchall()
            return found

    def select_streams(self, names: Iterable[str]) -> list[LogRow]:
        # CROSS JOIN holds SQLite to names first, index second; sorting here spares it a copy of every state.
        with self.datastore.transaction(commit=False) as c:
            c.sqlite_cursor.row_factory = None  # plain tuples: of a hundred thousand rows the library's kind is noticed
            c.execute(
                f"SELECT {_COLUMNS} FROM json_each(?) CROSS JOIN events ON originator_id = json_each.value",
                (json.dumps(list(dict.fromkeys(names))),),
            )
            return sorted(map(LogRow._make, c.fetchall()))

    def size_at(self, recorded_at: str) -> int:
        instant = stored_instant(recorded_at)
        with self.datastore.transaction(commit=False) as c:

            def recorded_at_of(leaf: int) -> str:
                # The next one there is: a ledger somebody has cut facts out of must still answer, for a trace to name the gap.
                c.execute("SELECT recorded_at FROM events WHERE leaf_index >= ? ORDER BY leaf_index LIMIT 1", (leaf,))
                return str(c.fetchone()[0])

            return bisect_right(range(self._head(c).size), instant, key=recorded_at_of)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        first = 0 if start is None else start - 1 if inclusive_of_start else start
        params: list[int | str] = [first, _NO_END if stop is None else stop]
        statement = f"SELECT {_COLUMNS} FROM events WHERE leaf_index >= ? AND leaf_index < ? "
        if topics:
            statement += f"AND topic IN ({','.join('?' * len(topics))}) "
            params.extend(topics)
        with self.datastore.transaction(commit=False) as c:
            c.execute(statement + "ORDER BY leaf_index LIMIT ?", [*params, limit])
            return [
                Notification(name, version, topic, state, leaf + 1)
                for leaf, name, version, topic, state, _ in c.fetchall()
            ]


class SQLiteJournalFactory(library.SQLiteFactory):
    """What PERSISTENCE_MODULE finds in this module. Set `clock` before asking for the recorder.

    Settings: SQLITE_DBNAME (path or URI), SQLITE_LOCK_TIMEOUT (seconds, 30), CREATE_TABLE (`no` for a ledger that
    must exist already: a file without a log is then refused as `ledger_damaged` and not filled with an empty one).
    """

    application_recorder_class = SQLiteJournalRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        if self.env.get(self.ORIGINATOR_ID_TYPE, "text").lower() != "text":
            raise OSError(f"{self.ORIGINATOR_ID_TYPE} must be 'text': streams are named in words")
        asked = self.datastore
        self.datastore = SQLiteJournalDatastore(
            asked.pool.db_name, lock_timeout=asked.pool.lock_timeout, single_row_tracking=asked.single_row_tracking
        )
        self.clock: Clock | None = None

    def application_recorder(self) -> SQLiteJournalRecorder:
        recorder = super().application_recorder()
        if not isinstance(recorder, SQLiteJournalRecorder):
            raise OSError(f"{self.APPLICATION_RECORDER_TOPIC} must name a SQLiteJournalRecorder")
        if not self.env_create_table():
            recorder.check_table()
        recorder.clock = self.clock
        return recorder
