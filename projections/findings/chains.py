"""Every payment with its attempts, read once for all rules: what was paid, on which day, and when the order for it had left the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import select

from ..aid_steps import BATCH_STEP, PAYMENT_STEP
from ..payments import after_return
from ..projection import View


class Paid(NamedTuple):
    """One answer of the bank (or a signed list) that the money had gone. kept_fen: what has not come back of it; `on` ISO; left_at: leaf
    after which it could not be stopped."""

    batch: str
    attempt: int
    amount_fen: int
    kept_fen: int
    on: str
    leaf: int
    left_at: int
    ref: str


class Chain(NamedTuple):
    """The attempts of one payment, newest last; kept_fen: what the payee has kept of them all. answered_on: when the bank first said
    anything; person: the file that answers for the student."""

    payment: str
    scheme: str
    student: str
    person: str
    period: str
    instalment: str
    unit: str
    award: str
    kept_fen: int
    clawback_raised: bool
    answered_on: str
    paid: tuple[Paid, ...]

    @property
    def place(self) -> tuple[str, str, str]:
        """The case it pays: scheme, student and period."""
        return self.scheme, self.student, self.period

    @property
    def first(self) -> Paid:
        return self.paid[0]

    @property
    def last(self) -> Paid:
        return self.paid[-1]

    @property
    def paid_fen(self) -> int:
        """What was paid in the attempts of which anything is left, else in the newest one."""
        return paid_fen(self.paid)


def paid_fen(attempts: Sequence[Paid]) -> int:
    """What was paid in those of the attempts of which anything is left, else in the newest one: money that came back and went out again
    is not paid twice."""
    left = [one.amount_fen for one in attempts if one.kept_fen > 0]
    return sum(left) if left else attempts[-1].amount_fen


class Batch(NamedTuple):
    """A batch as prepared. exported_leaf: -1 where it has not left the house; fund: whose money it is."""

    batch: str
    scheme: str
    period: str
    fund: str
    prepared_on: str
    prepared_ref: str
    exported_leaf: int


def read_batches(view: View) -> dict[str, Batch]:
    """Every batch by its id, in the order in which they were prepared."""
    found: dict[str, Batch] = {}
    points = view.points(BATCH_STEP, lambda c: c.step.in_(("prepared", "exported")))
    for row in view.rows(select(points).order_by(points.c.fact_leaf)):
        if row.step == "prepared":
            found[row.batch] = Batch(row.batch, row.scheme, row.period, row.fund, row.effective_on, row.ref, -1)
        elif row.batch in found and found[row.batch].exported_leaf < 0:
            found[row.batch] = found[row.batch]._replace(exported_leaf=row.fact_leaf)
    return found


_STEPS = (
    "instructed", "reissued", "paid", "paid_in_part", "failed", "pending", "returned", "reversed", "clawback_raised", "clawback_received",
)  # fmt: skip
_PAID = frozenset({"paid", "paid_in_part"})
_ANSWERS = frozenset({*_PAID, "failed", "pending"})


class _Told:
    """What the steps of one payment say besides what was paid."""

    __slots__ = ("answered_on", "asked_back", "attempt", "award", "kept_fen", "unit")

    def __init__(self) -> None:
        self.unit = self.award = self.answered_on = ""
        self.attempt = 1
        self.kept_fen = 0
        self.asked_back = False


def read_chains(view: View, merged: Mapping[str, str], batches: Mapping[str, Batch]) -> list[Chain]:
    """The payments of which anything was ever paid, in the order of their first instruction."""
    points = view.points(PAYMENT_STEP, lambda c: c.step.in_(_STEPS))
    c = points.c
    columns = (c.ref, c.step, c.unit, c.award, c.batch, c.attempt, c.amount_fen, c.moved_fen, c.effective_on, c.fact_leaf)
    told: dict[str, _Told] = {}
    paid: dict[str, list[Paid]] = {}
    for ref, step, unit, award, batch, attempt, amount, moves, on, leaf in view.each(select(*columns).order_by(c.fact_leaf)):
        payment = ref.rpartition("@")[0]
        said = told.get(payment)
        if said is None:
            said = told[payment] = _Told()
        if step in ("instructed", "reissued"):
            said.unit, said.award, said.attempt = unit or "", award or "", attempt or 1
            continue
        if step in _PAID:
            of_batch = batches.get(batch)
            left = of_batch.exported_leaf if of_batch is not None and 0 <= of_batch.exported_leaf < leaf else leaf
            # Of what goes out, that comes first which the payee had handed in before the bank brought it back: it was theirs.
            kept = max(amount + min(said.kept_fen, 0), 0)
            paid.setdefault(payment, []).append(Paid(batch or "", said.attempt, amount, kept, on, leaf, left, ref))
        elif step == "clawback_raised":
            said.asked_back = True
        if step in _ANSWERS and not said.answered_on:
            said.answered_on = on
        if moves < 0 and (attempts := paid.get(payment)):
            left_of = after_return([(one.batch, one.kept_fen) for one in attempts], batch, -moves)
            paid[payment] = [one._replace(kept_fen=fen) for one, fen in zip(attempts, left_of, strict=True)]
        said.kept_fen += moves
    found = []
    for payment, attempts in paid.items():
        _, scheme, student, period, instalment = payment.split("/")
        said = told[payment]
        found.append(
            Chain(
                payment,
                scheme,
                student,
                merged.get(student, student),
                period,
                instalment,
                said.unit,
                said.award,
                max(said.kept_fen, 0),
                said.asked_back,
                said.answered_on,
                tuple(attempts),
            )
        )
    return found
