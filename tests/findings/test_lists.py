"""Lists of other offices: who is on one and was not paid, who was paid and is on none; and one person reported twice."""

from __future__ import annotations

import pytest

from tests.college import GRANT, S1, S2, S3, SPRING
from tests.findings.asked import case, found, listed, merged, money, repeated
from tests.projections.recorded import Recorded, corrected, day, enrolled, entry, registered, returned

UNPAID, UNLISTED, TWO = "eligible_but_unpaid", "paid_but_not_on_list", "duplicate_identity"


def test_whoever_was_paid_under_a_category_is_to_be_on_its_list(log: Recorded) -> None:
    log.record(*listed(S1), *case(S1), *money(S1), *case(S2), *money(S2))
    [one] = found(log, UNLISTED)
    assert (one.subject, one.amount_fen, one.facts["category"], one.facts["ended"]) == (S2, 150_000, "低保", False)
    assert one.known_at_payment is True and one.severity == "high"
    assert one.events == (f"payment/{GRANT}/{S2}/{SPRING}/1@2", f"entry/{SPRING}/{S2}@1", "crosscheck/c-低保@1")


def test_a_row_that_says_the_entitlement_has_ended_is_cited(log: Recorded) -> None:
    log.record(*listed(S1, entitled=False), *case(S1), *money(S1))
    [one] = found(log, UNLISTED)
    assert one.facts["ended"] is True and one.events[-1] == f"listing/c-低保/{S1}@1"


def test_a_list_of_after_the_payment_says_nothing_about_it(log: Recorded) -> None:
    log.record(*case(S1), *money(S1), *listed(S2, on=day(5, 1)))
    assert found(log, UNLISTED) == []


def test_a_list_that_came_in_later_could_not_be_known(log: Recorded) -> None:
    log.record(*case(S1), *money(S1))
    assert found(log, UNLISTED) == []
    log.record(*listed(S2))
    assert [(one.known_at_payment, one.severity) for one in found(log, UNLISTED)] == [(False, "medium")]


def test_a_category_of_which_no_list_has_come_is_not_judged(log: Recorded) -> None:
    log.record(*listed(S2, kind="特困"), *case(S1), *money(S1))
    assert found(log, UNLISTED) == []


def test_whoever_is_on_a_list_enrolled_and_not_surveyed_was_due_what_the_plan_gives(log: Recorded) -> None:
    log.record(*listed(S1, S2, S3), *case(S1), *money(S1), registered(S2), enrolled(S2, "在读", day(3, 1)))
    [one] = found(log, UNPAID)
    assert (one.subject, one.amount_fen, one.payment) == (S2, 150_000, None)
    assert one.facts["recorded"] is False and one.facts["refused_row"] is None
    assert one.events == (f"listing/c-低保/{S2}@1",)


@pytest.mark.parametrize(("status", "missed"), [("在读", 1), ("休学", 0), ("退学", 0), ("复学", 1)])
def test_only_who_is_enrolled_on_the_pay_day_was_due_anything(log: Recorded, status: str, missed: int) -> None:
    log.record(*listed(S1, S2), *case(S1), *money(S1), registered(S2), enrolled(S2, status, day(4, 1)))
    assert len(found(log, UNPAID)) == missed


def test_somebody_surveyed_for_whom_nobody_applied_was_due_it_too(log: Recorded) -> None:
    log.record(*case(S1), *money(S1), registered(S2), enrolled(S2, "在读", day(3, 1)), entry(S2))
    [one] = found(log, UNPAID)
    assert (one.subject, one.facts["recorded"], one.events) == (S2, True, (f"entry/{SPRING}/{S2}@1",))


def test_as_long_as_nobody_was_paid_nobody_is_missed(log: Recorded) -> None:
    log.record(*listed(S2), *case(S1), registered(S2), enrolled(S2, "在读", day(3, 1)))
    assert found(log, UNPAID) == []


def test_whoever_no_longer_is_entitled_was_due_nothing(log: Recorded) -> None:
    log.record(*listed(S2, entitled=False), *case(S1), *money(S1), registered(S2), enrolled(S2, "在读", day(3, 1)))
    assert found(log, UNPAID) == []


def test_two_departments_that_report_one_person_are_found_with_both_rows(log: Recorded) -> None:
    log.record(*case(S1), repeated(S1, "zongzhi"), *money(S1))
    [one] = found(log, TWO)
    assert (one.subject, one.payment, one.amount_fen, one.known_at_payment) == (S1, f"payment/{GRANT}/{S1}/{SPRING}/1", 150_000, True)
    assert one.facts["units"] == ["shifan", "zongzhi"]
    assert one.facts["rows"] == [{"file": None, "sheet": None, "row": None}, {"file": "综职系.xlsx", "sheet": "Sheet1", "row": 7}]


def test_one_department_that_reports_a_person_again_is_no_finding(log: Recorded) -> None:
    log.record(*case(S1), repeated(S1, "shifan"))
    assert found(log, TWO) == []


def test_two_files_of_one_person_in_one_round_are_found_when_they_are_merged(log: Recorded) -> None:
    log.record(*case(S1), entry(S2, unit="zongzhi"))
    assert found(log, TWO) == []
    log.record(merged(S2, S1))
    [one] = found(log, TWO)
    assert (one.subject, one.amount_fen, one.known_at_payment) == (S1, 0, None)
    assert one.events == (f"entry/{SPRING}/{S1}@1", f"entry/{SPRING}/{S2}@1", f"student/{S2}@1")


def test_what_came_back_of_it_is_not_at_stake(log: Recorded) -> None:
    log.record(*listed(S2), *case(S1), *money(S1), returned(S1, day(5, 1), amount_fen=50_000))
    assert [(one.amount_fen, one.facts["returned_fen"], one.severity) for one in found(log, UNLISTED)] == [(100_000, 50_000, "high")]
    log.record(returned(S1, day(5, 2), amount_fen=100_000))
    assert [(one.amount_fen, one.facts["returned_fen"], one.severity) for one in found(log, UNLISTED)] == [(0, 150_000, "low")]


def test_an_entry_written_down_after_the_money_had_left_could_not_be_known(log: Recorded) -> None:
    log.record(*case(S1), *money(S1), registered(S2), enrolled(S2, "在读", day(3, 1)), entry(S2))
    assert [(one.known_at_payment, one.severity) for one in found(log, UNPAID)] == [(False, "medium")]


def test_of_a_person_reported_twice_all_that_was_paid_for_the_period_is_at_stake(log: Recorded) -> None:
    second = [(stream.replace(f"{SPRING}/1", f"{SPRING}/2"), fact) for stream, fact in money(S1)]
    log.record(*case(S1), repeated(S1, "zongzhi"), *money(S1), *second, returned(S1, day(5, 1), amount_fen=50_000))
    assert [one.amount_fen for one in found(log, TWO)] == [250_000]


def test_what_is_corrected_after_the_payment_does_not_change_what_was_paid_for(log: Recorded) -> None:
    log.record(*listed(S2), *case(S1), *money(S1))
    [before] = found(log, UNLISTED)
    log.record(corrected(S1, day(5, 10), {"categories": ("低保",)}, {"categories": ("其他",)}))
    assert [(one.payment, one.facts["category"]) for one in found(log, UNLISTED)] == [(before.payment, "低保")]


def test_a_mistake_that_was_put_right_as_of_before_the_payment_counts_as_put_right(log: Recorded) -> None:
    log.record(*listed(S2), *case(S1), *money(S1), corrected(S1, day(3, 12), {"categories": ("低保",)}, {"categories": ("其他",)}))
    assert found(log, UNLISTED) == []
