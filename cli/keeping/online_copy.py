"""A database is copied as it was at one moment while others go on writing: by SQLite's own backup, never by copying its file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from mingzhang.domain.refusal import Refused

_PAGES_AT_ONCE = 2_000
_SECONDS_TO_WAIT = 60
Progress = Callable[[int, int], None]


def copy_database(source: Path, target: Path, progress: Progress | None = None) -> None:
    """Copies one database to a new file (0600) that stands by itself: no write-ahead log beside it, so it can be read where nothing can be
    written. On the disk before this returns. sqlite3.Error for what the disk does, with a note of which of the two files was met."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(_opened(source, "rw")) as reading, closing(_opened(target, "rw")) as writing:
        # A copy keeps what the original has overwritten overwritten; without locks on a share nobody else writes to a file of this name.
        for pragma in ("locking_mode = EXCLUSIVE", "secure_delete = ON", "synchronous = FULL"):
            writing.execute(f"PRAGMA {pragma}")
        reading.execute("BEGIN")  # one moment for all pages: a writer does not make the copy begin again
        reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
        reading.backup(writing, pages=_PAGES_AT_ONCE, progress=_told(progress))
        reading.execute("ROLLBACK")
        (mode,) = writing.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != "delete":
            raise Refused("backup_not_written", file=target.name)
    with target.open("r+b") as file:
        os.fsync(file.fileno())


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=_SECONDS_TO_WAIT)


def _told(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None
    return lambda _status, left, pages: progress(pages - left, pages)
