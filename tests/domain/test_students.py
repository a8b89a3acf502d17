"""A student's file says who may be paid on a day: enrolment as it held then, a late fact and a correction included."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.student.commands import (
    ChangeEnrolment,
    CorrectDetails,
    DetermineCategory,
    EndCategory,
    MergeIdentities,
    RegisterStudent,
    SplitIdentities,
)
from mingzhang.domain.student.facts import (
    DetailsCorrected,
    Enrolment,
    EnrolmentChanged,
    IdentityMerged,
    IdentityMergedInto,
    StudentRegistered,
)
from mingzhang.domain.student.student import Student, enrolled_on
from tests.college import S1, S2, entry, opened, registered, sent
from tests.given import By, Store, by, given, sealed

DAY = date(2020, 3, 25)
STREAM = f"student/{S1}"
REASON = sealed(S1, reason="synthetic")


def change(status: Enrolment, on: date, corrects: str | None = None, told: date = date(2020, 5, 20)) -> By:
    return by("clerk-1", ChangeEnrolment(student=S1, status=status, on=on, corrects=corrects), told)


LEAVE, BACK = change("休学", date(2020, 4, 10)), change("复学", date(2020, 4, 20))


def may_be_paid(store: Store, day: date) -> bool:
    streams = store.streams()
    return enrolled_on(streams, streams.read(Student, S1), day)


@pytest.mark.parametrize(
    ("told", "pay_on", "enrolled"),
    [
        ([], date(2019, 8, 31), False),  # the day before admission
        ([], date(2019, 9, 1), True),
        ([LEAVE], date(2020, 4, 9), True),
        ([LEAVE], date(2020, 4, 10), False),
        ([LEAVE, BACK], date(2020, 4, 19), False),
        ([LEAVE, BACK], date(2020, 4, 20), True),
        ([BACK, LEAVE], date(2020, 4, 15), False),  # told in the wrong order
        ([BACK, LEAVE], date(2020, 4, 20), True),
        ([change("退学", date(2020, 4, 10))], date(2020, 9, 1), False),
        ([change("转学", date(2020, 4, 10))], date(2020, 4, 10), False),
        ([change("毕业", date(2020, 7, 1))], date(2020, 6, 30), True),
        ([change("毕业", date(2020, 7, 1))], date(2020, 7, 1), False),
        ([change("死亡", date(2020, 4, 10))], date(2020, 4, 10), False),
        ([LEAVE, change("复学", date(2020, 4, 10))], date(2020, 4, 10), True),  # the same day: the later word counts
        ([LEAVE, change("休学", date(2020, 4, 16), corrects=f"{STREAM}@3")], date(2020, 4, 15), True),
        ([LEAVE, change("休学", date(2020, 4, 16), corrects=f"{STREAM}@3")], date(2020, 4, 16), False),
        ([LEAVE, change("在读", date(2020, 4, 10), corrects=f"{STREAM}@3")], date(2020, 4, 15), True),
    ],
)
def test_whoever_is_enrolled_on_the_pay_date_may_be_paid(told: list[By], pay_on: date, enrolled: bool) -> None:
    assert may_be_paid(given(opened(), registered(), told).store, pay_on) is enrolled


def test_somebody_only_the_survey_knows_counts_as_enrolled_until_a_register_says_otherwise() -> None:
    known = given(opened(), by("surveyor-1", entry()))
    assert may_be_paid(known.store, DAY)
    known.add(change("休学", date(2020, 4, 10)))
    assert [may_be_paid(known.store, date(2020, 4, day)) for day in (9, 10)] == [True, False]


def test_somebody_registered_without_a_day_of_admission_is_not_enrolled() -> None:
    assert not may_be_paid(given(opened(), registered(admitted_on=None)).store, DAY)


def test_a_withdrawal_told_late_does_not_change_what_was_paid() -> None:
    known = given(sent(S1))
    before = {name: rows for name, rows in known.store.rows.items() if name.startswith(("payment/", "batch/", "fund/"))}
    known.add(change("退学", date(2020, 4, 1)))
    after = {name: rows for name, rows in known.store.rows.items() if name.startswith(("payment/", "batch/", "fund/"))}
    assert before == after


def test_the_register_opens_a_file_and_enrols_from_the_day_of_admission() -> None:
    command = RegisterStudent(student=S1, unit="shifan", person=sealed(S1), stage="中职", admitted_on=date(2019, 9, 1))
    filed = StudentRegistered(actor="clerk-1", effective_on=DAY, source="register", unit="shifan", stage="中职", person=sealed(S1))
    enrolled = EnrolmentChanged(actor="clerk-1", effective_on=date(2019, 9, 1), because=(f"{STREAM}@1",), status="在读", unit="shifan")
    known = given(opened())
    known.when(command, actor="clerk-1").then((STREAM, filed), (STREAM, enrolled))
    known.when(command, actor="clerk-1").nothing()


def test_a_student_the_survey_knew_is_enrolled_by_the_register() -> None:
    command = RegisterStudent(student=S1, unit="shifan", person=sealed(S1), admitted_on=date(2019, 9, 1))
    outcome = given(opened(), by("surveyor-1", entry())).when(command, actor="clerk-1")
    assert outcome.only(EnrolmentChanged).because == (f"{STREAM}@1",)


def test_the_same_change_told_twice_is_recorded_once() -> None:
    known = given(opened(), registered(), LEAVE)
    known.when(LEAVE.command, actor="clerk-1").nothing()


def test_a_correction_must_name_a_standing() -> None:
    command = ChangeEnrolment(student=S1, status="休学", corrects=f"{STREAM}@1")
    given(opened(), registered()).when(command, actor="clerk-1").refused("correction_names_nothing")


def test_details_corrected_name_the_fact_that_had_them_wrong() -> None:
    command = CorrectDetails(student=S1, fields=("account",), person=REASON)
    fact = DetailsCorrected(
        actor="clerk-1", effective_on=DAY, because=(f"{STREAM}@1",), corrects=f"{STREAM}@1", fields=("account",), person=REASON
    )
    outcome = given(opened(), registered()).when(command, actor="clerk-1")
    outcome.then((STREAM, fact))
    known_account = outcome.state(Student, S1).account
    assert known_account is not None
    assert known_account.ref == f"{STREAM}@3"


def test_a_correction_of_nothing_is_refused() -> None:
    given(opened(), registered()).when(CorrectDetails(student=S1, fields=(), person=REASON), actor="clerk-1").refused("nothing_to_correct")


def test_a_category_is_determined_and_ended() -> None:
    known = given(opened(), registered())
    assert known.when(DetermineCategory(student=S1, categories=("低保",)), actor="clerk-1").state(Student, S1).categories == ("低保",)
    assert known.when(EndCategory(student=S1, reason="lifted"), actor="clerk-1").state(Student, S1).categories == ()


def test_no_category_is_no_determination() -> None:
    given(opened(), registered()).when(DetermineCategory(student=S1, categories=()), actor="clerk-1").refused("category_missing")


def test_a_merge_is_recorded_in_both_files() -> None:
    merged = IdentityMerged(actor="clerk-1", effective_on=DAY, because=(f"{STREAM}@2", f"student/{S2}@2"), other=S2, reason=REASON)
    into = IdentityMergedInto(actor="clerk-1", effective_on=DAY, because=(f"{STREAM}@3",), survivor=S1)
    known = given(opened(), registered(S1), registered(S2))
    command = MergeIdentities(student=S1, other=S2, reason=REASON)
    known.when(command, actor="clerk-1").then((STREAM, merged), (f"student/{S2}", into))
    known.when(command, actor="clerk-1").refused("identities_already_one")
    known.when(MergeIdentities(student=S2, other=S1, reason=REASON), actor="clerk-1").refused("identities_already_one")


def test_a_fact_about_a_merged_file_goes_to_the_one_that_answers_for_it() -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON))
    known = given(opened(), registered(S1), registered(S2), merge)
    outcome = known.when(ChangeEnrolment(student=S2, status="退学", on=DAY), actor="clerk-1")
    assert [r.originator_id for r in outcome.recorded] == [STREAM]


@pytest.mark.parametrize(("corrects", "code"), [(f"{STREAM}@3", None), (f"{STREAM}@1", "correction_names_nothing")])
def test_a_split_names_the_merge_it_undoes(corrects: str, code: str | None) -> None:
    merge = by("clerk-1", MergeIdentities(student=S1, other=S2, reason=REASON))
    known = given(opened(), registered(S1), registered(S2), merge)
    outcome = known.when(SplitIdentities(student=S1, other=S2, corrects=corrects, reason=REASON), actor="administrator-1")
    if code:
        outcome.refused(code)
    else:
        assert outcome.state(Student, S2).survivor is None
        assert outcome.state(Student, S1).others == ()


def test_only_what_was_merged_can_be_split() -> None:
    command = SplitIdentities(student=S1, other=S2, corrects="x@1", reason=REASON)
    given(opened(), registered(S1), registered(S2)).when(command, actor="administrator-1").refused("identities_not_merged")


def test_an_unknown_student_is_refused() -> None:
    given(opened()).when(ChangeEnrolment(student=S1, status="休学"), actor="clerk-1").refused("student_unknown", student=S1)
