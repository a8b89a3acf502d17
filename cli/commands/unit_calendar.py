"""`unit calendar`: a year's working days as the State Council published them, where the program does not know them or knows better."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click

from mingzhang.domain.calendar import PACKAGE, PACKAGE_YEARS, CalendarYear, RecordCalendar, calendar_source, is_workday

from ..clock import parse_day
from ..i18n import _
from ..options import Globals, Verb, example, on_option
from ..output import Answer, show
from ..session import Session

_SATURDAY = 5


@click.command(
    "calendar", cls=Verb, help=_("Record a year's 节假日安排 with its source; without --source, say what is known of the year.")
)
@click.argument("year", type=click.IntRange(1990, 2199))
@click.option("--rest", multiple=True, metavar="DAY[..DAY]", help=_("Days off, single or from..to; weekends among them are off anyway."))
@click.option("--work", multiple=True, metavar="DAY", help=_("A make-up working day at a weekend; repeat it for several."))
@click.option("--source", metavar="TEXT", help=_("Title and number of the State Council's notice."))
@click.option("--evidence", type=click.Path(path_type=Path), metavar="FILE", help=_("The notice itself; it is kept, sealed."))
@click.option("--replace", "replaces", is_flag=True, help=_("Also where the program knows the year: these days take the place of those."))
@on_option
@example(
    "mingzhang unit calendar 2026",
    "mingzhang --as administrator unit calendar 2027 --rest 2027-01-01..2027-01-03 --work 2027-02-20 --source 国办发明电〔2026〕7号",
)
@click.pass_obj
def calendar(
    globals: Globals,
    year: int,
    rest: tuple[str, ...],
    work: tuple[str, ...],
    source: str | None,
    evidence: Path | None,
    replaces: bool,
    on: date | None,
) -> int:
    days_off = tuple(day for written in rest for day in _days(written) if day.weekday() < _SATURDAY)
    made_up = tuple(day for written in work for day in _days(written))
    if source is None and (rest or work or evidence):
        raise click.UsageError(_("Say with --source where the days were published."))
    with Session(globals) as session:
        if source is not None:
            digest = (session.hand_in(evidence),) if evidence else ()
            record = RecordCalendar(
                on=on, evidence=digest, year=year, rest=days_off, work=made_up, source=source, replaces=replaces
            )
            session.execute(record)
        return _say(globals, session, year)


def _say(globals: Globals, session: Session, year: int) -> int:
    state = session.streams.read(CalendarYear, str(year))
    if not state.exists and year not in PACKAGE_YEARS:
        unknown: dict[str, object] = {
            "year": year, "known": False, "calendar": None, "source": None, "workdays": None, "rest": [], "work": [],
        }  # fmt: skip
        said = _("Nobody has recorded the year {year} yet, and the program does not know it.").format(year=year)
        return show(globals, Answer.saying(unknown, said), rehearsal=session.rehearsal)
    days = [date(year, 1, 1) + timedelta(days=number) for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]
    worked = {day for day in days if is_workday(session.streams, day)}
    document: dict[str, object] = {
        "year": year,
        "known": True,
        "calendar": calendar_source(session.streams, year),
        "source": state.source if state.exists else PACKAGE,
        "workdays": len(worked),
        "rest": [day.isoformat() for day in days if day.weekday() < _SATURDAY and day not in worked],
        "work": [day.isoformat() for day in days if day.weekday() >= _SATURDAY and day in worked],
    }
    said = _("{year} has {workdays} working days, by: {source}.").format(year=year, workdays=len(worked), source=document["source"])
    return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


def _days(written: str) -> Iterator[date]:
    """`2027-10-01` or `2027-10-01..2027-10-07`, both ends included."""
    first, _dots, last = written.partition("..")
    try:
        start = parse_day(first.strip())
        end = parse_day(last.strip()) if last else start
    except ValueError:
        end, start = date.min, date.max
    if not 0 <= (end - start).days <= 366:
        raise click.UsageError(_("{text} cannot be read; write it like {example}.").format(text=written, example="2027-10-01..2027-10-07"))
    return (start + timedelta(days=number) for number in range((end - start).days + 1))
