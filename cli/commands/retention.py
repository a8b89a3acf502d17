"""`retention`: how long each class of records is kept, the office's own decisions, and whose periods are over."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mingzhang.domain.privacy.retention import Period, Retention, SetRetention, periods, record_classes
from mingzhang.domain.privacy.retention import record_class as class_named

from ..i18n import N_, _
from ..options import Globals, KnownAt, Noun, as_of_options, example, on_option, table_file_options
from ..output import Answer, Column, Table, remark, show
from ..progress import counted
from ..session import Session

COUNTED = {"year_end": N_("the end of the year"), "fact": N_("the day itself")}


@click.group(cls=Noun, help=_("How long records are kept: list, set, and who may be erased (due)."))
@example("mingzhang retention list", "mingzhang retention due")
def retention() -> None:
    pass


@retention.command("list", help=_("Every class of records with its years and the clause they come from, on any day, as known at any time."))
@as_of_options
@table_file_options
@example("mingzhang retention list", "mingzhang retention list --on 2021-01-01")
@click.pass_obj
def list_(globals: Globals, on: date | None, known_at: KnownAt | None) -> int:
    with Session(globals) as session:
        asked = session.as_of(on, known_at)
        streams = session.ledger.streams(asked.known_at)
        rows = []
        for one in record_classes():
            setting = streams.read(Retention, one.code).on(asked.effective_on)
            row: dict[str, Any] = {"record_class": one.code, "title": one.name, "years": setting.years if setting else None}
            row |= {"counted_from": one.counted_from, "basis": setting.basis if setting else None}
            row |= {"since": setting.since.isoformat() if setting and setting.since else None, "event": setting.ref if setting else ""}
            rows.append(row)
        heads = [
            Column(_("Record class"), "record_class"),
            Column(_("Title"), "title"),
            Column(_("Years"), "years_text", "right"),
            Column(_("Counted from"), "counted"),
            Column(_("Since"), "since"),
            Column(_("Basis"), "basis"),
        ]
        words = {code: _(said) for code, said in COUNTED.items()}
        shown = [
            {**row, "years_text": _("unset") if row["years"] is None else str(row["years"]), "counted": words[row["counted_from"]]}
            for row in rows
        ]
        return show(globals, Answer(rows, (Table(heads, shown),)), rehearsal=session.rehearsal)


@retention.command("set", help=_("Decide how long a class of records is kept, from a day on."))
@click.argument("record_class", metavar="CLASS")
@click.argument("years", type=click.IntRange(0), metavar="YEARS")
@click.option("--basis", required=True, metavar="CLAUSE", help=_("By which clause or whose decision; stays readable."))
@on_option
@example("mingzhang --as privacy-officer retention set aid-files 10 --basis 县教育局文件归档范围和保管期限表")
@click.pass_obj
def set_(globals: Globals, record_class: str, years: int, basis: str, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(SetRetention(on=on, record_class=record_class, years=years, basis=basis))
        national = class_named(record_class)
        if national.years is not None and years < national.years:
            told = _("The national rule keeps them {years} years at the least: {source}")
            remark(globals, told.format(years=national.years, source=national.source))
        said = _("{record_class} are kept for {years} years.").format(record_class=record_class, years=years)
        return show(globals, Answer.saying({"record_class": record_class, "years": years}, said), rehearsal=session.rehearsal)


@retention.command("due", help=_("Whose periods are all over on a day, those longest over first: they may be erased, and should be."))
@click.option("--all", "everybody", is_flag=True, help=_("Those too whose periods still run, or cannot be told while a class is unset."))
@as_of_options
@table_file_options
@example("mingzhang retention due --on 2051-01-01", "mingzhang retention due --all")
@click.pass_obj
def due(globals: Globals, everybody: bool, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.personal import kept_records

    with Session(globals) as session, counted(globals, _("Reading the log")) as progress:
        asked = session.as_of(on, known_at)
        day = asked.effective_on
        streams = session.ledger.streams(asked.known_at)
        kept = kept_records(session.ledger.journal, asked.known_at, day, progress=progress)
        found = [(ref, of, periods(streams, of.lasts.items(), day)) for ref, of in kept.items() if not of.erased]
        rows = [_row(ref, of.restricted, its) for ref, of, its in found]
        rows = [row for row in rows if everybody or (row["free_from"] is not None and row["free_from"] <= day.isoformat())]
        rows.sort(key=lambda row: (row["free_from"] is None, row["free_from"] or "", row["person"]))
        heads = [
            Column(_("Person"), "person"),
            Column(_("May be erased from"), "free_from"),
            Column(_("Record class"), "title"),
            Column(_("Last fact"), "last"),
            Column(_("Unset"), "unset"),
            Column(_("Restricted"), "restricted"),
        ]
        shown = [{**row, "title": class_named(row["record_class"]).name if row["record_class"] else ""} for row in rows]
        return show(globals, Answer(rows, (Table(heads, shown),)), rehearsal=session.rehearsal)


def _row(ref: str, restricted: bool, found: list[Period]) -> dict[str, Any]:
    unset = [one.record_class for one in found if one.free_from is None]
    last = found[-1] if found and not unset else None
    return {
        "person": ref,
        "free_from": last.free_from.isoformat() if last and last.free_from else None,
        "record_class": last.record_class if last else None,
        "last": max(one.last for one in found).isoformat() if found else None,
        "unset": unset,
        "restricted": restricted,
    }
