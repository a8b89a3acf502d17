"""`status`: what this ledger is, how much it holds, and whether its parts fit together."""

from __future__ import annotations

from datetime import datetime

import click

from mingzhang.domain.ledger_state import LedgerState
from mingzhang.domain.values.base64_text import base64_text

from ..i18n import _
from ..keeping.damage import refuse_damaged
from ..options import Globals, Verb, example, table_file_options
from ..output import Answer, Column, Table, Text, instant_text, remark, show
from ..session import Session
from .findings import audited, counts, counts_table, counts_text, not_applied


@click.command(cls=Verb, help=_("What this ledger holds and whether it is in order."))
@table_file_options
@example("mingzhang status")
@click.pass_obj
def status(globals: Globals) -> int:
    with Session(globals) as session:
        head = session.ledger.journal.head()
        root = base64_text(session.ledger.journal.root_at(head.size))
        refuse_damaged(session.folder)
        if not globals.without_names:
            session.vault.find("id_number", "0")  # a wrong key is found out here
        caught_up = session.engine.catch_up()
        plans = session.adopted_plans()
        as_of, told = audited(session, (), None, None)
        found = counts([one for one in told.found if not one.switched_off])
        left_out = not_applied(told, {})
        ahead = head.recorded_at if head.recorded_at and session.clock() < datetime.fromisoformat(head.recorded_at) else None
        document = {
            "ledger": str(session.folder.root),
            "ledger_id": session.folder.ledger_id,
            "rehearsal": session.rehearsal,
            "size": head.size,
            "root": root,
            "last_recorded_at": head.recorded_at,
            "clock_behind_until": ahead,
            "clock_attested_until": session.streams.read(LedgerState, session.folder.ledger_id).attested_until,
            "projections_size": caught_up,
            "plans": [{"plan": plan.code, "version": plan.version} for plan in plans],
            "journal_bytes": session.folder.journal.stat().st_size,
            "findings": found,
            "findings_not_looked_at": told.not_looked_at,
        }
        rows = [
            (_("Ledger"), document["ledger"]),
            (_("Ledger id"), document["ledger_id"]),
            (_("Rehearsal"), session.rehearsal),
            (_("Events"), head.size),
            (_("Root"), root),
            (_("Last recorded at"), instant_text(head.recorded_at)),
            (_("Projections hold"), caught_up),
            (_("Plans"), "、".join(f"{plan.code} {plan.version}" for plan in plans)),
            (_("Audit findings"), _("{counts}; on {day}").format(counts=counts_text(found), day=as_of.day)),
        ]
        if ahead:
            remark(globals, _about_the_clock(session, ahead))
        heads = [Column(_("What"), "what"), Column(_("Value"), "value")]
        parts: list[Table | Text] = [Table(heads, rows)]
        if found:
            parts.append(counts_table(found, caption=_("Audit findings")))
        if left_out:
            parts.append(Text(tuple(left_out)))
        return show(globals, Answer(document, tuple(parts)), rehearsal=session.rehearsal)


def _about_the_clock(session: Session, until: str) -> str:
    """What it means that the last record lies in the future of this computer's clock."""
    attested = session.streams.read(LedgerState, session.folder.ledger_id).attested_until
    if attested is not None and attested >= until:
        said = _("This computer's clock stands before the last record ({until}), which was attested: new records bear that instant.")
    else:
        said = _("This computer's clock stands before the last record ({until}): until then nothing can be recorded.")
    return said.format(until=instant_text(until))
