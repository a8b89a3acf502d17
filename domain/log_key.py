"""The log's own key, which signs its checkpoints, is said in the log: once, by an administrator, and never exchanged unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .command import Command, Context
from .ledger_state import LedgerKeyEnrolled, LedgerState
from .refusal import Refused
from .streams import Event, Streams


@dataclass(frozen=True, kw_only=True)
class EnrolLogKey(Command):
    """A ledger that has none yet gets the key of its checkpoints. `public_key`: base64; `origin`: its name in checkpoints.

    Refused `log_key_enrolled` where it has another already.
    """

    name: ClassVar[str] = "EnrolLogKey"
    roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    ledger_id: str
    public_key: str
    origin: str

    def needs(self) -> tuple[str, ...]:
        return (f"ledger/{self.ledger_id}",)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        ledger = streams.read(LedgerState, self.ledger_id)
        if ledger.public_key == self.public_key:
            return []
        if ledger.public_key is not None:
            raise Refused("log_key_enrolled")
        fact = LedgerKeyEnrolled(**self.stamp(context, ledger.ref), public_key=self.public_key, origin=self.origin)
        return [(ledger.stream, fact)]
