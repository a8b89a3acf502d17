"""A failed course is helped with by one tutor at a time, nobody without a failure is, and what a failure is the plan says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.pairing import EndPairing, EstablishPairing, PairingEstablished
from mingzhang.domain.pairing.tutoring import (
    ArrangeTutor,
    CheckTutoring,
    CourseFailed,
    CoursePassed,
    ListCourse,
    NotifyParents,
    ParentsNotified,
    TutorArranged,
)
from mingzhang.domain.plan.adoption import PlanAdopted
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.student.commands import MergeIdentities
from tests.college import S1, S2, house, registered, sha
from tests.given import Given, Known, by, given, sealed

PLAN, TERM, MATHS = "hunan-tutoring", "2023-autumn", "高等数学"
LISTED, DAY = date(2023, 9, 1), date(2023, 10, 10)
ACTOR = "helper-clerk-1"
BOX = sealed(S1, mark="synthetic")
STREAM = f"tutoring/{S1}/{TERM}"


def rules() -> Known:
    text = bundled_text(PLAN)
    fact = PlanAdopted(actor="founder", effective_on=date(2023, 8, 1), code=PLAN, plan_version="2023.1", text=text, sha256=sha(text))
    return f"plan/{PLAN}", fact


def course(mark: str | None = "52", name: str = MATHS, student: str = S1) -> ListCourse:
    marked = Decimal(mark) if mark is not None else None
    return ListCourse(on=LISTED, plan=PLAN, student=student, period=TERM, course=name, mark=marked, person=BOX)


def arrange(pairing: str = "p1", name: str = MATHS, **more: Any) -> ArrangeTutor:
    said: dict[str, Any] = {"tutor": "p-tutor", "peer": "p-peer"} | more
    return ArrangeTutor(on=LISTED, pairing=pairing, student=S1, period=TERM, course=name, unit="college", person=BOX, **said)


def term() -> Given:
    return given(house(), registered(), rules())


def failed_known() -> list[Known]:
    """The house, a student and the rules, and one failed course."""
    return [*house(), registered(), rules(), by(ACTOR, course(), LISTED)]


def failed() -> Given:
    return term().add(by(ACTOR, course(), LISTED))


def helped() -> Given:
    return failed().add(by(ACTOR, arrange(), LISTED))


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("59.9", CourseFailed), ("60", CoursePassed), ("60.0", CoursePassed), ("0", CourseFailed), (None, CourseFailed)],
)
def test_what_is_a_failure_is_said_by_the_plan(mark: str | None, kind: type[CourseFailed]) -> None:
    fact = term().when(course(mark), actor=ACTOR, at=LISTED).only(kind)
    assert (fact.course, fact.because) == (MATHS, (f"student/{S1}@2", f"plan/{PLAN}@1"))


def test_a_course_is_listed_once_and_may_be_passed_later() -> None:
    failed().when(course("40"), actor=ACTOR, at=DAY).refused("course_listed")
    passed = failed().when(course("75"), actor=ACTOR, at=DAY).only(CoursePassed)
    assert f"{STREAM}@1" in passed.because


def test_a_tutor_is_arranged_for_a_failed_course_and_says_which() -> None:
    common: dict[str, Any] = {"actor": ACTOR, "effective_on": LISTED}
    established = PairingEstablished(
        **common,
        because=(f"student/{S1}@2", f"{STREAM}@1"),
        kind="tutoring",
        student=S1,
        unit="college",
        helpers=("p-tutor", "p-peer"),
        person=BOX,
    )
    because = ("pairing/p1@1", f"{STREAM}@1")
    arranged = TutorArranged(**common, because=because, course=MATHS, pairing="p1", tutor="p-tutor", peer="p-peer")
    failed().when(arrange(), actor=ACTOR, at=LISTED).then(("pairing/p1", established), (STREAM, arranged))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (arrange("p2"), "course_has_tutor"),
        (arrange("p1", "线性代数"), "course_not_failed"),
        (CheckTutoring(plan=PLAN, pairing="p1", check="月考", findings=BOX), "check_unknown"),
        (CheckTutoring(plan="fuxin-2020", pairing="p1", check="期中", findings=BOX), "plan_without_tutoring"),
        (NotifyParents(student=S1, period="2024-spring", note=BOX), "no_course_failed"),
        (NotifyParents(student=S1, period="2023", note=BOX), "no_course_failed"),
        (course(name="美术基础", student="s-9999999999"), "student_unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(command: Command, code: str) -> None:
    helped().when(command, actor=ACTOR, at=DAY).refused(code)


def test_a_course_that_was_passed_needs_no_tutor() -> None:
    term().add(by(ACTOR, course("61"), LISTED)).when(arrange(), actor=ACTOR, at=DAY).refused("course_not_failed")


def test_after_the_pairing_has_ended_somebody_else_may_help() -> None:
    ended = helped().add(by(ACTOR, EndPairing(pairing="p1", reason=BOX, on=DAY), DAY))
    again = ended.when(arrange("p2", tutor="p-other", peer=None), actor=ACTOR, at=DAY)
    assert again.only(PairingEstablished).helpers == ("p-other",)


def test_parents_are_told_of_what_they_were_not_told_yet() -> None:
    tell = NotifyParents(student=S1, period=TERM, note=BOX)
    told = failed().add(by(ACTOR, tell, DAY))
    told.when(tell, actor=ACTOR, at=DAY).refused("parents_told")
    more = told.add(by(ACTOR, course("30", "大学英语"), DAY)).when(tell, actor=ACTOR, at=DAY)
    assert more.only(ParentsNotified).courses == ("大学英语",)


def test_a_merged_file_is_one_with_the_file_that_answers_for_it() -> None:
    merge = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=BOX), LISTED)
    known = given(house(), registered(S1), registered(S2), rules(), merge)
    outcome = known.when(course(), actor=ACTOR, at=DAY)
    assert [recorded.originator_id for recorded in outcome.recorded] == [f"tutoring/{S2}/{TERM}"]


def test_a_household_is_not_checked_as_a_tutoring() -> None:
    new = EstablishPairing(pairing="p9", student=S1, unit="college", helpers=("t-1",), person=BOX, on=LISTED)
    check = CheckTutoring(plan=PLAN, pairing="p9", check="期中", findings=BOX)
    term().add(by(ACTOR, new, LISTED)).when(check, actor=ACTOR, at=DAY).refused("pairing_not_tutoring")
