"""`payment stop`, `reject`, `part-paid`, `clawback-reversed`, `clawback-withdrawn`: what else befalls a payment than being paid or not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from mingzhang.domain.money.batch import BatchLineStopped, batch_in
from mingzhang.domain.money.giving_back import ReverseClawback
from mingzhang.domain.money.part_paying import PayInPart
from mingzhang.domain.money.payment import existing_payment
from mingzhang.domain.money.rejecting import RejectBatch, RejectPayment, unsettled
from mingzhang.domain.money.stopping import StopPayment
from mingzhang.domain.money.withdrawing import WithdrawClawback

from ..i18n import _
from ..options import YUAN, Globals, Verb, evidence_option, example, on_option, reason_option
from ..output import Answer, show, yuan
from ..session import Session
from .payment_again import after, reason_box, refuse_unknown_event

_CODE = re.compile(r"[A-Za-z0-9._-]{1,16}")


@click.command(
    "stop", cls=Verb, help=_("Take one payment out of a released batch before the file goes out; every other line keeps its number.")
)
@click.argument("payment", metavar="PAYMENT")
@click.option(
    "--account-wrong", is_flag=True, help=_("Because of its account: nothing goes there until another is recorded, or somebody clears it.")
)
@reason_option(required=True)
@on_option
@example(
    "mingzhang --as releaser payment stop fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --reason 学生要求下批再发",
    "mingzhang --as releaser payment stop fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --account-wrong --reason 学生来电更换账户",
)
@click.pass_obj
def stop(globals: Globals, payment: str, account_wrong: bool, reason: str, on: date | None) -> int:
    with Session(globals) as session:
        batch = existing_payment(session.streams, payment).batch
        box = reason_box(session, payment, reason)
        execution = session.execute(StopPayment(on=on, payment=payment, reason=box, account_wrong=account_wrong))
        stopped = next(one.fact for one in execution.recorded if isinstance(one.fact, BatchLineStopped))
        document = {
            "payment": existing_payment(session.streams, payment).stream,
            "stand": "stopped",
            "account_wrong": account_wrong,
            "batch": batch,
            "line": stopped.line,
            "amount_fen": stopped.amount_fen,
            "payments": stopped.left,
            "left_fen": stopped.left_fen,
        }
        said = _("Line {line} of batch {batch} is stopped, {amount} yuan are available again. Left: {count}, together {left} yuan.").format(
            line=stopped.line, batch=batch, amount=yuan(stopped.amount_fen), count=stopped.left, left=yuan(stopped.left_fen)
        )
        step = _("Next: pay it with another batch when its matter is settled, `mingzhang payment prepare` or `mingzhang payment reissue`.")
        if account_wrong:
            step = _(
                "Next: record the right account with `mingzhang student correct`; until then no batch takes it (`mingzhang account list`)."
            )
        return show(globals, Answer.saying(document, said, step), rehearsal=session.rehearsal)


@click.command("reject", cls=Verb, help=_("Record that the bank sent a payment, or a whole file, back unprocessed."))
@click.argument("named", metavar="BATCH|PAYMENT")
@click.option("--code", required=True, metavar="CODE", help=_("The bank's code for it."))
@reason_option(required=True)
@evidence_option
@on_option
@example(
    "mingzhang --as cashier payment reject batch-4F7KQ2AB --code E31 --reason 文件格式错误",
    "mingzhang --as cashier payment reject fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --code E07 --reason 账户已冻结",
)
@click.pass_obj
def reject(globals: Globals, named: str, code: str, reason: str, evidence: tuple[Path, ...], on: date | None) -> int:
    if not _CODE.fullmatch(code):
        raise click.BadParameter(_("up to 16 letters and digits of the bank's; its words go into --reason"), param_hint="--code")
    with Session(globals) as session:
        shown = tuple(session.hand_in(file) for file in evidence)
        if named.count("/") > 1:
            box = reason_box(session, named, reason)
            return after(session, named, RejectPayment(on=on, evidence=shown, payment=named, code=code, reason=box))
        batch = batch_in(session.streams, named.removeprefix("batch/"), "exported")
        open_ones = unsettled(session.streams, batch)
        boxes = session.vault.seal_many([(one.student, {"reason": reason}) for one in open_ones])
        command = RejectBatch(
            on=on,
            evidence=shown,
            batch=batch.id,
            code=code,
            reason=session.seal_text(reason),
            reasons=tuple(zip((one.student for one in open_ones), boxes, strict=True)),
        )
        session.execute(command)
        total = sum(one.amount_fen for one in open_ones)
        document = {"batch": batch.id, "rejected": len(open_ones), "amount_fen": total, "code": code}
        said = _("Batch {batch}: sent back unprocessed: {count}; {amount} yuan are available again.").format(
            batch=batch.id, count=len(open_ones), amount=yuan(total)
        )
        step = _("Next: correct what the bank found wrong and pay again with `mingzhang payment reissue --batch-of {batch}`.").format(
            batch=batch.id
        )
        return show(globals, Answer.saying(document, said, step), rehearsal=session.rehearsal)


@click.command("part-paid", cls=Verb, help=_("Record that the bank moved less than it was asked for; the rest can be paid again."))
@click.argument("payment", metavar="PAYMENT")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("What the bank moved, in yuan."))
@click.option("--bank-ref", metavar="NUMBER", help=_("The bank's number for it (银行流水号)."))
@evidence_option
@on_option
@example(
    "mingzhang --as cashier payment part-paid fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --amount 1200 --bank-ref T20200425001"
    " --evidence 银行回单.pdf"
)
@click.pass_obj
def part_paid(globals: Globals, payment: str, amount: int, bank_ref: str | None, evidence: tuple[Path, ...], on: date | None) -> int:
    with Session(globals) as session:
        shown = tuple(session.hand_in(file) for file in evidence)
        return after(session, payment, PayInPart(on=on, evidence=shown, payment=payment, amount_fen=amount, bank_ref=bank_ref))


@click.command(
    "clawback-reversed", cls=Verb, help=_("Decide that money taken back of a payee was taken back wrongly; a reissue pays it out again.")
)
@click.argument("payment", metavar="PAYMENT")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@reason_option(required=True)
@click.option("--says", default="", metavar="EVENT", help=_("The fact that shows the mistake, as stream@version."))
@evidence_option
@on_option
@example(
    "mingzhang --as approver payment clawback-reversed fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --amount 2000 --reason 退学日期有误"
)
@click.pass_obj
def clawback_reversed(
    globals: Globals, payment: str, amount: int, reason: str, says: str, evidence: tuple[Path, ...], on: date | None
) -> int:
    with Session(globals) as session:
        if says:
            refuse_unknown_event(session, says)
        shown = tuple(session.hand_in(file) for file in evidence)
        box = reason_box(session, payment, reason)
        command = ReverseClawback(on=on, evidence=shown, payment=payment, amount_fen=amount, reason=box, says=says)
        return after(session, payment, command)


@click.command(
    "clawback-withdrawn", cls=Verb, help=_("Ask no longer for money that was asked back by mistake and has not come (撤回追缴).")
)
@click.argument("payment", metavar="PAYMENT")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@reason_option(required=True)
@click.option(
    "--demand", default="", metavar="EVENT", help=_("The demand that is withdrawn, as stream@version. Default: the newest first.")
)
@click.option("--says", default="", metavar="EVENT", help=_("The fact that shows the mistake, as stream@version."))
@evidence_option
@on_option
@example(
    "mingzhang --as approver payment clawback-withdrawn fuxin-2020.grant/s-7KQ2M4PX0A/2020-spring/1 --amount 2000 --reason 退学日期有误"
)
@click.pass_obj
def clawback_withdrawn(
    globals: Globals, payment: str, amount: int, reason: str, demand: str, says: str, evidence: tuple[Path, ...], on: date | None
) -> int:
    with Session(globals) as session:
        for reference in filter(None, (demand, says)):
            refuse_unknown_event(session, reference)
        shown = tuple(session.hand_in(file) for file in evidence)
        box = reason_box(session, payment, reason)
        command = WithdrawClawback(on=on, evidence=shown, payment=payment, amount_fen=amount, reason=box, demand=demand, says=says)
        return after(session, payment, command)
