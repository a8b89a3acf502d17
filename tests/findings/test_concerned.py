"""Whose business a finding is: the unit its money was paid for, else that of the student, the pairing or the notice it is about."""

from __future__ import annotations

from mingzhang.domain.money.batch import BatchChecked
from mingzhang.projections.findings import findings
from mingzhang.projections.findings.concerned import units_concerned
from tests.college import S1, S2, S3
from tests.findings.asked import END, case, listed, merged, money, said
from tests.findings.test_timing import discharged, fund, paying, written
from tests.projections.recorded import Recorded, day, enrolled, entry, prepared, registered


def units(log: Recorded, rule: str) -> list[set[str]]:
    with log.view(END) as view:
        return units_concerned(view, findings(view, log.journal, (rule,)))


def test_a_payment_is_the_business_of_the_unit_it_was_made_for(log: Recorded) -> None:
    log.record(*case(), registered(S1, unit="zongzhi"), enrolled(S1, "退学", day(4, 1)), *money())
    assert units(log, "paid_while_not_enrolled") == [{"shifan"}]


def test_whoever_was_missed_is_the_business_of_the_unit_that_keeps_the_file(log: Recorded) -> None:
    here = (registered(S2, unit="zongzhi"), enrolled(S2, "在读", day(3, 1)))
    log.record(*listed(S2), *case(S1), *money(S1), *here)
    assert units(log, "eligible_but_unpaid") == [{"zongzhi"}]


def test_two_units_that_reported_one_person_are_both_concerned(log: Recorded) -> None:
    log.record(entry(S1), entry(S2, unit="zongzhi"), merged(S2, S1))
    assert units(log, "duplicate_identity") == [{"shifan", "zongzhi"}]


def test_what_was_paid_late_concerns_every_unit_of_which_somebody_was_paid(log: Recorded) -> None:
    log.record(paying("by = { month = 4, day = 10 }"), *fund(day(4, 9)), *case(), *money(), *case(S3), *money(S3))
    assert units(log, "paid_late") == [{"shifan"}]


def test_a_fund_and_a_batch_of_all_units_concern_none(log: Recorded) -> None:
    log.record(paying("days_after_arrival = 10"), *fund(day(4, 1)), prepared("b1", S1))
    log.record(("batch/b1", BatchChecked(**said(day(4, 9)), payments=1, amount_fen=150_000)))
    assert units(log, "money_held_too_long") == units(log, "same_person_decided_twice") == [set()]


def test_a_duty_is_the_business_of_the_unit_that_owed_it(log: Recorded) -> None:
    written(log, day(6, 1))
    log.record(discharged(None))
    assert units(log, "backdated_entry") == [{"college"}]


def test_a_batch_of_one_unit_is_the_business_of_that_unit(log: Recorded) -> None:
    stream, fact = prepared("b1", S1)
    log.record((stream, fact.model_copy(update={"unit": "zongzhi"})))
    log.record(("batch/b1", BatchChecked(**said(day(4, 9)), payments=1, amount_fen=150_000)))
    assert units(log, "same_person_decided_twice") == [{"zongzhi"}]
