"""A left-behind child is on the register for a term, in time or late; what is done for the child lies within the stay on it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.leftbehind.commands import EndLeftBehind, IssueContactCard, OpenLeftBehindFile, RecordCare, RegisterLeftBehind
from mingzhang.domain.leftbehind.facts import CareRecorded, ContactCardIssued, LeftBehindEnded, LeftBehindFileOpened, LeftBehindRegistered
from mingzhang.domain.leftbehind.state import LeftBehindChild
from mingzhang.domain.plan.school_rules import LeftBehindRules
from mingzhang.domain.student.commands import MergeIdentities
from mingzhang.domain.values.periods import term_of
from mingzhang.projections.leftbehind import ChildRow
from tests.college import S1, S2, opened, registered, sha
from tests.given import Given, by, given, sealed

SINCE, TODAY = date(2020, 3, 10), date(2020, 3, 25)
ACTOR = "helper-clerk-1"
TEXT = sealed(S1, text="synthetic")
REGISTER = RegisterLeftBehind(student=S1, unit="shifan", term="2020-spring", person=TEXT, on=SINCE)
CARD = IssueContactCard(student=S1, person=TEXT, on=date(2020, 3, 12))
END = EndLeftBehind(student=S1, reason=TEXT, on=date(2020, 3, 20))


def on_register(*more: Command) -> Given:
    return given(opened(), registered(), *(by(ACTOR, command, TODAY) for command in (REGISTER, *more)))


def stamp(on: date, *because: str) -> dict[str, Any]:
    return {"actor": ACTOR, "effective_on": on, "because": because}


def test_a_child_is_registered_for_a_term() -> None:
    fact = LeftBehindRegistered(**stamp(SINCE, f"student/{S1}@2"), unit="shifan", term="2020-spring", person=TEXT)
    given(opened(), registered()).when(REGISTER, actor=ACTOR).then((f"leftbehind/{S1}", fact))


def test_file_card_and_care_belong_to_the_stay_on_the_register() -> None:
    because, stream = f"leftbehind/{S1}@1", f"leftbehind/{S1}"
    file = OpenLeftBehindFile(student=S1, sha256=sha("scan"), on=SINCE)
    care = RecordCare(student=S1, kind="visit", text=TEXT, on=date(2020, 3, 15))
    outcome = on_register().when(file, CARD, care, END, actor=ACTOR)
    outcome.then(
        (stream, LeftBehindFileOpened(**stamp(SINCE, because), sha256=sha("scan"))),
        (stream, ContactCardIssued(**stamp(date(2020, 3, 12), because), person=TEXT)),
        (stream, CareRecorded(**stamp(date(2020, 3, 15), because), kind="visit", text=TEXT)),
        (stream, LeftBehindEnded(**stamp(date(2020, 3, 20), because), reason=TEXT)),
    )
    again = RegisterLeftBehind(student=S1, unit="shifan", term="2020-spring", person=TEXT, on=date(2020, 3, 21))
    state = on_register(file, CARD, END).when(again, actor=ACTOR).state(LeftBehindChild, S1)
    assert (state.running, state.file, state.card) == (True, False, False)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (REGISTER, "left_behind_registered"),
        (RegisterLeftBehind(student=S2, unit="shifan", term="2020-spring", person=TEXT), "student_unknown"),
        (RegisterLeftBehind(student=S1, unit="nowhere", term="2020-spring", person=TEXT), "unit_not_covered"),
        (RegisterLeftBehind(student=S1, unit="shifan", term="2020", person=TEXT), "period_kind_differs"),
        (RegisterLeftBehind(student=S1, unit="shifan", term="2019-autumn", person=TEXT), "left_behind_term_over"),
        (IssueContactCard(student=S2, person=TEXT), "left_behind_unknown"),
        (IssueContactCard(student=S1, person=TEXT, on=date(2020, 3, 9)), "left_behind_before"),
        (IssueContactCard(student=S1, person=TEXT, on=date(2020, 3, 26)), "effective_in_future"),
        (EndLeftBehind(student=S1, reason=TEXT, on=date(2020, 3, 9)), "left_behind_before"),
    ],
)
def test_what_does_not_fit_the_register_is_refused(command: Command, code: str) -> None:
    on_register().when(command, actor=ACTOR, at=TODAY).refused(code)


def test_after_the_end_nothing_is_done_and_a_new_stay_begins_later() -> None:
    ended = on_register(END)
    ended.when(IssueContactCard(student=S1, person=TEXT, on=date(2020, 3, 20)), actor=ACTOR).refused("left_behind_ended")
    ended.when(CARD, actor=ACTOR).accepted()
    ended.when(REGISTER, actor=ACTOR).refused("dated_before_basis")


def test_a_merged_child_is_on_the_register_under_either_reference() -> None:
    merge = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=TEXT), TODAY)
    known = given(opened(), registered(S1), registered(S2), by(ACTOR, REGISTER, TODAY), merge)
    again = RegisterLeftBehind(student=S2, unit="shifan", term="2020-spring", person=TEXT)
    known.when(again, actor=ACTOR).refused("left_behind_registered", student=S1)
    assert known.when(IssueContactCard(student=S2, person=TEXT), actor=ACTOR).recorded[0].originator_id == f"leftbehind/{S1}"


@pytest.mark.parametrize(
    ("since", "within", "late"),
    [("2020-09-15", 14, 0), ("2020-09-16", 14, 1), ("2020-10-15", 14, 30), ("2020-08-20", 14, 0), ("2020-12-01", None, 0)],
)
def test_a_child_is_registered_late_from_the_day_after_the_last(since: str, within: int | None, late: int) -> None:
    row = ChildRow(S1, "shifan", "2020-autumn", since, None, None, None, 0, None, TEXT, "leftbehind/x@1")
    assert row.late_days(LeftBehindRules(registered_within_days=within, clause="c")) == late


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2020, 2, 29), "2019-autumn"),
        (date(2020, 3, 1), "2020-spring"),
        (date(2020, 8, 31), "2020-spring"),
        (date(2020, 9, 1), "2020-autumn"),
        (date(2021, 1, 5), "2020-autumn"),
    ],
)
def test_a_day_falls_in_one_term(day: date, term: str) -> None:
    assert term_of(day).text == term and day in term_of(day)


def test_a_child_is_taken_off_the_register_once() -> None:
    again = EndLeftBehind(student=S1, reason=TEXT, on=date(2020, 3, 15))
    on_register(END).when(again, actor=ACTOR).refused("left_behind_ended")
