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
from .asked_back import Asked, ClawbackDropped, ClawbackRaised, ClawbackReceived, ClawbackWithdrawn, Demands, still_asked, undone, withdrawn
from .attempts import ClawbackReversed, PaymentCancelled, PaymentPaidInPart, PaymentRejected, PaymentReversed, PaymentStopped

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


_FREE = ("none", "cancelled", "stopped")
_UNDER_WAY = ("instructed", "pending")
SETTLED = ("paid", "part", "failed")
"""What an answer of the bank that is final comes to (`Payment.answered`)."""


@dataclass(frozen=True)
class Payment(State):
    """`payment/<scheme>/<student>/<period>/<instalment>`. clawbacks: of each that was asked back what it rests on, how much it was, and
    the fact. wanted_fen: what the payee is to keep of it in the end; paid_fen: what they have of it: below zero where the bank brought
    back what they had handed in themselves; paid_in: the same by batch, oldest first; paid_out: what each batch paid and the bank has not
    brought back; paid_steps: the batch, day and fact of each payment by the bank; bank_refs: its number for it, by batch; freed_on,
    freed_ref: since when (a part of) it may be paid again, and the fact; asked: what was asked back and has not come yet; settled_fen,
    settled_on: what of it the bank settled by bringing the payment back, and the day.
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
    clawbacks: Demands = ()
    preparers: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    wanted_fen: int = 0
    paid_in: tuple[tuple[str, int], ...] = ()
    paid_out: tuple[tuple[str, int], ...] = ()
    paid_steps: tuple[tuple[str, date, str], ...] = ()
    bank_refs: tuple[tuple[str, str], ...] = ()
    freed_on: date | None = None
    freed_ref: str = ""
    asked: Asked = ()
    settled_fen: int = 0
    settled_on: date | None = None

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
        """What that batch has paid of it and the bank has not brought back, in fen."""
        return dict(self.paid_out).get(batch, 0)

    def kept_of(self, batch: str) -> int:
        """The same, less what the payee handed back of it; below zero where the bank brought that back as well."""
        return dict(self.paid_in).get(batch, 0)

    def paid_step(self, batch: str) -> tuple[date | None, str]:
        """When that batch paid it, and the fact that says so."""
        return next(((day, ref) for name, day, ref in reversed(self.paid_steps) if name == batch), (None, ""))

    def taken_back(self, amount_fen: int, day: date) -> list[tuple[str, int]]:
        """Of which batches' money so much comes back on that day: of the newest that had paid by then first; what is more than there is
        left, of the newest of them."""
        by_then = [batch for batch, paid_on, _ref in self.paid_steps if paid_on <= day]
        taken: dict[str, int] = {}
        for batch, fen in reversed(self.paid_in):
            taken[batch] = max(0, min(fen, amount_fen)) if batch in by_then else 0
            amount_fen -= taken[batch]
        if amount_fen > 0:  # the bank had brought it back already
            newest = by_then[-1]
            taken[newest] = taken.get(newest, 0) + amount_fen
        return [(batch, fen) for batch, fen in taken.items() if fen > 0]

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
        if asked_fen <= 0:
            return back
        return replace(back._taken_back(asked_fen, fact, ref), settled_fen=self.settled_fen + asked_fen, settled_on=fact.effective_on)

    def _moved(self, batch: str, fen: int) -> tuple[tuple[str, int], ...]:
        held = dict(self.paid_in)
        held[batch] = held.get(batch, 0) + fen
        return tuple((name, amount) for name, amount in held.items() if amount)

    def _taken_whole(self, amount_fen: int) -> tuple[tuple[str, int], ...]:
        """What is left by batch once the bank took back whatever it had paid."""
        held, out = dict(self.paid_in), dict(self.paid_out)
        if amount_fen != sum(out.values()):  # recorded when only what the payee had kept could be taken back
            return ()
        left = {batch: held.get(batch, 0) - out.get(batch, 0) for batch in (held | out)}
        return tuple((batch, fen) for batch, fen in left.items() if fen)

    def _left_of(self, amount_fen: int, day: date) -> tuple[tuple[str, int], ...]:
        held = dict(self.paid_in)
        for batch, fen in self.taken_back(amount_fen, day):
            held[batch] = held.get(batch, 0) - fen
        return tuple((name, amount) for name, amount in held.items() if amount)

    def evolve(self, fact: Fact, ref: str) -> Payment:
        match fact:
            case PaymentInstructed() | PaymentReissued():
                wanted_fen = self.paid_fen + fact.amount_fen
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
                    # What only gives them back their own says nothing about the award.
                    wanted_fen=wanted_fen if wanted_fen > 0 else self.wanted_fen,
                )
            case PaymentPaid() | PaymentPaidInPart():
                whole = isinstance(fact, PaymentPaid)
                return replace(
                    self,
                    stand="paid" if whole else "part_paid",
                    paid_fen=self.paid_fen + fact.amount_fen,
                    paid_in=self._moved(fact.batch, fact.amount_fen),
                    paid_out=(*self.paid_out, (fact.batch, fact.amount_fen)),
                    paid_on=fact.effective_on,
                    paid_ref=ref,
                    paid_steps=(*self.paid_steps, (fact.batch, fact.effective_on, ref)),
                    bank_refs=(*self.bank_refs, (fact.batch, fact.bank_ref)) if fact.bank_ref else self.bank_refs,
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
                out = tuple(one for one in self.paid_out if one[0] != fact.batch)
                returned = replace(self._came_back(fact, ref), paid_in=self._moved(fact.batch, -fact.amount_fen), paid_out=out)
                return replace(returned, stand="returned") if newest else returned
            case PaymentReversed():
                left = self._taken_whole(fact.amount_fen)
                return replace(self._came_back(fact, ref), stand="reversed", paid_in=left, paid_out=())
            case ClawbackRaised():
                clawbacks = (*self.clawbacks, (fact.because, fact.amount_fen, ref))
                asked = (*self.asked, (fact.effective_on, ref, fact.amount_fen))
                all_fen = self.clawback_fen + fact.amount_fen
                return replace(self, clawback_fen=all_fen, clawbacks=clawbacks, asked=asked, last_ref=ref)
            case ClawbackDropped():
                asked, clawbacks = undone(self.asked, self.clawbacks, fact.amount_fen, fact.demands)
                left_fen = self.clawback_fen - fact.amount_fen
                return replace(self, clawback_fen=left_fen, asked=asked, clawbacks=clawbacks, last_ref=ref)
            case ClawbackWithdrawn():
                asked, clawbacks = withdrawn(self.asked, self.clawbacks, fact.amount_fen, fact.demand)
                left_fen = self.clawback_fen - fact.amount_fen
                return replace(self, clawback_fen=left_fen, asked=asked, clawbacks=clawbacks, last_ref=ref)
            case ClawbackReceived():
                asked_fen = min(fact.amount_fen, self.clawback_fen - self.clawed_back_fen)
                left = self._left_of(fact.amount_fen, fact.effective_on)
                back = replace(self, paid_fen=self.paid_fen - fact.amount_fen, paid_in=left, last_ref=ref)
                settled_fen = self.settled_fen - (fact.amount_fen - asked_fen)
                return replace(back._taken_back(asked_fen, fact, ref) if asked_fen else back, settled_fen=settled_fen)
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
