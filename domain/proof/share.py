"""What a second reader tells of its share of the log, so that the walk need not read it again: only ever of what is as it should be.

It may save work, and never finds anything wrong. What is not whole, plain and as it was stored is not told of, and the walk, which names
what differs, reads that itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final, NamedTuple

import orjson

from ..journal.sqlite_reading import RawRow, StoredLog
from ..merkle.tiles import WIDTH
from .legible import are_legible
from .members import beginnings, show_their_actor
from .recomputed import rows_over
from .row_records import MemberParts, RowRecords, columns_of, joined
from .standing import WATCHED
from .transactions import TRANSACTION

_HELD_AT_MOST: Final = 1 << 26
"""Bytes of members that are held until their transaction's beginning is read; of longer transactions nothing is told."""


class Contents(NamedTuple):
    """What a tile holds in which every event is stored as one is, with a legible name, and gives or takes no powers; in which instants
    change only where a transaction begins, forwards; and of whose transactions each is told.

    streams: their names with NUL between them; versions: none where each is 1; first, last: the instants there; begins: the rows of its
    transactions' own events.
    """

    streams: bytes
    versions: tuple[int, ...] | None
    first: bytes
    last: bytes
    begins: tuple[RawRow, ...]


class TileFound(NamedTuple):
    """A full tile whose leaves, hashed from the stored bytes, are the stored ones: its root, and what it holds where that is plain."""

    root: bytes
    contents: Contents | None = None


class MembersFound(NamedTuple):
    """All members of one transaction, up to where the next begins: how many; whose each of them says at a glance that it is, and says so
    once; of which topics; their digest in hex."""

    members: int
    actor: str
    topics: frozenset[bytes]
    digest: str


class _Piece(NamedTuple):
    """Members that follow each other in one tile, and all say that they are the same person's."""

    members: int
    actor: str
    topics: frozenset[bytes]
    records: bytes


_NONE: Final = _Piece(0, "", frozenset(), b"")


class Share:
    """Reads full tiles from the log's end backwards, each transaction's members before its beginning."""

    def __init__(self, stored: StoredLog) -> None:
        self._stored = stored
        self._records = RowRecords()
        self._following: list[_Piece] | None = None  # the members at the beginning of what was read last; none: not to be told of

    def tile(self, index: int) -> tuple[TileFound | None, dict[int, MembersFound]]:
        """What there is to tell of the tile, and, by leaf, of the transactions that begin in it. To be asked in falling order, from any
        index on, without a gap."""
        following, self._following = self._following, None
        faults = len(self._stored.faults)
        rows, kept = self._stored.rows(index * WIDTH, (index + 1) * WIDTH), self._stored.tile(0, index)
        if len(rows) != WIDTH or len(self._stored.faults) != faults:
            return None, {}
        columns = columns_of(rows)
        hashes, parts = self._records.of(rows, columns)
        if b"".join(hashes) != kept:
            return None, {}
        root = rows_over(hashes)[-1][0]
        _leaves, streams, versions, topics, states, instants = columns
        begins = [place for place, topic in enumerate(topics) if topic == TRANSACTION] if TRANSACTION in topics else []
        if None in parts or not are_legible(streams) or not WATCHED.isdisjoint(topics) or not _in_time(instants, begins):
            return TileFound(root), {}
        ends = (*begins, WIDTH)
        pieces = [
            _piece(topics[start:end], states[start:end], parts[start:end])  # type: ignore[arg-type]
            for start, end in zip((0, *(place + 1 for place in begins)), ends, strict=True)
        ]
        found: dict[int, MembersFound] = {}
        for number, place in enumerate(begins, start=1):
            one = _members(rows[place], _held(pieces[number], following if number == len(begins) else []))
            if one is not None:
                found[rows[place][0]] = one
        self._following = _held(pieces[0], [] if begins else following)
        if len(found) != len(begins):
            return TileFound(root), found
        numbers = None if versions.count(1) == WIDTH else versions
        own = tuple(rows[place] for place in begins)
        return TileFound(root, Contents(b"\0".join(streams), numbers, instants[0], instants[-1], own)), found


def _in_time(instants: Sequence[bytes], begins: Sequence[int]) -> bool:
    """Whether instants change only where a transaction begins, and forwards."""
    if instants.count(instants[0]) == len(instants):
        return True
    changes = (place for place in range(1, len(instants)) if instants[place] != instants[place - 1])
    return all(place in begins and instants[place] > instants[place - 1] for place in changes)


def _piece(topics: Sequence[bytes], states: Sequence[bytes], parts: Sequence[MemberParts]) -> _Piece | None:
    if not parts:
        return _NONE
    try:
        actor = orjson.loads(states[0])["actor"]
    except (ValueError, KeyError, TypeError):
        return None
    records = joined(parts)
    if not isinstance(actor, str) or not show_their_actor(beginnings(actor), states, records):
        return None
    return _Piece(len(parts), actor, frozenset(topics), records)


def _held(first: _Piece | None, following: list[_Piece] | None) -> list[_Piece] | None:
    """What the piece before these makes of them; none once something in a row of members is not plain, or they are too much to hold."""
    if first is None or following is None:
        return None
    held = [first, *following]
    return held if sum(len(piece.records) for piece in held) <= _HELD_AT_MOST else None


def _members(row: RawRow, pieces: list[_Piece] | None) -> MembersFound | None:
    """What there is to tell of a transaction whose own event this is, and whose members are these pieces."""
    try:
        said = orjson.loads(row[4])
        actor, members = said["actor"], said["members"]
    except (ValueError, KeyError, TypeError):
        return None
    if pieces is None or members != sum(piece.members for piece in pieces):
        return None
    if any(piece.actor != actor for piece in pieces if piece.members):
        return None
    digest = sha256()
    for piece in pieces:
        digest.update(piece.records)
    return MembersFound(members, actor, frozenset().union(*(piece.topics for piece in pieces)), digest.hexdigest())
