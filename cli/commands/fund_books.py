"""`fund take-over`, `fund reconcile`: where the books before us ended, and what a calendar year has to do with a school year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from mingzhang.domain.money.fund import existing_fund
from mingzhang.domain.money.opening import TakeOverFund
from mingzhang.domain.values.periods import period_of_kind

from ..i18n import _
from ..options import DAY, YUAN, Globals, KnownAt, Verb, as_of_options, example, on_option, table_file_options
from ..output import Answer, Column, Table, Text, show, yuan
from ..session import Session


@click.command("take-over", cls=Verb, help=_("Take a fund's opening balance over from the books before, with their page as evidence."))
@click.argument("fund_id", metavar="FUND")
@click.option("--received", required=True, type=YUAN, metavar="YUAN", help=_("All that had arrived."))
@click.option("--available", required=True, type=YUAN, metavar="YUAN", help=_("What is there to be spent."))
@click.option("--paid", type=YUAN, default="0", metavar="YUAN", help=_("What had been paid out, less what came back. Default: 0."))
@click.option("--returned", type=YUAN, default="0", metavar="YUAN", help=_("What had been returned upward. Default: 0."))
@click.option("--source", metavar="OFFICE", help=_("Where the money came from; each source is taken over by itself."))
@click.option(
    "--evidence",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("The page of the old books, signed; it is kept, sealed."),
)
@on_option
@example(
    "mingzhang --as treasurer fund take-over F2020 --received 120000 --available 20000 --paid 98500 --returned 1500 "
    "--source 省级财政 --on 2020-02-29 --evidence 旧账余额表.pdf"
)
@click.pass_obj
def take_over(
    globals: Globals,
    fund_id: str,
    received: int,
    available: int,
    paid: int,
    returned: int,
    source: str | None,
    evidence: Path,
    on: date | None,
) -> int:
    with Session(globals) as session:
        digest = session.hand_in(evidence)
        opening = TakeOverFund(
            on=on,
            evidence=(digest,),
            fund=fund_id,
            received_fen=received,
            available_fen=available,
            paid_fen=paid,
            returned_fen=returned,
            source=source,
        )
        session.execute(opening)
        state = existing_fund(session.streams, fund_id)
        document = {
            "fund": fund_id,
            "received_fen": state.received_fen,
            "available_fen": state.available_fen,
            "reserved_fen": state.reserved_fen,
            "paid_fen": state.paid_fen,
            "returned_fen": state.returned_fen,
            "source": source,
            "evidence": digest,
        }
        said = _("{amount} yuan are taken over; the evidence is kept as {sha256}.").format(amount=yuan(received), sha256=digest)
        left = _("Fund {fund} has {amount} yuan available.").format(fund=fund_id, amount=yuan(state.available_fen))
        return show(globals, Answer.saying(document, said, left), rehearsal=session.rehearsal)


@click.command(
    "reconcile",
    cls=Verb,
    help=_(
        "What was paid in each calendar year for each school year, and how the figure of the one becomes that of the other. "
        "What is for a calendar year, or given once, belongs to the school year it was paid in, which ends on the cut-off day."
    ),
)
@click.option("--fund", "fund_id", metavar="FUND", help=_("Only this fund."))
@click.option("--year", type=click.IntRange(1949, 9999), metavar="YEAR", help=_("The calendar year to explain, with --school-year."))
@click.option("--school-year", metavar="YEAR-YEAR", help=_("The school year to explain it by, such as 2019-2020."))
@click.option("--cut-off", type=DAY, metavar="DATE", help=_("The last day of a school year; month and day count. Default: 31 August."))
@as_of_options
@table_file_options
@example(
    "mingzhang fund reconcile",
    "mingzhang fund reconcile --year 2020 --school-year 2019-2020 --cut-off 2020-08-31 --on 2020-12-31",
)
@click.pass_obj
def reconcile(
    globals: Globals,
    fund_id: str | None,
    year: int | None,
    school_year: str | None,
    cut_off: date | None,
    on: date | None,
    known_at: KnownAt | None,
) -> int:
    from mingzhang.projections import money_years

    if (year is None) is not (school_year is None):
        raise click.UsageError(_("Give --year and --school-year together, or neither."))
    if school_year is not None:
        period_of_kind(school_year, "school-year")
    month_and_day = money_years.CUT_OFF if cut_off is None else (cut_off.month, cut_off.day)
    with Session(globals) as session:
        if fund_id is not None:
            existing_fund(session.streams, fund_id)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = money_years.years(view, fund_id, month_and_day)
        columns_by_year = list(found.by_school_year)
        cells = {(cell.year, cell.school_year): cell for cell in found.cells}
        rows: list[dict[str, object]] = [
            {
                "year": str(one),
                **{f"{name}_fen": cells[one, name].net_fen if (one, name) in cells else 0 for name in columns_by_year},
                "total_fen": total,
            }
            for one, total in found.by_year.items()
        ]
        rows.append(
            {"year": _("Total"), **{f"{name}_fen": total for name, total in found.by_school_year.items()}, "total_fen": found.paid_fen}
        )
        titles = {name: _("Before") if name == money_years.BEFORE else name for name in columns_by_year}
        heads = [
            Column(_("Calendar year"), "year"),
            *(Column(titles[name], f"{name}_fen", adds=False) for name in columns_by_year),
            Column(_("Total"), "total_fen", adds=False),
        ]
        said = [_("The school year ends with {month}-{day}.").format(month=f"{month_and_day[0]:02d}", day=f"{month_and_day[1]:02d}")]
        document: dict[str, object] = {
            "cut_off": f"{month_and_day[0]:02d}-{month_and_day[1]:02d}",
            "cells": [cell._asdict() for cell in found.cells],
            "by_year": [{"year": one, "net_fen": fen} for one, fen in found.by_year.items()],
            "by_school_year": [{"school_year": one, "net_fen": fen} for one, fen in found.by_school_year.items()],
            "paid_fen": found.paid_fen,
            "bridge": None,
        }
        if year is not None and school_year is not None:
            way = money_years.bridge(found, year, school_year)
            document["bridge"] = way._asdict()
            said.append(
                _(
                    "Calendar year {year}: {year_yuan} yuan; less for other school years {less} yuan; and for {school_year} in other years "
                    "{more} yuan; gives school year {school_year}: {school_year_yuan} yuan."
                ).format(
                    year=year,
                    school_year=school_year,
                    year_yuan=yuan(way.year_fen),
                    less=yuan(way.other_school_years_fen),
                    more=yuan(way.other_years_fen),
                    school_year_yuan=yuan(way.school_year_fen),
                )
            )
        foot = _("In yuan; paid, less what came back.")
        return show(globals, Answer(document, (Table(heads, rows, foot=foot), Text(tuple(said)))), rehearsal=session.rehearsal)
