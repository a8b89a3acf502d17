"""What was instructed and paid, how far each batch has come, and who was paid while not enrolled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import select

from mingzhang.domain.student.student import PRESENT

from .aid_steps import BATCH_STEP, PAYMENT_STANDS, PAYMENT_STEP
from .applications import ApplicationRow as ApplicationRow
from .applications import all_equal
from .applications import applications as applications
from .bitemporal import Where
from .projection import View
from .register.offices import units_below
from .register.recognition import ENROLMENT, same_person, survivors, weight


class PaymentRow(NamedTuple):
    """One payment in its newest attempt by the day. `payment` is its stream; paid_on ISO; paid_fen: what the payee has kept of all
    attempts; ref: the newest fact about it."""

    payment: str
    scheme: str
    student: str
    period: str
    unit: str
    batch: str
    line: int
    attempt: int
    amount_fen: int
    stand: str
    paid_on: str | None
    bank_ref: str | None
    award: str
    account_from: str | None
    ref: str
    paid_fen: int


class BatchRow(NamedTuple):
    """`stand`: prepared, checked, released, exported, reconciled or cancelled. paid, failed, pending, returned: how many of its payments
    stand so."""

    batch: str
    scheme: str
    period: str
    unit: str | None
    fund: str
    stand: str
    payments: int
    amount_fen: int
    paid: int
    failed: int
    pending: int
    returned: int
    pay_on: str


class PaidWhileNotEnrolled(NamedTuple):
    """A payment on a day on which its student was not enrolled. `status` holds since effective_on, as the fact `says` (leaf says_leaf) has
    it; known_at_payment: the school had registered it by the pay day; returned_fen: what has come back by the day."""

    payment: str
    student: str
    paid_on: str
    amount_fen: int
    status: str
    effective_on: str
    says: str
    says_leaf: int
    known_at_payment: bool
    returned_fen: int
    ref: str


@dataclass(slots=True)
class _Attempt:
    batch: str
    unit: str = ""
    line: int = 0
    attempt: int = 1
    amount_fen: int = 0
    stand: str = "none"
    paid_on: str | None = None
    paid_leaf: int = -1
    paid_ref: str = ""
    bank_ref: str | None = None
    award: str = ""
    account_from: str | None = None
    ref: str = ""


@dataclass(slots=True)
class _Payment:
    scheme: str
    student: str
    period: str
    instalment: str
    moved_fen: int = 0
    attempts: list[_Attempt] = field(default_factory=list)

    @property
    def stream(self) -> str:
        return f"payment/{self.scheme}/{self.student}/{self.period}/{self.instalment}"

    def attempt_in(self, batch: str | None) -> _Attempt:
        """The attempt a step belongs to: the newest one of its batch; a step that names no batch belongs to the newest."""
        for attempt in reversed(self.attempts):
            if batch is None or attempt.batch == batch:
                return attempt
        self.attempts.append(_Attempt(batch or ""))
        return self.attempts[-1]

    def take(self, row: Any) -> None:
        self.moved_fen += row.moved_fen
        if row.step in ("instructed", "reissued"):
            self.attempts.append(_Attempt(row.batch))
        attempt = self.attempt_in(row.batch)
        attempt.ref = row.ref
        attempt.stand = PAYMENT_STANDS.get(row.step, attempt.stand)
        if row.step in ("instructed", "reissued", "waiver_granted"):
            attempt.unit, attempt.line, attempt.attempt = row.unit, row.line or 0, row.attempt or 1
            attempt.amount_fen, attempt.award, attempt.account_from = row.amount_fen, row.award, row.account_from
        elif row.step == "paid":
            attempt.paid_on, attempt.paid_leaf, attempt.paid_ref = row.effective_on, row.fact_leaf, row.ref
            attempt.bank_ref, attempt.amount_fen = row.bank_ref, row.amount_fen


def _folded(view: View, where: Where | None = None) -> list[_Payment]:
    """Payments with their attempts as of the view, in the order of their streams."""
    points = view.points(PAYMENT_STEP, where)
    found: dict[tuple[str, str, str, str], _Payment] = {}
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        key = (row.scheme, row.student, row.period, row.instalment)
        payment = found.get(key)
        if payment is None:
            payment = found[key] = _Payment(*key)
        payment.take(row)
    return [found[key] for key in sorted(found)]


def payments(
    view: View,
    scheme: str | None = None,
    period: str | None = None,
    unit: str | None = None,
    batch: str | None = None,
    stand: str | None = None,
    student: str | None = None,
) -> list[PaymentRow]:
    """Payments in the order of their streams; of a batch: in the order of its lines, each as its attempt in that batch stands.

    A unit means itself and those below it, a student all files merged into theirs.
    """
    of_person = same_person(view, student) if student is not None else None
    wanted = units_below(view, unit) if unit is not None else None
    found: list[PaymentRow] = []
    for payment in _folded(view, all_equal(scheme=scheme, period=period, student=of_person)):
        attempts = [one for one in payment.attempts if batch is None or one.batch == batch]
        if not attempts:
            continue
        last = attempts[-1]
        if (stand is None or last.stand == stand) and (wanted is None or last.unit in wanted):
            found.append(_payment_row(payment, last))
    if batch is not None:
        found.sort(key=lambda row: row.line)
    return found


def _payment_row(payment: _Payment, attempt: _Attempt) -> PaymentRow:
    return PaymentRow(
        payment.stream,
        payment.scheme,
        payment.student,
        payment.period,
        attempt.unit,
        attempt.batch,
        attempt.line,
        attempt.attempt,
        attempt.amount_fen,
        attempt.stand,
        attempt.paid_on,
        attempt.bank_ref,
        attempt.award,
        attempt.account_from,
        attempt.ref,
        payment.moved_fen,
    )


def payment_by_bank_ref(view: View, bank_ref: str) -> list[str]:
    """The payments with an attempt the bank knows by this number."""
    points = view.points(PAYMENT_STEP, lambda c: c.bank_ref == bank_ref)
    return sorted({f"payment/{r.scheme}/{r.student}/{r.period}/{r.instalment}" for r in view.rows(select(points))})


def payments_of_student(view: View, student: str) -> list[str]:
    """The payments of a person, under any reference they ever had."""
    return [row.payment for row in payments(view, student=student)]


def batches(view: View) -> list[BatchRow]:
    """The batches prepared by the day, in the order they were prepared."""
    found: dict[str, dict[str, Any]] = {}
    points = view.points(BATCH_STEP)
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        if row.step == "prepared":
            found[row.batch] = {
                "scheme": row.scheme,
                "period": row.period,
                "unit": row.unit,
                "fund": row.fund,
                "payments": row.payments,
                "amount_fen": row.amount_fen,
                "pay_on": row.pay_on,
            }
        if row.batch in found and row.step != "returns_taken":
            found[row.batch]["stand"] = row.step
    counts: dict[str, dict[str, int]] = {batch: dict.fromkeys(("paid", "failed", "pending", "returned"), 0) for batch in found}
    for payment in _folded(view):
        for attempt in payment.attempts:
            if attempt.batch in counts and attempt.stand in counts[attempt.batch]:
                counts[attempt.batch][attempt.stand] += 1
    return [BatchRow(**{"batch": batch, **said, **counts[batch]}) for batch, said in found.items()]


def paid_while_not_enrolled(view: View) -> list[PaidWhileNotEnrolled]:
    """Payments on days on which, by what is known at the view's log size, their student was not enrolled; in the order of streams.

    A student of whom no register says anything counts as enrolled: the survey vouched for them.
    """
    merged = survivors(view)
    standings: dict[str, list[Any]] = {}
    absent: set[str] = set()
    for row in view.rows(select(view.history(ENROLMENT))):
        person = merged.get(row.student, row.student)
        standings.setdefault(person, []).append(row)
        if row.status not in PRESENT:
            absent.add(person)
    if not absent:
        return []
    exported: dict[str, int] = {}
    points = view.points(BATCH_STEP)
    for row in view.rows(select(points).where(points.c.step == "exported").order_by(points.c.fact_leaf)):
        exported.setdefault(row.batch, row.fact_leaf)
    found: list[PaidWhileNotEnrolled] = []
    for payment in _folded(view):
        person = merged.get(payment.student, payment.student)
        for attempt in payment.attempts if person in absent else ():
            paid_on = attempt.paid_on
            if paid_on is None:
                continue
            that_day = [row for row in standings[person] if row.effective_from <= paid_on < row.effective_until]
            if not that_day or (row := max(that_day, key=weight)).status in PRESENT:
                continue
            # The bank's file leaves the house before the bank pays: what was recorded after that could not stop it.
            left_at = exported.get(attempt.batch, attempt.paid_leaf)
            known = row.registered_on <= paid_on if row.registered_on else row.fact_leaf < left_at
            back = attempt.amount_fen - payment.moved_fen if attempt is payment.attempts[-1] else attempt.amount_fen
            found.append(
                PaidWhileNotEnrolled(
                    payment.stream,
                    payment.student,
                    paid_on,
                    attempt.amount_fen,
                    row.status,
                    row.effective_from,
                    row.ref,
                    row.fact_leaf,
                    known,
                    back,
                    attempt.paid_ref,
                )
            )
    return found
