"""`payment totals`: money by scheme, period and department, on any day and as known at any time."""

from __future__ import annotations

from datetime import date

import click

from ..clock import KnownAt
from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, period_option, scheme_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session
from ..words.trail import scheme_titles


@click.command("totals", cls=Verb, help=_("What was awarded, prepared and paid, by scheme, period and department."))
@scheme_option()
@period_option()
@unit_option()
@as_of_options
@table_file_options
@example("mingzhang payment totals --on 2020-06-30", "mingzhang payment totals --scheme grant --xlsx 发放汇总.xlsx")
@click.pass_obj
def totals(
    globals: Globals, unit: str | None, period: str | None, scheme: str | None, on: date | None, known_at: KnownAt | None
) -> int:
    from mingzhang.projections.paid_totals import paid_totals

    with Session(globals) as session:
        units = UnitNames(session)
        stored = session.scheme(scheme) if scheme else None
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = paid_totals(view, stored, period, units.wanted(unit))
        document = [{**row._asdict(), **units.said(row.unit)} for row in found]
        titles = scheme_titles(session)
        shown = [{**row, "scheme": titles.get(str(row["scheme"]), row["scheme"])} for row in document]
        columns = [
            Column(_("Scheme"), "scheme"),
            Column(_("Period"), "period"),
            Column(_("Unit"), "unit"),
            Column(_("Awards"), "awards", "right", adds=True),
            Column(_("Awarded, yuan"), "awarded_fen"),
            Column(_("Payments"), "payments", "right", adds=True),
            Column(_("Prepared, yuan"), "prepared_fen"),
            Column(_("Paid"), "paid", "right", adds=True),
            Column(_("Not arrived"), "waiting", "right", adds=True),
            Column(_("Paid, yuan"), "paid_fen"),
        ]
        return show(globals, Answer(document, (Table(columns, shown),)), rehearsal=session.rehearsal)
