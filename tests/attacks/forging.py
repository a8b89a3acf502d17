"""What somebody can do who holds the file, plain SQL and this program's source: every hash worked out anew, and signed with stolen keys.

Rows are changed in memory and put back, guards off before and on again after, so that the file looks as it did.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import orjson
from eventsourcing.persistence import StoredEvent

from mingzhang.domain.journal.leaf import leaf_hashes
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.merkle.hashing import EMPTY_ROOT, row_root
from mingzhang.domain.merkle.tiles import grown
from mingzhang.domain.signing import Signer, signed_message, with_signature
from mingzhang.domain.transaction import members_digest

TRANSACTION = "transaction.recorded"


@contextmanager
def unguarded(journal: Path) -> Iterator[sqlite3.Connection]:
    """The file with its triggers away; they are back afterwards, word for word."""
    with closing(sqlite3.connect(journal, isolation_level=None)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in guards:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _name, sql in guards:
            connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def rows_of(journal: Path) -> list[LogRow]:
    with closing(sqlite3.connect(journal)) as connection:
        return [LogRow(*row) for row in connection.execute("SELECT * FROM events ORDER BY leaf_index")]


def put(journal: Path, rows: Sequence[LogRow], *, tree: bool) -> None:
    """These rows instead of those there are, numbered from 0; with the tree over them, or with the tree as it was."""
    numbered = [row._replace(leaf_index=leaf) for leaf, row in enumerate(rows)]
    with unguarded(journal) as connection:
        connection.execute("BEGIN")
        connection.execute("DELETE FROM events")
        connection.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", numbered)
        if tree:
            put_tree(connection, numbered)
        connection.execute("COMMIT")


def put_tree(connection: sqlite3.Connection, rows: Sequence[LogRow]) -> None:
    """The tiles over these rows instead of those there are."""
    tiles: dict[tuple[int, int], bytes] = {}
    for level, index, hashes in grown(0, leaf_hashes(rows), lambda level, index: tiles.get((level, index), b"")):
        tiles[level, index] = hashes
    connection.execute("DELETE FROM tiles")
    connection.executemany("INSERT INTO tiles VALUES (?, ?, ?)", [(*place, hashes) for place, hashes in tiles.items()])


def said(row: LogRow) -> dict[str, Any]:
    return dict(orjson.loads(row.state))


def saying(row: LogRow, **changed: Any) -> LogRow:
    """The same event saying something else."""
    return row._replace(state=orjson.dumps({**said(row), **changed}))


def transactions(rows: Sequence[LogRow]) -> list[int]:
    """Where each transaction begins."""
    return [leaf for leaf, row in enumerate(rows) if row.topic == TRANSACTION]


def transaction_of(rows: Sequence[LogRow], leaf: int) -> int:
    return max(start for start in transactions(rows) if start <= leaf)


def members_of(rows: Sequence[LogRow], start: int) -> int:
    """Where the transaction's members end."""
    return next((later for later in transactions(rows) if later > start), len(rows))


def by(rows: Sequence[LogRow], actor: str, *, last: bool = True) -> int:
    """The last (or first) transaction of somebody."""
    found = [start for start in transactions(rows) if said(rows[start])["actor"] == actor]
    return found[-1 if last else 0]


def redigested(rows: Sequence[LogRow]) -> list[LogRow]:
    """Each transaction with the number and digest of the members it has now; its signature stays what it was."""
    made = list(rows)
    for start in transactions(made):
        members = made[start + 1 : members_of(made, start)]
        stored = [StoredEvent(row.originator_id, row.originator_version, row.topic, row.state) for row in members]
        digest = members_digest(stored)
        if (said(made[start])["digest"], said(made[start])["members"]) != (digest, len(members)):
            made[start] = saying(made[start], digest=digest, members=len(members))
    return made


def resigned(rows: Sequence[LogRow], signers: Mapping[str, Signer], since: int = 0) -> list[LogRow]:
    """As `redigested`, and from `since` on each transaction of these people says what it would have seen, under their signature."""
    made = redigested(rows)
    for start in transactions(made):
        signer = signers.get(said(made[start])["actor"])
        if signer is not None and start >= since:
            root = row_root(b"".join(leaf_hashes(made[:start]))) if start else EMPTY_ROOT
            row = saying(made[start], key=signer.key, seen_size=start, seen_root=base64.b64encode(root).decode(), signature="")
            made[start] = signed(row, signer)
    return made


def signed(row: LogRow, signer: Signer) -> LogRow:
    return row._replace(state=with_signature(row.state, signer.sign(signed_message(row.originator_id, row.state))))


def new_transaction(
    rows: Sequence[LogRow],
    actor: str,
    members: Sequence[LogRow],
    *,
    signer: Signer | None,
    key: str | None = None,
    **changed: Any,
) -> list[LogRow]:
    """The log with one more transaction: like the actor's last (or the surveyor's), with a name of its own."""
    known = [start for start in transactions(rows) if said(rows[start])["actor"] == actor]
    like = rows[known[-1] if known else by(rows, "surveyor")]
    stream = rows[transactions(rows)[-1]].originator_id[:-4] + "f0f0"  # its id says that it was begun when the last one was
    at = rows[-1].recorded_at
    root = row_root(b"".join(leaf_hashes(rows)))
    bare = saying(
        like, actor=actor, effective_on=said(rows[-1])["effective_on"], key=key if key is not None else signer.key if signer else "",
        seen_size=len(rows), seen_root=base64.b64encode(root).decode(), signature="", **changed,
    )._replace(originator_id=stream, originator_version=1, recorded_at=at)  # fmt: skip
    made = redigested([*rows, bare, *(row._replace(recorded_at=at) for row in members)])
    if signer is not None:
        made[len(rows)] = signed(made[len(rows)], signer)
    return made
