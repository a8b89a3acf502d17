"""Helpers take on a student and keep contacts, each dated by the day it happened and written by somebody who was a helper then."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.contact import Contact, ContactRecorded, ContactStruckOut, CorrectContact, RecordContact, StrikeOutContact
from mingzhang.domain.pairing.pairing import (
    AgreeHelpPlan,
    EndPairing,
    EstablishPairing,
    FamilyFactsClarified,
    FilePairingForm,
    HelperReplaced,
    HelpPlanAgreed,
    Pairing,
    PairingEnded,
    PairingEstablished,
    ReplaceHelper,
)
from mingzhang.domain.student.commands import MergeIdentities
from mingzhang.domain.student.facts import PersonErased
from tests.college import S1, S2, appointed, opened, registered
from tests.given import Given, by, given, sealed

SINCE, DAY = date(2020, 3, 10), date(2020, 3, 25)
ACTOR = "helper-clerk-1"
STAMP: dict[str, Any] = {"actor": ACTOR, "effective_on": DAY}
TEXT = sealed(S1, text="synthetic")
NEW = EstablishPairing(pairing="p1", student=S1, unit="shifan", helpers=("t-1", "t-2"), person=TEXT, on=SINCE)
REPLACE = ReplaceHelper(pairing="p1", outgoing="t-1", incoming="t-3", on=date(2020, 3, 20))
END = EndPairing(pairing="p1", reason=TEXT, on=date(2020, 3, 22))


def paired() -> Given:
    return given(opened(), registered(), by(ACTOR, NEW, SINCE))


def contact(on: date | None = None, helper: str = "t-1", name: str = "c1", **more: Any) -> RecordContact:
    return RecordContact(pairing="p1", contact=name, helper=helper, kind="visit", on=on, **more)


def test_a_pairing_names_its_helpers_and_the_student_it_relies_on() -> None:
    fact = PairingEstablished(
        actor=ACTOR,
        effective_on=SINCE,
        because=(f"student/{S1}@2",),
        kind="household",
        student=S1,
        unit="shifan",
        helpers=("t-1", "t-2"),
        person=TEXT,
    )
    given(opened(), registered()).when(NEW, actor=ACTOR).then(("pairing/p1", fact))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (NEW, "pairing_exists"),
        (EstablishPairing(pairing="p2", student=S1, unit="shifan", helpers=(), person=TEXT), "helper_missing"),
        (EstablishPairing(pairing="p2", student=S2, unit="shifan", helpers=("t-1",), person=TEXT), "student_unknown"),
        (EstablishPairing(pairing="p2", student=S1, unit="nowhere", helpers=("t-1",), person=TEXT), "unit_not_covered"),
        (ReplaceHelper(pairing="p1", outgoing="t-9", incoming="t-3"), "helper_not_in_pairing"),
        (ReplaceHelper(pairing="p9", outgoing="t-1", incoming="t-3"), "pairing_unknown"),
        (EndPairing(pairing="p9", reason=TEXT), "pairing_unknown"),
    ],
)
def test_a_pairing_that_makes_no_sense_is_refused(command: Command, code: str) -> None:
    paired().when(command, actor=ACTOR).refused(code)


def test_a_pairing_with_a_merged_file_is_one_with_the_file_that_answers_for_it() -> None:
    merge = by("clerk-1", MergeIdentities(student=S2, other=S1, reason=TEXT))
    known = given(opened(), registered(S1), registered(S2), merge)
    assert known.when(NEW, actor=ACTOR).only(PairingEstablished).student == S2


def test_a_helper_is_replaced() -> None:
    fact = HelperReplaced(**(STAMP | {"effective_on": date(2020, 3, 20)}), because=("pairing/p1@1",), outgoing="t-1", incoming="t-3")
    outcome = paired().when(REPLACE, actor=ACTOR)
    outcome.then(("pairing/p1", fact))
    assert outcome.state(Pairing, "p1").helpers == ("t-2", "t-3")


def test_a_help_plan_rests_on_the_familys_facts() -> None:
    clarified = FamilyFactsClarified(**STAMP, because=("pairing/p1@1",), findings=TEXT)
    agreed = HelpPlanAgreed(**STAMP, because=("pairing/p1@2",), measures=TEXT)
    command = AgreeHelpPlan(pairing="p1", findings=TEXT, measures=TEXT)
    paired().when(command, actor=ACTOR, at=DAY).then(("pairing/p1", clarified), ("pairing/p1", agreed))


def test_an_ended_pairing_has_no_new_helpers() -> None:
    known = paired()
    ended = PairingEnded(**(STAMP | {"effective_on": date(2020, 3, 22)}), because=("pairing/p1@1",), reason=TEXT)
    known.when(END, actor=ACTOR).then(("pairing/p1", ended))
    known.when(REPLACE, actor=ACTOR).refused("pairing_ended")
    known.when(END, actor=ACTOR).refused("pairing_ended")


def test_a_contact_is_dated_by_the_day_it_happened() -> None:
    fact = ContactRecorded(
        actor=ACTOR,
        effective_on=date(2020, 3, 12),
        because=("pairing/p1@1",),
        pairing="p1",
        helper="t-1",
        kind="visit",
        noted_on=DAY,
        money_fen=20_000,
    )
    paired().when(contact(date(2020, 3, 12), money_fen=20_000), actor=ACTOR, at=DAY).then(("contact/c1", fact))


@pytest.mark.parametrize(
    ("on", "code"),
    [
        (date(2020, 3, 9), "contact_before_pairing"),
        (date(2020, 3, 10), None),
        (DAY, None),
        (date(2020, 3, 26), "contact_in_future"),
    ],
)
def test_a_contact_lies_between_the_pairing_and_today(on: date, code: str | None) -> None:
    outcome = paired().when(contact(on), actor=ACTOR, at=DAY)
    if code:
        outcome.refused(code)
    else:
        outcome.accepted()


@pytest.mark.parametrize(
    ("helper", "on", "allowed"),
    [
        ("t-1", date(2020, 3, 19), True),  # written down after the replacement, but it happened before
        ("t-1", date(2020, 3, 20), False),
        ("t-3", date(2020, 3, 19), False),
        ("t-3", date(2020, 3, 20), True),
        ("t-2", date(2020, 3, 19), True),
        ("t-2", date(2020, 3, 21), True),
        ("t-9", date(2020, 3, 21), False),
    ],
)
def test_a_contact_is_kept_by_whoever_was_a_helper_that_day(helper: str, on: date, allowed: bool) -> None:
    outcome = paired().add(by(ACTOR, REPLACE)).when(contact(on, helper), actor=ACTOR)
    if allowed:
        outcome.accepted()
    else:
        outcome.refused("helper_not_in_pairing", helper=helper)


@pytest.mark.parametrize(("on", "allowed"), [(date(2020, 3, 21), True), (date(2020, 3, 22), False)])
def test_a_contact_of_before_the_end_may_be_written_down_after_it(on: date, allowed: bool) -> None:
    outcome = paired().add(by(ACTOR, END)).when(contact(on), actor=ACTOR)
    if allowed:
        outcome.accepted()
    else:
        outcome.refused("pairing_ended")


def test_a_contact_is_recorded_once() -> None:
    paired().add(by(ACTOR, contact())).when(contact(), actor=ACTOR).refused("contact_exists")


@pytest.mark.parametrize("amounts", [{"money_fen": -1}, {"goods_fen": -1}])
def test_help_is_not_less_than_nothing(amounts: dict[str, Any]) -> None:
    paired().when(contact(**amounts), actor=ACTOR).refused("amount_not_positive", amount_fen=-1)


def test_a_contact_that_never_was_is_struck_out_once() -> None:
    known = paired().add(by(ACTOR, contact()))
    command = StrikeOutContact(pairing="p1", contact="c1", reason=TEXT)
    fact = ContactStruckOut(**STAMP, because=("contact/c1@1",), corrects="contact/c1@1", reason=TEXT)
    outcome = known.when(command, actor=ACTOR, at=DAY)
    outcome.then(("contact/c1", fact))
    assert outcome.state(Contact, "c1").struck_out
    known.when(command, actor=ACTOR).refused("contact_unknown")


def test_a_contact_of_another_pairing_is_not_struck_out_through_ones_own() -> None:
    other = EstablishPairing(pairing="p2", student=S1, unit="zongzhi", helpers=("t-1",), person=TEXT, on=SINCE)
    known = paired().add(by(ACTOR, other, SINCE), by(ACTOR, contact()), appointed("helper-clerk-2", "helper-clerk", "zongzhi"))
    command = StrikeOutContact(pairing="p2", contact="c1", reason=TEXT)
    known.when(command, actor="helper-clerk-2").refused("contact_unknown")


@pytest.mark.parametrize(
    "command",
    [
        REPLACE,
        AgreeHelpPlan(pairing="p1", findings=TEXT, measures=TEXT),
        FilePairingForm(pairing="p1", sha256="0" * 64),
        contact(name="c2"),
        CorrectContact(pairing="p1", contact="c1", helper="t-2", kind="call"),
        EstablishPairing(pairing="p2", student=S1, unit="shifan", helpers=("t-1",), person=TEXT),
    ],
    ids=lambda command: command.name,
)
def test_nothing_more_is_written_about_a_student_erased(command: Command) -> None:
    erased = f"student/{S1}", PersonErased(actor="founder", effective_on=date(2020, 3, 21), reason="requested")
    paired().add(by(ACTOR, contact()), erased).when(command, actor=ACTOR).refused("person_erased", student=S1)


@pytest.mark.parametrize("command", [END, StrikeOutContact(pairing="p1", contact="c1", reason=TEXT)], ids=lambda command: command.name)
def test_what_concerns_a_student_erased_may_come_to_its_end(command: Command) -> None:
    erased = f"student/{S1}", PersonErased(actor="founder", effective_on=date(2020, 3, 21), reason="requested")
    paired().add(by(ACTOR, contact()), erased).when(command, actor=ACTOR).accepted()
