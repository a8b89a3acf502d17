"""An administrator attests what the ledger cannot know of itself; nothing is bent and nothing repaired, it is said, and signed for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from .attested import ClockAttested, LossAttested
from .command import Command, Context
from .ledger_state import LedgerState
from .refusal import Refused
from .sealed import Sealed
from .streams import Event, Streams


@dataclass(frozen=True, kw_only=True)
class AttestClock(Command):
    """The last record, made at `until`, lies ahead of the true time: a clock was wrong. From here on records are taken although the clock
    stands before it. Refused `clock_not_behind` (until) where it does not, `clock_attested_already` (until)."""

    name: ClassVar[str] = "AttestClock"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    ledger_id: str
    until: str
    reason: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"ledger/{self.ledger_id}",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        ledger = streams.read(LedgerState, self.ledger_id)
        if datetime.fromisoformat(self.until) <= context.now:
            raise Refused("clock_not_behind", until=self.until)
        if ledger.attested_until is not None and ledger.attested_until >= self.until:
            raise Refused("clock_attested_already", until=ledger.attested_until)
        fact = ClockAttested(**self.stamp(context, ledger.ref), until=self.until, reason=self.reason)
        return [(ledger.stream, fact)]


@dataclass(frozen=True, kw_only=True)
class AttestLoss(Command):
    """The log holds `held` events, and had held `answered`: it goes on from here all the same. Refused `nothing_lost` where it is not
    said to be shorter, or other, than it was."""

    name: ClassVar[str] = "AttestLoss"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    ledger_id: str
    held: int
    answered: int
    by: Literal["projections", "checkpoint"]
    reason: Sealed

    def needs(self) -> tuple[str, ...]:
        return (f"ledger/{self.ledger_id}",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        ledger = streams.read(LedgerState, self.ledger_id)
        if not 0 <= self.held < self.answered:
            raise Refused("nothing_lost", size=self.held)
        fact = LossAttested(**self.stamp(context, ledger.ref), held=self.held, answered=self.answered, by=self.by, reason=self.reason)
        return [(ledger.stream, fact)]
