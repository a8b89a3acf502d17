"""Whoever a list names becomes known by it, once, and a helper with them."""

from __future__ import annotations

from datetime import date

from mingzhang.domain.pairing.known_helper import KnowHelper
from mingzhang.domain.staff import StaffKnown
from mingzhang.domain.student.commands import RegisterListedStudent
from mingzhang.domain.student.facts import StudentRegistered
from tests.college import S1, house, registered
from tests.given import given, sealed

DAY = date(2020, 3, 25)
COMMAND = RegisterListedStudent(student=S1, unit="shifan", person=sealed(S1), stage="初中")


def test_a_list_opens_a_file_for_somebody_nobody_knew() -> None:
    fact = StudentRegistered(actor="helper-clerk-1", effective_on=DAY, source="list", unit="shifan", stage="初中", person=sealed(S1))
    given(house()).when(COMMAND, actor="helper-clerk-1").then((f"student/{S1}", fact))


def test_somebody_known_already_is_left_as_they_are() -> None:
    given(house(), registered(S1)).when(COMMAND, actor="helper-clerk-1").nothing()


def test_a_surveyor_may_not_register_from_a_list() -> None:
    given(house()).when(COMMAND, actor="surveyor-1").refused("role_missing")


def test_a_helper_becomes_known_once() -> None:
    person = sealed("p-0000000001", name="")
    command = KnowHelper(staff="p-0000000001", person=person, unit="shifan")
    fact = StaffKnown(actor="helper-clerk-1", effective_on=DAY, unit="shifan", person=person)
    given(house()).when(command, actor="helper-clerk-1").then(("staff/p-0000000001", fact))
    given(house(), ("staff/p-0000000001", fact)).when(command, actor="helper-clerk-1").nothing()
