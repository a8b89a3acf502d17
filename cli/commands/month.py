"""`month`: a month is closed once; what comes later is shown as after the close, and the closed figures can be worked out again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.fund import existing_fund
from mingzhang.domain.money.month import MonthClosed, month_span
from mingzhang.domain.money.movement import PLACES, Line
from mingzhang.domain.refusal import Refused

from ..app import DONE, NOT_VERIFIED
from ..i18n import _
from ..intake.units import UnitNames
from ..options import Globals, KnownAt, Noun, as_of_options, example, on_option, table_file_options, unit_option
from ..output import Answer, Column, Table, Text, instant_text, show
from ..session import Session
from ..words.books import step_words

if TYPE_CHECKING:
    from mingzhang.projections.months import ClosedMonth, MonthRow, Standing

_fund_option = click.option("--fund", "fund_id", metavar="FUND", help=_("Only this fund."))


@click.group(cls=Noun, help=_("Months (月结): close, show, list, check."))
@example("mingzhang --as treasurer month close 2020-04")
def month() -> None:
    pass


@month.command("close", help=_("Close a month for every fund with something in it: its figures go on record, and it is not opened again."))
@click.argument("month_text", metavar="MONTH")
@_fund_option
@unit_option(help=_("Only the funds of this unit (its id, or its name)."))
@on_option
@example("mingzhang --as treasurer month close 2020-04", "mingzhang --as treasurer month close 2020-04 --fund F2020 --on 2020-05-06")
@click.pass_obj
def close(globals: Globals, month_text: str, fund_id: str | None, unit: str | None, on: date | None) -> int:
    with Session(globals) as session:
        funds = [fund_id] if fund_id is not None else _to_close(session, month_text, unit)
        if not funds:
            raise Refused("nothing_to_close", month=month_text)
        done = session.execute_many([CloseMonth(on=on, fund=fund, month=month_text) for fund in funds])
        closed = [(one.originator_id.partition("/")[2], one.fact) for one in done.recorded if isinstance(one.fact, MonthClosed)]
        document = [
            {
                "fund": fund,
                "month": fact.month,
                "vouchers": fact.vouchers,
                "last_voucher": fact.last_voucher,
                "lines": [line.model_dump() for line in fact.lines],
            }
            for fund, fact in closed
        ]
        tables = [_figures(fact.lines, _("{fund}, {month}, closed").format(fund=fund, month=fact.month)) for fund, fact in closed]
        said = _("{month} is closed. Keep a checkpoint with its papers: `mingzhang checkpoint`.").format(month=month_text)
        return show(globals, Answer(document, (*tables, Text((said,)))), rehearsal=session.rehearsal)


@month.command("show", help=_("A month as it was closed, as it is known now, and what was recorded after the close."))
@click.argument("month_text", metavar="MONTH")
@_fund_option
@as_of_options
@table_file_options
@example("mingzhang month show 2020-04", "mingzhang --json month show 2020-04 --fund F2020 --known-at 2020-05-31")
@click.pass_obj
def show_(globals: Globals, month_text: str, fund_id: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.months import month_rows

    with Session(globals) as session:
        if fund_id is not None:
            existing_fund(session.streams, fund_id)
        with session.engine.view(session.as_of(on, known_at)) as view:
            found = month_rows(view, month_text, fund_id)
        leaves = sorted({move.leaf for row in found for move in row.after_close})
        recorded = {leaf: session.ledger.journal.select_rows(gt_size=leaf, limit=1)[0].recorded_at for leaf in leaves}
        document = [_row_document(row, recorded) for row in found]
        parts: list[Table | Text] = []
        for row in found:
            parts.extend(_row_parts(row, recorded))
        if not found:
            parts.append(Text((_("Nothing had moved by the end of {month}.").format(month=month_text),)))
        return show(globals, Answer(document, tuple(parts)), rehearsal=session.rehearsal)


@month.command("list", help=_("Which months of which funds are closed, and which are open."))
@_fund_option
@as_of_options
@table_file_options
@example("mingzhang month list", "mingzhang month list --fund F2020")
@click.pass_obj
def list_(globals: Globals, fund_id: str | None, on: date | None, known_at: KnownAt | None) -> int:
    from mingzhang.projections.balances import balances
    from mingzhang.projections.months import standings

    with Session(globals) as session:
        if fund_id is not None:
            existing_fund(session.streams, fund_id)
        with session.engine.view(session.as_of(on, known_at)) as view:
            funds = [fund_id] if fund_id is not None else [row.fund for row in balances(view)]
            rows = [_standing(one) for fund in funds for one in standings(view, fund)]
        kept = ("fund", "month", "state", "closed_on", "size", "vouchers", "after_close")
        document = [{name: row.get(name) for name in kept} for row in rows]
        words = {"closed": _("month closed"), "open": _("month open")}
        shown = [row | {"state": words[str(row["state"])]} for row in document]
        columns = [
            Column(_("Fund"), "fund"),
            Column(_("Month"), "month"),
            Column(_("State"), "state"),
            Column(_("Month closed on"), "closed_on"),
            Column(_("Log size"), "size", "right"),
            Column(_("Vouchers"), "vouchers", "right"),
            Column(_("After the close"), "after_close", "right"),
        ]
        return show(globals, Answer(document, (Table(columns, shown),)), rehearsal=session.rehearsal)


@month.command("check", help=_("Work every closed month out again from the log as it was at its closing, and compare to the fen."))
@click.argument("month_text", metavar="[MONTH]", required=False)
@_fund_option
@example("mingzhang month check", "mingzhang month check 2020-04 --fund F2020")
@click.pass_obj
def check(globals: Globals, month_text: str | None, fund_id: str | None) -> int:
    from mingzhang.projections.months import closed_months, disagreements

    if month_text is not None:
        month_span(month_text)
    with Session(globals) as session:
        if fund_id is not None:
            existing_fund(session.streams, fund_id)
        with session.engine.view(session.as_of(None, None)) as view:
            closed = [one for one in closed_months(view, fund_id) if month_text in (None, one.month)]
            wrong = [found for one in closed for found in disagreements(view, one)]
        document = {"ok": not wrong, "checked": len(closed), "problems": [one._asdict() for one in wrong]}
        rows = [one._asdict() | {"line": step_words(one.line), "figure": _title(one.figure)} for one in wrong]
        said = _("{checked} closed months worked out again; figures that differ: {wrong}.").format(checked=len(closed), wrong=len(wrong))
        columns = [
            Column(_("Fund"), "fund"),
            Column(_("Month"), "month"),
            Column(_("Line"), "line"),
            Column(_("Figure"), "figure"),
            Column(_("Closed with"), "closed", "right"),
            Column(_("In the log"), "recomputed", "right"),
        ]
        parts: tuple[Table | Text, ...] = (*((Table(columns, rows),) if rows else ()), Text((said,)))
        return show(globals, Answer(document, parts, NOT_VERIFIED if wrong else DONE), rehearsal=session.rehearsal)


def _to_close(session: Session, month_text: str, unit: str | None) -> list[str]:
    """The funds, of a unit or of all, in which something moved since their last closing, or which still hold money."""
    from mingzhang.projections.balances import balances
    from mingzhang.projections.months import closed_months, month_rows

    month_span(month_text)
    owner = UnitNames(session).resolve(unit) if unit is not None else None
    with session.engine.view(session.as_of(None, None)) as view:
        through: dict[str, str] = {}
        for one in closed_months(view):
            through[one.fund] = max(one.month, through.get(one.fund, ""))
        own = {row.fund for row in balances(view) if owner in (None, row.unit)}
        rows = [row for row in month_rows(view, month_text) if row.fund in own]
    return [row.fund for row in rows if through.get(row.fund, "") < month_text and _stirs(row)]


def _stirs(row: MonthRow) -> bool:
    closing = row.now[-1]
    return len(row.now) > 2 or bool(closing.available_fen or closing.reserved_fen)


def _row_document(row: MonthRow, recorded: dict[int, str]) -> dict[str, Any]:
    return {
        "fund": row.fund,
        "month": row.month,
        "state": "closed" if row.closed is not None else "open",
        "closed": None if row.closed is None else _closing(row.closed) | {"lines": [line.model_dump() for line in row.closed.lines]},
        "now": [line.model_dump() for line in row.now],
        "after_close": [
            {"fact": move.ref, "on": move.on, "recorded_at": recorded[move.leaf], "step": move.step, "amount_fen": move.amount_fen}
            for move in row.after_close
        ],
    }


def _row_parts(row: MonthRow, recorded: dict[int, str]) -> list[Table | Text]:
    if row.closed is None:
        return [_figures(row.now, _("{fund}, {month}, not closed").format(fund=row.fund, month=row.month))]
    closed = _("{fund}, {month}, as closed on {day} at log size {size}").format(
        fund=row.fund, month=row.month, day=row.closed.closed_on, size=row.closed.size
    )
    if not row.after_close:
        said = _("Nothing of it was recorded after the close.")
        return [_figures(row.closed.lines, closed), Text((said,))]
    late = [
        {
            "fact": move.ref,
            "on": move.on,
            "recorded_at": instant_text(recorded[move.leaf]),
            "step": step_words(move.step),
            "amount_fen": move.amount_fen,
        }
        for move in row.after_close
    ]
    columns = [
        Column(_("Fact"), "fact"),
        Column(_("Day"), "on"),
        Column(_("Recorded"), "recorded_at"),
        Column(_("What"), "step"),
        Column(_("Amount"), "amount_fen"),
    ]
    return [
        _figures(row.closed.lines, closed),
        _figures(row.now, _("{fund}, {month}, as known now").format(fund=row.fund, month=row.month)),
        Table(columns, late, caption=_("Recorded after the close")),
    ]


def _standing(one: Standing) -> dict[str, Any]:
    if one.closed is None:
        return {"fund": one.fund, "month": one.month, "state": "open"}
    return _closing(one.closed) | {"state": "closed", "after_close": one.after_close}


def _closing(one: ClosedMonth) -> dict[str, Any]:
    return {
        "fund": one.fund,
        "month": one.month,
        "closed_on": one.closed_on,
        "size": one.size,
        "vouchers": one.vouchers,
        "last_voucher": one.last_voucher,
        "event": one.ref,
    }


def _figures(lines: tuple[Line, ...], caption: str) -> Table:
    rows = [line.model_dump() | {"line": step_words(line.line), "movements": line.movements or ""} for line in lines]
    heads = [Column(_("Line"), "line"), Column(_("Movements"), "movements", "right")]
    heads.extend(Column(_title(place), place, adds=False) for place in PLACES)
    return Table(heads, rows, caption=caption, foot=_("In yuan."))


def _title(figure: str) -> str:
    return {
        "movements": _("Movements"),
        "received_fen": _("Received"),
        "available_fen": _("Available"),
        "reserved_fen": _("Reserved"),
        "paid_fen": _("Paid out"),
        "returned_fen": _("Returned"),
    }[figure]
