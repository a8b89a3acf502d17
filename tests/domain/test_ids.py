"""An id that somebody chooses must not end or split a stream's name."""

from __future__ import annotations

import pytest

from mingzhang.domain.money.fund import OpenFund
from mingzhang.domain.staff import AppointStaff
from mingzhang.domain.unit import RegisterUnit
from tests.college import GRANT, house
from tests.given import given

UNUSABLE = ["F/2", "F 2", "", ".F", "F\n", "F@1", "x" * 65]


@pytest.mark.parametrize("text", UNUSABLE)
def test_a_fund_id_with_a_blank_or_a_slash_is_refused(text: str) -> None:
    opening = OpenFund(fund=text, title="synthetic", unit="college", year=2020, schemes=(GRANT,))
    given(house()).when(opening, actor="treasurer-1").refused("id_unusable")


@pytest.mark.parametrize("text", ["a b", "a/b"])
def test_so_is_a_staff_id_and_a_unit_id(text: str) -> None:
    appointing = AppointStaff(staff=text, role="clerk", unit="college")
    given(house()).when(appointing, actor="administrator-1").refused("id_unusable")
    registering = RegisterUnit(unit=text, title="synthetic", kind="department", parent="college")
    given(house()).when(registering, actor="administrator-1").refused("id_unusable")


def test_han_characters_make_a_good_id() -> None:
    opening = OpenFund(fund="2020春季-资助", title="synthetic", unit="college", year=2020, schemes=(GRANT,))
    given(house()).when(opening, actor="treasurer-1").accepted()
