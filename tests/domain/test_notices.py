"""公示 as a gate: how long a list hangs, what it lets through and when, and what an objection or an appeal changes about one case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.aid.application import Application
from mingzhang.domain.aid.awarding import ApproveAward
from mingzhang.domain.aid.facts import CaseNoticed, CaseUnnoticed, NoticePassed
from mingzhang.domain.aid.notice import (
    AddNoticeEvidence,
    CompleteNotice,
    Notice,
    NoticeCompleted,
    NoticePosted,
    NoticeWithdrawn,
    PostNotice,
    WithdrawNotice,
)
from mingzhang.domain.aid.objection import DismissObjection, RaiseObjection, UpholdObjection
from mingzhang.domain.aid.reviewing import ReturnApplication
from mingzhang.domain.calendar import PACKAGE, RecordCalendar
from tests.college import (
    GRANT,
    PLAN,
    S1,
    S2,
    S3,
    SPRING,
    applied,
    appointed,
    case,
    house,
)
from tests.given import Given, by, given
from tests.notices import DONE, LAST, PHOTO, POSTED, REASON, hanging, post, public_house, waiting

COMPLETE = CompleteNotice(notice="n1")
APPROVE = ApproveAward(application=case())
OBJECT = RaiseObjection(objection="o1", application=case(), statement=REASON)


def state(known: Given, student: str = S1) -> Application:
    return known.store.state(Application, GRANT, student, SPRING)


def test_a_notice_names_its_cases_its_last_day_and_where_that_was_read() -> None:
    posted = NoticePosted(
        actor="clerk-1",
        effective_on=POSTED,
        because=(f"plan/{PLAN}@1", f"{case()}@2", f"entry/{SPRING}/{S1}@1"),
        scheme=GRANT,
        period=SPRING,
        step="公示",
        number=1,
        unit="college",
        place="公告栏",
        cases=(case(),),
        shown=(f"entry/{SPRING}/{S1}@1",),
        tiers=("建档立卡",),
        days=5,
        day_kind="workdays",
        last_day=LAST,
        photo=False,
        calendar=(PACKAGE,),
        plan_version="2020.1",
    )
    noticed = CaseNoticed(actor="clerk-1", effective_on=POSTED, because=("notice/n1@1",), notice="n1", step="公示", last_day=LAST)
    waiting().when(post(), actor="clerk-1", at=POSTED).then(("notice/n1", posted), (case(), noticed))


@pytest.mark.parametrize(
    ("step", "given_days", "last_day"),
    [
        ("days = 5", None, LAST),
        ("days = 5", 7, date(2020, 4, 13)),
        ('days = 5\nday_kind = "calendar"', None, date(2020, 4, 6)),
        ("", 3, date(2020, 4, 7)),
    ],
)
def test_the_last_day_follows_from_plan_and_office(step: str, given_days: int | None, last_day: date) -> None:
    outcome = waiting(step=step).when(post(days=given_days), actor="clerk-1", at=POSTED)
    assert outcome.only(NoticePosted).last_day == last_day


def test_calendar_days_are_read_from_no_calendar() -> None:
    outcome = waiting(step='days = 5\nday_kind = "calendar"').when(post(), actor="clerk-1", at=POSTED)
    assert outcome.only(NoticePosted).calendar == ()


def test_a_recorded_year_is_what_a_notice_was_counted_by() -> None:
    year = RecordCalendar(year=2020, rest=(date(2020, 4, 2),), work=(), source="synthetic", replaces=True)
    known = waiting().add(by("administrator-1", year, date(2020, 3, 30)))
    posted = known.when(post(), actor="clerk-1", at=POSTED).only(NoticePosted)
    assert (posted.last_day, posted.calendar) == (LAST, ("calendar/2020@1",))
    assert "calendar/2020@1" in posted.because


def test_a_notice_of_four_workdays_is_refused() -> None:
    waiting().when(post(days=4), actor="clerk-1", at=POSTED).refused("notice_too_short", days=4, least=5)


def test_days_the_plan_leaves_open_must_be_given() -> None:
    waiting(step="").when(post(), actor="clerk-1", at=POSTED).refused("notice_days_needed", step="公示")


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (post(place=" "), "notice_place_missing"),
        (PostNotice(notice="n1", scheme=GRANT, period=SPRING, unit="college", place="x", applications=()), "notice_without_cases"),
        (post(unit="zongzhi"), "notice_unit_elsewhere"),
        (post(period="2020"), "period_kind_differs"),
        (post(scheme=f"{PLAN}.tuition-waiver"), "notice_of_another_list"),
        (post(on=date(2020, 3, 17)), "dated_before_basis"),
    ],
)
def test_a_notice_that_does_not_fit_is_refused(command: PostNotice, code: str) -> None:
    waiting().when(command, actor="clerk-1", at=POSTED).refused(code)


def test_a_department_cannot_post_what_the_school_must() -> None:
    known = waiting(step='days = 5\nlevel = "school"')
    known.when(post(unit="shifan"), actor="clerk-1", at=POSTED).refused("notice_level_too_low", level="school")
    known.when(post(), actor="clerk-1", at=POSTED).accepted()


def test_a_case_not_yet_reviewed_cannot_be_posted() -> None:
    given(public_house(), applied()).when(post(), actor="clerk-1", at=POSTED).refused("notice_not_next", step="学生处审核")


def test_a_case_hangs_on_one_list_at_a_time() -> None:
    hanging().when(post(notice="n2"), actor="clerk-1", at=POSTED).refused("notice_runs", notice="n1", last_day=LAST.isoformat())


def test_a_case_that_an_objection_holds_cannot_be_posted() -> None:
    waiting().add(by("clerk-1", OBJECT)).when(post(), actor="reviewer-1", at=POSTED).refused("case_held")


def test_no_award_before_the_notice_is_complete_and_the_refusal_says_from_when_it_can_be() -> None:
    waiting().when(APPROVE, actor="approver-1", at=POSTED).refused("notice_missing", step="公示", earliest="2020-04-10")
    hanging().when(APPROVE, actor="approver-1", at=date(2020, 4, 8)).refused("notice_missing", step="公示", earliest="2020-04-10")


@pytest.mark.parametrize("day", [POSTED, date(2020, 4, 8), LAST])
def test_a_notice_is_not_complete_before_its_last_day_is_over(day: date) -> None:
    hanging().when(COMPLETE, actor="clerk-1", at=day).refused("notice_running", last_day="2020-04-09", earliest="2020-04-10")


def test_a_completion_cannot_be_dated_back_into_the_notice() -> None:
    command = CompleteNotice(notice="n1", on=LAST)
    hanging().when(command, actor="clerk-1", at=date(2020, 4, 20)).refused("notice_running")


def test_from_the_day_after_on_it_passes_and_the_award_can_be_approved() -> None:
    common: dict[str, Any] = {"actor": "clerk-1", "effective_on": DONE}
    known = hanging()
    completed = NoticeCompleted(**common, because=("notice/n1@1",), passed=(case(),))
    passed = NoticePassed(**common, because=("notice/n1@1", "notice/n1@2"), notice="n1", step="公示")
    known.when(COMPLETE, actor="clerk-1", at=DONE).then(("notice/n1", completed), (case(), passed))
    known.when(APPROVE, actor="approver-1", at=DONE).accepted()


def test_an_award_names_the_notice_it_rests_on() -> None:
    known = hanging().add(by("clerk-1", COMPLETE, DONE), by("approver-1", APPROVE, DONE))
    assert f"{case()}@4" in known.store.load([case()])[case()][-1].fact.because


def test_a_photo_the_plan_wants_must_be_on_record() -> None:
    known = hanging(step="days = 5\nphoto = true")
    known.when(COMPLETE, actor="clerk-1", at=DONE).refused("notice_evidence_missing", step="公示")
    known.add(by("clerk-1", AddNoticeEvidence(notice="n1", evidence=(PHOTO,)), date(2020, 4, 2)))
    known.when(AddNoticeEvidence(notice="n1", evidence=(PHOTO,)), actor="clerk-1", at=LAST).refused("notice_evidence_known", photos=1)
    assert known.when(COMPLETE, actor="clerk-1", at=DONE).only(NoticeCompleted).because == ("notice/n1@1", "notice/n1@2")


def test_a_photo_of_after_the_completion_shows_nothing() -> None:
    known = hanging().add(by("clerk-1", COMPLETE, DONE))
    photo = AddNoticeEvidence(notice="n1", evidence=(PHOTO,))
    after = date(2020, 4, 13)
    known.when(photo, actor="clerk-1", at=after).refused("notice_evidence_late", completed_on=DONE.isoformat())
    known.when(replace(photo, on=LAST), actor="clerk-1", at=after).accepted()


def test_an_objection_holds_its_case_and_the_others_pass() -> None:
    known = hanging(S1, S2, S3).add(by("clerk-1", OBJECT, date(2020, 4, 8)))
    completed = known.when(COMPLETE, actor="clerk-1", at=DONE).only(NoticeCompleted)
    assert (completed.passed, completed.held) == ((case(S2), case(S3)), (case(S1),))


def test_a_case_that_becomes_free_passes_when_the_notice_is_completed_again() -> None:
    known = hanging(S1, S2).add(by("clerk-1", OBJECT, date(2020, 4, 8)), by("clerk-1", COMPLETE, DONE))
    known.when(COMPLETE, actor="clerk-1", at=DONE).refused("notice_still_held", cases=[case()])
    known.add(by("approver-1", DismissObjection(objection="o1", finding=REASON), DONE))
    assert known.when(COMPLETE, actor="clerk-1", at=date(2020, 4, 13)).only(NoticeCompleted).passed == (case(),)
    known.when(COMPLETE, actor="clerk-1", at=date(2020, 4, 14)).refused("notice_completed")


def test_a_case_refused_or_sent_back_meanwhile_does_not_pass() -> None:
    known = hanging(S1, S2, S3).add(
        by("clerk-1", OBJECT, date(2020, 4, 2)),
        by("approver-1", UpholdObjection(objection="o1", finding=REASON), date(2020, 4, 3)),
        by("reviewer-1", ReturnApplication(application=case(S2), reason=REASON), date(2020, 4, 7)),
    )
    completed = known.when(COMPLETE, actor="clerk-1", at=DONE).only(NoticeCompleted)
    assert (completed.passed, completed.held, completed.closed) == ((case(S3),), (), (case(S1), case(S2)))


def test_taken_down_before_its_time_a_notice_counts_for_nothing_and_its_cases_wait_for_another() -> None:
    known = hanging()
    known.when(WithdrawNotice(notice="n1"), actor="clerk-1", at=LAST).refused("notice_reason_needed")
    outcome = known.when(WithdrawNotice(notice="n1", reason=REASON), actor="clerk-1", at=LAST)
    assert outcome.only(NoticeWithdrawn).early
    assert outcome.only(CaseUnnoticed).notice == "n1"
    known.when(COMPLETE, actor="clerk-1", at=DONE).refused("notice_withdrawn")
    assert known.when(post(notice="n2"), actor="clerk-1", at=DONE).only(NoticePosted).last_day == date(2020, 4, 17)


def test_taken_down_when_its_days_are_over_it_still_completes() -> None:
    known = hanging().add(by("clerk-1", WithdrawNotice(notice="n1"), DONE))
    assert not known.store.state(Notice, "n1").broken_off
    known.when(WithdrawNotice(notice="n1"), actor="clerk-1", at=DONE).refused("notice_withdrawn")
    assert known.when(COMPLETE, actor="clerk-1", at=date(2020, 4, 13)).only(NoticeCompleted).passed == (case(),)


def test_a_notice_nobody_has_posted_is_unknown() -> None:
    for command in (COMPLETE, WithdrawNotice(notice="n1"), AddNoticeEvidence(notice="n1", evidence=(PHOTO,))):
        given(house()).when(command, actor="clerk-1").refused("notice_unknown")


def test_a_department_has_no_say_over_the_notice_of_another() -> None:
    known = hanging().add(appointed("aid-teacher", "clerk", "zongzhi"))
    known.when(COMPLETE, actor="aid-teacher", at=DONE).refused("unit_not_covered")
