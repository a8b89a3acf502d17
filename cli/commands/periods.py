"""`periods`: what was surveyed, awarded, paid and kept in each month, quarter or half-year."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session


@click.command(cls=Verb, help=_("What was done in each month, quarter or half-year, by the day it happened."))
@click.option(
    "--by", "length", type=click.Choice(["month", "quarter", "half-year"]), default="month", help=_("How long a period is. Default: month.")
)
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang periods --by quarter", "mingzhang --json periods --by month --unit 师范系 --on 2020-06-30")
@click.pass_obj
def periods(globals: Globals, length: Any, unit: str | None, on: date | None, known_at: Any) -> int:
    from mingzhang.projections.periods import periods as period_rows

    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            rows = [row._asdict() for row in period_rows(view, length, units.wanted(unit))]
        heads = [
            Column(_("Period"), "period"),
            Column(_("Surveyed"), "surveyed", "right", adds=True),
            Column(_("Applied"), "applied", "right", adds=True),
            Column(_("Awards"), "approved", "right", adds=True),
            Column(_("Awarded, yuan"), "approved_fen"),
            Column(_("Payments"), "paid", "right", adds=True),
            Column(_("Paid, yuan"), "paid_fen"),
            Column(_("Came back, yuan"), "came_back_fen"),
            Column(_("Calls"), "calls", "right", adds=True),
            Column(_("Visits"), "visits", "right", adds=True),
            Column(_("Help, yuan"), "support_fen"),
            Column(_("Duties done"), "duties", "right", adds=True),
        ]
        foot = _("By {day}, log size {size}.").format(day=as_of.day, size=as_of.known_at)
        return show(globals, Answer(rows, (Table(heads, rows, foot=foot),)), rehearsal=session.rehearsal)
