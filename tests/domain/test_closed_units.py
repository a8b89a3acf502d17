"""A unit that is closed does nothing more; what it did before may still be recorded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.dropout.commands import FindDropout
from mingzhang.domain.leftbehind.commands import RegisterLeftBehind
from mingzhang.domain.pairing.allocation import SetAllocation
from mingzhang.domain.schoolpair.commands import PairSchools
from mingzhang.domain.unit import CloseUnit
from tests.college import S1, opened, registered
from tests.county import HANDED_IN, county, form
from tests.county import registered as known_in_county
from tests.domain.test_loans import MONDAY, asked
from tests.domain.test_loans import county as lending
from tests.given import by, given, sealed

TEXT = sealed(S1, text="synthetic")
CLOSED, DAY = date(2020, 4, 1), date(2020, 4, 20)
DONE: list[tuple[Callable[..., Command], dict[str, Any]]] = [
    (FindDropout, {"case": "CX001", "student": S1, "stage": "初中", "person": TEXT}),
    (RegisterLeftBehind, {"student": S1, "term": "2020-spring", "person": TEXT}),
    (PairSchools, {"pair": "x1", "town": "synthetic", "village": "synthetic too"}),
    (SetAllocation, {"cadres": 1, "students": 1}),
]


@pytest.mark.parametrize(("kind", "fields"), DONE, ids=lambda one: getattr(one, "__name__", ""))
def test_nothing_new_is_done_by_a_unit_from_the_day_it_is_closed(kind: Callable[..., Command], fields: dict[str, Any]) -> None:
    known = given(opened(), registered(), by("administrator-1", CloseUnit(unit="shifan", reason=TEXT), CLOSED))
    known.when(kind(**fields, unit="shifan"), actor="helper-clerk-1", at=DAY).refused("unit_closed", unit="shifan")
    known.when(kind(**fields, unit="shifan", on=CLOSED), actor="helper-clerk-1", at=DAY).refused("unit_closed")
    known.when(kind(**fields, unit="shifan", on=date(2020, 3, 31)), actor="helper-clerk-1", at=DAY).accepted()


def test_no_form_and_no_loan_is_handed_in_at_a_closed_unit() -> None:
    known = given(county(), known_in_county(), by("administrator-1", CloseUnit(unit="village", reason=TEXT), HANDED_IN))
    known.when(form(), actor="applicant-clerk-1", at=HANDED_IN).refused("unit_closed")
    lent = given(lending(), by("administrator-1", CloseUnit(unit="county", reason=TEXT), MONDAY))
    lent.when(asked(), actor="applicant-clerk-1", at=MONDAY).refused("unit_closed")
