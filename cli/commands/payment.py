"""`payment`: one prepares a batch, a second checks it, a third releases it; a file goes to the bank and its answer comes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import click

from mingzhang.domain.command import Command
from mingzhang.domain.money.batch import Batch, existing_batch
from mingzhang.domain.money.preparing import CancelBatch, CheckBatch, PrepareBatch, ReleaseBatch
from mingzhang.domain.plan.adoption import scheme_to_pay
from mingzhang.domain.values.periods import period_of_kind

from ..bank.held import doubts_about
from ..bank.preparing import candidates, fund_for, prepared_answer
from ..cases.stands import stand_text
from ..i18n import _
from ..intake.units import UnitNames
from ..options import DAY, Globals, Noun, example, on_option, period_option, reason_option, scheme_option, unit_option
from ..output import Answer, show, yuan
from ..session import Session, new_id
from .payment_again import clawback, clawback_received, reissue, reverse
from .payment_bank import export, reconcile, rehearse, returns
from .payment_list import batches, list_, show_
from .payment_outcomes import clawback_reversed, clawback_withdrawn, part_paid, reject, stop
from .payment_profiles import profiles
from .payment_receipts import receipts
from .payment_totals import totals


@click.group(cls=Noun, help=_("Payments: prepare, check, release, export, reconcile, reissue."))
@example("mingzhang --as preparer payment prepare --scheme grant --period 2020-spring --pay-on 2020-04-20")
def payment() -> None:
    pass


@payment.command("prepare", help=_("Prepare a batch of everybody awarded and not yet paid; who is left out is named with the reason."))
@scheme_option(required=True)
@period_option(required=True)
@unit_option()
@click.option(
    "--instalment",
    type=click.IntRange(1, 12),
    default=1,
    metavar="N",
    help=_("Which instalment of the awards, from 1. Default: the first."),
)
@click.option(
    "--top-ups",
    is_flag=True,
    help=_("What was decided to be paid after (`difference decide --top-up`), instead of an instalment."),
)
@click.option("--fund", "fund_id", metavar="FUND", help=_("The fund to pay from. Default: the only one that pays the scheme."))
@click.option("--pay-on", type=DAY, metavar="DATE", help=_("The day the money is to move. Default: today."))
@click.option("--batch", "batch_id", metavar="BATCH", help=_("The batch's id. Default: a new one."))
@on_option
@example(
    "mingzhang --as preparer payment prepare --scheme grant --period 2020-spring --pay-on 2020-04-20",
    "mingzhang --as preparer payment prepare --scheme grant --period 2020-spring --unit 师范系 --fund F2020",
    "mingzhang --as preparer payment prepare --scheme county-grant --period 2020-2021 --instalment 2",
)
@click.pass_obj
def prepare(
    globals: Globals,
    unit: str | None,
    period: str,
    scheme: str,
    instalment: int,
    top_ups: bool,
    fund_id: str | None,
    pay_on: date | None,
    batch_id: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        stored = session.scheme(scheme)
        found, _version = scheme_to_pay(session.streams, stored, on or session.today)
        period_of_kind(period, found.period)
        within = UnitNames(session).wanted(unit)
        identifier = batch_id or new_id("batch")
        number = 0 if top_ups else instalment
        students = candidates(session, stored, period, within, number)
        command = PrepareBatch(
            on=on,
            batch=identifier,
            scheme=stored,
            period=period,
            fund=fund_for(session, stored, fund_id),
            pay_on=pay_on or session.today,
            students=students,
            unit=within,
            doubts=doubts_about(session, stored, students),
            instalment=number,
        )
        return show(globals, prepared_answer(session.execute(command), identifier), rehearsal=session.rehearsal)


@payment.command("check", help=_("Check a prepared batch: a second person counts it again, payment by payment."))
@click.argument("batch", metavar="BATCH")
@on_option
@example("mingzhang --as checker payment check batch-4F7KQ2AB")
@click.pass_obj
def check(globals: Globals, batch: str, on: date | None) -> int:
    identifier = batch.removeprefix("batch/")
    return _step(globals, identifier, lambda _session: CheckBatch(on=on, batch=identifier))


@payment.command("release", help=_("Release a checked batch: a third person sets the money aside for it."))
@click.argument("batch", metavar="BATCH")
@on_option
@example("mingzhang --as releaser payment release batch-4F7KQ2AB")
@click.pass_obj
def release(globals: Globals, batch: str, on: date | None) -> int:
    identifier = batch.removeprefix("batch/")
    return _step(globals, identifier, lambda _session: ReleaseBatch(on=on, batch=identifier))


@payment.command("cancel", help=_("Give a batch up before the bank has seen it; its payments are free for another."))
@click.argument("batch", metavar="BATCH")
@reason_option(required=True)
@on_option
@example("mingzhang --as preparer payment cancel batch-4F7KQ2AB --reason 名单有误")
@click.pass_obj
def cancel(globals: Globals, batch: str, reason: str, on: date | None) -> int:
    identifier = batch.removeprefix("batch/")
    return _step(globals, identifier, lambda session: CancelBatch(on=on, batch=identifier, reason=session.seal_text(reason)))


def _step(globals: Globals, identifier: str, command: Callable[[Session], Command]) -> int:
    """One step of a batch, and where it stands after it."""
    with Session(globals) as session:
        session.execute(command(session))
        state: Batch = existing_batch(session.streams, identifier)
        document = {
            "batch": identifier,
            "stand": state.stand,
            "payments": len(state.numbers),
            "amount_fen": state.amount_fen,
        }
        said = _("Batch {batch} stands at: {stand}. Payments: {count}, together {amount} yuan.").format(
            batch=identifier,
            count=len(state.numbers),
            amount=yuan(state.amount_fen),
            stand=stand_text(state.stand),
        )
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


for _verb in (
    stop, profiles, export, rehearse, reconcile, receipts, returns, reject, part_paid, reissue, reverse, clawback, clawback_received,
    clawback_reversed, clawback_withdrawn, list_, show_, batches, totals,
):  # fmt: skip
    payment.add_command(_verb)
