"""A log of the first format gets its hash tree: worked out from the events as they are stored, in one transaction, and no event is touched.

Nobody else may have the file open meanwhile: a program of the older version would go on appending events without leaves.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

from ..merkle.tiles import grown
from ..refusal import Refused
from .leaf import leaf_hashes
from .records import Head, LogRow, check_continues
from .sqlite_errors import translated
from .sqlite_schema import ENTRIES, EVENTS_SCHEMA, PUT_TILE, SCHEMA, TILES_SCHEMA, check_schema

WAIT: Final = 5
"""Seconds to wait for others to let go of the file."""

_AT_ONCE: Final = 16 * 256
_KINDS: Final = (int, str, int, str, bytes, str)
_SELECT: Final = f"SELECT {', '.join(LogRow._fields)} FROM events"


def stored_rows(file: Path, streams: Iterable[str]) -> list[LogRow]:
    """The events of these streams in a log of any format, in its order; for looking before anything is changed."""
    found: list[LogRow] = []
    with _opened(file) as connection:
        for stream in streams:
            found += map(LogRow._make, connection.execute(f"{_SELECT} WHERE originator_id = ?", (stream,)))
    return sorted(found)


def stored_streams(file: Path, topic: str) -> list[str]:
    """The streams of a log of any format that hold an event of this topic, in the order in which they got their first one."""
    with _opened(file) as connection:
        asked = "SELECT originator_id FROM events WHERE topic = ? GROUP BY originator_id ORDER BY min(leaf_index)"
        return [str(stream) for (stream,) in connection.execute(asked, (topic,))]


def add_tiles(file: Path, check: Callable[[Sequence[LogRow]], None]) -> bool:
    """Gives a log of format 1 its tiles; False where it has them already.

    check: given all rows in order, some thousands at a time and at last none, refuses what is not as it should be; then
    nothing is changed. Refused `ledger_busy` while anybody else has the file open, `ledger_damaged` for guards that are not as
    they were made and for a log that has gaps or goes back in time.
    """
    with _opened(file) as connection:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("BEGIN IMMEDIATE")
        stored = connection.execute(ENTRIES).fetchall()
        if any(name in TILES_SCHEMA for _kind, name, _sql in stored):
            check_schema(stored, SCHEMA)
            return False
        check_schema(stored, EVENTS_SCHEMA)
        for statement in TILES_SCHEMA.values():
            connection.execute(statement)

        def tile(level: int, index: int) -> bytes:
            found = connection.execute("SELECT hashes FROM tiles WHERE level = ? AND tile = ?", (level, index)).fetchone()
            return bytes(found[0]) if found else b""

        for size, rows in _in_order(connection):
            check(rows)
            connection.executemany(PUT_TILE, grown(size, leaf_hashes(rows), tile))
        check(())
        connection.execute("COMMIT")
        return True


def _in_order(connection: sqlite3.Connection) -> Iterator[tuple[int, list[LogRow]]]:
    head = Head(0, None)
    reading = connection.execute(f"{_SELECT} ORDER BY leaf_index")
    while rows := list(map(LogRow._make, reading.fetchmany(_AT_ONCE))):
        strange = next((row for row in rows if tuple(map(type, row)) != _KINDS), None)
        if strange is not None:  # SQLite keeps any kind of value in any column
            raise Refused("ledger_damaged", detail=f"leaf {strange.leaf_index}")
        try:
            check_continues(rows, head)
        except Refused as refused:
            raise Refused("ledger_damaged", detail=f"leaf {refused.context['leaf']}") from None
        yield head.size, rows
        head = Head(rows[-1].leaf_index + 1, rows[-1].recorded_at)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    with translated(WAIT):
        connection = sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=rw", uri=True, isolation_level=None, timeout=WAIT)
        try:
            yield connection
        finally:
            connection.close()  # takes back what was not committed
