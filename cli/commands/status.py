"""`status`: what this ledger is, how much it holds, and whether its parts fit together."""

from __future__ import annotations

import click

from ..i18n import _
from ..options import Globals, Verb, example, table_file_options
from ..output import Answer, Column, Table, instant_text, show
from ..session import Session


@click.command(cls=Verb, help=_("What this ledger holds and whether it is in order."))
@table_file_options
@example("mingzhang status")
@click.pass_obj
def status(globals: Globals) -> int:
    with Session(globals) as session:
        head = session.ledger.journal.head()
        if not globals.without_names:
            session.vault.find("id_number", "0")  # a wrong key is found out here
        caught_up = session.engine.catch_up()
        plans = session.adopted_plans()
        document = {
            "ledger": str(session.folder.root),
            "ledger_id": session.folder.ledger_id,
            "rehearsal": session.rehearsal,
            "size": head.size,
            "last_recorded_at": head.recorded_at,
            "projections_size": caught_up,
            "plans": [{"plan": plan.code, "version": plan.version} for plan in plans],
            "journal_bytes": session.folder.journal.stat().st_size,
        }
        rows = [
            (_("Ledger"), document["ledger"]),
            (_("Ledger id"), document["ledger_id"]),
            (_("Rehearsal"), session.rehearsal),
            (_("Events"), head.size),
            (_("Last recorded at"), instant_text(head.recorded_at)),
            (_("Projections hold"), caught_up),
            (_("Plans"), "、".join(f"{plan.code} {plan.version}" for plan in plans)),
        ]
        heads = [Column(_("What"), "what"), Column(_("Value"), "value")]
        return show(globals, Answer(document, (Table(heads, rows),)), rehearsal=session.rehearsal)
