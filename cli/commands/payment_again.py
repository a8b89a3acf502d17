"""`payment reissue`, `reverse`, `clawback`: what happens to a payment after the bank has spoken; nothing is ever overwritten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.command import Command
from mingzhang.domain.money.banking import RaiseClawback, ReceiveClawback, ReversePayment
from mingzhang.domain.money.batch import existing_batch
from mingzhang.domain.money.payment import existing_payment
from mingzhang.domain.money.reissuing import ReissuePayments
from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.cards import account_number, passes_luhn
from mingzhang.domain.values.text import person_name

from ..bank.held import doubts_about
from ..bank.new_accounts import NewAccount, read_new_accounts
from ..bank.preparing import prepared_answer, to_pay_again, to_pay_again_of, without_obstructed
from ..cases.named import name_of, names_of
from ..cases.stands import kept_text, payment_stand_text
from ..i18n import _
from ..intake.report import problem_document
from ..options import DAY, YUAN, Globals, Verb, evidence_option, example, on_option, reason_option
from ..output import Answer, Column, Table, Text, remark, show
from ..refusals import explain_code
from ..session import Session, new_id
from ..workbooks.reading import RowProblem


@click.command(
    "reissue",
    cls=Verb,
    help=_("Pay again what failed or came back, to corrected accounts where they are given, in a batch of its own."),
)
@click.argument("payments", metavar="[PAYMENT]…", nargs=-1)
@click.option("--batch-of", metavar="BATCH", help=_("All payments of this batch that failed or came back."))
@click.option(
    "--accounts",
    "list_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("A workbook or text file with 姓名, 身份证号, 银行卡号 and 户名."),
)
@click.option("--account", metavar="NUMBER", help=_("The corrected account, for one payment."))
@click.option("--account-name", metavar="NAME", help=_("In whose name it is. Default: the student's."))
@evidence_option
@click.option("--pay-on", type=DAY, metavar="DATE", help=_("The day the money is to move. Default: today."))
@click.option("--fund", "fund_id", metavar="FUND", help=_("The fund to pay from. Default: that of the attempt before."))
@click.option("--batch", "batch_id", metavar="BATCH", help=_("The new batch's id. Default: a new one."))
@on_option
@example(
    "mingzhang --as preparer payment reissue --batch-of batch-4F7KQ2AB --accounts 更正账户.xlsx",
    "mingzhang --as preparer payment reissue fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --account 6217000000000000000"
    " --evidence 更正申请.pdf",
)
@click.pass_obj
def reissue(
    globals: Globals,
    payments: tuple[str, ...],
    batch_of: str | None,
    list_file: Path | None,
    account: str | None,
    account_name: str | None,
    evidence: tuple[Path, ...],
    pay_on: date | None,
    fund_id: str | None,
    batch_id: str | None,
    on: date | None,
) -> int:
    if not payments and batch_of is None and list_file is None:
        raise click.UsageError(_("Name the payments, or give --batch-of or --accounts."))
    if evidence and account is None and list_file is None:
        raise click.UsageError(_("--evidence shows a corrected account: give it with --account or --accounts."))
    with Session(globals) as session:
        again = to_pay_again(session, payments, batch_of.removeprefix("batch/") if batch_of else None)
        accounts: dict[str, NewAccount] = {}
        if list_file is not None:
            named = bool(payments or batch_of)
            read = read_new_accounts(session, list_file, {one.student for one in again} if named else None)
            if read.refused:
                return show(globals, _rows_refused(list_file, read.refused), rehearsal=session.rehearsal)
            accounts = read.accounts
            if not named:
                again = to_pay_again_of(session, list(accounts))
        if account is not None:
            if len(again) != 1:
                raise click.UsageError(_("--account is for one payment; give a list with --accounts."))
            accounts[again[0].student] = _account_given(session, again[0].student, account, account_name)
        day = pay_on or session.today
        # Whoever is named answers for it with a refusal; a whole batch leaves out those in whose way something stands.
        wanted = [one.student for one in again]
        new = [accounts[student] for student in wanted if student in accounts]
        doubts = doubts_about(session, again[0].scheme, wanted, new) if again else ()
        free, excluded = (again, []) if payments else without_obstructed(session, again, day, doubts, accounts)
        if not free:
            raise Refused(
                "nothing_to_pay",
                scheme=again[0].scheme if again else "",
                period=again[0].period if again else "",
                excluded=len(excluded),
                reasons=sorted({one.code for one in excluded}),
            )
        new = [accounts[one.student] for one in free if one.student in accounts]
        boxes = _sealed(session, new)
        identifier = batch_id or new_id("batch")
        command = ReissuePayments(
            on=on,
            evidence=tuple(session.hand_in(file) for file in evidence),
            batch=identifier,
            fund=fund_id or existing_batch(session.streams, free[0].batch).fund,
            pay_on=day,
            payments=tuple(one.stream for one in free),
            accounts=tuple(boxes.items()),
            in_own_name=_in_own_name(session, new),
            doubts=doubts,
        )
        answer = prepared_answer(session.execute(command), identifier, excluded, accounts_corrected=len(boxes))
        for one in new:
            if not passes_luhn(one.account):
                remark(globals, f"{one.student}: {explain_code('card_luhn').message}")
        return show(globals, answer, rehearsal=session.rehearsal)


def _account_given(session: Session, student: str, account: str, account_name: str | None) -> NewAccount:
    try:
        number = account_number(account)
    except BadValue as problem:
        raise click.BadParameter(explain_code(problem.code).message, param_hint="--account") from None
    if not number:
        raise click.BadParameter(explain_code("account_malformed").message, param_hint="--account")
    name = person_name(account_name or "") or name_of(session, student)
    return NewAccount(student, number, name)


def _in_own_name(session: Session, accounts: list[NewAccount]) -> frozenset[str]:
    names = names_of(session, [one.student for one in accounts])
    return frozenset(one.student for one in accounts if person_name(one.account_name) == person_name(names.get(one.student, "")))


def _sealed(session: Session, accounts: list[NewAccount]) -> dict[str, Sealed]:
    """The boxes by student. The vault learns the numbers first, so that a shared account is found from this day on."""
    session.vault.add_tokens([("account", one.account, one.student) for one in accounts])
    boxes = session.vault.seal_many(
        [(one.student, {"account": one.account, "account_name": one.account_name}) for one in accounts]
    )
    return {one.student: box for one, box in zip(accounts, boxes, strict=True)}


def _rows_refused(file: Path, problems: list[RowProblem]) -> Answer:
    """Nothing is recorded while a row of the list is wrong."""
    refused = [problem_document(problem) for problem in problems]
    columns = [
        Column(_("Sheet"), "sheet"),
        Column(_("Row"), "row", "right"),
        Column(_("Column"), "column"),
        Column(_("What is wrong, and what to do"), "message"),
    ]
    said = _("Nothing was recorded: mend the refused rows of {file} first.").format(file=file)
    document = {
        "batch": None,
        "payments": 0,
        "amount_fen": 0,
        "excluded": [],
        "file": str(file),
        "refused": refused,
    }
    return Answer(document, (Table(columns, refused), Text((said,))), 3)


@click.command("reverse", cls=Verb, help=_("Record that the bank took a wrong payment back whole (冲正)."))
@click.argument("payment", metavar="PAYMENT")
@reason_option(required=True)
@on_option
@example("mingzhang --as cashier payment reverse fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --reason 重复入账")
@click.pass_obj
def reverse(globals: Globals, payment: str, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        box = reason_box(session, payment, reason)
        return after(session, payment, ReversePayment(on=on, payment=payment, reason=box))


@click.command("clawback", cls=Verb, help=_("Ask money back from a payee (追缴), for a reason that is on record."))
@click.argument("payment", metavar="PAYMENT")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@reason_option(required=True)
@click.option("--says", default="", metavar="EVENT", help=_("The fact that makes it due, as stream@version."))
@on_option
@example("mingzhang --as approver payment clawback fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --amount 2000 --reason 发放前已退学")
@click.pass_obj
def clawback(globals: Globals, payment: str, amount: int, reason: str, says: str, on: date | None) -> int:
    with Session(globals) as session:
        if says:
            refuse_unknown_event(session, says)
        box = reason_box(session, payment, reason)
        command = RaiseClawback(on=on, payment=payment, amount_fen=amount, reason=box, says=says)
        return after(session, payment, command)


@click.command("clawback-received", cls=Verb, help=_("Record that money asked back has come in."))
@click.argument("payment", metavar="PAYMENT")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@on_option
@example("mingzhang --as cashier payment clawback-received fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --amount 2000")
@click.pass_obj
def clawback_received(globals: Globals, payment: str, amount: int, on: date | None) -> int:
    with Session(globals) as session:
        return after(session, payment, ReceiveClawback(on=on, payment=payment, amount_fen=amount))


def reason_box(session: Session, payment: str, reason: str) -> Sealed:
    """The reason, sealed for the payment's payee; a usage error for an empty one."""
    if not reason.strip():
        raise click.UsageError(_("Say why with --reason."))
    return session.vault.seal(existing_payment(session.streams, payment).student, {"reason": reason})


def refuse_unknown_event(session: Session, reference: str) -> None:
    """`event_unknown` for a reference (`stream@version`) to nothing in the log."""
    stream, _at, version = reference.rpartition("@")
    rows = session.ledger.journal.select_streams([stream]) if stream else []
    if not any(str(row.originator_version) == version for row in rows):
        raise Refused("event_unknown", event=reference)


def after(session: Session, payment: str, command: Command) -> int:
    """Gives the command and says how the payment stands after it."""
    session.execute(command)
    state = existing_payment(session.streams, payment)
    owed = state.wanted_fen - state.paid_fen if state.reissuable else 0
    document = {
        "payment": state.stream,
        "stand": state.stand,
        "amount_fen": state.amount_fen,
        "paid_fen": state.paid_fen,
        "clawback_fen": state.clawback_fen,
        "clawed_back_fen": state.clawed_back_fen,
        "owed_fen": owed,
    }
    said = _("{payment} stands at: {stand}; {kept}").format(
        payment=state.stream, stand=payment_stand_text(state.stand), kept=kept_text(state)
    )
    step = _("Next: pay what is still owed with `mingzhang payment reissue {payment}`.").format(payment=state.stream)
    return show(session.globals, Answer.saying(document, said, *([step] if owed else [])), rehearsal=session.rehearsal)
