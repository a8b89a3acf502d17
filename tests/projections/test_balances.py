"""received = available + reserved + paid + returned upward, to the fen, on every day and at every log size."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.fund import (
    BudgetSet,
    FundOpened,
    FundsArrived,
    FundsPaid,
    FundsReleased,
    FundsReserved,
    FundsRestored,
    FundsReturned,
)
from mingzhang.projections.balances import balances, moves
from tests.projections.recorded import Recorded, day

FIRST = date(2020, 3, 1)


def said(days: int = 0) -> dict[str, Any]:
    return {"actor": "treasurer-1", "effective_on": FIRST + timedelta(days)}


def opened_fund() -> Fact:
    return FundOpened(**said(), title="synthetic", unit="college", year=2020, schemes=())


@st.composite
def lives_of_a_fund(draw: st.DrawFn) -> list[Fact]:
    """Movements that keep the rules: nothing is taken from where it is not. Days go on; some facts are told late."""
    available = reserved = paid = 0
    facts: list[Fact] = []
    for days in range(draw(st.integers(0, 12))):
        amount = draw(st.integers(1, 1_000_000))
        late = said(days)
        step = draw(st.sampled_from(["arrived", "reserved", "paid", "released", "restored", "returned"]))
        if step == "arrived":
            facts.append(FundsArrived(**said(draw(st.integers(0, days))), amount_fen=amount, source="bureau"))
            available += amount
        elif step == "reserved" and available >= amount:
            facts.append(FundsReserved(**late, batch="b1", amount_fen=amount))
            available, reserved = available - amount, reserved + amount
        elif step == "paid" and reserved >= amount:
            facts.append(FundsPaid(**late, batch="b1", amount_fen=amount))
            reserved, paid = reserved - amount, paid + amount
        elif step == "released" and reserved >= amount:
            facts.append(FundsReleased(**late, batch="b1", amount_fen=amount))
            reserved, available = reserved - amount, available + amount
        elif step == "restored" and paid >= amount:
            facts.append(FundsRestored(**late, payment="payment/x", amount_fen=amount))
            paid, available = paid - amount, available + amount
        elif step == "returned" and available >= amount:
            facts.append(FundsReturned(**late, amount_fen=amount, to="bureau"))
            available -= amount
    return facts


@settings(max_examples=40, deadline=None)
@given(lives_of_a_fund())
def test_every_fen_is_somewhere_on_every_day_and_never_below_zero(facts: list[Fact]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Recorded(Path(folder))
        log.record(("fund/f1", opened_fund()), *(("fund/f1", fact) for fact in facts))
        for size in {log.size, log.size // 2 + 1, 1}:
            for days in range(13):
                with log.view(FIRST + timedelta(days), size) as view:
                    (row,) = balances(view)
                parts = (row.available_fen, row.reserved_fen, row.paid_fen, row.returned_fen)
                assert row.received_fen == sum(parts)
                assert min(row.received_fen, *parts) >= 0
        log.close()


def test_a_balance_names_the_budget_and_where_the_money_is(log: Recorded) -> None:
    log.record(("fund/f1", opened_fund()), ("fund/f1", BudgetSet(**said(), amount_fen=900)))
    log.record(("fund/f1", FundsArrived(**said(1), amount_fen=800, source="bureau")))
    log.record(("fund/f1", FundsReserved(**said(2), batch="b1", amount_fen=300)))
    with log.view(day(3, 2)) as before, log.view(day(3, 3)) as after:
        assert balances(before) == [("f1", "synthetic", "college", 2020, 800, 800, 0, 0, 0, 900)]
        assert balances(after) == [("f1", "synthetic", "college", 2020, 800, 500, 300, 0, 0, 900)]
        assert [(move.step, move.amount_fen, move.batch) for move in moves(after, "f1")] == [
            ("arrived", 800, None),
            ("reserved", 300, "b1"),
        ]
