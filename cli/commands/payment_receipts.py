"""`payment receipts`: the signed list (签领表) comes back; who signed is paid, who did not come can be paid again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.money.batch import BatchReconciled, batch_in
from mingzhang.domain.money.payment import Payment
from mingzhang.domain.money.receipts import RecordReceipts
from mingzhang.domain.refusal import Refused

from ..i18n import _
from ..intake.persons import file_name
from ..options import Globals, Verb, example, on_option
from ..output import Answer, show, yuan
from ..session import Session


@click.command(
    "receipts", cls=Verb, help=_("Record who signed for aid handed over by hand: every line of the signed list, or those named.")
)
@click.argument("batch", metavar="BATCH")
@click.argument("scan", metavar="SCAN", type=click.Path(path_type=Path))
@click.option("--line", "lines", multiple=True, type=click.IntRange(min=1), metavar="N", help=_("Only these lines were signed; repeat it."))
@click.option(
    "--not-collected", multiple=True, type=click.IntRange(min=1), metavar="N", help=_("These lines were not collected; repeat it.")
)
@on_option
@example("mingzhang --as cashier payment receipts batch-4F7KQ2AB 签领表扫描.pdf --not-collected 3")
@click.pass_obj
def receipts(
    globals: Globals, batch: str, scan: Path, lines: tuple[int, ...], not_collected: tuple[int, ...], on: date | None
) -> int:
    with Session(globals) as session:
        identifier = batch.removeprefix("batch/")
        state = batch_in(session.streams, identifier, "exported")
        session.streams.fetch(state.payments)
        waiting = [number for number in state.numbers if session.streams.at(Payment, state.payment(number)).stand == "instructed"]
        both = sorted(set(lines) & set(not_collected))
        if both:
            raise Refused("receipt_line_twice", batch=identifier, lines=both)
        strange = sorted({*lines, *not_collected} - set(state.numbers))
        if strange and state.channel == "signed":
            raise Refused("receipt_line_unknown", batch=identifier, lines=strange, last=len(state.lines))
        signed = tuple(lines) or tuple(number for number in waiting if number not in not_collected)
        command = RecordReceipts(
            on=on,
            batch=identifier,
            file=file_name(str(scan)),
            sha256=session.hand_in(scan),
            signed=tuple(dict.fromkeys(signed)),
            not_collected=tuple(dict.fromkeys(not_collected)),
        )
        facts = [recorded.fact for recorded in session.execute(command).recorded]
        said = next(fact for fact in facts if isinstance(fact, BatchReconciled))
        document = {"batch": identifier, "signed": said.paid, "not_collected": said.failed, "amount_fen": said.paid_fen}
        sentence = _("Batch {batch}: {signed} signed for {amount} yuan, {missing} did not come.").format(
            batch=identifier, signed=said.paid, amount=yuan(said.paid_fen), missing=said.failed
        )
        return show(globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)
