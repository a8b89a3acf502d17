"""`fund`: money is asked for, arrives, is set aside, paid and returned; it adds up to the fen on every day."""

from __future__ import annotations

from datetime import date
from typing import Literal

import click

from mingzhang.domain.money.fund import (
    Fund,
    OpenFund,
    RecordArrival,
    RequestFunds,
    ReturnFunds,
    SetBudget,
    existing_fund,
)
from mingzhang.domain.plan.adoption import scheme_in_force

from ..i18n import _
from ..intake.units import UnitNames
from ..options import YUAN, Globals, KnownAt, Noun, as_of_options, example, on_option, period_option, scheme_option, table_file_options
from ..output import Answer, Column, Table, Text, show, yuan
from ..session import Session
from .fund_books import reconcile, take_over

By = Literal["source", "year", "source-year"]


@click.group(cls=Noun, help=_("Money: budget, request, arrival, balances to the fen."))
@example("mingzhang --as treasurer fund arrive F2020 --amount 300000 --source 省级财政")
def fund() -> None:
    pass


@fund.command("open", help=_("Open a fund for one or more schemes."))
@click.argument("fund_id", metavar="FUND")
@click.option("--title", required=True, metavar="TEXT", help=_("What the fund is called."))
@click.option("--year", required=True, type=click.IntRange(1949, 9999), metavar="YEAR", help=_("The budget year."))
@click.option(
    "--scheme",
    "schemes",
    required=True,
    multiple=True,
    metavar="SCHEME",
    help=_("A scheme that may be paid from it; give it once for each."),
)
@click.option("--unit", metavar="UNIT", help=_("Whose fund it is (id or name). Default: the school of the first scheme's plan."))
@on_option
@example("mingzhang --as treasurer fund open F2020 --title 2020年春季国家助学金 --year 2020 --scheme grant")
@click.pass_obj
def open_(
    globals: Globals,
    fund_id: str,
    title: str,
    year: int,
    schemes: tuple[str, ...],
    unit: str | None,
    on: date | None,
) -> int:
    with Session(globals) as session:
        stored = tuple(dict.fromkeys(session.scheme(scheme) for scheme in schemes))
        versions = [scheme_in_force(session.streams, scheme, on or session.today)[1] for scheme in stored]
        plan = versions[0].plan
        school = next((entry.id for entry in plan.units if entry.kind == "school"), plan.top)
        units = UnitNames(session)
        owner = units.resolve(unit) if unit else school
        session.execute(OpenFund(on=on, fund=fund_id, title=title, unit=owner, year=year, schemes=stored))
        said = _("Fund {fund} is open at {unit} for {schemes}.").format(
            fund=fund_id, unit=units.title(owner), schemes="、".join(stored)
        )
        document = {"fund": fund_id, "title": title, "year": year, **units.said(owner), "schemes": list(stored)}
        return show(globals, Answer.saying(document, said), rehearsal=session.rehearsal)


@fund.command("budget", help=_("Set a fund's budget."))
@click.argument("fund_id", metavar="FUND")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@on_option
@example("mingzhang --as treasurer fund budget F2020 --amount 300000")
@click.pass_obj
def budget(globals: Globals, fund_id: str, amount: int, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(SetBudget(on=on, fund=fund_id, amount_fen=amount))
        return _stands(session, fund_id, _("The budget is {amount} yuan.").format(amount=yuan(amount)))


@fund.command("request", help=_("Record that money was asked for (申报)."))
@click.argument("fund_id", metavar="FUND")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@click.option("--of", required=True, metavar="OFFICE", help=_("Of which office it is asked."))
@scheme_option()
@period_option()
@on_option
@example("mingzhang --as treasurer fund request F2020 --amount 300000 --of 市财政局 --scheme grant --period 2020-spring")
@click.pass_obj
def request(
    globals: Globals,
    fund_id: str,
    period: str | None,
    scheme: str | None,
    amount: int,
    of: str,
    on: date | None,
) -> int:
    with Session(globals) as session:
        stored = session.scheme(scheme) if scheme else None
        session.execute(RequestFunds(on=on, fund=fund_id, amount_fen=amount, of=of, scheme=stored, period=period))
        said = _("{amount} yuan were asked of {office}.").format(amount=yuan(amount), office=of)
        return _stands(session, fund_id, said)


@fund.command("arrive", help=_("Record that money has arrived (拨付到账)."))
@click.argument("fund_id", metavar="FUND")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@click.option("--source", required=True, metavar="OFFICE", help=_("Where it comes from."))
@click.option("--voucher", metavar="NUMBER", help=_("The number on the bank's slip."))
@on_option
@example("mingzhang --as treasurer fund arrive F2020 --amount 300000 --source 省级财政 --voucher 20200410-017 --on 2020-04-10")
@click.pass_obj
def arrive(globals: Globals, fund_id: str, amount: int, source: str, voucher: str | None, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(RecordArrival(on=on, fund=fund_id, amount_fen=amount, source=source, voucher=voucher))
        return _stands(session, fund_id, _("{amount} yuan have arrived.").format(amount=yuan(amount)))


@fund.command("return", help=_("Return what is left to the office above."))
@click.argument("fund_id", metavar="FUND")
@click.option("--amount", required=True, type=YUAN, metavar="YUAN", help=_("The amount in yuan."))
@click.option("--to", required=True, metavar="OFFICE", help=_("To which office it goes back."))
@on_option
@example("mingzhang --as treasurer fund return F2020 --amount 1500 --to 市财政局")
@click.pass_obj
def return_(globals: Globals, fund_id: str, amount: int, to: str, on: date | None) -> int:
    with Session(globals) as session:
        session.execute(ReturnFunds(on=on, fund=fund_id, amount_fen=amount, to=to))
        said = _("{amount} yuan went back to {office}.").format(amount=yuan(amount), office=to)
        return _stands(session, fund_id, said)


def _stands(session: Session, fund_id: str, said: str) -> int:
    """The sentence, and where the fund stands now."""
    state: Fund = existing_fund(session.streams, fund_id)
    document = {
        "fund": fund_id,
        "received_fen": state.received_fen,
        "available_fen": state.available_fen,
        "reserved_fen": state.reserved_fen,
        "paid_fen": state.paid_fen,
        "returned_fen": state.returned_fen,
        "budget_fen": state.budget_fen,
    }
    left = _("Fund {fund} has {amount} yuan available.").format(fund=fund_id, amount=yuan(state.available_fen))
    return show(session.globals, Answer(document, (Text((said, left)),)), rehearsal=session.rehearsal)


for _verb in (take_over, reconcile):
    fund.add_command(_verb)


@fund.command("balances", help=_("Every fund's balance: received = available + reserved + paid + returned, on any day."))
@click.option(
    "--by",
    type=click.Choice(["source", "year", "source-year"]),
    help=_("Kept apart by source, by budget year, or both. Money is spent in the order in which it arrived."),
)
@as_of_options
@table_file_options
@example(
    "mingzhang fund balances",
    "mingzhang fund balances --by source",
    "mingzhang --json fund balances --on 2020-06-30 --known-at 2020-07-01",
)
@click.pass_obj
def balances(globals: Globals, by: By | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.balances import balances as ask

    if by is not None:
        return _balances_by(globals, by, on, known_at)
    with Session(globals) as session:
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = ask(view)
        document = [
            {
                "fund": row.fund,
                "received_fen": row.received_fen,
                "available_fen": row.available_fen,
                "reserved_fen": row.reserved_fen,
                "paid_fen": row.paid_fen,
                "returned_fen": row.returned_fen,
                "title": row.title,
                "year": row.year,
                "budget_fen": row.budget_fen,
            }
            for row in found
        ]
        columns = [
            Column(_("Fund"), "fund"),
            Column(_("Title"), "title"),
            Column(_("Budget"), "budget_fen"),
            Column(_("Received"), "received_fen"),
            Column(_("Available"), "available_fen"),
            Column(_("Reserved"), "reserved_fen"),
            Column(_("Paid out"), "paid_fen"),
            Column(_("Returned"), "returned_fen"),
        ]
        foot = _("In yuan.")
        return show(globals, Answer(document, (Table(columns, document, foot=foot),)), rehearsal=session.rehearsal)


def _balances_by(globals: Globals, by: By, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.money_sources import PAYEES, balances_by

    with Session(globals) as session:
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = balances_by(view, by)
        kept = {"source": ("fund", "source"), "year": ("year",), "source-year": ("source", "year")}[by]
        places = ("received_fen", "available_fen", "reserved_fen", "paid_fen", "returned_fen")
        document = [{name: getattr(row, name) for name in (*kept, *places)} for row in found]
        titles = {"fund": _("Fund"), "source": _("Source"), "year": _("Budget year")}
        words = {"": _("not said"), PAYEES: _("handed in by payees, then brought back by the bank")}
        rows = [row | {"source": words.get(said := str(row.get("source", "")), said), "year": str(row.get("year", ""))} for row in document]
        columns = [
            *(Column(titles[name], name) for name in kept),
            Column(_("Received"), "received_fen"),
            Column(_("Available"), "available_fen"),
            Column(_("Reserved"), "reserved_fen"),
            Column(_("Paid out"), "paid_fen"),
            Column(_("Returned"), "returned_fen"),
        ]
        foot = _("In yuan. What arrived first is spent first.")
        return show(globals, Answer(document, (Table(columns, rows, foot=foot),)), rehearsal=session.rehearsal)
