"""Money is held too long, or paid late, by the plan's own days: within so many days of arriving, and by a day of the year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.facts import Fact
from mingzhang.domain.money.batch import BatchPrepared
from mingzhang.domain.money.fund import FundOpened, FundsArrived, FundsPaid, FundsReserved, FundsReturned
from mingzhang.domain.money.payment import PaymentInstructed, PaymentPaid
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.projections.held_money import held_too_long, paid_late
from tests.college import sha
from tests.projections.recorded import Recorded, day

PLAN = "funan-2020"
P1 = f"{PLAN}.county-grant"  # within 10 days of arriving, and by 20 September
SPRING = "fuxin-2020.grant"  # says no day
PAYMENT = f"payment/{P1}/s-1/2020/1"
DUE = day(9, 11)  # of what arrived on 1 September
LATER = day(12, 31)


def said(on: date) -> dict[str, Any]:
    return {"actor": "somebody", "effective_on": on}


def adopted(code: str) -> tuple[str, Fact]:
    text = bundled_text(code)
    return f"plan/{code}", PlanAdopted(**said(day(1, 1)), code=code, plan_version="2020.1", text=text, sha256=sha(text))


def opened(*schemes: str) -> tuple[str, Fact]:
    return "fund/f1", FundOpened(**said(day(1, 1)), title="synthetic", unit="bureau", year=2020, schemes=schemes)


def arrived(fen: int, on: date) -> tuple[str, Fact]:
    return "fund/f1", FundsArrived(**said(on), amount_fen=fen, source="county")


def paid(fen: int, on: date) -> list[tuple[str, Fact]]:
    """A batch of one payment."""
    prepared = BatchPrepared(
        **said(day(9, 1)), scheme=P1, period="2020", fund="f1", pay_on=on, lines=("s-1/1",), amount_fen=fen
    )
    instructed = PaymentInstructed(
        **said(day(9, 1)), batch="b1", line=1, attempt=1, amount_fen=fen, unit="bureau", award="application/x@1", account_from="entry/x@1"
    )
    return [
        ("batch/b1", prepared),
        (PAYMENT, instructed),
        ("fund/f1", FundsReserved(**said(day(9, 1)), batch="b1", amount_fen=fen)),
        (PAYMENT, PaymentPaid(**said(on), batch="b1", amount_fen=fen)),
        ("fund/f1", FundsPaid(**said(on), batch="b1", amount_fen=fen)),
    ]


@pytest.mark.parametrize(
    ("asked", "held", "gone_on", "over"),
    [
        (day(9, 11), None, None, None),  # the last day is in time
        (day(9, 12), 100, None, 1),
        (day(9, 30), 100, None, 19),
        (day(10, 1), 100, "2020-10-01", 20),
        (LATER, 100, "2020-10-01", 20),
    ],
)
def test_what_lies_longer_than_the_plan_allows_is_told_from_the_day_after(
    log: Recorded, asked: date, held: int | None, gone_on: str | None, over: int | None
) -> None:
    log.record(adopted(PLAN), opened(P1), arrived(100, day(9, 1)), *paid(100, day(10, 1)))
    with log.view(asked) as view:
        found = held_too_long(view)
    assert [(row.held_fen, row.gone_on, row.days_over) for row in found] == ([] if held is None else [(held, gone_on, over)])


@pytest.mark.parametrize(("paid_on", "late"), [(DUE, False), (day(9, 12), True)])
def test_what_is_paid_on_the_last_day_is_in_time(log: Recorded, paid_on: date, late: bool) -> None:
    log.record(adopted(PLAN), opened(P1), arrived(100, day(9, 1)), *paid(100, paid_on))
    with log.view(LATER) as view:
        assert (bool(held_too_long(view)), bool(paid_late(view))) == (late, late)


def test_only_what_is_left_of_an_arrival_is_held(log: Recorded) -> None:
    log.record(adopted(PLAN), opened(P1), arrived(100, day(9, 1)), arrived(40, day(9, 5)), *paid(90, day(9, 10)))
    back = FundsReturned(**said(day(9, 14)), amount_fen=10, to="county")
    log.record(("fund/f1", back))
    with log.view(LATER) as view:
        found = [(row.arrived_on, row.held_fen, row.still_held_fen, row.gone_on) for row in held_too_long(view)]
    assert found == [("2020-09-01", 10, 0, "2020-09-14"), ("2020-09-05", 40, 40, None)]


def test_a_fund_whose_schemes_say_no_day_holds_nothing_too_long(log: Recorded) -> None:
    log.record(adopted("fuxin-2020"), opened(SPRING), arrived(100, day(9, 1)))
    with log.view(LATER) as view:
        assert held_too_long(view) == []


def test_a_late_payment_names_the_arrival_or_the_plans_own_day_whichever_came_first(log: Recorded) -> None:
    refs = log.record(adopted(PLAN), opened(P1), arrived(100, day(9, 1)), *paid(100, day(9, 25)))
    with log.view(LATER) as view:
        (row,) = paid_late(view)
    assert (row.payment, row.due_on, row.days_late, row.arrival, row.amount_fen) == (PAYMENT, "2020-09-11", 14, refs[2], 100)
    assert row.events == (f"{PAYMENT}@2", refs[2], refs[0])


@pytest.mark.parametrize(("paid_on", "days_late"), [(day(9, 20), None), (day(9, 21), 1)])
def test_money_that_came_late_does_not_put_the_plans_own_day_off(log: Recorded, paid_on: date, days_late: int | None) -> None:
    log.record(adopted(PLAN), opened(P1), arrived(100, day(9, 18)), *paid(100, paid_on))
    with log.view(LATER) as view:
        found = [(row.due_on, row.days_late, row.arrival) for row in paid_late(view)]
    assert found == ([] if days_late is None else [("2020-09-20", days_late, None)])


def test_what_was_known_then_is_answered_as_it_was(log: Recorded) -> None:
    log.record(adopted(PLAN), opened(P1), arrived(100, day(9, 1)))
    size = log.size
    log.record(*paid(100, day(9, 5)))  # told late: it had been paid in time
    with log.view(LATER, size) as before, log.view(LATER) as after:
        assert (len(held_too_long(before)), held_too_long(after)) == (1, [])
