"""A log that lies still, in a backup or on a read-only medium, is read as it lies: no byte of the file and no file beside it is touched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from types import TracebackType

from mingzhang.domain.journal.leaf import leaf_hashes
from mingzhang.domain.journal.records import Head, LogRow
from mingzhang.domain.journal.sqlite_errors import refusal
from mingzhang.domain.merkle.hashing import HASH_BYTES
from mingzhang.domain.merkle.tiles import HEIGHT, WIDTH, Tile, grown, root_at

ROWS_AT_ONCE = 5_000
_COLUMNS = ", ".join(LogRow._fields)
_NO_END = 2**63 - 1


class KeptLog:
    """The journal in one file that nobody writes to; answers what a recorder answers. A context manager."""

    def __init__(self, file: Path) -> None:
        self._connection = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def __enter__(self) -> KeptLog:
        return self

    def __exit__(self, _kind: type[BaseException] | None, problem: BaseException | None, _trace: TracebackType | None) -> None:
        self._connection.close()
        if isinstance(problem, sqlite3.Error):
            raise refusal(problem, 0) or problem from problem

    def head(self) -> Head:
        last = self._connection.execute("SELECT leaf_index + 1, recorded_at FROM events ORDER BY leaf_index DESC LIMIT 1").fetchone()
        return Head(*last) if last else Head(0, None)

    def select_rows(self, gt_size: int = 0, limit: int | None = None, stop: int | None = None) -> list[LogRow]:
        with closing(
            self._connection.execute(
                f"SELECT {_COLUMNS} FROM events WHERE leaf_index >= ? AND leaf_index < ? ORDER BY leaf_index LIMIT ?",
                (gt_size, _NO_END if stop is None else stop, -1 if limit is None else limit),
            )
        ) as found:
            return list(map(LogRow._make, found))

    def select_streams(self, names: Iterable[str]) -> list[LogRow]:
        with closing(
            self._connection.execute(
                f"SELECT {_COLUMNS} FROM json_each(?) CROSS JOIN events ON originator_id = json_each.value",
                (json.dumps(list(dict.fromkeys(names))),),
            )
        ) as found:
            return sorted(map(LogRow._make, found))

    def tile(self, level: int, index: int) -> bytes:
        found = self._connection.execute("SELECT hashes FROM tiles WHERE level = ? AND tile = ?", (level, index)).fetchone()
        return bytes(found[0]) if found else b""

    def root_at(self, size: int | None = None) -> bytes:
        """The root that the tiles give."""
        return root_at(self.head().size if size is None else size, self.tile)


class Growing:
    """The root of a log that is read once, row by row: keeps the right edge of the tree and nothing else."""

    def __init__(self, size: int = 0, below: Tile | None = None) -> None:
        """`below` gives the tiles of a log of `size` events or more, of which the first `size` are there already."""
        self.size = self._below_size = size
        self._below = below
        self._edge: dict[tuple[int, int], bytes] = {}

    def add(self, rows: list[LogRow]) -> list[bytes]:
        """The rows that come next; gives their leaf hashes."""
        hashes = leaf_hashes(rows)
        self.grow(hashes)
        return hashes

    def grow(self, hashes: list[bytes]) -> None:
        """The leaf hashes that come next."""
        for level, index, tile in grown(self.size, hashes, self._tile):
            self._edge[level, index] = tile
            if level == 0:
                self._edge.pop((level, index - 2), None)
        self.size += len(hashes)

    def root(self) -> bytes:
        return root_at(self.size, self._tile)

    def _tile(self, level: int, index: int) -> bytes:
        found = self._edge.get((level, index))
        if found is not None or self._below is None:
            return found or b""
        whole = (self._below_size >> HEIGHT * level) - index * WIDTH
        return self._below(level, index)[: whole * HASH_BYTES] if whole > 0 else b""
