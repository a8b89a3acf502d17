"""What a disk or a file does to a ledger is said as a refusal with a next step; what a programmer did wrong stays the
library's error.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing import persistence

from ..refusal import Refused

_PRIMARY = 0xFF  # the low byte of an extended result code names the family
_BUSY = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
_DAMAGED = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))

_LIBRARY_ERRORS: tuple[tuple[type[sqlite3.Error], type[persistence.PersistenceError]], ...] = (
    (sqlite3.InterfaceError, persistence.InterfaceError),
    (sqlite3.DataError, persistence.DataError),
    (sqlite3.OperationalError, persistence.OperationalError),
    (sqlite3.IntegrityError, persistence.IntegrityError),
    (sqlite3.InternalError, persistence.InternalError),
    (sqlite3.ProgrammingError, persistence.ProgrammingError),
    (sqlite3.NotSupportedError, persistence.NotSupportedError),
    (sqlite3.DatabaseError, persistence.DatabaseError),
)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else holds the lock."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _BUSY


def refusal(error: sqlite3.Error, lock_timeout: int) -> Refused | None:
    """The refusal for a failure of the world, None for any other. lock_timeout: seconds that were waited for the
    write lock.
    """
    name = getattr(error, "sqlite_errorname", None)
    family = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if is_busy(error):
        return Refused("ledger_busy", seconds=lock_timeout)
    # The file beside the log in which readers and writers agree cannot grow either; SQLite has no other word for that.
    if family == sqlite3.SQLITE_FULL or name == "SQLITE_IOERR_SHMSIZE":
        return Refused("disk_full")
    if family == sqlite3.SQLITE_READONLY:
        return Refused("ledger_read_only")
    if family == sqlite3.SQLITE_CANTOPEN:
        return Refused("ledger_cannot_open", detail=name)
    if family == sqlite3.SQLITE_IOERR:
        return Refused("disk_failed", detail=name)
    if family in _DAMAGED:
        return Refused("ledger_damaged", detail=name)
    if name is None and str(error).startswith("Could not decode to UTF-8"):  # raised by Python, which gives it no code
        return Refused("ledger_damaged", detail="text is not UTF-8")
    return None


def library_error(error: sqlite3.Error) -> persistence.PersistenceError:
    """The eventsourcing exception of the same name."""
    for theirs, ours in _LIBRARY_ERRORS:
        if isinstance(error, theirs):
            return ours(error)
    return persistence.PersistenceError(error)


@contextmanager
def translated(lock_timeout: int) -> Iterator[None]:
    """Turns every sqlite3 error raised inside into a Refused or an eventsourcing error."""
    try:
        yield
    except sqlite3.Error as error:
        raise refusal(error, lock_timeout) or library_error(error) from error
    except UnicodeDecodeError as error:  # of a damaged file, what SQLite says about it is not always text
        raise Refused("ledger_damaged", detail="text is not UTF-8") from error
