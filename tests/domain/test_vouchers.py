"""Voucher numbers have no gap and no movement stands in two; a wrong voucher is reversed and stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from mingzhang.domain.money.closing import CloseMonth
from mingzhang.domain.money.fund import RecordArrival, ReturnFunds
from mingzhang.domain.money.voucher import BookMonth, PostVoucher, ReverseVoucher, VoucherPosted, VoucherReversed, Vouchers
from mingzhang.domain.refusal import Refused
from tests.college import S1, approved, funded, opened, prepared, released
from tests.given import By, Given, by, given, run, sealed

REASON = sealed("t-1", text="synthetic")
BOOK = BookMonth(fund="f1", month="2020-04")
MAY = date(2020, 5, 6)


def arrive(day: date, fen: int = 100, at: date | None = None) -> By:
    return by("treasurer-1", RecordArrival(fund="f1", amount_fen=fen, source="bureau", on=day), at or day)


def fund_with(*more: By) -> Given:
    return given(opened(), funded(amount_fen=0), more)


def posted(outcome_refs: Iterable[tuple[str, VoucherPosted]]) -> list[tuple[int, str, int, tuple[str, ...]]]:
    return [(fact.number, fact.effective_on.isoformat(), fact.amount_fen, fact.movements) for _, fact in outcome_refs]


def numbers(known: Given, year: int = 2020) -> list[int]:
    facts = [fact for stream, fact in known.store.log if stream == f"voucher/f1/{year}"]
    return [fact.number for fact in facts if isinstance(fact, VoucherPosted | VoucherReversed)]


def test_a_month_is_booked_by_day_and_kind_in_the_order_of_days() -> None:
    back = by("treasurer-1", ReturnFunds(fund="f1", amount_fen=30, to="bureau", on=date(2020, 4, 20)), date(2020, 4, 20))
    late = arrive(date(2020, 4, 2), 7, date(2020, 4, 21))
    known = fund_with(arrive(date(2020, 4, 20)), arrive(date(2020, 4, 20), 1), back, late)
    outcome = known.when(BOOK, actor="treasurer-1", at=date(2020, 4, 30)).accepted()
    facts = [(one.originator_id, one.fact) for one in outcome.recorded if isinstance(one.fact, VoucherPosted)]
    assert posted(facts) == [
        (1, "2020-04-02", 7, ("fund/f1@5",)),
        (2, "2020-04-20", 101, ("fund/f1@2", "fund/f1@3")),
        (3, "2020-04-20", 30, ("fund/f1@4",)),
    ]
    known.when(BOOK, actor="treasurer-1", at=date(2020, 4, 30)).nothing()


def test_money_set_aside_needs_no_voucher() -> None:
    known = given(opened(), approved(S1), funded(), prepared(S1), released())
    outcome = known.when(BOOK, actor="treasurer-1", at=date(2020, 4, 30)).accepted()
    assert [one.fact.step for one in outcome.recorded if isinstance(one.fact, VoucherPosted)] == ["arrived"]
    reserved = next(f"fund/f1@{n}" for n, (topic, _) in enumerate(known.store.rows["fund/f1"], start=1) if topic == "fund.reserved")
    known.when(PostVoucher(fund="f1", movements=(reserved,)), actor="treasurer-1", at=MAY).refused("movement_needs_no_voucher")


def test_a_movement_stands_in_one_voucher() -> None:
    known = fund_with(arrive(date(2020, 4, 2)), by("treasurer-1", BOOK, date(2020, 4, 30)))
    twice = PostVoucher(fund="f1", movements=("fund/f1@2",))
    known.when(twice, actor="treasurer-1", at=MAY).refused("movement_booked_already")
    known.when(replace(twice, movements=("fund/f1@9",)), actor="treasurer-1", at=MAY).refused("movement_unknown")
    known.when(replace(twice, movements=("fund/f1@1",)), actor="treasurer-1", at=MAY).refused("movement_unknown")


def test_one_voucher_books_one_kind() -> None:
    back = by("treasurer-1", ReturnFunds(fund="f1", amount_fen=30, to="bureau"), date(2020, 4, 3))
    both = PostVoucher(fund="f1", movements=("fund/f1@2", "fund/f1@3"))
    fund_with(arrive(date(2020, 4, 2)), back).when(both, actor="treasurer-1", at=MAY).refused("voucher_mixes_steps")


def test_a_wrong_voucher_is_reversed_in_red_and_its_movement_booked_anew() -> None:
    known = fund_with(arrive(date(2020, 4, 2)), by("treasurer-1", BOOK, date(2020, 4, 30)))
    red = ReverseVoucher(fund="f1", year=2020, number=1, reason=REASON)
    known.when(red, actor="treasurer-1", at=MAY).then(
        (
            "voucher/f1/2020",
            VoucherReversed(
                actor="treasurer-1", effective_on=MAY, because=("voucher/f1/2020@1",), number=2, reverses="voucher/f1/2020@1",
                movements=("fund/f1@2",), amount_fen=-100, reason=REASON,
            ),
        )
    )  # fmt: skip
    known.when(red, actor="treasurer-1", at=MAY).refused("voucher_reversed_already")
    known.when(replace(red, number=2), actor="treasurer-1", at=MAY).refused("voucher_is_a_reversal")
    known.when(replace(red, number=3), actor="treasurer-1", at=MAY).refused("voucher_unknown")
    known.when(PostVoucher(fund="f1", movements=("fund/f1@2",), paper="记-17"), actor="treasurer-1", at=MAY).accepted()
    known.when(PostVoucher(fund="f1", movements=("fund/f1@2",)), actor="treasurer-1", at=MAY).refused("movement_booked_already")
    assert numbers(known) == [1, 2, 3]


@pytest.mark.parametrize(
    ("arrived_on", "month", "voucher_year"),
    [
        (date(2020, 12, 31), "2020-12", 2020),
        (date(2021, 1, 1), "2021-01", 2021),
    ],
)
def test_numbers_begin_anew_with_the_year_of_the_day(arrived_on: date, month: str, voucher_year: int) -> None:
    known = fund_with(arrive(date(2020, 12, 1)), by("treasurer-1", BookMonth(fund="f1", month="2020-12"), date(2020, 12, 2)))
    known.add(arrive(arrived_on), by("treasurer-1", BookMonth(fund="f1", month=month), date(2021, 1, 4)))
    assert numbers(known, voucher_year) == ([1, 2] if voucher_year == 2020 else [1])


def test_a_voucher_of_last_year_is_reversed_in_this_one() -> None:
    book = by("treasurer-1", BookMonth(fund="f1", month="2020-12"), date(2020, 12, 31))
    close = by("treasurer-1", CloseMonth(fund="f1", month="2020-12"), date(2021, 1, 4))
    known = fund_with(arrive(date(2020, 12, 31)), book, close)
    red = ReverseVoucher(fund="f1", year=2020, number=1, reason=REASON)
    known.when(replace(red, on=date(2020, 12, 31)), actor="treasurer-1", at=date(2021, 1, 5)).refused("month_closed")
    known.when(red, actor="treasurer-1", at=date(2021, 1, 5)).accepted()
    known.when(red, actor="treasurer-1", at=date(2021, 1, 6)).refused("voucher_reversed_already")
    known.when(BookMonth(fund="f1", month="2021-01"), actor="treasurer-1", at=date(2021, 1, 6)).accepted()
    assert (numbers(known), numbers(known, 2021)) == ([1], [1, 2])


def test_what_belongs_to_a_closed_month_is_booked_on_the_first_open_day() -> None:
    close = by("treasurer-1", CloseMonth(fund="f1", month="2020-04"), MAY)
    known = fund_with(arrive(date(2020, 4, 2)), by("treasurer-1", BOOK, date(2020, 4, 30)), close)
    known.add(arrive(date(2020, 4, 28), 50, MAY), arrive(date(2020, 4, 29), 60, MAY))
    known.when(BOOK, actor="treasurer-1", at=MAY).refused("month_closed")
    one = known.when(PostVoucher(fund="f1", movements=("fund/f1@3",)), actor="treasurer-1", at=MAY).accepted()
    assert one.recorded[0].fact.effective_on == date(2020, 5, 1)
    rest = known.when(BookMonth(fund="f1", month="2020-05"), actor="treasurer-1", at=MAY).accepted()
    assert [(one.fact.effective_on, one.ref) for one in rest.recorded] == [(date(2020, 5, 1), "voucher/f1/2020@3")]


def test_a_voucher_is_not_dated_before_what_it_books() -> None:
    early = PostVoucher(fund="f1", movements=("fund/f1@2",), on=date(2020, 4, 1))
    fund_with(arrive(date(2020, 4, 2))).when(early, actor="treasurer-1", at=MAY).refused("dated_before_basis")


deeds = st.lists(
    st.one_of(
        st.tuples(st.just("arrive"), st.integers(0, 60)),
        st.tuples(st.just("book"), st.integers(0, 1)),
        st.tuples(st.just("reverse"), st.integers(1, 6)),
        st.tuples(st.just("post"), st.integers(1, 12)),
        st.tuples(st.just("close"), st.integers(0, 1)),
    ),
    max_size=20,
)
MONTHS = ("2020-11", "2020-12")


@settings(max_examples=60, deadline=None)
@for_all(deeds)
def test_whatever_is_done_numbers_run_without_gaps_and_nothing_is_booked_twice(done: list[tuple[str, int]]) -> None:
    known = fund_with(arrive(date(2020, 11, 1)))
    today = date(2021, 1, 15)
    for deed, number in done:
        day = date.fromordinal(date(2020, 11, 1).toordinal() + number)
        command = {
            "arrive": RecordArrival(fund="f1", amount_fen=5, source="bureau", on=day),
            "book": BookMonth(fund="f1", month=MONTHS[number % 2]),
            "reverse": ReverseVoucher(fund="f1", year=2020, number=number, reason=REASON),
            "post": PostVoucher(fund="f1", movements=(f"fund/f1@{number}",)),
            "close": CloseMonth(fund="f1", month=MONTHS[number % 2]),
        }[deed]
        try:
            run(known.store, "treasurer-1", [command], today)
        except Refused:
            continue
    booked: list[str] = []
    gone = {fact.reverses for _, fact in known.store.log if isinstance(fact, VoucherReversed)}
    for year in (2020, 2021):
        assert numbers(known, year) == list(range(1, known.store.state(Vouchers, "f1", str(year)).version + 1))
        of_year = [fact for stream, fact in known.store.log if stream == f"voucher/f1/{year}"]
        booked += [
            movement
            for number, fact in enumerate(of_year, start=1)
            if isinstance(fact, VoucherPosted) and f"voucher/f1/{year}@{number}" not in gone
            for movement in fact.movements
        ]
    assert len(booked) == len(set(booked))
