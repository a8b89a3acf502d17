"""What was instructed and paid, how far each batch has come, and who was paid while not enrolled."""

from __future__ import annotations

from collections.abc import Sequence
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
    attempts; ref: the newest fact about it; earlier_fen: what the payee has kept of attempts before this one;
    owed_fen: what a further attempt is to pay. paid_fen is below zero where the bank brought back what the payee had handed in already."""

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
    earlier_fen: int = 0
    owed_fen: int = 0


class BatchRow(NamedTuple):
    """`stand`: prepared, checked, released, exported, reconciled, rejected or cancelled. payments, amount_fen: without those stopped
    before the file went out. paid, failed, pending and the other words of stands: how many of its payments stand so."""

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
    part_paid: int = 0
    rejected: int = 0
    stopped: int = 0


class PaidWhileNotEnrolled(NamedTuple):
    """A payment on a day on which its student was not enrolled. `status` holds since effective_on, as the fact `says` (leaf says_leaf) has
    it; known_at_payment: the school had registered it by the pay day; returned_fen: what has come back by the day."""

    payment: str
    batch: str
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
    kept_fen: int = 0
    paid_fen: int = 0
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
    wanted_fen: int = 0
    asked_fen: int = 0
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

    @property
    def owed_fen(self) -> int:
        """What the payee is still to have of it, where nothing is under way."""
        settled = self.attempts[-1].stand not in ("instructed", "pending", "waived")
        return max(self.wanted_fen - self.moved_fen, 0) if settled else 0

    def take(self, row: Any) -> None:
        if row.step in ("instructed", "reissued"):
            wanted_fen = self.moved_fen + row.amount_fen
            self.wanted_fen = wanted_fen if wanted_fen > 0 else self.wanted_fen  # else it only gives the payee back their own
        elif row.step == "clawback_reversed":
            self.wanted_fen += row.amount_fen
        elif row.step in ("clawback_raised", "clawback_dropped", "clawback_withdrawn"):
            self.asked_fen += row.amount_fen if row.step == "clawback_raised" else -row.amount_fen
        elif row.step in ("clawback_received", "returned", "reversed"):  # what comes back is first what was asked back
            asked_fen = min(row.amount_fen, self.asked_fen)
            self.asked_fen -= asked_fen
            self.wanted_fen -= asked_fen
        owed_own_fen = sum(one.kept_fen for one in self.attempts) - self.moved_fen
        self.moved_fen += row.moved_fen
        if row.step in ("instructed", "reissued"):
            self.attempts.append(_Attempt(row.batch))
        if row.moved_fen < 0:
            self._came_back(row)
        attempt = self.attempt_in(row.batch)
        of_award_fen = max(row.moved_fen - owed_own_fen, 0)
        attempt.kept_fen += of_award_fen
        attempt.ref = row.ref
        attempt.stand = PAYMENT_STANDS.get(row.step, attempt.stand)
        if row.step in ("instructed", "reissued", "waiver_granted"):
            attempt.unit, attempt.line, attempt.attempt = row.unit, row.line or 0, row.attempt or 1
            attempt.amount_fen, attempt.award, attempt.account_from = row.amount_fen, row.award, row.account_from
        elif row.step in ("paid", "paid_in_part"):
            attempt.paid_on, attempt.paid_leaf, attempt.paid_ref = row.effective_on, row.fact_leaf, row.ref
            attempt.bank_ref, attempt.paid_fen = row.bank_ref, of_award_fen
            if row.step == "paid":
                attempt.amount_fen = row.amount_fen

    def _came_back(self, row: Any) -> None:
        left_of = after_return([(one.batch, one.kept_fen) for one in self.attempts], row.batch, -row.moved_fen)
        for attempt, fen in zip(self.attempts, left_of, strict=True):
            attempt.kept_fen = fen


def after_return(attempts: Sequence[tuple[str, int]], batch: str | None, fen: int) -> list[int]:
    """What is kept of each attempt (its batch, what was kept of it so far) once so much has come back: it is taken off the attempt whose
    batch it names, else off the newest that has any left."""
    left, found = fen, []
    for of_batch, kept in reversed(attempts):
        taken = min(left, kept) if batch in (None, of_batch) else 0
        left -= taken
        found.append(kept - taken)
    return found[::-1]


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
        sum(one.kept_fen for one in payment.attempts[: payment.attempts.index(attempt)]),
        payment.owed_fen,
    )


def payment_by_bank_ref(view: View, bank_ref: str) -> list[str]:
    """The payments with an attempt the bank knows by this number."""
    points = view.points(PAYMENT_STEP, lambda c: c.bank_ref == bank_ref)
    return sorted({f"payment/{r.scheme}/{r.student}/{r.period}/{r.instalment}" for r in view.rows(select(points))})


def payments_of_student(view: View, student: str) -> list[str]:
    """The payments of a person, under any reference they ever had."""
    return [row.payment for row in payments(view, student=student)]


_COUNTED = ("paid", "failed", "pending", "returned", "part_paid", "rejected", "stopped")


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
        if row.batch in found and row.step == "line_stopped":
            found[row.batch] |= {"payments": row.payments, "amount_fen": row.amount_fen}
        elif row.batch in found and row.step != "returns_taken":
            found[row.batch]["stand"] = row.step
    counts: dict[str, dict[str, int]] = {batch: dict.fromkeys(_COUNTED, 0) for batch in found}
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
    gone = view.history(ENROLMENT, lambda c: c.status.not_in(sorted(PRESENT)))
    absent = {merged.get(student, student) for (student,) in view.each(select(gone.c.student).distinct())}
    if not absent:
        return []
    standings: dict[str, list[Any]] = {}
    for row in view.rows(select(view.history(ENROLMENT))):
        person = merged.get(row.student, row.student)
        if person in absent:
            standings.setdefault(person, []).append(row)
    exported: dict[str, int] = {}
    points = view.points(BATCH_STEP)
    for row in view.rows(select(points).where(points.c.step == "exported").order_by(points.c.fact_leaf)):
        exported.setdefault(row.batch, row.fact_leaf)
    found: list[PaidWhileNotEnrolled] = []
    for payment in _folded(view):
        person = merged.get(payment.student, payment.student)
        for attempt in payment.attempts if person in absent else ():
            paid_on = attempt.paid_on
            if paid_on is None or not attempt.paid_fen:  # nothing, or only money of their own
                continue
            that_day = [row for row in standings[person] if row.effective_from <= paid_on < row.effective_until]
            if not that_day or (row := max(that_day, key=weight)).status in PRESENT:
                continue
            # The bank's file leaves the house before the bank pays: what was recorded after that could not stop it.
            left_at = exported.get(attempt.batch, attempt.paid_leaf)
            known = row.registered_on <= paid_on if row.registered_on else row.fact_leaf < left_at
            found.append(
                PaidWhileNotEnrolled(
                    payment.stream,
                    attempt.batch,
                    payment.student,
                    paid_on,
                    attempt.paid_fen,
                    row.status,
                    row.effective_from,
                    row.ref,
                    row.fact_leaf,
                    known,
                    attempt.paid_fen - attempt.kept_fen,
                    attempt.paid_ref,
                )
            )
    return found
