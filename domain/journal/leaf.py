"""What of an event is hashed into the tree: its stream and version, its topic, its instant and its stored bytes as they are.

Each part comes after its length, so that no two different events have one record; where the event lies in the log is
said by the leaf's place in the tree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from struct import Struct
from typing import Final

from ..merkle.hashing import LEAF_PREFIX
from .records import LogRow

RECORD_VERSION: Final = b"\x01"
"""First byte of every record, so that another form of record could never be taken for this one."""

_length = Struct(">I").pack
_version = Struct(">Iq").pack


def leaf_record(row: LogRow) -> bytes:
    """The bytes that are hashed for an event: 0x01, then originator id, originator version (8 bytes), topic, recorded_at and
    state, each after its length (4 bytes, big-endian); texts in UTF-8."""
    return next(_records((row,), RECORD_VERSION))


def leaf_hashes(rows: Iterable[LogRow]) -> list[bytes]:
    """The leaves of the tree for these rows, 32 bytes each: `merkle.hashing.leaf_hash` of their records."""
    return [sha256(hashed).digest() for hashed in _records(rows, LEAF_PREFIX + RECORD_VERSION)]


def _records(rows: Iterable[LogRow], first: bytes) -> Iterator[bytes]:
    """The record of each row after its `first` bytes, in one pass: topics and instants that come again are prepared once."""
    topics: dict[str, bytes] = {}
    instant, instant_bytes = "", _sized(b"")
    for _, stream, version, topic, state, recorded_at in rows:
        stream_bytes = stream.encode()
        topic_bytes = topics.get(topic)
        if topic_bytes is None:
            topic_bytes = topics[topic] = _sized(topic.encode())
        if recorded_at != instant:
            instant, instant_bytes = recorded_at, _sized(recorded_at.encode())
        yield b"%b%b%b%b%b%b%b%b" % (
            first,
            _length(len(stream_bytes)),
            stream_bytes,
            _version(8, version),
            topic_bytes,
            instant_bytes,
            _length(len(state)),
            state,
        )


def _sized(part: bytes) -> bytes:
    return _length(len(part)) + part
