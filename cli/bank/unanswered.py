"""Files the bank has not answered to the end, as an answer to show: what a cashier asks the bank about."""

from __future__ import annotations

from datetime import date

from ..clock import KnownAt
from ..i18n import _
from ..output import Answer, Column, Table, yuan
from ..session import Session


def unanswered_answer(session: Session, at_least: int, on: date | None, known_at: KnownAt | None) -> Answer:
    """The batches that went out at least so many days before the day asked about and are not settled."""
    from mingzhang.projections.unanswered import unanswered

    with session.engine.view(session.as_of(on, known_at)) as view:
        found = [row._asdict() for row in unanswered(view, at_least)]
    columns = [
        Column(_("Batch"), "batch"),
        Column(_("Sent on"), "exported_on"),
        Column(_("Days"), "days", "right"),
        Column(_("Without a final answer"), "waiting", "right", adds=True),
        Column(_("of these pending"), "pending", "right", adds=True),
        Column(_("Amount in yuan"), "waiting_fen"),
    ]
    total = sum(row["waiting_fen"] for row in found)
    foot = _("Batches the bank has not settled: {count}; {amount} yuan. Take its answer in, or ask the bank.").format(
        count=len(found), amount=yuan(total)
    )
    return Answer(found, (Table(columns, found, foot=foot),))
