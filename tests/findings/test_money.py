"""Money that left: more than the award, twice for one period, or while a notice hung."""

from __future__ import annotations

from datetime import date

from mingzhang.domain.aid.facts import AwardReassessed, NoticePassed
from mingzhang.domain.aid.notice import NoticePosted, NoticeWithdrawn
from mingzhang.domain.facts import Fact
from mingzhang.domain.money.batch import BatchExported
from mingzhang.domain.money.payment import PaymentInstructed, PaymentPaid
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.projections.findings.naming import finding_id
from tests.college import GRANT, PLAN, S1, S2, SPRING, WAIVER, adopted, sha
from tests.findings.asked import case, found, merged, money, said
from tests.given import sealed
from tests.projections.recorded import Event, Recorded, day, enrolled, instructed, paid, prepared, returned, revoked

CASE = f"application/{GRANT}/{S1}/{SPRING}"
MORE, TWICE, NOTICE = "paid_more_than_award", "paid_twice_for_period", "paid_inside_notice"


def reassessed(amount_fen: int) -> Event:
    fact = AwardReassessed(
        **said(day(5, 10)), scheme=GRANT, student=S1, period=SPRING, before_fen=150_000, amount_fen=amount_fen, tier="三档",
        plan_version="2020.1", clause="aid", reason=sealed(S1),
    )  # fmt: skip
    return CASE, fact


def instalment(number: str, fen: int, scheme: str = GRANT, period: str = SPRING) -> list[Event]:
    stream = f"payment/{scheme}/{S1}/{period}/{number}"
    order: Fact = PaymentInstructed(
        **said(day(4, 8)), batch="b1", line=1, attempt=1, amount_fen=fen, unit="shifan", award="", account_from=""
    )
    return [(stream, order), (stream, PaymentPaid(**said(day(4, 15)), batch="b1", amount_fen=fen, bank_ref=f"bank-{number}"))]


def test_paid_as_awarded_is_no_finding(log: Recorded) -> None:
    log.record(*case(), *money())
    assert found(log, MORE) == found(log, TWICE) == []


def test_all_instalments_and_top_ups_of_a_case_are_added_up(log: Recorded) -> None:
    log.record(*case(), *instalment("1", 100_000), *instalment("2", 50_000), *instalment("t1", 1))
    [one] = found(log, MORE)
    assert (one.subject, one.amount_fen, one.facts["paid_fen"], one.facts["award_fen"]) == (S1, 1, 150_001, 150_000)
    assert one.known_at_payment is True and one.severity == "high"


def test_an_award_lowered_later_leaves_the_difference_too_much_and_nobody_knew(log: Recorded) -> None:
    log.record(*case(), *money())
    before = log.size
    log.record(reassessed(100_000))
    [one] = found(log, MORE)
    assert (one.amount_fen, one.known_at_payment, one.severity) == (50_000, False, "medium")
    assert found(log, MORE, before) == []


def test_of_a_revoked_award_everything_kept_is_too_much_and_nothing_that_came_back(log: Recorded) -> None:
    log.record(*case(), *money(), revoked(S1, day(5, 2)))
    [one] = found(log, MORE)
    assert (one.amount_fen, one.events[-1]) == (150_000, f"{CASE}@3")
    log.record(returned(S1, day(5, 20)))
    assert found(log, MORE) == []


def test_one_person_paid_under_two_files_is_found_when_the_files_are_merged(log: Recorded) -> None:
    log.record(*case(S1), *money(S1), *case(S2), *money(S2))
    assert found(log, TWICE) == []
    log.record(merged(S2, S1))
    [one] = found(log, TWICE)
    assert (one.subject, one.payment, one.amount_fen) == (S1, f"payment/{GRANT}/{S2}/{SPRING}/1", 150_000)
    assert one.known_at_payment is False and one.events[-1] == f"student/{S2}@1"


def test_schemes_that_do_not_stack_are_found_and_those_that_do_are_not(log: Recorded) -> None:
    log.record(*case(), *money(), *instalment("1", 100_000, scheme=WAIVER))
    assert found(log, TWICE) == []
    log.record(*instalment("1", 70_000, scheme=f"{PLAN}.grant", period="2020-autumn"))
    assert found(log, TWICE) == []


def notice(last: date, passed: date | None, early: bool = False) -> list[Event]:
    posted: Fact = NoticePosted(
        **said(day(4, 10)), scheme=GRANT, period=SPRING, step="校内公示", number=1, unit="college", place="公告栏", cases=(CASE,),
        shown=("",), tiers=(None,), days=5, day_kind="calendar", last_day=last, photo=False, plan_version="2020.1",
    )  # fmt: skip
    events: list[Event] = [("notice/n1", posted)]
    if early:
        events.append(("notice/n1", NoticeWithdrawn(**said(day(4, 11)), early=True, reason=sealed("t-1"))))
    if passed is not None:
        events.append((CASE, NoticePassed(**said(passed), notice="n1", step="校内公示")))
    return events


def test_money_that_left_on_the_last_day_of_a_notice_left_inside_it(log: Recorded) -> None:
    log.record(*case(), *notice(day(4, 15), None), *money())
    [one] = found(log, NOTICE)
    assert (one.amount_fen, one.known_at_payment, one.facts["last_day"]) == (150_000, True, "2020-04-15")


def test_money_that_left_the_day_after_is_no_finding(log: Recorded) -> None:
    log.record(*case(), *notice(day(4, 14), day(4, 15)), *money())
    assert found(log, NOTICE) == []


def test_money_that_left_before_the_notice_let_the_case_pass_is_found(log: Recorded) -> None:
    log.record(*case(), *notice(day(4, 12), day(4, 16)), *money())
    assert [one.facts["passed_on"] for one in found(log, NOTICE)] == ["2020-04-16"]


def test_a_notice_hung_up_after_the_money_had_left_is_about_something_else(log: Recorded) -> None:
    log.record(*case(), *money(on=day(4, 9)), *notice(day(4, 15), None))
    assert found(log, NOTICE) == []


def test_a_notice_taken_down_early_was_none(log: Recorded) -> None:
    log.record(*case(), *notice(day(4, 20), None, early=True), *money())
    assert found(log, NOTICE) == []


def listed_again(passed: date | None) -> list[Event]:
    """A second list of the same step, for a case that the first one held back."""
    events: list[Event] = [("notice/n2", fact) for _stream, fact in notice(day(4, 12), None)]
    if passed is not None:
        events.append((CASE, NoticePassed(**said(passed), notice="n2", step="校内公示")))
    return events


def test_money_of_a_case_that_no_notice_ever_let_pass_left_before_it_did(log: Recorded) -> None:
    log.record(*case(), *notice(day(4, 12), None), *money())
    assert [(one.amount_fen, one.facts["passed_on"]) for one in found(log, NOTICE)] == [(150_000, None)]


def test_what_a_second_list_of_the_step_let_pass_was_paid_rightly(log: Recorded) -> None:
    log.record(*case(), *notice(day(4, 11), None), *listed_again(day(4, 14)), *money())
    assert found(log, NOTICE) == []


def test_what_came_back_is_no_longer_at_stake_and_the_finding_stays(log: Recorded) -> None:
    log.record(*case(), enrolled(S1, "退学", day(4, 1)), *notice(day(4, 15), None), *money())
    for back, left, severity in ((50_000, 100_000, "high"), (100_000, 0, "low")):
        log.record(returned(S1, day(5, 1), amount_fen=back))
        for rule in (NOTICE, "paid_while_not_enrolled"):
            [one] = found(log, rule)
            assert (one.amount_fen, one.severity, one.facts["paid_fen"]) == (left, severity, 150_000)


def both_sent_before_an_answer() -> list[Event]:
    """Two schemes that do not stack, in two batches that both leave before the bank says anything."""
    alone = "\n".join(line for line in bundled_text(PLAN).splitlines() if not line.startswith("stacks_with"))
    waived = f"payment/{WAIVER}/{S1}/{SPRING}"
    orders: list[Event] = [
        (f"{waived}/{number}", PaymentInstructed(**said(day(4, 9)), batch=batch, line=1, attempt=1, amount_fen=1, unit="shifan", award="",
         account_from="")) for number, batch in (("1", "b2"), ("2", "b3"))
    ]  # fmt: skip
    sent: list[Event] = [
        event for batch in ("b1", "b2") for event in (prepared(batch, S1), exported(batch))
    ]
    answer: list[Event] = [(f"{waived}/1", PaymentPaid(**said(day(4, 15)), batch="b2", amount_fen=1))]
    return [adopted(alone), *case(), instructed(S1), *orders, *sent, paid(S1), *answer]


def exported(batch: str) -> Event:
    fact: Fact = BatchExported(**said(day(4, 10)), file="synthetic.csv", sha256=sha(batch), profile="synthetic")
    return f"batch/{batch}", fact


def test_of_two_orders_that_both_left_before_an_answer_the_office_knew_both(log: Recorded) -> None:
    log.record(*both_sent_before_an_answer())
    assert [(one.amount_fen, one.known_at_payment) for one in found(log, TWICE)] == [(1, True)]


def test_a_further_instalment_of_money_paid_twice_leaves_the_number_as_it_is(log: Recorded) -> None:
    log.record(*both_sent_before_an_answer())
    [before] = found(log, TWICE)
    log.record((f"payment/{WAIVER}/{S1}/{SPRING}/2", PaymentPaid(**said(day(5, 15)), batch="b3", amount_fen=1)))
    [after] = found(log, TWICE)
    assert (finding_id(after), after.amount_fen) == (finding_id(before), 2)
