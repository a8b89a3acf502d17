"""Opening balances: what the books before us say is taken over whole, with its page, before anything else moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mingzhang.domain.money.fund import Fund, FundTakenOver, RecordArrival, ReturnFunds
from mingzhang.domain.money.opening import TakeOverFund
from tests.college import funded, opened, sha
from tests.given import Given, by, given

PAGE = (sha("page of the old books"),)
LEAP_DAY = date(2020, 2, 29)
MARCH = date(2020, 3, 4)
TAKE_OVER = TakeOverFund(
    fund="f1", received_fen=100_000, available_fen=20_000, paid_fen=70_000, returned_fen=10_000, on=LEAP_DAY, evidence=PAGE
)


def empty() -> Given:
    return given(opened(), funded(amount_fen=0))


def test_an_opening_balance_stands_in_the_fund_from_its_day_on() -> None:
    outcome = empty().when(TAKE_OVER, actor="treasurer-1", at=MARCH)
    fact = FundTakenOver(
        actor="treasurer-1", effective_on=LEAP_DAY, because=("fund/f1@1",), evidence=PAGE,
        received_fen=100_000, available_fen=20_000, paid_fen=70_000, returned_fen=10_000,
    )  # fmt: skip
    outcome.then(("fund/f1", fact))
    state = outcome.store.state(Fund, "f1")
    assert (state.received_fen, state.available_fen, state.reserved_fen, state.paid_fen, state.returned_fen) == (
        100_000, 20_000, 0, 70_000, 10_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("received", "available", "paid", "returned", "code"),
    [
        (100_000, 20_001, 70_000, 10_000, "opening_does_not_balance"),  # one fen too many
        (100_001, 20_000, 70_000, 10_000, "opening_does_not_balance"),  # one fen too few
        (100_000, 20_000, 70_000, 9_999, "opening_does_not_balance"),
        (0, 0, 0, 0, "amount_not_positive"),
        (100_000, -1, 100_001, 0, "amount_not_positive"),
        (100_000, 110_000, 0, -10_000, "amount_not_positive"),
    ],
)
def test_an_opening_balance_adds_up_to_the_fen(received: int, available: int, paid: int, returned: int, code: str) -> None:
    command = replace(TAKE_OVER, received_fen=received, available_fen=available, paid_fen=paid, returned_fen=returned)
    empty().when(command, actor="treasurer-1", at=MARCH).refused(code)


def test_the_refusal_names_the_difference() -> None:
    command = replace(TAKE_OVER, available_fen=20_001)
    outcome = empty().when(command, actor="treasurer-1", at=MARCH)
    assert outcome.refusal is not None
    assert outcome.refusal.context["difference_fen"] == -1


def test_an_opening_balance_without_its_page_is_refused() -> None:
    empty().when(replace(TAKE_OVER, evidence=()), actor="treasurer-1", at=MARCH).refused("opening_needs_evidence")


def test_an_opening_balance_after_money_moved_is_refused() -> None:
    arrived = by("treasurer-1", RecordArrival(fund="f1", amount_fen=1, source="bureau"), MARCH)
    empty().add(arrived).when(TAKE_OVER, actor="treasurer-1", at=MARCH).refused("fund_moved_already")


def test_each_source_is_taken_over_once_and_all_of_them_as_of_one_day() -> None:
    known = empty().add(by("treasurer-1", replace(TAKE_OVER, source="province"), MARCH))
    known.when(replace(TAKE_OVER, source="province"), actor="treasurer-1", at=MARCH).refused("opening_taken_over_already")
    known.when(replace(TAKE_OVER, source="county", on=MARCH), actor="treasurer-1", at=MARCH).refused("opening_days_differ")
    known.when(replace(TAKE_OVER, source="county"), actor="treasurer-1", at=MARCH).accepted()


@pytest.mark.parametrize("day", [date(2020, 2, 28), LEAP_DAY])
def test_what_arrived_by_the_end_of_the_day_of_the_opening_balance_is_in_it(day: date) -> None:
    known = empty().add(by("treasurer-1", TAKE_OVER, MARCH))
    early = RecordArrival(fund="f1", amount_fen=1, source="bureau", on=day)
    known.when(early, actor="treasurer-1", at=MARCH).refused("day_in_opening_balance")
    known.when(replace(early, on=date(2020, 3, 1)), actor="treasurer-1", at=MARCH).accepted()


def test_money_taken_over_can_be_returned_from_the_day_after_and_not_before() -> None:
    known = empty().add(by("treasurer-1", TAKE_OVER, MARCH))
    back = ReturnFunds(fund="f1", amount_fen=20_000, to="bureau")
    known.when(replace(back, on=LEAP_DAY), actor="treasurer-1", at=MARCH).refused("day_in_opening_balance")
    known.when(replace(back, on=date(2020, 3, 1)), actor="treasurer-1", at=MARCH).accepted()


def test_money_is_not_returned_on_a_day_to_come() -> None:
    known = empty().add(by("treasurer-1", TAKE_OVER, MARCH))
    back = ReturnFunds(fund="f1", amount_fen=1, to="bureau", on=date(2020, 3, 5))
    known.when(back, actor="treasurer-1", at=MARCH).refused("effective_in_future")


def test_a_balance_of_a_day_to_come_is_refused() -> None:
    empty().when(replace(TAKE_OVER, on=date(2020, 3, 5)), actor="treasurer-1", at=MARCH).refused("effective_in_future")
