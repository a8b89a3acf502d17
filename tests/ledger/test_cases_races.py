"""Whatever forbids a step of a case undoes it, also where it is recorded between the reading and the writing of that step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from mingzhang.domain.aid.awarding import ApproveAward, RefuseAward
from mingzhang.domain.aid.notice import CompleteNotice, PostNotice
from mingzhang.domain.aid.objection import RaiseObjection
from mingzhang.domain.aid.reviewing import GrantException, PassReview, ReturnApplication
from mingzhang.domain.command import Command
from mingzhang.domain.crosscheck.comparing import CompareCase, CompareLists
from mingzhang.domain.crosscheck.crosscheck import ResolveDifference, WithdrawList
from mingzhang.domain.dropout.commands import CloseDropout, ReopenDropout
from mingzhang.domain.duty.duty import DischargeDuty
from mingzhang.domain.ledger import Ledger
from mingzhang.domain.loan.loan import ApproveLoan
from mingzhang.domain.money.receipts import RecordReceipts
from mingzhang.domain.plan.adoption import RepealPlan
from mingzhang.domain.staff import DeclareInterest
from mingzhang.domain.student.care import IssueInfoCard
from mingzhang.domain.student.commands import MergeIdentities
from mingzhang.domain.unit import CloseUnit
from tests import whole_way
from tests.college import PLAN, S1, S2, SPRING, house, opened, registered, sha
from tests.county import PERIOD, form
from tests.county import PLAN as COUNTY
from tests.domain.test_allocations import FIRST as ALLOCATION
from tests.domain.test_duties import CARDS, told
from tests.domain.test_loans import MONDAY
from tests.domain.test_one_person import found, two_loans_known
from tests.domain.test_programmes import office_known, setting
from tests.domain.test_tutoring import LISTED, arrange, failed_known
from tests.given import By, Known, by, instant, sealed
from tests.whole_way import SCHEME, case

from .ledgers import ledger
from .test_write_skew import interrupted

TEXT = sealed("t-1", text="synthetic")
FIRST, SECOND = case(S1), case(S2)


class Clock:
    """Stands at noon of the day it is told, and ticks."""

    def __init__(self) -> None:
        self.now = datetime(2015, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def to(self, day: date) -> None:
        self.now = max(self.now, instant(day).astimezone(UTC))


def flat(known: Iterable[Known | Iterable[Known]]) -> list[Known]:
    found: list[Known] = []
    for one in known:
        if isinstance(one, By) or (isinstance(one, tuple) and isinstance(one[0], str)):
            found.append(one)
        else:
            found += flat(one)  # type: ignore[arg-type]
    return found


def lived(folder: Path, clock: Clock, known: Iterable[Known | Iterable[Known]]) -> None:
    """What had happened, in a real ledger: facts first, then each command on its day."""
    steps = flat(known)
    with ledger(folder, clock=clock) as made:
        made.open_ledger([one for one in steps if not isinstance(one, By)], actor="founder", rehearsal=True)
        for step in steps:
            if isinstance(step, By):
                clock.to(step.at)
                made.execute(step.command, actor=step.actor)


def until(kind: type[Command], *, times: int = 1) -> list[Known]:
    """The whole way up to before the first (second, …) command of this kind."""
    steps = flat([whole_way.adopted(), whole_way.decided(), whole_way.paid()])
    places = [number for number, one in enumerate(steps) if isinstance(one, By) and isinstance(one.command, kind)]
    return steps[: places[times - 1]]


class Race(NamedTuple):
    """`meanwhile` happens between the reading and the writing of `command`, which is then refused as told."""

    name: str
    known: Iterable[Known | Iterable[Known]]
    day: date
    command: tuple[str, Command]
    meanwhile: tuple[str, Command]
    code: str


def objection(stream: str) -> RaiseObjection:
    return RaiseObjection(objection="o1", application=stream, statement=TEXT)


SEPTEMBER = date(2020, 9, 22)
VILLAGE = PostNotice(notice="n9", scheme=SCHEME, period=PERIOD, unit="village", place="公示栏", applications=(FIRST,))
APPROVE = ("approver-1", ApproveAward(application=FIRST))
C2 = CompareLists(comparison="c2", against=f"scheme/{SCHEME}/{PERIOD}", covers=("bureau",), lists=("l1",), students=1)
PASS = PassReview(application=FIRST)
BEFORE_AWARD, BEFORE_NOTICE = until(ApproveAward), until(PostNotice)
RACES = [
    Race("an objection and an approval", BEFORE_AWARD, SEPTEMBER, APPROVE, ("clerk-1", objection(FIRST)), "case_held"),
    Race("a list withdrawn and an approval", BEFORE_AWARD, SEPTEMBER, APPROVE,
         ("clerk-1", WithdrawList(crosscheck="l1", reason=TEXT)), "not_on_list"),
    Race("somebody else on the list and an approval", BEFORE_AWARD, SEPTEMBER, APPROVE,
         ("clerk-1", ResolveDifference(comparison="c1", crosscheck="l1", student=S1, right="different-people", reason=TEXT)),
         "not_on_list"),
    Race("a new comparison and an approval", [BEFORE_AWARD, by("clerk-1", C2, SEPTEMBER)], SEPTEMBER, APPROVE,
         ("clerk-1", CompareCase(application=FIRST, comparison="c2", lists=("l1",))), "not_on_list"),
    Race("a refusal and an approval", BEFORE_AWARD, SEPTEMBER, APPROVE,
         ("approver-2", RefuseAward(application=FIRST, reason=TEXT)), "application_not_open"),
    Race("family declared and an approval", BEFORE_AWARD, SEPTEMBER, APPROVE,
         ("approver-1", DeclareInterest(staff="approver-1", student=S1)), "decided_on_own_family"),
    Race("a plan repealed and an approval", BEFORE_AWARD, SEPTEMBER, APPROVE,
         ("administrator-1", RepealPlan(plan=COUNTY, reason=TEXT)), "plan_repealed"),
    Race("two exceptions", until(GrantException), SEPTEMBER, ("approver-2", GrantException(application=SECOND, reason=TEXT)),
         ("approver-1", GrantException(application=SECOND, reason=TEXT)), "exception_not_needed"),
    Race("two notices of one case", BEFORE_NOTICE, SEPTEMBER, ("clerk-1", VILLAGE),
         ("clerk-1", PostNotice(**(vars(VILLAGE) | {"notice": "n8"}))), "notice_runs"),
    Race("sent back and hung up", BEFORE_NOTICE, SEPTEMBER, ("clerk-1", VILLAGE),
         ("reviewer-1", ReturnApplication(application=FIRST, reason=TEXT)), "application_not_open"),
    Race("a review passed twice", until(PassReview), SEPTEMBER, ("village-reviewer", PASS), ("reviewer-2", PASS), "notice_missing"),
    Race("a unit closed and a form", until(PassReview), SEPTEMBER,
         ("applicant-clerk-1", form("grant", S1)), ("administrator-1", CloseUnit(unit="village", reason=TEXT)), "unit_closed"),
    Race("one signed list twice", until(RecordReceipts), SEPTEMBER,
         ("cashier-1", RecordReceipts(batch="b1", file="a", sha256=sha("a"), signed=(1,))),
         ("cashier-1", RecordReceipts(batch="b1", file="b", sha256=sha("b"), not_collected=(1,))), "bank_file_contradicts"),
    Race("two cases of one pupil", [opened(), registered()], date(2020, 4, 20), ("clerk-1", found()), ("clerk-1", found("CX002")),
         "dropout_case_running"),
    Race("a case opened again beside a new one", [opened(), registered(), by("clerk-1", found(), date(2020, 4, 20)),
         by("clerk-1", CloseDropout(case="CX001", reason=TEXT), date(2020, 4, 20))], date(2020, 4, 20),
         ("clerk-1", ReopenDropout(case="CX001", reason=TEXT)), ("clerk-1", found("CX002")), "dropout_case_running"),
    Race("two files of one pupil become one", [opened(), registered(), registered(S2), by("clerk-1", found(), date(2020, 4, 20))],
         date(2020, 4, 20), ("clerk-1", found("CX002", S2)),
         ("clerk-1", MergeIdentities(student=S2, other=S1, reason=TEXT)), "dropout_case_running"),
    Race("two loans of one person", [two_loans_known(), by("approver-1", ApproveLoan(loan=f"{S1}/2020-2021"), MONDAY)], MONDAY,
         ("approver-1", ApproveLoan(loan=f"{S2}/2020-2021")), ("clerk-1", MergeIdentities(student=S2, other=S1, reason=TEXT)),
         "loan_exists"),
    Race("two tutors of one course", failed_known(), LISTED, ("helper-clerk-1", arrange()), ("helper-clerk-1", arrange("p2")),
         "course_has_tutor"),
    Race("two cards of one period", [opened(), registered()], date(2020, 4, 20), ("clerk-1", IssueInfoCard(student=S1, period=SPRING)),
         ("clerk-1", IssueInfoCard(student=S1, period=SPRING)), "info_card_exists"),
    Race("a day told twice", house(), date(2020, 4, 20), ("treasurer-1", told()), ("treasurer-1", told()), "plan_date_known"),
    Race("a share set twice", house(), date(2020, 4, 20), ("helper-clerk-1", ALLOCATION), ("helper-clerk-1", ALLOCATION),
         "allocation_unchanged"),
    Race("a target set twice", office_known(), date(2018, 7, 10), ("clerk-1", setting(code="新")), ("clerk-1", setting(code="新")),
         "target_set_already"),
    Race("a duty discharged twice", house(), date(2020, 7, 20), ("clerk-1", DischargeDuty(**CARDS)), ("clerk-1", DischargeDuty(**CARDS)),
         "duty_settled"),
    Race("a plan repealed and a day told", house(), date(2020, 4, 20), ("treasurer-1", told()),
         ("administrator-1", RepealPlan(plan=PLAN, reason=TEXT)), "plan_repealed"),
]  # fmt: skip


@pytest.mark.parametrize("race", RACES, ids=[race.name for race in RACES])
def test_what_forbids_a_step_undoes_it_even_between_its_reading_and_its_writing(tmp_path: Path, race: Race) -> None:
    clock = Clock()
    lived(tmp_path, clock, race.known)
    clock.to(race.day)
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        actor, command = race.meanwhile
        code = interrupted(made, lambda: other.execute(command, actor=actor), race.command[1], race.command[0])
    assert code == race.code


def test_a_case_held_while_its_notice_is_completed_does_not_pass_with_the_others(tmp_path: Path) -> None:
    clock = Clock()
    lived(tmp_path, clock, until(CompleteNotice))
    clock.to(SEPTEMBER)
    with ledger(tmp_path, clock=clock) as made, ledger(tmp_path, clock=clock) as other:
        code = interrupted(made, lambda: other.execute(objection(FIRST), actor="clerk-1"), CompleteNotice(notice="n1"), "clerk-1")
        assert (code, passed(made, FIRST), passed(made, SECOND)) == ("done", False, True)


def passed(made: Ledger, stream: str) -> bool:
    return any(row.topic == "case.notice_passed" for row in made.journal.select_streams([stream]))
