"""A calendar year and a school year are two ways to add up the same money: the sums agree to the fen, whatever the cut-off."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.batch import BatchPrepared
from mingzhang.domain.money.fund import FundOpened, FundsArrived, FundsPaid, FundsReserved, FundsRestored, FundTakenOver
from mingzhang.projections.balances import balances
from mingzhang.projections.money_years import BEFORE, CUT_OFF, bridge, school_year, years
from tests.projections.recorded import Recorded, day

LAST = date(2022, 12, 31)
PERIODS = {"b1": "2020-spring", "b2": "2020-autumn", "b3": "2020", "b4": "once", "b5": "2019-2020"}


def said(on: date) -> dict[str, Any]:
    return {"actor": "treasurer-1", "effective_on": on}


def prepared(batch: str) -> tuple[str, Fact]:
    fact = BatchPrepared(
        **said(day(1, 1)), scheme="p.s", period=PERIODS[batch], fund="f1", pay_on=day(1, 1), lines=("s-1/1",), amount_fen=100
    )
    return f"batch/{batch}", fact


def paid(batch: str, fen: int, on: date) -> tuple[str, Fact]:
    return "fund/f1", FundsPaid(**said(on), batch=batch, amount_fen=fen)


def opened() -> list[tuple[str, Fact]]:
    fund = FundOpened(**said(day(1, 1)), title="synthetic", unit="college", year=2020, schemes=())
    old = FundTakenOver(**said(day(1, 1)), received_fen=1_000, available_fen=200, paid_fen=800, returned_fen=0)
    arrived = FundsArrived(**said(day(1, 1)), amount_fen=1_000_000, source="bureau")
    held = [("fund/f1", FundsReserved(**said(day(1, 1)), batch=batch, amount_fen=100_000)) for batch in PERIODS]
    return [("fund/f1", fund), ("fund/f1", old), ("fund/f1", arrived), *map(prepared, PERIODS), *held]


@pytest.mark.parametrize(
    ("period", "paid_on", "cut_off", "belongs_to"),
    [
        ("2020-spring", "2021-01-05", CUT_OFF, "2019-2020"),
        ("2020-autumn", "2020-09-01", CUT_OFF, "2020-2021"),
        ("2019-2020", "2021-12-31", CUT_OFF, "2019-2020"),
        ("2020", "2020-08-31", CUT_OFF, "2019-2020"),
        ("2020", "2020-09-01", CUT_OFF, "2020-2021"),
        ("2020", "2021-01-01", CUT_OFF, "2020-2021"),
        ("once", "2020-07-31", (7, 31), "2019-2020"),
        ("once", "2020-08-01", (7, 31), "2020-2021"),
    ],
)
def test_what_a_payment_is_for_decides_its_school_year_and_else_the_cut_off(
    period: str, paid_on: str, cut_off: tuple[int, int], belongs_to: str
) -> None:
    assert school_year(period, paid_on, cut_off) == belongs_to


def test_each_movement_stands_in_one_cell_and_what_came_back_is_taken_off(log: Recorded) -> None:
    back = FundsRestored(**said(day(1, 8, 2021)), payment="payment/p.s/s-1/2020-spring/1", amount_fen=40)
    log.record(*opened(), paid("b1", 100, day(4, 10)), paid("b2", 70, day(12, 20)), paid("b2", 30, day(1, 4, 2021)), ("fund/f1", back))
    with log.view(LAST) as view:
        found = years(view)
        assert [(cell.year, cell.school_year, cell.net_fen) for cell in found.cells] == [
            (2020, "2019-2020", 100),
            (2020, "2020-2021", 70),
            (2020, BEFORE, 800),
            (2021, "2019-2020", -40),
            (2021, "2020-2021", 30),
        ]
        way = bridge(found, 2020, "2019-2020")
        assert (way.year_fen, way.other_school_years_fen, way.other_years_fen, way.school_year_fen) == (970, 870, -40, 60)
        assert years(view, "f2").cells == ()


moves = st.lists(
    st.tuples(st.sampled_from(list(PERIODS)), st.integers(1, 5_000), st.integers(0, 700), st.booleans()), max_size=12
)


@settings(max_examples=30, deadline=None)
@given(moves, st.tuples(st.integers(1, 12), st.integers(1, 28)))
def test_both_sums_are_the_balance_of_what_was_paid(drawn: list[tuple[str, int, int, bool]], cut_off: tuple[int, int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Recorded(Path(folder))
        facts = opened()
        for batch, fen, days, back in drawn:
            on = day(1, 1) + timedelta(days)
            facts.append(paid(batch, fen, on))
            if back:
                payment = f"payment/p.s/s-1/{PERIODS[batch]}/1"
                facts.append(("fund/f1", FundsRestored(**said(on + timedelta(30)), payment=payment, amount_fen=fen)))
        log.record(*facts)
        for on in (day(6, 30), day(12, 31), LAST):
            with log.view(on) as view:
                found = years(view, "f1", cut_off)
                (fund,) = balances(view)
            assert sum(found.by_year.values()) == sum(found.by_school_year.values()) == found.paid_fen == fund.paid_fen
            for year in found.by_year:
                for wanted in found.by_school_year:
                    way = bridge(found, year, wanted)
                    assert way.year_fen - way.other_school_years_fen + way.other_years_fen == way.school_year_fen
        log.close()
