"""任务分解表: a unit's share is set with its newest figures, and the same figures are not told twice."""

from __future__ import annotations

from datetime import date

import pytest

from mingzhang.domain.command import Command
from mingzhang.domain.pairing.allocation import Allocation, AllocationSet, SetAllocation
from tests.college import house
from tests.given import by, given

ACTOR, DAY = "helper-clerk-1", date(2020, 3, 25)
FIRST = SetAllocation(unit="shifan", cadres=27, students=10)


def test_a_share_rests_on_the_unit() -> None:
    fact = AllocationSet(actor=ACTOR, effective_on=DAY, because=("unit/shifan@1",), unit="shifan", cadres=27, students=10)
    given(house()).when(FIRST, actor=ACTOR, at=DAY).then(("allocation/shifan", fact))


def test_newer_figures_take_the_place_of_older_ones() -> None:
    outcome = given(house(), by(ACTOR, FIRST)).when(SetAllocation(unit="shifan", cadres=27, students=12), actor=ACTOR, at=DAY)
    assert outcome.only(AllocationSet).because == ("unit/shifan@1", "allocation/shifan@1")
    assert outcome.state(Allocation, "shifan").students == 12


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (FIRST, "allocation_unchanged"),
        (SetAllocation(unit="shifan", cadres=0, students=3), "allocation_impossible"),
        (SetAllocation(unit="nowhere", cadres=3, students=3), "unit_not_covered"),
        (SetAllocation(unit="shifan", cadres=3, students=3, on=date(2020, 3, 26)), "effective_in_future"),
    ],
)
def test_a_share_that_makes_no_sense_is_refused(command: Command, code: str) -> None:
    given(house(), by(ACTOR, FIRST)).when(command, actor=ACTOR, at=DAY).refused(code)
