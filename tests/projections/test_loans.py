"""The list of loans says whose interest is still paid, and asks no more of the tables for many loans than for one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event

from mingzhang.domain.loan.loan import LoanApplied, LoanDisbursed
from mingzhang.domain.student.facts import IdentityMergedInto
from mingzhang.projections.loans import loans
from tests.college import S1, S2
from tests.projections.recorded import Event, Recorded, day, enrolled, registered

YEAR = "2020-2021"


def lent(student: str) -> list[Event]:
    said: dict[str, Any] = {"actor": "staff-1", "effective_on": day(3, 2)}
    of_whom: dict[str, Any] = {"scheme": "funan-2020.loan", "student": student, "period": YEAR, "unit": "shifan"}
    asked = LoanApplied(**of_whom, asked_fen=800000, fees_fen=900000, board_fen=0, **said)
    return [(f"loan/{student}/{YEAR}", asked), (f"loan/{student}/{YEAR}", LoanDisbursed(amount_fen=800000, **said))]


def statements_for(log: Recorded, students: int) -> int:
    """How many statements the list of so many loans takes."""
    asked = 0

    def count(*_said: object) -> None:
        nonlocal asked
        asked += 1

    with log.view(day(6, 1)) as view:
        engine = view.connection.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            assert len(loans(view)) == students
        finally:
            event.remove(engine, "before_cursor_execute", count)
    return asked


def test_a_list_of_many_loans_asks_as_often_as_a_list_of_one(log: Recorded) -> None:
    log.record(registered(S1), *lent(S1))
    alone = statements_for(log, 1)
    for number in range(20):
        log.record(registered(f"s-X{number:03d}"), *lent(f"s-X{number:03d}"))
    assert statements_for(log, 21) == alone


@pytest.mark.parametrize(("status", "subsidy"), [("在读", "paid"), ("毕业", "to_end"), ("退学", "to_end")])
def test_interest_is_to_end_where_any_file_of_the_borrower_says_the_studies_are_over(log: Recorded, status: str, subsidy: str) -> None:
    merged = IdentityMergedInto(actor="staff-1", effective_on=day(3, 3), survivor=S2)
    log.record(registered(S1), registered(S2), *lent(S1), (f"student/{S1}", merged), enrolled(S2, status, day(5, 1)))
    with log.view(day(6, 1)) as view:
        assert [(row.student, row.subsidy) for row in loans(view)] == [(S1, subsidy)]
