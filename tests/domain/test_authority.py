"""Nobody acts without an appointment that holds today, in a role the command asks for, at a unit that covers the matter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from mingzhang.domain.money.fund import OpenFund
from mingzhang.domain.staff import AppointStaff, DeclareInterest, RegisterStaff, RelieveStaff, Staff, StaffAppointed, StaffRelieved
from mingzhang.domain.survey.round import OpenRound
from mingzhang.domain.unit import CloseUnit, RegisterUnit, RenameUnit, UnitRegistered
from tests.college import GRANT, PLAN, S1, SPRING, appointed, entry, house, opened, unit
from tests.given import by, given, sealed

ROUND = OpenRound(round=SPRING, plan=PLAN, unit="college")


def test_somebody_unknown_is_refused() -> None:
    given(house()).when(ROUND, actor="nobody").refused("staff_unknown", staff="nobody")


def test_somebody_without_the_role_is_refused() -> None:
    given(house()).when(ROUND, actor="cashier-1").refused("role_missing", roles=["administrator", "clerk"])


def test_an_appointment_covers_its_unit_and_those_below() -> None:
    given(opened(), appointed("surveyor-2", "surveyor", "shifan")).when(entry(), actor="surveyor-2").accepted()


def test_an_appointment_at_another_department_does_not_cover() -> None:
    known = given(opened(), appointed("surveyor-2", "surveyor", "zongzhi"))
    known.when(entry(), actor="surveyor-2").refused("unit_not_covered", units=["shifan"], covers=["zongzhi"])


def test_an_appointment_below_does_not_cover_the_unit_above() -> None:
    known = given(house(), appointed("clerk-2", "clerk", "shifan"))
    known.when(ROUND, actor="clerk-2").refused("unit_not_covered")


def test_the_second_of_two_appointments_may_cover() -> None:
    known = given(opened(), appointed("surveyor-2", "surveyor", "zongzhi"), appointed("surveyor-2", "surveyor", "shifan"))
    known.when(entry(), actor="surveyor-2").accepted()


@pytest.mark.parametrize(("day", "allowed"), [(date(2020, 3, 4), False), (date(2020, 3, 5), True), (date(2020, 3, 6), True)])
def test_an_appointment_counts_from_its_first_day(day: date, allowed: bool) -> None:
    outcome = given(house(), appointed("clerk-2", "clerk", since=date(2020, 3, 5))).when(ROUND, actor="clerk-2", at=day)
    if allowed:
        outcome.accepted()
    else:
        outcome.refused("role_missing")


@pytest.mark.parametrize(("day", "allowed"), [(date(2020, 3, 4), True), (date(2020, 3, 5), False)])
def test_whoever_is_relieved_acts_no_more_from_that_day_on(day: date, allowed: bool) -> None:
    relief = RelieveStaff(staff="clerk-1", role="clerk", unit="college", on=date(2020, 3, 5))
    outcome = given(house(), by("administrator-1", relief, date(2020, 3, 1))).when(ROUND, actor="clerk-1", at=day)
    if allowed:
        outcome.accepted()
    else:
        outcome.refused("role_missing")


def test_today_is_the_day_in_china_and_not_in_greenwich() -> None:
    late = datetime(2020, 3, 4, 16, 0, tzinfo=UTC)  # midnight in Shanghai: the fifth has begun
    known = given(house(), appointed("clerk-2", "clerk", since=date(2020, 3, 5)))
    assert known.when(ROUND, actor="clerk-2", at=late).recorded[0].fact.effective_on == date(2020, 3, 5)


def test_an_appointment_names_the_unit_it_is_made_at() -> None:
    command = AppointStaff(staff="clerk-2", role="clerk", unit="shifan")
    fact = StaffAppointed(actor="administrator-1", effective_on=date(2020, 3, 25), because=("unit/shifan@1",), role="clerk", unit="shifan")
    given(house()).when(command, actor="administrator-1").then(("staff/clerk-2", fact))


@pytest.mark.parametrize(
    ("role", "at", "code"),
    [("janitor", "college", "role_unknown"), ("clerk", "nowhere", "unit_not_covered"), ("clerk", "college", "staff_already_appointed")],
)
def test_an_appointment_that_makes_no_sense_is_refused(role: str, at: str, code: str) -> None:
    given(house()).when(AppointStaff(staff="clerk-1", role=role, unit=at), actor="administrator-1").refused(code)


def test_somebody_relieved_may_be_appointed_again() -> None:
    relief = RelieveStaff(staff="clerk-1", role="clerk", unit="college", on=date(2020, 3, 5))
    again = AppointStaff(staff="clerk-1", role="clerk", unit="college", on=date(2020, 3, 9))
    known = given(house(), by("administrator-1", relief, date(2020, 3, 1)))
    state = known.when(again, actor="administrator-1", at=date(2020, 3, 9)).state(Staff, "clerk-1")
    assert [a.holds(date(2020, 3, day)) for day in (4, 5, 8, 9) for a in state.appointments] == [
        True, False, False, False, False, False, False, True,
    ]  # fmt: skip


def test_a_relief_names_the_appointment_it_ends() -> None:
    fact = StaffRelieved(
        actor="administrator-1", effective_on=date(2020, 3, 25), because=("staff/clerk-1@1",), role="clerk", unit="college"
    )
    command = RelieveStaff(staff="clerk-1", role="clerk", unit="college")
    given(house()).when(command, actor="administrator-1").then(("staff/clerk-1", fact))


def test_somebody_not_appointed_cannot_be_relieved() -> None:
    command = RelieveStaff(staff="clerk-1", role="cashier", unit="college")
    given(house()).when(command, actor="administrator-1").refused("staff_not_appointed")


def test_a_line_of_the_staff_register_is_taken_in_once() -> None:
    command = RegisterStaff(staff="p-0000000001", person=sealed("p-0000000001"), unit="shifan")
    known = given(house())
    assert known.when(command, actor="clerk-1").topics() == ["staff.known"]
    known.when(command, actor="clerk-1").nothing()


def test_an_interest_is_declared_once() -> None:
    command = DeclareInterest(staff="approver-1", student=S1)
    known = given(house(), by("approver-1", command))
    known.when(command, actor="approver-1").refused("interest_already_declared")


def test_a_unit_is_registered_under_one_that_exists() -> None:
    fact = UnitRegistered(
        actor="administrator-1",
        effective_on=date(2020, 3, 25),
        because=("unit/college@1",),
        name="synthetic",
        kind="office",
        parent="college",
    )
    command = RegisterUnit(unit="canteen", title="synthetic", kind="office", parent="college")
    given(house()).when(command, actor="administrator-1").then(("unit/canteen", fact))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (RegisterUnit(unit="shifan", title="again", kind="department", parent="college"), "unit_exists"),
        (RegisterUnit(unit="canteen", title="x", kind="office", parent="nowhere"), "unit_not_covered"),
        (RenameUnit(unit="bureau", title="x"), "unit_not_covered"),
        (CloseUnit(unit="old", reason=sealed("t-0000000001", text="closed already")), "unit_closed"),
    ],
)
def test_a_unit_is_kept_in_order(command: RegisterUnit, code: str) -> None:
    known = given(house(), unit("old", "college"), by("administrator-1", CloseUnit(unit="old", reason=sealed("t-0000000001"))))
    known.when(command, actor="administrator-1").refused(code)


def test_a_unit_that_is_its_own_parent_is_walked_once() -> None:
    known = given(house(), unit("a", "b"), unit("b", "a"))
    fund = OpenFund(fund="f1", title="synthetic", unit="a", year=2020, schemes=(GRANT,))
    known.when(fund, actor="treasurer-1").refused("unit_not_covered")


def test_no_administrator_relieves_themselves_so_that_one_is_always_left() -> None:
    oneself = RelieveStaff(staff="administrator-1", role="administrator", unit="college")
    given(house()).when(oneself, actor="administrator-1").refused("last_administrator")
    second = appointed("administrator-2", "administrator")
    given(house(), second).when(oneself, actor="administrator-2").only(StaffRelieved)
