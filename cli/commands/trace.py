"""`trace`: from a payment back to its approval, the survey row and the clause, along the references that were recorded."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import orjson

from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed

from ..bundle.asking import Wanted, bundle_options, refuse_unwritable
from ..cases.named import masked_names
from ..cases.stands import payment_stand_text
from ..i18n import _
from ..intake.pairings import student_named
from ..options import Globals, Verb, example, known_at_option, table_file_options
from ..output import Answer, Column, Table, Text, instant_text, show, terminal_width, wants_file
from ..output.files import mark
from ..session import Session
from ..width import columns
from ..words.story import story
from ..words.trail import Naming, gap_text

if TYPE_CHECKING:
    from mingzhang.projections.payments import PaymentRow
    from mingzhang.projections.trail import Step, Trail


@click.command(
    cls=Verb,
    help=_(
        "From a payment back to its approval and the facts behind it: to the row of the survey file and the clause of the plan. "
        "PAYMENT is its reference, or any event as stream@version. Where an account, a bank reference or a student stands for several "
        "payments, they are listed; with --json all of them are traced."
    ),
)
@click.argument("payment", required=False)
@click.option("--account", metavar="NUMBER", help=_("All payments to this account; the number is neither stored nor printed."))
@click.option("--bank-ref", metavar="NUMBER", help=_("The payment that the bank knows by this number (银行流水号)."))
@click.option("--student", metavar="REF", help=_("All payments of this student (reference or identity number)."))
@known_at_option
@bundle_options
@table_file_options
@example(
    "mingzhang trace fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1",
    "mingzhang trace --bank-ref 2020042500017",
    "mingzhang --json trace --student s-7KQ2M4PX0A --known-at 2020-06-30",
    "mingzhang --as inspector trace --bank-ref 2020042500017 --bundle 证明.zip --only name --only account",
)
@click.pass_obj
def trace(
    globals: Globals,
    payment: str | None,
    account: str | None,
    bank_ref: str | None,
    student: str | None,
    known_at: Any,
    bundle: Wanted | None,
) -> int:
    from mingzhang.projections.trail import trace as trail_of

    if sum(one is not None for one in (payment, account, bank_ref, student)) != 1:
        raise click.UsageError(_("Name one payment, or give one of --account, --bank-ref and --student."))
    if bundle is not None:
        refuse_unwritable(bundle)
    with Session(globals) as session:
        size = session.size_known_at(known_at)
        chosen: Sequence[str] = [payment] if payment else [row.payment for row in _looked_up(session, size, account, bank_ref, student)]
        if len(chosen) > 1 and not globals.json and not wants_file():
            return _ask(globals, session, size, chosen)
        if bundle is not None and len(chosen) > 1:
            raise Refused("bundle_of_several", payments=len(chosen))
        naming = Naming(session)
        trails = [trail_of(session.ledger.journal, one, size) for one in chosen]
        documents = [document(trail, naming) for trail in trails]
        whole = documents[0] if len(documents) == 1 else {"payments": documents}
        if bundle is not None:
            from ..bundle.exporting import export_bundle

            about, sentences = export_bundle(session, trails[0], size, bundle)
            parts = (Text(tuple(sentences)), Text((str(about["key"]),), as_is=True))
            return show(globals, Answer({**whole, "bundle": about}, parts), rehearsal=session.rehearsal)
        if globals.json or wants_file():
            filed = steps_filed(trails, naming) if wants_file() else None
            return show(globals, Answer(whole, filed=filed), rehearsal=session.rehearsal)
        (trail,) = trails
        name = masked_names(session, [student_of(trail.payment)]).get(student_of(trail.payment), "")
        room = terminal_width()
        lines = story(trail, name, naming, room, bold=sys.stdout.isatty())
        if session.rehearsal and columns(mark(True) + lines[0]) > room:
            lines.insert(0, "")  # the mark stands on a line of its own where both do not fit
        lines.append(_("As known at log size {size}.").format(size=size))
        return show(globals, Answer.saying(whole, *lines), rehearsal=session.rehearsal)


def student_of(payment: str) -> str:
    """The student a payment's stream names; empty for another stream."""
    parts = payment.split("/")
    return parts[2] if parts[0] == "payment" and len(parts) == 5 else ""


def document(trail: Trail, naming: Naming) -> dict[str, object]:
    """As CLI.md lays down."""
    return {
        "payment": trail.payment,
        "complete": trail.complete,
        "gaps": [{"expected": gap.expected, "code": gap.code, "message": gap_text(gap.code)} for gap in trail.gaps],
        "steps": [_step(step, naming) for step in trail.steps],
    }


def steps_filed(trails: Sequence[Trail], naming: Naming) -> tuple[Table | Text, ...]:
    """The steps as a table for a file, and below it what is missing."""
    rows = [
        {
            "payment": trail.payment.removeprefix("payment/"),
            "effective_on": step.effective_on,
            "recorded_at": _recorded(step),
            "summary": naming.summary(step.topic, step.facts),
            "actor": step.actor,
            "event": step.event,
            "leaf": step.leaf,
            "because": "\n".join(step.because),
        }
        for trail in trails
        for step in trail.steps
    ]
    heads = [
        Column(_("Payment"), "payment"),
        Column(_("Holds from"), "effective_on"),
        Column(_("Recorded at"), "recorded_at"),
        Column(_("What"), "summary"),
        Column(_("By"), "actor"),
        Column(_("Event"), "event"),
        Column("#", "leaf", "right"),
        Column(_("Because of"), "because"),
    ]
    missing = tuple(
        _("{payment}: the trail lacks: {gaps}.").format(payment=trail.payment, gaps="、".join(gap_text(gap.code) for gap in trail.gaps))
        for trail in trails
        if trail.gaps
    )
    return (Table(heads, rows), *([Text(missing)] if missing else []))


def _recorded(step: Step) -> str:
    """When a fact was recorded; beside it the computer's own instant, where its clock was behind and somebody had attested that."""
    said = instant_text(step.recorded_at)
    if step.acting_as is None or step.acting_as.clock_at is None:
        return said
    return _("{instant} (computer's clock: {clock})").format(instant=said, clock=instant_text(step.acting_as.clock_at))


def _acting_as(step: Step) -> dict[str, object] | None:
    """The appointment, command and transaction; the computer's own instant only where it differs from the record's."""
    said = step.acting_as._asdict() if step.acting_as else None
    if said is not None and said["clock_at"] is None:
        del said["clock_at"]
    return said


def _step(step: Step, naming: Naming) -> dict[str, object]:
    return {
        "event": step.event,
        "leaf": step.leaf,
        "topic": step.topic,
        "effective_on": step.effective_on,
        "recorded_at": step.recorded_at,
        "actor": step.actor,
        "acting_as": _acting_as(step),
        "summary": naming.summary(step.topic, step.facts),
        "because": list(step.because),
        "source": step.source._asdict() if step.source else None,
        "facts": step.facts,
    }


def _looked_up(session: Session, size: int, account: str | None, bank_ref: str | None, student: str | None) -> list[PaymentRow]:
    """The payments meant, oldest reference first; refused `payment_not_found` where there is none."""
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.payments import payment_by_bank_ref, payments

    refs: list[str] = []
    if student is not None:
        refs = [student_named(session, student)]
    elif account is not None:
        refs = session.vault.find("account", account)
    with session.engine.view(AsOf(session.today, size)) as view:
        if bank_ref is not None:
            wanted = set(payment_by_bank_ref(view, bank_ref))
            found = [row for row in payments(view) if row.payment in wanted]
        else:
            found = list({row.payment: row for ref in refs for row in payments(view, student=ref)}.values())
    if account is not None:
        found = _to_account(session, found, account)
    if not found:
        raise Refused("payment_not_found")
    return found


def _to_account(session: Session, rows: list[PaymentRow], account: str) -> list[PaymentRow]:
    """Of these payments, those whose instruction took the account from a fact that holds this number."""
    named = {row.account_from.rpartition("@")[0] for row in rows if row.account_from}
    boxes: dict[str, Sealed] = {}
    for event in session.ledger.journal.select_streams(sorted(named)):
        person = orjson.loads(event.state).get("person")
        if person is not None:
            boxes[f"{event.originator_id}@{event.originator_version}"] = Sealed.model_validate(person)
    kept = [row for row in rows if row.account_from in boxes]
    opened = session.vault.open_many([boxes[row.account_from] for row in kept if row.account_from])
    digits = "".join(account.split())
    return [row for row, fields in zip(kept, opened, strict=True) if fields and fields.get("account") == digits]


def _ask(globals: Globals, session: Session, size: int, chosen: Sequence[str]) -> int:
    """Several payments are meant: they are listed, and one is to be named."""
    from mingzhang.projections.asof import AsOf
    from mingzhang.projections.payments import payments

    with session.engine.view(AsOf(session.today, size)) as view:
        rows = [row for row in payments(view) if row.payment in set(chosen)]
    names = masked_names(session, [row.student for row in rows])
    shown = [
        {
            "payment": row.payment.removeprefix("payment/"),
            "name": names.get(row.student, ""),
            "amount_fen": row.amount_fen,
            "stand": payment_stand_text(row.stand),
            "paid_on": row.paid_on,
        }
        for row in rows
    ]
    heads = [
        Column(_("Payment"), "payment"),
        Column(_("Name"), "name"),
        Column(_("Amount in yuan"), "amount_fen"),
        Column(_("Stands at"), "stand"),
        Column(_("Paid on"), "paid_on"),
    ]
    foot = _("{count} payments are meant. Name one: mingzhang trace {payment}").format(count=len(shown), payment=shown[0]["payment"])
    return show(globals, Answer(None, (Table(heads, shown, foot=foot),)), rehearsal=session.rehearsal)
