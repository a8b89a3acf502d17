"""What must hold of a ledger's files after whatever has happened to a writer: read past the program, by the plain definition.

The tree is worked out here from RFC 6962 section 2.1 word for word, without tiles; the program's own tiles are compared with it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from tests.stories import log
from tests.stories.player import Player

HEIGHT = 8
WIDTH = 2**HEIGHT


def problems(ledger: Path) -> list[str]:
    """What is wrong with the log, its transactions and its leaves; nothing where all are whole."""
    recorded = log.rows(ledger)
    hashes = [sha256(b"\x00" + _record(row)).digest() for row in recorded]
    return log.problems(recorded) + _differing(_tiles(ledger), hashes)


def as_rebuilt(player: Player) -> bool:
    """Whether the tables that questions are answered from are as a replay of the log makes them."""
    player.play("status")
    before = _tables(player.ledger)
    player.play("rebuild")
    return before == _tables(player.ledger)


def _record(row: log.Row) -> bytes:
    parts = (row.stream.encode(), row.version.to_bytes(8, "big"), row.topic.encode(), row.recorded_at.encode(), bytes(row.state))
    return b"\x01" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + _root(leaves[:split]) + _root(leaves[split:])).digest()


def _differing(tiles: dict[tuple[int, int], bytes], leaves: list[bytes]) -> list[str]:
    found = []
    level, hashes = 0, leaves
    while hashes:
        for number in range(-(-len(hashes) // WIDTH)):
            wanted = b"".join(hashes[number * WIDTH : (number + 1) * WIDTH])
            if tiles.pop((level, number), b"") != wanted:
                found.append(f"tile {number} of level {level} is not that of its leaves")
        hashes = [_root(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
        level += 1
    return found + [f"tile {number} of level {level} belongs to no leaf" for level, number in tiles]


def _tiles(ledger: Path) -> dict[tuple[int, int], bytes]:
    with closing(sqlite3.connect(ledger / "journal.db")) as connection:
        return {(level, number): bytes(hashes) for level, number, hashes in connection.execute("SELECT level, tile, hashes FROM tiles")}


def _tables(ledger: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every derived table, in an order of its own: a replay may number rows otherwise."""
    with closing(sqlite3.connect(ledger / "projections.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(connection.execute(f'SELECT * FROM "{name}"'), key=repr) for name in names}
