"""A log is read for its verification as it lies there, past everything that would refuse a damaged one: bytes only, never written to.

What cannot be read is told and left out, so that the rest is still verified.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from ..merkle.tiles import TILE_BYTES, WIDTH
from .sqlite_schema import ENTRIES, INDEX, differences

RawRow = tuple[int, bytes, int, bytes, bytes, bytes]
"""leaf_index, originator_id, originator_version, topic, state, recorded_at; texts in UTF-8, as they are stored."""

_COLUMNS = "leaf_index, originator_id, originator_version, topic, state, recorded_at"
_KINDS = {"originator_id": "text", "originator_version": "integer", "topic": "text", "state": "blob", "recorded_at": "text"}
BROKEN: Final = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged file raises: of what SQLite says about it, too, not all is always text."""
_MOST: Final = 100
_HEADER_BYTES: Final = 100


class Fault(NamedTuple):
    """Something about the file itself: a code of `verify`, the leaf concerned where there is one, and what SQLite says of it."""

    code: str
    leaf: int | None = None
    detail: str = ""


class StoredLog:
    """One state of one journal file, whoever writes meanwhile. Use as a context manager; `faults` is what was met on the way.

    `opened` is False for a file that is no database at all, or that nobody may read: then there is nothing in it.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.faults: list[Fault] = _beside(file)
        self._tables: frozenset[str] = frozenset()
        self._connection = self._open()
        self.opened = bool(self._tables)

    def __enter__(self) -> StoredLog:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        """Read-only; from a medium that cannot be written to at all, as it lies there."""
        for address in _addresses(self.file):
            try:
                connection = connected(address)
                connection.execute("BEGIN")
                found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            except BROKEN as error:
                told = Fault("journal_unreadable", None, _name(error))
                continue
            self._tables = frozenset(name.decode(errors="replace") for (name,) in found)
            if "events" not in self._tables:
                self.faults.append(Fault("journal_unreadable", None, "events"))
                self._tables = frozenset()
            return connection
        self.faults.append(told)
        return sqlite3.connect(":memory:")

    def extent(self) -> tuple[int, list[int]]:
        """How many places of the log there are to look at, from leaf 0 on, and the leaves of rows that stand outside of them.

        A row far beyond the others (and beyond the tree) does not make a log of millions of missing events.
        """
        if not self.opened:
            return 0, []
        try:
            outside = [leaf for (leaf,) in self._connection.execute(f"SELECT leaf_index FROM events WHERE leaf_index < 0 LIMIT {_MOST}")]
            last = self._connection.execute("SELECT max(leaf_index) FROM events").fetchone()[0]
        except BROKEN as error:
            self.faults.append(Fault("page_damaged", None, f"events: {_name(error)}"))
            return self.tree_size(), []
        known = self.tree_size()
        if last is None or last < known:
            return max(0, -1 if last is None else last + 1), outside
        end = self._contiguous(known)
        try:
            outside += [leaf for (leaf,) in self._connection.execute(
                f"SELECT leaf_index FROM events WHERE leaf_index >= ? LIMIT {_MOST}", (end,)
            )]  # fmt: skip
        except BROKEN as error:
            self.faults.append(Fault("page_damaged", end, f"events: {_name(error)}"))
        return end, outside

    def tree_size(self) -> int:
        """How many leaves the stored tiles have, by their last one."""
        try:
            tile, count = self._connection.execute(
                "SELECT tile, length(hashes) / 32 FROM tiles WHERE level = 0 ORDER BY tile DESC LIMIT 1"
            ).fetchone() or (0, 0)
        except BROKEN:
            return 0
        return int(tile) * WIDTH + int(count) if isinstance(tile, int) and isinstance(count, int) and 0 <= tile < 2**40 else 0

    def _contiguous(self, start: int) -> int:
        """The first place from `start` on at which there is no row, small gaps (of less than a tile) overlooked."""
        end = start
        while True:
            try:
                found = [leaf for (leaf,) in self._connection.execute(
                    "SELECT leaf_index FROM events WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index", (end, end + WIDTH)
                )]  # fmt: skip
            except BROKEN:
                return end + WIDTH
            if not found:
                return end
            end = found[-1] + 1

    def rows(self, start: int, stop: int) -> Sequence[RawRow]:
        """The rows at these places, in order. Places on damaged pages are left out, and told in `faults`."""
        try:
            return self._connection.execute(
                f"SELECT {_COLUMNS} FROM events WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index", (start, stop)
            ).fetchall()
        except BROKEN as error:
            whole = error
        found: list[RawRow] = []
        for leaf in range(start, stop):
            try:
                found += self._connection.execute(f"SELECT {_COLUMNS} FROM events WHERE leaf_index = ?", (leaf,)).fetchall()
            except BROKEN as error:
                self.faults.append(Fault("page_damaged", leaf, f"events: {_name(error)}"))
        if len(found) == stop - start:  # one by one all of them could be read
            self.faults.append(Fault("page_damaged", start, f"events: {_name(whole)}"))
        return found

    def tile(self, level: int, index: int) -> bytes:
        """A stored tile; no bytes where there is none, where it is not of bytes, or cannot be read."""
        if "tiles" not in self._tables:
            return b""
        try:
            found = self._connection.execute("SELECT hashes FROM tiles WHERE level = ? AND tile = ?", (level, index)).fetchall()
        except BROKEN as error:
            self.faults.append(Fault("page_damaged", None, f"tiles {level}/{index}: {_name(error)}"))
            return b""
        return found[0][0] if len(found) == 1 and isinstance(found[0][0], bytes) else b""

    def rows_about(self, topics: Collection[str], containing: bytes) -> Iterator[RawRow]:
        """The rows of these topics, and those whose stored bytes contain these; to the end, or to the first damaged page."""
        if not self.opened:
            return
        try:
            yield from self._connection.execute(
                f"SELECT {_COLUMNS} FROM events NOT INDEXED WHERE topic IN ({','.join('?' * len(topics))}) OR instr(state, ?)"
                " ORDER BY leaf_index", (*topics, containing)
            )  # fmt: skip
        except BROKEN as error:
            self.faults.append(Fault("page_damaged", None, f"events: {_name(error)}"))

    def strange_tiles(self, above: Collection[tuple[int, int]]) -> list[tuple[object, object]]:
        """Level and index of stored tiles that no tree can have: of a wrong length or kind; over the leaves, not among those `above`."""
        if "tiles" not in self._tables:
            return []
        last = (self.tree_size() - 1) // WIDTH
        try:
            leaves = self._connection.execute(
                "SELECT level, tile FROM tiles WHERE level = 0 AND (typeof(hashes) <> 'blob' OR tile < 0 OR tile > ?1"
                " OR length(hashes) % 32 OR length(hashes) > ?2 OR tile < ?1 AND length(hashes) <> ?2) LIMIT ?3", (last, TILE_BYTES, _MOST)
            ).fetchall()  # fmt: skip
            rest = self._connection.execute("SELECT level, tile, typeof(hashes) FROM tiles WHERE level <> 0").fetchall()
        except BROKEN as error:
            self.faults.append(Fault("page_damaged", None, f"tiles: {_name(error)}"))
            return []
        return leaves + [(level, tile) for level, tile, kind in rest if kind != b"blob" or (level, tile) not in above]


def _addresses(file: Path) -> list[str]:
    """Read-only; and, where nobody can be writing into it, as it lies on a medium that takes no file beside it.

    Where the write-ahead log was lost, only as it lies: SQLite would make a new one, and wipe that sign away.
    """
    read_only = f"file:{quote(str(file.absolute()))}?mode=ro"
    as_it_lies = read_only + "&immutable=1"
    if _lost_wal(file):
        return [as_it_lies]
    wal = file.with_name(file.name + "-wal")
    return [read_only, as_it_lies] if not wal.exists() or wal.stat().st_size == 0 else [read_only]


def _lost_wal(file: Path) -> bool:
    wal, shared = (file.with_name(file.name + ending) for ending in ("-wal", "-shm"))
    # Asked twice: somebody else may be closing the file, who takes the shared memory away first.
    return shared.exists() and not wal.exists() and shared.exists()


def connected(address: str) -> sqlite3.Connection:
    """A connection that gives texts as the bytes they are, valid UTF-8 or not."""
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.text_factory = bytes
    return connection


def inspect_file(file: Path, *, mapped: bool = False) -> list[Fault]:
    """Reads every page of the file and every entry of its indexes, and compares its guards with those it was made with.

    Takes about as long as reading the file, most of it outside Python: it may run in a thread beside the walk. mapped: the file is mapped
    into memory, which is quicker by a sixth; a page that the medium cannot give then ends the process, so it must be one of its own.
    """
    found: list[Fault] = []
    for address in _addresses(file):
        try:
            connection = connected(address)
            if mapped:
                connection.execute(f"PRAGMA mmap_size = {file.stat().st_size}")
            stored = connection.execute(ENTRIES).fetchall()
        except BROKEN as error:
            found = [Fault("page_damaged", None, _name(error))]
            continue
        try:
            entries = [(kind.decode(), name.decode(), sql and sql.decode()) for kind, name, sql in stored]
            found = [Fault(f"guard_{code}", None, what) for code, what in differences(entries)]
            found += _pages(connection)
            found += _kinds(connection)
        except BROKEN as error:
            found.append(Fault("page_damaged", None, _name(error)))
        finally:
            connection.close()
        return found
    return found


def _pages(connection: sqlite3.Connection) -> Iterator[Fault]:
    rows = connection.execute(f"PRAGMA integrity_check({_MOST})")  # some rows are of many lines, under a heading
    said = [line for (row,) in rows for line in row.decode(errors="replace").split("\n") if not line.startswith("***")]
    if said == ["ok"]:
        return
    of_index = [line for line in said if " index " in line]
    for line in said:
        if line not in of_index:
            yield Fault("page_damaged", None, line)
    if of_index:
        missing = _missing_from_index(connection)
        for leaf in missing:
            yield Fault("index_disagrees", leaf, "originator_id, originator_version")
        if not missing:
            yield Fault("index_disagrees", None, of_index[0])


def _missing_from_index(connection: sqlite3.Connection) -> list[int]:
    """The rows of the table that are not found where the index of streams leads."""
    return [leaf for (leaf,) in connection.execute(
        f"SELECT leaf_index FROM events AS e NOT INDEXED WHERE NOT EXISTS (SELECT 1 FROM events AS i INDEXED BY {INDEX}"
        " WHERE i.originator_id = e.originator_id AND i.originator_version = e.originator_version AND i.leaf_index = e.leaf_index)"
        f" ORDER BY leaf_index LIMIT {_MOST}"
    )]  # fmt: skip


def _kinds(connection: sqlite3.Connection) -> Iterator[Fault]:
    """Values stored as another kind than their column's: the same bytes, but no question would find them."""
    wrong = " OR ".join(f"typeof({column}) <> '{kind}'" for column, kind in _KINDS.items())
    for (leaf,) in connection.execute(f"SELECT leaf_index FROM events NOT INDEXED WHERE {wrong} ORDER BY leaf_index LIMIT {_MOST}"):
        yield Fault("value_of_wrong_kind", leaf)


def _beside(file: Path) -> list[Fault]:
    """A file shorter than its first page says, a write-ahead log that was there, and a rollback journal that should not be: this log has
    none, and whoever opened the file to write into it would first overwrite its pages with those."""
    found: list[Fault] = []
    wal = file.with_name(file.name + "-wal")
    try:
        with file.open("rb") as opened:
            header = opened.read(_HEADER_BYTES)
        length = file.stat().st_size
    except OSError as error:
        return [Fault("journal_unreadable", None, error.strerror or "")]
    page_bytes = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    page_bytes = 65536 if page_bytes == 1 else page_bytes
    if header[24:28] == header[92:96] and page_bytes * pages > length and not (wal.exists() and wal.stat().st_size):
        found.append(Fault("file_truncated", None, f"{length} < {page_bytes * pages}"))
    if _lost_wal(file):
        found.append(Fault("wal_missing"))
    if has_rollback_journal(file):
        found.append(Fault("rollback_journal"))
    return found


def has_rollback_journal(file: Path) -> bool:
    """Whether pages lie beside the file that SQLite would put back into it."""
    beside = file.with_name(file.name + "-journal")
    return beside.exists() and beside.stat().st_size > 0


def _name(error: Exception) -> str:
    return getattr(error, "sqlite_errorname", None) or str(error)
