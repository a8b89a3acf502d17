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

PaymentStand = Literal["none", "instructed", "pending", "paid", "failed", "returned", "reversed", "cancelled", "waived"]


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


@dataclass(frozen=True)
class Payment(State):
    """`payment/<scheme>/<student>/<period>/<instalment>`. clawbacks: what each that was asked back rests on, and how much it was."""

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
    clawbacks: tuple[tuple[tuple[str, ...], int], ...] = ()
    preparers: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    def answered(self, batch: str) -> str | None:
        """What the bank last said of this payment's attempt in that batch: paid, failed or pending."""
        return dict(self.answers).get(batch)

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
    def live(self) -> bool:
        """Under way or paid: no second attempt may start."""
        return self.stand in ("instructed", "pending", "paid", "waived")

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
                )
            case PaymentPaid():
                paid = self.paid_fen + fact.amount_fen
                said = (*self.answers, (fact.batch, "paid"))
                return replace(
                    self, stand="paid", paid_fen=paid, paid_on=fact.effective_on, paid_ref=ref, last_ref=ref, answers=said
                )
            case PaymentFailed():
                return replace(self, stand="failed", last_ref=ref, answers=(*self.answers, (fact.batch, "failed")))
            case PaymentPending():
                return replace(self, stand="pending", last_ref=ref, answers=(*self.answers, (fact.batch, "pending")))
            case PaymentCancelled():
                return replace(self, stand="cancelled", last_ref=ref)
            case PaymentReturned():
                return replace(self, stand="returned", paid_fen=self.paid_fen - fact.amount_fen, last_ref=ref)
            case PaymentReversed():
                return replace(self, stand="reversed", paid_fen=self.paid_fen - fact.amount_fen, last_ref=ref)
            case ClawbackRaised():
                asked = (*self.clawbacks, (fact.because, fact.amount_fen))
                return replace(self, clawback_fen=self.clawback_fen + fact.amount_fen, clawbacks=asked, last_ref=ref)
            case ClawbackDropped():
                return replace(self, clawback_fen=self.clawback_fen - fact.amount_fen, last_ref=ref)
            case ClawbackReceived():
                back = self.clawed_back_fen + fact.amount_fen
                return replace(self, clawed_back_fen=back, paid_fen=self.paid_fen - fact.amount_fen, last_ref=ref)
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
