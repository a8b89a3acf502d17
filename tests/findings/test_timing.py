"""Days: a fact written down long after the day it says, money paid late, money that lay too long, proof that is not there."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mingzhang.domain.aid.notice import NoticeCompleted, NoticePosted
from mingzhang.domain.duty.duty import DutyDischarged
from mingzhang.domain.facts import Fact
from mingzhang.domain.money.attempts import PaymentPaidInPart
from mingzhang.domain.money.fund import FundOpened, FundsArrived
from mingzhang.domain.money.payment import PaymentPaid, PaymentReissued, PaymentReturned
from mingzhang.domain.plan.bundled import bundled_codes, bundled_text
from mingzhang.domain.plan.dates import PlanDateSet
from mingzhang.domain.plan.vocabulary import read_plan
from tests.college import GRANT, PLAN, S1, SPRING, adopted, sha
from tests.findings.asked import case, found, money, said, with_rules
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, day, enrolled

BACKDATED = "backdated_entry"


def written(log: Recorded, on: date) -> None:
    """From here on it is that day."""
    log._now = datetime(on.year, on.month, on.day, 4, tzinfo=UTC)


@pytest.mark.parametrize(("days", "count"), [(30, 0), (31, 1)])
def test_an_award_approved_thirty_days_ago_is_in_time_and_one_more_is_not(log: Recorded, days: int, count: int) -> None:
    written(log, day(3, 20) if days == 0 else date.fromordinal(day(3, 20).toordinal() + days))
    log.record(case()[2])
    assert [one.facts["days"] for one in found(log, BACKDATED)] == [31] * count


def test_it_names_the_fact_its_day_and_the_day_it_was_written_down(log: Recorded) -> None:
    written(log, day(6, 1))
    log.record(*case())
    told = {one.facts["topic"]: one for one in found(log, BACKDATED)}
    assert set(told) == {"application.submitted", "award.approved"}  # of a survey entry only where somebody was paid
    one = told["award.approved"]
    assert one.events == (f"application/{GRANT}/{S1}/{SPRING}@2",)
    assert (one.facts["on"], one.facts["recorded_on"], one.amount_fen, one.known_at_payment) == ("2020-03-20", "2020-06-01", 0, None)
    assert one.facts["staff"] == "staff-1"  # who does not answer for it


def test_with_money_behind_it_the_money_is_at_stake_and_the_entry_counts_too(log: Recorded) -> None:
    written(log, day(6, 1))
    log.record(*case(), *money())
    assert {one.facts["topic"]: one.amount_fen for one in found(log, BACKDATED)} == {
        "application.submitted": 150_000, "award.approved": 150_000, "entry.recorded": 150_000,
    }  # fmt: skip


def discharged(sha256: str | None) -> Event:
    fact: Fact = DutyDischarged(
        **said(day(3, 20)), plan=PLAN, code="info-cards", unit="college", period="2020", to=(), sha256=sha256,
    )  # fmt: skip
    return f"duty/{PLAN}/info-cards/2020", fact


@pytest.mark.parametrize(("document", "count"), [(None, 1), (sha("report"), 0)])
def test_a_duty_dated_back_is_found_unless_its_report_is_there(log: Recorded, document: str | None, count: int) -> None:
    written(log, day(5, 1))
    log.record(discharged(document))
    assert [one.facts["topic"] for one in found(log, BACKDATED)] == ["duty.discharged"] * count


def posted(photo: bool = False) -> Event:
    fact: Fact = NoticePosted(
        **said(day(4, 1)), scheme=GRANT, period=SPRING, step="校内公示", number=1, unit="college", place="公告栏", cases=(), shown=(),
        tiers=(), days=5, day_kind="calendar", last_day=day(4, 6), photo=photo, plan_version="2020.1",
    )  # fmt: skip
    return "notice/n1", fact


@pytest.mark.parametrize(("recorded", "count"), [(day(4, 6), 0), (day(4, 7), 1)])
def test_a_notice_written_down_only_after_its_last_day_is_backdated(log: Recorded, recorded: date, count: int) -> None:
    written(log, recorded)
    log.record(posted())
    assert [one.severity for one in found(log, BACKDATED)] == ["high"] * count


def test_a_return_written_down_after_the_money_had_left_to_somebody_gone_is_found(log: Recorded) -> None:
    log.record(*case(), enrolled(S1, "休学", day(4, 1)), *money())
    written(log, day(6, 1))
    log.record(enrolled(S1, "复学", day(4, 10)))
    assert [(one.facts["topic"], one.severity) for one in found(log, BACKDATED)] == [("student.enrolment_changed", "high")]


def test_what_a_register_brings_with_its_own_day_is_not_backdated(log: Recorded) -> None:
    log.record(*case(), enrolled(S1, "休学", day(4, 1)), *money())
    written(log, day(6, 1))
    log.record(enrolled(S1, "复学", day(4, 10), registered_on="2020-04-12"))
    assert found(log, BACKDATED) == []


def paying(rule: str) -> Event:
    stacks = '\nstacks_with = ["tuition-waiver"]\n'
    text = bundled_text(PLAN).replace(stacks, f"{stacks}payment = {{ {rule} }}\n", 1)
    return adopted(text)


def fund(on: date) -> list[Event]:
    opened: Fact = FundOpened(**said(day(3, 1)), title="synthetic", unit="college", year=2020, schemes=(GRANT,))
    return [("fund/f1", opened), ("fund/f1", FundsArrived(**said(on), amount_fen=1_000_000, source="bureau"))]


def test_payments_after_the_plans_day_are_found_once_for_the_batch(log: Recorded) -> None:
    log.record(paying("by = { month = 4, day = 10 }"), *fund(day(4, 9)), *case(), *money())
    [one] = found(log, "paid_late")
    assert (one.subject, one.amount_fen, one.facts["days"], one.facts["count"]) == ("b1", 150_000, 5, 1)
    assert one.severity == "medium"


def test_a_part_that_the_bank_paid_late_is_late_as_well(log: Recorded) -> None:
    part: Fact = PaymentPaidInPart(**said(day(4, 15)), batch="b1", amount_fen=100_000, asked_fen=150_000)
    order, (stream, _paid) = money()
    log.record(paying("by = { month = 4, day = 10 }"), *fund(day(4, 9)), *case(), order, (stream, part))
    assert [(one.amount_fen, one.facts["days"]) for one in found(log, "paid_late")] == [(100_000, 5)]


def test_money_that_came_back_and_went_out_again_is_counted_once(log: Recorded) -> None:
    log.record(told(day(4, 10)), *case(), *money())
    stream = f"payment/{GRANT}/{S1}/{SPRING}/1"
    back: Fact = PaymentReturned(**said(day(4, 20)), batch="b1", amount_fen=150_000)
    log.record((stream, back))
    [came_back] = found(log, "paid_late")
    assert (came_back.subject, came_back.amount_fen, came_back.facts["count"]) == ("b1", 0, 1)
    again: Fact = PaymentReissued(
        **said(day(4, 24)), batch="b2", line=1, attempt=2, amount_fen=150_000, unit="school", award="",
        account_from="", corrects=f"{stream}@3",
    )
    paid: Fact = PaymentPaid(**said(day(4, 25)), batch="b2", amount_fen=150_000)
    log.record((stream, again), (stream, paid))
    assert sorted((one.subject, one.amount_fen) for one in found(log, "paid_late")) == [("b1", 0), ("b2", 150_000)]


def told(on: date, name: str = "spring-payment") -> Event:
    """The higher office said by when the term's awards are to be paid."""
    fact: Fact = PlanDateSet(**said(day(3, 1)), plan=PLAN, name=name, period=SPRING, day=on, source=sealed("t-1"))
    return f"plandate/{PLAN}/{name}/{SPRING}", fact


def test_a_plan_whose_deadline_is_a_duty_to_pay_is_judged_by_it(log: Recorded) -> None:
    [date_told] = log.record(told(day(4, 10)))
    log.record(*case(), *money())
    [one] = found(log, "paid_late")
    assert (one.subject, one.amount_fen, one.facts["due_on"], one.facts["days"]) == ("b1", 150_000, "2020-04-10", 5)
    assert one.facts["clause"] == "payment" and one.facts["plan"] == PLAN
    assert one.events == (date_told, f"plan/{PLAN}@1", f"payment/{GRANT}/{S1}/{SPRING}/1@2")


@pytest.mark.parametrize("on", [day(4, 15), None])
def test_paid_by_the_day_of_the_duty_or_where_nobody_told_a_day_is_not_late(log: Recorded, on: date | None) -> None:
    if on is not None:
        log.record(told(on))
    log.record(*case(), *money())
    assert found(log, "paid_late") == []


def test_of_two_deadlines_the_earlier_counts(log: Recorded) -> None:
    log.record(paying("by = { month = 4, day = 12 }"), *fund(day(4, 9)), told(day(4, 10)), *case(), *money())
    assert [(one.facts["due_on"], one.facts["count"]) for one in found(log, "paid_late")] == [("2020-04-10", 1)]


def test_what_was_decided_to_be_paid_afterwards_is_not_late_by_the_duty(log: Recorded) -> None:
    log.record(told(day(4, 10)), *case())
    log.record(*((stream.replace(f"{SPRING}/1", f"{SPRING}/t1"), fact) for stream, fact in money()))
    assert found(log, "paid_late") == []


@pytest.mark.parametrize("code", sorted(bundled_codes()))
def test_every_bundled_plan_that_lays_down_a_day_of_payment_is_judged_by_it(code: str) -> None:
    """Found in their own words: where a clause or duty speaks of paying by a day, the rule has that day."""
    plan = read_plan(bundled_text(code))
    by_duty = {duty.code for duty in plan.duties if duty.discharged_by == "payment.paid"}
    by_clause = {scheme.code for scheme in plan.schemes if scheme.payment is not None}
    judged = {"fuxin-2020": {"spring-payment", "autumn-payment"}, "funan-2020": {"county-grant"}}
    assert by_duty | by_clause == judged.get(code, set())


def test_money_that_still_lies_here_after_the_plans_days_is_found(log: Recorded) -> None:
    log.record(paying("days_after_arrival = 10"), *fund(day(4, 1)))
    [one] = found(log, "money_held_too_long")
    assert (one.subject, one.amount_fen, one.facts["due_on"], one.severity) == ("f1", 1_000_000, "2020-04-11", "high")
    assert found(log, "money_held_too_long", on=day(4, 11)) == []


@pytest.mark.parametrize(("photo", "count"), [(True, 1), (False, 0)])
def test_a_notice_completed_without_the_photo_the_plan_asks_for_is_found(log: Recorded, photo: bool, count: int) -> None:
    log.record(posted(photo), ("notice/n1", NoticeCompleted(**said(day(4, 7)), passed=())))
    assert [one.facts["what"] for one in found(log, "evidence_missing")] == ["photo"] * count


def test_a_document_of_which_only_the_hash_is_on_record_is_missing(log: Recorded) -> None:
    log.record(discharged(sha("report")))
    [one] = found(log, "evidence_missing")
    assert (one.facts["what"], one.facts["sha256"]) == ("document", sha("report"))


def test_the_plan_s_figure_is_that_of_entries_too(log: Recorded) -> None:
    """The plan of the payment that went out on the entry decides, as it does whether the rule is applied at all."""
    log.record(with_rules(bundled_text(PLAN), '[[findings]]\nrule = "backdated_entry"\ndays = 100\nclause = "aid"\n'))
    written(log, day(6, 1))
    log.record(*case(), *money())
    assert found(log, BACKDATED) == []


def test_every_instalment_that_went_out_on_a_backdated_award_is_at_stake(log: Recorded) -> None:
    written(log, day(6, 1))
    second = [(stream.replace(f"{SPRING}/1", f"{SPRING}/2"), fact) for stream, fact in money(amount_fen=50_000)]
    log.record(*case(), *money(), *second)
    assert {one.facts["topic"]: one.amount_fen for one in found(log, BACKDATED)} == {
        "application.submitted": 200_000, "award.approved": 200_000, "entry.recorded": 200_000,
    }  # fmt: skip
