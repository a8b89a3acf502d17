"""`roster`: who is recognised on a day, what stands awarded to them, and what they have been paid by then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.refusal import Refused
from mingzhang.domain.sealed import Sealed
from mingzhang.domain.values.bad_value import BadValue
from mingzhang.domain.values.categories import category as category_of
from mingzhang.domain.vault.masking import mask_name

from ..cases.named import unread
from ..cases.stands import stand_text
from ..i18n import _, ngettext
from ..intake.reveal import note_disclosure
from ..intake.units import UnitNames
from ..options import Globals, Verb, as_of_options, example, reveal_option, scheme_option, table_file_options, unit_option
from ..output import Answer, Column, Table, show, yuan
from ..session import Session
from ..words.trail import scheme_titles

if TYPE_CHECKING:
    from mingzhang.projections.register import RosterRow


@click.command(cls=Verb, help=_("Who receives what, on any day, as known at any time."))
@scheme_option()
@unit_option()
@click.option("--category", metavar="CATEGORY", help=_("Only those recognised under this 困难类别, such as 建档立卡."))
@as_of_options
@reveal_option
@table_file_options
@example(
    "mingzhang roster --unit 师范系 --on 2020-06-30",
    "mingzhang --json roster --scheme grant --on 2020-06-30 --known-at 2020-07-01",
    "mingzhang --as inspector roster --category 建档立卡 --reveal",
)
@click.pass_obj
def roster(
    globals: Globals, scheme: str | None, unit: str | None, category: str | None, on: date | None, known_at: Any, reveal: bool
) -> int:
    from mingzhang.projections.register import roster as rows_of

    with Session(globals) as session:
        units = UnitNames(session)
        stored = session.scheme(scheme) if scheme else None
        term = _term(category) if category else None
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            rows = rows_of(view, stored, units.wanted(unit), term)
        if reveal:
            note_disclosure(session, "roster", [row.student for row in rows], [row.unit for row in rows])
        persons = [person(fields, reveal=reveal) for fields in opened(session, rows)]
        document = [
            {
                "student": row.student,
                **who,
                **units.said(row.unit),
                "categories": list(row.categories),
                "level": row.level,
                "awards": row.awards,
                "paid_fen": row.paid_fen,
                "enrolment": row.enrolment,
            }
            for row, who in zip(rows, persons, strict=True)
        ]
        table = _table(session, document, reveal=reveal, of_one=stored is not None)
        awarded = sum(award["amount_fen"] for row in rows for award in row.awards)
        foot = ngettext(
            "{count} student; awarded {awarded} yuan, paid {paid} yuan; on {day}, as known at log size {size}.",
            "{count} students; awarded {awarded} yuan, paid {paid} yuan; on {day}, as known at log size {size}.",
            len(rows),
        ).format(count=len(rows), awarded=yuan(awarded), paid=yuan(sum(row.paid_fen for row in rows)), day=as_of.day, size=as_of.known_at)
        return show(globals, Answer(document, (Table(table.columns, table.rows, foot=foot),)), rehearsal=session.rehearsal)


def _term(written: str) -> str:
    """The category behind a term or a synonym of it."""
    try:
        return category_of(written.strip())
    except BadValue as problem:
        raise Refused(problem.code) from None


def opened(session: Session, rows: Sequence[RosterRow]) -> list[dict[str, str] | None]:
    """Each student's personal fields with later corrections laid over them; None for an erased person."""
    boxes: list[Sealed] = []
    for row in rows:
        boxes += (row.person, *row.details)
    fields = iter(session.vault.open_many(boxes))
    found: list[dict[str, str] | None] = []
    for row in rows:
        parts = [next(fields) for _box in (row.person, *row.details)]
        whole: dict[str, str] = {}
        for part in parts:
            whole |= part or {}
        found.append(whole if parts[0] is not None else None)
    return found


def person(fields: dict[str, str] | None, *, reveal: bool) -> dict[str, str | None]:
    """`name`, masked unless revealed, and then `id_number`."""
    said = fields or {}
    if reveal:
        return {"name": said.get("name"), "id_number": said.get("id_number")}
    return {"name": mask_name(said["name"]) if "name" in said else None}


def _table(session: Session, document: list[dict[str, Any]], *, reveal: bool, of_one: bool) -> Table:
    titles = {} if of_one else scheme_titles(session)
    shown = [
        row
        | {"name": row["name"] or unread(session, row["student"]), "awards": "\n".join(_award(award, titles) for award in row["awards"])}
        for row in document
    ]
    heads = [Column(_("Student"), "student"), Column(_("Name"), "name")]
    heads += [Column(_("Identity number"), "id_number")] if reveal else []
    heads += [
        Column(_("Unit"), "unit"),
        Column(_("Categories"), "categories"),
        Column(_("Level"), "level"),
        Column(_("Awards"), "awards"),
        Column(_("Paid, yuan"), "paid_fen"),
    ]
    return Table(heads, shown)


def _award(award: dict[str, Any], titles: dict[str, str]) -> str:
    said = f"{award['period']} {yuan(award['amount_fen'])}"
    if titles:  # of a single scheme nobody needs to be told the name again
        said = f"{titles.get(award['scheme'], award['scheme'])} {said}"
    return said if award["state"] == "approved" else f"{said} ({stand_text(award['state'])})"
