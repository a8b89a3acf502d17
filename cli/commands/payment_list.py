"""`payment list`, `show`, `batches`: where the money is, on any day and as known at any time; names masked, accounts cut."""

from __future__ import annotations

from datetime import date
from typing import get_args

import click

from mingzhang.domain.facts import Fact
from mingzhang.domain.journal.records import LogRow
from mingzhang.domain.money.payment import Payment, PaymentInstructed, PaymentReissued, PaymentStand, existing_payment
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.vault.masking import mask_account, mask_words

from ..bank.accounts import boxes_of
from ..bank.unanswered import unanswered_answer
from ..cases.course import course_document, course_table, facts_of
from ..cases.named import masked_names
from ..cases.stands import kept_text, payment_stand_text, stand_text
from ..clock import KnownAt
from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, period_option, scheme_option, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, show, yuan
from ..session import Session


@click.command("list", cls=Verb, help=_("List payments, on any day, as known at any time."))
@scheme_option()
@period_option()
@unit_option()
@click.option("--batch", metavar="BATCH", help=_("Only those of this batch, each as its attempt there stands."))
@click.option("--stand", type=click.Choice(get_args(PaymentStand)[1:]), help=_("Only those that stand here."))
@click.option("--student", metavar="STUDENT", help=_("Only this student's."))
@as_of_options
@table_file_options
@example(
    "mingzhang payment list --scheme grant --period 2020-spring --stand failed",
    "mingzhang --json payment list --batch batch-4F7KQ2AB --on 2020-04-30 --known-at 2020-05-01",
)
@click.pass_obj
def list_(
    globals: Globals,
    student: str | None,
    stand: str | None,
    batch: str | None,
    unit: str | None,
    period: str | None,
    scheme: str | None,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    from mingzhang.projections.payments import payments

    with Session(globals) as session:
        units = UnitNames(session)
        stored = session.scheme(scheme) if scheme else None
        within = units.wanted(unit)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = payments(view, stored, period, within, batch, stand, student)
        names = masked_names(session, [row.student for row in found])
        document = [
            {
                "payment": row.payment,
                "scheme": row.scheme,
                "student": row.student,
                "name": names.get(row.student, ""),
                "period": row.period,
                **units.said(row.unit),
                "batch": row.batch,
                "line": row.line,
                "attempt": row.attempt,
                "amount_fen": row.amount_fen,
                "stand": row.stand,
                "paid_on": row.paid_on,
                "bank_ref": row.bank_ref,
                "paid_fen": row.paid_fen,
                "owed_fen": row.owed_fen,
            }
            for row in found
        ]
        shown = [
            {
                **row,
                "payment": str(row["payment"]).removeprefix("payment/"),
                "stand": payment_stand_text(row["stand"]),
            }
            for row in document
        ]
        uneven = any(row.paid_fen not in (0, row.amount_fen) for row in found)  # else the stand says it all
        columns = [
            Column(_("Payment"), "payment"),
            Column(_("Name"), "name"),
            Column(_("Unit"), "unit"),
            *([] if batch else [Column(_("Batch"), "batch")]),
            Column(_("No."), "line", "right"),
            Column(_("Amount in yuan"), "amount_fen"),
            Column(_("Stands at"), "stand"),
            Column(_("Paid on"), "paid_on"),
            *([Column(_("Stays paid, in yuan"), "paid_fen"), Column(_("Still owed, in yuan"), "owed_fen")] if uneven else []),
        ]
        foot = _("Payments: {count}, together {amount} yuan.").format(
            count=len(document), amount=yuan(sum(row.amount_fen for row in found))
        )
        return show(globals, Answer(document, (Table(columns, shown, foot=foot),)), rehearsal=session.rehearsal)


@click.command("show", cls=Verb, help=_("Show one payment with all its attempts, what the bank said and what followed."))
@click.argument("payment", metavar="PAYMENT")
@table_file_options
@example("mingzhang payment show fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1")
@click.pass_obj
def show_(globals: Globals, payment: str) -> int:
    with Session(globals) as session:
        state: Payment = existing_payment(session.streams, payment)
        facts = facts_of(session, state.stream)
        name = masked_names(session, [state.student]).get(state.student, "")
        attempts = _attempts(session, facts)
        document = {
            "payment": state.stream,
            "scheme": state.scheme,
            "student": state.student,
            "name": name,
            "period": state.period,
            **UnitNames(session).said(state.unit),
            "stand": state.stand,
            "amount_fen": state.amount_fen,
            "paid_fen": state.paid_fen,
            "clawback_fen": state.clawback_fen,
            "clawed_back_fen": state.clawed_back_fen,
            "owed_fen": state.wanted_fen - state.paid_fen if state.reissuable else 0,
            "award": state.award,
            "attempts": attempts,
            "events": course_document(facts),
        }
        headline = _("{payment}: {name}, {amount} yuan, {stand}.").format(
            payment=state.stream,
            name=name,
            amount=yuan(state.amount_fen),
            stand=payment_stand_text(state.stand),
        )
        columns = [
            Column(_("Attempt"), "attempt", "right"),
            Column(_("Batch"), "batch"),
            Column(_("No."), "line", "right"),
            Column(_("Account"), "account"),
            Column(_("Outcome"), "outcome"),
            Column(_("On"), "on"),
            Column(_("Bank reference"), "bank_ref"),
            Column(_("Reason"), "reason"),
        ]
        shown = [{**one, "outcome": payment_stand_text(one["outcome"])} for one in attempts]
        parts = (Text((headline, kept_text(state))), Table(columns, shown), course_table(session, facts))
        return show(globals, Answer(document, parts), rehearsal=session.rehearsal)


_OUTCOMES = {
    "payment.paid": "paid",
    "payment.paid_in_part": "part_paid",
    "payment.failed": "failed",
    "payment.rejected": "rejected",
    "payment.stopped": "stopped",
    "payment.pending": "pending",
    "payment.returned": "returned",
    "payment.cancelled": "cancelled",
    "payment.reversed": "reversed",
}


def _attempts(session: Session, facts: list[tuple[LogRow, Fact]]) -> list[dict[str, object]]:
    """One entry for each time the payment was instructed: where to, and how it ended as far as is known."""
    attempts: list[dict[str, object]] = []
    opened: dict[str, str] = {}
    boxes = boxes_of(session, [f.account_from for _row, f in facts if isinstance(f, PaymentInstructed | PaymentReissued)])
    for row, fact in facts:
        if isinstance(fact, PaymentInstructed | PaymentReissued):
            opened = session.vault.open_many([boxes[fact.account_from]])[0] or {}
            attempts.append(
                {
                    "attempt": fact.attempt,
                    "batch": fact.batch,
                    "line": fact.line,
                    "amount_fen": fact.amount_fen,
                    "account": mask_account(opened.get("account", "")),
                    "account_from": fact.account_from,
                    "outcome": "instructed",
                    "on": None,
                    "bank_ref": None,
                    "code": None,
                    "reason": None,
                }
            )
        elif row.topic in _OUTCOMES and attempts:
            last = attempts[-1]
            last["outcome"] = _OUTCOMES[row.topic]
            last["on"] = fact.effective_on.isoformat()
            last["bank_ref"] = getattr(fact, "bank_ref", None) or last["bank_ref"]
            last["code"] = getattr(fact, "code", None) or last["code"]
            reason = getattr(fact, "reason", None)
            if isinstance(reason, Sealed):
                said = (session.vault.open_many([reason])[0] or {}).get("reason")
                last["reason"] = mask_words(said, [opened.get(part, "") for part in ("account_name", "name")]) if said else None
    return attempts


@click.command("batches", cls=Verb, help=_("List the batches and what became of them, on any day, as known at any time."))
@click.option(
    "--unanswered",
    type=click.IntRange(min=0),
    metavar="DAYS",
    help=_("Only those with payments that have no final answer so many days after the file went out."),
)
@as_of_options
@table_file_options
@example("mingzhang payment batches", "mingzhang payment batches --unanswered 5", "mingzhang --json payment batches --on 2020-04-30")
@click.pass_obj
def batches(globals: Globals, unanswered: int | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.payments import batches as ask

    with Session(globals) as session:
        if unanswered is not None:
            return show(globals, unanswered_answer(session, unanswered, on, known_at), rehearsal=session.rehearsal)
        units = UnitNames(session)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = ask(view)
        document = [
            {
                "batch": row.batch,
                "scheme": row.scheme,
                "period": row.period,
                "unit": units.title(row.unit) if row.unit else None,
                "unit_id": row.unit,
                "fund": row.fund,
                "stand": row.stand,
                "payments": row.payments,
                "amount_fen": row.amount_fen,
                "paid": row.paid,
                "failed": row.failed,
                "pending": row.pending,
                "returned": row.returned,
                "part_paid": row.part_paid,
                "rejected": row.rejected,
                "stopped": row.stopped,
                "pay_on": row.pay_on,
            }
            for row in found
        ]
        shown = [{**row, "stand": stand_text(row["stand"])} for row in document]
        columns = [
            Column(_("Batch"), "batch"),
            Column(_("Scheme"), "scheme"),
            Column(_("Period"), "period"),
            Column(_("Stands at"), "stand"),
            Column(_("Payments"), "payments", "right", adds=True),
            Column(_("Amount in yuan"), "amount_fen"),
            Column(_("Paid"), "paid", "right", adds=True),
            Column(_("Failed"), "failed", "right", adds=True),
            Column(_("Pending"), "pending", "right", adds=True),
            Column(_("Came back"), "returned", "right", adds=True),
            Column(_("Paid in part"), "part_paid", "right", adds=True),
            Column(_("Sent back unprocessed"), "rejected", "right", adds=True),
            Column(_("Stopped"), "stopped", "right", adds=True),
            Column(_("To be paid on"), "pay_on"),
        ]
        return show(globals, Answer(document, (Table(columns, shown),)), rehearsal=session.rehearsal)
