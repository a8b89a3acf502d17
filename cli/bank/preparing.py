"""Who goes into a batch, and from which fund: everybody awarded who is not being paid already; why others stay out is said.

The domain decides about each payment (domain/money/preparing.py); here is only the choice of candidates.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import click

from mingzhang.domain.aid.application import Application
from mingzhang.domain.ledger import Execution
from mingzhang.domain.money.batch import BatchPrepared, Excluded, Obstacle, account_fact, existing_batch, obstacle
from mingzhang.domain.money.doubts import Doubt, Doubts
from mingzhang.domain.money.fund import Fund
from mingzhang.domain.money.own_money import own_money_fen
from mingzhang.domain.money.payment import Payment, existing_payment
from mingzhang.domain.plan.adoption import scheme_to_pay
from mingzhang.domain.refusal import Refused
from mingzhang.domain.student.student import current_student

from ..cases.chosen import as_decided
from ..i18n import _
from ..output import Answer, Column, Table, Text, yuan
from ..refusals import explain_code
from ..session import Session

_NEEDS_NOTHING = frozenset({"instructed", "pending", "paid", "waived"})


def fund_for(session: Session, scheme: str, asked: str | None) -> str:
    """The fund asked for, else the only one that pays the scheme; usage error where several do, `fund_needed` where none."""
    if asked:
        return asked
    from mingzhang.projections.balances import balances

    with as_decided(session) as view:
        known = [row.fund for row in balances(view)]
    paying = [fund for fund in known if scheme in session.streams.read(Fund, fund).schemes]
    if not paying:
        raise Refused("fund_needed", scheme=scheme)
    if len(paying) > 1:
        raise click.UsageError(
            _("Several funds pay {scheme}; choose one with --fund: {funds}").format(
                scheme=scheme, funds=", ".join(paying)
            )
        )
    return paying[0]


def candidates(session: Session, scheme: str, period: str, unit: str | None, instalment: int = 1) -> tuple[str, ...]:
    """Students with an application for the scheme and period whose instalment is not live, in the list's order; for 0 those for whom a
    top-up was decided."""
    from mingzhang.projections.differences import students_with_top_ups
    from mingzhang.projections.payments import applications, payments

    with as_decided(session) as view:
        if instalment == 0:
            return tuple(students_with_top_ups(view, scheme, period))
        own = f"/{instalment}"
        live = {row.student for row in payments(view, scheme, period) if row.stand in _NEEDS_NOTHING and row.payment.endswith(own)}
        applied = [row.student for row in applications(view, scheme, period, unit)]
    return tuple(student for student in applied if student not in live)


def to_pay_again(session: Session, words: Sequence[str], batch: str | None) -> list[Payment]:
    """The payments named, and those of `batch` that failed or came back and have not been reissued since."""
    found = [existing_payment(session.streams, word) for word in words]
    if batch is not None:
        state = existing_batch(session.streams, batch)
        session.streams.fetch(state.payments)
        for stream in state.payments:
            payment = session.streams.at(Payment, stream)
            if payment.batch == state.id and payment.reissuable:
                found.append(payment)
    return list({payment.stream: payment for payment in found}.values())


def to_pay_again_of(session: Session, students: Sequence[str]) -> list[Payment]:
    """Every payment of these students that failed or came back."""
    from mingzhang.projections.payments import payments

    found: list[Payment] = []
    with as_decided(session) as view:
        for student in students:
            found += [
                payment
                for row in payments(view, student=student)
                if (payment := existing_payment(session.streams, row.payment)).reissuable
            ]
    return found


def without_obstructed(
    session: Session, payments: Sequence[Payment], pay_on: date, doubts: Sequence[Doubt], new: Collection[str]
) -> tuple[list[Payment], list[Excluded]]:
    """Those that nothing stands in the way of, and the others with the reason, as a first batch would leave them out. `new`: students who
    bring another account, which nobody can have cleared yet."""
    about = Doubts(doubts)
    free: list[Payment] = []
    excluded: list[Excluded] = []
    for payment in payments:
        case = session.streams.read(Application, payment.scheme, payment.student, payment.period)
        found = obstacle(session.streams, case, pay_on)
        if found is not None and own_money_fen(payment):
            found = None  # the command sees to it that only that is paid
        if found is None:
            found = about.of_new_account(payment.student) if payment.student in new else _held(session, about, case, pay_on)
        if found is None:
            free.append(payment)
        else:
            excluded.append(Excluded(student=payment.student, code=found.code, says=found.says))
    return free, excluded


def _held(session: Session, doubts: Doubts, case: Application, pay_on: date) -> Obstacle | None:
    student = current_student(session.streams, case.student, also_restricted=True)
    scheme, _version = scheme_to_pay(session.streams, case.scheme, pay_on)
    account = account_fact(session.streams, case, student, scheme.channel)
    return doubts.obstacle(session.streams, student, account, session.actor) if account else None


def prepared_answer(
    execution: Execution, batch: str, excluded: Sequence[Excluded] | None = None, **more: object
) -> Answer:
    """`{"batch","payments","amount_fen","excluded":[{"student","code","message"}]}` of a batch just prepared."""
    facts = [recorded.fact for recorded in execution.recorded]
    prepared = next(fact for fact in facts if isinstance(fact, BatchPrepared))
    left_out = prepared.excluded if excluded is None else tuple(excluded)
    reasons = [
        {
            "student": one.student,
            "code": one.code,
            "message": explain_code(one.code, {"student": one.student, "says": one.says}).message,
            "says": one.says,
        }
        for one in left_out
    ]
    said = _("Batch {batch}, to be paid on {day}. Payments: {count}, together {amount} yuan.").format(
        batch=batch, count=len(prepared.lines), amount=yuan(prepared.amount_fen), day=prepared.pay_on.isoformat()
    )
    step = _("Next: somebody else checks it with `mingzhang payment check {batch}`.").format(batch=batch)
    parts: list[Table | Text] = [Text((said,))]
    if reasons:
        columns = [Column(_("Student"), "student"), Column(_("Why not"), "message")]
        parts.append(Table(columns, reasons, caption=_("{count} left out:").format(count=len(reasons))))
    parts.append(Text((step,)))
    document = {
        "batch": batch,
        "payments": len(prepared.lines),
        "amount_fen": prepared.amount_fen,
        "excluded": reasons,
        "fund": prepared.fund,
        "pay_on": prepared.pay_on.isoformat(),
        **more,
    }
    return Answer(document, tuple(parts))
