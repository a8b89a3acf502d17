"""`survey list`: whom a round names, as it stood on any day; the sub-lists an office is asked for are its rows of one category."""

from __future__ import annotations

from datetime import date

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.survey.round import Round
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.categories import category as category_of

from ..cases.named import masked_or_mark
from ..clock import KnownAt
from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, round_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show
from ..session import Session

NEW = "新增"


@click.command("list", cls=Verb, help=_("Whom a round names, on any day, as known at any time; names masked."))
@round_option()
@unit_option()
@click.option("--category", metavar="CATEGORY", help=_("A sub-list: only those of this 困难类别, or 新增 for those marked as new."))
@as_of_options
@table_file_options
@example(
    "mingzhang survey list --round 2020-spring --category 建档立卡 --on 2020-03-30",
    "mingzhang survey list --round 2020-spring --unit 师范系 --xlsx 师范系.xlsx",
)
@click.pass_obj
def list_(
    globals: Globals, category: str | None, unit: str | None, round_id: str, on: date | None, known_at: KnownAt | None
) -> int:
    from mingzhang.projections.register import entries

    with Session(globals) as session:
        if not session.streams.read(Round, round_id).exists:
            raise Refused("round_unknown", round=round_id)
        units = UnitNames(session)
        term = None if category in (None, NEW) else _term(str(category))
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = entries(view, round_id, units.wanted(unit), term)
        found = [row for row in found if category != NEW or row.new]
        names = session.vault.open_many([row.person for row in found])
        document = [
            {
                "student": row.student,
                "name": masked_or_mark(session, row.student, (fields or {}).get("name", "")),
                **units.said(row.unit),
                "categories": list(row.categories),
                "kinds": list(row.kinds),
                "level": row.level,
                "stage": row.stage,
                "new": row.new,
                "lifted": row.lifted,
                "income_fen": row.income_fen,
                "household_size": row.household_size,
                "account_given": row.account_given,
                "event": row.ref,
                "file": row.file,
                "sheet": row.sheet,
                "row": row.row,
            }
            for row, fields in zip(found, names, strict=True)
        ]
        columns = [
            Column(_("Student"), "student"),
            Column(_("Name"), "name"),
            Column(_("Unit"), "unit"),
            Column(_("Categories"), "categories"),
            Column(_("As written"), "kinds"),
            Column(_("Level"), "level"),
            Column(_("Stage"), "stage"),
            Column(_("New"), "new"),
            Column(_("Lifted out"), "lifted"),
            Column(_("Income per head, yuan"), "income_fen", adds=False),
            Column(_("Household"), "household_size", "right"),
            Column(_("Account given"), "account_given"),
        ]
        caption = _("Round {round}").format(round=round_id) + (f" {category}" if category else "")
        foot = _("Entries: {count}.").format(count=len(document))
        return show(globals, Answer(document, (Table(columns, document, caption=caption, foot=foot),)), rehearsal=session.rehearsal)


def _term(written: str) -> str:
    try:
        return category_of(written.strip())
    except BadValue as problem:
        raise Refused(problem.code) from None
