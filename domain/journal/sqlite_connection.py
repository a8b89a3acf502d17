"""A writer waits for the write lock before it reads, a reader keeps the log as it first saw it, and what was answered survives a
power cut: the settings every connection of the embedded journal gets.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from time import sleep

from eventsourcing import sqlite as library
from eventsourcing.persistence import Connection, ConnectionPoolClosedError, ConnectionUnavailableError

from ..refusal import Refused
from .sqlite_errors import is_busy, translated

_WAITS_A_SECOND = 100
CACHE_KIB = 64 * 1024
"""Memory a connection may keep pages in, taken as it is needed. SQLite's own 2 MiB hold none of a large log's index of streams: an append
of a hundred thousand events then writes and reads its pages again and again, for nearly twice the time."""


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
        opened.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
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
