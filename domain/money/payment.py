"""One payment per award instalment, with its attempts: they stay one chain, and the chain never pays more than the award."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from ..aid.facts import WaiverGranted
from ..facts import Fact
from ..refusal import Refused
from ..sealed import Sealed
from ..streams import State, Streams, replace
from .asked_back import Asked, still_asked
from .attempts import ClawbackReversed, PaymentPaidInPart, PaymentRejected, PaymentStopped

PaymentStand = Literal[
    "none", "instructed", "pending", "paid", "part_paid", "failed", "rejected", "returned", "reversed", "stopped", "cancelled", "waived"
]


class PaymentInstructed(Fact):
    """In line `line` of a batch (from 1). `account_from` is the fact whose box holds the account to pay to."""

    topic = "payment.instructed"
    batch: str
    line: int
    attempt: int
    amount_fen: int
    unit: str
    award: str
    account_from: str


class PaymentReissued(Fact):
    """A further attempt at the same payment, in another batch; `corrects` is the failure or return that made it necessary."""

    topic = "payment.reissued"
    batch: str
    line: int
    attempt: int
    amount_fen: int
    unit: str
    award: str
    account_from: str
    corrects: str


class PaymentPaid(Fact):
    """The bank paid on `effective_on`; `bank_ref` is its 流水号."""

    topic = "payment.paid"
    batch: str
    amount_fen: int
    bank_ref: str | None = None


class PaymentFailed(Fact):
    """The bank did not pay: its code in plain, its words sealed."""

    topic = "payment.failed"
    batch: str
    amount_fen: int
    code: str
    reason: Sealed | None = None


class PaymentPending(Fact):
    """处理中: the bank has not decided yet; the money stays reserved."""

    topic = "payment.pending"
    batch: str
    amount_fen: int


class PaymentReturned(Fact):
    """退票: it had been paid, and came back on `effective_on`."""

    topic = "payment.returned"
    batch: str
    amount_fen: int
    reason: Sealed | None = None


class PaymentCancelled(Fact):
    """Its batch was cancelled before the bank saw it."""

    topic = "payment.cancelled"
    batch: str
    amount_fen: int


class PaymentReversed(Fact):
    """冲正: the bank took a wrong payment back."""

    topic = "payment.reversed"
    amount_fen: int
    reason: Sealed


class ClawbackRaised(Fact):
    """追缴: asked back from the payee, with the fact that makes it due in `because`."""

    topic = "payment.clawback_raised"
    amount_fen: int
    reason: Sealed


class ClawbackReceived(Fact):
    """What was asked back has come, in whole or in part."""

    topic = "payment.clawback_received"
    amount_fen: int


class ClawbackDropped(Fact):
    """What was asked back need not be returned after all: the decision that had made it due was undone."""

    topic = "payment.clawback_dropped"
    amount_fen: int


_FREE = ("none", "cancelled", "stopped")
_UNDER_WAY = ("instructed", "pending")
SETTLED = ("paid", "part", "failed")
"""What an answer of the bank that is final comes to (`Payment.answered`)."""


@dataclass(frozen=True)
class Payment(State):
    """`payment/<scheme>/<student>/<period>/<instalment>`. clawbacks: what each that was asked back rests on, and how much it was.

    wanted_fen: what the payee is to keep of it in the end; paid_in: what each batch has paid and has not come back, oldest first;
    paid_steps: the batch, day and fact of each payment by the bank; freed_on, freed_ref: since when (a part of) it may be paid again, and
    the fact; asked: what was asked back and has not come yet.
    """

    prefix: ClassVar[str] = "payment"
    stand: PaymentStand = "none"
    unit: str = ""
    batch: str = ""
    line: int = 0
    attempt: int = 0
    amount_fen: int = 0
    paid_fen: int = 0
    award: str = ""
    instructed_ref: str = ""
    account_from: str = ""
    paid_on: date | None = None
    paid_ref: str = ""
    last_ref: str = ""
    clawback_fen: int = 0
    clawed_back_fen: int = 0
    clawed_back_on: date | None = None
    clawed_back_ref: str = ""
    clawbacks: tuple[tuple[tuple[str, ...], int], ...] = ()
    preparers: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    wanted_fen: int = 0
    paid_in: tuple[tuple[str, int], ...] = ()
    paid_steps: tuple[tuple[str, date, str], ...] = ()
    freed_on: date | None = None
    freed_ref: str = ""
    asked: Asked = ()

    def answered(self, batch: str) -> str | None:
        """What the bank last said of this payment's attempt in that batch: paid, part, failed (rejected too) or pending."""
        return dict(self.answers).get(batch) if self.answers else None

    @property
    def scheme(self) -> str:
        return self.stream.split("/")[1]

    @property
    def student(self) -> str:
        return self.stream.split("/")[2]

    @property
    def period(self) -> str:
        return self.stream.split("/")[3]

    @property
    def instalment(self) -> str:
        return self.stream.split("/")[4]

    @property
    def live(self) -> bool:
        """Under way, waived, or paid at least in part."""
        return self.stand in (*_UNDER_WAY, "paid", "waived") or self.paid_fen > 0

    @property
    def under_way(self) -> bool:
        """In a batch, and the bank has not settled it."""
        return self.stand in _UNDER_WAY

    @property
    def free(self) -> bool:
        """A first batch may take it: it is in none, and nothing of it has been paid."""
        return self.stand in _FREE and self.paid_fen == 0

    @property
    def reissuable(self) -> bool:
        """The whole or a part of it is owed after an attempt, and none is under way; what was never sent is free for a first batch."""
        settled = self.exists and not self.under_way and self.stand != "waived"
        return settled and self.wanted_fen > self.paid_fen and not (self.free and not self.answers)

    @property
    def committed_fen(self) -> int:
        """What it has paid, and what is under way to be."""
        return self.paid_fen + (self.amount_fen if self.under_way or self.stand == "waived" else 0)

    def paid_by(self, batch: str) -> int:
        """What that batch has paid of it and has not come back, in fen."""
        return dict(self.paid_in).get(batch, 0)

    def paid_step(self, batch: str) -> tuple[date | None, str]:
        """When that batch paid it, and the fact that says so."""
        return next(((day, ref) for name, day, ref in reversed(self.paid_steps) if name == batch), (None, ""))

    def taken_back(self, amount_fen: int) -> list[tuple[str, int]]:
        """Of which batches' money so much comes back: of the newest first."""
        taken = []
        for batch, fen in reversed(self.paid_in):
            taken.append((batch, min(fen, amount_fen)))
            amount_fen -= taken[-1][1]
        return [(batch, fen) for batch, fen in taken if fen > 0]

    def _taken_back(self, amount_fen: int, fact: Fact, ref: str) -> Payment:
        return replace(
            self,
            clawed_back_fen=self.clawed_back_fen + amount_fen,
            clawed_back_on=fact.effective_on,
            clawed_back_ref=ref,
            wanted_fen=self.wanted_fen - amount_fen,
            asked=still_asked(self.asked, amount_fen),
        )

    def _came_back(self, fact: PaymentReturned | PaymentReversed, ref: str) -> Payment:
        """By the bank. What had been asked back of it has come with it: it is neither asked for again nor paid again."""
        back = replace(self, paid_fen=self.paid_fen - fact.amount_fen, last_ref=ref, freed_ref=ref, freed_on=fact.effective_on)
        asked_fen = min(fact.amount_fen, self.clawback_fen - self.clawed_back_fen)
        return back._taken_back(asked_fen, fact, ref) if asked_fen > 0 else back

    def _moved(self, batch: str, fen: int) -> tuple[tuple[str, int], ...]:
        held = dict(self.paid_in)
        held[batch] = held.get(batch, 0) + fen
        return tuple((name, amount) for name, amount in held.items() if amount)

    def _left_of(self, amount_fen: int) -> tuple[tuple[str, int], ...]:
        held = dict(self.paid_in)
        for batch, fen in self.taken_back(amount_fen):
            held[batch] -= fen
        return tuple((name, amount) for name, amount in held.items() if amount)

    def evolve(self, fact: Fact, ref: str) -> Payment:
        match fact:
            case PaymentInstructed() | PaymentReissued():
                return replace(
                    self,
                    stand="instructed",
                    unit=fact.unit,
                    batch=fact.batch,
                    line=fact.line,
                    attempt=fact.attempt,
                    amount_fen=fact.amount_fen,
                    award=fact.award,
                    account_from=fact.account_from,
                    instructed_ref=ref,
                    last_ref=ref,
                    preparers=(*self.preparers, fact.actor),
                    wanted_fen=self.paid_fen + fact.amount_fen,
                )
            case PaymentPaid() | PaymentPaidInPart():
                whole = isinstance(fact, PaymentPaid)
                return replace(
                    self,
                    stand="paid" if whole else "part_paid",
                    paid_fen=self.paid_fen + fact.amount_fen,
                    paid_in=self._moved(fact.batch, fact.amount_fen),
                    paid_on=fact.effective_on,
                    paid_ref=ref,
                    paid_steps=(*self.paid_steps, (fact.batch, fact.effective_on, ref)),
                    last_ref=ref,
                    freed_ref=self.freed_ref if whole else ref,
                    freed_on=self.freed_on if whole else fact.effective_on,
                    answers=(*self.answers, (fact.batch, "paid" if whole else "part")),
                )
            case PaymentFailed() | PaymentRejected():
                stand: PaymentStand = "failed" if isinstance(fact, PaymentFailed) else "rejected"
                answers = (*self.answers, (fact.batch, "failed"))
                return replace(self, stand=stand, last_ref=ref, freed_ref=ref, freed_on=fact.effective_on, answers=answers)
            case PaymentPending():
                return replace(self, stand="pending", last_ref=ref, answers=(*self.answers, (fact.batch, "pending")))
            case PaymentCancelled():
                return replace(self, stand="cancelled", last_ref=ref, freed_ref=ref, freed_on=fact.effective_on)
            case PaymentStopped():
                return replace(self, stand="stopped", last_ref=ref, freed_ref=ref, freed_on=fact.effective_on)
            case PaymentReturned():
                # What an earlier batch had paid may come back while the rest is under way, or paid, in another.
                newest = fact.batch == self.batch
                returned = replace(self._came_back(fact, ref), paid_in=self._moved(fact.batch, -fact.amount_fen))
                return replace(returned, stand="returned") if newest else returned
            case PaymentReversed():
                return replace(self._came_back(fact, ref), stand="reversed", paid_in=())
            case ClawbackRaised():
                clawbacks = (*self.clawbacks, (fact.because, fact.amount_fen))
                asked = (*self.asked, (fact.effective_on, ref, fact.amount_fen))
                all_fen = self.clawback_fen + fact.amount_fen
                return replace(self, clawback_fen=all_fen, clawbacks=clawbacks, asked=asked, last_ref=ref)
            case ClawbackDropped():
                left_fen = self.clawback_fen - fact.amount_fen
                return replace(self, clawback_fen=left_fen, asked=still_asked(self.asked, fact.amount_fen), last_ref=ref)
            case ClawbackReceived():
                return replace(
                    self._taken_back(fact.amount_fen, fact, ref),
                    paid_fen=self.paid_fen - fact.amount_fen,
                    paid_in=self._left_of(fact.amount_fen),
                    last_ref=ref,
                )
            case ClawbackReversed():
                return replace(
                    self,
                    clawback_fen=self.clawback_fen - fact.amount_fen,
                    clawed_back_fen=self.clawed_back_fen - fact.amount_fen,
                    wanted_fen=self.wanted_fen + fact.amount_fen,
                    last_ref=ref,
                    freed_ref=ref,
                    freed_on=fact.effective_on,
                )
            case WaiverGranted():
                return replace(self, stand="waived", amount_fen=fact.amount_fen, award=fact.award, last_ref=ref)
        return self


def payment_stream(reference: str) -> str:
    """`[payment/]<scheme>/<student>/<period>/<instalment>`, whole; `reference_malformed` for anything else."""
    name = reference.removeprefix("payment/")
    if len(name.split("/")) != 4 or not all(name.split("/")):
        raise Refused("reference_malformed", reference=reference, wanted="payment/<scheme>/<student>/<period>/<instalment>")
    return f"payment/{name}"


def existing_payment(streams: Streams, reference: str) -> Payment:
    """The payment, or `payment_unknown`."""
    found = streams.at(Payment, payment_stream(reference))
    if not found.exists:
        raise Refused("payment_unknown", payment=reference)
    return found
