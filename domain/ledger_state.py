"""What a ledger's own stream adds up to: its kind, whether its staff sign, its own key, and a clock that somebody answers for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .attested import ClockAttested
from .facts import Fact
from .streams import State, replace
from .transaction import LedgerOpened

SIGNED_FORMAT = 2
"""Ledgers opened in this format or a later one are signed from their first transaction on."""


class LedgerKeyEnrolled(Fact):
    """The log's own key, which signs its checkpoints. `public_key`: base64 of 32 bytes; `origin`: the log's name in checkpoints."""

    topic = "ledger.key_enrolled"
    public_key: str
    origin: str


class SigningBegun(Fact):
    """From this transaction on the ledger is signed; what an older format recorded before it legitimately is not."""

    topic = "ledger.signing_begun"


@dataclass(frozen=True)
class LedgerState(State):
    """`attested_until`: the instant (RFC 3339, as stored) up to which a clock behind the last record may record all the same."""

    prefix: ClassVar[str] = "ledger"
    rehearsal: bool = False
    format: int = 0
    signing: bool = False
    public_key: str | None = None
    origin: str | None = None
    attested_until: str | None = None

    def evolve(self, fact: Fact, ref: str) -> LedgerState:
        match fact:
            case LedgerOpened():
                return replace(self, rehearsal=fact.rehearsal, format=fact.format, signing=fact.format >= SIGNED_FORMAT)
            case SigningBegun():
                return replace(self, signing=True)
            case ClockAttested():
                return replace(self, attested_until=max(self.attested_until or "", fact.until))
            case LedgerKeyEnrolled():
                return replace(self, public_key=fact.public_key, origin=fact.origin)
        return self
