"""A term of tutoring: weeks and checks count from the first full one in which somebody is a tutor, and fellow students owe none."""

from __future__ import annotations

from datetime import date
from typing import Any

from mingzhang.domain.pairing.contact import ContactRecorded
from mingzhang.domain.pairing.pairing import HelperReplaced, PairingEnded, PairingEstablished
from mingzhang.domain.pairing.tutoring import CourseFailed, TutorArranged, TutoringChecked
from mingzhang.domain.plan.adoption import PlanAdopted, PlanAmended
from mingzhang.domain.plan.bundled import bundled_text
from mingzhang.domain.plan.dates import PlanDateSet
from mingzhang.projections.tutoring import TermRow, term
from tests.college import S1, sha
from tests.given import sealed
from tests.projections.recorded import Event, Recorded

SAID: dict[str, Any] = {"actor": "staff-1"}
CODE, TERM, START = "hunan-tutoring", "2023-autumn", date(2023, 9, 1)
STREAM = f"tutoring/{S1}/{TERM}"


def day(month: int, number: int, year: int = 2023) -> date:
    return date(year, month, number)


def told(name: str, on: date) -> Event:
    fact = PlanDateSet(**SAID, effective_on=START, plan=CODE, name=name, period=TERM, day=on, source=sealed("t-1", text="synthetic"))
    return f"plandate/{CODE}/{name}/{TERM}", fact


def rules() -> list[Event]:
    text = bundled_text(CODE)
    adopted = PlanAdopted(**SAID, effective_on=day(8, 1), code=CODE, plan_version="1", text=text, sha256=sha(text))
    return [(f"plan/{CODE}", adopted)]


def begun() -> list[Event]:
    """The term from Wednesday 6 September 2023 to Sunday 7 January 2024, told and listed."""
    failed = CourseFailed(**SAID, effective_on=START, course="高等数学", person=sealed(S1))
    return [*rules(), told("term-start", day(9, 6)), told("term-end", day(1, 7, 2024)), (STREAM, failed)]


def arranged(pairing: str = "k1", since: date = START, tutor: str = "t1") -> list[Event]:
    established = PairingEstablished(
        **SAID, effective_on=since, kind="tutoring", student=S1, unit="college", helpers=(tutor, "p1"), person=sealed(S1)
    )
    helping = TutorArranged(**SAID, effective_on=since, course="高等数学", pairing=pairing, tutor=tutor, peer="p1")
    return [(f"pairing/{pairing}", established), (STREAM, helping)]


def record(contact: str, on: date, minutes: int | None = 200, helper: str = "t1", pairing: str = "k1") -> Event:
    fact = ContactRecorded(**SAID, effective_on=on, pairing=pairing, helper=helper, kind="meeting", minutes=minutes)
    return f"contact/{contact}", fact


def asked(log: Recorded, on: date) -> TermRow:
    with log.view(on) as view:
        found = term(view, TERM)
    assert found is not None
    return found


def gaps(log: Recorded, on: date) -> dict[str, tuple[tuple[str, ...], tuple[int, ...]]]:
    return {row.tutor: (row.checks, row.weeks) for row in asked(log, on).tutors}


def test_the_first_week_holds_the_terms_first_day(log: Recorded) -> None:
    log.record(*begun())
    found = asked(log, day(9, 30))
    assert found.calendar == (day(9, 4), 18)
    assert [row.course for row in found.without_tutor] == ["高等数学"]


def test_without_the_terms_days_nobodys_weeks_are_counted(log: Recorded) -> None:
    log.record(*rules(), *arranged())
    found = asked(log, day(12, 31))
    assert (found.calendar, found.asks, found.tutors) == (None, ("term-start", "term-end"), ())


def test_a_term_is_judged_by_the_plan_it_began_under(log: Recorded) -> None:
    log.record(*begun(), *arranged(), record("c1", day(9, 12), 180))
    text = bundled_text(CODE).replace("weekly_duty_minutes = 180", "weekly_duty_minutes = 240")
    said: dict[str, Any] = {"code": CODE, "plan_version": "2", "text": text, "sha256": sha(text), "reason": sealed("t-1", text="synthetic")}
    log.record((f"plan/{CODE}", PlanAmended(**SAID, **said, effective_on=day(9, 14))))
    assert gaps(log, day(9, 17)) == {"t1": ((), (1,))}


def test_half_a_day_is_so_many_minutes_in_one_record(log: Recorded) -> None:
    log.record(*begun(), *arranged(), record("c1", day(9, 5), 179), record("c2", day(9, 6), 90), record("c3", day(9, 12), 180))
    assert gaps(log, day(9, 24)) == {"t1": ((), (1, 3))}


def test_whoever_takes_over_owes_from_the_first_full_week(log: Recorded) -> None:
    log.record(*begun(), *arranged())
    log.record(("pairing/k1", HelperReplaced(**SAID, effective_on=day(9, 13), outgoing="t1", incoming="t2")))
    assert gaps(log, day(10, 1)) == {"t1": ((), (1,)), "t2": ((), (3, 4))}


def test_who_takes_over_from_a_fellow_student_is_no_tutor(log: Recorded) -> None:
    log.record(*begun(), *arranged())
    log.record(("pairing/k1", HelperReplaced(**SAID, effective_on=day(9, 13), outgoing="p1", incoming="p2")))
    assert list(gaps(log, day(10, 1))) == ["t1"]


def test_a_pairing_ended_and_another_begun_the_same_day_leave_the_week_whole(log: Recorded) -> None:
    log.record(*begun(), *arranged())
    log.record(("pairing/k1", PairingEnded(**SAID, effective_on=day(9, 13), reason=sealed(S1))))
    log.record(*arranged("k2", day(9, 13)))
    assert gaps(log, day(9, 17)) == {"t1": ((), (1, 2))}
    assert asked(log, day(9, 17)).without_tutor == ()


def test_a_check_is_any_record_in_its_weeks_or_one_recorded_by_itself(log: Recorded) -> None:
    log.record(*begun(), *arranged())
    assert gaps(log, day(11, 19))["t1"][0] == ("期初", "期中")
    log.record(record("c1", day(9, 24), 45))
    log.record(("pairing/k1", TutoringChecked(**SAID, effective_on=day(11, 20), check="期中", findings=sealed(S1))))
    assert gaps(log, day(11, 20))["t1"][0] == ()
    assert gaps(log, day(11, 19))["t1"][0] == ("期中",)
