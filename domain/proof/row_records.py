"""The records of stored rows, hashed as leaves and joined as members, column by column: nothing of it is done row by row in Python.

The same bytes as `journal.leaf.leaf_record` and `transaction.member_record`; the parts they share are made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from itertools import chain, repeat
from operator import add
from struct import Struct
from struct import error as struct_error
from typing import Any, Final

from ..journal.leaf import RECORD_VERSION
from ..journal.sqlite_reading import RawRow
from ..merkle.hashing import LEAF_PREFIX

Columns = tuple[tuple[Any, ...], ...]
"""leaf_index, originator_id, originator_version, topic, state, recorded_at of some rows."""

MemberParts = tuple[bytes, bytes]
"""The two halves of a member's record, between which a leaf's has the instant."""

NO_LEAF: Final = sha256(LEAF_PREFIX).digest()
"""Stands for what is stored and is no event: the hash of an empty record, which no event has."""

_UNREADABLE = (TypeError, AttributeError, ValueError, OverflowError, struct_error)
_length = Struct(">I").pack
_version = Struct(">Iq").pack
_JOIN: Final = b"".join


class _Lengths(dict[int, bytes]):
    def __missing__(self, length: int) -> bytes:
        return _length(length)


class _Versions(dict[int, bytes]):
    def __missing__(self, version: int) -> bytes:
        return _version(8, version)


class _Sized(dict[bytes, bytes]):
    """Few values that come again and again, each after its length; more of them than an attacker could fill a memory with are not kept."""

    def __missing__(self, part: bytes) -> bytes:
        sized = _length(len(part)) + part
        if len(self) < _MOST_KEPT:
            self[part] = sized
        return sized


_MOST_KEPT: Final = 1 << 14
_LENGTHS: Final = _Lengths({length: _length(length) for length in range(1 << 14)})
_VERSIONS: Final = _Versions({version: _version(8, version) for version in range(1 << 8)})


class RowRecords:
    """Hashes rows; keeps what it has prepared for the next ones."""

    def __init__(self) -> None:
        self._topics = _Sized()
        self._instants = _Sized()

    def of(
        self, rows: Sequence[RawRow], columns: Columns, *, hashed: bool = False
    ) -> tuple[list[bytes], list[MemberParts | None]]:
        """Each row's leaf hash and its member record; NO_LEAF and None for a row not stored as an event is. columns: of these rows;
        hashed: their leaf hashes are not wanted, and none are given."""
        try:
            return self._of(columns, hashed=hashed)
        except _UNREADABLE:
            if len(rows) == 1:
                return [NO_LEAF], [None]
        hashes: list[bytes] = []
        members: list[MemberParts | None] = []
        for row in rows:
            one, parts = self.of((row,), columns_of((row,)))
            hashes += one
            members += parts
        return hashes, members

    def _of(self, columns: Columns, *, hashed: bool = False) -> tuple[list[bytes], list[MemberParts | None]]:
        _leaves, streams, versions, topics, states, instants = columns
        if len(set(instants)) > 1:
            self._instants.clear()
        # A leaf's record is head, instant and tail, a member's is head and tail; each of them is put together once.
        # As many as there are streams: what all rows share goes on for ever.
        heads = list(
            map(
                _JOIN,
                zip(
                    repeat(RECORD_VERSION),
                    map(_LENGTHS.__getitem__, map(len, streams)),
                    streams,
                    _each(_VERSIONS, versions),
                    _each(self._topics, topics),
                ),
            )
        )
        tails = list(map(add, map(_LENGTHS.__getitem__, map(len, states)), states))
        members: list[MemberParts | None] = list(zip(heads, tails, strict=True))
        if hashed:
            return [], members
        leaves = map(_JOIN, zip(repeat(LEAF_PREFIX), heads, _each(self._instants, instants), tails))
        return [sha256(leaf).digest() for leaf in leaves], members


def columns_of(rows: Sequence[RawRow]) -> Columns:
    """The rows' columns, each a tuple."""
    return tuple(zip(*rows, strict=True)) or ((),) * 6


def _each(sized: Mapping[Any, bytes], values: Sequence[Any]) -> Iterable[bytes]:
    """What each value becomes; where all are one, that one for ever."""
    return repeat(sized[values[0]]) if len(set(values)) == 1 else map(sized.__getitem__, values)


def joined(members: Sequence[MemberParts]) -> bytes:
    """The members' records, one after the other, as their transaction's digest covers them."""
    return b"".join(chain.from_iterable(members))
