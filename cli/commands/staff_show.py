"""`staff show`: one person in office as of any day: appointments, signing keys, and the students they decide nothing about."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.staff import Staff

from ..i18n import _
from ..intake.reveal import named
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, table_file_options
from ..output import Answer, Column, Table, show
from ..session import Session
from .staff_key import key_heads, key_row, key_shown


@click.command("show", cls=Verb, help=_("One person's appointments, signing keys and interests, as of any day, as known at any time."))
@click.argument("staff_id", metavar="STAFF")
@as_of_options
@table_file_options
@example("mingzhang staff show wang", "mingzhang staff show wang --on 2020-03-20 --known-at 2020-06-30")
@click.pass_obj
def show_(globals: Globals, staff_id: str, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.register import interests, staff_rows

    with Session(globals) as session:
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            appointments = [row for row in staff_rows(view) if row.staff == staff_id]
            family = [(student, ref) for staff, student, ref in interests(view) if staff == staff_id]
        state = session.ledger.streams(as_of.known_at).read(Staff, staff_id)
        if not state.exists:
            raise Refused("staff_unknown", staff=staff_id)
        sealed = [row.person for row in appointments if row.person is not None][-1:]
        units = UnitNames(session)
        held = [
            {"role": row.role, **units.said(row.unit), "since": row.since, "until": row.until, "holds": _holds(row.until, as_of.day)}
            for row in appointments
        ]
        keys = [key_row(one) for one in state.keys if one.since <= as_of.effective_on]
        declared = [{"student": student, "events": [ref]} for student, ref in family]
        name = named(session, sealed, reveal=False)[0].get("name") if sealed else None
        document = {"staff": staff_id, "name": name, "appointments": held, "keys": keys, "interests": declared}
        dates = [Column(_("Since"), "since"), Column(_("Until"), "until")]
        parts = (
            Table([Column(_("Role"), "role"), Column(_("Unit"), "unit"), *dates], held, caption=" ".join(filter(None, (staff_id, name)))),
            Table(key_heads(), [key_shown(row) for row in keys], caption=_("Signing keys")),
            Table([Column(_("Student"), "student")], declared, caption=_("Decides nothing about")),
        )
        return show(globals, Answer(document, tuple(part for part in parts if part.rows)), rehearsal=session.rehearsal)


def _holds(until: str | None, day: str) -> bool:
    return until is None or day < until
