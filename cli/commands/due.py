"""`due`: every duty of every adopted plan on one list, late ones with their days, and the same as a calendar to subscribe to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.refusal import Refused

from ..calendar_file import Entry, calendar_file
from ..i18n import N_, _, ngettext
from ..intake.units import UnitNames
from ..options import DAY, Globals, Verb, as_of_options, example, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, show
from ..output.files import mark
from ..session import Session

if TYPE_CHECKING:
    from mingzhang.projections.due import DueRow

STATES = {
    "open": N_("still to do"),
    "late": N_("overdue"),
    "done": N_("done in time"),
    "done_late": N_("done late"),
    "external": N_("day not told yet"),
    "excused": N_("excused"),
}
_OURS = b"PRODID:-//mingzhang//due//"


@click.command(cls=Verb, help=_("Every duty of every adopted plan: what, who, by when, where it says so, and which event discharged it."))
@click.option("--until", type=DAY, metavar="DATE", help=_("Deadlines up to this day. Default: the end of the year of the day asked about."))
@unit_option()
@click.option("--plan", "plan_code", metavar="PLAN", help=_("Only this plan."))
@click.option("--state", "states", multiple=True, type=click.Choice(list(STATES)), help=_("Only these; repeat it for several."))
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help=_("Write a calendar to subscribe to as well."))
@as_of_options
@table_file_options
@example(
    "mingzhang due --state late --state open",
    "mingzhang --json due --on 2020-04-15 --known-at 2020-04-01",
    "mingzhang due --until 2020-12-31 --ics 时间节点.ics",
)
@click.pass_obj
def due(
    globals: Globals,
    until: date | None,
    unit: str | None,
    plan_code: str | None,
    states: tuple[str, ...],
    ics: Path | None,
    on: date | None,
    known_at: Any,
) -> int:
    from mingzhang.projections.due import due as due_rows
    from mingzhang.projections.register import plan_codes

    if ics is not None and not ics.parent.is_dir():
        raise Refused("output_folder_missing", folder=str(ics.parent))
    with Session(globals) as session:
        units = UnitNames(session)
        as_of = session.as_of(on, known_at)
        with session.engine.view(as_of) as view:
            codes = plan_codes(view.connection)
            if plan_code is not None and plan_code not in codes:
                raise Refused("plan_not_adopted", plan=plan_code)
            rows = due_rows(view, until, units.resolve(unit) if unit else None, plan_code)
        rows = [row for row in rows if not states or row.state in states]
        document = [_document(row, units) for row in rows]
        table, filed = _tables(document, as_of.day, as_of.known_at)
        parts: list[Table | Text] = [table]
        asked = _to_be_told(document)
        if asked:
            parts.append(Text(tuple(asked)))
        if ics is not None:
            content = _calendar(session, rows, units, as_of.known_at)
            _write(ics, content)
            dated = sum(row.due_on is not None for row in rows)
            said = ngettext("{file}: {count} day.", "{file}: {count} days.", dated).format(file=ics, count=dated)
            parts.append(Text((said,)))
        return show(globals, Answer(document, tuple(parts), filed=(filed,)), rehearsal=session.rehearsal)


def _document(row: DueRow, units: UnitNames) -> dict[str, Any]:
    return {
        "duty": row.duty,
        "name": _name(row),
        "source": row.source,
        "owner": units.title(row.owner),
        "owner_id": row.owner,
        "period": row.period,
        "from_on": row.from_on,
        "due_on": row.due_on,
        "state": row.state,
        "done_on": row.done_on,
        "days_late": row.days_late,
        "plan": row.plan,
        "clause": row.clause,
        "clause_text": row.clause_text,
        "to": [units.title(one) for one in row.to],
        "asks": list(row.asks),
        "done_by": row.done_by,
        "plan_version": row.plan_ref,
        "earliest_on": row.earliest_on,
    }


def _name(row: DueRow) -> str:
    """A list to be taken down is not the notice that was to be posted, though both are called by the plan's name for the step; nor is the
    report that an owner sends the bulletin made of it. A finding has no name but its number."""
    if row.source == "inspection":
        inspection, _slash, number = row.duty.removeprefix("inspection/").rpartition("/")
        return _("Inspection {inspection}: put finding {number} right").format(inspection=inspection, number=number)
    words = {"notice": _("{name}: take the list down"), "target": _("{name}: send one's own progress")}
    return words.get(row.source, "{name}").format(name=row.name)


def _tables(document: Sequence[dict[str, Any]], day: str, size: int) -> tuple[Table, Table]:
    """What fits a screen, and every column for a file."""
    shown = [
        {**row, "state": _(STATES[row["state"]]), "days_late": row["days_late"] or None, "to": "、".join(row["to"])} for row in document
    ]
    late = sum(row["state"] in ("late", "done_late") for row in document)
    foot = ngettext(
        "{count} duty, {late} late; on {day}, log size {size}.", "{count} duties, {late} late; on {day}, log size {size}.", len(document)
    ).format(count=len(document), late=late, day=day, size=size)
    several = len({row["plan"] for row in document}) > 1
    heads = [
        Column(_("Due"), "due_on"),
        Column(_("State"), "state"),
        Column(_("Done on"), "done_on"),
        Column(_("Days overdue"), "days_late", "right"),
        Column(_("Owner"), "owner"),
        Column(_("Duty"), "name"),
        Column(_("Period"), "period"),
    ]
    plan = Column(_("Plan"), "plan")
    more = [plan, Column(_("Clause"), "clause_text"), Column(_("To"), "to"), Column(_("Done by"), "done_by")]
    if any(row["earliest_on"] for row in document):
        heads.insert(1, Column(_("Earliest possible"), "earliest_on"))
    return Table([*heads, plan] if several else heads, shown, foot=foot), Table([*heads, *more], shown, foot=foot)


def _to_be_told(document: Sequence[dict[str, Any]]) -> list[str]:
    """The days the office is still to be told of, each once."""
    asked = dict.fromkeys((row["plan"], name, row["period"]) for row in document if row["state"] == "external" for name in row["asks"])
    return [
        _("Not told yet; record it with `mingzhang plan date {plan} --name {name} --period {period} --day …`.").format(
            plan=plan, name=name, period=period
        )
        for plan, name, period in asked
    ]


def _calendar(session: Session, rows: Sequence[DueRow], units: UnitNames, known_at: int) -> bytes:
    newest = session.ledger.journal.select_rows(gt_size=max(known_at - 1, 0), limit=1)
    stamp = datetime.fromisoformat(newest[0].recorded_at) if newest else datetime(1970, 1, 1, tzinfo=UTC)
    entries = []
    for row in rows:
        if row.due_on is None:
            continue
        owner = units.title(row.owner)
        state = _(STATES[row.state])
        told = [f"{row.plan} {row.clause}".strip(), row.clause_text, _("For {period}").format(period=row.period), state]
        if row.to:
            told.append(_("To {units}").format(units="、".join(map(units.title, row.to))))
        if row.done_on:
            told.append(_("Done on {day}: {event}").format(day=row.done_on, event=row.done_by))
        entries.append(
            Entry(
                key="/".join((row.plan, row.duty, row.owner, row.period)),
                day=date.fromisoformat(row.due_on),
                title=f"{mark(session.rehearsal)}[{state}] {_name(row)} · {owner}",
                text="\n".join(line for line in told if line),
                categories=(row.plan,) if row.plan else (),
                done=row.state in ("done", "done_late", "excused"),
            )
        )
    name = mark(session.rehearsal) + _("Duties of the plans")
    return calendar_file(entries, name=name, ledger_id=session.folder.ledger_id, stamp=stamp)


def _write(path: Path, content: bytes) -> None:
    """A calendar is written over again and again, since others subscribe to its place; anything but our own calendar is left alone."""
    if path.exists() and _OURS not in path.read_bytes()[:400]:
        raise Refused("file_exists", file=str(path))
    draft = path.with_name(f".{path.name}.unfinished")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
