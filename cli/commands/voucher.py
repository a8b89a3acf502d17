"""`voucher`: every movement an accountant books has a number, without gaps for each fund and year."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from mingzhang.domain.ledger import Execution
from mingzhang.domain.money.fund import existing_fund
from mingzhang.domain.money.voucher import BookMonth, PostVoucher, ReverseVoucher, VoucherPosted, VoucherReversed

from ..i18n import _
from ..options import Globals, KnownAt, Noun, as_of_options, example, on_option, reason_option, table_file_options
from ..output import Answer, Column, Table, show, yuan
from ..session import Session
from ..words.books import step_words

_fund_option = click.option("--fund", "fund_id", metavar="FUND", help=_("Only this fund."))
_paper_option = click.option("--paper", metavar="NUMBER", help=_("The number it has in another accounting program."))


@click.group(cls=Noun, help=_("Vouchers (凭证号): book a month, post, reverse, list, unbooked."))
@example("mingzhang --as treasurer voucher book F2020 --month 2020-04")
def voucher() -> None:
    pass


@voucher.command("book", help=_("Give everything of a month that has no voucher one: by day and kind, in the order of days."))
@click.argument("fund_id", metavar="FUND")
@click.option("--month", required=True, metavar="MONTH", help=_("The month, such as 2020-04."))
@example("mingzhang --as treasurer voucher book F2020 --month 2020-04")
@click.pass_obj
def book(globals: Globals, fund_id: str, month: str) -> int:
    with Session(globals) as session:
        done = session.execute(BookMonth(fund=fund_id, month=month))
        rows: list[dict[str, Any]] = [
            {
                "number": fact.number,
                "voucher": recorded.ref,
                "on": fact.effective_on.isoformat(),
                "step": fact.step,
                "amount_fen": fact.amount_fen,
                "movements": list(fact.movements),
            }
            for recorded in done.recorded
            if isinstance(fact := recorded.fact, VoucherPosted)
        ]
        foot = _("{count} vouchers of {month}.").format(count=len(rows), month=month)
        said = [row | {"step": step_words(str(row["step"])), "count": len(row["movements"])} for row in rows]
        document = {"fund": fund_id, "month": month, "vouchers": rows}
        columns = [
            Column(_("No."), "number", "right"),
            Column(_("Day"), "on"),
            Column(_("What"), "step"),
            Column(_("Amount"), "amount_fen", adds=False),
            Column(_("Movements"), "count", "right"),
        ]
        return show(globals, Answer(document, (Table(columns, said, foot=foot),)), rehearsal=session.rehearsal)


@voucher.command("post", help=_("One voucher for the movements named, all of one kind."))
@click.argument("fund_id", metavar="FUND")
@click.argument("movements", metavar="MOVEMENT…", nargs=-1, required=True)
@_paper_option
@on_option
@example("mingzhang --as treasurer voucher post F2020 fund/F2020@4 --paper 记-17")
@click.pass_obj
def post(globals: Globals, fund_id: str, movements: tuple[str, ...], paper: str | None, on: date | None) -> int:
    with Session(globals) as session:
        done = session.execute(PostVoucher(on=on, fund=fund_id, movements=movements, paper=paper))
        return _recorded(session, done)


@voucher.command("reverse", help=_("Reverse a voucher that was wrong (红字冲销) by a further one; nothing is removed."))
@click.argument("fund_id", metavar="FUND")
@click.argument("number", type=click.IntRange(1), metavar="NUMBER")
@click.option("--year", required=True, type=click.IntRange(1949, 9999), metavar="YEAR", help=_("The year of the voucher."))
@reason_option(required=True)
@_paper_option
@on_option
@example("mingzhang --as treasurer voucher reverse F2020 3 --year 2020 --reason 科目有误")
@click.pass_obj
def reverse(globals: Globals, fund_id: str, number: int, year: int, reason: str, paper: str | None, on: date | None) -> int:
    with Session(globals) as session:
        box = session.seal_text(reason)
        done = session.execute(ReverseVoucher(on=on, fund=fund_id, year=year, number=number, reason=box, paper=paper))
        return _recorded(session, done)


@voucher.command("list", help=_("The vouchers, by number."))
@_fund_option
@click.option("--year", type=click.IntRange(1949, 9999), metavar="YEAR", help=_("Only this year."))
@as_of_options
@table_file_options
@example("mingzhang voucher list --fund F2020 --year 2020")
@click.pass_obj
def list_(globals: Globals, fund_id: str | None, year: int | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.vouchers import vouchers

    with Session(globals) as session:
        if fund_id is not None:
            existing_fund(session.streams, fund_id)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = vouchers(view, fund_id, year)
        document = [
            {
                "fund": row.fund,
                "year": row.year,
                "number": row.number,
                "voucher": row.ref,
                "on": row.on,
                "step": row.step,
                "amount_fen": row.amount_fen,
                "movements": list(row.movements),
                "paper": row.paper,
                "reverses": row.reverses,
                "reversed_by": row.reversed_by,
            }
            for row in found
        ]
        rows = [
            row | {"step": step_words(str(row["step"])), "other": _reversal(row["reverses"], row["reversed_by"])} for row in document
        ]
        columns = [
            Column(_("Fund"), "fund"),
            Column(_("Year"), "year"),
            Column(_("No."), "number", "right"),
            Column(_("Day"), "on"),
            Column(_("What"), "step"),
            Column(_("Amount"), "amount_fen", adds=False),
            Column(_("On paper"), "paper"),
            Column(_("Reversal"), "other"),
        ]
        return show(globals, Answer(document, (Table(columns, rows, foot=_("In yuan.")),)), rehearsal=session.rehearsal)


def _reversal(reverses: object, reversed_by: object) -> str:
    """The other voucher by its year and number, which is what stands on paper."""
    if not (reverses or reversed_by):
        return ""
    year, _at, number = str(reverses or reversed_by).rpartition("/")[2].partition("@")
    said = _("reverses {year} no. {number}") if reverses else _("reversed by {year} no. {number}")
    return said.format(year=year, number=number)


@voucher.command("unbooked", help=_("What moved and has no voucher yet."))
@_fund_option
@as_of_options
@table_file_options
@example("mingzhang voucher unbooked --on 2020-04-30")
@click.pass_obj
def unbooked(globals: Globals, fund_id: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.vouchers import unbooked as ask

    with Session(globals) as session:
        if fund_id is not None:
            existing_fund(session.streams, fund_id)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = ask(view, fund_id)
        document = [
            {"fund": row.fund, "movement": row.ref, "on": row.on, "step": row.step, "amount_fen": row.amount_fen, "batch": row.batch}
            for row in found
        ]
        rows = [row | {"step": step_words(str(row["step"]))} for row in document]
        columns = [
            Column(_("Fund"), "fund"),
            Column(_("Movement"), "movement"),
            Column(_("Day"), "on"),
            Column(_("What"), "step"),
            Column(_("Amount"), "amount_fen", adds=False),
            Column(_("Batch"), "batch"),
        ]
        foot = _("{count} movements have no voucher.").format(count=len(rows))
        return show(globals, Answer(document, (Table(columns, rows, foot=foot),)), rehearsal=session.rehearsal)


def _recorded(session: Session, done: Execution) -> int:
    ref, fact = next((one.ref, one.fact) for one in done.recorded if isinstance(one.fact, VoucherPosted | VoucherReversed))
    document = {"voucher": ref, "number": fact.number, "on": fact.effective_on, "amount_fen": fact.amount_fen}
    sentence = _("Voucher no. {number} of {year}: {amount} yuan.").format(
        number=fact.number, year=fact.effective_on.year, amount=yuan(fact.amount_fen)
    )
    return show(session.globals, Answer.saying(document, sentence), rehearsal=session.rehearsal)
