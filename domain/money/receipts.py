"""签领: aid handed over against a signature; the signed list is the answer a bank would otherwise give, line by line and to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..command import Command, Context
from ..facts import Fact
from ..refusal import Refused
from ..streams import Event, Streams
from .banking import LineOutcome, ReconcileBatch
from .batch import batch_in
from .payment import Payment, PaymentPaid
from .preparing import batch_units

NOT_COLLECTED = "not_collected"


class ReceiptSigned(Fact):
    """The payee, or who collects for them, signed for `amount_fen` in line `line` of the list; the signed list is in `evidence`."""

    topic = "payment.receipt_signed"
    batch: str
    line: int
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class RecordReceipts(Command):
    """Takes a signed list in: `signed` lines are paid, `not_collected` ones have failed and may be issued anew; others stay open.

    file, sha256: the scan of the signed list, which is the evidence.
    """

    name: ClassVar[str] = "RecordReceipts"
    roles: ClassVar[frozenset[str]] = frozenset({"cashier"})
    batch: str
    file: str
    sha256: str
    signed: tuple[int, ...] = ()
    not_collected: tuple[int, ...] = ()

    def units(self, streams: Streams) -> tuple[str, ...]:
        return batch_units(streams, self.batch)

    def decide(self, streams: Streams, context: Context) -> list[Event]:
        self.refuse_out_of_time(context)
        batch = batch_in(streams, self.batch, "exported")
        if batch.channel != "signed":
            raise Refused("channel_differs", batch=batch.id, channel=batch.channel)
        if not self.signed and not self.not_collected:
            raise Refused("receipts_missing", batch=batch.id)
        day = self.on or context.today
        amounts = {line: streams.at(Payment, batch.payment(line)).amount_fen for line in (*self.signed, *self.not_collected)}
        outcomes = [LineOutcome(line=line, state="paid", amount_fen=amounts[line], on=day) for line in self.signed]
        outcomes += [
            LineOutcome(line=line, state="failed", amount_fen=amounts[line], on=day, code=NOT_COLLECTED) for line in self.not_collected
        ]
        answer = ReconcileBatch(
            on=self.on,
            evidence=(self.sha256,),
            batch=self.batch,
            file=self.file,
            sha256=self.sha256,
            outcomes=tuple(outcomes),
            partial=True,
        )
        lines = {batch.payment(line): line for line in self.signed}
        events: list[Event] = []
        for stream, fact in answer.settled(streams, context):
            if isinstance(fact, PaymentPaid):
                ref = streams.next_ref(stream)
                about = self.stamp(context, *fact.because) | {"evidence": fact.evidence}
                events.append((stream, ReceiptSigned(**about, batch=batch.id, line=lines[stream], amount_fen=fact.amount_fen)))
                fact = fact.model_copy(update={"because": (*fact.because, ref)})
            events.append((stream, fact))
        return events

