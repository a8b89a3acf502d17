"""One execution is one transaction: its first event says who did what, in which capacity, and vouches for the members that follow.

The digest covers the member records without their position and time, since both are known only once the write lock is held. The actor
signs the whole of this event (signing.py): who, as what, the members, and the log as it was seen when this was decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from struct import Struct
from typing import TYPE_CHECKING, Any

from eventsourcing.persistence import StoredEvent
from pydantic import BaseModel, ConfigDict

from .facts import Fact

if TYPE_CHECKING:
    from .journal.records import LogRow

RECORD_VERSION = b"\x01"
_length = Struct(">I").pack
_version = Struct(">IQ").pack


class Capacity(BaseModel):
    """An appointment acted under, `authority` the fact that gave it: for the members from number `since` on (0-based, in the log's order),
    up to where the next capacity begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: int
    role: str
    unit: str
    authority: str


class TransactionRecorded(Fact):
    """`members` events follow contiguously in the log; `digest` is SHA-256 (hex) over their records.

    capacities: the appointments acted under, none for the ledger's opening; somebody who holds several roles may use more than one in one
    execution. command: the first command's name. file_sha256: the imported files. key: id of the signing key (`k-…`), empty where nothing
    is signed: a rehearsal, or a ledger's time before its staff had keys. seen_size, seen_root: the log the actor saw when deciding, its
    size and the root of its tree (base64), so that each signature vouches for all history before it; absent in older transactions.
    clock_at: the machine's own instant where its clock lay behind the record's. signature: base64 Ed25519 by the actor; the last field,
    since the signed bytes are the stored ones with this text emptied.
    """

    topic = "transaction.recorded"
    schema_version = 3
    ledger_id: str
    command: str
    capacities: tuple[Capacity, ...] = ()
    file_sha256: tuple[str, ...] = ()
    members: int
    digest: str
    key: str = ""
    seen_size: int | None = None
    seen_root: str = ""
    clock_at: str | None = None
    signature: str = ""

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> None:
        """Version 1 knew one appointment for the whole execution."""
        role, unit, authority = (state.pop(name, None) for name in ("actor_role", "actor_unit", "authority"))
        if role is not None:
            state["capacities"] = [{"since": 0, "role": role, "unit": unit, "authority": authority}]

    @staticmethod
    def upcast_v2_v3(state: dict[str, Any]) -> None:
        """Version 2 was never signed and does not say which log was seen: what is absent says so."""


class LedgerOpened(Fact):
    """The first fact of a ledger: a rehearsal ledger stays one for good."""

    topic = "ledger.opened"
    ledger_id: str
    rehearsal: bool
    format: int


def _sized(part: bytes) -> bytes:
    return len(part).to_bytes(4, "big") + part


def member_record(stored: StoredEvent | LogRow) -> bytes:
    """A member's record without position and time: a version byte, then each part length-prefixed (4 bytes, big-endian)."""
    return RECORD_VERSION + b"".join(
        (
            _sized(str(stored.originator_id).encode()),
            _sized(stored.originator_version.to_bytes(8, "big")),
            _sized(stored.topic.encode()),
            _sized(stored.state),
        )
    )


def members_digest(stored: Iterable[StoredEvent | LogRow]) -> str:
    """SHA-256 (hex) over the members' records in their order."""
    digest = hashlib.sha256()
    topics: dict[str, bytes] = {}
    # Written flat, without `member_record`: an import digests a hundred thousand members, and would wait for the calls.
    for event in stored:
        stream, state = str(event.originator_id).encode(), event.state
        topic = topics.get(event.topic)
        if topic is None:
            topic = topics[event.topic] = _sized(event.topic.encode())
        digest.update(
            b"%b%b%b%b%b%b%b"
            % (RECORD_VERSION, _length(len(stream)), stream, _version(8, event.originator_version), topic, _length(len(state)), state)
        )
    return digest.hexdigest()


def uuid7(now: datetime, random_bytes: Callable[[int], bytes]) -> str:
    """A time-ordered identifier (RFC 9562, version 7) from the given instant and 10 random bytes."""
    milliseconds = int(now.timestamp() * 1000)
    value = milliseconds << 80 | int.from_bytes(random_bytes(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
