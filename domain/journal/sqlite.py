"""The embedded journal: one SQLite file, written by many processes one after the other, read by many at any time.

Differs from the library's recorder where that was found wanting: the log position is a column, not an implicit rowid;
a writer takes the write lock before it reads (`BEGIN IMMEDIATE`), so that waiting for it works; one statement inserts
all events of a transaction.
"""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from time import sleep
from typing import Any, Final

# As a module: where PERSISTENCE_MODULE names this one, the library takes any factory class found in here for ours.
from eventsourcing import sqlite as library
from eventsourcing.persistence import (
    Connection,
    ConnectionPoolClosedError,
    ConnectionUnavailableError,
    Notification,
    ProgrammingError,
    StoredEvent,
)
from eventsourcing.utils import Environment, EnvType

from ..refusal import Refused
from .records import Clock, Head, JournalRecorder, LogRow, check_reads, next_instant, next_rows, stored_instant
from .sqlite_errors import is_busy, translated
from .sqlite_schema import SCHEMA, check_schema

LOCK_TIMEOUT = 30
"""Seconds to wait for another writer: longer than the largest import takes."""

_COLUMNS = ", ".join(LogRow._fields)
_WAITS_A_SECOND = 100
_NO_END: Final = 2**63 - 1  # SQLite's largest integer


class SQLiteJournalConnection(library.SQLiteConnection):
    """Opened at its first transaction: the library's pool keeps its write lock for good if opening fails inside it.

    Closed between transactions only: the pool would close it under another thread, which SQLite does not survive.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection], lock_timeout: int, max_age: float | None) -> None:
        Connection.__init__(self, max_age=max_age)
        self._connect = connect
        self._lock_timeout = lock_timeout
        self._opened = False
        self._in_transaction = RLock()

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[library.SQLiteCursor]:
        """A writer holds the write lock from the start; a reader sees the log as it was at its first statement."""
        with self._in_transaction, translated(self._lock_timeout):
            if self.closed:
                raise ConnectionPoolClosedError
            if not self._opened:
                self._sqlite_conn = self._connect()
                self._opened = True
            cursor = self.cursor()
            with cursor:
                cursor.execute("BEGIN IMMEDIATE" if commit else "BEGIN")
                try:
                    yield cursor
                    if commit:
                        self.commit()
                finally:
                    self.rollback()  # does nothing after a commit

    def _close(self) -> None:
        with self._in_transaction:
            if self._opened:
                super()._close()
            else:
                Connection._close(self)


class SQLiteJournalConnectionPool(library.SQLiteConnectionPool):
    """Gives every connection the settings the promises rest on. Waits for a thread as long as for a process."""

    lock_timeout: int

    def get_connection(
        self, timeout: float | None = None, *, is_writer: bool | None = None
    ) -> library.SQLiteConnection:
        try:
            return super().get_connection(timeout, is_writer=is_writer)
        except ConnectionUnavailableError as error:
            raise Refused("ledger_busy", seconds=self.lock_timeout) from error

    def _create_connection(self) -> SQLiteJournalConnection:
        return SQLiteJournalConnection(self._connect, self.lock_timeout, self.max_age)

    def _connect(self) -> sqlite3.Connection:
        opened = sqlite3.connect(
            self.db_name,
            uri=True,
            check_same_thread=False,
            isolation_level=None,  # transactions are begun in words
            timeout=self.lock_timeout,
        )
        try:
            self._settle(opened)
        except sqlite3.Error:
            opened.close()
            raise
        return opened

    def _settle(self, opened: sqlite3.Connection) -> None:
        opened.row_factory = sqlite3.Row
        if not self.is_sqlite_memory_mode:
            (mode,) = opened.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                self._switch_to_wal(opened)
        opened.execute("PRAGMA synchronous = FULL")  # what is answered as recorded survives a power cut
        opened.execute("PRAGMA recursive_triggers = ON")  # the delete trigger hears of REPLACE too

    def _switch_to_wal(self, opened: sqlite3.Connection) -> None:
        """Once in the life of a file. SQLite does not wait where two processes do this at once, so it is waited for
        here.
        """
        opened.execute("PRAGMA busy_timeout = 0")
        for waits_left in range(self.lock_timeout * _WAITS_A_SECOND, -1, -1):
            try:
                opened.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                if not is_busy(error) or waits_left == 0:
                    raise
                sleep(1 / _WAITS_A_SECOND)
        opened.execute(f"PRAGMA busy_timeout = {self.lock_timeout * 1000}")


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
        self.insert_events_statement = "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)"
        self.select_max_notification_id_statement = "SELECT MAX(leaf_index) + 1 FROM events"

    def construct_create_table_statements(self) -> list[str]:
        return list(SCHEMA.values())

    def create_table(self) -> None:
        """Makes the log where the file has none, and checks it. Takes the write lock only where there is something to
        make.
        """
        if SCHEMA.keys().isdisjoint(self._schema()):
            super().create_table()
        self.check_table()

    def check_table(self) -> None:
        """Refuses (`ledger_damaged`) a file without the log, or one whose guards were taken away or changed."""
        check_schema(self._schema())

    def _create_table(self, c: library.SQLiteCursor) -> None:
        if SCHEMA.keys().isdisjoint(self._select_schema(c)):  # another process may have been faster
            super()._create_table(c)

    def _schema(self) -> Mapping[str, str]:
        with self.datastore.transaction(commit=False) as c:
            return self._select_schema(c)

    def _select_schema(self, c: library.SQLiteCursor) -> Mapping[str, str]:
        c.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {name: sql for name, sql in c.fetchall()}

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        reads: Mapping[str, int] | None = None,
        read_size: int | None = None,
        **kwargs: Any,
    ) -> Sequence[int] | None:
        if not stored_events:
            return []
        return super().insert_events(stored_events, reads=reads, read_size=read_size, **kwargs)

    def _insert_events(
        self,
        c: library.SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        reads: Mapping[str, int] | None = None,
        read_size: int | None = None,
        **_: Any,
    ) -> Sequence[int] | None:
        head = self._head(c)
        check_reads(reads, read_size, head, lambda leaf: self._written_since(c, leaf))
        rows = next_rows(stored_events, head, next_instant(self.clock, head))
        c.executemany(self.insert_events_statement, rows)
        # What must be true together with these rows (their leaves in the hash tree) is written here, through `c`.
        return list(range(head.size + 1, head.size + len(rows) + 1))

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
            c.execute(
                f"SELECT {_COLUMNS} FROM events WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index LIMIT ?",
                (gt_size, _NO_END if stop is None else stop, -1 if limit is None else limit),
            )
            return list(map(LogRow._make, c.fetchall()))

    def select_streams(self, names: Iterable[str]) -> list[LogRow]:
        # CROSS JOIN holds SQLite to names first, index second; sorting here spares it a copy of every state.
        with self.datastore.transaction(commit=False) as c:
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
