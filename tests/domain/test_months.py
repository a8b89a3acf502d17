"""A month is closed once, when it is over, in order, and with a voucher for everything; the figures are those of the fund's own facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.fund import RecordArrival, ReturnFunds
from mingzhang.domain.money.month import MonthClosed, month_span
from mingzhang.domain.money.movement import Line
from mingzhang.domain.money.voucher import BookMonth
from mingzhang.domain.refusal import Refused
from tests.college import funded, opened
from tests.given import By, Given, by, given

CLOSE = CloseMonth(fund="f1", month="2020-04")
MAY = date(2020, 5, 1)


def arrive(day: date, fen: int = 100, at: date | None = None) -> By:
    return by("treasurer-1", RecordArrival(fund="f1", amount_fen=fen, source="bureau", on=day), at or day)


def book(month: str, at: date) -> By:
    return by("treasurer-1", BookMonth(fund="f1", month=month), at)


def close(month: str, at: date) -> By:
    return by("treasurer-1", CloseMonth(fund="f1", month=month), at)


def fund_with(*more: By) -> Given:
    return given(opened(), funded(amount_fen=0), more)


def test_a_closing_holds_the_opening_each_step_and_the_end() -> None:
    back = by("treasurer-1", ReturnFunds(fund="f1", amount_fen=30, to="bureau"), date(2020, 4, 20))
    known = fund_with(arrive(date(2020, 4, 2), 100), back)
    known.add(book("2020-04", date(2020, 4, 30)))
    known.when(CLOSE, actor="treasurer-1", at=MAY).then(
        (
            "month/f1",
            MonthClosed(
                actor="treasurer-1", effective_on=MAY, because=("fund/f1@3", "voucher/f1/2020@2"), month="2020-04", vouchers=2,
                last_voucher=2,
                lines=(
                    Line(line="opening"),
                    Line(line="arrived", movements=1, received_fen=100, available_fen=100),
                    Line(line="returned", movements=1, available_fen=-30, returned_fen=30),
                    Line(line="closing", movements=2, received_fen=100, available_fen=70, returned_fen=30),
                ),
            ),
        )
    )  # fmt: skip


def test_a_month_is_closed_from_the_day_after_its_last_day_on() -> None:
    known = fund_with(arrive(date(2020, 4, 2)), book("2020-04", date(2020, 4, 30)))
    known.when(CLOSE, actor="treasurer-1", at=date(2020, 4, 30)).refused("month_not_over")
    known.when(replace(CLOSE, on=date(2020, 4, 30)), actor="treasurer-1", at=MAY).refused("month_not_over")
    known.when(CLOSE, actor="treasurer-1", at=MAY).accepted()


def test_a_month_is_closed_once_and_never_opened_again() -> None:
    known = fund_with(arrive(date(2020, 4, 2)), book("2020-04", date(2020, 4, 30)), close("2020-04", MAY))
    known.when(CLOSE, actor="treasurer-1", at=MAY).refused("month_closed")
    known.when(replace(CLOSE, month="2020-03"), actor="treasurer-1", at=MAY).refused("month_closed")


def test_no_month_is_closed_on_a_day_before_the_one_before_it_was() -> None:
    june, known = date(2020, 6, 20), fund_with(arrive(date(2020, 3, 31)), arrive(date(2020, 4, 1)))
    known.add(book("2020-03", MAY), book("2020-04", MAY), close("2020-03", june))
    known.when(replace(CLOSE, on=date(2020, 6, 19)), actor="treasurer-1", at=june).refused("dated_before_basis", says="month/f1@1")
    known.when(replace(CLOSE, on=june), actor="treasurer-1", at=june).accepted()


def test_earlier_months_with_movements_are_closed_first() -> None:
    known = fund_with(arrive(date(2020, 3, 31)), arrive(date(2020, 4, 1)))
    known.add(book("2020-03", date(2020, 4, 30)), book("2020-04", date(2020, 4, 30)))
    known.when(CLOSE, actor="treasurer-1", at=MAY).refused("month_earlier_open")
    known.add(close("2020-03", MAY))
    known.when(CLOSE, actor="treasurer-1", at=MAY).accepted()


def test_a_month_in_which_nothing_happened_need_not_be_closed() -> None:
    known = fund_with(arrive(date(2020, 3, 31)), book("2020-03", date(2020, 3, 31)), close("2020-03", MAY), arrive(date(2020, 5, 2)))
    known.add(book("2020-05", date(2020, 5, 2)))
    known.when(replace(CLOSE, month="2020-05"), actor="treasurer-1", at=date(2020, 6, 1)).accepted()


def test_a_movement_without_a_voucher_stops_the_close() -> None:
    known = fund_with(arrive(date(2020, 4, 2)))
    known.when(CLOSE, actor="treasurer-1", at=MAY).refused("movements_unbooked")


def test_what_is_recorded_after_the_close_stops_the_next_one_until_it_is_booked() -> None:
    known = fund_with(arrive(date(2020, 4, 2)), book("2020-04", date(2020, 4, 30)), close("2020-04", MAY))
    known.add(arrive(date(2020, 4, 30), 5, MAY))
    june = date(2020, 6, 1)
    known.when(replace(CLOSE, month="2020-05"), actor="treasurer-1", at=june).refused("movements_unbooked")
    known.add(book("2020-05", june))
    outcome = known.when(replace(CLOSE, month="2020-05"), actor="treasurer-1", at=june).accepted()
    (recorded,) = outcome.recorded
    assert isinstance(recorded.fact, MonthClosed)
    assert [(line.line, line.received_fen) for line in recorded.fact.lines] == [("opening", 105), ("closing", 105)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2021-02", date(2021, 2, 1), date(2021, 2, 28)),
        ("2020-12", date(2020, 12, 1), date(2020, 12, 31)),
    ],
)
def test_a_month_ends_on_its_last_day(text: str, first: date, last: date) -> None:
    assert month_span(text) == (first, last)


@pytest.mark.parametrize("text", ["2020-13", "2020-00", "2020-4", "2020", "2020-04-01", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        month_span(text)
    assert refused.value.code == "month_malformed"
