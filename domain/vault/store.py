"""What the vault reports written is on the disk, and what it reports destroyed is gone from file and log.

One SQLite file with a connection of its own, never the journal's: keys and events share neither a file nor a backup.
Apart from the column type BLOB, the pragmas and `BEGIN IMMEDIATE`, all SQL here is also PostgreSQL's, so a second
store is this file again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from ..refusal import Refused
from .private_file import write_private_file

FORMAT = b"mingzhang-vault/1"
LOCK_TIMEOUT_SECONDS = 60.0
ASKED_AT_ONCE = 500  # values in one IN (...): below every database's limit

_TABLES = (
    # what the vault is: format, id (salt of the derived keys), master_check, purge_pending, erasures; once there are any, privacy_list
    # (up to where the ledger's list of erasures has been carried out), restricted (whose boxes stay shut) and elsewhere (what a list newer
    # than a restored log says); and, wrapped, the log's key
    "CREATE TABLE vault (name TEXT PRIMARY KEY, content BLOB NOT NULL)",
    # an erased person stays as a row without a key, so that neither the reference nor the person is taken up again
    "CREATE TABLE persons (subject TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('live', 'erased')),"
    " wrapped_key BLOB, CHECK ((wrapped_key IS NULL) = (state = 'erased')))",
    "CREATE TABLE tokens (kind TEXT NOT NULL, token BLOB NOT NULL,"
    " subject TEXT NOT NULL REFERENCES persons (subject), PRIMARY KEY (kind, token, subject))",
    "CREATE UNIQUE INDEX one_person_per_id_number ON tokens (token) WHERE kind = 'id_number'",
    "CREATE INDEX tokens_of_subject ON tokens (subject)",
)


class SqliteStore:
    """The tables of a vault in one SQLite file. Sees no plaintext: keys come wrapped, numbers as tokens."""

    def __init__(self, path: Path) -> None:
        # mode=rw: a mistyped path is reported as missing, not answered with a new and empty vault
        self._connection = sqlite3.connect(
            path.absolute().as_uri() + "?mode=rw",
            uri=True,
            timeout=LOCK_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self._lock = RLock()
        for pragma in ("synchronous = FULL", "secure_delete = ON", "foreign_keys = ON", "temp_store = MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}")

    @classmethod
    def create(cls, path: Path, about: Mapping[str, bytes]) -> SqliteStore:
        """A new file (0600) with its tables. Refuses `vault_exists`, `keys_folder_missing`."""
        write_private_file(path, b"", exists="vault_exists")
        store = cls(path)
        try:
            store._connection.execute("PRAGMA journal_mode = WAL")
            with store.writing():
                for table in _TABLES:
                    store._connection.execute(table)
                rows = [("format", FORMAT), ("erasures", b"0"), ("purge_pending", b"0"), *about.items()]
                store._connection.executemany("INSERT INTO vault (name, content) VALUES (?, ?)", rows)
        except BaseException:
            store.close()
            path.unlink()
            raise
        return store

    @classmethod
    def open(cls, path: Path) -> SqliteStore:
        """An existing file. Refuses `vault_missing`, and `vault_format` for what is no vault of this format."""
        if not path.exists():
            raise Refused("vault_missing")
        store: SqliteStore | None = None
        try:
            store = cls(path)
            found = store.about("format")
        except sqlite3.DatabaseError as error:
            if store is not None:
                store.close()
            if _is_busy(error):
                raise Refused("vault_busy") from None
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR):
                raise  # the disk's doing, not the file's: the session says which
            raise Refused("vault_format") from None
        if found != FORMAT:
            store.close()
            raise Refused("vault_format")
        return store

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start, so what is read in it stays true until it commits.

        Refuses `vault_busy` when another process holds the lock for longer than LOCK_TIMEOUT_SECONDS.
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if _is_busy(error):
                    raise Refused("vault_busy") from None
                raise
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def about(self, name: str) -> bytes | None:
        row = self._one("SELECT content FROM vault WHERE name = ?", (name,))
        return row[0] if row is not None and isinstance(row[0], bytes) else None

    def add_about(self, name: str, content: bytes) -> None:
        """A further thing the vault is to know about itself, inside `writing`; once only."""
        self._connection.execute("INSERT INTO vault (name, content) VALUES (?, ?)", (name, content))

    def erasures(self) -> int:
        """How many people have been erased so far; while it stands still, keys held in memory are still good."""
        return int(self.about("erasures") or 0)

    def wrapped_keys(self, subjects: Sequence[str]) -> dict[str, bytes | None]:
        """subject -> wrapped key, None for the erased; whoever is not in the vault is not in the answer."""
        return {
            row[0]: row[1] for row in self._many("SELECT subject, wrapped_key FROM persons WHERE subject IN", subjects)
        }

    def holders(self, kind: str, tokens: Sequence[bytes]) -> list[tuple[bytes, str]]:
        """(token, subject) of everybody who has one of these tokens, by subject."""
        rows = self._many("SELECT token, subject FROM tokens WHERE kind = ? AND token IN", tokens, kind)
        return sorted(((bytes(token), subject) for token, subject in rows), key=lambda row: row[1])

    def shared(self, kind: str) -> list[tuple[bytes, str]]:
        """(token, subject) of every token that more than one person has."""
        rows = self._all(
            "SELECT token, subject FROM tokens WHERE kind = ? AND token IN"
            " (SELECT token FROM tokens WHERE kind = ? GROUP BY token HAVING COUNT(*) > 1) ORDER BY token, subject",
            (kind, kind),
        )
        return [(bytes(token), subject) for token, subject in rows]

    def erased(self) -> list[str]:
        if not self.erasures():  # nobody ever was: the rows of a hundred thousand people need not be gone through
            return []
        return [row[0] for row in self._all("SELECT subject FROM persons WHERE state = 'erased' ORDER BY subject")]

    def add_persons(self, persons: Sequence[tuple[str, bytes]]) -> None:
        """(subject, wrapped key), inside `writing`."""
        self._connection.executemany("INSERT INTO persons (subject, state, wrapped_key) VALUES (?, 'live', ?)", persons)

    def add_tokens(self, tokens: Sequence[tuple[str, bytes, str]]) -> None:
        """(kind, token, subject), inside `writing`; one that is there already is left alone."""
        self._connection.executemany(
            "INSERT INTO tokens (kind, token, subject) VALUES (?, ?, ?) ON CONFLICT (kind, token, subject) DO NOTHING",
            tokens,
        )

    def erase(self, subject: str) -> None:
        """Take key and tokens away and leave the tombstone, inside `writing`; `purge` must follow the commit."""
        self._connection.execute("DELETE FROM tokens WHERE subject = ?", (subject,))
        self._connection.execute(
            "INSERT INTO persons (subject, state, wrapped_key) VALUES (?, 'erased', NULL)"
            " ON CONFLICT (subject) DO UPDATE SET state = 'erased', wrapped_key = NULL",
            (subject,),
        )
        self._set("erasures", b"%d" % (self.erasures() + 1))
        self._set("purge_pending", b"1")

    def told(self, said: Mapping[str, bytes]) -> None:
        """What lists of erased and restricted people say, inside `writing`. Counts as an erasure: other processes look again."""
        for name, content in said.items():
            upsert = "INSERT INTO vault (name, content) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET content = excluded.content"
            self._connection.execute(upsert, (name, content))
        self._set("erasures", b"%d" % (self.erasures() + 1))

    def purge(self) -> bool:
        """Bring the log into the file and empty it: the log still holds the pages as they were before an erasure. Then write the file anew,
        so that no page that was given up, and no gap inside one, keeps what stood there.

        False when another process was reading for so long that it could not be done; it is then still pending.
        """
        with self._lock:
            try:
                if not self._emptied():
                    return False
                self._connection.execute("VACUUM")
            except sqlite3.OperationalError as error:
                if _is_busy(error):
                    return False
                raise
            if not self._emptied():
                return False
            with self.writing():
                self._set("purge_pending", b"0")
            return True

    def _emptied(self) -> bool:
        """Brings the log into the file and cuts it off; False where a reader was in the way."""
        blocked, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not blocked

    def _set(self, name: str, content: bytes) -> None:
        self._connection.execute("UPDATE vault SET content = ? WHERE name = ?", (content, name))

    def _one(self, query: str, values: Sequence[object]) -> tuple[Any, ...] | None:
        with self._lock:
            row: tuple[Any, ...] | None = self._connection.execute(query, values).fetchone()
        return row

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _many(self, query: str, values: Sequence[object], *before: object) -> Iterator[tuple[Any, Any]]:
        """Run `query IN (…)` over all values, some at a time; the lock keeps our own half-done writes out of sight."""
        with self._lock:
            for start in range(0, len(values), ASKED_AT_ONCE):
                some = values[start : start + ASKED_AT_ONCE]
                marks = ", ".join("?" * len(some))
                yield from self._connection.execute(f"{query} ({marks})", (*before, *some)).fetchall()


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    # the code is there only when SQLite itself raised the error
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
