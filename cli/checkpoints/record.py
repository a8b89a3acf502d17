"""A leaf record read back: the event a proof is about, as it was stored (the layout is journal/leaf.py's)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from mingzhang.domain.journal.leaf import RECORD_VERSION
from mingzhang.domain.refusal import Refused


class Record(NamedTuple):
    """`state` are the stored bytes, a JSON document; `recorded_at` as in the log."""

    stream: str
    version: int
    topic: str
    recorded_at: str
    state: bytes


def read_record(content: bytes) -> Record:
    """Refused `proof_format` for bytes that no event is hashed as."""
    try:
        if content[:1] != RECORD_VERSION:
            raise ValueError("another form of record")
        parts: list[bytes] = []
        at = 1
        while at < len(content):
            end = at + 4 + int.from_bytes(content[at : at + 4], "big")
            if end > len(content):
                raise ValueError("a part runs past the end")
            parts.append(content[at + 4 : end])
            at = end
        stream, version, topic, recorded_at, state = parts
        if len(version) != 8:
            raise ValueError("no version")
        state.decode()
        datetime.fromisoformat(recorded_at.decode())
        return Record(stream.decode(), int.from_bytes(version, "big"), topic.decode(), recorded_at.decode(), state)
    except ValueError:
        raise Refused("proof_format") from None
