"""What anybody reads is rebuilt from the journal, and is thrown away whenever it may not fit it.

The engine reads the journal in order from its own position and writes rows and position in one transaction
(ARCHITECTURE, "projections"). The position names the ledger, the log size, a hash of the last row read and a hash of
the tables' definitions: a journal restored to an older state, another ledger's journal, or projections of another
version are noticed before anything is answered, and the tables are made anew from nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError

from mingzhang.domain.bulk import collector_at_rest
from mingzhang.domain.facts import upcast
from mingzhang.domain.journal.records import Head, LogRow
from mingzhang.domain.refusal import Refused

from .asof import AsOf
from .fingerprint import fingerprint
from .projection import LogEvent, Projection, View, Writer
from .tables import Store, create, described

ROWS_PER_BATCH = 20_000
_SECONDS_TO_WAIT_FOR_ANOTHER = 60
_ATTEMPTS = 20

_POSITION = Table(
    "projection_position",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("last_row", Text, nullable=False),
    Column("definitions", Text, nullable=False),
    Column("tables", Text, nullable=False),
)


class Journal(Protocol):
    """What the engine asks of a recorder: its end, rows in order, and all rows of some streams."""

    def head(self) -> Head: ...
    def select_rows(self, gt_size: int = 0, limit: int | None = None) -> Sequence[LogRow]: ...
    def select_streams(self, names: Sequence[str]) -> Sequence[LogRow]: ...


class _Position(NamedTuple):
    size: int
    last_row: str


class Engine:
    """Keeps the projections level with one journal.

    database: path of the SQLite file (made when missing), or an SQLAlchemy URL.
    schema: for PostgreSQL, the ledger's schema.
    """

    def __init__(
        self,
        database: str | Path,
        recorder: Journal,
        projections: Sequence[Projection],
        *,
        ledger_id: str = "",
        schema: str | None = None,
        rows_per_batch: int = ROWS_PER_BATCH,
    ) -> None:
        self._recorder = recorder
        self._projections = tuple(projections)
        self._ledger_id = ledger_id
        self._rows_per_batch = rows_per_batch
        self._file = None if "://" in str(database) else Path(database)
        url = str(database) if self._file is None else f"sqlite:///{self._file}"
        self._is_sqlite = url.startswith("sqlite")
        tables: dict[str, Table] = {}
        for projection in self._projections:
            for kept in projection.kept:
                for table in kept.tables:
                    if tables.setdefault(table.name, table) is not table:
                        raise ValueError(f"two tables are named {table.name}")
        self._tables = tuple(tables.values())
        names = "\n".join(f"{one.name}@{one.schema_version}" for one in self._projections)
        self._definitions = sha256((names + "\n" + described(self._tables)).encode()).hexdigest()
        if self._is_sqlite:
            settings: dict[str, Any] = {"connect_args": {"timeout": _SECONDS_TO_WAIT_FOR_ANOTHER}}
        else:
            settings = {"paramstyle": "format"}
            if schema is not None:
                settings["connect_args"] = {"options": f"-c search_path={schema}"}
        self._writer = create_engine(url, **settings)
        if not self._is_sqlite:  # a question sees one state throughout, as it does on SQLite by itself
            settings["isolation_level"] = "REPEATABLE READ"
        self._reader = create_engine(url, **settings)
        if self._is_sqlite:
            _prepare_sqlite(self._writer, "BEGIN IMMEDIATE", query_only=False)
            _prepare_sqlite(self._reader, "BEGIN", query_only=True)

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()

    def catch_up(self, limit_size: int | None = None) -> int:
        """Brings the tables up to the journal's end, or to `limit_size` events; gives the log size they contain.

        A query calls this first. Safe in several processes at once: each batch waits for the other's transaction and
        goes on from where that left off.
        """
        try:
            with self._reader.connect() as connection:
                position = self._position(connection)
            if position is not None:
                rows = self._rows_after(position, 1)
                if _fits(position, rows) and (len(rows) == min(position.size, 1) or position.size == limit_size):
                    return position.size
        except DatabaseError as error:
            self._set_aside_if_broken(error)
        return self._follow(limit_size, None)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Drops everything and reads the journal from its beginning; `progress` gets (events done, events in all)."""
        try:
            with self._writing() as connection:
                self._make_anew(connection)
        except DatabaseError as error:
            self._set_aside_if_broken(error)
        return self._follow(None, progress)

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection for queries: it cannot write, and sees one state throughout."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def view(self, as_of: AsOf) -> Iterator[View]:
        """Catches up, then answers as of the point; a `known_at` beyond the log means now.

        Refuses `projections_replaced` when a program of another version works on the same tables meanwhile.
        """
        self.catch_up()
        with self.connection() as connection:
            position = self._position(connection)
            if position is None:  # another version of the program made them anew just now
                raise Refused("projections_replaced")
            yield View(connection, as_of, position.size)

    def _follow(self, limit_size: int | None, progress: Callable[[int, int], None] | None) -> int:
        total = self._recorder.head().size if progress is not None else 0
        while True:
            with collector_at_rest(), self._writing() as connection:
                position = self._position(connection)
                rows = [] if position is None else self._rows_after(position, self._rows_per_batch)
                if position is None or not _fits(position, rows):
                    self._make_anew(connection)
                    position = _Position(0, "")
                    rows = self._rows_after(position, self._rows_per_batch)
                new = rows[1:] if position.size else rows
                if limit_size is not None:
                    new = new[: max(0, limit_size - position.size)]
                if new:
                    self._apply(connection, new)
            size = position.size + len(new)
            if progress is not None:
                progress(size, max(size, total))
            if len(new) < self._rows_per_batch:
                return size

    def _apply(self, connection: Connection, rows: Sequence[LogRow]) -> None:
        writer = Writer(_References(rows, self._recorder).leaf_of)
        lists: list[list[LogEvent]] = [[] for _ in self._projections]
        routes: dict[str, list[list[LogEvent]]] = {}
        loads = orjson.loads
        for leaf, stream, version, topic, state, recorded_at in rows:
            wanted = routes.get(topic)
            if wanted is None:
                wanted = routes[topic] = [
                    events
                    for events, one in zip(lists, self._projections, strict=True)
                    if topic in one.handlers or one.every_topic is not None
                ]
            if wanted:
                try:
                    said = upcast(topic, loads(state))
                except ValueError:
                    raise Refused("event_unreadable", event=f"{stream}@{version}", topic=topic) from None
                log_event = LogEvent(leaf, stream, version, topic, recorded_at, said)
                for events in wanted:
                    events.append(log_event)
        for projection, events in zip(self._projections, lists, strict=True):
            if events:
                projection.apply(events, writer)
        store = Store(connection)
        try:
            writer.write(store)
        finally:
            store.close()
        connection.execute(
            _POSITION.update().values(size=rows[-1].leaf_index + 1, last_row=fingerprint(rows[-1]))
        )

    def _rows_after(self, position: _Position, limit: int) -> Sequence[LogRow]:
        """The last row already read (if any), then up to `limit` new ones."""
        if position.size == 0:
            return self._recorder.select_rows(gt_size=0, limit=limit)
        return self._recorder.select_rows(gt_size=position.size - 1, limit=limit + 1)

    def _position(self, connection: Connection) -> _Position | None:
        """Where the tables are, or None when they are missing or belong to something else."""
        if not inspect(connection).has_table(_POSITION.name):
            return None
        row = connection.execute(select(_POSITION)).one_or_none()
        if row is None or (row.ledger_id, row.definitions) != (self._ledger_id, self._definitions):
            return None
        return _Position(row.size, row.last_row)

    def _make_anew(self, connection: Connection) -> None:
        inspector = inspect(connection)
        present = set(inspector.get_table_names())
        ours = {table.name for table in self._tables}
        if _POSITION.name in present:
            for listed in connection.execute(select(_POSITION.c.tables)).scalars():
                ours.update(orjson.loads(listed))
        for name in [*sorted(ours & present), _POSITION.name]:
            connection.execute(text(f"DROP TABLE IF EXISTS {connection.dialect.identifier_preparer.quote(name)}"))
        for table in (*self._tables, _POSITION):
            create(connection, table)
        connection.execute(
            _POSITION.insert().values(
                id=1,
                ledger_id=self._ledger_id,
                size=0,
                last_row="",
                definitions=self._definitions,
                tables=orjson.dumps([table.name for table in self._tables]).decode(),
            )
        )

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction that no other process's can overlap."""
        with self._writer.begin() as connection:
            if not self._is_sqlite:
                # One number per schema: whoever else catches up waits here until this transaction ends.
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.projections'))"))
            yield connection

    def _set_aside_if_broken(self, error: DatabaseError) -> None:
        """A damaged SQLite file is deleted, since it can be made anew; any other error goes on its way."""
        code = getattr(error.orig, "sqlite_errorcode", None)
        if self._file is None or code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise error
        self.close()
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)


class _References:
    """Finds the leaf of `stream@version`: in the batch at hand, else in the journal."""

    def __init__(self, rows: Sequence[LogRow], recorder: Journal) -> None:
        self._rows = rows
        self._recorder = recorder
        self._leaves: dict[str, int] | None = None

    def leaf_of(self, reference: str) -> int | None:
        if self._leaves is None:  # few batches hold a correction
            self._leaves = {f"{row.originator_id}@{row.originator_version}": row.leaf_index for row in self._rows}
        leaf = self._leaves.get(reference)
        if leaf is None:
            stream = reference.rpartition("@")[0]
            for row in self._recorder.select_streams([stream]):
                self._leaves[f"{row.originator_id}@{row.originator_version}"] = row.leaf_index
            leaf = self._leaves.get(reference)
        return leaf


def _fits(position: _Position, rows: Sequence[LogRow]) -> bool:
    return position.size == 0 or (
        bool(rows) and rows[0].leaf_index == position.size - 1 and fingerprint(rows[0]) == position.last_row
    )


def _write_ahead(driver: Any) -> None:
    """Turns the write-ahead log on. SQLite does not wait for a lock to do so, where another opens or leaves the file just then; so the
    lock is waited for as for any other write, and it is tried again."""
    for _attempt in range(_ATTEMPTS):
        try:
            driver.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            driver.execute("BEGIN IMMEDIATE")
            driver.execute("ROLLBACK")
        else:
            return
    driver.execute("PRAGMA journal_mode=WAL")


def _prepare_sqlite(engine: Any, begin: str, *, query_only: bool) -> None:
    def connected(driver: Any, _record: object) -> None:
        driver.isolation_level = None  # transactions begin where we say, not where the driver guesses
        _write_ahead(driver)
        driver.execute("PRAGMA synchronous=NORMAL")
        driver.execute("PRAGMA cache_size=-65536")
        if query_only:
            driver.execute("PRAGMA query_only=ON")

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
