"""Closed figures never change and can be worked out again; what comes later stands beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.fund import FundOpened, FundsArrived
from mingzhang.domain.money.month import MonthClosed
from mingzhang.domain.money.movement import Line
from mingzhang.domain.money.voucher import VoucherPosted, VoucherReversed
from mingzhang.projections.months import closed_months, disagreements, month_rows, standings
from mingzhang.projections.vouchers import unbooked, vouchers
from tests.given import sealed
from tests.projections.recorded import Recorded, day


def said(on: date) -> dict[str, Any]:
    return {"actor": "treasurer-1", "effective_on": on}


def arrived(fen: int, on: date) -> tuple[str, Fact]:
    return "fund/f1", FundsArrived(**said(on), amount_fen=fen, source="bureau")


def closed(fen: int, movements: int = 1) -> tuple[str, Fact]:
    lines = (
        Line(line="opening"),
        Line(line="arrived", movements=movements, received_fen=fen, available_fen=fen),
        Line(line="closing", movements=movements, received_fen=fen, available_fen=fen),
    )
    return "month/f1", MonthClosed(**said(day(5, 1)), month="2020-04", lines=lines, vouchers=1, last_voucher=1)


@pytest.fixture
def fund(log: Recorded) -> Recorded:
    opened = FundOpened(**said(day(3, 1)), title="synthetic", unit="college", year=2020, schemes=())
    log.record(("fund/f1", opened), arrived(100, day(4, 30)))
    return log


def test_a_closing_speaks_of_the_log_before_it(fund: Recorded) -> None:
    fund.record(closed(100))
    with fund.view(day(12, 31)) as view:
        (one,) = closed_months(view)
        assert (one.fund, one.month, one.closed_on, one.size) == ("f1", "2020-04", "2020-05-01", fund.size - 1)
        assert disagreements(view, one) == []


@pytest.mark.parametrize(("fen", "movements", "figures"), [(101, 1, {"received_fen", "available_fen"}), (100, 2, {"movements"})])
def test_a_closing_that_is_one_fen_off_is_found(fund: Recorded, fen: int, movements: int, figures: set[str]) -> None:
    fund.record(closed(fen, movements))
    with fund.view(day(12, 31)) as view:
        (one,) = closed_months(view)
        assert {found.figure for found in disagreements(view, one)} == figures


def test_what_is_recorded_after_the_close_is_shown_and_changes_no_closed_figure(fund: Recorded) -> None:
    fund.record(closed(100))
    size = fund.size
    fund.record(arrived(7, day(4, 30)), arrived(8, day(5, 1)), arrived(9, day(3, 31)))
    with fund.view(day(12, 31)) as view:
        (row,) = month_rows(view, "2020-04")
        assert row.closed is not None
        assert row.closed.lines[-1].received_fen == 100
        assert [line.received_fen for line in row.now] == [9, 107, 116]
        assert [(move.on, move.amount_fen) for move in row.after_close] == [("2020-03-31", 9), ("2020-04-30", 7)]
        assert disagreements(view, row.closed) == []
        assert [(one.month, one.after_close) for one in standings(view, "f1")] == [("2020-04", 1), ("2020-05", 0)]
    with fund.view(day(12, 31), size) as view:
        (row,) = month_rows(view, "2020-04")
        assert (row.after_close, row.now[-1].received_fen) == ((), 100)


def test_a_fund_without_movements_by_the_end_of_a_month_has_no_line_in_it(fund: Recorded) -> None:
    with fund.view(day(12, 31)) as view:
        assert month_rows(view, "2020-03") == []


def test_a_reversed_voucher_books_nothing_any_more(fund: Recorded) -> None:
    posted = VoucherPosted(**said(day(4, 30)), number=1, step="arrived", movements=("fund/f1@2",), amount_fen=100, paper="记-1")
    fund.record(("voucher/f1/2020", posted))
    with fund.view(day(12, 31)) as view:
        assert unbooked(view) == []
    reason = sealed("t-1", text="synthetic")
    red = VoucherReversed(
        **said(day(5, 2)), number=2, reverses="voucher/f1/2020@1", movements=("fund/f1@2",), amount_fen=-100, reason=reason
    )
    fund.record(("voucher/f1/2020", red))
    with fund.view(day(12, 31)) as view:
        assert [move.ref for move in unbooked(view)] == ["fund/f1@2"]
        assert [(row.number, row.amount_fen, row.paper, row.reversed_by) for row in vouchers(view, "f1", 2020)] == [
            (1, 100, "记-1", "voucher/f1/2020@2"),
            (2, -100, None, None),
        ]
        assert vouchers(view, "f1", 2021) == []
    with fund.view(day(5, 1)) as view:  # on that day the reversal was still to come
        assert unbooked(view) == []
