"""Each source has a balance of its own: what arrived first is spent first, and every fen of every arrival is somewhere on every day."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.fund import (
    FundOpened,
    FundsArrived,
    FundsPaid,
    FundsReleased,
    FundsReserved,
    FundsRestored,
    FundsReturned,
    FundTakenOver,
)
from mingzhang.domain.money.movement import PLACES
from mingzhang.projections.balances import balances
from mingzhang.projections.money_sources import balances_by, spendings
from tests.projections.recorded import Recorded, day

FIRST = date(2020, 3, 1)
SOURCES = ("province", "city", "county")


def said(days: int = 0) -> dict[str, Any]:
    return {"actor": "treasurer-1", "effective_on": FIRST + timedelta(days)}


def opened_fund(year: int = 2020) -> Fact:
    return FundOpened(**said(), title="synthetic", unit="college", year=year, schemes=())


def taken_over(available: int = 20, paid: int = 70, returned: int = 10, source: str | None = None) -> FundTakenOver:
    received = available + paid + returned
    return FundTakenOver(
        **said(), received_fen=received, available_fen=available, paid_fen=paid, returned_fen=returned, source=source
    )


def arrived(fen: int, source: str, days: int = 0) -> Fact:
    return FundsArrived(**said(days), amount_fen=fen, source=source)


@st.composite
def lives_of_a_fund(draw: st.DrawFn) -> list[Fact]:
    """Movements by the rules: nothing is taken from where it is not on that day or on a later one; some are told late."""
    available, paid = [0] * 14, 0
    reserved: dict[str, int] = {}
    facts: list[Fact] = []
    if draw(st.booleans()):
        some = st.integers(1, 500)
        old = taken_over(draw(some), draw(some), draw(some), draw(st.sampled_from([None, "province"])))
        facts.append(old)
        available[0], paid = old.available_fen, old.paid_fen

    def left(since: int) -> int:
        return min(sum(available[: until + 1]) for until in range(since, 14))

    for days in range(draw(st.integers(0, 13))):
        for _ in range(draw(st.integers(1, 3))):
            amount, batch = draw(st.integers(1, 400)), draw(st.sampled_from(["b1", "b2"]))
            early = draw(st.integers(0, days))
            match draw(st.sampled_from(["arrived", "reserved", "paid", "released", "restored", "returned"])):
                case "arrived":
                    facts.append(arrived(amount, draw(st.sampled_from(SOURCES)), early))
                    available[early] += amount
                case "reserved" if left(early) >= amount and not reserved.get(batch):
                    facts.append(FundsReserved(**said(early), batch=batch, amount_fen=amount))
                    available[early] -= amount
                    reserved[batch] = amount
                case "paid" if reserved.get(batch, 0) >= amount:
                    facts.append(FundsPaid(**said(days), batch=batch, amount_fen=amount))
                    reserved[batch], paid = reserved[batch] - amount, paid + amount
                case "released" if reserved.get(batch, 0) >= amount:
                    facts.append(FundsReleased(**said(days), batch=batch, amount_fen=amount))
                    reserved[batch] -= amount
                    available[days] += amount
                case "restored" if paid >= amount:
                    facts.append(FundsRestored(**said(days), payment="payment/x", amount_fen=amount))
                    paid -= amount
                    available[days] += amount
                case "returned" if left(early) >= amount:
                    facts.append(FundsReturned(**said(early), amount_fen=amount, to="bureau"))
                    available[early] -= amount
    return facts


@settings(max_examples=40, deadline=None)
@given(lives_of_a_fund())
def test_every_fen_of_every_arrival_is_somewhere_on_every_day_and_at_every_log_size(facts: list[Fact]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Recorded(Path(folder))
        log.record(("fund/f1", opened_fund()), *(("fund/f1", fact) for fact in facts))
        for size in range(1, log.size + 1, max(1, log.size // 4)):
            for days in range(14):
                with log.view(FIRST + timedelta(days), size) as view:
                    (fund,) = balances(view)
                    sources = balances_by(view, "source")
                    lots = [lot for spending in spendings(view).values() for lot in spending.lots]
                for row in sources:
                    assert row.received_fen == row.available_fen + row.reserved_fen + row.paid_fen + row.returned_fen
                for lot in lots:
                    assert lot.received_fen == lot.available_fen + lot.reserved_fen + lot.paid_fen + lot.returned_fen
                    assert min(lot.available_fen, lot.reserved_fen, lot.paid_fen, lot.returned_fen) >= 0
                for place in PLACES:
                    assert sum(getattr(row, place) for row in sources) == getattr(fund, place)
                assert fund.received_fen == fund.available_fen + fund.reserved_fen + fund.paid_fen + fund.returned_fen
        log.close()


def test_what_arrived_first_is_spent_first(log: Recorded) -> None:
    log.record(
        ("fund/f1", opened_fund()),
        ("fund/f1", arrived(100, "city", 2)),
        ("fund/f1", arrived(60, "province", 1)),  # told later, arrived earlier
        ("fund/f1", FundsReserved(**said(3), batch="b1", amount_fen=100)),
        ("fund/f1", FundsPaid(**said(4), batch="b1", amount_fen=70)),
        ("fund/f1", FundsReleased(**said(4), batch="b1", amount_fen=30)),
    )
    with log.view(day(3, 31)) as view:
        assert [row[1:] for row in balances_by(view, "source")] == [
            ("city", 0, 100, 90, 0, 10, 0),
            ("province", 0, 60, 0, 0, 60, 0),
        ]


def test_what_comes_back_goes_to_the_money_that_was_paid_last(log: Recorded) -> None:
    log.record(
        ("fund/f1", opened_fund()),
        ("fund/f1", arrived(60, "province")),
        ("fund/f1", arrived(100, "city", 1)),
        ("fund/f1", FundsReserved(**said(3), batch="b1", amount_fen=100)),
        ("fund/f1", FundsPaid(**said(4), batch="b1", amount_fen=100)),
        ("fund/f1", FundsRestored(**said(5), payment="payment/x", amount_fen=50)),
        ("fund/f1", FundsReturned(**said(6), amount_fen=70, to="bureau")),
    )
    with log.view(day(3, 31)) as view:
        assert [row[1:] for row in balances_by(view, "source")] == [
            ("city", 0, 100, 40, 0, 0, 60),
            ("province", 0, 60, 0, 0, 50, 10),
        ]


def test_no_source_is_below_zero_where_money_was_set_aside_late_on_an_earlier_day(log: Recorded) -> None:
    log.record(
        ("fund/f1", opened_fund()),
        ("fund/f1", arrived(64, "province")),
        ("fund/f1", arrived(27, "city")),
        ("fund/f1", FundsReserved(**said(), batch="b1", amount_fen=49)),
        ("fund/f1", FundsPaid(**said(1), batch="b1", amount_fen=28)),
        ("fund/f1", FundsReserved(**said(3), batch="b2", amount_fen=20)),
        ("fund/f1", FundsRestored(**said(3), payment="payment/x", amount_fen=10)),
        ("fund/f1", FundsReserved(**said(2), batch="b3", amount_fen=26)),  # told last: on the third day 16 fen are there, and 10 come back
    )
    with log.view(FIRST + timedelta(3)) as view:
        assert [row[1:] for row in balances_by(view, "source")] == [("city", 0, 27, 6, 21, 0, 0), ("province", 0, 64, 0, 46, 18, 0)]


def test_money_set_aside_and_given_free_again_on_one_day_was_nobodys_for_longer(log: Recorded) -> None:
    log.record(
        ("fund/f1", opened_fund()),
        ("fund/f1", arrived(70, "province")),
        ("fund/f1", arrived(30, "city")),
        ("fund/f1", FundsReserved(**said(3), batch="b1", amount_fen=100)),
        ("fund/f1", FundsReleased(**said(3), batch="b1", amount_fen=60)),
        ("fund/f1", FundsPaid(**said(3), batch="b1", amount_fen=40)),
        ("fund/f1", FundsReturned(**said(2), amount_fen=50, to="bureau")),  # told last
    )
    with log.view(FIRST + timedelta(3)) as view:
        assert [row[1:] for row in balances_by(view, "source")] == [("city", 0, 30, 10, 0, 20, 0), ("province", 0, 70, 0, 0, 20, 50)]


def test_an_opening_balance_is_the_oldest_money_there_is(log: Recorded) -> None:
    log.record(
        ("fund/f1", opened_fund()),
        ("fund/f1", taken_over()),
        ("fund/f1", arrived(100, "city")),
        ("fund/f1", FundsReturned(**said(), amount_fen=30, to="bureau")),
    )
    with log.view(day(3, 31)) as view:
        assert [row[1:] for row in balances_by(view, "source")] == [("", 0, 100, 0, 0, 70, 30), ("city", 0, 100, 90, 0, 0, 10)]


def test_sources_and_budget_years_are_kept_apart_over_all_funds(log: Recorded) -> None:
    log.record(
        ("fund/f1", opened_fund(2019)),
        ("fund/f2", opened_fund(2020)),
        ("fund/f1", arrived(1, "city")),
        ("fund/f2", arrived(10, "city")),
        ("fund/f2", arrived(100, "province")),
    )
    with log.view(day(3, 31)) as view:
        assert [row[:4] for row in balances_by(view, "source")] == [
            ("f1", "city", 0, 1), ("f2", "city", 0, 10), ("f2", "province", 0, 100),
        ]  # fmt: skip
        assert [row[:4] for row in balances_by(view, "year")] == [("", "", 2019, 1), ("", "", 2020, 110)]
        assert [row[:4] for row in balances_by(view, "source-year")] == [
            ("", "city", 2019, 1), ("", "city", 2020, 10), ("", "province", 2020, 100),
        ]  # fmt: skip
